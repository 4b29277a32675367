//! SQL of the board of ideas.

use super::model::Spot;
use crate::idea::model::{IdeaStatus, shown};
use crate::kernel::error::AppError;
use crate::kernel::rank;
use crate::server::scope::Scope;
use crate::ui::board::{CARDS_FIRST, CARDS_MORE, Card, Column};

/// A card's row: column, id, title, tags, RICE score.
type CardRow = (String, String, String, Vec<String>, Option<f64>);

/// The cards of some columns, each from a place on. The columns' order and each column's own are one index range.
///
/// Parameters: tenant, product, columns, tag, first place, cards of each column.
macro_rules! cards {
    ($explain:literal) => {
        concat!(
            $explain,
            r#"SELECT card."boardColumn", card.id, card.title, card.tags, card."riceScore"
            FROM unnest($3::text[]) WITH ORDINALITY AS c (name, place) CROSS JOIN LATERAL (
                SELECT * FROM "Idea" WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL
                AND "boardColumn" = c.name AND ($4::text IS NULL OR $4 = ANY(tags))
                ORDER BY rank, id OFFSET $5 LIMIT $6) card
            ORDER BY c.place, card.rank, card.id"#
        )
    };
}

/// The plan of the first cards, run.
#[cfg(test)]
pub const EXPLAIN_CARDS: &str = cards!("EXPLAIN (ANALYZE, FORMAT JSON) ");

/// The place next to the first of the named cards that is still in the column, else at its top.
///
/// Parameters: tenant, product, column, the moved card, the card above, the card below.
macro_rules! gap {
    ($explain:literal) => {
        concat!(
            $explain,
            r#"WITH anchor AS (
               SELECT rank, id, coalesce(id = $5, false) AS above FROM "Idea"
               WHERE "organizationId" = $1 AND "productId" = $2 AND "boardColumn" = $3 AND "deletedAt" IS NULL
               AND id <> $4 AND id IN ($5, $6)
               UNION ALL SELECT '', '', NULL ORDER BY above DESC NULLS LAST LIMIT 1)
           SELECT CASE WHEN a.above THEN a.rank ELSE previous.rank END AS lower,
               CASE WHEN a.above THEN a.id ELSE previous.id END AS "lowerId",
               CASE WHEN NOT a.above THEN a.rank ELSE next.rank END AS upper,
               a.above IS NOT NULL AS found
           FROM anchor a
           LEFT JOIN LATERAL (
               SELECT rank, id FROM "Idea"
               WHERE "organizationId" = $1 AND "productId" = $2 AND "boardColumn" = $3 AND "deletedAt" IS NULL
               AND id <> $4 AND (rank, id) < (a.rank, a.id) ORDER BY rank DESC, id DESC LIMIT 1) previous ON true
           LEFT JOIN LATERAL (
               SELECT rank FROM "Idea"
               WHERE "organizationId" = $1 AND "productId" = $2 AND "boardColumn" = $3 AND "deletedAt" IS NULL
               AND id <> $4 AND (rank, id) > (a.rank, a.id) ORDER BY rank, id LIMIT 1) next ON true"#
        )
    };
}

/// The plan of finding a place, run.
#[cfg(test)]
pub const EXPLAIN_GAP: &str = gap!("EXPLAIN (ANALYZE, FORMAT JSON) ");

fn card((_, id, title, tags, rice): CardRow) -> Card {
    Card { id, title, tags, note: format!("RICE {}", shown(rice)) }
}

async fn read(
    scope: &mut Scope,
    product_id: &str,
    tag: Option<&str>,
    columns: &[&str],
    from: i64,
    count: i64,
) -> Result<Vec<CardRow>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(cards!(""))
        .bind(org)
        .bind(product_id)
        .bind(columns)
        .bind(tag)
        .bind(from.max(0))
        .bind(count)
        .fetch_all(scope.db())
        .await?)
}

/// Every column with its number of cards and the first of them.
pub async fn columns(scope: &mut Scope, product_id: &str, tag: Option<&str>) -> Result<Vec<Column>, AppError> {
    let words = IdeaStatus::ALL.map(IdeaStatus::word);
    let counts = counts(scope, product_id, tag).await?;
    let mut rows = read(scope, product_id, tag, &words, 0, CARDS_FIRST as i64).await?.into_iter().peekable();
    let column = |word: &str| {
        let mut cards = Vec::new();
        while let Some(row) = rows.next_if(|row| row.0 == word) {
            cards.push(card(row));
        }
        let count = counts.iter().find(|(name, _)| name == word).map_or(0, |(_, count)| *count);
        Column { key: word.to_owned(), count, cards }
    };
    Ok(words.map(column).into())
}

/// The number of cards of each column that has any. Without a tag the index alone tells.
async fn counts(scope: &mut Scope, product_id: &str, tag: Option<&str>) -> Result<Vec<(String, i64)>, AppError> {
    let org = scope.organization().id.clone();
    let Some(tag) = tag else {
        let all = r#"SELECT "boardColumn", count(*) FROM "Idea"
            WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL GROUP BY 1"#;
        return Ok(sqlx::query_as(all).bind(org).bind(product_id).fetch_all(scope.db()).await?);
    };
    let tagged = r#"SELECT "boardColumn", count(*) FROM "Idea"
        WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL AND $3 = ANY(tags) GROUP BY 1"#;
    Ok(sqlx::query_as(tagged).bind(org).bind(product_id).bind(tag).fetch_all(scope.db()).await?)
}

