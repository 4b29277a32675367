//! Saved views above the list.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::bulk::ListInputs;
use crate::idea::api::views::{DeleteView, SaveView};
use crate::idea::model::{IdeaQuery, SavedView};
use crate::ui::fold::Fold;
use crate::ui::form::{CheckField, Sent, ServerForm, Submit, TextField, is_refused};
use crate::ui::rows::anew;

/// The forms of the list's page, which outlive a new look at its data.
#[derive(Clone, Copy, Default)]
pub struct ListForms {
    pub undone: Sent,
    pub saved: Sent,
    pub forgotten: Sent,
}

/// The views to choose from, and what can be done about them.
#[component]
pub fn Views(
    views: Vec<SavedView>,
    query: IdeaQuery,
    base: String,
    org: String,
    product: String,
    may_review: bool,
    forms: ListForms,
) -> impl IntoView {
    let here = query.with(|_| ()).params();
    let tab = |view: &SavedView| {
        let current = (view.query == here).then_some("page");
        view! { <li><a href=format!("{base}{}", view.query) aria-current=current dir="auto">{view.name.clone()}</a></li> }
    };
    let tabs = (!views.is_empty()).then(|| {
        view! { <nav aria-label="Saved views"><ul class="tabs">{views.iter().map(tab).collect_view()}</ul></nav> }
    });
    let deletable: Vec<_> = views.into_iter().filter(|view| view.own || (view.shared && may_review)).collect();
    let forget = (!deletable.is_empty()).then(|| view! { <Forget views=deletable org=org.clone() forgotten=forms.forgotten /> });
    let refused = is_refused(SaveView::PATH) || is_refused(DeleteView::PATH);
    view! {
        <div class="views">
            {tabs}
            <Fold label="Save this view" class="" id="save-view" summary="button quiet small" open=refused>
                <div class="card stack">
                    <ServerForm to=SaveView::PATH sent=forms.saved class="stack" emptied=true>
                        <input type="hidden" name="org" value=org />
                        <input type="hidden" name="product" value=product />
                        <ListInputs query />
                        <TextField name="name" label="Name of the view" required=true placeholder="Quick wins" />
                        <CheckField name="shared" label="Show it to every member" checked=false />
                        <div class="actions"><Submit label="Save view" /></div>
                    </ServerForm>
                    {forget}
                </div>
            </Fold>
        </div>
    }
}

/// One form with a button for each view that the person may delete.
#[component]
fn Forget(views: Vec<SavedView>, org: String, forgotten: Sent) -> impl IntoView {
    let entry = |view: SavedView| {
        let whose = match (view.own, view.shared) {
            (true, true) => "Shared by you".to_owned(),
            (true, false) => "Only yours".to_owned(),
            (false, _) => format!("Shared by {}", view.author_name.unwrap_or_default()),
        };
        anew(move || {
            view! {
                <li>
                    <span class="clip" dir="auto">{view.name.clone()}</span>
                    <span class="muted">{whose.clone()}</span>
                    <button type="submit" class="button small" name="id" value=view.id.clone()>{format!("Delete view {}", view.name)}</button>
                </li>
            }
        })
    };
    view! {
        <ServerForm to=DeleteView::PATH sent=forgotten>
            <input type="hidden" name="org" value=org />
            <ul class="saved" aria-label="Views that you may delete">{views.into_iter().map(entry).collect_view()}</ul>
        </ServerForm>
    }
}
