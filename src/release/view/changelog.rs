//! The changelog on a release's page.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::KindBadge;
use super::detail::Forms;
use crate::release::api::changelog::{AddChange, DraftChangelog, PublishChange, RemoveChange};
use crate::release::model::{Change, ChangeKind};
use crate::ui::fold::Fold;
use crate::ui::form::{CheckField, ServerForm, Submit, TextArea, TextField, is_refused};
use crate::ui::markdown::Markdown;
use crate::ui::rows::anew;
use crate::ui::select::SelectField;

/// What the release changes, by kind; what is not published is for the organisation alone.
#[component]
pub fn ChangelogPanel(changes: Vec<Change>, org: String, id: String, page: String, plans: bool, out: bool, forms: Forms) -> impl IntoView {
    let empty = changes.is_empty();
    let none = empty.then(|| view! { <p class="muted">"Nothing is written yet."</p> });
    let list = changes.into_iter().map(|change| view! { <ChangeRow change page=page.clone() plans /> }).collect_view();
    let offer = (plans && out && empty).then(|| {
        view! { <p>"The release is out. Draft its changelog from the features that are done, look it over, and publish it."</p> }
    });
    let forms = plans.then(|| {
        let [of_remove, of_publish, of_draft] = [org.clone(), org.clone(), org.clone()];
        let same_id = id.clone();
        let label = if empty { "Draft from features" } else { "Draft the missing ones from features" };
        view! {
            <ServerForm id="remove-change" to=RemoveChange::PATH sent=forms.change_removed>
                <input type="hidden" name="org" value=of_remove />
            </ServerForm>
            <ServerForm id="publish-change" to=PublishChange::PATH sent=forms.published>
                <input type="hidden" name="org" value=of_publish />
            </ServerForm>
            {offer}
            <ServerForm to=DraftChangelog::PATH sent=forms.drafted>
                <input type="hidden" name="org" value=of_draft />
                <input type="hidden" name="id" value=same_id />
                <Submit label class=if out { "primary" } else { "small" } />
            </ServerForm>
            <Fold label="Add an entry" open=is_refused(AddChange::PATH)>
                <ServerForm to=AddChange::PATH sent=forms.change_added class="stack" emptied=true>
                    <input type="hidden" name="org" value=org />
                    <input type="hidden" name="id" value=id />
                    <ChangeFields change=None />
                    <div class="actions"><Submit label="Add entry" class="" /></div>
                </ServerForm>
            </Fold>
        }
    });
    view! {
        <section class="card stack" aria-labelledby="changelog">
            <h2 id="changelog" tabindex="-1">"Changelog"</h2>
            {none}
            <ul class="changes" aria-labelledby="changelog">{list}</ul>
            {forms}
        </section>
    }
}

/// An entry; for those who plan, with what can be done with it.
#[component]
fn ChangeRow(change: Change, page: String, plans: bool) -> impl IntoView {
    let Change { id, kind, title, published, html, .. } = change;
    let state = if published { "Published" } else { "Internal" };
    let actions = plans.then(|| {
        let (edit, remove) = (format!("Edit {title}"), format!("Remove {title}"));
        let (name, verb) = if published { ("unpublish", "Unpublish") } else { ("publish", "Publish") };
        let (publish, same, gone) = (format!("{verb} {title}"), id.clone(), id.clone());
        view! {
            <span class="actions">
                <button type="submit" class="button small" form="publish-change" name=name value=same aria-label=publish>{verb}</button>
                <a class="button quiet small" href=format!("{page}/changelog/{id}") aria-label=edit>"Edit"</a>
                {anew(move || {
                    let (id, label) = (gone.clone(), remove.clone());
                    view! { <button type="submit" class="button quiet small" form="remove-change" name="id" value=id aria-label=label>"Remove"</button> }
                })}
            </span>
        }
    });
    view! {
        <li>
            <div class="change-head">
                <KindBadge kind />
                <span class="idea-title" dir="auto">{title}</span>
                <span class="muted">{state}</span>
                {actions}
            </div>
            <Markdown html />
        </li>
    }
}

/// The fields that adding and changing an entry share.
#[component]
pub fn ChangeFields(change: Option<Change>) -> impl IntoView {
    let (kind, published) = change.as_ref().map_or((ChangeKind::default(), false), |change| (change.kind, change.published));
    let (title, text) = change.map(|change| (change.title, change.description.unwrap_or_default())).unwrap_or_default();
    view! {
        <SelectField name="kind" label="Kind" options=ChangeKind::options() value=kind.word() />
        <TextField name="entry" label="What has changed" value=title required=true />
        <TextArea name="text" label="Text" value=text hint="Markdown: **bold**, *emphasis*, `code`, lists, [links](https://example.com)." rows=4 />
        <CheckField name="published" label="Publish it" checked=published />
    }
}
