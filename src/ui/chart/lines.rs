//! Lines over time or over a number.

use leptos::prelude::*;

use super::draw::{Drawing, KeyLook, LOOKS, Shape, Stop, Table, area, path};
use super::model::{Across, Form, Mark, Point, Series, drawable, known};
use super::room::{Pin, Side, of_pins, side};
use super::scale::{Scale, Tick, day_ticks, nice};
use super::view::DrawingView;
use super::words::day_words;
use crate::kernel::number::{amount, with_unit};

/// Up to so many points each gets its marker; of more only those that no line shows.
const MARKED: usize = 40;

/// What a line chart shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lines {
    pub series: Vec<Series>,
    pub across: Across,
    pub unit: String,
    pub target: Option<f64>,
    pub marks: Vec<Mark>,
    pub form: Form,
}

/// One line or several, with gaps where a value is missing.
#[component]
pub fn LineChart(
    #[prop(into)] title: String,
    series: Vec<Series>,
    #[prop(default = Across::Days)] across: Across,
    /// What the values are measured in.
    #[prop(optional, into)]
    unit: String,
    /// A level to be reached, as a line across.
    #[prop(optional_no_strip)]
    target: Option<f64>,
    #[prop(optional)] marks: Vec<Mark>,
    #[prop(optional)] form: Form,
) -> impl IntoView {
    let drawing = draw(Lines { series, across, unit, target, marks, form });
    view! { <DrawingView title drawing /> }
}

/// The horizontal axis of places between these.
pub(super) fn axis(across: &Across, low: f64, high: f64) -> (Scale, Vec<Tick>) {
    match across {
        Across::Days => {
            // A single day stands between its neighbours.
            let scale = if low < high { Scale::of(low, high) } else { Scale::of(low - 1.0, high + 1.0) };
            (scale, day_ticks(scale, 9))
        }
        Across::Number(_) => nice(low, high, 7),
    }
}

/// What a place on the horizontal axis is called.
pub(super) fn place_name(across: &Across, point: &Point) -> String {
    match across {
        _ if !point.name.is_empty() => point.name.clone(),
        Across::Days => day_words(point.x),
        Across::Number(_) => amount(point.x),
    }
}

/// The least and the greatest of these; nothing if there are none.
pub(super) fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |extent, value| match extent {
        None => Some((value, value)),
        Some((low, high)) => Some((f64::min(low, value), f64::max(high, value))),
    })
}

/// Draws the lines.
pub(super) fn draw(lines: Lines) -> Drawing {
    let Lines { series, across, unit, target, marks, form } = lines;
    let all = || series.iter().flat_map(|one| &one.points);
    let places = all().filter_map(|point| drawable(point.x));
    let mut drawing = Drawing { height: 240, summary: summary(&series, &across, &unit), ..Drawing::default() };
    let (Some((first, last)), Some((low, high))) = (extent(places), extent(all().filter_map(|point| known(point.y)))) else {
        drawing.up = nice(0.0, 1.0, 4).1;
        return drawing;
    };
    let target = known(target);
    let held = [target, (form != Form::Line).then_some(0.0)].into_iter().flatten();
    // A bar has room on both sides of its place.
    let room = if form == Form::Bars { spacing(&series) } else { 0.0 };
    let (x, ticks) = axis(&across, first - room / 2.0, last + room / 2.0);
    let (y, levels) = nice(held.clone().fold(low, f64::min), held.fold(high, f64::max), 5);
    let spot = |point: &Point| Some((x.at(drawable(point.x)?), 1.0 - y.at(known(point.y)?)));
    let sparse = series.iter().map(|one| one.points.len()).sum::<usize>() <= MARKED * series.len().max(1);

    for (at, one) in series.iter().enumerate().take(LOOKS) {
        let spots: Vec<Option<(f64, f64)>> = one.points.iter().map(spot).collect();
        if form == Form::Bars {
            let (slot, floor) = (0.8 * room / (x.high - x.low), 1.0 - y.at(0.0));
            drawing.shapes.extend(bars(&spots, floor, slot, (at, series.len().min(LOOKS))));
            drawing.legend.push((one.name.clone(), KeyLook::Fill(at)));
            continue;
        }
        let (d, alone) = path(&spots);
        if form == Form::Area && at == 0 {
            drawing.shapes.push(Shape::Area { d: area(&spots, 1.0 - y.at(0.0)), look: at });
        }
        drawing.shapes.push(Shape::Line { d, look: at });
        let dots: Vec<(f64, f64)> = if sparse { spots.into_iter().flatten().collect() } else { alone };
        drawing.shapes.extend(dots.into_iter().map(|(x, y)| Shape::Dot { x, y, look: at }));
        drawing.legend.push((one.name.clone(), KeyLook::Line(at)));
    }
    if let Some(target) = target {
        let level = 1.0 - y.at(target);
        drawing.shapes.push(Shape::Rule { from: (0.0, level), to: (1.0, level), class: "chart-target" });
        drawing.legend.push((format!("Target {}", with_unit(target, &unit)), KeyLook::Target));
    }
    let seen: Vec<Mark> = marks.into_iter().filter(|mark| (x.low..=x.high).contains(&mark.x)).collect();
    let (mut pins, mut first): (Vec<Pin>, usize) = (Vec::new(), 1);
    // Those of one place share a line.
    for shared in seen.chunk_by(|a, b| a.x == b.x) {
        let at = x.at(shared.first().map_or(x.low, |mark| mark.x));
        drawing.shapes.push(Shape::Rule { from: (at, 0.0), to: (at, 1.0), class: "chart-mark" });
        pins.push(Pin { at, first, last: first + shared.len() - 1 });
        first += shared.len();
    }
    let numbers = of_pins(&pins).into_iter();
    drawing.shapes.extend(numbers.map(|(x, text, steps)| Shape::Text { x, y: 0.0, text, class: mark_class(x), steps }));
    drawing.marks = seen;
    drawing.stops = stops(&series, &across, &unit, x, y);
    drawing.table = table(&series, &across, &unit);
    drawing.across_name = if let Across::Number(name) = across { name } else { String::new() };
    (drawing.across, drawing.up) = (ticks, levels);
    drawing
}

