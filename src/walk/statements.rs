//! What the pages cost: none sends more statements for many rows than for few.

use axum::Router;
use http::StatusCode;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use super::get;
use super::pages::all;
use super::world::World;
use crate::server::db::as_app;
use crate::server::serve::router;
use crate::testing::{TestDb, TestUser, counted};

/// Further views of pages, which ask for something else than the plain page does.
const VIEWS: &[&str] = &[
    "/orgs/$org/products?view=list&sort=progress",
    "/orgs/$org/products?view=board",
    "/orgs/$org/products?view=timeline&zoom=year",
    "/orgs/$org/products?show=deleted",
    "/orgs/$org/products?find=t&stage=IDEATION",
    "/orgs/$org/products/$product/ideas?sort=newest&status=SUBMITTED",
    "/orgs/$org/products/$product/ideas?show=deleted",
    "/orgs/$org/products/$product/features?sort=due&find=t",
    "/orgs/$org/products/$product/features/board",
    "/orgs/$org/products/$product/tasks?sort=due&assignee=me",
    "/orgs/$org/products/$product/roadmap?view=table",
    "/orgs/$org/products/$product/roadmap?view=columns",
    "/orgs/$org/products/$product/roadmap?zoom=year",
    "/orgs/$org/products/$product/releases?show=released",
    "/orgs/$org/products/$product/releases?show=all",
    "/orgs/$org/products/$product/okrs?show=at-risk",
    "/orgs/$org/products/$product/kpis?show=deleted",
    "/orgs/$org/products/$product/experiments?status=RUNNING",
    "/orgs/$org/products/$product/feedback?status=SUBMITTED",
    "/orgs/$org/products/$product/documents/$waiting",
    "/orgs/$org/search?q=T&type=idea",
    "/orgs/$org/members?find=t",
];

/// The work is the reader's own, and due.
const OWN: &str = r#"
    UPDATE "Task" SET "assigneeId" = (SELECT id FROM "User" WHERE email = 'admin@acme.test'), "dueDate" = now();
    UPDATE "Feature" SET "assigneeId" = (SELECT id FROM "User" WHERE email = 'admin@acme.test'), "dueDate" = now();
    UPDATE "Release" SET "targetDate" = now();
    UPDATE "Epic" SET "startDate" = now(), "endDate" = now() + interval '30 days';
"#;

/// Sixty of everything: copies of each row of each table, of the people, and of their sessions and organisations. What is unique
/// differs; where it consists of references alone, the copy refers to the copies, first on the one side and then on the other.
/// What refers to copies comes in a later pass than these. A table is left out where the database fills it by itself, and where it
/// allows no more rows: the weights of variants sum to one.
const MANY: &str = r#"
DO $$
DECLARE
  targets text[] := ARRAY(
      SELECT c.table_name::text FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE c.table_schema = 'public' AND c.column_name = 'organizationId' AND t.table_type = 'BASE TABLE'
         AND c.table_name <> ALL (ARRAY['AuditLog', 'SearchEntry', 'SearchWord', 'ProductNumber', 'IdempotencyKey', 'ImportPart', 'Reordered', 'ExperimentVariant', 'Membership'])
       -- A document makes its first version by itself.
       ORDER BY c.table_name = 'Document')
      || ARRAY['Session', 'User', 'Organization', 'Membership'];
  later text[];
  target text;
  names text;
  copied text;
