//! How an endpoint does.

use serde::{Deserialize, Serialize};

use crate::kernel::time::Timestamp;

/// How deliveries went, by the last attempt at each: one that is still to be retried has failed so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = WebhookTally))]
pub struct Tally {
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub succeeded: i64,
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub failed: i64,
}

impl Tally {
    /// The share that succeeded, in tenths of a percent and rounded down, so that 100 % means all; nothing without any.
    pub fn rate(self) -> Option<String> {
        let all = self.succeeded + self.failed;
        if all <= 0 {
            return None;
        }
        let tenths = self.succeeded * 1_000 / all;
        Some(if tenths % 10 == 0 { format!("{} %", tenths / 10) } else { format!("{}.{} %", tenths / 10, tenths % 10) })
    }
}

/// The deliveries of one day, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = WebhookDay))]
#[serde(rename_all = "camelCase")]
pub struct Day {
    pub day: Timestamp,
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub tally: Tally,
    /// Milliseconds that half of the answers took at most; of the last attempt of each delivery.
    pub median: Option<f64>,
    /// As much for nineteen in twenty.
    pub p95: Option<f64>,
}

/// The last two weeks, day by day, days without any delivery included.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Health {
    pub days: Vec<Day>,
}

impl Health {
    /// All days together.
    pub fn tally(&self) -> Tally {
        self.days.iter().fold(Tally::default(), |sum, day| Tally {
            succeeded: sum.succeeded + day.tally.succeeded,
            failed: sum.failed + day.tally.failed,
        })
    }

    /// Of the newest day that has any: median and 95th percentile.
    pub fn latency(&self) -> Option<(f64, f64)> {
        self.days.iter().rev().find_map(|day| day.median.zip(day.p95))
    }
}

/// Milliseconds in words: `87 ms`, `1.2 s`.
pub fn duration(milliseconds: f64) -> String {
    if milliseconds < 1_000.0 { format!("{milliseconds:.0} ms") } else { format!("{:.1} s", milliseconds / 1_000.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_of_a_hundred_means_all() {
        let rate = |succeeded, failed| Tally { succeeded, failed }.rate().unwrap_or_default();
        assert_eq!([rate(3, 0), rate(9_999, 1), rate(1, 1), rate(0, 5), rate(0, 0)], ["100 %", "99.9 %", "50 %", "0 %", ""]);
        assert_eq!((duration(87.4), duration(1_240.0)), ("87 ms".into(), "1.2 s".into()));
    }
}
