//! The REST API of objectives, those of products and the organisation's own.

mod close;
mod objective;
mod result;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::{Okr, OkrFields, OkrForm, OkrLink, OkrQuery, OkrStatus, Quarter};
use super::store;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::{Even, Whole};
use crate::server::rest::{Answered, Api, Body, Call, Filter, Listed, Patch, Problem, Resource, living, may_follow};
use crate::server::zone::days;

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/okrs";
    let one = "/orgs/{org}/products/{key}/okrs/{id}";
    let restored = "/orgs/{org}/products/{key}/okrs/{id}/restore";
    let moved = "/orgs/{org}/products/{key}/okrs/{id}/status";
    let links = "/orgs/{org}/products/{key}/okrs/{id}/links";
    let api = api
        .tag("OKRs", "What a product is to reach in a quarter, measured by key results. Progress is the mean of theirs.")
        .list(all, Perm::Read, "The product's objectives, the latest quarter first and in it the newest.", list)
        .create(all, Perm::PlanWrite, "Creates an objective.", create)
        .get(one, Perm::Read, "One objective.", get)
        .change(one, Perm::PlanWrite, "Changes an objective.", change)
        .delete(one, Perm::PlanWrite, "Deletes an objective so that it can be restored.", delete)
        .verb(restored, Perm::PlanWrite, "Brings a deleted objective back.", restore)
        .act(
            moved,
            Perm::PlanWrite,
            "Moves an objective to a status that may follow its own.\n\nWhat may follow what:\n\n\
             - `DRAFT`: `ACTIVE`, `CANCELLED`\n\
             - `ACTIVE`: `COMPLETED`, `DRAFT`, `CANCELLED`\n\
             - `COMPLETED`: `ACTIVE`\n\
             - `CANCELLED`: `DRAFT`",
            set_status,
        )
        .list(links, Perm::Read, "What the objective serves, what serves it, and what it was carried over from and to.", links_of);
    objective::routes(close::routes(result::routes(api)))
}

impl Resource for Okr {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    fn version(&self) -> Option<String> {
        Some(OkrFields::from(self).version())
    }
}

/// An objective of a product. To a token for some products `parentId` and `objectiveId` are `null` where what it serves is none of
/// theirs.
#[derive(Serialize, ToSchema)]
struct OkrRow {
    #[serde(flatten)]
    okr: Okr,
}

impl OkrRow {
    fn of(okr: Okr, known: &Known) -> OkrRow {
        let parent = okr.parent_id.clone();
        let okr = match known {
            Known::All => okr,
            Known::These(ids) => Okr { parent_id: parent.filter(|id| ids.contains(id)), objective_id: None, ..okr },
        };
        OkrRow { okr }
    }
}

impl Resource for OkrRow {
    fn key(&self) -> String {
        self.okr.key()
    }

    fn is_deleted(&self) -> bool {
        self.okr.is_deleted()
    }

    /// Of what is told: a tag of what is not told would say whether a guess at it is right.
    fn version(&self) -> Option<String> {
        self.okr.version()
    }
}

/// Which objectives the caller may know of.
enum Known {
    All,
    These(HashSet<String>),
}

/// Which of those that these serve the caller may know of: a token for some products does not know of any other.
async fn known(call: &mut Call, okrs: &[&Okr]) -> Result<Known, Problem> {
    if call.scope.is_whole() {
        return Ok(Known::All);
    }
    let parents: Vec<&str> = okrs.iter().filter_map(|okr| okr.parent_id.as_deref()).collect();
    Ok(Known::These(store::seen(&mut call.scope, &parents).await?))
}

/// The objective as it is answered.
async fn answered(mut call: Call, okr: Okr) -> Answered<OkrRow> {
    let known = known(&mut call, &[&okr]).await?;
    call.done(OkrRow::of(okr, &known))
}

/// What is said of an objective.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OkrBody {
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
    /// What it serves: another objective of a product, which is read back as `parentId`, or one of the organisation, read back as
    /// `objectiveId`. A token for some products names those of its
    /// products alone. Anything else that is served it is not told, and leaves as it is: while there is such, it can name nothing here.
    serves_id: Option<String>,
}

impl Body for OkrBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("owner", "ownerId"), ("serves", "servesId")];

    fn example() -> Value {
        json!({ "title": "Teams plan together in one place", "description": "Without a spreadsheet beside it.", "quarter": "2026-Q4" })
    }
}

impl From<&Okr> for OkrBody {
    fn from(okr: &Okr) -> Self {
        let OkrFields { title, description, quarter, owner, serves } = OkrFields::from(okr);
        OkrBody { title, description, quarter: quarter.word(), owner_id: Some(owner), serves_id: serves }
    }
}

