//! The scores of an idea, live while its inputs change.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::idea::api::ScoreIdea;
use crate::idea::model::{Idea, ScoreFields, ScoreInputs, shown};
use crate::kernel::entry::Entry;
use crate::kernel::version::Edited;
use crate::ui::form::{Sent, ServerForm, Submit, Version};
use crate::ui::score_field::ScoreField;

/// The inputs as they stand in the form.
#[derive(Clone, Copy)]
pub struct Inputs {
    priority: RwSignal<String>,
    reach: RwSignal<String>,
    impact: RwSignal<String>,
    confidence: RwSignal<String>,
    effort: RwSignal<String>,
    business_value: RwSignal<String>,
    time_criticality: RwSignal<String>,
    risk_reduction: RwSignal<String>,
    job_size: RwSignal<String>,
    /// The idea that they were filled from, and with what.
    filled: StoredValue<(String, [String; 9])>,
    /// The version of it.
    version: StoredValue<String>,
}

impl Inputs {
    /// Inputs that are not filled yet. They belong to the page, so that they outlive a new look at its data.
    pub fn new() -> Inputs {
        let entry = || RwSignal::new(String::new());
        Inputs {
            priority: entry(),
            reach: entry(),
            impact: entry(),
            confidence: entry(),
            effort: entry(),
            business_value: entry(),
            time_criticality: entry(),
            risk_reduction: entry(),
            job_size: entry(),
            filled: StoredValue::default(),
            version: StoredValue::default(),
        }
    }

    fn entries(self) -> [RwSignal<String>; 9] {
        [
            self.priority,
            self.reach,
            self.impact,
            self.confidence,
            self.effort,
            self.business_value,
            self.time_criticality,
            self.risk_reduction,
            self.job_size,
        ]
    }

    /// Takes the idea's values, but leaves what was typed for the same idea and is not saved.
    fn fill(self, idea: &Idea) {
        let values = [
            idea.priority,
            Some(idea.reach),
            idea.impact,
            idea.confidence,
            idea.effort,
            idea.business_value,
            idea.time_criticality,
            idea.risk_reduction,
            idea.job_size,
        ]
        .map(|value| Entry::from(value).0);
        let typed = self.entries().map(|entry| entry.get_untracked());
        let unsaved = self.filled.with_value(|(id, before)| *id == idea.id && *before != typed);
        // What was typed belongs to what it was typed over, which somebody else may have changed by now.
        let plain = typed.map(|text| text.trim().parse::<i64>().map_or(text, |number| number.to_string()));
        if !unsaved || plain == values {
            self.version.set_value(ScoreFields::from(idea).version());
        }
        if !unsaved {
            for (entry, value) in self.entries().into_iter().zip(values.clone()) {
                entry.set(value);
            }
        }
        self.filled.set_value((idea.id.clone(), values));
    }

    /// The numbers among them; what is no number in its range gives no score.
    fn read(self) -> ScoreInputs {
        let number = |entry: RwSignal<String>, min, max| Entry(entry.get()).whole(min, max).ok();
        ScoreInputs {
            reach: number(self.reach, 0, 1_000_000_000),
            impact: number(self.impact, 0, 10),
            confidence: number(self.confidence, 0, 10),
            effort: number(self.effort, 1, 10),
            business_value: number(self.business_value, 0, 100),
            time_criticality: number(self.time_criticality, 0, 100),
            risk_reduction: number(self.risk_reduction, 0, 100),
            job_size: number(self.job_size, 0, 100),
        }
    }
}

/// Scores and, for those who may change them, the inputs.
#[component]
pub fn ScorePanel(idea: Idea, wsjf: bool, org: String, inputs: Inputs, may_score: bool, scored: Sent) -> impl IntoView {
    inputs.fill(&idea);
    let form = may_score.then(|| view! { <ScoreInputFields inputs wsjf org id=idea.id.clone() scored /> });
    view! {
        <section class="card scores" aria-labelledby="scores">
            <h2 id="scores">"Scores"</h2>
            <ScoreBoard inputs=Memo::new(move |_| inputs.read()) wsjf />
            {form}
        </section>
    }
}

/// The three scores with their formulas, the numbers filled in.
#[component]
fn ScoreBoard(inputs: Memo<ScoreInputs>, wsjf: bool) -> impl IntoView {
    let score =
        move |name: &'static str, long: &'static str, value: fn(&ScoreInputs) -> Option<f64>, formula: fn(&ScoreInputs) -> String| {
            view! {
                <div class="score">
                    <dt><abbr title=long>{name}</abbr></dt>
                    <dd>
                        <output aria-label=format!("{name} score")>{move || inputs.with(|i| shown(value(i)))}</output>
                        <span class="formula">{move || inputs.with(formula)}</span>
                    </dd>
                </div>
            }
        };
    view! {
        <dl class="score-board">
            {score("RICE", "Reach × impact × confidence ÷ effort", |i| i.scores().rice, ScoreInputs::rice_formula)}
            {score("ICE", "Impact × confidence × ease, where ease is 10 − effort + 1", |i| i.scores().ice, ScoreInputs::ice_formula)}
            {wsjf.then(|| score("WSJF", "(Business value + time criticality + risk reduction) ÷ job size", |i| i.scores().wsjf, ScoreInputs::wsjf_formula))}
        </dl>
    }
}

/// The inputs of the scores.
#[component]
fn ScoreInputFields(inputs: Inputs, wsjf: bool, org: String, id: String, scored: Sent) -> impl IntoView {
    let saved = move || (scored.times() > 0).then_some("Saved.");
    view! {
        <ServerForm to=ScoreIdea::PATH sent=scored class="stack">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="id" value=id />
            <Version of=inputs.version.get_value() />
            <fieldset>
                <legend>"RICE and ICE"</legend>
                <ScoreField name="reach" label="Reach" hint="People reached in a quarter" value=inputs.reach min=0 max=1_000_000_000 slider=false />
                <ScoreField name="impact" label="Impact" value=inputs.impact min=0 max=10 />
                <ScoreField name="confidence" label="Confidence" value=inputs.confidence min=0 max=10 />
                <ScoreField name="effort" label="Effort" value=inputs.effort min=1 max=10 />
            </fieldset>
            // Switched off they still go with the form, lest saving empty them.
            <fieldset hidden=!wsjf>
                <legend>"WSJF (optional)"</legend>
                <ScoreField name="business_value" label="Business value" value=inputs.business_value min=0 max=100 />
                <ScoreField name="time_criticality" label="Time criticality" value=inputs.time_criticality min=0 max=100 />
                <ScoreField name="risk_reduction" label="Risk reduction" value=inputs.risk_reduction min=0 max=100 />
                <ScoreField name="job_size" label="Job size" value=inputs.job_size min=0 max=100 />
            </fieldset>
            <fieldset>
                <legend>"Your own order"</legend>
                <ScoreField name="priority" label="Priority" value=inputs.priority min=0 max=100 />
            </fieldset>
            <div class="actions">
                <Submit label="Save scores" />
                <span role="status" class="muted">{saved}</span>
            </div>
        </ServerForm>
    }
}
