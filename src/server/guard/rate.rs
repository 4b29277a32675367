//! How often somebody may ask, by address and by account. Counted in this process; several in a row each count for themselves.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use leptos::prelude::use_context;

use super::address::Visitor;
use super::refusal::refuse;
use crate::kernel::error::AppError;
use crate::server::config::Protection;
use crate::server::db::internal;
use crate::server::id::hash;
use crate::server::request::{Settings, bearer_in, cookie_in, settings};
use crate::server::rest::problem::Problem;
use crate::server::rest::spec::BASE;
use crate::server::session;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
/// Whom a limit remembers at most. Past it everybody begins anew: whoever commands as many addresses is not held by limits.
const REMEMBERED: usize = 100_000;

/// Every limit of this process.
#[derive(Debug, Default)]
pub struct Limits {
    per_address: Limit,
    per_account: Limit,
    sign_ups: Limit,
    passwords: Limit,
    mails: Limit,
    pictures: Limit,
}

impl Limits {
    /// The limits that the settings ask for.
    pub fn new(settings: &Protection) -> Limits {
        Limits {
            per_address: Limit::new(settings.rate_per_address, MINUTE),
            per_account: Limit::new(settings.rate_per_account, MINUTE),
            sign_ups: Limit::new(settings.rate_sign_ups, HOUR),
            passwords: Limit::new(settings.rate_passwords, MINUTE),
            mails: Limit::new(settings.rate_mails, HOUR),
            pictures: Limit::new(settings.rate_pictures, HOUR),
        }
    }

    /// Counts a costly work against whoever asks for it: an address, or a person by their id.
    ///
    /// # Errors
    /// `RateLimited` when they have had their share.
    pub fn spend(&self, costly: Costly, by: &str) -> Result<(), AppError> {
        let limit = match costly {
            Costly::SignUp => &self.sign_ups,
            Costly::Password => &self.passwords,
            Costly::Mail => &self.mails,
            Costly::Picture => &self.pictures,
        };
        match limit.take(by, Instant::now()).and_then(|taken| taken.refused_for) {
            Some(wait) => Err(AppError::RateLimited(seconds(wait))),
            None => Ok(()),
        }
    }
}

/// Work that costs the server or other people more than a page does, and is limited for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Costly {
    /// Makes an account.
    SignUp,
    /// Computes a password's hash: 19 MiB and some tens of milliseconds of a core.
    Password,
    /// Sends a mail to an address that the caller chose.
    Mail,
    /// Draws a picture anew: a second of a core and 64 MB. Nobody does that without an account, so it is counted by person.
    Picture,
}

/// Counts a costly work against the address of the request that is being answered; stands in a server function before the work.
///
/// # Errors
/// `RateLimited` when the address has had its share.
pub fn spend(costly: Costly) -> Result<(), AppError> {
    let parts = use_context::<Parts>().ok_or_else(|| internal("no request in context"))?;
    let Some(visitor) = parts.extensions.get::<Visitor>() else { return Ok(()) };
    settings()?.guard.limits.spend(costly, &neighbourhood(visitor.address))
}

/// Counts the request against its address and its session or token, and tells in the response how much is left of the scarcer.
pub async fn limit(State(settings): State<Arc<Settings>>, request: Request, next: Next) -> Response {
    let limits = &settings.guard.limits;
    let address = request.extensions().get::<Visitor>().map(|visitor| neighbourhood(visitor.address));
    let of_api = request.uri().path().starts_with(BASE);
    let account = match of_api {
        true => bearer_in(request.headers()).map(hash),
        false => cookie_in(request.headers(), session::COOKIE).map(|token| hash(&token)),
    };
    let mut scarcest: Option<Taken> = None;
    for (limit, key) in [(&limits.per_address, address), (&limits.per_account, account)] {
        let Some(taken) = key.and_then(|key| limit.take(&key, Instant::now())) else { continue };
        if let Some(wait) = taken.refused_for {
            let told = AppError::RateLimited(seconds(wait));
            let mut response = match of_api {
                true => Problem::from(told).into_response(),
                false => refuse(request.headers(), StatusCode::TOO_MANY_REQUESTS, "Too many requests", &told),
            };
            taken.tell(response.headers_mut());
            return response;
        }
        if scarcest.as_ref().is_none_or(|other| taken.remaining < other.remaining) {
            scarcest = Some(taken);
        }
    }
    let mut response = next.run(request).await;
    if let Some(taken) = scarcest {
        taken.tell(response.headers_mut());
    }
    response
}

/// What counts as one sender: an IPv4 address, or the /64 network that a single customer of IPv6 is given at least.
pub fn neighbourhood(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{}/64", Ipv6Addr::from(u128::from(address) & !u128::from(u64::MAX))),
    }
}

