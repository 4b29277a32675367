//! Words typed wrong, and what comes first among many.

use sqlx::PgPool;

use super::{found, idea, page, titles, workshop};
use crate::kernel::role::Perm;
use crate::search::model::FEW;
use crate::server::scope::Scope;
use crate::testing::TestDb;

/// With the extension and without, which the database may be at any time.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn words_typed_wrong_are_found_by_those_that_are_like_them(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db, "acme").await;
    idea(&mut scope, "Mobile App", "").await;
    idea(&mut scope, "Roadmap in calendars", "").await;
    let wrong = async |scope: &mut Scope, words: &[&str]| {
        for typed in words {
            let found = page(scope, typed).await;
            let first = found.groups.first().and_then(|group| titles(&group.hits).into_iter().next());
            let expected = if typed.starts_with('m') || typed.starts_with("ap") { "Mobile App" } else { "Roadmap in calendars" };
            assert_eq!((first.as_deref(), found.near), (Some(expected), true), "{typed}");
        }
    };
    let by_a_letter = ["moblie", "mobbile", "moble", "mobale app", "raodmap", "calandars type:idea"];
    wrong(&mut scope, &by_a_letter).await;
    assert!(!page(&mut scope, "mobile").await.near);
    assert!(found(&mut scope, "\"moblie app\" type:task").await.is_empty(), "a filter holds for what is like it too");
    scope.commit(()).await.unwrap();
    let index: Vec<String> = sqlx::query_scalar("SELECT indexname::text FROM pg_indexes WHERE indexname = 'SearchWord_alike_idx'")
        .fetch_all(&pool)
        .await
        .unwrap();
    let has_trigrams: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')").fetch_one(&pool).await.unwrap();
    assert_eq!(index.len() == 1, has_trigrams);
    let (admin, mut scope) = workshop(&db, "other").await;
    idea(&mut scope, "Mobile App", "").await;
    idea(&mut scope, "Roadmap in calendars", "").await;
    if has_trigrams {
        wrong(&mut scope, &["kalendars"]).await;
    }
    scope.commit(()).await.unwrap();
    sqlx::query("DROP EXTENSION IF EXISTS pg_trgm CASCADE").execute(&pool).await.unwrap();
    let mut scope = db.scope("other", &admin, Perm::Read).await.unwrap();
    wrong(&mut scope, &by_a_letter).await;
    assert!(found(&mut scope, "kalendars").await.is_empty(), "without trigrams the first letter has to be right");
    drop(scope);
    // An owner who installs it later makes use of it by this.
    let used: bool = sqlx::query_scalar("SELECT search_use_trigrams()").fetch_one(&pool).await.unwrap();
    assert_eq!(used, has_trigrams);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn words_of_another_tenant_are_like_nothing(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db, "acme").await;
    idea(&mut scope, "Zeppelin", "").await;
    scope.commit(()).await.unwrap();
    let (_, mut scope) = workshop(&db, "other").await;
    idea(&mut scope, "Balloon", "zeppelin").await;
    assert!(found(&mut scope, "zepelin").await.is_empty());
    scope.commit(()).await.unwrap();
    sqlx::query(r#"DELETE FROM "Organization" WHERE slug = 'acme'"#).execute(&pool).await.unwrap();
    let left: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "SearchWord" WHERE word = 'zeppelin'"#).fetch_one(&pool).await.unwrap();
    assert_eq!(left, 0, "the words go with the organisation");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_title_as_it_was_typed_comes_first_however_old_it_is(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db, "acme").await;
    let old = idea(&mut scope, "Report", "").await;
    scope.commit(()).await.unwrap();
    sqlx::query(
        r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId")
           SELECT 'z' || n, 'About reports', 'report', p.id, $1 FROM generate_series(1, 3000) n, "Product" p"#,
    )
    .bind(&admin.id)
    .execute(&pool)
    .await
    .unwrap();
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    let hits = found(&mut scope, "report").await;
    assert_eq!((hits[0].id.as_str(), hits.len() as i32), (old.as_str(), FEW));
}
