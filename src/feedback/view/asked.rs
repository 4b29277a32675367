//! Who asked for an idea, on the idea's page.

use leptos::prelude::*;

use super::StatusBadge;
use crate::feedback::api::AskedFor as AskedForCall;
use crate::feedback::model::{Asked, Feedback};
use crate::kernel::time::day;
use crate::ui::load::data;

/// The feedback that is linked to an idea. To be placed beside what loads the page and not inside of it. Shows nothing
/// where the idea cannot be read, since the page says so already.
#[component]
pub fn AskedFor(org: Signal<String>, idea: Signal<String>) -> impl IntoView {
    let asked = data(move || AskedForCall { org: org.get(), idea: idea.get() }).live(&["Feedback", "Idea"]);
    let shown = move |asked: Asked| view! { <Shown asked org=org.get_untracked() /> };
    view! { <Transition fallback=|| ()>{move || Suspend::new(async move { asked.get().await.ok().map(shown) })}</Transition> }
}

#[component]
fn Shown(asked: Asked, org: String) -> impl IntoView {
    let base = format!("/orgs/{org}/products/{}/feedback", asked.product);
    let more = asked.count - asked.rows.len() as i64;
    let more = (more > 0).then(|| view! { <p class="muted">{format!("And {more} more.")}</p> });
    let body = if asked.rows.is_empty() {
        view! { <p class="muted">"Nobody has asked for it yet. Feedback is linked to ideas in the inbox."</p> }.into_any()
    } else {
        let rows = asked.rows.into_iter().map(|item| view! { <Asker item base=base.clone() /> }).collect_view();
        view! { <ul class="askers" aria-label="Who asked">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card asked" aria-labelledby="asked">
            <div class="card-head">
                <h2 id="asked">"Who asked"</h2>
                <span class="muted">{counted(asked.count)}</span>
            </div>
            {body}
            {more}
        </section>
    }
}

fn counted(count: i64) -> String {
    match count {
        1 => "1 item of feedback".into(),
        count => format!("{count} items of feedback"),
    }
}

/// One item: what was said, by whom as far as one may know, and when.
#[component]
fn Asker(item: Feedback, base: String) -> impl IntoView {
    let email = item.user_email.map(|email| view! { <span dir="auto">{email}</span> });
    let source = item.source.map(|source| view! { <span class="tag" dir="auto">{source}</span> });
    view! {
        <li>
            <a href=format!("{base}/{}", item.id) dir="auto">{item.title}</a>
            <span class="inbox-facts">
                {email}
                {source}
                <StatusBadge status=item.status />
                <span class="muted">{day(item.created_at)}</span>
            </span>
        </li>
    }
}
