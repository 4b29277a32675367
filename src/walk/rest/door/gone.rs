//! What was deleted: it is told from what is nothing, by those who could restore it.

use http::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Door, send, token};
use crate::kernel::role::{Role, TokenScope};

const ACME: &str = "/api/v1/orgs/acme";

impl Door {
    /// The status and the code of what is answered at an address of `acme`.
    async fn told(&self, method: &str, path: &str, body: &Value) -> (StatusCode, String) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = send(&self.app, &self.token, method, &format!("{ACME}{path}"), &[], &body).await;
        (answer.status, answer.body["code"].as_str().unwrap_or_default().to_owned())
    }
}

fn gone() -> (StatusCode, String) {
    (StatusCode::GONE, "GONE".to_owned())
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_deleted_is_gone_until_it_is_restored(pool: PgPool) {
    let door = Door::new(&pool).await;
    let rocket = "/products/rocket";
    let (title, renamed) = (json!({ "title": "T" }), json!({ "title": "U" }));
    let to = |status: &str| json!({ "status": status });
    let okr = json!({ "title": "T", "quarter": "2026-Q4" });
    for (all, body, patch, moved) in [
        (format!("{rocket}/ideas"), title.clone(), renamed.clone(), to("UNDER_REVIEW")),
        (format!("{rocket}/epics"), title.clone(), renamed.clone(), to("IN_PROGRESS")),
        (format!("{rocket}/features"), title.clone(), renamed.clone(), to("IN_PROGRESS")),
        (format!("{rocket}/tasks"), title.clone(), renamed.clone(), to("DONE")),
        (format!("{rocket}/feedback"), json!({ "title": "T", "userEmail": "a@b.test" }), to("PLANNED"), Value::Null),
        (format!("{rocket}/releases"), json!({ "version": "1.0.0" }), json!({ "name": "U" }), to("IN_PROGRESS")),
        (format!("{rocket}/okrs"), okr.clone(), renamed.clone(), to("ACTIVE")),
        (format!("{rocket}/kpis"), json!({ "name": "K", "targetValue": 3 }), json!({ "name": "L" }), Value::Null),
        (format!("{rocket}/experiments"), json!({ "name": "E", "hypothesis": "h" }), json!({ "name": "F" }), to("RUNNING")),
        (format!("{rocket}/documents"), title.clone(), renamed.clone(), to("PUBLISHED")),
        ("/objectives".to_owned(), okr.clone(), renamed.clone(), to("ACTIVE")),
        ("/documents".to_owned(), title.clone(), renamed.clone(), to("PUBLISHED")),
    ] {
        let made = send(&door.app, &door.token, "POST", &format!("{ACME}{all}"), &[], &body.to_string()).await;
        let one = format!("{all}/{}", made.body["id"].as_str().unwrap_or_else(|| panic!("{all}: {}", made.body)));
        for _ in 0..2 {
            assert_eq!(door.told("DELETE", &one, &Value::Null).await.0, StatusCode::NO_CONTENT, "{all}");
        }
        assert_eq!(door.told("GET", &one, &Value::Null).await, gone(), "{all}");
        assert_eq!(door.told("PATCH", &one, &patch).await, gone(), "{all}");
        if !moved.is_null() {
            assert_eq!(door.told("POST", &format!("{one}/status"), &moved).await, gone(), "{all}");
        }
        assert_eq!(door.told("GET", &format!("{one}?deleted=true"), &Value::Null).await.0, StatusCode::OK, "{all}");
        assert_eq!(door.told("POST", &format!("{one}/restore"), &Value::Null).await.0, StatusCode::OK, "{all}");
        assert_eq!(door.told("PATCH", &one, &patch).await.0, StatusCode::OK, "{all}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_link_that_is_not_there_cannot_be_taken_away(pool: PgPool) {
    let door = Door::new(&pool).await;
    let made = async |path: &str, body: &str| door.send("POST", path, &[], body).await.body["id"].as_str().unwrap().to_owned();
    let item = made("/feedback", r#"{"title":"T","userEmail":"a@b.test"}"#).await;
    let link = format!("/feedback/{item}/ideas/{}", made("/ideas", r#"{"title":"T"}"#).await);
    for (method, status) in [("DELETE", 404), ("PUT", 204), ("DELETE", 204), ("DELETE", 404)] {
        assert_eq!(door.send(method, &link, &[], "").await.status.as_u16(), status, "{method}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_deleted_is_listed_in_parts_too(pool: PgPool) {
    let door = Door::new(&pool).await;
    for (all, body) in [
        ("/ideas", json!({ "title": "T" })),
        ("/epics", json!({ "title": "T" })),
        ("/features", json!({ "title": "T" })),
        ("/tasks", json!({ "title": "T" })),
        ("/feedback", json!({ "title": "T", "userEmail": "a@b.test" })),
        ("/okrs", json!({ "title": "T", "quarter": "2026-Q4" })),
        ("/kpis", json!({ "name": "K", "targetValue": 3 })),
        ("/experiments", json!({ "name": "E", "hypothesis": "h" })),
        ("/documents", json!({ "title": "T" })),
    ] {
        for _ in 0..3 {
            let made = door.send("POST", all, &[], &body.to_string()).await;
            door.send("DELETE", &format!("{all}/{}", made.body["id"].as_str().unwrap()), &[], "").await;
        }
        let part = async |on: &str| door.send("GET", &format!("{all}?deleted=true&limit=2{on}"), &[], "").await.body;
        let rows = |part: &Value| part["data"].as_array().map(Vec::len);
        let first = part("").await;
        let cursor = first["nextCursor"].as_str().unwrap_or_else(|| panic!("{all}: {first}"));
        let second = part(&format!("&cursor={cursor}")).await;
        assert_eq!((rows(&first), rows(&second), &second["nextCursor"]), (Some(2), Some(1), &Value::Null), "{all}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn deleted_releases_are_one_of_the_kinds_that_are_shown(pool: PgPool) {
    let door = Door::new(&pool).await;
    for (version, kind) in [("1.0.0", "MAJOR"), ("1.1.0", "MINOR"), ("1.2.0", "MINOR")] {
        let made = door.send("POST", "/releases", &[], &json!({ "version": version, "type": kind }).to_string()).await;
        door.send("DELETE", &format!("/releases/{}", made.body["id"].as_str().unwrap()), &[], "").await;
    }
    let versions = async |query: &str| {
        let list = door.send("GET", &format!("/releases{query}"), &[], "").await;
        let rows = list.body["data"].as_array().unwrap_or_else(|| panic!("{query}: {}", list.body)).clone();
        rows.iter().map(|row| row["version"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(versions("?show=deleted&limit=2").await, ["1.2.0", "1.1.0"], "those made last first, in parts");
    assert_eq!(versions("?show=deleted&type=MAJOR").await, ["1.0.0"]);
    assert_eq!((versions("").await, versions("?show=all").await), (Vec::new(), Vec::<String>::new()));
    let otherwise = door.send("GET", "/releases?deleted=true", &[], "").await;
    assert_eq!((otherwise.status.as_u16(), otherwise.body["errors"][0]["parameter"].as_str()), (422, Some("deleted")));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_deleted_product_is_gone_with_all_that_is_below_it(pool: PgPool) {
    let door = Door::new(&pool).await;
    let made = door.send("POST", "/ideas", &[], r#"{"title":"T"}"#).await;
    let idea = format!("/ideas/{}", made.body["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(door.send("DELETE", "", &[], "").await.status, StatusCode::NO_CONTENT);
    }
    for (method, path, body) in [
        ("GET", "", ""),
        ("PATCH", "", r#"{"name":"Renamed"}"#),
        ("POST", "/lifecycle", r#"{"stage":"DISCOVERY"}"#),
        ("GET", "/criteria", ""),
        ("PUT", "/public-changelog", ""),
        ("GET", "/ideas", ""),
        ("POST", "/ideas", r#"{"title":"T"}"#),
        ("GET", idea.as_str(), ""),
        ("PATCH", idea.as_str(), r#"{"title":"U"}"#),
        ("GET", "/ideas/none", ""),
        ("GET", "/experiments", ""),
        ("GET", "/export/ideas.csv", ""),
    ] {
        let answer = door.send(method, path, &[], body).await;
        assert_eq!((answer.status, answer.body["code"].as_str()), (StatusCode::GONE, Some("GONE")), "{method} {path}: {}", answer.body);
        let detail = answer.body["detail"].as_str().unwrap_or_default();
        assert!(detail.contains("deleted=true") && detail.contains("estore it"), "{detail}");
    }
    let read = door.send("GET", "?deleted=true", &[], "").await;
    assert!(read.status == StatusCode::OK && read.body["deletedAt"].is_string(), "{}", read.body);
    // Who could not see it while it was there is told of nothing.
    let ada = door.db.member("acme", Role::Admin).await;
    door.db.product("acme", &ada, "apart").await;
    let narrow = token(&door.db, "acme", &ada, TokenScope::Admin, &["apart"]).await;
    let eve = door.db.org("other").await;
    let stranger = token(&door.db, "other", &eve, TokenScope::Admin, &[]).await;
    for (token, org) in [(&narrow, "acme"), (&stranger, "other"), (&stranger, "acme")] {
        for path in ["rocket", "rocket?deleted=true", "rocket/ideas"] {
            let answer = send(&door.app, token, "GET", &format!("/api/v1/orgs/{org}/products/{path}"), &[], "").await;
            assert_eq!((answer.status, answer.body["code"].as_str()), (StatusCode::NOT_FOUND, Some("NOT_FOUND")), "{org} {path}");
        }
    }
    assert_eq!(door.send("POST", "/restore", &[], "").await.body["deletedAt"], Value::Null);
    assert_eq!(door.send("GET", &idea, &[], "").await.status, StatusCode::OK);
    assert_eq!(door.send("GET", "/ideas/none", &[], "").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_revoked_token_is_gone_for_good(pool: PgPool) {
    let door = Door::new(&pool).await;
    let ada = door.db.member("acme", Role::Admin).await;
    token(&door.db, "acme", &ada, TokenScope::Read, &[]).await;
    let id: String = sqlx::query_scalar(r#"SELECT id FROM "ApiToken" WHERE "userId" = $1"#).bind(&ada.id).fetch_one(&pool).await.unwrap();
    let one = format!("{ACME}/tokens/{id}");
    assert_eq!(send(&door.app, &door.token, "DELETE", &one, &[], "").await.status, StatusCode::NO_CONTENT);
    let gone = send(&door.app, &door.token, "GET", &one, &[], "").await;
    let detail = gone.body["detail"].as_str().unwrap_or_default();
    assert!(gone.status == StatusCode::GONE && detail.contains("revoked") && !detail.contains("restore"), "{}", gone.body);
    let read = send(&door.app, &door.token, "GET", &format!("{one}?deleted=true"), &[], "").await;
    assert!(read.status == StatusCode::OK && read.body["revokedAt"].is_string(), "{}", read.body);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_deleted_team_is_gone(pool: PgPool) {
    let door = Door::new(&pool).await;
    let one = "/teams/mobile";
    assert_eq!(door.told("POST", "/teams", &json!({ "name": "Mobile", "slug": "mobile" })).await.0, StatusCode::CREATED);
    assert_eq!(door.told("DELETE", one, &Value::Null).await.0, StatusCode::NO_CONTENT);
    assert_eq!(door.told("GET", one, &Value::Null).await, gone());
    assert_eq!(door.told("PATCH", one, &json!({ "name": "Apps" })).await, gone());
    assert_eq!(door.told("PUT", &format!("{one}/members/none"), &Value::Null).await, gone());
    let read = send(&door.app, &door.token, "GET", &format!("{ACME}{one}?deleted=true"), &[], "").await;
    assert!(read.status == StatusCode::OK && read.body["deletedAt"].is_string(), "{}", read.body);
    assert_eq!(door.told("GET", "/teams/none", &Value::Null).await.0, StatusCode::NOT_FOUND);
    assert_eq!(door.told("POST", &format!("{one}/restore"), &Value::Null).await.0, StatusCode::OK);
    assert_eq!(door.told("GET", one, &Value::Null).await.0, StatusCode::OK);
}
