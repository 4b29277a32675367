//! The calls of experiments, and what they name.

use serde_json::json;
use server_fn::ServerFn;
use sqlx::PgPool;

use super::calls::{read, write};
use super::furnish::row;
use super::stale::{Form, TEXTS, two_people};
use super::{Call, Who};
use crate::experiment::api;
use crate::kernel::role::Perm;
use crate::testing::TestDb;

/// What the words of the calls stand for, in the product with this key.
pub async fn furnish(db: &TestDb, product: &str, admin: &str) -> Vec<(&'static str, String)> {
    let (running, draft, gone) =
        (row(db, RUNNING, product, admin).await, row(db, DRAFT, product, admin).await, row(db, GONE, product, admin).await);
    let mut words = Vec::new();
    for (experiment, names) in [(&running, ["$arm", "$control", "$trialMetric"]), (&draft, ["$draftArm", "$draftControl", "$draftMetric"])]
    {
        let control = row(db, CONTROL, experiment, "").await;
        let arm = row(db, ARM, experiment, &control).await;
        let metric = row(db, METRIC, experiment, "").await;
        words.extend(names.into_iter().zip([arm, control, metric]));
    }
    let result = row(db, RESULT, &words[1].1, &words[2].1).await;
    words.extend([("$trial", running), ("$draftTrial", draft), ("$goneTrial", gone), ("$measured", result)]);
    words
}

const RUNNING: &str = r#"INSERT INTO "Experiment" (id, name, hypothesis, "productId", "ownerId", status, "startDate")
    SELECT $1, 'E', 'h', id, $3, 'RUNNING', '2026-02-01' FROM "Product" WHERE key = $2 RETURNING id"#;
const DRAFT: &str = r#"INSERT INTO "Experiment" (id, name, hypothesis, "productId", "ownerId")
    SELECT $1, 'E', 'h', id, $3 FROM "Product" WHERE key = $2 RETURNING id"#;
const GONE: &str = r#"INSERT INTO "Experiment" (id, name, hypothesis, "productId", "ownerId", "deletedAt")
    SELECT $1, 'E', 'h', id, $3, now() FROM "Product" WHERE key = $2 RETURNING id"#;
/// The control takes all until there is another, as its weight has to sum to one after each statement.
const CONTROL: &str = r#"INSERT INTO "ExperimentVariant" (id, "experimentId", name, weight, control)
    SELECT $1, id, 'Control', 1, true FROM "Experiment" WHERE id = $2 AND $3 = '' RETURNING id"#;
const ARM: &str = r#"WITH control AS (UPDATE "ExperimentVariant" SET weight = 0.5 WHERE id = $3 RETURNING "experimentId")
    INSERT INTO "ExperimentVariant" (id, "experimentId", name, weight) SELECT $1, "experimentId", 'Arm', 0.5 FROM control WHERE "experimentId" = $2
    RETURNING id"#;
const METRIC: &str = r#"INSERT INTO "ExperimentMetric" (id, "experimentId", name)
    SELECT $1, id, 'M' FROM "Experiment" WHERE id = $2 AND $3 = '' RETURNING id"#;
const RESULT: &str = r#"INSERT INTO "ExperimentResult" (id, "experimentId", "variantId", "metricId", day, n, sum, "sumSquares")
    SELECT $1, "experimentId", id, $3, '2026-02-01', 100, 10, 10 FROM "ExperimentVariant" WHERE id = $2 RETURNING id"#;

