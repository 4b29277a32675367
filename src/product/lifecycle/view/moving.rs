//! The page that asks for what a move between stages needs.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::org::view::param;
use crate::product::api::GetProduct;
use crate::product::lifecycle::api::MoveProduct;
use crate::product::lifecycle::model::{Criterion, SunsetFields, moves_on};
use crate::product::model::{Lifecycle, Product, ProductPage};
use crate::ui::form::{CheckField, ServerForm, Submit, TextArea, TextField, Version};
use crate::ui::layout::{Crumb, PageHead};
use crate::ui::load::{Failure, Load, data};

/// `/orgs/{org}/products/{key}/lifecycle?to=STAGE`; without a stage, the next one.
#[component]
pub fn MovePage() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| query.get("to")).and_then(|word| Lifecycle::parse(&word)));
    let product = data(move || GetProduct { org: org.get(), key: key.get() });
    let view = move |data: ProductPage| match data.role.can(Perm::ProductWrite) {
        true => {
            let product = data.summary.product;
            let to = asked.get().unwrap_or_else(|| product.lifecycle.next());
            view! { <MoveView org=org.get_untracked() product criteria=data.criteria to /> }.into_any()
        }
        false => view! { <Failure error=AppError::Forbidden /> }.into_any(),
    };
    view! { <Load of=product view /> }
}

#[component]
fn MoveView(org: String, product: Product, criteria: Vec<Criterion>, to: Lifecycle) -> impl IntoView {
    let from = product.lifecycle;
    let home = format!("/orgs/{org}/products/{}", product.key);
    let crumbs = vec![Crumb::new("Portfolio", format!("/orgs/{org}/products")), Crumb::new(product.name.clone(), home.clone())];
    let title = if from == to { format!("Plan for {}", to.label()) } else { format!("Move to {}", to.label()) };
    let label = if from == to { "Save plan".to_owned() } else { title.clone() };
    let open: Vec<_> = criteria.into_iter().filter(|criterion| !criterion.is_met()).collect();
    let version = SunsetFields::from(&product).version();
    let key = product.key.clone();
    let asks_why = moves_on(from, to) && !open.is_empty();
    // Made inside the form, since fields look for the form that they stand in.
    let fields = move || {
        view! {
            {asks_why.then(|| view! { <AllTheSame stage=from open /> })}
            {(to == Lifecycle::Sunset).then(|| view! { <EndFields product /> })}
        }
    };
    view! {
        <PageHead title crumbs />
        <ServerForm to=MoveProduct::PATH class="stack form">
            <input type="hidden" name="org" value=org />
            <input type="hidden" name="key" value=key />
            <input type="hidden" name="stage" value=to.word() />
            <Version of=version />
            {fields()}
            <div class="actions">
                <Submit label />
                <a class="button quiet" href=home>"Cancel"</a>
            </div>
        </ServerForm>
    }
}

/// How the product ends.
#[component]
fn EndFields(product: Product) -> impl IntoView {
    let day = product.end_of_life.map(|day| day.to_string()).unwrap_or_default();
    view! {
        <TextField
            name="end_of_life"
            label="Last day"
            kind="date"
            value=day
            hint="From the day after nobody can count on it any more."
            required=true
        />
        <TextArea
            name="sunset_plan"
            label="Plan"
            value=product.sunset_plan.unwrap_or_default()
            hint="What happens to customers and their data until then, and who looks after it."
        />
    }
}

/// What is open, and the question whether that is meant.
#[component]
fn AllTheSame(stage: Lifecycle, open: Vec<Criterion>) -> impl IntoView {
    let row = |criterion: Criterion| view! { <li dir="auto">{criterion.criterion}</li> };
    view! {
        <section class="card stack" aria-labelledby="still-open">
            <h2 id="still-open">{format!("Still open in {}", stage.label())}</h2>
            <ul class="bullets" aria-labelledby="still-open">{open.into_iter().map(row).collect_view()}</ul>
        </section>
        <CheckField name="confirmed" label="Move on although this is open" checked=false />
        <TextArea name="reason" label="Reason" hint="It stays in the product's history." rows=3 />
    }
}
