//! Which column of a file is which field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Kind, Source, bare};
use crate::kernel::error::{AppError, Checks};

/// The columns by the names of the fields that they become; each by its place, from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(BTreeMap<String, i64>);

/// A column to choose: the first of those that have one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub place: i64,
    pub label: String,
}

/// The columns to choose from.
pub fn columns(headings: &[String]) -> Vec<Column> {
    let mut columns: Vec<(Column, i64)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, heading) in headings.iter().enumerate() {
        if let Some(found) = places.get(heading.as_str()).and_then(|at| columns.get_mut(*at)).filter(|_| !heading.is_empty()) {
            found.1 += 1;
            continue;
        }
        places.insert(heading, columns.len());
        columns.push((Column { place: place as i64, label: label(heading, place) }, 1));
    }
    let counted = |(column, count): (Column, i64)| match count {
        1 => column,
        count => Column { label: format!("{} ({count} columns)", column.label), ..column },
    };
    columns.into_iter().map(counted).collect()
}

fn label(heading: &str, place: usize) -> String {
    if heading.trim().is_empty() { format!("Column {}", place + 1) } else { heading.to_owned() }
}

impl Mapping {
    /// The mapping to begin with: by the headings that the program is known to write, else by names that are equal.
    pub fn of(source: Source, kind: Kind, headings: &[String]) -> Mapping {
        let find = |name: &str| headings.iter().position(|heading| bare(heading) == bare(name));
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
    /// Beside the field, for one that the kind has not, for a column that is not there, and for a required one without a column.
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

    /// The places of all columns that have the heading of a field's.
    pub fn places(&self, field: &str, headings: &[String]) -> Vec<usize> {
        let Some(first) = self.place(field) else { return Vec::new() };
        let heading = headings.get(first).filter(|heading| !heading.is_empty());
        let same = |heading: &String| headings.iter().enumerate().filter(|(_, other)| *other == heading).map(|(at, _)| at).collect();
        heading.map_or_else(|| vec![first], same)
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

    #[test]
    fn columns_of_one_heading_are_chosen_together() {
        let headings = headings("Summary,Labels,,Labels,");
        let labels: Vec<_> = columns(&headings).into_iter().map(|column| (column.place, column.label)).collect();
        let expected = [(0, "Summary"), (1, "Labels (2 columns)"), (2, "Column 3"), (4, "Column 5")];
        assert_eq!(labels, expected.map(|(place, label)| (place, label.to_owned())));
        let mapping = Mapping::of(Source::Jira, Kind::Ideas, &headings);
        assert_eq!(mapping.places("tags", &headings), [1, 3]);
        assert_eq!(mapping.places("effort", &headings), Vec::<usize>::new());
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
