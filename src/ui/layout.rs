//! Headings, breadcrumbs, notices and empty states.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::icon::{Icon, IconView};
use super::page::ShownPage;
use super::reference::PageReference;

/// One step of the way to a page.
#[derive(Debug, Clone)]
pub struct Crumb {
    pub label: String,
    pub href: String,
}

impl Crumb {
    /// A step with this text, leading to this address.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Crumb { label: label.into(), href: href.into() }
    }
}

/// The head of a page: the way to it, its name, and what can be done on it.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    #[prop(optional)] crumbs: Vec<Crumb>,
    /// The short name of what the page is of.
    #[prop(optional_no_strip)]
    reference: Option<String>,
    /// Buttons and links at the right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    tell_shown(reference.as_ref().map_or_else(|| title.clone(), |reference| format!("{title} · {reference}")));
    let steps = crumbs.into_iter().map(|crumb| view! { <li><a href=crumb.href>{crumb.label}</a></li> }).collect_view();
    view! {
        <Title text=title.clone() />
        <header class="page-head">
            <nav aria-label="Breadcrumb">
                <ol class="crumbs">{steps}<li aria-current="page">{title.clone()}</li></ol>
            </nav>
            <div class="page-title">
                <h1>{title}</h1>
                <div class="actions">{children.map(|children| children())}</div>
            </div>
            {reference.map(|reference| view! { <PageReference reference /> })}
        </header>
    }
}

/// Says which page is shown from now on, in the browser.
fn tell_shown(title: String) {
    if let Some(ShownPage(shown)) = use_context() {
        let path = use_location().pathname;
        Effect::new(move || shown.set(Some((path.get_untracked(), title.clone()))));
    }
}

/// A list with nothing in it: what will stand here, and how to begin.
#[component]
pub fn Empty(
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="empty">
            <span class="empty-icon"><IconView icon /></span>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| children())}
        </section>
    }
}

/// Something that was done, told once.
#[component]
pub fn Notice(children: Children) -> impl IntoView {
    view! {
        <div class="notice" role="status">
            <IconView icon=Icon::Check />
            {children()}
        </div>
    }
}

/// Text with its line breaks kept; a dash for none.
#[component]
pub fn Prose(#[prop(into)] text: String, empty: &'static str) -> impl IntoView {
    if text.is_empty() {
        view! { <p class="muted">{empty}</p> }.into_any()
    } else {
        view! { <p class="prose" dir="auto">{text}</p> }.into_any()
    }
}

/// A circle with a person's picture, or their initials.
#[component]
pub fn Avatar(#[prop(into)] initials: String, #[prop(optional_no_strip)] src: Option<String>) -> impl IntoView {
    match src {
        Some(src) => view! { <img class="avatar" src=src alt="" /> }.into_any(),
        None => view! { <span class="avatar" aria-hidden="true">{initials}</span> }.into_any(),
    }
}

/// Which places of a list are shown, and the ways to the pages before and after.
#[component]
pub fn Pager(range: Option<String>, children: Children) -> impl IntoView {
    view! {
        <nav class="pager" aria-label="Pages">
            <span class="muted">{range}</span>
            {children()}
        </nav>
    }
}
