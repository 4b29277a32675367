//! How an effect went: the estimate after each day, with the interval that may be read on every one of them.

use leptos::prelude::*;

use crate::experiment::model::analysis::{Band, Comparison, Look, MetricKind, MetricResult, MetricRole};
use crate::ui::chart::{BandChart, Interval, Track, day_number};

/// A band for each variant, as relative effects where there are any; nothing before the first result. Of guardrails it is folded away.
#[component]
pub fn DayByDay(metric: MetricResult) -> impl IntoView {
    let relative = metric.comparisons.iter().any(|one| one.relative.is_ok());
    let (factor, unit, of) = match (relative, metric.kind) {
        (true, _) => (100.0, "%", "in per cent of the control's mean"),
        (false, MetricKind::Proportion) => (100.0, "pp", "in percentage points"),
        (false, _) => (1.0, "", "in the metric's own unit"),
    };
    let tracks: Vec<Track> = metric.comparisons.iter().map(|one| track(one, relative, factor)).collect();
    let measured = tracks.iter().any(|track| track.points.iter().any(|(_, interval)| interval.middle.is_some()));
    let about = format!(
        "The effect as it was after each day, {of}, with its sequential interval: where that leaves zero out, on any day, an effect is shown. \
         What is too wide at first is cut off; of more than two months some days are left out."
    );
    measured.then(|| {
        view! {
            <details class="adding" open=metric.role == MetricRole::Primary>
                <summary>"Day by day"</summary>
                <div class="stack">
                    <p class="hint">{about}</p>
                    <BandChart title=format!("{}, day by day", metric.name) tracks unit />
                </div>
            </details>
        }
    })
}

fn track(one: &Comparison, relative: bool, factor: f64) -> Track {
    let point = |look: &Look| {
        let band = if relative { &look.relative } else { &look.absolute };
        let of = |number: fn(&Band) -> Option<f64>| band.as_ref().ok().and_then(number).map(|number| number * factor);
        let (low, middle, high) = (of(|band| band.interval.low), of(|band| Some(band.estimate)), of(|band| band.interval.high));
        (day_number(look.day), Interval { name: String::new(), low, middle, high })
    };
    Track { name: one.measured.name.clone(), points: one.looks.iter().map(point).collect() }
}
