//! Bars side by side.

use leptos::prelude::*;

use super::draw::{Drawing, KeyLook, LOOKS, Shape, Stop};
use super::lines::extent;
use super::model::{Group, known};
use super::scale::{Tick, nice};
use super::view::DrawingView;
use crate::kernel::number::with_unit;

/// A bar for each series over each name.
#[component]
pub fn BarChart(
    #[prop(into)] title: String,
    /// The names of the series; one for plain bars.
    series: Vec<String>,
    groups: Vec<Group>,
    #[prop(optional, into)] unit: String,
) -> impl IntoView {
    let drawing = draw(&series, &groups, &unit);
    view! { <DrawingView title drawing /> }
}

/// Draws the bars, from zero up or down.
pub(super) fn draw(series: &[String], groups: &[Group], unit: &str) -> Drawing {
    let series = &series[..series.len().min(LOOKS)];
    let value = |group: &Group, at: usize| group.values.get(at).copied().and_then(known);
    let all = groups.iter().flat_map(|group| (0..series.len()).filter_map(move |at| value(group, at)));
    let (low, high) = extent(all.chain([0.0])).unwrap_or((0.0, 0.0));
    let (y, up) = nice(low, high, 5);
    let count = groups.len().max(1) as f64;
    let (slot, floor) = (1.0 / count, 1.0 - y.at(0.0));
    let thick = slot * 0.72 / series.len().max(1) as f64;
    let mut drawing = Drawing { height: 220, up, ..Drawing::default() };

    for (place, group) in groups.iter().enumerate() {
        let middle = (place as f64 + 0.5) * slot;
        let left = middle - thick * series.len() as f64 / 2.0;
        for at in 0..series.len() {
            if let Some(value) = value(group, at) {
                let level = 1.0 - y.at(value);
                let (top, height) = (level.min(floor), (level - floor).abs());
                // A hair between neighbours.
                let (x, width) = (left + thick * (at as f64 + 0.04), thick * 0.92);
                drawing.shapes.push(Shape::Bar { x, y: top, width, height, look: at });
            }
        }
        let line = |(at, name): (usize, &String)| {
            let name = if series.len() > 1 { name.clone() } else { String::new() };
            (name, value(group, at).map_or_else(|| "no value".to_owned(), |value| with_unit(value, unit)))
        };
        drawing.stops.push(Stop {
            x: middle,
            dots: (0..series.len()).filter_map(|at| value(group, at)).map(|value| 1.0 - y.at(value)).collect(),
            title: group.name.clone(),
            lines: series.iter().enumerate().map(line).collect(),
        });
        drawing.across.push(Tick { at: middle, label: shortened(&group.name) });
        let cells = (0..series.len()).map(|at| value(group, at).map_or_else(|| "–".to_owned(), |value| with_unit(value, unit)));
        drawing.table.rows.push([group.name.clone()].into_iter().chain(cells).collect());
    }
    drawing.shapes.push(Shape::Rule { from: (0.0, floor), to: (1.0, floor), class: "chart-zero" });
    drawing.table.columns = ["Name".to_owned()].into_iter().chain(series.iter().cloned()).collect();
    drawing.legend = series.iter().enumerate().map(|(at, name)| (name.clone(), KeyLook::Fill(at))).collect();
    drawing.summary = drawing.stops.iter().take(12).map(|stop| format!("{}.", stop.words())).collect::<Vec<_>>().join(" ");
    drawing
}

/// A name that fits below its bar.
fn shortened(name: &str) -> String {
    if name.chars().count() > 14 { format!("{}…", name.chars().take(13).collect::<String>()) } else { name.to_owned() }
}
