//! The demo's objectives of this quarter and the last, with their key results and what was said of them week by week.

use chrono::TimeDelta;

use crate::goal::okr::model::{Direction, OkrStatus, Quarter};
use crate::kernel::error::AppError;
use crate::kernel::time::Timestamp;
use crate::server::id::new_id;
use crate::server::scope::System;

/// What the organisation wants to reach in this quarter, and who owns it.
const OBJECTIVES: [(&str, &str, &str); 2] = [
    (
        "New customers stay",
        "Whoever signs up finds out in the first week what it is good for, and is still here in the next quarter.",
        "admin@demo.test",
    ),
    ("We are ready for large customers", "What their security and their purchasing ask for is there before they ask.", "pm@demo.test"),
];

/// A key result of the demo.
struct DemoResult {
    title: &'static str,
    direction: Direction,
    start: f64,
    /// For what is to be maintained the lower end of the band, whose upper end is 100.
    target: f64,
    unit: &'static str,
    /// How fast it goes: with 1 it is where it is to be at the end of the quarter.
    pace: f64,
    notes: &'static [&'static str],
}

/// An objective of the demo.
struct DemoOkr {
    product: &'static str,
    title: &'static str,
    description: &'static str,
    owner: &'static str,
    status: OkrStatus,
    /// Quarters from this one.
    quarter: i32,
    /// The title of what it serves.
    serves: &'static str,
    /// The title of what it goes on with.
    carries: &'static str,
    results: &'static [DemoResult],
}

const fn up(title: &'static str, start: f64, target: f64, unit: &'static str, pace: f64, notes: &'static [&'static str]) -> DemoResult {
    DemoResult { title, direction: Direction::Increase, start, target, unit, pace, notes }
}

const fn down(title: &'static str, start: f64, target: f64, unit: &'static str, pace: f64, notes: &'static [&'static str]) -> DemoResult {
    DemoResult { title, direction: Direction::Decrease, start, target, unit, pace, notes }
}

