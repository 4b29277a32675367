use sqlx::PgPool;

use super::{fields, kpi, page, point, workshop};
use crate::goal::kpi::model::{AlertKind, AlertRule, Direction, Frequency, KpiFields, KpiQuery, Show, Status};
use crate::goal::kpi::store::{self, alert, point as points};
use crate::kernel::error::AppError;
use crate::kernel::page::PAGE_SIZE;
use crate::kernel::role::{Perm, Role};
use crate::testing::{TestDb, counted};

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_kpi_is_written_changed_deleted_and_restored(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = kpi(&mut scope, "WEEKLY", "MEAN").await;
    let stored = page(&mut scope, &id).await.summary.kpi;
    assert_eq!((stored.owner_id.as_str(), stored.frequency, stored.current_value), (admin.id.as_str(), Frequency::Weekly, 0.0));
    let wanted = KpiFields { target: 50.0, direction: Direction::Lower, owner: None, ..fields("Churn", "MONTHLY", "SUM") };
    assert_eq!(store::update(&mut scope, &id, "*", wanted.clone()).await.unwrap(), "rocket");
    let stored = page(&mut scope, &id).await.summary.kpi;
    assert_eq!(KpiFields::from(&stored), KpiFields { owner: Some(admin.id.clone()), ..wanted.clone() });
    let stranger = db.sign_up("stranger@nowhere.test").await;
    let theirs = KpiFields { owner: Some(stranger.id), ..wanted };
    assert!(store::update(&mut scope, &id, "*", theirs.clone()).await.unwrap_err().of_field("owner").is_some());
    assert!(store::create(&mut scope, "rocket", theirs).await.unwrap_err().of_field("owner").is_some());

    let product = store::product(&mut scope, "rocket").await.unwrap().id;
    store::set_deleted(&mut scope, &id, true).await.unwrap();
    assert!(store::list(&mut scope, &product, &KpiQuery::default()).await.unwrap().rows.is_empty());
    let deleted = KpiQuery { show: Show::Deleted, ..Default::default() };
    assert_eq!(store::list(&mut scope, &product, &deleted).await.unwrap().rows.len(), 1);
    assert!(matches!(points::record(&mut scope, &id, &[point("2026-01-01", 1.0)]).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::update(&mut scope, &id, "*", fields("X", "", "")).await, Err(AppError::Conflict(_))));
    store::set_deleted(&mut scope, &id, false).await.unwrap();
    points::record(&mut scope, &id, &[point("2026-01-01", 1.0)]).await.unwrap();
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn kpis_are_listed_with_how_they_stand_in_as_many_statements_as_one(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = store::product(&mut scope, "rocket").await.unwrap().id;
    let today = store::today(&mut scope).await.unwrap();
    let month = |back: i32| Frequency::Monthly.step(Frequency::Monthly.start(today), back).to_string();
    let first = kpi(&mut scope, "MONTHLY", "MEAN").await;
    points::record(&mut scope, &first, &[point(&month(-1), 30.0), point(&month(0), 40.0), point(&month(-20), 1.0)]).await.unwrap();
    let few = counted(store::list(&mut scope, &product, &KpiQuery::default())).await;
    let row = few.0.unwrap().rows.remove(0);
    let standing = row.standing(today);
    assert_eq!((standing.status, standing.change.unwrap().by, row.kpi.current_value), (Status::OnTarget, 10.0, 40.0));
    assert_eq!(row.values, [30.0, 40.0], "what is long past is not read");
    assert_eq!(row.sparks(today)[10..], [Some(30.0), Some(40.0)]);
    for n in 0..24 {
        let frequency = if n % 2 == 0 { "DAILY" } else { "MONTHLY" };
        store::create(&mut scope, "rocket", fields(&format!("KPI {n}"), frequency, "")).await.unwrap();
    }
    let (page, many) = counted(store::list(&mut scope, &product, &KpiQuery::default())).await;
    let page = page.unwrap();
    assert_eq!((page.rows.len() as i64, many), (PAGE_SIZE, few.1));
    let second = store::list(&mut scope, &product, &KpiQuery { cursor: page.next, ..Default::default() }).await.unwrap();
    assert_eq!((second.rows.len(), second.first_place), (5, 21));
    let daily = KpiQuery { frequency: Some(Frequency::Daily), ..Default::default() };
    assert_eq!(store::list(&mut scope, &product, &daily).await.unwrap().rows.len(), 12);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_rule_tells_once_in_a_period_and_when_a_threshold_is_crossed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = kpi(&mut scope, "MONTHLY", "LAST").await;
    let webhook = r#"INSERT INTO "Webhook" (id, name, url, events, "organizationId")
        SELECT 'w1', 'W', 'https://example.test/hook', '{kpi.alert}', id FROM "Organization""#;
    sqlx::query(webhook).execute(&db.owner).await.unwrap();
    let rule = |kind, threshold| AlertRule { kind, threshold };
    alert::add(&mut scope, &id, rule(AlertKind::Above, 50.0)).await.unwrap();
    alert::add(&mut scope, &id, rule(AlertKind::Change, 20.0)).await.unwrap();
    let told = async |scope: &mut _| page(scope, &id).await.notices.iter().map(|n| (n.kind, n.value)).collect::<Vec<_>>();
    for (date, value) in [("2026-01-10", 40.0), ("2026-02-10", 45.0)] {
        points::record(&mut scope, &id, &[point(date, value)]).await.unwrap();
    }
    assert_eq!(told(&mut scope).await, []);
    points::record(&mut scope, &id, &[point("2026-03-10", 60.0)]).await.unwrap();
    let mut both = told(&mut scope).await;
    both.sort_by_key(|(kind, _)| *kind as u8);
    assert_eq!(both, [(AlertKind::Above, 60.0), (AlertKind::Change, 60.0)]);
    points::record(&mut scope, &id, &[point("2026-03-11", 61.0), point("2026-04-10", 62.0)]).await.unwrap();
    assert_eq!(told(&mut scope).await.len(), 2, "above already, and told of March already");

    let notices = page(&mut scope, &id).await;
    assert!(notices.notices.iter().all(|notice| notice.unread) && notices.summary.unread == 2);
    alert::mark_read(&mut scope, &id).await.unwrap();
    alert::mark_read(&mut scope, &id).await.unwrap();
    assert_eq!(page(&mut scope, &id).await.summary.unread, 0);
    let first = notices.alerts[0].id.clone();
    alert::remove(&mut scope, &first).await.unwrap();
    assert_eq!((page(&mut scope, &id).await.alerts.len(), told(&mut scope).await.len()), (1, 2), "what was told stays told");
    scope.commit(()).await.unwrap();

    let logged = r#"SELECT metadata #>> '{after,value}' FROM "AuditLog" WHERE action = 'kpi.alert' AND "entityId" = $1"#;
    let logged: Vec<String> = sqlx::query_scalar(logged).bind(&id).fetch_all(&db.owner).await.unwrap();
    assert_eq!(logged, ["60", "60"]);
    let queued = r#"SELECT payload #>> '{data,changes,after,kind}' FROM "WebhookDelivery" WHERE event = 'kpi.alert' ORDER BY 1"#;
    let queued: Vec<String> = sqlx::query_scalar(queued).fetch_all(&db.owner).await.unwrap();
    assert_eq!(queued, ["ABOVE", "CHANGE"], "webhooks carry it");
    let other = db.member("acme", Role::Stakeholder).await;
    let mut theirs = db.scope("acme", &other, Perm::Read).await.unwrap();
    assert_eq!(page(&mut theirs, &id).await.summary.unread, 2, "each person has read for themselves");
    drop(theirs);
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    let twice = alert::add(&mut scope, &id, rule(AlertKind::Change, 20.0)).await.unwrap_err();
    assert!(twice.of_field("threshold").is_some(), "{twice:?}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_was_told_is_taken_back_with_its_value(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = kpi(&mut scope, "MONTHLY", "LAST").await;
    let webhooks = r#"INSERT INTO "Webhook" (id, name, url, events, "organizationId")
        SELECT w.id, 'W', 'https://example.test/hook', w.events::text[], o.id
          FROM "Organization" o, (VALUES ('named', '{kpi.alert}'), ('group', '{kpi.*}'), ('deaf', '{idea.*}')) w (id, events)"#;
    sqlx::query(webhooks).execute(&db.owner).await.unwrap();
    for rule in [AlertRule { kind: AlertKind::Above, threshold: 50.0 }, AlertRule { kind: AlertKind::Change, threshold: 20.0 }] {
        alert::add(&mut scope, &id, rule).await.unwrap();
    }
    let record = async |scope: &mut _, date, value| points::record(scope, &id, &[point(date, value)]).await.unwrap();
    let told = async |scope: &mut _| {
        let page = page(scope, &id).await;
        let mut told: Vec<_> = page.notices.iter().map(|n| (n.kind as u8, n.value, n.withdrawn_at.is_some(), n.corrected_value)).collect();
        told.sort_by_key(|(kind, ..)| *kind);
        (told, page.summary.unread)
    };
    record(&mut scope, "2026-02-10", 45.0).await;
    record(&mut scope, "2026-03-10", 600.0).await;
    record(&mut scope, "2026-03-10", 60.0).await;
    assert_eq!(told(&mut scope).await, (vec![(0, 60.0, false, None), (2, 60.0, false, None)], 2), "still so, by what it is now");
    record(&mut scope, "2026-03-10", 46.0).await;
    assert_eq!(told(&mut scope).await, (vec![(0, 60.0, true, Some(46.0)), (2, 60.0, true, Some(46.0))], 0));
    let last = page(&mut scope, &id).await.points.rows[0].id.clone();
    points::remove(&mut scope, &last).await.unwrap();
    assert_eq!(told(&mut scope).await, (vec![(0, 60.0, true, None), (2, 60.0, true, None)], 0));

    alert::mark_read(&mut scope, &id).await.unwrap();
    record(&mut scope, "2026-03-11", 70.0).await;
    assert_eq!(told(&mut scope).await, (vec![(0, 70.0, false, None), (2, 70.0, false, None)], 2), "so again is news again");
    // The value before counts for a change: it is none any more.
    record(&mut scope, "2026-02-10", 49.0).await;
    record(&mut scope, "2026-02-11", 66.0).await;
    let (after, _) = told(&mut scope).await;
    assert!(after.contains(&(2, 70.0, true, Some(70.0))) && after.contains(&(0, 70.0, false, None)), "{after:?}");
    scope.commit(()).await.unwrap();

    let queued = r#"SELECT "webhookId" || ' ' || event || ' ' || count(*) FROM "WebhookDelivery" WHERE event LIKE 'kpi.alert%'
        GROUP BY "webhookId", event ORDER BY 1"#;
    let queued: Vec<String> = sqlx::query_scalar(queued).fetch_all(&db.owner).await.unwrap();
    let expected = ["group kpi.alert 5", "group kpi.alert_withdrawn 3", "named kpi.alert 5", "named kpi.alert_withdrawn 3"];
    assert_eq!(queued, expected, "whoever hears of an alert hears that it is taken back, once");
    let corrected = r#"SELECT payload #>> '{data,changes,after,correctedValue}' FROM "WebhookDelivery"
        WHERE event = 'kpi.alert_withdrawn' AND "webhookId" = 'named' ORDER BY 1"#;
    let corrected: Vec<String> = sqlx::query_scalar(corrected).fetch_all(&db.owner).await.unwrap();
    assert_eq!(corrected, ["46", "46", "70"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_a_rule_that_is_gone_has_told_is_no_news_again(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = kpi(&mut scope, "MONTHLY", "LAST").await;
    let rule = alert::add(&mut scope, &id, AlertRule { kind: AlertKind::Below, threshold: 10.0 }).await.unwrap();
    for value in [5.0, 15.0] {
        points::record(&mut scope, &id, &[point("2026-03-10", value)]).await.unwrap();
    }
    alert::mark_read(&mut scope, &id).await.unwrap();
    alert::remove(&mut scope, &rule).await.unwrap();
    points::record(&mut scope, &id, &[point("2026-03-10", 6.0)]).await.unwrap();
    let notices = page(&mut scope, &id).await.notices;
    assert_eq!((notices.len(), notices[0].value, notices[0].withdrawn_at, notices[0].unread), (1, 6.0, None, false));
    scope.commit(()).await.unwrap();
    let logged = r#"SELECT action FROM "AuditLog" WHERE action LIKE 'kpi.alert%' AND "entityType" = 'KPI' ORDER BY id"#;
    let logged: Vec<String> = sqlx::query_scalar(logged).fetch_all(&db.owner).await.unwrap();
    assert_eq!(logged, ["kpi.alert", "kpi.alert_withdrawn"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_sum_raises_no_alarm_before_its_period_is_over(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = kpi(&mut scope, "MONTHLY", "SUM").await;
    alert::add(&mut scope, &id, AlertRule { kind: AlertKind::Below, threshold: 100.0 }).await.unwrap();
    let today = store::today(&mut scope).await.unwrap();
    let month = |back: i32| Frequency::Monthly.step(Frequency::Monthly.start(today), back).to_string();
    points::record(&mut scope, &id, &[point(&month(-1), 150.0), point(&month(0), 3.0)]).await.unwrap();
    assert_eq!(page(&mut scope, &id).await.notices, []);
    points::record(&mut scope, &id, &[point(&month(-1), 90.0)]).await.unwrap();
    assert_eq!(page(&mut scope, &id).await.notices.len(), 1, "a month that is over");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_organisations_kpi_is_not_there(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = kpi(&mut scope, "MONTHLY", "LAST").await;
    points::record(&mut scope, &id, &[point("2026-01-10", 40.0)]).await.unwrap();
    alert::add(&mut scope, &id, AlertRule { kind: AlertKind::Above, threshold: 1.0 }).await.unwrap();
    let (value, rule) = (page(&mut scope, &id).await.points.rows[0].id.clone(), page(&mut scope, &id).await.alerts[0].id.clone());
    scope.commit(()).await.unwrap();
    let other = db.org("other").await;
    db.product("other", &other, "lander").await;
    let mut theirs = db.scope("other", &other, Perm::PlanWrite).await.unwrap();
    assert_eq!(store::page(&mut theirs, "lander", &id, Default::default(), None).await.err(), Some(AppError::NotFound));
    assert_eq!(points::record(&mut theirs, &id, &[point("2026-01-11", 1.0)]).await, Err(AppError::NotFound));
    assert_eq!(points::remove(&mut theirs, &value).await, Err(AppError::NotFound));
    assert_eq!(points::get(&mut theirs, "lander", &id, &value).await.err(), Some(AppError::NotFound));
    assert_eq!(alert::remove(&mut theirs, &rule).await, Err(AppError::NotFound));
    assert_eq!(alert::mark_read(&mut theirs, &id).await, Err(AppError::NotFound));
    assert_eq!(store::set_deleted(&mut theirs, &id, true).await, Err(AppError::NotFound));
}
