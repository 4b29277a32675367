//! What stands around the pages of an account.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::Logo;
use crate::org::view::SignOutButton;
use crate::ui::layout::{Notice, PageHead};

const PAGES: [(&str, &str); 3] = [("/account", "Profile"), ("/account/security", "Security"), ("/account/delete", "Delete account")];

/// A page of the person's own account, which is the same in every organisation.
#[component]
pub fn AccountFrame(title: &'static str, children: Children) -> impl IntoView {
    let path = use_location().pathname;
    let entry = |(href, name): (&'static str, &'static str)| {
        let current = move || (path.get() == href).then_some("page");
        view! { <li><a href=href aria-current=current>{name}</a></li> }
    };
    view! {
        <header class="account-bar">
            <a class="brand" href="/"><Logo />"ProdMatic"</a>
            <div class="actions">
                <a class="button quiet small" href="/">"Back to your organisation"</a>
                <SignOutButton />
            </div>
        </header>
        <main class="content account" id="content">
            <PageHead title />
            <nav aria-label="Account" class="filters">
                <ul class="tabs">{PAGES.map(entry).collect_view()}</ul>
            </nav>
            {children()}
        </main>
    }
}

/// Says what was done, as the address does after a form was accepted.
#[component]
pub fn Saved() -> impl IntoView {
    let query = use_query_map();
    let done = Memo::new(move |_| query.with(|query| query.get("saved")).as_deref().and_then(told));
    move || done.get().map(|told| view! { <Notice>{told}</Notice> })
}

fn told(word: &str) -> Option<&'static str> {
    Some(match word {
        "profile" => "Your profile is saved.",
        "picture" => "Your picture is saved.",
        "removed" => "Your picture is removed.",
        "keys" => "Your keyboard is set up.",
        "mail" => "The link is on its way again.",
        "password" => "Your password is changed. Other sessions were ended.",
        "email" => "We have sent a link to the new address. Your address changes once you follow it.",
        "kept" => "Your e-mail address stays as it is. The link to the other one works no more.",
        "reset" => "Your new password is set, and you are signed in here alone.",
        "session" => "The session is ended.",
        "sessions" => "All other sessions are ended.",
        _ => return None,
    })
}
