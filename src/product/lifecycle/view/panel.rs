//! A product's stage on its own page: where it stands, what has to hold before it moves on, and how it ends.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::product::lifecycle::api::{MoveProduct, TickCriterion};
use crate::product::lifecycle::model::{Criterion, last_day, moves_on, open};
use crate::product::model::{Lifecycle, Product};
use crate::ui::form::{Sent, ServerForm};
use crate::ui::layout::Prose;

/// Stages, exit criteria and, in the last stage, the end.
#[component]
pub fn LifecyclePanel(
    org: String,
    product: Product,
    criteria: Vec<Criterion>,
    may_write: bool,
    moved: Sent,
    ticked: Sent,
) -> impl IntoView {
    let stage = product.lifecycle;
    let to_move = format!("/orgs/{org}/products/{}/lifecycle?to=", product.key);
    let end = (stage == Lifecycle::Sunset)
        .then(|| view! { <Ending product=product.clone() change=may_write.then(|| format!("{to_move}SUNSET")) /> });
    let criteria_page = format!("/orgs/{org}/lifecycle/criteria");
    let (open, all) = (open(&criteria), criteria.len());
    view! {
        <section class="card" aria-labelledby="lifecycle">
            <div class="card-head">
                <h2 id="lifecycle">"Lifecycle"</h2>
                <p class="muted">{stage.purpose()}</p>
            </div>
            <Stages org=org.clone() key=product.key.clone() stage open to_move may_write moved />
        </section>
        {end}
        <section class="card stack" aria-labelledby="exit-criteria">
            <div class="card-head">
                <h2 id="exit-criteria">{format!("Exit criteria of {}", stage.label())}</h2>
                <p class="muted">{format!("{} of {all} met. ", all - open)}<a href=criteria_page>"All stages"</a></p>
            </div>
            <Criteria org key=product.key criteria may_write ticked />
        </section>
    }
}

/// The eight stages in a row; for those who may, each is a button that moves the product there, or leads to the page where
/// that is asked for which the move needs.
#[component]
fn Stages(org: String, key: String, stage: Lifecycle, open: usize, to_move: String, may_write: bool, moved: Sent) -> impl IntoView {
    let step = move |step: Lifecycle| {
        let state = if step == stage {
            "now"
        } else if step < stage {
            "done"
        } else {
            ""
        };
        let here = (step == stage).then_some("step");
        let needs_more = step == Lifecycle::Sunset || (moves_on(stage, step) && open > 0);
        let inner = match (may_write, needs_more) {
            (true, true) => view! { <a href=format!("{to_move}{}", step.word()) title=step.purpose()>{step.label()}</a> }.into_any(),
            (true, false) => {
                view! { <button type="submit" name="stage" value=step.word() title=step.purpose()>{step.label()}</button> }.into_any()
            }
            (false, _) => view! { <span title=step.purpose()>{step.label()}</span> }.into_any(),
        };
        view! { <li class=state aria-current=here>{inner}</li> }
    };
    view! {
        <ServerForm to=MoveProduct::PATH sent=moved>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="key" value=key />
            <ol class="steps">{Lifecycle::ALL.map(step).collect_view()}</ol>
        </ServerForm>
    }
}

/// The criteria; for those who may, each is a button that ticks it, or takes the tick away.
#[component]
fn Criteria(org: String, key: String, criteria: Vec<Criterion>, may_write: bool, ticked: Sent) -> impl IntoView {
    let row = move |criterion: Criterion| {
        let (met, told) = (criterion.is_met(), criterion.told());
        let mark = view! { <span class="box" class:met=met aria-hidden="true"></span> };
        let text = criterion.criterion.clone();
        let inner = if may_write {
            let name = if met { "untick" } else { "tick" };
            view! {
                <button type="submit" class="criterion" name=name value=criterion.criterion aria-pressed=met.to_string()>
                    {mark}<span dir="auto">{text}</span>
                </button>
            }
            .into_any()
        } else {
            let state = if met { "Met: " } else { "Open: " };
            view! { <span class="criterion">{mark}<span dir="auto"><span class="visually-hidden">{state}</span>{text}</span></span> }
                .into_any()
        };
        view! { <li>{inner}<span class="muted" dir="auto">{told}</span></li> }
    };
    view! {
        <ServerForm to=TickCriterion::PATH sent=ticked>
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="key" value=key />
            <ul class="criteria" aria-labelledby="exit-criteria">{criteria.into_iter().map(row).collect_view()}</ul>
        </ServerForm>
    }
}

/// The last day of a product, and what happens until then.
#[component]
fn Ending(product: Product, change: Option<String>) -> impl IntoView {
    let day = product.end_of_life.map_or_else(|| "Not set".to_owned(), last_day);
    view! {
        <section class="card stack" aria-labelledby="ending">
            <div class="card-head">
                <h2 id="ending">"End of life"</h2>
                {change.map(|href| view! { <a class="button small" href=href>"Change"</a> })}
            </div>
            <dl class="facts"><div><dt>"Last day"</dt><dd>{day}</dd></div></dl>
            <Prose text=product.sunset_plan.unwrap_or_default() empty="No plan yet. Say what happens to customers and their data until then." />
        </section>
    }
}
