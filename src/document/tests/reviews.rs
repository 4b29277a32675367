use sqlx::PgPool;

use super::{fields, now, scope, settings, update, workshop, written};
use crate::document::model::DocumentStatus;
use crate::document::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Role;
use crate::testing::TestDb;

async fn mails(pool: &PgPool) -> i64 {
    sqlx::query_scalar(r#"SELECT count(*) FROM "Mail""#).fetch_one(pool).await.unwrap()
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
    store::review::set_status(&mut his, &id, DocumentStatus::Draft, "More numbers").await.unwrap();
    assert!(matches!(store::review::set_status(&mut his, &id, DocumentStatus::Published, "").await, Err(AppError::Conflict(_))));
    store::review::request(&mut his, &settings(&db), &id, None).await.unwrap();
    for status in [DocumentStatus::Approved, DocumentStatus::Published] {
        store::review::set_status(&mut his, &id, status, "").await.unwrap();
    }
    his.commit(()).await.unwrap();

    let mut hers = scope(&db, &ada).await;
    let refused = store::update(&mut hers, &settings(&db), &id, "*", fields("Plan", "sneaked in")).await;
    assert!(matches!(refused, Err(AppError::Conflict(_))), "what is published she does not change");
    assert!(matches!(store::set_deleted(&mut hers, &id, true).await, Err(AppError::Conflict(_))));
    drop(hers);
    let mut his = scope(&db, &admin).await;
    update(&db, &mut his, &id, "2", "three").await;
    store::review::set_status(&mut his, &id, DocumentStatus::Archived, "").await.unwrap();
    assert!(matches!(store::update(&mut his, &settings(&db), &id, "*", fields("Plan", "x")).await, Err(AppError::Conflict(_))));
    store::review::set_status(&mut his, &id, DocumentStatus::Draft, "").await.unwrap();
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
