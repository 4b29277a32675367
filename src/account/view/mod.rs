//! Pages and widgets for people.

mod frame;
mod links;
mod profile;
mod security;

use links::{DeletedPage, ForgotPage, ResetPage, VerifiedPage, VerifyPage};
use profile::ProfilePage;
use security::{DeletePage, SecurityPage};

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use crate::account::api::{SetTheme, SignIn, SignUp};
use crate::account::model::Theme;
use crate::account::oidc::view::{ContinueWith, ProviderProblem};
use crate::kernel::text::query_value;
use crate::palette::view::ForgetPages;
use crate::ui::form::{ServerForm, Submit, TextField, first_value};
use crate::ui::unsaved::Unsaved;

crate::lazy_pages!(
    door: SignInRoute = SignInPage,
    SignUpRoute = SignUpPage,
    Forgot = ForgotPage,
    Reset = ResetPage,
    Verify = VerifyPage,
    Verified = VerifiedPage,
    Deleted = DeletedPage,
);
crate::lazy_pages!(admin: Profile = ProfilePage, Security = SecurityPage, DeleteAccount = DeletePage);

/// A narrow page for somebody who is not in an organisation yet.
#[component]
pub fn Doorway(title: &'static str, lead: &'static str, children: Children) -> impl IntoView {
    view! {
        <Title text=title />
        <main class="doorway" id="content">
            <a class="brand" href="/"><Logo />"ProdMatic"</a>
            <section class="card">
                <h1>{title}</h1>
                <p class="muted">{lead}</p>
                {children()}
            </section>
            <ThemeSwitch />
        </main>
    }
}

/// A field for a password that somebody chooses.
#[component]
pub fn NewPassword(name: &'static str, label: &'static str) -> impl IntoView {
    let hint = "At least 10 characters. A few unrelated words work well.";
    view! { <TextField name label kind="password" autocomplete="new-password" hint required=true /> }
}

/// The product's mark.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
            <rect x="1" y="1" width="22" height="22" rx="6.5" fill="var(--accent-fill)" />
            <path d="M7 17V7h5.500a3.250 3.250 0 0 1 0 6.500H7" fill="none" stroke="var(--on-accent)" stroke-width="2.200" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}

/// What the page's address says under this name.
fn of_query(name: &str) -> String {
    use_query_map().with_untracked(|query| query.get(name)).unwrap_or_default()
}

/// The sign-in page with this address filled in.
pub fn sign_in_with(email: &str) -> String {
    format!("/signin?email={}", query_value(email))
}

/// `/signup`
#[component]
pub fn SignUpPage() -> impl IntoView {
    view! {
        <Doorway title="Create your account" lead="Then set up your organisation: it takes a minute.">
            <ServerForm to=SignUp::PATH class="stack">
                <SignUpFields />
            </ServerForm>
        </Doorway>
    }
}

/// What a new person fills in, and the way for somebody who is none: it takes the address along.
#[component]
fn SignUpFields() -> impl IntoView {
    let typed = RwSignal::new(first_value("email", String::new()));
    view! {
        <TextField name="name" label="Your name" autocomplete="name" required=true />
        <div on:input=move |event| typed.set(event_target_value(&event))>
            <TextField name="email" label="E-mail address" kind="email" autocomplete="email" required=true />
        </div>
        <NewPassword name="password" label="Password" />
        <Submit label="Create account" class="primary wide" />
        <p class="aside">"Already have an account? " <a href=move || sign_in_with(&typed.get())>"Sign in"</a></p>
    }
}

/// `/signin`
#[component]
pub fn SignInPage() -> impl IntoView {
    let (next, by_provider) = (of_query("next"), of_query("next"));
    view! {
        <Doorway title="Sign in" lead="Welcome back.">
            <ForgetPages />
            <Unsaved />
            <ProviderProblem />
            <ServerForm to=SignIn::PATH class="stack">
                <input type="hidden" name="form[next]" value=next />
                <TextField name="email" label="E-mail address" kind="email" autocomplete="username" value=of_query("email") required=true />
                <TextField name="password" label="Password" kind="password" autocomplete="current-password" required=true />
                <Submit label="Sign in" class="primary wide" />
            </ServerForm>
            <p class="aside"><a href="/forgot">"Forgot your password?"</a></p>
            <ContinueWith next=by_provider />
            <p class="aside">"New here? " <a href="/signup">"Create an account"</a></p>
        </Doorway>
    }
}

/// Chooses how the pages look in this browser.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let chosen = expect_context::<RwSignal<Theme>>();
    Effect::new(move || {
        if let Some(page) = document().document_element() {
            let _ = page.set_attribute("data-theme", chosen.get().word());
        }
    });
    let choice = move |theme: Theme| {
        view! {
            <button
                type="submit"
                name="theme"
                value=theme.word()
                aria-pressed=move || (chosen.get() == theme).to_string()
                on:click=move |_| chosen.set(theme)
            >
                {theme.label()}
            </button>
        }
    };
    view! {
        <ServerForm to=SetTheme::PATH class="theme-switch">
            <div class="segmented" role="group" aria-label="Theme">
                {Theme::ALL.map(choice).collect_view()}
            </div>
        </ServerForm>
    }
}
