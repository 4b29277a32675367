use sqlx::{AssertSqlSafe, PgPool};

use super::rows::populate;
use super::{execute, strings};

/// How a Prisma client writes the ideas of the published page: each of that schema's columns, and no other.
const CREATE_IDEA: &str = r#"
    INSERT INTO "public"."Idea" ("id", "title", "description", "productId", "creatorId", "status", "priority", "effort",
                                 "impact", "confidence", "riceScore", "iceScore", "wsjfScore", "tags", "createdAt", "updatedAt")
    VALUES ($1, 'Mobile App', 'Native mobile application', 'p1', 'u1', CAST('SUBMITTED'::text AS "public"."IdeaStatus"),
            90, $2, $3, 7, $4, $5, $6, '{}', now(), now())"#;

/// The organisation and the product of the published page, and a person.
async fn demo(pool: &PgPool) {
    for sql in [
        r##"INSERT INTO "Organization" (id, name, slug, description, settings) VALUES ('o1', 'Demo Company', 'demo',
            'Demo organization for testing', '{"features": ["analytics", "integrations"], "branding": {"primaryColor": "#3B82F6"}}')"##,
        r#"INSERT INTO "Product" (id, name, key, description, "organizationId", lifecycle)
           VALUES ('p1', 'Demo Product', 'demo-product', 'A sample product for demonstration', 'o1', 'DELIVERY')"#,
        r#"INSERT INTO "User" (id, email) VALUES ('u1', 'admin@demo.test')"#,
    ] {
        sqlx::query(sql).execute(pool).await.unwrap();
    }
}

/// `scores` are the client's own for RICE, ICE and WSJF.
async fn create(pool: &PgPool, id: &str, effort: Option<i32>, impact: Option<i32>, scores: [f64; 3]) {
    let query = sqlx::query(CREATE_IDEA).bind(id).bind(effort).bind(impact);
    query.bind(scores[0]).bind(scores[1]).bind(scores[2]).execute(pool).await.unwrap();
}

async fn scores(pool: &PgPool, id: &str) -> (f64, f64, f64) {
    sqlx::query_as(r#"SELECT "riceScore", "iceScore", "wsjfScore" FROM "Idea" WHERE id = $1"#).bind(id).fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_published_example_idea_scores_787_5_and_gets_its_tenant(pool: PgPool) {
    demo(&pool).await;
    create(&pool, "published", Some(8), Some(9), [f64::from(100 * 9 * 7) / 8.0, 0.0, 0.0]).await;
    create(&pool, "unscored", Some(8), Some(9), [0.0, 0.0, 0.0]).await;
    for id in ["published", "unscored"] {
        assert_eq!(scores(&pool, id).await, (787.5, 189.0, 0.0), "{id}");
        assert_eq!(strings(&pool, format!(r#"SELECT "organizationId" FROM "Idea" WHERE id = '{id}'"#)).await, ["o1"]);
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn wsjf_of_no_work_is_zero_and_not_an_error(pool: PgPool) {
    demo(&pool).await;
    create(&pool, "idea", Some(8), Some(9), [0.0, 0.0, 0.0]).await;
    for (job_size, wsjf) in [(4, 2.5), (0, 0.0)] {
        sqlx::query(r#"UPDATE "Idea" SET "businessValue" = 5, "timeCriticality" = 3, "riskReduction" = 2, "jobSize" = $1"#)
            .bind(job_size)
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(scores(&pool, "idea").await.2, wsjf);
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_score_without_its_inputs_stays_as_it_was_given(pool: PgPool) {
    demo(&pool).await;
    create(&pool, "imported", None, None, [7.0, 8.0, 9.0]).await;
    assert_eq!(scores(&pool, "imported").await, (7.0, 8.0, 9.0));
    execute(&pool, r#"UPDATE "Idea" SET "riceScore" = 70, "iceScore" = 80, "wsjfScore" = 90, effort = 2"#).await.unwrap();
    assert_eq!(scores(&pool, "imported").await, (70.0, 80.0, 90.0));
    execute(&pool, r#"UPDATE "Idea" SET impact = 3"#).await.unwrap();
    assert_eq!(scores(&pool, "imported").await, (1050.0, 189.0, 90.0), "once the inputs are there they count");
    execute(&pool, r#"UPDATE "Idea" SET impact = NULL"#).await.unwrap();
    assert_eq!(scores(&pool, "imported").await, (0.0, 0.0, 90.0), "what was computed goes with its inputs");
    execute(&pool, r#"UPDATE "Idea" SET "riceScore" = 70, effort = 3"#).await.unwrap();
    assert_eq!(scores(&pool, "imported").await, (70.0, 0.0, 90.0));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_published_migration_moves_products_by_their_work(pool: PgPool) {
    populate(&pool, &["aa", "bb", "cc", "dd"]).await;
    for sql in [
        r#"UPDATE "Feature" SET status = 'IN_PROGRESS' WHERE id = 'feature-aa'"#,
        r#"UPDATE "Feature" SET status = 'IN_REVIEW' WHERE id IN ('feature-bb', 'feature-cc')"#,
        r#"UPDATE "Release" SET status = 'RELEASED' WHERE id = 'release-cc'"#,
    ] {
        sqlx::query(sql).execute(&pool).await.unwrap();
    }
    sqlx::raw_sql(include_str!("seed_updates.sql")).execute(&pool).await.unwrap();
    let products = strings(&pool, r#"SELECT id || ' ' || lifecycle FROM "Product" ORDER BY id"#).await;
    assert_eq!(products, ["product-aa DELIVERY", "product-bb DELIVERY", "product-cc LAUNCH", "product-dd IDEATION"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn updated_at_moves_when_a_row_changes_and_only_then(pool: PgPool) {
    populate(&pool, &["aa"]).await;
    let tables = r#"SELECT table_name::text FROM information_schema.columns
                     WHERE table_schema = 'public' AND column_name = 'updatedAt' ORDER BY 1"#;
    let tables = strings(&pool, tables).await;
    assert!(tables.len() >= 20, "{tables:?}");
    for table in tables {
        let mut tx = pool.begin().await.unwrap();
        // Only with triggers off can a row be made to look old.
        execute(&mut *tx, "SET LOCAL session_replication_role = replica").await.unwrap();
        execute(&mut *tx, format!(r#"UPDATE "{table}" SET "updatedAt" = '2001-01-01'"#)).await.unwrap();
        execute(&mut *tx, "SET LOCAL session_replication_role = origin").await.unwrap();
        for (change, moved) in
            [(r#""createdAt" = "createdAt""#, false), (r#""createdAt" = '2002-02-02', "updatedAt" = '2003-03-03'"#, true)]
        {
            let sql = format!(r#"UPDATE "{table}" SET {change} RETURNING "updatedAt" = now()::timestamptz(3), "updatedAt" = '2001-01-01'"#);
            let found: Vec<(bool, bool)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut *tx).await.unwrap();
            assert_eq!(found, vec![(moved, !moved); found.len().max(1)], "{table}: {change}");
        }
    }
}
