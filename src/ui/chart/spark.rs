//! A line as small as a word.

use leptos::prelude::*;

use super::draw::{SIDE, path};
use super::lines::extent;
use super::model::known;
use super::scale::Scale;
use super::shapes::{dot, percent};

/// The last values of something, without axes; the label says in words what it shows.
#[component]
pub fn Sparkline(values: Vec<Option<f64>>, #[prop(into)] label: String) -> impl IntoView {
    let (spots, last) = spots(&values);
    let (d, alone) = path(&spots);
    let alone = alone.into_iter().filter(|spot| Some(*spot) != last).map(|(x, y)| dot(x, y, 0, "chart-dot small")).collect_view();
    view! {
        <svg class="sparkline" role="img" aria-label=label width="96" height="24">
            <svg width="100%" height="100%" viewBox=format!("0 0 {SIDE} {SIDE}") preserveAspectRatio="none">
                <path class="chart-line" data-look=0 d=d />
            </svg>
            {alone}
            {last.map(|(x, y)| view! { <circle class="spark-end" cx=percent(x) cy=percent(y) r="2.5" /> })}
        </svg>
    }
}

type Spot = (f64, f64);

/// Where the values lie, with some room at the edges, and the last of them that is known.
pub(super) fn spots(values: &[Option<f64>]) -> (Vec<Option<Spot>>, Option<Spot>) {
    let Some((low, high)) = extent(values.iter().copied().filter_map(known)) else { return (Vec::new(), None) };
    let (x, y) = (Scale::of(0.0, (values.len().max(2) - 1) as f64), Scale::of(low, high));
    let spot = |(at, value): (usize, &Option<f64>)| Some((0.03 + 0.94 * x.at(at as f64), 0.9 - 0.8 * y.at(known(*value)?)));
    let spots: Vec<Option<Spot>> = values.iter().enumerate().map(spot).collect();
    let last = spots.iter().rev().flatten().next().copied();
    (spots, last)
}
