//! What a long column costs.

use sqlx::PgPool;

use super::{KINDS, again, first, page, row, workshop};
use crate::board::model::Lanes;
use crate::board::store::{self, EXPLAIN_CARDS, EXPLAIN_GAP};
use crate::testing::TestDb;
use crate::ui::board::{CARDS_FIRST, CARDS_MORE};

/// As the application's role, the first cards of a column of ten thousand are read from the index, and no others.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_long_column_shows_its_first_cards_at_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let org = scope.organization().id.clone();
    let product: String = row(&mut scope, r#"SELECT id FROM "Product" WHERE key = $1"#, "rocket").await;
    for insert in [
        r#"INSERT INTO "Feature" (id, title, description, "productId") SELECT 'i' || n, 'Card ' || n, '', $1 FROM generate_series(1, 10000) n"#,
        r#"INSERT INTO "Task" (id, title, "productId") SELECT 'i' || n, 'Card ' || n, $1 FROM generate_series(1, 10000) n"#,
    ] {
        sqlx::query(insert).bind(&product).execute(scope.db()).await.unwrap();
    }
    scope.commit(()).await.unwrap();
    sqlx::query(r#"ANALYZE "Feature", "Task""#).execute(&pool).await.unwrap();
    let mut scope = again(&db, &admin).await;
    for (at, kind) in KINDS.into_iter().enumerate() {
        let words: Vec<&str> = kind.columns().into_iter().map(|(word, _)| word).collect();
        let plan: serde_json::Value = sqlx::query_scalar(EXPLAIN_CARDS[at])
            .bind(&org)
            .bind(&product)
            .bind(words)
            .bind(None::<String>)
            .bind(0_i64)
            .bind(CARDS_FIRST as i64)
            .fetch_one(scope.db())
            .await
            .unwrap();
        let read = rows_read(&plan[0]["Plan"]);
        assert!(read > 0.0 && read <= (CARDS_FIRST * 6) as f64, "{read} rows: {plan:#}");
        for (after, before) in [(Some("i9998"), Some("i9999")), (None, None)] {
            let plan: serde_json::Value = sqlx::query_scalar(EXPLAIN_GAP[at])
                .bind(&org)
                .bind(&product)
                .bind(first(kind))
                .bind("i1")
                .bind(after)
                .bind(before)
                .fetch_one(scope.db())
                .await
                .unwrap();
            let read = rows_read(&plan[0]["Plan"]);
            assert!(read <= 8.0, "{read} rows: {plan:#}");
        }
        let found = page(&mut scope, kind, None).await;
        assert_eq!((found.columns[0].count, found.columns[0].cards.len()), (10_000, CARDS_FIRST));
        let found = page(&mut scope, kind, Some(Lanes::Priority)).await;
        assert_eq!((found.columns.len(), found.lanes.len()), (4 * kind.columns().len(), 4));
        let medium = found.columns.iter().find(|column| column.count > 0).unwrap();
        assert_eq!((medium.count, medium.cards.len()), (10_000, CARDS_FIRST));
        let more = store::cards(&mut scope, "rocket", kind, first(kind), Some("priority:MEDIUM"), 5000).await.unwrap();
        assert_eq!((more.len(), more[0].title.as_str()), (CARDS_MORE, "Card 5001"));
    }
}

/// How many rows of cards the plan has read; an endless number if it has done so without an index's order.
fn rows_read(node: &serde_json::Value) -> f64 {
    let own = match node["Relation Name"].as_str() {
        Some("Feature" | "Task") if node["Node Type"].as_str().is_some_and(|kind| kind.starts_with("Index")) => {
            let rows = node["Actual Rows"].as_f64().unwrap() + node["Rows Removed by Filter"].as_f64().unwrap_or(0.0);
            rows * node["Actual Loops"].as_f64().unwrap()
        }
        Some("Feature" | "Task") => f64::INFINITY,
        _ => 0.0,
    };
    own + node["Plans"].as_array().into_iter().flatten().map(rows_read).sum::<f64>()
}
