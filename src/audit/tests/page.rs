//! The log's page and the history of one thing.

use sqlx::PgPool;

use super::{at, managing, run, workshop};
use crate::audit::model::AuditQuery;
use crate::audit::store;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::server::scope::Scope;
use crate::testing::TestDb;

/// 45 more changes in one transaction, which have the same time, and 30 at times of their own.
async fn busy(pool: &PgPool) {
    run(
        pool,
        r#"INSERT INTO "Task" (id, title, "productId") SELECT 't' || n, 'Task ' || n, p.id FROM "Product" p, generate_series(1, 45) n"#,
    )
    .await;
    for _ in 0..15 {
        run(pool, r#"UPDATE "Task" SET status = 'DONE' WHERE id = 't1'; UPDATE "Task" SET status = 'TODO' WHERE id = 't1'"#).await;
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_whole_log_is_paged_through_and_back(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, _) = workshop(&db).await;
    busy(&pool).await;
    let mut scope = managing(&db, "acme", &admin).await;
    let all = store::rows(&mut scope, &AuditQuery::default(), 1000).await.unwrap();
    let (mut query, mut seen, mut firsts) = (AuditQuery::default(), Vec::new(), Vec::new());
    loop {
        let page = store::page(&mut scope, &query).await.unwrap().page;
        assert_eq!(page.first_place as usize, seen.len() + 1);
        firsts.push(page.rows[0].id.clone());
        seen.extend(page.rows.iter().map(|entry| entry.id.clone()));
        query.cursor = page.next;
        if query.cursor.is_none() {
            query.cursor = page.previous;
            break;
        }
    }
    assert!(seen.len() > 75);
    assert_eq!(seen, all.iter().map(|row| row.id.clone()).collect::<Vec<_>>());
    assert!(all.windows(2).all(|pair| pair[0].key() > pair[1].key()), "a strict descent");
    firsts.pop();
    while query.cursor.is_some() {
        let page = store::page(&mut scope, &query).await.unwrap().page;
        assert_eq!(Some(&page.rows[0].id), firsts.pop().as_ref());
        query.cursor = page.previous;
    }
    assert!(firsts.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn filters_narrow_the_log(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, idea) = workshop(&db).await;
    busy(&pool).await;
    let mut scope = managing(&db, "acme", &admin).await;
    let count = async |scope: &mut Scope, query: AuditQuery| store::rows(scope, &query, 1000).await.unwrap().len();
    let text = |word: &str| Some(word.to_owned());
    let all = count(&mut scope, AuditQuery::default()).await;
    assert_eq!(count(&mut scope, AuditQuery { entity: text("Task"), ..Default::default() }).await, 75);
    assert_eq!(count(&mut scope, AuditQuery { action: text("task.status_changed"), ..Default::default() }).await, 30);
    assert_eq!(count(&mut scope, AuditQuery { entity: text("Task"), item: text("t1"), ..Default::default() }).await, 31);
    assert_eq!(count(&mut scope, AuditQuery { person: text(&admin.id), ..Default::default() }).await, all - 75);
    assert_eq!(count(&mut scope, AuditQuery { person: text(&admin.id), action: text("task.created"), ..Default::default() }).await, 0);
    assert_eq!(count(&mut scope, AuditQuery { item: Some(idea), ..Default::default() }).await, 1);

    sqlx::query(r#"UPDATE "AuditLog" SET "createdAt" = '2026-02-28 23:59:59.999+00' WHERE action = 'task.created'"#)
        .execute(&pool)
        .await
        .unwrap();
    let days = |from: &str, to: &str| AuditQuery { from: text(from), to: text(to), ..Default::default() };
    assert_eq!(count(&mut scope, days("2026-02-28", "2026-02-28")).await, 45);
    assert_eq!(count(&mut scope, days("2026-02-01", "2026-02-27")).await, 0);
    assert!(store::rows(&mut scope, &days("2026-02-31", "2026-03-01"), 10).await.unwrap_err().of_field("from").is_some());

    let page = store::page(&mut scope, &AuditQuery { entity: text("Idea"), ..Default::default() }).await.unwrap();
    let labels = |choices: &[crate::audit::model::Choice]| choices.iter().map(|choice| choice.label.clone()).collect::<Vec<_>>();
    assert_eq!(labels(&page.entities), ["Idea", "Member", "Organisation", "Product", "Task"]);
    assert!(labels(&page.actions).contains(&"Task: status changed".to_owned()), "{:?}", page.actions);
    assert_eq!(labels(&page.people), ["Test Person"]);
    let entry = &page.page.rows[0];
    assert_eq!((entry.who.as_str(), entry.entity.as_str(), entry.what.as_str()), ("Test Person", "Idea", "Created"));
    assert_eq!(entry.name.as_deref(), Some("Mobile App"));
    assert!(entry.path.as_deref().is_some_and(|path| path.starts_with("/products/rocket/ideas/")));
    assert!(
        entry.changes.iter().any(|change| change.field == "Product" && change.after.as_deref() == Some("ROCKET")),
        "{:?}",
        entry.changes
    );
}

/// In Auckland it is thirteen hours later than in Greenwich in February.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn times_and_days_are_those_of_the_reader(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, idea) = workshop(&db).await;
    run(&pool, r#"UPDATE "AuditLog" SET "createdAt" = '2026-02-27 12:30+00' WHERE action = 'idea.created'"#).await;
    let on = |day: &str| AuditQuery { from: Some(day.into()), to: Some(day.into()), item: Some(idea.clone()), ..Default::default() };
    let mut scope = managing(&db, "acme", &admin).await;
    let page = store::page(&mut scope, &on("2026-02-27")).await.unwrap();
    assert_eq!((page.zone.as_str(), page.page.rows[0].when.as_str()), ("UTC", "27 Feb 2026, 12:30 UTC"));
    drop(scope);
    sqlx::query(r#"INSERT INTO "UserProfile" (id, "userId", timezone) VALUES ('p', $1, 'Pacific/Auckland')"#)
        .bind(&admin.id)
        .execute(&pool)
        .await
        .unwrap();
    let mut scope = managing(&db, "acme", &admin).await;
    assert!(store::rows(&mut scope, &on("2026-02-27"), 10).await.unwrap().is_empty());
    let page = store::page(&mut scope, &on("2026-02-28")).await.unwrap();
    assert_eq!((page.zone.as_str(), page.page.rows[0].when.as_str()), ("Pacific/Auckland", "28 Feb 2026, 01:30"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn those_who_left_can_be_asked_for(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, _) = workshop(&db).await;
    let (known, deleted) = (db.member("acme", Role::Developer).await, db.member("acme", Role::Designer).await);
    sqlx::query(r#"UPDATE "User" SET name = 'Nova' WHERE id = $1"#).bind(&known.id).execute(&pool).await.unwrap();
    let mut scope = db.scope("acme", &known, Perm::Read).await.unwrap();
    crate::member::store::leave(&mut scope).await.unwrap();
    scope.commit(()).await.unwrap();
    crate::account::store::leaving::delete(crate::server::scope::Person::open(&db.app, &deleted.caller).await.unwrap()).await.unwrap();

    let mut scope = managing(&db, "acme", &admin).await;
    let page = store::page(&mut scope, &AuditQuery::default()).await.unwrap();
    let label = |id: &str| page.people.iter().find(|choice| choice.value == id).map(|choice| choice.label.as_str());
    assert_eq!(
        (label(&admin.id), label(&known.id), label(&deleted.id)),
        (Some("Test Person"), Some("Nova (former member)"), Some("A former member"))
    );
    let words = serde_json::to_string(&page).unwrap();
    assert!(!words.contains("deleted.invalid"), "{words}");
    let theirs = AuditQuery { person: Some(deleted.id.clone()), ..Default::default() };
    let rows = store::page(&mut scope, &theirs).await.unwrap().page.rows;
    assert!(!rows.is_empty() && rows.iter().all(|entry| entry.who == "A former member"), "{rows:?}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_forged_cursor_is_harmless(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, _) = workshop(&db).await;
    let mut scope = managing(&db, "acme", &admin).await;
    for key in [f64::MIN, f64::MAX, 0.5, -1e300] {
        for back in [false, true] {
            let cursor = crate::kernel::page::Cursor { key, id: "zzz".into(), place: i64::MAX - 100, back };
            let query = AuditQuery { cursor: Some(cursor), ..Default::default() };
            assert!(store::page(&mut scope, &query).await.is_ok(), "{key} {back}");
        }
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_log_cannot_be_seen(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, idea) = workshop(&db).await;
    let bob = db.org("other").await;
    assert_eq!(db.scope("acme", &bob, Perm::OrgManage).await.err(), Some(AppError::NotFound));
    let mut scope = managing(&db, "other", &bob).await;
    let page = store::page(&mut scope, &AuditQuery::default()).await.unwrap();
    assert_eq!(page.page.rows.len(), 2, "the organisation and its administrator");
    let words = serde_json::to_string(&page).unwrap();
    assert!(!words.contains("acme") && !words.contains("ACME") && !words.contains(&admin.id), "{words}");
    for query in
        [AuditQuery { person: Some(admin.id.clone()), ..Default::default() }, AuditQuery { item: Some(idea.clone()), ..Default::default() }]
    {
        assert!(store::page(&mut scope, &query).await.unwrap().page.rows.is_empty());
    }
    for (entity, item) in [("Idea", idea.as_str()), ("Product", "rocket"), ("Nothing", "x")] {
        assert_eq!(store::item_history(&mut scope, entity, item).await.err(), Some(AppError::NotFound), "{entity}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_history_does_not_tell_who_has_an_account_elsewhere(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, idea) = workshop(&db).await;
    let stranger = db.org("other").await;
    let mut scope = managing(&db, "acme", &admin).await;
    for (entity, item) in
        [("User", &stranger.id), ("Idea", &stranger.id), ("Idea", &admin.id), ("Feature", &idea), ("User", &"x".to_owned())]
    {
        assert_eq!(store::item_history(&mut scope, entity, item).await.err(), Some(AppError::NotFound), "{entity} {item}");
    }
    assert!(store::item_history(&mut scope, "User", &admin.id).await.is_ok());
    // Gone from the organisation, but not from its log.
    store::about_person(scope.db(), &admin.id, "user.signed_in", serde_json::json!({})).await.unwrap();
    sqlx::query(r#"UPDATE "Organization" SET "deletedAt" = now() WHERE slug = 'acme'"#).execute(scope.db()).await.unwrap();
    sqlx::query(r#"DELETE FROM "Membership" WHERE "userId" = $1"#).bind(&admin.id).execute(scope.db()).await.unwrap();
    assert_eq!(store::item_history(&mut scope, "User", &admin.id).await.unwrap().entries.len(), 1);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_history_of_a_thing_is_for_its_readers_but_not_where_from(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, idea) = workshop(&db).await;
    let mut scope = Scope::open(&db.app, &at(&admin), "acme", Perm::IdeaReview).await.unwrap();
    crate::idea::store::set_status(&mut scope, &idea, crate::idea::model::IdeaStatus::UnderReview).await.unwrap();
    scope.commit(()).await.unwrap();
    let reader = db.member("acme", Role::Stakeholder).await;

    let mut scope = Scope::open(&db.app, &at(&admin), "acme", Perm::Read).await.unwrap();
    let log = store::item_history(&mut scope, "Idea", &idea).await.unwrap();
    assert_eq!(log.entries.iter().map(|entry| entry.what.as_str()).collect::<Vec<_>>(), ["Status changed", "Created"]);
    let origin = log.entries[0].origin.clone().unwrap();
    assert_eq!((origin.address.as_deref(), origin.browser.as_deref()), (Some("192.0.2.7"), Some("Firefox on Linux")));
    assert_eq!(log.all, Some(format!("/audit?entity=Idea&item={idea}")));

    let mut scope = db.scope("acme", &reader, Perm::Read).await.unwrap();
    let log = store::item_history(&mut scope, "Idea", &idea).await.unwrap();
    assert_eq!((log.entries.len(), log.all), (2, None));
    assert!(log.entries.iter().all(|entry| entry.origin.is_none()));
    assert_eq!(store::item_history(&mut scope, "Product", "rocket").await.unwrap().entries.len(), 1);
    // What was there before the log was kept has a history that is empty.
    sqlx::query(r#"DELETE FROM "AuditLog""#).execute(&pool).await.unwrap();
    assert!(store::item_history(&mut scope, "Idea", &idea).await.unwrap().entries.is_empty());
    assert_eq!(store::item_history(&mut scope, "Idea", "nothing").await.err(), Some(AppError::NotFound));
    for kind in ["Membership", "Invitation", "Webhook", "User", "Organization", "AuditLog"] {
        assert_eq!(crate::audit::model::history_perm(kind), Perm::OrgManage, "{kind}");
    }
}

/// As the application's role, any page reads a range of an index and at most a page of rows.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_page_of_a_long_log_reads_a_page_of_rows(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, _) = workshop(&db).await;
    sqlx::query(
        r#"INSERT INTO "AuditLog" (id, action, "entityType", "entityId", "userId", "organizationId", "createdAt")
           SELECT 'a' || n, CASE WHEN n % 20 = 0 THEN 'idea.rare' ELSE 'idea.updated' END, CASE WHEN n % 25 = 0 THEN 'Task' ELSE 'Idea' END,
                  'i' || n / 5, CASE WHEN n % 30 = 0 THEN u.id END, o.id, now() - make_interval(mins => n)
           FROM generate_series(1, 20000) n, "Organization" o, "User" u"#,
    )
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query(r#"ANALYZE "AuditLog""#).execute(&pool).await.unwrap();
    let nothing = None::<String>;
    for (person, entity, item, action) in [
        (nothing.clone(), nothing.clone(), nothing.clone(), nothing.clone()),
        (Some(admin.id.clone()), nothing.clone(), nothing.clone(), nothing.clone()),
        (nothing.clone(), Some("Task".to_owned()), nothing.clone(), nothing.clone()),
        (nothing.clone(), Some("Idea".to_owned()), Some("i77".to_owned()), nothing.clone()),
        (nothing.clone(), nothing.clone(), nothing.clone(), Some("idea.rare".to_owned())),
    ] {
        let mut scope = managing(&db, "acme", &admin).await;
        let org = scope.organization().id.clone();
        let plan: serde_json::Value = sqlx::query_scalar(store::EXPLAIN)
            .persistent(false)
            .bind(org)
            .bind(&person)
            .bind(&entity)
            .bind(&item)
            .bind(&action)
            .bind(None::<chrono::NaiveDate>)
            .bind(None::<chrono::NaiveDate>)
            .bind(253_402_300_799_000.0)
            .bind("")
            .bind(21_i64)
            .bind("UTC")
            .fetch_one(scope.db())
            .await
            .unwrap();
        let (mut scans, what) = (Vec::new(), format!("{person:?} {entity:?} {item:?} {action:?}"));
        collect_scans(&plan[0]["Plan"], &mut scans);
        assert!(!scans.is_empty());
        for (kind, rows) in scans {
            assert!(kind.contains("Index") || kind.contains("Bitmap"), "{what}: {plan:#}");
            assert!(rows <= 21.0, "{what}: {plan:#}");
        }
    }
}

/// Every scan of the log in a plan: its kind, and rows read.
fn collect_scans(node: &serde_json::Value, scans: &mut Vec<(String, f64)>) {
    if node["Relation Name"] == "AuditLog" {
        let rows = node["Actual Rows"].as_f64().unwrap_or(f64::MAX) + node["Rows Removed by Filter"].as_f64().unwrap_or(0.0);
        scans.push((node["Node Type"].as_str().unwrap_or_default().to_owned(), rows));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        collect_scans(child, scans);
    }
}
