//! The REST API of releases; what hangs on one is in `rest_parts`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::{Release, ReleaseFields, ReleaseForm, ReleaseQuery, ReleaseStatus, ReleaseSummary, ReleaseType, Show};
use super::store;
use crate::feature::model::FeatureLink;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::{Even, Whole};
use crate::server::rest::value::Day;
use crate::server::rest::{Answered, Api, Body, Call, Filter, Listed, Patch, Problem, Resource, both, living, may_follow};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/releases";
    let one = "/orgs/{org}/products/{key}/releases/{id}";
    let restored = "/orgs/{org}/products/{key}/releases/{id}/restore";
    let moved = "/orgs/{org}/products/{key}/releases/{id}/status";
    let features = "/orgs/{org}/products/{key}/releases/{id}/features";
    let feature = "/orgs/{org}/products/{key}/releases/{id}/features/{feature}";
    api.tag("Releases", "Versions of a product that go out as one, with their features, launch checklists and changelogs.")
        .list(all, Perm::Read, "The product's releases: those to come, the next one first, unless `show` says which.", list)
        .create(all, Perm::PlanWrite, "Creates a release.", create)
        .get(one, Perm::Read, "One release with how far it is.", get)
        .change(one, Perm::PlanWrite, "Changes a release.", change)
        .delete(one, Perm::PlanWrite, "Deletes a release so that it can be restored.", delete)
        .verb(restored, Perm::PlanWrite, "Brings a deleted release back.", restore)
        .act(
            moved,
            Perm::PlanWrite,
            "Moves a release to a status that may follow its own; to READY only with no required item open.\n\nWhat may follow what:\n\n\
             - `PLANNING`: `IN_PROGRESS`, `CANCELLED`\n\
             - `IN_PROGRESS`: `TESTING`, `PLANNING`, `CANCELLED`\n\
             - `TESTING`: `READY`, `IN_PROGRESS`, `CANCELLED`\n\
             - `READY`: `RELEASED`, `TESTING`, `CANCELLED`\n\
             - `RELEASED`: nothing\n\
             - `CANCELLED`: `PLANNING`",
            set_status,
        )
        .list(features, Perm::Read, "The live features that go out with the release.", features_of)
        .put(feature, Perm::PlanWrite, "Lets a feature of the product go out with the release.", add_feature)
        .delete(feature, Perm::PlanWrite, "Takes a feature out of the release.", remove_feature)
}

/// A release with how far it is: features that are neither deleted nor cancelled, and items of its checklist.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReleaseRow {
    #[serde(flatten)]
    release: Release,
    features: i64,
    features_done: i64,
    items: i64,
    items_done: i64,
}

impl From<ReleaseSummary> for ReleaseRow {
    fn from(summary: ReleaseSummary) -> Self {
        let ReleaseSummary { release, features_done, features, items_done, items } = summary;
        ReleaseRow { release, features, features_done, items, items_done }
    }
}

impl Resource for ReleaseRow {
    fn key(&self) -> String {
        self.release.id.clone()
    }

    fn is_deleted(&self) -> bool {
        self.release.deleted_at.is_some()
    }

    fn version(&self) -> Option<String> {
        Some(ReleaseFields::from(&self.release).version())
    }
}

/// What is said of a release.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReleaseBody {
    /// Made of the version if it is left out.
    #[serde(default)]
    #[schema(max_length = 200)]
    name: String,
    /// One of a kind within the product.
    #[schema(min_length = 1, max_length = 64)]
    version: String,
    #[serde(default, rename = "type")]
    #[schema(inline)]
    kind: ReleaseType,
    /// Markdown.
    #[schema(max_length = 20000)]
    description: Option<String>,
    /// The day it is to go out.
    target_date: Option<Day>,
    /// Of a release that is out: the day it went out.
    release_date: Option<Day>,
}

impl Body for ReleaseBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("kind", "type")];

    fn example() -> Value {
        json!({ "name": "Autumn", "version": "1.4.0", "type": "MINOR", "targetDate": "2026-11-23" })
    }
}

impl ReleaseBody {
    /// A day that another client has left there is read, and may be sent again.
    ///
    /// # Errors
    /// Of the day it went out, while it is not out.
    fn has_its_day(&self, stored: Option<&Release>) -> Result<(), Problem> {
        let is_out = stored.is_some_and(|release| release.status == ReleaseStatus::Released);
        let kept = Day::of(stored.and_then(|release| release.release_date));
        match is_out || self.release_date.is_none() || self.release_date == kept {
            true => Ok(()),
            false => Err(Problem::at("#/releaseDate", "A release that is not out has no such day yet: it gets it when it is released.")),
        }
    }
}

