//! The REST API of the organisation's own objectives.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{OkrMove, quarter};
use crate::goal::okr::model::{Aligned, Objective, ObjectiveFields, ObjectiveForm, OkrStatus, Quarter};
use crate::goal::okr::store::objective as store;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::{Even, Whole};
use crate::server::rest::{Answered, Api, Body, Call, Filter, Listed, Patch, Problem, Resource, living, may_follow};
use crate::server::zone::days;

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/objectives";
    let one = "/orgs/{org}/objectives/{id}";
    let restored = "/orgs/{org}/objectives/{id}/restore";
    let moved = "/orgs/{org}/objectives/{id}/status";
    let okrs = "/orgs/{org}/objectives/{id}/okrs";
    api.tag(
        "Objectives of the organisation",
        "What everybody is to reach in a quarter; what serves it are the products' OKRs. Not for tokens for some products.",
    )
    .list(all, Perm::Read, "The organisation's objectives of a quarter, and those of another that something of it serves.", list)
    .create(all, Perm::PlanWrite, "Creates an objective of the organisation.", create)
    .get(one, Perm::Read, "One objective of the organisation.", get)
    .change(one, Perm::PlanWrite, "Changes an objective of the organisation.", change)
    .delete(one, Perm::PlanWrite, "Deletes an objective of the organisation so that it can be restored.", delete)
    .verb(restored, Perm::PlanWrite, "Brings a deleted objective of the organisation back.", restore)
    .act(
        moved,
        Perm::PlanWrite,
        "Moves an objective of the organisation to a status that may follow its own.\n\nWhat may follow what:\n\n\
         - `DRAFT`: `ACTIVE`, `CANCELLED`\n\
         - `ACTIVE`: `COMPLETED`, `DRAFT`, `CANCELLED`\n\
         - `COMPLETED`: `ACTIVE`\n\
         - `CANCELLED`: `DRAFT`",
        set_status,
    )
    .list(okrs, Perm::Read, "The OKRs that serve the objective, and those that serve these.", okrs_of)
}

impl Resource for Objective {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    fn version(&self) -> Option<String> {
        Some(ObjectiveFields::from(self).version())
    }
}

/// What is said of an objective of the organisation.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ObjectiveBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Markdown.
    #[schema(max_length = 20000)]
    description: Option<String>,
    /// Such as `2026-Q4`.
    #[schema(pattern = "^20[0-9]{2}-Q[1-4]$")]
    quarter: String,
    /// A member, by the id of the person; of a new one the token's owner, if nobody is named.
    owner_id: Option<String>,
}

impl Body for ObjectiveBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("owner", "ownerId")];

    fn example() -> Value {
        json!({ "title": "Be the place where teams plan", "quarter": "2026-Q4" })
    }
}

impl From<&Objective> for ObjectiveBody {
    fn from(objective: &Objective) -> Self {
        let ObjectiveFields { title, description, quarter, owner } = ObjectiveFields::from(objective);
        ObjectiveBody { title, description, quarter: quarter.word(), owner_id: Some(owner) }
    }
}

impl From<ObjectiveBody> for ObjectiveForm {
    fn from(body: ObjectiveBody) -> Self {
        ObjectiveForm {
            title: body.title,
            description: body.description.unwrap_or_default(),
            quarter: body.quarter,
            owner: body.owner_id.unwrap_or_default(),
        }
    }
}

/// Which of the organisation's objectives are asked for.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct ObjectiveFilter {
    /// The present one if none is named.
    #[schema(pattern = "^[0-9]{4}-Q[1-4]$")]
    quarter: Option<String>,
    /// The last twenty that were deleted instead, of any quarter.
    deleted: bool,
}

impl Filter for ObjectiveFilter {}

/// The objective of the address.
async fn read(call: &mut Call) -> Result<Objective, Problem> {
    call.whole()?;
    let id = call.at("id");
    Ok(store::get(&mut call.scope, &id).await?)
}

async fn list(mut call: Call, filter: ObjectiveFilter) -> Answered<Listed<Objective>> {
    call.whole()?;
    let asked = quarter(filter.quarter)?;
    if filter.deleted {
        let objectives = store::deleted(&mut call.scope).await?;
        return call.done(Listed::all(objectives));
    }
    let quarter = match asked {
        Some(quarter) => quarter,
        None => Quarter::of(days(&mut call.scope).await?.today),
    };
    let objectives = store::of_quarter(&mut call.scope, quarter).await?;
    call.done(Listed::all(objectives))
}

async fn get(mut call: Call, _: Even) -> Answered<Objective> {
    let objective = read(&mut call).await?;
    call.done(objective)
}

async fn create(mut call: Call, mut body: ObjectiveBody) -> Answered<Objective> {
    call.whole()?;
    body.owner_id.get_or_insert_with(|| call.scope.user().id.clone());
    let fields = ObjectiveForm::from(body).validate()?;
    let id = store::create(&mut call.scope, fields).await?;
    let objective = store::get(&mut call.scope, &id).await?;
    call.done(objective)
}

async fn change(mut call: Call, patch: Patch<ObjectiveBody>) -> Answered<Objective> {
    let mut seen = call.seen();
    loop {
        let objective = living(read(&mut call).await?)?;
        let version = seen.version(&objective)?;
        let fields = ObjectiveForm::from(patch.over(&objective)?).validate()?;
        if seen.is_settled(store::update(&mut call.scope, &objective.id, &version, fields).await)? {
            break;
        }
    }
    let objective = read(&mut call).await?;
    call.done(objective)
}

async fn set_status(mut call: Call, body: OkrMove) -> Answered<Objective> {
    let objective = living(read(&mut call).await?)?;
    may_follow(objective.status.may_become(body.status), objective.status.next(), OkrStatus::word)?;
    store::set_status(&mut call.scope, &objective.id, body.status).await?;
    let objective = read(&mut call).await?;
    call.done(objective)
}

async fn delete(mut call: Call) -> Answered<()> {
    let objective = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &objective.id, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<Objective> {
    let objective = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &objective.id, false).await?;
    let objective = read(&mut call).await?;
    call.done(objective)
}

async fn okrs_of(mut call: Call, _: Whole) -> Answered<Listed<Aligned>> {
    let objective = living(read(&mut call).await?)?;
    let okrs = store::below(&mut call.scope, &objective.id).await?;
    call.done(Listed::all(okrs))
}
