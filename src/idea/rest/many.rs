//! Changing many ideas at once.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::idea::model::{BULK_MAX, BulkForm, BulkNotice, IdeaQuery, IdeaStatus};
use crate::idea::store;
use crate::kernel::entry::Entry;
use crate::kernel::error::AppError;
use crate::server::rest::{Answered, Body, Call, Problem, Resource, Wrong, named};

impl Resource for BulkNotice {
    fn key(&self) -> String {
        self.id.clone()
    }
}

/// What is done with the ideas.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum IdeaBulkAction {
    Status,
    AddTag,
    RemoveTag,
    Priority,
    Delete,
}

/// A change of many ideas: `status`, `tag` and `priority` each belong to an action.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdeaBulk {
    /// The ideas by id, up to 1,000; those that are not of the product are passed over.
    #[schema(min_items = 1, max_items = 1000)]
    ids: Vec<String>,
    action: IdeaBulkAction,
    /// With `status`, and needed there.
    status: Option<IdeaStatus>,
    /// With `add_tag` and `remove_tag`, and needed there.
    tag: Option<String>,
    /// With `priority`, and needed there.
    #[schema(minimum = 0, maximum = 100)]
    priority: Option<i32>,
}

impl Body for IdeaBulk {
    fn example() -> Value {
        json!({ "ids": ["cmig3k2p40001qw8h5x7y2z9a"], "action": "add_tag", "tag": "mobile" })
    }
}

impl IdeaBulk {
    /// # Errors
    /// Of too few or too many ids, and of fields that do not belong to the action.
    fn has_its_fields(&self) -> Result<(), Problem> {
        use IdeaBulkAction::{AddTag, Priority, RemoveTag, Status};
        let mut wrong = Vec::new();
        if !(1..=BULK_MAX).contains(&self.ids.len()) {
            wrong.push(Wrong::at("#/ids", format!("Name from one to {BULK_MAX} ideas.")));
        }
        if matches!(self.action, Status) && self.status.is_none() {
            wrong.push(Wrong::at("#/status", "Say which status they are to have."));
        }
        for (name, is_given, belongs) in [
            ("status", self.status.is_some(), matches!(self.action, Status)),
            ("tag", self.tag.is_some(), matches!(self.action, AddTag | RemoveTag)),
            ("priority", self.priority.is_some(), matches!(self.action, Priority)),
        ] {
            if is_given && !belongs {
                wrong.push(Wrong::at(format!("#/{name}"), "This does not belong to the action."));
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(Problem::of(wrong)) }
    }
}

impl From<IdeaBulk> for BulkForm {
    fn from(body: IdeaBulk) -> Self {
        let action = match body.action {
            IdeaBulkAction::Status => "status",
            IdeaBulkAction::AddTag => "add_tag",
            IdeaBulkAction::RemoveTag => "remove_tag",
            IdeaBulkAction::Priority => "priority",
            IdeaBulkAction::Delete => "delete",
        };
        BulkForm {
            ids: body.ids,
            all: String::new(),
            action: action.into(),
            status: body.status.map(|status| status.word().to_owned()).unwrap_or_default(),
            tag: body.tag.unwrap_or_default(),
            priority: Entry::from(body.priority),
        }
    }
}

/// What has become of a change.
async fn notice(call: &mut Call, id: &str) -> Result<BulkNotice, Problem> {
    Ok(store::bulk::notice(&mut call.scope, id).await?.ok_or(AppError::NotFound)?)
}

pub async fn change(mut call: Call, body: IdeaBulk) -> Answered<BulkNotice> {
    body.has_its_fields()?;
    let (key, bulk) = (call.at("key"), BulkForm::from(body).validate()?);
    let product = store::product(&mut call.scope, &key).await?;
    let none = Wrong::at("#/ids", "None of these is an idea of the product that has not been deleted.");
    let id = named(store::bulk::change(&mut call.scope, &product.id, &IdeaQuery::default(), bulk).await, none)?;
    let notice = notice(&mut call, &id).await?;
    call.done(notice)
}

pub async fn undo(mut call: Call) -> Answered<BulkNotice> {
    let (key, id) = (call.at("key"), call.at("bulk"));
    let product = store::product(&mut call.scope, &key).await?;
    store::bulk::is_of(&mut call.scope, &product.id, &id).await?;
    store::bulk::undo(&mut call.scope, &id).await?;
    let notice = notice(&mut call, &id).await?;
    call.done(notice)
}