impl From<OkrBody> for OkrForm {
    fn from(body: OkrBody) -> Self {
        OkrForm {
            title: body.title,
            description: body.description.unwrap_or_default(),
            quarter: body.quarter,
            owner: body.owner_id.unwrap_or_default(),
            serves: body.serves_id.unwrap_or_default(),
        }
    }
}

/// Where an objective is to stand.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OkrMove {
    status: OkrStatus,
}

impl Body for OkrMove {
    fn example() -> Value {
        json!({ "status": "ACTIVE" })
    }
}

/// What objectives are narrowed to.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct OkrFilter {
    /// One quarter, such as `2026-Q4`.
    #[schema(pattern = "^[0-9]{4}-Q[1-4]$")]
    quarter: Option<String>,
    status: Option<OkrStatus>,
    /// The id of a person; `me` for the token's owner.
    #[schema(pattern = "^[A-Za-z0-9]+$")]
    owner: Option<String>,
    /// Only those that are behind their quarter by more than ten points.
    at_risk: bool,
    /// Those that were deleted instead, the latest quarter first and in it those deleted last.
    deleted: bool,
}

impl Filter for OkrFilter {}

/// The quarter that a parameter names.
fn quarter(word: Option<String>) -> Result<Option<Quarter>, Problem> {
    let read = |word: String| Quarter::parse(&word).ok_or_else(|| Problem::parameter("quarter", "Enter a quarter, such as 2026-Q4."));
    word.map(read).transpose()
}

/// The objective of the address.
async fn read(call: &mut Call) -> Result<Okr, Problem> {
    let id = call.at("id");
    read_one(call, &id).await
}

async fn read_one(call: &mut Call, id: &str) -> Result<Okr, Problem> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    Ok(store::get(&mut call.scope, &product.id, id).await?)
}

async fn list(mut call: Call, filter: OkrFilter) -> Answered<Listed<OkrRow>> {
    let OkrFilter { quarter: word, status, owner, at_risk, deleted } = filter;
    if owner.as_ref().is_some_and(|id| id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric())) {
        return Err(Problem::parameter("owner", "Enter the id of a person, or me."));
    }
    let query = OkrQuery { quarter: quarter(word)?, status, owner, at_risk, deleted, cursor: call.cursor_unless(deleted)? };
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    let today = days(&mut call.scope).await?.today;
    let page = store::list(&mut call.scope, &product.id, &query, today).await?;
    let known = known(&mut call, &page.rows.iter().collect::<Vec<_>>()).await?;
    call.done(Listed::page(page, deleted).map(|okr| OkrRow::of(okr, &known)))
}

async fn get(mut call: Call, _: Even) -> Answered<OkrRow> {
    let okr = read(&mut call).await?;
    answered(call, okr).await
}

async fn create(mut call: Call, mut body: OkrBody) -> Answered<OkrRow> {
    body.owner_id.get_or_insert_with(|| call.scope.user().id.clone());
    let (key, fields) = (call.at("key"), OkrForm::from(body).validate()?);
    let id = store::create(&mut call.scope, &key, fields).await?;
    let okr = read_one(&mut call, &id).await?;
    answered(call, okr).await
}

async fn change(mut call: Call, patch: Patch<OkrBody>) -> Answered<OkrRow> {
    let mut seen = call.seen();
    loop {
        let okr = living(read(&mut call).await?)?;
        let known = known(&mut call, &[&okr]).await?;
        let (version, told) = (OkrFields::from(&okr).version(), OkrRow::of(okr, &known));
        seen.version(&told)?;
        let fields = OkrForm::from(patch.over(&told.okr)?).validate()?;
        if seen.is_settled(store::update(&mut call.scope, &told.okr.id, &version, fields).await)? {
            break;
        }
    }
    let okr = read(&mut call).await?;
    answered(call, okr).await
}

async fn set_status(mut call: Call, body: OkrMove) -> Answered<OkrRow> {
    let okr = living(read(&mut call).await?)?;
    may_follow(okr.status.may_become(body.status), okr.status.next(), OkrStatus::word)?;
    store::set_status(&mut call.scope, &okr.id, body.status).await?;
    let okr = read(&mut call).await?;
    answered(call, okr).await
}

async fn delete(mut call: Call) -> Answered<()> {
    let okr = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &okr.id, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<OkrRow> {
    let okr = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &okr.id, false).await?;
    let okr = read(&mut call).await?;
    answered(call, okr).await
}

async fn links_of(mut call: Call, _: Whole) -> Answered<Listed<OkrLink>> {
    let okr = living(read(&mut call).await?)?;
    let links = store::links(&mut call.scope, &okr).await?;
    call.done(Listed::all(links))
}
