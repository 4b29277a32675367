//! The lanes that a board can be shown in.

use crate::board::model::{BoardKind, LANES_MAX, Lanes};
use crate::kernel::error::AppError;
use crate::kernel::priority::Priority;
use crate::server::scope::Scope;
use crate::ui::board::LaneName;

/// The lanes with their names, those first that have cards. Parameters: tenant, product, lanes.
const EPICS: &str = r#"SELECT e.id, e.title FROM "Epic" e
    WHERE e."organizationId" = $1 AND e."productId" = $2 AND e."deletedAt" IS NULL
    ORDER BY EXISTS (SELECT FROM "Feature" f WHERE f."organizationId" = $1 AND f."epicId" = e.id AND f."deletedAt" IS NULL) DESC,
        e."createdAt", e.id LIMIT $3"#;
macro_rules! members {
    ($table:literal) => {
        concat!(
            r#"SELECT u.id, coalesce(u.name, u.email) FROM "Membership" m JOIN "User" u ON u.id = m."userId"
               WHERE m."organizationId" = $1 ORDER BY EXISTS (SELECT FROM "#,
            $table,
            r#" t WHERE t."organizationId" = $1 AND t."productId" = $2 AND t."assigneeId" = u.id AND t."deletedAt" IS NULL) DESC,
               lower(coalesce(u.name, u.email)), u.id LIMIT $3"#
        )
    };
}
const PARENTS: &str = r#"SELECT f.id, f.title FROM "Feature" f
    WHERE f."organizationId" = $1 AND f."productId" = $2 AND f."deletedAt" IS NULL
    ORDER BY EXISTS (SELECT FROM "Task" t WHERE t."organizationId" = $1 AND t."featureId" = f.id AND t."deletedAt" IS NULL) DESC,
        f.rank, f.id LIMIT $3"#;

/// The lanes in order, and whether there are more of them.
pub async fn lane_names(scope: &mut Scope, product_id: &str, kind: BoardKind, of: Lanes) -> Result<(Vec<LaneName>, bool), AppError> {
    let statement = match (of, kind) {
        (Lanes::Epic, _) => EPICS,
        (Lanes::Assignee, BoardKind::Features) => members!(r#""Feature""#),
        (Lanes::Assignee, BoardKind::Tasks) => members!(r#""Task""#),
        (Lanes::Feature, _) => PARENTS,
        (Lanes::Priority, _) => {
            let lane = |priority: Priority| LaneName { key: of.key(priority.word()), label: priority.label().into() };
            return Ok((Priority::ALL.map(lane).into(), false));
        }
    };
    let org = scope.organization().id.clone();
    let mut rows: Vec<(String, String)> =
        sqlx::query_as(statement).bind(org).bind(product_id).bind(LANES_MAX as i64 + 1).fetch_all(scope.db()).await?;
    let cut = rows.len() > LANES_MAX;
    rows.truncate(LANES_MAX);
    let mut lanes: Vec<LaneName> = rows.into_iter().map(|(id, label)| LaneName { key: of.key(&id), label }).collect();
    lanes.push(LaneName { key: of.key(""), label: of.none().into() });
    Ok((lanes, cut))
}
