//! How the cards of the two boards are added and changed, and shown in lanes.

use crate::board::model::BoardKind;

/// The first cards of each column of each lane, and how many there are.
///
/// Parameters: tenant, product, what the lanes are of, cards, the lanes.
macro_rules! cells {
    ($table:literal, $lane:expr, $shows:expr) => {
        concat!(
            r#"WITH own AS (SELECT x.id, x."boardColumn", x.rank, "#,
            $lane,
            " AS lane FROM ",
            $table,
            r#" x WHERE x."organizationId" = $1 AND x."productId" = $2 AND x."deletedAt" IS NULL),
               placed AS (SELECT *, row_number() OVER (PARTITION BY lane, "boardColumn" ORDER BY rank, id) AS place,
                   count(*) OVER (PARTITION BY lane, "boardColumn") AS total FROM own WHERE lane = ANY($5))
               SELECT placed.lane, placed.total, x."boardColumn", x.id, x.title, x.number AS "itemNumber", "#,
            $shows,
            " FROM placed JOIN ",
            $table,
            r#" x ON x."organizationId" = $1 AND x.id = placed.id
               WHERE placed.place <= $4 ORDER BY placed.lane, placed."boardColumn", placed.place"#
        )
    };
}

/// Adds a card at a column's end to a live product.
///
/// Parameters: tenant, product's key, lane, id, title, column.
macro_rules! add {
    ($table:literal, $status:literal, $columns:literal, $values:expr, $lane_exists:expr, $shows:expr) => {
        concat!(
            "INSERT INTO ",
            $table,
            r#" AS x (id, "organizationId", "productId", title, description, status, "boardColumn", priority, "#,
            $columns,
            ") SELECT $4, $1, p.id, $5, '', $6::text::",
            $status,
            ", $6, ",
            of_lane!("$3", "priority", "'MEDIUM'"),
            ", ",
            $values,
            r#" FROM "Product" p WHERE p."organizationId" = $1 AND p.key = $2 AND p."deletedAt" IS NULL
               AND ($3::text IS NULL OR "#,
            $lane_exists,
            r#") RETURNING x."boardColumn", x.id, x.title, x.number AS "itemNumber", "#,
            $shows
        )
    };
}

/// Locks what is to be changed on the board, and tells what its form shows. Parameters: tenant, ids, product's key.
macro_rules! locked {
    ($table:literal) => {
        concat!(
            r#"SELECT x.id, x."deletedAt" IS NOT NULL AS deleted, x.title, x.priority::text AS priority FROM "#,
            $table,
            r#" x JOIN "Product" p ON p.id = x."productId" AND p."deletedAt" IS NULL AND p.key = $3
               WHERE x."organizationId" = $1 AND x.id = ANY($2) ORDER BY x.id FOR UPDATE OF x"#
        )
    };
}

/// Changes a card. Parameters: tenant, id, title, priority.
macro_rules! change {
    ($table:literal, $shows:expr) => {
        concat!(
            "UPDATE ",
            $table,
            r#" x SET title = $3, priority = $4 WHERE x."organizationId" = $1 AND x.id = $2
               RETURNING x."boardColumn", x.id, x.title, x.number AS "itemNumber", "#,
            $shows
        )
    };
}

/// Moves cards to the end of a column, in the order in which they stand, and sets their priority; each if it is given.
///
/// Parameters: tenant, ids, column, priority.
macro_rules! change_many {
    ($table:literal, $status:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " x SET priority = coalesce($4, x.priority), status = coalesce($3::text::",
            $status,
            r#", x.status), rank = CASE WHEN $3 IS NULL OR x."boardColumn" = $3 THEN x.rank
                   ELSE lpad(to_hex((date_part('epoch', statement_timestamp()) * 1000000)::bigint + s.place), 14, '0') END
               FROM (SELECT id, row_number() OVER (ORDER BY "boardColumn", rank, id) AS place FROM "#,
            $table,
            r#" WHERE "organizationId" = $1 AND id = ANY($2)) s WHERE x."organizationId" = $1 AND x.id = s.id"#
        )
    };
}

/// What a board does beyond moving cards.
pub struct Extra {
    pub cells: &'static str,
    pub add: &'static str,
    pub locked: &'static str,
    pub change: &'static str,
    pub change_many: &'static str,
}

const OF_FEATURES: Extra = Extra {
    cells: cells!(r#""Feature""#, feature_lane!("$3::text"), feature_shows!()),
    add: add!(
        r#""Feature""#,
        r#""FeatureStatus""#,
        r#""epicId", "assigneeId""#,
        concat!(of_lane!("$3", "epic", "NULL"), ", ", of_lane!("$3", "assignee", "NULL")),
        feature_lane_exists!("p.id"),
        feature_shows!()
    ),
    locked: locked!(r#""Feature""#),
    change: change!(r#""Feature""#, feature_shows!()),
    change_many: change_many!(r#""Feature""#, r#""FeatureStatus""#),
};

const OF_TASKS: Extra = Extra {
    cells: cells!(r#""Task""#, task_lane!("$3::text"), task_shows!()),
    add: add!(
        r#""Task""#,
        r#""TaskStatus""#,
        r#""assigneeId", "featureId""#,
        concat!(of_lane!("$3", "assignee", "NULL"), ", ", of_lane!("$3", "feature", "NULL")),
        task_lane_exists!("p.id"),
        task_shows!()
    ),
    locked: locked!(r#""Task""#),
    change: change!(r#""Task""#, task_shows!()),
    change_many: change_many!(r#""Task""#, r#""TaskStatus""#),
};

/// How they are added and changed, and shown in lanes.
pub fn extra(kind: BoardKind) -> &'static Extra {
    match kind {
        BoardKind::Features => &OF_FEATURES,
        BoardKind::Tasks => &OF_TASKS,
    }
}
