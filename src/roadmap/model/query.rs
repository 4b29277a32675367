//! What the roadmap is asked for, as its address says it.

use serde::{Deserialize, Serialize};

use super::{Day, Month, Window, Zoom};

/// A way to look at the roadmap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    #[default]
    Timeline,
    Table,
    Columns,
}

crate::words!(View {
    Timeline: "timeline", "Timeline";
    Table: "table", "Table";
    Columns: "columns", "Now, next, later";
});

/// Which view is asked for, and which part of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoadmapQuery {
    pub view: View,
    pub zoom: Zoom,
    /// The first month of the timeline; nothing for where today can be seen.
    pub from: Option<Month>,
}

impl RoadmapQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> RoadmapQuery {
        RoadmapQuery {
            view: get("view").and_then(|word| View::parse(&word)).unwrap_or_default(),
            zoom: get("zoom").and_then(|word| Zoom::parse(&word)).unwrap_or_default(),
            from: get("from").and_then(|word| Month::parse(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain page.
    pub fn params(self) -> String {
        let mut pairs = Vec::new();
        if self.view != View::default() {
            pairs.push(format!("view={}", self.view.word()));
        }
        if self.zoom != Zoom::default() {
            pairs.push(format!("zoom={}", self.zoom.word()));
        }
        pairs.extend(self.from.map(|from| format!("from={}", from.text())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The part of time that the timeline shows.
    pub fn window(self, today: Day) -> Window {
        Window::new(self.zoom, self.from, today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let query = RoadmapQuery { view: View::Table, zoom: Zoom::Year, from: Month::parse("2026-10") };
        let text = query.params();
        assert_eq!(text, "?view=table&zoom=year&from=2026-10");
        let pairs: Vec<(&str, &str)> = text[1..].split('&').filter_map(|pair| pair.split_once('=')).collect();
        let again = RoadmapQuery::of_params(|name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| (*v).to_owned()));
        assert_eq!(again, query);
        assert_eq!(RoadmapQuery::default().params(), "");
        assert_eq!(RoadmapQuery::of_params(|_| Some("nonsense".into())), RoadmapQuery::default());
    }
}
