//! An overview's numbers, held against the lists that they lead to.

use axum::Router;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use server_fn::ServerFn;
use sqlx::PgPool;

use super::calls::read;
use super::{Who, send};
use crate::overview::api::GetOverview;
use crate::overview::model::{Overview, ProductLine};
use crate::server::serve::router;
use crate::testing::{TestDb, TestUser};
use crate::{experiment, feature, feedback, goal, idea};

/// Something for each number, and something beside it that is not counted.
const WORK: &str = r#"
    INSERT INTO "Idea" (id, title, description, "productId", "creatorId", status, "deletedAt")
    SELECT 'i' || n, 'I', '', p.id, u.id, CASE WHEN n = 3 THEN 'REJECTED' ELSE 'SUBMITTED' END::"IdeaStatus", CASE WHEN n = 4 THEN now() END
      FROM "Product" p, "User" u, generate_series(1, 4) n WHERE p.key = 'rocket' AND u.email = 'admin@acme.test';
    INSERT INTO "Feedback" (id, title, description, "productId", "userEmail", "deletedAt")
    SELECT 'f' || n, 'F', '', p.id, 'c@example.test', CASE WHEN n = 2 THEN now() END FROM "Product" p, generate_series(1, 2) n WHERE p.key = 'rocket';
    INSERT INTO "Feature" (id, title, description, "productId", status)
    SELECT v.status, 'F', '', p.id, v.status::"FeatureStatus" FROM "Product" p,
           (VALUES ('IN_PROGRESS'), ('DONE'), ('CANCELLED'), ('BACKLOG')) AS v (status) WHERE p.key = 'rocket';
    INSERT INTO "OKR" (id, title, "productId", "ownerId", quarter, status)
    SELECT v.status, 'O', p.id, u.id, '2026-Q4', v.status::"OKRStatus" FROM "Product" p, "User" u, (VALUES ('ACTIVE'), ('DRAFT')) AS v (status)
     WHERE p.key = 'rocket' AND u.email = 'admin@acme.test';
    INSERT INTO "KPI" (id, name, "productId", "ownerId", "targetValue", unit, frequency, "deletedAt")
    SELECT v.id, v.id, p.id, u.id, 40, '%', 'DAILY'::"Frequency", CASE WHEN v.id = 'gone' THEN now() END FROM "Product" p, "User" u,
           (VALUES ('missed'), ('low'), ('reached'), ('late'), ('empty'), ('gone')) AS v (id) WHERE p.key = 'rocket' AND u.email = 'admin@acme.test';
    INSERT INTO "KPIDataPoint" (id, "kpiId", value, date) VALUES
      ('p1', 'missed', 30, now()), ('p2', 'low', 39.9, now()), ('p3', 'reached', 40, now()), ('p4', 'late', 1, now() - interval '9 days'), ('p5', 'gone', 1, now());
    INSERT INTO "Experiment" (id, name, hypothesis, "productId", "ownerId", status)
    SELECT v.status, 'E', 'H', p.id, u.id, v.status::"ExperimentStatus" FROM "Product" p, "User" u, (VALUES ('RUNNING'), ('DRAFT')) AS v (status)
     WHERE p.key = 'rocket' AND u.email = 'admin@acme.test';
"#;

/// The numbers of a product by the lists that they lead to, below the product's page.
fn figures(line: &ProductLine) -> [(&'static str, i64); 8] {
    [
        ("ideas?status=SUBMITTED", line.ideas),
        ("feedback?status=SUBMITTED", line.feedback),
        ("features?status=IN_PROGRESS", line.features),
        ("features?status=DONE", line.done_features),
        ("okrs?status=ACTIVE", line.okrs),
        ("kpis", line.kpis),
        ("kpis?status=OFF_TARGET", line.kpis_off_target),
        ("experiments?status=RUNNING", line.experiments),
    ]
}

async fn asked<F: ServerFn + Serialize>(app: &Router, user: &TestUser, arguments: Value) -> Value {
    let call = read::<F>(Who::SignedIn, arguments);
    let (status, told) = send(app, Some(user), &call, &call.arguments).await;
    assert_eq!(status, StatusCode::OK, "{} {told}", call.path);
    serde_json::from_str(&told).unwrap()
}

/// How many rows the list has at this address.
async fn listed(app: &Router, user: &TestUser, address: &str) -> i64 {
    let (list, parameters) = address.split_once('?').unwrap_or((address, ""));
    let get = |name: &str| {
        let mut pairs = parameters.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
    };
    let of = |query: Value| json!({ "org": "acme", "product": "rocket", "query": query });
    let answer = match list {
        "ideas" => asked::<idea::api::ListIdeas>(app, user, of(json!(idea::model::IdeaQuery::of_params(get)))).await,
        "feedback" => asked::<feedback::api::ListFeedback>(app, user, of(json!(feedback::model::FeedbackQuery::of_params(get)))).await,
        "features" => asked::<feature::api::ListFeatures>(app, user, of(json!(feature::model::FeatureQuery::of_params(get)))).await,
        "okrs" => asked::<goal::okr::api::ListOkrs>(app, user, of(json!(goal::okr::model::OkrQuery::of_params(get)))).await,
        "kpis" => asked::<goal::kpi::api::ListKpis>(app, user, of(json!(goal::kpi::model::KpiQuery::of_params(get)))).await,
        "experiments" => {
            asked::<experiment::api::ListExperiments>(app, user, of(json!(experiment::model::ExperimentQuery::of_params(get)))).await
        }
        other => panic!("{other} is no list that is known here"),
    };
    answer["page"]["rows"].as_array().unwrap().len() as i64
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn each_number_of_an_overview_is_that_of_its_list(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    db.product("acme", &admin, "balloon").await;
    sqlx::raw_sql(WORK).execute(&db.owner).await.unwrap();
    let app = router(db.state());
    for product in [json!(null), json!("rocket")] {
        let overview = asked::<GetOverview>(&app, &admin, json!({ "org": "acme", "product": product })).await;
        let overview: Overview = serde_json::from_value(overview).unwrap();
        let rocket = overview.products.iter().find(|line| line.key == "rocket").unwrap();
        assert_eq!(figures(rocket).map(|(_, count)| count), [2, 1, 1, 1, 1, 5, 2, 1]);
        for (address, count) in figures(rocket) {
            assert_eq!(count, listed(&app, &admin, address).await, "{address}");
        }
    }
}
