//! An idea's own page.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::list::RestoreButton;
use super::score::{Inputs, ScorePanel};
use super::{StatusBadge, crumbs};
use crate::audit::view::History;
use crate::idea::api::{DeleteIdea, GetIdea, MoveIdea};
use crate::idea::model::{Idea, IdeaPage, IdeaQuery, IdeaStatus};
use crate::kernel::role::Perm;
use crate::kernel::time::day;
use crate::org::view::param;
use crate::ui::form::{Sent, ServerForm, Submit};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Notice, PageHead, Prose};
use crate::ui::load::{Load, data};

/// `/orgs/{org}/products/{key}/ideas/{id}`
#[component]
pub fn IdeaPageView() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let (moved, scored, restored) = (Sent::new(), Sent::new(), Sent::new());
    let inputs = Inputs::new();
    let idea = data(move || GetIdea { org: org.get(), product: key.get(), id: id.get() }).after(moved).after(scored).after(restored);
    let view = move |data: IdeaPage| {
        view! { <IdeaView data org=org.get_untracked() forms=Forms { moved, scored, restored, inputs } /> }.into_any()
    };
    view! {
        <Load of=idea view />
        <History org entity="Idea" item=id after=vec![moved, scored, restored] />
    }
}

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
struct Forms {
    moved: Sent,
    scored: Sent,
    restored: Sent,
    inputs: Inputs,
}

/// Text at the left; status and scores at the right.
#[component]
fn IdeaView(data: IdeaPage, org: String, forms: Forms) -> impl IntoView {
    let Forms { moved, scored, restored, inputs } = forms;
    let IdeaPage { role, user_id, product, idea } = data;
    let base = format!("/orgs/{org}/products/{}/ideas", product.key);
    let (live, editable) = (idea.deleted_at.is_none(), idea.editable_by(&user_id, role));
    let may_review = role.can(Perm::IdeaReview) && live;
    let restore = (!live && editable).then(|| {
        view! { <RestoreButton org=org.clone() id=idea.id.clone() label="Restore" sent=restored /> }
    });
    let deleted = (!live).then(|| view! { <Notice>"This idea is deleted. "{restore}</Notice> });
    let actions = (live && editable).then(|| {
        view! {
            <a class="button" href=format!("{base}/{}/edit", idea.id)><IconView icon=Icon::Edit />"Edit"</a>
            <DeleteButton org=org.clone() id=idea.id.clone() />
        }
    });
    view! {
        <PageHead title=idea.title.clone() crumbs=crumbs(&org, &product)>{actions}</PageHead>
        {deleted}
        <div class="columns">
            <div class="stack">
                <section class="card" aria-label="Description"><Prose text=idea.description.clone() empty="No description yet." /></section>
                <Facts idea=idea.clone() base />
            </div>
            <div class="stack">
                <StatusPanel org=org.clone() id=idea.id.clone() status=idea.status may_review moved />
                <ScorePanel idea wsjf=product.wsjf org inputs may_score=may_review scored />
            </div>
        </div>
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