const OKRS: &[DemoOkr] = &[
    DemoOkr {
        product: "demo-product",
        title: "Large customers can try it without an exception",
        description: "A trial that a security department lets through.",
        owner: "admin@demo.test",
        status: OkrStatus::Completed,
        quarter: -1,
        serves: "",
        carries: "",
        results: &[
            up("Trials by companies of over 500 people", 2.0, 12.0, "trials", 0.9, &["Two came by way of the conference."]),
            down("Days from request to trial", 14.0, 3.0, "days", 1.1, &["The contract is one page now."]),
        ],
    },
    DemoOkr {
        product: "demo-product",
        title: "Half of all questions are answered by the product itself",
        description: "Help where the question comes up, instead of a mail to support.",
        owner: "pm@demo.test",
        status: OkrStatus::Active,
        quarter: -1,
        serves: "",
        carries: "",
        results: &[
            up(
                "Questions answered without support",
                22.0,
                50.0,
                "%",
                0.7,
                &["The search of the help finds synonyms now.", "Billing is what is left."],
            ),
            down("Mails to support per hundred teams", 64.0, 30.0, "mails", 0.5, &["Invoices make up a third of them."]),
        ],
    },
    DemoOkr {
        product: "demo-product",
        title: "A marketplace of templates",
        description: "Nobody whom we asked would have paid for one.",
        owner: "designer@demo.test",
        status: OkrStatus::Cancelled,
        quarter: -1,
        serves: "",
        carries: "",
        results: &[up("Templates by others", 0.0, 20.0, "templates", 0.1, &[])],
    },
    DemoOkr {
        product: "demo-product",
        title: "New teams find its value in their first hour",
        description: "Whoever comes new scores an idea of their own before they close the window.",
        owner: "pm@demo.test",
        status: OkrStatus::Active,
        quarter: 0,
        serves: "New customers stay",
        carries: "",
        results: &[
            up("Teams that invite somebody on the first day", 31.0, 50.0, "%", 1.1, &["The invitation stands on the empty board now."]),
            down(
                "Minutes to the first scored idea, median",
                42.0,
                15.0,
                "min",
                0.95,
                &["Importing took the longest.", "The example can be skipped."],
            ),
            down("Questions per hundred sign-ups", 18.0, 9.0, "questions", 1.2, &["Nobody asks for the keyboard any more."]),
        ],
    },
    DemoOkr {
        product: "demo-product",
        title: "Large customers can buy it without an exception",
        description: "Single sign-on, a log, and papers that purchasing accepts.",
        owner: "admin@demo.test",
        status: OkrStatus::Active,
        quarter: 0,
        serves: "We are ready for large customers",
        carries: "Large customers can try it without an exception",
        results: &[
            up(
                "Security reviews passed",
                1.0,
                6.0,
                "reviews",
                0.3,
                &["Northwind waits for single sign-on.", "The second questionnaire is out."],
            ),
            down("Deals lost for want of single sign-on", 7.0, 1.0, "deals", 0.25, &["One more in Oslo."]),
        ],
    },
    DemoOkr {
        product: "demo-product",
        title: "It is always there, and quick",
        description: "",
        owner: "dev@demo.test",
        status: OkrStatus::Active,
        quarter: 0,
        serves: "We are ready for large customers",
        carries: "",
        results: &[
            DemoResult {
                title: "Availability",
                direction: Direction::Maintain,
                start: 99.93,
                target: 99.9,
                unit: "%",
                pace: 1.0,
                notes: &["Ten minutes on Tuesday, when the disk was full."],
            },
            down("Slowest twentieth of all pages", 900.0, 300.0, "ms", 1.15, &["The search has an index of its own."]),
        ],
    },
    DemoOkr {
        product: "demo-product",
        title: "Sales trusts the roadmap",
        description: "What is promised on it is there in the month that it says.",
        owner: "designer@demo.test",
        status: OkrStatus::Draft,
        quarter: 0,
        serves: "",
        carries: "",
        results: &[up("Features that come in their month", 55.0, 85.0, "%", 0.0, &[])],
    },
    DemoOkr {
        product: "customer-portal",
        title: "Customers help each other",
        description: "",
        owner: "pm@demo.test",
        status: OkrStatus::Active,
        quarter: 0,
        serves: "New teams find its value in their first hour",
        carries: "",
        results: &[up("Answers by customers", 12.0, 60.0, "answers", 0.8, &["The first customer with ten answers."])],
    },
    DemoOkr {
        product: "insights",
        title: "Every team looks at one number a week",
        description: "",
        owner: "dev@demo.test",
        status: OkrStatus::Active,
        quarter: 0,
        serves: "New customers stay",
        carries: "",
        results: &[up("Teams with a weekly report", 4.0, 25.0, "teams", 1.0, &["Two of the pilots read it on Mondays."])],
    },
];

/// Adds the objectives to the products, which are there already.
pub async fn add(system: &mut System, org: &str) -> Result<(), AppError> {
    let now: Timestamp = sqlx::query_scalar("SELECT now()").fetch_one(system.db()).await?;
    let quarter = Quarter::of(now);
    for (title, description, owner) in OBJECTIVES {
        sqlx::query(
            r#"INSERT INTO "OrganizationObjective" (id, "organizationId", title, description, quarter, status, "ownerId")
               SELECT $1, $2, $3, $4, $5, 'ACTIVE', id FROM "User" WHERE email = $6"#,
        )
        .bind(new_id())
        .bind(org)
        .bind(title)
        .bind(description)
        .bind(quarter.word())
        .bind(owner)
        .execute(system.db())
        .await?;
    }
    for okr in OKRS {
        add_okr(system, org, okr, quarter.plus(okr.quarter), now).await?;
    }
    // Each check-in is in the log as of the day and the person it is by.
    sqlx::query(
        r#"UPDATE "AuditLog" a SET "createdAt" = c."createdAt", "userId" = c."authorId"
           FROM "KeyResultCheckIn" c WHERE c.id = a."entityId" AND a.action = 'check_in.created' AND a."organizationId" = $1"#,
    )
    .bind(org)
    .execute(system.db())
    .await?;
    Ok(())
}

