//! What is drawn of a product.

use leptos::prelude::*;

use crate::feature::model::FeatureStatus;
use crate::overview::model::Pictures;
use crate::ui::chart::{BarChart, Group, Point, Scatter, Series};

/// Its features by status, and its open ideas by what they cost and bring; nothing where there are none of either.
#[component]
pub fn Drawn(pictures: Pictures) -> impl IntoView {
    let places = pictures.places();
    let group = |(status, count): (FeatureStatus, i64)| Group { name: status.label().to_owned(), values: vec![Some(count as f64)] };
    let features = (!pictures.features.is_empty()).then(|| {
        let groups = pictures.features.into_iter().map(group).collect();
        view! {
            <section class="card stack" aria-labelledby="drawn-features">
                <h2 id="drawn-features">"Features by status"</h2>
                <BarChart title="Features by status" series=vec!["Features".to_owned()] groups />
            </section>
        }
    });
    let ideas = (!places.is_empty()).then(|| {
        let points = places.into_iter().map(|(effort, impact, name)| Point::named(effort, Some(impact), name)).collect();
        view! {
            <section class="card stack" aria-labelledby="drawn-ideas">
                <h2 id="drawn-ideas">"Open ideas by effort and impact"</h2>
                <Scatter title="Open ideas by effort and impact" series=vec![Series::new("Ideas", points)] across="Effort" up="Impact" />
            </section>
        }
    });
    view! {
        <div class="overview-drawn">
            {features}
            {ideas}
        </div>
    }
}
