#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod results;
mod setup;
mod upload;

use std::collections::BTreeMap;

use sqlx::PgPool;

use super::model::analysis::{Analysis, Decision, MetricKind};
use super::model::{
    Choice, DecisionForm, Experiment, ExperimentFields, ExperimentForm, ExperimentPage, ExperimentQuery, ExperimentStatus, MetricForm,
    ResultForm, VariantsForm,
};
use super::store::{self, results as stored};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::scope::Scope;
use crate::testing::{TestDb, TestUser, counted};

fn form(name: &str) -> ExperimentFields {
    ExperimentForm { name: name.into(), hypothesis: "We believe it.".into(), ..Default::default() }.validate().unwrap()
}

/// An organisation with a product, and a scope of its administrator.
async fn workshop(db: &TestDb) -> (TestUser, Scope) {
    let admin = db.org("acme").await;
    db.product("acme", &admin, "rocket").await;
    let scope = db.scope("acme", &admin, Perm::PlanWrite).await.unwrap();
    (admin, scope)
}

async fn page(scope: &mut Scope, id: &str) -> ExperimentPage {
    store::page(scope, "rocket", id).await.unwrap()
}

async fn add_metric(scope: &mut Scope, id: &str, name: &str, kind: MetricKind) -> String {
    let form = MetricForm { name: name.into(), kind: kind.word().into(), ..Default::default() };
    store::add_metric(scope, id, form.validate().unwrap()).await.unwrap()
}

/// One that runs since the beginning of November, with a proportion called Conversion.
async fn running(scope: &mut Scope, name: &str) -> String {
    running_in(scope, "rocket", name).await
}

async fn running_in(scope: &mut Scope, product: &str, name: &str) -> String {
    let id = store::create(scope, product, form(name)).await.unwrap();
    add_metric(scope, &id, "Conversion", MetricKind::Proportion).await;
    store::set_status(scope, &id, ExperimentStatus::Running).await.unwrap();
    let started = ExperimentForm { name: name.into(), hypothesis: "H".into(), start_date: "2026-02-01".into(), ..Default::default() };
    store::update(scope, &id, "*", started.validate().unwrap()).await.unwrap();
    id
}

fn result(day: &str, variant: &str, n: &str, sum: &str) -> ResultForm {
    ResultForm { day: day.into(), variant: variant.into(), metric: "conversion".into(), n: n.into(), sum: sum.into(), ..Default::default() }
}