impl From<&ReleaseRow> for ReleaseBody {
    fn from(row: &ReleaseRow) -> Self {
        let fields = ReleaseFields::from(&row.release);
        ReleaseBody {
            name: fields.name,
            version: fields.version,
            kind: fields.kind,
            description: fields.description,
            target_date: Day::of(fields.target_date),
            release_date: Day::of(fields.release_date),
        }
    }
}

impl From<ReleaseBody> for ReleaseForm {
    fn from(body: ReleaseBody) -> Self {
        ReleaseForm {
            name: body.name,
            version: body.version,
            kind: body.kind.word().into(),
            description: body.description.unwrap_or_default(),
            target_date: Day::typed(body.target_date),
            release_date: Day::typed(body.release_date),
        }
    }
}

/// Where a release is to stand.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReleaseMove {
    status: ReleaseStatus,
}

impl Body for ReleaseMove {
    fn example() -> Value {
        json!({ "status": "IN_PROGRESS" })
    }
}

/// Which releases are asked for.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct ReleaseFilter {
    /// `upcoming` if nothing is said: what is neither out nor cancelled, the next one first and those without a date last. `released`,
    /// the latest first. `cancelled`, `deleted`, and `all` that are not deleted: those made last first. Here is no `deleted=true`.
    show: Option<Show>,
    #[serde(rename = "type")]
    kind: Option<ReleaseType>,
}

impl Filter for ReleaseFilter {}

/// The release of the address.
async fn read(call: &mut Call) -> Result<ReleaseRow, Problem> {
    let id = call.at("id");
    read_one(call, &id).await
}

async fn read_one(call: &mut Call, id: &str) -> Result<ReleaseRow, Problem> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    Ok(store::get(&mut call.scope, &product.id, id).await?.into())
}

async fn list(mut call: Call, filter: ReleaseFilter) -> Answered<Listed<ReleaseRow>> {
    let key = call.at("key");
    let query = ReleaseQuery { show: filter.show.unwrap_or_default(), kind: filter.kind, cursor: call.cursor()? };
    let product = store::product(&mut call.scope, &key).await?;
    let page = store::list(&mut call.scope, &product.id, &query).await?;
    call.done(Listed::from(page).map(ReleaseRow::from))
}

async fn get(mut call: Call, _: Even) -> Answered<ReleaseRow> {
    let release = read(&mut call).await?;
    call.done(release)
}

async fn create(mut call: Call, body: ReleaseBody) -> Answered<ReleaseRow> {
    let (key, day) = (call.at("key"), body.has_its_day(None));
    let (fields, ()) = both(ReleaseForm::from(body).validate(), day)?;
    let id = store::create(&mut call.scope, &key, fields).await?;
    let release = read_one(&mut call, &id).await?;
    call.done(release)
}

async fn change(mut call: Call, patch: Patch<ReleaseBody>) -> Answered<ReleaseRow> {
    let mut seen = call.seen();
    loop {
        let row = living(read(&mut call).await?)?;
        let version = seen.version(&row)?;
        let body = patch.over(&row)?;
        let day = body.has_its_day(Some(&row.release));
        let (fields, ()) = both(ReleaseForm::from(body).validate(), day)?;
        if seen.is_settled(store::update(&mut call.scope, &row.release.id, &version, fields).await)? {
            break;
        }
    }
    let release = read(&mut call).await?;
    call.done(release)
}

async fn set_status(mut call: Call, body: ReleaseMove) -> Answered<ReleaseRow> {
    let row = living(read(&mut call).await?)?;
    let from = row.release.status;
    may_follow(from.may_become(body.status), from.moves(), ReleaseStatus::word)?;
    store::set_status(&mut call.scope, &row.release.id, body.status).await?;
    let row = read(&mut call).await?;
    call.done(row)
}

async fn delete(mut call: Call) -> Answered<()> {
    let row = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &row.release.id, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<ReleaseRow> {
    let row = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &row.release.id, false).await?;
    let row = read(&mut call).await?;
    call.done(row)
}

async fn features_of(mut call: Call, _: Whole) -> Answered<Listed<FeatureLink>> {
    let row = living(read(&mut call).await?)?;
    let features = store::features(&mut call.scope, &row.release.id).await?;
    call.done(Listed::all(features))
}

async fn add_feature(mut call: Call) -> Answered<()> {
    let (row, feature) = (living(read(&mut call).await?)?, call.at("feature"));
    store::add_feature(&mut call.scope, &row.release.id, &feature).await?;
    call.done(())
}

async fn remove_feature(mut call: Call) -> Answered<()> {
    let (row, feature) = (living(read(&mut call).await?)?, call.at("feature"));
    store::remove_feature(&mut call.scope, &row.release.id, &feature).await?;
    call.done(())
}
