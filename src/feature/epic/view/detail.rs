//! An epic's own page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::features::{EpicFeatures, Filling, HEADING};
use super::{EpicBadge, Progress, crumbs};
use crate::audit::view::History;
use crate::feature::epic::api::{DeleteEpic, GetEpic, MoveEpic, RestoreEpic};
use crate::feature::epic::model::{Epic, EpicPage};
use crate::feature::view::find::Finder;
use crate::kernel::page::Cursor;
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
use crate::ui::rows::then_focus;

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
struct Forms {
    moved: Sent,
    restored: Sent,
    filling: Filling,
}

impl Forms {
    fn all(self) -> [Sent; 4] {
        [self.moved, self.restored, self.filling.added, self.filling.taken]
    }
}

/// `/orgs/{org}/products/{key}/epics/{id}`
#[component]
pub fn EpicPageView() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let params = use_query_map();
    let find = Memo::new(move |_| params.with(|params| params.get("find").unwrap_or_default()));
    let at = Memo::new(move |_| params.with(|params| params.get("at").and_then(|word| Cursor::decode(&word))));
    let filling = Filling { added: Sent::new(), taken: Sent::new(), finder: Finder::new(org, key, id, true) };
    let forms = Forms { moved: Sent::new(), restored: Sent::new(), filling };
    let epic = data(move || GetEpic { org: org.get(), product: key.get(), id: id.get(), at: at.get(), find: find.get() })
        .live_item(&["Epic", "Feature"], id);
    let epic = forms.all().into_iter().fold(epic, |epic, sent| epic.after(sent));
    filling.finder.after(filling.added);
    filling.finder.after(filling.taken);
    then_focus(filling.added, HEADING);
    then_focus(filling.taken, HEADING);
    let view = move |data: EpicPage| {
        filling.finder.fill(find.get_untracked(), data.found.clone());
        view! { <EpicView data org=org.get_untracked() forms /> }.into_any()
    };
    view! {
        <div class="item-page">
            <Load of=epic view />
            <History org entity="Epic" item=id after=vec![forms.moved, forms.restored] />
        </div>
    }
}

/// Text and features at the left; status and progress at the right.
#[component]
fn EpicView(data: EpicPage, org: String, forms: Forms) -> impl IntoView {
    let EpicPage { role, product, epic, features, named, .. } = data;
    let base = format!("/orgs/{org}/products/{}", product.key);
    let (live, may_plan) = (epic.deleted_at.is_none(), role.can(Perm::PlanWrite));
    let restore = (!live && may_plan).then(|| {
        view! { <RestoreButton to=RestoreEpic::PATH org=org.clone() id=epic.id.clone() label="Restore" sent=forms.restored /> }
    });
    let deleted =
        (!live).then(|| view! { <Notice>"This epic is deleted. Its features are shown without it elsewhere. "{restore}</Notice> });
    let actions = (live && may_plan).then(|| {
        view! {
            <a class="button" href=format!("{base}/epics/{}/edit", epic.id)><IconView icon=Icon::Edit />"Edit"</a>
            <DeleteButton to=DeleteEpic::PATH org=org.clone() id=epic.id.clone() />
        }
    });
    let may_write = live && role.can(Perm::FeatureWrite);
    view! {
        <div class="item-head">
            <PageHead title=epic.title.clone() reference=reference(&product.key, epic.number) crumbs=crumbs(&org, &product)>{actions}</PageHead>
            {deleted}
        </div>
        <div class="columns">
            <div class="stack">
                <section class="card" aria-label="Description"><LinkedProse text=epic.description.clone() links=named empty="No description yet." /></section>
                <EpicFeatures org=org.clone() base=base.clone() id=epic.id.clone() page=features may_write filling=forms.filling />
            </div>
            <div class="stack">
                <StatusPanel to=MoveEpic::PATH org id=epic.id.clone() steps=epic.status.steps() may_move=live && may_plan moved=forms.moved>
                    <EpicBadge status=epic.status />
                </StatusPanel>
                <section class="card" aria-labelledby="progress">
                    <h2 id="progress">"Progress"</h2>
                    <Progress work=epic.work epic=epic.id.clone() product=base />
                    <p class="hint">"Cancelled and deleted features do not count."</p>
                </section>
                <Facts epic />
            </div>
        </div>
    }
}

/// The epic's dates.
#[component]
fn Facts(epic: Epic) -> impl IntoView {
    let date = |date: Option<Timestamp>| date.map_or_else(|| "Not set".to_owned(), day);
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Start date"</dt><dd>{date(epic.start_date)}</dd></div>
                <div><dt>"End date"</dt><dd>{date(epic.end_date)}</dd></div>
                <div><dt>"Added"</dt><dd>{day(epic.created_at)}</dd></div>
                <div><dt>"Changed"</dt><dd>{day(epic.updated_at)}</dd></div>
            </dl>
        </section>
    }
}
