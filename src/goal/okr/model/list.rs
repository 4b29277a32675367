//! The list of a product's objectives, and how it is asked for in an address.

use serde::{Deserialize, Serialize};

use super::{Okr, OkrStatus, Quarter, TOLERANCE};
use crate::kernel::named::Named;
use crate::kernel::page::{Cursor, Page};
use crate::kernel::role::Role;
use crate::kernel::text::query_value;
use crate::kernel::time::Timestamp;
use crate::product::model::ProductName;

/// The word that stands for the reader in an address.
const ME: &str = "me";

/// Which objectives are asked for, from where on; always the latest quarter first, and in it the newest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OkrQuery {
    pub quarter: Option<Quarter>,
    pub status: Option<OkrStatus>,
    /// `me`, or the id of a person.
    pub owner: Option<String>,
    pub at_risk: bool,
    pub deleted: bool,
    pub cursor: Option<Cursor>,
}

impl OkrQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> OkrQuery {
        OkrQuery {
            quarter: get("quarter").and_then(|word| Quarter::parse(&word)),
            status: get("status").and_then(|word| OkrStatus::parse(&word)),
            owner: get("owner").filter(|id| !id.is_empty() && !id.contains('\0')),
            at_risk: get("show").as_deref() == Some("at-risk"),
            deleted: get("show").as_deref() == Some("deleted"),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.quarter.map(|quarter| format!("quarter={}", quarter.word())));
        pairs.extend(self.status.map(|status| format!("status={}", status.word())));
        pairs.extend(self.owner.as_ref().map(|id| format!("owner={}", query_value(id))));
        pairs.extend(self.show().map(|show| format!("show={show}")));
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// What else it is narrowed to than by the objectives' fields.
    pub fn show(&self) -> Option<&'static str> {
        if self.deleted { Some("deleted") } else { self.at_risk.then_some("at-risk") }
    }

    /// The same list from its beginning, changed by `change`.
    pub fn with(&self, change: impl FnOnce(&mut OkrQuery)) -> OkrQuery {
        let mut query = OkrQuery { cursor: None, ..self.clone() };
        change(&mut query);
        query
    }

    /// Whether it leaves anything out, wherever it begins.
    pub fn is_filtered(&self) -> bool {
        self.with(|_| ()) != OkrQuery::default()
    }

    /// Whose objectives are asked for, by this reader.
    pub fn owner_for<'a>(&'a self, reader: &'a str) -> Option<&'a str> {
        self.owner.as_deref().map(|word| if word == ME { reader } else { word })
    }

    /// The quarter and the id behind which the page begins, or before which it ends.
    pub fn place(&self) -> (String, &str) {
        match &self.cursor {
            Some(cursor) => (Quarter::at(cursor.key.clamp(0.0, 1e6) as i32).word(), &cursor.id),
            None => ("A".to_owned(), ""),
        }
    }
}

/// Below which progress an objective that is worked on is at risk: the rule of `Quarter::behind` as a statement compares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// The quarter of the reader's day.
    pub now: String,
    /// In that one.
    pub in_it: f64,
    /// In those that are over; in those to come nothing is at risk.
    pub over: f64,
    /// The share of the quarter that has gone by, in percent.
    pub gone: f64,
}

impl Limits {
    /// The limits on this day.
    pub fn on(today: Timestamp) -> Limits {
        let now = Quarter::of(today);
        let gone = now.elapsed(today);
        Limits { now: now.word(), in_it: gone - TOLERANCE, over: 100.0 - TOLERANCE, gone }
    }
}

/// The objectives of a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OkrList {
    pub role: Role,
    pub product: ProductName,
    pub page: Page<Okr>,
    /// Whose objectives can be asked for.
    pub people: Vec<Named>,
    /// The quarters of which there are objectives, the latest first.
    pub quarters: Vec<Quarter>,
    /// The reader's day.
    pub today: Timestamp,
}

impl OkrList {
    /// Whose objectives can be asked for: the reader's own, or a member's.
    pub fn owners(&self) -> Vec<(String, String)> {
        let me = (ME.to_owned(), "Me".to_owned());
        [me].into_iter().chain(self.people.iter().map(|person| (person.id.clone(), person.name.clone()))).collect()
    }

    /// The page's objectives by quarter, in the page's order.
    pub fn by_quarter(&self) -> Vec<(Quarter, Vec<Okr>)> {
        let mut groups: Vec<(Quarter, Vec<Okr>)> = Vec::new();
        for okr in &self.page.rows {
            match groups.last_mut() {
                Some((quarter, rows)) if *quarter == okr.quarter => rows.push(okr.clone()),
                _ => groups.push((okr.quarter, vec![okr.clone()])),
            }
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::day;

    #[test]
    fn an_address_reads_back() {
        let query = OkrQuery {
            quarter: Quarter::parse("2026-Q4"),
            status: Some(OkrStatus::Active),
            owner: Some("me".into()),
            at_risk: true,
            deleted: false,
            cursor: Some(Cursor { key: 8107.0, id: "cabc".into(), place: 20, back: true }),
        };
        let text = query.params();
        let pairs: Vec<(&str, &str)> = text[1..].split('&').filter_map(|pair| pair.split_once('=')).collect();
        let again = OkrQuery::of_params(|name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| (*v).to_owned()));
        assert_eq!(again, query);
        assert_eq!((query.place(), query.owner_for("u1")), (("2026-Q4".to_owned(), "cabc"), Some("u1")));
        assert_eq!((OkrQuery::default().params(), query.is_filtered()), (String::new(), true));
        let forged = OkrQuery { cursor: Some(Cursor { key: f64::MAX, id: "c".into(), place: 0, back: false }), ..Default::default() };
        assert_eq!(forged.place().0, "9999-Q4");
    }

    #[test]
    fn the_limits_of_a_statement_are_those_of_the_rule() {
        let today = day::parse("2026-11-16").unwrap().unwrap();
        let limits = Limits::on(today);
        for number in 8_100..8_115 {
            let quarter = Quarter::at(number);
            let word = quarter.word();
            for progress in (0..=100).map(f64::from) {
                let below = match word.cmp(&limits.now) {
                    std::cmp::Ordering::Less => progress < limits.over,
                    std::cmp::Ordering::Equal => progress < limits.in_it,
                    std::cmp::Ordering::Greater => false,
                };
                assert_eq!(below, quarter.behind(OkrStatus::Active, progress, today).is_some(), "{word} {progress}");
            }
        }
    }
}
