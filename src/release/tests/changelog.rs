use axum::body::{Body, to_bytes};
use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH, LAST_MODIFIED};
use http::{Request, StatusCode};
use sqlx::PgPool;
use tower::ServiceExt;

use super::{advance, feature, version, workshop};
use crate::feature::model::FeatureStatus;
use crate::kernel::error::AppError;
use crate::release::model::{ChangeForm, ChangeKind, PublicChangelog, ReleaseStatus};
use crate::release::store::{self, changelog};
use crate::server::request::Caller;
use crate::server::scope::{Public, Scope};
use crate::server::serve::router;
use crate::testing::TestDb;

async fn add(scope: &mut Scope, release: &str, kind: &str, title: &str, text: &str, published: bool) -> String {
    let published = if published { "on" } else { "" };
    let form = ChangeForm { kind: kind.into(), entry: title.into(), text: text.into(), published: published.into() };
    changelog::add(scope, release, form.validate().unwrap()).await.unwrap()
}

async fn read(db: &TestDb) -> Result<PublicChangelog, AppError> {
    let mut public = Public::open(&db.app, Caller::default()).await.unwrap();
    changelog::published(&mut public, "acme", "rocket").await
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn entries_are_written_in_markdown_and_ordered_by_kind(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    let security = add(&mut scope, &id, "SECURITY", "Patched", "**bold** <script>alert(1)</script>", false).await;
    add(&mut scope, &id, "", "Dark theme", "", true).await;
    let entries = changelog::list(&mut scope, &id).await.unwrap();
    assert_eq!(entries.iter().map(|entry| entry.kind).collect::<Vec<_>>(), [ChangeKind::Added, ChangeKind::Security]);
    let html = entries[1].html.as_str();
    assert!(html.contains("<strong>bold</strong>") && !html.contains("<script"), "{html}");
    let form = ChangeForm { kind: "FIXED".into(), entry: "Mended".into(), ..Default::default() };
    assert_eq!(changelog::update(&mut scope, &security, "*", form.validate().unwrap()).await.unwrap(), ("rocket".into(), id.clone()));
    changelog::set_published(&mut scope, &security, true).await.unwrap();
    let product = super::product_id(&mut scope).await;
    let entry = changelog::get(&mut scope, &product, &id, &security).await.unwrap();
    assert_eq!((entry.title.as_str(), entry.kind, entry.published, entry.description), ("Mended", ChangeKind::Fixed, true, None));
    changelog::remove(&mut scope, &security).await.unwrap();
    assert_eq!(changelog::set_published(&mut scope, &security, true).await, Err(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn each_done_feature_is_drafted_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    let open = feature(&mut scope, "Later", FeatureStatus::InProgress).await;
    for one in [feature(&mut scope, "Dark theme", FeatureStatus::Done).await, open.clone()] {
        store::add_feature(&mut scope, &id, &one).await.unwrap();
    }
    assert_eq!(changelog::draft(&mut scope, &id).await.unwrap(), 1);
    assert_eq!(changelog::draft(&mut scope, &id).await.unwrap(), 0);
    let entries = changelog::list(&mut scope, &id).await.unwrap();
    assert_eq!((entries.len(), entries[0].title.as_str(), entries[0].published), (1, "Dark theme", false));
    crate::feature::store::set_status(&mut scope, &open, FeatureStatus::Done).await.unwrap();
    assert_eq!(changelog::draft(&mut scope, &id).await.unwrap(), 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_world_reads_what_is_published_of_what_is_out_and_nothing_else(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let out = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    advance(&mut scope, &out, ReleaseStatus::Released).await;
    add(&mut scope, &out, "FIXED", "Told", "*yes*", true).await;
    add(&mut scope, &out, "", "Secret one", "", false).await;
    let planned = store::create(&mut scope, "rocket", version("2.0.0")).await.unwrap();
    add(&mut scope, &planned, "", "Not out", "", true).await;
    let gone = store::create(&mut scope, "rocket", version("0.9.0")).await.unwrap();
    advance(&mut scope, &gone, ReleaseStatus::Released).await;
    add(&mut scope, &gone, "", "Gone", "", true).await;
    store::set_deleted(&mut scope, &gone, true).await.unwrap();
    scope.commit(()).await.unwrap();
    assert_eq!(read(&db).await, Err(AppError::NotFound), "nobody has made it public");
    let mut scope = db.scope("acme", &admin, crate::kernel::role::Perm::ProductWrite).await.unwrap();
    store::set_public(&mut scope, "rocket", true).await.unwrap();
    scope.commit(()).await.unwrap();
    let log = read(&db).await.unwrap();
    assert_eq!((log.organization.as_str(), log.product.as_str(), log.releases.len()), ("ACME", "ROCKET", 1));
    let release = &log.releases[0];
    assert_eq!((release.version.as_str(), release.changes.len(), release.changes[0].title.as_str()), ("1.0.0", 1, "Told"));
    let rest = [
        r#"UPDATE "Product" SET "deletedAt" = now()"#,
        r#"UPDATE "Product" SET "deletedAt" = NULL; UPDATE "Organization" SET "deletedAt" = now()"#,
    ];
    for sql in rest {
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
        assert_eq!(read(&db).await, Err(AppError::NotFound), "{sql}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_public_product_without_entries_has_an_empty_changelog(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    store::set_public(&mut scope, "rocket", true).await.unwrap();
    assert_eq!(store::set_public(&mut scope, "nowhere", true).await, Err(AppError::NotFound));
    let product = super::product_id(&mut scope).await;
    assert!(store::is_public(&mut scope, &product).await.unwrap());
    scope.commit(()).await.unwrap();
    assert!(read(&db).await.unwrap().releases.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_feed_is_told_once_and_escaped(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let out = store::create(&mut scope, "rocket", version("1.0.0")).await.unwrap();
    advance(&mut scope, &out, ReleaseStatus::Released).await;
    add(&mut scope, &out, "", "A < B & \"C\"", "[x](javascript:alert(1)) **b**", true).await;
    store::set_public(&mut scope, "rocket", true).await.unwrap();
    scope.commit(()).await.unwrap();
    let app = router(db.state());
    let get = async |tag: &str| {
        let request = Request::get("/p/acme/rocket/changelog.atom").header(IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
        app.clone().oneshot(request).await.unwrap()
    };
    let response = get("\"other\"").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/atom+xml; charset=utf-8");
    assert!(response.headers()[LAST_MODIFIED].to_str().unwrap().ends_with(" GMT"));
    let tag = response.headers()[ETAG].to_str().unwrap().to_owned();
    let feed = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
    assert!(feed.contains("A &amp;lt; B &amp;amp; &amp;quot;C&amp;quot;"), "{feed}");
    assert!(feed.contains("&lt;strong&gt;b&lt;/strong&gt;") && !feed.contains("javascript"), "{feed}");
    assert!(feed.contains("<link rel=\"self\" type=\"application/atom+xml\" href=\"http://pm.example/p/acme/rocket/changelog.atom\"/>"));
    assert!(feed.contains("<id>urn:uuid:"), "{feed}");
    assert_eq!(get(&tag).await.status(), StatusCode::NOT_MODIFIED);
    sqlx::query(r#"UPDATE "Product" SET "publicChangelog" = false"#).execute(&pool).await.unwrap();
    assert_eq!(get(&tag).await.status(), StatusCode::NOT_FOUND);
}
