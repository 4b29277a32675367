//! SQL for the search. The entries themselves can only be read through the database's own function.

use super::model::{Found, Group, Hit, Kind, SearchQuery};
use crate::kernel::error::AppError;
use crate::kernel::reference::Reference;
use crate::org::model::ProductLink;
use crate::reference::store as references;
use crate::server::scope::Scope;

/// Products that a search can be narrowed to.
const PRODUCTS_MAX: i64 = 100;

/// What the organisation has of these words, by kind.
pub async fn find(scope: &mut Scope, query: &SearchQuery) -> Result<Found, AppError> {
    let org = scope.organization().id.clone();
    let kinds = query.kind.map_or(Kind::ALL.to_vec(), |kind| vec![kind]);
    let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
    let shown = query.shown();
    let hits: Vec<Hit> = sqlx::query_as("SELECT * FROM search($1, $2, $3, $4, $5)")
        .bind(&query.words)
        .bind(words)
        .bind(&query.product)
        .bind(shown + 1)
        .bind(query.page * shown)
        .fetch_all(scope.db())
        .await?;
    let products: Vec<ProductLink> =
        sqlx::query_as(r#"SELECT name, key FROM "Product" WHERE "organizationId" = $1 AND "deletedAt" IS NULL ORDER BY name, id LIMIT $2"#)
            .bind(org)
            .bind(PRODUCTS_MAX)
            .fetch_all(scope.db())
            .await?;
    let group = |kind: Kind| {
        let mut hits: Vec<Hit> = hits.iter().filter(|hit| hit.kind == kind.word()).cloned().collect();
        let more = hits.len() > shown as usize;
        hits.truncate(shown as usize);
        Group { kind, hits, more }
    };
    let groups = kinds.into_iter().map(group).filter(|group| !group.hits.is_empty()).collect();
    let mut found = Found { groups, products };
    refer(scope, query, &mut found).await?;
    Ok(found)
}

/// Puts the item whose short reference was typed before all others, and tells everything's number.
async fn refer(scope: &mut Scope, query: &SearchQuery, found: &mut Found) -> Result<(), AppError> {
    let typed = Reference::parse(query.words.trim()).filter(|_| query.page == 0);
    let typed = typed.filter(|reference| query.product.as_ref().is_none_or(|key| *key == reference.key));
    let item = match typed {
        Some(reference) => references::find(scope, &reference).await?,
        None => None,
    };
    let kind = item.as_ref().and_then(|item| Kind::ALL.into_iter().find(|kind| kind.path() == item.section));
    if let (Some(item), Some(kind)) = (item, kind.filter(|kind| query.kind.is_none_or(|wanted| wanted == *kind))) {
        found.put_first(kind, Hit::named(kind, item.id, item.key, item.product_name, item.title));
    }
    let ids: Vec<&str> = found.groups.iter().flat_map(|group| &group.hits).map(|hit| hit.id.as_str()).collect();
    let numbers = references::numbers(scope, &ids).await?;
    for hit in found.groups.iter_mut().flat_map(|group| &mut group.hits) {
        hit.number = numbers.get(&hit.id).copied();
    }
    Ok(())
}