/// Whole seconds, rounded up: whoever waits that long is let through.
fn seconds(time: Duration) -> u32 {
    u32::try_from(time.as_nanos().div_ceil(1_000_000_000)).unwrap_or(u32::MAX)
}

/// So many at once, given back evenly over a time: the generic cell rate algorithm, whose only memory of somebody is the moment
/// at which all is given back. Past that moment there is nothing to remember.
#[derive(Debug, Default)]
struct Limit {
    /// 0 for no limit.
    number: u32,
    per: Duration,
    whole_again: Mutex<HashMap<String, Instant>>,
}

/// What has come of counting one.
#[derive(Debug, PartialEq, Eq)]
struct Taken {
    limit: u32,
    /// In which so many can be taken.
    window: Duration,
    remaining: u32,
    /// Until all is given back.
    reset: Duration,
    /// If there was none left: until there is one.
    refused_for: Option<Duration>,
}

impl Limit {
    fn new(number: u32, per: Duration) -> Limit {
        Limit { number, per, whole_again: Mutex::default() }
    }

    /// Counts one of this key, if there is a limit.
    fn take(&self, key: &str, now: Instant) -> Option<Taken> {
        let each = self.per.checked_div(self.number).filter(|each| !each.is_zero())?;
        let mut whole_again = self.whole_again.lock().unwrap_or_else(PoisonError::into_inner);
        let before = whole_again.get(key).map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        let after = before + each;
        if after > self.per {
            return Some(Taken { limit: self.number, window: self.per, remaining: 0, reset: before, refused_for: Some(after - self.per) });
        }
        if !whole_again.contains_key(key) {
            make_room(&mut whole_again, now);
        }
        whole_again.insert(key.to_owned(), now + after);
        let remaining = ((self.per - after).as_nanos() / each.as_nanos()).try_into().unwrap_or(self.number);
        Some(Taken { limit: self.number, window: self.per, remaining, reset: after, refused_for: None })
    }
}

/// Whenever the room is used up, forgets those of whom there is nothing to remember, and leaves room for as many again as are left.
fn make_room(whole_again: &mut HashMap<String, Instant>, now: Instant) {
    if whole_again.len() < whole_again.capacity() {
        return;
    }
    whole_again.retain(|_, at| *at > now);
    if whole_again.len() >= REMEMBERED {
        whole_again.clear();
    }
    whole_again.reserve(whole_again.len());
}

impl Taken {
    /// The names that clients know, and those of the IETF's draft (draft-ietf-httpapi-ratelimit-headers-10); times in seconds from
    /// now. The window is the one of the limit, in which all is given back.
    fn tell(&self, headers: &mut HeaderMap) {
        for (name, text) in [
            ("ratelimit-policy", format!("\"default\";q={};w={}", self.limit, seconds(self.window))),
            ("ratelimit", format!("\"default\";r={};t={}", self.remaining, seconds(self.reset))),
        ] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(name, value);
            }
        }
        headers.insert("x-ratelimit-limit", HeaderValue::from(self.limit));
        headers.insert("x-ratelimit-remaining", HeaderValue::from(self.remaining));
        headers.insert("x-ratelimit-reset", HeaderValue::from(seconds(self.reset)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_at_once_and_then_evenly() {
        let (limit, start) = (Limit::new(3, MINUTE), Instant::now());
        let at = |seconds| limit.take("a", start + Duration::from_secs(seconds)).unwrap();
        assert_eq!([at(0), at(0), at(0)].map(|taken| taken.remaining), [2, 1, 0]);
        let refused = at(1);
        assert_eq!((refused.refused_for, refused.remaining), (Some(Duration::from_secs(19)), 0));
        assert_eq!(at(20).refused_for, None, "a third of the minute later there is one more");
        assert!(at(20).refused_for.is_some());
        assert_eq!(at(200).remaining, 2, "all is given back");
        assert_eq!(limit.take("b", start).unwrap().remaining, 2, "others are not touched");
    }

    #[test]
    fn none_is_no_limit() {
        assert_eq!(Limit::default().take("a", Instant::now()), None);
        assert_eq!(Limit::new(0, HOUR).take("a", Instant::now()), None);
    }

    #[test]
    fn memory_is_bounded() {
        let (limit, start) = (Limit::new(1, MINUTE), Instant::now());
        for number in 0..10_000 {
            limit.take(&number.to_string(), start + Duration::from_secs(number * 61));
        }
        assert!(limit.whole_again.lock().unwrap().len() < 10, "who was forgiven is forgotten");
        for number in 0..3 * REMEMBERED {
            limit.take(&number.to_string(), start);
        }
        assert!(limit.whole_again.lock().unwrap().len() <= 2 * REMEMBERED);
    }

    #[test]
    fn a_network_of_six_is_one_sender() {
        let key = |address: &str| neighbourhood(address.parse().unwrap());
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), key("2001:db8:1:2::1"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }
}
