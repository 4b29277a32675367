//! The list of KPIs, and how it is asked for in an address.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Frequency, Kpi, Standing, Status, standing};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::role::Role;
use crate::product::model::ProductName;

/// Which KPIs are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Show {
    #[default]
    Present,
    Deleted,
}

crate::words!(Show {
    Present: "present", "All";
    Deleted: "deleted", "Deleted";
});

/// A KPI with what is told of it in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct KpiSummary {
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub kpi: Kpi,
    pub owner: String,
    /// The first days of its last periods that have a value, in order, and the values.
    pub starts: Vec<NaiveDate>,
    pub values: Vec<f64>,
    /// Notices that the person who looks has not seen.
    pub unread: i64,
}

/// Periods that a sparkline shows.
const SPARKS: i32 = 12;

impl KpiSummary {
    fn by_start(&self) -> BTreeMap<NaiveDate, f64> {
        self.starts.iter().copied().zip(self.values.iter().copied()).collect()
    }

    /// How it stands on this day.
    pub fn standing(&self, today: NaiveDate) -> Standing {
        let kpi = &self.kpi;
        standing(&self.by_start(), kpi.frequency, kpi.aggregation, (kpi.direction, kpi.target_value), today)
    }

    /// The values of the last periods up to this day's, with the missing ones as gaps.
    pub fn sparks(&self, today: NaiveDate) -> Vec<Option<f64>> {
        let (frequency, known) = (self.kpi.frequency, self.by_start());
        let present = frequency.start(today);
        (1 - SPARKS..=0).map(|back| known.get(&frequency.step(present, back)).copied()).collect()
    }
}

/// Which KPIs are asked for, from where on; always the newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KpiQuery {
    pub show: Show,
    /// How they stand on the present day in UTC.
    pub status: Option<Status>,
    pub frequency: Option<Frequency>,
    pub cursor: Option<Cursor>,
}

impl KpiQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> KpiQuery {
        KpiQuery {
            show: get("show").and_then(|word| Show::parse(&word)).unwrap_or_default(),
            status: get("status").and_then(|word| Status::parse(&word)),
            frequency: get("frequency").and_then(|word| Frequency::parse(&word)),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        if self.show != Show::default() {
            pairs.push(format!("show={}", self.show.word()));
        }
        pairs.extend(self.status.map(|status| format!("status={}", status.word())));
        pairs.extend(self.frequency.map(|frequency| format!("frequency={}", frequency.word())));
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The same list from its beginning, changed by `change`.
    pub fn with(&self, change: impl FnOnce(&mut KpiQuery)) -> KpiQuery {
        let mut query = KpiQuery { cursor: None, ..self.clone() };
        change(&mut query);
        query
    }

    /// Whether it leaves anything out, wherever it begins.
    pub fn is_filtered(&self) -> bool {
        self.with(|_| ()) != KpiQuery::default()
    }
}

/// The KPIs of a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KpiList {
    pub role: Role,
    pub product: ProductName,
    pub today: NaiveDate,
    pub page: Page<KpiSummary>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let cursor = Some(Cursor { key: 1.0, id: "cabc".into(), place: 20, back: true });
        let query = KpiQuery { show: Show::Deleted, status: Some(Status::OffTarget), frequency: Some(Frequency::Weekly), cursor };
        let text = query.params();
        let pairs: Vec<(&str, &str)> = text[1..].split('&').filter_map(|pair| pair.split_once('=')).collect();
        let again = KpiQuery::of_params(|name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| (*v).to_owned()));
        assert_eq!(again, query);
        let plain = query.with(|q| (q.show, q.status, q.frequency) = (Show::Present, None, None));
        assert_eq!((plain.params(), plain.is_filtered(), query.is_filtered()), (String::new(), false, true));
    }
}
