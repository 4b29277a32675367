//! Server functions for webhooks.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::model::{DeliveryPage, DeliveryQuery, Webhook, WebhookForm, WebhookPage};
use crate::kernel::error::AppError;

/// The organisation's webhooks.
#[server(input = Json)]
pub async fn list_webhooks(org: String) -> Result<Vec<Webhook>, AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::webhook::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::list(&mut scope).await
}

/// One webhook with a page of its deliveries; with its secret for whoever comes with the word that making it gave.
#[server(input = Json)]
pub async fn get_webhook(org: String, id: String, query: DeliveryQuery, shown: Option<String>) -> Result<WebhookPage, AppError> {
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;
    use crate::webhook::{secret, store};

    let settings = settings()?;
    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let webhook = store::get(&mut scope, &id).await?;
    let allowed = shown.is_some_and(|word| secret::may_see(&settings.key, &word, &id, &scope.user().session_id));
    let secret = if allowed { store::secret(&mut scope, &settings.key, &id).await? } else { None };
    let health = store::health(&mut scope, &id).await?;
    let deliveries = store::deliveries(&mut scope, &id, &query).await?;
    let events = store::events(&mut scope, &id).await?;
    Ok(WebhookPage { webhook, secret, health, deliveries, events })
}

/// Creates a webhook and leads to it, where its secret is shown.
#[server]
pub async fn create_webhook(org: String, form: WebhookForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::kernel::text::query_value;
    use crate::server::request::settings;
    use crate::server::scope::Scope;
    use crate::webhook::{secret, store};

    let (fields, settings) = (form.validate()?, settings()?);
    settings.outbound.address(&fields.url).map_err(|message| AppError::field("url", message))?;
    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let id = store::create(&mut scope, &settings.key, fields).await?;
    let word = secret::may_be_seen_by(&settings.key, &id, &scope.user().session_id)?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/webhooks/{id}?shown={}", query_value(&word)));
    Ok(())
}

/// Changes a webhook.
#[server]
pub async fn update_webhook(org: String, id: String, #[server(default)] version: String, form: WebhookForm) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::request::settings;
    use crate::server::scope::Scope;
    use crate::webhook::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let fields = form.validate_over(&store::get(&mut scope, &id).await?.events)?;
    settings()?.outbound.address(&fields.url).map_err(|message| AppError::field("url", message))?;
    store::update(&mut scope, &id, &version, fields).await?;
    scope.commit(()).await
}

/// Switches a webhook on or off.
#[server]
pub async fn switch_webhook(org: String, id: String, wanted: bool) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::webhook::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::switch(&mut scope, &id, wanted).await?;
    scope.commit(()).await
}

/// Gives a webhook a new secret and leads to it, where that is shown.
#[server]
pub async fn rotate_secret(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::kernel::text::query_value;
    use crate::server::request::settings;
    use crate::server::scope::Scope;
    use crate::webhook::{secret, store};

    let settings = settings()?;
    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::rotate(&mut scope, &settings.key, &id).await?;
    let word = secret::may_be_seen_by(&settings.key, &id, &scope.user().session_id)?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/webhooks/{id}?shown={}", query_value(&word)));
    Ok(())
}

/// Deletes a webhook with its log.
#[server]
pub async fn delete_webhook(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::webhook::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::delete(&mut scope, &id).await?;
    scope.commit(()).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/webhooks"));
    Ok(())
}

/// Sends an event that tries the endpoint, and leads to what came of it.
#[server]
pub async fn test_webhook(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::webhook::{deliver, store};

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let delivery = store::send_test(&mut scope, &id).await?;
    scope.commit(()).await?;
    deliver::until_tried(&org, &delivery).await?;
    leptos_axum::redirect(&format!("/orgs/{org}/webhooks/{id}/deliveries/{delivery}"));
    Ok(())
}

/// One delivery, with what was sent and what came back.
#[server(input = Json)]
pub async fn get_delivery(org: String, webhook: String, id: String) -> Result<DeliveryPage, AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::webhook::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let attempt = store::attempt(&mut scope, &webhook, &id).await?;
    let webhook = store::get(&mut scope, &webhook).await?;
    Ok(DeliveryPage { webhook, attempt })
}

/// Sends a delivery once more and leads to what came of it.
#[server]
pub async fn redeliver(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::webhook::{deliver, store};

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    let webhook = store::redeliver(&mut scope, &id).await?;
    let active = store::get(&mut scope, &webhook).await?.active;
    scope.commit(()).await?;
    // Of one that is off nothing comes.
    if active {
        deliver::until_tried(&org, &id).await?;
    }
    leptos_axum::redirect(&format!("/orgs/{org}/webhooks/{webhook}/deliveries/{id}"));
    Ok(())
}

/// Sends all of a webhook's failed deliveries once more.
#[server]
pub async fn redeliver_failed(org: String, id: String) -> Result<(), AppError> {
    use crate::kernel::role::Perm;
    use crate::server::scope::Scope;
    use crate::webhook::store;

    let mut scope = Scope::require(&org, Perm::OrgManage).await?;
    store::redeliver_failed(&mut scope, &id).await?;
    scope.commit(()).await
}
