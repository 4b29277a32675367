//! The way out to addresses that people have entered. Whoever may enter one must not reach by it what only this server can reach:
//! each address that a name leads to is looked at where the connection is made, so there is no moment in which it could change.

mod networks;
mod resolve;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::HeaderMap;
use openidconnect::reqwest::{self, Client, redirect};
use url::{Host, Url};

use networks::Networks;
use resolve::{Lookup, NotAllowed, Resolver};

use super::http_client::causes;
use crate::kernel::text::NO_ADDRESS;

/// Bytes that are kept of an answer; the rest is not read.
pub const ANSWER_MAX: usize = 64 * 1_024;
/// How long a request may take as a whole.
pub const PATIENCE: Duration = Duration::from_secs(15);
const CONNECT: Duration = Duration::from_secs(10);
/// Headers of an answer that are kept, and how much of each, or of why there is none, in characters.
const HEADERS_MAX: usize = 60;
const LINE_MAX: usize = 1_000;

/// Sends requests to addresses that people have entered.
pub struct Outbound {
    networks: Arc<Networks>,
    lookup: Lookup,
    patience: Duration,
    /// For https, to wherever is public or allowed.
    open: OnceLock<Result<Client, String>>,
    /// For plain http, to what the administrator has allowed alone.
    inside: OnceLock<Result<Client, String>>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// The beginning, without what cannot be stored.
    pub body: String,
}

impl Outbound {
    /// The way out that also leads to these networks, as `10.1.0.0/16, 127.0.0.1`, by plain http too.
    ///
    /// The error is one sentence for the person at the command line.
    pub fn new(allowed: &str) -> Result<Outbound, String> {
        Ok(Outbound::with(Networks::parse(allowed)?, resolve::system(), PATIENCE))
    }

    fn with(networks: Networks, lookup: Lookup, patience: Duration) -> Outbound {
        Outbound { networks: Arc::new(networks), lookup, patience, open: OnceLock::new(), inside: OnceLock::new() }
    }

    /// The address, if it is one to send to as far as it can be seen before its name is looked up.
    ///
    /// # Errors
    /// A sentence for the person who entered it.
    pub fn address(&self, typed: &str) -> Result<Url, String> {
        let url = Url::parse(typed).map_err(|_| NO_ADDRESS.to_owned())?;
        match url.scheme() {
            "https" => {}
            "http" if self.networks.is_empty() => return Err("Use an address that begins with https://.".into()),
            "http" => {}
            _ => return Err("Use an address that begins with https://.".into()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("Leave the name and the password out of the address: it is shown and logged.".into());
        }
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            Some(Host::Domain(_)) => None,
            None => return Err("This address names no server.".into()),
        };
        if literal.is_some_and(|address| !self.networks.allow(address)) {
            return Err("Use a name instead of a number: numbers are only for networks that this server's administrator allows.".into());
        }
        Ok(url)
    }

    /// Posts the text, follows no redirect, and reads the beginning of the answer.
    ///
    /// # Errors
    /// Why there is no answer, in a sentence that tells nothing of the network that this server stands in.
    pub async fn post(&self, typed: &str, headers: HeaderMap, body: String) -> Result<Answer, String> {
        let url = self.address(typed)?;
        let client = self.client(url.scheme() == "https")?;
        let asked = client.post(url).headers(headers).body(body).timeout(self.patience).send();
        let mut answer = asked.await.map_err(|error| self.in_words(&error))?;
        let status = answer.status().as_u16();
        let header = |value: &http::HeaderValue| line(&String::from_utf8_lossy(value.as_bytes()));
        let headers = answer.headers().iter().take(HEADERS_MAX).map(|(name, value)| (name.to_string(), header(value))).collect();
        let mut bytes = Vec::new();
        // Whoever breaks off or dawdles after the status has answered all the same.
        while let Ok(Some(chunk)) = answer.chunk().await {
            bytes.extend_from_slice(chunk.get(..ANSWER_MAX - bytes.len()).unwrap_or(&chunk));
            if bytes.len() >= ANSWER_MAX {
                break;
            }
        }
        Ok(Answer { status, headers, body: storable(&bytes) })
    }

    fn client(&self, open: bool) -> Result<&Client, String> {
        let made = if open { &self.open } else { &self.inside };
        made.get_or_init(|| self.build(open)).as_ref().map_err(Clone::clone)
    }

    fn build(&self, open: bool) -> Result<Client, String> {
        Client::builder()
            .redirect(redirect::Policy::none())
            // A proxy of the environment would look names up for us, unseen.
            .no_proxy()
            .https_only(open)
            .dns_resolver(Arc::new(Resolver { networks: self.networks.clone(), open, lookup: self.lookup.clone() }))
            .connect_timeout(CONNECT)
            .pool_max_idle_per_host(4)
            .pool_idle_timeout(Duration::from_secs(20))
            .referer(false)
            .user_agent(concat!("prodmatic/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| causes(&error))
    }

    fn in_words(&self, error: &reqwest::Error) -> String {
        let mut deepest: &dyn Error = error;
        while let Some(cause) = deepest.source() {
            if let Some(refused) = cause.downcast_ref::<NotAllowed>() {
                return refused.to_string();
            }
            deepest = cause;
        }
        // The other side has a say in it: a certificate may name anything.
        match error.is_timeout() {
            true => format!("No answer within {} seconds.", self.patience.as_secs()),
            false if error.is_connect() => line(&format!("No connection: {deepest}")),
            false => line(&format!("No answer: {deepest}")),
        }
    }
}

/// A short text that the other side has written, as it can be stored: the database knows no NUL, and one text that it refuses would
/// keep back what has come of all other deliveries.
fn line(text: &str) -> String {
    text.chars().take(LINE_MAX).map(|c| if c == '\0' { '\u{FFFD}' } else { c }).collect()
}

/// What of it the database can hold: it knows no NUL. What stands in for a byte that is no text is longer than that.
fn storable(bytes: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(bytes).replace('\0', "\u{FFFD}");
    text.truncate(text.floor_char_boundary(ANSWER_MAX));
    text
}
