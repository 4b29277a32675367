//! Changing many ideas at once.

use serde::{Deserialize, Serialize};

use super::IdeaStatus;
use crate::kernel::entry::Entry;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::text::{self, TAG_MAX, TAGS_MAX};
use crate::kernel::time::Timestamp;

/// Ideas that one change may reach.
pub const BULK_MAX: usize = 1_000;
/// Ideas that were left alone and are named; the others are counted.
const NAMED: usize = 10;

/// What is chosen in the bar above the list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BulkForm {
    /// The ideas that are ticked.
    pub ids: Vec<String>,
    /// `on` for every idea of the view, ticked or not.
    pub all: String,
    /// `status`, `add_tag`, `remove_tag`, `priority` or `delete`; each of the fields below belongs to one of them.
    pub action: String,
    pub status: String,
    pub tag: String,
    pub priority: Entry,
}

/// A change of many ideas, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Bulk {
    /// The ideas by id; `None` for every idea of the view.
    pub ids: Option<Vec<String>>,
    pub action: BulkAction,
}

#[derive(Debug, Clone, PartialEq)]
pub enum BulkAction {
    Status(IdeaStatus),
    AddTag(String),
    RemoveTag(String),
    /// 0 to 100.
    Priority(i32),
    Delete,
}

impl BulkForm {
    /// The change, or what is wrong with the form.
    pub fn validate(self) -> Result<Bulk, AppError> {
        let mut checks = Checks::default();
        let action = match self.action.as_str() {
            "status" => IdeaStatus::parse(&self.status).map(BulkAction::Status).ok_or(("", "Choose a status.".to_owned())),
            "add_tag" => one_tag(&self.tag).map(BulkAction::AddTag).map_err(|wrong| ("tag", wrong)),
            "remove_tag" => one_tag(&self.tag).map(BulkAction::RemoveTag).map_err(|wrong| ("tag", wrong)),
            "priority" => self.priority.whole(0, 100).map(BulkAction::Priority).map_err(|wrong| ("priority", wrong)),
            "delete" => Ok(BulkAction::Delete),
            _ => Err(("", "Choose what to do with the ideas.".to_owned())),
        };
        let (field, action) = match action {
            Ok(action) => ("", Ok(Some(action))),
            Err((field, wrong)) => (field, Err(wrong)),
        };
        let action = checks.take(field, action);
        let mut ids = self.ids;
        ids.sort();
        ids.dedup();
        let ids = (self.all != "on").then_some(ids);
        let chosen = match ids.as_ref().map(Vec::len) {
            Some(0) => Err("Tick the ideas that you mean first.".to_owned()),
            Some(count) if count > BULK_MAX => Err(too_many(&count.to_string())),
            _ => Ok(()),
        };
        checks.take("", chosen);
        let action = checks.finish(action)?;
        action.map(|action| Bulk { ids, action }).ok_or_else(|| AppError::field("", "Choose what to do with the ideas."))
    }
}

/// What is said of more ideas than a change may reach.
pub fn too_many(count: &str) -> String {
    format!("These are {count} ideas; at most {BULK_MAX} can be changed at once.")
}

fn one_tag(value: &str) -> Result<String, String> {
    let tag = text::line(value, "a tag", TAG_MAX)?;
    if tag.contains(',') { Err("Enter one tag, without a comma.".into()) } else { Ok(tag) }
}

/// An idea as a change of many finds it; and, with `at`, as it is kept to be brought back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct BulkRow {
    pub id: String,
    pub title: String,
    pub status: IdeaStatus,
    pub tags: Vec<String>,
    pub priority: Option<i32>,
    /// When the row was last changed.
    pub at: Timestamp,
}

/// What becomes of one idea.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Effect {
    Changed,
    /// It is so already.
    Same,
    /// It stays as it is, for this reason.
    Refused(String),
}

impl BulkAction {
    fn on(&self, row: &BulkRow) -> Effect {
        let has = |tag: &str| row.tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase());
        let same = match self {
            BulkAction::Status(to) => row.status == *to,
            BulkAction::AddTag(tag) => has(tag),
            BulkAction::RemoveTag(tag) => !has(tag),
            BulkAction::Priority(to) => row.priority == Some(*to),
            BulkAction::Delete => false,
        };
        match self {
            _ if same => Effect::Same,
            BulkAction::Status(to) if !row.status.next().contains(to) => Effect::Refused(row.status.label().to_lowercase()),
            BulkAction::AddTag(_) if row.tags.len() >= TAGS_MAX => Effect::Refused(format!("has {TAGS_MAX} tags")),
            _ => Effect::Changed,
        }
    }

    /// What was done, after the number of ideas.
    fn told(&self, ideas: &str) -> String {
        match self {
            BulkAction::Status(to) => format!("{ideas} moved to “{}”.", to.label()),
            BulkAction::AddTag(tag) => format!("{ideas} tagged “{tag}”."),
            BulkAction::RemoveTag(tag) => format!("{ideas} freed of the tag “{tag}”."),
            BulkAction::Priority(to) => format!("{ideas} given priority {to}."),
            BulkAction::Delete => format!("{ideas} deleted."),
        }
    }
}

fn ideas(count: usize) -> String {
    if count == 1 { "1 idea".into() } else { format!("{count} ideas") }
}

