//! The demo product's KPIs with a year of values: a trend, a season, some chance that is the same each time, and gaps.

use std::f64::consts::TAU;

use crate::goal::kpi::model::{Aggregation, AlertKind, Direction, Frequency};
use crate::kernel::error::AppError;
use crate::server::id::new_id;
use crate::server::scope::System;

/// A KPI of the demo. Its values run from the first to the last with a swing over the year and some scatter; places are counted
/// back from the present, in steps of the given length.
struct DemoKpi {
    name: &'static str,
    description: &'static str,
    owner: &'static str,
    unit: &'static str,
    target: f64,
    direction: Direction,
    frequency: Frequency,
    aggregation: Aggregation,
    step: &'static str,
    steps: u32,
    from: f64,
    to: f64,
    swing: f64,
    scatter: f64,
    digits: i32,
    /// Places without a value.
    gap: std::ops::Range<u32>,
    rules: &'static [(AlertKind, f64)],
}

const KPIS: [DemoKpi; 6] = [
    DemoKpi {
        name: "Weekly active teams",
        description: "Teams of which at least two people did something in the week. From the product's own log.",
        owner: "pm@demo.test",
        unit: "teams",
        target: 900.0,
        direction: Direction::Higher,
        frequency: Frequency::Weekly,
        aggregation: Aggregation::Last,
        step: "7 days",
        steps: 53,
        from: 512.0,
        to: 934.0,
        swing: 38.0,
        scatter: 26.0,
        digits: 0,
        gap: 21..23,
        rules: &[(AlertKind::Change, 10.0)],
    },
    DemoKpi {
        name: "Sign-ups",
        description: "New accounts, by day; the target is for a week.",
        owner: "pm@demo.test",
        unit: "accounts",
        target: 420.0,
        direction: Direction::Higher,
        frequency: Frequency::Weekly,
        aggregation: Aggregation::Sum,
        step: "1 day",
        steps: 366,
        from: 38.0,
        to: 66.0,
        swing: 6.0,
        scatter: 18.0,
        digits: 0,
        gap: 140..150,
        rules: &[(AlertKind::Below, 300.0)],
    },
    DemoKpi {
        name: "Activation rate",
        description: "Of those who signed up in a month, the share that scored an idea within a week.",
        owner: "designer@demo.test",
        unit: "%",
        target: 45.0,
        direction: Direction::Higher,
        frequency: Frequency::Monthly,
        aggregation: Aggregation::Last,
        step: "1 month",
        steps: 13,
        from: 31.0,
        to: 43.5,
        swing: 1.2,
        scatter: 1.6,
        digits: 1,
        gap: 0..0,
        rules: &[],
    },
    DemoKpi {
        name: "Time to first answer",
        description: "Median of the hours until support has answered.",
        owner: "stakeholder@demo.test",
        unit: "h",
        target: 4.0,
        direction: Direction::Lower,
        frequency: Frequency::Weekly,
        aggregation: Aggregation::Mean,
        step: "7 days",
        steps: 53,
        from: 7.5,
        to: 3.2,
        swing: 0.5,
        scatter: 0.8,
        digits: 1,
        // Nobody has entered anything for three weeks.
        gap: 0..3,
        rules: &[],
    },
    DemoKpi {
        name: "Slowest page",
        description: "95th percentile of the slowest page, measured every night.",
        owner: "dev@demo.test",
        unit: "ms",
        target: 250.0,
        direction: Direction::Lower,
        frequency: Frequency::Daily,
        aggregation: Aggregation::Last,
        step: "1 day",
        steps: 366,
        from: 210.0,
        to: 265.0,
        swing: 14.0,
        scatter: 40.0,
        digits: 0,
        gap: 61..68,
        rules: &[(AlertKind::Above, 280.0)],
    },
    DemoKpi {
        name: "Net revenue retention",
        description: "What the customers of a year ago pay now, in percent of what they paid then.",
        owner: "pm@demo.test",
        unit: "%",
        target: 105.0,
        direction: Direction::Higher,
        frequency: Frequency::Quarterly,
        aggregation: Aggregation::Last,
        step: "3 months",
        steps: 6,
        from: 98.0,
        to: 107.0,
        swing: 0.0,
        scatter: 1.5,
        digits: 1,
        gap: 0..0,
        rules: &[],
    },
];

impl DemoKpi {
    /// The value so many steps back.
    fn value(&self, back: u32) -> f64 {
        let last = f64::from(self.steps.saturating_sub(1).max(1));
        let share = f64::from(back) / last;
        let chance = f64::from((back * 7919 + self.steps * 131 + (back * back) % 97 * 611) % 1000) / 1000.0 - 0.5;
        let value = self.to + (self.from - self.to) * share + self.swing * (TAU * share * 2.0).sin() + self.scatter * chance;
        let scale = 10f64.powi(self.digits);
        (value * scale).round() / scale
    }
}

/// Gives the product its KPIs.
pub async fn add(system: &mut System, org: &str, product: &str) -> Result<(), AppError> {
    for kpi in &KPIS {
        let id: String = sqlx::query_scalar(
            r#"INSERT INTO "KPI" (id, "organizationId", "productId", "ownerId", name, description, unit, "targetValue", direction, frequency, aggregation)
               SELECT $1, $2, $3, u.id, $5, $6, $7, $8, $9, $10, $11 FROM "User" u WHERE u.email = $4 RETURNING id"#,
        )
        .bind(new_id())
        .bind(org)
        .bind(product)
        .bind(kpi.owner)
        .bind(kpi.name)
        .bind(kpi.description)
        .bind(kpi.unit)
        .bind(kpi.target)
        .bind(kpi.direction)
        .bind(kpi.frequency)
        .bind(kpi.aggregation)
        .fetch_one(system.db())
        .await?;
        for (kind, threshold) in kpi.rules {
            sqlx::query(r#"INSERT INTO "KPIAlert" (id, "organizationId", "kpiId", kind, threshold) VALUES ($1, $2, $3, $4, $5)"#)
                .bind(new_id())
                .bind(org)
                .bind(&id)
                .bind(kind)
                .bind(threshold)
                .execute(system.db())
                .await?;
        }
        add_points(system, org, &id, kpi).await?;
    }
    Ok(())
}

async fn add_points(system: &mut System, org: &str, id: &str, kpi: &DemoKpi) -> Result<(), AppError> {
    let places: Vec<u32> = (0..kpi.steps).filter(|back| !kpi.gap.contains(back)).collect();
    let values: Vec<f64> = places.iter().map(|back| kpi.value(*back)).collect();
    let ids: Vec<String> = places.iter().map(|_| new_id()).collect();
    let places: Vec<i32> = places.into_iter().map(|back| i32::try_from(back).unwrap_or_default()).collect();
    sqlx::query(
        r#"INSERT INTO "KPIDataPoint" (id, "organizationId", "kpiId", value, date)
           SELECT p.id, $1, $2, p.value, (date_trunc('day', now() AT TIME ZONE 'UTC') - p.back * $3::text::interval) AT TIME ZONE 'UTC'
             FROM unnest($4::text[], $5::float8[], $6::int[]) AS p (id, value, back)"#,
    )
    .bind(org)
    .bind(id)
    .bind(kpi.step)
    .bind(ids)
    .bind(values)
    .bind(places)
    .execute(system.db())
    .await?;
    Ok(())
}
