//! A release's own page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::changelog::ChangelogPanel;
use super::checklist::ChecklistPanel;
use super::crumbs;
use super::facts::{Facts, StatusPanel};
use crate::feature::model::FeatureLink;
use crate::feature::view::FeatureBadge;
use crate::kernel::reference::reference;
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::release::api::{AddReleaseFeature, DeleteRelease, GetRelease, RemoveReleaseFeature, RestoreRelease};
use crate::release::model::{ReleasePage, ReleaseStatus};
use crate::release::view::Progress;
use crate::ui::form::{Sent, ServerForm};
use crate::ui::icon::{Icon, IconView};
use crate::ui::item::{DeleteButton, RestoreButton};
use crate::ui::layout::{Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::reference::{LinkedProse, Reference};
use crate::ui::rows::{anew, then_focus};

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
pub struct Forms {
    pub moved: Sent,
    restored: Sent,
    added: Sent,
    removed: Sent,
    pub ticked: Sent,
    pub item_added: Sent,
    pub item_removed: Sent,
    pub applied: Sent,
    pub change_added: Sent,
    pub change_removed: Sent,
    pub published: Sent,
    pub drafted: Sent,
}

impl Forms {
    fn new() -> Forms {
        let [moved, restored, added, removed, ticked, item_added] = std::array::from_fn(|_| Sent::new());
        let [item_removed, applied, change_added, change_removed, published, drafted] = std::array::from_fn(|_| Sent::new());
        Forms {
            moved,
            restored,
            added,
            removed,
            ticked,
            item_added,
            item_removed,
            applied,
            change_added,
            change_removed,
            published,
            drafted,
        }
    }

    fn all(self) -> [Sent; 12] {
        [
            self.moved,
            self.restored,
            self.added,
            self.removed,
            self.ticked,
            self.item_added,
            self.item_removed,
            self.applied,
            self.change_added,
            self.change_removed,
            self.published,
            self.drafted,
        ]
    }
}

/// `/orgs/{org}/products/{key}/releases/{id}`, with `?find=` for features to add.
#[component]
pub fn ReleasePageView() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let params = use_query_map();
    let find = Memo::new(move |_| params.with(|params| params.get("find")).unwrap_or_default().replace('\0', ""));
    let forms = Forms::new();
    let release = data(move || GetRelease { org: org.get(), product: key.get(), id: id.get(), find: find.get() })
        .live_item(&["Release", "Feature", "LaunchChecklistItem", "Changelog"], id);
    let release = forms.all().into_iter().fold(release, |release, sent| release.after(sent));
    forget_after(forms);
    then_focus(forms.removed, "features");
    then_focus(forms.item_removed, "checklist");
    then_focus(forms.change_removed, "changelog");
    let view = move |data: ReleasePage| view! { <ReleaseView data org=org.get_untracked() find=find.get_untracked() forms /> }.into_any();
    view! { <Load of=release view /> }
}

/// What was wrong with one form is of no interest any more once another has been accepted.
fn forget_after(forms: Forms) {
    for sent in forms.all() {
        Effect::new(move || {
            if sent.times() > 0 {
                forms.all().into_iter().for_each(Sent::forget);
            }
        });
    }
}

