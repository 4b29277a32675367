//! The results of an experiment: entering them one by one or by a file, and those that are there.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::{crumbs_of, page_of};
use crate::experiment::api::results::{AddResult, ListResults, RemoveResult};
use crate::experiment::model::analysis::MetricKind;
use crate::experiment::model::number::shown;
use crate::experiment::model::{COLUMNS, ExperimentStatus, MeasuredRow, Metric, Recorded, ResultQuery, ResultsPage, Variant};
use crate::kernel::page::{Cursor, Page};
use crate::kernel::role::Perm;
use crate::kernel::text::grouped;
use crate::org::view::param;
use crate::ui::fold::Fold;
use crate::ui::form::{Sent, ServerForm, Submit, TextField, was_returned};
use crate::ui::layout::{Notice, PageHead, Pager};
use crate::ui::load::{Load, data};
use crate::ui::rows::{anew, then_focus};
use crate::ui::select::{FilterSelect, SelectField};
use crate::ui::upload::UploadForm;

/// The forms of the page, which outlive a new look at its data.
#[derive(Clone, Copy)]
struct Forms {
    added: Sent,
    removed: Sent,
    sent: Sent,
}

/// `/orgs/{org}/products/{key}/experiments/{id}/results`, with `?added=` and so on after a file.
#[component]
pub fn ResultListPage() -> impl IntoView {
    let (org, key, id) = (param("org"), param("key"), param("id"));
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(|params| ResultQuery::of_params(|name| params.get(name))));
    let taken = Signal::derive(move || {
        params.with(|params| {
            let number = |name: &str| params.get(name).and_then(|number| number.parse::<i64>().ok());
            Some(Recorded { added: number("added")?, changed: number("changed")?, same: number("same")? })
        })
    });
    let forms = Forms { added: Sent::new(), removed: Sent::new(), sent: Sent::new() };
    let results = data(move || ListResults { org: org.get(), product: key.get(), id: id.get(), query: query.get() })
        .live_item(&["Experiment", "ExperimentResult"], id)
        .after(forms.added)
        .after(forms.removed)
        .after(forms.sent);
    then_focus(forms.removed, "entered");
    let view = move |data: ResultsPage| {
        view! { <ResultsView data org=org.get_untracked() query=query.get_untracked() taken=taken.get_untracked() forms /> }.into_any()
    };
    view! { <Load of=results view /> }
}

#[component]
fn ResultsView(data: ResultsPage, org: String, query: ResultQuery, taken: Option<Recorded>, forms: Forms) -> impl IntoView {
    let ResultsPage { role, product, experiment, variants, metrics, page } = data;
    let crumbs = crumbs_of(&org, &product, &experiment);
    let base = format!("{}/results", page_of(&org, &product, &experiment));
    let closed = match experiment.deleted_at {
        Some(_) => Some("This experiment is deleted."),
        None => experiment.status.refuses_results(),
    };
    let works = role.can(Perm::WorkWrite) && closed.is_none();
    let notice = taken.map(|taken| view! { <Notice>{taken.words()}</Notice> });
    let why = closed.filter(|_| role.can(Perm::WorkWrite)).map(|why| view! { <p class="muted">{why}</p> });
    let entry = works.then(|| {
        view! {
            <div class="stack">
                <EntryForm org=org.clone() id=experiment.id.clone() variants=variants.clone() metrics=metrics.clone() added=forms.added />
                <FileForm to=format!("{base}/upload") sent=forms.sent />
            </div>
        }
    });
    let remove = works.then({
        let org = org.clone();
        move || {
            view! {
                <ServerForm id="remove-result" to=RemoveResult::PATH sent=forms.removed>
                    <input type="hidden" name="org" value=org />
                </ServerForm>
            }
        }
    });
    let status = experiment.status;
    view! {
        <PageHead title="Results" crumbs />
        {notice}
        {why}
        <div class="columns results-page">
            <section class="stack" aria-labelledby="entered">
                <h2 id="entered" tabindex="-1">"Entered so far"</h2>
                {remove}
                <Entered page variants metrics base query works status />
            </section>
            {entry}
        </div>
    }
}

/// Enters one result.
#[component]
fn EntryForm(org: String, id: String, variants: Vec<Variant>, metrics: Vec<Metric>, added: Sent) -> impl IntoView {
    let has = |kind: MetricKind| metrics.iter().any(|metric| metric.kind == kind);
    let (ratio, mean) = (has(MetricKind::Ratio), has(MetricKind::Mean) || has(MetricKind::Ratio));
    let variants = variants.into_iter().map(|variant| (variant.id, variant.name)).collect();
    let metrics = metrics.into_iter().map(|metric| (metric.id, metric.name)).collect();
    view! {
        <section class="card stack" aria-labelledby="enter">
            <h2 id="enter">"Enter a result"</h2>
            <ServerForm to=AddResult::PATH class="stack" sent=added>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <TextField name="day" label="Day" kind="date" required=true />
                <SelectField name="metric" label="Metric" options=metrics />
                <SelectField name="variant" label="Variant" options=variants />
                <SumFields ratio squares=mean />
                <div class="actions"><Submit label="Add result" /></div>
            </ServerForm>
        </section>
    }
}

