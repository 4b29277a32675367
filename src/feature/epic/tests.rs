use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::PgPool;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::model::{EpicFields, EpicForm, EpicQuery, EpicStatus, Work};
use super::store;
use crate::feature::model::{Feature, FeatureForm, FeatureQuery, FeatureStatus, NONE};
use crate::feature::store as features;
use crate::kernel::entry::Entry;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::search::model::{Kind, SearchQuery};
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

fn form(title: &str) -> EpicFields {
    EpicForm { title: title.into(), start_date: "2026-11-02".into(), end_date: "2026-12-24".into(), ..Default::default() }
        .validate()
        .unwrap()
}

async fn workshop(db: &TestDb) -> (TestUser, Scope, String) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    let product = features::product(&mut scope, "rocket").await.unwrap().id;
    (admin, scope, product)
}

/// A feature of an epic.
async fn feature(scope: &mut Scope, epic: &str, points: &str, status: FeatureStatus) -> String {
    let form = FeatureForm { title: "Part".into(), epic: epic.into(), story_points: Entry(points.into()), ..Default::default() };
    let id = features::create(scope, "rocket", form.validate().unwrap()).await.unwrap();
    features::set_status(scope, &id, status).await.unwrap();
    id
}

async fn of(scope: &mut Scope, epic: &str) -> Vec<Feature> {
    features::of_epic(scope, epic, None).await.unwrap().rows
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_epic_is_written_changed_and_moved(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, product) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", form("Native apps")).await.unwrap();
    let epic = store::get(&mut scope, &product, &id).await.unwrap();
    assert_eq!((epic.title.as_str(), epic.status, epic.work), ("Native apps", EpicStatus::Planning, Work::default()));
    let changed = EpicForm { title: "Apps".into(), description: "d".into(), ..Default::default() }.validate().unwrap();
    assert_eq!(store::update(&mut scope, &id, "*", changed).await.unwrap(), "rocket");
    let epic = store::get(&mut scope, &product, &id).await.unwrap();
    assert_eq!((epic.title.as_str(), epic.description.as_str(), epic.start_date, epic.end_date), ("Apps", "d", None, None));
    assert!(matches!(store::set_status(&mut scope, &id, EpicStatus::Completed).await, Err(AppError::Conflict(_))), "not begun");
    for status in [EpicStatus::InProgress, EpicStatus::InProgress, EpicStatus::Completed] {
        store::set_status(&mut scope, &id, status).await.unwrap();
    }
    let done = EpicQuery { status: Some(EpicStatus::Completed), ..Default::default() };
    assert_eq!(store::list(&mut scope, &product, &done).await.unwrap().rows.len(), 1);
    let planned = EpicQuery { status: Some(EpicStatus::Planning), ..Default::default() };
    assert!(store::list(&mut scope, &product, &planned).await.unwrap().rows.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn epics_are_paged_through(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, product) = workshop(&db).await;
    for n in 0..25 {
        store::create(&mut scope, "rocket", form(&format!("Epic {n}"))).await.unwrap();
    }
    let first = store::list(&mut scope, &product, &EpicQuery::default()).await.unwrap();
    let second = store::list(&mut scope, &product, &EpicQuery { cursor: first.next, ..Default::default() }).await.unwrap();
    assert_eq!((first.rows.len(), second.rows.len(), second.first_place), (20, 5, 21));
    let back = store::list(&mut scope, &product, &EpicQuery { cursor: second.previous, ..Default::default() }).await.unwrap();
    assert_eq!(back.rows[0].id, first.rows[0].id);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn features_add_up_but_for_cancelled_and_deleted_ones(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, product) = workshop(&db).await;
    let epic = store::create(&mut scope, "rocket", form("Apps")).await.unwrap();
    feature(&mut scope, &epic, "5", FeatureStatus::Done).await;
    feature(&mut scope, &epic, "8", FeatureStatus::Testing).await;
    feature(&mut scope, &epic, "", FeatureStatus::Done).await;
    feature(&mut scope, &epic, "100", FeatureStatus::Cancelled).await;
    let gone = feature(&mut scope, &epic, "50", FeatureStatus::Done).await;
    features::set_deleted(&mut scope, &gone, true).await.unwrap();
    let expected = Work { features: 3, done: 2, points: 13, points_done: 5 };
    assert_eq!(store::get(&mut scope, &product, &epic).await.unwrap().work, expected);
    assert_eq!(store::list(&mut scope, &product, &EpicQuery::default()).await.unwrap().rows[0].work, expected);
    assert_eq!(of(&mut scope, &epic).await.len(), 4, "a cancelled one is shown all the same");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn features_go_in_and_out(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, product) = workshop(&db).await;
    let one = store::create(&mut scope, "rocket", form("One")).await.unwrap();
    let two = store::create(&mut scope, "rocket", form("Two")).await.unwrap();
    let id = feature(&mut scope, "", "", FeatureStatus::Backlog).await;
    assert_eq!(features::find(&mut scope, &product, "part", None, Some(&one)).await.unwrap().len(), 1);
    store::add(&mut scope, &one, &id).await.unwrap();
    store::add(&mut scope, &one, &id).await.unwrap();
    assert_eq!((of(&mut scope, &one).await.len(), of(&mut scope, &two).await.len()), (1, 0));
    assert!(features::find(&mut scope, &product, "part", None, Some(&one)).await.unwrap().is_empty(), "it is in there");
    let found = features::find(&mut scope, &product, "part", None, Some(&two)).await.unwrap();
    assert_eq!(found[0].epic_title.as_deref(), Some("One"));
    store::add(&mut scope, &two, &id).await.unwrap();
    store::take_out(&mut scope, &one, &id).await.unwrap();
    assert_eq!((of(&mut scope, &one).await.len(), of(&mut scope, &two).await.len()), (0, 1), "taken out of the one it is in alone");
    store::take_out(&mut scope, &two, &id).await.unwrap();
    assert_eq!(features::get(&mut scope, &product, &id).await.unwrap().epic_id, None);
    features::set_deleted(&mut scope, &id, true).await.unwrap();
    assert!(matches!(store::add(&mut scope, &one, &id).await, Err(AppError::Conflict(_))));
    scope.commit(()).await.unwrap();
    db.product("acme", &admin, "shuttle").await;
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    let other =
        features::create(&mut scope, "shuttle", FeatureForm { title: "T".into(), ..Default::default() }.validate().unwrap()).await.unwrap();
    assert_eq!(store::add(&mut scope, &one, &other).await, Err(AppError::NotFound), "of another product");
    let into = FeatureForm { title: "T".into(), epic: one, ..Default::default() }.validate().unwrap();
    let refused = features::update(&mut scope, &other, "*", into).await.unwrap_err();
    assert!(refused.of_field("epic").is_some(), "{refused:?}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_deleted_epic_leaves_its_features_and_has_them_back(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, product) = workshop(&db).await;
    let epic = store::create(&mut scope, "rocket", form("Apps")).await.unwrap();
    let id = feature(&mut scope, &epic, "5", FeatureStatus::Backlog).await;
    assert_eq!(features::get(&mut scope, &product, &id).await.unwrap().epic_title.as_deref(), Some("Apps"));
    store::set_deleted(&mut scope, &epic, true).await.unwrap();
    assert_eq!(features::get(&mut scope, &product, &id).await.unwrap().epic_title, None);
    assert!(features::choices(&mut scope, &product).await.unwrap().epics.is_empty());
    let without = FeatureQuery { epic: Some(NONE.into()), ..Default::default() };
    assert_eq!(features::list(&mut scope, &product, &without).await.unwrap().rows.len(), 1);
    assert!(matches!(store::update(&mut scope, &epic, "*", form("X")).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::set_status(&mut scope, &epic, EpicStatus::InProgress).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::add(&mut scope, &epic, &id).await, Err(AppError::Conflict(_))));
    let deleted = EpicQuery { deleted: true, ..Default::default() };
    assert_eq!(store::list(&mut scope, &product, &deleted).await.unwrap().rows.len(), 1);
    // Whoever changes the feature meanwhile sees no epic in its form, and does not mean to take it out of one.
    let saved = FeatureForm { title: "Changed".into(), ..Default::default() }.validate().unwrap();
    features::update(&mut scope, &id, "*", saved.clone()).await.unwrap();
    store::set_deleted(&mut scope, &epic, false).await.unwrap();
    assert_eq!(of(&mut scope, &epic).await[0].title, "Changed");
    features::update(&mut scope, &id, "*", saved).await.unwrap();
    assert!(of(&mut scope, &epic).await.is_empty(), "now it is taken out");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_epic_is_found_by_its_words(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, _) = workshop(&db).await;
    let epic = store::create(&mut scope, "rocket", form("Native apps")).await.unwrap();
    let query = SearchQuery { words: "nati".into(), kind: Some(Kind::Epic), ..Default::default() };
    let hits = crate::search::store::find(&mut scope, &query).await.unwrap().groups.remove(0).hits;
    assert_eq!((hits.len(), hits[0].id.as_str()), (1, epic.as_str()));
    store::set_deleted(&mut scope, &epic, true).await.unwrap();
    assert!(crate::search::store::find(&mut scope, &query).await.unwrap().groups.iter().all(|group| group.hits.is_empty()));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_epic_ends_no_earlier_than_it_begins_whoever_writes(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, _) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", form("Apps")).await.unwrap();
    let mut fields = form("Apps");
    std::mem::swap(&mut fields.start_date, &mut fields.end_date);
    let error = store::update(&mut scope, &id, "*", fields).await.unwrap_err();
    assert!(error.of_field("end_date").is_some(), "{error:?}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_epics_cannot_be_touched(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, product) = workshop(&db).await;
    let epic = store::create(&mut scope, "rocket", form("Apps")).await.unwrap();
    let ours = feature(&mut scope, &epic, "5", FeatureStatus::Backlog).await;
    scope.commit(()).await.unwrap();
    let bob = db.org("other").await;
    db.product("other", &bob, "shuttle").await;
    let mut scope = db.scope("other", &bob, Perm::PlanWrite).await.unwrap();
    let theirs =
        features::create(&mut scope, "shuttle", FeatureForm { title: "T".into(), ..Default::default() }.validate().unwrap()).await.unwrap();
    assert_eq!(store::get(&mut scope, &product, &epic).await, Err(AppError::NotFound));
    assert!(store::list(&mut scope, &product, &EpicQuery::default()).await.unwrap().rows.is_empty());
    assert!(store::list(&mut scope, &product, &EpicQuery { deleted: true, ..Default::default() }).await.unwrap().rows.is_empty());
    assert!(of(&mut scope, &epic).await.is_empty());
    assert_eq!(store::create(&mut scope, "rocket", form("X")).await, Err(AppError::NotFound));
    assert_eq!(store::update(&mut scope, &epic, "*", form("X")).await, Err(AppError::NotFound));
    assert_eq!(store::set_status(&mut scope, &epic, EpicStatus::InProgress).await, Err(AppError::NotFound));
    assert_eq!(store::set_deleted(&mut scope, &epic, true).await, Err(AppError::NotFound));
    assert_eq!(store::add(&mut scope, &epic, &theirs).await, Err(AppError::NotFound));
    assert_eq!(store::take_out(&mut scope, &epic, &ours).await, Err(AppError::NotFound));
}

/// Counts the statements that sqlx tells of.
struct Statements(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What the epic's page reads.
async fn page(scope: &mut Scope, epic: &str) -> (Work, usize) {
    let product = features::product(scope, "rocket").await.unwrap();
    let read = store::get(scope, &product.id, epic).await.unwrap();
    let page = features::of_epic(scope, epic, None).await.unwrap();
    features::find(scope, &product.id, "part", None, Some(epic)).await.unwrap();
    (read.work, page.rows.len())
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_page_of_a_thousand_features_takes_as_many_statements_as_one_of_one(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, _) = workshop(&db).await;
    let epic = store::create(&mut scope, "rocket", form("Apps")).await.unwrap();
    feature(&mut scope, &epic, "5", FeatureStatus::Done).await;
    let counter = Arc::new(AtomicUsize::new(0));
    let _told = tracing::subscriber::set_default(tracing_subscriber::registry().with(Statements(counter.clone())));
    // The first look also asks what the types of the columns are.
    page(&mut scope, &epic).await;
    counter.store(0, Ordering::Relaxed);
    assert_eq!(page(&mut scope, &epic).await, (Work { features: 1, done: 1, points: 5, points_done: 5 }, 1));
    let of_one = counter.swap(0, Ordering::Relaxed);
    sqlx::query(
        r#"INSERT INTO "Feature" (id, title, description, "productId", "epicId", "storyPoints")
           SELECT 'cmany' || n, 'Part ' || n, '', "productId", id, 1 FROM "Epic", generate_series(1, 999) n WHERE id = $1"#,
    )
    .bind(&epic)
    .execute(scope.db())
    .await
    .unwrap();
    counter.store(0, Ordering::Relaxed);
    assert_eq!(page(&mut scope, &epic).await, (Work { features: 1000, done: 1, points: 1004, points_done: 5 }, 20));
    assert_eq!((counter.load(Ordering::Relaxed), of_one), (of_one, 4));
}
