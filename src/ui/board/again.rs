//! What becomes of a plain form that the server refused when the board has changed meanwhile.

use leptos::prelude::*;

use super::calls::{Head, Tools};
use super::model::Column;
use super::tools::{NO_LANE, hidden, told};
use crate::ui::form::Returned;
use crate::ui::icon::{Icon, IconView};

/// Whether the board has a place for a form that the server refused: for one that adds a card always, for one that changes a card
/// where the card is shown.
pub fn has_place(returned: &Returned, tools: &Tools, columns: &[Column]) -> bool {
    let is_shown = || columns.iter().flat_map(|column| &column.cards).any(|card| card.id == returned.value("card"));
    returned.function == tools.add || (returned.function == tools.change && is_shown())
}

/// If the refused form is of a card for a column or lane that the board does not have, a form at its head that keeps what was
/// typed and asks where the card is to go. No script is needed for it: with one, the form stays where it is.
pub fn add_again(heads: &[Head], tools: &Tools, fields: &[(&'static str, String)], returned: &Returned) -> Option<AnyView> {
    let (column, lane) = (returned.value("column").to_owned(), returned.value("lane").to_owned());
    if returned.function != tools.add || heads.iter().any(|head| head.key == column && head.lane.key == lane) {
        return None;
    }
    let why = told(&returned.error, NO_LANE, &tools.priorities);
    let lanes = heads.iter().map(|head| (head.lane.key.clone(), head.lane.label.clone())).collect();
    let columns = heads.iter().map(|head| (head.key.to_owned(), head.label.to_owned())).collect();
    let lanes = if heads.iter().all(|head| head.lane.key.is_empty()) { None } else { Some(select("form[lane]", "Lane", lanes, &lane)) };
    Some(
        view! {
            <form class="board-bar" action=tools.add method="post" aria-label=format!("Add the {} again", tools.noun)>
                <p class="alert" role="alert">
                    <IconView icon=Icon::Alert />
                    <span>{format!("The {} was not added. {why} Choose where it goes.", tools.noun)}</span>
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
