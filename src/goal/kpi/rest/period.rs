//! The REST API of a KPI's values gathered by periods, as its chart shows them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::live;
use crate::goal::kpi::model::{ChartQuery, Frequency, Range};
use crate::goal::kpi::store;
use crate::kernel::role::Perm;
use crate::server::rest::{Answered, Api, Call, Filter, Listed};

pub fn routes(api: Api) -> Api {
    api.list(
        "/orgs/{org}/products/{key}/kpis/{id}/periods",
        Perm::Read,
        "The KPI's values by period, the earliest first: one value each, made as the KPI says.",
        list,
    )
}

/// How far back.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
enum KpiRange {
    #[serde(rename = "90d")]
    Quarter,
    #[serde(rename = "1y")]
    Year,
    #[serde(rename = "3y")]
    Years,
    #[serde(rename = "all")]
    All,
}

impl From<KpiRange> for Range {
    fn from(range: KpiRange) -> Self {
        match range {
            KpiRange::Quarter => Range::Quarter,
            KpiRange::Year => Range::Year,
            KpiRange::Years => Range::Years,
            KpiRange::All => Range::All,
        }
    }
}

/// Which periods are asked for.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct PeriodFilter {
    /// The KPI's own if nothing is said; never shorter than that, and longer where there would be too many.
    by: Option<Frequency>,
    /// A year if nothing is said.
    range: Option<KpiRange>,
}

impl Filter for PeriodFilter {}

/// The value of a period.
#[derive(Serialize, ToSchema)]
struct KpiPeriod {
    /// Its first day.
    start: NaiveDate,
    /// Nothing where there is none.
    value: Option<f64>,
}

async fn list(mut call: Call, filter: PeriodFilter) -> Answered<Listed<KpiPeriod>> {
    let chart = ChartQuery { by: filter.by, range: filter.range.map(Range::from).unwrap_or_default(), ..Default::default() };
    let (key, kpi) = (call.at("key"), live(&mut call).await?);
    let shown = store::page(&mut call.scope, &key, &kpi.id, chart, None).await?.chart;
    call.done(Listed::all(shown.points.into_iter().map(|(start, value)| KpiPeriod { start, value }).collect()))
}
