//! A key result's own page with its check-ins, and the form that changes it.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::results::{ResultFields, SparkOf};
use super::{ProgressBar, crumbs};
use crate::goal::okr::api::result::{CheckIn as SendCheckIn, GetKeyResult, RemoveKeyResult, UpdateKeyResult};
use crate::goal::okr::model::{self, CheckIn, Direction, KeyResult, Okr, ResultPage, amount, typed};
use crate::kernel::error::AppError;
use crate::kernel::page::{Cursor, Page};
use crate::kernel::role::Perm;
use crate::kernel::time::{day, moment};
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::product::model::ProductName;
use crate::ui::form::{CheckField, Sent, ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Crumb, PageHead, Pager, Prose};
use crate::ui::load::{Data, Failure, Load, data};
use crate::ui::select::SelectField;

/// The key result of the page's address, from these check-ins on.
fn asked(org: Signal<String>, at: impl Fn() -> Option<Cursor> + Send + Sync + 'static) -> Data<ResultPage> {
    let (key, okr, id) = (param("key"), param("id"), param("result"));
    data(move || GetKeyResult { org: org.get(), product: key.get(), okr: okr.get(), id: id.get(), at: at() })
}

/// The way from the portfolio to a key result's objective.
fn way(org: &str, product: &ProductName, okr: &Okr) -> Vec<Crumb> {
    let mut crumbs = crumbs(org, product);
    crumbs.push(Crumb::new(okr.title.clone(), format!("/orgs/{org}/products/{}/okrs/{}", product.key, okr.id)));
    crumbs
}

/// `/orgs/{org}/products/{key}/okrs/{id}/results/{result}`
#[component]
pub fn ResultPageView() -> impl IntoView {
    let org = param("org");
    let params = use_query_map();
    let at = Memo::new(move |_| params.with(|params| params.get("at").and_then(|word| Cursor::decode(&word))));
    let said = Sent::new();
    let page = asked(org, move || at.get()).live(&["KeyResult", "KeyResultCheckIn", "OKR"]).after(said);
    let view = move |data: ResultPage| view! { <ResultView data org=org.get_untracked() said /> }.into_any();
    view! { <Load of=page view /> }
}

/// What was said of it at the left; where it stands at the right.
#[component]
fn ResultView(data: ResultPage, org: String, said: Sent) -> impl IntoView {
    let ResultPage { role, product, okr, result, check_ins } = data;
    let open = okr.deleted_at.is_none() && !okr.status.is_over();
    let page = format!("/orgs/{org}/products/{}/okrs/{}/results/{}", product.key, okr.id, result.id);
    let edit = (open && role.can(Perm::PlanWrite))
        .then(|| view! { <a class="button" href=format!("{page}/edit")><IconView icon=Icon::Edit />"Edit"</a> });
    let form = (open && role.can(Perm::WorkWrite)).then(|| view! { <CheckInForm org=org.clone() result=result.clone() said /> });
    let over = okr.status.is_over().then(|| view! { <p class="muted">"The objective is over, so nothing is checked in any more."</p> });
    view! {
        <PageHead title=result.title.clone() crumbs=way(&org, &product, &okr)>{edit}</PageHead>
        <div class="columns">
            <div class="stack">
                {form}
                {over}
                <Said check_ins page unit=result.unit.clone() />
            </div>
            <div class="stack">
                <Standing result />
            </div>
        </div>
    }
}

/// Where the key result stands, and how it went.
#[component]
fn Standing(result: KeyResult) -> impl IntoView {
    let goal = match result.direction {
        Direction::Maintain => "Band",
        _ => "Way",
    };
    view! {
        <section class="card stack" aria-labelledby="progress">
            <h2 id="progress">"Progress"</h2>
            <ProgressBar progress=result.progress() />
            <SparkOf result=result.clone() />
            <dl class="facts">
                <div><dt>"Now"</dt><dd>{result.current()}</dd></div>
                <div><dt>{goal}</dt><dd>{result.goal()}</dd></div>
                <div><dt>"Direction"</dt><dd>{result.direction.label()}</dd></div>
                <div><dt>"Added"</dt><dd>{day(result.created_at)}</dd></div>
            </dl>
            <Prose text=result.description.clone().unwrap_or_default() empty="Nobody has written yet how this is measured." />
        </section>
    }
}

