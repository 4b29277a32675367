//! The features of an epic: those that are in it, and the ways in and out.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::feature::epic::api::{AddToEpic, TakeFromEpic};
use crate::feature::model::{Feature, FoundFeature};
use crate::feature::view::find::{FindForm, Finder, Found};
use crate::feature::view::table::{FeatureRow, FeatureTable};
use crate::kernel::page::{Cursor, Page};
use crate::ui::form::{Sent, ServerForm};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::Pager;
use crate::ui::rows::anew;

/// The heading that takes the focus from a row that went away.
pub const HEADING: &str = "epic-features";

/// The forms of the panel, which outlive a new look at the epic, and the search for further features.
#[derive(Clone, Copy)]
pub struct Filling {
    pub added: Sent,
    pub taken: Sent,
    pub finder: Finder,
}

/// The table, and for those who may, the ways in and out.
#[component]
pub fn EpicFeatures(
    org: String,
    /// The product's address.
    base: String,
    id: String,
    page: Page<Feature>,
    may_write: bool,
    filling: Filling,
) -> impl IntoView {
    let new = may_write.then(|| {
        let href = format!("{base}/features/new?epic={id}");
        view! { <a class="button small" href=href><IconView icon=Icon::Plus />"New feature"</a> }
    });
    let (same_org, same_id, action) = (org.clone(), id.clone(), format!("{base}/epics/{id}"));
    let take_out = may_write.then({
        let (org, id) = (org.clone(), id.clone());
        move || {
            view! {
                <ServerForm id="take-out" to=TakeFromEpic::PATH sent=filling.taken>
                    <input type="hidden" name="org" value=org />
                    <input type="hidden" name="id" value=id />
                </ServerForm>
            }
        }
    });
    let add = may_write.then(move || {
        view! {
            <h3>"Add features that are there already"</h3>
            <FindForm finder=filling.finder action />
            <ServerForm to=AddToEpic::PATH sent=filling.added>
                <input type="hidden" name="org" value=same_org />
                <input type="hidden" name="id" value=same_id />
                <Found finder=filling.finder buttons=choose />
            </ServerForm>
        }
    });
    let body = if page.rows.is_empty() {
        view! { <p class="muted">"No features yet."</p> }.into_any()
    } else {
        view! { <Rows page base id may_write /> }.into_any()
    };
    view! {
        <section class="card stack" aria-labelledby=HEADING>
            <div class="card-head"><h2 id=HEADING tabindex="-1">"Features"</h2>{new}</div>
            {take_out}
            {body}
            {add}
        </section>
    }
}

/// The way into the epic for a feature that was found.
fn choose(feature: &FoundFeature) -> AnyView {
    let (id, label) = (feature.id.clone(), format!("Add {}", feature.title));
    anew(move || {
        let (id, label) = (id.clone(), label.clone());
        view! { <button type="submit" class="button small" name="feature" value=id aria-label=label>"Add"</button> }
    })
    .into_any()
}

/// A page of the epic's features, and the ways to the other pages.
#[component]
fn Rows(page: Page<Feature>, base: String, id: String, may_write: bool) -> impl IntoView {
    let step = |cursor: Option<Cursor>, label: &'static str| {
        cursor.map(|cursor| view! { <a class="button" href=format!("{base}/epics/{id}?at={}", cursor.encode())>{label}</a> })
    };
    let (previous, next) = (step(page.previous.clone(), "Newer"), step(page.next.clone(), "Older"));
    let range = page.range();
    let row = |feature: Feature| {
        let remove = may_write.then(|| {
            let (id, label) = (feature.id.clone(), format!("Take {} out", feature.title));
            anew(move || {
                let (id, label) = (id.clone(), label.clone());
                view! { <button type="submit" class="button quiet small" form="take-out" name="feature" value=id aria-label=label>"Take out"</button> }
            })
            .into_any()
        });
        view! { <FeatureRow feature base=format!("{base}/features") action=remove epic=false /> }
    };
    let head = |label: &'static str, class: &'static str| view! { <th scope="col" class=class>{label}</th> }.into_any();
    view! {
        <FeatureTable
            label="Features of the epic"
            priority=head("Priority", "wide-only")
            points=head("Points", "number wide-only")
            due=head("Due", "number wide-only")
            added=head("Added", "number wide-only")
            rows=page.rows.into_iter().map(row).collect_view().into_any()
        />
        <Pager range>{previous}{next}</Pager>
    }
}
