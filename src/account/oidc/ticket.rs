//! What a browser keeps while its person is at the provider: sealed, so that neither they nor anybody else reads or changes it.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::kernel::error::AppError;
use crate::server::oidc::Secrets;
use crate::server::seal::Key;

/// Name of the cookie.
pub const COOKIE: &str = "prodmatic_oidc";
/// How long a person may take at the provider, in seconds.
pub const SECONDS: i64 = 600;

/// One journey to a provider and back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub issuer: String,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
    /// Where to go afterwards: a path of this site.
    pub next: String,
    /// The user who wants to link the provider; nobody for signing in.
    pub link: Option<String>,
    /// In seconds since 1970.
    expires: i64,
}

impl Ticket {
    /// A journey that begins now.
    pub fn new(issuer: &str, secrets: Secrets, next: String, link: Option<String>) -> Ticket {
        let Secrets { state, nonce, verifier } = secrets;
        Ticket { issuer: issuer.to_owned(), state, nonce, verifier, next, link, expires: now() + SECONDS }
    }

    /// The value for the cookie.
    pub fn seal(&self, key: &Key) -> Result<String, AppError> {
        key.seal(&serde_json::to_string(self).map_err(crate::server::db::internal)?)
    }

    /// Reads what `seal` wrote, unless it was changed or its time is over.
    pub fn open(key: &Key, sealed: &str) -> Option<Ticket> {
        Ticket::open_at(key, sealed, now())
    }

    fn open_at(key: &Key, sealed: &str, now: i64) -> Option<Ticket> {
        let ticket: Ticket = serde_json::from_str(&key.open(sealed).ok()?).ok()?;
        (now < ticket.expires).then_some(ticket)
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(first: char) -> Key {
        Key::parse(&format!("{first}{}", "A".repeat(42))).unwrap()
    }

    fn ticket() -> Ticket {
        let secrets = Secrets { state: "s".into(), nonce: "n".into(), verifier: "v".into() };
        Ticket::new("https://id.example", secrets, "/orgs/acme".into(), Some("ada".into()))
    }

    #[test]
    fn a_ticket_opens_in_time_and_under_its_key_alone() {
        let (key, ticket) = (key('A'), ticket());
        let sealed = ticket.seal(&key).unwrap();
        assert_eq!(Ticket::open(&key, &sealed), Some(ticket));
        assert_eq!(Ticket::open(&self::key('B'), &sealed), None);
        assert_eq!(Ticket::open_at(&key, &sealed, now() + SECONDS + 1), None);
        assert_eq!(Ticket::open(&key, &key.seal("{}").unwrap()), None);
        assert_eq!(Ticket::open(&key, "nonsense"), None);
    }

    #[test]
    fn a_ticket_tells_nothing_and_fits_a_cookie() {
        let sealed = ticket().seal(&key('A')).unwrap();
        assert!(!sealed.contains("acme") && sealed.len() < 2000);
        assert!(sealed.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/'), "{sealed}");
    }
}
