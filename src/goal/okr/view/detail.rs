//! An objective's own page.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::results::ResultsPanel;
use super::{OkrBadge, ProgressBar, Risk, crumbs};
use crate::audit::view::History;
use crate::goal::okr::api::{DeleteOkr, GetOkr, MoveOkr, RestoreOkr};
use crate::goal::okr::model::{OkrLink, OkrPage, OkrStatus, Quarter, TOLERANCE, Tie};
use crate::kernel::reference::reference;
use crate::kernel::role::Perm;
use crate::kernel::time::{Timestamp, day};
use crate::org::view::param;
use crate::ui::form::Sent;
use crate::ui::icon::{Icon, IconView};
use crate::ui::item::{DeleteButton, RestoreButton, StatusPanel};
use crate::ui::layout::{Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::reference::LinkedProse;

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
struct Forms {
    moved: Sent,
    restored: Sent,
    added: Sent,
}

/// `/orgs/{org}/products/{key}/okrs/{id}`
#[component]
pub fn OkrPageView() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let forms = Forms { moved: Sent::new(), restored: Sent::new(), added: Sent::new() };
    let okr =
        data(move || GetOkr { org: org.get(), product: key.get(), id: id.get() }).live_item(&["OKR", "KeyResult", "KeyResultCheckIn"], id);
    let okr = okr.after(forms.moved).after(forms.restored).after(forms.added);
    let view = move |data: OkrPage| view! { <OkrView data org=org.get_untracked() forms /> }.into_any();
    view! {
        <div class="item-page">
            <Load of=okr view />
            <History org entity="OKR" item=id after=vec![forms.moved, forms.restored, forms.added] />
        </div>
    }
}

/// Text and key results at the left; status, progress and ties at the right.
#[component]
fn OkrView(data: OkrPage, org: String, forms: Forms) -> impl IntoView {
    let OkrPage { role, product, okr, results, links, today, named } = data;
    let base = format!("/orgs/{org}/products/{}/okrs", product.key);
    let (live, may_plan) = (okr.deleted_at.is_none(), role.can(Perm::PlanWrite));
    let open = live && !okr.status.is_over();
    let restore = (!live && may_plan).then(|| {
        view! { <RestoreButton to=RestoreOkr::PATH org=org.clone() id=okr.id.clone() label="Restore" sent=forms.restored /> }
    });
    let deleted = (!live).then(|| view! { <Notice>"This objective is deleted. "{restore}</Notice> });
    let actions = (live && may_plan).then(|| {
        view! {
            <a class="button" href=format!("{base}/{}/edit", okr.id)><IconView icon=Icon::Edit />"Edit"</a>
            <DeleteButton to=DeleteOkr::PATH org=org.clone() id=okr.id.clone() />
        }
    });
    let behind = okr.behind(today);
    let paced = okr.status == OkrStatus::Active && (1.0..100.0).contains(&okr.quarter.elapsed(today));
    let rule = paced.then(|| view! { <p class="hint">{format!("At risk from more than {TOLERANCE} points behind that.")}</p> });
    let page = format!("{base}/{}", okr.id);
    view! {
        <div class="item-head">
            <PageHead title=okr.title.clone() reference=reference(&product.key, okr.number) crumbs=crumbs(&org, &product)>{actions}</PageHead>
            {deleted}
        </div>
        <div class="columns">
            <div class="stack">
                <section class="card" aria-label="Description"><LinkedProse text=okr.description.clone().unwrap_or_default() links=named empty="No description yet." /></section>
                <ResultsPanel
                    org=org.clone()
                    id=okr.id.clone()
                    page
                    results
                    plans=open && may_plan
                    works=open && role.can(Perm::WorkWrite)
                    added=forms.added
                />
            </div>
            <div class="stack">
                <StatusPanel to=MoveOkr::PATH org=org.clone() id=okr.id.clone() steps=okr.status.steps() may_move=live && may_plan moved=forms.moved>
                    <OkrBadge status=okr.status />
                </StatusPanel>
                <section class="card" aria-labelledby="progress">
                    <h2 id="progress">"Progress"</h2>
                    <ProgressBar progress=okr.progress />
                    <Risk behind />
                    <p class="hint">{gone_by(okr.quarter, today)}</p>
                    {rule}
                </section>
                <Facts quarter=okr.quarter owner=okr.owner() added=okr.created_at changed=okr.updated_at />
                <Ties links org />
            </div>
        </div>
    }
}

/// How much of a quarter has gone by, in words.
pub fn gone_by(quarter: Quarter, today: Timestamp) -> String {
    match quarter.elapsed(today) {
        elapsed if elapsed >= 100.0 => format!("{} is over.", quarter.label()),
        elapsed if elapsed > 0.0 || quarter == Quarter::of(today) => format!("{elapsed:.0} % of {} has passed.", quarter.label()),
        _ => format!("{} has not begun.", quarter.label()),
    }
}

/// Quarter, owner and dates of an objective.
#[component]
pub fn Facts(quarter: Quarter, owner: String, added: Timestamp, changed: Timestamp) -> impl IntoView {
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Quarter"</dt><dd>{quarter.label()}</dd></div>
                <div><dt>"Owner"</dt><dd dir="auto">{owner}</dd></div>
                <div><dt>"Added"</dt><dd>{day(added)}</dd></div>
                <div><dt>"Changed"</dt><dd>{day(changed)}</dd></div>
            </dl>
        </section>
    }
}

/// What it serves, what serves it, and what it was carried over from and to.
#[component]
fn Ties(links: Vec<OkrLink>, org: String) -> impl IntoView {
    let group = |tie: Tie, label: &'static str| {
        let entries = links
            .iter()
            .filter(|link| link.tie == tie)
            .map(|link| {
                let href = format!("/orgs/{org}{}", link.path());
                view! {
                    <li>
                        <a class="idea-title" href=href dir="auto">{link.title.clone()}</a>
                        <span class="muted">{link.quarter.label()}</span>
                        <ProgressBar progress=link.progress />
                    </li>
                }
            })
            .collect::<Vec<_>>();
        (!entries.is_empty()).then(|| view! { <h3>{label}</h3><ul class="ties">{entries}</ul> })
    };
    let none = links.is_empty().then(|| view! { <p class="muted">"Aligned with nothing yet."</p> });
    view! {
        <section class="card stack" aria-labelledby="alignment">
            <h2 id="alignment">"Alignment"</h2>
            {none}
            {group(Tie::Serves, "Serves")}
            {group(Tie::Served, "Is served by")}
            {group(Tie::CarriedFrom, "Carried over from")}
            {group(Tie::CarriedTo, "Carried over to")}
        </section>
    }
}
