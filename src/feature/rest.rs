//! The REST API of features.

mod body;

use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Dependencies, Feature, FeatureFields, FeatureForm, FeatureLink, FeatureQuery, FeatureSort, FeatureStatus, criteria};
use super::store;
use crate::idea::model::IdeaLink;
use crate::idea::rest as ideas;
use crate::kernel::priority::Priority;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::{Even, Whole};
use crate::server::rest::{Answered, Api, Call, Filter, Listed, Patch, Problem, Resource, living};
use body::{ConvertBody, Converted, CriterionTick, FeatureBody, FeatureMove};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/features";
    let one = "/orgs/{org}/products/{key}/features/{id}";
    let restored = "/orgs/{org}/products/{key}/features/{id}/restore";
    let moved = "/orgs/{org}/products/{key}/features/{id}/status";
    let ticked = "/orgs/{org}/products/{key}/features/{id}/criteria";
    let ideas = "/orgs/{org}/products/{key}/features/{id}/ideas";
    let dependencies = "/orgs/{org}/products/{key}/features/{id}/dependencies";
    let blocker = "/orgs/{org}/products/{key}/features/{id}/blockers/{blocker}";
    let converted = "/orgs/{org}/products/{key}/ideas/{id}/convert";
    let built = "/orgs/{org}/products/{key}/ideas/{id}/features";
    api.tag("Features", "Parts of a product that are built as one, in epics or without, and what waits for what.")
        .list(all, Perm::Read, "The product's features.", list)
        .create(all, Perm::FeatureWrite, "Creates a feature.", create)
        .get(one, Perm::Read, "One feature.", get)
        .change(one, Perm::FeatureWrite, "Changes a feature.", change)
        .delete(one, Perm::FeatureWrite, "Deletes a feature so that it can be restored.", delete)
        .verb(restored, Perm::FeatureWrite, "Brings a deleted feature back.", restore)
        .act(moved, Perm::FeatureWrite, "Moves a feature to a status; any may follow any. The ideas that it came from follow.", set_status)
        .act(ticked, Perm::FeatureWrite, "Ticks a line of the acceptance criteria, or takes the tick back.", tick)
        .list(ideas, Perm::Read, "The live ideas that the feature came from.", ideas_of)
        .get(dependencies, Perm::Read, "What the feature waits for, and what waits for it.", dependencies_of)
        .put(blocker, Perm::FeatureWrite, "Has the feature wait for another of the product.", link)
        .delete(blocker, Perm::FeatureWrite, "Has the feature wait for the other no more.", unlink)
        .list(built, Perm::Read, "The live features that an idea became.", features_of)
        .act(converted, Perm::IdeaReview, "Converts an approved idea to features, and begins its development.", convert)
}

impl Resource for Feature {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    fn version(&self) -> Option<String> {
        Some(FeatureFields::from(self).version())
    }
}

impl Resource for Dependencies {
    fn key(&self) -> String {
        String::new()
    }
}

/// What features are narrowed to, and ordered by.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct FeatureFilter {
    sort: Option<FeatureSort>,
    status: Option<FeatureStatus>,
    priority: Option<Priority>,
    /// An epic's id, or `none`.
    #[schema(pattern = "^[A-Za-z0-9]+$")]
    epic: Option<String>,
    /// The id of a person, or `none`.
    #[schema(pattern = "^[A-Za-z0-9]+$")]
    assignee: Option<String>,
    /// Words of the title.
    #[schema(min_length = 1)]
    find: Option<String>,
    /// Those deleted last instead.
    deleted: bool,
}

impl Filter for FeatureFilter {}

impl FeatureFilter {
    fn asked(self, call: &Call) -> Result<FeatureQuery, Problem> {
        for (name, id) in [("epic", &self.epic), ("assignee", &self.assignee)] {
            if id.as_ref().is_some_and(|id| id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric())) {
                return Err(Problem::parameter(name, "Enter an id, or none."));
            }
        }
        if self.find.as_ref().is_some_and(String::is_empty) {
            return Err(Problem::parameter("find", "Enter a word, or leave it out."));
        }
        let FeatureFilter { sort, status, priority, epic, assignee, find, deleted } = self;
        let (sort, cursor) = (sort.unwrap_or_default(), call.cursor_unless(deleted)?);
        Ok(FeatureQuery { sort, status, priority, epic, assignee, find, deleted, cursor })
    }
}

/// The feature of the address, deleted or not.
pub async fn read(call: &mut Call) -> Result<Feature, Problem> {
    let id = call.at("id");
    read_one(call, &id).await
}

