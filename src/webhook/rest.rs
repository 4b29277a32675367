//! The REST API of webhooks.

mod body;
mod delivery;

use super::model::{Day, Webhook, WebhookFields};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Call, Listed, Patch, Problem, Resource};
use body::{ListedWebhook, NewSecret, WebhookBody, WebhookRow};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/webhooks";
    let one = "/orgs/{org}/webhooks/{id}";
    let active = "/orgs/{org}/webhooks/{id}/active";
    let rotated = "/orgs/{org}/webhooks/{id}/rotate-secret";
    let health = "/orgs/{org}/webhooks/{id}/health";
    let api = api
        .tag("Webhooks", "Endpoints of other programs that are told what happens here, by Standard Webhooks 1.0.0.")
        .list(all, Perm::OrgManage, "The organisation's webhooks, by name.", list)
        .create(all, Perm::OrgManage, "Adds a webhook. Its secret is answered now and never again.", create)
        .get(one, Perm::OrgManage, "One webhook.", get)
        .change(one, Perm::OrgManage, "Changes a webhook.", change)
        .delete(one, Perm::OrgManage, "Removes a webhook with its log, for good.", delete)
        .put(
            active,
            Perm::OrgManage,
            "Switches a webhook on; what waited before it was switched off goes out. What has failed, as an event that was answered 410, \
             goes out only by `redeliver-failed`.",
            switch_on,
        )
        .delete(
            active,
            Perm::OrgManage,
            "Switches a webhook off. What waits is kept for it; what happens while it is off is not: no delivery is made.",
            switch_off,
        )
        .verb(
            rotated,
            Perm::OrgManage,
            "Gives a webhook a new secret, which is answered now and never again. The one before signs too for a day; changed again within \
             that day, so do the last four before.",
            rotate,
        )
        .list(health, Perm::OrgManage, "How the last two weeks' deliveries went, day by day.", health_of);
    delivery::routes(api)
}

impl Resource for WebhookRow {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn version(&self) -> Option<String> {
        Some(WebhookFields::from(self).version())
    }
}

/// The webhook of the address.
async fn read(call: &mut Call) -> Result<Webhook, Problem> {
    let id = call.at("id");
    Ok(store::get(&mut call.scope, &id).await?)
}

/// The fields in stored shape, with an address that may be led to, for a webhook that listened for these events before.
fn checked(call: &Call, body: WebhookBody, before: &[String]) -> Result<WebhookFields, Problem> {
    let fields = body.checked(before)?;
    call.settings.outbound.address(&fields.url).map_err(|message| AppError::field("url", message))?;
    Ok(fields)
}

/// A webhook with its secret, for whoever has just made that.
async fn with_secret(call: &mut Call, id: &str) -> Result<NewSecret, Problem> {
    let webhook = store::get(&mut call.scope, id).await?;
    let secret = store::secret(&mut call.scope, &call.settings.key, id).await?;
    Ok(NewSecret { webhook: webhook.into(), secret: secret.unwrap_or_default() })
}

async fn list(mut call: Call, _: Whole) -> Answered<Listed<ListedWebhook>> {
    let webhooks = store::list(&mut call.scope).await?;
    call.done(Listed::all(webhooks).map(ListedWebhook::from))
}

async fn get(mut call: Call, _: Whole) -> Answered<WebhookRow> {
    let webhook = read(&mut call).await?;
    call.done(webhook.into())
}

async fn create(mut call: Call, body: WebhookBody) -> Answered<NewSecret> {
    let fields = checked(&call, body, &[])?;
    let id = store::create(&mut call.scope, &call.settings.key, fields).await?;
    let made = with_secret(&mut call, &id).await?;
    call.done(made)
}

async fn change(mut call: Call, patch: Patch<WebhookBody>) -> Answered<WebhookRow> {
    let mut seen = call.seen();
    loop {
        let row = WebhookRow::from(read(&mut call).await?);
        let version = seen.version(&row)?;
        let fields = checked(&call, patch.over(&row)?, &WebhookFields::from(&row).events)?;
        if seen.is_settled(store::update(&mut call.scope, &row.id, &version, fields).await)? {
            break;
        }
    }
    let webhook = read(&mut call).await?;
    call.done(webhook.into())
}

async fn delete(mut call: Call) -> Answered<()> {
    let id = call.at("id");
    store::delete(&mut call.scope, &id).await?;
    call.done(())
}

async fn switch_on(mut call: Call) -> Answered<()> {
    let id = call.at("id");
    store::switch(&mut call.scope, &id, true).await?;
    call.done(())
}

async fn switch_off(mut call: Call) -> Answered<()> {
    let id = call.at("id");
    store::switch(&mut call.scope, &id, false).await?;
    call.done(())
}

async fn rotate(mut call: Call) -> Answered<NewSecret> {
    let id = call.at("id");
    store::rotate(&mut call.scope, &call.settings.key, &id).await?;
    let made = with_secret(&mut call, &id).await?;
    call.done(made)
}

async fn health_of(mut call: Call, _: Whole) -> Answered<Listed<Day>> {
    let webhook = read(&mut call).await?;
    let health = store::health(&mut call.scope, &webhook.id).await?;
    call.done(Listed::all(health.days))
}
