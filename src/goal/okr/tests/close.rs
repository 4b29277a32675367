use serde_json::json;
use sqlx::PgPool;

use super::{active, check, up, way, workshop};
use crate::goal::okr::model::{CloseFields, CloseForm, Direction, ObjectiveForm, Okr, OkrFields, OkrForm, OkrQuery, OkrStatus, Quarter};
use crate::goal::okr::store::{self, close, objective, result};
use crate::kernel::day;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
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

/// An objective of this quarter that is worked on and serves this.
async fn serving(scope: &mut Scope, product: &str, title: &str, serves: &str) -> String {
    let owner = scope.user().id.clone();
    let form =
        OkrForm { title: title.into(), quarter: "2026-Q3".into(), owner, serves: serves.into(), ..Default::default() }.validate().unwrap();
    let id = store::create(scope, product, form).await.unwrap();
    store::set_status(scope, &id, OkrStatus::Active).await.unwrap();
    id
}

/// What goes on with this one.
async fn next(scope: &mut Scope, old: &str) -> Okr {
    sqlx::query_as(r#"SELECT * FROM "OKR" WHERE "carriedFromId" = $1"#).bind(old).fetch_one(scope.db()).await.unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_carried_over_serves_what_it_served(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    db.product("acme", &admin, "balloon").await;
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    let form = ObjectiveForm { title: "Grow".into(), quarter: "2026-Q4".into(), owner: admin.id.clone(), ..Default::default() };
    let grow = objective::create(&mut scope, form.validate().unwrap()).await.unwrap();
    let top = serving(&mut scope, "rocket", "Top", &grow).await;
    let below = serving(&mut scope, "rocket", "Below", &top).await;
    let (elsewhere, moved) = (serving(&mut scope, "balloon", "Elsewhere", &top).await, serving(&mut scope, "balloon", "Moved", &top).await);

    // Of another product, before what it serves is carried over; one of them is aligned with something else then.
    close::close(&mut scope, "balloon", &closing("ACTIVE", &[(&elsewhere, "COMPLETE_CARRY"), (&moved, "COMPLETE_CARRY")])).await.unwrap();
    assert_eq!(next(&mut scope, &elsewhere).await.parent_id.as_deref(), Some(top.as_str()));
    let on = next(&mut scope, &moved).await;
    let free = OkrFields { serves: None, ..OkrFields::from(&on) };
    store::update(&mut scope, &on.id, "*", free).await.unwrap();

    close::close(&mut scope, "rocket", &closing("ACTIVE", &[(&below, "COMPLETE_CARRY"), (&top, "CANCEL_CARRY")])).await.unwrap();
    let on = next(&mut scope, &top).await;
    assert_eq!((on.objective_id.as_deref(), on.parent_id.as_deref()), (Some(grow.as_str()), None));
    for old in [&below, &elsewhere] {
        assert_eq!(next(&mut scope, old).await.parent_id.as_deref(), Some(on.id.as_str()), "both go on");
    }
    assert_eq!(next(&mut scope, &moved).await.parent_id, None, "it was said otherwise");
    let old = store::get(&mut scope, &on.product_id, &below).await.unwrap();
    assert_eq!(old.parent_id.as_deref(), Some(top.as_str()), "what is over stays as it was");
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
