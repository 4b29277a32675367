//! The demo product's experiments: one that runs, one that was shipped, one that is being prepared, and one that is not to be
//! trusted.

use chrono::{Days, NaiveDate, Utc};

use crate::experiment::model::analysis::MetricDirection::{self, Decrease, Increase};
use crate::experiment::model::analysis::MetricKind::{self, Mean, Proportion};
use crate::experiment::model::analysis::MetricRole::{self, Guardrail, Primary};
use crate::experiment::model::{Choice, Experiment, MeasuredRow, Metric, Outcome, Variant};
use crate::experiment::store::analyse;
use crate::kernel::error::AppError;
use crate::server::db::internal;
use crate::server::id::new_id;
use crate::server::scope::System;

/// A metric: name, kind, which way, what for, margin; then the mean of the control and that of the treatment, and the standard
/// deviation of one unit.
type DemoMetric = (&'static str, MetricKind, MetricDirection, MetricRole, Option<f64>, [f64; 2], f64);

struct DemoExperiment {
    name: &'static str,
    hypothesis: &'static str,
    description: &'static str,
    status: &'static str,
    planned: Option<i64>,
    /// Days from its start to today, and from its start to its end; none for one that has not started.
    days: Option<(u64, u64)>,
    /// Control and treatment, with what each is.
    variants: [(&'static str, &'static str); 2],
    /// Units a day of each.
    units: [f64; 2],
    metrics: &'static [DemoMetric],
    /// Why the treatment was shipped.
    shipped: Option<&'static str>,
}

const EXPERIMENTS: [DemoExperiment; 4] = [
    DemoExperiment {
        name: "Score sliders instead of number fields",
        hypothesis: "We believe that sliders beside the score fields\nfor product managers who score ideas\nwill raise the share of ideas that are scored by a tenth\nbecause most give up at the fourth empty field.",
        description: "Everybody who may score, half and half, by account.",
        status: "COMPLETED",
        planned: Some(12_000),
        days: Some((52, 21)),
        variants: [("Number fields", "As it was"), ("Sliders", "A slider beside each field")],
        units: [304.0, 301.0],
        metrics: &[
            ("Idea is scored", Proportion, Increase, Primary, None, [0.412, 0.468], 0.0),
            ("Minutes to score", Mean, Decrease, Guardrail, Some(0.05), [3.4, 3.21], 2.1),
        ],
        shipped: Some(
            "More ideas are scored and it takes no longer. Sliders go to everybody with 1.1; the number fields stay beside them for those who type.",
        ),
    },
    DemoExperiment {
        name: "Guided first idea",
        hypothesis: "We believe that a guide through the first idea\nfor people who have just signed up\nwill raise the share that writes one in the first session by a tenth\nbecause an empty board tells nobody how to begin.",
        description: "New accounts, half and half. The guide can be left at any step.",
        status: "RUNNING",
        planned: Some(16_000),
        days: Some((14, 14)),
        variants: [("Empty board", "As it was"), ("Guide", "Three steps to the first idea")],
        units: [409.0, 412.0],
        metrics: &[
            ("Idea in the first session", Proportion, Increase, Primary, None, [0.316, 0.334], 0.0),
            ("Ideas in the first week", Mean, Increase, Primary, None, [1.92, 1.99], 2.4),
            ("Asks support", Proportion, Decrease, Guardrail, Some(0.2), [0.061, 0.058], 0.0),
        ],
        shipped: None,
    },
    DemoExperiment {
        name: "Sign-up without a password",
        hypothesis: "We believe that signing up by a link in a mail\nfor people who come from the landing page\nwill raise the share that finishes by a twentieth\nbecause a password is the field where most leave.",
        description: "By a redirect on the landing page, half and half.",
        status: "RUNNING",
        planned: Some(20_000),
        days: Some((9, 9)),
        variants: [("Password", "As it was"), ("Link by mail", "No password at first")],
        units: [598.0, 521.0],
        metrics: &[("Finishes signing up", Proportion, Increase, Primary, None, [0.402, 0.431], 0.0)],
        shipped: None,
    },
    DemoExperiment {
        name: "Roadmap link in every release mail",
        hypothesis: "We believe that a link to the roadmap\nfor readers of our release mails\nwill double the votes on ideas\nbecause they are told what came and never asked what should.",
        description: "",
        status: "DRAFT",
        planned: Some(8_000),
        days: None,
        variants: [("No link", "As it was"), ("Link", "Below what is new")],
        units: [0.0, 0.0],
        metrics: &[("Votes on an idea", Proportion, Increase, Primary, None, [0.0, 0.0], 0.0)],
        shipped: None,
    },
];

/// Adds them to the product.
pub async fn add(system: &mut System, product: &str) -> Result<(), AppError> {
    for (place, demo) in (0..).zip(&EXPERIMENTS) {
        add_one(system, product, demo, place).await?;
    }
    Ok(())
}

async fn add_one(system: &mut System, product: &str, demo: &DemoExperiment, place: i32) -> Result<(), AppError> {
    let id = new_id();
    let begun = demo.days.map(|(ago, _)| Utc::now().date_naive() - Days::new(ago));
    let ended = demo.shipped.and(demo.days).zip(begun).map(|((_, long), begun)| begun + Days::new(long));
    sqlx::query(
        r#"INSERT INTO "Experiment" (id, "organizationId", "productId", "ownerId", name, hypothesis, description, status, "plannedSize",
               "startDate", "endDate", "createdAt")
           SELECT $1, p."organizationId", p.id, u.id, $3, $4, nullif($5, ''), $6::text::"ExperimentStatus", $7, $8::date, $9::date,
                  coalesce($8::date, now()) - make_interval(days => 5 - $10)
             FROM "Product" p, "User" u WHERE p.id = $2 AND u.email = 'pm@demo.test'"#,
    )
    .bind(&id)
    .bind(product)
    .bind(demo.name)
    .bind(demo.hypothesis)
    .bind(demo.description)
    .bind(demo.status)
    .bind(demo.planned)
    .bind(begun)
    .bind(ended)
    .bind(place)
    .execute(system.db())
    .await?;
    add_variants(system, &id, demo).await?;
    let metrics = add_metrics(system, &id, demo).await?;
    if let (Some(begun), Some((_, long))) = (begun, demo.days) {
        add_results(system, &id, demo, &metrics, begun, long).await?;
    }
    match demo.shipped {
        Some(note) => ship(system, &id, note, ended).await,
        None => Ok(()),
    }
}

