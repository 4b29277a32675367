//! An organisation's settings.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::param;
use crate::org::api::{GetOrg, UpdateOrg};
use crate::org::model::{Organization, primary_color};
use crate::ui::form::{ServerForm, Submit, TextArea, TextField};
use crate::ui::layout::{Crumb, Notice, PageHead};
use crate::ui::load::{Load, data};

/// `/orgs/{org}/settings`
#[component]
pub fn OrgSettingsPage() -> impl IntoView {
    let org = param("org");
    let organization = data(move || GetOrg { org: org.get() });
    view! { <Load of=organization view=|organization: Organization| view! { <OrgSettings organization /> }.into_any() /> }
}

/// The form for name, address, description and colour.
#[component]
fn OrgSettings(organization: Organization) -> impl IntoView {
    let color = primary_color(organization.settings.as_ref()).unwrap_or_default().to_owned();
    let portfolio = format!("/orgs/{}/products", organization.slug);
    let Organization { name, slug, description, .. } = organization;
    view! {
        <PageHead title="Organisation settings" crumbs=vec![Crumb::new(name.clone(), portfolio)] />
        <Saved />
        <ServerForm to=UpdateOrg::PATH class="stack form">
            <input type="hidden" name="org" value=slug.clone() />
            <TextField name="name" label="Name" value=name required=true />
            <TextField name="slug" label="Address" value=slug.clone() hint="Links that hold the old address stop working when you change it." required=true />
            <TextArea name="description" label="Description" value=description.unwrap_or_default() rows=4 />
            <TextField
                name="primary_color"
                label="Accent colour"
                value=color
                hint="Such as #3b82f6. It has to stand out on light and on dark pages. Leave it empty for the default."
            />
            <div class="actions"><Submit label="Save settings" /></div>
        </ServerForm>
    }
}

/// Says that the settings were saved, as the address does after the form was accepted.
#[component]
fn Saved() -> impl IntoView {
    let query = use_query_map();
    let saved = Memo::new(move |_| query.with(|query| query.get("saved").is_some()));
    move || saved.get().then(|| view! { <Notice>"The settings are saved."</Notice> })
}
