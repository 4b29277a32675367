//! The key results on an objective's page, and the form of one.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::ProgressBar;
use crate::goal::okr::api::result::AddKeyResult;
use crate::goal::okr::model::{Direction, KeyResult, typed};
use crate::kernel::time::day;
use crate::ui::chart::Sparkline;
use crate::ui::fold::Fold;
use crate::ui::form::{Sent, ServerForm, Submit, TextArea, TextField, is_refused};
use crate::ui::select::SelectField;

/// What the objective is measured by; for those who plan, with the form for one more. `page` is the objective's address.
#[component]
pub fn ResultsPanel(
    org: String,
    id: String,
    page: String,
    results: Vec<KeyResult>,
    plans: bool,
    works: bool,
    added: Sent,
) -> impl IntoView {
    let none = results.is_empty().then(|| view! { <p class="muted">"No key results yet. Without any the objective stays at 0 %."</p> });
    let list = results.into_iter().map(|result| view! { <ResultRow result page=page.clone() works /> }).collect_view();
    let add = plans.then(|| view! { <AddResult org id added /> });
    view! {
        <section class="card stack" aria-labelledby="key-results">
            <h2 id="key-results">"Key results"</h2>
            {none}
            <ul class="key-results" aria-labelledby="key-results">{list}</ul>
            {add}
        </section>
    }
}

/// One key result: where it is to get to, where it stands, and how it went.
#[component]
fn ResultRow(result: KeyResult, page: String, works: bool) -> impl IntoView {
    let href = format!("{page}/results/{}", result.id);
    let said = result.checked_in_at.map(|at| format!("Checked in {}", day(at))).unwrap_or_else(|| "No check-in yet".into());
    let confidence = result.confidence.map(|confidence| format!("confidence {confidence} of 10"));
    let about = [Some(said), confidence].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let check_in = works.then(|| {
        let label = format!("Check in {}", result.title);
        view! { <a class="button small" href=format!("{href}#check-in") aria-label=label>"Check in"</a> }
    });
    view! {
        <li>
            <div class="what">
                <a class="idea-title" href=href.clone() dir="auto">{result.title.clone()}</a>
                <span class="muted">{format!("{} · {}", result.current(), result.goal())}</span>
                <span class="muted">{about}</span>
            </div>
            <SparkOf result=result.clone() />
            <ProgressBar progress=result.progress() label="Progress of the key result" />
            {check_in}
        </li>
    }
}

/// How a key result went, as a line; nothing before the first check-in.
#[component]
pub fn SparkOf(result: KeyResult) -> impl IntoView {
    let label = format!("How “{}” went: {}, now {}", result.title, result.goal(), result.current());
    (!result.values.is_empty()).then(|| view! { <Sparkline values=result.points().into_iter().map(Some).collect() label /> })
}

/// Adds a key result.
#[component]
fn AddResult(org: String, id: String, added: Sent) -> impl IntoView {
    view! {
        <Fold label="Add a key result" open=is_refused(AddKeyResult::PATH)>
            <ServerForm to=AddKeyResult::PATH sent=added class="stack" emptied=true>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <ResultFields result=None />
                <div class="actions"><Submit label="Add key result" class="" /></div>
            </ServerForm>
        </Fold>
    }
}

/// The fields that adding and changing a key result share. Where a style sheet can tell which direction is chosen, only what goes
/// with it is shown.
#[component]
pub fn ResultFields(result: Option<KeyResult>) -> impl IntoView {
    let direction = result.as_ref().map(|result| result.direction).unwrap_or_default();
    let kept = direction == Direction::Maintain;
    let number = |of: fn(&KeyResult) -> Option<f64>| result.as_ref().and_then(of).map(typed).unwrap_or_default();
    let start = if result.is_some() { number(|result| Some(result.start_value)) } else { "0".to_owned() };
    let target = if kept { String::new() } else { number(|result| Some(result.target_value)) };
    let (lower, upper) = (number(|result| result.lower_bound), number(|result| result.upper_bound));
    let (title, description, unit) =
        result.map(|result| (result.title, result.description.unwrap_or_default(), result.unit)).unwrap_or_default();
    view! {
        <TextField name="title" label="Key result" value=title required=true placeholder="How would one see it?" />
        <TextArea name="description" label="How it is measured" value=description rows=3 />
        <div class="field-pair">
            <SelectField name="direction" label="Direction" options=Direction::options() value=direction.word() />
            <TextField name="unit" label="Unit" value=unit placeholder="%" />
        </div>
        <div class="field-pair">
            <TextField name="start" label="Start value" value=start />
            <div class="of-way"><TextField name="target" label="Target value" value=target hint="To increase or to decrease." /></div>
        </div>
        <div class="field-pair of-band">
            <TextField name="lower" label="Lowest value" value=lower hint="To maintain: outside of the band it loses by the distance." />
            <TextField name="upper" label="Highest value" value=upper hint="To maintain." />
        </div>
    }
}
