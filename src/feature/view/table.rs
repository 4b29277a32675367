//! Features as rows of a table, in a list of their own and on the page of their epic.

use leptos::prelude::*;

use super::{BlockedBadge, FeatureBadge, PriorityBadge};
use crate::feature::model::Feature;
use crate::kernel::time::day;
use crate::ui::reference::Reference;

/// The table around the rows, with what stands above its columns where they can be ordered by.
#[component]
pub fn FeatureTable(label: &'static str, priority: AnyView, points: AnyView, due: AnyView, added: AnyView, rows: AnyView) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=label>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Feature"</th>
                        <th scope="col">"Status"</th>
                        {priority}
                        {points}
                        <th scope="col" class="wide-only">"Assignee"</th>
                        {due}
                        {added}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// One feature: what it waits for and how many criteria are met stand beside its title.
#[component]
pub fn FeatureRow(
    feature: Feature,
    base: String,
    /// A button in the row.
    action: Option<AnyView>,
    /// Whether its epic is named.
    epic: bool,
) -> impl IntoView {
    let points = feature.story_points.map_or_else(|| "–".to_owned(), |points| points.to_string());
    let due = feature.due_date.map_or_else(|| "–".to_owned(), day);
    let met = feature.met.words().map(|words| view! { <span class="tag">{words}</span> });
    let epic = feature.epic_title.clone().filter(|_| epic).map(|title| view! { <span class="tag" dir="auto">{title}</span> });
    let assignee = match feature.assignee_name.clone() {
        Some(name) => view! { <span dir="auto">{name}</span> }.into_any(),
        None => view! { <span class="muted">"–"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">
                <div class="idea-cell">
                    <a class="idea-title" href=format!("{base}/{}", feature.id) dir="auto">{feature.title.clone()}</a>
                    <Reference number=feature.number />
                    <span class="idea-tags"><BlockedBadge feature=feature.clone() />{epic}{met}{action}</span>
                </div>
            </th>
            <td><FeatureBadge status=feature.status /></td>
            <td class="wide-only"><PriorityBadge priority=feature.priority /></td>
            <td class="number wide-only">{points}</td>
            <td class="wide-only">{assignee}</td>
            <td class="number wide-only">{due}</td>
            <td class="number wide-only muted">{day(feature.created_at)}</td>
        </tr>
    }
}
