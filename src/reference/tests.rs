//! Numbers of items, and where they lead.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, PgPool};

use super::store;
use crate::idea::model::IdeaForm;
use crate::kernel::error::AppError;
use crate::kernel::reference::{Reference, reference};
use crate::kernel::role::{Perm, Role};
use crate::server::db::MIGRATIONS;
use crate::server::scope::{Person, Scope};
use crate::testing::{Beside, TestDb, TestUser};

/// An organisation with a product, whose key is its slug, and a scope of its administrator.
async fn workshop(db: &TestDb, slug: &str) -> (TestUser, Scope) {
    let admin = db.org(slug).await;
    db.product(slug, &admin, slug).await;
    let scope = db.scope(slug, &admin, Perm::IdeaReview).await.unwrap();
    (admin, scope)
}

async fn idea(scope: &mut Scope, title: &str) -> String {
    let key = scope.organization().slug.clone();
    let fields = IdeaForm { title: title.into(), ..Default::default() }.validate().unwrap();
    crate::idea::store::create(scope, &key, fields).await.unwrap()
}

fn of(text: &str) -> Reference {
    Reference::parse(text).unwrap()
}

async fn run(pool: &PgPool, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(pool).await.unwrap();
}

async fn numbers(pool: &PgPool, sql: &str) -> Vec<Option<i32>> {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(pool).await.unwrap()
}

