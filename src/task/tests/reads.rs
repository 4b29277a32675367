//! Lists, groups, counts, and whose day it is.

use sqlx::PgPool;

use super::{feature, fields, product_id, task, titles, with_dates, working, workshop};
use crate::kernel::priority::Priority;
use crate::server::zone::{self, Days};
use crate::task::model::{MyGroup, Span, TaskFields, TaskQuery, TaskSort, TaskStatus};
use crate::task::store;
use crate::testing::TestDb;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn tasks_are_narrowed(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let feature = feature(&mut scope, "rocket").await;
    with_dates(&mut scope, &admin.id, &[("Late", Some(-1)), ("Late and done", Some(-2)), ("Today", Some(0))]).await;
    let part = TaskFields { feature_id: Some(feature.clone()), priority: Priority::Critical, ..fields("Part") };
    store::create(&mut scope, "rocket", part).await.unwrap();
    let product = product_id(&mut scope).await;
    let days = zone::days(&mut scope).await.unwrap();
    let all = store::list(&mut scope, &product, &TaskQuery::default(), days.today).await.unwrap().rows;
    let done = all.iter().find(|task| task.title == "Late and done").unwrap();
    store::set_status(&mut scope, &done.id, TaskStatus::Done).await.unwrap();
    let asked = |assignee: &str| TaskQuery { assignee: Some(assignee.into()), ..Default::default() };
    assert_eq!(titles(&mut scope, TaskQuery { overdue: true, ..Default::default() }).await, ["Late"]);
    assert_eq!(titles(&mut scope, TaskQuery { status: Some(TaskStatus::Done), ..Default::default() }).await, ["Late and done"]);
    assert_eq!(titles(&mut scope, TaskQuery { priority: Some(Priority::Critical), ..Default::default() }).await, ["Part"]);
    assert_eq!(titles(&mut scope, TaskQuery { feature: Some(feature), ..Default::default() }).await, ["Part"]);
    assert_eq!(titles(&mut scope, asked("nobody")).await, ["Part"]);
    assert_eq!(titles(&mut scope, asked("me")).await, ["Today", "Late and done", "Late"]);
    assert_eq!(titles(&mut scope, asked(&admin.id)).await.len(), 3);
    assert!(titles(&mut scope, asked("somebody else")).await.is_empty());
}

/// Every sort is gone through onward and back, and no task is met twice or left out.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn tasks_are_paged_through_in_every_order(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    sqlx::query(
        r#"INSERT INTO "Task" (id, title, "productId", priority, "dueDate", "createdAt")
           SELECT 'c' || lpad(n::text, 3, '0'), 'Task ' || n, p.id, (enum_range(NULL::"Priority"))[1 + n % 4],
                  CASE WHEN n % 3 > 0 THEN '2026-11-23'::timestamptz + make_interval(days => n % 10) END, now() - make_interval(hours => n % 7)
             FROM generate_series(1, 50) n, "Product" p"#,
    )
    .execute(scope.db())
    .await
    .unwrap();
    let product = product_id(&mut scope).await;
    let today = zone::days(&mut scope).await.unwrap().today;
    for sort in TaskSort::ALL {
        let mut query = TaskQuery { sort, ..Default::default() };
        let mut pages = vec![store::list(&mut scope, &product, &query, today).await.unwrap()];
        while let Some(next) = pages.last().unwrap().next.clone() {
            query.cursor = Some(next);
            pages.push(store::list(&mut scope, &product, &query, today).await.unwrap());
        }
        let all: Vec<_> = pages.iter().flat_map(|page| page.rows.clone()).collect();
        let mut ids: Vec<_> = all.iter().map(|task| task.id.clone()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!((pages.len(), all.len(), ids.len()), (3, 50, 50), "{sort:?}");
        let keys: Vec<f64> = all.iter().map(|task| sort.key(task)).collect();
        assert!(keys.windows(2).all(|two| if sort == TaskSort::Due { two[0] <= two[1] } else { two[0] >= two[1] }), "{sort:?} {keys:?}");
        query.cursor = pages[2].previous.clone();
        let back = store::list(&mut scope, &product, &query, today).await.unwrap();
        assert_eq!((back.rows.as_slice(), back.first_place), (pages[1].rows.as_slice(), 21), "{sort:?}");
    }
}

