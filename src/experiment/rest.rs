//! The REST API of experiments.

mod analysis;
mod body;
mod metric;
mod power;
mod result;
mod variant;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::analysis::Decision;
use super::model::{Experiment, ExperimentFields, ExperimentQuery, ExperimentStatus, Listed as Row, Metric, Outcome, Variant};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::time::Timestamp;
use crate::kernel::version::Edited;
use crate::server::rest::problem::Code;
use crate::server::rest::query::Even;
use crate::server::rest::{Answered, Api, Call, Filter, Listed, Patch, Problem, Resource, Wrong, living, may_follow, named};
use body::{DecisionBody, ExperimentBody, ExperimentMove};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/experiments";
    let one = "/orgs/{org}/products/{key}/experiments/{id}";
    let restored = "/orgs/{org}/products/{key}/experiments/{id}/restore";
    let moved = "/orgs/{org}/products/{key}/experiments/{id}/status";
    let decided = "/orgs/{org}/products/{key}/experiments/{id}/decision";
    let api = api
        .tag("Experiments", "What is tried on some of the users, and what comes of it.")
        .list(all, Perm::Read, "The product's experiments, the newest first, each with its answer.", list)
        .create(all, Perm::PlanWrite, "Creates a draft, half of whose users are to get something else.", create)
        .get(one, Perm::Read, "One experiment, with what was decided.", get)
        .change(one, Perm::PlanWrite, "Changes an experiment. How it is read can be changed in a draft alone.", change)
        .delete(one, Perm::PlanWrite, "Deletes an experiment so that it can be restored.", delete)
        .verb(restored, Perm::PlanWrite, "Brings a deleted experiment back.", restore)
        .act(
            moved,
            Perm::PlanWrite,
            "Moves an experiment to a status that may follow its own. It is completed by a decision.\n\nWhat may follow what:\n\n\
             - `DRAFT`: `RUNNING`, `CANCELLED`\n\
             - `RUNNING`: `CANCELLED`\n\
             - `COMPLETED`: `RUNNING`\n\
             - `CANCELLED` with a `startDate`: `RUNNING`\n\
             - `CANCELLED` without one: `DRAFT`",
            set_status,
        )
        .act(decided, Perm::PlanWrite, "Completes an experiment that runs, and keeps with the decision what was known.", decide);
    analysis::routes(result::routes(metric::routes(variant::routes(power::routes(api)))))
}

impl Resource for Experiment {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    fn version(&self) -> Option<String> {
        Some(ExperimentFields::from(self).version())
    }
}

/// An experiment in a list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExperimentEntry {
    id: String,
    /// Its number among the items of its product, of which `KEY-123` is made.
    number: Option<i32>,
    name: String,
    hypothesis: String,
    status: ExperimentStatus,
    owner_id: String,
    /// The owner's name.
    owner: Option<String>,
    start_date: Option<Timestamp>,
    end_date: Option<Timestamp>,
    /// The names of its metrics.
    metrics: Vec<String>,
    /// What the data advise, while it runs.
    advice: Option<Decision>,
    /// What it says, in a few words.
    answer: String,
    /// The reason in a sentence, if there is one.
    reason: String,
    /// Units in all variants by the first primary metric; of those that run.
    units: Option<i64>,
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

impl From<Row> for ExperimentEntry {
    fn from(row: Row) -> Self {
        let Row { experiment, answer, units } = row;
        ExperimentEntry {
            id: experiment.id,
            number: experiment.number,
            name: experiment.name,
            hypothesis: experiment.hypothesis,
            status: experiment.status,
            owner_id: experiment.owner_id,
            owner: experiment.owner,
            start_date: experiment.start_date,
            end_date: experiment.end_date,
            metrics: experiment.metrics,
            advice: answer.decision,
            answer: answer.head,
            reason: answer.sentence,
            units,
            created_at: experiment.created_at,
            updated_at: experiment.updated_at,
            deleted_at: experiment.deleted_at,
        }
    }
}

/// What experiments are narrowed to.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct ExperimentFilter {
    status: Option<ExperimentStatus>,
    /// Those deleted last instead.
    deleted: bool,
}

impl Filter for ExperimentFilter {}

