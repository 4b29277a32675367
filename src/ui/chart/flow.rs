//! Amounts that add up, over time: how much is in each state on each day.

use leptos::prelude::*;

use super::draw::{Drawing, KeyLook, LOOKS, Shape, Stop, Table, band};
use super::lines::{axis, extent};
use super::model::{Across, Series, drawable, known};
use super::scale::nice;
use super::view::DrawingView;
use super::words::day_words;
use crate::kernel::number::with_unit;

/// Areas on top of each other, the first series at the bottom. A value that is missing or negative counts as none.
#[component]
pub fn StackedFlow(#[prop(into)] title: String, series: Vec<Series>, #[prop(optional, into)] unit: String) -> impl IntoView {
    let drawing = draw(&series, &unit);
    view! { <DrawingView title drawing /> }
}

/// Draws the areas. The series share their places; one that lacks a place has nothing there.
pub(super) fn draw(series: &[Series], unit: &str) -> Drawing {
    let series = &series[..series.len().min(LOOKS)];
    let mut places: Vec<f64> = series.iter().flat_map(|one| &one.points).filter_map(|point| drawable(point.x)).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    let amount = |one: &Series, x: f64| {
        let point = one.points.iter().find(|point| point.x == x);
        point.and_then(|point| known(point.y)).map_or(0.0, |value| value.clamp(0.0, 1e290))
    };
    let amounts: Vec<Vec<f64>> = series.iter().map(|one| places.iter().map(|x| amount(one, *x)).collect()).collect();
    let total = |at: usize| amounts.iter().filter_map(|one| one.get(at)).sum::<f64>();
    let top = (0..places.len()).map(total).fold(0.0, f64::max);
    let (y, up) = nice(0.0, top, 5);
    let Some((first, last)) = extent(places.iter().copied()) else {
        return Drawing { height: 240, up, summary: "No values.".to_owned(), ..Drawing::default() };
    };
    let (x, across) = axis(&Across::Days, first, last);
    let mut drawing = Drawing { height: 240, across, up, ..Drawing::default() };

    let mut floor = vec![0.0; places.len()];
    for (look, (one, amounts)) in series.iter().zip(&amounts).enumerate() {
        let ceiling: Vec<f64> = floor.iter().zip(amounts).map(|(floor, amount)| floor + amount).collect();
        let edge = |heights: &[f64]| -> Vec<(f64, f64)> {
            places.iter().zip(heights).map(|(place, height)| (x.at(*place), 1.0 - y.at(*height))).collect()
        };
        drawing.shapes.push(Shape::Area { d: band(&edge(&ceiling), &edge(&floor)), look });
        drawing.shapes.push(Shape::Line { d: super::draw::path(&edge(&ceiling).into_iter().map(Some).collect::<Vec<_>>()).0, look });
        drawing.legend.push((one.name.clone(), KeyLook::Fill(look)));
        floor = ceiling;
    }
    let stop = |(at, place): (usize, &f64)| Stop {
        x: x.at(*place),
        dots: vec![1.0 - y.at(total(at))],
        title: day_words(*place),
        lines: series
            .iter()
            .zip(&amounts)
            .rev()
            .map(|(one, amounts)| (one.name.clone(), with_unit(amounts.get(at).copied().unwrap_or(0.0), unit)))
            .collect(),
    };
    drawing.stops = places.iter().enumerate().map(stop).collect();
    let row = |(at, place): (usize, &f64)| {
        let cells = amounts.iter().map(|amounts| with_unit(amounts.get(at).copied().unwrap_or(0.0), unit));
        [day_words(*place)].into_iter().chain(cells).collect()
    };
    drawing.table = Table {
        columns: ["Date".to_owned()].into_iter().chain(series.iter().map(|one| one.name.clone())).collect(),
        rows: places.iter().enumerate().map(row).collect(),
    };
    drawing.summary = match drawing.stops.last() {
        Some(last) => format!("From {} to {}. At the end: {}.", day_words(first), last.title, last.words()),
        None => String::new(),
    };
    drawing
}
