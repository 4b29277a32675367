use sqlx::PgPool;

use super::{missing, strings};

/// The published page's SQL, as written.
const SQL: &str = include_str!("seed_indexes.sql");

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_published_index_is_there_under_its_name(pool: PgPool) {
    // A partial index, or one on an expression, does not serve what the published one does.
    let indexes = "
        SELECT format('%s %s %s %s', i.relname, t.relname, CASE WHEN x.indisunique THEN 'unique' ELSE 'index' END,
                      (SELECT string_agg(a.attname, ',' ORDER BY k.position)
                         FROM unnest(x.indkey::smallint[]) WITH ORDINALITY AS k (attnum, position)
                         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum))
          FROM pg_index x
          JOIN pg_class i ON i.oid = x.indexrelid
          JOIN pg_class t ON t.oid = x.indrelid
          JOIN pg_am m ON m.oid = i.relam
         WHERE t.relnamespace = 'public'::regnamespace AND m.amname = 'btree' AND x.indisvalid
           AND x.indpred IS NULL AND x.indexprs IS NULL";
    assert_eq!(missing(include_str!("seed_indexes.txt"), strings(&pool, indexes).await), Vec::<&str>::new());
}

async fn definitions(pool: &PgPool, names: &[&str]) -> Vec<String> {
    sqlx::query_scalar("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname = ANY ($1) ORDER BY indexname")
        .bind(names)
        .fetch_all(pool)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_published_index_sql_makes_just_the_indexes_that_we_have(pool: PgPool) {
    let names: Vec<&str> =
        SQL.lines().filter_map(|line| line.strip_prefix("CREATE INDEX ")).map(|rest| rest.split_once(' ').unwrap().0).collect();
    assert_eq!((names.len(), SQL.lines().filter(|line| line.starts_with("--")).count()), (13, 5));
    let ours = definitions(&pool, &names).await;
    assert_eq!(ours.len(), names.len(), "{ours:?}");
    super::execute(&pool, format!("DROP INDEX {}", names.join(", "))).await.unwrap();
    assert_eq!(definitions(&pool, &names).await, Vec::<String>::new());
    sqlx::raw_sql(SQL).execute(&pool).await.unwrap();
    assert_eq!(definitions(&pool, &names).await, ours);
}

/// What lists and boards read in order holds no deleted row, however many there are.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn lists_of_what_can_be_deleted_read_an_index_of_the_live_rows(pool: PgPool) {
    let ordered = r#"
        SELECT t.relname::text, i.relname::text, coalesce(pg_get_expr(x.indpred, t.oid), '')
          FROM pg_index x
          JOIN pg_class i ON i.oid = x.indexrelid
          JOIN pg_class t ON t.oid = x.indrelid
          JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'deletedAt'
         WHERE t.relnamespace = 'public'::regnamespace AND x.indisvalid AND i.relname ~ '_(page|board|changed|open)_'"#;
    let ordered: Vec<(String, String, String)> = sqlx::query_as(ordered).fetch_all(&pool).await.unwrap();
    let whole: Vec<_> = ordered.iter().filter(|(_, _, only)| !only.contains(r#""deletedAt" IS NULL"#)).collect();
    assert_eq!(whole, Vec::<&(String, String, String)>::new());
    let listed = r#"SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'deletedAt'
                    INTERSECT SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'productId'"#;
    let without: Vec<String> =
        strings(&pool, listed).await.into_iter().filter(|name| !ordered.iter().any(|(of, _, _)| of == name)).collect();
    assert_eq!(without, Vec::<String>::new());
}
