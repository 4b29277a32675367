//! What has to hold for a feature to be done.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::feature::api::TickCriterion;
use crate::feature::model::Met;
use crate::feature::model::criteria::{Line, lines, named};
use crate::ui::form::{Sent, ServerForm};

/// The criteria, each with a box to tick for those who may, and what else was written between them.
#[component]
pub fn Criteria(org: String, id: String, text: String, may_tick: bool, ticked: Sent) -> impl IntoView {
    let met = Met::of(&text).words().map(|words| view! { <span class="muted">{words}</span> });
    let parts = lines(&text)
        .into_iter()
        .zip(text.split('\n'))
        .enumerate()
        .map(|(number, (line, raw))| part(line, named(number, raw), may_tick))
        .collect_view();
    let body = match (text.is_empty(), may_tick) {
        (true, _) => view! { <p class="muted">"None yet. Edit the feature to say what has to hold for it to be done."</p> }.into_any(),
        (false, false) => view! { <div class="criteria">{parts}</div> }.into_any(),
        (false, true) => view! {
            <ServerForm to=TickCriterion::PATH sent=ticked>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <div class="criteria" role="group" aria-labelledby="criteria">{parts}</div>
            </ServerForm>
        }
        .into_any(),
    };
    view! {
        <section class="card" aria-labelledby="criteria">
            <div class="card-head"><h2 id="criteria">"Acceptance criteria"</h2>{met}</div>
            {body}
        </section>
    }
}

/// One line: a box that is a button of the form, what one may only read, or plain text.
fn part(line: Line, value: String, may_tick: bool) -> AnyView {
    match line {
        Line::Text(text) if text.trim().is_empty() => ().into_any(),
        Line::Text(text) => view! { <p class="prose" dir="auto">{text}</p> }.into_any(),
        Line::Check { met, text } if may_tick => view! {
            <button type="submit" class="criterion" role="checkbox" aria-checked=met.to_string() name="line" value=value>
                <span class="box" class:met=met aria-hidden="true"></span>
                <span dir="auto">{text}</span>
            </button>
        }
        .into_any(),
        Line::Check { met, text } => view! {
            <p class="criterion">
                <span class="box" class:met=met aria-hidden="true"></span>
                <span class="visually-hidden">{if met { "Met: " } else { "Not met: " }}</span>
                <span dir="auto">{text}</span>
            </p>
        }
        .into_any(),
    }
}
