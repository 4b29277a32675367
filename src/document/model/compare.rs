//! Versions, how two of them differ, and how two texts that grew from one become one again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Document, DocumentStatus};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::role::Role;
use crate::kernel::time::Timestamp;
use crate::product::model::ProductName;

/// A version as the list has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = DocumentVersion))]
#[serde(rename_all = "camelCase")]
pub struct VersionRow {
    pub id: String,
    pub number: i32,
    pub title: String,
    pub note: String,
    pub author_name: Option<String>,
    pub created_at: Timestamp,
    /// The length of the text, in characters.
    pub length: i64,
    /// How far a review has brought it: approved, or published; nothing where none has.
    pub reached: Option<DocumentStatus>,
}

/// How two versions are laid beside each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Look {
    #[default]
    Inline,
    Split,
}

crate::words!(Look {
    Inline: "inline", "Inline";
    Split: "split", "Side by side";
});

/// Which page of versions is asked for, and which two are compared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VersionQuery {
    pub from: Option<i32>,
    pub to: Option<i32>,
    pub look: Look,
    pub cursor: Option<Cursor>,
}

impl VersionQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> VersionQuery {
        let number = |name: &str| get(name).and_then(|word| word.parse().ok()).filter(|number| *number >= 1);
        VersionQuery {
            from: number("from"),
            to: number("to"),
            look: get("look").and_then(|word| Look::parse(&word)).unwrap_or_default(),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The two that are compared, as parameters of an address.
    pub fn pair(from: i32, to: i32, look: Look) -> String {
        format!("?from={from}&to={to}&look={}", look.word())
    }
}

/// What has become of some words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    Kept,
    Removed,
    Added,
}

/// Words of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub mark: Mark,
    pub text: String,
}

/// A line of one or both versions, or many that are the same in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiffRow {
    /// Its number in the older and in the newer version, and its words.
    Line(Option<i64>, Option<i64>, Vec<Part>),
    /// So many lines are the same.
    Same(i64),
    /// So many more lines are not shown.
    Cut(i64),
}

/// How two texts differ.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diff {
    pub rows: Vec<DiffRow>,
    /// Words that came in, and words that went.
    pub added: i64,
    pub removed: i64,
}

/// The versions of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VersionPage {
    pub role: Role,
    pub product: Option<ProductName>,
    /// Without its text.
    pub document: Document,
    pub page: Page<VersionRow>,
    /// The two titles, and how the texts differ.
    pub compared: Option<(VersionRow, VersionRow, Diff)>,
}

/// A stretch in which two people wrote different things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub base: String,
    pub mine: String,
    pub theirs: String,
}

/// A piece of two texts that grew from one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MergePiece {
    /// What both agree on, or only one has changed.
    Merged(String),
    Conflict(Conflict),
}

/// Which side of a conflict is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    Mine,
    Theirs,
    /// Theirs and mine below it, so that nothing is lost.
    #[default]
    Both,
}

crate::words!(Choice {
    Mine: "mine", "Mine";
    Theirs: "theirs", "Theirs";
    Both: "both", "Both, one below the other";
});

impl Conflict {
    /// What stands there once this side is taken.
    pub fn resolved(&self, choice: Choice) -> String {
        match choice {
            Choice::Mine => self.mine.clone(),
            Choice::Theirs => self.theirs.clone(),
            Choice::Both if self.theirs.is_empty() || self.theirs.ends_with('\n') => format!("{}{}", self.theirs, self.mine),
            Choice::Both => format!("{}\n{}", self.theirs, self.mine),
        }
    }
}

/// The text once each conflict is resolved, by its place among them; by default nothing is lost.
pub fn resolved(pieces: &[MergePiece], choices: &BTreeMap<String, String>) -> String {
    let (mut text, mut place) = (String::new(), 0);
    for piece in pieces {
        match piece {
            MergePiece::Merged(merged) => text += merged,
            MergePiece::Conflict(conflict) => {
                let choice = choices.get(&place.to_string()).and_then(|word| Choice::parse(word)).unwrap_or_default();
                let taken = conflict.resolved(choice);
                text += &taken;
                place += 1;
            }
        }
    }
    text
}

/// What is filled in to merge by hand.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MergeForm {
    /// A `Choice` for each conflict, by its place.
    pub choices: BTreeMap<String, String>,
    /// A `Choice` for the title; both is mine.
    pub title: String,
}

/// What somebody wrote while somebody else saved something else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MergePage {
    pub role: Role,
    pub product: Option<ProductName>,
    /// Without its text.
    pub document: Document,
    /// Who saved the newest version.
    pub by: Option<String>,
    /// The version that the person began from; nothing if there is nothing to merge.
    pub base: Option<i32>,
    /// Mine and theirs, if the titles are in conflict.
    pub title: Option<(String, String)>,
    /// The title, if they are not.
    pub agreed: Option<String>,
    pub pieces: Vec<MergePiece>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolved_conflict_is_one_side_or_both() {
        let conflict = Conflict { base: "b\n".into(), mine: "m".into(), theirs: "t".into() };
        assert_eq!(Choice::ALL.map(|choice| conflict.resolved(choice)), ["m", "t", "t\nm"]);
        let pieces = [MergePiece::Merged("a\n".into()), MergePiece::Conflict(conflict.clone()), MergePiece::Conflict(conflict)];
        assert_eq!(resolved(&pieces, &BTreeMap::from([("1".into(), "mine".into())])), "a\nt\nmm");
        assert_eq!(resolved(&pieces, &BTreeMap::from([("0".into(), "?".into()), ("1".into(), "theirs".into())])), "a\nt\nmt");
    }

    #[test]
    fn an_address_names_two_versions() {
        let get = |name: &str| match name {
            "from" => Some("2".to_owned()),
            "to" => Some("-5".to_owned()),
            "look" => Some("split".to_owned()),
            _ => None,
        };
        let query = VersionQuery::of_params(get);
        assert_eq!((query.from, query.to, query.look), (Some(2), None, Look::Split));
        assert_eq!(VersionQuery::pair(2, 5, Look::Split), "?from=2&to=5&look=split");
    }
}
