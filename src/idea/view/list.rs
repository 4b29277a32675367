//! The ranked list of a product's ideas.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::StatusBadge;
use super::bulk::{BulkArea, BulkTold, Tick, TickAll};
use super::saved::{ListForms, Views};
use crate::account::model::initials;
use crate::idea::api::{ListIdeas, RestoreIdea};
use crate::idea::board::view::ListOrBoard;
use crate::idea::model::{Idea, IdeaList, IdeaQuery, IdeaSort, IdeaStatus, ScoreInputs, shown};
use crate::kernel::page::Page;
use crate::kernel::role::Perm;
use crate::kernel::time::day;
use crate::org::view::param;
use crate::transfer::model::{Kind, TransferPage};
use crate::transfer::view::TransferLink;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Avatar, Crumb, Empty, Notice, PageHead, Pager};
use crate::ui::load::{Load, data};
use crate::ui::reference::Reference;
use crate::ui::rows::then_focus;

/// `/orgs/{org}/products/{key}/ideas`
#[component]
pub fn IdeaListPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| IdeaQuery::of_params(|name| params.get(name))));
    let just_deleted = Signal::derive(move || params.with(|params| params.get("deleted")));
    let forms = ListForms::default();
    let ideas = data(move || ListIdeas { org: org.get(), product: key.get(), query: query.get() });
    let ideas = ideas.after(forms.undone).after(forms.saved).after(forms.forgotten);
    let ideas = ideas.live(&["Idea", "IdeaVote"]);
    then_focus(forms.forgotten, "save-view");
    let view = move |data: IdeaList| {
        let (query, just_deleted) = (query.get_untracked(), just_deleted.get_untracked());
        view! { <IdeaListView data org=org.get_untracked() query just_deleted forms /> }.into_any()
    };
    view! { <Load of=ideas view /> }
}

/// Head, filters, table and the ways on.
#[component]
fn IdeaListView(data: IdeaList, org: String, query: IdeaQuery, just_deleted: Option<String>, forms: ListForms) -> impl IntoView {
    let product = format!("/orgs/{org}/products/{}", data.product.key);
    let base = format!("{product}/ideas");
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(data.product.name.clone(), product.clone())];
    let may_write = data.role.can(Perm::IdeaWrite);
    let new = may_write.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New idea"</a> });
    let transfer = data.role.can(TransferPage::PERM).then(|| view! { <TransferLink product=product.clone() kind=Kind::Ideas /> });
    let undo = just_deleted.filter(|_| may_write).map(|id| {
        let org = org.clone();
        view! { <Notice>"The idea is deleted. "<RestoreButton org id label="Undo" /></Notice> }
    });
    let told = data.bulk.map(|notice| view! { <BulkTold notice org=org.clone() undone=forms.undone /> });
    let filtered = query.with(|_| ()) != IdeaQuery { sort: query.sort, ..Default::default() };
    let may_review = data.role.can(Perm::IdeaReview);
    let views = view! { <Views views=data.views query=query.clone() base=base.clone() org=org.clone() product=data.product.key.clone() may_review forms /> };
    let sorts: Vec<_> = data.product.sorts().collect();
    let body = if data.page.rows.is_empty() {
        view! { <NoIdeas filtered may_write base=base.clone() deleted=query.deleted /> }.into_any()
    } else {
        let more = data.page.next.is_some() || data.page.previous.is_some();
        let (product, ticks) = (data.product.key, (may_review && !query.deleted).then(TickAll::default));
        let (page, shown, base, sorts, slug) = (data.page, query.clone(), base.clone(), sorts.clone(), org.clone());
        // Made within the form, so that the boxes learn what a refused one held.
        let table = move || view! { <IdeaTable page base query=shown sorts org=slug may_write ticks /> }.into_any();
        match ticks {
            Some(_) => view! { <BulkArea org product query=query.clone() more>{table()}</BulkArea> }.into_any(),
            None => table(),
        }
    };
    view! {
        <PageHead title="Ideas" crumbs>{transfer}{new}</PageHead>
        {undo}
        {told}
        <ListOrBoard ideas=base.clone() tag=query.tag.clone() board=false />
        {views}
        <Filters base query sorts may_write />
        {body}
    }
}

