//! What is said of webhooks, and how they are answered.

use std::collections::BTreeSet;
use std::slice;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::kernel::time::Timestamp;
use crate::server::rest::{Body, Problem, Resource, Wrong, itemized};
use crate::webhook::model::{ALL, Disabled, Tally, Webhook, WebhookFields, WebhookForm, chosen, things};

/// An endpoint of another program, and what it listens for.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhook)]
#[serde(rename_all = "camelCase")]
pub struct WebhookRow {
    pub id: String,
    name: String,
    url: String,
    events: Vec<String>,
    active: bool,
    /// Whether deliveries are signed. A webhook that came from elsewhere may have no secret.
    has_secret: bool,
    /// When the secret was changed last; for a day those before sign too.
    rotated_at: Option<Timestamp>,
    /// Since when every delivery has failed.
    failing_since: Option<Timestamp>,
    /// Until when the endpoint has asked to be left alone.
    paused_until: Option<Timestamp>,
    /// When the program has switched it off.
    disabled_at: Option<Timestamp>,
    /// Why the program has switched it off; nothing where a person has.
    disabled_reason: Option<Disabled>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Webhook> for WebhookRow {
    fn from(webhook: Webhook) -> Self {
        WebhookRow {
            id: webhook.id,
            name: webhook.name,
            url: webhook.url,
            events: webhook.events,
            active: webhook.active,
            has_secret: webhook.has_secret,
            rotated_at: webhook.rotated_at,
            failing_since: webhook.failing_since,
            paused_until: webhook.paused_until,
            disabled_at: webhook.disabled_at,
            disabled_reason: webhook.disabled_reason,
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
        }
    }
}

impl From<&WebhookRow> for WebhookFields {
    fn from(row: &WebhookRow) -> Self {
        WebhookFields { name: row.name.clone(), url: row.url.clone(), events: row.events.clone() }
    }
}

/// A webhook with how its newest hundred deliveries went.
#[derive(Serialize, ToSchema)]
pub struct ListedWebhook {
    #[serde(flatten)]
    webhook: WebhookRow,
    tally: Tally,
}

impl From<Webhook> for ListedWebhook {
    fn from(webhook: Webhook) -> Self {
        ListedWebhook { tally: webhook.tally, webhook: webhook.into() }
    }
}

/// A webhook with the secret that was made for it.
#[derive(Serialize, ToSchema)]
pub struct NewSecret {
    #[serde(flatten)]
    pub webhook: WebhookRow,
    /// What deliveries are signed with. Keep it: it is not told again.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: String,
}

impl Resource for NewSecret {
    fn key(&self) -> String {
        self.webhook.id.clone()
    }

    fn version(&self) -> Option<String> {
        self.webhook.version()
    }
}

/// Something to listen for. Whether there is such a thing is checked with the other fields.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebhookEvent(String);

impl PartialSchema for WebhookEvent {
    fn schema() -> RefOr<Schema> {
        let of_things = things().flat_map(|thing| thing.events().chain([format!("{}.*", thing.word)]));
        let words: BTreeSet<String> = of_things.chain([ALL.to_owned()]).collect();
        let schema = json!({ "type": "string", "description": "An event, a group of them, or everything.", "enum": words });
        serde_json::from_value(schema).unwrap_or_else(|_| String::schema())
    }
}

impl ToSchema for WebhookEvent {}

/// What is said of a webhook.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookBody {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// By https, to a name of the public internet unless the server allows others.
    #[schema(min_length = 1, max_length = 2048)]
    url: String,
    /// Everything (`*`), groups such as `idea.*`, and single events such as `idea.created`.
    #[schema(min_items = 1, max_items = 100)]
    events: Vec<WebhookEvent>,
}

impl Body for WebhookBody {
    fn example() -> Value {
        json!({ "name": "Build server", "url": "https://ci.example.com/hooks/prodmatic", "events": ["release.*", "feature.status_changed"] })
    }
}

impl From<&WebhookRow> for WebhookBody {
    fn from(row: &WebhookRow) -> Self {
        WebhookBody { name: row.name.clone(), url: row.url.clone(), events: row.events.iter().cloned().map(WebhookEvent).collect() }
    }
}

impl WebhookBody {
    /// The fields in stored shape, for a webhook that listened for these events before.
    pub fn checked(self, before: &[String]) -> Result<WebhookFields, Problem> {
        let form = WebhookForm::from(self);
        let told = |(at, event): (usize, &String)| {
            let wrong = chosen(slice::from_ref(event), "", before).err()?;
            Some(Wrong::at(format!("#/events/{at}"), wrong))
        };
        let wrong: Vec<Wrong> = form.groups.iter().enumerate().filter_map(told).collect();
        itemized(form.validate_over(before), "events", wrong)
    }
}

impl From<WebhookBody> for WebhookForm {
    fn from(body: WebhookBody) -> Self {
        let WebhookBody { name, url, events } = body;
        WebhookForm { name, url, groups: events.into_iter().map(|event| event.0).collect(), events: String::new() }
    }
}
