//! Which column of a file is which field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Field, Kind, Source, bare};
use crate::kernel::error::{AppError, Checks};

/// The columns by the names of the fields that they become; each by its place, from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(BTreeMap<String, i64>);

/// A column to choose; for a list the first of those that have one heading stands for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub place: i64,
    pub label: String,
}

/// The columns to choose from for a field. A list takes those of one heading together; any other field takes one, so they are told apart.
pub fn columns(field: &Field, headings: &[String]) -> Vec<Column> {
    let (mut all, mut seen): (BTreeMap<&str, usize>, BTreeMap<&str, usize>) = Default::default();
    for heading in headings {
        *all.entry(heading).or_default() += 1;
    }
    let mut columns = Vec::new();
    for (place, heading) in headings.iter().enumerate() {
        let (count, nth) = (all.get(heading.as_str()).copied().unwrap_or(1), seen.entry(heading).or_default());
        *nth += 1;
        let label = match count {
            _ if heading.is_empty() => format!("Column {}", place + 1),
            1 => heading.clone(),
            _ if !field.is_list() => format!("{heading} ({nth} of {count})"),
            _ if *nth == 1 => format!("{heading} ({count} columns)"),
            _ => continue,
        };
        columns.push(Column { place: place as i64, label });
    }
    columns
}

/// The places of all columns that have the heading of this one; those without any are each by itself.
fn alike(place: usize, headings: &[String]) -> Vec<usize> {
    match headings.get(place).filter(|heading| !heading.is_empty()) {
        Some(heading) => headings.iter().enumerate().filter(|(_, other)| *other == heading).map(|(at, _)| at).collect(),
        None => vec![place],
    }
}

impl Mapping {
    /// The mapping to begin with: by the headings that the program is known to write, else by names that are equal.
    pub fn of(source: Source, kind: Kind, headings: &[String]) -> Mapping {
        // Made bare once, since each is compared with every name of every field.
        let headings: Vec<String> = headings.iter().map(|heading| bare(heading)).collect();
        let find = |name: &str| {
            let name = bare(name);
            headings.iter().position(|heading| *heading == name)
        };
        let place = |field: &super::Field| {
            let known = source.headings(field.name).iter().find_map(|name| find(name));
            let alike = || find(field.name).or_else(|| find(field.label)).filter(|_| !source.means_otherwise(field.name));
            known.or_else(alike)
        };
        Mapping(kind.fields().iter().filter_map(|field| Some((field.name.to_owned(), place(field)? as i64))).collect())
    }

    /// The mapping that was chosen in a form: the column's place by the field's name, nothing for none.
    ///
    /// # Errors
    /// Beside the field, for a required one that has no column, and for a column that is not there.
    pub fn of_form(kind: Kind, form: &BTreeMap<String, String>, headings: &[String]) -> Result<Mapping, AppError> {
        let (mut checks, mut mapping) = (Checks::default(), BTreeMap::new());
        for field in kind.fields() {
            let chosen = form.get(field.name).map(|word| word.trim()).filter(|word| !word.is_empty());
            let place = match chosen.map(str::parse::<i64>) {
                None if field.required() => Err(format!("Choose the column of “{}”. Every row needs one.", field.label)),
                None => Ok(None),
                Some(Ok(place)) if (0..headings.len() as i64).contains(&place) => Ok(Some(place)),
                Some(_) => Err("Choose one of the columns.".to_owned()),
            };
            if let Some(place) = checks.take(field.name, place) {
                mapping.insert(field.name.to_owned(), place);
            }
        }
        checks.finish(Mapping(mapping))
    }

