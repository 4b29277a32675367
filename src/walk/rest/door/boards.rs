//! Cards that programs put where they belong.

use http::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::Door;

impl Door {
    /// The ids of a column's cards, as they stand.
    async fn column(&self, board: &str, status: &str) -> Vec<String> {
        let cards = self.send("GET", &format!("/boards/{board}/cards?status={status}"), &[], "").await;
        assert_eq!(cards.status, StatusCode::OK, "{}", cards.body);
        cards.body["data"].as_array().unwrap().iter().map(|card| card["id"].as_str().unwrap().to_owned()).collect()
    }

    async fn place(&self, board: &str, id: &str, body: Value) -> (u16, Value) {
        let answer = self.send("POST", &format!("/{board}/{id}/place"), &[], &body.to_string()).await;
        (answer.status.as_u16(), answer.body)
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_card_is_put_beside_another(pool: PgPool) {
    let door = Door::new(&pool).await;
    for (board, first, second) in
        [("ideas", "SUBMITTED", "UNDER_REVIEW"), ("features", "BACKLOG", "TESTING"), ("tasks", "TODO", "IN_REVIEW")]
    {
        for title in ["One", "Two", "Three"] {
            door.send("POST", &format!("/{board}"), &[], &json!({ "title": title }).to_string()).await;
        }
        let ids = door.column(board, first).await;
        let (a, b, c) = (&ids[0], &ids[1], &ids[2]);
        assert_eq!(door.place(board, c, json!({ "afterId": a })).await.0, 200, "{board}");
        assert_eq!(door.column(board, first).await, [a, c, b].map(String::as_str), "{board}");
        assert_eq!(door.place(board, b, json!({ "beforeId": a, "status": first })).await.0, 200, "{board}");
        assert_eq!(door.column(board, first).await, [b, a, c].map(String::as_str), "{board}");
        let (status, moved) = door.place(board, a, json!({ "status": second })).await;
        assert_eq!((status, moved["status"].as_str()), (200, Some(second)), "{board}: {moved}");
        assert_eq!(door.place(board, c, json!({ "status": second, "afterId": "gone", "beforeId": a })).await.0, 200, "one is there");
        assert_eq!(door.column(board, second).await, [c, a].map(String::as_str), "{board}");
        for (body, at) in [
            (json!({ "afterId": a }), vec!["#/afterId"]),
            (json!({ "afterId": b }), vec!["#/afterId"]),
            (json!({ "status": second, "afterId": "none", "beforeId": "a\u{0}" }), vec!["#/beforeId"]),
            (json!({ "status": second, "afterId": "none", "beforeId": "nor" }), vec!["#/afterId", "#/beforeId"]),
            (json!({ "status": "NOWHERE" }), vec!["#/status"]),
        ] {
            let (status, refused) = door.place(board, b, body).await;
            let errors = refused["errors"].as_array().unwrap();
            let pointers: Vec<&str> = errors.iter().map(|wrong| wrong["pointer"].as_str().unwrap_or_default()).collect();
            assert_eq!((status, pointers), (422, at), "{board}: {refused}");
        }
        assert_eq!(door.column(board, first).await, [b.as_str()], "what is refused moves nothing");
        let part = door.send("GET", &format!("/boards/{board}/cards?status={second}&limit=1"), &[], "").await.body;
        let next = part["nextCursor"].as_str().unwrap();
        let rest = door.send("GET", &format!("/boards/{board}/cards?status={second}&cursor={next}"), &[], "").await.body;
        assert_eq!((part["data"][0]["id"].as_str(), rest["data"][0]["id"].as_str()), (Some(c.as_str()), Some(a.as_str())));
        assert_eq!((rest["data"].as_array().unwrap().len(), &rest["nextCursor"]), (1, &Value::Null), "{rest}");
        let back = rest["previousCursor"].as_str().unwrap();
        let back = door.send("GET", &format!("/boards/{board}/cards?status={second}&limit=1&cursor={back}"), &[], "").await.body;
        assert_eq!(back["data"], part["data"]);
        door.send("DELETE", &format!("/{board}/{b}"), &[], "").await;
        assert_eq!(door.place(board, b, json!({})).await.0, 410, "{board}");
        assert_eq!(door.place(board, "none", json!({})).await.0, 404, "{board}");
    }
    let far = json!({ "status": "IMPLEMENTED" });
    assert_eq!(door.place("ideas", &door.column("ideas", "UNDER_REVIEW").await[0], far).await.0, 409);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn columns_have_limits_that_are_set_one_by_one(pool: PgPool) {
    let door = Door::new(&pool).await;
    for board in ["features", "tasks"] {
        let path = format!("/boards/{board}/limits");
        let first = door.send("GET", &path, &[], "").await;
        assert!(first.body.as_object().unwrap().values().all(Value::is_null), "{}", first.body);
        let bound = [("if-match", first.header("etag"))];
        let set = async |headers: &[(&str, &str)], body: Value| door.send("PATCH", &path, headers, &body.to_string()).await;
        assert_eq!(set(&bound, json!({ "IN_PROGRESS": 2 })).await.body["IN_PROGRESS"], json!(2), "{board}");
        assert_eq!(set(&bound, json!({ "IN_PROGRESS": 3 })).await.status, StatusCode::PRECONDITION_FAILED);
        let both = set(&[], json!({ "DONE": 999 })).await.body;
        assert_eq!((&both["IN_PROGRESS"], &both["DONE"]), (&json!(2), &json!(999)), "the other stays");
        for wrong in [json!(0), json!(1000), json!("3")] {
            let refused = set(&[], json!({ "IN_PROGRESS": wrong })).await;
            let told = (refused.status.as_u16(), refused.body["errors"][0]["pointer"].as_str());
            assert_eq!(told, (422, Some("#/IN_PROGRESS")), "{}", refused.body);
        }
        assert_eq!(set(&[], json!({ "NOWHERE": 3 })).await.status.as_u16(), 422);
        assert_eq!(set(&[], json!({ "DONE": null })).await.body["DONE"], Value::Null);
        door.send("POST", &format!("/{board}"), &[], &json!({ "title": "T" }).to_string()).await;
        let columns = door.send("GET", &format!("/boards/{board}"), &[], "").await.body;
        let columns = columns["data"].as_array().unwrap();
        let limited: Vec<&Value> = columns.iter().filter(|column| !column["limit"].is_null()).collect();
        assert_eq!(limited, [&json!({ "status": "IN_PROGRESS", "cards": 0, "limit": 2 })]);
        assert_eq!(columns.iter().map(|column| column["cards"].as_i64().unwrap()).sum::<i64>(), 1);
    }
}
