//! The calls of documents, what they name, and what becomes of two who change one at a time.

use axum::Router;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use server_fn::ServerFn;
use sqlx::PgPool;

use super::calls::{read, write};
use super::furnish::row;
use super::world::World;
use super::{Call, Who, answer, body};
use crate::document::api;
use crate::kernel::role::{Perm, Role};
use crate::server::serve::router;
use crate::testing::{TestDb, TestUser};

/// What the words of the calls stand for, in the product of this idea.
pub async fn furnish(db: &TestDb, idea: &str, admin: &TestUser) -> Vec<(&'static str, String)> {
    let document = row(db, DOCUMENT, idea, &admin.id).await;
    row(db, r#"UPDATE "Document" SET content = 'Second' WHERE id = $2 AND $1 <> $3 RETURNING id"#, &document, "").await;
    let waiting = row(db, WAITING, idea, &admin.id).await;
    let gone = row(db, GONE, idea, &admin.id).await;
    let own = row(db, OWN, idea, &admin.id).await;
    row(db, r#"UPDATE "Document" SET content = 'Second' WHERE id = $2 AND $1 <> $3 RETURNING id"#, &own, "").await;
    let own_waiting = row(db, OWN_WAITING, idea, &admin.id).await;
    let (remark, own_remark) = (row(db, REMARK, &document, &admin.id).await, row(db, REMARK, &own, &admin.id).await);
    vec![
        ("$document", document),
        ("$waiting", waiting),
        ("$goneDocument", gone),
        ("$remark", remark),
        ("$ownDocument", own),
        ("$ownWaiting", own_waiting),
        ("$ownRemark", own_remark),
    ]
}

const DOCUMENT: &str = r#"INSERT INTO "Document" (id, title, content, "organizationId", "productId", "authorId")
    SELECT $1, 'T', 'First', "organizationId", "productId", $3 FROM "Idea" WHERE id = $2 RETURNING id"#;
const WAITING: &str = r#"INSERT INTO "Document" (id, title, content, status, "organizationId", "productId", "authorId")
    SELECT $1, 'T', '', 'REVIEW', "organizationId", "productId", $3 FROM "Idea" WHERE id = $2 RETURNING id"#;
const GONE: &str = r#"INSERT INTO "Document" (id, title, content, "deletedAt", "organizationId", "productId", "authorId")
    SELECT $1, 'T', '', now(), "organizationId", "productId", $3 FROM "Idea" WHERE id = $2 RETURNING id"#;
const OWN: &str = r#"INSERT INTO "Document" (id, title, content, "organizationId", "authorId")
    SELECT $1, 'T', '', "organizationId", $3 FROM "Idea" WHERE id = $2 RETURNING id"#;
const OWN_WAITING: &str = r#"INSERT INTO "Document" (id, title, content, status, "organizationId", "authorId")
    SELECT $1, 'T', '', 'REVIEW', "organizationId", $3 FROM "Idea" WHERE id = $2 RETURNING id"#;
const REMARK: &str =
    r#"INSERT INTO "DocumentComment" (id, "documentId", "authorId", body, version) VALUES ($1, $2, $3, 'Said', 1) RETURNING id"#;

pub fn calls() -> Vec<Call> {
    use Who::Member;
    let (all, work, publish) = (Member(Perm::Read), Member(Perm::WorkWrite), Member(Perm::Publish));
    let one = || json!({ "org": "$org", "product": "$product", "id": "$document" });
    let with = |mut arguments: Value, name: &str, value: Value| {
        arguments[name] = value;
        arguments
    };
    let of = |id: &str| json!({ "org": "$org", "id": id });
    let text = json!({ "title": "T", "content": "C" });
    vec![
        read::<api::ListDocuments>(all, json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<api::GetDocument>(all, one()),
        read::<api::GetEditor>(work, with(with(one(), "kind", Value::Null), "resumed", json!(false))),
        write::<api::CreateDocument>(work, json!({ "org": "$org", "product": "$product", "form": text })),
        write::<api::UpdateDocument>(work, with(with(of("$document"), "version", json!("*")), "form", text)),
        write::<api::DeleteDocument>(work, of("$document")),
        write::<api::RestoreDocument>(work, of("$goneDocument")),
        read::<api::draft::SaveDraft>(work, with(one(), "form", json!({ "title": "T" }))),
        write::<api::draft::DiscardDraft>(work, one()),
        read::<api::draft::PreviewDocument>(work, json!({ "org": "$org", "content": "T" })),
        read::<api::draft::GetMerge>(work, one()),
        write::<api::draft::ResolveMerge>(work, with(one(), "version", json!("1"))),
        write::<api::review::RequestReview>(work, of("$document")),
        write::<api::review::WithdrawReview>(work, of("$waiting")),
        write::<api::review::AskForChanges>(publish, with(of("$waiting"), "form", json!({ "reason": "R" }))),
        write::<api::review::MoveDocument>(publish, with(of("$waiting"), "status", json!("APPROVED"))),
        write::<api::talk::CommentDocument>(Member(Perm::IdeaDiscuss), with(of("$document"), "form", json!({ "comment": "C" }))),
        write::<api::talk::ResolveComment>(work, with(of("$remark"), "wanted", json!(true))),
        // The comment is somebody else's: only who may publish takes it away.
        write::<api::talk::DeleteDocumentComment>(publish, of("$remark")),
        read::<api::version::ListVersions>(all, with(one(), "query", json!({}))),
        write::<api::version::RestoreVersion>(work, with(of("$document"), "number", json!(1))),
    ]
}

/// The pages, as in `pages.rs`.
pub const PAGES: &[(&str, Who, &str)] = &[
    ("/orgs/{org}/documents", Who::Member(Perm::Read), "/orgs/$org/documents"),
    ("/orgs/{org}/documents/new", Who::Member(Perm::WorkWrite), "/orgs/$org/documents/new"),
    ("/orgs/{org}/documents/{id}", Who::Member(Perm::Read), "/orgs/$org/documents/$ownDocument"),
    ("/orgs/{org}/documents/{id}/edit", Who::Member(Perm::WorkWrite), "/orgs/$org/documents/$ownDocument/edit"),
    ("/orgs/{org}/documents/{id}/versions", Who::Member(Perm::Read), "/orgs/$org/documents/$ownDocument/versions"),
    ("/orgs/{org}/documents/{id}/merge", Who::Member(Perm::WorkWrite), "/orgs/$org/documents/$ownDocument/merge"),
    ("/orgs/{org}/products/{key}/documents", Who::Member(Perm::Read), "/orgs/$org/products/$product/documents"),
    ("/orgs/{org}/products/{key}/documents/new", Who::Member(Perm::WorkWrite), "/orgs/$org/products/$product/documents/new?type=RFC"),
    ("/orgs/{org}/products/{key}/documents/{id}", Who::Member(Perm::Read), "/orgs/$org/products/$product/documents/$document"),
    (
        "/orgs/{org}/products/{key}/documents/{id}/edit",
        Who::Member(Perm::WorkWrite),
        "/orgs/$org/products/$product/documents/$document/edit",
    ),
    (
        "/orgs/{org}/products/{key}/documents/{id}/versions",
        Who::Member(Perm::Read),
        "/orgs/$org/products/$product/documents/$document/versions?from=1&to=2&look=split",
    ),
    (
        "/orgs/{org}/products/{key}/documents/{id}/merge",
        Who::Member(Perm::WorkWrite),
        "/orgs/$org/products/$product/documents/$document/merge",
    ),
];

/// A document in a world.
struct Desk<'a> {
    app: Router,
    world: &'a World,
}

impl Desk<'_> {
    async fn page(&self, user: &TestUser, path: &str) -> String {
        let address = self.world.fill(&format!("/orgs/$org/products/$product/documents/$document{path}"));
        let (status, html) = answer(&self.app, Some(user), Request::get(address).header(ACCEPT, "text/html"), String::new()).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        html
    }

    /// Sends a plain form.
    async fn send(&self, user: &TestUser, path: &str, fields: Value) {
        let (kind, body) = body(false, &self.world.arguments(&fields, None));
        let request = Request::post(path).header(ACCEPT, "text/html").header(CONTENT_TYPE, kind);
        let (status, told) = answer(&self.app, Some(user), request, body).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{path}: {told}");
    }

    async fn save(&self, user: &TestUser, version: &str, content: &str) {
        let form = json!({ "title": "T", "content": content });
        self.send(user, api::UpdateDocument::PATH, json!({ "org": "$org", "id": "$document", "version": version, "form": form })).await;
    }
}

/// Two people have read the same: what does not overlap is merged, what does is shown to be merged by hand, and nothing typed
/// is lost in between.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_document_that_two_people_change(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let world = World::new(&db, "acme").await;
    let desk = Desk { app: router(db.state()), world: &world };
    let (ada, bob) = (world.member(Role::ProductManager), world.member(Role::Developer));
    desk.save(ada, "2", "alpha\nbeta\ngamma").await;
    desk.save(ada, "3", "ALPHA\nbeta\ngamma").await;
    desk.save(bob, "3", "alpha\nbeta\nGAMMA").await;
    let html = desk.page(bob, "").await;
    assert!(html.contains("ALPHA\nbeta\nGAMMA"), "{html}");

    desk.save(bob, "3", "bobs alpha\nbeta\ngamma").await;
    assert!(desk.page(ada, "").await.contains("ALPHA\nbeta\nGAMMA"), "nothing is written over");
    let html = desk.page(bob, "/merge").await;
    for part in ["Conflict 1", "bobs alpha", "ALPHA"] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(desk.page(ada, "/merge").await.contains("Nothing to merge"), "of Bob's text she sees nothing");
    assert!(desk.page(bob, "/edit").await.contains("You have an unsaved draft from"));
    let resolve = json!({ "org": "$org", "product": "$product", "id": "$document", "version": "5" });
    desk.send(bob, api::draft::ResolveMerge::PATH, resolve).await;
    let html = desk.page(bob, "/edit?draft=1").await;
    assert!(html.contains("ALPHA\nbobs alpha\nbeta\nGAMMA") && html.contains("name=\"version\" value=\"5\""), "{html}");
    desk.save(bob, "5", "ALPHA\nbobs alpha\nbeta\nGAMMA").await;
    assert!(!desk.page(bob, "/edit").await.contains("unsaved draft"));
}
