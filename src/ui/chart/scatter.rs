//! Things by two numbers.

use leptos::prelude::*;

use super::draw::{Drawing, KeyLook, LOOKS, Shape, Stop, Table};
use super::lines::{axis, extent};
use super::model::{Across, Series, drawable, known};
use super::scale::nice;
use super::view::DrawingView;
use crate::kernel::number::amount;

/// A marker for each point; a series' markers have their own shape. A point's name is what the thing is called.
#[component]
pub fn Scatter(
    #[prop(into)] title: String,
    series: Vec<Series>,
    /// What lies along the horizontal axis, and what along the upright one.
    #[prop(into)]
    across: String,
    #[prop(into)] up: String,
) -> impl IntoView {
    let drawing = draw(&series, &across, &up);
    view! { <DrawingView title drawing /> }
}

/// Draws the markers.
pub(super) fn draw(series: &[Series], across: &str, up: &str) -> Drawing {
    let series = &series[..series.len().min(LOOKS)];
    let mut spots: Vec<(f64, f64, usize, &str)> = series
        .iter()
        .enumerate()
        .flat_map(|(look, one)| {
            one.points.iter().filter_map(move |point| Some((drawable(point.x)?, known(point.y)?, look, point.name.as_str())))
        })
        .collect();
    spots.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let (low_x, high_x) = extent(spots.iter().map(|spot| spot.0)).unwrap_or((0.0, 1.0));
    let (low_y, high_y) = extent(spots.iter().map(|spot| spot.1)).unwrap_or((0.0, 1.0));
    let (x, ticks) = axis(&Across::Number(String::new()), low_x, high_x);
    let (y, levels) = nice(low_y, high_y, 5);
    let stop = |(at_x, at_y, look, name): &(f64, f64, usize, &str)| {
        let of = series.get(*look).filter(|_| series.len() > 1).map(|one| format!(" ({})", one.name)).unwrap_or_default();
        let title = if name.is_empty() { format!("Point{of}") } else { format!("{name}{of}") };
        Stop {
            x: x.at(*at_x),
            dots: vec![1.0 - y.at(*at_y)],
            title,
            lines: vec![(across.to_owned(), amount(*at_x)), (up.to_owned(), amount(*at_y))],
        }
    };
    let stops: Vec<Stop> = spots.iter().map(stop).collect();
    let row = |stop: &Stop| [stop.title.clone()].into_iter().chain(stop.lines.iter().map(|(_, value)| value.clone())).collect();
    Drawing {
        summary: format!("{} points by {across} and {up}.", spots.len()),
        height: 300,
        across: ticks,
        up: levels,
        shapes: spots.iter().map(|spot| Shape::Dot { x: x.at(spot.0), y: 1.0 - y.at(spot.1), look: spot.2 }).collect(),
        legend: series.iter().enumerate().map(|(look, one)| (one.name.clone(), KeyLook::Dot(look))).collect(),
        table: Table { columns: vec!["Name".to_owned(), across.to_owned(), up.to_owned()], rows: stops.iter().map(row).collect() },
        stops,
        across_name: format!("Across: {across}. Up: {up}."),
        ..Drawing::default()
    }
}
