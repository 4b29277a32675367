//! Saved views, which have the same rights here as on the screens.

use http::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Door, send, token};
use crate::kernel::role::{Role, TokenScope};

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_view_is_saved_changed_and_forgotten(pool: PgPool) {
    let door = Door::new(&pool).await;
    let body = json!({ "name": "By votes", "sort": "votes", "tag": "ios & web", "status": "APPROVED" });
    let made = door.send("POST", "/saved-views", &[], &body.to_string()).await;
    assert_eq!((made.status, made.body["own"].as_bool(), made.body["shared"].as_bool()), (StatusCode::CREATED, Some(true), Some(false)));
    for field in ["name", "sort", "tag", "status"] {
        assert_eq!(made.body[field], body[field], "{field}");
    }
    let one = format!("/saved-views/{}", made.body["id"].as_str().unwrap());
    assert!(made.header("location").ends_with(&one), "{}", made.header("location"));
    let stored: String = sqlx::query_scalar(r#"SELECT query FROM "SavedView""#).fetch_one(&pool).await.unwrap();
    assert_eq!(stored, "?sort=votes&status=APPROVED&tag=ios%20%26%20web", "as the page has it in its address");
    let bound = [("if-match", made.header("etag"))];
    let changed = door.send("PATCH", &one, &bound, r#"{"status":null,"shared":true}"#).await;
    assert_eq!((changed.body["status"].clone(), changed.body["tag"].as_str()), (Value::Null, Some("ios & web")), "{}", changed.body);
    assert_eq!(door.send("PATCH", &one, &bound, r#"{"name":"Late"}"#).await.status, StatusCode::PRECONDITION_FAILED);
    let again = door.send("POST", "/saved-views", &[], r#"{"name":"By votes"}"#).await;
    assert_eq!((again.status.as_u16(), again.body["errors"][0]["pointer"].as_str()), (422, Some("#/name")));
    let wrong = door.send("POST", "/saved-views", &[], r#"{"name":"","tag":" "}"#).await;
    assert_eq!((wrong.status.as_u16(), wrong.body["errors"].as_array().unwrap().len()), (422, 2), "{}", wrong.body);

    // Somebody else sees what is shared, and changes it as a reviewer alone.
    let developer = door.db.member("acme", Role::Developer).await;
    let manager = door.db.member("acme", Role::ProductManager).await;
    let developer = token(&door.db, "acme", &developer, TokenScope::Write, &[]).await;
    let manager = token(&door.db, "acme", &manager, TokenScope::Write, &[]).await;
    let address = format!("/api/v1/orgs/acme/products/rocket{one}");
    let seen = send(&door.app, &developer, "GET", &address, &[], "").await;
    assert_eq!((seen.status, seen.body["own"].as_bool()), (StatusCode::OK, Some(false)));
    for (method, body) in [("PATCH", r#"{"name":"Mine"}"#), ("DELETE", "")] {
        assert_eq!(send(&door.app, &developer, method, &address, &[], body).await.status, StatusCode::FORBIDDEN, "{method}");
    }
    let renamed = send(&door.app, &manager, "PATCH", &address, &[], r#"{"name":"By votes, all"}"#).await;
    assert_eq!((renamed.status, renamed.body["own"].as_bool()), (StatusCode::OK, Some(false)), "{}", renamed.body);
    door.send("PATCH", &one, &[], r#"{"shared":false}"#).await;
    for (method, body) in [("GET", ""), ("PATCH", "{}"), ("DELETE", "")] {
        assert_eq!(send(&door.app, &manager, method, &address, &[], body).await.status, StatusCode::NOT_FOUND, "{method}");
    }
    assert_eq!(door.send("GET", "/saved-views", &[], "").await.body["data"].as_array().unwrap().len(), 1);
    assert_eq!(door.send("DELETE", &one, &[], "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(door.send("GET", &one, &[], "").await.status, StatusCode::NOT_FOUND);
}
