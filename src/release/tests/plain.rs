//! Plain forms of a release's page that are refused.

use http::StatusCode;
use server_fn::ServerFn;
use sqlx::PgPool;

use super::{advance, item, version, workshop};
use crate::kernel::role::Role;
use crate::release::api::checklist::{AddChecklistItem, TickChecklistItem};
use crate::release::api::{AddReleaseFeature, MoveRelease};
use crate::release::model::ReleaseStatus;
use crate::release::store;
use crate::server::tests::{Client, text};
use crate::testing::TestDb;

const NOT_DONE: &str = "This was not done:";

/// Sends a form of the release's page; gives the status and the page that comes back.
async fn send(client: &Client, release: &str, path: &str, fields: &str) -> (StatusCode, String) {
    let page = format!("/orgs/acme/products/rocket/releases/{release}");
    let answer = client.submit(&page, path, &format!("org=acme&id={release}&{fields}")).await;
    (answer.status(), text(answer).await)
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_a_release_that_is_out_does_not_allow_is_told(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    let cake = item(&mut scope, &id, "Cake", false).await;
    advance(&mut scope, &id, ReleaseStatus::Released).await;
    scope.commit(()).await.unwrap();
    let client = Client::of(db.state(), Some(&admin));
    let (status, page) = send(&client, &id, MoveRelease::PATH, "status=TESTING").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("This was not done: A release that is “Released” cannot become “Testing”."), "{page}");
    let frozen = "This was not done: This release is out. Its checklist stays as it was when it went out.";
    let (status, page) = send(&client, &id, AddChecklistItem::PATH, "form[item]=Typed+by+somebody").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains(frozen) && page.contains("Typed by somebody"), "{page}");
    let page = send(&client, &id, TickChecklistItem::PATH, &format!("tick={cake}")).await.1;
    // The list of items is still a form, and says it there.
    assert!(page.contains("This release is out.") && !page.contains(NOT_DONE), "{page}");
    let shown = text(client.get(&format!("/orgs/acme/products/rocket/releases/{id}")).await).await;
    assert!(!shown.contains("Add an item") && !shown.contains("Done: Cake") && !shown.contains(NOT_DONE), "{shown}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_has_its_place_is_told_there_alone(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    item(&mut scope, &id, "Notes", true).await;
    advance(&mut scope, &id, ReleaseStatus::Testing).await;
    scope.commit(()).await.unwrap();
    let client = Client::of(db.state(), Some(&admin));
    for (path, fields, status, told) in [
        (MoveRelease::PATH, "status=READY", StatusCode::CONFLICT, "This release is not ready."),
        (AddChecklistItem::PATH, "form[item]=", StatusCode::UNPROCESSABLE_ENTITY, "what is to be done"),
        (AddReleaseFeature::PATH, "feature=nothing", StatusCode::NOT_FOUND, "There is nothing here"),
    ] {
        let (was, page) = send(&client, &id, path, fields).await;
        assert_eq!(was, status, "{path}");
        assert!(page.contains(told) && !page.contains(NOT_DONE), "{path}: {page}");
    }
    // Of one who may not, no form is there.
    let stakeholder = Client::of(db.state(), Some(&db.member("acme", Role::Stakeholder).await));
    let (status, page) = send(&stakeholder, &id, MoveRelease::PATH, "status=PLANNING").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("This was not done: Your role in this organisation does not allow that."), "{page}");
}
