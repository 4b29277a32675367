//! What a webhook is, and what it listens for.

mod catalog;
mod delivery;
mod event;
mod health;

pub use catalog::{GROUPS, Group, OTHERS, Thing, things};
pub use delivery::{Attempt, Delivery, DeliveryPage, DeliveryQuery, DeliveryStatus, TEST_EVENT};
pub use event::{ALL, chosen, is_ticked};
pub use health::{Day, Health, Tally, duration};

use serde::{Deserialize, Serialize};

use crate::kernel::error::{AppError, Checks};
use crate::kernel::page::Page;
use crate::kernel::text::{self, TITLE_MAX};
use crate::kernel::time::Timestamp;
use crate::kernel::version::{Edited, Shown, shown};

/// The longest address, in characters.
pub const URL_MAX: usize = 2_048;

/// Webhooks of one organisation.
pub const WEBHOOKS_MAX: i64 = 100;
/// Days for which an endpoint may fail before it is switched off.
pub const FAILING_DAYS: i64 = 5;
/// Days for which finished deliveries are kept.
pub const KEPT_DAYS: i64 = 30;

/// Why the program has switched a webhook off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"), schema(as = WebhookDisabled))]
pub enum Disabled {
    /// The endpoint has said that it is gone (status 410).
    Gone,
    /// It has failed for `FAILING_DAYS`.
    Failing,
}

impl Disabled {
    /// The reason in a sentence.
    pub fn told(self) -> String {
        match self {
            Disabled::Gone => "The endpoint answered that it is gone (status 410).".to_owned(),
            Disabled::Failing => format!("Every delivery has failed for {FAILING_DAYS} days."),
        }
    }
}

/// An endpoint of another program, and what it listens for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    pub id: String,
    pub name: String,
    pub url: String,
    pub events: Vec<String>,
    pub active: bool,
    /// Whether deliveries are signed. A webhook that came from elsewhere may have no secret.
    pub has_secret: bool,
    /// When the secret was changed last; for a day those before sign too.
    pub rotated_at: Option<Timestamp>,
    pub failing_since: Option<Timestamp>,
    pub paused_until: Option<Timestamp>,
    pub disabled_at: Option<Timestamp>,
    pub disabled_reason: Option<Disabled>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// How the newest hundred deliveries went, where the query looks at them.
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    #[serde(default)]
    pub tally: Tally,
}

impl Webhook {
    /// Where it stands, as a word for the style sheet and one for people.
    pub fn standing(&self) -> (&'static str, &'static str) {
        match (self.active, self.disabled_reason, self.failing_since) {
            (true, _, None) => ("ACTIVE", "Active"),
            (true, _, Some(_)) => ("FAILING", "Failing"),
            (false, Some(_), _) => ("DISABLED", "Disabled"),
            (false, None, _) => ("OFF", "Off"),
        }
    }
}

/// What is filled in to create or change a webhook.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookForm {
    pub name: String,
    pub url: String,
    /// Everything or groups, as they are ticked.
    pub groups: Vec<String>,
    /// Single events, with commas between.
    pub events: String,
}

/// A webhook's fields, checked, but for where its address leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookFields {
    pub name: String,
    pub url: String,
    pub events: Vec<String>,
}

impl From<&Webhook> for WebhookFields {
    fn from(webhook: &Webhook) -> Self {
        WebhookFields { name: webhook.name.clone(), url: webhook.url.clone(), events: webhook.events.clone() }
    }
}

impl Edited for WebhookFields {
    fn shown(&self) -> Vec<Shown> {
        // Ticked or typed is one: what is saved can be put into the field for single events as a whole.
        let mut events = self.events.clone();
        events.sort_unstable();
        vec![
            shown("name", "Name", self.name.as_str()),
            shown("url", "Address", self.url.as_str()),
            shown("events", "Single events", events.join(", ")),
        ]
    }
}

impl WebhookForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<WebhookFields, AppError> {
        self.validate_over(&[])
    }

    /// The same for a webhook that listened for these events before.
    pub fn validate_over(self, before: &[String]) -> Result<WebhookFields, AppError> {
        let mut checks = Checks::default();
        let fields = WebhookFields {
            name: checks.take("name", text::line(&self.name, "a name", TITLE_MAX)),
            url: checks.take("url", text::line(&self.url, "an address", URL_MAX).and_then(of_the_web)),
            events: checks.take("events", event::chosen(&self.groups, &self.events, before)),
        };
        checks.finish(fields)
    }
}

/// Whether it may be sent to as well, the server says.
fn of_the_web(url: String) -> Result<String, String> {
    if url.contains("://") { Ok(url) } else { Err(text::NO_ADDRESS.to_owned()) }
}

/// A webhook's own page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WebhookPage {
    pub webhook: Webhook,
    /// The secret, for whoever has just made it.
    pub secret: Option<String>,
    pub health: Health,
    pub deliveries: Page<Delivery>,
    /// The events that there are deliveries of, to filter by.
    pub events: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_needs_a_name_an_address_and_something_to_listen_for() {
        let refused = WebhookForm::default().validate().unwrap_err();
        for field in ["name", "url", "events"] {
            assert!(refused.of_field(field).is_some(), "{field}");
        }
        let refused = WebhookForm { url: "-5".into(), ..Default::default() }.validate().unwrap_err();
        assert_eq!(refused.of_field("url").as_deref(), Some(text::NO_ADDRESS));
        let form = WebhookForm {
            name: " CI ".into(),
            url: "https://ci.example/hook".into(),
            groups: vec!["idea.*".into()],
            events: String::new(),
        };
        assert_eq!(
            form.validate().unwrap(),
            WebhookFields { name: "CI".into(), url: "https://ci.example/hook".into(), events: vec!["idea.*".into()] }
        );
    }

    #[test]
    fn the_order_of_events_is_no_change() {
        let fields =
            |events: &[&str]| WebhookFields { events: events.iter().map(|event| (*event).to_owned()).collect(), ..Default::default() };
        assert_eq!(fields(&["idea.*", "product.created", "kpi.*"]).version(), fields(&["kpi.*", "idea.*", "product.created"]).version());
        assert_ne!(fields(&["idea.*"]).version(), fields(&["kpi.*"]).version());
    }
}