/// Narrows the list by status and tag.
#[component]
fn Filters(base: String, query: IdeaQuery, sorts: Vec<IdeaSort>, may_write: bool) -> impl IntoView {
    let tab = |label: &'static str, to: IdeaQuery, here: bool| {
        view! { <li><a href=format!("{base}{}", to.params()) aria-current=here.then_some("page")>{label}</a></li> }
    };
    let all = tab("All", query.with(|q| (q.status, q.deleted) = (None, false)), query.status.is_none() && !query.deleted);
    let statuses = IdeaStatus::ALL
        .map(|status| tab(status.label(), query.with(|q| (q.status, q.deleted) = (Some(status), false)), query.status == Some(status)))
        .collect_view();
    let deleted = may_write.then(|| tab("Deleted", query.with(|q| (q.status, q.deleted) = (None, true)), query.deleted));
    let clear = query.tag.is_some().then(|| {
        view! { <a class="button quiet small" href=format!("{base}{}", query.with(|q| q.tag = None).params())>"Clear tag"</a> }
    });
    let sorts = sorts.into_iter().map(|sort| tab(sort.label(), query.with(|q| q.sort = sort), query.sort == sort)).collect_view();
    view! {
        <div class="filters">
            <nav aria-label="Filter by status"><ul class="tabs">{all}{statuses}{deleted}</ul></nav>
            <nav aria-label="Rank by" class="narrow-only"><ul class="tabs">{sorts}</ul></nav>
            <form method="get" action=base.clone() class="tag-filter" role="search" aria-label="Filter by tag">
                {(query.sort != IdeaSort::default()).then(|| view! { <input type="hidden" name="sort" value=query.sort.word() /> })}
                {query.status.map(|status| view! { <input type="hidden" name="status" value=status.word() /> })}
                <input name="tag" aria-label="Tag" placeholder="Tag" value=query.tag.clone().unwrap_or_default() autocomplete="off" dir="auto" />
                <button class="button small">"Filter"</button>
                {clear}
            </form>
        </div>
    }
}

/// What stands in place of ideas, and what to do about it.
#[component]
fn NoIdeas(filtered: bool, may_write: bool, base: String, deleted: bool) -> impl IntoView {
    if deleted {
        return view! { <Empty icon=Icon::Trash title="Nothing deleted" text="Ideas that are deleted can be brought back from here." /> }
            .into_any();
    }
    if filtered {
        return view! {
            <Empty icon=Icon::Bulb title="No idea matches" text="Nothing here has this status and tag.">
                <a class="button" href=base>"Show all ideas"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Bulb title="No ideas yet" text="Write down what could make this product better. Scores then tell which to look at first.">
            {may_write.then(|| view! { <a class="button primary" href=format!("{base}/new")><IconView icon=Icon::Plus />"New idea"</a> })}
        </Empty>
    }
    .into_any()
}

/// The ideas of a page, ranked.
#[component]
fn IdeaTable(
    page: Page<Idea>,
    base: String,
    query: IdeaQuery,
    sorts: Vec<IdeaSort>,
    org: String,
    may_write: bool,
    ticks: Option<TickAll>,
) -> impl IntoView {
    let heading = |sort: IdeaSort| {
        let here = query.sort == sort && !query.deleted;
        view! {
            <th scope="col" class="number by" class:chosen=here aria-sort=here.then_some("descending")>
                <a href=format!("{base}{}", query.with(|q| (q.sort, q.deleted) = (sort, false)).params())>{sort.label()}</a>
            </th>
        }
    };
    let headings = sorts.iter().copied().map(heading).collect_view();
    let step = |cursor: Option<crate::kernel::page::Cursor>, label: &'static str| {
        cursor.map(|cursor| {
            let to = IdeaQuery { cursor: Some(cursor), ..query.with(|_| ()) };
            view! { <a class="button" href=format!("{base}{}", to.params())>{label}</a> }
        })
    };
    let (previous, next) = (step(page.previous.clone(), "Previous"), step(page.next.clone(), "Next"));
    let range = page.range();
    let rows = page
        .rows
        .into_iter()
        .zip(page.first_place..)
        .map(|(idea, place)| {
            let restore = (query.deleted && may_write)
                .then(|| view! { <RestoreButton org=org.clone() id=idea.id.clone() label="Restore" /> }.into_any());
            view! { <IdeaRow idea place base=base.clone() query=query.clone() sorts=sorts.clone() restore ticks /> }
        })
        .collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Ideas">
            <table class="table">
                <thead>
                    <tr>
                        {ticks.map(TickAll::heading)}
                        <th scope="col" class="number">"#"</th><th scope="col">"Idea"</th><th scope="col" class="wide-only">"Status"</th>{headings}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager range>{previous}{next}</Pager>
    }
}

