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
