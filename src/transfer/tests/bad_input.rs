//! What people send that is not as it should be: each gets a clear report, and nothing is half imported.

use http::StatusCode;
use sqlx::PgPool;

use super::{count, form, get, import, post, refused, send, send_to, text, work, workshop};
use crate::kernel::role::Role;
use crate::testing::{TestDb, TestUser};
use crate::transfer::model::{FILE_MAX, ImportStatus, Kind, Report, RowError};

/// Checks a file of ideas and then tries to take it in: both say the same, and nothing comes of it.
async fn report(db: &TestDb, user: &TestUser, file: &[u8]) -> Report {
    let id = send_to(db, user, "rocket", Kind::Ideas, None, file).await;
    let (checked, report) = work(db, user, &id, true).await;
    assert_eq!((checked.status, checked.dry), (ImportStatus::Ready, true));
    let (tried, again) = work(db, user, &id, false).await;
    assert_eq!((tried.status, &again), (ImportStatus::Failed, &report));
    assert_eq!(count(db, "Idea").await, 0);
    report
}

/// The one thing that is wrong with a file.
async fn wrong(db: &TestDb, user: &TestUser, file: &[u8]) -> RowError {
    let report = report(db, user, file).await;
    assert_eq!(report.wrong, 1, "{report:?}");
    report.errors[0].clone()
}

