//! The requests that were answered, by route.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;

use super::text::Text;

/// Upper bounds in seconds.
const BOUNDS: [f64; 12] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// What has no route of its own: files, and what is not there.
const OTHER: &str = "other";
const FUNCTIONS: &str = "/api/{*function}";

/// What was answered on a route by a method.
#[derive(Default)]
struct Answered {
    by_status: BTreeMap<u16, u64>,
    /// How many took at most as long as the bound of the same place, and longer than the one before.
    by_time: [u64; BOUNDS.len()],
    seconds: f64,
}

impl Answered {
    fn add(&mut self, status: u16, time: Duration) {
        let seconds = time.as_secs_f64();
        *self.by_status.entry(status).or_default() += 1;
        self.seconds += seconds;
        if let Some(place) = BOUNDS.iter().position(|bound| seconds <= *bound) {
            self.by_time[place] += 1;
        }
    }
}

type Requests = BTreeMap<(String, &'static str), Answered>;

/// Since the process began. Routes and methods are a fixed number.
static REQUESTS: Mutex<Requests> = Mutex::new(Requests::new());
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

/// Counts a request while it lasts, however it ends.
struct UnderWay;

impl UnderWay {
    fn begin() -> UnderWay {
        UNDER_WAY.fetch_add(1, Ordering::Relaxed);
        UnderWay
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Counts the request, and how long it takes until the answer begins.
pub async fn count(request: Request, next: Next) -> Response {
    let (route, method) = (route_of(&request), known(request.method()));
    let (under_way, begin) = (UnderWay::begin(), Instant::now());
    let response = next.run(request).await;
    drop(under_way);
    let mut requests = REQUESTS.lock().unwrap_or_else(PoisonError::into_inner);
    requests.entry((route, method)).or_default().add(response.status().as_u16(), begin.elapsed());
    response
}

/// The pattern that the address fits; of a server function its name, without the number that tells two of one name apart.
fn route_of(request: &Request) -> String {
    static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| server_fn::axum::server_fn_paths().map(|(path, _)| path).collect());
    let pattern = request.extensions().get::<MatchedPath>().map_or(OTHER, MatchedPath::as_str);
    match NAMES.get(request.uri().path()) {
        Some(name) if pattern == FUNCTIONS => name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned(),
        _ => pattern.to_owned(),
    }
}

/// A client may send any word for a method.
fn known(method: &Method) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].into_iter().find(|known| method == *known).unwrap_or(OTHER)
}

/// Writes all that was counted.
pub fn write(text: &mut Text) {
    text.gauge("prodmatic_http_requests_in_flight", "Requests that are being answered.", UNDER_WAY.load(Ordering::Relaxed));
    let requests = REQUESTS.lock().unwrap_or_else(PoisonError::into_inner);
    text.family("prodmatic_http_requests_total", "counter", "Requests that were answered.");
    for ((route, method), answered) in requests.iter() {
        for (status, number) in &answered.by_status {
            text.line("prodmatic_http_requests_total", &[("route", route), ("method", method), ("status", &status.to_string())], number);
        }
    }
    let name = "prodmatic_http_request_duration_seconds";
    text.family(name, "histogram", "Time until an answer begins.");
    for ((route, method), answered) in requests.iter() {
        let total: u64 = answered.by_status.values().sum();
        let mut within = 0;
        for (bound, number) in BOUNDS.iter().zip(answered.by_time) {
            within += number;
            text.line(&format!("{name}_bucket"), &[("route", route), ("method", method), ("le", &bound.to_string())], within);
        }
        text.line(&format!("{name}_bucket"), &[("route", route), ("method", method), ("le", "+Inf")], total);
        text.line(&format!("{name}_sum"), &[("route", route), ("method", method)], answered.seconds);
        text.line(&format!("{name}_count"), &[("route", route), ("method", method)], total);
    }
}
