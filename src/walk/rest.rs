//! The REST API: every route by every role and scope, with what is another organisation's, and each answer held to what the
//! specification says of it.

mod door;
mod routes;
mod shape;

use std::collections::BTreeSet;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tower::ServiceExt;

use super::world::{ROLES, World, dump};
use crate::kernel::role::{Perm, Role, TokenScope};
use crate::server::id::{hash, new_id};
use crate::server::rest::PUBLISHED;
use crate::server::serve::router;
use crate::testing::{TestDb, TestUser};
use routes::{Route, routes};

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
    /// The text as JSON, if it is that.
    body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

/// A token of somebody, whatever their role.
async fn token(db: &TestDb, org: &str, user: &TestUser, scope: TokenScope, products: &[&str]) -> String {
    let secret = format!("pm_{}", new_id());
    sqlx::query(
        r#"INSERT INTO "ApiToken" (id, name, "tokenHash", beginning, scope, "userId", "productIds", "organizationId")
           SELECT $1, 'T', $2, 'pm_', $3, $4, ARRAY(SELECT id FROM "Product" WHERE key = ANY ($5)), id FROM "Organization" WHERE slug = $6"#,
    )
    .bind(new_id())
    .bind(hash(&secret))
    .bind(scope)
    .bind(&user.id)
    .bind(products)
    .bind(org)
    .execute(&db.owner)
    .await
    .unwrap();
    secret
}

