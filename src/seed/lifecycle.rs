//! What holds already of the demo products' stages, and how the oldest of them ends.

use crate::kernel::error::AppError;
use crate::product::model::Lifecycle;
use crate::server::id::new_id;
use crate::server::scope::System;

/// Products by key, their stage, and how many of its exit criteria hold.
const MET: [(&str, Lifecycle, usize); 4] = [
    ("demo-product", Lifecycle::Delivery, 1),
    ("customer-portal", Lifecycle::Growth, 1),
    ("insights", Lifecycle::Discovery, 2),
    ("classic-desktop", Lifecycle::Sunset, 0),
];

const PLAN: &str = "Until the end of the year every customer gets the export of everything and a person who helps them to move to the demo \
    product.\nFrom January on there are only fixes for security.\nOn the last day the sign-in closes; the data is kept for 90 more days.";

/// Ticks criteria and plans the end of the desktop program, half a year from now.
pub async fn add(system: &mut System, org: &str) -> Result<(), AppError> {
    for (key, stage, met) in MET {
        let criteria: Vec<&str> = stage.default_criteria().iter().take(met).copied().collect();
        let ids: Vec<String> = criteria.iter().map(|_| new_id()).collect();
        sqlx::query(
            r#"INSERT INTO "LifecycleCheck" (id, "organizationId", "productId", stage, criterion, "userId", "createdAt")
               SELECT c.id, $1, p.id, $3, c.criterion, u.id, now() - interval '9 days'
                 FROM "Product" p, "User" u, unnest($4::text[], $5::text[]) c (id, criterion)
                WHERE p."organizationId" = $1 AND p.key = $2 AND u.email = 'pm@demo.test'"#,
        )
        .bind(org)
        .bind(key)
        .bind(stage)
        .bind(ids)
        .bind(criteria)
        .execute(system.db())
        .await?;
    }
    sqlx::query(
        r#"UPDATE "Product" SET "endOfLife" = (now() + interval '6 months')::date, "sunsetPlan" = $2
           WHERE "organizationId" = $1 AND key = 'classic-desktop'"#,
    )
    .bind(org)
    .bind(PLAN)
    .execute(system.db())
    .await?;
    Ok(())
}
