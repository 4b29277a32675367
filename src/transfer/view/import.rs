//! The page of one import, from the choice of columns to its end.

use leptos::prelude::*;

use super::mapping::{MappingForm, PreviewTable};
use super::progress::Progress;
use super::report::{ReportView, rows};
use super::{TITLE, crumbs};
use crate::org::view::param;
use crate::transfer::api::GetImport;
use crate::transfer::model::{Import, ImportPage, ImportStatus};
use crate::ui::form::Sent;
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Crumb, Empty, Notice, PageHead};
use crate::ui::load::{Data, Load, data};

/// `/orgs/{org}/products/{key}/transfer/{id}`
#[component]
pub fn ImportPageView() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let mapped = Sent::new();
    let import = data(move || GetImport { org: org.get(), product: key.get(), id: id.get() }).after(mapped);
    let view = move |data: ImportPage| view! { <ImportView data org=org.get_untracked() mapped asked=import /> }.into_any();
    view! { <Load of=import view /> }
}

/// Head, what came of it so far, and what can be done next.
#[component]
fn ImportView(data: ImportPage, org: String, mapped: Sent, asked: Data<ImportPage>) -> impl IntoView {
    let ImportPage { product, import, preview } = data;
    let base = format!("/orgs/{org}/products/{}", product.key);
    let crumbs: Vec<Crumb> = crumbs(&org, &product).into_iter().chain([Crumb::new(TITLE, format!("{base}/transfer"))]).collect();
    let report = import.report.clone().map(|report| {
        view! { <ReportView report kind=import.kind dry=import.dry done=import.status == ImportStatus::Done base=base.clone() /> }
    });
    let next = match import.status {
        ImportStatus::Running if import.alive => view! { <Progress import=import.clone() asked /> }.into_any(),
        ImportStatus::Done => ().into_any(),
        _ if import.can_begin() => view! {
            {import.is_dead().then(|| view! { <Dead dry=import.dry /> })}
            <MappingForm import=import.clone() org mapped />
            <PreviewTable preview />
        }
        .into_any(),
        _ => view! { <Gone transfer=format!("{base}/transfer") /> }.into_any(),
    };
    view! {
        <PageHead title=format!("Import of {}", import.file_name) crumbs />
        <div class="stack">
            <Facts import />
            {report}
            {next}
        </div>
    }
}

/// What the file is.
#[component]
fn Facts(import: Import) -> impl IntoView {
    view! { <p class="muted">{format!("{} · {} · {}", import.kind.label(), import.source.label(), rows(import.rows))}</p> }
}

/// The process that read it has ended half-way.
#[component]
fn Dead(dry: bool) -> impl IntoView {
    let told = match dry {
        true => "The check ended half-way, since the server that did it went away. You can start it again.",
        false => "The import ended half-way, since the server that did it went away. Nothing was imported; you can start it again.",
    };
    view! {
        <p class="alert" role="alert"><IconView icon=Icon::Alert /><span>{told}</span></p>
    }
}

/// The file is not there, or not any more.
#[component]
fn Gone(transfer: String) -> impl IntoView {
    view! {
        <Empty icon=Icon::Transfer title="The file is not kept any more" text="A file is kept for a day. Nothing of it was imported.">
            <a class="button" href=transfer>"Send it again"</a>
        </Empty>
    }
}

/// All of it is in.
#[component]
pub fn Imported(told: String, list: String) -> impl IntoView {
    view! {
        <Notice>
            <p>{told}" "<a href=list>"Show them in the list"</a></p>
        </Notice>
    }
}
