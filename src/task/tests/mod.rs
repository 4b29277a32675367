mod reads;

use sqlx::PgPool;

use super::model::{TaskFields, TaskForm, TaskQuery, TaskStatus};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::priority::Priority;
use crate::kernel::role::{Perm, Role};
use crate::kernel::version::ANY;
use crate::server::scope::Scope;
use crate::server::zone;
use crate::testing::{TestDb, TestUser};

/// An organisation with a product, and a scope of its administrator.
async fn workshop(db: &TestDb) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let scope = working(db, &admin).await;
    (admin, scope)
}

async fn working(db: &TestDb, user: &TestUser) -> Scope {
    db.scope("acme", user, Perm::WorkWrite).await.unwrap()
}

fn fields(title: &str) -> TaskFields {
    TaskForm { title: title.into(), ..Default::default() }.validate().unwrap()
}

async fn task(scope: &mut Scope, title: &str) -> String {
    store::create(scope, "rocket", fields(title)).await.unwrap()
}

async fn feature(scope: &mut Scope, product: &str) -> String {
    let form = crate::feature::model::FeatureForm { title: "Export".into(), ..Default::default() };
    crate::feature::store::create(scope, product, form.validate().unwrap()).await.unwrap()
}

async fn product_id(scope: &mut Scope) -> String {
    store::product(scope, "rocket").await.unwrap().id
}

async fn get(scope: &mut Scope, id: &str) -> super::model::Task {
    let product = product_id(scope).await;
    store::get(scope, &product, id).await.unwrap()
}

async fn titles(scope: &mut Scope, query: TaskQuery) -> Vec<String> {
    let (product, days) = (product_id(scope).await, zone::days(scope).await.unwrap());
    let page = store::list(scope, &product, &query, days.today).await.unwrap();
    page.rows.into_iter().map(|task| task.title).collect()
}

