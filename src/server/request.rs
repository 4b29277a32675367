//! What is asked of the request behind a server function.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE, HOST, USER_AGENT};
use http::request::Parts;
use leptos::prelude::use_context;
use sqlx::PgPool;

use super::config::Options;
use super::db::internal;
use super::guard::Guard;
use super::guard::address::Visitor;
use super::guard::rate::neighbourhood;
use super::live::Live;
use super::mail::outgoing::Outgoing;
use super::oidc::Providers;
use super::outbound::Outbound;
use super::seal::Key;
use crate::kernel::error::AppError;

/// What every request may use; given to the views and server functions as a context.
#[derive(Clone)]
pub struct AppState {
    pub pool: PgPool,
    pub settings: Arc<Settings>,
    /// Those who listen for changes.
    pub live: Live,
}

/// What the person who runs the server has settled.
pub struct Settings {
    /// The address by which people reach the server, without a slash at its end. Never taken from a request: whoever sends one
    /// chooses its `Host`, and could have a mail lead elsewhere.
    pub url: String,
    /// Whether that address was given as one of the web, and is not just the one that the server listens at.
    pub url_is_given: bool,
    pub key: Key,
    pub guard: Guard,
    /// Where mail goes.
    pub mail: Outgoing,
    /// The identity providers that people can sign in by.
    pub oidc: Providers,
    /// The way out to addresses that people have entered.
    pub outbound: Outbound,
}

impl Settings {
    /// The settings of a server at this address whose data is in this folder.
    ///
    /// The error is one sentence for the person at the command line.
    pub fn new(options: &Options, addr: SocketAddr, data: &Path) -> Result<Settings, String> {
        let given = options.url.as_deref().filter(|url| !url.is_empty());
        if let Some(url) = given
            && !url::Url::parse(url).is_ok_and(|parsed| matches!(parsed.scheme(), "http" | "https") && parsed.has_host())
        {
            return Err(format!("PRODMATIC_URL is \"{url}\", which is no address of the web, such as https://pm.example.com."));
        }
        let url = given.map_or_else(|| format!("http://{addr}"), str::to_owned);
        let key = match options.key.given() {
            Some(key) => Key::parse(key)?,
            None => Key::of_folder(data)?,
        };
        let mail = Outgoing::new(options.smtp_url.as_deref(), options.mail_from.as_deref())?;
        let url = url.trim_end_matches('/').to_owned();
        Ok(Settings {
            oidc: Providers::of(&options.oidc, &url)?,
            guard: Guard::new(&options.protection)?,
            outbound: Outbound::new(options.webhook_networks.as_deref().unwrap_or_default())?,
            key,
            mail,
            url,
            url_is_given: given.is_some(),
        })
    }
}

/// The settings of this process.
pub fn settings() -> Result<Arc<Settings>, AppError> {
    Ok(use_context::<AppState>().ok_or_else(|| internal("no state in context"))?.settings)
}

/// Who is calling, as far as the request tells.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The session's token from the cookie.
    pub token: Option<String>,
    /// The token of a program. Only the REST API takes one, and it takes no session's.
    pub bearer: Option<String>,
    pub ip_address: String,
    pub user_agent: String,
}

impl Caller {
    /// The address as failures are counted by it: whoever has a network of IPv6 has all addresses in it.
    pub fn neighbourhood(&self) -> String {
        self.ip_address.parse().map_or_else(|_| self.ip_address.clone(), neighbourhood)
    }
}

/// The connection pool of this process.
pub fn pool() -> Result<PgPool, AppError> {
    Ok(use_context::<AppState>().ok_or_else(|| internal("no state in context"))?.pool)
}

/// The caller of the request that is being answered.
pub fn caller() -> Result<Caller, AppError> {
    let parts = use_context::<Parts>().ok_or_else(|| internal("no request in context"))?;
    Ok(caller_of(&parts))
}

/// The caller of a request that is no server function.
pub fn caller_of(parts: &Parts) -> Caller {
    Caller {
        token: cookie(parts, super::session::COOKIE),
        bearer: None,
        ip_address: parts.extensions.get::<Visitor>().map(|visitor| visitor.address.to_string()).unwrap_or_default(),
        user_agent: header(parts, &USER_AGENT).chars().take(400).collect(),
    }
}

/// The caller of the REST API: by the token that the request bears, whatever cookies it has.
pub fn bearer_of(parts: &Parts) -> Caller {
    Caller { token: None, bearer: bearer_in(&parts.headers).map(str::to_owned), ..caller_of(parts) }
}

/// The token that a request bears (RFC 6750, section 2.1).
pub fn bearer_in(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    Some(token.trim()).filter(|token| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty())
}

/// The value of a cookie of the request.
pub fn cookie(parts: &Parts, name: &str) -> Option<String> {
    cookie_in(&parts.headers, name)
}

/// The value of a cookie in these headers.
pub fn cookie_in(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

/// Whether the request came over plain http to this machine itself, where a `Secure` cookie would not be kept.
pub fn is_loopback(parts: &Parts) -> bool {
    if parts.extensions.get::<Visitor>().is_some_and(|visitor| visitor.https) {
        return false;
    }
    let host = header(parts, &HOST);
    let name =
        host.rsplit_once(':').map_or(host.as_str(), |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { &host });
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// A header as text, empty when there is none.
pub fn header(parts: &Parts, name: &http::HeaderName) -> String {
    parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
