//! The time zones of people.

use super::scope::Scope;
use crate::kernel::error::AppError;
use crate::kernel::time::Timestamp;

/// Time zones to choose from. Any other that the database knows is taken too, as from an import.
pub const ZONES: &str = "UTC
Africa/Cairo Africa/Casablanca Africa/Johannesburg Africa/Lagos Africa/Nairobi
America/Anchorage America/Argentina/Buenos_Aires America/Bogota America/Caracas America/Chicago America/Denver America/Halifax
America/Lima America/Los_Angeles America/Mexico_City America/New_York America/Phoenix America/Santiago America/Sao_Paulo
America/St_Johns America/Toronto America/Vancouver
Asia/Baghdad Asia/Bangkok Asia/Colombo Asia/Dhaka Asia/Dubai Asia/Ho_Chi_Minh Asia/Hong_Kong Asia/Jakarta Asia/Jerusalem Asia/Kabul
Asia/Karachi Asia/Kathmandu Asia/Kolkata Asia/Manila Asia/Riyadh Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Tashkent
Asia/Tehran Asia/Tokyo Asia/Yangon
Atlantic/Azores Atlantic/Reykjavik
Australia/Adelaide Australia/Brisbane Australia/Darwin Australia/Perth Australia/Sydney
Europe/Amsterdam Europe/Athens Europe/Berlin Europe/Brussels Europe/Bucharest Europe/Budapest Europe/Copenhagen Europe/Dublin
Europe/Helsinki Europe/Istanbul Europe/Kyiv Europe/Lisbon Europe/London Europe/Madrid Europe/Moscow Europe/Oslo Europe/Paris
Europe/Prague Europe/Rome Europe/Sofia Europe/Stockholm Europe/Vienna Europe/Warsaw Europe/Zurich
Pacific/Auckland Pacific/Fiji Pacific/Honolulu";

/// The time zone if it is among the common ones, else UTC: another client may have written anything there.
pub fn common_zone(zone: Option<&str>) -> &'static str {
    ZONES.split_whitespace().find(|known| Some(*known) == zone).unwrap_or("UTC")
}

/// A time as a day, counted from 1970, in a statement; nothing for one that is infinitely far away.
macro_rules! day {
    ($time:literal) => {
        concat!("CASE WHEN isfinite(", $time, ") THEN (", $time, " AT TIME ZONE 'UTC')::date - DATE '1970-01-01' END")
    };
}
pub(crate) use day;

/// The present day and week of a person, each as midnight in UTC, which is how days are stored that are meant for everybody.
#[derive(Debug, Clone, Copy, PartialEq, sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Days {
    pub today: Timestamp,
    /// The Monday that comes.
    pub next_week: Timestamp,
}

/// The day and the week in which the caller is now.
pub async fn days(scope: &mut Scope) -> Result<Days, AppError> {
    let (user, zones) = (scope.user().id.clone(), ZONES.split_whitespace().collect::<Vec<_>>());
    Ok(sqlx::query_as(
        r#"SELECT date_trunc('day', here.now) AT TIME ZONE 'UTC' AS today,
                  (date_trunc('week', here.now) + interval '7 days') AT TIME ZONE 'UTC' AS "nextWeek"
             FROM (SELECT now() AT TIME ZONE coalesce(
                     (SELECT p.timezone FROM "UserProfile" p WHERE p."userId" = $1 AND p.timezone = ANY ($2)), 'UTC') AS now) here"#,
    )
    .bind(user)
    .bind(zones)
    .fetch_one(scope.db())
    .await?)
}
