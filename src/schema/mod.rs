//! What the database promises, whatever client writes to it.
//!
//! - It is the published schema: each column, enum, index and relation is there, a client generated
//!   from it can write, and the SQL of its page runs as written (`catalog`, `indexes`, `client`).
//! - A deletion takes along, empties or refuses what that page says (`cascade`).
//! - Tenants are apart by row security alone, without the application's help (`isolation`).
//! - Each rule on a value refuses under its own name, which is how it reaches a form's field (`rules`).
//! - Several processes may bring one database up to date at the same time (`migrate`).
//!
//! The lists beside the tests are copied from the published schema, so that these tests need
//! nothing outside this folder. A later migration that adds a tenant's table or a rule fails here
//! until `rows.txt` or `refused.txt` has a line for it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cascade;
mod catalog;
mod client;
mod indexes;
mod isolation;
mod migrate;
mod rows;

pub use rows::{populate, populate_beside};
mod rules;

use std::collections::BTreeSet;

use sqlx::postgres::{PgExecutor, PgQueryResult};
use sqlx::{AssertSqlSafe, PgPool};

/// The lines of a list, without its comments.
fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// What the query's one column holds.
async fn strings(pool: &PgPool, sql: impl Into<String>) -> Vec<String> {
    sqlx::query_scalar(AssertSqlSafe(sql.into())).fetch_all(pool).await.unwrap()
}

async fn execute(executor: impl PgExecutor<'_>, sql: impl Into<String>) -> Result<PgQueryResult, sqlx::Error> {
    sqlx::query(AssertSqlSafe(sql.into())).execute(executor).await
}

/// The code and the constraint with which Postgres refused the statement.
fn refusal<T>(result: Result<T, sqlx::Error>, what: &str) -> (String, Option<String>) {
    match result {
        Err(sqlx::Error::Database(error)) => (error.code().unwrap().into_owned(), error.constraint().map(str::to_owned)),
        Err(error) => panic!("{what}: {error}"),
        Ok(_) => panic!("{what}: not refused"),
    }
}

/// What the list names and the catalog lacks.
fn missing(list: &'static str, catalog: Vec<String>) -> Vec<&'static str> {
    let catalog: BTreeSet<String> = catalog.into_iter().collect();
    lines(list).filter(|line| !catalog.contains(*line)).collect()
}

/// Every table that says whose its rows are, read from the catalog so that none is forgotten.
async fn tenant_tables(pool: &PgPool) -> Vec<String> {
    let tables = strings(
        pool,
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
          WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
            AND a.attname = 'organizationId' AND NOT a.attisdropped
          ORDER BY 1",
    )
    .await;
    assert!(tables.len() >= 24, "{tables:?}");
    tables
}

/// All that a tenant has, as text, so that two readings can be compared.
async fn holdings(pool: &PgPool, tenant: &str) -> Vec<String> {
    let mut holdings = Vec::new();
    for table in tenant_tables(pool).await {
        let sql = format!(r#"SELECT '{table} ' || t::text FROM "{table}" t WHERE "organizationId" = '{tenant}' ORDER BY 1"#);
        holdings.extend(strings(pool, sql).await);
    }
    holdings
}
