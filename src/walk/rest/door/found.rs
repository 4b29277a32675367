//! What the search finds, and where that is.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Door, send};
use crate::search::model::Kind;

/// Makes something below the organisation; gives its address.
async fn made(door: &Door, path: &str, body: Value) -> String {
    let answer = send(&door.app, &door.token, "POST", &format!("/api/v1/orgs/acme{path}"), &[], &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{path}: {}", answer.body);
    answer.header("location").trim_start_matches("/api/v1/orgs/acme").to_owned()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_find_of_any_kind_leads_to_what_was_found(pool: PgPool) {
    let door = Door::new(&pool).await;
    let (named, titled) = (json!({ "name": "Zephyr" }), json!({ "title": "Zephyr" }));
    let quarter = json!({ "title": "Zephyr", "quarter": "2026-Q4" });
    let rocket = "/products/rocket";
    let product = made(&door, "/products", named.clone()).await;
    made(&door, "/teams", named.clone()).await;
    made(&door, "/objectives", quarter.clone()).await;
    made(&door, "/webhooks", json!({ "name": "Zephyr", "url": "https://example.com/hook", "events": ["idea.created"] })).await;
    made(&door, &format!("{product}/epics"), titled.clone()).await;
    made(&door, &format!("{rocket}/feedback"), json!({ "title": "Zephyr", "userEmail": "a@b.test" })).await;
    made(&door, &format!("{rocket}/releases"), json!({ "name": "Zephyr", "version": "1.0.0" })).await;
    made(&door, &format!("{rocket}/kpis"), json!({ "name": "Zephyr", "targetValue": 40 })).await;
    made(&door, &format!("{rocket}/experiments"), json!({ "name": "Zephyr", "hypothesis": "h" })).await;
    let okr = made(&door, &format!("{rocket}/okrs"), quarter).await;
    made(&door, &format!("{okr}/key-results"), json!({ "title": "Zephyr", "targetValue": 60 })).await;
    let places = [
        format!("{rocket}/ideas"),
        format!("{rocket}/features"),
        format!("{rocket}/tasks"),
        format!("{rocket}/documents"),
        "/documents".into(),
    ];
    for place in &places {
        let thing = made(&door, place, titled.clone()).await;
        made(&door, &format!("{thing}/comments"), json!({ "body": "A zephyr." })).await;
    }
    sqlx::query(r#"UPDATE "User" SET name = 'Zephyr Novak'"#).execute(&door.db.owner).await.unwrap();

    let found = async |narrowed: &str| -> Vec<Value> {
        let path = format!("/api/v1/orgs/acme/search?q=zephyr&limit=100{narrowed}");
        let answer = send(&door.app, &door.token, "GET", &path, &[], "").await;
        answer.body["data"].as_array().cloned().unwrap_or_default()
    };
    // Of each kind without one no more than the first few are told, and comments are on each kind of thing.
    let (all, comments) = (found("").await, found("&kind=Comment").await);
    assert_eq!(comments.len(), places.len(), "{comments:?}");
    let mut kinds = BTreeSet::new();
    for find in all.iter().chain(&comments) {
        let path = find["path"].as_str().unwrap();
        let thing = send(&door.app, &door.token, "GET", path, &[], "").await;
        assert_eq!((thing.status, &thing.body["id"]), (StatusCode::OK, &find["id"]), "{find}");
        kinds.insert(find["kind"].as_str().unwrap().to_owned());
    }
    assert_eq!(kinds, BTreeSet::from(Kind::ALL.map(|kind| kind.word().to_owned())));
}

/// The kind that a find tells can be asked for, as it could by the word of before.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_kind_is_asked_for_by_the_word_that_finds_tell(pool: PgPool) {
    let door = Door::new(&pool).await;
    made(&door, "/products/rocket/okrs", json!({ "title": "Zephyr", "quarter": "2026-Q4" })).await;
    made(&door, "/products/rocket/kpis", json!({ "name": "Zephyr", "targetValue": 40 })).await;
    let find =
        async |kind: &str| send(&door.app, &door.token, "GET", &format!("/api/v1/orgs/acme/search?q=zephyr&kind={kind}"), &[], "").await;
    for (asked, told) in [("OKR", "OKR"), ("Okr", "OKR"), ("KPI", "KPI"), ("Kpi", "KPI")] {
        let found = find(asked).await;
        let kinds: Vec<&str> = found.body["data"].as_array().unwrap().iter().map(|find| find["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, [told], "{asked}");
    }
    let refused = find("okrs").await;
    assert_eq!((refused.status.as_u16(), refused.body["errors"][0]["parameter"].as_str()), (422, Some("kind")), "{}", refused.body);
    assert!(refused.body["detail"].as_str().unwrap().contains("OKR, KeyResult, KPI"), "{}", refused.body);
}
