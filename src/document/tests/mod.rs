mod bounds;
mod drafts;
mod named;
mod reviews;
mod talk;

use std::sync::Arc;

use sqlx::PgPool;

use super::model::{DiffRow, Document, DocumentFields, DocumentForm, DocumentQuery, Shown, VersionQuery};
use super::store::{self, Outcome};
use crate::idea::model::IdeaForm;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::product::model::ProductName;
use crate::search::model::{Kind, SearchQuery};
use crate::server::request::Settings;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser, counted};

const URL: &str = "http://pm.example";

fn settings(db: &TestDb) -> Arc<Settings> {
    db.state().settings
}

fn fields(title: &str, content: &str) -> DocumentFields {
    DocumentForm { title: title.into(), content: content.into(), ..Default::default() }.validate().unwrap()
}

/// An organisation with a product, and a scope of its administrator.
async fn workshop(db: &TestDb) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let scope = scope(db, &admin).await;
    (admin, scope)
}

async fn scope(db: &TestDb, user: &TestUser) -> Scope {
    db.scope("acme", user, Perm::WorkWrite).await.unwrap()
}

async fn rocket(scope: &mut Scope) -> Option<ProductName> {
    store::place(scope, "rocket").await.unwrap()
}

/// A document of the product.
async fn written(db: &TestDb, scope: &mut Scope, title: &str, content: &str) -> Document {
    let product = rocket(scope).await;
    store::create(scope, &settings(db), product, fields(title, content)).await.unwrap()
}

async fn now(scope: &mut Scope, id: &str) -> Document {
    let product = rocket(scope).await;
    store::get(scope, product.as_ref(), id).await.unwrap()
}

async fn update(db: &TestDb, scope: &mut Scope, id: &str, version: &str, content: &str) -> Outcome {
    store::update(scope, &settings(db), id, version, fields("Plan", content)).await.unwrap()
}

