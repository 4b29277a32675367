//! Two versions beside each other, or one in the other, word by word.

use leptos::prelude::*;

use crate::document::model::{Diff, DiffRow, Look, Mark, Part, VersionQuery, VersionRow};
use crate::kernel::text::grouped;

/// How the newer version differs from the older.
#[component]
pub fn Compared(older: VersionRow, newer: VersionRow, diff: Diff, look: Look, base: String) -> impl IntoView {
    let looks = Look::ALL
        .map(|one| {
            let to = format!("{base}{}", VersionQuery::pair(older.number, newer.number, one));
            view! { <li><a href=to aria-current=(one == look).then_some("page")>{one.label()}</a></li> }
        })
        .collect_view();
    let counts = match (diff.added, diff.removed, diff.rows.is_empty()) {
        (_, _, true) => "The texts are the same.".to_owned(),
        (added, removed, _) => format!("{} words added, {} removed.", grouped(added), grouped(removed)),
    };
    let renamed = (older.title != newer.title).then(|| {
        view! { <p dir="auto">"The title was "<del>{older.title.clone()}</del>" and is "<ins>{newer.title.clone()}</ins>"."</p> }
    });
    let label = format!("Changes from version {} to version {}", older.number, newer.number);
    let rows = diff.rows.into_iter().map(|row| rendered(row, look)).collect_view();
    let (left, right) = (format!("Version {}", older.number), format!("Version {}", newer.number));
    let head = match look {
        Look::Inline => view! { <tr><th scope="col">{left}</th><th scope="col">{right}</th><th scope="col">"Text"</th></tr> }.into_any(),
        Look::Split => {
            view! { <tr><th scope="colgroup" colspan="2">{left}</th><th scope="colgroup" colspan="2">{right}</th></tr> }.into_any()
        }
    };
    view! {
        <section class="card stack" aria-labelledby="changes">
            <div class="card-head">
                <h2 id="changes">{label}</h2>
                <nav aria-label="How to show them"><ul class="tabs">{looks}</ul></nav>
            </div>
            {renamed}
            <p class="muted">{counts}</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Words that changed">
                <table class="diff" data-look=look.word()>
                    <thead>{head}</thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

fn rendered(row: DiffRow, look: Look) -> AnyView {
    match row {
        DiffRow::Same(count) => whole(look, format!("{} lines are the same", grouped(count))),
        DiffRow::Cut(count) => whole(look, format!("{} more lines are not shown", grouped(count))),
        DiffRow::Line(old, new, parts) => match look {
            Look::Inline => inline(old, new, parts),
            Look::Split => split(old, new, parts),
        },
    }
}

fn whole(look: Look, told: String) -> AnyView {
    let columns = if look == Look::Inline { "3" } else { "4" };
    view! { <tr class="gap"><td colspan=columns>{told}</td></tr> }.into_any()
}

fn number(line: Option<i64>) -> String {
    line.map(|line| line.to_string()).unwrap_or_default()
}

fn words(part: &Part) -> AnyView {
    let text = part.text.clone();
    match part.mark {
        Mark::Kept => text.into_any(),
        Mark::Removed => view! { <del>{text}</del> }.into_any(),
        Mark::Added => view! { <ins>{text}</ins> }.into_any(),
    }
}

fn inline(old: Option<i64>, new: Option<i64>, parts: Vec<Part>) -> AnyView {
    let text = parts.iter().map(words).collect_view();
    view! { <tr><td class="line">{number(old)}</td><td class="line">{number(new)}</td><td dir="auto">{text}</td></tr> }.into_any()
}

fn split(old: Option<i64>, new: Option<i64>, parts: Vec<Part>) -> AnyView {
    let side = |not: Mark| parts.iter().filter(|part| part.mark != not).map(words).collect_view();
    let (left, right) = (side(Mark::Added), side(Mark::Removed));
    view! {
        <tr>
            <td class="line">{number(old)}</td>
            <td dir="auto">{left}</td>
            <td class="line">{number(new)}</td>
            <td dir="auto">{right}</td>
        </tr>
    }
    .into_any()
}
