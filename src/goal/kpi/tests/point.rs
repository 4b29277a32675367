use sqlx::PgPool;

use super::{kpi, page, point, row, values, workshop};
use crate::goal::kpi::model::{AlertForm, ChartQuery, Frequency, PointForm, Range, Recorded};
use crate::goal::kpi::store::{self, point as points};
use crate::kernel::error::AppError;
use crate::kernel::page::PAGE_SIZE;
use crate::kernel::role::Perm;
use crate::testing::TestDb;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_same_values_twice_are_as_good_as_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = kpi(&mut scope, "DAILY", "SUM").await;
    let given = [point("2026-01-01", 1.0), point("2026-01-02", 2.0)];
    assert_eq!(points::record(&mut scope, &id, &given).await.unwrap(), Recorded { added: 2, changed: 0 });
    assert_eq!(points::record(&mut scope, &id, &given).await.unwrap(), Recorded { added: 0, changed: 0 });
    let further = [point("2026-01-02", 5.0), point("2026-01-03", 3.0), point("2026-01-03", 4.0)];
    assert_eq!(points::record(&mut scope, &id, &further).await.unwrap(), Recorded { added: 1, changed: 1 });
    assert_eq!(values(&mut scope, &id).await, [row("2026-01-03", 4.0), row("2026-01-02", 5.0), row("2026-01-01", 1.0)]);
    assert_eq!(page(&mut scope, &id).await.summary.kpi.current_value, 4.0);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_day_that_has_a_value_is_not_entered_again(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = kpi(&mut scope, "DAILY", "LAST").await;
    points::enter(&mut scope, &id, point("2026-01-01", 1.0)).await.unwrap();
    let refused = points::enter(&mut scope, &id, point("2026-01-01", 2.0)).await.unwrap_err();
    assert!(refused.of_field("date").unwrap().contains("already"), "{refused:?}");
    points::enter(&mut scope, &id, point("2026-01-02", 2.0)).await.unwrap();
    assert_eq!(values(&mut scope, &id).await, [row("2026-01-02", 2.0), row("2026-01-01", 1.0)]);
}

/// A client of the published model inserts what it likes; our own writing puts it right.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_foreign_clients_twins_are_taken_and_made_one(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = kpi(&mut scope, "DAILY", "SUM").await;
    scope.commit(()).await.unwrap();
    let twins = r#"INSERT INTO "KPIDataPoint" (id, "kpiId", value, date) VALUES ('t1', $1, 7, '2026-01-02'), ('t2', $1, 8, '2026-01-02')"#;
    sqlx::query(twins).bind(&id).execute(&db.owner).await.unwrap();
    let admin = db.sign_up("second@acme.test").await;
    sqlx::query(r#"INSERT INTO "Membership" (id, "userId", "organizationId", role) SELECT 'm2', $1, id, 'ADMIN' FROM "Organization""#)
        .bind(&admin.id)
        .execute(&db.owner)
        .await
        .unwrap();
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    assert_eq!(page(&mut scope, &id).await.chart.points.first().unwrap().1, Some(15.0), "both count");
    assert_eq!(page(&mut scope, &id).await.summary.kpi.current_value, 8.0);
    assert_eq!(points::record(&mut scope, &id, &[point("2026-01-02", 9.0)]).await.unwrap(), Recorded { added: 0, changed: 1 });
    assert_eq!(values(&mut scope, &id).await, [row("2026-01-02", 9.0)]);
    assert_eq!(page(&mut scope, &id).await.chart.points.first().unwrap().1, Some(9.0));
}

