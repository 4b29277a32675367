//! What happened to one item, on its own page.

use leptos::prelude::*;

use super::entry::Entries;
use crate::audit::api::ItemHistory;
use crate::audit::model::ItemLog;
use crate::ui::form::Sent;
use crate::ui::load::{Data, data};

/// The newest changes of an item, asked for apart from the item itself so that its page need not wait; again after each of
/// the forms in `after`. To be placed beside what loads the page and not inside of it. Shows nothing where the item cannot
/// be read, since the page says so already.
#[component]
pub fn History(
    org: Signal<String>,
    /// The item's type, such as `Idea`.
    entity: &'static str,
    /// Its id; for a product its key will do.
    item: Signal<String>,
    #[prop(optional)] after: Vec<Sent>,
) -> impl IntoView {
    let log = data(move || ItemHistory { org: org.get(), entity: entity.to_owned(), item: item.get() });
    let log = after.into_iter().fold(log, Data::after);
    let shown = move |log: ItemLog| view! { <Shown log base=format!("/orgs/{}", org.get_untracked()) /> };
    view! { <Transition fallback=|| ()>{move || Suspend::new(async move { log.get().await.ok().map(shown) })}</Transition> }
}

#[component]
fn Shown(log: ItemLog, base: String) -> impl IntoView {
    let all = log.all.map(|path| view! { <a class="button small" href=format!("{base}{path}")>"All in the audit log"</a> });
    let entries = if log.entries.is_empty() {
        view! { <p class="muted">"No changes are recorded yet."</p> }.into_any()
    } else {
        view! { <Entries entries=log.entries base label="History" /> }.into_any()
    };
    view! {
        <details class="card history">
            <summary><h2>"History"</h2></summary>
            {entries}
            {all}
        </details>
    }
}