/// Two days of many units, of which the treatment's do far better.
fn clear() -> Vec<ResultForm> {
    ["2026-02-01", "2026-02-02"]
        .into_iter()
        .flat_map(|day| [result(day, "Control", "10000", "1000"), result(day, "TREATMENT", "10000", "1500")])
        .collect()
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn from_hypothesis_to_decision(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = store::create(&mut scope, "rocket", form("Green button")).await.unwrap();
    let draft = page(&mut scope, &id).await;
    assert_eq!((draft.experiment.status, draft.experiment.owner_id.as_str()), (ExperimentStatus::Draft, admin.id.as_str()));
    assert_eq!(
        draft.variants.iter().map(|one| (one.name.as_str(), one.weight)).collect::<Vec<_>>(),
        [("Control", 0.5), ("Treatment", 0.5)]
    );
    let refused = store::set_status(&mut scope, &id, ExperimentStatus::Running).await.unwrap_err();
    assert!(refused.told().contains("primary metric"), "{refused}");
    add_metric(&mut scope, &id, "Conversion", MetricKind::Proportion).await;
    store::set_status(&mut scope, &id, ExperimentStatus::Running).await.unwrap();
    let fields = ExperimentForm {
        name: "Green".into(),
        hypothesis: "H".into(),
        start_date: "2026-02-01".into(),
        alpha: "0.2".into(),
        ..Default::default()
    };
    store::update(&mut scope, &id, "*", fields.validate().unwrap()).await.unwrap();
    let begun = page(&mut scope, &id).await;
    assert_eq!((begun.experiment.alpha, begun.experiment.metrics), (0.05, vec!["Conversion".to_owned()]), "settled with the start");
    assert_eq!(begun.analysis.unwrap().verdict.decision, Decision::NoAnswer);

    assert_eq!(stored::record(&mut scope, &id, &clear()).await.unwrap().unwrap().added, 4);
    let said = page(&mut scope, &id).await.analysis.unwrap();
    let advised = said.verdict.clone();
    assert_eq!(advised.decision, Decision::Ship, "{advised:?}");
    let looks = |analysis: &Analysis| analysis.metrics[0].comparisons[0].looks.clone();
    let days: Vec<(String, i64)> = looks(&said).iter().map(|look| (look.day.to_string(), look.units)).collect();
    assert_eq!(days, [("2026-02-01".to_owned(), 20_000), ("2026-02-02".to_owned(), 40_000)]);
    let (last, effect) = (looks(&said)[1].relative.clone().unwrap(), said.metrics[0].comparisons[0].relative.clone().unwrap());
    assert_eq!((last.estimate, last.interval), (effect.estimate, effect.sequential.interval), "the last day says what is said now");
    let came: Vec<(&str, Vec<i64>)> =
        said.exposure.iter().map(|one| (one.variant.as_str(), one.days.iter().map(|(_, units)| *units).collect())).collect();
    assert_eq!(came, [("Control", vec![10_000, 20_000]), ("Treatment", vec![10_000, 20_000])]);
    let listed = store::list(&mut scope, "rocket", &ExperimentQuery::default()).await.unwrap().page.rows.remove(0);
    assert_eq!((listed.answer.decision, listed.units), (Some(Decision::Ship), Some(40_000)));
    assert_eq!(listed.answer.sentence, advised.sentence, "a list says what the page does");

    let decide = |decision: String| DecisionForm { decision, note: "It is better.".into() }.validate().unwrap();
    let control = begun.variants[0].id.clone();
    assert!(store::complete(&mut scope, &id, decide(control)).await.unwrap_err().of_field("decision").is_some());
    store::complete(&mut scope, &id, decide(advised.variant.unwrap())).await.unwrap();
    let ended = page(&mut scope, &id).await;
    let outcome = ended.outcome.unwrap();
    assert_eq!((outcome.decision, outcome.variant.as_deref(), outcome.note.as_str()), (Choice::Ship, Some("Treatment"), "It is better."));
    let kept = ended.analysis.unwrap();
    assert!(ended.experiment.end_date.is_some() && kept.verdict.decision == Decision::Ship);
    assert_eq!(looks(&kept), looks(&said), "how it went is shown of one that is completed too");
    assert_eq!(kept.exposure, said.exposure);
    let seen: serde_json::Value =
        sqlx::query_scalar(r#"SELECT results FROM "Experiment" WHERE id = $1"#).bind(&id).fetch_one(scope.db()).await.unwrap();
    assert_eq!((seen["decision"].as_str(), seen["analysis"]["units"].as_i64()), (Some("SHIP"), Some(40_000)), "for other clients");
    assert_eq!(seen["analysis"]["metrics"][0]["comparisons"][0]["looks"], serde_json::json!([]), "what the results tell is not kept twice");
    assert!(matches!(stored::record(&mut scope, &id, &clear()).await, Err(AppError::Conflict(_))), "it is over");
    let listed = store::list(&mut scope, "rocket", &ExperimentQuery { status: Some(ExperimentStatus::Completed), ..Default::default() })
        .await
        .unwrap();
    assert_eq!(listed.page.rows[0].answer.head, "Shipped “Treatment”");

    store::set_status(&mut scope, &id, ExperimentStatus::Running).await.unwrap();
    let reopened = page(&mut scope, &id).await;
    assert_eq!((reopened.outcome, reopened.experiment.end_date, reopened.results), (None, None, 4));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_deleted_one_comes_back_and_cannot_be_changed_meanwhile(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = running(&mut scope, "Green").await;
    store::set_deleted(&mut scope, &id, true).await.unwrap();
    let conflicts = [
        store::update(&mut scope, &id, "*", form("X")).await.map(|_| ()),
        store::set_status(&mut scope, &id, ExperimentStatus::Cancelled).await,
        stored::record(&mut scope, &id, &clear()).await.map(|_| ()),
        stored::add(&mut scope, &id, &clear()[0]).await,
    ];
    assert!(conflicts.iter().all(|outcome| matches!(outcome, Err(AppError::Conflict(_)))), "{conflicts:?}");
    assert!(store::list(&mut scope, "rocket", &ExperimentQuery::default()).await.unwrap().page.rows.is_empty());
    let deleted = ExperimentQuery { deleted: true, ..Default::default() };
    assert_eq!(store::list(&mut scope, "rocket", &deleted).await.unwrap().page.rows.len(), 1);
    store::set_deleted(&mut scope, &id, false).await.unwrap();
    assert_eq!(stored::record(&mut scope, &id, &clear()).await.unwrap().unwrap().added, 4);
    store::set_status(&mut scope, &id, ExperimentStatus::Cancelled).await.unwrap();
    assert!(page(&mut scope, &id).await.analysis.is_some(), "what was measured is still said");
    store::set_status(&mut scope, &id, ExperimentStatus::Running).await.unwrap();
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn days_follow_one_another(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let id = running(&mut scope, "Green").await;
    stored::record(&mut scope, &id, &clear()).await.unwrap().unwrap();
    let dated = |start: &str, end: &str| {
        let form = ExperimentForm {
            name: "G".into(),
            hypothesis: "H".into(),
            start_date: start.into(),
            end_date: end.into(),
            ..Default::default()
        };
        form.validate()
    };
    let late = store::update(&mut scope, &id, "*", dated("2026-02-02", "").unwrap()).await.unwrap_err();
    assert!(late.of_field("start_date").unwrap().contains("2026-02-01"));
    let decision = DecisionForm { decision: "KEEP".into(), ..Default::default() }.validate().unwrap();
    store::complete(&mut scope, &id, decision).await.unwrap();
    let early = store::update(&mut scope, &id, "*", dated("2026-02-01", "2026-02-01").unwrap()).await.unwrap_err();
    assert!(early.of_field("end_date").unwrap().contains("2026-02-02"));
    assert!(dated("2026-02-01", "2026-01-31").unwrap_err().of_field("end_date").is_some());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_clients_experiments_are_shown(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let product = store::product(&mut scope, "rocket").await.unwrap().id;
    for (id, status, results) in [("one", "RUNNING", "null"), ("two", "COMPLETED", r#"{"uplift": 3}"#)] {
        sqlx::query(
            r#"INSERT INTO "Experiment" (id, name, hypothesis, "productId", "ownerId", status, metrics, results)
               VALUES ($1, 'Theirs', 'h', $2, $3, $4::text::"ExperimentStatus", '{Conversion}', $5::text::jsonb)"#,
        )
        .bind(id)
        .bind(&product)
        .bind(&admin.id)
        .bind(status)
        .bind(results)
        .execute(scope.db())
        .await
        .unwrap();
    }
    let running = page(&mut scope, "one").await;
    assert!(running.analysis.is_none() && running.cannot.is_some(), "{running:?}");
    assert_eq!(page(&mut scope, "two").await.outcome, None);
    let listed = store::list(&mut scope, "rocket", &ExperimentQuery::default()).await.unwrap().page.rows;
    assert_eq!(listed.iter().map(|one| one.answer.head.as_str()).collect::<Vec<_>>(), ["Completed", "No answer"]);
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_list_of_many_takes_as_many_statements_as_one_of_one(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let first = running(&mut scope, "First").await;
    stored::record(&mut scope, &first, &clear()).await.unwrap().unwrap();
    store::list(&mut scope, "rocket", &ExperimentQuery::default()).await.unwrap();
    let (_, of_one) = counted(store::list(&mut scope, "rocket", &ExperimentQuery::default())).await;
    for number in 0..22 {
        let id = running(&mut scope, &format!("Number {number}")).await;
        stored::record(&mut scope, &id, &clear()).await.unwrap().unwrap();
    }
    let (list, of_many) = counted(store::list(&mut scope, "rocket", &ExperimentQuery::default())).await;
    let list = list.unwrap().page;
    assert_eq!((list.rows.len(), of_many, list.rows.iter().all(|one| one.units == Some(40_000))), (20, of_one, true));
    let second = store::list(&mut scope, "rocket", &ExperimentQuery { cursor: list.next, ..Default::default() }).await.unwrap().page;
    assert_eq!((second.rows.len(), second.rows[2].experiment.id.as_str()), (3, first.as_str()));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn another_tenants_experiments_cannot_be_touched(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (admin, mut scope) = workshop(&db).await;
    let id = running(&mut scope, "Green").await;
    stored::record(&mut scope, &id, &clear()).await.unwrap().unwrap();
    let theirs = page(&mut scope, &id).await;
    let result: String = sqlx::query_scalar(r#"SELECT id FROM "ExperimentResult" LIMIT 1"#).fetch_one(scope.db()).await.unwrap();
    scope.commit(()).await.unwrap();
    let bob = db.org("other").await;
    db.product("other", &bob, "shuttle").await;
    let mut scope = db.scope("other", &bob, Perm::PlanWrite).await.unwrap();
    let ours = running_in(&mut scope, "shuttle", "Ours").await;
    let keep = DecisionForm { decision: "KEEP".into(), ..Default::default() }.validate().unwrap();
    let ship = DecisionForm { decision: theirs.variants[1].id.clone(), ..Default::default() }.validate().unwrap();
    let named = MetricForm { name: "M".into(), ..Default::default() }.validate().unwrap();
    let foreign_owner = ExperimentFields { owner: Some(admin.id.clone()), ..form("X") };
    let metric = theirs.metrics[0].id.clone();
    let into_ours = ResultForm {
        variant: theirs.variants[0].id.clone(),
        metric: store::page(&mut scope, "shuttle", &ours).await.unwrap().metrics[0].id.clone(),
        ..clear()[0].clone()
    };
    for refused in
        [store::update(&mut scope, &ours, "*", foreign_owner.clone()).await, store::create(&mut scope, "shuttle", foreign_owner).await]
    {
        assert!(refused.unwrap_err().of_field("owner").is_some());
    }
    let outcomes = [
        store::page(&mut scope, "shuttle", &id).await.map(|_| ()),
        store::edit(&mut scope, "shuttle", &id).await.map(|_| ()),
        store::update(&mut scope, &id, "*", form("X")).await.map(|_| ()),
        store::set_status(&mut scope, &id, ExperimentStatus::Cancelled).await,
        store::complete(&mut scope, &id, keep).await,
        store::complete(&mut scope, &ours, ship).await,
        store::set_deleted(&mut scope, &id, true).await.map(|_| ()),
        store::update_variants(&mut scope, &id, "*", VariantsForm(BTreeMap::new()).validate().unwrap()).await.map(|_| ()),
        store::metric(&mut scope, "shuttle", &ours, &metric).await.map(|_| ()),
        store::add_metric(&mut scope, &id, named.clone()).await.map(|_| ()),
        store::update_metric(&mut scope, &metric, "*", named).await.map(|_| ()),
        store::remove_metric(&mut scope, &metric).await,
        stored::page(&mut scope, "shuttle", &id, &Default::default()).await.map(|_| ()),
        stored::result(&mut scope, "shuttle", &ours, &result).await.map(|_| ()),
        stored::record(&mut scope, &id, &clear()).await.map(|_| ()),
        stored::add(&mut scope, &id, &clear()[0]).await,
        stored::add(&mut scope, &ours, &into_ours).await,
        stored::update(&mut scope, &result, "*", &clear()[0]).await.map(|_| ()),
        stored::remove(&mut scope, &result).await,
    ];
    assert_eq!(outcomes.iter().position(|outcome| *outcome != Err(AppError::NotFound)), None, "{outcomes:?}");
    assert_eq!((stored::all(&mut scope, &id).await.unwrap().len(), stored::days(&mut scope, &id).await.unwrap()), (0, None));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn an_experiment_is_read_as_it_was_settled(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (_, mut scope) = workshop(&db).await;
    let form = ExperimentForm {
        name: "E".into(),
        hypothesis: "H".into(),
        alpha: "0.01".into(),
        sides: "ONE".into(),
        correction: "NONE".into(),
        tuned_for: "900".into(),
        prior_mean: "1".into(),
        prior_sd: "20".into(),
        planned_size: "5000".into(),
        ..Default::default()
    };
    let fields = form.validate().unwrap();
    let id = store::create(&mut scope, "rocket", fields.clone()).await.unwrap();
    let read: Experiment = page(&mut scope, &id).await.experiment;
    assert_eq!(read.settings(), fields.settings);
    store::update(&mut scope, &id, "*", ExperimentFields { settings: Default::default(), ..fields }).await.unwrap();
    assert_eq!(page(&mut scope, &id).await.experiment.settings(), Default::default(), "of a draft it can be changed");
}
