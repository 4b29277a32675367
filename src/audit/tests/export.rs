//! The log as a file, over HTTP.

use axum::body::{Body, to_bytes};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, COOKIE};
use http::{Request, Response, StatusCode};
use sqlx::PgPool;
use tower::ServiceExt;

use super::{run, told, workshop};
use crate::kernel::role::Role;
use crate::server::serve::router;
use crate::server::session;
use crate::testing::{TestDb, TestUser};

async fn get(db: &TestDb, user: Option<&TestUser>, path: &str) -> Response<Body> {
    let token = user.and_then(|user| user.caller.token.clone()).unwrap_or_default();
    let request = Request::get(path).header(COOKIE, format!("{}={token}", session::COOKIE)).body(Body::empty()).unwrap();
    router(db.state()).oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    assert_eq!(response.status(), StatusCode::OK);
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn csv_is_whole_and_holds_no_formula(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, _) = workshop(&db).await;
    sqlx::query(r#"UPDATE "User" SET name = '=HYPERLINK("http://evil.example","x")'"#).execute(&pool).await.unwrap();
    // More than one part, of one transaction and so of the same time.
    run(&pool, r#"INSERT INTO "Task" (id, title, "productId") SELECT 't' || n, 'A "quoted", task' || chr(10) || n, p.id FROM "Product" p, generate_series(1, 2500) n"#)
        .await;
    let response = get(&db, Some(&admin), "/orgs/acme/audit/export.csv").await;
    assert_eq!(response.headers()[CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(response.headers()[CONTENT_DISPOSITION], "attachment; filename=\"audit-acme.csv\"");
    let file = text(response).await;
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().take(3).collect::<Vec<_>>(), ["id", "createdAt", "action"]);
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let stored: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "AuditLog""#).fetch_one(&pool).await.unwrap();
    assert_eq!(records.len() as i64, stored);
    let ids: std::collections::BTreeSet<&str> = records.iter().map(|record| &record[0]).collect();
    assert_eq!(ids.len(), records.len(), "each row once");
    for cell in records.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    assert!(records.iter().any(|record| record[6].starts_with("'=HYPERLINK")));
    let task = records.iter().find(|record| &record[4] == "t7").unwrap();
    let after: serde_json::Value = serde_json::from_str(&task[11]).unwrap();
    assert_eq!(after["title"], "A \"quoted\", task\n7");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn json_lines_are_filtered_and_the_export_is_told(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, idea) = workshop(&db).await;
    let file = text(get(&db, Some(&admin), "/orgs/acme/audit/export.jsonl?entity=Idea&person=").await).await;
    let rows: Vec<serde_json::Value> = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0]["action"], &rows[0]["entityId"]), (&"idea.created".into(), &idea.as_str().into()));
    assert_eq!(rows[0]["metadata"]["after"]["title"], "Mobile App");
    let told = told(&pool, "audit.exported").await;
    assert_eq!((told.len(), told[0].3.as_ref()), (1, Some(&admin.id)));
    assert_eq!(told[0].4, Some(serde_json::json!({"format": "jsonl", "filter": "entity=Idea"})));
    let nothing = text(get(&db, Some(&admin), "/orgs/acme/audit/export.jsonl?action=never.happened").await).await;
    assert_eq!(nothing, "");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_log_is_for_administrators_of_its_organisation(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, _) = workshop(&db).await;
    let (stranger, manager) = (db.org("other").await, db.member("acme", Role::ProductManager).await);
    for file in ["export.csv", "export.jsonl"] {
        for (user, org, status) in [
            (None, "acme", StatusCode::UNAUTHORIZED),
            (Some(&stranger), "acme", StatusCode::NOT_FOUND),
            (Some(&admin), "nowhere", StatusCode::NOT_FOUND),
            (Some(&admin), "acme%00", StatusCode::NOT_FOUND),
            (Some(&manager), "acme", StatusCode::FORBIDDEN),
        ] {
            assert_eq!(get(&db, user, &format!("/orgs/{org}/audit/{file}")).await.status(), status, "{file} {org}");
        }
    }
    assert_eq!(get(&db, Some(&admin), "/orgs/acme/audit/export.csv?from=yesterday").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told(&pool, "audit.exported").await.is_empty());
    assert_eq!(get(&db, Some(&manager), "/orgs/acme/audit").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(get(&db, Some(&stranger), "/orgs/acme/audit").await.status(), StatusCode::NOT_FOUND);
    let page = text(get(&db, Some(&admin), "/orgs/acme/audit?entity=Idea").await).await;
    assert!(page.contains("Mobile App") && page.contains("export.csv?entity=Idea"), "{page}");
}
