//! How far a release is, and its dates.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::ReleaseBadge;
use crate::kernel::time::day;
use crate::release::api::MoveRelease;
use crate::release::model::{Release, ReleaseStatus};
use crate::ui::form::{Sent, ServerForm};

/// Where the release stands; for those who may, each step that it can take is a button.
#[component]
pub fn StatusPanel(org: String, id: String, status: ReleaseStatus, may_move: bool, moved: Sent) -> impl IntoView {
    let moves = status.moves();
    let button =
        |to: &ReleaseStatus| view! { <button type="submit" class="button small" name="status" value=to.word()>{to.label()}</button> };
    let buttons = moves.iter().map(button).collect_view();
    let form = (may_move && !moves.is_empty()).then(|| {
        view! {
            <ServerForm to=MoveRelease::PATH sent=moved>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="id" value=id />
                <div class="actions" role="group" aria-label="Move to">{buttons}</div>
            </ServerForm>
        }
    });
    view! {
        <section class="card" aria-labelledby="status">
            <div class="card-head">
                <h2 id="status">"Status"</h2>
                <ReleaseBadge status />
            </div>
            {form}
        </section>
    }
}

/// Type, version and dates.
#[component]
pub fn Facts(release: Release) -> impl IntoView {
    let released = release.release_date.map(|at| view! { <div><dt>"Released"</dt><dd>{day(at)}</dd></div> });
    view! {
        <section class="card" aria-label="Details">
            <dl class="facts">
                <div><dt>"Type"</dt><dd>{release.kind.label()}</dd></div>
                <div><dt>"Version"</dt><dd>{release.version}</dd></div>
                <div><dt>"Target date"</dt><dd>{release.target_date.map_or_else(|| "Not set".to_owned(), day)}</dd></div>
                {released}
                <div><dt>"Added"</dt><dd>{day(release.created_at)}</dd></div>
            </dl>
        </section>
    }
}