/// The experiment of the address, with its variants and its metrics.
async fn whole(call: &mut Call) -> Result<(Experiment, Vec<Variant>, Vec<Metric>), Problem> {
    let (key, id) = (call.at("key"), call.at("id"));
    Ok(store::whole(&mut call.scope, &key, &id).await?)
}

/// The same if it has not been deleted, for what hangs on it.
async fn live(call: &mut Call) -> Result<(Experiment, Vec<Variant>, Vec<Metric>), Problem> {
    let (experiment, variants, metrics) = whole(call).await?;
    Ok((living(experiment)?, variants, metrics))
}

/// The experiment as it is answered: the decision without what was known then, which is read as the analysis.
fn answered(experiment: Experiment) -> Experiment {
    let outcome = experiment.outcome().map(|outcome| Outcome { analysis: None, ..outcome });
    Experiment { results: outcome.and_then(|outcome| serde_json::to_value(outcome).ok()), ..experiment }
}

async fn read(call: &mut Call) -> Result<Experiment, Problem> {
    Ok(answered(whole(call).await?.0))
}

async fn list(mut call: Call, filter: ExperimentFilter) -> Answered<Listed<ExperimentEntry>> {
    let (key, query) =
        (call.at("key"), ExperimentQuery { status: filter.status, deleted: filter.deleted, cursor: call.cursor_unless(filter.deleted)? });
    let list = store::list(&mut call.scope, &key, &query).await?;
    call.done(Listed::page(list.page, filter.deleted).map(ExperimentEntry::from))
}

async fn get(mut call: Call, _: Even) -> Answered<Experiment> {
    let experiment = read(&mut call).await?;
    call.done(experiment)
}

async fn create(mut call: Call, body: ExperimentBody) -> Answered<Experiment> {
    body.has_no_days()?;
    let (key, fields) = (call.at("key"), body.fields()?);
    let id = store::create(&mut call.scope, &key, fields).await?;
    let (experiment, _, _) = store::whole(&mut call.scope, &key, &id).await?;
    call.done(answered(experiment))
}

/// Refuses to change what the experiment's status does not let change, which a form of ours would not send.
fn may_change(stored: &Experiment, fields: &ExperimentFields) -> Result<(), Problem> {
    if fields.clone().on(stored).version() == fields.version() {
        return Ok(());
    }
    let told = match stored.status {
        ExperimentStatus::Draft => "A draft has no days yet: it gets its first when it starts, and its last when it is completed.",
        _ => "Once an experiment has started, how it is read stays as it is. Its start can be moved, and its end once it is completed.",
    };
    Err(Problem::new(Code::Conflict, told))
}

async fn change(mut call: Call, patch: Patch<ExperimentBody>) -> Answered<Experiment> {
    let mut seen = call.seen();
    loop {
        let experiment = living(read(&mut call).await?)?;
        let version = seen.version(&experiment)?;
        let fields = patch.over(&experiment)?.fields()?;
        may_change(&experiment, &fields)?;
        if seen.is_settled(store::update(&mut call.scope, &experiment.id, &version, fields).await)? {
            break;
        }
    }
    let experiment = read(&mut call).await?;
    call.done(experiment)
}

async fn set_status(mut call: Call, body: ExperimentMove) -> Answered<Experiment> {
    let experiment = living(read(&mut call).await?)?;
    let (from, begun) = (experiment.status, experiment.start_date.is_some());
    may_follow(from.may_become(body.status, begun), from.next(begun), ExperimentStatus::word)?;
    store::set_status(&mut call.scope, &experiment.id, body.status).await?;
    let experiment = read(&mut call).await?;
    call.done(experiment)
}

async fn decide(mut call: Call, body: DecisionBody) -> Answered<Experiment> {
    let fields = body.fields()?;
    let experiment = living(read(&mut call).await?)?;
    let wrong = Wrong::at("#/variantId", "Choose one of the experiment's variants.");
    named(store::complete(&mut call.scope, &experiment.id, fields).await, wrong)?;
    let experiment = read(&mut call).await?;
    call.done(experiment)
}

async fn delete(mut call: Call) -> Answered<()> {
    let experiment = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &experiment.id, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<Experiment> {
    let experiment = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &experiment.id, false).await?;
    let experiment = read(&mut call).await?;
    call.done(experiment)
}

/// What is not there, or belongs to something else.
fn found<T>(thing: Option<T>) -> Result<T, Problem> {
    Ok(thing.ok_or(AppError::NotFound)?)
}
