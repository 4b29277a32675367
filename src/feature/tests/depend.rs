use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sqlx::PgPool;

use super::{form, product_id, workshop};
use crate::feature::model::FeatureStatus;
use crate::feature::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::scope::Scope;
use crate::testing::TestDb;

/// Features with these titles, of one letter each.
async fn features(scope: &mut Scope, titles: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for title in titles.chars() {
        ids.push(store::create(scope, "rocket", form(&title.to_string())).await.unwrap());
    }
    ids
}

fn told(outcome: Result<(), AppError>) -> String {
    outcome.unwrap_err().of_field("feature").unwrap()
}

async fn blockers(scope: &mut Scope, id: &str) -> i64 {
    let product = product_id(scope).await;
    store::get(scope, &product, id).await.unwrap().blockers
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_feature_waits_until_its_blockers_are_done(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let ids = features(&mut scope, "ABC").await;
    store::link(&mut scope, &ids[0], &ids[2]).await.unwrap();
    store::link(&mut scope, &ids[1], &ids[2]).await.unwrap();
    let both = store::dependencies(&mut scope, &ids[2]).await.unwrap();
    assert_eq!(both.blockers.iter().map(|link| link.title.as_str()).collect::<String>(), "AB");
    let first = store::dependencies(&mut scope, &ids[0]).await.unwrap();
    assert_eq!((first.blockers.len(), first.blocked[0].title.as_str()), (0, "C"));
    assert_eq!((blockers(&mut scope, &ids[2]).await, blockers(&mut scope, &ids[0]).await), (2, 0));
    store::set_status(&mut scope, &ids[0], FeatureStatus::Done).await.unwrap();
    assert_eq!(blockers(&mut scope, &ids[2]).await, 1);
    store::set_deleted(&mut scope, &ids[1], true).await.unwrap();
    assert_eq!(blockers(&mut scope, &ids[2]).await, 0);
    assert_eq!(store::dependencies(&mut scope, &ids[2]).await.unwrap().blockers.len(), 1, "the deleted one is not shown");
    store::set_deleted(&mut scope, &ids[1], false).await.unwrap();
    store::unlink(&mut scope, &ids[2], &ids[1], &ids[2]).await.unwrap();
    store::unlink(&mut scope, &ids[2], &ids[1], &ids[2]).await.unwrap();
    assert_eq!(blockers(&mut scope, &ids[2]).await, 0);
    let product = product_id(&mut scope).await;
    let found = store::find(&mut scope, &product, "b", Some(&ids[0]), None).await.unwrap();
    assert_eq!(found.iter().map(|found| found.title.as_str()).collect::<Vec<_>>(), ["B"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_makes_no_sense_is_refused_plainly(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope) = workshop(&db).await;
    scope.commit(()).await.unwrap();
    db.product("acme", &admin, "shuttle").await;
    let mut scope = db.scope("acme", &admin, Perm::FeatureWrite).await.unwrap();
    let ids = features(&mut scope, "AB").await;
    let other = store::create(&mut scope, "shuttle", form("Elsewhere")).await.unwrap();
    assert_eq!(store::link(&mut scope, &ids[0], &other).await, Err(AppError::NotFound));
    assert_eq!(store::link(&mut scope, &ids[0], "cnone").await, Err(AppError::NotFound));
    assert_eq!(store::unlink(&mut scope, &ids[0], &ids[0], &other).await, Err(AppError::NotFound));
    store::set_deleted(&mut scope, &ids[1], true).await.unwrap();
    assert_eq!(told(store::link(&mut scope, &ids[0], &ids[1]).await), "One of these features is deleted. Restore it first.");
    store::set_deleted(&mut scope, &ids[1], false).await.unwrap();
    store::link(&mut scope, &ids[0], &ids[1]).await.unwrap();
    scope.commit(()).await.unwrap();
    // A refusal by the database ends the transaction.
    for (blocker, blocked, expected) in [
        (&ids[0], &ids[0], "A feature cannot wait for itself."),
        (&ids[0], &ids[1], "This dependency is there already."),
        (&ids[1], &ids[0], "This would go round in a circle: B → A → B."),
    ] {
        let mut scope = db.scope("acme", &admin, Perm::FeatureWrite).await.unwrap();
        assert_eq!(told(store::link(&mut scope, blocker, blocked).await), expected);
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_circle_is_told_by_its_way_round(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let ids = features(&mut scope, "ABCDEFGHIJKLMNOP").await;
    for pair in ids.windows(2) {
        store::link(&mut scope, &pair[0], &pair[1]).await.unwrap();
    }
    store::link(&mut scope, &ids[0], &ids[2]).await.unwrap();
    store::set_deleted(&mut scope, &ids[4], true).await.unwrap();
    scope.commit(()).await.unwrap();
    for (from, to, way) in [(3, 1, "D → B → C → D"), (5, 3, "F → D → E (deleted) → F")] {
        let mut scope = db.scope("acme", &admin, Perm::FeatureWrite).await.unwrap();
        let message = told(store::link(&mut scope, &ids[from], &ids[to]).await);
        assert_eq!(message, format!("This would go round in a circle: {way}."));
    }
    let mut scope = db.scope("acme", &admin, Perm::FeatureWrite).await.unwrap();
    let message = told(store::link(&mut scope, &ids[15], &ids[1]).await);
    assert!(message.contains("P → B → C") && message.contains(" → … → ") && message.ends_with("O → P."), "{message}");
}

/// Whichever client writes: one edge turned round, several at once, and a product that is not the features' own.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_database_keeps_foreign_clients_from_circles(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let ids = features(&mut scope, "ABC").await;
    scope.commit(()).await.unwrap();
    let refused = async |sql: &'static str, [one, two, three]: [&str; 3]| {
        let outcome = sqlx::query(sql).bind(one).bind(two).bind(three).execute(&pool).await;
        outcome.err().and_then(|error| error.as_database_error()?.constraint().map(str::to_owned))
    };
    let (a, b, c) = (ids[0].as_str(), ids[1].as_str(), ids[2].as_str());
    let round = r#"INSERT INTO "FeatureDependency" ("blockerId", "blockedId") VALUES ($1, $2), ($2, $3), ($3, $1)"#;
    assert_eq!(refused(round, [a, b, c]).await.as_deref(), Some("feature_dependency_cycle"));
    let line = r#"INSERT INTO "FeatureDependency" ("blockerId", "blockedId") VALUES ($1, $2), ($2, $3)"#;
    assert_eq!(refused(line, [a, b, c]).await, None);
    let turned = r#"UPDATE "FeatureDependency" SET "blockerId" = $3, "blockedId" = $1 WHERE "blockedId" = $2"#;
    assert_eq!(refused(turned, [b, c, c]).await, None, "its old way is gone");
    assert_eq!(refused(turned, [c, c, b]).await, None, "nothing to change");
    let closing = r#"UPDATE "FeatureDependency" SET "blockerId" = $3, "blockedId" = $1 WHERE "blockerId" = $2"#;
    assert_eq!(refused(closing, [c, a, b]).await.as_deref(), Some("feature_dependency_cycle"), "B would wait for C, and C for B");
    let elsewhere = r#"INSERT INTO "FeatureDependency" ("blockerId", "blockedId", "productId") VALUES ($1, $2, $3)"#;
    assert!(refused(elsewhere, [a, c, "cnone"]).await.unwrap().ends_with("_fkey"));
    let mut tx = pool.begin().await.unwrap();
    sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").execute(&mut *tx).await.unwrap();
    let blind = sqlx::query(elsewhere).bind(a).bind(c).bind("x").execute(&mut *tx).await;
    assert_eq!(blind.unwrap_err().as_database_error().unwrap().code().as_deref(), Some("0A000"));
}

/// Each closes half a circle and sees nothing of the other: the second has to wait for the first, and is told.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn two_who_close_half_a_circle_each_close_none(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let ids = features(&mut scope, "ABCD").await;
    store::link(&mut scope, &ids[1], &ids[2]).await.unwrap();
    store::link(&mut scope, &ids[3], &ids[0]).await.unwrap();
    scope.commit(()).await.unwrap();
    let mut first = db.scope("acme", &admin, Perm::FeatureWrite).await.unwrap();
    let mut second = db.scope("acme", &admin, Perm::FeatureWrite).await.unwrap();
    store::link(&mut first, &ids[0], &ids[1]).await.unwrap();
    let (from, to) = (ids[2].clone(), ids[3].clone());
    let waiting = tokio::spawn(async move {
        store::link(&mut second, &from, &to).await?;
        second.commit(()).await
    });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!waiting.is_finished(), "the second waits");
    first.commit(()).await.unwrap();
    assert_eq!(told(waiting.await.unwrap()), "This would go round in a circle: C → D → A → B → C.");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn of_many_at_once_none_closes_a_circle(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let ids = features(&mut scope, "ABCD").await;
    scope.commit(()).await.unwrap();
    for _ in 0..5 {
        let link = async |from: usize, to: usize| {
            let mut scope = db.scope("acme", &admin, Perm::FeatureWrite).await?;
            store::link(&mut scope, &ids[from], &ids[to]).await?;
            scope.commit(()).await
        };
        let outcomes = tokio::join!(link(0, 1), link(1, 2), link(2, 3), link(3, 0));
        let accepted = [outcomes.0, outcomes.1, outcomes.2, outcomes.3].iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(accepted, 3, "all but one");
        sqlx::query(r#"DELETE FROM "FeatureDependency""#).execute(&pool).await.unwrap();
    }
}

/// Whether one can get from one to the other.
fn reaches(edges: &BTreeSet<(usize, usize)>, from: usize, to: usize) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            open.extend(edges.iter().filter(|edge| edge.0 == at).map(|edge| edge.1));
        }
    }
    false
}

