//! What belongs to one organisation is out of another's reach.

use sqlx::PgPool;

use super::{begin, scope, send, stored, workshop};
use crate::kernel::error::AppError;
use crate::testing::TestDb;
use crate::transfer::model::{Kind, Report, TransferPage};

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_import_cannot_be_touched(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let id = send(&db, &admin, Kind::Ideas, "Title\nA\n").await;
    let job = begin(&db, &admin, &id, false).await.unwrap();
    let (import, product) = stored::get(&mut scope(&db, &admin).await, &id, None).await.unwrap();
    let all = r#"SELECT (SELECT "Import"::text FROM "Import") || (SELECT "ImportPart"::text FROM "ImportPart")"#;
    let before: String = sqlx::query_scalar(all).fetch_one(&pool).await.unwrap();

    let bob = db.org("other").await;
    let mut scope = db.scope("other", &bob, TransferPage::PERM).await.unwrap();
    let report = Report::default();
    assert_eq!(stored::get(&mut scope, &id, None).await.unwrap_err(), AppError::NotFound);
    assert_eq!(stored::product(&mut scope, "rocket").await, Err(AppError::NotFound));
    assert_eq!(stored::part(&mut scope, &id, 0).await, Ok(None));
    assert_eq!(stored::add_part(&mut scope, &id, 1, b"x").await, Err(AppError::NotFound));
    assert_eq!(stored::start(&mut scope, &id, true).await, Err(AppError::NotFound));
    assert!(stored::map(&mut scope, &import, import.mapping.clone(), true).await.is_err());
    assert!(stored::done(&mut scope, &id, job.run, &report).await.is_err());
    assert!(stored::fail(&mut scope, &id, job.run, &report).await.is_err());
    assert!(stored::checked(&mut scope, &id, job.run, &report).await.is_err());
    stored::beat(&mut scope, &id, job.run, 1).await.unwrap();
    stored::abandon(&mut scope, &id).await.unwrap();
    assert!(stored::list(&mut scope, &product.id).await.unwrap().is_empty());
    assert!(!stored::members(&mut scope).await.unwrap().contains_key("admin@acme.test"));
    let rows = stored::export_rows(&mut scope, Kind::Ideas, &product.id, (chrono::DateTime::UNIX_EPOCH, ""), 10).await.unwrap();
    assert!(rows.is_empty());
    scope.commit(()).await.unwrap();
    let after: String = sqlx::query_scalar(all).fetch_one(&pool).await.unwrap();
    assert_eq!(before, after);
}
