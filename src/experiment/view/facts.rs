//! Dates of an experiment, and how it is read.

use leptos::prelude::*;

use crate::experiment::model::Experiment;
use crate::experiment::model::number::{percent, plain, signed_percent};
use crate::kernel::text::grouped;
use crate::kernel::time::{Timestamp, day};

/// Whose it is, when it runs, and how it is read.
#[component]
pub fn Facts(experiment: Experiment) -> impl IntoView {
    let date = |date: Option<Timestamp>| date.map_or_else(|| "Not yet".to_owned(), day);
    let settings = experiment.settings();
    let prior = settings.prior.map_or_else(
        || "Flat".to_owned(),
        |prior| format!("Mean {}, standard deviation {}", signed_percent(prior.mean), percent(prior.variance.sqrt())),
    );
    let planned = settings.planned.map_or_else(|| "No end".to_owned(), |size| format!("{} units", grouped(size)));
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Owner"</dt><dd dir="auto">{experiment.owner}</dd></div>
                <div><dt>"Started"</dt><dd>{date(experiment.start_date)}</dd></div>
                <div><dt>"Ended"</dt><dd>{date(experiment.end_date)}</dd></div>
                <div><dt>"Planned size"</dt><dd>{planned}</dd></div>
                <div><dt>"Alpha"</dt><dd>{format!("{}, {}", plain(settings.alpha), settings.sides.label().to_lowercase())}</dd></div>
                <div><dt>"Correction"</dt><dd>{settings.correction.label()}</dd></div>
                <div><dt>"Tuned for"</dt><dd>{format!("{} units", grouped(settings.tuned_for as i64))}</dd></div>
                <div><dt>"Prior"</dt><dd>{prior}</dd></div>
                <div><dt>"CUPED"</dt><dd>{if settings.cuped { "Where there is something known before" } else { "Not used" }}</dd></div>
                <div><dt>"Added"</dt><dd>{day(experiment.created_at)}</dd></div>
            </dl>
        </section>
    }
}
