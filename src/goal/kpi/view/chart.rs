//! A KPI's chart, and how it is to be drawn.

use leptos::prelude::*;

use crate::goal::kpi::model::{Aggregation, ChartQuery, Event, Frequency, Kpi, Range, ShownChart};
use crate::kernel::time::day;
use crate::ui::chart::{Form, LineChart, Mark, Series, day_number};

/// The line with its target and what happened meanwhile, below the choices of periods and range.
#[component]
pub fn ChartPanel(kpi: Kpi, chart: ShownChart, page: String, product: String) -> impl IntoView {
    let choices = view! { <Choices kpi=kpi.clone() chart=chart.clone() page /> };
    let wanted = chart.query.by.unwrap_or(kpi.frequency).max(kpi.frequency);
    let longer = (chart.by != wanted).then(|| {
        let said = format!("There are too many {}s in this range to be drawn, so each point is a {}.", wanted.noun(), chart.by.noun());
        view! { <p class="hint">{said}</p> }
    });
    let picture = if chart.points.is_empty() {
        let said = if chart.query.range == Range::All { "No values yet." } else { "No values in this range." };
        view! { <p class="muted">{said}</p> }.into_any()
    } else {
        // The target is for a period of the KPI's own; a sum of several is another matter.
        let target = (kpi.aggregation != Aggregation::Sum || chart.by == kpi.frequency).then_some(kpi.target_value);
        let marks = chart.events.iter().map(|event| mark(event, chart.by, &product)).collect();
        let series = vec![Series::new(kpi.name.clone(), chart.line())];
        view! { <LineChart title=kpi.name.clone() series unit=kpi.unit.clone() target marks form=chart.query.form /> }.into_any()
    };
    view! {
        <section class="card stack" aria-label="Chart">
            {choices}
            {longer}
            {picture}
        </section>
    }
}

/// What happened, at the place of its period, with its own date.
fn mark(event: &Event, by: Frequency, product: &str) -> Mark {
    let when = event.day.and_hms_opt(0, 0, 0).map(|start| day(start.and_utc())).unwrap_or_default();
    Mark { x: day_number(by.start(event.day)), when, label: event.label.clone(), href: format!("{product}/{}", event.path) }
}

/// Periods, range and form, all in the address.
#[component]
fn Choices(kpi: Kpi, chart: ShownChart, page: String) -> impl IntoView {
    let query = chart.query;
    let link = |to: ChartQuery, label: String, chosen: bool| {
        view! { <li><a href=format!("{page}{}", to.params()) aria-current=chosen.then_some("true")>{label}</a></li> }
    };
    let by = |by: Frequency| {
        let wanted = if by == kpi.frequency { None } else { Some(by) };
        let name = by.noun();
        let label = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        link(ChartQuery { by: wanted, ..query }, label, by == chart.by)
    };
    let range = |range: Range| link(ChartQuery { range, ..query }, range.label().to_owned(), range == query.range);
    let form = |form: Form| link(ChartQuery { form, ..query }, form.label().to_owned(), form == query.form);
    view! {
        <div class="filters">
            <nav aria-label="Gather by"><ul class="tabs">{Frequency::ALL.into_iter().filter(|by| *by >= kpi.frequency).map(by).collect_view()}</ul></nav>
            <nav aria-label="Range"><ul class="tabs">{Range::ALL.map(range).collect_view()}</ul></nav>
            <nav aria-label="Drawn as"><ul class="tabs">{Form::ALL.map(form).collect_view()}</ul></nav>
        </div>
    }
}
