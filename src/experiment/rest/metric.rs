//! The REST API of metrics: what is measured of each user.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{found, live};
use crate::experiment::model::analysis::{MetricDirection, MetricKind, MetricRole};
use crate::experiment::model::number::{Unit, plain};
use crate::experiment::model::{Experiment, ExperimentStatus, Metric, MetricFields, MetricForm};
use crate::experiment::store;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::problem::Code;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Body, Call, Listed, Patch, Problem, Resource};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/experiments/{id}/metrics";
    let one = "/orgs/{org}/products/{key}/experiments/{id}/metrics/{metric}";
    api.tag("Metrics of experiments", "What is measured of each user.")
        .list(all, Perm::Read, "The experiment's metrics, the primary ones first.", list)
        .create(all, Perm::PlanWrite, "Adds a metric to a draft.", create)
        .get(one, Perm::Read, "One metric.", get)
        .change(one, Perm::PlanWrite, "Changes a metric; once the experiment has started its name alone.", change)
        .delete(one, Perm::PlanWrite, "Takes a metric out of a draft.", delete)
}

impl Resource for Metric {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn version(&self) -> Option<String> {
        Some(MetricFields::from(self).version())
    }
}

/// What is said of a metric.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MetricBody {
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    #[serde(default)]
    #[schema(inline)]
    kind: MetricKind,
    #[serde(default)]
    #[schema(inline)]
    direction: MetricDirection,
    #[serde(default)]
    #[schema(inline)]
    role: MetricRole,
    /// The relative worsening that a guardrail is allowed, from 0 to 1, as of 0.02 for two per cent; of a guardrail alone.
    #[schema(minimum = 0, maximum = 1)]
    margin: Option<f64>,
}

impl Body for MetricBody {
    fn example() -> Value {
        json!({ "name": "Signed up", "kind": "PROPORTION", "direction": "INCREASE", "role": "PRIMARY" })
    }
}

impl From<&Metric> for MetricBody {
    fn from(metric: &Metric) -> Self {
        let MetricFields { name, kind, direction, role, margin } = MetricFields::from(metric);
        MetricBody { name, kind, direction, role, margin }
    }
}

impl From<MetricBody> for MetricForm {
    fn from(body: MetricBody) -> Self {
        MetricForm {
            name: body.name,
            kind: body.kind.word().into(),
            direction: body.direction.word().into(),
            role: body.role.word().into(),
            margin: body.margin.map(plain).unwrap_or_default(),
        }
    }
}

impl MetricBody {
    fn fields(self) -> Result<MetricFields, Problem> {
        Ok(MetricForm::from(self).validate_in(Unit::One)?)
    }
}

/// The live experiment of the address and one of its metrics.
async fn read_one(call: &mut Call, id: &str) -> Result<(Experiment, Metric), Problem> {
    let (experiment, _, metrics) = live(call).await?;
    let metric = found(metrics.into_iter().find(|metric| metric.id == id))?;
    Ok((experiment, metric))
}

async fn read(call: &mut Call) -> Result<(Experiment, Metric), Problem> {
    let id = call.at("metric");
    read_one(call, &id).await
}

async fn list(mut call: Call, _: Whole) -> Answered<Listed<Metric>> {
    let (_, _, metrics) = live(&mut call).await?;
    call.done(Listed::all(metrics))
}

async fn get(mut call: Call, _: Whole) -> Answered<Metric> {
    let (_, metric) = read(&mut call).await?;
    call.done(metric)
}

async fn create(mut call: Call, body: MetricBody) -> Answered<Metric> {
    let fields = body.fields()?;
    let (experiment, _, _) = live(&mut call).await?;
    let id = store::add_metric(&mut call.scope, &experiment.id, fields).await?;
    let (_, metric) = read_one(&mut call, &id).await?;
    call.done(metric)
}

async fn change(mut call: Call, patch: Patch<MetricBody>) -> Answered<Metric> {
    let mut seen = call.seen();
    loop {
        let (experiment, metric) = read(&mut call).await?;
        let version = seen.version(&metric)?;
        let fields = patch.over(&metric)?.fields()?;
        if experiment.status != ExperimentStatus::Draft && fields.clone().named(&metric).version() != fields.version() {
            return Err(Problem::new(
                Code::Conflict,
                "This experiment has started: a metric can be renamed, and stays as it is otherwise.",
            ));
        }
        if seen.is_settled(store::update_metric(&mut call.scope, &metric.id, &version, fields).await)? {
            break;
        }
    }
    let (_, metric) = read(&mut call).await?;
    call.done(metric)
}

async fn delete(mut call: Call) -> Answered<()> {
    let (_, metric) = read(&mut call).await?;
    store::remove_metric(&mut call.scope, &metric.id).await?;
    call.done(())
}
