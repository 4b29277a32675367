use sqlx::PgPool;

use super::{html, workshop, written};
use crate::testing::TestDb;

/// Every kind of item: the table, what further columns it needs, the section of its page, and what its status is called there.
const KINDS: [(&str, &str, &str, &str); 10] = [
    (
        r#""Idea" (id, "productId", "creatorId", title, description, status)"#,
        "$1, $2, $3, $4, '', 'IN_DEVELOPMENT'",
        "ideas",
        "In development",
    ),
    (r#""Epic" (id, "productId", title, description, status)"#, "$1, $2, $4, '', 'IN_PROGRESS'", "epics", "In progress"),
    (r#""Feature" (id, "productId", title, description, status)"#, "$1, $2, $4, '', 'TESTING'", "features", "Testing"),
    (r#""Task" (id, "productId", title, status)"#, "$1, $2, $4, 'TODO'", "tasks", "To do"),
    (r#""Release" (id, "productId", name, version, status)"#, "$1, $2, $4, '1.0.0', 'READY'", "releases", "Ready"),
    (r#""Feedback" (id, "productId", title, description, status)"#, "$1, $2, $4, '', 'PLANNED'", "feedback", "Planned"),
    (r#""OKR" (id, "productId", "ownerId", title, quarter, status)"#, "$1, $2, $3, $4, '2026-Q1', 'ACTIVE'", "okrs", "Active"),
    (r#""KPI" (id, "productId", "ownerId", name, "targetValue", unit)"#, "$1, $2, $3, $4, 5, '%'", "kpis", ""),
    (r#""Experiment" (id, "productId", "ownerId", name, hypothesis, status)"#, "$1, $2, $3, $4, '', 'RUNNING'", "experiments", "Running"),
    (r#""Document" (id, "productId", "authorId", title, content, status)"#, "$1, $2, $3, $4, '', 'REVIEW'", "documents", "In review"),
];

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_kind_of_item_is_shown_with_where_it_stands(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let product: String = sqlx::query_scalar(r#"SELECT id FROM "Product" WHERE key = 'rocket'"#).fetch_one(&pool).await.unwrap();
    let mut text = String::new();
    for (columns, values, section, _) in KINDS {
        let sql = format!("INSERT INTO {columns} SELECT {values} WHERE $2 <> '' AND $3 <> ''");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(format!("named-{section}"))
            .bind(&product)
            .bind(&admin.id)
            .bind(format!("One of <{section}>"))
            .execute(&pool)
            .await
            .unwrap();
        text += &format!("/orgs/acme/products/rocket/{section}/named-{section}\n\n");
    }
    sqlx::query(
        r#"INSERT INTO "OrganizationObjective" (id, "organizationId", "ownerId", title, quarter, status)
           SELECT 'named-objective', "organizationId", $1, 'For all of us', '2026-Q1', 'ACTIVE' FROM "Product" WHERE key = 'rocket'"#,
    )
    .bind(&admin.id)
    .execute(&pool)
    .await
    .unwrap();
    text += "http://pm.example/orgs/acme/okrs/named-objective";
    let id = written(&db, &mut scope, "Plan", &text).await.id;
    let shown = html(&mut scope, &id).await;
    for (_, _, section, state) in KINDS {
        let title = if section == "releases" { "One of &lt;releases&gt; 1.0.0".to_owned() } else { format!("One of &lt;{section}&gt;") };
        let state = if state.is_empty() { String::new() } else { format!(" <span class=\"item-state\">{state}</span>") };
        assert!(shown.contains(&format!(">{title}</a>{state}</p>")), "{section}: {shown}");
    }
    assert!(shown.contains(">For all of us</a> <span class=\"item-state\">Active</span>"), "{shown}");

    sqlx::query(r#"UPDATE "Task" SET "deletedAt" = now()"#).execute(&pool).await.unwrap();
    assert!(!html(&mut scope, &id).await.contains("One of &lt;tasks&gt;"), "what is deleted is not named");
}
