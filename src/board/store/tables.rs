//! The statements of the two tables that have such a board. A lane is named as `Lanes::key` does it; for lanes of another
//! kind each of the macros below gets a line.

use crate::board::model::{BoardKind, Lanes};
use crate::server::board::Table;

/// What a feature's card shows beside its title. Parameter: the tenant first.
macro_rules! feature_shows {
    () => {
        r#"array_remove(ARRAY[(SELECT e.title FROM "Epic" e
                WHERE e."organizationId" = $1 AND e.id = x."epicId" AND e."deletedAt" IS NULL)], NULL) AS tags,
            x."storyPoints"::float8 AS number, x.priority::text AS priority"#
    };
}

/// The same of a task's.
macro_rules! task_shows {
    () => {
        r#"array_remove(ARRAY[(SELECT coalesce(u.name, u.email) FROM "Membership" m JOIN "User" u ON u.id = m."userId"
                WHERE m."organizationId" = $1 AND m."userId" = x."assigneeId")], NULL) AS tags,
            NULL::float8 AS number, x.priority::text AS priority"#
    };
}

/// The lane that a feature is in, when lanes are of this kind.
macro_rules! feature_lane {
    ($of:literal) => {
        concat!(
            "(CASE ",
            $of,
            r#" WHEN 'epic' THEN 'epic:' || coalesce((SELECT e.id FROM "Epic" e
                    WHERE e."organizationId" = $1 AND e.id = x."epicId" AND e."deletedAt" IS NULL), '')
                WHEN 'priority' THEN 'priority:' || x.priority::text END)"#
        )
    };
}

/// The same of a task.
macro_rules! task_lane {
    ($of:literal) => {
        concat!(
            "(CASE ",
            $of,
            r#" WHEN 'assignee' THEN 'assignee:' || coalesce((SELECT m."userId" FROM "Membership" m
                    WHERE m."organizationId" = $1 AND m."userId" = x."assigneeId"), '')
                WHEN 'feature' THEN 'feature:' || coalesce((SELECT f.id FROM "Feature" f
                    WHERE f."organizationId" = $1 AND f.id = x."featureId" AND f."deletedAt" IS NULL), '')
                WHEN 'priority' THEN 'priority:' || x.priority::text END)"#
        )
    };
}

