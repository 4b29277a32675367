//! What an answer is bound to: a cursor to its list, a tag to what was answered; and mistakes told all at once.

use http::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Door, send};
use crate::kernel::role::Role;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_cursor_leads_on_in_its_own_list_alone(pool: PgPool) {
    let door = Door::new(&pool).await;
    for n in 0..3 {
        door.send("POST", "/ideas", &[], &json!({ "title": format!("T{n}"), "reach": n }).to_string()).await;
        door.send("POST", "/epics", &[], &json!({ "title": format!("T{n}") }).to_string()).await;
    }
    let first = door.send("GET", "/ideas?limit=1&sort=newest", &[], "").await.body;
    let cursor = first["nextCursor"].as_str().unwrap().to_owned();
    let next = door.send("GET", &format!("/ideas?sort=newest&limit=2&cursor={cursor}"), &[], "").await;
    assert_eq!((next.status, next.body["data"].as_array().unwrap().len()), (StatusCode::OK, 2), "of another length all the same");
    let back = next.body["previousCursor"].as_str().unwrap();
    let again = door.send("GET", &format!("/ideas?limit=1&sort=newest&cursor={back}"), &[], "").await;
    assert_eq!(again.body["data"], first["data"]);
    let changed = format!("{}{cursor}", if cursor.starts_with('0') { '1' } else { '0' });
    for path in [
        format!("/epics?cursor={cursor}"),
        format!("/ideas?cursor={cursor}"),
        format!("/ideas?sort=votes&cursor={cursor}"),
        format!("/ideas?sort=newest&tag=a&cursor={cursor}"),
        format!("/ideas?sort=newest&deleted=true&cursor={cursor}"),
        format!("/ideas?sort=newest&cursor={changed}"),
        format!("/ideas?sort=newest&cursor={}", cursor.split_once('_').unwrap().1),
    ] {
        let answer = door.send("GET", &path, &[], "").await;
        let told = (answer.status, answer.body["errors"][0]["parameter"].as_str());
        assert_eq!(told, (StatusCode::UNPROCESSABLE_ENTITY, Some("cursor")), "{path}: {}", answer.body);
    }
}

