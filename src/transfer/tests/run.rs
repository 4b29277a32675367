//! An import from its beginning to its end.

use sqlx::PgPool;

use super::{begin, count, get, import, scope, send, send_to, stored, text, work, workshop};
use crate::kernel::error::AppError;
use crate::kernel::role::Role;
use crate::testing::TestDb;
use crate::transfer::model::{ImportStatus, Kind, Source, Value};

/// As if the process that worked at it had ended.
async fn die(pool: &PgPool, id: &str) {
    sqlx::query(r#"UPDATE "Import" SET "heartbeatAt" = now() - interval '31 seconds' WHERE id = $1"#).bind(id).execute(pool).await.unwrap();
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn ideas_come_in_in_the_order_of_the_file(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    // More than is taken in at a time.
    let rows: String = (0..12_345).map(|n| format!("Idea {n},8,9,7\n")).collect();
    let id = send(&db, &admin, Kind::Ideas, &format!("Title,Effort,Impact,Confidence\n{rows}")).await;
    let (done, report) = work(&db, &admin, &id, false).await;
    assert_eq!((done.status, done.rows_done, report.good, done.kept), (ImportStatus::Done, 12_345, 12_345, false));
    for order in ["id", "rank, id"] {
        let sql = format!(r#"SELECT title FROM "Idea" ORDER BY {order}"#);
        let titles: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&pool).await.unwrap();
        assert_eq!(titles, (0..12_345).map(|n| format!("Idea {n}")).collect::<Vec<_>>(), "by {order}");
    }
    let scored: i64 =
        sqlx::query_scalar(r#"SELECT count(*) FROM "Idea" WHERE "riceScore" = 787.5 AND "creatorId" = $1 AND length(id) = 25"#)
            .bind(&admin.id)
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(scored, 12_345);
    let told: Vec<(String, i64)> =
        sqlx::query_as(r#"SELECT action, count(*) FROM "AuditLog" WHERE action ~ '^(idea|import)|imported' GROUP BY 1 ORDER BY 1"#)
            .fetch_all(&pool)
            .await
            .unwrap();
    let expected = [("idea.created", 12_345), ("import.created", 1), ("import.status_changed", 3), ("product.imported", 1)];
    assert_eq!(told, expected.map(|(action, count)| (action.to_owned(), count)), "ready, running, done");
    let page = text(get(&db, &admin, &format!("/orgs/acme/products/rocket/transfer/{id}")).await).await;
    assert!(page.contains("12,345 ideas imported.") && page.contains("/orgs/acme/products/rocket/ideas\""), "{page}");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn each_kind_comes_in_with_all_its_fields(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    for (kind, file) in [
        (Kind::Feedback, "title,type,status,priority,source,userEmail,createdAt\nF,Bug report,planned,HIGH,survey,Ada@X.test,2026-01-02\n"),
        (Kind::Features, "title,status,priority,storyPoints,acceptanceCriteria\nG,Done,low,5,It works\n"),
        (Kind::Tasks, "title,status,dueDate,assignee\nH,To do,2026-11-23 10:00,ADMIN@acme.test\n"),
    ] {
        let id = send_to(&db, &admin, "rocket", kind, Some(Source::Other), file.as_bytes()).await;
        let (done, report) = work(&db, &admin, &id, false).await;
        assert_eq!((done.status, report.good), (ImportStatus::Done, 1), "{report:?}");
    }
    let found: Vec<String> = sqlx::query_scalar(
        r#"SELECT concat_ws('|', title, type, status, priority, source, "userEmail", "createdAt"::date) FROM "Feedback"
           UNION ALL SELECT concat_ws('|', title, status, priority, "storyPoints", "acceptanceCriteria") FROM "Feature"
           UNION ALL SELECT concat_ws('|', t.title, t.status, t.priority, to_char(t."dueDate" AT TIME ZONE 'UTC', 'HH24:MI'), u.email)
                       FROM "Task" t JOIN "User" u ON u.id = t."assigneeId""#,
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let expected =
        ["F|BUG_REPORT|PLANNED|HIGH|survey|ada@x.test|2026-01-02", "G|DONE|LOW|5|It works", "H|TODO|MEDIUM|10:00|admin@acme.test"];
    assert_eq!(found, expected);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn one_wrong_row_keeps_all_of_them_out(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let rows: String = (0..6_000).map(|n| format!("Idea {n},\n")).collect();
    let id = send(&db, &admin, Kind::Ideas, &format!("Title,Status\n{rows}Last,Nowhere\n")).await;
    let (failed, report) = work(&db, &admin, &id, false).await;
    assert_eq!((failed.status, report.good, report.wrong, report.errors[0].line), (ImportStatus::Failed, 6_000, 1, 6_002));
    assert_eq!(count(&db, "Idea").await, 0);
    assert!(failed.kept && failed.can_begin());
    let mut scope = scope(&db, &admin).await;
    stored::map(&mut scope, &failed, failed.mapping.clone(), true).await.unwrap();
    scope.commit(()).await.unwrap();
    let (done, report) = work(&db, &admin, &id, false).await;
    assert_eq!((done.status, report.good), (ImportStatus::Done, 6_001), "with the default for what is not known");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn of_two_who_begin_one_does(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let id = send(&db, &admin, Kind::Ideas, "Title\nA\n").await;
    let (one, two) = tokio::join!(begin(&db, &admin, &id, false), begin(&db, &admin, &id, false));
    assert!(one.is_ok() != two.is_ok());
    one.or(two).unwrap().work().await;
    assert_eq!(count(&db, "Idea").await, 1);
    assert!(matches!(begin(&db, &admin, &id, false).await.err(), Some(AppError::Conflict(_))), "it is done");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_run_whose_process_died_is_begun_again_and_counts_no_more(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let id = send(&db, &admin, Kind::Ideas, "Title\nA\n").await;
    let dead = begin(&db, &admin, &id, false).await.unwrap();
    let page = text(get(&db, &admin, &format!("/orgs/acme/products/rocket/transfer/{id}")).await).await;
    assert!(page.contains("Importing: 0 of 1 row"), "{page}");
    die(&pool, &id).await;
    assert!(import(&db, &admin, &id).await.is_dead());
    let page = text(get(&db, &admin, &format!("/orgs/acme/products/rocket/transfer/{id}")).await).await;
    assert!(page.contains("Nothing was imported; you can start it again."), "{page}");
    let alive = begin(&db, &admin, &id, false).await.unwrap();
    // It was not dead after all.
    dead.work().await;
    assert_eq!((count(&db, "Idea").await, import(&db, &admin, &id).await.status), (0, ImportStatus::Running));
    alive.work().await;
    assert_eq!((count(&db, "Idea").await, import(&db, &admin, &id).await.status), (1, ImportStatus::Done));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn whoever_lost_the_right_meanwhile_takes_nothing_in(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let manager = db.member("acme", Role::ProductManager).await;
    let id = send(&db, &manager, Kind::Ideas, "Title\nA\n").await;
    let job = begin(&db, &manager, &id, false).await.unwrap();
    sqlx::query(r#"UPDATE "Membership" SET role = 'STAKEHOLDER' WHERE "userId" = $1"#).bind(&manager.id).execute(&pool).await.unwrap();
    job.work().await;
    let import = import(&db, &admin, &id).await;
    assert_eq!((import.status, count(&db, "Idea").await), (ImportStatus::Failed, 0));
    assert_eq!(import.report.unwrap().failure.unwrap(), AppError::Forbidden.to_string());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_run_says_how_far_it_is(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = workshop(&db).await;
    let id = send(&db, &admin, Kind::Ideas, "Title\nA\nB\n").await;
    let job = begin(&db, &admin, &id, false).await.unwrap();
    die(&pool, &id).await;
    let mut scope = scope(&db, &admin).await;
    stored::beat(&mut scope, &id, job.run, 1).await.unwrap();
    stored::beat(&mut scope, &id, job.run - 1, 2).await.unwrap();
    scope.commit(()).await.unwrap();
    let running = import(&db, &admin, &id).await;
    assert_eq!((running.rows_done, running.alive, running.is_dead()), (1, true, false));
}

/// While rows of an import are in and the rest is on its way, whoever adds something to the product does not wait for its end.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn nobody_waits_for_an_import(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let user = workshop(&db).await;
    let mut before = scope(&db, &user).await;
    let product = stored::product(&mut before, "rocket").await.unwrap();
    let last = stored::take_numbers(&mut before, &product.id, 1).await.unwrap();
    before.commit(()).await.unwrap();

    let mut importing = scope(&db, &user).await;
    let mut incoming = stored::Incoming::open(&mut importing, Kind::Tasks).await.unwrap();
    let text = |text: &str| Value::Text(text.into());
    incoming.add(&[text("Brought"), Value::Nothing, text("TODO"), text("MEDIUM"), Value::Nothing, Value::Nothing, Value::Nothing]);
    assert_eq!(incoming.flush(&mut importing, &product.id, last).await.unwrap(), 1);

    let mut beside = scope(&db, &user).await;
    sqlx::query("SET LOCAL lock_timeout = '2s'").execute(beside.db()).await.unwrap();
    let made: i32 =
        sqlx::query_scalar(r#"INSERT INTO "Task" (id, title, "productId") SELECT 'beside', 'Brought', id FROM "Product" RETURNING number"#)
            .fetch_one(beside.db())
            .await
            .unwrap();
    beside.commit(()).await.unwrap();
    importing.commit(()).await.unwrap();
    let numbers: Vec<i32> = sqlx::query_scalar(r#"SELECT number FROM "Task" ORDER BY number"#).fetch_all(&db.owner).await.unwrap();
    assert_eq!((made, numbers), (last + 1, vec![last, last + 1]));
}

/// Imported items have numbers like all others, and nobody waits for the end of an import to have one. What was imported in vain
/// leaves no gap.
#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn imported_items_are_numbered_in_the_order_of_the_file(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let user = workshop(&db).await;
    let numbers = async || -> Vec<(String, i32)> {
        sqlx::query_as(r#"SELECT title, number FROM "Idea" ORDER BY number"#).fetch_all(&db.owner).await.unwrap()
    };
    let told = |titles: &[&str]| -> Vec<(String, i32)> { titles.iter().map(|title| (*title).to_owned()).zip(1..).collect() };
    let id = send(&db, &user, Kind::Ideas, "title\nOne\nTwo\n").await;
    work(&db, &user, &id, false).await;
    assert_eq!(numbers().await, told(&["One", "Two"]));

    let wrong = send(&db, &user, Kind::Ideas, &format!("title,priority\n{}Wrong,many\n", "Lost,1\n".repeat(6_000))).await;
    let (_, report) = work(&db, &user, &wrong, false).await;
    assert_eq!((report.wrong, numbers().await.len()), (1, 2));

    let mut taken = scope(&db, &user).await;
    let (_, product) = stored::get(&mut taken, &wrong, None).await.unwrap();
    assert_eq!(stored::take_numbers(&mut taken, &product.id, 5).await.unwrap(), 7, "those of the failed import are free again");
    stored::give_back_numbers(&mut taken, &product.id, 2, 7).await.unwrap();
    taken.commit(()).await.unwrap();

    let id = send(&db, &user, Kind::Ideas, "title\nThree\n").await;
    work(&db, &user, &id, false).await;
    assert_eq!(numbers().await, told(&["One", "Two", "Three"]));
}
