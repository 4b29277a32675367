//! The buttons by which feedback is sorted.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::feedback::api::TriageFeedback;
use crate::feedback::model::{Feedback, FeedbackStatus, FeedbackType};
use crate::kernel::priority::Priority;
use crate::ui::form::{Sent, ServerForm};

/// Status, type and priority, each as a row of buttons of which one is pressed.
#[component]
pub fn TriagePanel(org: String, feedback: Feedback, sent: Sent) -> impl IntoView {
    let statuses = FeedbackStatus::ALL
        .map(|status| Choice::new(status.word(), status.label(), feedback.status == status).keys(status_key(status)))
        .to_vec();
    let kinds = FeedbackType::ALL.map(|kind| Choice::new(kind.word(), kind.label(), feedback.kind == kind)).to_vec();
    let priorities = Priority::ALL
        .into_iter()
        .zip(["1", "2", "3", "4"])
        .map(|(priority, key)| Choice::new(priority.word(), priority.label(), feedback.priority == priority).keys(Some(key)))
        .collect();
    view! {
        <section class="card" aria-labelledby="triage">
            <h2 id="triage">"Triage"</h2>
            <ServerForm to=TriageFeedback::PATH sent=sent class="stack">
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=feedback.id />
                <Choices name="status" legend="Status" choices=statuses />
                <Choices name="priority" legend="Priority" choices=priorities />
                <Choices name="kind" legend="Type" choices=kinds />
            </ServerForm>
        </section>
    }
}

fn status_key(status: FeedbackStatus) -> Option<&'static str> {
    match status {
        FeedbackStatus::UnderReview => Some("u"),
        FeedbackStatus::Planned => Some("p"),
        FeedbackStatus::Rejected => Some("r"),
        _ => None,
    }
}

/// One of the values that a field can be given.
#[derive(Clone)]
struct Choice {
    word: &'static str,
    label: &'static str,
    here: bool,
    keys: Option<&'static str>,
}

impl Choice {
    fn new(word: &'static str, label: &'static str, here: bool) -> Choice {
        Choice { word, label, here, keys: None }
    }

    fn keys(self, keys: Option<&'static str>) -> Choice {
        Choice { keys, ..self }
    }
}

/// A field whose values are buttons, each of which sends the form.
#[component]
fn Choices(name: &'static str, legend: &'static str, choices: Vec<Choice>) -> impl IntoView {
    let button = |choice: Choice| {
        view! {
            <button type="submit" name=name value=choice.word aria-pressed=choice.here.to_string() aria-keyshortcuts=choice.keys>
                {choice.label}
            </button>
        }
    };
    view! {
        <fieldset class="choices">
            <legend>{legend}</legend>
            <div class="segmented">{choices.into_iter().map(button).collect_view()}</div>
        </fieldset>
    }
}
