//! A product's own page.

use leptos::prelude::*;

use crate::audit::view::History;
use crate::idea::model::IdeaStatus;
use crate::kernel::role::Perm;
use crate::org::view::param;
use crate::overview::view::ProductSections;
use crate::product::api::GetProduct;
use crate::product::lifecycle::view::LifecyclePanel;
use crate::product::model::{Lifecycle, ProductPage};
use crate::ui::form::Sent;
use crate::ui::icon::{Icon, IconView};
use crate::ui::layout::{Crumb, PageHead, Prose};
use crate::ui::load::{Load, data};

/// How far along its life a product is, in eight small steps.
#[component]
pub fn StageMeter(stage: Lifecycle) -> impl IntoView {
    let steps = Lifecycle::ALL.map(|step| view! { <span class:done=step < stage class:now=step == stage></span> }).collect_view();
    view! { <div class="meter" role="img" aria-label=format!("Stage: {}", stage.label())>{steps}</div> }
}

/// `/orgs/{org}/products/{key}`
#[component]
pub fn ProductOverview() -> impl IntoView {
    let (org, key) = (param("org"), param("key"));
    let (moved, ticked) = (Sent::new(), Sent::new());
    let product = data(move || GetProduct { org: org.get(), key: key.get() }).after(moved).after(ticked);
    let product = product.live(&["Product", "Idea", "Feature", "LifecycleCriteria"]);
    let view = move |data: ProductPage| view! { <Overview data org=org.get_untracked() moved ticked /> }.into_any();
    view! {
        <Load of=product view />
        <ProductSections org product=key />
        <History org entity="Product" item=key after=vec![moved, ticked] />
    }
}

/// Stage, numbers and texts of a product.
#[component]
fn Overview(data: ProductPage, org: String, moved: Sent, ticked: Sent) -> impl IntoView {
    let product = data.summary.product;
    let base = format!("/orgs/{org}/products/{}", product.key);
    let may_write = data.role.can(Perm::ProductWrite);
    let edit = may_write.then(|| view! { <a class="button" href=format!("{base}/settings")><IconView icon=Icon::Edit />"Edit"</a> });
    let add = data.role.can(Perm::IdeaWrite).then(|| {
        view! { <a class="button primary" href=format!("{base}/ideas/new")><IconView icon=Icon::Plus />"New idea"</a> }
    });
    view! {
        <PageHead title=product.name.clone() crumbs=vec![Crumb::new("Portfolio", format!("/orgs/{org}/products"))]>{edit}{add}</PageHead>
        <LifecyclePanel org product=product.clone() criteria=data.criteria may_write moved ticked />
        <div class="columns">
            <section class="card">
                <h2>"Vision"</h2>
                <Prose text=product.vision.unwrap_or_default() empty="No vision yet. Say in two sentences for whom this product is and what changes for them." />
                <h2>"Description"</h2>
                <Prose text=product.description.unwrap_or_default() empty="No description yet." />
            </section>
            {data.standing.map(|standing| view! { <section class="card"><Standing standing base /></section> })}
        </div>
    }
}

/// How many ideas stand where.
#[component]
fn Standing(standing: Vec<(IdeaStatus, i64)>, base: String) -> impl IntoView {
    let all: i64 = standing.iter().map(|(_, count)| count).sum();
    let row = |(status, count): (IdeaStatus, i64)| {
        let label = status.label();
        view! {
            <tr>
                <th scope="row"><a href=format!("{base}/ideas?status={}", status.word())>{label}</a></th>
                <td><meter min="0" max=all value=count aria-label=format!("{label}: {count} of {all}")></meter></td>
                <td class="number">{count}</td>
            </tr>
        }
    };
    if all == 0 {
        return view! {
            <h2>"Where the ideas stand"</h2>
            <p class="muted">"There are no ideas yet."</p>
        }
        .into_any();
    }
    view! {
        <table class="standing">
            <caption>"Where the ideas stand"</caption>
            <tbody>{standing.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
