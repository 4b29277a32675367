//! The numbers, one table for each metric.

use leptos::prelude::*;

use super::looks::DayByDay;
use crate::experiment::model::analysis::{Analysis, Comparison, Computed, Effect, MetricKind, MetricResult, MetricRole, Settings, Test};
use crate::experiment::model::number::{Scale, mean, percent, plain};
use crate::kernel::text::grouped;

/// Every metric with every variant.
#[component]
pub fn Numbers(analysis: Analysis) -> impl IntoView {
    let Analysis { metrics, settings, .. } = analysis;
    metrics.into_iter().map(|metric| view! { <MetricPanel metric settings=settings.clone() /> }).collect_view()
}

/// One metric: its variants against the control, in words, day by day and in numbers, safe while peeking; and folded away the test that
/// is not.
#[component]
fn MetricPanel(metric: MetricResult, settings: Settings) -> impl IntoView {
    let heading = format!("metric-{}", metric.metric);
    let labelled = heading.clone();
    let role = match (metric.role, metric.margin) {
        (MetricRole::Guardrail, Some(margin)) => format!("Guardrail, may worsen by {}", percent(margin)),
        (role, _) => role.label().to_owned(),
    };
    let about = format!("{role} · {} · {}", metric.kind.label(), metric.direction.label());
    let sentences = metric.comparisons.iter().map(|one| view! { <li dir="auto">{one.sentence.clone()}</li> }).collect_view();
    let cuped = metric.comparisons.iter().filter_map(cuped).map(|told| view! { <p class="hint" dir="auto">{told}</p> }).collect_view();
    let fixed = view! { <Fixed metric=metric.clone() settings=settings.clone() /> };
    let picture = view! { <DayByDay metric=metric.clone() /> };
    view! {
        <section class="card stack" aria-labelledby=labelled>
            <div class="card-head">
                <h2 id=heading.clone() dir="auto">{metric.name.clone()}</h2>
                <span class="muted">{about}</span>
            </div>
            <ul class="notes">{sentences}</ul>
            {picture}
            <Comparisons metric settings />
            {cuped}
            {fixed}
        </section>
    }
}

/// What knowing the units from before has brought a variant.
fn cuped(one: &Comparison) -> Option<String> {
    let name = &one.measured.name;
    Some(match one.cuped.as_ref()? {
        Ok(cuped) => format!("{name}: what was known before (CUPED) takes away {} of the variance.", percent(cuped.reduction)),
        Err(why) => format!("{name}: what was known before (CUPED) is not used. {why}"),
    })
}

/// A number, or in its cell why there is none.
fn cell(value: Computed<String>) -> AnyView {
    match value {
        Ok(text) => view! { <td class="number">{text}</td> }.into_any(),
        Err(why) => view! { <td class="why">{why.to_string()}</td> }.into_any(),
    }
}

/// The relative effect if there is one, else the absolute one; and in what it is told.
fn leading(one: &Comparison, kind: MetricKind) -> (Computed<Effect>, Scale) {
    match (&one.relative, &one.absolute) {
        (Err(_), Ok(absolute)) => (Ok(absolute.clone()), Scale::absolute(kind)),
        (relative, _) => (relative.clone(), Scale::Relative),
    }
}

fn level(settings: &Settings) -> String {
    format!("{} %", plain((1.0 - settings.alpha) * 100.0))
}

/// An effect with the interval around it and the p-value of a test, or in its cell why there is none.
fn effect_cell(effect: &Computed<Effect>, of: impl Fn(&Effect) -> &Test, scale: Scale) -> AnyView {
    match effect {
        Ok(effect) => {
            let test = of(effect);
            let (estimate, interval) = scale.told(effect.estimate, &test.interval);
            view! {
                <td class="number effect">
                    <span class="estimate">{estimate}</span>
                    <span>{interval}</span>
                    <span>{test.adjusted.to_string()}</span>
                </td>
            }
            .into_any()
        }
        Err(why) => view! { <td class="why">{why.to_string()}</td> }.into_any(),
    }
}

/// The heads of the effects' two columns, with what each is measured in.
fn effect_heads(kind: MetricKind, settings: &Settings) -> AnyView {
    let unit = if kind == MetricKind::Proportion { "percentage points" } else { "the metric's own unit" };
    let with = format!("with {} interval and corrected p", level(settings));
    view! {
        <th scope="col" class="number">{format!("Relative, in % of the control's mean, {with}")}</th>
        <th scope="col" class="number">{format!("Absolute, in {unit}, {with}")}</th>
    }
    .into_any()
}

/// The variants against the control by the sequential test.
#[component]
fn Comparisons(metric: MetricResult, settings: Settings) -> impl IntoView {
    let kind = metric.kind;
    let control = metric.control.mean.clone().map(|value| mean(kind, value));
    let row = |one: Comparison| {
        let (effect, scale) = leading(&one, kind);
        let belief = effect.and_then(|effect| effect.belief);
        let standing = one.standing;
        view! {
            <tr>
                <th scope="row" dir="auto">
                    {one.measured.name.clone()}
                    <span class="badge" data-standing=standing.word()>{standing.label()}</span>
                </th>
                {cell(control.clone())}
                {cell(one.measured.mean.clone().map(|value| mean(kind, value)))}
                {effect_cell(&one.relative, |effect| &effect.sequential, Scale::Relative)}
                {effect_cell(&one.absolute, |effect| &effect.sequential, Scale::absolute(kind))}
                {cell(belief.as_ref().map(|belief| percent(belief.chance_to_win)).map_err(Clone::clone))}
                {cell(belief.map(|belief| scale.alone(belief.loss_of_shipping)))}
                <td class="number wide-only">{grouped(one.measured.n)}</td>
            </tr>
        }
    };
    let label = format!("Results of {}", metric.name);
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=label>
            <table class="table results">
                <caption>"Safe while peeking: the sequential test"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Variant"</th>
                        <th scope="col" class="number">"Control"</th>
                        <th scope="col" class="number">"Variant's mean"</th>
                        {effect_heads(kind, &settings)}
                        <th scope="col" class="number">"Chance to win"</th>
                        <th scope="col" class="number">"Expected loss"</th>
                        <th scope="col" class="number wide-only">"Units"</th>
                    </tr>
                </thead>
                <tbody>{metric.comparisons.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// The same by the test that holds for one look.
#[component]
fn Fixed(metric: MetricResult, settings: Settings) -> impl IntoView {
    let kind = metric.kind;
    let row = |one: Comparison| {
        view! {
            <tr>
                <th scope="row" dir="auto">{one.measured.name}</th>
                {effect_cell(&one.relative, |effect| &effect.fixed, Scale::Relative)}
                {effect_cell(&one.absolute, |effect| &effect.fixed, Scale::absolute(kind))}
            </tr>
        }
    };
    let label = format!("Fixed-horizon results of {}", metric.name);
    view! {
        <details class="adding">
            <summary>"Fixed-horizon test: valid at the planned end only"</summary>
            <p class="hint">"Whoever looks at it every day and stops when it is small errs far more often than it says."</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label=label>
                <table class="table results">
                    <thead>
                        <tr>
                            <th scope="col">"Variant"</th>
                            {effect_heads(kind, &settings)}
                        </tr>
                    </thead>
                    <tbody>{metric.comparisons.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}
