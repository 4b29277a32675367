//! SQL for merging duplicates.

use crate::idea::model::{IdeaProduct, MergeTarget};
use crate::kernel::error::AppError;
use crate::server::scope::Scope;

/// Live ideas of the product that hold the words, best first; but for the idea itself.
pub async fn targets(scope: &mut Scope, product: &IdeaProduct, id: &str, words: &str) -> Result<Vec<MergeTarget>, AppError> {
    let words = words.replace('\0', "");
    if words.trim().is_empty() {
        return Ok(Vec::new());
    }
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT i.id, i.title, i.status, i.votes
             FROM search($3, ARRAY['Idea'], NULL, NULL, ARRAY[$4], 21, 0)
                  WITH ORDINALITY AS found (kind, id, key, name, path, status, title, snippet, near, place)
             JOIN "Idea" i ON i."organizationId" = $1 AND i.id = found.id
            WHERE i."deletedAt" IS NULL AND i.id <> $2 ORDER BY found.place LIMIT 20"#,
    )
    .bind(org)
    .bind(id)
    .bind(words)
    .bind(&product.key)
    .fetch_all(scope.db())
    .await?)
}

/// Moves votes, comments, features and feedback of a live idea to another of its product, and puts the first in the bin.
/// Gives the product's key.
///
/// # Errors
/// `NotFound` when one of them is not there or in another product; `Conflict` when one is deleted, or they are the same.
pub async fn merge(scope: &mut Scope, id: &str, into: &str) -> Result<String, AppError> {
    let org = scope.organization().id.clone();
    // In one order, lest two merges wait for each other.
    let found: Vec<(String, String, bool)> = sqlx::query_as(
        r#"SELECT i.id, p.key, i."deletedAt" IS NULL FROM "Idea" i JOIN "Product" p ON p.id = i."productId" AND p."deletedAt" IS NULL
           WHERE i."organizationId" = $1 AND i.id = ANY ($2) ORDER BY i.id FOR UPDATE OF i"#,
    )
    .bind(org)
    .bind([id, into].as_slice())
    .fetch_all(scope.db())
    .await?;
    let key = match found.as_slice() {
        [(only, ..)] if id == into && only == id => return Err(AppError::Conflict("An idea cannot be merged into itself.".into())),
        [(_, key, one), (_, other, two)] if key == other => match one & two {
            true => key.clone(),
            false => return Err(AppError::Conflict("One of these ideas has been deleted or merged already.".into())),
        },
        _ => return Err(AppError::NotFound),
    };
    sqlx::query("SELECT merge_idea($1, $2)").bind(id).bind(into).execute(scope.db()).await?;
    Ok(key)
}
