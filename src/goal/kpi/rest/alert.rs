//! The REST API of the rules of KPIs, and of what they have told.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::live;
use crate::goal::kpi::model::{Alert, AlertForm, AlertKind, Notice, typed_number};
use crate::goal::kpi::store::alert as store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Body, Call, Listed, Problem, Resource};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/kpis/{id}/alerts";
    let one = "/orgs/{org}/products/{key}/kpis/{id}/alerts/{alert}";
    let notices = "/orgs/{org}/products/{key}/kpis/{id}/notices";
    api.tag("KPI alerts", "Rules that tell when a value needs looking at, and what they have told.")
        .list(all, Perm::Read, "The KPI's rules.", list)
        .create(all, Perm::PlanWrite, "Gives the KPI a rule.", create)
        .get(one, Perm::Read, "One rule.", get)
        .delete(one, Perm::PlanWrite, "Takes the rule away; what it has told stays.", delete)
        .list(notices, Perm::Read, "What the KPI's rules have told last, the newest first.", notices_of)
}

impl Resource for Alert {
    fn key(&self) -> String {
        self.id.clone()
    }
}

/// When a KPI raises the alarm.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AlertBody {
    kind: AlertKind,
    /// In the KPI's unit; for a change in percent of the period before, from 0.001 to 1000000.
    threshold: f64,
}

impl Body for AlertBody {
    fn example() -> Value {
        json!({ "kind": "BELOW", "threshold": 300 })
    }
}

impl From<AlertBody> for AlertForm {
    fn from(body: AlertBody) -> Self {
        AlertForm { kind: body.kind.word().into(), threshold: typed_number(body.threshold) }
    }
}

/// A rule of the KPI of the address.
async fn read(call: &mut Call, id: &str) -> Result<Alert, Problem> {
    let kpi = live(call).await?;
    let alerts = store::list(&mut call.scope, &kpi.id).await?;
    Ok(alerts.into_iter().find(|alert| alert.id == id).ok_or(AppError::NotFound)?)
}

async fn list(mut call: Call, _: Whole) -> Answered<Listed<Alert>> {
    let kpi = live(&mut call).await?;
    let alerts = store::list(&mut call.scope, &kpi.id).await?;
    call.done(Listed::all(alerts))
}

async fn get(mut call: Call, _: Whole) -> Answered<Alert> {
    let id = call.at("alert");
    let alert = read(&mut call, &id).await?;
    call.done(alert)
}

async fn create(mut call: Call, body: AlertBody) -> Answered<Alert> {
    let rule = AlertForm::from(body).validate()?;
    let kpi = live(&mut call).await?;
    let id = store::add(&mut call.scope, &kpi.id, rule).await?;
    let alert = read(&mut call, &id).await?;
    call.done(alert)
}

async fn delete(mut call: Call) -> Answered<()> {
    let id = call.at("alert");
    let alert = read(&mut call, &id).await?;
    store::remove(&mut call.scope, &alert.id).await?;
    call.done(())
}

async fn notices_of(mut call: Call, _: Whole) -> Answered<Listed<Notice>> {
    let kpi = live(&mut call).await?;
    let notices = store::notices(&mut call.scope, &kpi.id).await?;
    call.done(Listed::all(notices))
}
