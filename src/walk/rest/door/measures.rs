//! Objectives, KPIs, experiments, documents and webhooks, through one product and its organisation.

use http::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Answer, Door, send, token};
use crate::kernel::role::{Role, TokenScope};
use crate::server::id::new_id;

impl Door {
    /// Of the organisation and not of the product.
    async fn org(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        send(&self.app, &self.token, method, &format!("/api/v1/orgs/acme{path}"), headers, body).await
    }

    /// Does something that has to succeed; gives the answer's body.
    async fn does(&self, method: &str, path: &str, body: Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.send(method, path, &[], &body).await;
        assert!(answer.status.is_success(), "{method} {path}: {} {}", answer.status, answer.body);
        answer.body
    }
}

fn id(body: &Value) -> &str {
    body["id"].as_str().unwrap()
}

/// Where what is wrong stands.
fn pointers(answer: &Answer) -> Vec<&str> {
    answer.body["errors"].as_array().unwrap().iter().map(|wrong| wrong["pointer"].as_str().unwrap_or_default()).collect()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn values_of_a_kpi_may_be_sent_again(pool: PgPool) {
    let door = Door::new(&pool).await;
    let kpi = door.does("POST", "/kpis", json!({ "name": "Active teams", "targetValue": 300, "frequency": "WEEKLY" })).await;
    assert_eq!((kpi["status"].as_str(), kpi["value"].clone()), (Some("EMPTY"), Value::Null));
    let points = format!("/kpis/{}/points", id(&kpi));
    let first = door.does("POST", &points, json!({ "date": "2026-01-05", "value": 298 })).await;
    let again = door.does("POST", &points, json!({ "date": "2026-01-05", "value": 312 })).await;
    assert_eq!((id(&first), again["value"].as_f64()), (id(&again), Some(312.0)), "the day has one value");
    let many = json!({ "points": [{ "date": "2026-01-05", "value": 312 }, { "date": "2026-01-12", "value": 1 }, { "date": "2026-01-12", "value": 320 }] });
    assert_eq!(door.does("POST", &format!("{points}/bulk"), many.clone()).await, json!({ "added": 1, "changed": 0 }));
    assert_eq!(door.does("POST", &format!("{points}/bulk"), many).await, json!({ "added": 0, "changed": 0 }));
    let list = door.does("GET", &format!("{points}?limit=1"), Value::Null).await;
    assert_eq!((list["data"][0]["value"].as_f64(), list["data"].as_array().unwrap().len()), (Some(320.0), 1));
    let next = door.does("GET", &format!("{points}?limit=1&cursor={}", list["nextCursor"].as_str().unwrap()), Value::Null).await;
    assert_eq!((next["data"][0]["value"].as_f64(), next["nextCursor"].clone()), (Some(312.0), Value::Null));
    for (days, values) in [
        ("from=2026-01-06", vec![320.0]),
        ("to=2026-01-11", vec![312.0]),
        ("from=2026-01-05&to=2026-01-12", vec![320.0, 312.0]),
        ("from=2026-01-06&to=2026-01-11", vec![]),
    ] {
        let some = door.does("GET", &format!("{points}?{days}"), Value::Null).await;
        let found: Vec<f64> = some["data"].as_array().unwrap().iter().map(|point| point["value"].as_f64().unwrap()).collect();
        assert_eq!(found, values, "{days}");
    }
    for (days, parameter) in [("from=soon", "from"), ("from=2026-01-06&to=2026-01-05", "to"), ("to=1969-12-31", "to")] {
        let refused = door.send("GET", &format!("{points}?{days}"), &[], "").await;
        assert_eq!((refused.status.as_u16(), refused.body["errors"][0]["parameter"].as_str()), (422, Some(parameter)), "{days}");
    }
    let periods = door.does("GET", &format!("/kpis/{}/periods?by=MONTHLY&range=all", id(&kpi)), Value::Null).await;
    assert_eq!(periods["data"][0], json!({ "start": "2026-01-01", "value": 320.0 }), "the last of the month counts");
    // All or none, and what is wrong by its place.
    let wrong = r#"{"points":[{"date":"2026-01-19","value":1},{"date":"2999-01-01","value":2},{"date":"2026-01-26","value":1e16}]}"#;
    let refused = door.send("POST", &format!("{points}/bulk"), &[], wrong).await;
    assert_eq!((refused.status, pointers(&refused)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["#/points/1/date", "#/points/2/value"]));
    let shapeless = door.send("POST", &format!("{points}/bulk"), &[], r#"{"points":[{"date":"2026-01-19","value":"1"}]}"#).await;
    assert_eq!((shapeless.status, pointers(&shapeless)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["#/points/0/value"]));
    let kept: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "KPIDataPoint""#).fetch_one(&pool).await.unwrap();
    assert_eq!(kept, 2);
    let one = format!("/kpis/{}", id(&kpi));
    let now = door.send("GET", &one, &[], "").await;
    assert_eq!((now.body["currentValue"].as_f64(), now.body["change"].as_f64()), (Some(320.0), Some(8.0)), "{}", now.body);
    // A value is none of what a PATCH changes.
    let headers = [("if-match", now.header("etag"))];
    assert_eq!(door.send("PATCH", &one, &headers, r#"{"direction":"LOWER"}"#).await.body["status"], "OVERDUE");
    assert_eq!(door.send("PATCH", &one, &headers, r#"{"unit":"%"}"#).await.status, StatusCode::PRECONDITION_FAILED);
    for mark in ["x", "\"x", "", "W/x", "*, \"x\""] {
        let answer = door.send("PATCH", &one, &[("if-match", mark)], "{}").await;
        assert_eq!(
            (answer.status, answer.body["errors"][0]["header"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("If-Match")),
            "{mark}"
        );
    }
    assert_eq!(door.send("DELETE", &one, &[], "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(door.send("POST", &points, &[], r#"{"date":"2026-01-05","value":1}"#).await.status, StatusCode::GONE);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_quarter_is_measured_and_closed(pool: PgPool) {
    let door = Door::new(&pool).await;
    let objective = door.org("POST", "/objectives", &[], r#"{"title":"All plan here","quarter":"2026-Q4"}"#).await;
    assert_eq!(objective.status, StatusCode::CREATED, "{}", objective.body);
    let okr = door.does("POST", "/okrs", json!({ "title": "Teams plan", "quarter": "2026-Q4", "servesId": id(&objective.body) })).await;
    assert_eq!((okr["objectiveId"].as_str(), okr["parentId"].clone()), (Some(id(&objective.body)), Value::Null));
    let one = format!("/okrs/{}", id(&okr));
    let result = door.does("POST", &format!("{one}/key-results"), json!({ "title": "Teams", "startValue": 20, "targetValue": 60 })).await;
    assert_eq!(result["progress"].as_f64(), Some(0.0));
    let measured = format!("{one}/key-results/{}", id(&result));
    let stands = door.does("POST", &format!("{measured}/check-ins"), json!({ "value": 30, "confidence": 6, "note": "n" })).await;
    assert_eq!(
        (stands["progress"].as_f64(), stands["currentValue"].as_f64(), stands["confidence"].as_i64()),
        (Some(25.0), Some(30.0), Some(6))
    );
    assert_eq!(door.does("GET", &format!("{measured}/check-ins"), Value::Null).await["data"][0]["note"], "n");
    for (body, at) in
        [(r#"{"targetValue":10}"#, "#/targetValue"), (r#"{"direction":"MAINTAIN"}"#, "#/lowerBound"), (r#"{"title":""}"#, "#/title")]
    {
        let refused = door.send("PATCH", &measured, &[], body).await;
        assert_eq!((refused.status, pointers(&refused)[0]), (StatusCode::UNPROCESSABLE_ENTITY, at), "{}", refused.body);
    }
    assert_eq!(door.send("GET", &one, &[], "").await.body["progress"].as_f64(), Some(25.0));
    door.does("POST", &format!("{one}/status"), json!({ "status": "ACTIVE" })).await;
    let open = door.does("GET", "/quarters/2026-Q4/open-okrs", Value::Null).await;
    assert_eq!((open["data"][0]["proposed"].as_str(), open["data"][0]["unfinished"].as_i64()), (Some("COMPLETE_CARRY"), Some(1)));
    assert_eq!(open["data"][0]["results"].as_i64(), Some(1), "as in every other answer");
    let left = json!({ "outcomes": [{ "okrId": id(&okr), "outcome": "LEAVE" }] });
    let left = door.does("POST", "/quarters/2026-Q4/close", left).await;
    assert_eq!((&left["okrs"], left["okrs"][0]["id"].as_str()), (&open["data"], Some(id(&okr))), "what is active afterwards");
    let twice = json!({ "outcomes": [{ "okrId": id(&okr), "outcome": "COMPLETE" }, { "okrId": id(&okr), "outcome": "CANCEL" }] });
    let refused = door.send("POST", "/quarters/2026-Q4/close", &[], &twice.to_string()).await;
    assert_eq!((refused.status, pointers(&refused)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["#/outcomes/1/okrId"]));
    let closing = json!({ "outcomes": [{ "okrId": id(&okr), "outcome": "COMPLETE_CARRY" }], "begin": "ACTIVE" });
    assert_eq!(door.does("POST", "/quarters/2026-Q4/close", closing.clone()).await["okrs"], json!([]));
    assert_eq!(door.send("POST", "/quarters/2026-Q4/close", &[], &closing.to_string()).await.status, StatusCode::CONFLICT);
    let next = door.does("GET", "/okrs?quarter=2027-Q1", Value::Null).await;
    assert_eq!((next["data"][0]["carriedFromId"].as_str(), next["data"][0]["status"].as_str()), (Some(id(&okr)), Some("ACTIVE")));
    assert_eq!(door.send("GET", "/quarters/2026-Q5/open-okrs", &[], "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(door.send("GET", "/okrs?quarter=soon", &[], "").await.body["errors"][0]["parameter"], "quarter");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_experiment_runs_from_draft_to_decision(pool: PgPool) {
    let door = Door::new(&pool).await;
    let dated = door.send("POST", "/experiments", &[], r#"{"name":"E","hypothesis":"h","startDate":"2026-01-01"}"#).await;
    assert_eq!((dated.status, pointers(&dated)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["#/startDate"]));
    let made = door.does("POST", "/experiments", json!({ "name": "Short form", "hypothesis": "Fewer fields, more people." })).await;
    let one = format!("/experiments/{}", id(&made));
    let variants = door.send("GET", &format!("{one}/variants"), &[], "").await;
    let control = id(&variants.body["variants"][0]).to_owned();
    let three = json!({ "variants": [
        { "id": control, "name": "Control", "weight": 0.5, "control": true }, { "name": "Short", "weight": 0.25 }, { "name": "Shorter", "weight": 0.25 },
    ] });
    let changed = door.send("PATCH", &format!("{one}/variants"), &[("if-match", variants.header("etag"))], &three.to_string()).await;
    let names: Vec<_> = changed.body["variants"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!((changed.status, names), (StatusCode::OK, vec!["Control", "Short", "Shorter"]));
    let late = door.send("PATCH", &format!("{one}/variants"), &[("if-match", variants.header("etag"))], &three.to_string()).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(door.send("POST", &format!("{one}/status"), &[], r#"{"status":"RUNNING"}"#).await.status, StatusCode::CONFLICT, "no metric");
    door.does("POST", &format!("{one}/metrics"), json!({ "name": "Signed up" })).await;
    let running = door.does("POST", &format!("{one}/status"), json!({ "status": "RUNNING" })).await;
    let day = &running["startDate"].as_str().unwrap()[..10];
    // How it is read stays, and this is told and not passed over.
    let read = door.send("PATCH", &one, &[], r#"{"alpha":0.1}"#).await;
    assert_eq!((read.status, read.body["code"].as_str()), (StatusCode::CONFLICT, Some("CONFLICT")), "{}", read.body);
    assert_eq!(door.send("PATCH", &one, &[], r#"{"description":"D"}"#).await.status, StatusCode::OK);
    let row = |variant: &str, n: i64, sum: f64| json!({ "day": day, "variant": variant, "metric": "signed up", "n": n, "sum": sum });
    let results = json!({ "results": [row("Control", 4000, 400.0), row("Short", 2000, 300.0), row("Shorter", 2000, 210.0)] });
    let recorded = |added: i64, same: i64| json!({ "added": added, "changed": 0, "same": same });
    assert_eq!(door.does("POST", &format!("{one}/results/bulk"), results.clone()).await, recorded(3, 0));
    assert_eq!(door.does("POST", &format!("{one}/results/bulk"), results).await, recorded(0, 3), "the same twice is as good as once");
    let wrong = json!({ "results": [row("Control", 1, 0.0), row("Nobody", 1, 0.0), row("Short", 1, 2.0)] });
    let refused = door.send("POST", &format!("{one}/results/bulk"), &[], &wrong.to_string()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(pointers(&refused).contains(&"#/results/1/variant"), "{}", refused.body);
    let single = door.send("POST", &format!("{one}/results"), &[], &row("Short", 0, 0.0).to_string()).await;
    assert_eq!((single.status, pointers(&single)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["#/n"]));
    let list = door.does("GET", &format!("{one}/results?limit=2"), Value::Null).await;
    assert_eq!((list["data"].as_array().unwrap().len(), list["nextCursor"].is_string()), (2, true));
    let analysis = door.does("GET", &format!("{one}/analysis"), Value::Null).await;
    assert_eq!((analysis["advice"].as_str(), analysis["units"].as_i64()), (Some("SHIP"), Some(8000)), "{analysis}");
    let short = &analysis["metrics"][0]["comparisons"][0];
    assert_eq!((short["name"].as_str(), short["standing"].as_str()), (Some("Short"), Some("BETTER")));
    assert!((short["relative"]["estimate"].as_f64().unwrap() - 0.5).abs() < 0.01, "{short}");
    let shipped = json!({ "decision": "SHIP", "variantId": analysis["variantId"], "note": "Better." });
    let control = json!({ "decision": "SHIP", "variantId": control });
    let refused = door.send("POST", &format!("{one}/decision"), &[], &control.to_string()).await;
    assert_eq!((refused.status, pointers(&refused)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["#/variantId"]));
    let decided = door.does("POST", &format!("{one}/decision"), shipped).await;
    assert_eq!((decided["status"].as_str(), decided["results"]["variant"].as_str()), (Some("COMPLETED"), Some("Short")));
    assert_eq!(door.send("POST", &format!("{one}/results"), &[], &row("Short", 1, 0.0).to_string()).await.status, StatusCode::CONFLICT);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_document_is_written_reviewed_and_brought_back(pool: PgPool) {
    let door = Door::new(&pool).await;
    let made =
        door.send("POST", "/documents", &[], r#"{"type":"PRD","title":"Offline","content":"People plan on trains.","note":"Begun"}"#).await;
    let one = format!("/documents/{}", id(&made.body));
    // What the token's owner types in the editor meanwhile is none of the program's business.
    sqlx::query(
        r#"INSERT INTO "DocumentDraft" (id, "userId", "documentId", title, content, "organizationId")
           SELECT $1, "authorId", id, 'Typed', 'Typed', "organizationId" FROM "Document" WHERE id = $2"#,
    )
    .bind(new_id())
    .bind(id(&made.body))
    .execute(&pool)
    .await
    .unwrap();
    let changed = door
        .send("PATCH", &one, &[("if-match", made.header("etag"))], r#"{"content":"People plan on long trains.","note":"Longer"}"#)
        .await;
    assert_eq!((changed.status, changed.body["version"].as_i64(), changed.body["type"].as_str()), (StatusCode::OK, Some(2), Some("PRD")));
    let late = door.send("PATCH", &one, &[("if-match", made.header("etag"))], r#"{"title":"Late"}"#).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    let drafts: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "DocumentDraft""#).fetch_one(&pool).await.unwrap();
    assert_eq!(drafts, 1, "the draft is still there");
    let versions = door.does("GET", &format!("{one}/versions"), Value::Null).await;
    assert_eq!((versions["data"][0]["number"].as_i64(), versions["data"][0]["note"].as_str()), (Some(2), Some("Longer")));
    assert_eq!(door.does("GET", &format!("{one}/versions/1"), Value::Null).await["content"], "People plan on trains.");
    assert_eq!(door.send("GET", &format!("{one}/versions/9"), &[], "").await.status, StatusCode::NOT_FOUND);
    let comment = door.does("POST", &format!("{one}/comments"), json!({ "body": "How long?", "passage": "on long trains" })).await;
    assert_eq!((comment["passage"].as_str(), comment["passageNow"].as_str()), (Some("on long trains"), Some("on long trains")));
    let nowhere = door.send("POST", &format!("{one}/comments"), &[], r#"{"body":"C","passage":"in ships"}"#).await;
    assert_eq!((nowhere.status, pointers(&nowhere)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["#/passage"]));
    door.does("POST", &format!("{one}/versions/1/restore"), Value::Null).await;
    let said = format!("{one}/comments/{}", id(&comment));
    assert_eq!(door.does("GET", &said, Value::Null).await["body"], "How long?");
    door.does("PUT", &format!("{said}/resolved"), Value::Null).await;
    let list = door.does("GET", &format!("{one}/comments"), Value::Null).await;
    assert!(list["data"][0]["resolvedAt"].is_string(), "{list}");
    door.does("POST", &format!("{one}/review"), json!({})).await;
    door.does("POST", &format!("{one}/changes"), json!({ "reason": "Say how long." })).await;
    door.does("POST", &format!("{one}/review"), json!({})).await;
    let approved = json!({ "status": "APPROVED", "version": 3 }).to_string();
    assert_eq!(door.send("POST", &format!("{one}/status"), &[], &approved).await.status, StatusCode::CONFLICT, "of their own text");
    let colleague = door.db.member("acme", Role::ProductManager).await;
    let colleague = token(&door.db, "acme", &colleague, TokenScope::Write, &[]).await;
    let moves = format!("/api/v1/orgs/acme/products/rocket{one}/status");
    let late = approved.replace('3', "2");
    assert_eq!(send(&door.app, &colleague, "POST", &moves, &[], &late).await.status, StatusCode::CONFLICT, "of what was read");
    assert_eq!(send(&door.app, &colleague, "POST", &moves, &[], &approved).await.status, StatusCode::OK);
    let published = door.does("POST", &format!("{one}/status"), json!({ "status": "PUBLISHED" })).await;
    assert_eq!((published["approvedVersion"].as_i64(), published["publishedVersion"].as_i64()), (Some(3), Some(3)));
    assert_eq!(door.send("POST", &format!("{one}/review"), &[], "{}").await.status, StatusCode::CONFLICT);
    let steps = door.does("GET", &format!("{one}/reviews"), Value::Null).await;
    assert_eq!((steps["data"].as_array().unwrap().len(), steps["data"][3]["reason"].as_str()), (5, Some("Say how long.")), "{steps}");
    assert_eq!(steps["data"][0]["unreviewed"], false, "{steps}");
    let edited = door.does("PATCH", &one, json!({ "content": "People plan on planes." })).await;
    assert_eq!(
        (edited["status"].as_str(), edited["version"].as_i64(), edited["publishedVersion"].as_i64()),
        (Some("PUBLISHED"), Some(4), Some(3))
    );
    assert!(door.does("GET", "/documents", Value::Null).await["data"][0].get("content").is_none(), "a list is of names");
    assert_eq!(door.send("DELETE", &one, &[], "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(door.send("GET", &format!("{one}/comments"), &[], "").await.status, StatusCode::GONE);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_webhook_tells_its_secret_once(pool: PgPool) {
    let door = Door::new(&pool).await;
    let body = r#"{"name":"Build server","url":"https://example.com/hook","events":["release.*","idea.created"]}"#;
    let made = door.org("POST", "/webhooks", &[("idempotency-key", "once")], body).await;
    let secret = made.body["secret"].as_str().unwrap().to_owned();
    assert!(made.status == StatusCode::CREATED && secret.starts_with("whsec_"), "{}", made.body);
    let again = door.org("POST", "/webhooks", &[("idempotency-key", "once")], body).await;
    assert_eq!((again.body["secret"].as_str(), again.header("idempotency-replayed")), (Some(secret.as_str()), "true"));
    let kept: String = sqlx::query_scalar(r#"SELECT body FROM "IdempotencyKey""#).fetch_one(&pool).await.unwrap();
    assert!(!kept.contains("whsec"), "what is answered again is kept sealed");
    let one = format!("/webhooks/{}", id(&made.body));
    let read = door.org("GET", &one, &[], "").await;
    assert_eq!((read.body.get("secret"), read.body["hasSecret"].as_bool()), (None, Some(true)));
    let version = |answer: &Answer| answer.header("etag").split('.').next().unwrap_or_default().to_owned();
    assert_eq!((version(&read), version(&read).is_empty()), (version(&made), false));
    for (body, at) in [
        (r#"{"url":"https://10.0.0.1/"}"#, "#/url"),
        (r#"{"url":"nonsense"}"#, "#/url"),
        (r#"{"events":[]}"#, "#/events"),
        (r#"{"events":["not an event"]}"#, "#/events/0"),
        (r#"{"events":["idea.*","foo.*"]}"#, "#/events/1"),
        (r#"{"events":["idea.moved"]}"#, "#/events/0"),
        (r#"{"secret":"whsec_mine"}"#, "#/secret"),
    ] {
        let refused = door.org("PATCH", &one, &[], body).await;
        assert_eq!((refused.status, pointers(&refused)), (StatusCode::UNPROCESSABLE_ENTITY, vec![at]), "{body}");
    }
    // What a client of the database listens for may stay.
    sqlx::query(r#"UPDATE "Webhook" SET events = '{import.noted,idea.created}'"#).execute(&pool).await.unwrap();
    let renamed = door.org("PATCH", &one, &[], r#"{"name":"Chat"}"#).await;
    assert_eq!((renamed.status, &renamed.body["events"]), (StatusCode::OK, &json!(["idea.created", "import.noted"])), "{}", renamed.body);
    let rotated = door.org("POST", &format!("{one}/rotate-secret"), &[], "").await;
    assert_ne!(rotated.body["secret"].as_str().unwrap(), secret);
    assert!(rotated.body["rotatedAt"].is_string());
    door.does("POST", "/ideas", json!({ "title": "Heard of elsewhere" })).await;
    let test = door.org("POST", &format!("{one}/test"), &[], "").await;
    assert_eq!((test.body["event"].as_str(), test.body["status"].as_str()), (Some("webhook.test"), Some("PENDING")));
    let log = door.org("GET", &format!("{one}/deliveries?event=idea.created"), &[], "").await;
    let delivery = door.org("GET", &format!("{one}/deliveries/{}", id(&log.body["data"][0])), &[], "").await;
    assert_eq!(delivery.body["payload"]["type"], "idea.created", "{}", delivery.body);
    sqlx::query(r#"UPDATE "WebhookDelivery" SET status = 'FAILED', attempts = 8"#).execute(&pool).await.unwrap();
    assert_eq!(
        door.org("POST", &format!("{one}/redeliver-failed"), &[], "").await.body,
        json!({ "queued": 1 }),
        "tests are sent one by one"
    );
    let redelivered = door.org("POST", &format!("{one}/deliveries/{}/redeliver", id(&test.body)), &[], "").await;
    assert_eq!((redelivered.body["status"].as_str(), redelivered.body["attempts"].as_i64()), (Some("PENDING"), Some(0)));
    assert_eq!(door.org("DELETE", &format!("{one}/active"), &[], "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(door.org("GET", "/webhooks", &[], "").await.body["data"][0]["active"], false);
    assert_eq!(door.org("GET", &format!("{one}/health"), &[], "").await.body["data"].as_array().unwrap().len(), 14);
}

/// What belongs to no product is not reached by a token for some.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_token_for_a_product_does_not_reach_what_is_the_organisations(pool: PgPool) {
    let door = Door::new(&pool).await;
    let ada = door.db.member("acme", crate::kernel::role::Role::Admin).await;
    let narrow = token(&door.db, "acme", &ada, TokenScope::Admin, &["rocket"]).await;
    let objective = door.org("POST", "/objectives", &[], r#"{"title":"T","quarter":"2026-Q4"}"#).await;
    let document = door.org("POST", "/documents", &[], r#"{"title":"T"}"#).await;
    for (method, path, body) in [
        ("GET", "/objectives".to_owned(), ""),
        ("POST", "/objectives".to_owned(), r#"{"title":"T","quarter":"2026-Q4"}"#),
        ("GET", format!("/objectives/{}", id(&objective.body)), ""),
        ("DELETE", format!("/objectives/{}", id(&objective.body)), ""),
        ("GET", "/documents".to_owned(), ""),
        ("POST", "/documents".to_owned(), r#"{"title":"T"}"#),
        ("PATCH", format!("/documents/{}", id(&document.body)), r#"{"title":"U"}"#),
        ("GET", format!("/documents/{}/comments", id(&document.body)), ""),
        ("GET", "/webhooks".to_owned(), ""),
    ] {
        let answer = send(&door.app, &narrow, method, &format!("/api/v1/orgs/acme{path}"), &[], body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}: {}", answer.body);
    }
    let own = send(&door.app, &narrow, "POST", "/api/v1/orgs/acme/products/rocket/documents", &[], r#"{"title":"T"}"#).await;
    assert_eq!(own.status, StatusCode::CREATED, "{}", own.body);
}
