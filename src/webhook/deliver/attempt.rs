//! One attempt at one delivery.

use std::time::Instant;

use chrono::Utc;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::schedule;
use crate::server::outbound::Answer;
use crate::server::request::Settings;
use crate::webhook::model::TEST_EVENT;
use crate::webhook::secret;
use crate::webhook::store::outbox::{Claimed, Outcome};

/// Sends the delivery and says how that went.
pub async fn attempt(settings: &Settings, claimed: Claimed) -> Outcome {
    let sent_at = Utc::now();
    let begun = Instant::now();
    let headers = headers(settings, &claimed, sent_at.timestamp());
    let request_headers = shown(headers.as_ref().ok());
    let answer = match headers {
        Ok(headers) => settings.outbound.post(&claimed.url, headers, claimed.body.clone()).await,
        Err(reason) => Err(reason),
    };
    let latency = i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX);
    let counts = claimed.event != TEST_EVENT;
    let status = answer.as_ref().ok().and_then(|answer| StatusCode::from_u16(answer.status).ok());
    let (succeeded, gone) = (status.is_some_and(|status| status.is_success()), status == Some(StatusCode::GONE));
    let asked_for = answer
        .as_ref()
        .ok()
        .filter(|_| !succeeded)
        .and_then(|answer| retry_after(answer))
        .and_then(|value| schedule::asked_for(value, sent_at));
    let wait = if succeeded || gone || !counts { None } else { schedule::wait(claimed.attempts + 1) };
    let (answer, failure) = match answer {
        Ok(answer) => (Some(answer), None),
        Err(failure) => (None, Some(failure)),
    };
    Outcome {
        id: claimed.id,
        webhook_id: claimed.webhook_id,
        claimed_at: claimed.claimed_at,
        succeeded,
        wait: wait.map(|wait| wait.max(asked_for.unwrap_or_default())),
        latency,
        request_headers,
        response_status: answer.as_ref().map(|answer| answer.status),
        response_headers: answer.as_ref().map(|answer| answer.headers.clone()),
        response: answer.map(|answer| answer.body),
        failure,
        counts,
        failing: claimed.failing,
        pause: asked_for,
        gone,
    }
}

/// The headers of Standard Webhooks. For a day after it was changed, the secrets before sign too.
fn headers(settings: &Settings, claimed: &Claimed, time: i64) -> Result<HeaderMap, String> {
    let lost = |_| "The secret was stored under another key of this server, and cannot be read. Give the webhook a new one.".to_owned();
    let secrets = match &claimed.secret {
        Some(stored) => secret::open(&settings.key, stored).map_err(lost)?,
        None => Vec::new(),
    };
    let signing = secrets.iter().take(if claimed.rotated { secret::SIGNING_MAX } else { 1 });
    let signatures =
        signing.map(|secret| secret::sign(secret, &claimed.id, time, &claimed.body)).collect::<Result<Vec<_>, _>>().map_err(lost)?;
    let mut headers = HeaderMap::new();
    let mut set = |name: &'static str, value: &str| {
        let value = HeaderValue::from_str(value).map_err(|_| "The delivery's id cannot be sent as a header.".to_owned())?;
        headers.insert(HeaderName::from_static(name), value);
        Ok::<(), String>(())
    };
    set("content-type", "application/json")?;
    set("webhook-id", &claimed.id)?;
    set("webhook-timestamp", &time.to_string())?;
    if !signatures.is_empty() {
        set("webhook-signature", &signatures.join(" "))?;
    }
    Ok(headers)
}

fn shown(headers: Option<&HeaderMap>) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.into_iter().flatten().map(|(name, value)| (name.to_string(), text(value))).collect()
}

/// Only these two say by it when to come back (RFC 9110 and RFC 6585); elsewhere it may mean something else.
fn retry_after(answer: &Answer) -> Option<&str> {
    let asks = matches!(answer.status, 429 | 503);
    answer.headers.iter().find(|(name, _)| asks && name == "retry-after").map(|(_, value)| value.as_str())
}