/// The answers of a list of `acme` in parts of one row, from this cursor on by the cursors of this name.
async fn parts(door: &Door, list: &str, cursor: Option<&str>, way: &str) -> Vec<Value> {
    let (mut answers, mut cursor) = (Vec::new(), cursor.map(str::to_owned));
    while answers.len() < 20 {
        let on = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let path = format!("/api/v1/orgs/acme/{list}limit=1{on}");
        let answer = send(&door.app, &door.token, "GET", &path, &[], "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        assert_eq!(answer.body["data"].as_array().unwrap().len(), 1, "{path}");
        cursor = answer.body[way].as_str().map(str::to_owned);
        answers.push(answer.body);
        if cursor.is_none() {
            break;
        }
    }
    answers
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn lists_whose_rows_are_all_at_hand_come_in_parts_too(pool: PgPool) {
    let door = Door::new(&pool).await;
    for name in ["one", "two", "three"] {
        door.send("POST", "/saved-views", &[], &json!({ "name": name }).to_string()).await;
        let product = json!({ "name": name, "key": name }).to_string();
        send(&door.app, &door.token, "POST", "/api/v1/orgs/acme/products", &[], &product).await;
        send(&door.app, &door.token, "DELETE", &format!("/api/v1/orgs/acme/products/{name}"), &[], "").await;
        door.db.member("acme", Role::Developer).await;
    }
    let row = |answer: &Value| answer["data"][0].clone();
    let mut cursor = String::new();
    for (list, count) in [("members?", 4), ("products?deleted=true&", 3), ("products/rocket/saved-views?", 3), ("lifecycle-criteria?", 8)] {
        let whole = send(&door.app, &door.token, "GET", &format!("/api/v1/orgs/acme/{list}limit=100"), &[], "").await.body;
        assert_eq!((&whole["nextCursor"], &whole["previousCursor"]), (&Value::Null, &Value::Null), "{list}");
        let on = parts(&door, list, None, "nextCursor").await;
        assert_eq!((Value::from_iter(on.iter().map(row)), on.len()), (whole["data"].clone(), count), "{list}");
        assert_eq!(on[0]["previousCursor"], Value::Null, "{list}");
        let Some(back) = on[count - 1]["previousCursor"].as_str() else {
            assert_eq!(list, "members?", "read on alone");
            continue;
        };
        let mut back = parts(&door, list, Some(back), "previousCursor").await;
        back.reverse();
        assert_eq!(back[..], on[..count - 1], "{list}");
        // The cursor of the list before, or none.
        let strange = format!("/api/v1/orgs/acme/{list}cursor={cursor}");
        assert_eq!(send(&door.app, &door.token, "GET", &strange, &[], "").await.status, StatusCode::UNPROCESSABLE_ENTITY, "{list}");
        cursor = on[0]["nextCursor"].as_str().unwrap().to_owned();
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_known_is_not_sent_again(pool: PgPool) {
    let door = Door::new(&pool).await;
    let made = door.send("POST", "/ideas", &[], r#"{"title":"T"}"#).await;
    let one = format!("/ideas/{}", made.body["id"].as_str().unwrap());
    let tag = made.header("etag").to_owned();
    for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let answer = door.send("GET", &one, &[("if-none-match", &known)], "").await;
        assert_eq!((answer.status, answer.header("etag")), (StatusCode::NOT_MODIFIED, tag.as_str()), "{known}");
        assert_eq!(answer.body, Value::Null, "{known}");
    }
    for unknown in ["\"x\"".to_owned(), format!("\"{}\"", tag.trim_matches('"').split('.').next().unwrap())] {
        assert_eq!(door.send("GET", &one, &[("if-none-match", &unknown)], "").await.status, StatusCode::OK, "{unknown}");
    }
    let wrong = door.send("GET", &one, &[("if-none-match", "x")], "").await;
    assert_eq!((wrong.status.as_u16(), wrong.body["errors"][0]["header"].as_str()), (422, Some("If-None-Match")));
    // A vote alters the answer, and none of what a PATCH is bound to.
    let list = door.send("GET", "/ideas", &[], "").await.header("etag").to_owned();
    door.send("PUT", &format!("{one}/vote"), &[], "").await;
    let voted = door.send("GET", &one, &[("if-none-match", &tag)], "").await;
    assert_eq!((voted.status, voted.body["votes"].as_i64()), (StatusCode::OK, Some(1)));
    assert_eq!(door.send("GET", "/ideas", &[("if-none-match", &list)], "").await.status, StatusCode::OK);
    assert_eq!(door.send("PATCH", &one, &[("if-match", &tag)], r#"{"title":"U"}"#).await.status, StatusCode::OK);
    let list = door.send("GET", "/ideas", &[], "").await.header("etag").to_owned();
    let same = door.send("GET", "/ideas", &[("if-none-match", &list)], "").await;
    assert_eq!((same.status, same.body), (StatusCode::NOT_MODIFIED, Value::Null));
    // What is gone is gone, whatever was known of it.
    door.send("DELETE", &one, &[], "").await;
    assert_eq!(door.send("GET", &one, &[("if-none-match", "*")], "").await.status, StatusCode::GONE);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn all_that_is_wrong_is_told_at_once_and_in_plain_words(pool: PgPool) {
    let door = Door::new(&pool).await;
    for (body, at) in [
        (r#"{"title":5,"effort":"3","tags":"a","nonsense":1}"#, vec!["#/effort", "#/nonsense", "#/tags", "#/title"]),
        (r#"{"effort":"3","reach":1.5}"#, vec!["#/effort", "#/reach", "#/title"]),
        (r#"{"title":"","effort":11,"impact":-1,"tags":["a,b"]}"#, vec!["#/effort", "#/impact", "#/tags/0", "#/title"]),
        (
            r#"{"title":"T","tags":["a","b"," ","ccccccccccccccccccccccccccccccccccccccccc"],"effort":11}"#,
            vec!["#/effort", "#/tags/2", "#/tags/3"],
        ),
    ] {
        let answer = door.send("POST", "/ideas", &[], body).await;
        let errors = answer.body["errors"].as_array().unwrap();
        let mut pointers: Vec<&str> = errors.iter().map(|wrong| wrong["pointer"].as_str().unwrap_or_default()).collect();
        pointers.sort_unstable();
        assert_eq!((answer.status, pointers), (StatusCode::UNPROCESSABLE_ENTITY, at), "{body}");
        for word in ["i32", "u32", "struct", "expected", "IdeaBody"] {
            assert!(!answer.body.to_string().contains(word), "{}", answer.body);
        }
    }
    let answer = door.send("GET", "/ideas?limit=0&sort=best&status=1&cursor=x", &[], "").await;
    let mut names: Vec<&str> =
        answer.body["errors"].as_array().unwrap().iter().map(|wrong| wrong["parameter"].as_str().unwrap_or_default()).collect();
    names.sort_unstable();
    assert_eq!((answer.status, names), (StatusCode::UNPROCESSABLE_ENTITY, vec!["cursor", "limit", "sort", "status"]));
    let template = json!({ "name": "", "items": [{ "title": "T" }, { "title": "", "daysBefore": 999 }] });
    let path = "/api/v1/orgs/acme/checklist-templates";
    let answer = send(&door.app, &door.token, "POST", path, &[], &template.to_string()).await;
    let mut pointers: Vec<&str> =
        answer.body["errors"].as_array().unwrap().iter().map(|wrong| wrong["pointer"].as_str().unwrap_or_default()).collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["#/items/1/daysBefore", "#/items/1/title", "#/name"]);
}
