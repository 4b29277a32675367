//! The REST API of ideas.

mod body;
mod many;
mod views;

use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Idea, IdeaFields, IdeaQuery, IdeaSort, IdeaStatus, ScoreFields};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::Even;
use crate::server::rest::{Answered, Api, Call, Filter, Listed, Patch, Problem, Resource, Wrong, living, may_follow, named};
use body::{IdeaBody, IdeaMerge, IdeaMove, SCORES, TEXT};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/ideas";
    let one = "/orgs/{org}/products/{key}/ideas/{id}";
    let restored = "/orgs/{org}/products/{key}/ideas/{id}/restore";
    let moved = "/orgs/{org}/products/{key}/ideas/{id}/status";
    let merged = "/orgs/{org}/products/{key}/ideas/{id}/merge";
    let bulk = "/orgs/{org}/products/{key}/ideas/bulk";
    let undone = "/orgs/{org}/products/{key}/ideas/bulk/{bulk}/undo";
    let api = api
        .tag("Ideas", "What a product could become: scored by RICE, ICE and WSJF, voted for, reviewed, and converted to features.")
        .list(all, Perm::Read, "The product's ideas, ranked by a score or another key, the highest first.", list)
        .create(all, Perm::IdeaWrite, "Creates an idea. Only reviewers score it with that.", create)
        .get(one, Perm::Read, "One idea.", get)
        .change(one, Perm::IdeaWrite, "Changes an idea: one's own text, or as a reviewer any idea and its scores.", change)
        .delete(one, Perm::IdeaWrite, "Deletes an idea so that it can be restored: one's own, or as a reviewer any.", delete)
        .verb(
            restored,
            Perm::IdeaWrite,
            "Brings a deleted idea back. Of one that was merged votes and comments stay where they went.",
            restore,
        )
        .act(
            moved,
            Perm::IdeaReview,
            "Moves an idea to a status that may follow its own.\n\nWhat may follow what:\n\n\
             - `SUBMITTED`: `UNDER_REVIEW`, `REJECTED`\n\
             - `UNDER_REVIEW`: `APPROVED`, `REJECTED`\n\
             - `APPROVED`: `IN_DEVELOPMENT`, `REJECTED`\n\
             - `IN_DEVELOPMENT`: `IMPLEMENTED`\n\
             - `IMPLEMENTED`: nothing\n\
             - `REJECTED`: `UNDER_REVIEW`",
            set_status,
        )
        .act(
            merged,
            Perm::IdeaReview,
            "Moves all that hangs on this idea to another of the product, which is answered, and deletes it.",
            merge,
        )
        .act(bulk, Perm::IdeaReview, "Changes many ideas at once; those that may not be changed so are left and named.", many::change)
        .verb(undone, Perm::IdeaReview, "Takes a change of many ideas back, within an hour.", many::undo);
    views::routes(api)
}

impl Resource for Idea {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    fn version(&self) -> Option<String> {
        Some(format!("{}-{}", IdeaFields::from(self).version(), ScoreFields::from(self).version()))
    }
}

/// What ideas are narrowed to, and ranked by.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct IdeaFilter {
    sort: Option<IdeaSort>,
    status: Option<IdeaStatus>,
    /// One tag, as it is written.
    #[schema(min_length = 1, pattern = "^[^\\x00]+$")]
    tag: Option<String>,
    /// Those deleted last instead.
    deleted: bool,
}

impl Filter for IdeaFilter {}

/// The idea of the address.
async fn read(call: &mut Call) -> Result<Idea, Problem> {
    let id = call.at("id");
    read_one(call, &id).await
}

/// The live idea of the address `…/ideas/{id}`, for what other slices have of it.
pub(crate) async fn live(call: &mut Call) -> Result<Idea, Problem> {
    living(read(call).await?)
}

async fn read_one(call: &mut Call, id: &str) -> Result<Idea, Problem> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    Ok(store::get(&mut call.scope, &product.id, id).await?)
}

async fn list(mut call: Call, filter: IdeaFilter) -> Answered<Listed<Idea>> {
    let key = call.at("key");
    let IdeaFilter { sort, status, tag, deleted } = filter;
    if tag.as_ref().is_some_and(|tag| tag.is_empty() || tag.contains('\0')) {
        return Err(Problem::parameter("tag", "Enter a tag, or leave it out."));
    }
    let query = IdeaQuery { sort: sort.unwrap_or_default(), status, tag, deleted, cursor: call.cursor_unless(deleted)?, bulk: None };
    let product = store::product(&mut call.scope, &key).await?;
    let page = store::list(&mut call.scope, &product.id, &query).await?;
    call.done(Listed::page(page, deleted))
}

async fn get(mut call: Call, _: Even) -> Answered<Idea> {
    let idea = read(&mut call).await?;
    call.done(idea)
}

/// Only reviewers score.
fn may_score(call: &Call) -> Result<(), Problem> {
    if call.scope.can(Perm::IdeaReview) { Ok(()) } else { Err(AppError::Forbidden.into()) }
}

async fn create(mut call: Call, body: IdeaBody) -> Answered<Idea> {
    let (key, scored) = (call.at("key"), body.is_scored());
    if scored {
        may_score(&call)?;
    }
    let (text, scores) = body.checked()?;
    let id = store::create(&mut call.scope, &key, text).await?;
    let mut idea = read_one(&mut call, &id).await?;
    if scored {
        store::score(&mut call.scope, &id, &ScoreFields::from(&idea).version(), scores).await?;
        idea = read_one(&mut call, &id).await?;
    }
    call.done(idea)
}

async fn change(mut call: Call, patch: Patch<IdeaBody>) -> Answered<Idea> {
    let (has_text, has_scores) = (patch.names(&TEXT), patch.names(&SCORES));
    if has_scores {
        may_score(&call)?;
    }
    let mut seen = call.seen();
    loop {
        let idea = live(&mut call).await?;
        seen.version(&idea)?;
        let (text, scores) = patch.over(&idea)?.checked()?;
        // Without either it is whatever the caller may change.
        if has_text || !has_scores {
            let version = IdeaFields::from(&idea).version();
            if !seen.is_settled(store::update(&mut call.scope, &idea.id, &version, text).await)? {
                continue;
            }
        }
        if has_scores {
            let version = ScoreFields::from(&idea).version();
            if !seen.is_settled(store::score(&mut call.scope, &idea.id, &version, scores).await)? {
                continue;
            }
        }
        break;
    }
    let idea = read(&mut call).await?;
    call.done(idea)
}

async fn set_status(mut call: Call, body: IdeaMove) -> Answered<Idea> {
    let idea = live(&mut call).await?;
    may_follow(idea.status.may_become(body.status), idea.status.next(), IdeaStatus::word)?;
    store::set_status(&mut call.scope, &idea.id, body.status).await?;
    let idea = read(&mut call).await?;
    call.done(idea)
}

async fn merge(mut call: Call, body: IdeaMerge) -> Answered<Idea> {
    let idea = live(&mut call).await?;
    let wrong = || Wrong::at("#/intoId", "Choose another idea of the product that has not been deleted.");
    let into = named(read_one(&mut call, &body.into_id).await, wrong())?;
    if into.is_deleted() || into.id == idea.id {
        return Err(Problem::of(vec![wrong()]));
    }
    store::merge::merge(&mut call.scope, &idea.id, &into.id).await?;
    let into = read_one(&mut call, &into.id).await?;
    call.done(into)
}

async fn delete(mut call: Call) -> Answered<()> {
    let idea = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &idea.id, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<Idea> {
    let idea = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &idea.id, false).await?;
    let idea = read(&mut call).await?;
    call.done(idea)
}
