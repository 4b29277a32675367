use sqlx::PgPool;

use super::model::{Health, Item, Kind, Overview};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::server::scope::Scope;
use crate::server::zone;
use crate::testing::{TestDb, TestUser};

/// Two products with something late, something that comes, and something that is over; one more of another organisation.
const WORK: &str = r#"
    INSERT INTO "Idea" (id, title, description, "productId", "creatorId", status)
    SELECT p.key || n, 'I', '', p.id, u.id, (ARRAY['SUBMITTED', 'SUBMITTED', 'REJECTED'])[n]::"IdeaStatus" FROM "Product" p, "User" u, generate_series(1, 3) n
     WHERE u.email = 'admin@acme.test';
    INSERT INTO "Release" (id, name, version, "productId", status, "targetDate")
    SELECT p.key || v.id, v.id, v.version, p.id, v.status::"ReleaseStatus", now() + make_interval(days => v.days)
      FROM "Product" p, (VALUES ('late', '1.0.0', 'TESTING', -3), ('soon', '1.1.0', 'PLANNING', 5), ('far', '2.0.0', 'PLANNING', 90), ('out', '0.9.0', 'RELEASED', -9))
        AS v (id, version, status, days) WHERE p.key = 'rocket';
    INSERT INTO "Feature" (id, title, description, "productId", status, "dueDate")
    SELECT p.key || v.id, v.id, '', p.id, v.status::"FeatureStatus", now() + make_interval(days => v.days)
      FROM "Product" p, (VALUES ('behind', 'IN_PROGRESS', -1), ('finished', 'DONE', -1), ('dropped', 'CANCELLED', -1), ('next', 'BACKLOG', 2)) AS v (id, status, days);
    INSERT INTO "OKR" (id, title, "productId", "ownerId", quarter, status, progress)
    SELECT p.key || 'okr', 'Old promise', p.id, u.id, '2020-Q1', 'ACTIVE', 40 FROM "Product" p, "User" u WHERE u.email = 'admin@acme.test' AND p.key = 'rocket';
    INSERT INTO "Task" (id, title, "productId", "assigneeId", "dueDate")
    SELECT p.key || 't' || n, 'T', p.id, u.id, now() + make_interval(days => n - 2) FROM "Product" p, "User" u, generate_series(0, 4) n
     WHERE u.email = 'admin@acme.test' AND p.key = 'rocket';
"#;

async fn workshop(db: &TestDb) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    db.product("acme", &admin, "balloon").await;
    sqlx::raw_sql(WORK).execute(&db.owner).await.unwrap();
    let scope = db.scope("acme", &admin, Perm::FeatureWrite).await.unwrap();
    (admin, scope)
}

async fn of(scope: &mut Scope, product: Option<&str>) -> Overview {
    let days = zone::days(scope).await.unwrap();
    store::overview(scope, product, days).await.unwrap()
}

