//! A file on its way in, and the page that shows it.

use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt;
use http::{Request, StatusCode};
use sqlx::PgPool;
use tower::ServiceExt;

use super::{BOUNDARY, count, form, get, import, mapping, request, scope, send, send_to, stored, text, work, workshop};
use crate::kernel::error::AppError;
use crate::server::scope::System;
use crate::server::serve::router;
use crate::testing::TestDb;
use crate::transfer::model::{ImportStatus, Kind, Mapping, Source};
use crate::transfer::store::Head;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_large_file_is_kept_in_pieces(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let file: String = "title,description\n".to_owned() + &"An idea,\"With a text, in quotes\n\"\n".repeat(20_000);
    let id = send(&db, &admin, Kind::Ideas, &file).await;
    let sent = import(&db, &admin, &id).await;
    assert_eq!((sent.rows, sent.bytes, sent.status, sent.kept), (20_000, file.len() as i64, ImportStatus::Ready, true));
    let mut scope = scope(&db, &admin).await;
    let (mut whole, mut n) = (Vec::new(), 0);
    while let Some(part) = stored::part(&mut scope, &id, n).await.unwrap() {
        assert!(part.len() <= 256 << 10);
        whole.extend(part);
        n += 1;
    }
    assert!(n > 2 && whole == file.as_bytes(), "{n}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_program_is_told_by_the_headings(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let jira = "Summary,Issue key,Issue Type,Status,Priority,Created,Labels,Labels,Description\n\
                Checkout,PAY-1,Bug,To Do,Highest,23/Nov/26 3:04 PM,shop,money,=cmd\n";
    let id = send(&db, &admin, Kind::Ideas, jira).await;
    let sent = import(&db, &admin, &id).await;
    assert_eq!((sent.source, sent.mapping.place("title"), sent.mapping.place("tags")), (Source::Jira, Some(0), Some(6)));
    let page = text(get(&db, &admin, &format!("/orgs/acme/products/rocket/transfer/{id}")).await).await;
    for shown in ["Checkout", "Approved", "90", "23 Nov 2026, 15:04 UTC", "shop, money", "Labels (2 columns)", "my.csv"] {
        assert!(page.contains(shown), "{shown}");
    }
    let list = text(get(&db, &admin, "/orgs/acme/products/rocket/transfer?kind=IDEAS").await).await;
    assert!(list.contains(&id) && list.contains("Not begun") && list.contains("export/tasks.csv"), "{list}");
}

/// Neither is passed over: the page shows both, and whichever is chosen is the one that is read.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_heading_that_is_there_twice_is_shown_as_two_columns(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let id = send(&db, &admin, Kind::Ideas, "Title,Effort,Effort,Tags,Tags\nLift,3,8,a,b\n").await;
    let shown = async || text(get(&db, &admin, &format!("/orgs/acme/products/rocket/transfer/{id}")).await).await;
    let page = shown().await;
    for column in ["Effort (1 of 2)", "Effort (2 of 2)", "Tags (2 columns)"] {
        assert!(page.contains(column), "{column}: {page}");
    }
    let sent = import(&db, &admin, &id).await;
    let second = [("title", "0"), ("effort", "2"), ("tags", "3")].map(|(field, place)| (field.to_owned(), place.to_owned()));
    let second = Mapping::of_form(Kind::Ideas, &second.into(), &sent.headings).unwrap();
    let mut scope = scope(&db, &admin).await;
    stored::map(&mut scope, &sent, second, false).await.unwrap();
    scope.commit(()).await.unwrap();
    assert!(shown().await.contains("a, b"), "a list is read from both");
    let (_, report) = work(&db, &admin, &id, false).await;
    let ideas: Vec<(Option<i32>, Vec<String>)> = sqlx::query_as(r#"SELECT effort, tags FROM "Idea""#).fetch_all(&pool).await.unwrap();
    assert_eq!((report.good, ideas), (1, vec![(Some(8), vec!["a".to_owned(), "b".to_owned()])]));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_import_is_kept_mapped_and_forgotten(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let mut scope = scope(&db, &admin).await;
    let id = stored::begin(&mut scope, "rocket", Kind::Tasks, "t.csv").await.unwrap();
    stored::add_part(&mut scope, &id, 0, b"title\nA\n").await.unwrap();
    assert!(matches!(stored::start(&mut scope, &id, false).await, Err(AppError::Conflict(_))), "it is not there yet");
    let head = || Head {
        source: Source::Other,
        delimiter: ',',
        headings: vec!["title".into()],
        mapping: mapping(Kind::Tasks, &["title"]),
        bytes: 8,
        rows: 1,
    };
    stored::finish(&mut scope, &id, head()).await.unwrap();
    assert_eq!(stored::finish(&mut scope, &id, head()).await, Err(AppError::NotFound));
    assert_eq!(stored::add_part(&mut scope, &id, 1, b"more").await, Err(AppError::NotFound), "it is whole");
    stored::abandon(&mut scope, &id).await.unwrap();
    let (import, product) = stored::get(&mut scope, &id, Some("rocket")).await.unwrap();
    assert_eq!((import.rows, product.key.as_str()), (1, "rocket"), "what is whole is not forgotten");
    stored::map(&mut scope, &import, mapping(Kind::Tasks, &["x", "title"]), true).await.unwrap();
    let (mapped, _) = stored::get(&mut scope, &id, None).await.unwrap();
    assert_eq!((mapped.mapping.place("title"), mapped.defaults), (Some(1), true));
    assert_eq!(stored::list(&mut scope, &product.id).await.unwrap().len(), 1);
    let other = stored::begin(&mut scope, "rocket", Kind::Tasks, "u.csv").await.unwrap();
    stored::abandon(&mut scope, &other).await.unwrap();
    assert_eq!(stored::get(&mut scope, &other, None).await.unwrap_err(), AppError::NotFound);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn old_files_are_thrown_away(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let (old, young) = (send(&db, &admin, Kind::Ideas, "Title\nA\n").await, send(&db, &admin, Kind::Ideas, "Title\nB\n").await);
    let busy = send_to(&db, &admin, "rocket", Kind::Ideas, None, b"Title\nC\n").await;
    super::begin(&db, &admin, &busy, false).await.unwrap();
    for id in [&old, &busy] {
        sqlx::query(r#"UPDATE "ImportPart" SET "createdAt" = now() - interval '25 hours' WHERE "importId" = $1"#)
            .bind(id)
            .execute(&pool)
            .await
            .unwrap();
    }
    let mut system = System::open(&db.app).await.unwrap();
    assert_eq!(stored::sweep(&mut system).await.unwrap(), 1);
    system.commit(()).await.unwrap();
    assert!(!import(&db, &admin, &old).await.kept && import(&db, &admin, &young).await.kept && import(&db, &admin, &busy).await.kept);
    let page = text(get(&db, &admin, &format!("/orgs/acme/products/rocket/transfer/{old}")).await).await;
    assert!(page.contains("The file is not kept any more"), "{page}");
    assert!(matches!(super::begin(&db, &admin, &old, false).await.err(), Some(AppError::Conflict(_))));
}

/// The connection goes away in the middle of the file.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn who_hangs_up_leaves_nothing_behind(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let builder = Request::post("/orgs/acme/products/rocket/transfer/upload")
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
    let begun = form("IDEAS", "", &b"Title\nA\n".repeat(100_000));
    let never_ending =
        futures_util::stream::iter([Ok::<_, std::io::Error>(begun[..600_000].to_vec())]).chain(futures_util::stream::pending());
    let (parts, _) = request(&admin, builder, Vec::new()).into_parts();
    let request = Request::from_parts(parts, Body::from_stream(never_ending));
    let server = router(db.state());
    let sending = tokio::spawn(async move { server.oneshot(request).await });
    until(async || count(&db, "ImportPart").await > 0).await;
    sending.abort();
    until(async || count(&db, "Import").await == 0).await;
}

async fn until(mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..200 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come to that");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_form_of_many_fields_is_not_read_to_its_end(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let field = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{}\"\r\n\r\nx\r\n", "n".repeat(3_000));
    let body = [field.repeat(1_000).into_bytes(), form("IDEAS", "", b"Title\nA\n")].concat();
    let builder = Request::post("/orgs/acme/products/rocket/transfer/upload")
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
    let (parts, _) = request(&admin, builder, Vec::new()).into_parts();
    let pieces: Vec<_> = body.chunks(64 << 10).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
    let request = Request::from_parts(parts, Body::from_stream(futures_util::stream::iter(pieces)));
    assert_eq!(router(db.state()).oneshot(request).await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(count(&db, "Import").await, 0);
}