fn error(line: i64, column: &str, message: &str) -> RowError {
    RowError { line, column: column.into(), message: message.into() }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_file_of_another_machine_is_read(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let file = "\u{FEFF}Title;Description;Tags\r\n\"Say \"\"hi\"\"\";\"two\r\nlines\";a, b\r\n\r\nPlain;;\r\n";
    let id = send(&db, &admin, Kind::Ideas, file).await;
    let sent = import(&db, &admin, &id).await;
    assert_eq!((sent.headings.join("|"), sent.delimiter.as_str(), sent.rows), ("Title|Description|Tags".into(), ";", 2));
    assert_eq!((sent.bytes, sent.file_name.as_str()), (file.len() as i64, "my.csv"));
    let (done, report) = work(&db, &admin, &id, false).await;
    assert_eq!((done.status, report.good, report.wrong), (ImportStatus::Done, 2, 0));
    let ideas: Vec<(String, String, Vec<String>)> =
        sqlx::query_as(r#"SELECT title, description, tags FROM "Idea" ORDER BY id"#).fetch_all(&pool).await.unwrap();
    let tags = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(ideas, [("Say \"hi\"".into(), "two\nlines".into(), tags), ("Plain".into(), String::new(), Vec::new())]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_wrong_is_told_by_line_and_column(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let told = wrong(&db, &admin, b"Name,Status\nA,\n").await;
    assert_eq!(told, error(2, "Title", "This must not be empty."), "a missing required column");
    let told = wrong(&db, &admin, b"Title,Status\n\"A\nB C\",\n").await;
    assert_eq!((told.line, told.column.as_str()), (2, "Title"));
    let told = wrong(&db, &admin, b"Title,State of it,Status\n\"A\",\"x\ny\",\nB,,Pondered\n").await;
    assert_eq!((told.line, told.column.as_str()), (4, "Status"), "line breaks within a cell count");
    assert!(told.message.starts_with("“Pondered” is none of these: Submitted, Under review,"), "{}", told.message);
    let told = wrong(&db, &admin, b"Title,x\nA,\nB\xFF,\n").await;
    assert_eq!((told.line, told.column.as_str()), (3, "Title"));
    assert!(told.message.contains("UTF-8"), "{}", told.message);
    let told = wrong(&db, &admin, b"Title,x\nA\0,\n").await;
    assert_eq!(told, error(2, "Title", "Use plain text on one line, without control characters."));
    let long = format!("Title,x\n{},\n", "x".repeat(10_000));
    let told = wrong(&db, &admin, long.as_bytes()).await;
    assert_eq!(told, error(2, "Title", "This is 10000 characters long; the limit is 200."));
    let told = wrong(&db, &admin, b"Title,x\nA,b\nB,c,d\n").await;
    assert_eq!(told, error(3, "", "This row has 3 cells, and the heading 2."));
    let told = wrong(&db, &admin, b"Title,x\nA\n").await;
    assert_eq!(told, error(2, "", "This row has 1 cell, and the heading 2."));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_first_hundred_errors_are_told_and_all_are_counted(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let rows: String = (0..150).map(|n| format!("T{n},eleven,{}\n", if n % 2 == 0 { "8" } else { "99" })).collect();
    let report = report(&db, &admin, format!("Title,Effort,Impact\n{rows}Fine,1,1\n").as_bytes()).await;
    assert_eq!((report.wrong, report.bad, report.good, report.errors.len()), (225, 150, 1, 100));
    assert_eq!(report.errors[0], error(2, "Effort", "Enter a whole number from 1 to 10."));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_no_table_is_refused_at_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0".as_slice();
    let mut wide = "x,".repeat(2_001).into_bytes();
    wide.extend_from_slice(b"\n1\n");
    for (file, expected) in [
        (b"".as_slice(), "This file is empty."),
        (b"\n\n\n", "This file is empty."),
        (b"Title,Status\n", "This file has a heading and no rows below it."),
        (png, "This is no CSV file."),
        (b"a\0b,c\n1,2\n", "This is no CSV file."),
        (b"\xFF\xFET\0i\0\n\0", "This file is written in UTF-16."),
        (b"Title,x\nA,\"cut\noff", "The file ends within a quoted cell that begins in line 2."),
        (&wide, "This file has more than 2000 columns."),
    ] {
        let told = refused(&db, &admin, file).await;
        assert!(told.starts_with(expected), "{told}");
    }
    assert_eq!((count(&db, "Import").await, count(&db, "ImportPart").await), (0, 0), "nothing of them is kept");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_file_that_is_too_large_is_refused(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let mut file = b"Title\n".to_vec();
    file.resize(FILE_MAX + 1, b'\n');
    assert!(refused(&db, &admin, &file).await.starts_with("This file is larger than 64 MB."));
    assert_eq!((count(&db, "Import").await, count(&db, "ImportPart").await), (0, 0));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_form_that_says_too_little_or_nonsense_is_refused(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    for (kind, source, told) in [
        ("", "", "Choose what the rows of the file are."),
        ("RELEASES", "", "Choose what the rows of the file are."),
        ("IDEAS", "EXCEL", "Choose one of these programs."),
    ] {
        let response = post(&db, &admin, "rocket", form(kind, source, b"Title\nA\n")).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(response).await.contains(told), "{kind} {source}");
    }
    let response = post(&db, &admin, "rocket", b"no form at all".to_vec()).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(count(&db, "Import").await, 0);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn who_may_not_take_in_or_is_elsewhere_is_told_so(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let (stranger, developer) = (db.org("other").await, db.member("acme", Role::Developer).await);
    let stakeholder = db.member("acme", Role::Stakeholder).await;
    let id = send(&db, &admin, Kind::Ideas, "Title\nA\n").await;
    for (user, product, kind, status) in [
        (&stranger, "rocket", "IDEAS", StatusCode::NOT_FOUND),
        (&admin, "nothing", "IDEAS", StatusCode::NOT_FOUND),
        (&developer, "rocket", "IDEAS", StatusCode::FORBIDDEN),
        (&stakeholder, "rocket", "TASKS", StatusCode::FORBIDDEN),
        (&developer, "rocket", "TASKS", StatusCode::SEE_OTHER),
    ] {
        let response = post(&db, user, product, form(kind, "", b"Title\nA\n")).await;
        assert_eq!(response.status(), status, "{product} {kind}");
    }
    db.product("acme", &admin, "glider").await;
    let page = |product: &str, id: &str| format!("/orgs/acme/products/{product}/transfer/{id}");
    for (user, page, status) in [
        (&admin, page("rocket", &id), StatusCode::OK),
        (&admin, page("glider", &id), StatusCode::NOT_FOUND),
        (&admin, page("rocket", "nothing"), StatusCode::NOT_FOUND),
        (&stranger, page("rocket", &id), StatusCode::NOT_FOUND),
        (&developer, page("rocket", &id), StatusCode::FORBIDDEN),
    ] {
        assert_eq!(get(&db, user, &page).await.status(), status, "{page}");
    }
}
