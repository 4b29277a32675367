//! What the portfolio is asked for, as its address says it.

use serde::{Deserialize, Serialize};

use super::Sort;
use crate::kernel::text::query_value;
use crate::product::model::Lifecycle;
use crate::roadmap::model::{Day, Month, Window, Zoom};

/// The longest text that products are looked for by, in characters.
const FIND_MAX: usize = 100;

/// A way to look at the portfolio.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    #[default]
    Grid,
    List,
    Board,
    Timeline,
}

crate::words!(View {
    Grid: "grid", "Grid";
    List: "list", "List";
    Board: "board", "Board";
    Timeline: "timeline", "Timeline";
});

/// Which products are asked for, and how they are looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PortfolioQuery {
    pub view: View,
    pub stage: Option<Lifecycle>,
    /// Words of the name, the key or the description; nothing for all.
    pub find: Option<String>,
    pub deleted: bool,
    pub sort: Sort,
    /// The other way round than the column is sorted by itself.
    pub turned: bool,
    pub zoom: Zoom,
    /// The first month of the timeline; nothing for where today can be seen.
    pub from: Option<Month>,
}

impl PortfolioQuery {
    /// Reads the parameters of an address that shows this view unless it names another; what it does not know it leaves out.
    pub fn of_params(view: View, get: impl Fn(&str) -> Option<String>) -> PortfolioQuery {
        let sort = get("sort").unwrap_or_default();
        let found = get("find").map(|text| text.trim().chars().filter(|c| !c.is_control()).take(FIND_MAX).collect::<String>());
        PortfolioQuery {
            view: get("view").and_then(|word| View::parse(&word)).unwrap_or(view),
            stage: get("stage").and_then(|word| Lifecycle::parse(&word)),
            find: found.filter(|text| !text.is_empty()),
            deleted: get("show").as_deref() == Some("deleted"),
            sort: Sort::parse(sort.trim_start_matches('-')).unwrap_or_default(),
            turned: sort.starts_with('-'),
            zoom: get("zoom").and_then(|word| Zoom::parse(&word)).unwrap_or_default(),
            from: get("from").and_then(|word| Month::parse(&word)),
        }
    }

    /// Its parameters, without what goes without saying.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if self.view != View::default() {
            pairs.push(("view", self.view.word().to_owned()));
        }
        pairs.extend(self.deleted.then(|| ("show", "deleted".to_owned())));
        pairs.extend(self.stage.map(|stage| ("stage", stage.word().to_owned())));
        pairs.extend(self.find.clone().map(|find| ("find", find)));
        if self.sort != Sort::default() || self.turned {
            pairs.push(("sort", format!("{}{}", if self.turned { "-" } else { "" }, self.sort.word())));
        }
        if self.zoom != Zoom::default() {
            pairs.push(("zoom", self.zoom.word().to_owned()));
        }
        pairs.extend(self.from.map(|from| ("from", from.text())));
        pairs
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain page.
    pub fn params(&self) -> String {
        let pairs: Vec<String> = self.pairs().iter().map(|(name, value)| format!("{name}={}", query_value(value))).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The same, changed by `change`.
    pub fn with(&self, change: impl FnOnce(&mut PortfolioQuery)) -> PortfolioQuery {
        let mut query = self.clone();
        change(&mut query);
        query
    }

    /// Whether it leaves live products out.
    pub fn is_narrowed(&self) -> bool {
        self.stage.is_some() || self.find.is_some()
    }

    /// The list sorted by this column; the other way round if it is already.
    pub fn sorted(&self, sort: Sort) -> PortfolioQuery {
        self.with(|query| (query.sort, query.turned) = (sort, query.sort == sort && !query.turned))
    }

    /// How the list is sorted by this column, for screen readers; nothing if it is not.
    pub fn way(&self, sort: Sort) -> Option<&'static str> {
        let rises = sort.rises() != self.turned;
        (self.sort == sort).then_some(if rises { "ascending" } else { "descending" })
    }

    /// The part of time that the timeline shows.
    pub fn window(&self, today: Day) -> Window {
        Window::new(self.zoom, self.from, today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let query = PortfolioQuery {
            view: View::Timeline,
            stage: Some(Lifecycle::Growth),
            find: Some("a & b".into()),
            deleted: true,
            sort: Sort::Progress,
            turned: true,
            zoom: Zoom::Year,
            from: Month::parse("2026-10"),
        };
        let pairs = query.pairs();
        let again = PortfolioQuery::of_params(View::Grid, |name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| v.clone()));
        assert_eq!(again, query);
        assert_eq!(query.params(), "?view=timeline&show=deleted&stage=GROWTH&find=a%20%26%20b&sort=-progress&zoom=year&from=2026-10");
        assert_eq!(PortfolioQuery::default().params(), "");
        assert_eq!(PortfolioQuery::of_params(View::Board, |_| None), PortfolioQuery { view: View::Board, ..Default::default() });
        let odd = PortfolioQuery::of_params(View::Grid, |name| Some(if name == "find" { "\0 " } else { "nonsense" }.to_owned()));
        assert_eq!(odd, PortfolioQuery::default());
    }

    #[test]
    fn a_column_says_how_it_is_sorted_and_turns_round() {
        let query = PortfolioQuery::default();
        assert_eq!((query.way(Sort::Name), query.way(Sort::Ideas)), (Some("ascending"), None));
        let ideas = query.sorted(Sort::Ideas);
        assert_eq!((ideas.way(Sort::Ideas), ideas.params().as_str()), (Some("descending"), "?sort=ideas"));
        let turned = ideas.sorted(Sort::Ideas);
        assert_eq!((turned.way(Sort::Ideas), turned.params().as_str()), (Some("ascending"), "?sort=-ideas"));
        assert_eq!(turned.sorted(Sort::Ideas), ideas);
    }
}
