//! The picture: how far each variant is from the control, with the interval that may be read every day.

use leptos::prelude::*;

use crate::experiment::model::analysis::{Analysis, Comparison, MetricResult};
use crate::ui::chart::{Interval, IntervalPlot};

/// One row for each metric and variant, as relative effects.
#[component]
pub fn EffectsPlot(analysis: Analysis) -> impl IntoView {
    let rows: Vec<Interval> = analysis.metrics.iter().flat_map(|metric| metric.comparisons.iter().map(|one| row(metric, one))).collect();
    if rows.is_empty() {
        return None;
    }
    let picture = if rows.iter().any(|row| row.middle.is_some()) {
        view! {
            <p class="hint">"How far each variant is from the control, in per cent of the control's mean, with the interval that is safe while peeking."</p>
            <IntervalPlot title="Relative effects" rows unit="%" />
        }
        .into_any()
    } else {
        view! { <p class="muted">"No effect can be told in per cent of the control's mean, so there is nothing to draw. The numbers below say why."</p> }
            .into_any()
    };
    Some(view! {
        <section class="card stack" aria-labelledby="effects">
            <h2 id="effects">"Effects"</h2>
            {picture}
        </section>
    })
}

fn row(metric: &MetricResult, one: &Comparison) -> Interval {
    let name = format!("{}: {}", metric.name, one.measured.name);
    let per_cent = |share: f64| share * 100.0;
    match &one.relative {
        Ok(effect) => {
            let bounds = effect.sequential.interval;
            Interval { name, low: bounds.low.map(per_cent), middle: Some(per_cent(effect.estimate)), high: bounds.high.map(per_cent) }
        }
        Err(_) => Interval { name, low: None, middle: None, high: None },
    }
}
