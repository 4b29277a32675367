//! Every form that somebody may not send, sent without scripts: the page that comes back says so, and gives back what was typed.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Request, StatusCode};
use serde_json::json;
use server_fn::ServerFn;
use sqlx::PgPool;

use super::calls::calls;
use super::world::World;
use super::{Who, answer, body};
use crate::goal::okr::api::close::CloseQuarter;
use crate::kernel::role::Role;
use crate::server::serve::router;
use crate::testing::TestDb;

/// On pages of several kinds, which have few of these forms, and none for a person of this role.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn whoever_may_not_is_told_without_scripts_too(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let world = World::new(&db, "acme").await;
    let app = router(db.state());
    let product = "/orgs/$org/products/$product";
    let pages = ["releases/$release", "features/$feature", "epics/$epic", "tasks/$task", "features/board", "tasks/board?lanes=feature"];
    let pages = pages.map(|page| world.fill(&format!("{product}/{page}")));
    let mut silent = Vec::new();
    let refused =
        calls().into_iter().filter(|call| !call.json && matches!(call.who, Who::Member(_)) && !call.who.includes(Role::Stakeholder));
    for (at, call) in refused.enumerate() {
        let page = &pages[at % pages.len()];
        let mut arguments = world.arguments(&call.arguments, None);
        arguments["page"] = json!(page);
        // Every field of that one is an objective's.
        let types = call.path != CloseQuarter::PATH;
        if types {
            arguments["form"]["typed_by_somebody"] = json!("What was typed");
        }
        let (kind, body) = body(false, &arguments);
        let request = Request::post(call.path).header(ACCEPT, "text/html").header(CONTENT_TYPE, kind);
        let (status, html) = answer(&app, Some(world.member(Role::Stakeholder)), request, body).await;
        let is_told = html.contains("Your role in this organisation does not allow that.");
        if status != StatusCode::FORBIDDEN || !is_told || html.contains("What was typed") != types {
            silent.push(format!("{} on {page}: {status}, {is_told}", call.path));
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}
