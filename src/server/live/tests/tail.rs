use sqlx::PgPool;

use super::{NEW_IDEA, add_idea, workshop};
use crate::server::live::change::Change;
use crate::server::live::tail::{ONE_BY_ONE, Tail};

async fn tail(pool: &PgPool) -> Tail {
    Tail::open(&pool.connect_options()).await.unwrap()
}

async fn items(tail: &mut Tail) -> Vec<String> {
    tail.read().await.unwrap().changes.into_iter().map(|change| change.item.unwrap_or_else(|| format!("many {}", change.entity))).collect()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_change_is_found_once_and_with_what_it_was(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let mut tail = tail(&db.app).await;
    assert_eq!(items(&mut tail).await, Vec::<String>::new(), "what was there before is no news");
    let id = add_idea(&db, &admin, "New").await;
    let found = tail.read().await.unwrap();
    let [change] = found.changes.as_slice() else { panic!("{found:?}") };
    assert_eq!((change.entity.as_str(), change.action.as_str(), change.item.as_deref()), ("Idea", "idea.created", Some(id.as_str())));
    assert_eq!((change.person.as_ref(), change.many, found.doors), (Some(&admin.id), false, false));
    assert!(change.id.is_some());
    assert_eq!(items(&mut tail).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_late_commit_is_not_skipped_and_delays_nobody(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let mut tail = tail(&db.app).await;
    // Each adds to a product of its own, whose numbers it holds until its end.
    let (mut early, mut long) = (pool.begin().await.unwrap(), pool.begin().await.unwrap());
    sqlx::query(NEW_IDEA).bind("early").bind("balloon").execute(&mut *early).await.unwrap();
    sqlx::query(NEW_IDEA).bind("long").bind("glider").execute(&mut *long).await.unwrap();
    let quick = add_idea(&db, &admin, "Quick").await;
    assert_eq!(items(&mut tail).await, [quick], "while others take their time");
    let second = add_idea(&db, &admin, "Second").await;
    early.commit().await.unwrap();
    let mut found = items(&mut tail).await;
    found.sort();
    let mut expected = [second, "early".to_owned()];
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(items(&mut tail).await, Vec::<String>::new());
    sqlx::query(NEW_IDEA).bind("longer").bind("glider").execute(&mut *long).await.unwrap();
    long.commit().await.unwrap();
    assert_eq!(items(&mut tail).await, ["long", "longer"]);
    let mut undone = pool.begin().await.unwrap();
    sqlx::query(NEW_IDEA).bind("undone").bind("balloon").execute(&mut *undone).await.unwrap();
    assert_eq!(items(&mut tail).await, Vec::<String>::new());
    undone.rollback().await.unwrap();
    assert_eq!(items(&mut tail).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn many_changes_of_one_transaction_are_one(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let mut tail = tail(&db.app).await;
    let mut import = pool.begin().await.unwrap();
    sqlx::query(
        r#"INSERT INTO "Idea" (id, title, description, "productId", "creatorId")
           SELECT 'i' || n, 'I', '', p.id, $2 FROM "Product" p, generate_series(1, $1) n WHERE p.key = 'rocket'"#,
    )
    .bind(20_000_i32)
    .bind(&admin.id)
    .execute(&mut *import)
    .await
    .unwrap();
    import.commit().await.unwrap();
    let single = add_idea(&db, &admin, "Single").await;
    let found = tail.read().await.unwrap();
    assert!(!found.too_much);
    let [many, one] = found.changes.as_slice() else { panic!("{} changes", found.changes.len()) };
    assert_eq!((many.many, many.item.as_ref(), one.item.as_ref()), (true, None, Some(&single)));
    let last: String = sqlx::query_scalar(r#"SELECT max(id) FROM "AuditLog" WHERE "entityId" LIKE 'i%' AND "entityId" <> $1"#)
        .bind(&single)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(many.id.as_deref() >= Some(last.as_str()), "whoever goes on from it has heard of all");

    for n in 0..ONE_BY_ONE + 1 {
        sqlx::query(NEW_IDEA).bind(format!("own{n}")).bind("rocket").execute(&pool).await.unwrap();
    }
    assert_eq!(items(&mut tail).await.len() as i64, ONE_BY_ONE + 1, "each in a transaction of its own");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_place_on_a_board_is_told_though_it_is_not_logged(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let id = add_idea(&db, &admin, "Card").await;
    let mut tail = tail(&db.app).await;
    sqlx::query(r#"UPDATE "Idea" SET rank = '1'"#).execute(&pool).await.unwrap();
    let found = tail.read().await.unwrap();
    let [change] = found.changes.as_slice() else { panic!("{found:?}") };
    assert_eq!((change.id.as_ref(), change.item.as_ref(), change.action.as_str()), (None, Some(&id), "reordered"));
    sqlx::query(r#"UPDATE "Reordered" SET "createdAt" = now() - interval '1 hour'"#).execute(&pool).await.unwrap();
    tail.sweep().await.unwrap();
    let left: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "Reordered""#).fetch_one(&pool).await.unwrap();
    assert_eq!(left, 0);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn only_what_everybody_may_read_is_told(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let mut tail = tail(&db.app).await;
    let organization: String = sqlx::query_scalar(r#"SELECT id FROM "Organization""#).fetch_one(&pool).await.unwrap();
    for sql in [
        r#"INSERT INTO "SavedView" (id, "productId", "authorId", name, query) SELECT 'v', id, $1, 'Mine', '' FROM "Product" WHERE $2 <> ''"#,
        r#"INSERT INTO "Webhook" (id, "organizationId", url, events, secret, "createdBy") SELECT 'w', $2, 'https://x.test', '{}', 's', $1"#,
        r#"UPDATE "Organization" SET name = 'Renamed' WHERE id = $2 AND $1 <> ''"#,
    ] {
        let _ = sqlx::query(sql).bind(&admin.id).bind(&organization).execute(&pool).await;
    }
    let written: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "AuditLog" WHERE "entityType" IN ('SavedView', 'Organization')"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(written >= 2, "the log has them");
    let found = tail.read().await.unwrap();
    assert_eq!(found.changes, Vec::<Change>::new());
    assert!(found.doors);
    for secret in ["Session", "User", "Invitation", "SavedView", "Webhook", "ApiToken", "Account"] {
        assert!(!crate::audit::model::LIVE.contains(&secret), "{secret}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_belongs_to_the_organisation_alone_is_told_too(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let mut tail = tail(&db.app).await;
    for sql in [
        r#"INSERT INTO "OrganizationObjective" (id, title, "ownerId", quarter, "organizationId")
           SELECT 'objective', 'T', $1, '2026-Q1', id FROM "Organization""#,
        r#"INSERT INTO "LifecycleCriteria" (id, stage, criteria, "organizationId")
           SELECT 'criteria', 'LAUNCH', '{Ready}', id FROM "Organization" WHERE $1 <> ''"#,
    ] {
        sqlx::query(sql).bind(&admin.id).execute(&pool).await.unwrap();
    }
    let mut found = items(&mut tail).await;
    found.sort();
    assert_eq!(found, ["criteria", "objective"]);
}

/// However long the log is and however long a transaction takes, a look reads what is new by the index alone.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_look_is_a_short_range_of_the_index(pool: PgPool) {
    let (db, admin) = workshop(&pool).await;
    let mut connection = db.app.acquire().await.unwrap();
    sqlx::raw_sql("SET ROLE prodmatic_system").execute(&mut *connection).await.unwrap();
    sqlx::query(
        r#"INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "userId", "organizationId", xid)
           SELECT 'x' || n, 'idea.updated', 'Idea', 'i', $1, o.id,
                  (n % (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1) + 1)::text::xid8
             FROM "Organization" o, generate_series(1, 20000) n"#,
    )
    .bind(&admin.id)
    .execute(&pool)
    .await
    .unwrap();
    sqlx::raw_sql(r#"ANALYZE "AuditLog""#).execute(&pool).await.unwrap();
    let now: String = sqlx::query_scalar("SELECT pg_current_snapshot()::text").fetch_one(&pool).await.unwrap();
    let plan: serde_json::Value = sqlx::query_scalar(
        r#"EXPLAIN (FORMAT JSON) SELECT id FROM "AuditLog" WHERE xid >= pg_snapshot_xmax($1::text::pg_snapshot)
           OR xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot)))"#,
    )
    .bind(now)
    .fetch_one(&mut *connection)
    .await
    .unwrap();
    let plan = plan.to_string();
    assert!(plan.contains("AuditLog_xid_idx") && !plan.contains("Seq Scan"), "{plan}");
}
