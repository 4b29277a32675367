use std::collections::BTreeSet;

use sqlx::PgPool;

use super::{lines, missing, strings};

const COLUMNS: &str = include_str!("seed_columns.txt");
const ENUMS: &str = include_str!("seed_enums.txt");

/// Each column as a line of `seed_columns.txt`.
const CATALOG_COLUMNS: &str = r"
    SELECT format('%s.%s %s %s %s', c.relname, a.attname,
                  replace(replace(format_type(a.atttypid, a.atttypmod),
                    'timestamp(3) with time zone', 'timestamptz(3)'), 'double precision', 'float8'),
                  CASE WHEN a.attnotnull THEN 'not-null' ELSE 'null' END,
                  coalesce(pg_get_expr(d.adbin, d.adrelid), '-'))
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace";

#[test]
fn the_lists_are_whole() {
    let tables: BTreeSet<&str> = lines(COLUMNS).map(|line| line.split_once('.').unwrap().0).collect();
    let (joins, models): (Vec<&str>, Vec<&str>) = tables.into_iter().partition(|table| table.starts_with('_'));
    assert_eq!((models.len(), joins.len(), lines(ENUMS).count()), (23, 3, 17));
    assert_eq!(lines(COLUMNS).count(), 239);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_published_column_has_its_type_nullability_and_default(pool: PgPool) {
    assert_eq!(missing(COLUMNS, strings(&pool, CATALOG_COLUMNS).await), Vec::<&str>::new());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_published_enum_has_its_labels_in_order(pool: PgPool) {
    let enums = "SELECT t.typname || ' ' || string_agg(e.enumlabel, ' ' ORDER BY e.enumsortorder)
                   FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname";
    assert_eq!(missing(ENUMS, strings(&pool, enums).await), Vec::<&str>::new());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_published_relation_has_its_rule(pool: PgPool) {
    // The tenant leads a composite key, so the published column is the last one.
    let relations = "
        SELECT format('%s.%s %s %s', c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text,
                      CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET-NULL' ELSE 'RESTRICT' END)
          FROM pg_constraint c
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[cardinality(c.conkey)]
         WHERE c.contype = 'f' AND c.confupdtype = 'c'";
    let relations = strings(&pool, relations).await.into_iter().map(|line| line.replace('"', "")).collect();
    assert_eq!(missing(include_str!("seed_relations.txt"), relations), Vec::<&str>::new());
}

/// The published schema names these models without saying what is in them.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_models_that_are_only_named_are_there(pool: PgPool) {
    let expected = "\
Invitation.organizationId text not-null -
Changelog.releaseId text not-null -
LaunchChecklistItem.releaseId text not-null -";
    assert_eq!(missing(expected, strings(&pool, CATALOG_COLUMNS).await), Vec::<&str>::new());
}

/// Such a client's INSERT names none of our own columns.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn added_columns_do_not_stop_a_client_of_the_published_schema(pool: PgPool) {
    let published: BTreeSet<&str> = lines(COLUMNS).map(|line| line.split_once(' ').unwrap().0).collect();
    let tables: BTreeSet<&str> = published.iter().map(|column| column.split_once('.').unwrap().0).collect();
    let needed = "SELECT c.relname || '.' || a.attname
                    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                   WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0
                     AND NOT a.attisdropped AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''";
    let needed = strings(&pool, needed).await;
    let in_the_way: Vec<&String> = needed
        .iter()
        .filter(|column| tables.contains(column.split_once('.').unwrap().0) && !published.contains(column.as_str()))
        // A trigger fills this one; `rows.txt` leaves it out wherever the published schema does.
        .filter(|column| !column.ends_with(".organizationId"))
        .collect();
    assert_eq!(in_the_way, Vec::<&String>::new());
}
