use sqlx::PgPool;

use super::model::{FeedbackForm, FeedbackQuery, FeedbackStatus, FeedbackType, Triage};
use super::store;
use crate::idea::model::{IdeaForm, IdeaQuery};
use crate::kernel::error::AppError;
use crate::kernel::page::Cursor;
use crate::kernel::priority::Priority;
use crate::kernel::role::{Perm, Role};
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

fn form(title: &str, source: &str, email: &str) -> FeedbackForm {
    FeedbackForm { title: title.into(), source: source.into(), user_email: email.into(), ..Default::default() }
}

/// An organisation with a product, and a scope of its administrator.
async fn workshop(db: &TestDb) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let scope = db.scope("acme", &admin, Perm::Publish).await.unwrap();
    (admin, scope)
}

async fn submit(scope: &mut Scope, title: &str) -> String {
    store::submit(scope, "rocket", form(title, "support", "ada@example.test").validate().unwrap()).await.unwrap()
}

async fn idea(scope: &mut Scope, title: &str) -> String {
    let fields = IdeaForm { title: title.into(), ..Default::default() }.validate().unwrap();
    crate::idea::store::create(scope, "rocket", fields).await.unwrap()
}

async fn product_id(scope: &mut Scope) -> String {
    store::product(scope, "rocket").await.unwrap().id
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn feedback_is_taken_in_and_sorted(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let id = submit(&mut scope, "Dark <b> mode 🚀").await;
    let item = store::get(&mut scope, &product, &id).await.unwrap();
    assert_eq!((item.title.as_str(), item.source.as_deref()), ("Dark <b> mode 🚀", Some("support")));
    assert_eq!((item.status, item.kind, item.priority), (FeedbackStatus::Submitted, FeedbackType::FeatureRequest, Priority::Medium));
    store::triage(&mut scope, &id, Triage { priority: Some(Priority::High), ..Default::default() }).await.unwrap();
    store::triage(&mut scope, &id, Triage { status: Some(FeedbackStatus::Planned), ..Default::default() }).await.unwrap();
    store::triage(&mut scope, &id, Triage { kind: Some(FeedbackType::Complaint), ..Default::default() }).await.unwrap();
    let item = store::get(&mut scope, &product, &id).await.unwrap();
    assert_eq!((item.status, item.kind, item.priority), (FeedbackStatus::Planned, FeedbackType::Complaint, Priority::High));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_address_is_given_to_those_who_triage_alone(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let (id, wish, binned) = (submit(&mut scope, "Wanted").await, idea(&mut scope, "Wish").await, submit(&mut scope, "Binned").await);
    store::link(&mut scope, &id, &wish).await.unwrap();
    store::set_deleted(&mut scope, &binned, true).await.unwrap();
    scope.commit(()).await.unwrap();
    let deleted = FeedbackQuery { deleted: true, ..Default::default() };
    for role in Role::ALL {
        let member = db.member("acme", role).await;
        let mut scope = db.scope("acme", &member, Perm::Read).await.unwrap();
        let mut seen = vec![store::get(&mut scope, &product, &id).await.unwrap()];
        seen.extend(store::list(&mut scope, &product, &FeedbackQuery::default()).await.unwrap().rows);
        seen.extend(store::list(&mut scope, &product, &deleted).await.unwrap().rows);
        seen.extend(store::asked(&mut scope, &wish).await.unwrap().rows);
        assert_eq!(seen.len(), 4);
        let triages = matches!(role, Role::Admin | Role::ProductManager);
        for item in seen {
            assert_eq!(item.user_email.as_deref(), triages.then_some("ada@example.test"), "{role:?}");
        }
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn many_items_ask_for_one_idea_and_each_for_one(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let (wish, other) = (idea(&mut scope, "Wish").await, idea(&mut scope, "Other").await);
    let (first, second) = (submit(&mut scope, "First").await, submit(&mut scope, "Second").await);
    store::triage(&mut scope, &second, Triage { status: Some(FeedbackStatus::Planned), ..Default::default() }).await.unwrap();
    for id in [&first, &second, &first] {
        store::link(&mut scope, id, &wish).await.unwrap();
    }
    assert_eq!(store::asked(&mut scope, &wish).await.unwrap().count, 2);
    let ideas = crate::idea::store::list(&mut scope, &product, &IdeaQuery::default()).await.unwrap().rows;
    let counts: Vec<_> = ideas.iter().map(|idea| (idea.title.as_str(), idea.asked)).collect();
    assert!(counts.contains(&("Wish", 2)) && counts.contains(&("Other", 0)), "{counts:?}");
    assert_eq!(crate::idea::store::get(&mut scope, &product, &wish).await.unwrap().asked, 2);
    let linked = store::get(&mut scope, &product, &first).await.unwrap();
    assert_eq!((linked.idea().unwrap().title.as_str(), linked.status), ("Wish", FeedbackStatus::UnderReview), "it waits for nobody now");
    assert_eq!(store::get(&mut scope, &product, &second).await.unwrap().status, FeedbackStatus::Planned);

    store::link(&mut scope, &first, &other).await.unwrap();
    assert_eq!(store::asked(&mut scope, &wish).await.unwrap().rows[0].title, "Second");
    store::set_deleted(&mut scope, &second, true).await.unwrap();
    let asked = store::asked(&mut scope, &wish).await.unwrap();
    assert_eq!((asked.count, asked.rows.len(), asked.product.as_str()), (0, 0, "rocket"), "what is in the bin asks for nothing");
    store::set_deleted(&mut scope, &second, false).await.unwrap();
    assert_eq!(store::asked(&mut scope, &wish).await.unwrap().count, 1, "and brought back it asks again");

    crate::idea::store::set_deleted(&mut scope, &other, true).await.unwrap();
    assert_eq!(store::get(&mut scope, &product, &first).await.unwrap().idea(), None, "a deleted idea is not led to");
    assert_eq!(store::link(&mut scope, &first, &other).await, Err(AppError::NotFound));
    store::unlink(&mut scope, &second).await.unwrap();
    store::unlink(&mut scope, &second).await.unwrap();
    assert_eq!(store::asked(&mut scope, &wish).await.unwrap().count, 0);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_idea_is_made_of_feedback_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let fields = FeedbackForm { description: "In their words".into(), ..form("Dark mode", "", "ada@example.test") }.validate().unwrap();
    let id = store::submit(&mut scope, "rocket", fields).await.unwrap();
    scope.commit(()).await.unwrap();
    let developer = db.member("acme", Role::Developer).await;
    let mut scope = db.scope("acme", &developer, Perm::IdeaWrite).await.unwrap();
    let made = store::make_idea(&mut scope, &id).await.unwrap();
    assert!(matches!(store::make_idea(&mut scope, &id).await, Err(AppError::Conflict(_))));
    let idea = crate::idea::store::get(&mut scope, &product, &made).await.unwrap();
    assert_eq!((idea.title.as_str(), idea.description.as_str(), idea.asked), ("Dark mode", "In their words", 1));
    assert_eq!(idea.creator_id, developer.id);
    let ideas: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "Idea""#).fetch_one(scope.db()).await.unwrap();
    assert_eq!(ideas, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn two_who_make_an_idea_at_once_make_one(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = submit(&mut scope, "Wanted twice").await;
    scope.commit(()).await.unwrap();
    let once = async || {
        let mut scope = db.scope("acme", &admin, Perm::Publish).await.unwrap();
        store::make_idea(&mut scope, &id).await?;
        scope.commit(()).await
    };
    let (one, two) = tokio::join!(once(), once());
    assert!(one.is_ok() != two.is_ok());
    assert!(matches!(one.and(two), Err(AppError::Conflict(_))));
    let ideas: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "Idea""#).fetch_one(&pool).await.unwrap();
    assert_eq!(ideas, 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn deleted_feedback_rests_until_it_is_restored(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let (id, wish) = (submit(&mut scope, "Fleeting").await, idea(&mut scope, "Wish").await);
    assert_eq!(store::set_deleted(&mut scope, &id, true).await.unwrap(), "rocket");
    assert_eq!(store::set_deleted(&mut scope, &id, true).await.unwrap(), "rocket");
    let deleted = FeedbackQuery { deleted: true, ..Default::default() };
    assert!(store::list(&mut scope, &product, &FeedbackQuery::default()).await.unwrap().rows.is_empty());
    assert_eq!(store::list(&mut scope, &product, &deleted).await.unwrap().rows.len(), 1);
    assert!(matches!(store::triage(&mut scope, &id, Triage::default()).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::link(&mut scope, &id, &wish).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::unlink(&mut scope, &id).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::make_idea(&mut scope, &id).await, Err(AppError::Conflict(_))));
    store::set_deleted(&mut scope, &id, false).await.unwrap();
    assert_eq!(store::list(&mut scope, &product, &FeedbackQuery::default()).await.unwrap().rows.len(), 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn feedback_is_linked_within_its_product(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = submit(&mut scope, "Here").await;
    scope.commit(()).await.unwrap();
    db.product("acme", &admin, "glider").await;
    let mut scope = db.scope("acme", &admin, Perm::Publish).await.unwrap();
    let fields = IdeaForm { title: "There".into(), ..Default::default() }.validate().unwrap();
    let there = crate::idea::store::create(&mut scope, "glider", fields).await.unwrap();
    assert_eq!(store::link(&mut scope, &id, &there).await, Err(AppError::NotFound));
    sqlx::query(r#"UPDATE "Product" SET "deletedAt" = now() WHERE key = 'rocket'"#).execute(scope.db()).await.unwrap();
    assert_eq!(store::triage(&mut scope, &id, Triage::default()).await, Err(AppError::NotFound), "it rests with its product");
    assert_eq!(store::submit(&mut scope, "rocket", form("Late", "", "").validate().unwrap()).await, Err(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_feedback_cannot_be_touched(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let (id, wish) = (submit(&mut scope, "Secret").await, idea(&mut scope, "Wish").await);
    store::link(&mut scope, &id, &wish).await.unwrap();
    scope.commit(()).await.unwrap();
    let all = r#"SELECT (SELECT "Feedback"::text FROM "Feedback") || (SELECT "IdeaFeedback"::text FROM "IdeaFeedback")"#;
    let before: String = sqlx::query_scalar(all).fetch_one(&pool).await.unwrap();

    let bob = db.org("other").await;
    db.product("other", &bob, "sledge").await;
    let mut scope = db.scope("other", &bob, Perm::Publish).await.unwrap();
    let own = store::submit(&mut scope, "sledge", form("Own", "", "").validate().unwrap()).await.unwrap();
    assert_eq!(store::product(&mut scope, "rocket").await, Err(AppError::NotFound));
    assert_eq!(store::get(&mut scope, &product, &id).await, Err(AppError::NotFound));
    assert!(store::list(&mut scope, &product, &FeedbackQuery::default()).await.unwrap().rows.is_empty());
    assert!(store::list(&mut scope, &product, &FeedbackQuery { deleted: true, ..Default::default() }).await.unwrap().rows.is_empty());
    assert!(store::find_ideas(&mut scope, &product, "wish").await.unwrap().is_empty());
    assert_eq!(store::asked(&mut scope, &wish).await, Err(AppError::NotFound));
    assert_eq!(store::submit(&mut scope, "rocket", form("Planted", "", "").validate().unwrap()).await, Err(AppError::NotFound));
    assert_eq!(store::triage(&mut scope, &id, Triage::default()).await, Err(AppError::NotFound));
    assert_eq!(store::link(&mut scope, &id, &wish).await, Err(AppError::NotFound));
    assert_eq!(store::link(&mut scope, &own, &wish).await, Err(AppError::NotFound));
    assert_eq!(store::unlink(&mut scope, &id).await, Err(AppError::NotFound));
    assert_eq!(store::make_idea(&mut scope, &id).await, Err(AppError::NotFound));
    assert_eq!(store::set_deleted(&mut scope, &id, true).await, Err(AppError::NotFound));
    drop(scope);
    let after: String = sqlx::query_scalar(all).fetch_one(&pool).await.unwrap();
    assert_eq!(before, after);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_inbox_is_paged_through_and_narrowed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    for n in 0..45 {
        let source = if n % 3 == 0 { "survey" } else { "support" };
        let fields = form(&format!("Item {n}"), source, "").validate().unwrap();
        let id = store::submit(&mut scope, "rocket", fields).await.unwrap();
        let priority = (n % 5 == 0).then_some(Priority::Critical);
        store::triage(&mut scope, &id, Triage { priority, ..Default::default() }).await.unwrap();
    }
    let mut query = FeedbackQuery::default();
    let (mut seen, mut firsts) = (Vec::new(), Vec::new());
    loop {
        let page = store::list(&mut scope, &product, &query).await.unwrap();
        assert_eq!(page.first_place as usize, seen.len() + 1);
        firsts.push(page.rows[0].id.clone());
        seen.extend(page.rows.iter().map(|item| (item.created_at, item.id.clone())));
        query.cursor = page.next;
        if query.cursor.is_none() {
            query.cursor = page.previous;
            break;
        }
    }
    assert_eq!(seen.len(), 45);
    assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "the newest first");
    firsts.pop();
    while query.cursor.is_some() {
        let page = store::list(&mut scope, &product, &query).await.unwrap();
        assert_eq!(Some(&page.rows[0].id), firsts.pop().as_ref());
        query.cursor = page.previous;
    }
    let survey = FeedbackQuery { source: Some("survey".into()), ..Default::default() };
    assert_eq!(store::list(&mut scope, &product, &survey).await.unwrap().rows.len(), 15);
    let urgent = FeedbackQuery { priority: Some(Priority::Critical), ..survey };
    assert_eq!(store::list(&mut scope, &product, &urgent).await.unwrap().rows.len(), 3);
    let bugs = FeedbackQuery { kind: Some(FeedbackType::BugReport), ..Default::default() };
    assert!(store::list(&mut scope, &product, &bugs).await.unwrap().rows.is_empty());
    let planned = FeedbackQuery { status: Some(FeedbackStatus::Planned), ..Default::default() };
    assert!(store::list(&mut scope, &product, &planned).await.unwrap().rows.is_empty());
    for key in [f64::MIN, f64::MAX, 0.5] {
        let cursor = Cursor { key, id: "zzz".into(), place: i64::MAX - 100, back: false };
        let forged = FeedbackQuery { cursor: Some(cursor), ..Default::default() };
        assert!(store::list(&mut scope, &product, &forged).await.is_ok(), "{key}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn ideas_are_found_by_words_of_their_titles(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    for title in ["Dark mode for the app", "A darker DARK mode", "100% coverage", "Deleted dark mode"] {
        let id = idea(&mut scope, title).await;
        if title.starts_with("Deleted") {
            crate::idea::store::set_deleted(&mut scope, &id, true).await.unwrap();
        }
    }
    for (find, count) in [("dark", 2), ("DARK mode", 2), ("mode dark", 0), ("%", 1), ("_", 0), ("", 0), ("  ", 0), ("a\0p", 1)] {
        assert_eq!(store::find_ideas(&mut scope, &product, find).await.unwrap().len(), count, "{find:?}");
    }
}

/// As the application's role, a page far down reads an index and at most a page of rows.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_page_of_much_feedback_reads_a_page_of_rows(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    sqlx::query(
        r#"INSERT INTO "Feedback" (id, title, description, "productId", "createdAt")
           SELECT 'f' || n, 'Item', '', $1, now() - make_interval(mins => n) FROM generate_series(1, 5000) n"#,
    )
    .bind(&product)
    .execute(scope.db())
    .await
    .unwrap();
    let org = scope.organization().id.clone();
    scope.commit(()).await.unwrap();
    sqlx::query(r#"ANALYZE "Feedback""#).execute(&pool).await.unwrap();
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    let plan: serde_json::Value = sqlx::query_scalar(store::EXPLAIN)
        .bind(&org)
        .bind(true)
        .bind(&product)
        .bind(chrono::Utc::now().timestamp_millis() as f64 - 60_000_000.0)
        .bind("zzz")
        .bind(21_i64)
        .bind(None::<FeedbackStatus>)
        .bind(None::<FeedbackType>)
        .bind(None::<Priority>)
        .bind(None::<String>)
        .bind(160)
        .fetch_one(scope.db())
        .await
        .unwrap();
    let text = plan.to_string();
    assert!(text.contains("Feedback_page_created_idx"), "{plan:#}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn feedback_goes_along_with_an_idea_that_is_merged(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let (from, into) = (idea(&mut scope, "Dark mode").await, idea(&mut scope, "Dark theme").await);
    let (one, two, binned) = (submit(&mut scope, "One").await, submit(&mut scope, "Two").await, submit(&mut scope, "Binned").await);
    for (item, idea) in [(&one, &from), (&two, &into), (&binned, &from)] {
        store::link(&mut scope, item, idea).await.unwrap();
    }
    store::set_deleted(&mut scope, &binned, true).await.unwrap();
    crate::idea::store::merge::merge(&mut scope, &from, &into).await.unwrap();
    let asked = store::asked(&mut scope, &into).await.unwrap();
    let mut titles: Vec<_> = asked.rows.iter().map(|item| item.title.as_str()).collect();
    titles.sort_unstable();
    assert_eq!((asked.count, titles), (2, vec!["One", "Two"]));
    assert_eq!(store::asked(&mut scope, &from).await.unwrap().count, 0);
    let linked = store::get(&mut scope, &product, &one).await.unwrap().idea().map(|idea| idea.id);
    assert_eq!(linked, Some(into.clone()));
    store::set_deleted(&mut scope, &binned, false).await.unwrap();
    assert_eq!(store::asked(&mut scope, &into).await.unwrap().count, 3, "what was in the bin meanwhile has gone along");
}
