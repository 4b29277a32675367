//! Now, next and later.

use leptos::prelude::*;

use super::super::model::{Horizon, Item, Kind, RULE, Roadmap, columns};
use super::{ItemBadge, ItemLink, Place};
use crate::ui::reference::Reference;

/// A column for each horizon.
#[component]
pub fn Columns(place: Place, data: Roadmap) -> impl IntoView {
    let card = |item: &Item| {
        let title = |id: &Option<String>| id.as_ref().and_then(|id| data.item(id)).map(|item| item.title.clone());
        view! { <Card item=item.clone() epic=title(&item.epic_id) release=title(&item.release_id) product=place.product.clone() /> }
    };
    let column = |(horizon, items): (Horizon, Vec<&Item>)| {
        let id = format!("horizon-{}", horizon.word());
        let heading = id.clone();
        let counted = if items.len() == 1 { " item" } else { " items" };
        let none = items.is_empty().then(|| view! { <p class="muted">"Nothing"</p> });
        view! {
            <section class="horizon" aria-labelledby=id>
                <div class="card-head">
                    <h2 id=heading>{horizon.label()}</h2>
                    <span class="muted">{items.len()}<span class="visually-hidden">{counted}</span></span>
                </div>
                {none}
                <ul class="stack" aria-label=horizon.label()>{items.into_iter().map(card).collect_view()}</ul>
            </section>
        }
    };
    view! {
        <p class="muted">{RULE}</p>
        <div class="horizons">{columns(&data.items, data.today).map(column).collect_view()}</div>
    }
}

/// A feature or an epic.
#[component]
fn Card(item: Item, epic: Option<String>, release: Option<String>, product: String) -> impl IntoView {
    let fact = |name: &'static str, value: Option<String>| {
        value.map(|value| view! { <p class="hint" dir="auto">{format!("{name}: {value}")}</p> })
    };
    let kind = (item.kind == Kind::Epic).then(|| view! { <span class="tag">"Epic"</span> });
    let when = item.when();
    view! {
        <li class="card horizon-card">
            <ItemLink item=item.clone() product />
            <div class="actions">{kind}<Reference number=item.number /><ItemBadge item=item /></div>
            <p class="hint">{when}</p>
            {fact("Epic", epic)}
            {fact("Release", release)}
        </li>
    }
}