async fn add_variants(system: &mut System, experiment: &str, demo: &DemoExperiment) -> Result<(), AppError> {
    let [control, treatment] = demo.variants;
    sqlx::query(
        r#"INSERT INTO "ExperimentVariant" (id, "organizationId", "experimentId", name, description, weight, control, position)
           SELECT one.id, e."organizationId", e.id, one.name, one.about, 0.5, one.position = 1, one.position
             FROM "Experiment" e, (VALUES ($2, $3, $4, 1), ($5, $6, $7, 2)) one (id, name, about, position) WHERE e.id = $1"#,
    )
    .bind(experiment)
    .bind(new_id())
    .bind(control.0)
    .bind(control.1)
    .bind(new_id())
    .bind(treatment.0)
    .bind(treatment.1)
    .execute(system.db())
    .await?;
    Ok(())
}

/// Gives their ids in their order.
async fn add_metrics(system: &mut System, experiment: &str, demo: &DemoExperiment) -> Result<Vec<String>, AppError> {
    let mut ids = Vec::new();
    for (position, (name, kind, direction, role, margin, ..)) in (1_i32..).zip(demo.metrics) {
        let id = new_id();
        sqlx::query(
            r#"INSERT INTO "ExperimentMetric" (id, "organizationId", "experimentId", name, kind, direction, role, margin, position)
               SELECT $1, "organizationId", id, $3, $4, $5, $6, $7, $8 FROM "Experiment" WHERE id = $2"#,
        )
        .bind(&id)
        .bind(experiment)
        .bind(name)
        .bind(kind)
        .bind(direction)
        .bind(role)
        .bind(margin)
        .bind(position)
        .execute(system.db())
        .await?;
        ids.push(id);
    }
    Ok(ids)
}

/// Something between -1 and 1 that is the same each time and looks like chance.
fn wobble(day: u64, at: usize) -> f64 {
    ((day * 7 + at as u64 * 3) as f64 * 1.7).sin()
}

