//! What the API does, seen through one product.

mod boards;
mod bound;
mod found;
mod gone;
mod large;
mod many;
mod measures;
mod moves;
mod named;
mod narrow;
mod shares;
mod tables;
mod views;

use std::collections::BTreeSet;

use axum::Router;
use http::StatusCode;
use http::header::COOKIE;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Answer, send, token};
use crate::kernel::role::{Role, TokenScope};
use crate::server::serve::router;
use crate::testing::{TestDb, counted};

/// A way into the product `rocket` of `acme`.
struct Door {
    app: Router,
    token: String,
    db: TestDb,
}

impl Door {
    async fn new(pool: &PgPool) -> Door {
        let db = TestDb::new(pool).await;
        let admin = db.org("acme").await;
        db.product("acme", &admin, "rocket").await;
        let token = token(&db, "acme", &admin, TokenScope::Admin, &[]).await;
        Door { app: router(db.state()), token, db }
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        send(&self.app, &self.token, method, &format!("/api/v1/orgs/acme/products/rocket{path}"), headers, body).await
    }

    async fn ideas(&self) -> i64 {
        sqlx::query_scalar(r#"SELECT count(*) FROM "Idea""#).fetch_one(&self.db.owner).await.unwrap()
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_idea_is_made_read_changed_and_deleted(pool: PgPool) {
    let door = Door::new(&pool).await;
    let body = json!({ "title": "Mobile App", "tags": ["mobile", "app"], "reach": 100, "impact": 9, "confidence": 7, "effort": 8 });
    let made = door.send("POST", "/ideas", &[], &body.to_string()).await;
    assert_eq!((made.status, made.body["riceScore"].as_f64()), (StatusCode::CREATED, Some(787.5)), "{}", made.body);
    let (id, etag) = (made.body["id"].as_str().unwrap().to_owned(), made.header("etag").to_owned());
    assert_eq!(made.header("location"), format!("/api/v1/orgs/acme/products/rocket/ideas/{id}"));
    let one = format!("/ideas/{id}");
    let read = door.send("GET", &one, &[], "").await;
    assert_eq!((read.header("etag"), &read.body), (etag.as_str(), &made.body));
    // A vote is no change of what is said.
    assert_eq!(door.send("PUT", &format!("{one}/vote"), &[], "").await.status, StatusCode::NO_CONTENT);
    let changed = door.send("PATCH", &one, &[("if-match", &etag)], r#"{"effort":4}"#).await;
    assert_eq!(
        (changed.status, changed.body["title"].as_str(), changed.body["riceScore"].as_f64()),
        (StatusCode::OK, Some("Mobile App"), Some(1575.0))
    );
    for headers in [[("if-match", etag.as_str())], [("if-match", "\"nonsense\"")], [("if-match", "W/\"x\"")]] {
        let stale = door.send("PATCH", &one, &headers, r#"{"title":"Late"}"#).await;
        assert_eq!((stale.status, stale.body["code"].as_str()), (StatusCode::PRECONDITION_FAILED, Some("PRECONDITION_FAILED")));
    }
    let now = format!("\"x\", {}", changed.header("etag"));
    assert_eq!(door.send("PATCH", &one, &[("if-match", &now)], r#"{"tags":[]}"#).await.body["tags"], json!([]));
    assert_eq!(door.send("PATCH", &one, &[("if-match", "*")], r#"{"impact":null}"#).await.body["impact"], Value::Null);
    // What cannot be held to is refused, and nothing is done.
    let bound = door.send("DELETE", &one, &[("if-match", &now)], "").await;
    assert_eq!((bound.status, bound.body["errors"][0]["header"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("If-Match")));
    assert_eq!(door.send("DELETE", &one, &[], "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(door.send("DELETE", &one, &[], "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(door.send("PATCH", &one, &[], r#"{"title":"Late"}"#).await.status, StatusCode::GONE);
    let gone = door.send("GET", &one, &[], "").await;
    assert_eq!((gone.status, gone.body["code"].as_str()), (StatusCode::GONE, Some("GONE")));
    assert_eq!(door.send("GET", &format!("{one}/comments"), &[], "").await.status, StatusCode::GONE);
    assert_eq!(door.send("GET", &format!("{one}?deleted=true"), &[], "").await.status, StatusCode::OK);
    let bin = door.send("GET", "/ideas?deleted=true", &[], "").await;
    assert_eq!(
        (bin.body["data"][0]["id"].as_str(), door.send("GET", "/ideas", &[], "").await.body["data"].clone()),
        (Some(id.as_str()), json!([]))
    );
    assert_eq!(door.send("POST", &format!("{one}/restore"), &[], "").await.body["deletedAt"], Value::Null);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_number_that_is_taken_away_is_unknown_or_what_a_new_idea_has(pool: PgPool) {
    let door = Door::new(&pool).await;
    let numbers = |idea: &Answer| ["priority", "reach", "impact", "confidence", "effort"].map(|name| idea.body[name].as_i64());
    for (said, expected) in [
        (json!({}), [Some(0), Some(100), Some(1), Some(1), Some(1)]),
        (json!({ "reach": 500, "priority": 30, "confidence": null }), [Some(30), Some(500), Some(1), None, Some(1)]),
        (json!({ "impact": null }), [Some(0), Some(100), None, Some(1), Some(1)]),
    ] {
        let mut body = json!({ "title": "T" });
        body.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
        let made = door.send("POST", "/ideas", &[], &body.to_string()).await;
        assert_eq!((made.status, numbers(&made)), (StatusCode::CREATED, expected), "{said}");
        let one = format!("/ideas/{}", made.body["id"].as_str().unwrap());
        let bare = door.send("PATCH", &one, &[], r#"{"reach":null,"priority":null,"effort":null}"#).await;
        assert_eq!((bare.status, numbers(&bare)), (StatusCode::OK, [Some(0), Some(100), expected[2], expected[3], None]), "{said}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn changes_at_once_of_different_fields_both_count(pool: PgPool) {
    let door = Door::new(&pool).await;
    let made = door.send("POST", "/epics", &[], r#"{"title":"One"}"#).await;
    let one = format!("/epics/{}", made.body["id"].as_str().unwrap());
    for n in 0..8 {
        let (title, text) = (format!(r#"{{"title":"T{n}"}}"#), format!(r#"{{"description":"D{n}"}}"#));
        let (a, b) = tokio::join!(door.send("PATCH", &one, &[], &title), door.send("PATCH", &one, &[], &text));
        assert_eq!((a.status, b.status), (StatusCode::OK, StatusCode::OK));
        let epic = door.send("GET", &one, &[], "").await.body;
        assert_eq!((epic["title"].clone(), epic["description"].clone()), (json!(format!("T{n}")), json!(format!("D{n}"))));
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_request_with_a_key_is_done_once(pool: PgPool) {
    let door = Door::new(&pool).await;
    let body = r#"{"title":"Once"}"#;
    let key = [("idempotency-key", "a-key")];
    let first = door.send("POST", "/ideas", &key, body).await;
    let again = door.send("POST", "/ideas", &key, body).await;
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(
        (&first.body, first.header("location"), first.header("etag")),
        (&again.body, again.header("location"), again.header("etag"))
    );
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    assert_eq!(door.ideas().await, 1);
    let other = door.send("POST", "/ideas", &key, r#"{"title":"Twice"}"#).await;
    assert_eq!((other.status, other.body["errors"][0]["header"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("Idempotency-Key")));
    // What failed was not done, and may be tried again.
    let key = [("idempotency-key", "another")];
    assert_eq!(door.send("POST", "/ideas", &key, r#"{"title":""}"#).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(door.send("POST", "/ideas", &key, body).await.status, StatusCode::CREATED);
    // Two at the same moment.
    let key = [("idempotency-key", "raced")];
    let (a, b, c) = tokio::join!(
        door.send("POST", "/ideas", &key, body),
        door.send("POST", "/ideas", &key, body),
        door.send("POST", "/ideas", &key, body)
    );
    assert_eq!((a.status, &a.body, &b.body), (StatusCode::CREATED, &b.body, &c.body));
    assert_eq!(door.ideas().await, 3);
    // The answer is kept sealed, and for a day.
    let kept: String = sqlx::query_scalar(r#"SELECT string_agg(body, ' ') FROM "IdempotencyKey""#).fetch_one(&pool).await.unwrap();
    assert!(!kept.contains("Once"), "{kept}");
    sqlx::query(r#"UPDATE "IdempotencyKey" SET "createdAt" = now() - interval '25 hours'"#).execute(&pool).await.unwrap();
    let late = door.send("POST", "/ideas", &key, body).await;
    assert_eq!((late.header("idempotency-replayed"), door.ideas().await), ("", 4));
    let left: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "IdempotencyKey""#).fetch_one(&pool).await.unwrap();
    assert_eq!(left, 1, "those whose time is over are gone");
    let empty = [("idempotency-key", "")];
    assert_eq!(door.send("POST", "/ideas", &empty, body).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_wrong_is_told_with_where_it_stands(pool: PgPool) {
    let door = Door::new(&pool).await;
    let long = format!(r#"{{"title":"{}"}}"#, "x".repeat(1_000_001));
    let deep = format!(r#"{{"title":{}"#, "[".repeat(10_000));
    for (path, kind, body, status, at) in [
        ("/ideas", "application/json", "{", 400, "#"),
        ("/ideas", "application/json", "", 400, "#"),
        ("/ideas", "application/json", r#"{"title":1,"tags":["a""#, 400, "#/tags"),
        ("/ideas", "application/json", &deep, 400, "#/title"),
        ("/ideas", "application/json", &long, 413, ""),
        ("/ideas", "text/plain", r#"{"title":"T"}"#, 415, ""),
        ("/ideas", "application/x-www-form-urlencoded", "title=T", 415, ""),
        ("/ideas", "application/json; charset=latin1", r#"{"title":"T"}"#, 415, ""),
        ("/ideas", "application/json; charset=utf-8", r#"{"title":1}"#, 422, "#/title"),
        ("/ideas", "application/json", r#"{"title":"T","nonsense":1}"#, 422, "#/nonsense"),
        ("/ideas", "application/json", r#"{"title":"T","tags":["a",7]}"#, 422, "#/tags/1"),
        ("/ideas", "application/json", r#"{"title":"T","tags":["a","b,c"]}"#, 422, "#/tags/1"),
        ("/ideas", "application/json", r#"{"title":"T","effort":11}"#, 422, "#/effort"),
        ("/ideas", "application/json", r#"{"title":"T","businessValue":-1}"#, 422, "#/businessValue"),
        ("/ideas", "application/json", r#"{"title":"a\u0000b"}"#, 422, "#/title"),
        ("/tasks", "application/json", r#"{"title":"T","featureId":"\u0000"}"#, 422, "#/featureId"),
        ("/epics", "application/json", r#"{"title":"T","startDate":"2026-11-02","endDate":"2026-11-01"}"#, 422, "#/endDate"),
        ("/features", "application/json", r#"{"title":"T","priority":"URGENT"}"#, 422, "#/priority"),
        ("/feedback", "application/json", r#"{"title":"T","userEmail":"x","type":"BUG_REPORT"}"#, 422, "#/userEmail"),
    ] {
        let answer = door.send("POST", path, &[("content-type", kind)], body).await;
        let shown: String = body.chars().take(60).collect();
        assert_eq!(answer.status.as_u16(), status, "{path} {shown}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{shown}");
        assert_eq!(answer.body["errors"][0]["pointer"].as_str().unwrap_or_default(), at, "{shown}: {}", answer.body);
        assert_eq!((answer.body["status"].as_u64(), answer.body["detail"].as_str().is_some()), (Some(u64::from(status)), true));
    }
    let packed = door.send("POST", "/ideas", &[("content-encoding", "gzip")], r#"{"title":"T"}"#).await;
    assert_eq!(packed.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}", packed.body);
    assert_eq!(door.ideas().await, 0);
    for (query, parameter) in
        [("limit=101", "limit"), ("cursor=nonsense", "cursor"), ("status=OPEN", "status"), ("x=1", "x"), ("tag=", "tag")]
    {
        let answer = door.send("GET", &format!("/ideas?{query}"), &[], "").await;
        assert_eq!((answer.status, answer.body["errors"][0]["parameter"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some(parameter)));
    }
    for path in ["/ideas/none", "/ideas/a%00b", "/ideas/%ff", "/nonsense"] {
        let answer = door.send("GET", path, &[], "").await;
        assert_eq!((answer.status, answer.body["code"].as_str()), (StatusCode::NOT_FOUND, Some("NOT_FOUND")), "{path}");
    }
    let other = door.send("TRACE", "/ideas", &[], "").await;
    assert_eq!((other.status, other.body["code"].as_str()), (StatusCode::METHOD_NOT_ALLOWED, Some("METHOD_NOT_ALLOWED")));
    assert!(other.header("allow").contains("GET") && other.header("allow").contains("POST"), "{:?}", other.headers);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_cookie_opens_nothing_here_and_a_token_no_page(pool: PgPool) {
    let door = Door::new(&pool).await;
    let path = "/api/v1/orgs/acme/products";
    let ada = door.db.member("acme", Role::Admin).await;
    let session = ada.caller.token.clone().unwrap();
    let cookie = format!("{}={session}", crate::server::session::COOKIE);
    for (headers, token) in [(vec![(COOKIE.as_str(), cookie.as_str())], ""), (vec![], session.as_str()), (vec![], "pm_nonsense")] {
        let answer = send(&door.app, token, "GET", path, &headers, "").await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer realm=\"ProdMatic\""));
    }
    let basic = send(&door.app, "", "GET", path, &[("authorization", &format!("Basic {}", door.token))], "").await;
    assert_eq!(basic.status, StatusCode::UNAUTHORIZED);
    assert_eq!(send(&door.app, &door.token, "GET", path, &[("authorization", "x")], "").await.status, StatusCode::OK, "the first counts");
    let page = send(&door.app, &door.token, "GET", "/orgs/acme/products", &[("accept", "text/html")], "").await;
    assert!(page.status.is_redirection() || page.status == StatusCode::UNAUTHORIZED, "{}", page.status);
    // Another site's page cannot send a token, so where a request comes from is not asked.
    let origin = [("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site")];
    assert_eq!(door.send("POST", "/ideas", &origin, r#"{"title":"T"}"#).await.status, StatusCode::CREATED);
    let me = send(&door.app, &door.token, "GET", "/api/v1/me", &[], "").await;
    assert_eq!((me.body["organizationSlug"].as_str(), me.body["scope"].as_str()), (Some("acme"), Some("ADMIN")));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_token_has_so_many_requests(pool: PgPool) {
    use crate::server::config::Protection;
    use crate::server::guard::{Guard, rate::Limits};
    let door = Door::new(&pool).await;
    let limits = Limits::new(&Protection { rate_per_account: 2, ..Default::default() });
    let app = router(door.db.guarded("http://pm.example", Guard { limits, ..Guard::default() }));
    let me = || send(&app, &door.token, "GET", "/api/v1/me", &[], "");
    let first = me().await;
    assert_eq!((first.status, first.header("ratelimit-policy")), (StatusCode::OK, "\"default\";q=2;w=60"));
    assert_eq!((me().await.header("ratelimit"), me().await.status), ("\"default\";r=0;t=60", StatusCode::TOO_MANY_REQUESTS));
    let refused = me().await;
    assert_eq!((refused.header("content-type"), refused.body["code"].as_str()), ("application/problem+json", Some("RATE_LIMITED")));
    assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
    assert_eq!(send(&app, "pm_another", "GET", "/api/v1/me", &[], "").await.status, StatusCode::UNAUTHORIZED, "each for itself");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_list_is_walked_in_parts_and_costs_the_same_however_long_it_is(pool: PgPool) {
    let door = Door::new(&pool).await;
    door.send("POST", "/ideas", &[], r#"{"title":"T"}"#).await;
    door.send("GET", "/ideas?limit=20", &[], "").await;
    let (_, of_one) = counted(door.send("GET", "/ideas?limit=20", &[], "")).await;
    sqlx::query(
        r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId", reach)
           SELECT 'cmany' || n, 'Idea ' || n, '', "productId", "creatorId", n FROM "Idea", generate_series(1, 249) n"#,
    )
    .execute(&pool)
    .await
    .unwrap();
    let (page, of_many) = counted(door.send("GET", "/ideas?limit=20", &[], "")).await;
    assert_eq!((page.body["data"].as_array().unwrap().len(), of_many), (20, of_one));
    // Who asks, of which product, and the list; what only reads is not committed.
    assert!(of_many <= 3, "{of_many} statements");
    let (mut seen, mut path) = (BTreeSet::new(), "/ideas?limit=100&sort=newest".to_owned());
    for rows in [100, 100, 50] {
        let page = door.send("GET", &path, &[], "").await.body;
        let ids: Vec<String> = page["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), rows);
        seen.extend(ids);
        path = format!("/ideas?limit=100&sort=newest&cursor={}", page["nextCursor"].as_str().unwrap_or_default());
    }
    assert_eq!(seen.len(), 250);
}
