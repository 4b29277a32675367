//! The form that limits the work in progress.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::board::api::SetBoardLimits;
use crate::board::model::{BoardKind, LIMIT_MAX, LimitsFields};
use crate::kernel::version::Edited;
use crate::ui::fold::Fold;
use crate::ui::form::{Sent, ServerForm, Submit, TextField, Version, is_refused};

/// How many cards each column is to hold at most: a fold that is opened by those who may set it.
#[component]
pub fn LimitsView(org: String, product: String, kind: BoardKind, limits: Vec<(String, i32)>, sent: Sent) -> impl IntoView {
    let version = LimitsFields::stored(kind, &limits).version();
    let field = move |(key, label): (&'static str, &'static str)| {
        let value = limits.iter().find(|(column, _)| column == key).map(|(_, limit)| limit.to_string()).unwrap_or_default();
        view! { <TextField name=key label value kind="number" /> }
    };
    view! {
        <Fold label="Work-in-progress limits" class="board-limits" open=is_refused(SetBoardLimits::PATH)>
            <ServerForm to=SetBoardLimits::PATH class="card form" sent=sent>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="product" value=product />
                <input type="hidden" name="kind" value=kind.word() />
                <Version of=version />
                <p class="muted">{format!("How many cards a column is to hold at most, up to {LIMIT_MAX}; nothing for no limit. More are let in, and then it is said so.")}</p>
                <div class="limit-fields">{kind.columns().into_iter().map(field).collect_view()}</div>
                <Submit label="Save limits" />
            </ServerForm>
        </Fold>
    }
}
