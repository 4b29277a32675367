use sqlx::PgPool;

use super::model::{Day, ITEMS_MAX, Item, Kind, PlaceForm, Span};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::{ANY, Edited};
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser};

/// Two epics, of which one is deleted; releases; features with and without dates; and what is not shown.
const PLANS: &str = r#"
    SET TimeZone = 'UTC';
    INSERT INTO "Epic" (id, title, description, "productId", status, "startDate", "endDate", "deletedAt")
    SELECT v.id, v.id, '', p.id, v.status::"EpicStatus", v.start::timestamptz, v.finish::timestamptz, v.deleted::timestamptz
      FROM "Product" p, (VALUES
        ('epic', 'PLANNING', '2026-11-01', '2027-01-31 13:00Z', NULL), ('undated-epic', 'PLANNING', NULL, NULL, NULL),
        ('dropped-epic', 'CANCELLED', '2026-11-01', NULL, NULL), ('gone-epic', 'PLANNING', '2026-11-01', NULL, '2026-11-02'))
        AS v (id, status, start, finish, deleted) WHERE p.key = 'rocket';
    INSERT INTO "Release" (id, name, version, "productId", status, "targetDate", "releaseDate")
    SELECT v.id, v.name, v.version, p.id, v.status::"ReleaseStatus", v.target::timestamptz, v.out::timestamptz
      FROM "Product" p, (VALUES
        ('planned', 'Spring', '2.0.0', 'PLANNING', '2027-03-01', NULL), ('out', 'Release 1.0.0', '1.0.0', 'RELEASED', '2026-10-01', '2026-10-05 22:00Z'))
        AS v (id, name, version, status, target, out) WHERE p.key = 'rocket';
    INSERT INTO "Feature" (id, title, description, "productId", "epicId", status, "startDate", "dueDate", "deletedAt")
    SELECT v.id, v.id, '', p.id, v.epic, v.status::"FeatureStatus", v.start::timestamptz, v.due::timestamptz, v.deleted::timestamptz
      FROM "Product" p, (VALUES
        ('both', 'epic', 'BACKLOG', '2026-11-02', '2026-11-20', NULL), ('due', 'gone-epic', 'BACKLOG', NULL, '2026-12-01', NULL),
        ('undated', 'dropped-epic', 'BACKLOG', NULL, NULL, NULL), ('done', NULL, 'DONE', '2026-10-01', NULL, NULL),
        ('done-undated', NULL, 'DONE', NULL, NULL, NULL), ('cancelled', NULL, 'CANCELLED', '2026-10-01', NULL, NULL),
        ('gone', NULL, 'BACKLOG', '2026-10-01', NULL, '2026-10-02'))
        AS v (id, epic, status, start, due, deleted) WHERE p.key = 'rocket';
    INSERT INTO "_FeatureToRelease" ("A", "B") VALUES ('both', 'out'), ('both', 'planned'), ('done', 'out');
    INSERT INTO "FeatureDependency" ("blockerId", "blockedId") VALUES ('both', 'due'), ('gone', 'due');
"#;

async fn planned(db: &TestDb) -> (TestUser, Scope, String) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    sqlx::raw_sql(PLANS).execute(&db.owner).await.unwrap();
    let mut scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    let product = store::product(&mut scope, "rocket").await.unwrap().id;
    (admin, scope, product)
}

fn day(text: &str) -> Option<Day> {
    Some(Day::parse(text).unwrap())
}

fn ids(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.id.as_str()).collect()
}

fn span(start: &str, end: &str) -> Span {
    PlaceForm { start: start.into(), end: end.into() }.validate().unwrap()
}

