use super::*;
use crate::testing::TestDb;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_demo_is_that_of_the_specification(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    assert!(run(&db.app, None).await.unwrap().contains("loaded"));
    assert!(run(&db.app, None).await.unwrap().contains("already"));
    let (effort, impact, confidence, reach, rice): (i32, i32, i32, i32, f64) =
        sqlx::query_as(r#"SELECT effort, impact, confidence, reach, "riceScore" FROM "Idea" WHERE title = 'Mobile App'"#)
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!((effort, impact, confidence, reach, rice), (8, 9, 7, 100, 787.5));
    let (teams, placed, products, invited): (i64, i64, i64, i64) = sqlx::query_as(
        r#"SELECT (SELECT count(*) FROM "Team"), (SELECT count(*) FROM "Membership" WHERE "teamId" IS NOT NULL),
                  (SELECT count(*) FROM "_ProductToTeam"), (SELECT count(*) FROM "Invitation")"#,
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!((teams, placed, products, invited), (2, 3, 5, 1));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_demo_stays_out_of_a_database_in_use(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    db.sign_up("somebody@example.com").await;
    assert!(run(&db.app, None).await.unwrap().contains("in use"));
    let people: i64 = sqlx::query_scalar(r#"SELECT count(*) FROM "User""#).fetch_one(&pool).await.unwrap();
    assert_eq!(people, 1);
}
