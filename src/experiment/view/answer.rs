//! The answer in words, before anything else.

use leptos::prelude::*;

use crate::experiment::model::analysis::{Analysis, Decision};
use crate::experiment::model::{Experiment, ExperimentStatus, Metric, Outcome, Variant, missing};
use crate::kernel::time::day;

/// What an experiment says: what was decided, what the data advise, or what is missing before it can start.
#[component]
pub fn AnswerPanel(
    experiment: Experiment,
    variants: Vec<Variant>,
    metrics: Vec<Metric>,
    analysis: Option<Analysis>,
    cannot: Option<String>,
    outcome: Option<Outcome>,
) -> impl IntoView {
    let body = match (experiment.status, outcome, analysis, cannot) {
        (_, Some(outcome), analysis, _) => view! { <Decided outcome analysis /> }.into_any(),
        (ExperimentStatus::Draft, ..) => view! { <Preparing lacks=missing(&variants, &metrics) /> }.into_any(),
        (_, _, _, Some(cannot)) => view! { <p>{cannot}</p> }.into_any(),
        (_, _, Some(analysis), _) => view! { <Advice analysis /> }.into_any(),
        _ => view! { <p class="muted">"There are no results to say anything of."</p> }.into_any(),
    };
    view! {
        <section class="card stack answer" aria-labelledby="answer">
            <h2 id="answer">"Answer"</h2>
            {body}
        </section>
    }
}

/// What the data advise, safe to be read every day.
#[component]
fn Advice(analysis: Analysis) -> impl IntoView {
    let verdict = analysis.verdict;
    let peek = (verdict.decision != Decision::NoAnswer)
        .then(|| view! { <p class="hint">"By the sequential test: it may be read as often as one likes, and acted upon on any day."</p> });
    let notes = verdict.notes.into_iter().map(|note| view! { <li dir="auto">{note}</li> }).collect_view();
    view! {
        <p class="headline"><strong class="verdict" data-verdict=verdict.decision.word()>{verdict.decision.label()}</strong></p>
        <p dir="auto">{verdict.sentence}</p>
        <ul class="notes">{notes}</ul>
        {peek}
    }
}

/// What was decided, by whom and on what.
#[component]
fn Decided(outcome: Outcome, analysis: Option<Analysis>) -> impl IntoView {
    let by = outcome.decided_by.as_ref().map(|name| format!(" by {name}")).unwrap_or_default();
    let when = format!("Decided on {}{by}.", day(outcome.decided_at));
    let note = (!outcome.note.is_empty()).then(|| view! { <p class="prose" dir="auto">{outcome.note.clone()}</p> });
    let known = analysis.map(|analysis| {
        let verdict = analysis.verdict;
        view! {
            <p class="hint" dir="auto">{format!("What the data said then: {}. {}", verdict.decision.label(), verdict.sentence)}</p>
        }
    });
    view! {
        <p class="headline"><strong class="verdict" dir="auto">{outcome.words()}</strong></p>
        {note}
        <p class="muted" dir="auto">{when}</p>
        {known}
    }
}

/// What a draft lacks.
#[component]
fn Preparing(lacks: Vec<String>) -> impl IntoView {
    let ready = lacks.is_empty();
    let list = lacks.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view();
    let (head, text) = match ready {
        true => ("Ready to start", "Variants, metrics and how they are read are settled with the start."),
        false => ("Being prepared", "Before it can start:"),
    };
    view! {
        <p class="headline"><strong class="verdict">{head}</strong></p>
        <p>{text}</p>
        <ul class="notes">{list}</ul>
    }
}
