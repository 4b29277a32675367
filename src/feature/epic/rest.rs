//! The REST API of epics.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::{Epic, EpicFields, EpicForm, EpicQuery, EpicStatus};
use super::store;
use crate::feature::store as features;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::Even;
use crate::server::rest::value::Day;
use crate::server::rest::{Answered, Api, Body, Call, Filter, Listed, Patch, Problem, Resource, living, may_follow};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/epics";
    let one = "/orgs/{org}/products/{key}/epics/{id}";
    let restored = "/orgs/{org}/products/{key}/epics/{id}/restore";
    let moved = "/orgs/{org}/products/{key}/epics/{id}/status";
    let feature = "/orgs/{org}/products/{key}/epics/{id}/features/{feature}";
    api.tag("Epics", "Large pieces of work, each of several features.")
        .list(all, Perm::Read, "The product's epics, the newest first.", list)
        .create(all, Perm::PlanWrite, "Creates an epic.", create)
        .get(one, Perm::Read, "One epic with how its features add up.", get)
        .change(one, Perm::PlanWrite, "Changes an epic.", change)
        .delete(one, Perm::PlanWrite, "Deletes an epic so that it can be restored. Its features stay.", delete)
        .verb(restored, Perm::PlanWrite, "Brings a deleted epic back.", restore)
        .act(
            moved,
            Perm::PlanWrite,
            "Moves an epic to a status that may follow its own.\n\nWhat may follow what:\n\n\
             - `PLANNING`: `IN_PROGRESS`, `CANCELLED`\n\
             - `IN_PROGRESS`: `COMPLETED`, `PLANNING`, `CANCELLED`\n\
             - `COMPLETED`: `IN_PROGRESS`\n\
             - `CANCELLED`: `PLANNING`",
            set_status,
        )
        .put(feature, Perm::FeatureWrite, "Puts a feature of the product into the epic, out of the one that it was in.", add)
        .delete(feature, Perm::FeatureWrite, "Takes a feature out of the epic.", take_out)
}

impl Resource for Epic {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    fn version(&self) -> Option<String> {
        Some(EpicFields::from(self).version())
    }
}

/// What is said of an epic.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EpicBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Markdown.
    #[serde(default)]
    #[schema(max_length = 20000)]
    description: String,
    /// The day on which work begins.
    start_date: Option<Day>,
    /// Not before the start.
    end_date: Option<Day>,
}

impl Body for EpicBody {
    fn example() -> Value {
        json!({ "title": "Native apps", "description": "One for each platform.", "startDate": "2026-11-02", "endDate": "2026-12-24" })
    }
}

impl From<&Epic> for EpicBody {
    fn from(epic: &Epic) -> Self {
        let Epic { title, description, .. } = epic.clone();
        EpicBody { title, description, start_date: Day::of(epic.start_date), end_date: Day::of(epic.end_date) }
    }
}

impl From<EpicBody> for EpicForm {
    fn from(body: EpicBody) -> Self {
        let EpicBody { title, description, start_date, end_date } = body;
        EpicForm { title, description, start_date: Day::typed(start_date), end_date: Day::typed(end_date) }
    }
}

/// Where an epic is to stand.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EpicMove {
    status: EpicStatus,
}

impl Body for EpicMove {
    fn example() -> Value {
        json!({ "status": "IN_PROGRESS" })
    }
}

/// What epics are narrowed to.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct EpicFilter {
    status: Option<EpicStatus>,
    /// Those deleted last instead.
    deleted: bool,
}

impl Filter for EpicFilter {}

/// The epic of the address.
async fn read(call: &mut Call) -> Result<Epic, Problem> {
    let (key, id) = (call.at("key"), call.at("id"));
    let product = features::product(&mut call.scope, &key).await?;
    Ok(store::get(&mut call.scope, &product.id, &id).await?)
}

async fn list(mut call: Call, filter: EpicFilter) -> Answered<Listed<Epic>> {
    let key = call.at("key");
    let query = EpicQuery { status: filter.status, deleted: filter.deleted, cursor: call.cursor_unless(filter.deleted)? };
    let product = features::product(&mut call.scope, &key).await?;
    let page = store::list(&mut call.scope, &product.id, &query).await?;
    call.done(Listed::page(page, filter.deleted))
}

async fn get(mut call: Call, _: Even) -> Answered<Epic> {
    let epic = read(&mut call).await?;
    call.done(epic)
}

async fn create(mut call: Call, body: EpicBody) -> Answered<Epic> {
    let (key, fields) = (call.at("key"), EpicForm::from(body).validate()?);
    let id = store::create(&mut call.scope, &key, fields).await?;
    let product = features::product(&mut call.scope, &key).await?;
    let epic = store::get(&mut call.scope, &product.id, &id).await?;
    call.done(epic)
}

async fn change(mut call: Call, patch: Patch<EpicBody>) -> Answered<Epic> {
    let mut seen = call.seen();
    loop {
        let epic = living(read(&mut call).await?)?;
        let version = seen.version(&epic)?;
        let fields = EpicForm::from(patch.over(&epic)?).validate()?;
        if seen.is_settled(store::update(&mut call.scope, &epic.id, &version, fields).await)? {
            break;
        }
    }
    let epic = read(&mut call).await?;
    call.done(epic)
}

async fn set_status(mut call: Call, body: EpicMove) -> Answered<Epic> {
    let epic = living(read(&mut call).await?)?;
    may_follow(epic.status.may_become(body.status), epic.status.next(), EpicStatus::word)?;
    store::set_status(&mut call.scope, &epic.id, body.status).await?;
    let epic = read(&mut call).await?;
    call.done(epic)
}

async fn delete(mut call: Call) -> Answered<()> {
    let epic = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &epic.id, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<Epic> {
    let epic = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &epic.id, false).await?;
    let epic = read(&mut call).await?;
    call.done(epic)
}

async fn add(mut call: Call) -> Answered<()> {
    let (epic, feature) = (living(read(&mut call).await?)?, call.at("feature"));
    store::add(&mut call.scope, &epic.id, &feature).await?;
    call.done(())
}

async fn take_out(mut call: Call) -> Answered<()> {
    let (epic, feature) = (living(read(&mut call).await?)?, call.at("feature"));
    store::take_out(&mut call.scope, &epic.id, &feature).await?;
    call.done(())
}
