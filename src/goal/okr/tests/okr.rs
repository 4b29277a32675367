use sqlx::PgPool;

use super::{active, check, fields, up, way, workshop};
use crate::goal::okr::model::{CloseForm, Direction, ObjectiveForm, OkrFields, OkrForm, OkrQuery, OkrStatus, Quarter, Tie, tree};
use crate::goal::okr::store::{self, close, objective, result};
use crate::kernel::day;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::time::Timestamp;
use crate::search::model::{Kind, SearchQuery};
use crate::server::scope::Scope;
use crate::testing::{TestDb, counted};

fn on(text: &str) -> Timestamp {
    day::parse(text).unwrap().unwrap()
}

fn serving(owner: &str, title: &str, serves: &str) -> OkrFields {
    let form = OkrForm { title: title.into(), quarter: "2026-Q4".into(), owner: owner.into(), serves: serves.into(), ..Default::default() };
    form.validate().unwrap()
}

async fn titles(scope: &mut Scope, product: &str, query: OkrQuery) -> Vec<String> {
    let page = store::list(scope, product, &query, on("2026-11-16")).await.unwrap();
    page.rows.into_iter().map(|okr| okr.title).collect()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_objective_is_written_changed_and_moved(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, product) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", fields(&admin.id, "Win", "2026-Q4")).await.unwrap();
    let okr = store::get(&mut scope, &product, &id).await.unwrap();
    assert_eq!((okr.title.as_str(), okr.quarter.word(), okr.status, okr.results), ("Win", "2026-Q4".into(), OkrStatus::Draft, 0));
    assert_eq!(okr.owner(), "Test Person");
    assert_eq!(store::update(&mut scope, &id, "*", fields(&admin.id, "Win more", "2027-Q1")).await.unwrap(), "rocket");
    assert!(matches!(store::set_status(&mut scope, &id, OkrStatus::Completed).await, Err(AppError::Conflict(_))), "not begun");
    store::set_status(&mut scope, &id, OkrStatus::Active).await.unwrap();
    store::set_deleted(&mut scope, &id, true).await.unwrap();
    assert!(titles(&mut scope, &product, OkrQuery::default()).await.is_empty());
    assert_eq!(titles(&mut scope, &product, OkrQuery { deleted: true, ..Default::default() }).await, ["Win more"]);
    assert!(matches!(store::update(&mut scope, &id, "*", fields(&admin.id, "X", "2027-Q1")).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::set_status(&mut scope, &id, OkrStatus::Completed).await, Err(AppError::Conflict(_))));
    assert!(matches!(result::add(&mut scope, &id, way(Direction::Increase, 0.0, 1.0)).await, Err(AppError::Conflict(_))));
    assert_eq!(store::set_deleted(&mut scope, &id, false).await.unwrap(), "rocket");
    assert_eq!(store::quarters(&mut scope, &product).await.unwrap(), [Quarter::parse("2027-Q1").unwrap()]);
    let query = SearchQuery { words: "mor".into(), kind: Some(Kind::Okr), ..Default::default() };
    assert_eq!(crate::search::store::find(&mut scope, &query).await.unwrap().groups[0].hits[0].id, id);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_list_goes_by_quarter_and_tells_what_is_at_risk(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, product) = workshop(&db).await;
    let today = on("2026-11-16");
    for (title, quarter, value) in [
        ("Late", "2026-Q4", 39.0),
        ("Fine", "2026-Q4", 40.0),
        ("Old", "2026-Q3", 89.0),
        ("Done", "2026-Q3", 90.0),
        ("Next", "2027-Q1", 0.0),
    ] {
        let okr = active(&mut scope, title, quarter).await;
        let result = up(&mut scope, &okr, 0.0, 100.0).await;
        check(&mut scope, &result, value).await;
    }
    store::create(&mut scope, "rocket", fields(&admin.id, "Draft", "2026-Q4")).await.unwrap();
    assert_eq!(titles(&mut scope, &product, OkrQuery::default()).await, ["Next", "Draft", "Fine", "Late", "Done", "Old"]);
    let at_risk = OkrQuery { at_risk: true, ..Default::default() };
    assert_eq!(titles(&mut scope, &product, at_risk.clone()).await, ["Late", "Old"]);
    for okr in store::list(&mut scope, &product, &OkrQuery::default(), today).await.unwrap().rows {
        assert_eq!(okr.behind(today).is_some(), ["Late", "Old"].contains(&okr.title.as_str()), "{}", okr.title);
    }
    let of = |quarter: &str| OkrQuery { quarter: Quarter::parse(quarter), ..Default::default() };
    assert_eq!(titles(&mut scope, &product, of("2026-Q3")).await, ["Done", "Old"]);
    assert_eq!(titles(&mut scope, &product, OkrQuery { status: Some(OkrStatus::Draft), ..of("2026-Q4") }).await, ["Draft"]);
    assert_eq!(titles(&mut scope, &product, OkrQuery { owner: Some("me".into()), ..of("2027-Q1") }).await, ["Next"]);
    assert!(titles(&mut scope, &product, OkrQuery { owner: Some("nobody".into()), ..Default::default() }).await.is_empty());
    let few = counted(store::list(&mut scope, &product, &OkrQuery::default(), today)).await.1;
    for n in 0..25 {
        store::create(&mut scope, "rocket", fields(&admin.id, &format!("More {n}"), "2026-Q2")).await.unwrap();
    }
    let (first, many) = counted(store::list(&mut scope, &product, &OkrQuery::default(), today)).await;
    let first = first.unwrap();
    let next = OkrQuery { cursor: first.next.clone(), ..Default::default() };
    let second = store::list(&mut scope, &product, &next, today).await.unwrap();
    assert_eq!((first.rows.len(), second.rows.len(), many), (20, 11, few));
    let back = OkrQuery { cursor: second.previous.clone(), ..Default::default() };
    assert_eq!(store::list(&mut scope, &product, &back, today).await.unwrap().rows[0].title, "Next");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn objectives_serve_one_another_but_not_in_a_circle(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, product) = workshop(&db).await;
    let form = ObjectiveForm { title: "Grow".into(), quarter: "2026-Q4".into(), owner: admin.id.clone(), ..Default::default() };
    let top = objective::create(&mut scope, form.validate().unwrap()).await.unwrap();
    let a = store::create(&mut scope, "rocket", serving(&admin.id, "A", &top)).await.unwrap();
    let b = store::create(&mut scope, "rocket", serving(&admin.id, "B", &a)).await.unwrap();
    let c = store::create(&mut scope, "rocket", serving(&admin.id, "C", &b)).await.unwrap();
    scope.commit(()).await.unwrap();
    for wrong in [&a, &b, &c] {
        let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
        let error = store::update(&mut scope, &a, "*", serving(&admin.id, "A", wrong)).await.unwrap_err();
        assert!(error.of_field("serves").is_some(), "{error:?}");
    }
    // Two who each close half a circle at the same moment.
    let d = {
        let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
        let d = store::create(&mut scope, "rocket", serving(&admin.id, "D", "")).await.unwrap();
        scope.commit(d).await.unwrap()
    };
    let align = async |id: &str, with: &str| {
        let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await?;
        store::update(&mut scope, id, "*", serving(&admin.id, "Aligned", with)).await?;
        scope.commit(()).await
    };
    let both = tokio::join!(align(&a, &d), align(&d, &a));
    assert!(matches!(both, (Ok(()), Err(_)) | (Err(_), Ok(()))), "{both:?}");
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    assert_eq!(store::get(&mut scope, &product, &c).await.unwrap().parent_id.as_deref(), Some(b.as_str()));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_tree_shows_what_serves_what(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, product) = workshop(&db).await;
    let form = ObjectiveForm { title: "Grow".into(), quarter: "2026-Q4".into(), owner: admin.id.clone(), ..Default::default() };
    let top = objective::create(&mut scope, form.clone().validate().unwrap()).await.unwrap();
    let a = store::create(&mut scope, "rocket", serving(&admin.id, "A", &top)).await.unwrap();
    let b = store::create(&mut scope, "rocket", serving(&admin.id, "B", &a)).await.unwrap();
    store::create(&mut scope, "rocket", fields(&admin.id, "Alone", "2026-Q4")).await.unwrap();
    let q4 = Quarter::parse("2026-Q4").unwrap();
    let objectives = objective::of_quarter(&mut scope, q4).await.unwrap();
    let (below, rest) = tree(&objectives, objective::aligned(&mut scope, q4).await.unwrap());
    assert_eq!((below[0][0].okr.title.as_str(), below[0][0].below[0].okr.title.as_str(), rest[0].okr.title.as_str()), ("A", "B", "Alone"));
    assert_eq!(objective::below(&mut scope, &top).await.unwrap().len(), 2);
    let named = store::parents(&mut scope, Some(&b), Some(&a)).await.unwrap();
    let names: Vec<&str> = named.iter().map(|parent| parent.name.as_str()).collect();
    assert_eq!(names, ["ROCKET: A (2026-Q4)", "Organisation: Grow (2026-Q4)", "ROCKET: Alone (2026-Q4)"], "the present one first");
    let okr = store::get(&mut scope, &product, &a).await.unwrap();
    let ties: Vec<(Tie, String)> = store::links(&mut scope, &okr).await.unwrap().into_iter().map(|link| (link.tie, link.path())).collect();
    assert!(ties.contains(&(Tie::Serves, format!("/okrs/{top}"))) && ties.contains(&(Tie::Served, format!("/products/rocket/okrs/{b}"))));
    assert_eq!(ties.len(), 2);
    // What is gone stays what it serves until somebody says otherwise.
    objective::set_deleted(&mut scope, &top, true).await.unwrap();
    store::update(&mut scope, &a, "*", serving(&admin.id, "A2", &top)).await.unwrap();
    let gone = store::update(&mut scope, &b, "*", serving(&admin.id, "B", &top)).await;
    assert!(gone.unwrap_err().of_field("serves").is_some());
    assert_eq!(objective::deleted(&mut scope).await.unwrap().len(), 1);
    assert!(matches!(objective::update(&mut scope, &top, "*", form.clone().validate().unwrap()).await, Err(AppError::Conflict(_))));
    objective::set_deleted(&mut scope, &top, false).await.unwrap();
    objective::update(&mut scope, &top, "*", form.validate().unwrap()).await.unwrap();
    objective::set_status(&mut scope, &top, OkrStatus::Active).await.unwrap();
    assert_eq!(objective::quarters(&mut scope).await.unwrap(), [q4]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_objectives_cannot_be_touched(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, product) = workshop(&db).await;
    let okr = active(&mut scope, "Win", "2026-Q4").await;
    let id = up(&mut scope, &okr, 0.0, 1.0).await;
    check(&mut scope, &id, 0.5).await;
    let form = ObjectiveForm { title: "Grow".into(), quarter: "2026-Q4".into(), owner: admin.id.clone(), ..Default::default() };
    let top = objective::create(&mut scope, form.clone().validate().unwrap()).await.unwrap();
    scope.commit(()).await.unwrap();
    let bob = db.org("other").await;
    db.product("other", &bob, "shuttle").await;
    let mut scope = db.scope("other", &bob, Perm::PlanWrite).await.unwrap();
    let q4 = Quarter::parse("2026-Q4").unwrap();
    assert_eq!(store::get(&mut scope, &product, &okr).await, Err(AppError::NotFound));
    assert!(titles(&mut scope, &product, OkrQuery::default()).await.is_empty());
    assert!(titles(&mut scope, &product, OkrQuery { deleted: true, ..Default::default() }).await.is_empty());
    assert!(store::quarters(&mut scope, &product).await.unwrap().is_empty());
    assert!(store::parents(&mut scope, None, Some(&okr)).await.unwrap().is_empty());
    assert_eq!(result::get(&mut scope, &okr, &id).await, Err(AppError::NotFound));
    assert!(result::list(&mut scope, &okr).await.unwrap().is_empty());
    assert!(result::check_ins(&mut scope, &id, None).await.unwrap().rows.is_empty());
    assert!(close::list(&mut scope, &product, q4).await.unwrap().is_empty());
    assert!(
        objective::of_quarter(&mut scope, q4).await.unwrap().is_empty() && objective::aligned(&mut scope, q4).await.unwrap().is_empty()
    );
    assert!(objective::below(&mut scope, &top).await.unwrap().is_empty());
    assert_eq!(objective::get(&mut scope, &top).await, Err(AppError::NotFound));
    let ours = fields(&bob.id, "X", "2026-Q4");
    assert_eq!(store::update(&mut scope, &okr, "*", ours.clone()).await, Err(AppError::NotFound));
    assert_eq!(store::set_status(&mut scope, &okr, OkrStatus::Draft).await, Err(AppError::NotFound));
    assert_eq!(store::set_deleted(&mut scope, &okr, true).await, Err(AppError::NotFound));
    assert_eq!(result::add(&mut scope, &okr, way(Direction::Increase, 0.0, 1.0)).await, Err(AppError::NotFound));
    assert_eq!(result::update(&mut scope, &id, "*", way(Direction::Increase, 0.0, 1.0)).await, Err(AppError::NotFound));
    assert_eq!(result::remove(&mut scope, &id, true).await, Err(AppError::NotFound));
    let said = crate::goal::okr::model::CheckInFields { value: 1.0, note: None, confidence: None };
    assert_eq!(result::check_in(&mut scope, &id, said).await, Err(AppError::NotFound));
    let closing: CloseForm = serde_json::from_value(serde_json::json!({ "begin": "DRAFT", &okr: "COMPLETE" })).unwrap();
    let closing = closing.validate("2026-Q4").unwrap();
    for product in ["rocket", "shuttle"] {
        assert_eq!(close::close(&mut scope, product, &closing).await, Err(AppError::NotFound));
    }
    let theirs = ObjectiveForm { owner: bob.id.clone(), ..form.clone() }.validate().unwrap();
    assert_eq!(objective::update(&mut scope, &top, "*", theirs).await, Err(AppError::NotFound));
    assert_eq!(objective::set_status(&mut scope, &top, OkrStatus::Active).await, Err(AppError::NotFound));
    assert_eq!(objective::set_deleted(&mut scope, &top, true).await, Err(AppError::NotFound));
    for (serves, owner) in [(okr.as_str(), &bob.id), (top.as_str(), &bob.id), ("", &admin.id)] {
        let fields = OkrFields { owner: owner.clone(), serves: Some(serves.to_owned()).filter(|id| !id.is_empty()), ..ours.clone() };
        let refused = store::create(&mut scope, "shuttle", fields).await.unwrap_err();
        let field = if serves.is_empty() { "owner" } else { "serves" };
        assert!(refused.of_field(field).is_some(), "{serves} {owner}: {refused:?}");
    }
    let refused = objective::create(&mut scope, form.validate().unwrap()).await;
    assert!(refused.unwrap_err().of_field("owner").is_some(), "an owner from elsewhere");
}
