//! The body of a request, as far as it is to be held.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body as Stream, Bytes};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use super::problem::{Code, Problem};
use crate::server::guard::body::MAX;

/// Bodies beyond the usual size that are held at once in a process, each another organisation's and another person's.
const ROOMS: usize = 4;
/// Seconds after which it is worth to try again when there was no room.
const RETRY_AFTER: u32 = 10;
static HELD: Held = Held(Mutex::new(Vec::new()));

/// Who sends a body, and into which organisation, by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    pub org: String,
    /// The token's owner: whoever has organisations enough would else take all the room there is.
    pub person: String,
}

/// Those of whom a large body is held.
struct Held(Mutex<Vec<Sender>>);

impl Held {
    /// Room for one of this sender's. It is not waited for, lest who sends slowly keeps others from being answered.
    fn room(&self, sender: &Sender) -> Result<Room<'_>, Problem> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |told: &str| Problem { retry_after: Some(RETRY_AFTER), ..Problem::new(Code::Unavailable, told) };
        if held.iter().any(|other| other.org == sender.org) {
            return Err(full("Another large body of this organisation is being worked on. Please try again in a moment."));
        }
        if held.iter().any(|other| other.person == sender.person) {
            return Err(full("Another large body of the token's owner is being worked on. Please try again in a moment."));
        }
        if held.len() >= ROOMS {
            return Err(full("The server has no room for another large body now. Please try again in a moment."));
        }
        held.push(sender.clone());
        Ok(Room { held: self, sender: sender.clone() })
    }
}

/// The room of one large body, for as long as this is kept.
pub struct Room<'a> {
    held: &'a Held,
    sender: Sender,
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        self.held.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| *other != self.sender);
    }
}

/// A body that is there; a large one takes up room for as long as this is kept.
#[derive(Default)]
pub struct Received {
    pub bytes: Bytes,
    pub room: Option<Room<'static>>,
}

/// The largest body that is taken, and how long each megabyte of it may take: who sends more has more time, and still cannot dawdle.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub bytes: usize,
    pub time: Duration,
}

/// The whole body, if it is of one of these kinds by what its header says, not larger than this, and there in time. The sender
/// is to be known, if more than the usual size is taken.
///
/// # Errors
/// `UNAVAILABLE` where there is no room for a large one.
pub async fn received(headers: &HeaderMap, body: Stream, limit: Limit, kinds: &[&str], sender: &Sender) -> Result<Received, Problem> {
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
    if announced.is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > limit.bytes)) {
        return Err(too_large(limit.bytes));
    }
    read(body, limit, sender).await
}

fn too_large(max: usize) -> Problem {
    Problem::new(Code::PayloadTooLarge, format!("The body is larger than {} MB.", max / 1_000_000))
}

async fn read(mut body: Stream, limit: Limit, sender: &Sender) -> Result<Received, Problem> {
    let (begun, mut kept, mut room) = (Instant::now(), Vec::new(), None);
    loop {
        let megabytes = u32::try_from(1 + kept.len() / MAX).unwrap_or(u32::MAX);
        let frame = timeout_at(begun + limit.time.saturating_mul(megabytes), body.frame()).await;
        let frame = frame.map_err(|_| Problem::new(Code::RequestTimeout, "The body did not arrive in time."))?;
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| Problem::new(Code::BadRequest, "The body did not arrive whole."))?;
        let Ok(data) = frame.into_data() else { continue };
        let length = kept.len() + data.len();
        if length > limit.bytes {
            return Err(too_large(limit.bytes));
        }
        if length > MAX && room.is_none() {
            room = Some(HELD.room(sender)?);
        }
        kept.extend_from_slice(&data);
    }
    Ok(Received { bytes: kept.into(), room })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_millis(20);

    fn json() -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_TYPE, http::HeaderValue::from_static("application/json"))])
    }

    #[tokio::test]
    async fn what_says_that_it_is_too_large_is_not_waited_for() {
        let of = async |length: usize, bytes: usize| {
            let mut headers = json();
            headers.insert(CONTENT_LENGTH, http::HeaderValue::from(length));
            let never = Stream::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
            let received = received(&headers, never, Limit { bytes, time: PATIENCE }, &["application/json"], &Sender::default()).await;
            received.map(|_| ()).unwrap_err().code
        };
        assert_eq!((of(MAX + 1, MAX).await, of(MAX, MAX).await), (Code::PayloadTooLarge, Code::RequestTimeout));
        assert_eq!((of(MAX + 1, 2 * MAX).await, of(2 * MAX + 1, 2 * MAX).await), (Code::RequestTimeout, Code::PayloadTooLarge));
    }

    #[tokio::test]
    async fn who_sends_more_has_more_time_and_cannot_dawdle() {
        let (time, pause) = (Duration::from_secs(1), Duration::from_millis(600));
        let of = async |piece: usize| {
            let pieces = futures_util::stream::unfold(false, move |is_sent| async move {
                tokio::time::sleep(pause).await;
                (!is_sent).then(|| (Ok::<_, std::io::Error>(Bytes::from(vec![b' '; piece])), true))
            });
            let limit = Limit { bytes: 2 * MAX, time };
            let received = received(&json(), Stream::from_stream(pieces), limit, &["application/json"], &Sender::default()).await;
            received.map(|received| received.bytes.len()).map_err(|problem| problem.code)
        };
        let (large, small) = tokio::join!(of(MAX), of(MAX / 4));
        assert_eq!((large, small), (Ok(MAX), Err(Code::RequestTimeout)));
    }

    #[test]
    fn an_organisation_has_one_large_body_held_at_a_time_and_a_process_four() {
        let held = Held(Mutex::default());
        let room = |org: &str| held.room(&Sender { org: org.into(), person: format!("owner of {org}") });
        let refused = |org: &str| room(org).map(|_| ()).unwrap_err();
        let first = room("one").unwrap();
        let again = refused("one");
        assert_eq!((again.code, again.retry_after), (Code::Unavailable, Some(RETRY_AFTER)));
        assert!(again.detail.contains("of this organisation"), "{}", again.detail);
        let others: Vec<Room> = ["two", "three", "four"].into_iter().map(|org| room(org).unwrap()).collect();
        let fifth = refused("five");
        assert_eq!((fifth.code, fifth.retry_after), (Code::Unavailable, Some(RETRY_AFTER)));
        drop(first);
        let fifth = room("five").unwrap();
        assert_eq!(refused("one").code, Code::Unavailable, "its room is another's now");
        drop((others, fifth));
        assert!(room("one").is_ok() && room("two").is_ok());
    }

    #[test]
    fn who_has_several_organisations_has_one_large_body_held_all_the_same() {
        let held = Held(Mutex::default());
        let room = |org: &str, person: &str| held.room(&Sender { org: org.into(), person: person.into() });
        let first = room("one", "ann").unwrap();
        let again = room("two", "ann").map(|_| ()).unwrap_err();
        assert_eq!((again.code, again.retry_after), (Code::Unavailable, Some(RETRY_AFTER)));
        assert!(again.detail.contains("of the token's owner"), "{}", again.detail);
        let other = room("two", "ben").unwrap();
        drop(first);
        assert!(room("two", "ann").is_err() && room("three", "ben").is_err(), "the other's is held still");
        assert!(room("one", "ann").is_ok());
        drop(other);
    }
}