async fn add_okr(system: &mut System, org: &str, okr: &DemoOkr, quarter: Quarter, now: Timestamp) -> Result<(), AppError> {
    let id = new_id();
    sqlx::query(
        r#"INSERT INTO "OKR" (id, "organizationId", "productId", title, description, quarter, status, "ownerId", "parentId", "objectiveId", "carriedFromId")
           SELECT $1, $2, p.id, $4, nullif($5, ''), $6, $7, u.id,
                  (SELECT o.id FROM "OKR" o WHERE o."organizationId" = $2 AND o.title = $9),
                  (SELECT x.id FROM "OrganizationObjective" x WHERE x."organizationId" = $2 AND x.title = $9),
                  (SELECT o.id FROM "OKR" o WHERE o."organizationId" = $2 AND o.title = $10)
             FROM "Product" p, "User" u WHERE p."organizationId" = $2 AND p.key = $3 AND u.email = $8"#,
    )
    .bind(&id)
    .bind(org)
    .bind(okr.product)
    .bind(okr.title)
    .bind(okr.description)
    .bind(quarter.word())
    .bind(okr.status)
    .bind(okr.owner)
    .bind(okr.serves)
    .bind(okr.carries)
    .execute(system.db())
    .await?;
    for result in okr.results {
        add_result(system, org, &id, okr, result, quarter, now).await?;
    }
    Ok(())
}

async fn add_result(
    system: &mut System,
    org: &str,
    okr: &str,
    of: &DemoOkr,
    result: &DemoResult,
    quarter: Quarter,
    now: Timestamp,
) -> Result<(), AppError> {
    let (id, kept) = (new_id(), result.direction == Direction::Maintain);
    sqlx::query(
        r#"INSERT INTO "KeyResult" (id, "organizationId", "okrId", title, unit, direction, "startValue", "currentValue", "targetValue", "lowerBound", "upperBound")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(okr)
    .bind(result.title)
    .bind(result.unit)
    .bind(result.direction)
    .bind(result.start)
    .bind(if kept { (result.target + 100.0) / 2.0 } else { result.target })
    .bind(kept.then_some(result.target))
    .bind(kept.then_some(100.0))
    .execute(system.db())
    .await?;
    let said = if of.status == OkrStatus::Draft { Vec::new() } else { weeks(result, quarter, now) };
    // All of them at once, so that the key result is moved once.
    sqlx::query(
        r#"INSERT INTO "KeyResultCheckIn" (id, "organizationId", "keyResultId", value, note, confidence, "authorId", "createdAt")
           SELECT said.id, $1, $2, said.value, nullif(said.note, ''), said.confidence, u.id, said.at
             FROM unnest($3::text[], $4::float8[], $5::text[], $6::integer[], $7::timestamptz[]) AS said (id, value, note, confidence, at), "User" u
            WHERE u.email = $8"#,
    )
    .bind(org)
    .bind(id)
    .bind(said.iter().map(|_| new_id()).collect::<Vec<_>>())
    .bind(said.iter().map(|week| week.value).collect::<Vec<_>>())
    .bind(said.iter().map(|week| week.note).collect::<Vec<_>>())
    .bind(said.iter().map(|week| week.confidence).collect::<Vec<_>>())
    .bind(said.iter().map(|week| week.at).collect::<Vec<_>>())
    .bind(of.owner)
    .execute(system.db())
    .await?;
    Ok(())
}

/// What was said in a week.
struct Week {
    value: f64,
    note: &'static str,
    confidence: i32,
    at: Timestamp,
}

/// The weeks of a quarter that are over by now, each with where the key result stood.
fn weeks(result: &DemoResult, quarter: Quarter, now: Timestamp) -> Vec<Week> {
    // Mornings, one in each week of the quarter.
    let mornings = (1..=13).map(|week| quarter.begins() + TimeDelta::days(7 * week - 1) + TimeDelta::hours(9)).filter(|at| *at < now);
    let week = |(number, at): (usize, Timestamp)| {
        // The same unevenness each time.
        let uneven = (number as f64 * 7.0 % 5.0 - 2.0) / 40.0;
        let share = (quarter.elapsed(at) / 100.0 * result.pace * (1.0 + uneven)).clamp(0.0, 1.1);
        let value = match result.direction {
            Direction::Maintain => result.start + [0.03, -0.05, 0.02, 0.04, 0.01][number % 5],
            _ => result.start + (result.target - result.start) * share,
        };
        let digits = if result.direction == Direction::Maintain { 100.0 } else { 1.0 };
        let note = if number % 3 == 1 { result.notes.get(number / 3 % result.notes.len().max(1)).copied().unwrap_or_default() } else { "" };
        let confidence = ((result.pace * 8.0) as i32 + number as i32 % 2).clamp(1, 10);
        Week { value: (value * digits).round() / digits, note, confidence, at }
    };
    mornings.enumerate().map(week).collect()
}