pub fn calls() -> Vec<Call> {
    use Who::Member;
    let (reader, plan, work) = (Member(Perm::Read), Member(Perm::PlanWrite), Member(Perm::WorkWrite));
    let form = json!({ "name": "E", "hypothesis": "h", "owner": "$person" });
    let variants = json!({ "id_1": "$draftControl", "name_1": "A", "share_1": "50", "id_2": "$draftArm", "name_2": "B", "share_2": "50", "control": "1" });
    let result = json!({ "day": "2026-02-02", "variant": "$arm", "metric": "$trialMetric", "n": "100", "sum": "10" });
    vec![
        read::<api::ListExperiments>(reader, json!({ "org": "$org", "product": "$product", "query": {} })),
        read::<api::GetExperiment>(reader, json!({ "org": "$org", "product": "$product", "id": "$trial" })),
        read::<api::GetNewExperiment>(plan, json!({ "org": "$org", "product": "$product" })),
        read::<api::GetExperimentForm>(plan, json!({ "org": "$org", "product": "$product", "id": "$trial" })),
        read::<api::GetPower>(reader, json!({ "org": "$org", "product": "$product", "form": { "mean": "10" } })),
        write::<api::CreateExperiment>(plan, json!({ "org": "$org", "product": "$product", "form": form })),
        write::<api::UpdateExperiment>(plan, json!({ "org": "$org", "version": "*", "id": "$trial", "form": form })),
        write::<api::MoveExperiment>(plan, json!({ "org": "$org", "id": "$draftTrial", "status": "RUNNING" })),
        write::<api::CompleteExperiment>(plan, json!({ "org": "$org", "id": "$trial", "form": { "decision": "$arm" } })),
        write::<api::DeleteExperiment>(plan, json!({ "org": "$org", "id": "$trial" })),
        write::<api::RestoreExperiment>(plan, json!({ "org": "$org", "id": "$goneTrial" })),
        write::<api::setup::UpdateVariants>(plan, json!({ "org": "$org", "version": "*", "id": "$draftTrial", "form": variants })),
        read::<api::setup::GetMetric>(plan, json!({ "org": "$org", "product": "$product", "experiment": "$trial", "id": "$trialMetric" })),
        write::<api::setup::AddMetric>(plan, json!({ "org": "$org", "id": "$draftTrial", "form": { "name": "New" } })),
        write::<api::setup::UpdateMetric>(plan, json!({ "org": "$org", "version": "*", "id": "$draftMetric", "form": { "name": "New" } })),
        write::<api::setup::RemoveMetric>(plan, json!({ "org": "$org", "id": "$draftMetric" })),
        read::<api::results::ListResults>(reader, json!({ "org": "$org", "product": "$product", "id": "$trial", "query": {} })),
        read::<api::results::GetResult>(work, json!({ "org": "$org", "product": "$product", "experiment": "$trial", "id": "$measured" })),
        write::<api::results::AddResult>(work, json!({ "org": "$org", "id": "$trial", "form": result })),
        write::<api::results::UpdateResult>(
            work,
            json!({ "org": "$org", "version": "*", "id": "$measured", "form": { "n": "100", "sum": "11" } }),
        ),
        write::<api::results::RemoveResult>(work, json!({ "org": "$org", "id": "$measured" })),
    ]
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_experiment(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/experiments/$draftTrial/edit",
        path: api::UpdateExperiment::PATH,
        ids: json!({ "org": "$org", "id": "$draftTrial" }),
        field: "description",
        fields: |text| json!({ "name": "E", "hypothesis": "h", "description": text, "owner": "$person" }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn the_variants_of_an_experiment(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/experiments/$draftTrial/variants",
        path: api::setup::UpdateVariants::PATH,
        ids: json!({ "org": "$org", "id": "$draftTrial" }),
        field: "about_2",
        fields: |text| {
            json!({ "id_1": "$draftControl", "name_1": "Control", "share_1": "50", "id_2": "$draftArm", "name_2": "Arm", "share_2": "50",
                    "about_2": text, "control": "1" })
        },
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_metric_of_an_experiment(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/experiments/$draftTrial/metrics/$draftMetric",
        path: api::setup::UpdateMetric::PATH,
        ids: json!({ "org": "$org", "id": "$draftMetric" }),
        field: "name",
        fields: |name| json!({ "name": name }),
        values: TEXTS,
    };
    two_people(&pool, form).await;
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_result_of_an_experiment(pool: PgPool) {
    let form = Form {
        page: "/orgs/$org/products/$product/experiments/$trial/results/$measured",
        path: api::results::UpdateResult::PATH,
        ids: json!({ "org": "$org", "id": "$measured" }),
        field: "sum",
        fields: |sum| json!({ "n": "100", "sum": sum }),
        values: ["11", "12", "13", "14", "15"],
    };
    two_people(&pool, form).await;
}
