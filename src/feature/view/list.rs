//! The list of a product's features.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::table::{FeatureRow, FeatureTable};
use crate::feature::api::{ListFeatures, RestoreFeature};
use crate::feature::model::{Choices, Feature, FeatureList, FeatureQuery, FeatureSort, FeatureStatus, NONE};
use crate::kernel::named::Named;
use crate::kernel::page::{Cursor, Page};
use crate::kernel::priority::Priority;
use crate::kernel::role::Perm;
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
    let features = data(move || ListFeatures { org: org.get(), product: key.get(), query: query.get() }).live(&["Feature"]);
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
        let org = org.clone();
        view! { <Notice>"The feature is deleted. "<RestoreButton org id label="Undo" /></Notice> }
    });
    let filtered = query.is_filtered();
    let body = if data.page.rows.is_empty() {
        view! { <NoFeatures filtered may_write base=base.clone() /> }.into_any()
    } else {
        view! { <FeaturePageTable page=data.page base=base.clone() query=query.clone() org may_write /> }.into_any()
    };
    view! {
        <PageHead title="Features" crumbs>{transfer}{new}</PageHead>
        {undo}
        <Filters base query may_write choices=data.choices />
        {body}
    }
}

/// Narrows the list by status, and by whatever is chosen or typed.
#[component]
fn Filters(base: String, query: FeatureQuery, may_write: bool, choices: Choices) -> impl IntoView {
    let tab = |label: &'static str, to: FeatureQuery, here: bool| {
        view! { <li><a href=format!("{base}{}", to.params()) aria-current=here.then_some("page")>{label}</a></li> }
    };
    let all = tab("All", query.with(|q| (q.status, q.deleted) = (None, false)), query.status.is_none() && !query.deleted);
    let statuses = FeatureStatus::ALL
        .map(|status| tab(status.label(), query.with(|q| (q.status, q.deleted) = (Some(status), false)), query.status == Some(status)))
        .collect_view();
    let deleted = may_write.then(|| tab("Deleted", query.with(|q| (q.status, q.deleted) = (None, true)), query.deleted));
    let sorts = FeatureSort::ALL
        .map(|sort| tab(sort.label(), query.with(|q| (q.sort, q.deleted) = (sort, false)), query.sort == sort))
        .collect_view();
    let options = |none: &str, names: Vec<Named>| -> Vec<(String, String)> {
        [(NONE.to_owned(), none.to_owned())].into_iter().chain(names.into_iter().map(|named| (named.id, named.name))).collect()
    };
    let clear = query.with(|q| (q.status, q.deleted) = (None, false)).is_filtered().then(|| {
        let plain = FeatureQuery { sort: query.sort, status: query.status, ..Default::default() };
        view! { <a class="button quiet small" href=format!("{base}{}", plain.params())>"Clear"</a> }
    });
    view! {
        <div class="filters">
            <ListOrBoard list=base.clone() board=format!("{base}/board") on_board=false />
            <nav aria-label="Filter by status"><ul class="tabs">{all}{statuses}{deleted}</ul></nav>
            <nav aria-label="Order by" class="narrow-only"><ul class="tabs">{sorts}</ul></nav>
            <form method="get" action=base.clone() class="tag-filter" role="search" aria-label="Filter the features">
                {(query.sort != FeatureSort::default()).then(|| view! { <input type="hidden" name="sort" value=query.sort.word() /> })}
                {query.status.map(|status| view! { <input type="hidden" name="status" value=status.word() /> })}
                <input name="find" aria-label="Title" placeholder="Title" value=query.find.clone().unwrap_or_default() autocomplete="off" dir="auto" />
                <FilterSelect name="priority" label="Priority" all="Any priority" options=Priority::options() value=query.priority.map(Priority::word).unwrap_or_default() />
                <FilterSelect name="epic" label="Epic" all="Any epic" options=options("No epic", choices.epics) value=query.epic.clone().unwrap_or_default() />
                <FilterSelect
                    name="assignee"
                    label="Assignee"
                    all="Anybody"
                    options=options("Nobody", choices.people)
                    value=query.assignee.clone().unwrap_or_default()
                />
                <button class="button small">"Filter"</button>
                {clear}
            </form>
        </div>
    }
}

/// What stands in place of features, and what to do about it.
#[component]
fn NoFeatures(filtered: bool, may_write: bool, base: String) -> impl IntoView {
    if filtered {
        return view! {
            <Empty icon=Icon::Layers title="No feature matches" text="Nothing here has all that was chosen.">
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

/// The features of a page, and the ways on.
#[component]
fn FeaturePageTable(page: Page<Feature>, base: String, query: FeatureQuery, org: String, may_write: bool) -> impl IntoView {
    let step = |cursor: Option<Cursor>, label: &'static str| {
        cursor.map(|cursor| {
            let to = FeatureQuery { cursor: Some(cursor), ..query.clone() };
            view! { <a class="button" href=format!("{base}{}", to.params())>{label}</a> }
        })
    };
    let (previous, next) = (step(page.previous.clone(), "Previous"), step(page.next.clone(), "Next"));
    let range = page.range();
    let restores = query.deleted && may_write;
    let rows = page
        .rows
        .into_iter()
        .map(|feature| {
            let restore = restores.then(|| view! { <RestoreButton org=org.clone() id=feature.id.clone() label="Restore" /> }.into_any());
            view! { <FeatureRow feature base=base.clone() action=restore epic=true /> }
        })
        .collect_view();
    let heading = |sort: FeatureSort, class: &'static str| {
        let here = query.sort == sort && !query.deleted;
        let way = if sort == FeatureSort::Due { "ascending" } else { "descending" };
        let href = format!("{base}{}", query.with(|q| (q.sort, q.deleted) = (sort, false)).params());
        view! { <th scope="col" class=class aria-sort=here.then_some(way)><a href=href>{sort.label()}</a></th> }
    };
    view! {
        <FeatureTable
            label="Features"
            priority=heading(FeatureSort::Priority, "wide-only").into_any()
            points=heading(FeatureSort::Points, "number wide-only").into_any()
            due=heading(FeatureSort::Due, "number wide-only").into_any()
            added=heading(FeatureSort::Newest, "number wide-only").into_any()
            rows=rows.into_any()
        />
        <Pager range>{previous}{next}</Pager>
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