/// Says where it stands now.
#[component]
fn CheckInForm(org: String, result: KeyResult, said: Sent) -> impl IntoView {
    let confidence = [(String::new(), "Not said".to_owned())].into_iter().chain((0..=10).rev().map(|at: i32| {
        let words = match at {
            10 => " – sure to reach it",
            5 => " – even odds",
            0 => " – sure to miss it",
            _ => "",
        };
        (at.to_string(), format!("{at}{words}"))
    }));
    view! {
        <section class="card" aria-labelledby="check-in">
            <h2 id="check-in">"Check in"</h2>
            <ServerForm to=SendCheckIn::PATH sent=said class="stack" emptied=true>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=result.id.clone() />
                <div class="field-pair">
                    <TextField name="value" label="Value now" value=typed(result.current_value) required=true />
                    <SelectField name="confidence" label="Confidence" options=confidence.collect() />
                </div>
                <TextArea name="note" label="Note" rows=3 hint="What moved it, and what is in the way." />
                <div class="actions"><Submit label="Save check-in" /></div>
            </ServerForm>
        </section>
    }
}

/// What was said of it, the newest first, and the ways to what was said before.
#[component]
fn Said(check_ins: Page<CheckIn>, page: String, unit: String) -> impl IntoView {
    let step = |cursor: Option<Cursor>, label: &'static str| {
        cursor.map(|cursor| view! { <a class="button" href=format!("{page}?at={}", cursor.encode())>{label}</a> })
    };
    let (previous, next) = (step(check_ins.previous.clone(), "Newer"), step(check_ins.next.clone(), "Older"));
    let range = check_ins.range();
    let none = check_ins.rows.is_empty().then(|| view! { <p class="muted">"Nobody has checked in yet."</p> });
    let entry = |said: CheckIn| {
        let confidence = said.confidence.map(|confidence| view! { <span class="badge">{format!("Confidence {confidence} of 10")}</span> });
        let author = said.author();
        let note = said.note.map(|note| view! { <p class="prose" dir="auto">{note}</p> });
        view! {
            <li>
                <div class="comment-head">
                    <span class="strong">{amount(said.value, &unit)}</span>
                    {confidence}
                    <span dir="auto">{author}</span>
                    <span class="muted">{moment(said.created_at)}</span>
                </div>
                {note}
            </li>
        }
    };
    let list = check_ins.rows.into_iter().map(entry).collect_view();
    view! {
        <section class="card talk" aria-labelledby="check-ins">
            <h2 id="check-ins">"Check-ins"</h2>
            {none}
            <ol aria-label="Check-ins">{list}</ol>
            <Pager range>{previous}{next}</Pager>
        </section>
    }
}

/// `/orgs/{org}/products/{key}/okrs/{id}/results/{result}/edit`
#[component]
pub fn EditResultPage() -> impl IntoView {
    let org = param("org");
    let page = asked(org, || None);
    let view = move |data: ResultPage| match data.role.can(Perm::PlanWrite) {
        true => view! { <EditResult data org=org.get_untracked() /> }.into_any(),
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=page view /> }
}

#[component]
fn EditResult(data: ResultPage, org: String) -> impl IntoView {
    let ResultPage { product, okr, result, check_ins, .. } = data;
    let back = format!("/orgs/{org}/products/{}/okrs/{}/results/{}", product.key, okr.id, result.id);
    let (slug, id) = (org.clone(), result.id.clone());
    let has_check_ins = !check_ins.rows.is_empty();
    view! {
        <PageHead title="Edit key result" crumbs=way(&org, &product, &okr) />
        <ServerForm to=UpdateKeyResult::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=result.id.clone() />
            <Version of=model::ResultFields::from(&result).version() />
            <ResultFields result=Some(result) />
            <div class="actions">
                <Submit label="Save key result" />
                <a class="button quiet" href=back>"Cancel"</a>
            </div>
        </ServerForm>
        <section class="card danger form" aria-labelledby="delete">
            <h2 id="delete">"Delete this key result"</h2>
            <p>"It cannot be brought back."</p>
            <ServerForm to=RemoveKeyResult::PATH class="stack">
                <input type="hidden" name="org" value=slug />
                <input type="hidden" name="id" value=id />
                // Made inside the form, so that it knows the form's errors.
                {has_check_ins.then(|| view! { <CheckField name="confirmed" label="Delete its check-ins too, for good" checked=false /> })}
                <div class="actions"><Submit label="Delete key result" class="danger" /></div>
            </ServerForm>
        </section>
    }
}
