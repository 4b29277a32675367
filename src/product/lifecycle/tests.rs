use sqlx::PgPool;

use super::model::{CriteriaFields, CriteriaForm, MoveForm, open};
use super::store;
use crate::audit::store as audit;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::kernel::version::ANY;
use crate::product::model::{Lifecycle, Product};
use crate::product::portfolio::model::PortfolioQuery;
use crate::product::store as products;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

/// An organisation with a product, and a scope of its administrator.
async fn rocket(db: &TestDb) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let scope = db.scope("acme", &admin, Perm::ProductWrite).await.unwrap();
    (admin, scope)
}

async fn get(scope: &mut Scope, key: &str) -> Product {
    products::get(scope, key).await.unwrap().product
}

fn criteria(lines: &str) -> CriteriaFields {
    CriteriaForm { criteria: lines.into() }.validate().unwrap()
}

/// A form that says all that a move can need.
fn all_the_same(reason: &str) -> MoveForm {
    MoveForm { confirmed: "on".into(), reason: reason.into(), end_of_life: "2027-03-31".into(), sunset_plan: "Everybody moves.".into() }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_tick_is_kept_with_who_and_when(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = rocket(&db).await;
    let first = Lifecycle::Ideation.default_criteria()[0];
    for _ in 0..2 {
        store::tick(&mut scope, "rocket", first, true).await.unwrap();
    }
    let product = get(&mut scope, "rocket").await;
    let found = store::criteria(&mut scope, &product).await.unwrap();
    let words: Vec<_> = found.iter().map(|criterion| criterion.criterion.as_str()).collect();
    assert_eq!(words, Lifecycle::Ideation.default_criteria());
    assert_eq!((open(&found), found[0].is_met(), found[0].checked_by.as_deref()), (words.len() - 1, true, Some("Test Person")));
    for _ in 0..2 {
        store::tick(&mut scope, "rocket", first, false).await.unwrap();
    }
    assert_eq!(open(&store::criteria(&mut scope, &product).await.unwrap()), words.len());
    for unknown in ["", "Never heard of it", Lifecycle::Growth.default_criteria()[0]] {
        assert!(matches!(store::tick(&mut scope, "rocket", unknown, true).await, Err(AppError::Conflict(_))), "{unknown}");
    }
    assert_eq!(store::tick(&mut scope, "gone", first, true).await, Err(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn moving_on_early_needs_a_reason_which_stays_in_the_history(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = rocket(&db).await;
    let refused = store::go(&mut scope, "rocket", Lifecycle::Discovery, "", MoveForm::default()).await.unwrap_err();
    assert!(refused.of_field("reason").is_some() && refused.of_field("confirmed").is_some());
    assert_eq!(get(&mut scope, "rocket").await.lifecycle, Lifecycle::Ideation);

    store::go(&mut scope, "rocket", Lifecycle::Discovery, "", all_the_same("A customer waits.")).await.unwrap();
    assert_eq!(get(&mut scope, "rocket").await.lifecycle, Lifecycle::Discovery);
    let history = audit::item_history(&mut scope, "Product", "rocket").await.unwrap();
    let told: Vec<_> = history.entries.iter().map(|entry| entry.what.as_str()).collect();
    assert!(told.contains(&"Moved on with open criteria") && told.contains(&"Lifecycle changed"), "{told:?}");
    let early = history.entries.iter().find(|entry| entry.what == "Moved on with open criteria").unwrap();
    let fact = |field: &str| early.changes.iter().find(|change| change.field == field).and_then(|change| change.after.clone());
    assert_eq!(fact("Reason").as_deref(), Some("A customer waits."));
    assert!(fact("Open criteria").is_some_and(|open| open.contains(Lifecycle::Ideation.default_criteria()[0])));

    // Back, and on with everything ticked, there is nothing to ask.
    store::go(&mut scope, "rocket", Lifecycle::Ideation, "", MoveForm::default()).await.unwrap();
    for criterion in Lifecycle::Ideation.default_criteria() {
        store::tick(&mut scope, "rocket", criterion, true).await.unwrap();
    }
    store::go(&mut scope, "rocket", Lifecycle::Growth, "", MoveForm::default()).await.unwrap();
    assert_eq!(get(&mut scope, "rocket").await.lifecycle, Lifecycle::Growth);
    let told = audit::item_history(&mut scope, "Product", "rocket").await.unwrap();
    assert!(told.entries.iter().any(|entry| entry.what == "Exit criterion met"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_end_is_kept_with_its_day_and_plan(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = rocket(&db).await;
    let half = MoveForm { end_of_life: String::new(), sunset_plan: String::new(), ..all_the_same("It ends.") };
    let refused = store::go(&mut scope, "rocket", Lifecycle::Sunset, "", half).await.unwrap_err();
    assert!(refused.of_field("end_of_life").is_some() && refused.of_field("sunset_plan").is_some());
    let blind = store::go(&mut scope, "rocket", Lifecycle::Sunset, "", all_the_same("It ends.")).await;
    assert!(matches!(blind, Err(AppError::Stale(_))), "nobody writes over a plan that they did not see");
    store::go(&mut scope, "rocket", Lifecycle::Sunset, ANY, all_the_same("It ends.")).await.unwrap();
    let product = get(&mut scope, "rocket").await;
    assert_eq!((product.lifecycle, product.sunset_plan.as_deref()), (Lifecycle::Sunset, Some("Everybody moves.")));
    assert_eq!(product.end_of_life.map(|day| day.to_string()).as_deref(), Some("2027-03-31"));

    store::go(&mut scope, "rocket", Lifecycle::Maturity, "", MoveForm::default()).await.unwrap();
    assert!(get(&mut scope, "rocket").await.end_of_life.is_some(), "a plan that was made is not lost");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_card_moves_where_nothing_is_asked(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = rocket(&db).await;
    assert!(matches!(store::put(&mut scope, "rocket", Some(Lifecycle::Growth)).await, Err(AppError::Conflict(_))));
    for criterion in Lifecycle::Ideation.default_criteria() {
        store::tick(&mut scope, "rocket", criterion, true).await.unwrap();
    }
    assert!(matches!(store::put(&mut scope, "rocket", Some(Lifecycle::Sunset)).await, Err(AppError::Conflict(_))));
    store::put(&mut scope, "rocket", None).await.unwrap();
    store::put(&mut scope, "rocket", Some(Lifecycle::Growth)).await.unwrap();
    store::put(&mut scope, "rocket", Some(Lifecycle::Growth)).await.unwrap();
    scope.commit(()).await.unwrap();
    db.product("acme", &admin, "anvil").await;
    db.product("acme", &admin, "zeppelin").await;

    let mut scope = db.scope("acme", &admin, Perm::ProductWrite).await.unwrap();
    store::tick(&mut scope, "anvil", Lifecycle::Ideation.default_criteria()[1], true).await.unwrap();
    products::set_deleted(&mut scope, "zeppelin", true).await.unwrap();
    let columns = store::columns(&mut scope, &PortfolioQuery::default()).await.unwrap();
    let seen: Vec<_> = columns.iter().filter(|column| column.count > 0).map(|column| (column.key.as_str(), column.cards.clone())).collect();
    let notes: Vec<_> = seen.iter().map(|(key, cards)| (*key, cards[0].id.as_str(), cards[0].note.as_str())).collect();
    assert_eq!(notes, [("IDEATION", "anvil", "1 of 2 criteria met"), ("GROWTH", "rocket", "0 of 2 criteria met")]);
    assert_eq!(columns.len(), Lifecycle::ALL.len());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_organisation_has_criteria_of_its_own(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = rocket(&db).await;
    store::tick(&mut scope, "rocket", Lifecycle::Ideation.default_criteria()[0], true).await.unwrap();
    store::set_criteria(&mut scope, Lifecycle::Ideation, ANY, criteria("Budget is there\nA name is found")).await.unwrap();
    store::set_criteria(&mut scope, Lifecycle::Ideation, ANY, criteria("Budget is there")).await.unwrap();
    let stages = store::stages(&mut scope).await.unwrap();
    assert_eq!((stages[0].own, stages[0].criteria.as_slice()), (true, &["Budget is there".to_owned()][..]));
    assert!(!stages[1].own && stages.len() == 8);
    let product = get(&mut scope, "rocket").await;
    let found = store::criteria(&mut scope, &product).await.unwrap();
    assert_eq!((found.len(), open(&found)), (1, 1), "what was ticked before is another criterion");
    store::set_criteria(&mut scope, Lifecycle::Ideation, ANY, criteria("")).await.unwrap();
    let found = store::criteria(&mut scope, &product).await.unwrap();
    assert_eq!((found.len(), open(&found)), (2, 1), "and holds again with the old ones");
    assert!(!store::stages(&mut scope).await.unwrap()[0].own);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_product_and_criteria_are_out_of_reach(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = rocket(&db).await;
    store::set_criteria(&mut scope, Lifecycle::Ideation, ANY, criteria("Ours")).await.unwrap();
    scope.commit(()).await.unwrap();
    let bob = db.org("other").await;
    let mut theirs = db.scope("other", &bob, Perm::ProductWrite).await.unwrap();
    assert!(!store::stages(&mut theirs).await.unwrap()[0].own);
    assert!(store::columns(&mut theirs, &PortfolioQuery::default()).await.unwrap().iter().all(|column| column.count == 0));
    assert_eq!(store::tick(&mut theirs, "rocket", "Ours", true).await, Err(AppError::NotFound));
    assert_eq!(store::put(&mut theirs, "rocket", Some(Lifecycle::Growth)).await, Err(AppError::NotFound));
    let moved = store::go(&mut theirs, "rocket", Lifecycle::Growth, ANY, all_the_same("Mine")).await;
    assert_eq!(moved, Err(AppError::NotFound));
    let developer = db.member("acme", Role::Developer).await;
    assert!(matches!(db.scope("acme", &developer, Perm::ProductWrite).await, Err(AppError::Forbidden)));
    let mut scope = db.scope("acme", &admin, Perm::ProductWrite).await.unwrap();
    assert_eq!(get(&mut scope, "rocket").await.lifecycle, Lifecycle::Ideation);
}

/// Both have seen every criterion met; one of them takes a tick away in the same moment.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_tick_that_goes_stops_a_move_that_counts_on_it(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = rocket(&db).await;
    for criterion in Lifecycle::Ideation.default_criteria() {
        store::tick(&mut scope, "rocket", criterion, true).await.unwrap();
    }
    scope.commit(()).await.unwrap();
    let mut doubting = db.scope("acme", &admin, Perm::ProductWrite).await.unwrap();
    let mut moving = db.scope("acme", &admin, Perm::ProductWrite).await.unwrap();
    store::tick(&mut doubting, "rocket", Lifecycle::Ideation.default_criteria()[0], false).await.unwrap();
    let waits = tokio::spawn(async move { store::go(&mut moving, "rocket", Lifecycle::Discovery, "", MoveForm::default()).await });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    doubting.commit(()).await.unwrap();
    assert!(waits.await.unwrap().unwrap_err().of_field("reason").is_some());
}