async fn last(pool: &PgPool) -> i32 {
    sqlx::query_scalar(r#"SELECT last FROM "ProductNumber""#).fetch_one(pool).await.unwrap()
}

/// Statements of a client that knows the published schema alone, for an item of each kind of a product.
const ITEMS: &str = r#"
    INSERT INTO "Idea" (id, title, description, "productId", "creatorId") SELECT 'i', 'Idea', '', p.id, u.id FROM "Product" p, "User" u;
    INSERT INTO "Epic" (id, title, description, "productId") SELECT 'e', 'Epic', '', id FROM "Product";
    INSERT INTO "Feature" (id, title, description, "productId") SELECT 'f', 'Feature', '', id FROM "Product";
    INSERT INTO "Task" (id, title, "productId") SELECT 't', 'Task', id FROM "Product";
    INSERT INTO "Release" (id, name, version, "productId") SELECT 'r', 'Release', '1.0.0', id FROM "Product";
    INSERT INTO "Feedback" (id, title, description, "productId") SELECT 'b', 'Feedback', '', id FROM "Product";
    INSERT INTO "OKR" (id, title, quarter, "productId", "ownerId") SELECT 'o', 'OKR', '2026-Q4', p.id, u.id FROM "Product" p, "User" u;
    INSERT INTO "KPI" (id, name, "targetValue", unit, "productId", "ownerId") SELECT 'k', 'KPI', 1, '%', p.id, u.id FROM "Product" p, "User" u;
    INSERT INTO "Experiment" (id, name, hypothesis, "productId", "ownerId") SELECT 'x', 'Experiment', 'H', p.id, u.id FROM "Product" p, "User" u;
    INSERT INTO "Document" (id, title, content, "organizationId", "productId", "authorId")
        SELECT 'd', 'Document', '', p."organizationId", p.id, u.id FROM "Product" p, "User" u;
    INSERT INTO "Document" (id, title, content, "organizationId", "authorId")
        SELECT 'own', 'Of the organisation', '', p."organizationId", u.id FROM "Product" p, "User" u"#;

/// The numbers of all of them, in their order.
const NUMBERS: &str = r#"
    SELECT number FROM (SELECT 1, number FROM "Idea" UNION ALL SELECT 2, number FROM "Epic" UNION ALL SELECT 3, number FROM "Feature"
        UNION ALL SELECT 4, number FROM "Task" UNION ALL SELECT 5, number FROM "Release" UNION ALL SELECT 6, number FROM "Feedback"
        UNION ALL SELECT 7, number FROM "OKR" UNION ALL SELECT 8, number FROM "KPI" UNION ALL SELECT 9, number FROM "Experiment"
        UNION ALL SELECT 10 + length(id), number FROM "Document") x (place, number) ORDER BY place"#;

fn ten_and_none() -> Vec<Option<i32>> {
    (1..=10).map(Some).chain([None]).collect()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn one_sequence_runs_over_all_kinds_whoever_writes(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope) = workshop(&db, "acme").await;
    drop(scope);
    run(&pool, ITEMS).await;
    assert_eq!(numbers(&pool, NUMBERS).await, ten_and_none());
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    let sections = ["ideas", "epics", "features", "tasks", "releases", "feedback", "okrs", "kpis", "experiments", "documents"];
    let ids = ["i", "e", "f", "t", "r", "b", "o", "k", "x", "d"];
    for (at, (section, id)) in sections.into_iter().zip(ids).enumerate() {
        let reference = of(&format!("ACME-{}", at + 1));
        let page = store::page(&mut scope, &reference).await.unwrap();
        assert_eq!(page, format!("/orgs/acme/products/acme/{section}/{id}"));
        assert_eq!(store::find(&mut scope, &reference).await.unwrap().unwrap().section, section);
    }
    assert_eq!(store::page(&mut scope, &of("ACME-11")).await, Err(AppError::NotFound));
    let told = store::numbers(&mut scope, &["d", "own", "nothing"]).await.unwrap();
    assert_eq!(told.into_iter().collect::<Vec<_>>(), [("d".to_owned(), 10)]);
}

/// What was there before there were numbers has some afterwards, in the order in which it was made, and was not changed otherwise.
#[sqlx::test(migrations = false)]
async fn what_is_there_already_is_numbered(pool: PgPool) {
    let beside = Beside::new(&pool).await;
    let pool = PgPool::connect_with(beside.options.clone()).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    MIGRATIONS.run_to(30, &mut *connection).await.unwrap();
    run(
        &pool,
        r#"INSERT INTO "Organization" (id, name, slug) VALUES ('acme', 'Acme', 'acme');
           INSERT INTO "User" (id, email) VALUES ('u', 'u@acme.test');
           INSERT INTO "Product" (id, name, key, "organizationId") VALUES ('p', 'P', 'acme', 'acme')"#,
    )
    .await;
    run(&pool, ITEMS).await;
    run(&pool, r#"UPDATE "Experiment" SET "createdAt" = '2001-01-01'"#).await;
    let before = numbers(&pool, r#"SELECT count(*)::integer FROM "AuditLog""#).await;
    MIGRATIONS.run(&mut *connection).await.unwrap();
    drop(connection);
    assert_eq!(numbers(&pool, r#"SELECT number FROM "Experiment""#).await, [Some(1)], "the oldest comes first");
    let all: BTreeSet<i32> = numbers(&pool, NUMBERS).await.into_iter().flatten().collect();
    assert_eq!(all, (1..=10).collect());
    assert_eq!(numbers(&pool, r#"SELECT count(*)::integer FROM "AuditLog""#).await, before);
    assert_eq!(numbers(&pool, r#"SELECT number FROM "Idea" WHERE "updatedAt" > "createdAt""#).await, Vec::new());
    run(&pool, r#"INSERT INTO "Task" (id, title, "productId") VALUES ('next', 'Next', 'p')"#).await;
    assert_eq!(numbers(&pool, r#"SELECT number FROM "Task" WHERE id = 'next'"#).await, [Some(11)]);
    beside.drop().await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_number_is_the_databases_own_and_stays(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db, "acme").await;
    let id = idea(&mut scope, "One").await;
    crate::idea::store::set_deleted(&mut scope, &id, true).await.unwrap();
    crate::idea::store::set_deleted(&mut scope, &id, false).await.unwrap();
    scope.commit(()).await.unwrap();
    run(&pool, r#"UPDATE "Idea" SET number = 99, title = 'Changed'"#).await;
    run(&pool, r#"INSERT INTO "Epic" (id, title, description, "productId", number) SELECT 'e', 'Epic', '', id, 99 FROM "Product""#).await;
    assert_eq!(numbers(&pool, r#"SELECT number FROM "Idea" UNION ALL SELECT number FROM "Epic""#).await, [Some(1), Some(2)]);
    // What is gone for good leaves its number behind.
    run(&pool, r#"DELETE FROM "Epic""#).await;
    db.product("acme", &admin, "other").await;
    run(&pool, r#"INSERT INTO "Epic" (id, title, description, "productId") SELECT 'e' || key, 'Epic', '', id FROM "Product""#).await;
    assert_eq!(numbers(&pool, r#"SELECT number FROM "Epic" WHERE id = 'eacme'"#).await, [Some(3)]);
    assert_eq!(numbers(&pool, r#"SELECT number FROM "Epic" WHERE id = 'eother'"#).await, [Some(1)]);
    // What moves to another product has a number of that one.
    run(&pool, r#"UPDATE "Epic" SET "productId" = (SELECT id FROM "Product" WHERE key = 'other') WHERE id = 'eacme'"#).await;
    assert_eq!(numbers(&pool, r#"SELECT number FROM "Epic" WHERE id = 'eacme'"#).await, [Some(2)]);
}

/// Many people add items at the same moment, some think better of it: no two have the same number, and there are no gaps.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn numbers_are_given_once_however_many_ask(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, scope) = workshop(&db, "acme").await;
    drop(scope);
    let mut tasks = tokio::task::JoinSet::new();
    for who in 0..6 {
        let pool = pool.clone();
        tasks.spawn(async move {
            for n in 0..20 {
                let mut tx = pool.begin().await.unwrap();
                let (table, rest) = if who % 2 == 0 { ("Epic", "description, ") } else { ("Task", "") };
                let text = if rest.is_empty() { "" } else { "'', " };
                let sql =
                    format!(r#"INSERT INTO "{table}" (id, title, {rest}"productId") SELECT '{who}-{n}', 'T', {text}id FROM "Product""#);
                sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await.unwrap();
                if n % 4 == 3 { tx.rollback().await.unwrap() } else { tx.commit().await.unwrap() }
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let mut all = numbers(&pool, r#"SELECT number FROM "Epic" UNION ALL SELECT number FROM "Task""#).await;
    all.sort();
    assert_eq!(all, (1..=90).map(Some).collect::<Vec<_>>());
    assert_eq!(last(&pool).await, 90);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn many_rows_of_one_statement_follow_each_other(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, scope) = workshop(&db, "acme").await;
    drop(scope);
    let many = r#"INSERT INTO "Epic" (id, title, description, "productId") SELECT 'a' || n, 'Epic', '', p.id FROM "Product" p, generate_series(1, 3000) n"#;
    run(&pool, many).await;
    let found: BTreeSet<i32> = numbers(&pool, r#"SELECT number FROM "Epic""#).await.into_iter().flatten().collect();
    assert_eq!(found, (1..=3000).collect());
    assert_eq!(last(&pool).await, 3000, "what was taken and not used is given back");
    run(
        &pool,
        r#"BEGIN;
           SAVEPOINT before;
           INSERT INTO "Task" (id, title, "productId") SELECT 't' || n, 'T', p.id FROM "Product" p, generate_series(1, 5) n;
           ROLLBACK TO before;
           INSERT INTO "Task" (id, title, "productId") SELECT 't' || n, 'T', p.id FROM "Product" p, generate_series(1, 5) n;
           COMMIT"#,
    )
    .await;
    assert_eq!(numbers(&pool, r#"SELECT number FROM "Task" ORDER BY number"#).await, (3001..=3005).map(Some).collect::<Vec<_>>());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn references_lead_to_what_is_live_and_ones_own(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut theirs) = workshop(&db, "other").await;
    idea(&mut theirs, "Secret").await;
    theirs.commit(()).await.unwrap();
    let (_, mut scope) = workshop(&db, "acme").await;
    let (one, two) = (idea(&mut scope, "One").await, idea(&mut scope, "Two").await);
    crate::idea::store::set_deleted(&mut scope, &two, true).await.unwrap();
    let links = store::links(&mut scope, ["See ACME-1 and ACME-2, OTHER-1", "UTF-8 and ACME-1"]).await.unwrap();
    assert_eq!(links.len(), 1);
    let told = (links[0].reference.to_string(), links[0].href.clone(), links[0].title.as_str(), links[0].state.as_str());
    assert_eq!(told, ("ACME-1".into(), format!("/orgs/acme/products/acme/ideas/{one}"), "One", "Submitted"));
    assert!(store::find(&mut scope, &of("ACME-2")).await.unwrap().is_none());
    let page = store::page(&mut scope, &of("ACME-2")).await;
    assert_eq!(page, Ok(format!("/orgs/acme/products/acme/ideas/{two}")), "it can be brought back there");
    assert_eq!(store::page(&mut scope, &of("OTHER-1")).await, Err(AppError::NotFound));
    sqlx::query(r#"UPDATE "Product" SET "deletedAt" = now()"#).execute(scope.db()).await.unwrap();
    assert_eq!(store::page(&mut scope, &of("ACME-1")).await, Err(AppError::NotFound));
    assert_eq!(reference("acme", Some(1)), Some("ACME-1".into()));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_stranger_is_told_nothing_of_a_product(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db, "acme").await;
    idea(&mut scope, "One").await;
    scope.commit(()).await.unwrap();
    let (stranger, _) = workshop(&db, "other").await;
    let member = db.member("acme", Role::Stakeholder).await;
    for (user, expected) in [(&admin, Ok("acme".to_owned())), (&member, Ok("acme".into())), (&stranger, Err(AppError::NotFound))] {
        let mut person = Person::open(&db.app, &user.caller).await.unwrap();
        assert_eq!(store::home(&mut person, &of("ACME-1")).await, expected);
    }
    let mut person = Person::open(&db.app, &admin.caller).await.unwrap();
    assert_eq!(store::home(&mut person, &of("NOTHING-1")).await, Err(AppError::NotFound));
}

/// As the application's role, a reference among many is looked up in an index.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_reference_among_many_reads_an_index(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope) = workshop(&db, "acme").await;
    drop(scope);
    let many = r#"INSERT INTO "Task" (id, title, "productId") SELECT 't' || n, 'T', p.id FROM "Product" p, generate_series(1, 5000) n"#;
    run(&pool, many).await;
    run(&pool, r#"ANALYZE "Task""#).await;
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    store::links(&mut scope, ["ACME-1 ACME-4000 ACME-5001"]).await.unwrap();
    let scans: (i64, i64) =
        sqlx::query_as(r#"SELECT pg_stat_get_xact_numscans('"Task"'::regclass), pg_stat_get_xact_numscans('"Task_number_key"'::regclass)"#)
            .fetch_one(scope.db())
            .await
            .unwrap();
    assert_eq!(scans, (0, 3), "sequential scans, index scans");
}
