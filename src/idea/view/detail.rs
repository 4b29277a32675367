//! An idea's own page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::list::RestoreButton;
use super::score::{Inputs, ScorePanel};
use super::{StatusBadge, crumbs};
use crate::audit::view::History;
use crate::discuss::model::Subject;
use crate::discuss::view::{Comments, VotePanel};
use crate::feature::model::may_convert;
use crate::feature::view::BuiltFor;
use crate::feedback::view::AskedFor;
use crate::idea::api::{DeleteIdea, GetIdea, MoveIdea};
use crate::idea::model::{Idea, IdeaPage, IdeaQuery, IdeaStatus};
use crate::kernel::reference::reference;
use crate::kernel::role::Perm;
use crate::kernel::time::day;
use crate::org::view::param;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Notice, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::reference::LinkedProse;

/// `/orgs/{org}/products/{key}/ideas/{id}`
#[component]
pub fn IdeaPageView() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let (moved, scored, restored, voted) = (Sent::new(), Sent::new(), Sent::new(), Sent::new());
    let params = use_query_map();
    let merged = move || params.with_untracked(|params| params.get("merged"));
    let inputs = Inputs::new();
    let idea = data(move || GetIdea { org: org.get(), product: key.get(), id: id.get() }).after(moved).after(scored);
    let idea = idea.live_item(&["Idea", "IdeaVote", "Feature"], id);
    let idea = idea.after(restored).after(voted);
    let view = move |data: IdeaPage| {
        view! { <IdeaView data org=org.get_untracked() forms=Forms { moved, scored, restored, voted, inputs } merged=merged() /> }
            .into_any()
    };
    view! {
        <div class="item-page">
            <Load of=idea view />
            <div class="below">
                <BuiltFor org idea=id after=vec![moved, restored] />
                <AskedFor org idea=id />
            </div>
            <Comments subject=Subject::Idea org key id />
            <History org entity="Idea" item=id after=vec![moved, scored, restored] />
        </div>
    }
}

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
struct Forms {
    moved: Sent,
    scored: Sent,
    restored: Sent,
    voted: Sent,
    inputs: Inputs,
}

/// Text at the left; status and scores at the right.
#[component]
fn IdeaView(data: IdeaPage, org: String, forms: Forms, merged: Option<String>) -> impl IntoView {
    let Forms { moved, scored, restored, voted, inputs } = forms;
    let IdeaPage { role, user_id, product, idea, named } = data;
    let base = format!("/orgs/{org}/products/{}/ideas", product.key);
    let (live, editable) = (idea.deleted_at.is_none(), idea.editable_by(&user_id, role));
    let may_review = role.can(Perm::IdeaReview) && live;
    let restore = (!live && editable).then(|| {
        view! { <RestoreButton org=org.clone() id=idea.id.clone() label="Restore" sent=restored /> }
    });
    let deleted = (!live).then(|| {
        let went =
            idea.merged_into_id.clone().map(|id| view! { <MergedInto href=format!("{base}/{id}") title=idea.merged_into_title.clone() /> });
        view! { <Notice>{if went.is_some() { "" } else { "This idea is deleted. " }}{went}{restore}</Notice> }
    });
    let took_in = merged.filter(|id| id.chars().all(|c| c.is_ascii_alphanumeric())).map(|id| {
        let href = format!("{base}/{id}");
        view! { <Notice><span>"Merged: votes, comments and feedback of "<a href=href>"the other idea"</a>" are here now."</span></Notice> }
    });
    let convert = (may_review && may_convert(idea.status, idea.features).is_ok()).then(|| {
        view! { <a class="button primary" href=format!("{base}/{}/convert", idea.id)>"Convert to features"</a> }
    });
    let actions = (live && editable).then(|| {
        view! {
            {convert}
            <a class="button" href=format!("{base}/{}/edit", idea.id)><IconView icon=Icon::Edit />"Edit"</a>
            {may_review.then(|| view! { <a class="button" href=format!("{base}/{}/merge", idea.id)>"Merge into…"</a> })}
            <DeleteButton org=org.clone() id=idea.id.clone() />
        }
    });
    view! {
        <div class="item-head">
            <PageHead title=idea.title.clone() reference=reference(&product.key, idea.number) crumbs=crumbs(&org, &product)>{actions}</PageHead>
            {deleted}
            {took_in}
        </div>
        <div class="columns">
            <div class="stack">
                <section class="card" aria-label="Description"><LinkedProse text=idea.description.clone() links=named empty="No description yet." /></section>
                <Facts idea=idea.clone() base />
            </div>
            <div class="stack">
                <VotePanel org=org.clone() id=idea.id.clone() votes=idea.votes voted=idea.voted open=live sent=voted />
                <StatusPanel org=org.clone() id=idea.id.clone() status=idea.status may_review moved />
                <ScorePanel idea wsjf=product.wsjf org inputs may_score=may_review scored />
            </div>
        </div>
    }
}

/// Says of a duplicate where it went.
#[component]
fn MergedInto(href: String, title: Option<String>) -> impl IntoView {
    view! {
        <span>
            "This idea was merged into "
            <a href=href dir="auto">{title.unwrap_or_else(|| "another".into())}</a>
            ", with its votes, comments and feedback. Restored, it comes back without them. "
        </span>
    }
}

/// Who, when, and under which tags.
#[component]
fn Facts(idea: Idea, base: String) -> impl IntoView {
    let tags = idea
        .tags
        .iter()
        .map(|tag| {
            let to = IdeaQuery::default().with(|q| q.tag = Some(tag.clone())).params();
            view! { <a class="tag" href=format!("{base}{to}") dir="auto">{tag.clone()}</a> }
        })
        .collect_view();
    let none = idea.tags.is_empty().then_some("None");
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Tags"</dt><dd>{tags}{none}</dd></div>
                <div><dt>"Submitted by"</dt><dd dir="auto">{idea.creator_name.unwrap_or_else(|| "Former member".into())}</dd></div>
                <div><dt>"Added"</dt><dd>{day(idea.created_at)}</dd></div>
                <div><dt>"Changed"</dt><dd>{day(idea.updated_at)}</dd></div>
            </dl>
        </section>
    }
}

/// Where the idea stands, and where it may go from here.
#[component]
fn StatusPanel(org: String, id: String, status: IdeaStatus, may_review: bool, moved: Sent) -> impl IntoView {
    let next = move || {
        status
            .next()
            .iter()
            .map(|to| {
                let class = if *to == IdeaStatus::Rejected { "button" } else { "button primary" };
                view! { <button type="submit" class=class name="status" value=to.word()>{to.verb()}</button> }
            })
            .collect_view()
    };
    let form = (may_review && !status.next().is_empty()).then(|| {
        view! {
            <ServerForm to=MoveIdea::PATH sent=moved>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <div class="actions">{next()}</div>
            </ServerForm>
        }
    });
    view! {
        <section class="card" aria-labelledby="status">
            <div class="card-head">
                <h2 id="status">"Status"</h2>
                <StatusBadge status />
            </div>
            {form}
        </section>
    }
}

/// Deletes the idea; the list it leads to offers to undo that.
#[component]
fn DeleteButton(org: String, id: String) -> impl IntoView {
    view! {
        <ServerForm to=DeleteIdea::PATH>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Submit label="Delete" class="danger" />
        </ServerForm>
    }
}
