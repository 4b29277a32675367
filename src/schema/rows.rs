//! A row in every table, for as many tenants as a test needs.

use sqlx::PgPool;

use super::{lines, strings, tenant_tables};

/// A row of `rows.txt`.
pub struct Row {
    pub table: &'static str,
    columns: &'static str,
    values: &'static str,
}

/// What stands in a row's places.
#[derive(Clone, Copy)]
pub struct Ids<'a> {
    pub id: &'a str,
    pub tenant: &'a str,
    pub parent: &'a str,
}

impl<'a> Ids<'a> {
    pub fn all(id: &'a str) -> Ids<'a> {
        Ids { id, tenant: id, parent: id }
    }
}

impl Row {
    /// Whether the published schema has the tenant on this table.
    pub fn names_tenant(&self) -> bool {
        self.columns.contains(r#""organizationId""#)
    }

    /// The statement of a client that knows the published schema.
    pub fn insert(&self, ids: Ids<'_>) -> String {
        let values = self.values.replace("{id}", ids.id).replace("{tenant}", ids.tenant).replace("{parent}", ids.parent);
        format!(r#"INSERT INTO "{}" ({}) VALUES ({values})"#, self.table, self.columns)
    }

    /// The statement of a client that says whose the row is.
    pub fn insert_naming_tenant(&self, ids: Ids<'_>) -> String {
        if self.names_tenant() {
            return self.insert(ids);
        }
        let statement = self.insert(ids).replacen(") VALUES (", r#", "organizationId") VALUES ("#, 1);
        format!("{}, '{}')", statement.strip_suffix(')').unwrap(), ids.tenant)
    }
}

/// Parents come before their children.
pub fn rows() -> Vec<Row> {
    lines(include_str!("rows.txt"))
        .map(|line| {
            let (table, rest) = line.split_once(" (").unwrap();
            let (columns, values) = rest.split_once(") VALUES (").unwrap();
            Row { table, columns, values: values.strip_suffix(')').unwrap() }
        })
        .collect()
}

/// Gives each tenant a row in every table.
pub async fn populate(owner: &PgPool, tenants: &[&str]) {
    populate_beside(owner, tenants).await;
    for table in tenant_tables(owner).await {
        let found = strings(owner, format!(r#"SELECT DISTINCT "organizationId" FROM "{table}" ORDER BY 1"#)).await;
        assert_eq!(found, tenants, "{table}: give it a line in rows.txt");
    }
}

/// The same where others have some already.
pub async fn populate_beside(owner: &PgPool, tenants: &[&str]) {
    for tenant in tenants {
        for row in rows() {
            super::execute(owner, row.insert(Ids::all(tenant))).await.unwrap_or_else(|error| panic!("{}: {error}", row.table));
        }
    }
}
