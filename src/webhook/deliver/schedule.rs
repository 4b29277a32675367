//! When a delivery is tried, and when it is given up.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::RngExt;

/// Seconds from each attempt to the next: at once, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, as Standard Webhooks has it.
const WAITS: [u32; 7] = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];
/// The share by which a wait is longer or shorter, lest all that failed together come back together.
const JITTER: f64 = 0.1;
/// The longest that an endpoint may ask for.
const LONGEST: Duration = Duration::from_secs(86_400);

/// Seconds from this failed attempt, counted from 1, to the next one; nothing after the last.
pub fn wait(attempt: i32) -> Option<f64> {
    let seconds = usize::try_from(attempt).ok()?.checked_sub(1).and_then(|at| WAITS.get(at))?;
    Some(f64::from(*seconds) * (1.0 + rand::rng().random_range(-JITTER..=JITTER)))
}

/// Seconds that an answer with `Retry-After` asks for (RFC 9110, section 10.2.3), a number or a date; a day at most.
pub fn asked_for(retry_after: &str, now: DateTime<Utc>) -> Option<f64> {
    let seconds = match retry_after.trim().parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => (DateTime::parse_from_rfc2822(retry_after.trim()).ok()?.to_utc() - now).to_std().ok()?,
    };
    Some(seconds.min(LONGEST).as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_eight_attempts_in_a_day_and_a_bit() {
        let waits: Vec<f64> = (1..=8).map_while(wait).collect();
        assert_eq!(waits.len(), 7);
        for (waited, seconds) in waits.iter().zip(WAITS) {
            assert!((waited / f64::from(seconds) - 1.0).abs() <= JITTER + 1e-9, "{waited} {seconds}");
        }
        assert_eq!((wait(8), wait(0), wait(-1), wait(i32::MAX)), (None, None, None, None));
    }

    #[test]
    fn a_wait_is_asked_for_in_seconds_or_by_date() {
        let now = DateTime::parse_from_rfc3339("2026-11-29T12:00:00Z").unwrap().to_utc();
        assert_eq!(asked_for("120", now), Some(120.0));
        assert_eq!(asked_for("Sun, 29 Nov 2026 12:01:00 GMT", now), Some(60.0));
        assert_eq!(asked_for("999999999999", now), Some(86_400.0));
        for none in ["", "soon", "-5", "Sun, 29 Nov 2026 11:00:00 GMT"] {
            assert_eq!(asked_for(none, now), None, "{none}");
        }
    }
}
