//! What is drawn of a product.

use serde::{Deserialize, Serialize};

use crate::feature::model::FeatureStatus;

/// Ideas that are drawn at most.
pub const IDEAS_MAX: i64 = 60;
/// Ideas that are named where several share a place.
const NAMED: usize = 3;

/// What is drawn of a product.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Pictures {
    /// How many features there are in each status, in the order of work.
    pub features: Vec<(FeatureStatus, i64)>,
    /// Open ideas that are scored, the best by RICE; at most `IDEAS_MAX`.
    pub ideas: Vec<ScoredIdea>,
}

/// An idea by what it costs and what it brings, each from 1 to 10.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct ScoredIdea {
    pub title: String,
    pub effort: f64,
    pub impact: f64,
}

impl Pictures {
    /// The places of the ideas: effort, impact, and the titles of those that share it.
    pub fn places(&self) -> Vec<(f64, f64, String)> {
        let mut ideas: Vec<&ScoredIdea> = self.ideas.iter().collect();
        // Stable, so that the best of a place stays first.
        ideas.sort_by(|a, b| a.effort.total_cmp(&b.effort).then(a.impact.total_cmp(&b.impact)));
        let place = |shared: &[&ScoredIdea]| {
            let first = shared.first()?;
            let names: Vec<&str> = shared.iter().take(NAMED).map(|idea| idea.title.as_str()).collect();
            let more = match shared.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            Some((first.effort, first.impact, format!("{}{more}", names.join(", "))))
        };
        ideas.chunk_by(|a, b| (a.effort, a.impact) == (b.effort, b.impact)).filter_map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ideas_at_one_place_are_named_together() {
        let idea = |title: &str, effort, impact| ScoredIdea { title: title.into(), effort, impact };
        let ideas = vec![idea("A", 2.0, 9.0), idea("B", 1.0, 3.0), idea("C", 2.0, 9.0), idea("D", 2.0, 9.0), idea("E", 2.0, 9.0)];
        let places = Pictures { ideas, ..Default::default() }.places();
        assert_eq!(places, [(1.0, 3.0, "B".to_owned()), (2.0, 9.0, "A, C, D and 1 more".to_owned())]);
        assert!(Pictures::default().places().is_empty());
    }
}