    /// The mapping with other columns for these fields, each by its heading; an empty one is none.
    ///
    /// # Errors
    /// Beside the field, for one that the kind has not, for a column that is not there, for a required one without a column, and for
    /// one that takes a single column where several have its heading: the others would be dropped and nobody told.
    pub fn with(mut self, kind: Kind, chosen: &BTreeMap<String, String>, headings: &[String]) -> Result<Mapping, AppError> {
        let mut checks = Checks::default();
        for (name, heading) in chosen {
            let place = match kind.fields().iter().any(|field| field.name == name) {
                false => Err("There is no such field.".to_owned()),
                true if heading.is_empty() => Ok(None),
                true => headings.iter().position(|known| known == heading).map(Some).ok_or_else(|| "There is no such column.".to_owned()),
            };
            match place {
                Ok(Some(place)) => {
                    self.0.insert(name.clone(), place as i64);
                }
                Ok(None) => {
                    self.0.remove(name);
                }
                Err(told) => checks.take(name, Err::<(), _>(told)),
            }
        }
        let unread = |name: &str| self.place(name).is_none() && chosen.get(name).is_none_or(String::is_empty);
        for field in kind.fields().iter().filter(|field| field.required() && unread(field.name)) {
            checks.take(field.name, Err::<(), _>(format!("Name the column of “{}”. Every row needs one.", field.label)));
        }
        for field in kind.fields().iter().filter(|field| !field.is_list()) {
            let Some(place) = self.place(field.name) else { continue };
            let (count, heading) = (alike(place, headings).len(), headings.get(place).map(String::as_str).unwrap_or_default());
            if count > 1 {
                let told = format!("{count} columns are called “{heading}”. Give each a heading of its own, or leave this field out.");
                checks.take(field.name, Err::<(), _>(told));
            }
        }
        checks.finish(self)
    }

    /// The headings of the columns, by the names of the fields.
    pub fn named(&self, headings: &[String]) -> BTreeMap<String, String> {
        let heading = |place: &i64| usize::try_from(*place).ok().and_then(|place| headings.get(place));
        self.0.iter().filter_map(|(name, place)| Some((name.clone(), heading(place)?.clone()))).collect()
    }

    /// The place of a field's column.
    pub fn place(&self, field: &str) -> Option<usize> {
        self.0.get(field).and_then(|place| usize::try_from(*place).ok())
    }

