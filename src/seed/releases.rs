//! The demo product's releases: one that is out with its changelog, one half done, and one that is planned.

use crate::kernel::error::AppError;
use crate::server::id::new_id;
use crate::server::scope::System;

/// A release that is there already, by its version: name, text, days from today to its target and to the day it went out,
/// and its features by title.
struct DemoRelease {
    version: &'static str,
    name: &'static str,
    description: &'static str,
    kind: &'static str,
    target: i32,
    released: Option<i32>,
    features: &'static [&'static str],
}

const RELEASES: [DemoRelease; 4] = [
    DemoRelease {
        version: "1.0.0",
        name: "First release",
        description: "Ideas, scores and a portfolio.",
        kind: "MAJOR",
        target: -120,
        released: Some(-118),
        features: &[],
    },
    DemoRelease {
        version: "1.1.0",
        name: "Sign-in and views",
        description: "What the first customers asked for most. Support has been trained on both.",
        kind: "MINOR",
        target: -30,
        released: Some(-28),
        features: &["Dark theme", "CSV import", "Keyboard shortcuts"],
    },
    DemoRelease {
        version: "1.2.0",
        name: "Autumn release",
        description: "Everything for teams that share their plans.",
        kind: "MINOR",
        target: 14,
        released: None,
        features: &["Saved views", "SAML sign-in", "Webhook deliveries with retries", "Inline images"],
    },
    DemoRelease {
        version: "2.0.0",
        name: "Open roadmap",
        description: "The roadmap leaves the building.",
        kind: "MAJOR",
        target: 90,
        released: None,
        features: &["Public roadmap page", "Two-factor sign-in"],
    },
];

/// The template that comes with the demo: title, whether the release waits for it, days before the target date.
const LAUNCH: [(&str, bool, i32); 8] = [
    ("Release notes are written", true, 7),
    ("Support knows what changes", true, 7),
    ("Load test passed", true, 5),
    ("Documentation is up to date", true, 3),
    ("Way back is tried out", true, 2),
    ("Newsletter is ready", false, 2),
    ("Status page announces the date", false, 1),
    ("Somebody is on call", true, 0),
];

/// What has changed in 1.1.0: kind, title, text, published.
const CHANGES: [(&str, &str, &str, bool); 5] = [
    ("ADDED", "Dark theme", "Chosen by your system, or by hand at the foot of the navigation.", true),
    (
        "ADDED",
        "CSV import",
        "Columns are matched by name. A **preview** shows what will be imported, and nothing is before you say so.",
        true,
    ),
    ("ADDED", "Keyboard shortcuts", "Press `?` in a list to see them all:\n\n- `j` and `k` go through it\n- `Enter` opens an item", true),
    ("FIXED", "Long titles no longer push the scores out of the table", "", true),
    ("SECURITY", "Rate limits for sign-in", "Details are in the incident review; not for customers.", false),
];

/// Completes the releases that the product has.
pub async fn add(system: &mut System, org: &str, product: &str) -> Result<(), AppError> {
    for release in &RELEASES {
        complete(system, product, release).await?;
    }
    add_template(system, org).await?;
    add_checklist(system, product, "1.1.0", LAUNCH.len() as i32).await?;
    add_checklist(system, product, "1.2.0", LAUNCH.len() as i32 / 2).await?;
    add_changes(system, product).await?;
    sqlx::query(r#"UPDATE "Product" SET "publicChangelog" = true WHERE id = $1"#).bind(product).execute(system.db()).await?;
    Ok(())
}

async fn complete(system: &mut System, product: &str, release: &DemoRelease) -> Result<(), AppError> {
    let id: String = sqlx::query_scalar(
        r#"UPDATE "Release" SET name = $3, description = $4, type = $5::text::"ReleaseType",
               "targetDate" = date_trunc('day', now(), 'UTC') + make_interval(days => $6),
               "releaseDate" = date_trunc('day', now(), 'UTC') + make_interval(days => $7)
           WHERE "productId" = $1 AND version = $2 RETURNING id"#,
    )
    .bind(product)
    .bind(release.version)
    .bind(release.name)
    .bind(release.description)
    .bind(release.kind)
    .bind(release.target)
    .bind(release.released)
    .fetch_one(system.db())
    .await?;
    sqlx::query(
        r#"INSERT INTO "_FeatureToRelease" ("A", "B", "organizationId")
           SELECT f.id, $2, f."organizationId" FROM "Feature" f WHERE f."productId" = $1 AND f.title = ANY ($3)"#,
    )
    .bind(product)
    .bind(id)
    .bind(release.features)
    .execute(system.db())
    .await?;
    Ok(())
}

async fn add_template(system: &mut System, org: &str) -> Result<(), AppError> {
    let id = new_id();
    sqlx::query(r#"INSERT INTO "ChecklistTemplate" (id, "organizationId", name) VALUES ($1, $2, 'Public launch')"#)
        .bind(&id)
        .bind(org)
        .execute(system.db())
        .await?;
    for (place, (title, required, days)) in (1..).zip(LAUNCH) {
        sqlx::query(
            r#"INSERT INTO "ChecklistTemplateItem" (id, "organizationId", "templateId", title, required, "daysBefore", position)
               VALUES ($1, $2, $3, $4, $5, $6, $7)"#,
        )
        .bind(new_id())
        .bind(org)
        .bind(&id)
        .bind(title)
        .bind(required)
        .bind(days)
        .bind(place)
        .execute(system.db())
        .await?;
    }
    Ok(())
}

/// The template's items on a release, the first of them ticked, each with an owner.
async fn add_checklist(system: &mut System, product: &str, version: &str, done: i32) -> Result<(), AppError> {
    for (place, (title, required, days)) in (1..).zip(LAUNCH) {
        let owner = if place % 2 == 0 { "dev@demo.test" } else { "pm@demo.test" };
        sqlx::query(
            r#"INSERT INTO "LaunchChecklistItem" (id, "organizationId", "releaseId", title, required, "dueDate", position, "assigneeId",
                   completed, "completedAt", "completedById")
               SELECT $1, r."organizationId", r.id, $4, $5, r."targetDate" - make_interval(days => $6), $7, u.id, $8,
                   CASE WHEN $8 THEN least(r."targetDate" - make_interval(days => $6 + 1), now() - interval '1 day') END,
                   CASE WHEN $8 THEN u.id END
                 FROM "Release" r, "User" u WHERE r."productId" = $2 AND r.version = $3 AND u.email = $9"#,
        )
        .bind(new_id())
        .bind(product)
        .bind(version)
        .bind(title)
        .bind(required)
        .bind(days)
        .bind(place)
        .bind(place <= done)
        .bind(owner)
        .execute(system.db())
        .await?;
    }
    Ok(())
}

async fn add_changes(system: &mut System, product: &str) -> Result<(), AppError> {
    for (kind, title, text, published) in CHANGES {
        sqlx::query(
            r#"INSERT INTO "Changelog" (id, "organizationId", "releaseId", kind, title, description, published, "featureId")
               SELECT $1, r."organizationId", r.id, $3::text::"ChangelogKind", $4, nullif($5, ''), $6,
                   (SELECT f.id FROM "Feature" f WHERE f."productId" = $2 AND f.title = $4)
                 FROM "Release" r WHERE r."productId" = $2 AND r.version = '1.1.0'"#,
        )
        .bind(new_id())
        .bind(product)
        .bind(kind)
        .bind(title)
        .bind(text)
        .bind(published)
        .execute(system.db())
        .await?;
    }
    Ok(())
}
