#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod changelog;
mod checklist;
mod plain;
mod release;

use super::model::{ItemForm, ReleaseFields, ReleaseForm, ReleaseStatus};
use super::store;
use crate::feature::model::{FeatureForm, FeatureStatus};
use crate::kernel::role::Perm;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

fn version(version: &str) -> ReleaseFields {
    ReleaseForm { version: version.into(), ..Default::default() }.validate().unwrap()
}

/// An organisation with a product, and a scope of its administrator.
async fn workshop(db: &TestDb) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    (admin, scope)
}

async fn product_id(scope: &mut Scope) -> String {
    store::product(scope, "rocket").await.unwrap().id
}

/// A feature of the product with this status.
async fn feature(scope: &mut Scope, title: &str, status: FeatureStatus) -> String {
    let form = FeatureForm { title: title.into(), description: format!("About **{title}**"), ..Default::default() };
    let id = crate::feature::store::create(scope, "rocket", form.validate().unwrap()).await.unwrap();
    crate::feature::store::set_status(scope, &id, status).await.unwrap();
    id
}

/// Adds an item to a release's checklist.
async fn item(scope: &mut Scope, release: &str, title: &str, required: bool) -> String {
    let required = if required { "on" } else { "" };
    let form = ItemForm { item: title.into(), required: required.into(), ..Default::default() };
    store::checklist::add(scope, release, form.validate().unwrap()).await.unwrap()
}

/// Moves a release through its steps up to this one.
async fn advance(scope: &mut Scope, release: &str, to: ReleaseStatus) {
    for status in ReleaseStatus::ALL.into_iter().skip(1) {
        store::set_status(scope, release, status).await.unwrap();
        if status == to {
            return;
        }
    }
}

async fn status(scope: &mut Scope, release: &str) -> ReleaseStatus {
    store::page(scope, "rocket", release, "").await.unwrap().summary.release.status
}