/// Features, checklist and changelog at the left; status and facts at the right.
#[component]
fn ReleaseView(data: ReleasePage, org: String, find: String, forms: Forms) -> impl IntoView {
    let ReleasePage { role, product, summary, features, checklist, changes, people, templates, found, named } = data;
    let release = summary.release.clone();
    let base = format!("/orgs/{org}/products/{}", product.key);
    let (live, may_plan) = (release.deleted_at.is_none(), role.can(Perm::PlanWrite));
    let (plans, works) = (live && may_plan, live && role.can(Perm::WorkWrite));
    let restore = (!live && may_plan).then(|| {
        view! { <RestoreButton to=RestoreRelease::PATH org=org.clone() id=release.id.clone() label="Restore" sent=forms.restored /> }
    });
    let deleted = (!live).then(|| view! { <Notice>"This release is deleted. "{restore}</Notice> });
    let actions = plans.then(|| {
        view! {
            <a class="button" href=format!("{base}/releases/{}/edit", release.id)><IconView icon=Icon::Edit />"Edit"</a>
            <DeleteButton to=DeleteRelease::PATH org=org.clone() id=release.id.clone() />
        }
    });
    let id = release.id.clone();
    let page = format!("{base}/releases/{id}");
    let out = release.status == ReleaseStatus::Released;
    view! {
        <PageHead title=format!("{} · {}", release.name, release.version) reference=reference(&product.key, release.number) crumbs=crumbs(&org, &product)>{actions}</PageHead>
        {deleted}
        <div class="columns">
            <div class="stack">
                <section class="card" aria-label="Description"><LinkedProse text=release.description.clone().unwrap_or_default() links=named empty="No description yet." /></section>
                <FeaturePanel features found find org=org.clone() id=id.clone() base done=summary.features_done all=summary.features plans forms />
                <ChecklistPanel items=checklist people templates org=org.clone() id=id.clone() page=page.clone() plans works out forms />
                <ChangelogPanel changes org=org.clone() id=id.clone() page plans out forms />
            </div>
            <div class="stack">
                <StatusPanel org id status=release.status may_move=plans moved=forms.moved />
                <Facts release />
            </div>
        </div>
    }
}

/// The features that go out; for those who plan, with ways in and out.
#[component]
fn FeaturePanel(
    features: Vec<FeatureLink>,
    found: Vec<FeatureLink>,
    find: String,
    org: String,
    id: String,
    base: String,
    done: i64,
    all: i64,
    plans: bool,
    forms: Forms,
) -> impl IntoView {
    let none = features.is_empty().then(|| view! { <p class="muted">"No features yet."</p> });
    let page = format!("{base}/releases/{id}");
    let entry = |feature: FeatureLink| {
        let (remove, label) = (feature.id.clone(), format!("Remove {}", feature.title));
        let remove = plans.then(|| {
            anew(move || {
                let (id, label) = (remove.clone(), label.clone());
                view! { <button type="submit" class="button quiet small" form="remove-feature" name="feature" value=id aria-label=label>"Remove"</button> }
            })
        });
        view! {
            <li>
                <a class="idea-title" href=format!("{base}/features/{}", feature.id) dir="auto">{feature.title}</a>
                <Reference number=feature.number />
                <FeatureBadge status=feature.status />
                {remove}
            </li>
        }
    };
    let list = features.into_iter().map(entry).collect_view();
    let changes = plans.then(|| {
        let (same_org, same_id) = (org.clone(), id.clone());
        view! {
            <ServerForm id="remove-feature" to=RemoveReleaseFeature::PATH sent=forms.removed>
                <input type="hidden" name="org" value=same_org />
                <input type="hidden" name="id" value=same_id />
            </ServerForm>
            <FindFeature page org id found find added=forms.added />
        }
    });
    view! {
        <section class="card stack" aria-labelledby="features">
            <div class="card-head">
                <h2 id="features" tabindex="-1">"Features"</h2>
                <Progress label="Features done" done all />
            </div>
            {none}
            <ul class="found" aria-labelledby="features">{list}</ul>
            {changes}
        </section>
    }
}

/// Looks for features by their titles.
#[component]
fn FindFeature(page: String, org: String, id: String, found: Vec<FeatureLink>, find: String, added: Sent) -> impl IntoView {
    let nothing = (found.is_empty() && !find.trim().is_empty())
        .then(|| view! { <p class="hint" role="status">"No other feature has this in its title."</p> });
    let button = |feature: FeatureLink| {
        let label = format!("Add {}", feature.title);
        view! {
            <li>
                <span class="idea-title" dir="auto">{feature.title}</span>
                <Reference number=feature.number />
                <FeatureBadge status=feature.status />
                <button type="submit" class="button small" name="feature" value=feature.id aria-label=label>"Add"</button>
            </li>
        }
    };
    let list = found.into_iter().map(button).collect_view();
    view! {
        <form method="get" action=page class="tag-filter" role="search" aria-label="Find a feature">
            <input name="find" aria-label="Feature's title" placeholder="Find a feature" autocomplete="off" dir="auto" value=find />
            <button class="button small">"Find"</button>
        </form>
        <ServerForm to=AddReleaseFeature::PATH sent=added>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <ul class="found" aria-label="Features found">{list}</ul>
        </ServerForm>
        {nothing}
    }
}
