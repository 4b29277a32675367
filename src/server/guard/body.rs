//! How much a request may bring, and how long it may take.

use std::panic::resume_unwind;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tracing::Instrument;

use super::origin::is_safe;
use super::refusal::refuse;
use crate::kernel::call::{BODY_MAX, TOO_LARGE};
use crate::kernel::error::AppError;
use crate::server::connections::Held;
use crate::server::request::Settings;

/// The largest body that is taken, in bytes.
pub const MAX: usize = BODY_MAX;
/// As much of a larger body is read and thrown away, so that the browser gets to hear the answer: most stop listening when the
/// connection is cut off while they send.
const THROWN_AWAY: usize = 16_000_000;

/// Why a body was not taken.
enum Unread {
    TooLarge,
    CutOff,
}

/// Answers in time, or says that it could not. What begins in time may go on, as a stream does.
///
/// What changes something is done to its end although whoever sent it has gone: a browser that leads to another page gives up what
/// the page had sent last, such as the place of a card that was shown there already.
pub async fn in_time(State(settings): State<Arc<Settings>>, request: Request, next: Next) -> Response {
    let (asked, changes) = (request.headers().clone(), !is_safe(request.method()));
    let held = request.extensions().get::<Held>().cloned();
    let work = timeout(settings.guard.times.answer, next.run(request));
    answered(&asked, if changes { to_its_end(held, work).await } else { work.await })
}

/// As `in_time`, for the addresses that take large files: who goes away in the middle of one gives it up.
pub async fn in_time_for_files(State(settings): State<Arc<Settings>>, request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    answered(&asked, timeout(settings.guard.times.upload, next.run(request)).await)
}

fn answered(asked: &HeaderMap, outcome: Result<Response, Elapsed>) -> Response {
    outcome.unwrap_or_else(|_| {
        tracing::warn!("a request took too long");
        let told = AppError::Conflict("The server could not answer in time. Please try again in a moment.".into());
        refuse(asked, StatusCode::SERVICE_UNAVAILABLE, "This took too long", &told)
    })
}

/// Does this though nobody may wait for it any more. The connection counts until then, lest going away be a way to have more done at
/// a time.
async fn to_its_end<T: Send + 'static>(held: Option<Held>, work: impl Future<Output = T> + Send + 'static) -> T {
    let done = tokio::spawn(async move {
        let outcome = work.in_current_span().await;
        drop(held);
        outcome
    });
    done.await.unwrap_or_else(|failed| resume_unwind(failed.into_panic()))
}

/// Reads the whole body before anything is done with it.
pub async fn whole(State(settings): State<Arc<Settings>>, request: Request, next: Next) -> Response {
    if is_safe(request.method()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let no = |status, heading, told: &str| refuse(&parts.headers, status, heading, &AppError::field("", told));
    match timeout(settings.guard.times.body, read(body)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(Unread::TooLarge)) => no(StatusCode::PAYLOAD_TOO_LARGE, "Too large", TOO_LARGE),
        Ok(Err(Unread::CutOff)) => no(StatusCode::BAD_REQUEST, "Cut off", "This did not arrive whole. Please try again."),
        Err(_) => no(StatusCode::REQUEST_TIMEOUT, "This took too long", "This did not arrive in time. Please try again."),
    }
}

async fn read(mut body: Body) -> Result<Bytes, Unread> {
    let (mut kept, mut seen) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::CutOff)?.into_data() else { continue };
        seen += data.len();
        if seen <= MAX {
            kept.extend_from_slice(&data);
        } else if seen > THROWN_AWAY {
            break;
        }
    }
    if seen > MAX { Err(Unread::TooLarge) } else { Ok(kept.into()) }
}
