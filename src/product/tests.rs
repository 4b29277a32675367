use sqlx::PgPool;

use super::model::{Lifecycle, ProductForm};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::ANY;
use crate::testing::TestDb;

fn form(name: &str, key: &str) -> super::model::ProductFields {
    ProductForm { name: name.into(), key: key.into(), ..Default::default() }.validate().unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_portfolio_counts_live_items(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    db.product("acme", &admin, "anvil").await;
    sqlx::query(
        r#"INSERT INTO "Feature" (id, title, description, "productId", "deletedAt")
           SELECT 'f' || n, 'F', '', p.id, CASE WHEN n = 3 THEN now() END FROM "Product" p, generate_series(1, 3) n WHERE p.key = 'rocket'"#,
    )
    .execute(&pool)
    .await
    .unwrap();
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    let products = store::list(&mut scope, false).await.unwrap();
    let seen: Vec<_> = products.iter().map(|p| (p.product.key.as_str(), p.ideas, p.features, p.releases)).collect();
    assert_eq!(seen, [("anvil", 0, 0, 0), ("rocket", 0, 2, 0)]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_product_is_changed_deleted_and_restored(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let mut scope = db.scope("acme", &admin, Perm::ProductWrite).await.unwrap();
    assert_eq!(store::update(&mut scope, "rocket", ANY, form("Rocket 2", "rocket-2")).await.unwrap(), "rocket-2");
    let product = store::get(&mut scope, "rocket-2").await.unwrap().product;
    assert_eq!((product.name.as_str(), product.lifecycle), ("Rocket 2", Lifecycle::Ideation));

    for _ in 0..2 {
        store::set_deleted(&mut scope, "rocket-2", true).await.unwrap();
    }
    assert_eq!(store::get(&mut scope, "rocket-2").await, Err(AppError::NotFound));
    assert_eq!(store::list(&mut scope, true).await.unwrap().len(), 1);
    store::set_deleted(&mut scope, "rocket-2", false).await.unwrap();
    assert!(store::get(&mut scope, "rocket-2").await.is_ok());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_key_is_taken_once_in_the_whole_installation(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (ada, bob) = (db.org("acme").await, db.org("other").await);
    db.product("acme", &ada, "rocket").await;
    let mut scope = db.scope("other", &bob, Perm::ProductWrite).await.unwrap();
    let error = store::create(&mut scope, form("Rocket", "rocket")).await.unwrap_err();
    assert!(error.of_field("key").is_some());
    store::create(&mut scope, form("Anvil", "anvil")).await.unwrap();
    let error = store::update(&mut scope, "anvil", ANY, form("Anvil", "rocket")).await.unwrap_err();
    assert!(error.of_field("key").is_some(), "{error:?}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn of_two_at_once_one_gets_the_key(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (ada, bob) = (db.org("acme").await, db.org("other").await);
    db.product("acme", &ada, "anvil").await;
    let create = async {
        let mut scope = db.scope("other", &bob, Perm::ProductWrite).await.unwrap();
        store::create(&mut scope, form("Rocket", "rocket")).await?;
        scope.commit(()).await
    };
    let rename = async {
        let mut scope = db.scope("acme", &ada, Perm::ProductWrite).await.unwrap();
        store::update(&mut scope, "anvil", ANY, form("Rocket", "rocket")).await?;
        scope.commit(()).await
    };
    let (one, other) = tokio::join!(create, rename);
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert!(one.and(other).unwrap_err().of_field("key").is_some());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_product_cannot_be_touched(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (ada, bob) = (db.org("acme").await, db.org("other").await);
    db.product("acme", &ada, "rocket").await;
    let mut scope = db.scope("other", &bob, Perm::ProductWrite).await.unwrap();
    assert_eq!(store::get(&mut scope, "rocket").await, Err(AppError::NotFound));
    assert_eq!(store::update(&mut scope, "rocket", ANY, form("X", "mine")).await, Err(AppError::NotFound));
    assert_eq!(store::set_deleted(&mut scope, "rocket", true).await, Err(AppError::NotFound));
    assert!(store::list(&mut scope, false).await.unwrap().is_empty());
}
