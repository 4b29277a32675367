//! Bodies that are larger than most, and who may send them.

use std::time::Duration;

use axum::body::{Body, Bytes};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt;

use super::{Door, send, token};
use crate::kernel::role::{Role, TokenScope};
use crate::server::rest::PUBLISHED;

const IMPORTS: &str = "/api/v1/orgs/acme/products/rocket/imports";

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_table_may_be_larger_than_another_body(pool: PgPool) {
    let door = Door::new(&pool).await;
    let rows: String = (0..1_000).map(|n| format!("T{n},{}\n", "x".repeat(2_000))).collect();
    let csv = format!("title,description\n{rows}");
    let taken = door.send("POST", "/imports", &[], &json!({ "kind": "IDEAS", "csv": csv }).to_string()).await;
    assert_eq!((taken.status, taken.body["report"]["good"].as_i64()), (StatusCode::OK, Some(1_000)), "{}", taken.body);
    assert_eq!(door.ideas().await, 1_000);
    let kept = door.send("GET", &format!("/imports/{}", taken.body["id"].as_str().unwrap()), &[], "").await.body;
    assert_eq!((kept["bytes"].as_u64(), kept["rows"].as_i64()), (Some(csv.len() as u64), Some(1_000)));
    // The table is kept in pieces, whose borders lie within rows.
    let whole: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "Idea" WHERE description = repeat('x', 2000)"#).fetch_one(&pool).await.unwrap();
    assert_eq!(whole, 1_000, "what lay across two pieces came in whole");

    let large = json!({ "kind": "IDEAS", "csv": format!("title\n{}", "x".repeat(17_000_000)) }).to_string();
    let refused = door.send("POST", "/imports", &[], &large).await;
    let told = (refused.status.as_u16(), refused.body["detail"].as_str());
    assert_eq!(told, (413, Some("The body is larger than 16 MB.")), "{}", refused.body);
    let idea = json!({ "title": "T", "description": "x".repeat(2_000_000) }).to_string();
    let refused = door.send("POST", "/ideas", &[], &idea).await;
    let told = (refused.status.as_u16(), refused.body["detail"].as_str());
    assert_eq!(told, (413, Some("The body is larger than 1 MB.")), "{}", refused.body);
    assert_eq!(door.ideas().await, 1_000);
    let document: Value = serde_json::from_str(&PUBLISHED.json).unwrap();
    let body = &document["paths"]["/api/v1/orgs/{org}/products/{key}/imports"]["post"]["requestBody"];
    assert_eq!(body["description"], "At most 16 MB.");
}

/// Nothing is taken of those who may not import, so that no stranger fills the memory.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_large_body_is_not_waited_for_of_whoever_may_not_send_it(pool: PgPool) {
    let door = Door::new(&pool).await;
    let guest = door.db.member("acme", Role::Stakeholder).await;
    let guest = token(&door.db, "acme", &guest, TokenScope::Admin, &[]).await;
    for (bearer, status) in [("pm_nobodys", StatusCode::UNAUTHORIZED), (guest.as_str(), StatusCode::FORBIDDEN)] {
        let never = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        let request = Request::post(IMPORTS)
            .header(HOST, "pm.example")
            .header(AUTHORIZATION, format!("Bearer {bearer}"))
            .header(CONTENT_TYPE, "application/json")
            .body(never)
            .unwrap();
        let answer = tokio::time::timeout(Duration::from_secs(10), door.app.clone().oneshot(request)).await;
        assert_eq!(answer.expect("the body is waited for").unwrap().status(), status, "{bearer}");
    }
    let open = send(&door.app, &door.token, "POST", IMPORTS, &[], &json!({ "kind": "IDEAS", "csv": "title\nT\n" }).to_string()).await;
    assert_eq!(open.status, StatusCode::OK, "{}", open.body);
}
