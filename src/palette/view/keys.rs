//! Which key does what, as far as it does anything on this page.

use leptos::prelude::*;
use web_sys::HtmlElement;

use super::Palette;
use super::button::is_mac;
use super::listen::{new_link, rows};
use crate::ui::page::{all, first, name};

/// The keys in their groups, and the way to switch them off.
#[component]
pub fn KeysList() -> impl IntoView {
    let palette = expect_context::<Palette>();
    let single_keys = palette.place.with_untracked(|place| place.as_ref().is_none_or(|place| place.single_keys));
    let page: Vec<_> =
        all("#content [data-key]").into_iter().map(|row| (row.get_attribute("data-key").unwrap_or_default(), name(&row))).collect();
    let mut anywhere = vec![("/".to_owned(), "Search".to_owned())];
    if page.is_empty() {
        anywhere.extend(new_link().map(|link| ("n".to_owned(), name(&link))));
        if !rows().is_empty() {
            anywhere.push(("j".into(), "The next one in the list".into()));
            anywhere.push(("k".into(), "The one before".into()));
            anywhere.push(("↵".into(), "Open it".into()));
        }
    }
    anywhere.push(("?".into(), "These keys".into()));
    let places = |selector: &str| {
        let key = |link: &HtmlElement| format!("g {}", link.get_attribute("data-go").unwrap_or_default());
        all(selector).into_iter().map(|link| (key(&link), name(&link))).collect::<Vec<_>>()
    };
    // A product's places have names that the organisation's have too.
    let of_org = places("#navigation [data-go]:not(.sections *)");
    let of_product = places("#navigation .sections [data-go]");
    let product =
        first("#navigation .sections").and_then(|list| list.previous_element_sibling()).map(|link| name(&link)).unwrap_or_default();
    let always = vec![(if is_mac() { "⌘ K" } else { "Ctrl K" }.to_owned(), "Search, jump to anything, do anything".to_owned())];
    let (told, way) = match single_keys {
        true => ("A key in a field is always text. ", "Switch single keys off"),
        false => ("Single keys are switched off in your profile. ", "Switch them on"),
    };
    let lists = single_keys.then(move || {
        view! {
            <List title="Here" keys=anywhere />
            <List title="On this page" keys=page />
            <List title="Go to" keys=of_org />
            <List title=format!("Go to in {product}") keys=of_product />
        }
    });
    view! {
        <List title="Everywhere" keys=always />
        {lists}
        <p class="muted"><span>{told}</span><a href="/account#keyboard">{way}</a></p>
    }
}

/// A group of keys, if there are any.
#[component]
fn List(#[prop(into)] title: String, keys: Vec<(String, String)>) -> impl IntoView {
    let some = !keys.is_empty();
    let press = |key: String| key.split(' ').map(|part| press_view(part.to_owned())).collect_view();
    let row = move |(key, what): (String, String)| view! { <div><dt>{press(key)}</dt><dd dir="auto">{what}</dd></div> };
    some.then(|| {
        view! {
            <section>
                <h3 dir="auto">{title}</h3>
                <dl>{keys.into_iter().map(row).collect_view()}</dl>
            </section>
        }
    })
}

/// A key; what stands between two of them is no key.
fn press_view(part: String) -> AnyView {
    match part.as_str() {
        "or" | "–" => view! { <span class="muted">{part}</span> }.into_any(),
        _ => view! { <kbd>{part}</kbd> }.into_any(),
    }
}
