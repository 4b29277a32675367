//! The short name of an item, and texts that name items by it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::copy::LinkField;
use crate::kernel::reference::{Linked, linked, reference};

/// The short name of an item of a product beside its title.
#[component]
pub fn Reference(
    number: Option<i32>,
    /// The product's key, on a page that is not below the product's.
    #[prop(optional, into)]
    product: Option<String>,
) -> impl IntoView {
    let key = product.or_else(|| use_params_map().with_untracked(|params| params.get("key"))).unwrap_or_default();
    reference(&key, number).map(|reference| {
        // Where all are of one product, a style sheet can leave its key out.
        let (key, number) = reference.split_at(reference.rfind('-').map_or(0, |dash| dash + 1));
        view! { <span class="reference"><span class="reference-key">{key.to_owned()}</span><span>{number.to_owned()}</span></span> }
    })
}

/// The same in the head of the item's page, to be copied.
#[component]
pub fn PageReference(reference: String) -> impl IntoView {
    view! { <div class="page-reference"><LinkField label="Reference".to_owned() link=reference /></div> }
}

/// A piece of a text: what it leads to, if it is a reference to something.
#[component]
pub fn Piece(text: String, link: Option<Linked>) -> impl IntoView {
    match link {
        None => view! { <span>{text}</span> }.into_any(),
        Some(Linked { href, title, state, .. }) => {
            let state = (!state.is_empty()).then(|| view! { <span>" "<span class="item-state">{state}</span></span> });
            view! { <span><a href=href title=title>{text}</a>{state}</span> }.into_any()
        }
    }
}

/// A text with its line breaks kept, in which references lead to their items; `empty` for none.
#[component]
pub fn LinkedProse(#[prop(into)] text: String, links: Vec<Linked>, empty: &'static str) -> impl IntoView {
    if text.is_empty() {
        return view! { <p class="muted">{empty}</p> }.into_any();
    }
    let pieces = linked(&text, &links).into_iter().map(|(text, link)| view! { <Piece text link /> }).collect_view();
    view! { <p class="prose" dir="auto">{pieces}</p> }.into_any()
}
