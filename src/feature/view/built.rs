//! What an idea became, on the idea's page.

use leptos::prelude::*;

use super::FeatureBadge;
use crate::feature::api::BuiltFor as BuiltForCall;
use crate::feature::model::{Built, FeatureLink, FeatureStatus};
use crate::ui::form::Sent;
use crate::ui::load::{Data, data};
use crate::ui::reference::Reference;

/// The features of an idea; asked for again after each of the forms in `after`. To be placed beside what loads the page
/// and not inside of it. Shows nothing where the idea cannot be read, since the page says so already.
#[component]
pub fn BuiltFor(org: Signal<String>, idea: Signal<String>, #[prop(optional)] after: Vec<Sent>) -> impl IntoView {
    let built = data(move || BuiltForCall { org: org.get(), idea: idea.get() }).live(&["Feature", "Idea"]);
    let built = after.into_iter().fold(built, Data::after);
    let shown = move |built: Built| view! { <Shown built org=org.get_untracked() /> };
    view! { <Transition fallback=|| ()>{move || Suspend::new(async move { built.get().await.ok().map(shown) })}</Transition> }
}

#[component]
fn Shown(built: Built, org: String) -> impl IntoView {
    let base = format!("/orgs/{org}/products/{}", built.product);
    let counting = built.features.iter().filter(|feature| feature.status != FeatureStatus::Cancelled);
    let (done, all) = counting.fold((0, 0), |(done, all), feature| (done + i32::from(feature.status == FeatureStatus::Done), all + 1));
    let progress = (all > 0).then(|| view! { <span class="muted">{format!("{done} of {all} done")}</span> });
    let body = if built.features.is_empty() {
        view! { <p class="muted">"No features yet. An idea becomes one or more once it is approved."</p> }.into_any()
    } else {
        let link = |feature: FeatureLink| {
            view! {
                <li class="actions">
                    <a href=format!("{base}/features/{}", feature.id) dir="auto">{feature.title}</a>
                    <Reference number=feature.number />
                    <FeatureBadge status=feature.status />
                </li>
            }
        };
        view! { <ul class="askers" aria-label="Features">{built.features.into_iter().map(link).collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="card asked" aria-labelledby="features">
            <div class="card-head">
                <h2 id="features">"Features"</h2>
                {progress}
            </div>
            {body}
        </section>
    }
}
