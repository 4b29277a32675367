//! What every request has to pass, and what every response says to the browser about safety.
//!
//! In this order: who sends it (`address`), what the answer will say (`headers`), how often (`rate`), for how long (`body`),
//! from which site (`origin`), how much (`body`).

pub mod address;
pub mod body;
pub mod headers;
pub mod origin;
pub mod rate;
pub mod refusal;
#[cfg(test)]
mod tests;

use std::time::Duration;

use super::config::Protection;
use super::metrics::Readers;
use address::Proxies;
use rate::Limits;

/// Whom to believe and how much to take, as the person who runs the server has settled it, with the counters behind it.
/// The default believes nobody and counts nothing.
#[derive(Debug, Default)]
pub struct Guard {
    pub proxies: Proxies,
    pub limits: Limits,
    pub times: Times,
    /// Connections that one address may have at a time; 0 for any number.
    pub connections: usize,
    /// Origins beside our own that a form may lead to, as `https://login.example.com`.
    pub form_origins: Vec<String>,
    /// Who may read `/metrics`.
    pub metrics: Readers,
}

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// Until the headers of a request are there; a connection that asks for nothing is closed after the same time.
    pub headers: Duration,
    /// Until its body is there.
    pub body: Duration,
    /// Until an upload is there and answered: a large file on a slow line, as long as it keeps coming.
    pub upload: Duration,
    /// Until the answer begins. A stream may go on for as long as it likes once it has begun.
    pub answer: Duration,
    /// Until it takes more of an answer that is on its way.
    pub unread: Duration,
}

impl Default for Times {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Times { headers: seconds(30), body: seconds(20), upload: seconds(1_800), answer: seconds(30), unread: seconds(30) }
    }
}

impl Guard {
    /// The guard that the settings ask for.
    ///
    /// The error is one sentence for the person at the command line.
    pub fn new(settings: &Protection) -> Result<Guard, String> {
        let mut guard = Guard {
            proxies: Proxies::parse(settings.trusted_proxies.as_deref().unwrap_or_default())?,
            limits: Limits::new(settings),
            metrics: Readers::parse(settings.metrics.as_deref().unwrap_or_default())?,
            connections: settings.connections_per_address as usize,
            ..Guard::default()
        };
        for origin in items(settings.form_origins.as_deref().unwrap_or_default()) {
            guard.allow_forms_to(origin)?;
        }
        Ok(guard)
    }

    /// Lets forms lead to the site of this address, as signing in at an identity provider does.
    pub fn allow_forms_to(&mut self, address: &str) -> Result<(), String> {
        let url = url::Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let origin = url.ok_or_else(|| format!("\"{address}\" is not the address of a site, such as https://login.example.com."))?;
        self.form_origins.push(origin.origin().ascii_serialization());
        Ok(())
    }
}

/// The items of a list that is written with commas or spaces.
fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', ' ']).filter(|item| !item.is_empty())
}
