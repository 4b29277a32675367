//! Values that are known within bounds, over days, against zero.

use leptos::prelude::*;

use super::draw::{Drawing, KeyLook, LOOKS, Shape, Stop, Table, band, path};
use super::lines::{axis, extent};
use super::model::{Across, Interval, Track, drawable, known};
use super::scale::{Scale, nice};
use super::view::DrawingView;
use super::words::day_words;
use crate::kernel::number::in_unit;

/// Up to so many days each value gets its marker; of more only those that no line shows.
const MARKED: usize = 40;

/// A line for each track with a band between its bounds, and zero as a line across. Bounds are widest at first; the axis is made for the
/// later half of the days, and what reaches beyond it before is cut off at the edge.
#[component]
pub fn BandChart(#[prop(into)] title: String, tracks: Vec<Track>, #[prop(optional, into)] unit: String) -> impl IntoView {
    let drawing = draw(&tracks, &unit);
    view! { <DrawingView title drawing /> }
}

/// Where a value and its bounds lie, from the left and from the top; beyond the plot for what is cut off or open.
#[derive(Clone, Copy)]
struct Spot {
    x: f64,
    top: f64,
    middle: f64,
    foot: f64,
}

/// Draws the tracks.
pub(super) fn draw(tracks: &[Track], unit: &str) -> Drawing {
    let tracks = &tracks[..tracks.len().min(LOOKS)];
    let (low, high) = extent(tracks.iter().flat_map(later).chain([0.0])).unwrap_or((0.0, 0.0));
    let (y, up) = nice(low, high, 5);
    let Some((first, last)) = extent(tracks.iter().flat_map(|track| &track.points).filter_map(|(day, _)| drawable(*day))) else {
        return Drawing { height: 240, up, summary: "No values.".to_owned(), ..Drawing::default() };
    };
    let (x, across) = axis(&Across::Days, first, last);
    let spots: Vec<Vec<Option<Spot>>> =
        tracks.iter().map(|track| track.points.iter().map(|(day, of)| spot(*day, of, x, y)).collect()).collect();
    let zero = 1.0 - y.at(0.0);
    let mut drawing = Drawing { height: 240, across, up, summary: summary(tracks, unit), ..Drawing::default() };
    for (look, spots) in spots.iter().enumerate() {
        drawing.shapes.extend(bounds(spots, look));
    }
    drawing.shapes.push(Shape::Rule { from: (0.0, zero), to: (1.0, zero), class: "chart-zero" });
    for (look, (track, spots)) in tracks.iter().zip(&spots).enumerate() {
        let places: Vec<Option<(f64, f64)>> = spots.iter().map(|spot| spot.map(|spot| (spot.x, spot.middle))).collect();
        let (d, alone) = path(&places);
        drawing.shapes.push(Shape::Line { d, look });
        let dots = if places.len() <= MARKED { places.into_iter().flatten().collect() } else { alone };
        let inside = dots.into_iter().filter(|(_, y)| (0.0..=1.0).contains(y));
        drawing.shapes.extend(inside.map(|(x, y)| Shape::Dot { x, y, look }));
        drawing.legend.push((track.name.clone(), KeyLook::Line(look)));
    }
    drawing.stops = stops(tracks, unit, x, y);
    drawing.table = table(tracks, unit);
    drawing
}

/// The values and bounds of a track's later half.
fn later(track: &Track) -> impl Iterator<Item = f64> {
    let half = track.points.len() / 2;
    track.points.iter().skip(half).flat_map(|(_, of)| [of.low, of.middle, of.high]).filter_map(known)
}

fn spot(day: f64, of: &Interval, x: Scale, y: Scale) -> Option<Spot> {
    // Not so far beyond the plot that a path would have numbers of many digits.
    let level = |value: f64| (1.0 - y.at(value)).clamp(-1.0, 2.0);
    let (x, middle) = (x.at(drawable(day)?), level(known(of.middle)?));
    Some(Spot { x, middle, top: known(of.high).map_or(-1.0, level), foot: known(of.low).map_or(2.0, level) })
}

