//! How many cards a column is to hold at most.

use crate::board::model::{BoardKind, LimitsFields};
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// The limits of a product's board, by column.
pub async fn limits(scope: &mut Scope, product_id: &str, kind: BoardKind) -> Result<Vec<(String, i32)>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT "columnName", "cardLimit" FROM "BoardLimit" WHERE "organizationId" = $1 AND "productId" = $2 AND board = $3
           ORDER BY "columnName""#,
    )
    .bind(org)
    .bind(product_id)
    .bind(kind.word())
    .fetch_all(scope.db())
    .await?)
}

/// Sets all limits, which the person saw in this version, of the board of the live product with this key; a column that is not
/// named has none any more.
///
/// # Errors
/// `Stale` when somebody has changed them meanwhile.
pub async fn set_limits(
    scope: &mut Scope,
    product_key: &str,
    kind: BoardKind,
    version: &str,
    limits: &[(&'static str, i32)],
) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let (columns, numbers): (Vec<&str>, Vec<i32>) = limits.iter().copied().unzip();
    // Locked, lest two people's limits mix.
    let product: String = sqlx::query_scalar(
        r#"SELECT id FROM "Product" WHERE "organizationId" = $1 AND key = $2 AND "deletedAt" IS NULL FOR NO KEY UPDATE"#,
    )
    .bind(&org)
    .bind(product_key)
    .fetch_one(scope.db())
    .await?;
    let stored = self::limits(scope, &product, kind).await?;
    version::check(version, &LimitsFields::stored(kind, &stored), &LimitsFields::typed(kind, limits))?;
    sqlx::query(
        r#"DELETE FROM "BoardLimit" WHERE "organizationId" = $1 AND "productId" = $2 AND board = $3 AND NOT "columnName" = ANY($4)"#,
    )
    .bind(&org)
    .bind(&product)
    .bind(kind.word())
    .bind(&columns)
    .execute(scope.db())
    .await?;
    let ids: Vec<String> = columns.iter().map(|_| new_id()).collect();
    sqlx::query(
        r#"INSERT INTO "BoardLimit" AS l (id, "organizationId", "productId", board, "columnName", "cardLimit")
           SELECT n.id, $1, $2, $3, n.name, n.cards FROM unnest($4::text[], $5::text[], $6::integer[]) AS n (id, name, cards)
           ON CONFLICT ("organizationId", "productId", board, "columnName")
           DO UPDATE SET "cardLimit" = excluded."cardLimit" WHERE l."cardLimit" <> excluded."cardLimit""#,
    )
    .bind(org)
    .bind(product)
    .bind(kind.word())
    .bind(ids)
    .bind(columns)
    .bind(numbers)
    .execute(scope.db())
    .await?;
    Ok(())
}
