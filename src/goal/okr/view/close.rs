//! The page that closes a quarter.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{ProgressBar, crumbs};
use crate::goal::okr::api::close::{CloseQuarter, GetClosing};
use crate::goal::okr::model::{ClosePage, Closing, OkrStatus, Outcome, Quarter};
use crate::org::view::param;
use crate::ui::form::{ServerForm, Submit, first_value};
use crate::ui::icon::Icon;
use crate::ui::layout::{Empty, PageHead};
use crate::ui::load::{Load, data};
use crate::ui::select::SelectField;

/// `/orgs/{org}/products/{key}/okrs/close?quarter=2026-Q4`
#[component]
pub fn CloseQuarterPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let params = use_query_map();
    let quarter = Memo::new(move |_| params.with(|params| params.get("quarter")).and_then(|word| Quarter::parse(&word)));
    let closing = data(move || GetClosing { org: org.get(), product: key.get(), quarter: quarter.get() });
    let view = move |data: ClosePage| view! { <CloseView data org=org.get_untracked() /> }.into_any();
    view! { <Load of=closing view /> }
}

#[component]
fn CloseView(data: ClosePage, org: String) -> impl IntoView {
    let ClosePage { product, quarter, okrs } = data;
    let (crumbs, back) = (crumbs(&org, &product), format!("/orgs/{org}/products/{}/okrs", product.key));
    let title = format!("Close {}", quarter.label());
    if okrs.is_empty() {
        return view! {
            <PageHead title crumbs />
            <Empty icon=Icon::Target title="Nothing to close" text="No objective of this quarter is active.">
                <a class="button" href=back>"To the objectives"</a>
            </Empty>
        }
        .into_any();
    }
    let next = quarter.plus(1).label();
    let begins = [OkrStatus::Draft, OkrStatus::Active].map(|status| (status.word().to_owned(), status.label().to_owned())).to_vec();
    view! {
        <PageHead title crumbs />
        <ServerForm to=CloseQuarter::PATH class="stack">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="product" value=product.key.clone() />
            <input type="hidden" name="quarter" value=quarter.word() />
            <p class="lead">
                {format!("What is carried over begins in {next} where it stands now, with the key results that are not reached and those to be maintained. It serves what it served, or what that goes on as.")}
            </p>
            <ClosingTable okrs base=back.clone() />
            <div class="form">
                <SelectField name="begin" label="What is carried over begins as" options=begins value=OkrStatus::Draft.word() />
            </div>
            <div class="actions">
                <Submit label="Close the quarter" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
    }
    .into_any()
}

/// The objectives. Made inside of the form, so that after a refusal each has the choice that was made.
#[component]
fn ClosingTable(okrs: Vec<Closing>, base: String) -> impl IntoView {
    let rows = okrs.into_iter().map(|closing| view! { <ClosingRow closing base=base.clone() /> }).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Objectives to close">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Objective"</th>
                        <th scope="col">"Progress"</th>
                        <th scope="col">"What becomes of it"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// An objective, and the choice of what becomes of it.
#[component]
fn ClosingRow(closing: Closing, base: String) -> impl IntoView {
    let Closing { okr, unfinished } = closing;
    let chosen = first_value(&okr.id, Outcome::proposed(okr.progress).word().to_owned());
    let option = |(word, label): (&'static str, &'static str)| view! { <option selected=word == chosen value=word>{label}</option> };
    let options = Outcome::pairs().into_iter().map(option).collect_view();
    let open = match unfinished {
        0 => "Nothing unfinished".to_owned(),
        1 => "1 key result unfinished".to_owned(),
        many => format!("{many} key results unfinished"),
    };
    let label = format!("What becomes of {}", okr.title);
    view! {
        <tr>
            <th scope="row">
                <div class="idea-cell">
                    <a class="idea-title" href=format!("{base}/{}", okr.id) dir="auto">{okr.title}</a>
                    <span class="muted">{open}</span>
                </div>
            </th>
            <td><ProgressBar progress=okr.progress /></td>
            <td class="field"><select name=format!("form[{}]", okr.id) aria-label=label>{options}</select></td>
        </tr>
    }
}
