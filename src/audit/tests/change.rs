//! Changes write themselves into the log.

use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};

use super::{actions, at, run, told, workshop};
use crate::kernel::role::{Perm, Role};
use crate::server::scope::Scope;
use crate::testing::TestDb;

/// Tables of a tenant whose changes are no news: the log itself, what is made of it, the pieces of files to import, and that
/// cards stand elsewhere or items have numbers.
const UNWATCHED: [&str; 14] = [
    "AuditLog",
    "DocumentDraft",
    "DocumentMention",
    "DocumentVersion",
    "IdempotencyKey",
    "ImportPart",
    "KPIDay",
    "KPINotice",
    "KPINoticeRead",
    "ProductNumber",
    "Reordered",
    "SearchEntry",
    "SearchWord",
    "WebhookDelivery",
];

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_table_of_a_tenant_is_watched(pool: PgPool) {
    let unwatched: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class c
          WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
            AND (c.relname = 'Organization' OR EXISTS (SELECT FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attname = 'organizationId' AND NOT a.attisdropped))
            -- after each row of INSERT, UPDATE and DELETE, whether by one trigger or by several; what is added also for all rows
            -- of a statement
            AND (SELECT bit_or(t.tgtype::integer | 1) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                  WHERE t.tgrelid = c.oid AND t.tgenabled IN ('O', 'A')
                    AND (p.proname = 'audit_row' AND t.tgtype & 3 = 1 OR p.proname = 'audit_added' AND t.tgtype & 3 = 0)
                 ) & 31 IS DISTINCT FROM 29
          ORDER BY 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(unwatched, UNWATCHED, "give the table a trigger `audit`, as in the migration of the audit log");
}

