//! Pages of releases.

mod changelog;
mod checklist;
mod detail;
mod edit;
mod facts;
mod item;
mod list;
mod public;
mod template;

use leptos::prelude::*;

use detail::ReleasePageView;
use edit::{EditReleasePage, NewReleasePage};
use item::{ChangeEditPage, ItemEditPage};
use list::ReleaseListPage;
use public::PublicChangelogPage;
use template::{TemplateDetailPage, TemplateListPage};

use super::model::{ChangeKind, ReleaseStatus};
use crate::kernel::named::Named;
use crate::product::model::ProductName;
use crate::ui::layout::Crumb;

crate::lazy_pages!(
    release: ReleaseList = ReleaseListPage,
    NewRelease = NewReleasePage,
    ReleaseDetail = ReleasePageView,
    EditRelease = EditReleasePage,
    EditChecklistItem = ItemEditPage,
    EditChange = ChangeEditPage,
    ChecklistTemplates = TemplateListPage,
    ChecklistTemplate = TemplateDetailPage,
    Changelog = PublicChangelogPage,
);

/// A status as a small label.
#[component]
fn ReleaseBadge(status: ReleaseStatus) -> impl IntoView {
    view! { <span class="badge" data-status=status.word()>{status.label()}</span> }
}

/// A kind of change as a small label.
#[component]
fn KindBadge(kind: ChangeKind) -> impl IntoView {
    view! { <span class="badge" data-change=kind.word()>{kind.label()}</span> }
}

/// How much of something is done, as a bar that says so; nothing where there is nothing to do.
#[component]
fn Progress(label: &'static str, done: i64, all: i64) -> impl IntoView {
    (all > 0).then(|| {
        view! {
            <span class="done-share">
                <progress value=done max=all aria-label=label></progress>
                <span class="muted">{format!("{done} of {all} done")}</span>
            </span>
        }
    })
}

/// The members as the options of a field.
fn owners(people: Vec<Named>) -> Vec<(String, String)> {
    let nobody = (String::new(), "Nobody yet".to_owned());
    [nobody].into_iter().chain(people.into_iter().map(|person| (person.id, person.name))).collect()
}

/// The way from the portfolio to a product's releases.
fn crumbs(org: &str, product: &ProductName) -> Vec<Crumb> {
    let href = format!("/orgs/{org}/products/{}", product.key);
    vec![
        Crumb::new("Portfolio", format!("/orgs/{org}/products")),
        Crumb::new(product.name.clone(), href.clone()),
        Crumb::new("Releases", format!("{href}/releases")),
    ]
}
