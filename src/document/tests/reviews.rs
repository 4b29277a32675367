use sqlx::PgPool;

use super::{fields, now, rocket, scope, settings, update, workshop, written};
use crate::document::model::{DocumentFields, DocumentStatus, DocumentType, Shown, newer};
use crate::document::store::{self, Outcome};
use crate::kernel::error::AppError;
use crate::kernel::role::Role;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

async fn mails(pool: &PgPool) -> i64 {
    sqlx::query_scalar(r#"SELECT count(*) FROM "Mail""#).fetch_one(pool).await.unwrap()
}

async fn moved(db: &TestDb, scope: &mut Scope, id: &str, to: DocumentStatus, reason: &str) -> Result<(), AppError> {
    store::review::set_status(scope, &settings(db), id, to, reason, None).await
}

/// The steps of the reviews, each as it is told, the newest first.
async fn told(scope: &mut Scope, id: &str) -> Vec<String> {
    store::review::all(scope, id).await.unwrap().iter().map(|row| row.told()).collect()
}

/// Somebody's work on a document, done once it is returned: each step has a time of its own.
async fn done<T>(db: &TestDb, user: &TestUser, work: impl AsyncFnOnce(&mut Scope) -> T) -> T {
    let mut scope = scope(db, user).await;
    let outcome = work(&mut scope).await;
    scope.commit(()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    outcome
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_document_is_reviewed_approved_and_published(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope_of_admin) = workshop(&db).await;
    scope_of_admin.commit(()).await.unwrap();
    let ada = db.member("acme", Role::Developer).await;
    let mut hers = scope(&db, &ada).await;
    let id = written(&db, &mut hers, "Plan", "one").await.id;
    let no = store::review::request(&mut hers, &settings(&db), &id, Some(ada.id.clone())).await.unwrap_err();
    assert!(no.of_field("reviewer").is_some(), "a developer approves nothing");
    let before = mails(&pool).await;
    store::review::request(&mut hers, &settings(&db), &id, Some(admin.id.clone())).await.unwrap();
    assert!(matches!(store::review::request(&mut hers, &settings(&db), &id, None).await, Err(AppError::Conflict(_))), "once");
    update(&db, &mut hers, &id, "1", "two").await;
    hers.commit(()).await.unwrap();
    assert_eq!(mails(&pool).await, before + 1, "whoever is asked is told");

    let mut his = scope(&db, &admin).await;
    moved(&db, &mut his, &id, DocumentStatus::Draft, "More numbers").await.unwrap();
    assert!(matches!(moved(&db, &mut his, &id, DocumentStatus::Approved, "").await, Err(AppError::Conflict(_))));
    store::review::request(&mut his, &settings(&db), &id, None).await.unwrap();
    for status in [DocumentStatus::Approved, DocumentStatus::Published] {
        moved(&db, &mut his, &id, status, "").await.unwrap();
    }
    his.commit(()).await.unwrap();
    assert_eq!(mails(&pool).await, before + 2, "she is told that more numbers are wanted, and he not what he did");

    let mut hers = scope(&db, &ada).await;
    let kept = store::update(&mut hers, &settings(&db), &id, "2", fields("Plan", "too late")).await;
    assert!(matches!(kept, Ok(Outcome::Kept(_))), "what is published she does not change");
    assert_eq!(now(&mut hers, &id).await.content, "two");
    let draft = store::draft::of(&mut hers, Some(&id), None).await.unwrap().unwrap();
    assert_eq!((draft.content.as_str(), draft.base_version), ("too late", Some(2)), "and what she typed is not lost");
    assert!(matches!(store::set_deleted(&mut hers, &id, true).await, Err(AppError::Conflict(_))));
    drop(hers);
    let mut his = scope(&db, &admin).await;
    update(&db, &mut his, &id, "2", "three").await;
    moved(&db, &mut his, &id, DocumentStatus::Archived, "").await.unwrap();
    assert!(matches!(store::update(&mut his, &settings(&db), &id, "*", fields("Plan", "x")).await, Ok(Outcome::Kept(_))));
    assert!(matches!(store::revise(&mut his, &settings(&db), &id, "*", fields("Plan", "x")).await, Err(AppError::Conflict(_))));
    moved(&db, &mut his, &id, DocumentStatus::Draft, "").await.unwrap();
    assert_eq!(now(&mut his, &id).await.status, DocumentStatus::Draft);
    let told: Vec<_> =
        store::review::all(&mut his, &id).await.unwrap().into_iter().map(|row| (row.status, row.version, row.reason)).collect();
    let row = |status, version, reason: &str| (status, version, reason.to_owned());
    let expected = [
        row(DocumentStatus::Draft, 3, ""),
        row(DocumentStatus::Archived, 3, ""),
        row(DocumentStatus::Published, 2, ""),
        row(DocumentStatus::Approved, 2, ""),
        row(DocumentStatus::Review, 2, ""),
        row(DocumentStatus::Draft, 2, "More numbers"),
        row(DocumentStatus::Review, 1, ""),
    ];
    let sorted = |mut rows: Vec<(DocumentStatus, i32, String)>| {
        rows.sort_by_key(|(status, version, reason)| (*version, status.word(), reason.clone()));
        rows
    };
    assert_eq!(sorted(told), sorted(expected.to_vec()));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_request_can_be_withdrawn(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = written(&db, &mut scope, "Plan", "one").await.id;
    assert!(matches!(store::review::withdraw(&mut scope, &id).await, Err(AppError::Conflict(_))));
    store::review::request(&mut scope, &settings(&db), &id, None).await.unwrap();
    store::review::withdraw(&mut scope, &id).await.unwrap();
    assert_eq!(now(&mut scope, &id).await.status, DocumentStatus::Draft);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn nobody_approves_what_they_have_written(pool: PgPool) {
    use DocumentStatus::{Approved, Published, Review};

    let db = TestDb::new(&pool).await;
    let (admin, mut his) = workshop(&db).await;
    let id = written(&db, &mut his, "Plan", "one").await.id;
    his.commit(()).await.unwrap();
    let (ada, bob) = (db.member("acme", Role::ProductManager).await, db.member("acme", Role::ProductManager).await);
    done(&db, &ada, async |hers| {
        let before = now(hers, &id).await;
        assert!(store::review::wrote(hers, &before).await.is_ok_and(|wrote| !wrote));
        update(&db, hers, &id, "1", "two").await;
        let document = now(hers, &id).await;
        let reviewers: Vec<String> = store::review::reviewers(hers, &document).await.unwrap().into_iter().map(|person| person.id).collect();
        assert_eq!(reviewers, std::slice::from_ref(&bob.id), "those who have written it are not asked");
        let own = store::review::request(hers, &settings(&db), &id, Some(admin.id.clone())).await.unwrap_err();
        assert!(own.of_field("reviewer").is_some());
        store::review::request(hers, &settings(&db), &id, Some(bob.id.clone())).await.unwrap();
    })
    .await;
    for author in [&admin, &ada] {
        let refused = done(&db, author, async |scope| moved(&db, scope, &id, Approved, "").await).await;
        assert!(matches!(refused, Err(AppError::Conflict(_))), "its first author does not, nor its last");
    }
    done(&db, &bob, async |his| {
        let late = store::review::set_status(his, &settings(&db), &id, Approved, "", Some(1)).await;
        assert!(matches!(late, Err(AppError::Conflict(_))), "he has read an older text");
        assert_eq!(now(his, &id).await.status, Review);
        store::review::set_status(his, &settings(&db), &id, Approved, "", Some(2)).await.unwrap();
    })
    .await;
    // What was approved before is nobody's to be approved again.
    done(&db, &ada, async |hers| {
        moved(&db, hers, &id, Published, "").await.unwrap();
        let document = now(hers, &id).await;
        assert_eq!((document.approved_version, document.published_version), (Some(2), Some(2)));
        assert!(!store::review::wrote(hers, &document).await.unwrap());
        assert!(told(hers, &id).await[0].ends_with("published version 2"));
    })
    .await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_changes_after_its_review_says_so(pool: PgPool) {
    use DocumentStatus::{Approved, Draft, Published};

    let db = TestDb::new(&pool).await;
    let (admin, mut his) = workshop(&db).await;
    let id = written(&db, &mut his, "Plan", "one").await.id;
    his.commit(()).await.unwrap();
    let ada = db.member("acme", Role::ProductManager).await;
    done(&db, &admin, async |his| store::review::request(his, &settings(&db), &id, None).await.unwrap()).await;
    done(&db, &ada, async |hers| moved(&db, hers, &id, Approved, "").await.unwrap()).await;
    // Another type is no other text.
    done(&db, &admin, async |his| {
        let kind = DocumentType::Rfc;
        let fields = DocumentFields { kind, ..fields("Plan", "one") };
        store::update(his, &settings(&db), &id, "1", fields).await.unwrap();
        assert_eq!(now(his, &id).await.status, Approved);
        update(&db, his, &id, "1", "two").await;
        let document = now(his, &id).await;
        assert_eq!((document.status, document.version, document.approved_version), (Draft, 2, Some(1)), "it is reviewed again");
    })
    .await;
    // One person alone publishes all the same, and it says so.
    done(&db, &admin, async |his| {
        moved(&db, his, &id, Published, "").await.unwrap();
        assert!(told(his, &id).await[0].ends_with("published version 2 without a review"));
        assert!(matches!(moved(&db, his, &id, Published, "").await, Err(AppError::Conflict(_))), "once");
    })
    .await;
    done(&db, &admin, async |his| {
        update(&db, his, &id, "2", "three").await;
        let document = now(his, &id).await;
        assert_eq!((document.status, document.version, document.published_version), (Published, 3, Some(2)));
        let product = rocket(his).await;
        let listed = store::list(his, product.as_ref(), &Default::default()).await.unwrap().rows;
        assert!(listed[0].is_newer());
        let page = store::page(his, super::URL, product, &id, Some(2)).await.unwrap();
        let (version, told) = newer(&page.document, &page.reviews).unwrap();
        assert_eq!((version, told.contains("version 3 has not been approved")), (2, true), "{told}");
        assert_eq!(page.read.map(|row| (row.number, row.reached)), Some((2, Some(Published))));
        let Shown::Page(html, _) = page.shown else { panic!("it is shown") };
        assert!(html.as_str().contains("two") && !html.as_str().contains("three"), "{}", html.as_str());
        store::review::request(his, &settings(&db), &id, None).await.unwrap();
    })
    .await;
    done(&db, &ada, async |hers| moved(&db, hers, &id, Approved, "").await.unwrap()).await;
    done(&db, &admin, async |his| {
        moved(&db, his, &id, Published, "").await.unwrap();
        assert!(told(his, &id).await[0].ends_with("published version 3"));
        let versions = store::version::list(his, &id, &Default::default()).await.unwrap().rows;
        let reached: Vec<_> = versions.iter().map(|row| (row.number, row.reached)).collect();
        assert_eq!(reached, [(3, Some(Published)), (2, Some(Published)), (1, Some(Approved))]);
        let product = rocket(his).await;
        assert_eq!(store::page(his, super::URL, product, &id, Some(9)).await.unwrap_err(), AppError::NotFound);
    })
    .await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_published_text_is_asked_about_by_those_alone_who_may_publish(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope_of_admin) = workshop(&db).await;
    scope_of_admin.commit(()).await.unwrap();
    let ada = db.member("acme", Role::Developer).await;
    let id = done(&db, &admin, async |scope| {
        let id = written(&db, scope, "Plan", "one").await.id;
        moved(&db, scope, &id, DocumentStatus::Published, "").await.unwrap();
        update(&db, scope, &id, "1", "two").await;
        id
    })
    .await;
    let asked = done(&db, &ada, async |scope| store::review::request(scope, &settings(&db), &id, None).await).await;
    assert_eq!(asked, Err(AppError::Forbidden), "it would be published no more");
    done(&db, &admin, async |scope| store::review::request(scope, &settings(&db), &id, None).await).await.unwrap();
}
