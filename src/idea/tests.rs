mod bulk;
mod merge;
mod views;

use sqlx::PgPool;

use super::model::{IdeaFields, IdeaForm, IdeaQuery, IdeaSort, IdeaStatus, ScoreFields, ScoreInputs, Scores};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::kernel::version::ANY;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

fn fields(title: &str, tags: &str) -> IdeaFields {
    IdeaForm { title: title.into(), tags: tags.into(), ..Default::default() }.validate().unwrap()
}

fn scored(reach: i32, impact: i32, confidence: i32, effort: i32) -> ScoreFields {
    let inputs =
        ScoreInputs { reach: Some(reach), impact: Some(impact), confidence: Some(confidence), effort: Some(effort), ..Default::default() };
    ScoreFields { priority: 0, inputs }
}

/// An organisation with a product, and a scope of its administrator.
async fn workshop(db: &TestDb) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let scope = db.scope("acme", &admin, Perm::IdeaReview).await.unwrap();
    (admin, scope)
}

async fn product_id(scope: &mut Scope) -> String {
    store::product(scope, "rocket").await.unwrap().id
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_idea_is_written_scored_and_read(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let id = store::create(&mut scope, "rocket", fields("Mobile <script> שלום 🚀", "mobile, ios")).await.unwrap();
    store::score(&mut scope, &id, ANY, scored(100, 9, 7, 8)).await.unwrap();
    store::update(&mut scope, &id, ANY, fields("Mobile App", "mobile")).await.unwrap();
    let idea = store::get(&mut scope, &product, &id).await.unwrap();
    assert_eq!((idea.title.as_str(), idea.tags.as_slice(), idea.rice_score), ("Mobile App", &["mobile".to_owned()][..], Some(787.5)));
    assert_eq!((idea.creator_id, idea.creator_name.as_deref()), (admin.id, Some("Test Person")));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_database_scores_as_the_screen_does(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let id = store::create(&mut scope, "rocket", fields("Scored", "")).await.unwrap();
    for n in 0..60 {
        let inputs = ScoreInputs {
            reach: Some(n * 7919 % 1000),
            impact: Some(n % 11),
            confidence: Some(n / 3 % 11),
            effort: Some(1 + n % 10),
            business_value: Some(n % 101),
            time_criticality: Some(n * 3 % 101),
            risk_reduction: Some(n * 7 % 101),
            job_size: Some(n % 5),
        };
        store::score(&mut scope, &id, ANY, ScoreFields { priority: n, inputs }).await.unwrap();
        let idea = store::get(&mut scope, &product, &id).await.unwrap();
        assert_eq!(Scores { rice: idea.rice_score, ice: idea.ice_score, wsjf: idea.wsjf_score }, inputs.scores());
    }
    store::score(&mut scope, &id, ANY, scored(1, 1, 1, 1)).await.unwrap();
    let idea = store::get(&mut scope, &product, &id).await.unwrap();
    assert_eq!((idea.wsjf_score, idea.job_size), (Some(0.0), None), "a score does not outlive its inputs");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn only_the_statuses_that_may_follow_do(pool: PgPool) {
    use IdeaStatus::*;
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let steps = [
        (Submitted, UnderReview),
        (Submitted, Rejected),
        (UnderReview, Approved),
        (UnderReview, Rejected),
        (Approved, InDevelopment),
        (Approved, Rejected),
        (InDevelopment, Implemented),
        (Rejected, UnderReview),
    ];
    for from in IdeaStatus::ALL {
        for to in IdeaStatus::ALL {
            let id = store::create(&mut scope, "rocket", fields("Moved", "")).await.unwrap();
            sqlx::query(r#"UPDATE "Idea" SET status = $2 WHERE id = $1"#).bind(&id).bind(from).execute(scope.db()).await.unwrap();
            let allowed = from == to || steps.contains(&(from, to));
            assert_eq!(store::set_status(&mut scope, &id, to).await.is_ok(), allowed, "{from:?} to {to:?}");
            let now = store::get(&mut scope, &product, &id).await.unwrap().status;
            assert_eq!(now, if allowed { to } else { from });
        }
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_deleted_idea_leaves_the_list_until_it_is_restored(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let id = store::create(&mut scope, "rocket", fields("Fleeting", "")).await.unwrap();
    assert_eq!(store::set_deleted(&mut scope, &id, true).await.unwrap(), "rocket");
    let deleted = IdeaQuery { deleted: true, ..Default::default() };
    assert!(store::list(&mut scope, &product, &IdeaQuery::default()).await.unwrap().rows.is_empty());
    assert_eq!(store::list(&mut scope, &product, &deleted).await.unwrap().rows.len(), 1);
    assert!(matches!(store::update(&mut scope, &id, ANY, fields("X", "")).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::set_status(&mut scope, &id, IdeaStatus::UnderReview).await, Err(AppError::Conflict(_))));
    assert!(matches!(store::score(&mut scope, &id, ANY, scored(1, 1, 1, 1)).await, Err(AppError::Conflict(_))));
    store::set_deleted(&mut scope, &id, false).await.unwrap();
    assert_eq!(store::list(&mut scope, &product, &IdeaQuery::default()).await.unwrap().rows.len(), 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_ideas_of_a_deleted_product_rest(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", fields("Orphan", "")).await.unwrap();
    sqlx::query(r#"UPDATE "Product" SET "deletedAt" = now()"#).execute(scope.db()).await.unwrap();
    assert_eq!(store::create(&mut scope, "rocket", fields("Late", "")).await, Err(AppError::NotFound));
    assert_eq!(store::update(&mut scope, &id, ANY, fields("X", "")).await, Err(AppError::NotFound));
    assert_eq!(store::score(&mut scope, &id, ANY, scored(1, 1, 1, 1)).await, Err(AppError::NotFound));
    assert_eq!(store::set_status(&mut scope, &id, IdeaStatus::UnderReview).await, Err(AppError::NotFound));
    assert_eq!(store::set_deleted(&mut scope, &id, true).await, Err(AppError::NotFound));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn makers_change_their_own_ideas_and_reviewers_any(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let of_admin = store::create(&mut scope, "rocket", fields("The administrator's", "")).await.unwrap();
    scope.commit(()).await.unwrap();
    let developer = db.member("acme", Role::Developer).await;
    let mut scope = db.scope("acme", &developer, Perm::IdeaWrite).await.unwrap();
    let own = store::create(&mut scope, "rocket", fields("The developer's", "")).await.unwrap();
    assert!(store::update(&mut scope, &own, ANY, fields("Better", "")).await.is_ok());
    assert_eq!(store::update(&mut scope, &of_admin, ANY, fields("Taken over", "")).await, Err(AppError::Forbidden));
    assert_eq!(store::set_deleted(&mut scope, &of_admin, true).await, Err(AppError::Forbidden));
    scope.commit(()).await.unwrap();
    let manager = db.member("acme", Role::ProductManager).await;
    let mut scope = db.scope("acme", &manager, Perm::IdeaWrite).await.unwrap();
    assert!(store::update(&mut scope, &own, ANY, fields("Edited", "")).await.is_ok());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_idea_cannot_be_touched(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    let id = store::create(&mut scope, "rocket", fields("Secret", "")).await.unwrap();
    scope.commit(()).await.unwrap();
    let before: String = sqlx::query_scalar(r#"SELECT "Idea"::text FROM "Idea""#).fetch_one(&pool).await.unwrap();

    let bob = db.org("other").await;
    let mut scope = db.scope("other", &bob, Perm::IdeaReview).await.unwrap();
    assert_eq!(store::product(&mut scope, "rocket").await, Err(AppError::NotFound));
    assert_eq!(store::get(&mut scope, &product, &id).await, Err(AppError::NotFound));
    assert!(store::list(&mut scope, &product, &IdeaQuery::default()).await.unwrap().rows.is_empty());
    assert!(store::list(&mut scope, &product, &IdeaQuery { deleted: true, ..Default::default() }).await.unwrap().rows.is_empty());
    assert_eq!(store::create(&mut scope, "rocket", fields("Planted", "")).await, Err(AppError::NotFound));
    assert_eq!(store::update(&mut scope, &id, ANY, fields("X", "")).await, Err(AppError::NotFound));
    assert_eq!(store::score(&mut scope, &id, ANY, scored(1, 1, 1, 1)).await, Err(AppError::NotFound));
    assert_eq!(store::set_status(&mut scope, &id, IdeaStatus::Rejected).await, Err(AppError::NotFound));
    assert_eq!(store::set_deleted(&mut scope, &id, true).await, Err(AppError::NotFound));
    scope.commit(()).await.unwrap();
    let after: String = sqlx::query_scalar(r#"SELECT "Idea"::text FROM "Idea""#).fetch_one(&pool).await.unwrap();
    assert_eq!(before, after);
}

/// 45 ideas with many equal scores.
async fn many(scope: &mut Scope) {
    for n in 0..45 {
        let id = store::create(scope, "rocket", fields(&format!("Idea {n}"), if n % 3 == 0 { "third" } else { "" })).await.unwrap();
        store::score(scope, &id, ANY, ScoreFields { priority: n % 7, ..scored(100, n % 4, 5, 1 + n % 2) }).await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_sort_pages_through_all_ideas_and_back(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    many(&mut scope).await;
    for sort in IdeaSort::ALL {
        let mut query = IdeaQuery { sort, ..Default::default() };
        let (mut seen, mut firsts) = (Vec::new(), Vec::new());
        loop {
            let page = store::list(&mut scope, &product, &query).await.unwrap();
            assert_eq!(page.first_place as usize, seen.len() + 1);
            firsts.push(page.rows[0].id.clone());
            seen.extend(page.rows.iter().map(|idea| (idea.score(sort), idea.id.clone())));
            query.cursor = page.next;
            if query.cursor.is_none() {
                query.cursor = page.previous;
                break;
            }
        }
        assert_eq!(seen.len(), 45, "{sort:?}");
        assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "{sort:?} is a strict descent");
        firsts.pop();
        while query.cursor.is_some() {
            let page = store::list(&mut scope, &product, &query).await.unwrap();
            assert_eq!(Some(&page.rows[0].id), firsts.pop().as_ref());
            query.cursor = page.previous;
        }
        assert!(firsts.is_empty());
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn filters_narrow_the_list(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    many(&mut scope).await;
    let third = IdeaQuery { tag: Some("third".into()), ..Default::default() };
    assert_eq!(store::list(&mut scope, &product, &third).await.unwrap().rows.len(), 15);
    let rejected = IdeaQuery { status: Some(IdeaStatus::Rejected), ..third };
    assert!(store::list(&mut scope, &product, &rejected).await.unwrap().rows.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_forged_cursor_is_harmless(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    for sort in IdeaSort::ALL {
        for key in [f64::MIN, f64::MAX, 0.5, -1e300] {
            for back in [false, true] {
                let cursor = crate::kernel::page::Cursor { key, id: "zzz".into(), place: i64::MAX - 100, back };
                let query = IdeaQuery { sort, cursor: Some(cursor), ..Default::default() };
                assert!(store::list(&mut scope, &product, &query).await.is_ok(), "{sort:?} {key} {back}");
            }
        }
    }
}

/// As the application's role, the first page and a far one read an index and at most a page of rows.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_page_of_many_ideas_reads_a_page_of_rows(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let product = product_id(&mut scope).await;
    sqlx::query(
        r#"INSERT INTO "Idea" (id, title, description, "organizationId", "productId", "creatorId", reach, impact, confidence, effort,
                              "businessValue", "timeCriticality", "riskReduction", "jobSize", priority, votes, "createdAt")
           SELECT 'i' || n, 'Idea', '', $3, $1, $2, n, n % 11, n % 7, 1 + n % 10, n % 101, n % 97, n % 89, 1 + n % 83, n % 101, n,
                  to_timestamp(n) FROM generate_series(1, 5000) n"#,
    )
    .bind(&product)
    .bind(&admin.id)
    .bind(scope.organization().id.clone())
    .execute(scope.db())
    .await
    .unwrap();
    let org = scope.organization().id.clone();
    scope.commit(()).await.unwrap();
    sqlx::query(r#"ANALYZE "Idea""#).execute(&pool).await.unwrap();
    for sort in IdeaSort::ALL {
        let mut scope = db.scope("acme", &admin, Perm::Read).await.unwrap();
        for key in [sort.bounds().1, 100.0] {
            let plan: serde_json::Value = sqlx::query_scalar(store::explain(sort))
                .bind(&org)
                .bind(&product)
                .bind(key)
                .bind("zzz")
                .bind(21_i64)
                .bind(None::<IdeaStatus>)
                .bind(None::<String>)
                .fetch_one(scope.db())
                .await
                .unwrap();
            let mut scans = Vec::new();
            collect_scans(&plan[0]["Plan"], &mut scans);
            let of_ideas: Vec<_> = scans.iter().filter(|(table, _, _)| table == "Idea").collect();
            assert!(!of_ideas.is_empty());
            for (_, kind, _) in of_ideas {
                assert!(kind.starts_with("Index"), "{sort:?}: {plan:#}");
            }
            for (table, _, rows) in scans {
                assert!(rows <= 21.0, "{sort:?} {table}: {plan:#}");
            }
        }
    }
}

/// Every scan of a plan: table, kind, and rows read.
fn collect_scans(node: &serde_json::Value, scans: &mut Vec<(String, String, f64)>) {
    if let Some(table) = node["Relation Name"].as_str() {
        // Rows are told for one of the times that the scan is done.
        let each = node["Actual Rows"].as_f64().unwrap_or(f64::MAX) + node["Rows Removed by Filter"].as_f64().unwrap_or(0.0);
        let rows = each * node["Actual Loops"].as_f64().unwrap_or(f64::MAX);
        scans.push((table.to_owned(), node["Node Type"].as_str().unwrap_or_default().to_owned(), rows));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        collect_scans(child, scans);
    }
}