/// The cards of a column from a place on.
pub async fn cards(scope: &mut Scope, product_id: &str, tag: Option<&str>, column: IdeaStatus, from: i64) -> Result<Vec<Card>, AppError> {
    let rows = read(scope, product_id, tag, &[column.word()], from, CARDS_MORE as i64).await?;
    Ok(rows.into_iter().map(card).collect())
}

/// An idea that is being moved.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Moving {
    product_id: String,
    status: IdeaStatus,
    rank: String,
    deleted: bool,
}

/// The idea of a live product, locked until the transaction ends. The product is locked too, so that of two people who move
/// cards of one board at the same moment the second sees what the first has done.
async fn locked(scope: &mut Scope, id: &str) -> Result<Moving, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT i."productId", i.status, i.rank, i."deletedAt" IS NOT NULL AS deleted
           FROM "Idea" i JOIN "Product" p ON p.id = i."productId" AND p."deletedAt" IS NULL
           WHERE i."organizationId" = $1 AND i.id = $2 FOR NO KEY UPDATE OF i, p"#,
    )
    .bind(org)
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// Between which cards a card comes to stand, as they are now.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Gap {
    lower: Option<String>,
    lower_id: Option<String>,
    upper: Option<String>,
    /// Whether one of the cards that were named is there.
    found: bool,
}

impl Gap {
    fn holds(&self, rank: &str) -> bool {
        self.lower.as_deref().is_none_or(|lower| lower < rank) && self.upper.as_deref().is_none_or(|upper| rank < upper)
    }

    /// Whether the board is as the person saw it.
    fn is_as_seen(&self, spot: &Spot) -> bool {
        self.found || (spot.after.is_none() && spot.before.is_none() && self.upper.is_none())
    }
}

async fn gap(scope: &mut Scope, id: &str, product_id: &str, column: IdeaStatus, spot: &Spot) -> Result<Gap, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(gap!(""))
        .bind(org)
        .bind(product_id)
        .bind(column.word())
        .bind(id)
        .bind(spot.after.as_deref())
        .bind(spot.before.as_deref())
        .fetch_one(scope.db())
        .await?)
}

/// Moves a live idea's card. Tells whether the cards that were named were still there.
///
/// # Errors
/// `Conflict` when the idea is deleted, or the column's status may not follow the idea's present one.
pub async fn put(scope: &mut Scope, id: &str, spot: &Spot) -> Result<bool, AppError> {
    let idea = locked(scope, id).await?;
    if idea.deleted {
        return Err(AppError::Conflict("This idea has been deleted. Restore it to move it.".into()));
    }
    let to = spot.to.unwrap_or(idea.status);
    idea.status.may_become(to)?;
    let gap = gap(scope, id, &idea.product_id, to, spot).await?;
    let stands_there = gap.holds(&idea.rank);
    let rank = if stands_there { Some(idea.rank.clone()) } else { rank::between(gap.lower.as_deref(), gap.upper.as_deref()) };
    match rank {
        Some(_) if stands_there && to == idea.status => {}
        Some(rank) => write(scope, id, to, &rank).await?,
        None => spread(scope, id, &idea.product_id, to, &gap).await?,
    }
    Ok(gap.is_as_seen(spot))
}

async fn write(scope: &mut Scope, id: &str, status: IdeaStatus, rank: &str) -> Result<(), AppError> {
    let statement = r#"UPDATE "Idea" SET status = $2, rank = $3 WHERE id = $1"#;
    sqlx::query(statement).bind(id).bind(status).bind(rank).execute(scope.db()).await?;
    Ok(())
}

/// Gives every card of the column a new rank with room around it, and the moved card its place among them: for when two ranks
/// are equal, or hundreds of moves into one gap have used it up.
async fn spread(scope: &mut Scope, id: &str, product_id: &str, column: IdeaStatus, gap: &Gap) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query(
        r#"UPDATE "Idea" i SET rank = lpad(to_hex(s.place << 16), 14, '0'), status = $5
           FROM (
               SELECT id, row_number() OVER (ORDER BY near_rank, near_id, moved) AS place FROM (
                   SELECT id, rank AS near_rank, id AS near_id, false AS moved FROM "Idea"
                   WHERE "organizationId" = $1 AND "productId" = $2 AND "boardColumn" = $3 AND "deletedAt" IS NULL AND id <> $4
                   UNION ALL SELECT $4, $6::text COLLATE "C", $7::text, true) near) s
           WHERE i."organizationId" = $1 AND i.id = s.id"#,
    )
    .bind(org)
    .bind(product_id)
    .bind(column.word())
    .bind(id)
    .bind(column)
    .bind(gap.lower.as_deref().unwrap_or_default())
    .bind(gap.lower_id.as_deref().unwrap_or_default())
    .execute(scope.db())
    .await?;
    Ok(())
}
