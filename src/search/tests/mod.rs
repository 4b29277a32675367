mod counted;
mod filter;
mod near;

use sqlx::PgPool;

use super::model::{FEW, Found, Hit, Kind, SearchQuery, pieces};
use super::store;
use crate::idea::model::IdeaForm;
use crate::kernel::role::Perm;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

async fn workshop(db: &TestDb, slug: &str) -> (TestUser, Scope) {
    let admin = db.org(slug).await;
    db.product(slug, &admin, &format!("{slug}-rocket")).await;
    let scope = db.scope(slug, &admin, Perm::IdeaReview).await.unwrap();
    (admin, scope)
}

async fn idea(scope: &mut Scope, title: &str, description: &str) -> String {
    let key = format!("{}-rocket", scope.organization().slug);
    let form = IdeaForm { title: title.into(), description: description.into(), ..Default::default() };
    crate::idea::store::create(scope, &key, form.validate().unwrap()).await.unwrap()
}

/// What is found, in the order in which it is shown.
async fn found(scope: &mut Scope, words: &str) -> Vec<Hit> {
    find(scope, SearchQuery { words: words.into(), ..Default::default() }).await
}

async fn find(scope: &mut Scope, query: SearchQuery) -> Vec<Hit> {
    let found = store::find(scope, &query.bounded()).await.unwrap();
    found.groups.into_iter().flat_map(|group| group.hits).collect()
}

/// What is found of all that was typed, with all that is told of it.
async fn page(scope: &mut Scope, words: &str) -> Found {
    store::find(scope, &SearchQuery { words: words.into(), ..Default::default() }.bounded()).await.unwrap()
}