/// As the application's role: each sort's first page reads so many rows of an index, however many there are.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_page_of_many_reads_an_index(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, scope) = workshop(&db).await;
    scope.commit(()).await.unwrap();
    db.product("acme", &admin, "comet").await;
    let mut scope = working(&db, &admin).await;
    let (product, other) = (product_id(&mut scope).await, store::product(&mut scope, "comet").await.unwrap().id);
    sqlx::query(
        r#"INSERT INTO "Task" (id, title, "productId", priority, "dueDate")
           SELECT 'c' || n, 'Task ' || n, CASE WHEN n % 10 = 0 THEN $1 ELSE $2 END, (enum_range(NULL::"Priority"))[1 + n % 4],
                  '2026-11-23'::timestamptz + make_interval(mins => n)
             FROM generate_series(1, 10000) n"#,
    )
    .bind(&product)
    .bind(other)
    .execute(scope.db())
    .await
    .unwrap();
    let org = scope.organization().id.clone();
    scope.commit(()).await.unwrap();
    sqlx::query(r#"ANALYZE "Task""#).execute(&pool).await.unwrap();
    let mut tx = db.app.begin().await.unwrap();
    sqlx::query("SELECT set_config('app.organization_id', $1, true)").bind(&org).execute(&mut *tx).await.unwrap();
    for (sort, index) in
        [(TaskSort::Newest, "Task_page_created_idx"), (TaskSort::Due, "Task_page_due_idx"), (TaskSort::Priority, "Task_page_priority_idx")]
    {
        let plan: serde_json::Value = sqlx::query_scalar(store::explain(sort))
            .persistent(false)
            .bind(&org)
            .bind(&product)
            .bind(sort.first())
            .bind("")
            .bind(21_i64)
            .bind(None::<TaskStatus>)
            .bind(None::<Priority>)
            .bind(None::<String>)
            .bind(None::<String>)
            .bind(None::<crate::kernel::time::Timestamp>)
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        let plan = plan.to_string();
        assert!(plan.contains(index), "{sort:?}: {plan}");
        assert!(!plan.contains("Seq Scan\",\"Relation Name\":\"Task\""), "{sort:?}: {plan}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_tasks_of_a_feature_are_counted(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let feature = feature(&mut scope, "rocket").await;
    let days = zone::days(&mut scope).await.unwrap();
    let empty = store::of_feature(&mut scope, &feature, days).await.unwrap();
    assert_eq!((empty.counts, empty.open, empty.product.as_str()), (Default::default(), true, "rocket"));
    for (title, status) in [("A", TaskStatus::Done), ("B", TaskStatus::Cancelled), ("C", TaskStatus::InProgress), ("D", TaskStatus::Todo)] {
        let part = TaskFields { feature_id: Some(feature.clone()), ..fields(title) };
        let id = store::create(&mut scope, "rocket", part).await.unwrap();
        store::set_status(&mut scope, &id, status).await.unwrap();
    }
    task(&mut scope, "Of no feature").await;
    let tasks = store::of_feature(&mut scope, &feature, days).await.unwrap();
    assert_eq!((tasks.counts.total, tasks.counts.counting, tasks.counts.done), (4, 3, 1));
    assert_eq!(tasks.tasks.iter().map(|task| task.title.as_str()).collect::<Vec<_>>(), ["D", "C", "A", "B"]);
    crate::feature::store::set_deleted(&mut scope, &feature, true).await.unwrap();
    assert!(!store::of_feature(&mut scope, &feature, days).await.unwrap().open);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn my_work_is_grouped_by_when_it_is_due(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let tasks = [("Never", None), ("Next week", Some(7)), ("Today", Some(0)), ("Yesterday", Some(-1)), ("Last month", Some(-30))];
    with_dates(&mut scope, &admin.id, &tasks).await;
    with_dates(&mut scope, &admin.id, &[("Done", Some(-3))]).await;
    sqlx::query(r#"UPDATE "Task" SET status = 'DONE' WHERE title = 'Done'"#).execute(scope.db()).await.unwrap();
    task(&mut scope, "Nobody's").await;
    let days = zone::days(&mut scope).await.unwrap();
    let work = store::mine(&mut scope, days).await.unwrap();
    let shown = |group: &MyGroup| (group.span, group.tasks.iter().map(|row| row.task.title.clone()).collect::<Vec<_>>());
    let expected = [
        (Span::Overdue, vec!["Last month", "Yesterday"]),
        (Span::ThisWeek, vec!["Today"]),
        (Span::Later, vec!["Next week"]),
        (Span::NoDate, vec!["Never"]),
    ];
    assert_eq!(
        work.groups.iter().map(shown).collect::<Vec<_>>(),
        expected.map(|(span, titles)| (span, titles.into_iter().map(str::to_owned).collect::<Vec<_>>()))
    );
    assert_eq!((work.groups[0].tasks[0].product_name.as_str(), work.counts()), ("ROCKET", (5, 2)));
    assert_eq!(crate::org::store::frame(&mut scope).await.unwrap().overdue, 2);
    sqlx::query(
        r#"INSERT INTO "Feature" (id, title, description, "productId", "assigneeId", status, "dueDate")
           SELECT v.title, v.title, '', p.id, v.who, v.status::"FeatureStatus", now() + make_interval(days => v.days)
             FROM (VALUES ('Mine', $1, 'TESTING', -3), ('Soon', $1, 'BACKLOG', 3), ('Over', $1, 'DONE', -3), ('Whose', NULL, 'BACKLOG', -3))
               v (title, who, status, days), "Product" p"#,
    )
    .bind(&admin.id)
    .execute(scope.db())
    .await
    .unwrap();
    let features = store::mine(&mut scope, days).await.unwrap().features;
    let told = features.iter().map(|feature| (feature.title.as_str(), feature.overdue)).collect::<Vec<_>>();
    assert_eq!(told, [("Mine", true), ("Soon", false)]);
    sqlx::query(r#"UPDATE "Product" SET "deletedAt" = now()"#).execute(scope.db()).await.unwrap();
    let work = store::mine(&mut scope, days).await.unwrap();
    assert!(work.groups.is_empty() && work.features.is_empty(), "it rests with its product");
    assert_eq!(crate::org::store::frame(&mut scope).await.unwrap().overdue, 0);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn of_very_many_tasks_the_first_are_shown(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    sqlx::query(
        r#"INSERT INTO "Task" (id, title, "productId", "assigneeId", "dueDate")
           SELECT 'c' || n, 'Task ' || n, p.id, $1, '2000-01-01'::timestamptz + make_interval(days => n) FROM generate_series(1, 130) n, "Product" p"#,
    )
    .bind(&admin.id)
    .execute(scope.db())
    .await
    .unwrap();
    let days = zone::days(&mut scope).await.unwrap();
    let work = store::mine(&mut scope, days).await.unwrap();
    assert_eq!((work.groups.len(), work.groups[0].tasks.len(), work.groups[0].total), (1, 50, 130));
    assert_eq!(work.groups[0].tasks[0].task.title, "Task 1");
    assert_eq!(crate::org::store::frame(&mut scope).await.unwrap().overdue, crate::org::model::OVERDUE_MAX);
}

/// Where it is already tomorrow, what is due today is overdue; and a week ends on Sunday there.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_day_is_the_readers_own(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let utc = zone::days(&mut scope).await.unwrap();
    let weekday = |at: crate::kernel::time::Timestamp| chrono::Datelike::weekday(&at);
    assert_eq!(weekday(utc.next_week), chrono::Weekday::Mon);
    assert!(utc.next_week > utc.today && utc.next_week <= utc.today + chrono::Days::new(7));
    let mut seen: Vec<Days> = Vec::new();
    for zone in ["Pacific/Auckland", "Pacific/Honolulu", "Mars/Olympus"] {
        sqlx::query(
            r#"INSERT INTO "UserProfile" (id, "userId", timezone) VALUES ('p', $1, $2)
               ON CONFLICT ("userId") DO UPDATE SET timezone = excluded.timezone"#,
        )
        .bind(&admin.id)
        .bind(zone)
        .execute(&pool)
        .await
        .unwrap();
        seen.push(zone::days(&mut scope).await.unwrap());
    }
    // It is never the same day in both: they are 22 to 23 hours apart, and of the remaining hour one is in neither's favour.
    let hours = |days: &Days| (days.today - utc.today).num_hours();
    assert!(hours(&seen[0]) >= 0 && hours(&seen[1]) <= 0 && hours(&seen[0]) - hours(&seen[1]) <= 48);
    assert_eq!(seen[2], utc, "a zone that there is not is UTC");
}