async fn send(app: &Router, token: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header(HOST, "pm.example");
    if !token.is_empty() {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    if !body.is_empty() && !headers.iter().any(|(name, _)| *name == "content-type") {
        request = request.header(CONTENT_TYPE, "application/json");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = app.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: parts.status, headers: parts.headers, body: serde_json::from_str(&text).unwrap_or(Value::Null), text }
}

async fn ask(app: &Router, token: &str, route: &Route, world: &World) -> Answer {
    let (path, body) = route.filled(world, None);
    send(app, token, route.method, &path, &[], &body).await
}

#[test]
fn every_route_of_the_api_is_listed() {
    let document: Value = serde_json::from_str(&PUBLISHED.json).unwrap();
    let there: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(move |method| format!("{method} {path}")))
        .collect();
    let listed: BTreeSet<String> = routes().iter().map(|route| format!("{} {}", route.method.to_lowercase(), route.pattern())).collect();
    assert_eq!(there.difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new(), "say in src/walk/rest/routes.rs whom these are for");
    assert_eq!(listed.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// Of those who may, one does; those who may not are refused, by role and by scope, and the signed-out.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn each_role_and_scope_may_do_what_the_table_says_and_no_more(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let mut world = World::new(&db, "acme").await;
    let app = router(db.state());
    let document: Value = serde_json::from_str(&PUBLISHED.json).unwrap();
    let mut tokens = Vec::new();
    for role in ROLES {
        tokens.push((role, token(&db, "acme", world.member(role), TokenScope::Admin, &[]).await));
    }
    let read = token(&db, "acme", &world.admin, TokenScope::Read, &[]).await;
    let write = token(&db, "acme", &world.admin, TokenScope::Write, &[]).await;
    let of = |role: Role| &tokens.iter().find(|(known, _)| *known == role).unwrap().1;
    let mut wrong = Vec::new();
    for route in routes() {
        let mut expect = |who: &str, answer: &Answer, status: StatusCode| {
            if answer.status != status {
                wrong.push(format!("{who} {} {}: {}, not {status}: {}", route.method, route.path, answer.status, answer.body));
            }
        };
        expect("nobody", &ask(&app, "", &route, &world).await, StatusCode::UNAUTHORIZED);
        for role in ROLES.into_iter().filter(|role| !role.can(route.perm)) {
            expect(role.word(), &ask(&app, of(role), &route, &world).await, StatusCode::FORBIDDEN);
        }
        if route.perm != Perm::Read {
            expect("read", &ask(&app, &read, &route, &world).await, StatusCode::FORBIDDEN);
        }
        if route.perm == Perm::OrgManage {
            expect("write", &ask(&app, &write, &route, &world).await, StatusCode::FORBIDDEN);
        }
        // The least of those who may.
        let role = ROLES.into_iter().rev().find(|role| role.can(route.perm)).unwrap();
        let answer = ask(&app, if route.own { of(Role::Admin) } else { of(role) }, &route, &world).await;
        expect(role.word(), &answer, route.done);
        wrong.extend(shape::differs(&document, &route, &answer).map(|told| format!("{} {}: {told}", route.method, route.path)));
        if route.method != "GET" {
            world.furnish(&db).await;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whoever may not do a thing learns nothing else, whatever comes with it: by role, by scope, and where a token is for other products.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_missing_right_is_told_before_what_is_wrong_with_a_body(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let world = World::new(&db, "acme").await;
    let app = router(db.state());
    let admin = token(&db, "acme", &world.admin, TokenScope::Admin, &[]).await;
    let read = token(&db, "acme", &world.admin, TokenScope::Read, &[]).await;
    let viewer = token(&db, "acme", world.member(Role::Stakeholder), TokenScope::Admin, &[]).await;
    let narrow = token(&db, "acme", &world.admin, TokenScope::Admin, &[&world.fill("$product")]).await;
    let mut wrong = Vec::new();
    for route in routes().iter().filter(|route| !route.body.is_null()) {
        let path = route.filled(&world, None).0;
        let mut expect = async |who: &str, token: &str, kind: &str, body: &str, status: StatusCode| {
            let answer = send(&app, token, route.method, &path, &[("content-type", kind)], body).await;
            if answer.status != status {
                wrong.push(format!("{who} {} {} {body}: {}, not {status}: {}", route.method, route.path, answer.status, answer.body));
            }
        };
        expect("admin", admin.as_str(), "application/json", "{", StatusCode::BAD_REQUEST).await;
        for (who, token, may) in [
            ("read", read.as_str(), route.perm == Perm::Read),
            ("viewer", viewer.as_str(), Role::Stakeholder.can(route.perm)),
            ("narrow", narrow.as_str(), route.path.contains("/products/$product")),
        ] {
            for (kind, body) in [("application/json", "{"), ("application/json", r#"{"nonsense":1}"#), ("text/plain", "x")] {
                if !may {
                    expect(who, token, kind, body, StatusCode::FORBIDDEN).await;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What reads is not committed, so it must not write: it gets all that it gives where nothing can be written.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_reads_writes_nothing(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let world = World::new(&db, "acme").await;
    let admin = token(&db, "acme", &world.admin, TokenScope::Admin, &[]).await;
    let options = db.app.connect_options().as_ref().clone().options([("default_transaction_read_only", "on")]);
    let app = PgPoolOptions::new().max_connections(2).connect_with(options).await.unwrap();
    let app = router(TestDb { app, owner: db.owner.clone() }.state());
    // That a table went out is noted, and committed by itself.
    for route in routes().iter().filter(|route| route.method == "GET" && !route.path.ends_with(".csv")) {
        let answer = ask(&app, &admin, route, &world).await;
        assert_eq!(answer.status, route.done, "{}: {}", route.path, answer.body);
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn nothing_of_another_organisation_can_be_reached_by_a_token(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let mut ours = World::new(&db, "acme").await;
    let theirs = World::new(&db, "other").await;
    let app = router(db.state());
    let admin = token(&db, "acme", &ours.admin, TokenScope::Admin, &[]).await;
    let before = dump(&db, "other").await;
    let mut wrong = Vec::new();
    for route in routes() {
        for (word, name) in theirs.words().filter(|(word, _)| route.names(word)) {
            let (path, body) = route.filled(&ours, Some((word, name)));
            let answer = send(&app, &admin, route.method, &path, &[], &body).await;
            // What is named in the body is told by its field, as what is nothing is.
            let told = answer.body["errors"][0]["pointer"].as_str().and_then(|pointer| pointer.strip_prefix("#/"));
            let is_there = |(told, field): (&str, String)| field == told || field.starts_with(&format!("{told}/"));
            let by_field = answer.status == StatusCode::UNPROCESSABLE_ENTITY && told.zip(route.field(word)).is_some_and(is_there);
            if answer.status != StatusCode::NOT_FOUND && !by_field {
                wrong.push(format!("{} {} with their {word}: {}: {}", route.method, route.path, answer.status, answer.body));
            }
        }
        if route.method != "GET" {
            ours.furnish(&db).await;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(before, dump(&db, "other").await, "the other organisation's data has changed");
}

/// A token for one product, on the routes of another.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_token_for_a_product_reaches_no_other(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let world = World::new(&db, "acme").await;
    db.product("acme", &world.admin, "apart").await;
    let app = router(db.state());
    let (apart, own) = (
        token(&db, "acme", &world.admin, TokenScope::Write, &["apart"]).await,
        token(&db, "acme", &world.admin, TokenScope::Write, &[&world.fill("$product")]).await,
    );
    let before = dump(&db, "acme").await;
    let mut wrong = Vec::new();
    for route in routes().iter().filter(|route| route.path.contains("$product")) {
        let answer = ask(&app, &apart, route, &world).await;
        // A bin is told from nothing no more than anything else.
        if answer.status != StatusCode::NOT_FOUND {
            wrong.push(format!("{} {}: {}: {}", route.method, route.path, answer.status, answer.body));
        }
        // Its own product's address with another's thing in it.
        let path = route.filled(&world, Some(("$product", "apart"))).0;
        if route.path.contains("/$product/") && !route.path.ends_with("/criteria") && route.path.matches('$').count() > 2 {
            let answer = send(&app, &own, route.method, &path, &[], &route.filled(&world, None).1).await;
            if answer.status != StatusCode::NOT_FOUND {
                wrong.push(format!("{} {path}: {}", route.method, answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unused = |dump: &str| {
        dump.lines().filter(|line| !line.contains("lastUsedAt") && !line.contains("access.refused")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(unused(&before), unused(&dump(&db, "acme").await), "something has changed");
    let products = send(&app, &apart, "GET", "/api/v1/orgs/acme/products", &[], "").await;
    assert_eq!(products.body["data"].as_array().unwrap().len(), 1);
    for (method, path, body) in [
        ("GET", "/api/v1/orgs/acme/search?q=t", ""),
        ("POST", "/api/v1/orgs/acme/products", r#"{"name":"New"}"#),
        ("GET", "/api/v1/orgs/acme/audit-log", ""),
    ] {
        assert_eq!(send(&app, &apart, method, path, &[], body).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(send(&app, &apart, "GET", "/api/v1/orgs/acme/search?q=t&product=apart", &[], "").await.status, StatusCode::OK);
}
