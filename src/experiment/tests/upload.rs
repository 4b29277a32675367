//! A file of results on its way in.

use axum::body::{Body, to_bytes};
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN};
use http::{Request, StatusCode};
use tower::ServiceExt;

use super::*;
use crate::kernel::role::Role;
use crate::server::serve::router;
use crate::server::session;

const BOUNDARY: &str = "-----a-boundary";
const FILE: &str = "day,variant,metric,n,sum\n2026-02-01,Control,Conversion,100,10\n2026-02-01,Treatment,Conversion,100,12\n";

/// Sends a file as a browser does by itself; gives the answer's status, where it leads and its text.
async fn send(db: &TestDb, user: &TestUser, org: &str, id: &str, file: &str) -> (StatusCode, String, String) {
    let body = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"r.csv\"\r\ncontent-type: text/csv\r\n\r\n{file}\r\n--{BOUNDARY}--\r\n"
    );
    let token = user.caller.token.clone().unwrap_or_default();
    let request = Request::post(format!("/orgs/{org}/products/rocket/experiments/{id}/results/upload"))
        .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header(COOKIE, format!("{}={token}", session::COOKIE))
        .header(HOST, "pm.example")
        .header(ORIGIN, "http://pm.example")
        .header(ACCEPT, "text/html");
    let response = router(db.state()).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let leads = response.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
    let status = response.status();
    (status, leads, String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap())
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_file_is_taken_in_whole_by_those_who_may(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = running(&mut scope, "Green").await;
    scope.commit(()).await.unwrap();
    let (designer, reader) = (db.member("acme", Role::Designer).await, db.member("acme", Role::Stakeholder).await);
    let (status, _, page) =
        send(&db, &admin, "acme", &id, &format!("{FILE}2026-02-01,Control,Conversion,100,11\n2026-02-02,Nobody,Conversion,0,x\n")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    for told in ["Nothing of this file was taken in.", "Line 4, day: ", "Line 5, n: ", "Line 5, variant: "] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert_eq!(send(&db, &reader, "acme", &id, FILE).await.0, StatusCode::FORBIDDEN);
    let (status, leads, _) = send(&db, &designer, "acme", &id, FILE).await;
    assert_eq!((status, leads.ends_with("/results?added=2&changed=0&same=0")), (StatusCode::SEE_OTHER, true), "{leads}");
    let (_, leads, _) = send(&db, &designer, "acme", &id, &FILE.replace(",12", ",13")).await;
    assert!(leads.ends_with("?added=0&changed=1&same=1"), "{leads}");

    let bob = db.org("other").await;
    assert_eq!(send(&db, &bob, "other", &id, FILE).await.0, StatusCode::NOT_FOUND, "of another organisation");
    assert_eq!(send(&db, &bob, "acme", &id, FILE).await.0, StatusCode::NOT_FOUND);
    let kept: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "ExperimentResult""#).fetch_one(&pool).await.unwrap();
    assert_eq!(kept, 2);
}
