//! What was found in a file.

use leptos::prelude::*;

use super::import::Imported;
use crate::kernel::text::grouped;
use crate::transfer::model::{Kind, Report, RowError};
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::Notice;

/// How it went: done, ready to be done, or what is wrong.
#[component]
pub fn ReportView(
    report: Report,
    kind: Kind,
    /// Whether it was only checked.
    dry: bool,
    done: bool,
    /// The product's page.
    base: String,
) -> impl IntoView {
    if done {
        let list = format!("{base}/{}", kind.path());
        return view! { <Imported told=format!("{} imported.", kind.counted(report.good)) list /> }.into_any();
    }
    if let Some(failure) = report.failure {
        return view! { <Wrong told=format!("Nothing was imported. {failure}") /> }.into_any();
    }
    if report.wrong == 0 {
        let told = format!("Checked: {} can be imported, nothing is wrong.", kind.counted(report.good));
        return view! { <Notice>{told}</Notice> }.into_any();
    }
    let begin = if dry { "Checked" } else { "Nothing was imported" };
    let errors = if report.wrong == 1 { "1 error".to_owned() } else { format!("{} errors", grouped(report.wrong)) };
    let fine = if report.good == 1 { "is" } else { "are" };
    let told = format!("{begin}: {errors} in {}; {} {fine} fine.", rows(report.bad), rows(report.good));
    view! {
        <Wrong told />
        <Errors errors=report.errors all=report.wrong />
    }
    .into_any()
}

/// So many rows, in words.
pub fn rows(number: i64) -> String {
    if number == 1 { "1 row".to_owned() } else { format!("{} rows", grouped(number)) }
}

#[component]
fn Wrong(told: String) -> impl IntoView {
    view! {
        <p class="alert" role="alert"><IconView icon=Icon::Alert /><span>{told}</span></p>
    }
}

/// The first errors, one by one.
#[component]
fn Errors(errors: Vec<RowError>, all: i64) -> impl IntoView {
    let more =
        (all > errors.len() as i64).then(|| view! { <p class="muted">{format!("The first {} of {}.", errors.len(), grouped(all))}</p> });
    let row = |error: RowError| {
        let column = if error.column.is_empty() { "The whole row".to_owned() } else { error.column };
        view! {
            <tr>
                <th scope="row" class="number">{error.line}</th>
                <td dir="auto">{column}</td>
                <td dir="auto">{error.message}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Errors">
            <table class="table">
                <thead>
                    <tr><th scope="col" class="number">"Line"</th><th scope="col">"Column"</th><th scope="col">"What is wrong"</th></tr>
                </thead>
                <tbody>{errors.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        {more}
    }
}