/// The bands between the bounds, with a gap at each day that is missing; the bounds of a day that stands alone are a line.
fn bounds(spots: &[Option<Spot>], look: usize) -> Vec<Shape> {
    let (mut d, mut alone) = (String::new(), Vec::new());
    for run in spots.split(Option::is_none) {
        let run: Vec<Spot> = run.iter().flatten().copied().collect();
        match run.as_slice() {
            [] => {}
            [one] => {
                let (from, to) = ((one.x, one.top.clamp(0.0, 1.0)), (one.x, one.foot.clamp(0.0, 1.0)));
                alone.push(Shape::Rule { from, to, class: "chart-interval" });
            }
            run => {
                let upper: Vec<(f64, f64)> = run.iter().map(|spot| (spot.x, spot.top)).collect();
                let lower: Vec<(f64, f64)> = run.iter().map(|spot| (spot.x, spot.foot)).collect();
                d.push_str(&band(&upper, &lower));
            }
        }
    }
    [Shape::Area { d, look }].into_iter().chain(alone).collect()
}

/// The days of all tracks in order, each once, with what it is called.
fn days(tracks: &[Track]) -> Vec<(f64, String)> {
    let called = |day: f64, of: &Interval| if of.name.is_empty() { day_words(day) } else { of.name.clone() };
    let all = tracks.iter().flat_map(|track| &track.points);
    let mut days: Vec<(f64, String)> = all.filter_map(|(day, of)| Some((drawable(*day)?, called(*day, of)))).collect();
    days.sort_by(|a, b| a.0.total_cmp(&b.0));
    days.dedup_by(|a, b| a.0 == b.0);
    days
}

fn on(track: &Track, day: f64) -> Option<&Interval> {
    track.points.iter().find(|(at, _)| drawable(*at) == Some(day)).map(|(_, of)| of)
}

/// A value and its bounds: `4.2 %, from -1 % to 9 %`.
fn words(of: Option<&Interval>, unit: &str) -> String {
    let Some((of, middle)) = of.and_then(|of| Some((of, known(of.middle)?))) else { return "cannot be computed".to_owned() };
    let write = of.writer();
    let said = |value: f64| in_unit(write(value), unit);
    let middle = said(middle);
    match (known(of.low), known(of.high)) {
        (Some(low), Some(high)) => format!("{middle}, from {} to {}", said(low), said(high)),
        (Some(low), None) => format!("{middle}, {} or more", said(low)),
        (None, Some(high)) => format!("{middle}, {} or less", said(high)),
        (None, None) => middle,
    }
}

fn stops(tracks: &[Track], unit: &str, x: Scale, y: Scale) -> Vec<Stop> {
    let name = |track: &Track| if tracks.len() > 1 { track.name.clone() } else { String::new() };
    let stop = |(day, title): (f64, String)| Stop {
        x: x.at(day),
        dots: tracks.iter().filter_map(|track| known(on(track, day)?.middle)).map(|middle| (1.0 - y.at(middle)).clamp(0.0, 1.0)).collect(),
        title,
        lines: tracks.iter().map(|track| (name(track), words(on(track, day), unit))).collect(),
    };
    days(tracks).into_iter().map(stop).collect()
}

fn table(tracks: &[Track], unit: &str) -> Table {
    let of = |name: &str| if unit.is_empty() { name.to_owned() } else { format!("{name} ({unit})") };
    let heads = |track: &Track| match tracks.len() {
        1 => [of("Low"), of("Value"), of("High")],
        _ => [of(&format!("{}: low", track.name)), of(&track.name), of(&format!("{}: high", track.name))],
    };
    let cells = |of: Option<&Interval>| of.map_or_else(|| std::array::from_fn(|_| "–".to_owned()), Interval::cells);
    let row = |(day, name): (f64, String)| [name].into_iter().chain(tracks.iter().flat_map(|track| cells(on(track, day)))).collect();
    Table {
        columns: ["Date".to_owned()].into_iter().chain(tracks.iter().flat_map(heads)).collect(),
        rows: days(tracks).into_iter().map(row).collect(),
    }
}

/// Where each track begins and ends, in words.
fn summary(tracks: &[Track], unit: &str) -> String {
    let told = |track: &Track| {
        let mut known = track.points.iter().filter(|(day, of)| drawable(*day).is_some() && known(of.middle).is_some());
        let Some((first, at_first)) = known.next() else { return format!("{}: no values.", track.name) };
        let first = format!("{}: {} on {}", track.name, words(Some(at_first), unit), day_words(*first));
        match known.next_back() {
            Some((last, at_last)) => format!("{first}; {} on {}.", words(Some(at_last), unit), day_words(*last)),
            None => format!("{first}."),
        }
    };
    tracks.iter().map(told).collect::<Vec<_>>().join(" ")
}
