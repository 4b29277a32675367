//! The calls of webhooks, and what they name.

use serde_json::json;

use super::calls::{read, write};
use super::furnish::row;
use super::{Call, Who};
use crate::kernel::role::Perm;
use crate::testing::TestDb;
use crate::webhook::api::{
    CreateWebhook, DeleteWebhook, GetDelivery, GetWebhook, ListWebhooks, Redeliver, RedeliverFailed, RotateSecret, SwitchWebhook,
    TestWebhook, UpdateWebhook,
};

/// A webhook that listens for nothing, with a delivery that has failed.
pub async fn furnish(db: &TestDb, slug: &str) -> Vec<(&'static str, String)> {
    let webhook = row(db, WEBHOOK, slug, "").await;
    let delivery = row(db, DELIVERY, &webhook, "").await;
    vec![("$webhook", webhook), ("$delivery", delivery)]
}

/// In place of those before: an organisation has so many at most.
const WEBHOOK: &str = r#"WITH gone AS (DELETE FROM "Webhook" w USING "Organization" o WHERE o.slug = $2 AND w."organizationId" = o.id)
    INSERT INTO "Webhook" (id, name, url, "organizationId") SELECT $1, 'W', 'https://example.test/hook', id FROM "Organization" WHERE slug = $2 AND $3 = '' RETURNING id"#;
const DELIVERY: &str = r#"INSERT INTO "WebhookDelivery" (id, "webhookId", event, payload, status)
    SELECT $1, id, 'idea.created', '{}', 'FAILED' FROM "Webhook" WHERE id = $2 AND $3 = '' RETURNING id"#;

pub fn calls() -> Vec<Call> {
    let manage = Who::Member(Perm::OrgManage);
    let form = json!({ "name": "W", "url": "https://example.test/hook", "groups": ["idea.*"], "events": "product.created" });
    vec![
        read::<ListWebhooks>(manage, json!({ "org": "$org" })),
        read::<GetWebhook>(manage, json!({ "org": "$org", "id": "$webhook", "query": {}, "shown": "x" })),
        read::<GetDelivery>(manage, json!({ "org": "$org", "webhook": "$webhook", "id": "$delivery" })),
        write::<CreateWebhook>(manage, json!({ "org": "$org", "form": form })),
        write::<UpdateWebhook>(manage, json!({ "org": "$org", "version": "*", "id": "$webhook", "form": form })),
        write::<SwitchWebhook>(manage, json!({ "org": "$org", "id": "$webhook", "wanted": false })),
        write::<RotateSecret>(manage, json!({ "org": "$org", "id": "$webhook" })),
        write::<TestWebhook>(manage, json!({ "org": "$org", "id": "$webhook" })),
        write::<Redeliver>(manage, json!({ "org": "$org", "id": "$delivery" })),
        write::<RedeliverFailed>(manage, json!({ "org": "$org", "id": "$webhook" })),
        write::<DeleteWebhook>(manage, json!({ "org": "$org", "id": "$webhook" })),
    ]
}