/// The dates that are stored, in the order of start and end or target and release date.
async fn stored(scope: &mut Scope, kind: Kind, id: &str) -> (Option<String>, Option<String>) {
    let sql = match kind {
        Kind::Epic => r#"SELECT "startDate"::text, "endDate"::text FROM "Epic" WHERE id = $1"#,
        Kind::Feature => r#"SELECT "startDate"::text, "dueDate"::text FROM "Feature" WHERE id = $1"#,
        Kind::Release => r#"SELECT "targetDate"::text, "releaseDate"::text FROM "Release" WHERE id = $1"#,
    };
    sqlx::query("SET LOCAL TimeZone = 'UTC'").execute(scope.db()).await.unwrap();
    let dates: (Option<String>, Option<String>) = sqlx::query_as(sql).bind(id).fetch_one(scope.db()).await.unwrap();
    let first_ten = |date: Option<String>| date.map(|date| date[..10].to_owned());
    (first_ten(dates.0), first_ten(dates.1))
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_roadmap_has_what_is_planned_and_what_was_done(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, product) = planned(&db).await;
    let (items, more) = store::items(&mut scope, &product, false).await.unwrap();
    assert_eq!(ids(&items), ["epic", "undated-epic", "planned", "out", "due", "both", "done", "undated"]);
    assert!(!more);
    let (dated, _) = store::items(&mut scope, &product, true).await.unwrap();
    assert_eq!(ids(&dated), ["epic", "undated-epic", "planned", "out", "due", "both", "done"]);
    let item = |id: &str| items.iter().find(|item| item.id == id).unwrap();
    assert_eq!(item("epic").span(), span("2026-11-01", "2027-01-31"));
    assert_eq!((item("both").epic_id.as_deref(), item("both").release_id.as_deref()), (Some("epic"), Some("planned")), "the next one");
    assert_eq!((item("due").epic_id.clone(), item("undated").epic_id.clone()), (None, None), "deleted, and cancelled");
    assert_eq!((item("planned").title.as_str(), item("out").title.as_str()), ("Spring (2.0.0)", "Release 1.0.0"));
    assert_eq!((item("out").fixed, item("out").start, item("out").end), (true, None, day("2026-10-05")));
    assert_eq!((item("planned").fixed, item("planned").end), (false, day("2027-03-01")));
    let waiting = store::waiting(&mut scope, &product, &items).await.unwrap();
    assert_eq!(waiting.iter().map(|w| (w.blocker.as_str(), w.blocked.as_str())).collect::<Vec<_>>(), [("both", "due")]);
    assert!(store::waiting(&mut scope, &product, &[]).await.unwrap().is_empty());
    assert!(store::items(&mut scope, "elsewhere", false).await.unwrap().0.is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn of_very_many_items_those_with_the_latest_dates_are_shown(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, product) = planned(&db).await;
    sqlx::query(
        r#"INSERT INTO "Feature" (id, title, description, "productId", "startDate")
           SELECT 'f' || n, 'F', '', $1, timestamptz '2026-12-02 00:00Z' + make_interval(days => n) FROM generate_series(1, $2) n"#,
    )
    .bind(&product)
    .bind(ITEMS_MAX as i32)
    .execute(&db.owner)
    .await
    .unwrap();
    let (items, more) = store::items(&mut scope, &product, true).await.unwrap();
    assert!(more);
    assert_eq!((items.len(), items[4].id.as_str()), (ITEMS_MAX, "f500"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn dates_are_changed_and_nothing_else(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, _) = planned(&db).await;
    let text = |date: &str| Some(date.to_owned());
    for (kind, id) in [(Kind::Epic, "epic"), (Kind::Feature, "both")] {
        store::place(&mut scope, "rocket", kind, id, ANY, span("2026-12-01", "2026-12-31")).await.unwrap();
        assert_eq!(stored(&mut scope, kind, id).await, (text("2026-12-01"), text("2026-12-31")));
        store::place(&mut scope, "rocket", kind, id, ANY, span("", "2026-12-31")).await.unwrap();
        assert_eq!(stored(&mut scope, kind, id).await, (None, text("2026-12-31")));
        store::place(&mut scope, "rocket", kind, id, ANY, Span::default()).await.unwrap();
        assert_eq!(stored(&mut scope, kind, id).await, (None, None));
    }
    store::place(&mut scope, "rocket", Kind::Release, "planned", ANY, span("", "2027-04-01")).await.unwrap();
    assert_eq!(stored(&mut scope, Kind::Release, "planned").await, (text("2027-04-01"), None));
    let title: String = sqlx::query_scalar(r#"SELECT title FROM "Feature" WHERE id = 'both'"#).fetch_one(scope.db()).await.unwrap();
    assert_eq!(title, "both");
    let noted: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "AuditLog" WHERE "entityId" = 'both' AND action = 'feature.updated'"#)
        .fetch_one(&db.owner)
        .await
        .unwrap();
    assert_eq!(noted, 0, "not committed yet");
    scope.commit(()).await.unwrap();
    let noted: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "AuditLog" WHERE "entityId" = 'both' AND action = 'feature.updated'"#)
        .fetch_one(&db.owner)
        .await
        .unwrap();
    assert_eq!(noted, 3);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_out_deleted_or_not_there_is_not_moved(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, _) = planned(&db).await;
    let to = span("2026-12-01", "2026-12-31");
    for (kind, id) in [(Kind::Epic, "gone-epic"), (Kind::Feature, "gone"), (Kind::Feature, "epic"), (Kind::Release, "none")] {
        assert_eq!(store::place(&mut scope, "rocket", kind, id, ANY, to).await, Err(AppError::NotFound), "{id}");
    }
    assert!(matches!(store::place(&mut scope, "rocket", Kind::Release, "out", ANY, to).await, Err(AppError::Conflict(_))));
    assert_eq!(stored(&mut scope, Kind::Release, "out").await.0.as_deref(), Some("2026-10-01"));
    db.product("acme", &admin, "balloon").await;
    for (kind, id) in [(Kind::Epic, "epic"), (Kind::Feature, "both"), (Kind::Release, "planned")] {
        assert_eq!(store::place(&mut scope, "balloon", kind, id, ANY, to).await, Err(AppError::NotFound), "of another product: {id}");
    }
    let other = db.org("other").await;
    let mut theirs = db.scope("other", &other, Perm::PlanWrite).await.unwrap();
    for (kind, id) in [(Kind::Epic, "epic"), (Kind::Feature, "both"), (Kind::Release, "planned")] {
        assert_eq!(store::place(&mut theirs, "rocket", kind, id, ANY, to).await, Err(AppError::NotFound), "of another organisation: {id}");
    }
    sqlx::query(r#"UPDATE "Product" SET "deletedAt" = now()"#).execute(scope.db()).await.unwrap();
    assert_eq!(store::place(&mut scope, "rocket", Kind::Epic, "epic", ANY, to).await, Err(AppError::NotFound), "it rests with its product");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_somebody_has_moved_meanwhile_is_not_moved(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, product) = planned(&db).await;
    for (kind, id, theirs, mine) in [
        (Kind::Epic, "epic", span("2027-01-01", ""), span("2027-02-01", "")),
        (Kind::Feature, "both", span("2027-01-01", "2027-01-31"), span("2027-01-01", "2027-02-28")),
        (Kind::Release, "planned", span("", "2027-04-01"), span("", "2027-05-01")),
    ] {
        let (items, _) = store::items(&mut scope, &product, false).await.unwrap();
        let seen = items.iter().find(|item| item.id == id).unwrap().span().version();
        store::place(&mut scope, "rocket", kind, id, &seen, theirs).await.unwrap();
        let outcome = store::place(&mut scope, "rocket", kind, id, &seen, mine).await;
        let Err(AppError::Stale(stale)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(stale.version, theirs.version());
        store::place(&mut scope, "rocket", kind, id, &stale.version, mine).await.unwrap();
        store::place(&mut scope, "rocket", kind, id, &seen, mine).await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_start_after_the_end_is_refused_by_the_database_too(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope, _) = planned(&db).await;
    let wrong = Span { start: day("2026-12-02"), end: day("2026-12-01") };
    assert!(store::place(&mut scope, "rocket", Kind::Feature, "both", ANY, wrong).await.is_err());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn today_is_that_of_the_reader(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope, _) = planned(&db).await;
    let utc = store::today(&mut scope).await.unwrap();
    for zone in ["Pacific/Auckland", "America/Los_Angeles"] {
        sqlx::query(
            r#"INSERT INTO "UserProfile" (id, "userId", timezone) VALUES ('p', $1, $2) ON CONFLICT (id) DO UPDATE SET timezone = $2"#,
        )
        .bind(&admin.id)
        .bind(zone)
        .execute(&db.owner)
        .await
        .unwrap();
        // The same moment, in one transaction.
        let expected: Day =
            sqlx::query_scalar("SELECT (now() AT TIME ZONE $1)::date - DATE '1970-01-01'").bind(zone).fetch_one(scope.db()).await.unwrap();
        let told = store::today(&mut scope).await.unwrap();
        assert_eq!(told, expected);
        assert!(told.since(utc).abs() <= 1);
    }
}
