//! Row security is the wall that stands when a WHERE is forgotten, so no statement here has one.

use std::collections::BTreeSet;

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection, PgPool, Postgres, Row as _, Transaction};

use super::rows::{Ids, populate, rows};
use super::{execute, holdings, refusal, strings, tenant_tables};
use crate::testing::TestDb;

const FOREIGN_KEY_VIOLATION: &str = "23503";
const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// What only triggers and functions of the database write.
const APPEND_ONLY: [&str; 1] = ["AuditLog"];

/// The search's entries have no wall, because behind one no index is used for them; the application may not touch them at
/// all, and a function of the database reads them for the tenant of the transaction. Nor may it touch what boards' readers are
/// told by, or the counters that items have their numbers from.
const OUT_OF_REACH: [&str; 4] = ["ProductNumber", "Reordered", "SearchEntry", "SearchWord"];

/// The tenants' tables that the application reads and writes itself.
async fn walled_tables(pool: &PgPool) -> Vec<String> {
    tenant_tables(pool).await.into_iter().filter(|table| !OUT_OF_REACH.contains(&table.as_str())).collect()
}

/// A transaction of the application's role for this tenant.
async fn as_tenant(app: &PgPool, tenant: &str) -> Transaction<'static, Postgres> {
    let mut tx = app.begin().await.unwrap();
    sqlx::query("SELECT set_config('app.organization_id', $1, true)").bind(tenant).execute(&mut *tx).await.unwrap();
    tx
}

/// The refusal's code for a statement of the tenant.
async fn refused(app: &PgPool, tenant: &str, sql: String) -> String {
    let mut tx = as_tenant(app, tenant).await;
    refusal(execute(&mut *tx, sql.as_str()).await, &sql).0
}

/// Whose the rows are.
async fn owners(tx: &mut Transaction<'static, Postgres>, sql: String, column: &str) -> Vec<String> {
    let rows: Vec<PgRow> = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut **tx).await.unwrap();
    rows.iter().map(|row| row.get(column)).collect()
}

