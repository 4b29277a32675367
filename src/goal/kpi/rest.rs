//! The REST API of KPIs, their values and their rules.

mod alert;
mod period;
mod point;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::{
    Aggregation, Direction, Frequency, Kpi, KpiFields, KpiForm, KpiQuery, KpiSummary, Show, Standing, Status, typed_number,
};
use super::store;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::Even;
use crate::server::rest::{Answered, Api, Body, Call, Filter, Listed, Patch, Problem, Resource, living};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/kpis";
    let one = "/orgs/{org}/products/{key}/kpis/{id}";
    let restored = "/orgs/{org}/products/{key}/kpis/{id}/restore";
    let api = api
        .tag("KPIs", "The figures by which a product is measured, and how they stand against their targets.")
        .list(all, Perm::Read, "The product's KPIs, the newest first.", list)
        .create(all, Perm::PlanWrite, "Creates a KPI.", create)
        .get(one, Perm::Read, "One KPI.", get)
        .change(one, Perm::PlanWrite, "Changes a KPI.", change)
        .delete(one, Perm::PlanWrite, "Deletes a KPI so that it can be restored. Its values stay with it.", delete)
        .verb(restored, Perm::PlanWrite, "Brings a deleted KPI back.", restore);
    alert::routes(period::routes(point::routes(api)))
}

/// A KPI with how it stands today.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct KpiRow {
    #[serde(flatten)]
    kpi: Kpi,
    owner_name: String,
    status: Status,
    /// The first day of the period that counts, if there is one with a value.
    period: Option<NaiveDate>,
    /// The value of that period.
    value: Option<f64>,
    /// By how much that differs from the period right before.
    change: Option<f64>,
    /// The same in percent.
    change_percent: Option<f64>,
}

impl KpiRow {
    fn on(summary: KpiSummary, today: NaiveDate) -> KpiRow {
        let Standing { status, period, change } = summary.standing(today);
        KpiRow {
            kpi: summary.kpi,
            owner_name: summary.owner,
            status,
            period: period.map(|(start, _)| start),
            value: period.map(|(_, value)| value),
            change: change.map(|change| change.by),
            change_percent: change.and_then(|change| change.percent),
        }
    }
}

impl Resource for KpiRow {
    fn key(&self) -> String {
        self.kpi.id.clone()
    }

    fn is_deleted(&self) -> bool {
        self.kpi.deleted_at.is_some()
    }

    fn version(&self) -> Option<String> {
        Some(KpiFields::from(&self.kpi).version())
    }
}

/// What is said of a KPI.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KpiBody {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Markdown.
    #[schema(max_length = 20000)]
    description: Option<String>,
    /// What its values are counted in, such as `teams`.
    #[serde(default)]
    #[schema(max_length = 40)]
    unit: String,
    /// What the value is to reach, or to stay below, as `direction` says.
    target_value: f64,
    // The specification takes what these are from their kinds: a comment here would make an object of them.
    #[serde(default)]
    #[schema(inline)]
    direction: Direction,
    #[serde(default)]
    #[schema(inline)]
    frequency: Frequency,
    #[serde(default)]
    #[schema(inline)]
    aggregation: Aggregation,
    /// A member, by the id of the person; of a new one the token's owner, if nobody is named.
    owner_id: Option<String>,
}

impl Body for KpiBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("target", "targetValue"), ("owner", "ownerId")];

    fn example() -> Value {
        json!({ "name": "Weekly active teams", "unit": "teams", "targetValue": 400, "direction": "HIGHER", "frequency": "WEEKLY" })
    }
}

impl From<&KpiRow> for KpiBody {
    fn from(row: &KpiRow) -> Self {
        let KpiFields { name, description, unit, target, direction, frequency, aggregation, owner } = KpiFields::from(&row.kpi);
        KpiBody { name, description, unit, target_value: target, direction, frequency, aggregation, owner_id: owner }
    }
}

impl From<KpiBody> for KpiForm {
    fn from(body: KpiBody) -> Self {
        KpiForm {
            name: body.name,
            description: body.description.unwrap_or_default(),
            unit: body.unit,
            target: typed_number(body.target_value),
            direction: body.direction.word().into(),
            frequency: body.frequency.word().into(),
            aggregation: body.aggregation.word().into(),
            owner: body.owner_id.unwrap_or_default(),
        }
    }
}

/// What KPIs are narrowed to.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct KpiFilter {
    /// How they stand today, in UTC.
    status: Option<Status>,
    frequency: Option<Frequency>,
    /// Those deleted last instead.
    deleted: bool,
}

impl Filter for KpiFilter {}

/// The KPI of the address.
async fn read(call: &mut Call) -> Result<KpiRow, Problem> {
    let id = call.at("id");
    read_one(call, &id).await
}

async fn read_one(call: &mut Call, id: &str) -> Result<KpiRow, Problem> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    let summary = store::summary(&mut call.scope, &product.id, id).await?;
    let today = store::today(&mut call.scope).await?;
    Ok(KpiRow::on(summary, today))
}

/// The live KPI of the address, for what hangs on it.
async fn live(call: &mut Call) -> Result<Kpi, Problem> {
    Ok(living(read(call).await?)?.kpi)
}

async fn list(mut call: Call, filter: KpiFilter) -> Answered<Listed<KpiRow>> {
    let show = if filter.deleted { Show::Deleted } else { Show::Present };
    let (key, query) = (
        call.at("key"),
        KpiQuery { show, status: filter.status, frequency: filter.frequency, cursor: call.cursor_unless(filter.deleted)? },
    );
    let product = store::product(&mut call.scope, &key).await?;
    let today = store::today(&mut call.scope).await?;
    let page = store::list(&mut call.scope, &product.id, &query).await?;
    call.done(Listed::page(page, filter.deleted).map(|summary| KpiRow::on(summary, today)))
}

async fn get(mut call: Call, _: Even) -> Answered<KpiRow> {
    let kpi = read(&mut call).await?;
    call.done(kpi)
}

async fn create(mut call: Call, body: KpiBody) -> Answered<KpiRow> {
    let (key, fields) = (call.at("key"), KpiForm::from(body).validate()?);
    let id = store::create(&mut call.scope, &key, fields).await?;
    let kpi = read_one(&mut call, &id).await?;
    call.done(kpi)
}

async fn change(mut call: Call, patch: Patch<KpiBody>) -> Answered<KpiRow> {
    let mut seen = call.seen();
    loop {
        let row = living(read(&mut call).await?)?;
        let version = seen.version(&row)?;
        let fields = KpiForm::from(patch.over(&row)?).validate()?;
        if seen.is_settled(store::update(&mut call.scope, &row.kpi.id, &version, fields).await)? {
            break;
        }
    }
    let kpi = read(&mut call).await?;
    call.done(kpi)
}

async fn delete(mut call: Call) -> Answered<()> {
    let row = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &row.kpi.id, true).await?;
    call.done(())
}

async fn restore(mut call: Call) -> Answered<KpiRow> {
    let row = read(&mut call).await?;
    store::set_deleted(&mut call.scope, &row.kpi.id, false).await?;
    let kpi = read(&mut call).await?;
    call.done(kpi)
}
