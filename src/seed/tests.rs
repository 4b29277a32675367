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

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_demos_ideas_stand_where_their_features_do(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    run(&db.app, None).await.unwrap();
    let count = async |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(&pool).await.unwrap();
    let asked = demo::feedback().unwrap().iter().filter(|item| item.idea.is_some()).count() as i64;
    assert_eq!(count(r#"SELECT count(*) FROM "IdeaFeedback""#).await, asked, "every title is that of an idea");
    let built = demo::features().unwrap().iter().filter(|feature| feature.idea.is_some()).count() as i64;
    assert_eq!(count(r#"SELECT count(*) FROM "_IdeaToFeature""#).await, built);
    let statuses =
        r#"SELECT count(DISTINCT f.status) FROM "Feature" f JOIN "Product" p ON p.id = f."productId" WHERE p.key = 'demo-product'"#;
    assert_eq!(count(statuses).await, 6, "work in every status");
    let untrue = r#"SELECT count(*) FROM "Idea" i JOIN "_IdeaToFeature" l ON l."B" = i.id JOIN "Feature" f ON f.id = l."A"
                    WHERE f.status <> 'CANCELLED' AND (i.status = 'IMPLEMENTED') <> (f.status = 'DONE')"#;
    assert_eq!(count(untrue).await, 0);
    assert_eq!(count(r#"SELECT count(DISTINCT status) FROM "Epic""#).await, 4, "epics in every status");
    assert_eq!(count(r#"SELECT count(*) FROM "Feature" WHERE "epicId" IS NOT NULL"#).await, 11, "every title is that of a feature");
    assert_eq!(count(r#"SELECT count(*) FROM "FeatureDependency""#).await, 5);
    assert!(count(r#"SELECT count(*) FROM "Feature" WHERE "acceptanceCriteria" LIKE '%- [x] %'"#).await > 3);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_demos_people_have_something_to_do(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    run(&db.app, None).await.unwrap();
    let count = async |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(&pool).await.unwrap();
    assert_eq!(count(r#"SELECT count(DISTINCT status) FROM "Task""#).await, 5, "work in every status");
    assert_eq!(count(r#"SELECT count(DISTINCT "productId") FROM "Task""#).await, demo::PRODUCTS.len() as i64);
    let late = r#"SELECT count(DISTINCT "assigneeId") FROM "Task" WHERE "dueDate" < date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
                   AND status IN ('TODO', 'IN_PROGRESS', 'IN_REVIEW')"#;
    assert_eq!(count(late).await, 4, "everybody who works is late with something");
    let week = r#"SELECT count(*) FROM "Task" WHERE "dueDate" = date_trunc('week', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '6 days'"#;
    assert!(count(week).await >= 4, "work for this week, whatever day it is");
    assert_eq!(count(r#"SELECT count(*) FROM "Task" WHERE "featureId" IS NOT NULL"#).await, 17, "every title is that of a feature");
    assert_eq!(count(r#"SELECT (SELECT count(*) FROM "FeatureComment") + (SELECT count(*) FROM "TaskComment")"#).await, 4);
    assert_eq!(count(r#"SELECT (SELECT count(*) FROM "FeatureCommentMention") + (SELECT count(*) FROM "TaskCommentMention")"#).await, 2);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_demos_objectives_serve_one_another_and_some_are_late(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    run(&db.app, None).await.unwrap();
    let count = async |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(&pool).await.unwrap();
    assert_eq!(count(r#"SELECT count(DISTINCT status) FROM "OKR""#).await, 4, "objectives in every status");
    assert_eq!(count(r#"SELECT count(DISTINCT quarter) FROM "OKR""#).await, 2);
    assert_eq!(
        count(r#"SELECT count(*) FROM "OKR" WHERE "parentId" IS NOT NULL OR "objectiveId" IS NOT NULL"#).await,
        5,
        "every title is one's"
    );
    assert_eq!(count(r#"SELECT count(*) FROM "OKR" WHERE "carriedFromId" IS NOT NULL"#).await, 1);
    assert!(count(r#"SELECT count(*) FROM "KeyResultCheckIn""#).await >= 60, "a quarter of weeks, whatever day it is");
    assert_eq!(count(r#"SELECT count(*) FROM "KeyResultCheckIn" WHERE "createdAt" > now()"#).await, 0);
    let late = r#"SELECT count(*) FROM "OKR" WHERE status = 'ACTIVE' AND progress < 90 AND quarter < to_char(now(), 'YYYY-"Q"Q')"#;
    assert_eq!(count(late).await, 1, "at risk on whatever day");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_demos_kpis_have_a_year_behind_them(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    run(&db.app, None).await.unwrap();
    let count = async |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(&pool).await.unwrap();
    assert_eq!(count(r#"SELECT count(*) FROM "KPI""#).await, 6);
    let long = r#"SELECT count(*) FROM (SELECT "kpiId" FROM "KPIDay" GROUP BY 1 HAVING max(day) - min(day) > 330) k"#;
    assert_eq!(count(long).await, 6);
    assert_eq!(count(r#"SELECT count(DISTINCT frequency) FROM "KPI""#).await, 4);
    assert!(count(r#"SELECT count(*) FROM "KPINotice""#).await > 0, "something to tell");
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_demos_experiments_say_what_they_are_there_for(pool: PgPool) {
    use crate::experiment::model::analysis::Decision;
    use crate::experiment::model::{Experiment, MeasuredRow, Metric, Variant};

    let db = TestDb::new(&pool).await;
    run(&db.app, None).await.unwrap();
    let experiments: Vec<Experiment> =
        sqlx::query_as(r#"SELECT * FROM "Experiment" WHERE status <> 'DRAFT' ORDER BY "createdAt""#).fetch_all(&pool).await.unwrap();
    let mut said = Vec::new();
    for experiment in experiments {
        let id = &experiment.id;
        let variants: Vec<Variant> = sqlx::query_as(r#"SELECT * FROM "ExperimentVariant" WHERE "experimentId" = $1 ORDER BY control DESC"#)
            .bind(id)
            .fetch_all(&pool)
            .await
            .unwrap();
        let metrics: Vec<Metric> =
            sqlx::query_as(r#"SELECT * FROM "ExperimentMetric" WHERE "experimentId" = $1"#).bind(id).fetch_all(&pool).await.unwrap();
        let rows: Vec<MeasuredRow> =
            sqlx::query_as(r#"SELECT * FROM "ExperimentResult" WHERE "experimentId" = $1"#).bind(id).fetch_all(&pool).await.unwrap();
        let now = crate::experiment::store::analyse(&experiment, &variants, &metrics, &rows).unwrap();
        let kept = experiment.outcome().and_then(|outcome| outcome.analysis);
        said.push(kept.unwrap_or(now).verdict.decision);
    }
    assert_eq!(said, [Decision::Ship, Decision::KeepRunning, Decision::DoNotTrust]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_demos_documents_are_of_every_type_and_status(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    run(&db.app, None).await.unwrap();
    let count = async |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(&pool).await.unwrap();
    assert_eq!(count(r#"SELECT count(DISTINCT type) + count(DISTINCT status) FROM "Document""#).await, 11);
    assert_eq!(count(r#"SELECT count(*) FROM "Document" WHERE "productId" IS NULL"#).await, 1, "a policy of the organisation's");
    assert_eq!(count(r#"SELECT count(*) FROM "Document" WHERE content LIKE '%ITEM:%'"#).await, 0, "every title is that of an item");
    assert_eq!(count(r#"SELECT count(*) FROM "DocumentVersion""#).await, 14, "every change is one");
    assert_eq!(count(r#"SELECT count(*) FROM "DocumentVersion" WHERE note <> ''"#).await, 7);
    assert_eq!(count(r#"SELECT count(*) FROM "DocumentComment""#).await, 3);
}
