//! One event on its way to one endpoint.

use serde::{Deserialize, Serialize};

use crate::kernel::page::Cursor;
use crate::kernel::text::query_value;
use crate::kernel::time::{Timestamp, moment};
use crate::webhook::model::Webhook;

/// The event of a delivery that somebody sends to try the endpoint. It is tried once.
pub const TEST_EVENT: &str = "webhook.test";

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"WebhookStatus\"", rename_all = "SCREAMING_SNAKE_CASE"), schema(as = WebhookStatus))]
pub enum DeliveryStatus {
    Pending,
    Success,
    Failed,
    Retrying,
}

crate::words!(DeliveryStatus {
    Pending: "PENDING", "Pending";
    Success: "SUCCESS", "Delivered";
    Retrying: "RETRYING", "Retrying";
    Failed: "FAILED", "Failed";
});

impl DeliveryStatus {
    /// Whether nothing more will be tried by itself.
    pub fn is_final(self) -> bool {
        matches!(self, DeliveryStatus::Success | DeliveryStatus::Failed)
    }
}

/// A delivery in the log. `id` is what the receiver sees as `webhook-id`, the same at each attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = WebhookDelivery))]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    pub id: String,
    pub event: String,
    pub status: DeliveryStatus,
    pub attempts: i32,
    pub created_at: Timestamp,
    pub attempted_at: Option<Timestamp>,
    /// For one that is not finished.
    pub next_attempt_at: Option<Timestamp>,
    /// Of the last attempt, in milliseconds.
    pub latency: Option<i32>,
    pub response_status: Option<i32>,
    /// Why there was no answer at the last attempt.
    pub failure: Option<String>,
}

impl Delivery {
    /// What came of the last attempt, in words.
    pub fn outcome(&self) -> String {
        match (self.response_status, &self.failure) {
            (Some(status), _) => format!("Status {status}"),
            (None, Some(failure)) => failure.clone(),
            (None, None) => "Not tried yet".to_owned(),
        }
    }
}

/// The last attempt at a delivery, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    pub delivery: Delivery,
    /// As it is sent, but laid out for reading.
    pub body: String,
    #[cfg_attr(feature = "ssr", sqlx(json(nullable)))]
    pub request_headers: Option<Vec<(String, String)>>,
    #[cfg_attr(feature = "ssr", sqlx(json(nullable)))]
    pub response_headers: Option<Vec<(String, String)>>,
    pub response: Option<String>,
}

/// A delivery's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeliveryPage {
    pub webhook: Webhook,
    pub attempt: Attempt,
}

impl DeliveryPage {
    /// When it is tried again, in words. A test goes out whatever is said of the webhook.
    pub fn next_attempt(&self) -> Option<String> {
        let (webhook, delivery) = (&self.webhook, &self.attempt.delivery);
        let is_test = delivery.event == TEST_EVENT;
        match delivery.status.is_final() {
            true => None,
            false if !webhook.active && !is_test => Some("Once the webhook is switched on".to_owned()),
            false => delivery.next_attempt_at.max(webhook.paused_until.filter(|_| !is_test)).map(moment),
        }
    }
}

/// Which deliveries are asked for, from where on; always the newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeliveryQuery {
    pub status: Option<DeliveryStatus>,
    pub event: Option<String>,
    pub cursor: Option<Cursor>,
}

impl DeliveryQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> DeliveryQuery {
        DeliveryQuery {
            status: get("status").and_then(|word| DeliveryStatus::parse(&word)),
            event: get("event").filter(|event| !event.is_empty()),
            cursor: get("at").and_then(|word| Cursor::decode(&word)),
        }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.status.map(|status| format!("status={}", status.word())));
        pairs.extend(self.event.as_ref().map(|event| format!("event={}", query_value(event))));
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// Whether it leaves anything out, wherever it begins.
    pub fn is_filtered(&self) -> bool {
        self.status.is_some() || self.event.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_says_for_what() {
        let page = |status: &str, event: &str, active: bool, paused: Option<&str>| -> DeliveryPage {
            let at = "2026-11-29T12:00:00Z";
            serde_json::from_value(serde_json::json!({
                "webhook": {
                    "id": "w", "name": "W", "url": "https://w.example", "events": ["*"], "active": active, "hasSecret": true,
                    "pausedUntil": paused, "createdAt": at, "updatedAt": at
                },
                "attempt": {
                    "delivery": { "id": "d", "event": event, "status": status, "attempts": 1, "createdAt": at, "nextAttemptAt": at },
                    "body": ""
                }
            }))
            .unwrap()
        };
        let next = |status, event, active, paused| page(status, event, active, paused).next_attempt().unwrap_or_default();
        let (noon, later) = ("29 Nov 2026", Some("2026-11-30T12:00:00Z"));
        assert!(next("RETRYING", "idea.created", true, None).contains(noon));
        assert!(next("RETRYING", "idea.created", true, later).contains("30 Nov 2026"));
        assert!(next("RETRYING", "idea.created", true, Some("2026-11-28T12:00:00Z")).contains(noon), "that is over");
        assert_eq!(next("PENDING", "idea.created", false, later), "Once the webhook is switched on");
        assert!(next("PENDING", TEST_EVENT, false, later).contains(noon));
        assert_eq!(next("FAILED", "idea.created", true, later), "");
    }

    #[test]
    fn an_address_reads_back() {
        let cursor = Some(Cursor { key: 1.0, id: "cabc".into(), place: 20, back: true });
        let query = DeliveryQuery { status: Some(DeliveryStatus::Failed), event: Some("idea.created".into()), cursor };
        let text = query.params();
        let pairs: Vec<(&str, &str)> = text[1..].split('&').filter_map(|pair| pair.split_once('=')).collect();
        let again = DeliveryQuery::of_params(|name| pairs.iter().find(|(k, _)| *k == name).map(|(_, v)| (*v).to_owned()));
        assert_eq!(again, query);
        assert_eq!((DeliveryQuery::default().params(), query.is_filtered()), (String::new(), true));
    }
}
