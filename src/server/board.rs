//! The SQL behind src/ui/board, for any table whose rows have "boardColumn" and "rank" (src/kernel/rank.rs). It knows no
//! entity: a slice's store makes the statements of its own table by `board_table!`, in which `x` stands for the row.

use super::scope::Scope;
use crate::kernel::error::AppError;
use crate::kernel::rank;

/// The cards of some columns, each from a place on. The columns' order and each column's own are one index range.
///
/// Parameters: tenant, product, columns, lane, first place, cards of each column.
#[macro_export]
macro_rules! board_cards {
    ($explain:literal, $table:literal, $in_lane:expr, $shown:expr) => {
        concat!(
            $explain,
            r#"SELECT x."boardColumn", x.id, x.title, x.number AS "itemNumber", "#,
            $shown,
            r#" FROM unnest($3::text[]) WITH ORDINALITY AS c (name, place) CROSS JOIN LATERAL (
                SELECT * FROM "#,
            $table,
            r#" x WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL
                AND "boardColumn" = c.name AND ($4::text IS NULL OR "#,
            $in_lane,
            r#") ORDER BY rank, id OFFSET $5 LIMIT $6) x
            ORDER BY c.place, x.rank, x.id"#
        )
    };
}

/// The place next to the first of the named cards that is still in the column, else at its top.
///
/// Parameters: tenant, product, column, the moved card, the card above, the card below.
#[macro_export]
macro_rules! board_gap {
    ($explain:literal, $table:literal) => {
        concat!(
            $explain,
            r#"WITH anchor AS (
               SELECT rank, id, coalesce(id = $5, false) AS above FROM "#,
            $table,
            r#" WHERE "organizationId" = $1 AND "productId" = $2 AND "boardColumn" = $3 AND "deletedAt" IS NULL
               AND id <> $4 AND id IN ($5, $6)
               UNION ALL SELECT '', '', NULL ORDER BY above DESC NULLS LAST LIMIT 1)
           SELECT CASE WHEN a.above THEN a.rank ELSE previous.rank END AS lower,
               CASE WHEN a.above THEN a.id ELSE previous.id END AS "lowerId",
               CASE WHEN NOT a.above THEN a.rank ELSE next.rank END AS upper,
               a.above IS NOT NULL AS found
           FROM anchor a
           LEFT JOIN LATERAL (
               SELECT rank, id FROM "#,
            $table,
            r#" WHERE "organizationId" = $1 AND "productId" = $2 AND "boardColumn" = $3 AND "deletedAt" IS NULL
               AND id <> $4 AND (rank, id) < (a.rank, a.id) ORDER BY rank DESC, id DESC LIMIT 1) previous ON true
           LEFT JOIN LATERAL (
               SELECT rank FROM "#,
            $table,
            r#" WHERE "organizationId" = $1 AND "productId" = $2 AND "boardColumn" = $3 AND "deletedAt" IS NULL
               AND id <> $4 AND (rank, id) > (a.rank, a.id) ORDER BY rank, id LIMIT 1) next ON true"#
        )
    };
}

/// The statements of a table's board: its name, the type of its status, what a card shows beside its title, and of its lanes
/// whether a row is in lane `$4`, whether it is in lane `$3`, whether lane `$3` is there, and what else a move sets, for a
/// lane given as `$4` and for one that is given for the moved card alone.
#[macro_export]
macro_rules! board_table {
    ($table:literal, $status:literal, shows: $shown:expr, in_lane: [$cards:expr, $other:expr], lane_exists: $exists:expr, sets: [$set:expr, $spread:expr]) => {
        $crate::server::board::Table {
            cards: $crate::board_cards!("", $table, $cards, $shown),
            counts: concat!(
                r#"SELECT "boardColumn", count(*) FROM "#,
                $table,
                r#" WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL GROUP BY 1"#
            ),
            counts_in_lane: concat!(
                r#"SELECT "boardColumn", count(*) FROM "#,
                $table,
                r#" x WHERE "organizationId" = $1 AND "productId" = $2 AND "deletedAt" IS NULL AND "#,
                $other,
                " GROUP BY 1"
            ),
            locked: concat!(
                r#"SELECT x."productId", x.status::text AS status, x.rank, x."deletedAt" IS NOT NULL AS deleted,
                       $3::text IS NULL OR "#,
                $exists,
                r#" AS "laneExists", coalesce($3::text IS NULL OR "#,
                $other,
                r#", false) AS "inLane" FROM "#,
                $table,
                r#" x JOIN "Product" p ON p.id = x."productId" AND p."deletedAt" IS NULL AND p.key = $4
                   WHERE x."organizationId" = $1 AND x.id = $2 FOR NO KEY UPDATE OF x, p"#
            ),
            gap: $crate::board_gap!("", $table),
            write: concat!(
                "UPDATE ",
                $table,
                " x SET status = $2::text::",
                $status,
                ", rank = $3",
                $set,
                " WHERE x.id = $1 AND ($4::text IS NULL OR true)"
            ),
            spread: concat!(
                "UPDATE ",
                $table,
                r#" x SET rank = lpad(to_hex(s.place << 16), 14, '0'), status = $5::text::"#,
                $status,
                $spread,
                r#" FROM (
                   SELECT id, row_number() OVER (ORDER BY near_rank, near_id, moved) AS place FROM (
                       SELECT id, rank AS near_rank, id AS near_id, false AS moved FROM "#,
                $table,
                r#" WHERE "organizationId" = $1 AND "productId" = $2 AND "boardColumn" = $3 AND "deletedAt" IS NULL AND id <> $4
                       UNION ALL SELECT $4, $6::text COLLATE "C", $7::text, true) near) s
                   WHERE x."organizationId" = $1 AND x.id = s.id AND ($8::text IS NULL OR true)"#
            ),
        }
    };
}