fn titles(items: &[Item]) -> Vec<String> {
    items.iter().map(|item| format!("{} {}", item.product_key, item.title)).collect()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_overview_counts_what_there_is(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let overview = of(&mut scope, None).await;
    let rocket = overview.products.iter().find(|line| line.key == "rocket").unwrap();
    assert_eq!(overview.products.iter().map(|line| line.key.as_str()).collect::<Vec<_>>(), ["balloon", "rocket"]);
    assert_eq!((rocket.ideas, rocket.features, rocket.done_features, rocket.all_features, rocket.okrs), (2, 1, 1, 3, 1));
    assert_eq!((rocket.okr_progress, rocket.release_name.as_deref()), (Some(40.0), Some("late")));
    assert_eq!((overview.open_tasks, overview.overdue_tasks), (5, 2));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_late_is_at_risk_and_what_is_near_comes(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let overview = of(&mut scope, None).await;
    assert_eq!(titles(&overview.risks), ["rocket Old promise", "rocket late", "balloon behind", "rocket behind"]);
    assert_eq!((overview.health("rocket"), overview.health("balloon")), (Health::AtRisk(3), Health::AtRisk(1)));
    assert_eq!(titles(&overview.upcoming), ["balloon next", "rocket next", "rocket soon"]);
    let one = of(&mut scope, Some("balloon")).await;
    assert_eq!((one.products.len(), titles(&one.risks)), (1, vec!["balloon behind".to_owned()]));
    let days = zone::days(&mut scope).await.unwrap();
    assert_eq!(store::overview(&mut scope, Some("elsewhere"), days).await, Err(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_moved_is_told_once_with_its_last_step(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    for status in ["IN_REVIEW", "TESTING"] {
        sqlx::query(r#"UPDATE "Feature" SET status = $1::text::"FeatureStatus" WHERE id = 'rocketbehind'"#)
            .bind(status)
            .execute(scope.db())
            .await
            .unwrap();
    }
    scope.commit(()).await.unwrap();
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    let moved = of(&mut scope, None).await.moved;
    assert_eq!(moved.iter().map(|item| (item.kind, item.moved())).collect::<Vec<_>>(), [(Kind::Feature, "In review → Testing".to_owned())]);
    assert!(of(&mut scope, Some("balloon")).await.moved.is_empty());
    let other = db.org("other").await;
    let mut theirs = db.scope("other", &other, Perm::Read).await.unwrap();
    let overview = of(&mut theirs, None).await;
    assert!(overview.products.is_empty() && overview.risks.is_empty() && overview.moved.is_empty() && overview.upcoming.is_empty());
}

/// KPIs of a product: one that misses its target, with a rule that tells of it, one that reaches it, one without a value, and one that
/// is deleted.
const KPIS: &str = r#"
    INSERT INTO "KPI" (id, name, "productId", "ownerId", "targetValue", unit, frequency, "deletedAt")
    SELECT v.id, v.id, p.id, u.id, 40, '%', 'DAILY'::"Frequency", CASE WHEN v.id = 'gone' THEN now() END FROM "Product" p, "User" u,
           (VALUES ('missed'), ('reached'), ('empty'), ('gone')) AS v (id) WHERE p.key = 'rocket' AND u.email = 'admin@acme.test';
    INSERT INTO "KPIAlert" (id, "kpiId", kind, threshold) VALUES ('r1', 'missed', 'BELOW', 35), ('r2', 'reached', 'BELOW', 35);
    INSERT INTO "KPIDataPoint" (id, "kpiId", value, date)
    VALUES ('p1', 'missed', 30, now()), ('p2', 'reached', 41, now()), ('p3', 'gone', 1, now());
"#;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_kpi_that_misses_its_target_is_at_risk_and_what_its_rules_tell_is_told_until_it_is_seen(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    sqlx::raw_sql(KPIS).execute(&db.owner).await.unwrap();
    let overview = of(&mut scope, Some("rocket")).await;
    assert_eq!(overview.products[0].kpis_off_target, 1);
    let missed = overview.risks.last().unwrap();
    assert_eq!((missed.title.as_str(), missed.risk()), ("missed", "30 %, target 40 %".to_owned()));
    assert_eq!(titles(&overview.alerts), ["rocket missed"]);
    assert!(overview.alerts[0].alert().ends_with(": 30 %, below 35 %"), "{}", overview.alerts[0].alert());
    assert_eq!(overview.alerts[0].href("acme"), "/orgs/acme/products/rocket/kpis/missed");
    assert_eq!(of(&mut scope, None).await.alerts, overview.alerts);
    let other = of(&mut scope, Some("balloon")).await;
    assert_eq!((other.products[0].kpis_off_target, other.alerts.len()), (0, 0));

    let seen = r#"INSERT INTO "KPINoticeRead" ("noticeId", "userId") SELECT n.id, $1 FROM "KPINotice" n"#;
    sqlx::query(seen).bind(&admin.id).execute(scope.db()).await.unwrap();
    assert!(of(&mut scope, None).await.alerts.is_empty());
    scope.commit(()).await.unwrap();
    let colleague = db.member("acme", Role::Stakeholder).await;
    let mut theirs = db.scope("acme", &colleague, Perm::Read).await.unwrap();
    assert_eq!(of(&mut theirs, None).await.alerts.len(), 1, "each person has seen for themselves");
}
