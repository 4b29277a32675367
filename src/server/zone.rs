//! The time zones of people.

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
