//! Where a file is from, and which of its columns is which field.

use serde::{Deserialize, Serialize};

use super::{Kind, bare};

/// The program that wrote a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "\"ImportSource\"", rename_all = "SCREAMING_SNAKE_CASE"),
    schema(as = ImportSource)
)]
pub enum Source {
    Prodmatic,
    Jira,
    Linear,
    Trello,
    Productboard,
    #[serde(rename = "GITHUB")]
    #[cfg_attr(feature = "ssr", sqlx(rename = "GITHUB"))]
    GitHub,
    Other,
}

/// Headings by which a file of a program is known: all of those in one list have to be there.
const SIGNS: [(Source, &[&str]); 8] = [
    (Source::Jira, &["Issue key", "Summary"]),
    (Source::Linear, &["Cycle Number", "Title", "Team"]),
    (Source::Trello, &["Card Name", "List Name"]),
    (Source::Productboard, &["Note title"]),
    (Source::Productboard, &["Feature name"]),
    (Source::GitHub, &["number", "title", "state"]),
    (Source::GitHub, &["Title", "URL", "Assignees", "Status"]),
    (Source::Prodmatic, &["title", "description", "status", "createdAt"]),
];

crate::words!(Source {
    Prodmatic: "PRODMATIC", "ProdMatic";
    Jira: "JIRA", "Jira";
    Linear: "LINEAR", "Linear";
    Trello: "TRELLO", "Trello";
    Productboard: "PRODUCTBOARD", "Productboard";
    GitHub: "GITHUB", "GitHub";
    Other: "OTHER", "Another program";
});

impl Source {
    /// The program that a file with these headings is from. Ours is known by the very names that we write.
    pub fn guess(kind: Kind, headings: &[String]) -> Source {
        let ours: Vec<&str> = kind.fields().iter().map(|field| field.name).chain(kind.derived().iter().copied()).collect();
        if headings == ours {
            return Source::Prodmatic;
        }
        let bared: Vec<String> = headings.iter().map(|heading| bare(heading)).collect();
        let has = |sign: &&str| bared.contains(&bare(sign));
        let known = SIGNS.iter().filter(|(source, _)| *source != Source::Prodmatic).find(|(_, signs)| signs.iter().all(has));
        let own = |sign: &&str| headings.iter().any(|heading| heading == sign);
        let written_here = || SIGNS.iter().any(|(source, signs)| *source == Source::Prodmatic && signs.iter().all(own));
        known.map(|(source, _)| *source).unwrap_or_else(|| if written_here() { Source::Prodmatic } else { Source::Other })
    }

    /// The headings that a field may have in a file of this program, the likeliest first. Each program's own are these:
    /// - Jira: "Export results to CSV" of a search writes the names of its fields, a custom one as `Custom field (Story
    ///   Points)`, and one column for each value of those that have several (Atlassian support, "Import data from a CSV file");
    /// - Linear: `ID, Team, Title, Description, Status, Estimate, Priority, …, Labels, …, Created, …, Due Date` ("Exporting
    ///   data" of its documentation; the same names in `LinearCsvImporter.ts` of `linear/linear`);
    /// - Trello: `Card ID, Card Name, Card URL, Card Description, Labels, Members, Due Date, …, List Name, …` (Atlassian
    ///   support, "Exporting data from Trello");
    /// - Productboard: a board's columns, and for notes the fields of its notes (developer.productboard.com/docs, "Supported
    ///   fields");
    /// - GitHub: the fields of an issue as `gh issue list --json` and the REST interface call them, and the columns of a
    ///   project's view ("Exporting your projects data", docs.github.com).
    pub fn headings(self, field: &str) -> &'static [&'static str] {
        match (self, field) {
            (Source::Jira, "title") => &["Summary"],
            (Source::Jira, "status") => &["Status"],
            (Source::Jira, "type") => &["Issue Type"],
            (Source::Jira, "tags") => &["Labels"],
            (Source::Jira, "storyPoints") => &["Custom field (Story Points)", "Custom field (Story point estimate)", "Story Points"],
            (Source::Jira, "acceptanceCriteria") => &["Custom field (Acceptance Criteria)", "Acceptance Criteria"],
            (Source::Linear, "storyPoints") => &["Estimate"],
            (Source::Linear, "assignee") => &["Assignee"],
            (Source::Trello, "title") => &["Card Name"],
            (Source::Trello, "description") => &["Card Description"],
            (Source::Trello, "status") => &["List Name"],
            (Source::Productboard, "title") => &["Feature name", "Note title", "Name", "Title"],
            (Source::Productboard, "description") => &["Feature description", "Note text", "Content", "Description"],
            (Source::Productboard, "userEmail") => &["User email", "Customer email", "Email"],
            (Source::GitHub, "description") => &["Body", "Description"],
            (Source::GitHub, "status") => &["State", "Status"],
            (Source::GitHub, "tags") => &["Labels"],
            (Source::Prodmatic, _) => &[],
            (_, "tags") => &["Tags", "Labels"],
            (_, "createdAt") => &["Created", "Created at"],
            (_, "dueDate") => &["Due date"],
            (_, "userEmail") => &["User email", "Email"],
            _ => &[],
        }
    }
}

impl Source {
    /// Whether a column of this program that is called like the field may be something else: Jira writes the names of people and
    /// no addresses, and Productboard has a scale of its own for effort.
    pub fn means_otherwise(self, field: &str) -> bool {
        matches!((self, field), (Source::Jira, "assignee") | (Source::Productboard, "effort"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(headings: &str) -> Source {
        Source::guess(Kind::Tasks, &headings.split(',').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn words_read_back() {
        for source in Source::ALL {
            assert_eq!(Source::parse(source.word()), Some(source));
            assert_eq!(serde_json::to_value(source).unwrap(), source.word());
        }
        assert_eq!(Source::parse("jira"), None);
    }

    #[test]
    fn a_file_is_known_by_its_headings() {
        for (headings, expected) in [
            ("Summary,Issue key,Issue id,Issue Type,Status,Project key,Priority,Labels,Labels,Created", Source::Jira),
            ("ID,Team,Title,Description,Status,Estimate,Priority,Project,Creator,Assignee,Labels,Cycle Number,Created", Source::Linear),
            ("Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,List ID,List Name", Source::Trello),
            ("Note title,Note text,User email,Tags", Source::Productboard),
            ("number,title,body,state,labels,createdAt", Source::GitHub),
            ("Title,URL,Assignees,Status,Labels", Source::GitHub),
            ("title,description,status,priority,dueDate,assignee,createdAt", Source::Prodmatic),
            ("title,status,description,createdAt", Source::Prodmatic),
            ("Title,Description,Status,Created at", Source::Other),
            ("name,when", Source::Other),
            ("", Source::Other),
        ] {
            assert_eq!(guess(headings), expected, "{headings}");
        }
    }
}
