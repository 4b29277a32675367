//! How the cards of the two boards are read and moved.

use crate::board::model::BoardKind;
use crate::server::board::Table;

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

/// How a board's cards are read and moved.
pub fn table(kind: BoardKind) -> &'static Table {
    match kind {
        BoardKind::Features => &FEATURES,
        BoardKind::Tasks => &TASKS,
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
pub const EXPLAIN_GAP: [&str; 2] = [
    crate::board_gap!("EXPLAIN (ANALYZE, FORMAT JSON) ", r#""Feature""#),
    crate::board_gap!("EXPLAIN (ANALYZE, FORMAT JSON) ", r#""Task""#),
];
