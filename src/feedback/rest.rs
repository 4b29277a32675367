//! The REST API of feedback.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::{Feedback, FeedbackForm, FeedbackQuery, FeedbackStatus, FeedbackType, Triage};
use super::store;
use crate::idea::rest as ideas;
use crate::kernel::error::AppError;
use crate::kernel::priority::Priority;
use crate::kernel::role::Perm;
use crate::server::rest::query::{Even, Whole};
use crate::server::rest::{Answered, Api, Body, Call, Filter, Listed, Patch, Problem, Resource, living};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/feedback";
    let one = "/orgs/{org}/products/{key}/feedback/{id}";
    let restored = "/orgs/{org}/products/{key}/feedback/{id}/restore";
    let idea = "/orgs/{org}/products/{key}/feedback/{id}/ideas/{idea}";
    let made = "/orgs/{org}/products/{key}/feedback/{id}/ideas";
    let asked = "/orgs/{org}/products/{key}/ideas/{id}/feedback";
    api.tag("Feedback", "What people said about a product. Whose it is, is told to those alone who sort it.")
        .list(all, Perm::Read, "The product's feedback, the newest first, with the beginnings of its texts.", list)
        .create(all, Perm::FeedbackSubmit, "Submits feedback.", create)
        .get(one, Perm::Read, "One item with its whole text.", get)
        .change(one, Perm::Publish, "Sorts an item: sets its status, type or priority. Any status may follow any.", change)
        .delete(one, Perm::Publish, "Deletes an item so that it can be restored.", delete)
        .verb(restored, Perm::Publish, "Brings a deleted item back.", restore)
        .put(idea, Perm::Publish, "Links an item to an idea of the product, in place of the one that it was linked to.", link)
        .delete(idea, Perm::Publish, "Takes an item away from its idea.", unlink)
        .verb(made, Perm::IdeaWrite, "Makes an idea of an item and links the two; the item is answered.", make_idea)
        .list(asked, Perm::Read, "The feedback that asks for an idea, the newest first.", asked_for)
}

impl Resource for Feedback {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    /// What a `PATCH` sets does not depend on what was there, so whoever names a version means all that it sets.
    fn version(&self) -> Option<String> {
        Some(format!("{}-{}-{}", self.status.word(), self.kind.word(), self.priority.word()))
    }
}

/// What is said.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FeedbackBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    #[serde(default)]
    #[schema(max_length = 20000)]
    description: String,
    #[serde(default, rename = "type")]
    #[schema(inline)]
    kind: FeedbackType,
    /// Where it came from, such as `support` or `survey`.
    #[schema(max_length = 120)]
    source: Option<String>,
    /// Who said it.
    #[schema(max_length = 254)]
    user_email: Option<String>,
}

impl Body for FeedbackBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("kind", "type")];

    fn example() -> Value {
        json!({ "title": "A dark theme, please", "type": "FEATURE_REQUEST", "source": "support", "userEmail": "ada@example.com" })
    }
}

impl From<FeedbackBody> for FeedbackForm {
    fn from(body: FeedbackBody) -> Self {
        FeedbackForm {
            title: body.title,
            description: body.description,
            kind: body.kind.word().into(),
            source: body.source.unwrap_or_default(),
            user_email: body.user_email.unwrap_or_default(),
        }
    }
}

/// How an item is sorted.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TriageBody {
    status: FeedbackStatus,
    #[serde(rename = "type")]
    kind: FeedbackType,
    priority: Priority,
}

impl Body for TriageBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("kind", "type")];

    fn example() -> Value {
        json!({ "status": "PLANNED", "priority": "HIGH" })
    }
}

impl From<&Feedback> for TriageBody {
    fn from(item: &Feedback) -> Self {
        TriageBody { status: item.status, kind: item.kind, priority: item.priority }
    }
}

/// What feedback is narrowed to.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct FeedbackFilter {
    status: Option<FeedbackStatus>,
    #[serde(rename = "type")]
    kind: Option<FeedbackType>,
    priority: Option<Priority>,
    /// One source, as it is written.
    #[schema(min_length = 1, pattern = "^[^\\x00]+$")]
    source: Option<String>,
    /// Those deleted last instead.
    deleted: bool,
}

impl Filter for FeedbackFilter {}

/// The item of the address.
async fn read(call: &mut Call) -> Result<Feedback, Problem> {
    let id = call.at("id");
    read_one(call, &id).await
}

async fn read_one(call: &mut Call, id: &str) -> Result<Feedback, Problem> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    Ok(store::get(&mut call.scope, &product.id, id).await?)
}

async fn list(mut call: Call, filter: FeedbackFilter) -> Answered<Listed<Feedback>> {
    let key = call.at("key");
    let FeedbackFilter { status, kind, priority, source, deleted } = filter;
    if source.as_ref().is_some_and(|source| source.is_empty() || source.contains('\0')) {
        return Err(Problem::parameter("source", "Enter a source, or leave it out."));
    }
    let query = FeedbackQuery { status, kind, priority, source, deleted, cursor: call.cursor_unless(deleted)? };
    let product = store::product(&mut call.scope, &key).await?;
    let page = store::list(&mut call.scope, &product.id, &query).await?;
    call.done(Listed::page(page, deleted))
}

async fn get(mut call: Call, _: Even) -> Answered<Feedback> {
    let item = read(&mut call).await?;
    call.done(item)
}

async fn create(mut call: Call, body: FeedbackBody) -> Answered<Feedback> {
    let (key, fields) = (call.at("key"), FeedbackForm::from(body).validate()?);
    let id = store::submit(&mut call.scope, &key, fields).await?;
    let item = read_one(&mut call, &id).await?;
    call.done(item)
}

async fn change(mut call: Call, patch: Patch<TriageBody>) -> Answered<Feedback> {
    let item = living(read(&mut call).await?)?;
    // The row is locked by this, and what it says now is what is compared.
    store::triage(&mut call.scope, &item.id, Triage::default()).await?;
    let item = read(&mut call).await?;
    call.seen().version(&item)?;
    let to = patch.over(&item)?;
    let set = Triage { status: Some(to.status), kind: Some(to.kind), priority: Some(to.priority) };
    store::triage(&mut call.scope, &item.id, set).await?;
    let item = read(&mut call).await?;
    call.done(item)
}

async fn delete(mut call: Call) -> Answered<()> {
    let item = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &item.id, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<Feedback> {
    let item = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &item.id, false).await?;
    let item = read(&mut call).await?;
    call.done(item)
}

async fn link(mut call: Call) -> Answered<()> {
    let (item, idea) = (living(read(&mut call).await?)?, call.at("idea"));
    store::link(&mut call.scope, &item.id, &idea).await?;
    call.done(())
}

async fn unlink(mut call: Call) -> Answered<()> {
    let (item, idea) = (living(read(&mut call).await?)?, call.at("idea"));
    if item.idea_id.as_deref() != Some(idea.as_str()) {
        return Err(AppError::NotFound.into());
    }
    store::unlink(&mut call.scope, &item.id).await?;
    call.done(())
}

async fn make_idea(mut call: Call) -> Answered<Feedback> {
    let item = living(read(&mut call).await?)?;
    store::make_idea(&mut call.scope, &item.id).await?;
    let item = read(&mut call).await?;
    call.done(item)
}

async fn asked_for(mut call: Call, _: Whole) -> Answered<Listed<Feedback>> {
    let idea = ideas::live(&mut call).await?;
    let asked = store::asked(&mut call.scope, &idea.id).await?;
    call.done(Listed::all(asked.rows))
}
