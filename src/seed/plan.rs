//! The demo product's epics, and who builds its features when and after which others.

use crate::feature::epic::model::EpicStatus;
use crate::kernel::error::AppError;
use crate::server::id::new_id;
use crate::server::scope::System;

/// From when to when, in days from today.
type Days = Option<(i32, i32)>;

/// An epic of the demo.
struct DemoEpic {
    title: &'static str,
    description: &'static str,
    status: EpicStatus,
    days: Days,
    /// The titles of its features, each with whoever builds it and with the days on which it begins and is due.
    features: &'static [(&'static str, &'static str, Days)],
}

const EPICS: [DemoEpic; 6] = [
    DemoEpic {
        title: "Print everything",
        description: "Paper versions of boards and plans. Sharing a link turned out to be what people wanted.",
        status: EpicStatus::Cancelled,
        days: Some((-150, -110)),
        features: &[("Gantt export", "", None)],
    },
    DemoEpic {
        title: "A first hour without questions",
        description: "Whoever comes new finds their own data, their colours and their keys.",
        status: EpicStatus::Completed,
        days: Some((-120, -14)),
        features: &[
            ("Dark theme", "designer@demo.test", Some((-118, -90))),
            ("CSV import", "dev@demo.test", Some((-100, -60))),
            ("Inline images", "designer@demo.test", Some((-70, -45))),
            ("Keyboard shortcuts", "dev@demo.test", Some((-40, -16))),
        ],
    },
    DemoEpic {
        title: "Lists that remember",
        description: "A list opens the way one left it, and answers before one has finished typing.",
        status: EpicStatus::InProgress,
        days: Some((-30, 30)),
        features: &[
            ("Search index per organisation", "dev@demo.test", Some((-28, 4))),
            ("Saved views", "designer@demo.test", Some((-10, 24))),
        ],
    },
    DemoEpic {
        title: "Sign-in for large customers",
        description: "What a security department asks for before it lets anybody in.",
        status: EpicStatus::InProgress,
        days: Some((-21, 60)),
        features: &[("SAML sign-in", "dev@demo.test", Some((-20, 10))), ("Two-factor sign-in", "", Some((12, 40)))],
    },
    DemoEpic {
        title: "Open to other programs",
        description: "Whatever happens here can start something elsewhere.",
        status: EpicStatus::InProgress,
        days: Some((-14, 21)),
        features: &[("Webhook deliveries with retries", "dev@demo.test", Some((-14, -2)))],
    },
    DemoEpic {
        title: "The roadmap in the open",
        description: "Customers see what is planned without asking, and without an account.",
        status: EpicStatus::Planning,
        days: Some((28, 90)),
        features: &[("Public roadmap page", "pm@demo.test", Some((30, 75)))],
    },
];

/// What has to be done first, and what waits for it.
const WAITS: [(&str, &str); 5] = [
    ("Keyboard shortcuts", "Saved views"),
    ("Search index per organisation", "Saved views"),
    ("SAML sign-in", "Two-factor sign-in"),
    ("Saved views", "Public roadmap page"),
    ("Search index per organisation", "Public roadmap page"),
];

/// Puts the demo product's features into epics, gives them people and dates, and says what waits for what.
pub async fn add(system: &mut System, org: &str, product: &str) -> Result<(), AppError> {
    for epic in &EPICS {
        let id = add_epic(system, org, product, epic).await?;
        for (title, person, days) in epic.features {
            place(system, product, &id, title, person, *days).await?;
        }
    }
    for (blocker, blocked) in WAITS {
        sqlx::query(
            r#"INSERT INTO "FeatureDependency" ("organizationId", "productId", "blockerId", "blockedId")
               SELECT $1, $2, a.id, b.id FROM "Feature" a, "Feature" b
                WHERE a."productId" = $2 AND b."productId" = $2 AND a.title = $3 AND b.title = $4"#,
        )
        .bind(org)
        .bind(product)
        .bind(blocker)
        .bind(blocked)
        .execute(system.db())
        .await?;
    }
    Ok(())
}

async fn add_epic(system: &mut System, org: &str, product: &str, epic: &DemoEpic) -> Result<String, AppError> {
    let id = new_id();
    sqlx::query(
        r#"INSERT INTO "Epic" (id, "organizationId", "productId", title, description, status, "startDate", "endDate")
           VALUES ($1, $2, $3, $4, $5, $6, date_trunc('day', now(), 'UTC') + make_interval(days => $7),
                   date_trunc('day', now(), 'UTC') + make_interval(days => $8))"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product)
    .bind(epic.title)
    .bind(epic.description)
    .bind(epic.status)
    .bind(epic.days.map(|days| days.0))
    .bind(epic.days.map(|days| days.1))
    .execute(system.db())
    .await?;
    Ok(id)
}

async fn place(system: &mut System, product: &str, epic: &str, title: &str, person: &str, days: Days) -> Result<(), AppError> {
    sqlx::query(
        r#"UPDATE "Feature" SET "epicId" = $3, "assigneeId" = (SELECT id FROM "User" WHERE email = $4),
               "startDate" = date_trunc('day', now(), 'UTC') + make_interval(days => $5),
               "dueDate" = date_trunc('day', now(), 'UTC') + make_interval(days => $6)
           WHERE "productId" = $1 AND title = $2"#,
    )
    .bind(product)
    .bind(title)
    .bind(epic)
    .bind(person)
    .bind(days.map(|days| days.0))
    .bind(days.map(|days| days.1))
    .execute(system.db())
    .await?;
    Ok(())
}
