//! Tables that programs send and fetch, and what short names stand for.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Door, send, token};
use crate::kernel::role::{Role, TokenScope};
use crate::server::rest::PUBLISHED;

impl Door {
    async fn import(&self, headers: &[(&str, &str)], body: Value) -> (u16, Value) {
        let answer = self.send("POST", "/imports", headers, &body.to_string()).await;
        (answer.status.as_u16(), answer.body)
    }

    async fn exported(&self, kind: &str) -> String {
        let answer = self.send("GET", &format!("/export/{kind}.csv"), &[], "").await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"), "{}", answer.text);
        assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"rocket-{kind}.csv\""));
        answer.text
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_table_comes_in_whole_or_not_at_all(pool: PgPool) {
    let door = Door::new(&pool).await;
    let csv = "Name;Effort;State\nOne;8;Approved\n\"Two; and more\";3;\n";
    let body = |more: Value| {
        let mut body = json!({ "kind": "IDEAS", "csv": csv, "mapping": { "title": "Name", "status": "State" } });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let (status, dry) = door.import(&[], body(json!({ "dryRun": true }))).await;
    assert_eq!((status, &dry["id"], dry["report"]["good"].as_i64()), (200, &Value::Null, Some(2)), "{dry}");
    assert_eq!(dry["mapping"], json!({ "title": "Name", "effort": "Effort", "status": "State" }));
    assert_eq!((door.ideas().await, door.send("GET", "/imports", &[], "").await.body["data"].clone()), (0, json!([])));

    let wrong = json!({ "csv": "Name,Effort\nOne,8\nTwo,many\n,3\n", "mapping": { "title": "Name" } });
    let (status, refused) = door.import(&[], body(wrong.clone())).await;
    let told: Vec<&str> = refused["errors"].as_array().unwrap().iter().map(|wrong| wrong["detail"].as_str().unwrap()).collect();
    assert_eq!((status, told.len(), refused["errors"][0]["pointer"].as_str()), (422, 2, Some("#/csv")), "{refused}");
    assert!(told[0].starts_with("Line 3, “Effort”: ") && told[1].starts_with("Line 4, “Name”: "), "{told:?}");
    let (_, dry) = door.import(&[], body(json!({ "csv": wrong["csv"], "mapping": wrong["mapping"], "dryRun": true }))).await;
    let report = &dry["report"];
    assert_eq!((report["good"].as_i64(), report["bad"].as_i64(), report["errors"][0]["line"].as_i64()), (Some(1), Some(2), Some(3)));
    assert_eq!(door.ideas().await, 0);

    let key = [("idempotency-key", "a-table")];
    let (status, done) = door.import(&key, body(json!({ "fileName": "C:\\tables\\ide\r\n\u{202e}as.csv" }))).await;
    assert_eq!((status, done["report"]["good"].as_i64()), (200, Some(2)), "{done}");
    assert_eq!(door.import(&key, body(json!({ "fileName": "C:\\tables\\ide\r\n\u{202e}as.csv" }))).await, (200, done.clone()));
    assert_eq!(door.ideas().await, 2, "once");
    let one = door.send("GET", &format!("/imports/{}", done["id"].as_str().unwrap()), &[], "").await.body;
    assert_eq!(
        (one["status"].as_str(), one["fileName"].as_str(), one["rows"].as_i64()),
        (Some("DONE"), Some("ideas.csv"), Some(2)),
        "{one}"
    );
    assert_eq!(door.send("GET", "/imports", &[], "").await.body["data"][0]["id"], one["id"]);
    let ideas = door.send("GET", "/ideas?sort=newest", &[], "").await.body;
    let mut told: Vec<_> = ideas["data"].as_array().unwrap().iter().map(|idea| (idea["title"].as_str(), idea["status"].as_str())).collect();
    told.sort();
    assert_eq!(told, [(Some("One"), Some("APPROVED")), (Some("Two; and more"), Some("SUBMITTED"))]);
    let made = door.send("POST", "/ideas", &[], r#"{"title":"Behind"}"#).await.body;
    assert_eq!(made["number"].as_i64(), Some(3), "the numbers go on behind them");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_no_table_or_no_column_is_told_by_its_field(pool: PgPool) {
    let door = Door::new(&pool).await;
    let many = format!("title\n{}", "T\n".repeat(10_001));
    for (more, at) in [
        (json!({ "csv": "" }), "#/csv"),
        (json!({ "csv": "title\n" }), "#/csv"),
        (json!({ "csv": "title\n\"T\n" }), "#/csv"),
        (json!({ "csv": many }), "#/csv"),
        (json!({ "csv": "Name\nT\n" }), "#/mapping/title"),
        (json!({ "csv": "Name\nT\n", "mapping": { "title": "name" } }), "#/mapping/title"),
        (json!({ "csv": "title\nT\n", "mapping": { "title": "" } }), "#/mapping/title"),
        (json!({ "csv": "title\nT\n", "mapping": { "sto/ry": "title" } }), "#/mapping/sto~1ry"),
        (json!({ "csv": "title,status,status\nT,Done,To do\n" }), "#/mapping/status"),
        (json!({ "csv": "Name,Name\nT,U\n", "mapping": { "title": "Name" } }), "#/mapping/title"),
        (json!({ "csv": "title\nT\n", "kind": "EPICS" }), "#/kind"),
        (json!({ "csv": "title\nT\n", "source": "ASANA" }), "#/source"),
    ] {
        let mut body = json!({ "kind": "TASKS", "dryRun": true });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, refused) = door.import(&[], body).await;
        assert_eq!((status, refused["errors"][0]["pointer"].as_str()), (422, Some(at)), "{refused}");
    }
    // Whoever takes in tasks may not take in ideas.
    let developer = door.db.member("acme", Role::Developer).await;
    let developer = token(&door.db, "acme", &developer, TokenScope::Write, &[]).await;
    for (kind, expected) in [("TASKS", StatusCode::OK), ("IDEAS", StatusCode::FORBIDDEN)] {
        let body = json!({ "kind": kind, "csv": "title\nT\n" }).to_string();
        let answer = send(&door.app, &developer, "POST", "/api/v1/orgs/acme/products/rocket/imports", &[], &body).await;
        assert_eq!(answer.status, expected, "{}", answer.body);
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_table_that_goes_out_comes_back(pool: PgPool) {
    let door = Door::new(&pool).await;
    for (kind, body) in [
        ("ideas", json!({ "title": "=1+1", "tags": ["a", "b"], "effort": 3 })),
        ("feedback", json!({ "title": "T", "description": "two\nlines", "userEmail": "a@b.test" })),
        ("features", json!({ "title": "T", "acceptanceCriteria": "- [ ] \"quoted\"", "storyPoints": 5 })),
        ("tasks", json!({ "title": "T", "dueDate": "2026-11-23" })),
    ] {
        let made = door.send("POST", &format!("/{kind}"), &[], &body.to_string()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let table = door.exported(kind).await;
        let (status, told) = door.import(&[], json!({ "kind": kind.to_uppercase(), "csv": table })).await;
        assert_eq!((status, told["source"].as_str(), told["report"]["good"].as_i64()), (200, Some("PRODMATIC"), Some(1)), "{told}");
        let twice = door.exported(kind).await;
        assert_eq!(twice, format!("{table}{}", table.split_once("\r\n").unwrap().1), "the row has come back as it was");
    }
    let odd = door.send("GET", "/export/ideas.csv?x=1", &[], "").await;
    assert_eq!((odd.status.as_u16(), odd.body["errors"][0]["parameter"].as_str()), (422, Some("x")));
    assert_eq!(door.send("GET", "/export/epics.csv", &[], "").await.status, StatusCode::NOT_FOUND);
    let told: i64 =
        sqlx::query_scalar(r#"SELECT count(*) FROM "AuditLog" WHERE action = 'product.exported'"#).fetch_one(&pool).await.unwrap();
    assert_eq!(told, 8);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_reference_says_what_it_stands_for(pool: PgPool) {
    let door = Door::new(&pool).await;
    let ada = door.db.member("acme", Role::Admin).await;
    door.db.product("acme", &ada, "apart").await;
    let apart = token(&door.db, "acme", &ada, TokenScope::Read, &["apart"]).await;
    let find = async |token: &str, reference: &str| {
        send(&door.app, token, "GET", &format!("/api/v1/orgs/acme/references/{reference}"), &[], "").await
    };
    door.send("POST", "/ideas", &[], r#"{"title":"T"}"#).await;
    let okr = door.send("POST", "/okrs", &[], r#"{"title":"Grow","quarter":"2026-Q4"}"#).await.body;
    let id = okr["id"].as_str().unwrap();
    for reference in ["ROCKET-2", "rocket-2"] {
        let found = find(&door.token, reference).await;
        let path = format!("/orgs/acme/products/rocket/okrs/{id}");
        let expected = json!({
            "reference": "ROCKET-2", "kind": "OKR", "id": id, "productKey": "rocket", "title": "Grow", "status": okr["status"],
            "deleted": false, "url": format!("http://pm.example{path}"), "path": format!("/api/v1{path}"),
        });
        assert_eq!((found.status, &found.body), (StatusCode::OK, &expected));
        assert_eq!(send(&door.app, &door.token, "GET", found.body["path"].as_str().unwrap(), &[], "").await.body["id"], okr["id"]);
        assert_eq!(find(&apart, reference).await.status, StatusCode::NOT_FOUND, "of another product");
    }
    door.send("DELETE", &format!("/okrs/{id}"), &[], "").await;
    assert_eq!(find(&door.token, "ROCKET-2").await.status, StatusCode::GONE);
    assert_eq!(find(&door.token, "ROCKET-2?deleted=true").await.body["deleted"], json!(true));
    for nothing in ["ROCKET-9", "ROCKET", "ROCKET-02", "NOWHERE-1", "ROCKET-99999999999"] {
        assert_eq!(find(&door.token, nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_became_of_a_thing_is_told_to_whoever_may_see_it(pool: PgPool) {
    let door = Door::new(&pool).await;
    let idea = door.send("POST", "/ideas", &[], r#"{"title":"T"}"#).await.body;
    let id = idea["id"].as_str().unwrap();
    door.send("PATCH", &format!("/ideas/{id}"), &[], r#"{"title":"U"}"#).await;
    let guest = door.db.member("acme", Role::Stakeholder).await;
    let reader = token(&door.db, "acme", &guest, TokenScope::Read, &[]).await;
    let narrow = token(&door.db, "acme", &guest, TokenScope::Read, &["rocket"]).await;
    let ask = async |token: &str, of: &str| send(&door.app, token, "GET", &format!("/api/v1/orgs/acme/history?{of}"), &[], "").await;
    let of = format!("entityType=Idea&entityId={id}");
    let told = ask(&reader, &of).await;
    let changes = &told.body["data"][0]["changes"];
    let title = changes.as_array().unwrap().iter().find(|change| change["after"] == "U");
    assert_eq!((told.status, title.unwrap()["before"].as_str()), (StatusCode::OK, Some("T")), "{}", told.body);
    assert!(!told.text.contains("address"), "{}", told.text);
    for (token, of, status) in [
        (&narrow, of.as_str(), StatusCode::FORBIDDEN),
        (&reader, "entityType=ApiToken&entityId=x", StatusCode::FORBIDDEN),
        (&reader, "entityType=Idea&entityId=none", StatusCode::UNPROCESSABLE_ENTITY),
        (&reader, "entityType=Idea", StatusCode::UNPROCESSABLE_ENTITY),
        (&reader, "entityType=Idea&entityId=a%00", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(ask(token, of).await.status, status, "{of}");
    }
}

/// A type that the log can hold is one that a program can ask for, and has to be told of.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_types_of_the_audit_log_are_those_that_the_specification_lists(pool: PgPool) {
    let document: Value = serde_json::from_str(&PUBLISHED.json).unwrap();
    let parameters = document["paths"]["/api/v1/orgs/{org}/audit-log"]["get"]["parameters"].as_array().unwrap();
    let about = parameters.iter().find(|parameter| parameter["name"] == "entityType").unwrap()["description"].as_str().unwrap();
    let listed: BTreeSet<&str> = about.split('`').skip(1).step_by(2).collect();
    // Each trigger that writes a row's change names the type, or takes that of its table.
    let written: Vec<String> = sqlx::query_scalar(
        r#"SELECT DISTINCT coalesce(nullif(split_part(encode(t.tgargs, 'escape'), '\000', 2), ''), c.relname::text)
             FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid
            WHERE NOT t.tgisinternal AND f.proname IN ('audit_row', 'audit_added')"#,
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    // These two have events, such as signing in and exporting, and no trigger.
    let written: BTreeSet<&str> = written.iter().map(String::as_str).chain(["AuditLog", "User"]).collect();
    assert_eq!(listed, written);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn whether_the_world_reads_the_changelog_is_told(pool: PgPool) {
    let door = Door::new(&pool).await;
    let url = "http://pm.example/p/acme/rocket/changelog";
    let told = async || door.send("GET", "/public-changelog", &[], "").await.body;
    assert_eq!(told().await, json!({ "public": false, "url": url }));
    door.send("PUT", "/public-changelog", &[], "").await;
    assert_eq!(told().await, json!({ "public": true, "url": url }));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_experiment_is_planned_by_two_of_three(pool: PgPool) {
    let door = Door::new(&pool).await;
    let ask = async |more: Value| {
        let mut body = json!({ "kind": "PROPORTION", "mean": 0.1 });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = door.send("POST", "/experiments/power", &[], &body.to_string()).await;
        (answer.status.as_u16(), answer.body)
    };
    let (status, units) = ask(json!({ "effect": 0.1, "power": 0.8 })).await;
    let both = units["controlUnits"].as_i64().unwrap() + units["variantUnits"].as_i64().unwrap();
    assert!(status == 200 && (25_000..35_000).contains(&both), "{units}");
    let (_, power) = ask(json!({ "effect": 0.1, "units": both })).await;
    assert!((power["power"].as_f64().unwrap() - 0.8).abs() < 0.001, "{power}");
    let (_, effect) = ask(json!({ "units": both, "power": 0.8 })).await;
    assert!((effect["relativeEffect"].as_f64().unwrap() - 0.1).abs() < 0.001, "{effect}");
    for (more, at) in [
        (json!({ "effect": 0.1 }), "#/effect"),
        (json!({ "effect": 0.1, "power": 0.8, "units": 10 }), "#/effect"),
        (json!({ "effect": 0.1, "power": 1.5 }), "#/power"),
        (json!({ "effect": 0.1, "units": 3 }), "#/units"),
        (json!({ "effect": 0.1, "power": 0.8, "controlShare": 1 }), "#/controlShare"),
        (json!({ "effect": 0.1, "power": 0.8, "kind": "MEAN" }), "#/sd"),
    ] {
        let (status, refused) = ask(more).await;
        assert_eq!((status, refused["errors"][0]["pointer"].as_str()), (422, Some(at)), "{refused}");
    }
}
