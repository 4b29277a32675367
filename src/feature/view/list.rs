//! The list of a product's features.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{FeatureBadge, PriorityBadge, priorities};
use crate::feature::api::{ListFeatures, RestoreFeature};
use crate::feature::model::{Feature, FeatureList, FeatureQuery, FeatureStatus};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::priority::Priority;
use crate::kernel::role::Perm;
use crate::kernel::time::day;
use crate::org::view::param;
use crate::transfer::model::{Kind, TransferPage};
use crate::transfer::view::TransferLink;
use crate::ui::board::ListOrBoard;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Crumb, Empty, Notice, PageHead, Pager};
use crate::ui::load::{Load, data};
use crate::ui::select::FilterSelect;

/// `/orgs/{org}/products/{key}/features`
#[component]
pub fn FeatureListPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| FeatureQuery::of_params(|name| params.get(name))));
    let just_deleted = Signal::derive(move || params.with(|params| params.get("deleted")));
    let features = data(move || ListFeatures { org: org.get(), product: key.get(), query: query.get() });
    let view = move |data: FeatureList| {
        view! { <FeatureListView data org=org.get_untracked() query=query.get_untracked() just_deleted=just_deleted.get_untracked() /> }
            .into_any()
    };
    view! { <Load of=features view /> }
}

/// Head, filters, table and the ways on.
#[component]
fn FeatureListView(data: FeatureList, org: String, query: FeatureQuery, just_deleted: Option<String>) -> impl IntoView {
    let product = format!("/orgs/{org}/products/{}", data.product.key);
    let base = format!("{product}/features");
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(data.product.name.clone(), product.clone())];
    let may_write = data.role.can(Perm::FeatureWrite);
    let new =
        may_write.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New feature"</a> });
    let transfer = data.role.can(TransferPage::PERM).then(|| view! { <TransferLink product=product.clone() kind=Kind::Features /> });
    let undo = just_deleted.filter(|_| may_write).map(|id| {
        view! { <Notice>"The feature is deleted. "<RestoreButton org id label="Undo" /></Notice> }
    });
    let filtered = query.with(|_| ()) != FeatureQuery::default();
    let body = if data.page.rows.is_empty() {
        view! { <NoFeatures filtered may_write base=base.clone() /> }.into_any()
    } else {
        view! { <FeatureTable page=data.page base=base.clone() query=query.clone() /> }.into_any()
    };
    view! {
        <PageHead title="Features" crumbs>{transfer}{new}</PageHead>
        {undo}
        <Filters base query may_write />
        {body}
    }
}

/// Narrows the list by status and priority.
#[component]
fn Filters(base: String, query: FeatureQuery, may_write: bool) -> impl IntoView {
    let tab = |label: &'static str, to: FeatureQuery, here: bool| {
        view! { <li><a href=format!("{base}{}", to.params()) aria-current=here.then_some("page")>{label}</a></li> }
    };
    let all = tab("All", query.with(|q| (q.status, q.deleted) = (None, false)), query.status.is_none() && !query.deleted);
    let statuses = FeatureStatus::ALL
        .map(|status| tab(status.label(), query.with(|q| (q.status, q.deleted) = (Some(status), false)), query.status == Some(status)))
        .collect_view();
    let deleted = may_write.then(|| tab("Deleted", query.with(|q| (q.status, q.deleted) = (None, true)), query.deleted));
    view! {
        <div class="filters">
            <ListOrBoard list=base.clone() board=format!("{base}/board") on_board=false />
            <nav aria-label="Filter by status"><ul class="tabs">{all}{statuses}{deleted}</ul></nav>
            <form method="get" action=base.clone() class="tag-filter" role="search" aria-label="Filter by priority">
                {query.status.map(|status| view! { <input type="hidden" name="status" value=status.word() /> })}
                <FilterSelect name="priority" label="Priority" all="Any priority" options=priorities() value=query.priority.map(Priority::word).unwrap_or_default() />
                <button class="button small">"Filter"</button>
            </form>
        </div>
    }
}

/// What stands in place of features, and what to do about it.
#[component]
fn NoFeatures(filtered: bool, may_write: bool, base: String) -> impl IntoView {
    if filtered {
        return view! {
            <Empty icon=Icon::Layers title="No feature matches" text="Nothing here has this status and priority.">
                <a class="button" href=base>"Show all features"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Layers title="No features yet" text="Convert an approved idea, or add what is to be built right here.">
            {may_write.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New feature"</a> })}
        </Empty>
    }
    .into_any()
}

/// The features of a page.
#[component]
fn FeatureTable(page: Page<Feature>, base: String, query: FeatureQuery) -> impl IntoView {
    let step = |cursor: Option<Cursor>, label: &'static str| {
        cursor.map(|cursor| {
            let to = FeatureQuery { cursor: Some(cursor), ..query.clone() };
            view! { <a class="button" href=format!("{base}{}", to.params())>{label}</a> }
        })
    };
    let (previous, next) = (step(page.previous.clone(), "Newer"), step(page.next.clone(), "Older"));
    let range = page.range();
    let rows = page.rows.into_iter().map(|feature| view! { <FeatureRow feature base=base.clone() /> }).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Features">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Feature"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col" class="wide-only">"Priority"</th>
                        <th scope="col" class="number wide-only">"Points"</th>
                        <th scope="col" class="number wide-only">"Added"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager range>{previous}{next}</Pager>
    }
}

#[component]
fn FeatureRow(feature: Feature, base: String) -> impl IntoView {
    let points = feature.story_points.map_or_else(|| "–".to_owned(), |points| points.to_string());
    view! {
        <tr>
            <th scope="row"><a class="idea-title" href=format!("{base}/{}", feature.id) dir="auto">{feature.title}</a></th>
            <td><FeatureBadge status=feature.status /></td>
            <td class="wide-only"><PriorityBadge priority=feature.priority /></td>
            <td class="number wide-only">{points}</td>
            <td class="number wide-only muted">{day(feature.created_at)}</td>
        </tr>
    }
}

/// Brings a feature back.
#[component]
pub fn RestoreButton(org: String, id: String, label: &'static str, #[prop(optional)] sent: Option<Sent>) -> impl IntoView {
    view! {
        <ServerForm to=RestoreFeature::PATH class="inline" sent=sent.unwrap_or_default()>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label=label class="small" />
        </ServerForm>
    }
}
