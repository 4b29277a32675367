use sqlx::PgPool;

use super::model::{PortfolioQuery, ProductRow};
use super::store;
use crate::kernel::role::Perm;
use crate::product::lifecycle::store as lifecycle;
use crate::product::model::Lifecycle;
use crate::product::store as products;
use crate::roadmap::model::Kind;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser, counted};

/// Items of the product with this key, dated or not, and some that do not count.
const WORK: &str = r#"
    INSERT INTO "Idea" (id, title, description, "productId", "creatorId", "deletedAt")
    SELECT p.key || n, 'I', '', p.id, u.id, CASE WHEN n = 3 THEN now() END FROM "Product" p, "User" u, generate_series(1, 3) n
     WHERE u.email = 'admin@acme.test' AND p.key = $1;
"#;
const RELEASES: &str = r#"
    INSERT INTO "Release" (id, name, version, "productId", status, "targetDate", "releaseDate")
    SELECT p.key || v.id, v.id, v.version, p.id, v.status::"ReleaseStatus", v.target::timestamptz, v.out::timestamptz FROM "Product" p,
           (VALUES ('out', '1.0.0', 'RELEASED', '2026-01-05', '2026-01-07'), ('far', '3.0.0', 'PLANNING', NULL, NULL),
                   ('next', '2.0.0', 'TESTING', '2026-12-24', NULL), ('dropped', '2.1.0', 'CANCELLED', '2026-11-01', NULL))
        AS v (id, version, status, target, out) WHERE p.key = $1
"#;
const EPIC: &str = r#"
    INSERT INTO "Epic" (id, title, description, "productId", "startDate", "endDate")
    SELECT p.key || 'epic', 'Epic', '', p.id, '2026-11-01', '2027-01-31' FROM "Product" p WHERE p.key = $1
"#;
const FEATURES: &str = r#"
    INSERT INTO "Feature" (id, title, description, "productId", "epicId", status, "dueDate")
    SELECT p.key || v.id, v.id, '', p.id, p.key || 'epic', v.status::"FeatureStatus", v.due::timestamptz FROM "Product" p,
           (VALUES ('done', 'DONE', '2026-10-01'), ('begun', 'IN_PROGRESS', '2026-12-01'), ('some-day', 'BACKLOG', NULL), ('never', 'CANCELLED', '2026-12-01'))
        AS v (id, status, due) WHERE p.key = $1
"#;

async fn fill(db: &TestDb, key: &str) {
    for sql in [WORK, RELEASES, EPIC, FEATURES] {
        sqlx::query(sql).bind(key).execute(&db.owner).await.unwrap();
    }
}

/// Three products, of which one is empty and one is deleted.
async fn shelf(db: &TestDb) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    for key in ["rocket", "anvil", "zeppelin"] {
        db.product("acme", &admin, key).await;
    }
    for key in ["rocket", "zeppelin"] {
        fill(db, key).await;
    }
    sqlx::query(r#"UPDATE "Product" SET lifecycle = 'GROWTH', description = 'Flies 100% of the way' WHERE key = 'rocket'"#)
        .execute(&db.owner)
        .await
        .unwrap();
    let mut scope = db.scope("acme", &admin, Perm::ProductWrite).await.unwrap();
    products::set_deleted(&mut scope, "zeppelin", true).await.unwrap();
    (admin, scope)
}

fn keys(rows: &[ProductRow]) -> Vec<&str> {
    rows.iter().map(|row| row.summary.product.key.as_str()).collect()
}

