//! The forms of a release.

use leptos::html::Input;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::crumbs;
use crate::kernel::day::typed;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::release::api::{CreateRelease, GetNewRelease, GetRelease, UpdateRelease};
use crate::release::model::{self, NewRelease, Release, ReleasePage, ReleaseStatus, ReleaseType};
use crate::ui::form::{Field, ServerForm, Submit, TextArea, TextField, Version, described_by, field_error, field_id, first_value};
use crate::ui::layout::PageHead;
use crate::ui::load::{Failure, Load, data};

/// What is said below the version.
const VERSION_HINT: &str = "Three numbers, such as 1.4.0, or 2.0.0-beta.1 before a release (semver.org).";

/// `/orgs/{org}/products/{key}/releases/new`, with `?type=` for another type than the usual one.
#[component]
pub fn NewReleasePage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let kind = Signal::derive(move || params.with(|params| params.get("type")).and_then(|word| ReleaseType::parse(&word)));
    let new = data(move || GetNewRelease { org: org.get(), product: key.get() });
    let view = move |data: NewRelease| {
        let kind = kind.get_untracked().unwrap_or_default();
        view! { <NewReleaseForm org=org.get_untracked() data kind /> }.into_any()
    };
    view! { <Load of=new view /> }
}

#[component]
fn NewReleaseForm(org: String, data: NewRelease, kind: ReleaseType) -> impl IntoView {
    let NewRelease { product, next, .. } = data;
    let crumbs = crumbs(&org, &product);
    let back = format!("/orgs/{org}/products/{}/releases", product.key);
    let link = |(of, version): &(ReleaseType, String)| {
        let href = format!("{back}/new?type={}", of.word());
        // A whole new page, since the form begins anew.
        view! { <li><a href=href rel="external" aria-current=(*of == kind).then_some("true")>{format!("{} {version}", of.label())}</a></li> }
    };
    let suggestions = next.iter().map(link).collect_view();
    let version = next.iter().find(|(of, _)| *of == kind).map(|(_, version)| version.clone()).unwrap_or_default();
    view! {
        <PageHead title="New release" crumbs />
        <nav class="filters" aria-label="Suggested versions"><ul class="tabs">{suggestions}</ul></nav>
        <ServerForm to=CreateRelease::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=product.key />
            <VersionFields kind version next />
            <ReleaseFields release=None />
            <div class="actions">
                <Submit label="Add release" />
                <a class="button quiet" href=back.clone()>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// The type and the version. With another type comes its next version, unless the person has typed one.
#[component]
fn VersionFields(kind: ReleaseType, version: String, next: Vec<(ReleaseType, String)>) -> impl IntoView {
    let (kind_error, error) = (field_error("kind"), field_error("version"));
    let chosen = first_value("kind", kind.word().to_owned());
    let field = NodeRef::<Input>::new();
    let follow = move |word: String| {
        let Some(field) = field.get_untracked() else { return };
        let now = field.value();
        let suggested = now.is_empty() || next.iter().any(|(_, version)| *version == now);
        if let Some((_, version)) = next.iter().find(|(kind, _)| suggested && kind.word() == word) {
            field.set_value(version);
        }
    };
    let option = move |(value, label): (String, String)| view! { <option selected=value == chosen value=value.clone()>{label}</option> };
    view! {
        <Field name="kind" label="Type">
            <select
                id=field_id("kind")
                name="form[kind]"
                aria-invalid=move || kind_error.get().is_some().to_string()
                aria-describedby=described_by("kind", "")
                on:change:target=move |event| follow(event.target().value())
            >
                {ReleaseType::options().into_iter().map(option).collect_view()}
            </select>
        </Field>
        <Field name="version" label="Version" hint=VERSION_HINT>
            <input
                id=field_id("version")
                name="form[version]"
                value=first_value("version", version)
                autocomplete="off"
                required=true
                node_ref=field
                autofocus=error.get_untracked().is_some()
                aria-invalid=move || error.get().is_some().to_string()
                aria-describedby=described_by("version", VERSION_HINT)
            />
        </Field>
    }
}

/// The fields that adding and changing a release share.
#[component]
fn ReleaseFields(release: Option<Release>) -> impl IntoView {
    let out = release.as_ref().filter(|release| release.status == ReleaseStatus::Released).and_then(|release| release.release_date);
    let (name, description, target) =
        release.map(|release| (release.name, release.description.unwrap_or_default(), release.target_date)).unwrap_or_default();
    let released = out.map(|day| {
        view! { <TextField name="release_date" label="Released on" value=typed(Some(day)) kind="date" /> }
    });
    view! {
        <TextField name="name" label="Name" value=name hint="Called by its version if you leave it empty." />
        <TextField name="target_date" label="Target date" value=typed(target) kind="date" />
        {released}
        <TextArea name="description" label="Description" value=description hint="For the team; the public never sees it." rows=5 />
    }
}

/// `/orgs/{org}/products/{key}/releases/{id}/edit`
#[component]
pub fn EditReleasePage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let release = data(move || GetRelease { org: org.get(), product: key.get(), id: id.get(), find: String::new() });
    let view = move |data: ReleasePage| match data.role.can(Perm::PlanWrite) {
        true => view! { <EditRelease org=org.get_untracked() data /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=release view /> }
}

#[component]
fn EditRelease(org: String, data: ReleasePage) -> impl IntoView {
    let (product, release) = (data.product, data.summary.release);
    let crumbs = crumbs(&org, &product);
    let back = format!("/orgs/{org}/products/{}/releases/{}", product.key, release.id);
    view! {
        <PageHead title="Edit release" crumbs />
        <ServerForm to=UpdateRelease::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=release.id.clone() />
            <Version of=model::ReleaseFields::from(&release).version() />
            <VersionFields kind=release.kind version=release.version.clone() next=Vec::new() />
            <ReleaseFields release=Some(release) />
            <div class="actions">
                <Submit label="Save release" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
}