/// Columns whose values are nobody's business; a new one has to be named in `audit_row`.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn every_secret_column_is_known_to_the_trigger(pool: PgPool) {
    let columns: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT a.attname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
           JOIN pg_trigger t ON t.tgrelid = c.oid JOIN pg_proc p ON p.oid = t.tgfoid AND p.proname = 'audit_row'
          WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attname ~* '(secret|token|password|hash|cipher|private|credential)'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let source = "SELECT string_agg(prosrc, '') FROM pg_proc WHERE proname IN ('audit_row', 'audit_added')";
    let source: String = sqlx::query_scalar(source).fetch_one(&pool).await.unwrap();
    assert!(columns.contains(&"tokenHash".to_owned()) && columns.contains(&"secret".to_owned()), "{columns:?}");
    for list in source.lines().filter(|line| line.contains("CONSTANT text[]") && !line.contains("noise")) {
        for column in &columns {
            assert!(list.contains(column.as_str()), "{column} is not in {list}");
        }
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_change_is_told_with_person_place_and_difference(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, idea) = workshop(&db).await;
    let mut scope = Scope::open(&db.app, &at(&admin), "acme", Perm::IdeaReview).await.unwrap();
    crate::idea::store::set_status(&mut scope, &idea, crate::idea::model::IdeaStatus::UnderReview).await.unwrap();
    scope.commit(()).await.unwrap();

    let entries = told(&pool, "idea.%").await;
    assert_eq!(entries.len(), 2);
    assert_eq!((entries[0].0.as_str(), entries[0].3.as_deref()), ("idea.created", Some(admin.id.as_str())));
    let created = entries[0].4.as_ref().unwrap();
    assert_eq!((&created["after"]["title"], created.get("before")), (&json!("Mobile App"), None));
    let expected = json!({ "before": { "status": "SUBMITTED" }, "after": { "status": "UNDER_REVIEW" } });
    assert_eq!(entries[1], ("idea.status_changed".into(), "Idea".into(), idea, Some(admin.id), Some(expected)));
    let place: (String, String) = sqlx::query_as(r#"SELECT "ipAddress", "userAgent" FROM "AuditLog" WHERE action = 'idea.status_changed'"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(place.0 == "192.0.2.7" && place.1.contains("Firefox"), "{place:?}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn changes_have_the_names_of_what_they_mean(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    workshop(&db).await;
    let expected = |actions: &[&str]| actions.iter().map(|action| (*action).to_owned()).collect::<Vec<_>>();
    run(&pool, r#"UPDATE "Idea" SET title = 'Other'; UPDATE "Idea" SET "deletedAt" = now(); UPDATE "Idea" SET "deletedAt" = NULL; DELETE FROM "Idea""#)
        .await;
    assert_eq!(
        actions(&pool, "idea.%").await,
        expected(&["idea.created", "idea.updated", "idea.deleted", "idea.restored", "idea.deleted"])
    );

    run(&pool, r#"UPDATE "Product" SET lifecycle = 'GROWTH'"#).await;
    run(&pool, r#"INSERT INTO "Team" (id, name, slug, "organizationId") SELECT 't1', 'Team', 'team', id FROM "Organization""#).await;
    run(&pool, r#"INSERT INTO "_ProductToTeam" ("A", "B") SELECT id, 't1' FROM "Product"; DELETE FROM "_ProductToTeam""#).await;
    assert_eq!(
        actions(&pool, "product.%").await,
        expected(&["product.created", "product.lifecycle_changed", "product.team_added", "product.team_removed"])
    );
    let team = told(&pool, "product.team_%").await;
    assert_eq!((&team[0].4, &team[1].4), (&Some(json!({"after": {"teamId": "t1"}})), &Some(json!({"before": {"teamId": "t1"}}))));

    db.member("acme", Role::Developer).await;
    run(&pool, r#"UPDATE "Membership" SET role = 'DESIGNER' WHERE role = 'DEVELOPER'"#).await;
    run(&pool, r#"UPDATE "Membership" SET "teamId" = 't1' WHERE role = 'DESIGNER'; DELETE FROM "Membership" WHERE role = 'DESIGNER'"#)
        .await;
    assert_eq!(
        actions(&pool, "member.%").await,
        expected(&["member.joined", "member.added", "member.role_changed", "member.team_changed", "member.removed"])
    );

    run(
        &pool,
        r#"INSERT INTO "Invitation" (id, "organizationId", email, "tokenHash", "expiresAt") SELECT 'i1', id, 'a@b.test', 'h1', now() FROM "Organization";
           UPDATE "Invitation" SET "tokenHash" = 'h2', "expiresAt" = now() + interval '1 day';
           UPDATE "Invitation" SET "revokedAt" = now(); UPDATE "Invitation" SET "acceptedAt" = now()"#,
    )
    .await;
    assert_eq!(
        actions(&pool, "invitation.%").await,
        expected(&["invitation.created", "invitation.resent", "invitation.revoked", "invitation.accepted"])
    );
}

/// Rows that come in by one statement are told like any others, in their order.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn many_rows_of_one_statement_are_told_one_by_one(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    workshop(&db).await;
    run(
        &pool,
        r#"INSERT INTO "Task" (id, title, description, "productId")
           SELECT 't' || n, 'Task ' || n, 'd', id FROM "Product", generate_series(1, 3) n ORDER BY n;
           INSERT INTO "Task" (id, title, "productId") SELECT 't', 'None', id FROM "Product" WHERE false"#,
    )
    .await;
    let told = told(&pool, "task.%").await;
    let ids: Vec<_> = told.iter().map(|entry| (entry.0.as_str(), entry.1.as_str(), entry.2.as_str())).collect();
    assert_eq!(ids, ["t1", "t2", "t3"].map(|id| ("task.created", "Task", id)));
    let after = &told[0].4.as_ref().unwrap()["after"];
    assert_eq!(
        (&after["title"], &after["status"], after.get("id"), after.get("organizationId")),
        (&json!("Task 1"), &json!("TODO"), None, None)
    );
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_tables_between_two_things_are_told_as_one_of_them(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, idea) = workshop(&db).await;
    run(
        &pool,
        r#"INSERT INTO "Feature" (id, title, description, "productId") SELECT 'f1', 'F', '', id FROM "Product";
           INSERT INTO "Release" (id, name, version, "productId") SELECT 'r1', 'R', '1', id FROM "Product";
           INSERT INTO "_IdeaToFeature" ("A", "B") SELECT 'f1', id FROM "Idea";
           INSERT INTO "_FeatureToRelease" ("A", "B") VALUES ('f1', 'r1'); DELETE FROM "_FeatureToRelease""#,
    )
    .await;
    let linked: Vec<_> = told(&pool, "%.feature_%").await.into_iter().map(|entry| (entry.0, entry.1, entry.2)).collect();
    let entry = |action: &str, kind: &str, id: &str| (action.to_owned(), kind.to_owned(), id.to_owned());
    assert_eq!(
        linked,
        [
            entry("idea.feature_added", "Idea", &idea),
            entry("release.feature_added", "Release", "r1"),
            entry("release.feature_removed", "Release", "r1")
        ]
    );
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_secret_never_enters_the_log(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    workshop(&db).await;
    run(
        &pool,
        r#"INSERT INTO "Webhook" (id, name, url, "organizationId", secret) SELECT 'w1', 'W', 'https://x.test', id, 'S3CRET-a' FROM "Organization";
           UPDATE "Webhook" SET secret = 'S3CRET-b'; UPDATE "Webhook" SET secret = 'S3CRET-c', active = false; UPDATE "Webhook" SET secret = NULL;
           INSERT INTO "Invitation" (id, "organizationId", email, "tokenHash", "expiresAt") SELECT 'i1', id, 'a@b.test', 'S3CRET-d', now() FROM "Organization";
           UPDATE "Invitation" SET "tokenHash" = 'S3CRET-e'; DELETE FROM "Webhook"; DELETE FROM "Invitation""#,
    )
    .await;
    let leaks: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "AuditLog" l WHERE l::text LIKE '%S3CRET%' OR l::text LIKE '%argon2%'"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(leaks, 0);
    let changed = told(&pool, "webhook.updated").await;
    assert_eq!(changed[0].4, Some(json!({ "before": {}, "after": { "secret": "changed" } })), "that it was changed is told");
    assert_eq!(changed[1].4, Some(json!({ "before": { "active": true }, "after": { "active": false, "secret": "changed" } })));
    assert_eq!(changed.len(), 3);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_changes_nothing_or_is_undone_leaves_nothing(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    workshop(&db).await;
    let before = actions(&pool, "%").await.len();
    run(&pool, r#"UPDATE "Idea" SET title = title; UPDATE "Product" SET "createdAt" = now() - interval '1 day'"#).await;
    let mut tx = pool.begin().await.unwrap();
    sqlx::query(r#"UPDATE "Idea" SET title = 'Undone'"#).execute(&mut *tx).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(actions(&pool, "%").await.len(), before);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_foreign_clients_change_is_told_without_a_person(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, _) = workshop(&db).await;
    sqlx::query(
        r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId") SELECT 'f1', 'Foreign', '', id, $1 FROM "Product""#,
    )
    .bind(&admin.id)
    .execute(&pool)
    .await
    .unwrap();
    let told = told(&pool, "idea.created").await;
    assert_eq!((told[1].2.as_str(), told[1].3.as_deref()), ("f1", None));
    let xids: Vec<bool> = sqlx::query_scalar(r#"SELECT xid < pg_current_xact_id() FROM "AuditLog""#).fetch_all(&pool).await.unwrap();
    assert!(xids.iter().all(|earlier| *earlier), "each entry names the transaction that wrote it");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_very_long_text_is_kept_by_its_beginning(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    workshop(&db).await;
    run(
        &pool,
        r#"INSERT INTO "Document" (id, title, content, "organizationId", "authorId")
           SELECT 'd1', 'Long', repeat('x', 1000000), o.id, u.id FROM "Organization" o, "User" u LIMIT 1;
           UPDATE "Document" SET content = 'short'"#,
    )
    .await;
    let entries = told(&pool, "document.%").await;
    let (created, updated) = (entries[0].4.as_ref().unwrap(), entries[1].4.as_ref().unwrap());
    for text in [&created["after"]["content"], &updated["before"]["content"]] {
        let text = text.as_str().unwrap();
        assert!(text.len() < 1100 && text.ends_with("(1000000 characters)"), "{}", text.len());
    }
    assert_eq!(created["after"]["title"], "Long");
    assert_eq!(updated["after"]["content"], "short");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_application_cannot_write_the_log(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, _) = workshop(&db).await;
    for sql in [
        r#"INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "organizationId") SELECT 'x', 'idea.created', 'Idea', 'i', id FROM "Organization""#,
        r#"UPDATE "AuditLog" SET action = 'nothing'"#,
        r#"DELETE FROM "AuditLog""#,
        r#"CREATE TEMPORARY TABLE own (id text, "organizationId" text);
           CREATE TRIGGER forge AFTER INSERT ON own FOR EACH ROW EXECUTE FUNCTION audit_row('idea', 'Idea')"#,
        r#"CREATE TEMPORARY TABLE own (id text, "organizationId" text);
           CREATE TRIGGER forge AFTER INSERT ON own REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_added('idea')"#,
    ] {
        let mut scope = db.scope("acme", &admin, Perm::OrgManage).await.unwrap();
        let refused = sqlx::raw_sql(AssertSqlSafe(sql)).execute(scope.db()).await.unwrap_err();
        assert_eq!(refused.as_database_error().and_then(|error| error.code()).as_deref(), Some("42501"), "{sql}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_person_or_an_organisation_can_be_removed_for_good(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, _) = workshop(&db).await;
    db.org("other").await;
    let member = db.member("acme", Role::Developer).await;
    let mut tx = pool.begin().await.unwrap();
    sqlx::query("SELECT set_config('app.user_id', $1, true)").bind(&member.id).execute(&mut *tx).await.unwrap();
    sqlx::query(r#"DELETE FROM "User" WHERE id = $1"#).bind(&member.id).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let left = told(&pool, "member.left").await;
    assert_eq!((left.len(), left[0].3.as_deref()), (1, None));

    let of_other = r#"SELECT count(*) FROM "AuditLog" l JOIN "Organization" o ON o.id = l."organizationId" WHERE o.slug = 'other'"#;
    let before: i64 = sqlx::query_scalar(of_other).fetch_one(&pool).await.unwrap();
    run(&pool, r#"UPDATE "Organization" SET "deletedAt" = now() WHERE slug = 'acme'"#).await;
    assert_eq!(actions(&pool, "organization.deleted").await.len(), 1, "an organisation in the bin keeps its log");
    assert!(told(&pool, "idea.created").await[0].3.as_deref() == Some(&admin.id));
    run(&pool, r#"DELETE FROM "Organization" WHERE slug = 'acme'"#).await;
    let all: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "AuditLog""#).fetch_one(&pool).await.unwrap();
    let after: i64 = sqlx::query_scalar(of_other).fetch_one(&pool).await.unwrap();
    assert_eq!((all, after), (before, before));
}