BEGIN
  FOR pass IN 1..5 LOOP
    later := '{}';
    FOREACH target IN ARRAY targets LOOP
      EXECUTE format('CREATE TEMP TABLE few AS SELECT * FROM %I', target);
      BEGIN
        FOR side IN 1..2 LOOP
          WITH columns AS (SELECT a.attnum, a.attname, a.atttypid FROM pg_attribute a
                            WHERE a.attrelid = format('public.%I', target)::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
               refers AS (SELECT DISTINCT k.attnum FROM pg_constraint c, unnest(c.conkey) k (attnum)
                           WHERE c.conrelid = format('public.%I', target)::regclass AND c.contype = 'f'),
               keys AS (SELECT i.indexrelid, k.attnum, k.place FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, place)
                         WHERE i.indrelid = format('public.%I', target)::regclass AND i.indisunique),
               -- What an expression is made of is not among an index's own columns.
               hidden AS (SELECT d.refobjsubid::int2 AS attnum FROM pg_index i JOIN pg_depend d
                              ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid > 0
                           WHERE i.indrelid = format('public.%I', target)::regclass AND i.indisunique AND i.indexprs IS NOT NULL),
               differs AS (SELECT attnum FROM (SELECT attnum FROM keys UNION SELECT attnum FROM hidden) k WHERE attnum NOT IN (SELECT attnum FROM refers)
                           UNION
                           SELECT (array_agg(attnum ORDER BY place))[least(side, count(*))] FROM keys JOIN columns USING (attnum)
                            WHERE attname <> 'organizationId' GROUP BY indexrelid HAVING bool_and(attnum IN (SELECT attnum FROM refers)))
          SELECT string_agg(quote_ident(attname), ', '),
                 string_agg(CASE
                   WHEN attnum NOT IN (SELECT attnum FROM differs) THEN format('x.%I', attname)
                   WHEN atttypid = 'text'::regtype THEN format('x.%I || ''-'' || more.n', attname)
                   WHEN atttypid IN ('integer'::regtype, 'bigint'::regtype, 'date'::regtype) THEN format('x.%I + more.n', attname)
                   WHEN atttypid = 'timestamptz'::regtype THEN format('x.%I + make_interval(days => more.n)', attname)
                   ELSE format('x.%I', attname) END, ', ')
            INTO names, copied FROM columns;
          EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM few x, generate_series(1, 59) more (n) ON CONFLICT DO NOTHING', target, names, copied);
        END LOOP;
      EXCEPTION WHEN foreign_key_violation THEN
        IF pass = 5 THEN RAISE; END IF;
        later := later || target;
      END;
      DROP TABLE few;
    END LOOP;
    targets := later;
  END LOOP;
END $$;
INSERT INTO "Membership" (id, "userId", "organizationId", role)
SELECT 'many-' || o.id, u.id, o.id, 'DEVELOPER' FROM "User" u, "Organization" o WHERE u.email = 'admin@acme.test' AND o.slug LIKE 'acme-%';
"#;

/// Tables of which there have to be many afterwards, lest the pages are compared with themselves.
const GROWN: &[&str] = &[
    "Product",
    "Idea",
    "IdeaComment",
    "Feedback",
    "Epic",
    "Feature",
    "FeatureDependency",
    "FeatureComment",
    "Task",
    "TaskComment",
    "Release",
    "LaunchChecklistItem",
    "Changelog",
    "OKR",
    "KeyResult",
    "KPI",
    "KPIDataPoint",
    "Experiment",
    "ExperimentResult",
    "Document",
    "DocumentVersion",
    "DocumentComment",
    "Membership",
    "Team",
    "Invitation",
    "Webhook",
    "WebhookDelivery",
    "ApiToken",
    "Import",
    "SavedView",
    "AuditLog",
    "SearchEntry",
    "Session",
];

/// A database with one connection, so that its types are asked for once.
async fn narrow(owner: &PgPool) -> TestDb {
    let options = as_app(owner.connect_options().as_ref().clone());
    TestDb { app: PgPoolOptions::new().max_connections(1).connect_with(options).await.unwrap(), owner: owner.clone() }
}

/// What each page answers and sends.
async fn costs(app: &Router, user: &TestUser, addresses: &[String]) -> Vec<(StatusCode, usize)> {
    let mut costs = Vec::new();
    for round in 0..2 {
        costs.clear();
        for address in addresses {
            costs.push(counted(get(app, Some(user), address)).await);
        }
        // In the first round a connection asks for the types that it does not know.
        assert_eq!(costs.len(), addresses.len(), "round {round}");
    }
    costs
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn no_page_costs_more_for_many_rows_than_for_few(pool: PgPool) {
    let db = narrow(&pool).await;
    let world = World::new(&db, "acme").await;
    sqlx::raw_sql(OWN).execute(&db.owner).await.unwrap();
    let app = router(db.state());
    let addresses: Vec<String> =
        all().map(|(_, _, address)| *address).chain(VIEWS.iter().copied()).map(|address| world.fill(address)).collect();
    let few = costs(&app, &world.admin, &addresses).await;
    sqlx::raw_sql(MANY).execute(&db.owner).await.unwrap();
    for table in GROWN {
        let rows: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!(r#"SELECT count(*) FROM "{table}""#))).fetch_one(&db.owner).await.unwrap();
        assert!(rows >= 50, "{table} has {rows} rows");
    }
    let many = costs(&app, &world.admin, &addresses).await;
    let mut wrong = Vec::new();
    for ((address, (before, few)), (after, many)) in addresses.iter().zip(few).zip(many) {
        if before != after || before.is_server_error() {
            wrong.push(format!("{address}: {before}, then {after}"));
        }
        if many > few {
            wrong.push(format!("{address}: {few} statements for few rows, {many} for many"));
        }
        if few == 0 && address.starts_with("/orgs/acme") {
            wrong.push(format!("{address}: nothing was counted"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