/// Random edges, put in and taken out: the database agrees with the plain search at each step.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn random_dependencies_are_those_of_the_model(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let ids = features(&mut scope, "ABCDEFG").await;
    let step = (0..ids.len(), 0..ids.len(), prop::bool::weighted(0.8));
    let mut runner = TestRunner::deterministic();
    for _ in 0..12 {
        let steps = prop::collection::vec(step.clone(), 40).new_tree(&mut runner).unwrap().current();
        let mut edges = BTreeSet::new();
        for (from, to, add) in steps {
            if !add {
                store::unlink(&mut scope, &ids[from], &ids[from], &ids[to]).await.map(|()| edges.remove(&(from, to))).ok();
                continue;
            }
            let allowed = !reaches(&edges, to, from) && !edges.contains(&(from, to));
            sqlx::query("SAVEPOINT step").execute(scope.db()).await.unwrap();
            let outcome = store::link(&mut scope, &ids[from], &ids[to]).await;
            assert_eq!(outcome.is_ok(), allowed, "{from} → {to} with {edges:?}: {outcome:?}");
            if allowed {
                edges.insert((from, to));
            } else {
                told(outcome);
                sqlx::query("ROLLBACK TO SAVEPOINT step").execute(scope.db()).await.unwrap();
            }
        }
        let stored: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "FeatureDependency""#).fetch_one(scope.db()).await.unwrap();
        assert_eq!(stored, edges.len() as i64);
        sqlx::query(r#"DELETE FROM "FeatureDependency""#).execute(scope.db()).await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_features_cannot_be_linked(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let ids = features(&mut scope, "AB").await;
    store::link(&mut scope, &ids[0], &ids[1]).await.unwrap();
    let product = product_id(&mut scope).await;
    scope.commit(()).await.unwrap();
    let bob = db.org("other").await;
    db.product("other", &bob, "shuttle").await;
    let mut scope = db.scope("other", &bob, Perm::FeatureWrite).await.unwrap();
    let own = store::create(&mut scope, "shuttle", form("Own")).await.unwrap();
    for (blocker, blocked) in [(&ids[0], &ids[1]), (&own, &ids[0]), (&ids[0], &own)] {
        assert_eq!(store::link(&mut scope, blocker, blocked).await, Err(AppError::NotFound));
        assert_eq!(store::unlink(&mut scope, &own, blocker, blocked).await, Err(AppError::NotFound));
    }
    assert_eq!(store::dependencies(&mut scope, &ids[1]).await.unwrap(), Default::default());
    assert!(store::find(&mut scope, &product, "a", None, None).await.unwrap().is_empty());
}
