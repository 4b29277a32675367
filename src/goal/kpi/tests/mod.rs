#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod kpi;
mod point;
mod standing;

use super::model::{ChartQuery, KpiFields, KpiForm, KpiPage, NewPoint};
use super::store;
use crate::kernel::day;
use crate::kernel::role::Perm;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

fn fields(name: &str, frequency: &str, aggregation: &str) -> KpiFields {
    let form = KpiForm {
        name: name.into(),
        target: "40".into(),
        unit: "%".into(),
        frequency: frequency.into(),
        aggregation: aggregation.into(),
        ..Default::default()
    };
    form.validate().unwrap()
}

/// An organisation with a product, and a scope of its administrator.
async fn workshop(db: &TestDb) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    (admin, scope)
}

async fn kpi(scope: &mut Scope, frequency: &str, aggregation: &str) -> String {
    store::create(scope, "rocket", fields("Activation", frequency, aggregation)).await.unwrap()
}

fn point(date: &str, value: f64) -> NewPoint {
    NewPoint { date: day::parse(date).unwrap().unwrap(), value }
}

async fn page(scope: &mut Scope, id: &str) -> KpiPage {
    let all = ChartQuery::of_params(|name| (name == "range").then(|| "all".to_owned()));
    store::page(scope, "rocket", id, all, None).await.unwrap()
}

/// The page's values by their dates, the latest first.
async fn values(scope: &mut Scope, id: &str) -> Vec<(String, f64)> {
    page(scope, id).await.points.rows.into_iter().map(|point| (day::typed(Some(point.date)), point.value)).collect()
}

fn row(date: &str, value: f64) -> (String, f64) {
    (date.to_owned(), value)
}
