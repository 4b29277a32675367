use sqlx::{Connection, PgConnection, PgPool};

use crate::server::db::MIGRATIONS;

#[sqlx::test(migrations = false)]
async fn two_processes_may_migrate_one_fresh_database_at_once(pool: PgPool) {
    let options = pool.connect_options();
    let mut one = PgConnection::connect_with(&options).await.unwrap();
    let mut other = PgConnection::connect_with(&options).await.unwrap();
    let (first, second) = tokio::join!(MIGRATIONS.run(&mut one), MIGRATIONS.run(&mut other));
    first.unwrap();
    second.unwrap();
    let applied: Vec<i64> =
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version").fetch_all(&pool).await.unwrap();
    let expected: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
    assert!(!expected.is_empty());
    assert_eq!(applied, expected);
    one.close().await.unwrap();
    other.close().await.unwrap();
}
