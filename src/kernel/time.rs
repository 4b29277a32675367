//! Points in time, and how they are written on a page.

/// A point in time, in UTC.
pub type Timestamp = chrono::DateTime<chrono::Utc>;

/// The months, by their short names.
pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The day as `12 Nov 2026`, written without a locale so that server and browser agree.
pub fn day(at: Timestamp) -> String {
    use chrono::Datelike;
    let month = MONTHS.get(at.month0() as usize).copied().unwrap_or_default();
    format!("{} {month} {}", at.day(), at.year())
}

/// The minute as `12 Nov 2026, 14:03 UTC`.
pub fn moment(at: Timestamp) -> String {
    use chrono::Timelike;
    format!("{}, {:02}:{:02} UTC", day(at), at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_day_is_written_without_a_locale() {
        assert_eq!(super::day(chrono::DateTime::from_timestamp_nanos(1_795_132_800_000_000_000)), "20 Nov 2026");
    }
}