/// Whether lane `$3` is one of the board of features of this product.
macro_rules! feature_lane_exists {
    ($product:literal) => {
        concat!(
            r#"(CASE split_part($3, ':', 1)
                WHEN 'epic' THEN split_part($3, ':', 2) = '' OR EXISTS (SELECT FROM "Epic" e WHERE e."organizationId" = $1
                    AND e."productId" = "#,
            $product,
            r#" AND e.id = split_part($3, ':', 2) AND e."deletedAt" IS NULL)
                WHEN 'priority' THEN split_part($3, ':', 2) IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW') ELSE false END)"#
        )
    };
}

/// Whether lane `$3` is one of the board of tasks of this product.
macro_rules! task_lane_exists {
    ($product:literal) => {
        concat!(
            r#"(CASE split_part($3, ':', 1)
                WHEN 'assignee' THEN split_part($3, ':', 2) = '' OR EXISTS (SELECT FROM "Membership" m
                    WHERE m."organizationId" = $1 AND m."userId" = split_part($3, ':', 2))
                WHEN 'feature' THEN split_part($3, ':', 2) = '' OR EXISTS (SELECT FROM "Feature" f WHERE f."organizationId" = $1
                    AND f."productId" = "#,
            $product,
            r#" AND f.id = split_part($3, ':', 2) AND f."deletedAt" IS NULL)
                WHEN 'priority' THEN split_part($3, ':', 2) IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW') ELSE false END)"#
        )
    };
}

/// The value of a field for which a lane stands, else another.
macro_rules! of_lane {
    ($lane:literal, "priority", $else:literal) => {
        concat!("CASE split_part(", $lane, ", ':', 1) WHEN 'priority' THEN split_part(", $lane, r#", ':', 2)::"Priority" ELSE "#, $else, " END")
    };
    ($lane:literal, $of:literal, $else:literal) => {
        concat!("CASE split_part(", $lane, ", ':', 1) WHEN '", $of, "' THEN nullif(split_part(", $lane, ", ':', 2), '') ELSE ", $else, " END")
    };
}

/// What a feature takes on with a lane.
macro_rules! feature_sets {
    ($lane:literal) => {
        concat!(
            r#", "epicId" = "#,
            of_lane!($lane, "epic", r#"x."epicId""#),
            ", priority = ",
            of_lane!($lane, "priority", "x.priority")
        )
    };
}

/// What a task takes on with a lane.
macro_rules! task_sets {
    ($lane:literal) => {
        concat!(
            r#", "assigneeId" = "#,
            of_lane!($lane, "assignee", r#"x."assigneeId""#),
            r#", "featureId" = "#,
            of_lane!($lane, "feature", r#"x."featureId""#),
            ", priority = ",
            of_lane!($lane, "priority", "x.priority")
        )
    };
}

const FEATURES: Table = crate::board_table!(
    r#""Feature""#, r#""FeatureStatus""#,
    shows: feature_shows!(),
    in_lane: [concat!(feature_lane!("split_part($4, ':', 1)"), " = $4"), concat!(feature_lane!("split_part($3, ':', 1)"), " = $3")],
    lane_exists: feature_lane_exists!(r#"x."productId""#),
    sets: [feature_sets!("$4"), feature_sets!("(CASE WHEN x.id = $4 THEN $8::text END)")]
);

const TASKS: Table = crate::board_table!(
    r#""Task""#, r#""TaskStatus""#,
    shows: task_shows!(),
    in_lane: [concat!(task_lane!("split_part($4, ':', 1)"), " = $4"), concat!(task_lane!("split_part($3, ':', 1)"), " = $3")],
    lane_exists: task_lane_exists!(r#"x."productId""#),
    sets: [task_sets!("$4"), task_sets!("(CASE WHEN x.id = $4 THEN $8::text END)")]
);

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
               SELECT placed.lane, placed.total, x."boardColumn", x.id, x.title, "#,
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
            r#") RETURNING x."boardColumn", x.id, x.title, "#,
            $shows
        )
    };
}

/// Locks what is to be changed on the board. Parameters: tenant, ids.
macro_rules! locked {
    ($table:literal) => {
        concat!(
            r#"SELECT x."deletedAt" IS NOT NULL AS deleted FROM "#,
            $table,
            r#" x JOIN "Product" p ON p.id = x."productId" AND p."deletedAt" IS NULL
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
               RETURNING x."boardColumn", x.id, x.title, "#,
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
                   ELSE lpad(to_hex((date_part('epoch', clock_timestamp()) * 1000000)::bigint + s.place), 14, '0') END
               FROM (SELECT id, row_number() OVER (ORDER BY "boardColumn", rank, id) AS place FROM "#,
            $table,
            r#" WHERE "organizationId" = $1 AND id = ANY($2)) s WHERE x."organizationId" = $1 AND x.id = s.id"#
        )
    };
}

/// The lanes with their names, those first that have cards. Parameters: tenant, product, lanes.
const EPICS: &str = r#"SELECT e.id, e.title FROM "Epic" e
    WHERE e."organizationId" = $1 AND e."productId" = $2 AND e."deletedAt" IS NULL
    ORDER BY EXISTS (SELECT FROM "Feature" f WHERE f."organizationId" = $1 AND f."epicId" = e.id AND f."deletedAt" IS NULL) DESC,
        e."createdAt", e.id LIMIT $3"#;
const MEMBERS: &str = r#"SELECT u.id, coalesce(u.name, u.email) FROM "Membership" m JOIN "User" u ON u.id = m."userId"
    WHERE m."organizationId" = $1
    ORDER BY EXISTS (SELECT FROM "Task" t WHERE t."organizationId" = $1 AND t."productId" = $2 AND t."assigneeId" = u.id
        AND t."deletedAt" IS NULL) DESC, lower(coalesce(u.name, u.email)), u.id LIMIT $3"#;
const PARENTS: &str = r#"SELECT f.id, f.title FROM "Feature" f
    WHERE f."organizationId" = $1 AND f."productId" = $2 AND f."deletedAt" IS NULL
    ORDER BY EXISTS (SELECT FROM "Task" t WHERE t."organizationId" = $1 AND t."featureId" = f.id AND t."deletedAt" IS NULL) DESC,
        f.rank, f.id LIMIT $3"#;

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
        r#""epicId""#,
        of_lane!("$3", "epic", "NULL"),
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

/// How a board's cards are read and moved.
pub fn table(kind: BoardKind) -> &'static Table {
    match kind {
        BoardKind::Features => &FEATURES,
        BoardKind::Tasks => &TASKS,
    }
}

/// How they are added and changed, and shown in lanes.
pub fn extra(kind: BoardKind) -> &'static Extra {
    match kind {
        BoardKind::Features => &OF_FEATURES,
        BoardKind::Tasks => &OF_TASKS,
    }
}

/// How the lanes of a kind are found; none for those that are always the same.
pub fn lanes(lanes: Lanes) -> Option<&'static str> {
    match lanes {
        Lanes::Epic => Some(EPICS),
        Lanes::Assignee => Some(MEMBERS),
        Lanes::Feature => Some(PARENTS),
        Lanes::Priority => None,
    }
}

/// The plan of a long column's first cards, run.
#[cfg(test)]
pub const EXPLAIN_CARDS: [&str; 2] = [
    crate::board_cards!(
        "EXPLAIN (ANALYZE, FORMAT JSON) ",
        r#""Feature""#,
        concat!(feature_lane!("split_part($4, ':', 1)"), " = $4"),
        feature_shows!()
    ),
    crate::board_cards!(
        "EXPLAIN (ANALYZE, FORMAT JSON) ",
        r#""Task""#,
        concat!(task_lane!("split_part($4, ':', 1)"), " = $4"),
        task_shows!()
    ),
];

/// The plan of finding a place, run.
#[cfg(test)]
pub const EXPLAIN_GAP: [&str; 2] =
    [crate::board_gap!("EXPLAIN (ANALYZE, FORMAT JSON) ", r#""Feature""#), crate::board_gap!("EXPLAIN (ANALYZE, FORMAT JSON) ", r#""Task""#)];