fn only(tenant: &str, owners: &[String]) -> bool {
    !owners.is_empty() && owners.iter().all(|owner| owner == tenant)
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_tenant_table_has_row_security(pool: PgPool) {
    let walled = "SELECT c.relname::text FROM pg_class c
                   WHERE c.relrowsecurity AND c.relforcerowsecurity AND c.relnamespace = 'public'::regnamespace
                     AND ARRAY['system', 'tenant']::name[] <@ (SELECT array_agg(p.polname) FROM pg_policy p WHERE p.polrelid = c.oid)";
    let walled: BTreeSet<String> = strings(&pool, walled).await.into_iter().collect();
    let mut tables = walled_tables(&pool).await;
    tables.push("Organization".to_owned());
    let open: Vec<&String> = tables.iter().filter(|table| !walled.contains(*table)).collect();
    assert_eq!(open, Vec::<&String>::new());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_applications_role_cannot_pass_row_security(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let role = "SELECT format('%s %s %s', rolname, rolsuper, rolbypassrls) FROM pg_roles WHERE rolname = current_user";
    assert_eq!(strings(&db.app, role).await, ["prodmatic_app f f"]);
    let owned = "SELECT relname::text FROM pg_class WHERE pg_has_role('prodmatic_app', relowner, 'MEMBER')";
    assert_eq!(strings(&pool, owned).await, Vec::<String>::new(), "an owner can take row security off");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_tenant_reads_only_its_own(pool: PgPool) {
    populate(&pool, &["aa", "bb"]).await;
    let db = TestDb::new(&pool).await;
    let mut tx = as_tenant(&db.app, "aa").await;
    for table in walled_tables(&pool).await {
        let read = owners(&mut tx, format!(r#"SELECT * FROM "{table}""#), "organizationId").await;
        assert!(only("aa", &read), "{table}: {read:?}");
    }
    assert_eq!(owners(&mut tx, r#"SELECT * FROM "Organization""#.into(), "id").await, ["aa"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn without_a_tenant_nothing_is_visible(pool: PgPool) {
    populate(&pool, &["aa", "bb"]).await;
    let db = TestDb::new(&pool).await;
    let mut tables = walled_tables(&pool).await;
    tables.push("Organization".to_owned());
    let mut connection = db.app.acquire().await.unwrap();
    // After a first transaction the setting is no longer unset on its connection, but empty.
    for setting in [None, Some("")] {
        if setting.is_some() {
            let mut earlier = connection.begin().await.unwrap();
            execute(&mut *earlier, "SELECT set_config('app.organization_id', 'aa', true)").await.unwrap();
            earlier.commit().await.unwrap();
        }
        let now: Option<String> =
            sqlx::query_scalar("SELECT current_setting('app.organization_id', true)").fetch_one(&mut *connection).await.unwrap();
        assert_eq!(now.as_deref(), setting);
        for table in &tables {
            let rows = sqlx::query(AssertSqlSafe(format!(r#"SELECT * FROM "{table}""#))).fetch_all(&mut *connection).await.unwrap();
            assert!(rows.is_empty(), "{table} with {setting:?}");
        }
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_tenant_changes_and_deletes_only_its_own(pool: PgPool) {
    populate(&pool, &["aa", "bb"]).await;
    let db = TestDb::new(&pool).await;
    let neighbour = holdings(&pool, "bb").await;
    let tables = walled_tables(&pool).await;
    for table in tables.iter().filter(|table| !APPEND_ONLY.contains(&table.as_str())) {
        let mut tx = as_tenant(&db.app, "aa").await;
        let sql = format!(r#"UPDATE "{table}" SET "organizationId" = "organizationId" RETURNING "organizationId""#);
        let changed = owners(&mut tx, sql, "organizationId").await;
        tx.commit().await.unwrap();
        assert!(only("aa", &changed), "{table}: {changed:?}");
        let away = refused(&db.app, "aa", format!(r#"UPDATE "{table}" SET "organizationId" = 'bb'"#)).await;
        assert_eq!(away, INSUFFICIENT_PRIVILEGE, "{table}: nothing can be given away");
    }
    let mut tx = as_tenant(&db.app, "aa").await;
    assert_eq!(owners(&mut tx, r#"UPDATE "Organization" SET name = 'Renamed' RETURNING id"#.into(), "id").await, ["aa"]);
    tx.commit().await.unwrap();

    // Children first, so that each deletion finds rows of its own; of a table that has several, once.
    let mut emptied = BTreeSet::new();
    for row in rows().iter().rev().filter(|row| tables.iter().any(|table| table == row.table) && !APPEND_ONLY.contains(&row.table)) {
        if !emptied.insert(row.table) {
            continue;
        }
        let mut tx = as_tenant(&db.app, "aa").await;
        let deleted = owners(&mut tx, format!(r#"DELETE FROM "{}" RETURNING "organizationId""#, row.table), "organizationId").await;
        tx.commit().await.unwrap();
        assert!(only("aa", &deleted), "{}: {deleted:?}", row.table);
    }
    assert_eq!(holdings(&pool, "bb").await, neighbour);
    assert_eq!(strings(&pool, r#"SELECT name FROM "Organization" WHERE id = 'bb'"#).await, ["Organisation bb"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn nothing_can_be_put_in_or_below_anothers(pool: PgPool) {
    populate(&pool, &["aa", "bb"]).await;
    let db = TestDb::new(&pool).await;
    let neighbour = holdings(&pool, "bb").await;
    let tables = walled_tables(&pool).await;
    // Tables whose key to their parent holds the tenant; the others hang below the organisation itself.
    let below = "SELECT DISTINCT c.relname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
                  WHERE k.contype = 'f' AND cardinality(k.conkey) = 2 ORDER BY 1";
    let below = strings(&pool, below).await;
    assert!(below.len() >= 20, "{below:?}");
    for row in rows().iter().filter(|row| tables.iter().any(|table| table == row.table)) {
        let theirs = Ids { id: "new", tenant: "bb", parent: "bb" };
        let code = if row.names_tenant() { INSUFFICIENT_PRIVILEGE } else { FOREIGN_KEY_VIOLATION };
        assert_eq!(refused(&db.app, "aa", row.insert(theirs)).await, code, "{}", row.table);
        assert_eq!(refused(&db.app, "aa", row.insert_naming_tenant(theirs)).await, INSUFFICIENT_PRIVILEGE, "{}", row.table);
        if below.iter().any(|table| table == row.table) {
            let disguised = Ids { id: "new", tenant: "aa", parent: "bb" };
            assert_eq!(refused(&db.app, "aa", row.insert_naming_tenant(disguised)).await, FOREIGN_KEY_VIOLATION, "{}", row.table);
        }
    }
    let organisation = r#"INSERT INTO "Organization" (id, name, slug) VALUES ('cc', 'C', 'cc')"#;
    assert_eq!(refused(&db.app, "aa", organisation.into()).await, INSUFFICIENT_PRIVILEGE);
    assert_eq!(holdings(&pool, "bb").await, neighbour);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_can_be_found_is_read_by_the_search_alone(pool: PgPool) {
    populate(&pool, &["aa", "bb"]).await;
    let db = TestDb::new(&pool).await;
    let mut tx = as_tenant(&db.app, "aa").await;
    let found = owners(&mut tx, "SELECT * FROM search('idea', '{Idea}', NULL, NULL, NULL, 10, 0)".into(), "id").await;
    assert_eq!(found, ["idea-aa"]);
    tx.rollback().await.unwrap();
    let mut connection = db.app.acquire().await.unwrap();
    let found = sqlx::query("SELECT * FROM search('idea', '{Idea}', NULL, NULL, NULL, 10, 0)").fetch_all(&mut *connection).await.unwrap();
    assert!(found.is_empty(), "without a tenant nothing is found");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_out_of_reach_is_so_in_every_way(pool: PgPool) {
    populate(&pool, &["aa", "bb"]).await;
    let db = TestDb::new(&pool).await;
    for table in OUT_OF_REACH {
        for sql in [
            format!(r#"SELECT * FROM "{table}""#),
            format!(r#"INSERT INTO "{table}" DEFAULT VALUES"#),
            format!(r#"UPDATE "{table}" SET "organizationId" = 'aa'"#),
            format!(r#"DELETE FROM "{table}""#),
        ] {
            assert_eq!(refused(&db.app, "aa", sql.clone()).await, INSUFFICIENT_PRIVILEGE, "{sql}");
        }
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_application_cannot_rewrite_the_log_or_remove_an_organisation(pool: PgPool) {
    populate(&pool, &["aa"]).await;
    let db = TestDb::new(&pool).await;
    for table in APPEND_ONLY {
        let copied = format!(r#"INSERT INTO "{table}" SELECT * FROM "{table}""#);
        for sql in [copied, format!(r#"UPDATE "{table}" SET "organizationId" = "organizationId""#), format!(r#"DELETE FROM "{table}""#)] {
            assert_eq!(refused(&db.app, "aa", sql).await, INSUFFICIENT_PRIVILEGE);
        }
    }
    for sql in [r#"DELETE FROM "Organization""#, r#"TRUNCATE "AuditLog""#, r#"TRUNCATE "Organization" CASCADE"#] {
        assert_eq!(refused(&db.app, "aa", sql.into()).await, INSUFFICIENT_PRIVILEGE, "{sql}");
    }
}
