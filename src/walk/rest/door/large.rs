//! Bodies that are larger than most, and who may send them.

use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt;

use super::{Door, send, token};
use crate::kernel::role::{Role, TokenScope};
use crate::server::id::new_id;
use crate::server::rest::PUBLISHED;
use crate::testing::TestUser;

const IMPORTS: &str = "/api/v1/orgs/acme/products/rocket/imports";

/// Ideas of two kilobytes each.
fn table(rows: usize) -> String {
    let rows: String = (0..rows).map(|n| format!("T{n},{}\n", "x".repeat(2_000))).collect();
    format!("title,description\n{rows}")
}

fn import(bearer: &str, body: Body) -> Request<Body> {
    let request = Request::post(IMPORTS).header(HOST, "pm.example").header(AUTHORIZATION, format!("Bearer {bearer}"));
    request.header(CONTENT_TYPE, "application/json").body(body).unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_table_may_be_larger_than_another_body(pool: PgPool) {
    let door = Door::new(&pool).await;
    let csv = table(1_000);
    let taken = door.send("POST", "/imports", &[], &json!({ "kind": "IDEAS", "csv": csv }).to_string()).await;
    assert_eq!((taken.status, taken.body["report"]["good"].as_i64()), (StatusCode::OK, Some(1_000)), "{}", taken.body);
    assert_eq!(door.ideas().await, 1_000);
    let kept = door.send("GET", &format!("/imports/{}", taken.body["id"].as_str().unwrap()), &[], "").await.body;
    assert_eq!((kept["bytes"].as_u64(), kept["rows"].as_i64()), (Some(csv.len() as u64), Some(1_000)));
    // The table is kept in pieces, whose borders lie within rows.
    let whole: i64 =
        sqlx::query_scalar(r#"SELECT count(*) FROM "Idea" WHERE description = repeat('x', 2000)"#).fetch_one(&pool).await.unwrap();
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
    let told = body["description"].as_str().unwrap();
    assert!(told.starts_with("At most 16 MB.") && told.contains("`503` with a `Retry-After`"), "{told}");
}

/// Nothing is taken of those who may not import, so that no stranger fills the memory.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_large_body_is_not_waited_for_of_whoever_may_not_send_it(pool: PgPool) {
    let door = Door::new(&pool).await;
    let guest = door.db.member("acme", Role::Stakeholder).await;
    let guest = token(&door.db, "acme", &guest, TokenScope::Admin, &[]).await;
    for (bearer, status) in [("pm_nobodys", StatusCode::UNAUTHORIZED), (guest.as_str(), StatusCode::FORBIDDEN)] {
        let never = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        let answer = tokio::time::timeout(Duration::from_secs(10), door.app.clone().oneshot(import(bearer, never))).await;
        assert_eq!(answer.expect("the body is waited for").unwrap().status(), status, "{bearer}");
    }
    let open = send(&door.app, &door.token, "POST", IMPORTS, &[], &json!({ "kind": "IDEAS", "csv": "title\nT\n" }).to_string()).await;
    assert_eq!(open.status, StatusCode::OK, "{}", open.body);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn who_sends_slowly_is_in_nobody_elses_way(pool: PgPool) {
    let door = Door::new(&pool).await;
    let owner: String = sqlx::query_scalar(r#"SELECT "userId" FROM "ApiToken""#).fetch_one(&pool).await.unwrap();
    let admin = door.db.org("globex").await;
    door.db.product("globex", &admin, "probe").await;
    let stranger = token(&door.db, "globex", &admin, TokenScope::Admin, &[]).await;
    // Who sends slowly is in the other organisation too.
    let joined = r#"INSERT INTO "Membership" (id, "userId", "organizationId", role)
                    SELECT $1, $2, "organizationId", role FROM "Membership" WHERE "userId" = $3"#;
    sqlx::query(joined).bind(new_id()).bind(&owner).bind(&admin.id).execute(&pool).await.unwrap();
    let there = token(&door.db, "globex", &TestUser { id: owner, ..admin }, TokenScope::Admin, &[]).await;
    // More than the usual size, and nothing behind it: what is asked for more has taken that.
    let (asked, is_asked) = tokio::sync::oneshot::channel();
    let begun = futures_util::stream::once(async { Ok(Bytes::from(vec![b' '; 1_500_000])) });
    let rest = futures_util::stream::once(async move {
        asked.send(()).unwrap();
        std::future::pending::<Result<Bytes, std::io::Error>>().await
    });
    let slow = tokio::spawn(door.app.clone().oneshot(import(&door.token, Body::from_stream(begun.chain(rest)))));
    tokio::time::timeout(Duration::from_secs(10), is_asked).await.expect("the body is not read").unwrap();

    let of = |csv: String| json!({ "kind": "IDEAS", "csv": csv, "dryRun": true }).to_string();
    let (small, large) = (of(table(1)), of(table(600)));
    let refused = door.send("POST", "/imports", &[], &large).await;
    let told = (refused.status.as_u16(), refused.body["code"].as_str(), refused.header("retry-after"));
    assert_eq!(told, (503, Some("UNAVAILABLE"), "10"), "{}", refused.body);
    assert_eq!(door.send("POST", "/imports", &[], &small).await.status, StatusCode::OK);
    let imports = "/api/v1/orgs/globex/products/probe/imports";
    let elsewhere = send(&door.app, &there, "POST", imports, &[], &large).await;
    assert_eq!(elsewhere.status, StatusCode::SERVICE_UNAVAILABLE, "{}", elsewhere.body);
    let others = send(&door.app, &stranger, "POST", imports, &[], &large).await;
    assert_eq!(others.status, StatusCode::OK, "{}", others.body);
    slow.abort();
    assert!(slow.await.unwrap_err().is_cancelled());
    let after = door.send("POST", "/imports", &[], &large).await;
    assert_eq!(after.status, StatusCode::OK, "{}", after.body);
}