/// What a page shows of the document's text.
async fn html(scope: &mut Scope, id: &str) -> String {
    let product = rocket(scope).await;
    match store::page(scope, URL, product, id, None).await.unwrap().shown {
        Shown::Page(html, _) => html.as_str().to_owned(),
        Shown::Refused(told) => told,
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_version_is_kept_and_can_be_had_back(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = written(&db, &mut scope, "Plan", "one\ntwo").await.id;
    let noted = DocumentFields { note: "Prices".into(), ..fields("Plan", "one\nthree") };
    assert!(matches!(store::update(&mut scope, &settings(&db), &id, "1", noted.clone()).await.unwrap(), Outcome::Saved(_)));
    store::update(&mut scope, &settings(&db), &id, "2", noted).await.unwrap();
    assert_eq!(now(&mut scope, &id).await.version, 2, "what is the same is no new version");
    scope.commit(()).await.unwrap();
    // A client that knows nothing of versions, and one that counts for itself.
    for sql in [r#"UPDATE "Document" SET content = 'foreign'"#, r#"UPDATE "Document" SET version = 40, title = 'Plan B'"#] {
        sqlx::query(sql).execute(&pool).await.unwrap();
    }
    sqlx::query(r#"UPDATE "Document" SET version = 77"#).execute(&pool).await.unwrap();
    let mut scope = self::scope(&db, &admin).await;
    let versions = store::version::list(&mut scope, &id, &VersionQuery::default()).await.unwrap().rows;
    let told: Vec<_> = versions.iter().map(|row| (row.number, row.title.as_str(), row.note.as_str(), row.author_name.is_some())).collect();
    assert_eq!(told, [(4, "Plan B", "", false), (3, "Plan", "", false), (2, "Plan", "Prices", true), (1, "Plan", "", true)]);
    let (older, newer, diff) = store::version::compared(&mut scope, &id, 1, 2).await.unwrap();
    assert_eq!((older.number, newer.number, diff.added, diff.removed), (1, 2, 1, 1));
    assert!(matches!(diff.rows.last(), Some(DiffRow::Line(Some(2), Some(2), _))));
    assert_eq!(store::version::compared(&mut scope, &id, 1, 9).await.unwrap_err(), AppError::NotFound);
    store::version::restore(&mut scope, &settings(&db), &id, 1).await.unwrap();
    let document = now(&mut scope, &id).await;
    assert_eq!((document.version, document.title.as_str(), document.content.as_str()), (5, "Plan", "one\ntwo"));
    let newest = store::version::list(&mut scope, &id, &VersionQuery::default()).await.unwrap().rows.remove(0);
    assert_eq!((newest.number, newest.note.as_str()), (5, "Restored from version 1"));
    assert!(matches!(store::version::restore(&mut scope, &settings(&db), &id, 5).await, Err(AppError::Conflict(_))));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn documents_are_listed_where_they_belong(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    for n in 0..22 {
        written(&db, &mut scope, &format!("Plan {n}"), "").await;
    }
    let own = store::create(&mut scope, &settings(&db), None, fields("Travel policy", "")).await.unwrap();
    let product = rocket(&mut scope).await;
    let titles = async |scope: &mut Scope, product: Option<&ProductName>, query: DocumentQuery| {
        store::list(scope, product, &query).await.unwrap().rows.into_iter().map(|row| row.title).collect::<Vec<_>>()
    };
    let (first, statements) = counted(store::list(&mut scope, product.as_ref(), &DocumentQuery::default())).await;
    let first = first.unwrap();
    assert_eq!((first.rows.len(), statements), (20, 1));
    let next = store::list(&mut scope, product.as_ref(), &DocumentQuery { cursor: first.next, ..Default::default() }).await.unwrap();
    assert_eq!((next.rows.len(), next.first_place), (2, 21));
    assert!(titles(&mut scope, None, DocumentQuery::default()).await.contains(&"Travel policy".to_owned()));
    assert_eq!(titles(&mut scope, None, DocumentQuery { own: true, ..Default::default() }).await, ["Travel policy"]);
    assert_eq!(store::get(&mut scope, product.as_ref(), &own.id).await, Err(AppError::NotFound), "it is of no product");
    store::set_deleted(&mut scope, &own.id, true).await.unwrap();
    store::set_deleted(&mut scope, &own.id, true).await.unwrap();
    assert!(titles(&mut scope, None, DocumentQuery { own: true, ..Default::default() }).await.is_empty());
    assert_eq!(titles(&mut scope, None, DocumentQuery { deleted: true, ..Default::default() }).await, ["Travel policy"]);
    store::set_deleted(&mut scope, &own.id, false).await.unwrap();
    scope.commit(()).await.unwrap();
    sqlx::query(r#"UPDATE "Product" SET "deletedAt" = now()"#).execute(&pool).await.unwrap();
    let mut scope = self::scope(&db, &admin).await;
    assert_eq!(titles(&mut scope, None, DocumentQuery::default()).await, ["Travel policy"], "the others rest with their product");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn documents_are_found_with_a_product_and_without(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let plan = written(&db, &mut scope, "Launch plan", "Everything about **zeppelins**").await;
    let policy = store::create(&mut scope, &settings(&db), None, fields("Travel policy", "No zeppelins")).await.unwrap();
    let find = async |scope: &mut Scope, product: Option<&str>| {
        let query = SearchQuery { words: "zeppelins".into(), product: product.map(str::to_owned), ..Default::default() };
        let found = crate::search::store::find(scope, &query).await.unwrap().groups;
        assert!(found.iter().all(|group| group.kind == Kind::Document));
        let mut hits: Vec<_> = found.into_iter().flat_map(|group| group.hits).map(|hit| (hit.id, hit.product_key)).collect();
        hits.sort();
        hits
    };
    let mut expected = vec![(plan.id.clone(), Some("rocket".to_owned())), (policy.id.clone(), None)];
    expected.sort();
    assert_eq!(find(&mut scope, None).await, expected);
    assert_eq!(find(&mut scope, Some("rocket")).await, [(plan.id.clone(), Some("rocket".to_owned()))]);
    store::set_deleted(&mut scope, &policy.id, true).await.unwrap();
    update(&db, &mut scope, &plan.id, "1", "Only balloons").await;
    assert!(find(&mut scope, None).await.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn items_and_people_are_known_in_a_text(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let form = IdeaForm { title: "Mobile <App>".into(), ..Default::default() };
    let idea = crate::idea::store::create(&mut scope, "rocket", form.validate().unwrap()).await.unwrap();
    scope.commit(()).await.unwrap();
    let stranger = db.org("other").await;
    db.product("other", &stranger, "secret").await;
    let mut theirs = db.scope("other", &stranger, Perm::IdeaWrite).await.unwrap();
    let form = IdeaForm { title: "Secret idea".into(), ..Default::default() };
    let secret = crate::idea::store::create(&mut theirs, "secret", form.validate().unwrap()).await.unwrap();
    theirs.commit(()).await.unwrap();

    let ada = db.member("acme", Role::Developer).await;
    sqlx::query(r#"UPDATE "User" SET name = 'Ada Lovelace', email = 'ada@acme.test' WHERE id = $1"#)
        .bind(&ada.id)
        .execute(&pool)
        .await
        .unwrap();
    let mut scope = self::scope(&db, &ada).await;
    let text = format!(
        "See /orgs/acme/products/rocket/ideas/{idea}, [{{}}](http://pm.example/orgs/acme/products/rocket/ideas/{idea}), \
         /orgs/other/products/secret/ideas/{secret}, /orgs/acme/products/rocket/ideas/{secret} and @Ada Lovelace, @Nobody"
    );
    let id = written(&db, &mut scope, "Plan", &text).await.id;
    let product = rocket(&mut scope).await;
    let page = store::page(&mut scope, URL, product.clone(), &id, None).await;
    // Types are asked for once, so the first time does not count.
    let (_, few) = counted(store::page(&mut scope, URL, product.clone(), &id, None)).await;
    let Shown::Page(html, _) = page.unwrap().shown else { panic!("it is shown") };
    let html = html.as_str();
    assert!(html.contains(">Mobile &lt;App&gt;</a> <span class=\"item-state\">Submitted</span>"), "{html}");
    assert!(html.contains("<mark class=\"mention\">@Ada Lovelace</mark>") && !html.contains("Secret idea"), "{html}");
    let many = written(&db, &mut scope, "Plan", &text.repeat(20)).await.id;
    let (_, more) = counted(store::page(&mut scope, URL, product, &many, None)).await;
    assert_eq!(few, more, "statements");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_documents_cannot_be_touched(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut ours) = workshop(&db).await;
    let id = written(&db, &mut ours, "Secret", "secret words").await.id;
    let comment = store::talk::add(&mut ours, &settings(&db), &id, ("C".into(), "secret".into(), String::new())).await.unwrap();
    ours.commit(()).await.unwrap();
    let eve = db.org("other").await;
    let mut scope = db.scope("other", &eve, Perm::Publish).await.unwrap();
    let set = settings(&db);
    assert_eq!(store::get(&mut scope, None, &id).await, Err(AppError::NotFound));
    assert_eq!(store::update(&mut scope, &set, &id, "*", fields("T", "x")).await, Err(AppError::NotFound));
    assert_eq!(store::set_deleted(&mut scope, &id, true).await, Err(AppError::NotFound));
    assert_eq!(store::version::restore(&mut scope, &set, &id, 1).await, Err(AppError::NotFound));
    assert_eq!(store::version::compared(&mut scope, &id, 1, 1).await.unwrap_err(), AppError::NotFound);
    assert_eq!(store::review::request(&mut scope, &set, &id, None).await, Err(AppError::NotFound));
    assert_eq!(
        store::review::set_status(&mut scope, &set, &id, super::model::DocumentStatus::Approved, "", None).await,
        Err(AppError::NotFound)
    );
    assert_eq!(store::talk::add(&mut scope, &set, &id, ("C".into(), String::new(), String::new())).await, Err(AppError::NotFound));
    assert_eq!(store::talk::delete(&mut scope, &comment).await, Err(AppError::NotFound));
    assert_eq!(store::talk::resolve(&mut scope, &comment, true).await, Err(AppError::NotFound));
    assert_eq!(store::draft::keep_of(&mut scope, &id, Default::default()).await, Err(AppError::NotFound));
    assert!(store::talk::all(&mut scope, &id).await.unwrap().is_empty() && store::review::all(&mut scope, &id).await.unwrap().is_empty());
    assert!(store::version::list(&mut scope, &id, &VersionQuery::default()).await.unwrap().rows.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_program_changes_what_it_has_seen(pool: PgPool) {
    use crate::kernel::version::{ANY, Edited};

    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = written(&db, &mut scope, "Plan", "one").await.id;
    let seen = DocumentFields::from(&now(&mut scope, &id).await).version();
    store::revise(&mut scope, &settings(&db), &id, &seen, fields("Plan", "two")).await.unwrap();
    let late = store::revise(&mut scope, &settings(&db), &id, &seen, fields("Plan", "three")).await.unwrap_err();
    assert_eq!(late.saved("content").as_deref(), Some("two"), "nothing is merged");
    store::revise(&mut scope, &settings(&db), &id, &seen, fields("Plan", "two")).await.unwrap();
    store::revise(&mut scope, &settings(&db), &id, ANY, fields("Plan", "four")).await.unwrap();
    let (version, content) = store::version::one(&mut scope, &id, 2).await.unwrap();
    assert_eq!((version.number, content.as_str(), now(&mut scope, &id).await.version), (2, "two", 3));
    assert_eq!(store::version::one(&mut scope, &id, 4).await.unwrap_err(), AppError::NotFound);
}