async fn add_results(
    system: &mut System,
    experiment: &str,
    demo: &DemoExperiment,
    metrics: &[String],
    begun: NaiveDate,
    days: u64,
) -> Result<(), AppError> {
    let (mut ids, mut of_metric, mut control, mut on) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut units, mut sums, mut squares) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (id, (_, kind, _, _, _, means, sd))) in metrics.iter().zip(demo.metrics).enumerate() {
        for (day, arm) in (0..days).flat_map(|day| [(day, 0), (day, 1)]) {
            // Fewer come at the end of a week.
            let week = if (day + 2) % 7 < 2 { 0.62 } else { 1.0 };
            let n = (demo.units[arm] * (week + 0.05 * wobble(day, arm))).round();
            let mean = means[arm] * (1.0 + 0.04 * wobble(day, at + arm + 2));
            let (sum, square) = match kind {
                Proportion => ((n * mean).round(), (n * mean).round()),
                _ => (n * mean, n * (mean * mean + sd * sd)),
            };
            ids.push(new_id());
            of_metric.push(id.clone());
            control.push(arm == 0);
            on.push(begun + Days::new(day));
            units.push(n as i64);
            sums.push(sum);
            squares.push(square);
        }
    }
    sqlx::query(
        r#"INSERT INTO "ExperimentResult" (id, "organizationId", "experimentId", "variantId", "metricId", day, n, sum, "sumSquares")
           SELECT one.id, v."organizationId", v."experimentId", v.id, one.metric, one.day, one.n, one.sum, one.squares
             FROM unnest($2::text[], $3::text[], $4::boolean[], $5::date[], $6::bigint[], $7::float8[], $8::float8[])
               AS one (id, metric, control, day, n, sum, squares)
             JOIN "ExperimentVariant" v ON v."experimentId" = $1 AND v.control = one.control"#,
    )
    .bind(experiment)
    .bind(ids)
    .bind(of_metric)
    .bind(control)
    .bind(on)
    .bind(units)
    .bind(sums)
    .bind(squares)
    .execute(system.db())
    .await?;
    Ok(())
}

/// Ships the treatment, with what was known.
async fn ship(system: &mut System, id: &str, note: &str, ended: Option<NaiveDate>) -> Result<(), AppError> {
    let experiment: Experiment =
        sqlx::query_as(r#"SELECT e.*, u.name AS owner FROM "Experiment" e JOIN "User" u ON u.id = e."ownerId" WHERE e.id = $1"#)
            .bind(id)
            .fetch_one(system.db())
            .await?;
    let variants: Vec<Variant> = sqlx::query_as(r#"SELECT * FROM "ExperimentVariant" WHERE "experimentId" = $1 ORDER BY position"#)
        .bind(id)
        .fetch_all(system.db())
        .await?;
    let metrics: Vec<Metric> = sqlx::query_as(r#"SELECT * FROM "ExperimentMetric" WHERE "experimentId" = $1 ORDER BY position"#)
        .bind(id)
        .fetch_all(system.db())
        .await?;
    let rows: Vec<MeasuredRow> =
        sqlx::query_as(r#"SELECT * FROM "ExperimentResult" WHERE "experimentId" = $1"#).bind(id).fetch_all(system.db()).await?;
    let shipped = variants.iter().find(|variant| !variant.control);
    let outcome = Outcome {
        decision: Choice::Ship,
        variant_id: shipped.map(|variant| variant.id.clone()),
        variant: shipped.map(|variant| variant.name.clone()),
        note: note.to_owned(),
        decided_at: ended.and_then(|day| day.and_hms_opt(9, 30, 0)).map_or_else(Utc::now, |at| at.and_utc()),
        decided_by_id: Some(experiment.owner_id.clone()),
        decided_by: experiment.owner.clone(),
        analysis: analyse(&experiment, &variants, &metrics, &rows).ok(),
    };
    sqlx::query(r#"UPDATE "Experiment" SET results = $2 WHERE id = $1"#)
        .bind(id)
        .bind(serde_json::to_value(&outcome).map_err(internal)?)
        .execute(system.db())
        .await?;
    Ok(())
}
