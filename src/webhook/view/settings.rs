//! What can be changed of a webhook.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::edit::WebhookFields;
use crate::kernel::time::moment;
use crate::kernel::version::Edited;
use crate::ui::fold::Fold;
use crate::ui::form::{Sent, ServerForm, Submit, Version};
use crate::webhook::api::{DeleteWebhook, RotateSecret, UpdateWebhook};
use crate::webhook::model::{self, Webhook};

/// Name, address and events.
#[component]
pub fn SettingsCard(org: String, webhook: Webhook, saved: Sent) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="settings">
            <h2 id="settings">"Settings"</h2>
            <ServerForm to=UpdateWebhook::PATH sent=saved class="stack">
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=webhook.id.clone() />
                <Version of=model::WebhookFields::from(&webhook).version() />
                <WebhookFields webhook=Some(webhook) />
                <div class="actions"><Submit label="Save webhook" /></div>
            </ServerForm>
        </section>
    }
}

/// The way to a new secret.
#[component]
pub fn SecretCard(org: String, webhook: Webhook, rotated: Sent) -> impl IntoView {
    let about = match (webhook.has_secret, webhook.rotated_at) {
        (false, _) => "Deliveries are not signed, since this webhook has no secret.".to_owned(),
        (true, None) => "Deliveries are signed with HMAC-SHA256, as Standard Webhooks has it.".to_owned(),
        (true, Some(at)) => format!("The secret was changed on {}. For a day deliveries are signed with those before it, too.", moment(at)),
    };
    let label = if webhook.has_secret { "Change secret" } else { "Make a secret" };
    view! {
        <section class="card" aria-labelledby="secret">
            <h2 id="secret">"Signing secret"</h2>
            <p class="muted">{about}</p>
            <ServerForm to=RotateSecret::PATH sent=rotated>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=webhook.id />
                <Submit label class="" />
            </ServerForm>
        </section>
    }
}

/// The end of a webhook, behind a fold: it cannot be taken back.
#[component]
pub fn Danger(org: String, id: String) -> impl IntoView {
    view! {
        <Fold label="Delete this webhook" class="card adding">
            <p class="muted">"It is removed with its log of deliveries, for good. To stop it for a while, switch it off."</p>
            <ServerForm to=DeleteWebhook::PATH>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <Submit label="Delete webhook" class="danger" />
            </ServerForm>
        </Fold>
    }
}
