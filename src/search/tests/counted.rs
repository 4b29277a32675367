//! What the page says of a search that is too long is what the database makes of it.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use sqlx::PgPool;

use crate::search::model::is_cut;

/// Parts of a search, some of them alike, and some that are none.
const PARTS: &str = r#"((mobile|App|app,|end-to-end|a/b|-|&|two|three|four|five|six|"mobile"|"native app"|"") ){1,14}"#;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_page_counts_as_the_database_does(pool: PgPool) {
    let mut runner = TestRunner::deterministic();
    for _ in 0..300 {
        let words = PARTS.new_tree(&mut runner).unwrap().current();
        let longer = format!("{words}zebra");
        let same: bool = sqlx::query_scalar("SELECT search_query($1)::text IS NOT DISTINCT FROM search_query($2)::text")
            .bind(&words)
            .bind(&longer)
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(is_cut(&longer), same, "{longer}");
    }
}
