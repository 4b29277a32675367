//! Every role calls everything: what the table of roles grants works, and the rest is refused.

use std::collections::BTreeSet;

use http::StatusCode;
use sqlx::PgPool;

use super::calls::calls;
use super::world::{ROLES, World};
use super::{Who, send};
use crate::server::serve::router;
use crate::testing::TestDb;

#[test]
fn every_server_function_is_listed() {
    let listed: BTreeSet<_> = calls().iter().map(|call| call.path).collect();
    let there: BTreeSet<_> = server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    assert_eq!(there.difference(&listed).collect::<Vec<_>>(), Vec::<&&str>::new(), "say in src/walk/calls.rs who may call these");
    assert_eq!(listed.difference(&there).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn each_role_may_do_what_the_table_says_and_no_more(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let mut world = World::new(&db, "acme").await;
    let app = router(db.state());
    let mut wrong = Vec::new();
    let mut changed = false;
    for call in calls() {
        let Who::Member(_) = call.who else { continue };
        for role in ROLES {
            // Reads and refusals change nothing, so what they name need not be made anew.
            if changed {
                world.furnish(&db).await;
            }
            changed = call.who.includes(role) && !call.is_read();
            let arguments = world.arguments(&call.arguments, None);
            let (status, told) = send(&app, Some(world.member(role)), &call, &arguments).await;
            let expected = if call.who.includes(role) { call.done } else { StatusCode::FORBIDDEN };
            // A write answers with the redirect that it asks for.
            let accepted = status == expected || (expected == StatusCode::OK && status == StatusCode::FOUND);
            if !accepted {
                wrong.push(format!("{role:?} {}: {status}, not {expected}: {told}", call.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
