//! Values that are known within bounds, one row for each, against zero.

use leptos::prelude::*;

use super::draw::{Drawing, Shape, Stop, Table, Way};
use super::lines::extent;
use super::model::{Interval, known};
use super::room::of_name;
use super::scale::nice;
use super::view::DrawingView;
use crate::kernel::number::in_unit;

/// The height of a row, in pixels.
const ROW: i32 = 52;

/// A row for each interval: its name above, the bounds as a line, the value as a marker, and zero as a line upright through all.
#[component]
pub fn IntervalPlot(#[prop(into)] title: String, rows: Vec<Interval>, #[prop(optional, into)] unit: String) -> impl IntoView {
    let drawing = draw(&rows, &unit);
    view! { <DrawingView title drawing /> }
}

/// Draws the rows from top to bottom.
pub(super) fn draw(rows: &[Interval], unit: &str) -> Drawing {
    let count = rows.len().max(1);
    let bounds = rows.iter().flat_map(|row| [row.low, row.middle, row.high]).filter_map(known);
    let (low, high) = extent(bounds.chain([0.0])).unwrap_or((0.0, 0.0));
    let (x, across) = nice(low, high, 6);
    let mut drawing = Drawing { height: ROW * count as i32, across, way: Way::Down, ..Drawing::default() };
    let zero = x.at(0.0);
    drawing.shapes.push(Shape::Rule { from: (zero, 0.0), to: (zero, 1.0), class: "chart-zero" });
    for (at, row) in rows.iter().enumerate() {
        let (top, level) = (at as f64 / count as f64, (at as f64 + 0.68) / count as f64);
        let names = of_name(&row.name).into_iter();
        drawing.shapes.extend(names.map(|(text, steps)| Shape::Text { x: 0.0, y: top, text, class: "chart-row-name", steps }));
        let (from, to) = (known(row.low), known(row.high));
        // What cannot be computed has no line at all.
        if from.or(to).or(known(row.middle)).is_some() {
            let (left, right) = (from.map_or(0.0, |from| x.at(from)), to.map_or(1.0, |to| x.at(to)));
            drawing.shapes.push(Shape::Rule { from: (left, level), to: (right, level), class: "chart-interval" });
            let (up, down) = (level - 0.1 / count as f64, level + 0.1 / count as f64);
            let ends = [from.map(|_| left), to.map(|_| right)].into_iter().flatten();
            drawing.shapes.extend(ends.map(|end| Shape::Rule { from: (end, up), to: (end, down), class: "chart-interval" }));
        }
        if let Some(middle) = known(row.middle) {
            // Another shape where the interval leaves zero out, which is the answer in short.
            let clear = from.is_some_and(|from| from > 0.0) || to.is_some_and(|to| to < 0.0);
            drawing.shapes.push(Shape::Dot { x: x.at(middle), y: level, look: if clear { 3 } else { 0 } });
        }
        let write = row.writer();
        let said = |value: Option<f64>, none: &str| known(value).map_or_else(|| none.to_owned(), |value| in_unit(write(value), unit));
        drawing.stops.push(Stop {
            x: known(row.middle).map_or(zero, |middle| x.at(middle)),
            dots: vec![level],
            title: row.name.clone(),
            lines: vec![
                (String::new(), said(row.middle, "cannot be computed")),
                ("from".to_owned(), said(row.low, "open")),
                ("to".to_owned(), said(row.high, "open")),
            ],
        });
        drawing.table.rows.push([row.name.clone()].into_iter().chain(row.cells()).collect());
    }
    let of = |name: &str| if unit.is_empty() { name.to_owned() } else { format!("{name} ({unit})") };
    drawing.table = Table { columns: vec!["Name".to_owned(), of("Low"), of("Value"), of("High")], ..drawing.table };
    drawing.summary = drawing.stops.iter().map(|stop| format!("{}.", stop.words())).collect::<Vec<_>>().join(" ");
    drawing
}
