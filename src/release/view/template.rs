//! Templates of launch checklists, which all products of an organisation share.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::org::view::param;
use crate::release::api::template::{AddTemplateItem, CreateTemplate, DeleteTemplate, GetTemplate, ListTemplates, RemoveTemplateItem};
use crate::release::model::{Template, TemplateItem, TemplatePage};
use crate::ui::form::{CheckField, Sent, ServerForm, Submit, TextField};
use crate::ui::layout::{Crumb, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::rows::{anew, then_focus};

/// `/orgs/{org}/settings/checklists`
#[component]
pub fn TemplateListPage() -> impl IntoView {
    let org = param("org");
    let templates = data(move || ListTemplates { org: org.get() });
    let view = move |templates: Vec<Template>| view! { <TemplateListView templates org=org.get_untracked() /> }.into_any();
    view! { <Load of=templates view /> }
}

#[component]
fn TemplateListView(templates: Vec<Template>, org: String) -> impl IntoView {
    let base = format!("/orgs/{org}/settings/checklists");
    let none =
        templates.is_empty().then(|| view! { <p class="muted">"No templates yet. Add one, and every release can begin with it."</p> });
    let entry = |template: Template| {
        let items = if template.items == 1 { "1 item".to_owned() } else { format!("{} items", template.items) };
        view! { <li><a class="idea-title" href=format!("{base}/{}", template.id) dir="auto">{template.name}</a><span class="muted">{items}</span></li> }
    };
    view! {
        <PageHead title="Checklist templates" crumbs=vec![Crumb::new("Portfolio", format!("/orgs/{org}/products"))] />
        <section class="card stack form" aria-labelledby="templates">
            <h2 id="templates">"Templates"</h2>
            {none}
            <ul class="found" aria-labelledby="templates">{templates.into_iter().map(entry).collect_view()}</ul>
            <ServerForm to=CreateTemplate::PATH class="add-row">
                <input type="hidden" name="org" value=org />
                <TextField name="name" label="Name" required=true placeholder="Public launch" />
                <Submit label="New template" class="" />
            </ServerForm>
        </section>
    }
}

/// `/orgs/{org}/settings/checklists/{id}`
#[component]
pub fn TemplateDetailPage() -> impl IntoView {
    let (org, id) = (param("org"), param("id"));
    let (added, removed) = (Sent::new(), Sent::new());
    let page = data(move || GetTemplate { org: org.get(), id: id.get() }).after(added).after(removed);
    then_focus(removed, "items");
    let view = move |data: TemplatePage| view! { <TemplateView data org=org.get_untracked() added removed /> }.into_any();
    view! { <Load of=page view /> }
}

#[component]
fn TemplateView(data: TemplatePage, org: String, added: Sent, removed: Sent) -> impl IntoView {
    let TemplatePage { template, items } = data;
    let base = format!("/orgs/{org}/settings/checklists");
    let none = items.is_empty().then(|| view! { <p class="muted">"Nothing on it yet."</p> });
    let list = items.into_iter().map(|item| view! { <ItemRow item /> }).collect_view();
    let (same_org, same_id, doomed_org) = (org.clone(), template.id.clone(), org.clone());
    view! {
        <PageHead title=template.name crumbs=vec![Crumb::new("Checklist templates", base)]>
            <ServerForm to=DeleteTemplate::PATH>
                <input type="hidden" name="org" value=doomed_org />
                <input type="hidden" name="id" value=template.id />
                <Submit label="Delete template" class="danger" />
            </ServerForm>
        </PageHead>
        <section class="card stack form" aria-labelledby="items">
            <h2 id="items" tabindex="-1">"Items"</h2>
            {none}
            <ServerForm to=RemoveTemplateItem::PATH sent=removed>
                <input type="hidden" name="org" value=org />
                <ul class="checklist" aria-labelledby="items">{list}</ul>
            </ServerForm>
            <ServerForm to=AddTemplateItem::PATH sent=added class="stack" emptied=true>
                <input type="hidden" name="org" value=same_org />
                <input type="hidden" name="id" value=same_id />
                <TextField name="item" label="What is to be done" required=true />
                <CheckField name="required" label="The release waits for it" checked=true />
                <TextField name="days_before" label="Days before the target date" hint="A whole number from 0 to 365; 0 is the day itself." />
                <div class="actions"><Submit label="Add item" class="" /></div>
            </ServerForm>
        </section>
    }
}

#[component]
fn ItemRow(item: TemplateItem) -> impl IntoView {
    let due = match item.days_before {
        0 => "on the day".to_owned(),
        1 => "1 day before".to_owned(),
        days => format!("{days} days before"),
    };
    let about = if item.required { format!("Required · {due}") } else { due };
    let (id, label) = (item.id, format!("Remove {}", item.title));
    let remove = anew(move || {
        let (id, label) = (id.clone(), label.clone());
        view! { <button type="submit" class="button quiet small" name="id" value=id aria-label=label>"Remove"</button> }
    });
    view! {
        <li>
            <span class="what"><span class="idea-title" dir="auto">{item.title}</span><span class="muted">{about}</span></span>
            <span class="actions">{remove}</span>
        </li>
    }
}
