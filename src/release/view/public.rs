//! The published changelog, for everybody.

use leptos::prelude::*;

use super::KindBadge;
use crate::kernel::time::day;
use crate::org::view::param;
use crate::release::api::changelog::ReadChangelog;
use crate::release::model::{PublicChange, PublicChangelog, PublicRelease, by_kind};
use crate::ui::layout::PageHead;
use crate::ui::load::{Load, data};
use crate::ui::markdown::Markdown;

/// `/p/{org}/{key}/changelog`
#[component]
pub fn PublicChangelogPage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let log = data(move || ReadChangelog { org: org.get(), product: key.get() });
    let view = move |log: PublicChangelog| {
        let feed = format!("/p/{}/{}/changelog.atom", org.get_untracked(), key.get_untracked());
        view! { <PublicView log feed /> }.into_any()
    };
    view! {
        <main class="content public" id="content">
            <Load of=log view />
        </main>
    }
}

#[component]
fn PublicView(log: PublicChangelog, feed: String) -> impl IntoView {
    let none = log.releases.is_empty().then(|| view! { <p class="muted">"Nothing is published yet."</p> });
    let releases = log.releases.into_iter().map(|release| view! { <ReleaseView release /> }).collect_view();
    view! {
        <PageHead title=format!("{} changelog", log.product)>
            <a class="button small" href=feed type="application/atom+xml" rel="external">"Feed"</a>
        </PageHead>
        <p class="muted" dir="auto">{log.organization}</p>
        {none}
        {releases}
    }
}

/// What is told of one release.
#[component]
fn ReleaseView(release: PublicRelease) -> impl IntoView {
    let change = |change: PublicChange| {
        view! {
            <li>
                <span class="idea-title" dir="auto">{change.title}</span>
                <Markdown html=change.html />
            </li>
        }
    };
    let groups = by_kind(release.changes, |change| change.kind)
        .into_iter()
        .map(|(kind, changes)| {
            view! {
                <h3><KindBadge kind /></h3>
                <ul class="changes">{changes.into_iter().map(change).collect_view()}</ul>
            }
        })
        .collect_view();
    view! {
        <article class="card stack" id=release.id aria-label=release.version.clone()>
            <div class="card-head">
                <h2>{release.version.clone()}</h2>
                <span class="muted">{day(release.released)}</span>
            </div>
            {groups}
        </article>
    }
}