/// The statements of a table, made by `board_table!`.
pub struct Table {
    pub cards: &'static str,
    pub counts: &'static str,
    pub counts_in_lane: &'static str,
    pub locked: &'static str,
    pub gap: &'static str,
    pub write: &'static str,
    pub spread: &'static str,
}

/// A card's row.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct CardRow {
    pub board_column: String,
    pub id: String,
    pub title: String,
    /// Its number among the items of its product.
    pub item_number: Option<i32>,
    pub tags: Vec<String>,
    /// What is told of the card by a number, such as its score.
    pub number: Option<f64>,
    /// The word of its priority, where it has one.
    pub priority: Option<String>,
}

/// Where a card is put down: in which column and lane, and between which cards as the person saw them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spot<'a> {
    /// The column; without one, the card's own.
    pub to: Option<&'a str>,
    /// The lane; without one, the card's own.
    pub lane: Option<&'a str>,
    /// The id of the card above.
    pub after: Option<&'a str>,
    /// The id of the card below.
    pub before: Option<&'a str>,
}

/// The cards of these columns in their order, each from a place on.
pub async fn cards(
    scope: &mut Scope,
    table: &Table,
    product_id: &str,
    lane: Option<&str>,
    columns: &[&str],
    places: (i64, usize),
) -> Result<Vec<CardRow>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(table.cards)
        .bind(org)
        .bind(product_id)
        .bind(columns)
        .bind(lane)
        .bind(places.0.max(0))
        .bind(places.1 as i64)
        .fetch_all(scope.db())
        .await?)
}

/// The number of cards of each column that has any. Without a lane the index alone tells.
pub async fn counts(scope: &mut Scope, table: &Table, product_id: &str, lane: Option<&str>) -> Result<Vec<(String, i64)>, AppError> {
    let org = scope.organization().id.clone();
    let Some(lane) = lane else {
        return Ok(sqlx::query_as(table.counts).bind(org).bind(product_id).fetch_all(scope.db()).await?);
    };
    Ok(sqlx::query_as(table.counts_in_lane).bind(org).bind(product_id).bind(lane).fetch_all(scope.db()).await?)
}

/// A card that is being moved.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Moving {
    product_id: String,
    status: String,
    rank: String,
    deleted: bool,
    lane_exists: bool,
    in_lane: bool,
}

/// The row of the live product with this key, locked until the transaction ends. The product is locked too, so that of two people who move
/// cards of one board at the same moment the second sees what the first has done.
async fn locked(scope: &mut Scope, table: &Table, product: &str, id: &str, lane: Option<&str>) -> Result<Moving, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(table.locked).bind(org).bind(id).bind(lane).bind(product).fetch_one(scope.db()).await?)
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

    /// Whether the board is as the person saw it. Of an empty lane that cannot be said, since its column may be full.
    fn is_as_seen(&self, spot: Spot<'_>) -> bool {
        self.found || (spot.after.is_none() && spot.before.is_none() && (self.upper.is_none() || spot.lane.is_some()))
    }
}

async fn gap(scope: &mut Scope, table: &Table, id: &str, product_id: &str, column: &str, spot: Spot<'_>) -> Result<Gap, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(table.gap)
        .bind(org)
        .bind(product_id)
        .bind(column)
        .bind(id)
        .bind(spot.after)
        .bind(spot.before)
        .fetch_one(scope.db())
        .await?)
}

/// Moves a live row's card on the board of the product with this key. Tells whether the cards that were named were still there. A move that has been made already
/// writes nothing.
///
/// # Errors
/// `Conflict` when the row is deleted, or with the reason why `may_become` does not let its status become that of the column;
/// `NotFound` for a row of another product, and for a lane that is not there.
pub async fn put(
    scope: &mut Scope,
    table: &Table,
    noun: &str,
    product: &str,
    id: &str,
    spot: Spot<'_>,
    may_become: fn(&str, &str) -> Result<(), AppError>,
) -> Result<bool, AppError> {
    let card = locked(scope, table, product, id, spot.lane).await?;
    if card.deleted {
        return Err(AppError::Conflict(format!("This {noun} has been deleted. Restore it to move it.")));
    }
    if !card.lane_exists {
        return Err(AppError::NotFound);
    }
    let to = spot.to.unwrap_or(&card.status);
    may_become(&card.status, to)?;
    let gap = gap(scope, table, id, &card.product_id, to, spot).await?;
    let stands_there = gap.holds(&card.rank);
    let rank = if stands_there { Some(card.rank.clone()) } else { rank::between(gap.lower.as_deref(), gap.upper.as_deref()) };
    match rank {
        Some(_) if stands_there && to == card.status && card.in_lane => {}
        Some(rank) => {
            sqlx::query(table.write).bind(id).bind(to).bind(rank).bind(spot.lane).execute(scope.db()).await?;
        }
        None => spread(scope, table, id, &card.product_id, to, &gap, spot.lane).await?,
    }
    Ok(gap.is_as_seen(spot))
}

/// Gives every card of the column a new rank with room around it, and the moved card its place among them: for when two ranks
/// are equal, or hundreds of moves into one gap have used it up.
async fn spread(
    scope: &mut Scope,
    table: &Table,
    id: &str,
    product_id: &str,
    column: &str,
    gap: &Gap,
    lane: Option<&str>,
) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    sqlx::query(table.spread)
        .bind(org)
        .bind(product_id)
        .bind(column)
        .bind(id)
        .bind(column)
        .bind(gap.lower.as_deref().unwrap_or_default())
        .bind(gap.lower_id.as_deref().unwrap_or_default())
        .bind(lane)
        .execute(scope.db())
        .await?;
    Ok(())
}