/// What a change does with the ideas that it was meant for. Those that may not be changed stay as they are and are named:
/// the others are changed all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The ideas to change, as they were.
    pub changed: Vec<BulkRow>,
    same: usize,
    /// Title and reason.
    refused: Vec<(String, String)>,
    /// Ideas that were meant and are not there any more.
    gone: usize,
}

impl Outcome {
    /// Sorts the ideas that were found, of those that were meant.
    pub fn of(action: &BulkAction, found: Vec<BulkRow>, meant: usize) -> Outcome {
        let mut outcome = Outcome { gone: meant.saturating_sub(found.len()), changed: Vec::new(), same: 0, refused: Vec::new() };
        for row in found {
            match action.on(&row) {
                Effect::Changed => outcome.changed.push(row),
                Effect::Same => outcome.same += 1,
                Effect::Refused(why) => outcome.refused.push((row.title, why)),
            }
        }
        outcome
    }

    /// What the person is told.
    pub fn summary(&self, action: &BulkAction) -> String {
        let mut told = match self.changed.len() {
            0 => "Nothing was changed.".to_owned(),
            count => action.told(&ideas(count)),
        };
        if self.same > 0 {
            told += &format!(" {} needed no change.", ideas(self.same));
        }
        if !self.refused.is_empty() {
            let names: Vec<String> = self.refused.iter().take(NAMED).map(|(title, why)| format!("“{title}” ({why})")).collect();
            told += &format!(" {} cannot be changed so: {}", ideas(self.refused.len()), names.join(", "));
            told += &match self.refused.len().saturating_sub(NAMED) {
                0 => ".".to_owned(),
                more => format!(" and {more} more."),
            };
        }
        if self.gone > 0 {
            told +=
                &format!(" {} not there any more.", if self.gone == 1 { "1 idea is".into() } else { format!("{} are", ideas(self.gone)) });
        }
        told
    }
}

/// A change of many ideas that was made, as its author is told of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct BulkNotice {
    pub id: String,
    pub summary: String,
    /// Ideas that were changed.
    pub changed: i32,
    /// Whether it can still be undone: it is not, and within the hour.
    pub open: bool,
    /// Once it is undone, how many ideas are as they were; the others had been changed since.
    pub restored: Option<i32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(title: &str, status: IdeaStatus, tags: &[&str]) -> BulkRow {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        BulkRow { id: title.into(), title: title.into(), status, tags, priority: Some(3), at: Timestamp::default() }
    }

    fn form(action: &str) -> BulkForm {
        BulkForm { ids: vec!["b".into(), "a".into(), "b".into()], action: action.into(), ..Default::default() }
    }

    #[test]
    fn a_form_is_read_or_refused() {
        let delete = Bulk { ids: Some(vec!["a".into(), "b".into()]), action: BulkAction::Delete };
        assert_eq!(form("delete").validate(), Ok(delete));
        let all = BulkForm { all: "on".into(), status: "APPROVED".into(), ..form("status") };
        assert_eq!(all.validate(), Ok(Bulk { ids: None, action: BulkAction::Status(IdeaStatus::Approved) }));
        for wrong in [form(""), form("status"), form("add_tag"), form("priority"), BulkForm { ids: vec![], ..form("delete") }] {
            assert!(wrong.validate().is_err());
        }
        assert!(BulkForm { tag: "a, b".into(), ..form("add_tag") }.validate().is_err());
        let many = (0..=BULK_MAX).map(|n| n.to_string()).collect();
        assert!(BulkForm { ids: many, ..form("delete") }.validate().is_err());
    }

    #[test]
    fn those_that_may_not_be_changed_are_named() {
        let approve = BulkAction::Status(IdeaStatus::Approved);
        let rows = vec![
            row("A", IdeaStatus::UnderReview, &[]),
            row("B", IdeaStatus::Submitted, &[]),
            row("C", IdeaStatus::Approved, &[]),
            row("D", IdeaStatus::UnderReview, &[]),
        ];
        let outcome = Outcome::of(&approve, rows, 5);
        assert_eq!(outcome.changed.len(), 2);
        let told = "2 ideas moved to “Approved”. 1 idea needed no change. 1 idea cannot be changed so: “B” (submitted). 1 idea is not there any more.";
        assert_eq!(outcome.summary(&approve), told);
        let many = (0..13).map(|n| row(&n.to_string(), IdeaStatus::Submitted, &[])).collect();
        let told = Outcome::of(&approve, many, 13).summary(&approve);
        assert!(told.starts_with("Nothing was changed.") && told.ends_with("“9” (submitted) and 3 more."), "{told}");
    }

    #[test]
    fn tags_are_compared_without_case() {
        let tagged = row("A", IdeaStatus::Submitted, &["Mobile"]);
        let changed = |action: BulkAction| Outcome::of(&action, vec![tagged.clone()], 1).changed.len();
        assert_eq!(changed(BulkAction::AddTag("mobile".into())), 0);
        assert_eq!(changed(BulkAction::AddTag("web".into())), 1);
        assert_eq!(changed(BulkAction::RemoveTag("MOBILE".into())), 1);
        assert_eq!(changed(BulkAction::RemoveTag("web".into())), 0);
        assert_eq!((changed(BulkAction::Priority(3)), changed(BulkAction::Priority(4))), (0, 1));
    }
}