/// A client of the published model may write a number that is next to nothing; whatever is made of it stays a number.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_smallest_number_there_is_does_no_harm(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    for aggregation in ["MEAN", "SUM", "LAST"] {
        let id = kpi(&mut scope, "WEEKLY", aggregation).await;
        let rule = AlertForm { kind: "CHANGE".into(), threshold: "10".into() }.validate().unwrap();
        store::alert::add(&mut scope, &id, rule).await.unwrap();
        let given = [("2026-01-05", 5e-324), ("2026-01-06", 0.0), ("2026-01-12", 1.0), ("2026-01-13", -5e-324), ("2026-01-19", 1e-310)];
        points::record(&mut scope, &id, &given.map(|(date, value)| point(date, value))).await.unwrap();
        let first = page(&mut scope, &id).await.chart.points[0].1;
        assert_eq!(first, Some(0.0), "{aggregation}");
        let standing = r#"SELECT status FROM kpi_standing($1, $2, '2026-01-20')"#;
        let told: String =
            sqlx::query_scalar(standing).bind(scope.organization().id.clone()).bind(&id).fetch_one(scope.db()).await.unwrap();
        assert_eq!(told, "OFF_TARGET", "{aggregation}");
    }
    let product = store::product(&mut scope, "rocket").await.unwrap().id;
    assert_eq!(store::list(&mut scope, &product, &Default::default()).await.unwrap().rows.len(), 3);
    // What was told by a rule of old, whose threshold nobody can enter any more.
    let holds = "SELECT kpi_rule_holds('CHANGE', 5e-324, 1, 1e-100) AND NOT kpi_rule_holds('CHANGE', 5e-324, 1, 5e-324)";
    assert!(sqlx::query_scalar::<_, bool>(holds).fetch_one(scope.db()).await.unwrap());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn two_writers_of_one_moment_leave_one_value(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = kpi(&mut scope, "DAILY", "LAST").await;
    scope.commit(()).await.unwrap();
    let write = async |value: f64| {
        let mut scope = db.scope("acme", &admin, Perm::WorkWrite).await.unwrap();
        points::record(&mut scope, &id, &[point("2026-01-02", value)]).await.unwrap();
        scope.commit(()).await.unwrap();
    };
    tokio::join!(write(1.0), write(2.0), write(3.0));
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    let left = values(&mut scope, &id).await;
    assert_eq!(left.len(), 1);
    let shown = page(&mut scope, &id).await;
    assert_eq!((shown.summary.kpi.current_value, shown.chart.points[0].1), (left[0].1, Some(left[0].1)));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_value_is_put_right_and_removed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = kpi(&mut scope, "DAILY", "LAST").await;
    points::record(&mut scope, &id, &[point("2026-01-01", 1.0), point("2026-01-02", 2.0)]).await.unwrap();
    let latest = page(&mut scope, &id).await.points.rows[0].id.clone();
    let today = store::today(&mut scope).await.unwrap();
    let form = |date: &str, value: &str| PointForm { date: date.into(), value: value.into() }.validate(today).unwrap();
    points::update(&mut scope, &latest, "*", form("2026-01-05", "9")).await.unwrap();
    assert_eq!(values(&mut scope, &id).await, [row("2026-01-05", 9.0), row("2026-01-01", 1.0)]);
    let taken = points::update(&mut scope, &latest, "*", form("2026-01-01", "9")).await.unwrap_err();
    assert!(taken.of_field("date").is_some(), "{taken:?}");
    points::remove(&mut scope, &latest).await.unwrap();
    assert_eq!(points::remove(&mut scope, &latest).await, Err(AppError::NotFound));
    let shown = page(&mut scope, &id).await;
    assert_eq!((shown.summary.kpi.current_value, shown.chart.points[0].1), (1.0, Some(1.0)));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_chart_gathers_periods_and_leaves_gaps(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = store::product(&mut scope, "rocket").await.unwrap().id;
    let days = [("2026-01-05", 1.0), ("2026-01-07", 3.0), ("2026-01-20", 8.0), ("2026-04-01", 4.0)];
    let given: Vec<_> = days.iter().map(|(date, value)| point(date, *value)).collect();
    for (aggregation, weeks, quarters) in [("LAST", 3.0, 8.0), ("SUM", 4.0, 12.0), ("MEAN", 2.0, 4.0)] {
        let id = kpi(&mut scope, "DAILY", aggregation).await;
        points::record(&mut scope, &id, &given).await.unwrap();
        let by = |by| ChartQuery { by: Some(by), range: Range::All, ..Default::default() };
        let weekly = store::page(&mut scope, "rocket", &id, by(Frequency::Weekly), None).await.unwrap().chart.points;
        assert_eq!((weekly[0].0.to_string(), weekly[0].1, weekly[1].1), ("2026-01-05".to_owned(), Some(weeks), None), "{aggregation}");
        let quarterly = store::page(&mut scope, "rocket", &id, by(Frequency::Quarterly), None).await.unwrap().chart.points;
        assert_eq!(quarterly[..2].iter().map(|(_, value)| *value).collect::<Vec<_>>(), [Some(quarters), Some(4.0)], "{aggregation}");
    }
    let id = kpi(&mut scope, "DAILY", "LAST").await;
    points::record(&mut scope, &id, &given).await.unwrap();
    let events = r#"INSERT INTO "Release" (id, name, version, "productId", status, "releaseDate") VALUES
        ('r1', 'Release 1.0.0', '1.0.0', $1, 'RELEASED', '2026-01-06'), ('r2', 'Early', '0.9.0', $1, 'RELEASED', '2025-01-06'),
        ('r3', 'Later', '2.0.0', $1, 'PLANNING', NULL)"#;
    sqlx::query(events).bind(&product).execute(scope.db()).await.unwrap();
    let experiment = r#"INSERT INTO "Experiment" (id, name, hypothesis, "productId", "ownerId", status, "startDate", "endDate")
        SELECT 'e1', 'Blue', 'h', $1, "ownerId", 'COMPLETED', '2026-01-08', '2026-02-08' FROM "KPI" LIMIT 1"#;
    sqlx::query(experiment).bind(&product).execute(scope.db()).await.unwrap();
    let labels: Vec<String> = page(&mut scope, &id).await.chart.events.into_iter().map(|event| event.label).collect();
    assert_eq!(labels, ["Release 1.0.0", "Experiment began: Blue", "Experiment ended: Blue"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn values_are_paged_through(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = kpi(&mut scope, "DAILY", "LAST").await;
    let given: Vec<_> = (1..=25).map(|n| point(&format!("2026-01-{n:02}"), f64::from(n))).collect();
    points::record(&mut scope, &id, &given).await.unwrap();
    let first = page(&mut scope, &id).await.points;
    let second = store::page(&mut scope, "rocket", &id, Default::default(), first.next.as_ref()).await.unwrap().points;
    assert_eq!((first.rows.len() as i64, second.rows.len(), second.rows[0].value), (PAGE_SIZE, 5, 5.0));
    let back = store::page(&mut scope, "rocket", &id, Default::default(), second.previous.as_ref()).await.unwrap().points;
    assert_eq!(back.rows, first.rows);
}