    /// The places of the columns that a field is read from: one, or for a list all that have its heading.
    pub fn places(&self, field: &Field, headings: &[String]) -> Vec<usize> {
        match self.place(field.name) {
            None => Vec::new(),
            Some(place) if field.is_list() => alike(place, headings),
            Some(place) => vec![place],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(line: &str) -> Vec<String> {
        line.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn each_program_has_a_ready_mapping() {
        let of = |source, kind, line: &str| {
            let (headings, mapping) = (headings(line), Mapping::of(source, kind, &headings(line)));
            let named = |field: &super::super::Field| Some(format!("{}={}", field.name, headings.get(mapping.place(field.name)?)?));
            kind.fields().iter().filter_map(named).collect::<Vec<_>>().join(" ")
        };
        let jira = "Summary,Issue key,Issue Type,Status,Priority,Created,Due date,Labels,Labels,Description,Custom field (Story Points)";
        assert_eq!(
            of(Source::Jira, Kind::Ideas, jira),
            "title=Summary description=Description status=Status tags=Labels priority=Priority createdAt=Created"
        );
        assert_eq!(
            of(Source::Jira, Kind::Features, jira),
            "title=Summary description=Description status=Status priority=Priority storyPoints=Custom field (Story Points) createdAt=Created"
        );
        let tasks = "Summary,Issue key,Status,Assignee,Assignee Id,Due date";
        assert_eq!(of(Source::Jira, Kind::Tasks, tasks), "title=Summary status=Status dueDate=Due date");
        let board = "Feature name,Feature description,Status,Effort";
        assert_eq!(of(Source::Productboard, Kind::Ideas, board), "title=Feature name description=Feature description status=Status");
        let linear = "ID,Team,Title,Description,Status,Estimate,Priority,Assignee,Labels,Created,Due Date";
        assert_eq!(
            of(Source::Linear, Kind::Tasks, linear),
            "title=Title description=Description status=Status priority=Priority dueDate=Due Date assignee=Assignee createdAt=Created"
        );
        let trello = "Card ID,Card Name,Card Description,Labels,Due Date,List Name";
        assert_eq!(
            of(Source::Trello, Kind::Tasks, trello),
            "title=Card Name description=Card Description status=List Name dueDate=Due Date"
        );
        assert_eq!(
            of(Source::Productboard, Kind::Feedback, "Note title,Note text,User email,Source"),
            "title=Note title description=Note text source=Source userEmail=User email"
        );
        assert_eq!(
            of(Source::GitHub, Kind::Ideas, "number,title,body,state,labels,createdAt"),
            "title=title description=body status=state tags=labels createdAt=createdAt"
        );
        assert_eq!(of(Source::Other, Kind::Ideas, "TITLE;,Business Value,x"), "title=TITLE; businessValue=Business Value");
        let ours = Kind::Tasks.fields().iter().map(|field| field.name).collect::<Vec<_>>().join(",");
        assert_eq!(of(Source::Prodmatic, Kind::Tasks, &ours).split(' ').count(), Kind::Tasks.fields().len());
    }

    fn field(name: &str) -> &'static Field {
        Kind::Ideas.fields().iter().find(|field| field.name == name).unwrap()
    }

    #[test]
    fn columns_of_one_heading_are_a_list_together_and_else_apart() {
        let headings = headings("Summary,Labels,,Labels,");
        let of = |name| columns(field(name), &headings).into_iter().map(|column| (column.place, column.label)).collect::<Vec<_>>();
        let named = |pairs: &[(i64, &str)]| pairs.iter().map(|(place, label)| (*place, (*label).to_owned())).collect::<Vec<_>>();
        assert_eq!(of("tags"), named(&[(0, "Summary"), (1, "Labels (2 columns)"), (2, "Column 3"), (4, "Column 5")]));
        let apart = [(0, "Summary"), (1, "Labels (1 of 2)"), (2, "Column 3"), (3, "Labels (2 of 2)"), (4, "Column 5")];
        assert_eq!(of("title"), named(&apart));
        let mapping = Mapping::of(Source::Jira, Kind::Ideas, &headings);
        assert_eq!(mapping.places(field("tags"), &headings), [1, 3]);
        assert_eq!(mapping.places(field("effort"), &headings), Vec::<usize>::new());
        let second = Mapping(BTreeMap::from([("title".to_owned(), 3)]));
        assert_eq!(second.places(field("title"), &headings), [3], "the one that was chosen");
    }

    #[test]
    fn a_heading_that_is_there_twice_is_no_name_of_one_column() {
        let headings = headings("Title,Effort,Tags,Effort,Tags");
        let guess = Mapping::of(Source::Other, Kind::Ideas, &headings);
        let with = |name: &str, heading: &str| {
            guess.clone().with(Kind::Ideas, &BTreeMap::from([(name.to_owned(), heading.to_owned())]), &headings)
        };
        let refused = with("title", "Title").unwrap_err();
        assert!(refused.of_field("effort").is_some_and(|told| told.contains("2 columns are called “Effort”")), "{refused:?}");
        assert!(refused.of_field("tags").is_none(), "a list takes both");
        assert!(with("title", "Effort").unwrap_err().of_field("title").is_some());
        assert_eq!(with("effort", "").unwrap().place("effort"), None, "what is left out is not asked");
    }

    #[test]
    fn columns_can_be_named_by_their_headings() {
        let headings = headings("Summary,Text,Effort");
        let guess = Mapping::of(Source::Jira, Kind::Ideas, &headings);
        let with = |pairs: &[(&str, &str)]| {
            let chosen = pairs.iter().map(|(name, heading)| ((*name).to_owned(), (*heading).to_owned())).collect();
            guess.clone().with(Kind::Ideas, &chosen, &headings)
        };
        let mapping = with(&[("description", "Text"), ("effort", "")]).unwrap();
        let named: Vec<_> = mapping.named(&headings).into_iter().collect();
        let expected = [("description", "Text"), ("title", "Summary")];
        assert_eq!(named, expected.map(|(name, heading)| (name.to_owned(), heading.to_owned())));
        for (pairs, field) in [
            ([("title", "")], "title"),
            ([("title", "Name")], "title"),
            ([("impact", "text")], "impact"),
            ([("storyPoints", "Text")], "storyPoints"),
        ] {
            assert!(with(&pairs).unwrap_err().of_field(field).is_some(), "{pairs:?}");
        }
    }

    #[test]
    fn a_form_has_to_name_columns_that_are_there() {
        let form = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let headings = headings("a,b");
        let chosen = Mapping::of_form(Kind::Ideas, &form(&[("title", "1"), ("effort", ""), ("then", "check")]), &headings).unwrap();
        assert_eq!((chosen.place("title"), chosen.place("effort")), (Some(1), None));
        for wrong in ["", "2", "-1", "x"] {
            let error = Mapping::of_form(Kind::Ideas, &form(&[("title", wrong)]), &headings).unwrap_err();
            assert!(error.of_field("title").is_some(), "{wrong}");
        }
    }
}
