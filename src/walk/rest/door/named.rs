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

/// What something is done with is named in the body as well.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_id_of_what_something_is_done_with_is_told_by_its_field(pool: PgPool) {
    let door = Door::new(&pool).await;
    let made = async |path: &str, body: Value| id(&door.send("POST", path, &[], &body.to_string()).await);
    let idea = made("/ideas", json!({ "title": "T" })).await;
    let dead = made("/ideas", json!({ "title": "T" })).await;
    door.send("DELETE", &format!("/ideas/{dead}"), &[], "").await;
    for into in ["nothing", dead.as_str(), idea.as_str()] {
        assert_eq!(door.refuses("POST", &format!("/ideas/{idea}/merge"), json!({ "intoId": into })).await, ["#/intoId"], "{into}");
    }
    for ids in [json!(["nothing"]), json!([dead])] {
        assert_eq!(door.refuses("POST", "/ideas/bulk", json!({ "ids": ids, "action": "delete" })).await, ["#/ids"], "{ids}");
    }
    let experiment = format!("/experiments/{}", made("/experiments", json!({ "name": "E", "hypothesis": "h" })).await);
    let variants = json!({ "variants": [
        { "id": "nothing", "name": "Control", "weight": 0.5, "control": true }, { "name": "Other", "weight": 0.5 },
    ] });
    assert_eq!(door.refuses("PATCH", &format!("{experiment}/variants"), variants).await, ["#/variants/0/id"]);
    made(&format!("{experiment}/metrics"), json!({ "name": "Signed up" })).await;
    made(&format!("{experiment}/status"), json!({ "status": "RUNNING" })).await;
    let shipped = json!({ "decision": "SHIP", "variantId": "nothing" });
    assert_eq!(door.refuses("POST", &format!("{experiment}/decision"), shipped).await, ["#/variantId"]);
    let release = made("/releases", json!({ "version": "1.0.0" })).await;
    let template = json!({ "templateId": "nothing" });
    assert_eq!(door.refuses("POST", &format!("/releases/{release}/checklist/apply"), template).await, ["#/templateId"]);
    let okr = made("/okrs", json!({ "title": "T", "quarter": "2026-Q4" })).await;
    let closing = json!({ "outcomes": [{ "okrId": okr, "outcome": "COMPLETE" }, { "okrId": "nothing", "outcome": "CANCEL" }] });
    assert_eq!(door.refuses("POST", "/quarters/2026-Q4/close", closing).await, ["#/outcomes/1/okrId"]);
    assert_eq!(door.refuses("POST", "/criteria", json!({ "criterion": "None such", "met": true })).await, ["#/criterion"]);
    let members = send(&door.app, &door.token, "GET", "/api/v1/orgs/acme/members", &[], "").await.body;
    let member = format!("/api/v1/orgs/acme/members/{}", members["data"][0]["id"].as_str().unwrap());
    for (method, path, body) in [
        ("PATCH", member.as_str(), json!({ "teamId": "nothing" })),
        ("POST", "/api/v1/orgs/acme/invitations", json!({ "email": "bob@b.test", "role": "DESIGNER", "teamId": "nothing" })),
    ] {
        let refused = send(&door.app, &door.token, method, path, &[], &body.to_string()).await;
        let told = (refused.status.as_u16(), refused.body["errors"][0]["pointer"].as_str());
        assert_eq!(told, (422, Some("#/teamId")), "{method} {path}: {}", refused.body);
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_would_be_passed_over_is_refused(pool: PgPool) {
    let door = Door::new(&pool).await;
    let early = json!({ "stage": "DISCOVERY", "reason": "R", "endOfLife": "2027-03-31", "sunsetPlan": "P" });
    assert_eq!(door.refuses("POST", "/lifecycle", early).await, ["#/endOfLife", "#/sunsetPlan"]);
    let document = id(&door.send("POST", "/documents", &[], r#"{"title":"T","content":"On trains."}"#).await);
    let comment = json!({ "body": "C", "before": "On" });
    assert_eq!(door.refuses("POST", &format!("/documents/{document}/comments"), comment).await, ["#/before"]);
    let idea = id(&door.send("POST", "/ideas", &[], r#"{"title":"T"}"#).await);
    let titles = json!({ "titles": ["One", " ", "x".repeat(201)] });
    assert_eq!(door.refuses("POST", &format!("/ideas/{idea}/convert"), titles).await, ["#/titles/1", "#/titles/2"]);
    for (path, parameter) in [
        ("products/rocket/ideas?deleted=true&tag=a", "tag"),
        ("products/rocket/tasks?deleted=true&overdue=true", "overdue"),
        ("products/rocket/documents?own=true", "own"),
        ("objectives?deleted=true&quarter=2026-Q4", "quarter"),
        ("search?q=t&page=1", "page"),
        ("search?q=t+type:idea&kind=Task", "kind"),
        ("search?q=t+product:rocket&product=rocket", "product"),
        ("search?q=t&product=nothing", "product"),
    ] {
        let refused = send(&door.app, &door.token, "GET", &format!("/api/v1/orgs/acme/{path}"), &[], "").await;
        let told = (refused.status.as_u16(), refused.body["errors"][0]["parameter"].as_str());
        assert_eq!(told, (422, Some(parameter)), "{path}: {}", refused.body);
    }
}

/// Nothing has the very words: what is like them is told, and told as that.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn finds_that_are_only_like_the_words_say_so(pool: PgPool) {
    let door = Door::new(&pool).await;
    door.send("POST", "/ideas", &[], r#"{"title":"Mobile application"}"#).await;
    let find = async |q: &str| {
        let path = format!("/api/v1/orgs/acme/search?q={q}");
        let hit = send(&door.app, &door.token, "GET", &path, &[], "").await.body["data"][0].clone();
        (hit["title"].as_str().unwrap_or_default().to_owned(), hit["near"].clone())
    };
    for (q, near) in [("mobile", false), ("%22mobile+application%22", false), ("mobille", true), ("%22mobille+application%22", true)] {
        assert_eq!(find(q).await, ("Mobile application".to_owned(), json!(near)), "{q}");
    }
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
    let mut band = json!({ "title": "Band", "direction": "MAINTAIN", "lowerBound": 3, "upperBound": 9, "targetValue": 5 });
    assert_eq!(door.refuses("POST", &all, band.clone()).await, ["#/targetValue"]);
    band["targetValue"] = Value::Null;
    let one = format!("{all}/{}", id(&door.send("POST", &all, &[], &band.to_string()).await));
    assert_eq!(door.refuses("PATCH", &one, json!({ "targetValue": 7.25 })).await, ["#/targetValue"]);
    let target = door.send("GET", &one, &[], "").await.body["targetValue"].clone();
    let same = door.send("PATCH", &one, &[], &json!({ "targetValue": target }).to_string()).await;
    assert_eq!(same.status.as_u16(), 200, "what was answered may be sent again: {}", same.body);
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
