//! What a body names by an id, and fields that belong to another choice.

use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Answer, Door, send};

fn id(answer: &Answer) -> String {
    answer.body["id"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

impl Door {
    /// Sends a body that has to be refused, and gives where what is wrong stands.
    async fn refuses(&self, method: &str, path: &str, body: Value) -> Vec<String> {
        let address = match path.strip_prefix("/objectives") {
            Some(rest) => format!("/api/v1/orgs/acme/objectives{rest}"),
            None => format!("/api/v1/orgs/acme/products/rocket{path}"),
        };
        let answer = send(&self.app, &self.token, method, &address, &[], &body.to_string()).await;
        assert_eq!(answer.status.as_u16(), 422, "{method} {path} {body}: {}", answer.body);
        let wrong = answer.body["errors"].as_array().unwrap();
        wrong.iter().map(|wrong| wrong["pointer"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// What is nothing, and what is another organisation's, is told of in the same way: it is the field that is wrong.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_id_that_is_wrong_is_told_by_its_field(pool: PgPool) {
    let door = Door::new(&pool).await;
    let stranger = door.db.org("other").await;
    let release = id(&door.send("POST", "/releases", &[], r#"{"version":"1.0.0"}"#).await);
    let checklist = format!("/releases/{release}/checklist");
    let experiment = json!({ "name": "E", "hypothesis": "h" });
    let okr = json!({ "title": "T", "quarter": "2026-Q4" });
    for (all, body, fields) in [
        ("/features", json!({ "title": "T" }), &["epicId", "assigneeId"][..]),
        ("/tasks", json!({ "title": "T" }), &["featureId", "assigneeId"]),
        ("/okrs", okr.clone(), &["ownerId", "servesId"]),
        ("/objectives", okr, &["ownerId"]),
        ("/experiments", experiment, &["ownerId"]),
        (checklist.as_str(), json!({ "title": "T" }), &["assigneeId"]),
    ] {
        let address = if all == "/objectives" { "/api/v1/orgs/acme".to_owned() } else { "/api/v1/orgs/acme/products/rocket".to_owned() };
        let made = send(&door.app, &door.token, "POST", &format!("{address}{all}"), &[], &body.to_string()).await;
        let one = format!("{all}/{}", id(&made));
        for field in fields {
            for wrong in ["nothing", stranger.id.as_str()] {
                let mut named = body.clone();
                named[*field] = json!(wrong);
                assert_eq!(door.refuses("POST", all, named).await, [format!("#/{field}")], "{all}");
                assert_eq!(door.refuses("PATCH", &one, json!({ (*field): wrong })).await, [format!("#/{field}")], "{one}");
            }
        }
    }
    let both = json!({ "title": "T", "featureId": "nothing", "assigneeId": "nobody" });
    assert_eq!(door.refuses("POST", "/tasks", both).await, ["#/featureId", "#/assigneeId"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_release_has_its_day_once_it_is_out(pool: PgPool) {
    let door = Door::new(&pool).await;
    let early = json!({ "version": "1.0.0", "releaseDate": "2026-11-02" });
    assert_eq!(door.refuses("POST", "/releases", early).await, ["#/releaseDate"]);
    let one = format!("/releases/{}", id(&door.send("POST", "/releases", &[], r#"{"version":"1.0.0"}"#).await));
    assert_eq!(door.refuses("PATCH", &one, json!({ "releaseDate": "2026-11-02" })).await, ["#/releaseDate"]);
    for body in [json!({ "releaseDate": null }), json!({ "name": "Autumn" })] {
        assert_eq!(door.send("PATCH", &one, &[], &body.to_string()).await.status.as_u16(), 200, "{body}");
    }
    // Another client may have left a day there, which is read and may be sent back.
    sqlx::query(r#"UPDATE "Release" SET "releaseDate" = '2026-11-02 12:00Z'"#).execute(&pool).await.unwrap();
    let read = door.send("GET", &one, &[], "").await.body["releaseDate"].clone();
    let again = json!({ "name": "Winter", "releaseDate": read }).to_string();
    assert_eq!(door.send("PATCH", &one, &[], &again).await.status.as_u16(), 200, "{again}");
    assert_eq!(door.refuses("PATCH", &one, json!({ "releaseDate": "2026-11-03" })).await, ["#/releaseDate"]);
    sqlx::query(r#"UPDATE "Release" SET status = 'RELEASED'"#).execute(&pool).await.unwrap();
    let moved = door.send("PATCH", &one, &[], r#"{"releaseDate":"2026-11-03"}"#).await;
    assert!(moved.body["releaseDate"].as_str().is_some_and(|day| day.starts_with("2026-11-03")), "{}", moved.body);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn only_what_is_maintained_has_bounds(pool: PgPool) {
    let door = Door::new(&pool).await;
    let okr = id(&door.send("POST", "/okrs", &[], r#"{"title":"T","quarter":"2026-Q4"}"#).await);
    let all = format!("/okrs/{okr}/key-results");
    let up = json!({ "title": "Up", "targetValue": 60, "lowerBound": 3, "upperBound": 9 });
    assert_eq!(door.refuses("POST", &all, up).await, ["#/lowerBound", "#/upperBound"]);
    let band = json!({ "title": "Band", "direction": "MAINTAIN", "lowerBound": 3, "upperBound": 9 }).to_string();
    let one = format!("{all}/{}", id(&door.send("POST", &all, &[], &band).await));
    let up = json!({ "direction": "INCREASE", "targetValue": 60, "upperBound": 10 });
    assert_eq!(door.refuses("PATCH", &one, up).await, ["#/upperBound"]);
    // What is stored need not be taken away first, and may be sent again.
    let up = json!({ "direction": "INCREASE", "targetValue": 60, "upperBound": 9 }).to_string();
    let changed = door.send("PATCH", &one, &[], &up).await;
    assert_eq!((changed.status.as_u16(), &changed.body["lowerBound"]), (200, &Value::Null), "{}", changed.body);
    let again = json!({ "title": "Up", "lowerBound": null, "upperBound": null }).to_string();
    assert_eq!(door.send("PATCH", &one, &[], &again).await.status.as_u16(), 200);
    assert_eq!(door.refuses("PATCH", &one, json!({ "lowerBound": 3 })).await, ["#/lowerBound"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_change_of_many_has_the_fields_of_its_action_alone(pool: PgPool) {
    let door = Door::new(&pool).await;
    let idea = id(&door.send("POST", "/ideas", &[], r#"{"title":"T"}"#).await);
    let many = vec![idea.as_str(); 1_001];
    for (body, at) in [
        (json!({ "ids": [], "action": "delete" }), vec!["#/ids"]),
        (json!({ "ids": many, "action": "delete" }), vec!["#/ids"]),
        (
            json!({ "ids": [idea], "action": "delete", "status": "APPROVED", "tag": "t", "priority": 1 }),
            vec!["#/status", "#/tag", "#/priority"],
        ),
        (json!({ "ids": [idea], "action": "add_tag", "tag": "t", "priority": 1 }), vec!["#/priority"]),
        (json!({ "ids": [idea], "action": "priority", "tag": "t", "priority": 1 }), vec!["#/tag"]),
        (json!({ "ids": [idea], "action": "status" }), vec!["#/status"]),
        (json!({ "ids": [idea], "action": "remove_tag" }), vec!["#/tag"]),
    ] {
        assert_eq!(door.refuses("POST", "/ideas/bulk", body).await, at);
    }
    let fine = json!({ "ids": [idea], "action": "add_tag", "tag": "t", "status": null }).to_string();
    assert_eq!(door.send("POST", "/ideas/bulk", &[], &fine).await.status.as_u16(), 200);
}