/// How far apart the nearest two places of a series are; a day, or one, where none has two.
fn spacing(series: &[Series]) -> f64 {
    let places = |one: &Series| -> Vec<f64> {
        let mut places: Vec<f64> = one.points.iter().filter_map(|point| drawable(point.x)).collect();
        places.sort_by(f64::total_cmp);
        places
    };
    let gaps = |one: &Series| places(one).windows(2).filter_map(|pair| Some(pair.get(1)? - pair.first()?)).collect::<Vec<_>>();
    let least = series.iter().flat_map(gaps).filter(|gap| *gap > 0.0).fold(f64::INFINITY, f64::min);
    if least.is_finite() { least } else { 1.0 }
}

/// The bars of the series with this number among so many, which share slots of this width around their places.
fn bars(spots: &[Option<(f64, f64)>], floor: f64, slot: f64, (at, of): (usize, usize)) -> Vec<Shape> {
    let width = slot / of.max(1) as f64;
    let bar = |(x, level): &(f64, f64)| {
        // Rounding must not push the outermost beyond the plot.
        let x = (x - slot / 2.0 + width * at as f64).clamp(0.0, (1.0 - width).max(0.0));
        Shape::Bar { x, y: level.min(floor), width: width.min(1.0), height: (level - floor).abs(), look: at }
    };
    spots.iter().flatten().map(bar).collect()
}

/// How the numbers at a place are set: at either end of the chart they lie on its inner side.
fn mark_class(place: f64) -> &'static str {
    match side(place) {
        Side::First => "chart-mark-number first",
        Side::Last => "chart-mark-number last",
        Side::Middle => "chart-mark-number",
    }
}

/// The places of all series in order, each once.
fn all_places(series: &[Series]) -> Vec<&Point> {
    let mut places: Vec<&Point> = series.iter().flat_map(|one| &one.points).filter(|point| drawable(point.x).is_some()).collect();
    places.sort_by(|a, b| a.x.total_cmp(&b.x));
    places.dedup_by(|a, b| a.x == b.x);
    places
}

/// The series' values there, by position.
fn values(series: &[Series], x: f64) -> Vec<Option<f64>> {
    let at = |one: &Series| one.points.iter().find(|point| point.x == x).and_then(|point| known(point.y));
    match series {
        // The common case, and the one of many points.
        [one] if one.points.is_sorted_by(|a, b| a.x < b.x) => {
            let found = one.points.binary_search_by(|point| point.x.total_cmp(&x)).ok();
            vec![found.and_then(|at| one.points.get(at)).and_then(|point| known(point.y))]
        }
        series => series.iter().map(at).collect(),
    }
}

fn stops(series: &[Series], across: &Across, unit: &str, x: Scale, y: Scale) -> Vec<Stop> {
    let several = series.len() > 1;
    let stop = |place: &Point| {
        let values = values(series, place.x);
        let line = |(one, value): (&Series, &Option<f64>)| {
            let name = if several { one.name.clone() } else { String::new() };
            (name, value.map_or_else(|| "no value".to_owned(), |value| with_unit(value, unit)))
        };
        Stop {
            x: drawable(place.x).map_or(0.0, |place| x.at(place)),
            dots: values.iter().flatten().map(|value| 1.0 - y.at(*value)).collect(),
            title: place_name(across, place),
            lines: series.iter().zip(&values).map(line).collect(),
        }
    };
    all_places(series).into_iter().map(stop).collect()
}

fn table(series: &[Series], across: &Across, unit: &str) -> Table {
    let first = if let Across::Number(name) = across { name.clone() } else { "Date".to_owned() };
    let cell = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| with_unit(value, unit));
    let row = |place: &Point| [place_name(across, place)].into_iter().chain(values(series, place.x).into_iter().map(cell)).collect();
    Table {
        columns: [first].into_iter().chain(series.iter().map(|one| one.name.clone())).collect(),
        rows: all_places(series).into_iter().map(row).collect(),
    }
}

/// From where to where the lines go, in words.
fn summary(series: &[Series], across: &Across, unit: &str) -> String {
    let told = |one: &Series| {
        let known: Vec<(&Point, f64)> = one.points.iter().filter_map(|point| Some((point, known(point.y)?))).collect();
        let (Some((first, from)), Some((last, to))) = (known.first(), known.last()) else {
            return format!("{}: no values.", one.name);
        };
        let missing = one.points.len() - known.len();
        let gaps = match missing {
            0 => String::new(),
            1 => " 1 value is missing.".to_owned(),
            missing => format!(" {missing} values are missing."),
        };
        let (low, high) = extent(known.iter().map(|(_, value)| *value)).unwrap_or((*from, *to));
        format!(
            "{}: {} on {}, {} on {}; lowest {}, highest {}.{gaps}",
            one.name,
            with_unit(*from, unit),
            place_name(across, first),
            with_unit(*to, unit),
            place_name(across, last),
            with_unit(low, unit),
            with_unit(high, unit),
        )
    };
    if series.is_empty() { "No values.".to_owned() } else { series.iter().map(told).collect::<Vec<_>>().join(" ") }
}
