//! What a page says of mail where none goes out.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::icon::{Icon, IconView};

/// Whether mail leaves the server; without an SMTP server it ends in the server's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailGoesOut(pub bool);

/// Makes it known to the page; to be called once, at the root.
pub fn provide_mail() {
    let known = SharedValue::new(|| use_context::<MailGoesOut>().unwrap_or(MailGoesOut(true))).into_inner();
    provide_context(known);
}

/// Whether a mail that the page speaks of will arrive.
pub fn mail_goes_out() -> bool {
    use_context::<MailGoesOut>().is_none_or(|known| known.0)
}

/// Says that mail is not set up, and what to do about it; nothing where it is.
#[component]
pub fn NoMail(way: &'static str) -> impl IntoView {
    (!mail_goes_out()).then(|| {
        view! {
            <div class="notice warning" role="note">
                <IconView icon=Icon::Alert />
                <p>{format!("Mail is not set up on this server. {way}")}</p>
            </div>
        }
    })
}