async fn read_one(call: &mut Call, id: &str) -> Result<Feature, Problem> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    Ok(store::get(&mut call.scope, &product.id, id).await?.counted())
}

async fn list(mut call: Call, filter: FeatureFilter) -> Answered<Listed<Feature>> {
    let (key, query) = (call.at("key"), filter.asked(&call)?);
    let product = store::product(&mut call.scope, &key).await?;
    let page = store::whole(&mut call.scope, &product.id, &query).await?;
    call.done(Listed::page(page, query.deleted).map(Feature::counted))
}

async fn get(mut call: Call, _: Even) -> Answered<Feature> {
    let feature = read(&mut call).await?;
    call.done(feature)
}

async fn create(mut call: Call, body: FeatureBody) -> Answered<Feature> {
    let (key, fields) = (call.at("key"), FeatureForm::from(body).validate()?);
    let id = store::create(&mut call.scope, &key, fields).await?;
    let feature = read_one(&mut call, &id).await?;
    call.done(feature)
}

async fn change(mut call: Call, patch: Patch<FeatureBody>) -> Answered<Feature> {
    let mut seen = call.seen();
    loop {
        let feature = living(read(&mut call).await?)?;
        let version = seen.version(&feature)?;
        let fields = FeatureForm::from(patch.over(&feature)?).validate()?;
        if seen.is_settled(store::update(&mut call.scope, &feature.id, &version, fields).await)? {
            break;
        }
    }
    let feature = read(&mut call).await?;
    call.done(feature)
}

async fn set_status(mut call: Call, body: FeatureMove) -> Answered<Feature> {
    let feature = living(read(&mut call).await?)?;
    store::set_status(&mut call.scope, &feature.id, body.status).await?;
    let feature = read(&mut call).await?;
    call.done(feature)
}

async fn tick(mut call: Call, body: CriterionTick) -> Answered<Feature> {
    let feature = living(read(&mut call).await?)?;
    let text = feature.acceptance_criteria.as_deref().unwrap_or_default();
    let number = body.line as usize;
    let line = text.split('\n').nth(number).unwrap_or_default();
    match criteria::ticked(line) {
        Some(ticked) if ticked == body.ticked => {}
        Some(_) => store::tick(&mut call.scope, &feature.id, number, line).await?,
        None => return Err(Problem::at("#/line", "There is nothing to tick in this line.")),
    }
    let feature = read(&mut call).await?;
    call.done(feature)
}

async fn delete(mut call: Call) -> Answered<()> {
    let feature = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &feature.id, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<Feature> {
    let feature = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &feature.id, false).await?;
    let feature = read(&mut call).await?;
    call.done(feature)
}

async fn ideas_of(mut call: Call, _: Whole) -> Answered<Listed<IdeaLink>> {
    let feature = living(read(&mut call).await?)?;
    let ideas = store::ideas_of(&mut call.scope, &feature.id).await?;
    call.done(Listed::all(ideas))
}

async fn dependencies_of(mut call: Call, _: Whole) -> Answered<Dependencies> {
    let feature = living(read(&mut call).await?)?;
    let dependencies = store::dependencies(&mut call.scope, &feature.id).await?;
    call.done(dependencies)
}

async fn link(mut call: Call) -> Answered<()> {
    let (feature, blocker) = (living(read(&mut call).await?)?, call.at("blocker"));
    if !store::dependencies(&mut call.scope, &feature.id).await?.blockers.iter().any(|known| known.id == blocker) {
        store::link(&mut call.scope, &blocker, &feature.id).await?;
    }
    call.done(())
}

async fn unlink(mut call: Call) -> Answered<()> {
    let (feature, blocker) = (living(read(&mut call).await?)?, call.at("blocker"));
    store::unlink(&mut call.scope, &feature.id, &blocker, &feature.id).await?;
    call.done(())
}

/// What a live idea of the product became.
async fn built(call: &mut Call) -> Result<Vec<FeatureLink>, Problem> {
    let idea = ideas::live(call).await?;
    Ok(store::built(&mut call.scope, &idea.id).await?.features)
}

async fn features_of(mut call: Call, _: Whole) -> Answered<Listed<FeatureLink>> {
    let features = built(&mut call).await?;
    call.done(Listed::all(features))
}

async fn convert(mut call: Call, body: ConvertBody) -> Answered<Converted> {
    let fields = body.checked()?;
    let idea = ideas::live(&mut call).await?;
    store::convert(&mut call.scope, &idea.id, fields).await?;
    let features = built(&mut call).await?;
    call.done(Converted { features })
}
