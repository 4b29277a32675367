use sqlx::PgPool;

use super::{active, check, progress, up, way, workshop};
use crate::goal::okr::model::{CheckInForm, Direction, Measure, Objective, ObjectiveForm, OkrForm, OkrStatus, mean};
use crate::goal::okr::store::{self, objective, result};
use crate::kernel::entry::Entry;
use crate::kernel::role::Perm;
use crate::server::scope::Scope;
use crate::testing::TestDb;

/// The database's formula and the model's give the same to the last bit, at the edges too, and neither fails.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_databases_formula_is_that_of_the_model(pool: PgPool) {
    let edges = [0.0, 1.0, 2.0, 2.5, 99.9, 100.0, -7.0, 1e15, 5e-324, 1e-310, 1e-151, 1e150, 1e151, f64::MAX, f64::MIN];
    let spread = |n: u64| f64::from((n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u32) / 1e4 - 700.0;
    let mut cases: Vec<(Direction, [f64; 3])> = Vec::new();
    for direction in Direction::ALL {
        for a in edges {
            for b in edges {
                cases.extend(edges.map(|c| (direction, [a, b, c])));
            }
        }
        cases.extend((0..3_000).map(|n| (direction, [spread(3 * n), spread(3 * n + 1), spread(3 * n + 2)])));
    }
    // A band the wrong way round is not stored.
    let cases: Vec<_> = cases.into_iter().filter(|(direction, [a, b, _])| *direction != Direction::Maintain || a <= b).collect();
    let column = |of: fn(&[f64; 3]) -> f64| cases.iter().map(|(_, numbers)| of(numbers)).collect::<Vec<f64>>();
    let there: Vec<f64> = sqlx::query_scalar(
        r#"SELECT key_result_progress(direction, a, b, c, a, b)
             FROM unnest($1::"KeyResultDirection"[], $2::float8[], $3::float8[], $4::float8[]) WITH ORDINALITY AS v (direction, a, b, c, n) ORDER BY n"#,
    )
    .bind(cases.iter().map(|(direction, _)| direction.word().to_owned()).collect::<Vec<_>>())
    .bind(column(|n| n[0]))
    .bind(column(|n| n[1]))
    .bind(column(|n| n[2]))
    .fetch_all(&pool)
    .await
    .unwrap();
    assert!(there.len() > 10_000);
    for ((direction, [start, target, value]), there) in cases.into_iter().zip(there) {
        let here = Measure { direction, start, target, band: (start, target) }.progress(value);
        assert_eq!(here.to_bits(), there.to_bits(), "{direction:?} {start:e} {target:e} {value:e}: {here} and {there}");
        assert!((0.0..=100.0).contains(&here));
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn progress_follows_its_key_results_whoever_writes_them(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, product) = workshop(&db).await;
    let okr = active(&mut scope, "Win", "2026-Q4").await;
    assert_eq!(progress(&mut scope, &product, &okr).await, 0.0);
    let one = up(&mut scope, &okr, 20.0, 60.0).await;
    let other = result::add(&mut scope, &okr, way(Direction::Maintain, 90.0, 100.0)).await.unwrap();
    assert_eq!(progress(&mut scope, &product, &okr).await, 50.0, "the second begins within its band");
    check(&mut scope, &one, 30.0).await;
    assert_eq!(progress(&mut scope, &product, &okr).await, 62.5);
    check(&mut scope, &one, 400.0).await;
    let results = result::list(&mut scope, &okr).await.unwrap();
    let all: Vec<f64> = results.iter().map(|result| result.progress()).collect();
    assert_eq!((all.as_slice(), progress(&mut scope, &product, &okr).await), ([100.0, 100.0].as_slice(), mean(&all)));
    // A client of the published schema knows neither start nor direction.
    sqlx::query(r#"INSERT INTO "KeyResult" (id, "okrId", title, "targetValue", unit) VALUES ('foreign', $1, 'T', 200, 'users')"#)
        .bind(&okr)
        .execute(scope.db())
        .await
        .unwrap();
    sqlx::query(r#"UPDATE "KeyResult" SET "currentValue" = 50 WHERE id = 'foreign'"#).execute(scope.db()).await.unwrap();
    assert_eq!(progress(&mut scope, &product, &okr).await, 75.0);
    sqlx::query(r#"UPDATE "OKR" SET progress = 3 WHERE id = $1"#).bind(&okr).execute(scope.db()).await.unwrap();
    assert_eq!(progress(&mut scope, &product, &okr).await, 75.0, "it is not what somebody says that it is");
    for gone in ["foreign", &one, &other] {
        result::remove(&mut scope, gone, true).await.unwrap();
    }
    assert_eq!(progress(&mut scope, &product, &okr).await, 0.0);
    let bare = active(&mut scope, "Bare", "2026-Q4").await;
    sqlx::query(r#"UPDATE "OKR" SET progress = 30 WHERE id = $1"#).bind(&bare).execute(scope.db()).await.unwrap();
    assert_eq!(progress(&mut scope, &product, &bare).await, 30.0, "without key results there is nothing that knows better");
}

/// Two people check in two key results of one objective at the same moment: neither mean forgets the other's.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn two_check_ins_at_once_both_count(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, product) = workshop(&db).await;
    let okr = active(&mut scope, "Win", "2026-Q4").await;
    let (one, other) = (up(&mut scope, &okr, 0.0, 10.0).await, up(&mut scope, &okr, 0.0, 10.0).await);
    scope.commit(()).await.unwrap();
    for round in 1..=3 {
        let say = async |result: &str| {
            let mut scope = db.scope("acme", &admin, Perm::WorkWrite).await.unwrap();
            check(&mut scope, result, f64::from(round)).await;
            scope.commit(()).await.unwrap();
        };
        // And a client that takes no lock of ours.
        let foreign =
            sqlx::query(r#"UPDATE "KeyResult" SET "currentValue" = $2 WHERE id = $1"#).bind(&other).bind(f64::from(round)).execute(&pool);
        let (_, done) = tokio::join!(say(&one), foreign);
        done.unwrap();
        let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
        assert_eq!(progress(&mut scope, &product, &okr).await, f64::from(round) * 10.0);
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_was_said_is_kept_in_its_order(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, _) = workshop(&db).await;
    let okr = active(&mut scope, "Win", "2026-Q4").await;
    let id = up(&mut scope, &okr, 0.0, 100.0).await;
    for week in 1..=25 {
        let confidence = Entry((week % 11).to_string());
        let form = CheckInForm { value: (f64::from(week) / 2.0).to_string(), note: format!("Week {week}"), confidence };
        result::check_in(&mut scope, &id, form.validate().unwrap()).await.unwrap();
    }
    // Of an earlier day, taken over from elsewhere.
    sqlx::query(
        r#"INSERT INTO "KeyResultCheckIn" (id, "keyResultId", value, "createdAt") VALUES ('late', $1, 99, now() - interval '9 days')"#,
    )
    .bind(&id)
    .execute(scope.db())
    .await
    .unwrap();
    let found = result::get(&mut scope, &okr, &id).await.unwrap();
    assert_eq!((found.current_value, found.confidence, found.values.len()), (12.5, Some(3), 26));
    assert_eq!((found.values[0], found.values[25], found.points().len()), (99.0, 12.5, 27));
    let first = result::check_ins(&mut scope, &id, None).await.unwrap();
    assert_eq!((first.rows.len(), first.rows[0].note.as_deref()), (20, Some("Week 25")));
    let second = result::check_ins(&mut scope, &id, first.next.as_ref()).await.unwrap();
    assert_eq!((second.rows.len(), second.rows[5].value, second.rows[5].author()), (6, 99.0, "A former member".into()));
    let back = result::check_ins(&mut scope, &id, second.previous.as_ref()).await.unwrap();
    assert_eq!((back.rows[0].id.as_str(), back.rows[0].author()), (first.rows[0].id.as_str(), "Test Person".into()));
    scope.commit(()).await.unwrap();
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    assert!(result::remove(&mut scope, &id, false).await.unwrap_err().of_field("confirmed").is_some());
    store::set_status(&mut scope, &okr, OkrStatus::Completed).await.unwrap();
    for refused in [
        result::check_in(&mut scope, &id, CheckInForm { value: "1".into(), ..Default::default() }.validate().unwrap()).await,
        result::update(&mut scope, &id, "*", way(Direction::Increase, 0.0, 1.0)).await.map(|_| ()),
        result::remove(&mut scope, &id, true).await.map(|_| ()),
        result::add(&mut scope, &okr, way(Direction::Increase, 0.0, 1.0)).await.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(crate::kernel::error::AppError::Conflict(_))), "{refused:?}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_key_result_stands_at_its_start_until_somebody_says_more(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, product) = workshop(&db).await;
    let okr = active(&mut scope, "Win", "2026-Q4").await;
    let id = up(&mut scope, &okr, 100.0, 200.0).await;
    result::update(&mut scope, &id, "*", way(Direction::Increase, 10.0, 20.0)).await.unwrap();
    let found = result::get(&mut scope, &okr, &id).await.unwrap();
    assert_eq!((found.start_value, found.current_value, found.values.len(), found.confidence), (10.0, 10.0, 0, None));
    check(&mut scope, &id, 15.0).await;
    result::update(&mut scope, &id, "*", way(Direction::Decrease, 20.0, 10.0)).await.unwrap();
    assert_eq!(result::get(&mut scope, &okr, &id).await.unwrap().current_value, 15.0);
    assert_eq!(progress(&mut scope, &product, &okr).await, 50.0);
}

async fn objective_of(scope: &mut Scope, id: &str) -> Objective {
    objective::get(scope, id).await.unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_organisations_objective_is_as_far_as_what_serves_it(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, _) = workshop(&db).await;
    let form = ObjectiveForm { title: "Grow".into(), quarter: "2026-Q4".into(), owner: admin.id.clone(), ..Default::default() };
    let top = objective::create(&mut scope, form.validate().unwrap()).await.unwrap();
    let mut okrs = Vec::new();
    for (title, value) in [("One", 4.0), ("Two", 10.0), ("Three", 1.0)] {
        let form = OkrForm {
            title: title.into(),
            quarter: "2026-Q4".into(),
            owner: scope.user().id.clone(),
            serves: top.clone(),
            ..Default::default()
        };
        let okr = store::create(&mut scope, "rocket", form.validate().unwrap()).await.unwrap();
        let result = up(&mut scope, &okr, 0.0, 10.0).await;
        check(&mut scope, &result, value).await;
        okrs.push(okr);
    }
    assert_eq!(objective_of(&mut scope, &top).await.progress, 50.0);
    store::set_status(&mut scope, &okrs[2], OkrStatus::Cancelled).await.unwrap();
    assert_eq!(objective_of(&mut scope, &top).await.progress, 70.0);
    store::set_deleted(&mut scope, &okrs[1], true).await.unwrap();
    assert_eq!(objective_of(&mut scope, &top).await.progress, 40.0);
    store::set_deleted(&mut scope, &okrs[1], false).await.unwrap();
    let alone = super::fields(&admin.id, "One", "2026-Q4");
    store::update(&mut scope, &okrs[0], "*", alone).await.unwrap();
    assert_eq!(objective_of(&mut scope, &top).await.progress, 100.0, "the first serves it no more");
    sqlx::query(r#"DELETE FROM "OKR" WHERE id = $1"#).bind(&okrs[1]).execute(scope.db()).await.unwrap();
    assert_eq!(objective_of(&mut scope, &top).await.progress, 0.0);
}
