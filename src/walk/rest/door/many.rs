//! Many things at once, and what an organisation sets for all its products.

use http::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Door, send};

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn features_and_tasks_are_changed_together_or_not_at_all(pool: PgPool) {
    let door = Door::new(&pool).await;
    for all in ["/features", "/tasks"] {
        let mut ids = Vec::new();
        for title in ["One", "Two"] {
            let made = door.send("POST", all, &[], &json!({ "title": title }).to_string()).await;
            ids.push(made.body["id"].as_str().unwrap().to_owned());
        }
        let bulk = format!("{all}/bulk");
        let send = async |body: Value| door.send("POST", &bulk, &[], &body.to_string()).await;
        let twice = send(json!({ "ids": [ids[0], ids[1], ids[0]], "status": "IN_PROGRESS" })).await;
        assert_eq!((twice.status, twice.body), (StatusCode::OK, json!({ "changed": 2 })), "{all}");
        assert_eq!(send(json!({ "ids": [ids[1]], "priority": "LOW" })).await.status, StatusCode::OK);
        for (id, priority) in ids.iter().zip(["MEDIUM", "LOW"]) {
            let one = door.send("GET", &format!("{all}/{id}"), &[], "").await.body;
            assert_eq!((one["status"].as_str(), one["priority"].as_str()), (Some("IN_PROGRESS"), Some(priority)), "{one}");
        }
        for (body, at) in [
            (json!({ "ids": [], "priority": "LOW" }), "#/ids"),
            (json!({ "ids": [ids[0]] }), "#/status"),
            (json!({ "ids": [ids[0]], "status": "DONE", "priority": "LOW" }), "#/status"),
            (json!({ "ids": [ids[0]], "priority": "URGENT" }), "#/priority"),
            (json!({ "ids": [ids[0], "none"], "priority": "CRITICAL" }), "#/ids/1"),
        ] {
            let refused = send(body).await;
            let told = (refused.status.as_u16(), refused.body["errors"][0]["pointer"].as_str());
            assert_eq!(told, (422, Some(at)), "{}", refused.body);
        }
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_stage_gets_criteria_and_its_own_back(pool: PgPool) {
    let door = Door::new(&pool).await;
    let base = "/api/v1/orgs/acme/lifecycle-criteria";
    let one = format!("{base}/GROWTH");
    let stages = send(&door.app, &door.token, "GET", base, &[], "").await.body;
    assert_eq!(stages["data"].as_array().unwrap().len(), 8);
    let first = send(&door.app, &door.token, "GET", &one, &[], "").await;
    assert_eq!((first.status, first.body["own"].as_bool()), (StatusCode::OK, Some(false)));
    let bound = [("if-match", first.header("etag"))];
    let changed = send(&door.app, &door.token, "PATCH", &one, &bound, r#"{"criteria":["One","Two"]}"#).await;
    assert_eq!((changed.body["criteria"].clone(), changed.body["own"].as_bool()), (json!(["One", "Two"]), Some(true)), "{}", changed.body);
    let late = send(&door.app, &door.token, "PATCH", &one, &bound, r#"{"criteria":["Three"]}"#).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    let wrong =
        send(&door.app, &door.token, "PATCH", &one, &[], &json!({ "criteria": ["One", " ", "a\nb", "x".repeat(201)] }).to_string()).await;
    let pointers: Vec<_> = wrong.body["errors"].as_array().unwrap().iter().map(|wrong| wrong["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["#/criteria/1", "#/criteria/2", "#/criteria/3"]);
    let back = send(&door.app, &door.token, "PATCH", &one, &[], r#"{"criteria":[]}"#).await;
    assert_eq!(back.body, first.body);
    assert_eq!(send(&door.app, &door.token, "GET", &format!("{base}/NOWHERE"), &[], "").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_organisation_keeps_its_address_and_its_switches_are_guarded(pool: PgPool) {
    let door = Door::new(&pool).await;
    let path = "/api/v1/orgs/acme";
    for slug in ["", " "] {
        let answer = send(&door.app, &door.token, "PATCH", path, &[], &json!({ "slug": slug }).to_string()).await;
        assert_eq!((answer.status, answer.body["errors"][0]["pointer"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("#/slug")));
    }
    send(&door.app, &door.token, "PATCH", path, &[], r#"{"wsjf":false}"#).await;
    let tag = send(&door.app, &door.token, "GET", path, &[], "").await.header("etag").to_owned();
    let switched = async |on: bool| {
        let body = json!({ "wsjf": on }).to_string();
        send(&door.app, &door.token, "PATCH", path, &[("if-match", &tag)], &body).await.status
    };
    assert_eq!(switched(true).await, StatusCode::OK);
    assert_eq!(switched(false).await, StatusCode::PRECONDITION_FAILED);
}