fn find(text: &str) -> PortfolioQuery {
    PortfolioQuery { find: Some(text.into()), ..Default::default() }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_portfolio_says_how_far_each_product_is(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = shelf(&db).await;
    let rows = store::products(&mut scope, &PortfolioQuery::default()).await.unwrap();
    assert_eq!(keys(&rows), ["anvil", "rocket"]);
    let rocket = &rows[1];
    assert_eq!((rocket.summary.ideas, rocket.summary.features, rocket.summary.releases), (2, 4, 4));
    assert_eq!((rocket.all_features, rocket.done_features, rocket.release_name.as_deref()), (3, 1, Some("next")));
    assert_eq!((rows[0].progress(), rows[0].release_id.as_deref()), (None, None));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_view_is_narrowed_alike(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = shelf(&db).await;
    let growth = PortfolioQuery { stage: Some(Lifecycle::Growth), ..Default::default() };
    let deleted = PortfolioQuery { deleted: true, ..Default::default() };
    let both = PortfolioQuery { stage: Some(Lifecycle::Growth), ..deleted.clone() };
    let cases: [(PortfolioQuery, &[&str]); 8] = [
        (growth, &["rocket"]),
        (deleted, &["zeppelin"]),
        (both, &[]),
        (find("ANV"), &["anvil"]),
        (find("100% of"), &["rocket"]),
        (find("%"), &["rocket"]),
        (find("_"), &[]),
        (PortfolioQuery::default(), &["anvil", "rocket"]),
    ];
    for (query, expected) in cases {
        assert_eq!(keys(&store::products(&mut scope, &query).await.unwrap()), expected, "{query:?}");
        let columns = lifecycle::columns(&mut scope, &query).await.unwrap();
        let mut on_board: Vec<String> = columns.into_iter().flat_map(|column| column.cards).map(|card| card.id).collect();
        on_board.sort();
        assert_eq!(on_board, expected, "{query:?}");
        let timeline = store::timeline(&mut scope, &query).await.unwrap();
        assert_eq!(timeline.products.iter().map(|product| product.key.as_str()).collect::<Vec<_>>(), expected, "{query:?}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_timeline_has_what_is_dated(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = shelf(&db).await;
    let timeline = store::timeline(&mut scope, &PortfolioQuery::default()).await.unwrap();
    let groups = timeline.by_product();
    assert_eq!((groups.len(), groups[0].0.key.as_str(), timeline.more), (1, "rocket", false));
    let seen: Vec<_> = groups[0].1.iter().map(|item| (item.kind, item.title.as_str(), item.fixed, item.when())).collect();
    assert_eq!(
        seen,
        [
            (Kind::Epic, "Epic", false, "1 Nov 2026 – 31 Jan 2027".to_owned()),
            (Kind::Release, "next (2.0.0)", false, "24 Dec 2026".to_owned()),
            (Kind::Feature, "begun", false, "Due 1 Dec 2026".to_owned()),
            (Kind::Feature, "done", false, "Due 1 Oct 2026".to_owned()),
            (Kind::Release, "out (1.0.0)", true, "7 Jan 2026".to_owned()),
        ]
    );
    assert!(groups[0].1.iter().filter(|item| item.kind == Kind::Feature).all(|item| item.epic_id.as_deref() == Some("rocketepic")));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn it_costs_the_same_however_many_products_there_are(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = shelf(&db).await;
    scope.commit(()).await.unwrap();
    let query = PortfolioQuery::default();
    let mut counts = Vec::new();
    for _ in 0..2 {
        scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
        // The first time, the types of a connection are asked for.
        store::timeline(&mut scope, &query).await.unwrap();
        store::products(&mut scope, &query).await.unwrap();
        let (_, timeline) = counted(store::timeline(&mut scope, &query)).await;
        let (_, products) = counted(store::products(&mut scope, &query)).await;
        counts.push((timeline, products));
        drop(scope);
        for n in 0..9 {
            let key = format!("more-{}-{n}", counts.len());
            db.product("acme", &admin, &key).await;
            fill(&db, &key).await;
        }
    }
    assert_eq!(counts, [(3, 1), (3, 1)]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_products_are_not_in_it(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    shelf(&db).await.1.commit(()).await.unwrap();
    let bob = db.org("other").await;
    let mut theirs = db.scope("other", &bob, Perm::Read).await.unwrap();
    for query in [PortfolioQuery::default(), PortfolioQuery { deleted: true, ..Default::default() }] {
        assert!(store::products(&mut theirs, &query).await.unwrap().is_empty());
        let timeline = store::timeline(&mut theirs, &query).await.unwrap();
        assert!(timeline.products.is_empty() && timeline.items.is_empty());
    }
}
