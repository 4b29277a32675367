//! Signing in by an identity provider, and linking one.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use server_fn::ServerFn;

use super::api::{MyProviders, OfferedProviders, UnlinkProvider};
use super::model::{Offer, Problem, Way};
use crate::ui::form::{Accepted, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::Notice;
use crate::ui::load::{Load, data};

/// The address that begins a journey to a provider. Not a server function: the browser itself has to go.
const START: &str = "/oidc/start";

/// A button for each provider that people can sign in by; nothing if there is none.
#[component]
pub fn ContinueWith(next: String) -> impl IntoView {
    let offers = data(|| OfferedProviders {});
    let view = move |offers: Vec<Offer>| {
        let next = next.clone();
        let button = move |offer: Offer| view! { <Start issuer=offer.issuer next=next.clone() label=format!("Continue with {}", offer.name) class="button wide" /> };
        (!offers.is_empty())
            .then(|| {
                view! {
                    <div class="stack">
                        <p class="aside">"or"</p>
                        {offers.into_iter().map(button).collect_view()}
                    </div>
                }
            })
            .into_any()
    };
    view! { <Load of=offers view /> }
}

/// A plain form that leads to the provider.
#[component]
fn Start(
    issuer: String,
    next: String,
    label: String,
    class: &'static str,
    /// To link the provider to the account instead of signing in by it.
    #[prop(optional)]
    link: bool,
) -> impl IntoView {
    view! {
        <form action=START method="post">
            <input type="hidden" name="issuer" value=issuer />
            <input type="hidden" name="next" value=next />
            {link.then(|| view! { <input type="hidden" name="link" value="1" /> })}
            <button type="submit" class=class>{label}</button>
        </form>
    }
}

/// Why a journey to a provider came to nothing, as the address says in one word.
#[component]
pub fn ProviderProblem() -> impl IntoView {
    let query = use_query_map();
    let problem = Memo::new(move |_| query.with(|query| query.get("problem").and_then(|word| Problem::parse(&word))));
    move || {
        problem.get().map(|problem| {
            view! {
                <p class="alert" role="alert">
                    <IconView icon=Icon::Alert />
                    <span>{problem.text()}</span>
                </p>
            }
        })
    }
}

/// The section of a person's account where they link providers and unlink them; nothing if there is none.
#[component]
pub fn Providers() -> impl IntoView {
    let ways = data(|| MyProviders {});
    expect_context::<Accepted>().then(move || ways.refetch());
    let next = use_location().pathname.get_untracked();
    let linked = use_query_map().with_untracked(|query| query.get("linked").is_some());
    let view = move |ways: Vec<Way>| {
        let next = next.clone();
        let done = linked && ways.iter().any(|way| way.linked);
        let row = move |way: Way| view! { <WayRow way next=next.clone() /> };
        (!ways.is_empty())
            .then(|| {
                view! {
                    <section class="card" aria-labelledby="identity-providers">
                        <h2 id="identity-providers">"Identity providers"</h2>
                        <p class="muted">"Sign in without your password here. The provider has to know you by this account's e-mail address."</p>
                        <ProviderProblem />
                        {done.then(|| view! { <Notice>"The identity provider is linked."</Notice> })}
                        <ul class="stack" aria-labelledby="identity-providers">{ways.into_iter().map(row).collect_view()}</ul>
                    </section>
                }
            })
            .into_any()
    };
    view! { <Load of=ways view /> }
}

/// One provider, and the button that links or unlinks it.
#[component]
fn WayRow(way: Way, next: String) -> impl IntoView {
    let Way { issuer, name, linked, offered } = way;
    let state = match (linked, offered) {
        (true, true) => "Linked",
        (true, false) => "Linked, but no longer offered here",
        (false, _) => "Not linked",
    };
    let label = format!("{} {name}", if linked { "Unlink" } else { "Link" });
    let button = if linked {
        view! {
            <ServerForm to=UnlinkProvider::PATH class="stack">
                <input type="hidden" name="issuer" value=issuer />
                <Submit label class="danger" />
            </ServerForm>
        }
        .into_any()
    } else {
        view! { <Start issuer next label class="button" link=true /> }.into_any()
    };
    view! {
        <li class="stack">
            <p><span class="strong">{name}</span>" "<span class="muted">{state}</span></p>
            {button}
        </li>
    }
}
