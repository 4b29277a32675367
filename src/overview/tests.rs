use sqlx::PgPool;

use super::model::{Health, Item, Kind, Mine, MineHere, Overview};
use super::store;
use crate::experiment::model::{ExperimentQuery, ExperimentStatus};
use crate::feature::model::{FeatureQuery, FeatureStatus};
use crate::feedback::model::{FeedbackQuery, FeedbackStatus};
use crate::goal::kpi::model::KpiQuery;
use crate::goal::okr::model::{OkrQuery, OkrStatus};
use crate::goal::{kpi, okr};
use crate::idea::model::{IdeaQuery, IdeaStatus};
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::release::model::ReleaseQuery;
use crate::server::scope::Scope;
use crate::server::zone;
use crate::task::model::{Span, TaskQuery};
use crate::testing::{TestDb, TestUser};
use crate::{experiment, feature, feedback, idea, release, task};

/// Two products with something late, something that comes, and something that is over; one more of another organisation.
const WORK: &str = r#"
    INSERT INTO "Idea" (id, title, description, "productId", "creatorId", status)
    SELECT p.key || n, 'I', '', p.id, u.id, (ARRAY['SUBMITTED', 'SUBMITTED', 'REJECTED'])[n]::"IdeaStatus" FROM "Product" p, "User" u, generate_series(1, 3) n
     WHERE u.email = 'admin@acme.test';
    INSERT INTO "Feedback" (id, title, description, "productId", status)
    SELECT p.key || 'said' || n, 'F', '', p.id, (ARRAY['SUBMITTED', 'PLANNED'])[n]::"FeedbackStatus" FROM "Product" p, generate_series(1, 2) n;
    INSERT INTO "KPI" (id, name, "productId", "ownerId", "targetValue", unit, "deletedAt")
    SELECT p.key || 'kpi' || n, 'K', p.id, u.id, 1, '%', CASE WHEN n = 3 THEN now() END FROM "Product" p, "User" u, generate_series(1, 3) n
     WHERE u.email = 'admin@acme.test' AND p.key = 'rocket';
    INSERT INTO "Experiment" (id, name, hypothesis, "productId", "ownerId", status)
    SELECT p.key || 'trial' || n, 'E', 'h', p.id, u.id, (ARRAY['RUNNING', 'DRAFT'])[n]::"ExperimentStatus" FROM "Product" p, "User" u, generate_series(1, 2) n
     WHERE u.email = 'admin@acme.test' AND p.key = 'rocket';
    INSERT INTO "Release" (id, name, version, "productId", status, "targetDate")
    SELECT p.key || v.id, v.id, v.version, p.id, v.status::"ReleaseStatus", now() + make_interval(days => v.days)
      FROM "Product" p, (VALUES ('late', '1.0.0', 'TESTING', -3), ('soon', '1.1.0', 'PLANNING', 5), ('far', '2.0.0', 'PLANNING', 90), ('out', '0.9.0', 'RELEASED', -9))
        AS v (id, version, status, days) WHERE p.key = 'rocket';
    INSERT INTO "Feature" (id, title, description, "productId", status, "dueDate", "assigneeId")
    SELECT p.key || v.id, v.id, '', p.id, v.status::"FeatureStatus", now() + make_interval(days => v.days), u.id
      FROM "Product" p, "User" u, (VALUES ('behind', 'IN_PROGRESS', -1), ('finished', 'DONE', -1), ('dropped', 'CANCELLED', -1), ('next', 'BACKLOG', 2)) AS v (id, status, days)
     WHERE u.email = 'admin@acme.test';
    INSERT INTO "OKR" (id, title, "productId", "ownerId", quarter, status, progress)
    SELECT p.key || 'okr' || v.quarter, 'Old promise', p.id, u.id, v.quarter, v.status::"OKRStatus", 40 FROM "Product" p, "User" u,
           (VALUES ('2020-Q1', 'ACTIVE'), ('2019-Q4', 'COMPLETED')) AS v (quarter, status) WHERE u.email = 'admin@acme.test' AND p.key = 'rocket';
    INSERT INTO "Task" (id, title, "productId", "assigneeId", "dueDate")
    SELECT p.key || 't' || n, 'T', p.id, u.id, now() + make_interval(days => n - 2) FROM "Product" p, "User" u, generate_series(0, 4) n
     WHERE u.email = 'admin@acme.test' AND p.key = 'rocket';
    INSERT INTO "Task" (id, title, "productId", "assigneeId", status, "dueDate")
    SELECT p.key || v.id, 'T', p.id, u.id, v.status::"TaskStatus", v.due FROM "Product" p, "User" u,
           (VALUES ('did', 'DONE', now() - interval '9 days'), ('any-day', 'TODO', NULL)) AS v (id, status, due)
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
    assert_eq!((rocket.ideas, rocket.feedback, rocket.kpis, rocket.experiments, rocket.okrs), (2, 1, 2, 1, 1));
    assert_eq!((rocket.features, rocket.done_features, rocket.all_features), (1, 1, 3));
    assert_eq!((rocket.okr_progress, rocket.release_name.as_deref()), (Some(40.0), Some("late")));
    let mine = overview.mine.unwrap();
    assert_eq!((mine.open, mine.overdue, mine.features), (6, 2, 4));
    assert!((1..=3).contains(&mine.week), "today at least, three days at most: {}", mine.week);
    assert_eq!(of(&mut scope, Some("rocket")).await.mine, None);
}

