//! Ending an experiment with a decision.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::experiment::api::CompleteExperiment;
use crate::experiment::model::analysis::{Analysis, Decision};
use crate::experiment::model::{DecisionForm, Variant};
use crate::ui::fold::Fold;
use crate::ui::form::{Sent, ServerForm, Submit, TextArea, is_refused};
use crate::ui::select::SelectField;

/// Asks what was decided. What the data advise is chosen already, and can be chosen otherwise.
#[component]
pub fn DecidePanel(org: String, id: String, variants: Vec<Variant>, analysis: Option<Analysis>, completed: Sent) -> impl IntoView {
    let advised = analysis.map(|analysis| analysis.verdict).and_then(|verdict| match verdict.decision {
        Decision::Ship => verdict.variant,
        _ => None,
    });
    view! {
        <section class="card" aria-labelledby="decide">
            <h2 id="decide">"Decision"</h2>
            <Fold label="Complete with a decision" open=is_refused(CompleteExperiment::PATH)>
                <ServerForm to=CompleteExperiment::PATH sent=completed class="stack">
                    <input type="hidden" name="org" value=org />
                    <input type="hidden" name="id" value=id />
                    <SelectField name="decision" label="What was decided" options=DecisionForm::options(&variants) value=advised.unwrap_or_default() />
                    <TextArea name="note" label="Note" rows=4 hint="Why, for those who ask in a year." />
                    <p class="hint">"What the data say today is kept beside it."</p>
                    <div class="actions"><Submit label="Complete experiment" /></div>
                </ServerForm>
            </Fold>
        </section>
    }
}