/// Tasks of this person by title, due so many days from today, or never.
async fn with_dates(scope: &mut Scope, person: &str, tasks: &[(&str, Option<i64>)]) {
    let today = zone::days(scope).await.unwrap().today;
    for (title, days) in tasks {
        let due_date = days.map(|days| today + chrono::TimeDelta::days(days));
        let fields = TaskFields { due_date, assignee_id: Some(person.into()), ..fields(title) };
        store::create(scope, "rocket", fields).await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_task_is_written_changed_and_moved(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let feature = feature(&mut scope, "rocket").await;
    let id = task(&mut scope, "Write").await;
    let form = TaskForm {
        title: "Write it down".into(),
        description: "All of it".into(),
        priority: "HIGH".into(),
        feature: feature.clone(),
        assignee: admin.id.clone(),
        due: "2026-11-23".into(),
    };
    assert_eq!(store::update(&mut scope, &id, ANY, form.validate().unwrap()).await.unwrap(), "rocket");
    let task = get(&mut scope, &id).await;
    assert_eq!((task.title.as_str(), task.description.as_deref(), task.priority), ("Write it down", Some("All of it"), Priority::High));
    assert_eq!((task.assignee(), task.feature_title.as_deref()), (Some("Test Person"), Some("Export")));
    assert_eq!((crate::kernel::day::typed(task.due_date).as_str(), task.status, task.completed_at), ("2026-11-23", TaskStatus::Todo, None));
    store::set_status(&mut scope, &id, TaskStatus::Done).await.unwrap();
    assert!(get(&mut scope, &id).await.completed_at.is_some());
    let again = store::set_status(&mut scope, &id, TaskStatus::Done).await;
    assert_eq!(again, Err(AppError::Conflict("This task is already done.".into())));
    store::set_status(&mut scope, &id, TaskStatus::InReview).await.unwrap();
    store::set_status(&mut scope, &id, TaskStatus::InReview).await.unwrap();
    assert_eq!(get(&mut scope, &id).await.completed_at, None, "taken up again");
    store::update(&mut scope, &id, ANY, fields("Bare")).await.unwrap();
    let task = get(&mut scope, &id).await;
    assert_eq!((task.description, task.feature_id, task.assignee_id, task.due_date), (None, None, None, None));
}

/// Two people finish a task at once: the second waits for the first, and is then told. The log has one change.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_task_is_done_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = task(&mut scope, "Ship it").await;
    scope.commit(()).await.unwrap();
    let (mut first, mut second) = (working(&db, &admin).await, working(&db, &admin).await);
    store::set_status(&mut first, &id, TaskStatus::Done).await.unwrap();
    let same = id.clone();
    let waiting = tokio::spawn(async move { store::set_status(&mut second, &same, TaskStatus::Done).await });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!waiting.is_finished(), "the second waits");
    first.commit(()).await.unwrap();
    assert_eq!(waiting.await.unwrap(), Err(AppError::Conflict("This task is already done.".into())));
    let changes: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "AuditLog" WHERE action = 'task.status_changed' AND "entityId" = $1"#)
        .bind(&id)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(changes, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_task_is_taken_and_given_back(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = task(&mut scope, "Anybody's").await;
    store::assign_to_me(&mut scope, &id, true).await.unwrap();
    assert_eq!(get(&mut scope, &id).await.assignee_id, Some(admin.id.clone()));
    scope.commit(()).await.unwrap();
    let developer = db.member("acme", Role::Developer).await;
    let mut scope = working(&db, &developer).await;
    store::assign_to_me(&mut scope, &id, false).await.unwrap();
    assert_eq!(get(&mut scope, &id).await.assignee_id, Some(admin.id), "what is not theirs they cannot give back");
    store::assign_to_me(&mut scope, &id, true).await.unwrap();
    store::assign_to_me(&mut scope, &id, false).await.unwrap();
    assert_eq!(get(&mut scope, &id).await.assignee_id, None);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_task_belongs_to_its_products_features_and_to_members(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope) = workshop(&db).await;
    scope.commit(()).await.unwrap();
    db.product("acme", &admin, "comet").await;
    let stranger = db.org("other").await;
    let left = db.member("acme", Role::Designer).await;
    let mut scope = working(&db, &admin).await;
    let (ours, elsewhere) = (feature(&mut scope, "rocket").await, feature(&mut scope, "comet").await);
    for (feature_id, assignee_id) in
        [(Some(elsewhere), None), (Some("nothing".into()), None), (None, Some(stranger.id)), (None, Some("nobody".into()))]
    {
        let field = if feature_id.is_some() { "feature" } else { "assignee" };
        let wrong = TaskFields { feature_id, assignee_id, ..fields("Stray") };
        let refused = store::create(&mut scope, "rocket", wrong.clone()).await.unwrap_err();
        assert!(refused.of_field(field).is_some(), "{wrong:?}: {refused:?}");
        let id = task(&mut scope, "Ours").await;
        assert_eq!(store::update(&mut scope, &id, ANY, wrong).await, Err(refused));
    }
    // What it has it may keep, even if nobody could be given it now.
    let kept = TaskFields { feature_id: Some(ours.clone()), assignee_id: Some(left.id.clone()), ..fields("Kept") };
    let id = store::create(&mut scope, "rocket", kept.clone()).await.unwrap();
    crate::feature::store::set_deleted(&mut scope, &ours, true).await.unwrap();
    scope.commit(()).await.unwrap();
    let mut leaving = db.scope("acme", &left, Perm::Read).await.unwrap();
    crate::member::store::leave(&mut leaving).await.unwrap();
    leaving.commit(()).await.unwrap();
    let mut scope = working(&db, &admin).await;
    store::update(&mut scope, &id, ANY, kept.clone()).await.unwrap();
    let refused = store::create(&mut scope, "rocket", kept).await.unwrap_err();
    assert!(["feature", "assignee"].iter().all(|field| refused.of_field(field).is_some()), "{refused:?}");
    let product = product_id(&mut scope).await;
    let offered = |choices: &[crate::kernel::named::Named], id: &str| choices.iter().any(|choice| choice.id == id);
    let (people, also) = (store::people(&mut scope, None).await.unwrap(), store::people(&mut scope, Some(&left.id)).await.unwrap());
    assert_eq!((offered(&people, &left.id), offered(&also, &left.id), also.len()), (false, true, 2));
    let (features, also) =
        (store::features(&mut scope, &product, None).await.unwrap(), store::features(&mut scope, &product, Some(&ours)).await.unwrap());
    assert_eq!((features.len(), offered(&also, &ours), also.len()), (0, true, 1));
    assert_eq!(store::feature_choice(&mut scope, &product, Some(&ours)).await.unwrap().unwrap().name, "Export");
    assert_eq!(store::feature_choice(&mut scope, &product, Some("nothing")).await.unwrap(), None);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_deleted_task_rests_until_it_is_restored(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = task(&mut scope, "Fleeting").await;
    assert_eq!(store::set_deleted(&mut scope, &id, true).await.unwrap(), "rocket");
    assert!(titles(&mut scope, TaskQuery::default()).await.is_empty());
    assert_eq!(titles(&mut scope, TaskQuery { deleted: true, ..Default::default() }).await, ["Fleeting"]);
    assert!(matches!(store::update(&mut scope, &id, ANY, fields("X")).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::set_status(&mut scope, &id, TaskStatus::Done).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::assign_to_me(&mut scope, &id, true).await, Err(AppError::Conflict(_))));
    store::set_deleted(&mut scope, &id, false).await.unwrap();
    assert!(store::update(&mut scope, &id, ANY, fields("X")).await.is_ok());
    sqlx::query(r#"UPDATE "Product" SET "deletedAt" = now()"#).execute(scope.db()).await.unwrap();
    assert_eq!(store::update(&mut scope, &id, ANY, fields("X")).await, Err(AppError::NotFound), "it rests with its product");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_tasks_cannot_be_touched(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let (product, feature) = (product_id(&mut scope).await, feature(&mut scope, "rocket").await);
    let id = task(&mut scope, "Secret").await;
    scope.commit(()).await.unwrap();
    let before: String = sqlx::query_scalar(r#"SELECT "Task"::text FROM "Task""#).fetch_one(&pool).await.unwrap();

    let eve = db.org("other").await;
    let mut scope = db.scope("other", &eve, Perm::WorkWrite).await.unwrap();
    let days = zone::days(&mut scope).await.unwrap();
    assert_eq!(store::product(&mut scope, "rocket").await, Err(AppError::NotFound));
    assert_eq!(store::get(&mut scope, &product, &id).await, Err(AppError::NotFound));
    for query in [TaskQuery::default(), TaskQuery { deleted: true, ..Default::default() }] {
        assert!(store::list(&mut scope, &product, &query, days.today).await.unwrap().rows.is_empty());
    }
    assert_eq!(store::of_feature(&mut scope, &feature, days).await, Err(AppError::NotFound));
    assert!(store::features(&mut scope, &product, Some(&feature)).await.unwrap().is_empty());
    assert_eq!(store::create(&mut scope, "rocket", fields("Planted")).await, Err(AppError::NotFound));
    assert_eq!(store::update(&mut scope, &id, ANY, fields("X")).await, Err(AppError::NotFound));
    assert_eq!(store::set_status(&mut scope, &id, TaskStatus::Done).await, Err(AppError::NotFound));
    assert_eq!(store::assign_to_me(&mut scope, &id, true).await, Err(AppError::NotFound));
    assert_eq!(store::set_deleted(&mut scope, &id, true).await, Err(AppError::NotFound));
    scope.commit(()).await.unwrap();
    let after: String = sqlx::query_scalar(r#"SELECT "Task"::text FROM "Task""#).fetch_one(&pool).await.unwrap();
    assert_eq!(before, after);
}
