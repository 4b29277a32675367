//! The values of a KPI: entering, uploading, putting right, removing.

use chrono::NaiveDate;
use leptos::prelude::*;
use server_fn::ServerFn;

use super::crumbs;
use super::detail::Forms;
use crate::goal::kpi::api::point::{GetKpiPoint, RecordKpiPoint, RemoveKpiPoint, UpdateKpiPoint};
use crate::goal::kpi::model::{DataPoint, Kpi, PointFields, PointPage, typed_number};
use crate::kernel::day::typed;
use crate::kernel::number::with_unit;
use crate::kernel::page::{Cursor, Page};
use crate::kernel::time::day;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::ui::fold::Fold;
use crate::ui::form::{ServerForm, Submit, TextField, Version, is_refused};
use crate::ui::layout::{PageHead, Pager};
use crate::ui::load::{Load, data};
use crate::ui::rows::anew;
use crate::ui::upload::UploadForm;

/// A page of a KPI's values; for those who work, with ways to enter more. `way` is the page's address with the chart's choices.
#[component]
pub fn PointPanel(
    points: Page<DataPoint>,
    kpi: Kpi,
    org: String,
    page: String,
    way: String,
    works: bool,
    today: NaiveDate,
    forms: Forms,
) -> impl IntoView {
    let none = points.rows.is_empty().then(|| view! { <p class="muted">"No values yet."</p> });
    let step = |cursor: Option<Cursor>, label: &'static str| {
        let joined = if way.contains('?') { '&' } else { '?' };
        cursor.map(|cursor| view! { <a class="button" href=format!("{way}{joined}at={}", cursor.encode())>{label}</a> })
    };
    let (later, earlier) = (step(points.previous.clone(), "Later"), step(points.next.clone(), "Earlier"));
    let pager = (later.is_some() || earlier.is_some()).then(|| view! { <Pager range=points.range()>{later}{earlier}</Pager> });
    let any = !points.rows.is_empty();
    let rows =
        points.rows.into_iter().map(|point| view! { <PointRow point unit=kpi.unit.clone() page=page.clone() works /> }).collect_view();
    let changes = works.then(|| {
        let of_remove = org.clone();
        view! {
            <ServerForm id="remove-point" to=RemoveKpiPoint::PATH sent=forms.removed>
                <input type="hidden" name="org" value=of_remove />
            </ServerForm>
            <Entry org id=kpi.id.clone() today forms />
        }
    });
    let upload = works.then(|| view! { <Upload page=page.clone() forms /> });
    let heading_actions = works.then(|| view! { <th scope="col"><span class="visually-hidden">"Actions"</span></th> });
    let table = any.then(|| {
        view! {
            <div class="table-scroll" tabindex="0" role="region" aria-label="Table of values">
                <table class="table">
                    <thead><tr><th scope="col">"Date"</th><th scope="col" class="number">"Value"</th>{heading_actions}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    view! {
        <section class="card stack" aria-labelledby="values">
            <h2 id="values" tabindex="-1">"Values"</h2>
            {changes}
            {none}
            {table}
            {pager}
            {upload}
        </section>
    }
}

/// Enters a value; the day at first is today's.
#[component]
fn Entry(org: String, id: String, today: NaiveDate, forms: Forms) -> impl IntoView {
    let today = today.and_hms_opt(0, 0, 0).map(|start| start.and_utc());
    view! {
        <ServerForm to=RecordKpiPoint::PATH class="stack" sent=forms.recorded emptied=true>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <div class="field-pair">
                <TextField name="date" label="Date" kind="date" value=typed(today) required=true />
                <TextField name="value" label="Value" required=true />
            </div>
            <div class="actions"><Submit label="Enter value" class="" /></div>
        </ServerForm>
    }
}

/// Takes a table of values.
#[component]
fn Upload(page: String, forms: Forms) -> impl IntoView {
    let to = format!("{page}/points");
    view! {
        <Fold label="Upload a CSV file" class="kpi-upload" open=is_refused(&to)>
            <UploadForm
                to
                sent=forms.uploaded
                name="file"
                label="CSV file"
                hint="Two columns, date and value, such as 2026-11-23,41.5. A day that has a value gets the new one. If one line is wrong, nothing is taken."
                accept=".csv,text/csv,text/plain"
                submit="Upload values"
            />
        </Fold>
    }
}

#[component]
fn PointRow(point: DataPoint, unit: String, page: String, works: bool) -> impl IntoView {
    let date = day(point.date);
    let changes = works.then(|| {
        let (id, said) = (point.id.clone(), date.clone());
        let edit = format!("{page}/points/{}", point.id);
        view! {
            <td class="number">
                <a class="button quiet small" href=edit aria-label=format!("Edit the value of {date}")>"Edit"</a>
                {anew(move || {
                    let (id, label) = (id.clone(), format!("Remove the value of {said}"));
                    view! { <button type="submit" class="button quiet small" form="remove-point" name="id" value=id aria-label=label>"Remove"</button> }
                })}
            </td>
        }
    });
    view! {
        <tr>
            <th scope="row">{date}</th>
            <td class="number">{with_unit(point.value, &unit)}</td>
            {changes}
        </tr>
    }
}

/// `/orgs/{org}/products/{key}/kpis/{id}/points/{point}`
#[component]
pub fn PointEditPage() -> impl IntoView {
    let (org, key, kpi, point) = (param("org"), param("key"), param("id"), param("point"));
    let page = data(move || GetKpiPoint { org: org.get(), product: key.get(), kpi: kpi.get(), id: point.get() });
    let view = move |data: PointPage| {
        let org = org.get_untracked();
        let back = format!("/orgs/{org}/products/{}/kpis/{}", data.product.key, data.kpi.id);
        view! {
            <PageHead title=format!("Edit a value of {}", data.kpi.name) crumbs=crumbs(&org, &data.product) />
            <ServerForm to=UpdateKpiPoint::PATH class="stack form">
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=data.point.id.clone() />
                <Version of=PointFields::from(&data.point).version() />
                <TextField name="date" label="Date" kind="date" value=typed(Some(data.point.date)) required=true />
                <TextField name="value" label="Value" value=typed_number(data.point.value) required=true />
                <div class="actions">
                    <Submit label="Save value" />
                    <a class="button quiet" href=back>"Cancel"</a>
                </div>
            </ServerForm>
        }
        .into_any()
    };
    view! { <Load of=page view /> }
}
