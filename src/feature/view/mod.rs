//! Pages of features.

mod built;
mod convert;
mod criteria;
mod depend;
mod detail;
mod edit;
pub(super) mod find;
mod list;
pub(super) mod table;

use leptos::prelude::*;

pub use built::BuiltFor;
use convert::ConvertPage;
use detail::FeaturePageView;
use edit::{EditFeaturePage, NewFeaturePage};
use list::FeatureListPage;

use super::model::{Feature, FeatureStatus, blocked_words};
use crate::kernel::priority::Priority;
use crate::product::model::ProductName;
use crate::ui::layout::Crumb;

crate::lazy_pages!(work: FeatureList = FeatureListPage, NewFeature = NewFeaturePage, FeatureDetail = FeaturePageView, EditFeature = EditFeaturePage, ConvertIdea = ConvertPage);

/// A status as a small label.
#[component]
pub fn FeatureBadge(status: FeatureStatus) -> impl IntoView {
    view! { <span class="badge" data-status=status.word()>{status.label()}</span> }
}

/// A priority as a small label.
#[component]
pub fn PriorityBadge(priority: Priority) -> impl IntoView {
    view! { <span class="badge" data-priority=priority.word()>{priority.label()}</span> }
}

/// Says of a feature that others have to be done first.
#[component]
pub fn BlockedBadge(feature: Feature) -> impl IntoView {
    blocked_words(feature.status, feature.blockers).map(|words| view! { <span class="badge blocked">{words}</span> })
}

/// The way from the portfolio to a product's features.
fn crumbs(org: &str, product: &ProductName) -> Vec<Crumb> {
    let href = format!("/orgs/{org}/products/{}", product.key);
    vec![
        Crumb::new("Portfolio", format!("/orgs/{org}/products")),
        Crumb::new(product.name.clone(), href.clone()),
        Crumb::new("Features", format!("{href}/features")),
    ]
}