/// The sums of a result.
#[component]
pub fn SumFields(ratio: bool, squares: bool, #[prop(optional)] form: crate::experiment::model::ResultForm) -> impl IntoView {
    let known = !form.covariate_sum.is_empty();
    let squares = squares.then(|| {
        view! { <TextField name="sum_squares" label="Sum of squares" value=form.sum_squares hint="Of each unit's value times itself. Of a proportion leave it empty." /> }
    });
    let denominator = ratio.then(|| {
        view! {
            <fieldset class="stack">
                <legend>"Denominator of a ratio"</legend>
                <TextField name="denominator_sum" label="Denominator: sum" value=form.denominator_sum />
                <TextField name="denominator_squares" label="Denominator: sum of squares" value=form.denominator_squares />
                <TextField name="denominator_cross" label="Denominator: sum of products" value=form.denominator_cross hint="Of each unit's numerator times its denominator." />
            </fieldset>
        }
    });
    view! {
        <TextField name="n" label="Units" value=form.n required=true hint="People or sessions that came on this day, each counted once." />
        <TextField name="sum" label="Sum" value=form.sum required=true hint="Of a proportion, how many of them did it." />
        {squares}
        {denominator}
        <Fold label="What was known of them before (CUPED)" open=known || was_returned()>
            <div class="stack">
                <TextField name="covariate_sum" label="Before: sum" value=form.covariate_sum />
                <TextField name="covariate_squares" label="Before: sum of squares" value=form.covariate_squares />
                <TextField name="covariate_cross" label="Before: sum of products" value=form.covariate_cross hint="Of each unit's value now times its value before." />
            </div>
        </Fold>
    }
}

/// Takes in a file.
#[component]
fn FileForm(to: String, sent: Sent) -> impl IntoView {
    view! {
        <section class="card stack upload-results" aria-labelledby="file">
            <h2 id="file">"Send a file"</h2>
            <p class="hint">"CSV with one row for each day, variant and metric; these are the columns, of which the last six may be missing:"</p>
            <p><code>{COLUMNS.join(", ")}</code></p>
            <UploadForm
                to
                sent
                name="file"
                label="File"
                hint="All of it is taken in, or nothing. A day that is there already is replaced."
                accept=".csv,text/csv"
                submit="Send file"
            />
        </section>
    }
}

/// What is there.
#[component]
fn Entered(
    page: Page<MeasuredRow>,
    variants: Vec<Variant>,
    metrics: Vec<Metric>,
    base: String,
    query: ResultQuery,
    works: bool,
    status: ExperimentStatus,
) -> impl IntoView {
    let options = metrics.iter().map(|metric| (metric.id.clone(), metric.name.clone())).collect();
    let filter = view! {
        <form method="get" action=base.clone() class="tag-filter" role="search" aria-label="Filter results">
            <FilterSelect name="metric" label="Metric" all="All metrics" options value=query.metric.clone().unwrap_or_default() />
            <button class="button small">"Filter"</button>
        </form>
    };
    if page.rows.is_empty() {
        let text = match status {
            ExperimentStatus::Draft => "Results come once it has started.",
            _ => "No results yet.",
        };
        return view! { {filter}<p class="muted">{text}</p> }.into_any();
    }
    let step = |cursor: Option<Cursor>, label: &'static str| {
        cursor.map(|cursor| {
            let to = ResultQuery { cursor: Some(cursor), ..query.clone() };
            view! { <a class="button" href=format!("{base}{}", to.params())>{label}</a> }
        })
    };
    let (previous, next) = (step(page.previous.clone(), "Newer"), step(page.next.clone(), "Older"));
    let range = page.range();
    let row = |row: MeasuredRow| {
        let variant = variants.iter().find(|one| one.id == row.variant_id).map(|one| one.name.clone()).unwrap_or_default();
        let metric = metrics.iter().find(|one| one.id == row.metric_id).map(|one| one.name.clone()).unwrap_or_default();
        view! { <EnteredRow row variant metric base=base.clone() works /> }
    };
    let head = works.then(|| view! { <th scope="col"><span class="visually-hidden">"Actions"</span></th> });
    view! {
        {filter}
        <div class="table-scroll" tabindex="0" role="region" aria-label="Results">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Day"</th>
                        <th scope="col">"Metric"</th>
                        <th scope="col">"Variant"</th>
                        <th scope="col" class="number">"Units"</th>
                        <th scope="col" class="number">"Sum"</th>
                        <th scope="col" class="number wide-only">"Sum of squares"</th>
                        {head}
                    </tr>
                </thead>
                <tbody>{page.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <Pager range>{previous}{next}</Pager>
    }
    .into_any()
}

#[component]
fn EnteredRow(row: MeasuredRow, variant: String, metric: String, base: String, works: bool) -> impl IntoView {
    let what = format!("{metric}, {variant}, {}", row.day);
    let changes = works.then(|| {
        let (id, label) = (row.id.clone(), format!("Delete {what}"));
        let edit = format!("Edit {what}");
        view! {
            <td class="actions">
                <a class="button quiet small" href=format!("{base}/{}", row.id) aria-label=edit>"Edit"</a>
                {anew(move || {
                    let (id, label) = (id.clone(), label.clone());
                    view! { <button type="submit" class="button quiet small" form="remove-result" name="id" value=id aria-label=label>"Delete"</button> }
                })}
            </td>
        }
    });
    view! {
        <tr>
            <th scope="row" class="day">{row.day.to_string()}</th>
            <td dir="auto">{metric}</td>
            <td dir="auto">{variant}</td>
            <td class="number">{grouped(row.sums.n)}</td>
            <td class="number">{shown(row.sums.sum)}</td>
            <td class="number wide-only">{shown(row.sums.sum_squares)}</td>
            {changes}
        </tr>
    }
}
