use serde_json::json;
use sqlx::PgPool;

use super::{active, check, up, way, workshop};
use crate::goal::okr::model::{CloseFields, CloseForm, Direction, Okr, OkrQuery, OkrStatus, Quarter};
use crate::goal::okr::store::{self, close, result};
use crate::kernel::day;
use crate::kernel::error::AppError;
use crate::server::scope::Scope;
use crate::testing::TestDb;

fn closing(begin: &str, outcomes: &[(&str, &str)]) -> CloseFields {
    let mut form = json!({ "begin": begin });
    for (id, outcome) in outcomes {
        form[*id] = json!(outcome);
    }
    serde_json::from_value::<CloseForm>(form).unwrap().validate("2026-Q3").unwrap()
}

async fn of(scope: &mut Scope, product: &str, quarter: &str) -> Vec<Okr> {
    let query = OkrQuery { quarter: Quarter::parse(quarter), ..Default::default() };
    store::list(scope, product, &query, day::parse("2026-10-01").unwrap().unwrap()).await.unwrap().rows
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_quarter_ends_and_what_is_unfinished_goes_on(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, product) = workshop(&db).await;
    let half = active(&mut scope, "Half", "2026-Q3").await;
    let (reached, open) = (up(&mut scope, &half, 0.0, 10.0).await, up(&mut scope, &half, 20.0, 60.0).await);
    let kept = result::add(&mut scope, &half, way(Direction::Maintain, 90.0, 100.0)).await.unwrap();
    check(&mut scope, &reached, 11.0).await;
    check(&mut scope, &open, 45.0).await;
    check(&mut scope, &kept, 99.0).await;
    let whole = active(&mut scope, "Whole", "2026-Q3").await;
    let result = up(&mut scope, &whole, 0.0, 1.0).await;
    check(&mut scope, &result, 1.0).await;
    let (dropped, left) = (active(&mut scope, "Dropped", "2026-Q3").await, active(&mut scope, "Left", "2026-Q3").await);
    let q3 = Quarter::parse("2026-Q3").unwrap();
    let open_ones: Vec<i64> = close::list(&mut scope, &product, q3).await.unwrap().iter().map(|closing| closing.unfinished).collect();
    assert_eq!(open_ones, [1, 0, 0, 0]);

    let all = [(half.as_str(), "COMPLETE_CARRY"), (&whole, "COMPLETE_CARRY"), (&dropped, "CANCEL_CARRY"), (&left, "LEAVE")];
    close::close(&mut scope, "rocket", &closing("ACTIVE", &all)).await.unwrap();
    let mut ended: Vec<(String, OkrStatus)> =
        of(&mut scope, &product, "2026-Q3").await.into_iter().map(|okr| (okr.title, okr.status)).collect();
    ended.sort_by(|a, b| a.0.cmp(&b.0));
    let status = [OkrStatus::Cancelled, OkrStatus::Completed, OkrStatus::Active, OkrStatus::Completed];
    assert_eq!(ended.iter().map(|(_, status)| *status).collect::<Vec<_>>(), status, "{ended:?}");

    let next = of(&mut scope, &product, "2026-Q4").await;
    let mut names: Vec<&str> = next.iter().map(|okr| okr.title.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Dropped", "Half"], "what is reached does not go on");
    let on = next.iter().find(|okr| okr.title == "Half").unwrap();
    assert_eq!((on.status, on.carried_from_id.as_deref(), on.progress), (OkrStatus::Active, Some(half.as_str()), 50.0));
    let results = result::list(&mut scope, &on.id).await.unwrap();
    let values: Vec<[f64; 3]> = results.iter().map(|r| [r.start_value, r.current_value, r.target_value]).collect();
    assert_eq!(values, [[45.0, 45.0, 60.0], [99.0, 99.0, 95.0]], "it begins where it stood");
    assert_eq!(result::list(&mut scope, &half).await.unwrap().len(), 3, "the old one stays as it was");

    // Taken up again and closed again, it is not carried over twice.
    store::set_status(&mut scope, &half, OkrStatus::Active).await.unwrap();
    close::close(&mut scope, "rocket", &closing("DRAFT", &[(&half, "CANCEL_CARRY")])).await.unwrap();
    assert_eq!(of(&mut scope, &product, "2026-Q4").await.len(), 2);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_quarter_is_closed_whole_or_not_at_all(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, product) = workshop(&db).await;
    let (one, other) = (active(&mut scope, "One", "2026-Q3").await, active(&mut scope, "Other", "2026-Q3").await);
    let later = active(&mut scope, "Later", "2026-Q4").await;
    store::set_status(&mut scope, &other, OkrStatus::Completed).await.unwrap();
    for wrong in [&other, &later] {
        let both = closing("DRAFT", &[(&one, "COMPLETE"), (wrong, "CANCEL")]);
        assert!(matches!(close::close(&mut scope, "rocket", &both).await, Err(AppError::Conflict(_))));
    }
    let nothing = closing("DRAFT", &[(&one, "COMPLETE"), ("nothing", "CANCEL")]);
    assert_eq!(close::close(&mut scope, "rocket", &nothing).await, Err(AppError::NotFound));
    assert_eq!(store::get(&mut scope, &product, &one).await.unwrap().status, OkrStatus::Active);
}
