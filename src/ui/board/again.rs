//! A card that could not be added where it was to go, since that is not on the board any more.

use leptos::prelude::*;

use super::calls::{Head, Tools};
use super::tools::{hidden, told};
use crate::kernel::error::AppError;
use crate::ui::form::Returned;
use crate::ui::icon::{Icon, IconView};

/// If the refused form is of a card for a column or lane that the board does not have, a form at its head that keeps what was
/// typed and asks where the card is to go. No script is needed for it: with one, the form stays where it is.
pub fn add_again(heads: &[Head], tools: &Tools, fields: &[(&'static str, String)], returned: &Returned) -> Option<AnyView> {
    let (column, lane) = (returned.value("column").to_owned(), returned.value("lane").to_owned());
    if returned.function != tools.add || heads.iter().any(|head| head.key == column && head.lane.key == lane) {
        return None;
    }
    let why = match &returned.error {
        AppError::NotFound => "Its lane is not there any more. Choose where it goes.".to_owned(),
        error => told(error, &tools.priorities),
    };
    let lanes = heads.iter().map(|head| (head.lane.key.clone(), head.lane.label.clone())).collect();
    let columns = heads.iter().map(|head| (head.key.to_owned(), head.label.to_owned())).collect();
    let lanes = if heads.iter().all(|head| head.lane.key.is_empty()) { None } else { Some(select("form[lane]", "Lane", lanes, &lane)) };
    Some(
        view! {
            <form class="board-bar" action=tools.add method="post" aria-label=format!("Add the {} again", tools.noun)>
                <p class="alert" role="alert">
                    <IconView icon=Icon::Alert />
                    <span>{format!("The {} was not added. {why}", tools.noun)}</span>
                </p>
                {hidden(fields)}
                <input name="form[title]" aria-label="Title" value=returned.value("title").to_owned() autocomplete="off" dir="auto" />
                {select("form[column]", "Column", columns, &column)}
                {lanes}
                <button class="button small primary">"Add"</button>
            </form>
        }
        .into_any(),
    )
}

/// A choice among these, each once.
fn select(name: &'static str, label: &'static str, mut options: Vec<(String, String)>, chosen: &str) -> AnyView {
    let mut seen = Vec::new();
    options.retain(|(value, _)| {
        let is_new = !seen.contains(value);
        seen.push(value.clone());
        is_new
    });
    let option = |(value, label): (String, String)| view! { <option selected=value == chosen value=value.clone()>{label}</option> };
    view! { <select name=name aria-label=label>{options.into_iter().map(option).collect_view()}</select> }.into_any()
}
