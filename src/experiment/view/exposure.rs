//! Who got what, whether that is as it was to be, and how far the experiment is.

use leptos::prelude::*;

use crate::experiment::model::analysis::{Analysis, Computed, Exposure, Srm};
use crate::experiment::model::number::percent;
use crate::kernel::text::grouped;
use crate::ui::chart::{Point, Series, StackedFlow, day_number};

/// Units by variant with the check of their ratio.
#[component]
pub fn ExposurePanel(analysis: Analysis) -> impl IntoView {
    let planned = analysis.settings.planned;
    let days = analysis.exposure;
    let progress = planned.map(|planned| view! { <SizeProgress units=analysis.units planned /> });
    view! {
        <section class="card stack" aria-labelledby="exposure">
            <h2 id="exposure">"Exposure"</h2>
            {ratio(analysis.srm)}
            {progress}
            {flow(days)}
        </section>
    }
}

/// How the units came in, day by day; nothing before the second day.
fn flow(days: Vec<Exposure>) -> Option<AnyView> {
    let several = days.iter().any(|one| one.days.len() > 1);
    let line = |one: Exposure| {
        Series::new(one.variant, one.days.into_iter().map(|(day, units)| Point::new(day_number(day), Some(units as f64))).collect())
    };
    several.then(|| view! { <StackedFlow title="Units so far" series=days.into_iter().map(line).collect() /> }.into_any())
}

fn ratio(srm: Computed<Srm>) -> AnyView {
    let srm = match srm {
        Ok(srm) => srm,
        Err(why) => return view! { <p class="muted">{why.to_string()}</p> }.into_any(),
    };
    let all: f64 = srm.variants.iter().map(|variant| variant.observed as f64).sum();
    let row = |name: String, observed: i64, expected: f64| {
        let share = if all > 0.0 { percent(observed as f64 / all) } else { "–".into() };
        view! {
            <tr>
                <th scope="row" dir="auto">{name}</th>
                <td class="number">{grouped(observed)}</td>
                <td class="number">{share}</td>
                <td class="number">{grouped(expected.round() as i64)}</td>
            </tr>
        }
    };
    let rows = srm.variants.into_iter().map(|one| row(one.name, one.observed, one.expected)).collect_view();
    let told = match srm.alarm {
        true => view! {
            <p class="alert" role="alert">
                {format!("Sample ratio mismatch ({}): the users were not shared out as planned, so what is measured is not to be trusted. Look for a variant that loses users, a redirect, bots, or a late logging of one of them.", srm.p)}
            </p>
        }
        .into_any(),
        false => view! { <p class="hint">{format!("The ratio is as it should be (χ² test, {}).", srm.p)}</p> }.into_any(),
    };
    view! {
        <table class="table results">
            <caption class="visually-hidden">"Units by variant"</caption>
            <thead>
                <tr>
                    <th scope="col">"Variant"</th>
                    <th scope="col" class="number">"Units"</th>
                    <th scope="col" class="number">"Share"</th>
                    <th scope="col" class="number">"Expected"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {told}
    }
    .into_any()
}

/// How much of the planned size is there.
#[component]
fn SizeProgress(units: i64, planned: i64) -> impl IntoView {
    let share = percent((units as f64 / planned.max(1) as f64).min(1.0));
    view! {
        <div class="rollup">
            <progress aria-label="Planned size reached" value=units.min(planned).to_string() max=planned.to_string()></progress>
            <span>{format!("{} of {} planned units ({share})", grouped(units), grouped(planned))}</span>
        </div>
    }
}
