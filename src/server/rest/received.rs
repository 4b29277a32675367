//! The body of a request, as far as it is to be held.

use std::time::Duration;

use axum::body::{Body as Stream, Bytes};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::problem::{Code, Problem};
use crate::server::guard::body::MAX;

/// Bodies beyond the usual size that are held at once, whoever sends them; the others come in as these are done with.
static ROOM: Semaphore = Semaphore::const_new(4);

/// A body that is there; a large one takes up room for as long as this is kept.
#[derive(Default)]
pub struct Received {
    pub bytes: Bytes,
    pub room: Option<SemaphorePermit<'static>>,
}

/// The whole body, if it is of one of these kinds by what its header says, not larger than this, and there in time.
pub async fn received(headers: &HeaderMap, body: Stream, time: Duration, kinds: &[&str], max: usize) -> Result<Received, Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let (kind, rest) = kind.split_once(';').unwrap_or((kind, ""));
    let charset = rest.trim().to_ascii_lowercase();
    let is_text = charset.is_empty() || charset == "charset=utf-8" || charset == "charset=\"utf-8\"";
    if !is_text || !kinds.iter().any(|known| kind.trim().eq_ignore_ascii_case(known)) {
        return Err(Problem::new(Code::UnsupportedMediaType, format!("Send the body as {}.", kinds.join(" or "))));
    }
    if headers.get(CONTENT_ENCODING).is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Problem::new(Code::UnsupportedMediaType, "Send the body as it is, without a Content-Encoding."));
    }
    // What says that it is too large is not waited for.
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > max)) {
        return Err(too_large(max));
    }
    match timeout(time, read(body, max)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Problem::new(Code::RequestTimeout, "The body did not arrive in time.")),
    }
}

fn too_large(max: usize) -> Problem {
    Problem::new(Code::PayloadTooLarge, format!("The body is larger than {} MB.", max / 1_000_000))
}

async fn read(mut body: Stream, max: usize) -> Result<Received, Problem> {
    let (mut kept, mut room) = (Vec::new(), None);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::new(Code::BadRequest, "The body did not arrive whole."))?;
        let Ok(data) = frame.into_data() else { continue };
        let length = kept.len() + data.len();
        if length > max {
            return Err(too_large(max));
        }
        if length > MAX && room.is_none() {
            room = ROOM.acquire().await.ok();
        }
        kept.extend_from_slice(&data);
    }
    Ok(Received { bytes: kept.into(), room })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_says_that_it_is_too_large_is_not_waited_for() {
        let of = async |length: usize, max: usize| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
            headers.insert(CONTENT_LENGTH, http::HeaderValue::from(length));
            let never = Stream::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
            let received = received(&headers, never, Duration::from_millis(20), &["application/json"], max).await;
            received.map(|_| ()).unwrap_err().code
        };
        assert_eq!((of(MAX + 1, MAX).await, of(MAX, MAX).await), (Code::PayloadTooLarge, Code::RequestTimeout));
        assert_eq!((of(MAX + 1, 2 * MAX).await, of(2 * MAX + 1, 2 * MAX).await), (Code::RequestTimeout, Code::PayloadTooLarge));
    }
}