fn titles(hits: &[Hit]) -> Vec<String> {
    hits.iter().map(|hit| pieces(&hit.title).into_iter().map(|(text, _)| text).collect()).collect()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn words_are_found_by_their_beginnings_and_phrases_as_they_stand(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db, "acme").await;
    idea(&mut scope, "Mobile App", "For people on the road").await;
    idea(&mut scope, "Offline", "A native app that works in a tunnel").await;
    idea(&mut scope, "Web", "The app is not native, and mobile comes later").await;
    idea(&mut scope, "שלום עולם 🚀", "<b>bold</b>").await;
    assert_eq!(titles(&found(&mut scope, "mob").await), ["Mobile App", "Web"], "a title comes before a text");
    assert_eq!(titles(&found(&mut scope, "MOBILE app").await), ["Mobile App", "Web"]);
    assert_eq!(titles(&found(&mut scope, "\"native app\"").await), ["Offline"]);
    assert_eq!(titles(&found(&mut scope, "\"native app").await), ["Offline"], "a quote that is not closed yet");
    assert_eq!(titles(&found(&mut scope, "שלו").await), ["שלום עולם 🚀"]);
    for odd in ["", "  ", "\"\"", "'", "\\", "& | ! ( ) :* <->", "mob\\", "🚀🚀", &"x ".repeat(500)] {
        let _ = found(&mut scope, odd).await;
    }
    let hit = found(&mut scope, "mob").await.remove(0);
    assert_eq!(pieces(&hit.title), [("Mobile".to_owned(), true), (" App".to_owned(), false)]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn words_are_found_between_punctuation_and_without_their_accents(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db, "acme").await;
    let title = "iOS/Android: two-factor login/sign-up for node.js v2.10";
    let text = "Press <Enter> here, say ops@northwind.example of ABC-123, snake_case_name, -5 degrees in a café";
    idea(&mut scope, title, text).await;
    let words =
        ["android", "two-f", "two-factor", "sign up", "js", "enter", "123", "2.10", "northwind", "snake_c", "5 degrees", "cafe", "CAFÉ"];
    for words in words.into_iter().chain(["\"two-factor login\"", "\"sign up\""]) {
        let hits = found(&mut scope, words).await;
        assert_eq!(titles(&hits), [title], "{words}");
        let snippet: String = pieces(&hits[0].snippet).into_iter().map(|(text, _)| text).collect();
        assert!(text.starts_with(&snippet) && snippet.contains("<Enter>"), "nothing is left out or put in: {snippet}");
    }
    assert_eq!(found(&mut scope, "factor android").await.len(), 1);
    assert!(found(&mut scope, "droid").await.iter().all(|hit| hit.near), "the end of a word is none, but is like it");
    let hit = found(&mut scope, "android").await.remove(0);
    assert!(pieces(&hit.title).contains(&("Android".to_owned(), true)), "{}", hit.title);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_found_follows_the_rows(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db, "acme").await;
    let id = idea(&mut scope, "Fleeting", "").await;
    let renamed = IdeaForm { title: "Lasting".into(), ..Default::default() }.validate().unwrap();
    crate::idea::store::update(&mut scope, &id, "*", renamed).await.unwrap();
    assert_eq!((found(&mut scope, "fleeting").await.len(), found(&mut scope, "lasting").await.len()), (0, 1));
    crate::idea::store::set_deleted(&mut scope, &id, true).await.unwrap();
    assert!(found(&mut scope, "lasting").await.is_empty());
    crate::idea::store::set_deleted(&mut scope, &id, false).await.unwrap();
    assert_eq!(found(&mut scope, "lasting").await.len(), 1);
    sqlx::query(r#"UPDATE "Product" SET "deletedAt" = now()"#).execute(scope.db()).await.unwrap();
    assert!(found(&mut scope, "lasting").await.is_empty(), "the ideas of a deleted product rest with it");
    sqlx::query(r#"UPDATE "Product" SET "deletedAt" = NULL"#).execute(scope.db()).await.unwrap();
    scope.commit(()).await.unwrap();
    sqlx::query(r#"DELETE FROM "Idea""#).execute(&pool).await.unwrap();
    let left: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "SearchEntry" WHERE kind = 'Idea'"#).fetch_one(&pool).await.unwrap();
    assert_eq!(left, 0);
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    assert!(found(&mut scope, "lasting").await.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn kinds_and_products_narrow_and_addresses_are_not_found(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db, "acme").await;
    idea(&mut scope, "Dark theme", "").await;
    sqlx::query(
        r#"INSERT INTO "Feedback" (id, title, description, "productId", "userEmail")
           SELECT 'f1', 'Too bright', 'Give us a dark theme', id, 'customer@example.test' FROM "Product""#,
    )
    .execute(scope.db())
    .await
    .unwrap();
    scope.commit(()).await.unwrap();
    db.product("acme", &admin, "shuttle").await;
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    let dark = |kind: Option<Kind>, product: Option<&str>| SearchQuery {
        words: "dark".into(),
        kind,
        product: product.map(str::to_owned),
        page: 0,
    };
    assert_eq!(titles(&find(&mut scope, dark(None, None)).await), ["Dark theme", "Too bright"]);
    assert_eq!(titles(&find(&mut scope, dark(Some(Kind::Feedback), None)).await), ["Too bright"]);
    assert_eq!(find(&mut scope, dark(None, Some("acme-rocket"))).await.len(), 2);
    assert!(find(&mut scope, dark(None, Some("shuttle"))).await.is_empty());
    assert!(find(&mut scope, dark(None, Some("unknown"))).await.is_empty());
    for address in ["customer", "customer@example.test", "example.test"] {
        assert!(found(&mut scope, address).await.is_empty(), "{address}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn marks_cannot_come_from_a_text(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db, "acme").await;
    sqlx::query(
        r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId")
           SELECT 'i1', E'\x02Not\x03 a mark', E'\x02<script>', id, $1 FROM "Product""#,
    )
    .bind(&admin.id)
    .execute(scope.db())
    .await
    .unwrap();
    let hit = found(&mut scope, "mark").await.remove(0);
    assert_eq!(pieces(&hit.title), [("Not a ".to_owned(), false), ("mark".to_owned(), true)]);
}

/// The store ends what takes longer than five seconds.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn words_repeated_and_long_phrases_cost_no_more_than_others(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db, "acme").await;
    for _ in 0..5 {
        idea(&mut scope, &"a b ".repeat(45), &"a b ".repeat(1000)).await;
    }
    let letters = ('a'..='z').map(String::from).collect::<Vec<_>>().join(" ");
    idea(&mut scope, "Letters", &letters.repeat(70)).await;
    for words in ["a ".repeat(100), "a b ".repeat(50), format!("\"{}\"", "a b ".repeat(49)), "\"a b a a\" ".repeat(16)] {
        assert!(found(&mut scope, &words).await.iter().all(|hit| hit.snippet.contains('\u{2}')), "{words}");
    }
    let phrases = format!("\"{letters}\" \"{}\"", &letters[..23]);
    assert_eq!(titles(&found(&mut scope, &phrases).await), ["Letters"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn nothing_of_another_tenant_is_found(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db, "acme").await;
    idea(&mut scope, "Secret", "secret").await;
    scope.commit(()).await.unwrap();
    let (_, mut scope) = workshop(&db, "other").await;
    assert!(found(&mut scope, "secret").await.is_empty());
    assert!(
        find(&mut scope, SearchQuery { words: "secret".into(), product: Some("acme-rocket".into()), ..Default::default() })
            .await
            .is_empty()
    );
}

/// As the application's role, a search among many reads the index and never the table from end to end; and pages of one
/// kind go on where the one before ends.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_search_among_many_reads_an_index(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope) = workshop(&db, "acme").await;
    scope.commit(()).await.unwrap();
    sqlx::query(
        r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId")
           SELECT 'i' || n, 'Idea ' || n, CASE WHEN n % 100 = 0 THEN 'rare words' ELSE 'some text' END, p.id, $1
             FROM generate_series(1, 5000) n, "Product" p"#,
    )
    .bind(&admin.id)
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query(r#"ANALYZE "SearchEntry""#).execute(&pool).await.unwrap();
    let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
    let all = store::find(&mut scope, &SearchQuery { words: "rar".into(), ..Default::default() }).await.unwrap();
    assert_eq!((all.groups[0].hits.len() as i32, all.groups[0].more), (FEW, true));
    let scans: (i64, i64) = sqlx::query_as(
        r#"SELECT pg_stat_get_xact_numscans('"SearchEntry"'::regclass), pg_stat_get_xact_numscans('"SearchEntry_search_idx"'::regclass)"#,
    )
    .fetch_one(scope.db())
    .await
    .unwrap();
    assert_eq!((scans.0, scans.1 > 0), (0, true), "sequential scans, index scans");
    let mut seen = Vec::new();
    for page in 0..3 {
        let query = SearchQuery { words: "rare".into(), kind: Some(Kind::Idea), page, ..Default::default() };
        seen.extend(find(&mut scope, query).await.into_iter().map(|hit| hit.id));
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((count, seen.len()), (50, 50));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_short_reference_finds_its_item_first(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db, "acme").await;
    let one = idea(&mut scope, "Like ACME-ROCKET-2, but different", "").await;
    let two = idea(&mut scope, "Mobile App", "For the road").await;
    for words in ["ACME-ROCKET-2", " acme-rocket-2 "] {
        let mut hits = found(&mut scope, words).await;
        assert_eq!((hits[0].id.as_str(), hits[0].number), (two.as_str(), Some(2)), "{words}");
        hits.retain(|hit| hit.kind != Kind::Product.word());
        assert_eq!(pieces(&hits[0].title), [("Mobile App".to_owned(), true)]);
        assert_eq!((hits[0].status.as_deref(), hits[0].snippet.as_str()), (Some("SUBMITTED"), "For the road"), "as every other");
        assert_eq!((hits[1].id.as_str(), hits[1].number, hits.len()), (one.as_str(), Some(1), 2), "{words}");
    }
    let query = |kind, page| SearchQuery { words: "ACME-ROCKET-2".into(), kind: Some(kind), page, ..Default::default() };
    assert_eq!(find(&mut scope, query(Kind::Idea, 0)).await.len(), 2);
    assert!(find(&mut scope, query(Kind::Idea, 1)).await.is_empty() && find(&mut scope, query(Kind::Feature, 0)).await.is_empty());
    crate::idea::store::set_deleted(&mut scope, &two, true).await.unwrap();
    assert_eq!(titles(&found(&mut scope, "ACME-ROCKET-2 type:idea").await), ["Like ACME-ROCKET-2, but different"]);
    let entry = async |scope: &mut Scope, id: &str| -> Option<String> {
        let sql = "SELECT snippet FROM search_entry('Idea', $1)";
        sqlx::query_scalar(sql).bind(id).fetch_optional(scope.db()).await.unwrap()
    };
    assert!(entry(&mut scope, &one).await.is_some());
    sqlx::query("SELECT set_config('app.product_ids', 'none', true)").execute(scope.db()).await.unwrap();
    assert_eq!(entry(&mut scope, &one).await, None, "a token for some products reads nothing of others");
    sqlx::query("SELECT set_config('app.product_ids', '', true)").execute(scope.db()).await.unwrap();
    scope.commit(()).await.unwrap();
    let (_, mut scope) = workshop(&db, "other").await;
    assert!(found(&mut scope, "ACME-ROCKET-1").await.is_empty());
    assert_eq!(entry(&mut scope, &one).await, None, "nor does another organisation");
}