/// Rows of the list that a number leads to.
async fn listed(scope: &mut Scope, key: &str) -> ([i64; 7], Option<String>) {
    let product = feature::store::product(scope, key).await.unwrap().id;
    let today = zone::days(scope).await.unwrap().today;
    let ideas = IdeaQuery { status: Some(IdeaStatus::Submitted), ..Default::default() };
    let ideas = idea::store::list(scope, &product, &ideas).await.unwrap().rows.len();
    let said = FeedbackQuery { status: Some(FeedbackStatus::Submitted), ..Default::default() };
    let said = feedback::store::list(scope, &product, &said).await.unwrap().rows.len();
    let of_status = |status| FeatureQuery { status: Some(status), ..Default::default() };
    let begun = feature::store::list(scope, &product, &of_status(FeatureStatus::InProgress)).await.unwrap().rows.len();
    let done = feature::store::list(scope, &product, &of_status(FeatureStatus::Done)).await.unwrap().rows.len();
    let okrs = OkrQuery { status: Some(OkrStatus::Active), ..Default::default() };
    let okrs = okr::store::list(scope, &product, &okrs, today).await.unwrap().rows.len();
    let kpis = kpi::store::list(scope, &product, &KpiQuery::default()).await.unwrap().rows.len();
    let trials = ExperimentQuery { status: Some(ExperimentStatus::Running), ..Default::default() };
    let trials = experiment::store::list(scope, key, &trials).await.unwrap().page.rows.len();
    let next = release::store::list(scope, &product, &ReleaseQuery::default()).await.unwrap();
    ([ideas, said, begun, done, okrs, kpis, trials].map(|rows| rows as i64), next.rows.first().map(|row| row.release.id.clone()))
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn each_number_is_that_of_the_list_it_leads_to(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let overview = of(&mut scope, None).await;
    for line in &overview.products {
        let alone = of(&mut scope, Some(&line.key)).await;
        assert_eq!(&alone.products[0], line, "one product's own overview says the same");
        let numbers = [line.ideas, line.feedback, line.features, line.done_features, line.okrs, line.kpis, line.experiments];
        assert_eq!((numbers, line.release_id.clone()), listed(&mut scope, &line.key).await, "{}", line.key);
        // The badge counts, and its product's page lists.
        let at_risk = if alone.risks.is_empty() { Health::OnTrack } else { Health::AtRisk(alone.risks.len()) };
        assert_eq!(overview.health(&line.key), at_risk, "{}", line.key);
        let page = crate::product::store::page(&mut scope, &line.key).await.unwrap();
        for (status, count) in page.standing.unwrap_or_default() {
            let query = IdeaQuery { status: Some(status), ..Default::default() };
            let rows = idea::store::list(&mut scope, &page.summary.product.id, &query).await.unwrap().rows.len();
            assert_eq!(rows as i64, count, "{} {status:?}", line.key);
        }
    }

    let (mine, days) = (overview.mine.unwrap(), zone::days(&mut scope).await.unwrap());
    let rocket = of(&mut scope, Some("rocket")).await;
    let (here, product) = (rocket.mine_here.unwrap(), rocket.products[0].id.clone());
    assert_eq!(here.tasks, mine.tasks, "all of them are of this product");
    for (name, count, parameters) in here.parts() {
        let get = |wanted: &str| {
            let mut pairs = parameters[1..].split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(known, _)| *known == wanted).map(|(_, value)| value.to_owned())
        };
        let listed = task::store::list(&mut scope, &product, &TaskQuery::of_params(get), days.today).await.unwrap();
        assert_eq!(listed.rows.len() as i64, count, "{name}");
    }
    assert_eq!((here.todo, here.overdue), (6, 2));
    let balloon = of(&mut scope, Some("balloon")).await.mine_here.unwrap();
    assert_eq!((balloon, of(&mut scope, Some("balloon")).await.mine), (MineHere::default(), None));
    let work = task::store::mine(&mut scope, days).await.unwrap();
    let group = |span: Span| work.groups.iter().find(|group| group.span == span);
    let total = |span: Span| group(span).map_or(0, |group| group.total);
    assert_eq!((mine.open, mine.overdue), work.counts());
    assert_eq!((mine.week, mine.features), (total(Span::ThisWeek), work.features.len() as i64));
    let soon = [Span::Overdue, Span::ThisWeek].into_iter().filter_map(group).flat_map(|group| &group.tasks);
    let soon: Vec<&str> = soon.map(|row| row.task.id.as_str()).collect();
    assert_eq!(mine.tasks.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), soon);

    // Whoever has nothing to do is told so.
    let idle = db.member("acme", Role::Stakeholder).await;
    scope.commit(()).await.unwrap();
    let mut scope = db.scope("acme", &idle, Perm::Read).await.unwrap();
    assert_eq!(of(&mut scope, None).await.mine, Some(Mine::default()));
    drop(scope);
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    assert_ne!(of(&mut scope, None).await.mine, Some(Mine::default()));
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
    sqlx::query(r#"UPDATE "KPIDataPoint" SET value = 36 WHERE id = 'p1'"#).execute(&db.owner).await.unwrap();
    assert!(of(&mut theirs, None).await.alerts.is_empty(), "it was put right");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_products_work_and_open_ideas_are_drawn(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let ideas = r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId", status, effort, impact, "deletedAt")
        SELECT v.id, v.id, '', p.id, u.id, v.status::"IdeaStatus", v.effort, 5, v.gone
          FROM "Product" p, "User" u, (VALUES ('good', 'SUBMITTED', 2, NULL::timestamptz), ('fair', 'APPROVED', 2, NULL),
               ('done', 'IMPLEMENTED', 3, NULL), ('none', 'SUBMITTED', NULL, NULL), ('gone', 'SUBMITTED', 3, now())
          ) AS v (id, status, effort, gone) WHERE p.key = 'balloon' AND u.email = 'admin@acme.test'"#;
    sqlx::query(ideas).execute(&db.owner).await.unwrap();
    let drawn = of(&mut scope, Some("balloon")).await.pictures.unwrap();
    assert_eq!(drawn.places(), [(1.0, 1.0, "I, I".to_owned()), (2.0, 5.0, "good, fair".to_owned())]);
    let line = of(&mut scope, Some("rocket")).await;
    let count: i64 = line.pictures.unwrap().features.iter().map(|(_, count)| count).sum();
    assert!(count >= line.products[0].all_features, "those that are cancelled, too");
    assert_eq!(of(&mut scope, None).await.pictures, None);
}
