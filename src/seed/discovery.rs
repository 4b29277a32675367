//! What leads to the demo's ideas, and what they became.

use super::demo::{self, DemoFeature, DemoFeedback};
use crate::kernel::error::AppError;
use crate::server::db::internal;
use crate::server::id::new_id;
use crate::server::scope::System;

/// Describes the demo product's features, takes in feedback on it, and links both to its ideas.
pub async fn add(system: &mut System, org: &str, product: &str) -> Result<(), AppError> {
    for feature in demo::features().map_err(internal)? {
        describe(system, product, feature).await?;
    }
    for item in demo::feedback().map_err(internal)? {
        take_in(system, org, product, item).await?;
    }
    Ok(())
}

async fn describe(system: &mut System, product: &str, feature: DemoFeature) -> Result<(), AppError> {
    let id: String = sqlx::query_scalar(
        r#"UPDATE "Feature" SET description = $3, priority = $4, "storyPoints" = $5, "acceptanceCriteria" = $6
           WHERE "productId" = $1 AND title = $2 RETURNING id"#,
    )
    .bind(product)
    .bind(feature.title)
    .bind(feature.description)
    .bind(feature.priority)
    .bind(feature.points)
    .bind(feature.criteria)
    .fetch_one(system.db())
    .await?;
    sqlx::query(r#"INSERT INTO "_IdeaToFeature" ("A", "B") SELECT $1, id FROM "Idea" WHERE "productId" = $2 AND title = $3"#)
        .bind(id)
        .bind(product)
        .bind(feature.idea)
        .execute(system.db())
        .await?;
    Ok(())
}

async fn take_in(system: &mut System, org: &str, product: &str, item: DemoFeedback) -> Result<(), AppError> {
    let id = new_id();
    sqlx::query(
        r#"INSERT INTO "Feedback" (id, "organizationId", "productId", title, description, type, status, priority, source, "userEmail", "createdAt")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() - make_interval(days => $11))"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product)
    .bind(item.title)
    .bind(item.description)
    .bind(item.kind)
    .bind(item.status)
    .bind(item.priority)
    .bind(item.source)
    .bind(item.email)
    .bind(item.days)
    .execute(system.db())
    .await?;
    sqlx::query(r#"INSERT INTO "IdeaFeedback" ("feedbackId", "ideaId") SELECT $1, id FROM "Idea" WHERE "productId" = $2 AND title = $3"#)
        .bind(id)
        .bind(product)
        .bind(item.idea)
        .execute(system.db())
        .await?;
    Ok(())
}