/// One idea of the list. On a narrow screen the status stands under the title, and of the scores the one that ranks.
#[component]
fn IdeaRow(
    idea: Idea,
    place: i64,
    base: String,
    query: IdeaQuery,
    sorts: Vec<IdeaSort>,
    restore: Option<AnyView>,
    ticks: Option<TickAll>,
) -> impl IntoView {
    let tags = idea
        .tags
        .iter()
        .map(|tag| {
            let to = query.with(|q| (q.tag, q.deleted) = (Some(tag.clone()), false)).params();
            view! { <a class="tag" href=format!("{base}{to}") dir="auto">{tag.clone()}</a> }
        })
        .collect_view();
    let asked = (idea.asked > 0).then(|| view! { <span class="tag">{format!("{} asked", idea.asked)}</span> });
    view! {
        <tr>
            {ticks.map(|all| view! { <Tick all id=idea.id.clone() title=idea.title.clone() /> })}
            <td class="number muted">{place}</td>
            <th scope="row">
                <div class="idea-cell">
                    <a class="idea-title" href=format!("{base}/{}", idea.id) dir="auto">{idea.title.clone()}</a>
                    <Reference number=idea.number />
                    <span class="narrow-only"><StatusBadge status=idea.status /></span>
                    <span class="idea-tags">{tags}{asked}{restore}</span>
                </div>
            </th>
            <td class="wide-only"><StatusBadge status=idea.status /></td>
            {sorts.into_iter().map(|sort| view! { <RankCell idea=idea.clone() sort chosen=query.sort == sort /> }).collect_view()}
        </tr>
    }
}

/// What one of the sorts ranks the idea by.
#[component]
fn RankCell(idea: Idea, sort: IdeaSort, chosen: bool) -> impl IntoView {
    let value = match sort {
        IdeaSort::Newest => return view! { <AddedCell idea chosen /> }.into_any(),
        IdeaSort::Priority => idea.priority.unwrap_or_default().to_string(),
        IdeaSort::Votes => idea.votes.to_string(),
        IdeaSort::Rice => shown(idea.rice_score),
        IdeaSort::Ice => shown(idea.ice_score),
        IdeaSort::Wsjf => {
            let known = ScoreInputs::from(&idea).scores().wsjf.is_some() || idea.wsjf_score.is_some_and(|score| score != 0.0);
            shown(idea.wsjf_score.filter(|_| known))
        }
    };
    view! { <td class="number by" class:chosen=chosen class:strong=chosen>{value}</td> }.into_any()
}

/// When and by whom the idea was added.
#[component]
fn AddedCell(idea: Idea, chosen: bool) -> impl IntoView {
    let creator = idea.creator_name.unwrap_or_else(|| "Former member".into());
    view! {
        <td class="number by added" class:chosen=chosen>
            <span class="muted">{day(idea.created_at)}</span>
            <span title=creator.clone()><Avatar initials=initials(&creator) /></span>
            <span class="visually-hidden">{format!("by {creator}")}</span>
        </td>
    }
}

/// Brings an idea back.
#[component]
pub fn RestoreButton(org: String, id: String, label: &'static str, #[prop(optional)] sent: Option<Sent>) -> impl IntoView {
    view! {
        <ServerForm to=RestoreIdea::PATH class="inline" sent=sent.unwrap_or_default()>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label=label class="small" />
        </ServerForm>
    }
}
