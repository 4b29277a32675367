//! What a token for one product sees and names of what stands beside it.

use http::StatusCode;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Answer, Door, send, token};
use crate::goal::okr::model::OkrFields;
use crate::goal::okr::store;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role, TokenScope};
use crate::kernel::version::Edited;
use crate::server::request::Caller;
use crate::server::scope::Scope;

/// Sends by that token, below `apart`, the only product that it is for.
async fn apart(door: &Door, token: &str, method: &str, path: &str, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    send(&door.app, token, method, &format!("/api/v1/orgs/acme/products/apart{path}"), &[], &body).await
}

fn id(answer: &Answer) -> String {
    answer.body["id"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

/// A door, and a token for `apart` alone, whose owner may do everything.
async fn narrow(pool: &PgPool) -> (Door, String) {
    let door = Door::new(pool).await;
    let ada = door.db.member("acme", Role::Admin).await;
    door.db.product("acme", &ada, "apart").await;
    let token = token(&door.db, "acme", &ada, TokenScope::Admin, &["apart"]).await;
    (door, token)
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn it_sees_no_objective_but_its_products(pool: PgPool) {
    let (door, token) = narrow(&pool).await;
    let objective = json!({ "title": "Ours", "quarter": "2026-Q4" });
    let ours = send(&door.app, &door.token, "POST", "/api/v1/orgs/acme/objectives", &[], &objective.to_string()).await;
    let theirs = door.send("POST", "/okrs", &[], r#"{"title":"Theirs","quarter":"2026-Q4"}"#).await;
    let under = |served: String| json!({ "title": "T", "quarter": "2026-Q4", "servesId": served });
    let mut mine = Vec::new();
    for served in [id(&ours), id(&theirs)] {
        // By whoever sees both.
        let made = apart(&door, &door.token, "POST", "/okrs", &under(served.clone())).await;
        let one = format!("/okrs/{}", id(&made));
        let links = apart(&door, &door.token, "GET", &format!("{one}/links"), &Value::Null).await;
        assert_eq!(links.body["data"][0]["id"].as_str(), Some(served.as_str()));
        let links = apart(&door, &token, "GET", &format!("{one}/links"), &Value::Null).await;
        assert_eq!((links.status, links.body["data"].clone()), (StatusCode::OK, json!([])));
        // Nor is it told of by its id, in whatever answer.
        let tied = |body: &Value| (body["parentId"].clone(), body["objectiveId"].clone());
        let (whole, read) = (made.body.clone(), apart(&door, &token, "GET", &one, &Value::Null).await);
        assert!([&whole["parentId"], &whole["objectiveId"]].contains(&&json!(served)), "{whole}");
        assert_eq!(tied(&read.body), (Value::Null, Value::Null), "{}", read.body);
        let all = apart(&door, &token, "GET", "/okrs", &Value::Null).await;
        assert!(!all.body.to_string().contains(&served), "{}", all.body);
        let moved = apart(&door, &token, "POST", &format!("{one}/status"), &json!({ "status": "ACTIVE" })).await;
        assert_eq!((moved.status, tied(&moved.body)), (StatusCode::OK, (Value::Null, Value::Null)));
        let open = apart(&door, &token, "GET", "/quarters/2026-Q4/open-okrs", &Value::Null).await;
        assert!(open.body["data"][0]["proposed"].is_string() && !open.body.to_string().contains(&served), "{}", open.body);
        // What it serves already stays, and what is read can be sent back.
        let path = format!("/api/v1/orgs/acme/products/apart{one}");
        let renamed = send(&door.app, &token, "PATCH", &path, &[("if-match", read.header("etag"))], r#"{"title":"U"}"#).await;
        let kept = apart(&door, &door.token, "GET", &one, &Value::Null).await;
        assert_eq!((tied(&renamed.body), tied(&kept.body)), ((Value::Null, Value::Null), tied(&whole)));
        assert_eq!((renamed.status, renamed.body["title"].as_str()), (StatusCode::OK, Some("U")), "{}", renamed.body);
        let told = &renamed.body;
        let same = json!({
            "title": told["title"], "description": told["description"], "quarter": told["quarter"], "ownerId": told["ownerId"],
            "servesId": told["parentId"],
        });
        let again = send(&door.app, &token, "PATCH", &path, &[("if-match", renamed.header("etag"))], &same.to_string()).await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.body);
        // A guess at what it serves is told as one at what there is not.
        for (method, path) in [("PATCH", one.as_str()), ("POST", "/okrs")] {
            let nothing = apart(&door, &token, method, path, &under("nothing".into())).await;
            let pointer = nothing.body["errors"][0]["pointer"].as_str();
            assert_eq!((nothing.status.as_u16(), pointer), (422, Some("#/servesId")), "{method}: {}", nothing.body);
            for hidden in [id(&ours), id(&theirs)] {
                let refused = apart(&door, &token, method, path, &under(hidden)).await;
                assert_eq!((refused.status, refused.body), (nothing.status, nothing.body.clone()), "{method}");
            }
        }
        // Nor does its own take the place of it; that something is there is told by that alone.
        if let Some(own) = mine.first() {
            let refused = apart(&door, &token, "PATCH", &one, &json!({ "servesId": own })).await;
            let told = (refused.status.as_u16(), refused.body["errors"][0]["pointer"].as_str());
            assert_eq!(told, (422, Some("#/servesId")), "{}", refused.body);
        }
        let kept = apart(&door, &door.token, "GET", &one, &Value::Null).await;
        assert_eq!(tied(&kept.body), tied(&whole));
        // Whoever sees it takes it away, which changes nothing of what the token is told.
        assert_eq!(apart(&door, &door.token, "PATCH", &one, &json!({ "servesId": null })).await.status, StatusCode::OK);
        let version = |answer: &Answer| answer.header("etag").split('.').next().unwrap_or_default().to_owned();
        assert_eq!(version(&apart(&door, &token, "GET", &one, &Value::Null).await), version(&again));
        mine.push(id(&made));
    }
    let linked = apart(&door, &token, "PATCH", &format!("/okrs/{}", mine[0]), &json!({ "servesId": mine[1] })).await;
    assert_eq!(linked.status, StatusCode::OK, "{}", linked.body);
    assert_eq!(linked.body["parentId"].as_str(), Some(mine[1].as_str()), "its own products' are told");
    let links = apart(&door, &token, "GET", &format!("/okrs/{}/links", mine[0]), &Value::Null).await;
    assert_eq!(links.body["data"][0]["id"].as_str(), Some(mine[1].as_str()));
}

/// Somebody lets an objective serve what the token does not see, after it was read and before it is changed: that is no fault of a field
/// that nobody has named.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_conflict_does_not_tell_it_what_is_served(pool: PgPool) {
    let (door, token) = narrow(&pool).await;
    let new = json!({ "title": "T", "quarter": "2026-Q4" });
    let theirs = id(&door.send("POST", "/okrs", &[], &new.to_string()).await);
    let mine = id(&apart(&door, &token, "POST", "/okrs", &new).await);
    let one = id(&apart(&door, &token, "POST", "/okrs", &json!({ "title": "T", "quarter": "2026-Q4", "servesId": mine })).await);
    let caller = Caller { bearer: Some(token.clone()), ..Default::default() };
    let open = async || Scope::open(&door.db.app, &caller, "acme", Perm::PlanWrite).await.unwrap();
    let mut scope = open().await;
    let product = store::product(&mut scope, "apart").await.unwrap();
    let read = OkrFields::from(&store::get(&mut scope, &product.id, &one).await.unwrap());
    scope.leave().await.unwrap();
    let moved = apart(&door, &door.token, "PATCH", &format!("/okrs/{one}"), &json!({ "servesId": theirs })).await;
    assert_eq!(moved.status, StatusCode::OK, "{}", moved.body);
    for title in ["T", "U"] {
        let typed = OkrFields { title: title.into(), ..read.clone() };
        let outcome = store::update(&mut open().await, &one, &read.version(), typed).await;
        let Err(AppError::Stale(stale)) = outcome else { panic!("{title}: no conflict") };
        assert!(stale.differences.iter().all(|difference| difference.field != "serves"), "{title}: {stale:?}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn it_ties_nothing_to_what_another_product_has(pool: PgPool) {
    let (door, token) = narrow(&pool).await;
    let idea = id(&door.send("POST", "/ideas", &[], r#"{"title":"T"}"#).await);
    let epic = id(&door.send("POST", "/epics", &[], r#"{"title":"T"}"#).await);
    let feature = id(&door.send("POST", "/features", &[], r#"{"title":"T"}"#).await);
    let view = id(&door.send("POST", "/saved-views", &[], r#"{"name":"V","shared":true}"#).await);
    let made = async |path: &str, body: Value| id(&apart(&door, &token, "POST", path, &body).await);
    let own_idea = made("/ideas", json!({ "title": "T" })).await;
    let own_epic = made("/epics", json!({ "title": "T" })).await;
    let own_feature = made("/features", json!({ "title": "T" })).await;
    let own_release = made("/releases", json!({ "version": "1.0.0" })).await;
    let own_feedback = made("/feedback", json!({ "title": "T", "userEmail": "a@b.test" })).await;
    for (method, path, body, at) in [
        ("POST", "/features".to_owned(), json!({ "title": "T", "epicId": epic }), "#/epicId"),
        ("PATCH", format!("/features/{own_feature}"), json!({ "epicId": epic }), "#/epicId"),
        ("POST", "/tasks".to_owned(), json!({ "title": "T", "featureId": feature }), "#/featureId"),
        ("POST", format!("/ideas/{own_idea}/merge"), json!({ "intoId": idea }), "#/intoId"),
        ("POST", "/ideas/bulk".to_owned(), json!({ "ids": [idea], "action": "delete" }), "#/ids"),
        ("POST", "/features/bulk".to_owned(), json!({ "ids": [own_feature, feature], "priority": "LOW" }), "#/ids/1"),
    ] {
        let refused = apart(&door, &token, method, &path, &body).await;
        let told = (refused.status.as_u16(), refused.body["errors"][0]["pointer"].as_str());
        assert_eq!(told, (422, Some(at)), "{method} {path}: {}", refused.body);
    }
    for (method, path, body) in [
        ("PUT", format!("/epics/{own_epic}/features/{feature}"), Value::Null),
        ("PUT", format!("/features/{own_feature}/blockers/{feature}"), Value::Null),
        ("PUT", format!("/releases/{own_release}/features/{feature}"), Value::Null),
        ("PUT", format!("/feedback/{own_feedback}/ideas/{idea}"), Value::Null),
        ("DELETE", format!("/feedback/{own_feedback}/ideas/{idea}"), Value::Null),
        ("GET", format!("/saved-views/{view}"), Value::Null),
        ("DELETE", format!("/saved-views/{view}"), Value::Null),
    ] {
        let answer = apart(&door, &token, method, &path, &body).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}: {}", answer.body);
    }
    // The organisation's own forms can be used and not changed.
    let templates = "/api/v1/orgs/acme/checklist-templates";
    assert_eq!(send(&door.app, &token, "GET", templates, &[], "").await.status, StatusCode::OK);
    assert_eq!(send(&door.app, &token, "POST", templates, &[], r#"{"name":"T"}"#).await.status, StatusCode::FORBIDDEN);
    let criteria = "/api/v1/orgs/acme/lifecycle-criteria/GROWTH";
    assert_eq!(send(&door.app, &token, "PATCH", criteria, &[], r#"{"criteria":["C"]}"#).await.status, StatusCode::FORBIDDEN);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_it_does_not_reach_is_told_with_the_cure(pool: PgPool) {
    let (door, token) = narrow(&pool).await;
    for (method, path, body, status, word) in [
        ("GET", "/search?q=t", "", StatusCode::FORBIDDEN, "product=KEY"),
        ("GET", "/search?q=t&product=apart", "", StatusCode::OK, ""),
        ("GET", "/objectives", "", StatusCode::FORBIDDEN, "some products"),
        ("POST", "/objectives", r#"{"title":"T","quarter":"2026-Q4"}"#, StatusCode::FORBIDDEN, "some products"),
    ] {
        let answer = send(&door.app, &token, method, &format!("/api/v1/orgs/acme{path}"), &[], body).await;
        let detail = answer.body["detail"].as_str().unwrap_or_default();
        assert!(answer.status == status && detail.contains(word), "{method} {path}: {} {}", answer.status, answer.body);
    }
}
