mod close;
mod okr;
mod progress;

use crate::goal::okr::model::{CheckInForm, Direction, OkrFields, OkrForm, OkrStatus, ResultFields, ResultForm};
use crate::goal::okr::store::{self, result};
use crate::kernel::role::Perm;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

async fn workshop(db: &TestDb) -> (TestUser, Scope, String) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    let product = store::product(&mut scope, "rocket").await.unwrap().id;
    (admin, scope, product)
}

fn fields(owner: &str, title: &str, quarter: &str) -> OkrFields {
    let form = OkrForm { title: title.into(), quarter: quarter.into(), owner: owner.into(), ..Default::default() };
    form.validate().unwrap()
}

/// An objective that is worked on.
async fn active(scope: &mut Scope, title: &str, quarter: &str) -> String {
    let owner = scope.user().id.clone();
    let id = store::create(scope, "rocket", fields(&owner, title, quarter)).await.unwrap();
    store::set_status(scope, &id, OkrStatus::Active).await.unwrap();
    id
}

fn way(direction: Direction, from: f64, to: f64) -> ResultFields {
    let (one, other) = (from.to_string(), to.to_string());
    let form = ResultForm { title: "Key result".into(), direction: direction.word().into(), ..Default::default() };
    match direction {
        Direction::Maintain => ResultForm { start: one.clone(), lower: one, upper: other, ..form },
        _ => ResultForm { start: one, target: other, ..form },
    }
    .validate()
    .unwrap()
}

async fn up(scope: &mut Scope, okr: &str, from: f64, to: f64) -> String {
    result::add(scope, okr, way(Direction::Increase, from, to)).await.unwrap()
}

async fn check(scope: &mut Scope, result: &str, value: f64) {
    let form = CheckInForm { value: value.to_string(), ..Default::default() };
    result::check_in(scope, result, form.validate().unwrap()).await.unwrap();
}

async fn progress(scope: &mut Scope, product: &str, okr: &str) -> f64 {
    store::get(scope, product, okr).await.unwrap().progress
}
