mod depend;
mod fields;

use sqlx::PgPool;

use super::model::{ConvertForm, FeatureForm, FeatureQuery, FeatureStatus};
use super::store;
use crate::idea::model::{IdeaForm, IdeaStatus};
use crate::kernel::entry::Entry;
use crate::kernel::error::AppError;
use crate::kernel::priority::Priority;
use crate::kernel::role::Perm;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

fn form(title: &str) -> super::model::FeatureFields {
    FeatureForm { title: title.into(), ..Default::default() }.validate().unwrap()
}

fn into(titles: &str) -> super::model::ConvertFields {
    ConvertForm { titles: titles.into(), description: "Why".into(), priority: "HIGH".into() }.validate().unwrap()
}

/// An organisation with a product, and a scope of its administrator.
async fn workshop(db: &TestDb) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let scope = db.scope("acme", &admin, Perm::IdeaReview).await.unwrap();
    (admin, scope)
}

async fn product_id(scope: &mut Scope) -> String {
    store::product(scope, "rocket").await.unwrap().id
}

async fn idea(scope: &mut Scope, status: IdeaStatus) -> String {
    let fields = IdeaForm { title: "Mobile App".into(), ..Default::default() }.validate().unwrap();
    let id = crate::idea::store::create(scope, "rocket", fields).await.unwrap();
    sqlx::query(r#"UPDATE "Idea" SET status = $2 WHERE id = $1"#).bind(&id).bind(status).execute(scope.db()).await.unwrap();
    id
}

async fn status(scope: &mut Scope, idea: &str) -> IdeaStatus {
    sqlx::query_scalar(r#"SELECT status FROM "Idea" WHERE id = $1"#).bind(idea).fetch_one(scope.db()).await.unwrap()
}

/// An idea converted to this many features, and their ids.
async fn converted(scope: &mut Scope, count: usize) -> (String, Vec<String>) {
    let idea = idea(scope, IdeaStatus::Approved).await;
    let titles: String = (0..count).map(|n| format!("Part {n}\n")).collect();
    store::convert(scope, &idea, into(&titles)).await.unwrap();
    let features = store::built(scope, &idea).await.unwrap().features.into_iter().map(|feature| feature.id).collect();
    (idea, features)
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_feature_is_written_changed_and_moved(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let id = store::create(&mut scope, "rocket", form("Export")).await.unwrap();
    let fields = FeatureForm {
        title: "Export of everything".into(),
        description: "d".into(),
        priority: "CRITICAL".into(),
        story_points: Entry("8".into()),
        acceptance_criteria: "c".into(),
        ..Default::default()
    };
    assert_eq!(store::update(&mut scope, &id, fields.validate().unwrap()).await.unwrap(), "rocket");
    store::set_status(&mut scope, &id, FeatureStatus::Testing).await.unwrap();
    let feature = store::get(&mut scope, &product, &id).await.unwrap();
    assert_eq!((feature.title.as_str(), feature.priority, feature.story_points), ("Export of everything", Priority::Critical, Some(8)));
    assert_eq!((feature.acceptance_criteria.as_deref(), feature.status), (Some("c"), FeatureStatus::Testing));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_deleted_feature_rests_until_it_is_restored(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let id = store::create(&mut scope, "rocket", form("Fleeting")).await.unwrap();
    assert_eq!(store::set_deleted(&mut scope, &id, true).await.unwrap(), "rocket");
    assert!(store::list(&mut scope, &product, &FeatureQuery::default()).await.unwrap().rows.is_empty());
    let deleted = FeatureQuery { deleted: true, ..Default::default() };
    assert_eq!(store::list(&mut scope, &product, &deleted).await.unwrap().rows.len(), 1);
    assert!(matches!(store::update(&mut scope, &id, form("X")).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::set_status(&mut scope, &id, FeatureStatus::Done).await, Err(AppError::Conflict(_))));
    store::set_deleted(&mut scope, &id, false).await.unwrap();
    assert!(store::update(&mut scope, &id, form("X")).await.is_ok());
    sqlx::query(r#"UPDATE "Product" SET "deletedAt" = now()"#).execute(scope.db()).await.unwrap();
    assert_eq!(store::update(&mut scope, &id, form("X")).await, Err(AppError::NotFound), "it rests with its product");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn features_are_paged_through_and_narrowed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    for n in 0..25 {
        let id = store::create(&mut scope, "rocket", form(&format!("Feature {n}"))).await.unwrap();
        if n % 5 == 0 {
            store::set_status(&mut scope, &id, FeatureStatus::Done).await.unwrap();
        }
    }
    let first = store::list(&mut scope, &product, &FeatureQuery::default()).await.unwrap();
    let second = store::list(&mut scope, &product, &FeatureQuery { cursor: first.next, ..Default::default() }).await.unwrap();
    assert_eq!((first.rows.len(), second.rows.len(), second.first_place), (20, 5, 21));
    let back = store::list(&mut scope, &product, &FeatureQuery { cursor: second.previous, ..Default::default() }).await.unwrap();
    assert_eq!(back.rows[0].id, first.rows[0].id);
    let done = FeatureQuery { status: Some(FeatureStatus::Done), ..Default::default() };
    assert_eq!(store::list(&mut scope, &product, &done).await.unwrap().rows.len(), 5);
    let urgent = FeatureQuery { priority: Some(Priority::Critical), ..Default::default() };
    assert!(store::list(&mut scope, &product, &urgent).await.unwrap().rows.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_approved_idea_becomes_features_that_lead_back(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let (idea, features) = converted(&mut scope, 3).await;
    assert_eq!((features.len(), status(&mut scope, &idea).await), (3, IdeaStatus::InDevelopment));
    let feature = store::get(&mut scope, &product, &features[1]).await.unwrap();
    assert_eq!((feature.title.as_str(), feature.description.as_str(), feature.priority), ("Part 1", "Why", Priority::High));
    assert_eq!(feature.status, FeatureStatus::Backlog);
    let origin = store::ideas_of(&mut scope, &features[1]).await.unwrap();
    assert_eq!((origin.len(), origin[0].id.as_str()), (1, idea.as_str()));
    assert!(matches!(store::convert(&mut scope, &idea, into("More")).await, Err(AppError::Conflict(_))), "once");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn only_a_live_idea_that_is_approved_or_has_no_features_is_converted(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let open = |status| matches!(status, IdeaStatus::Approved | IdeaStatus::InDevelopment);
    for from in IdeaStatus::ALL {
        let id = idea(&mut scope, from).await;
        assert_eq!(store::convert(&mut scope, &id, into("Part")).await.is_ok(), open(from), "{from:?}");
    }
    let (id, features) = converted(&mut scope, 1).await;
    store::set_deleted(&mut scope, &features[0], true).await.unwrap();
    store::convert(&mut scope, &id, into("Another")).await.expect("its only feature was dropped");
    let id = idea(&mut scope, IdeaStatus::Approved).await;
    crate::idea::store::set_deleted(&mut scope, &id, true).await.unwrap();
    assert!(matches!(store::convert(&mut scope, &id, into("Part")).await, Err(AppError::Conflict(_))));
    let features: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "Feature""#).fetch_one(scope.db()).await.unwrap();
    assert_eq!(features, 4);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_idea_that_took_in_one_in_development_follows_its_features(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let (begun, features) = converted(&mut scope, 1).await;
    let fresh = idea(&mut scope, IdeaStatus::Submitted).await;
    crate::idea::store::merge::merge(&mut scope, &begun, &fresh).await.unwrap();
    assert_eq!(status(&mut scope, &fresh).await, IdeaStatus::InDevelopment);
    store::set_status(&mut scope, &features[0], FeatureStatus::Done).await.unwrap();
    assert_eq!(status(&mut scope, &fresh).await, IdeaStatus::Implemented);
    let (done, _) = (fresh, features);
    let other = idea(&mut scope, IdeaStatus::Approved).await;
    crate::idea::store::merge::merge(&mut scope, &done, &other).await.unwrap();
    assert_eq!(status(&mut scope, &other).await, IdeaStatus::Implemented, "all of its features are done");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn two_who_convert_at_once_convert_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let idea = idea(&mut scope, IdeaStatus::Approved).await;
    scope.commit(()).await.unwrap();
    let once = async || {
        let mut scope = db.scope("acme", &admin, Perm::IdeaReview).await.unwrap();
        store::convert(&mut scope, &idea, into("One\nTwo")).await?;
        scope.commit(()).await
    };
    let (one, two) = tokio::join!(once(), once());
    assert!(one.is_ok() != two.is_ok());
    let Err(AppError::Conflict(message)) = one.and(two) else { panic!("a conflict") };
    assert!(message.contains("begun already"), "{message}");
    let features: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "_IdeaToFeature""#).fetch_one(&pool).await.unwrap();
    assert_eq!(features, 2);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_idea_is_implemented_when_all_its_features_are_done(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let (idea, features) = converted(&mut scope, 3).await;
    let steps = [
        (0, FeatureStatus::Done, IdeaStatus::InDevelopment),
        (1, FeatureStatus::Cancelled, IdeaStatus::InDevelopment),
        (2, FeatureStatus::Done, IdeaStatus::Implemented),
        (1, FeatureStatus::Backlog, IdeaStatus::InDevelopment),
        (1, FeatureStatus::Done, IdeaStatus::Implemented),
        (0, FeatureStatus::InProgress, IdeaStatus::InDevelopment),
        (0, FeatureStatus::Cancelled, IdeaStatus::Implemented),
        (1, FeatureStatus::Cancelled, IdeaStatus::Implemented),
        (2, FeatureStatus::Cancelled, IdeaStatus::Implemented),
        (2, FeatureStatus::Testing, IdeaStatus::InDevelopment),
        (2, FeatureStatus::Cancelled, IdeaStatus::InDevelopment),
    ];
    for (at, (feature, to, expected)) in steps.into_iter().enumerate() {
        store::set_status(&mut scope, &features[feature], to).await.unwrap();
        assert_eq!(status(&mut scope, &idea).await, expected, "step {at}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_feature_in_the_bin_does_not_count(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let (idea, features) = converted(&mut scope, 2).await;
    store::set_status(&mut scope, &features[0], FeatureStatus::Done).await.unwrap();
    store::set_deleted(&mut scope, &features[1], true).await.unwrap();
    assert_eq!(status(&mut scope, &idea).await, IdeaStatus::Implemented);
    store::set_deleted(&mut scope, &features[1], false).await.unwrap();
    assert_eq!(status(&mut scope, &idea).await, IdeaStatus::InDevelopment);
    sqlx::query(r#"DELETE FROM "Feature" WHERE id = $1"#).bind(&features[1]).execute(scope.db()).await.unwrap();
    assert_eq!(status(&mut scope, &idea).await, IdeaStatus::Implemented, "removed for good it counts no more");
}

/// Whichever client writes, in one statement or in many.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn ideas_follow_a_foreign_client(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let (one, _) = converted(&mut scope, 2).await;
    let (two, of_two) = converted(&mut scope, 2).await;
    let waiting = idea(&mut scope, IdeaStatus::Approved).await;
    let all = |status: &'static str| format!(r#"UPDATE "Feature" SET status = '{status}'"#);
    sqlx::query(r#"INSERT INTO "_IdeaToFeature" ("A", "B") VALUES ($1, $2)"#)
        .bind(&of_two[0])
        .bind(&waiting)
        .execute(scope.db())
        .await
        .unwrap();
    for (to, expected) in [("DONE", IdeaStatus::Implemented), ("IN_REVIEW", IdeaStatus::InDevelopment), ("DONE", IdeaStatus::Implemented)] {
        sqlx::query(sqlx::AssertSqlSafe(all(to))).execute(scope.db()).await.unwrap();
        assert_eq!((status(&mut scope, &one).await, status(&mut scope, &two).await), (expected, expected));
    }
    assert_eq!(status(&mut scope, &waiting).await, IdeaStatus::Approved, "work on it has not begun");
    let open = store::create(&mut scope, "rocket", form("One more thing")).await.unwrap();
    sqlx::query(r#"INSERT INTO "_IdeaToFeature" ("A", "B") VALUES ($1, $2)"#).bind(&open).bind(&one).execute(scope.db()).await.unwrap();
    assert_eq!(status(&mut scope, &one).await, IdeaStatus::InDevelopment);
    sqlx::query(r#"DELETE FROM "_IdeaToFeature" WHERE "A" = $1"#).bind(&open).execute(scope.db()).await.unwrap();
    assert_eq!(status(&mut scope, &one).await, IdeaStatus::Implemented);
    scope.commit(()).await.unwrap();
    sqlx::query(r#"DELETE FROM "Product""#).execute(&pool).await.unwrap();
    let left: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "Idea""#).fetch_one(&pool).await.unwrap();
    assert_eq!(left, 0, "a removed product takes all of it along");
}

/// Each sees only its own feature done; one has to wait for the other.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_last_two_features_may_be_finished_at_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let (idea, features) = converted(&mut scope, 2).await;
    scope.commit(()).await.unwrap();
    let mut first = db.scope("acme", &admin, Perm::FeatureWrite).await.unwrap();
    let mut second = db.scope("acme", &admin, Perm::FeatureWrite).await.unwrap();
    store::set_status(&mut first, &features[0], FeatureStatus::Done).await.unwrap();
    let other = features[1].clone();
    let waiting = tokio::spawn(async move {
        store::set_status(&mut second, &other, FeatureStatus::Done).await?;
        second.commit(()).await
    });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!waiting.is_finished(), "the second waits");
    first.commit(()).await.unwrap();
    waiting.await.unwrap().unwrap();
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    assert_eq!(status(&mut scope, &idea).await, IdeaStatus::Implemented);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_features_cannot_be_touched(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let (idea, features) = converted(&mut scope, 1).await;
    let approved = self::idea(&mut scope, IdeaStatus::Approved).await;
    scope.commit(()).await.unwrap();
    let all = r#"SELECT (SELECT "Feature"::text FROM "Feature") || (SELECT string_agg("Idea"::text, '' ORDER BY id) FROM "Idea")"#;
    let before: String = sqlx::query_scalar(all).fetch_one(&pool).await.unwrap();
    let id = &features[0];

    let bob = db.org("other").await;
    let mut scope = db.scope("other", &bob, Perm::IdeaReview).await.unwrap();
    assert_eq!(store::product(&mut scope, "rocket").await, Err(AppError::NotFound));
    assert_eq!(store::get(&mut scope, &product, id).await, Err(AppError::NotFound));
    assert!(store::list(&mut scope, &product, &FeatureQuery::default()).await.unwrap().rows.is_empty());
    assert!(store::list(&mut scope, &product, &FeatureQuery { deleted: true, ..Default::default() }).await.unwrap().rows.is_empty());
    assert!(store::ideas_of(&mut scope, id).await.unwrap().is_empty());
    assert_eq!(store::built(&mut scope, &idea).await, Err(AppError::NotFound));
    assert_eq!(store::create(&mut scope, "rocket", form("Planted")).await, Err(AppError::NotFound));
    assert_eq!(store::update(&mut scope, id, form("X")).await, Err(AppError::NotFound));
    assert_eq!(store::set_status(&mut scope, id, FeatureStatus::Done).await, Err(AppError::NotFound));
    assert_eq!(store::set_deleted(&mut scope, id, true).await, Err(AppError::NotFound));
    assert_eq!(store::convert(&mut scope, &approved, into("Planted")).await, Err(AppError::NotFound));
    scope.commit(()).await.unwrap();
    let after: String = sqlx::query_scalar(all).fetch_one(&pool).await.unwrap();
    assert_eq!(before, after);
}
