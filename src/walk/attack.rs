//! Every id of another organisation in every place that takes one, by every role and by nobody.

use http::StatusCode;
use serde_json::Value;
use sqlx::PgPool;

use super::calls::calls;
use super::world::{ROLES, World, dump};
use super::{Who, send};
use crate::server::serve::router;
use crate::testing::TestDb;

/// Whether the field of the form that has this word is told of, as it would be for what is nothing.
fn is_of_field(arguments: &Value, word: &str, status: StatusCode, told: &str) -> bool {
    let Some(fields) = arguments["form"].as_object() else { return false };
    let told = |name: &str| status == StatusCode::UNPROCESSABLE_ENTITY && told.contains(&format!(r#""field":"{name}""#));
    fields.iter().any(|(name, value)| value == word && told(name))
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn nothing_of_another_organisation_can_be_reached(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let mut ours = World::new(&db, "acme").await;
    let theirs = World::new(&db, "other").await;
    let app = router(db.state());
    let before = dump(&db, "other").await;
    let mut wrong = Vec::new();
    for call in calls() {
        let Who::Member(perm) = call.who else { continue };
        let all_theirs = theirs.arguments(&call.arguments, None);
        let (status, _) = send(&app, None, &call, &all_theirs).await;
        if status != StatusCode::UNAUTHORIZED {
            wrong.push(format!("nobody {}: {status}", call.path));
        }
        for role in ROLES {
            let user = ours.member(role);
            let (status, told) = send(&app, Some(user), &call, &all_theirs).await;
            if status != StatusCode::NOT_FOUND {
                wrong.push(format!("{role:?} {} in the other organisation: {status} {told}", call.path));
            }
            for (word, name) in theirs.words().filter(|(word, _)| call.arguments.to_string().contains(&format!("\"{word}\""))) {
                let arguments = ours.arguments(&call.arguments, Some((word, name)));
                let (status, told) = send(&app, Some(user), &call, &arguments).await;
                // Whose role does not allow the call at all may be told that, before anything is looked up.
                let right = status == StatusCode::NOT_FOUND
                    || is_of_field(&call.arguments, word, status, &told)
                    || (status == StatusCode::FORBIDDEN && !role.can(perm) && word != "$org");
                if !right {
                    wrong.push(format!("{role:?} {} with their {word}: {status}: {told}", call.path));
                }
            }
        }
        ours.furnish(&db).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(before, dump(&db, "other").await, "the other organisation's data has changed");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_signed_out_are_refused_what_needs_a_person(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let world = World::new(&db, "acme").await;
    let app = router(db.state());
    for call in calls().iter().filter(|call| call.who == Who::SignedIn) {
        let (status, told) = send(&app, None, call, &world.arguments(&call.arguments, None)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{}: {told}", call.path);
    }
}
