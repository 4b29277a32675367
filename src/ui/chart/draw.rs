//! A chart as plain data, before it becomes SVG.
//!
//! Places are shares of the plot from 0 to 1, from its left and from its top, so that a drawing fits any width. Paths lie in a
//! square of `SIDE` by `SIDE`, which is stretched to the plot while its lines keep their strength.

use super::model::Mark;
use super::room::Steps;
use super::scale::Tick;

/// The side of the square in which paths lie.
pub const SIDE: f64 = 1000.0;

/// A drawing can tell this many series apart: by colour, dashes and the shape of markers.
pub const LOOKS: usize = 6;

/// Something to draw.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A line in the square, of a series' look.
    Line { d: String, look: usize },
    /// What lies below a line, or between two.
    Area { d: String, look: usize },
    /// A marker of a series' shape.
    Dot { x: f64, y: f64, look: usize },
    /// A straight line across or upright, such as a target; the class says which.
    Rule { from: (f64, f64), to: (f64, f64), class: &'static str },
    /// A bar from its upper left corner.
    Bar { x: f64, y: f64, width: f64, height: f64, look: usize },
    /// A text at a place; the class says from where it goes, and the steps how wide the chart has to be for it.
    Text { x: f64, y: f64, text: String, class: &'static str, steps: Steps },
}

/// A place that a pointer or a key stops at, and what it reads there.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    pub x: f64,
    /// Where the values lie, from the top.
    pub dots: Vec<f64>,
    pub title: String,
    /// What stands there: a name and its value.
    pub lines: Vec<(String, String)>,
}

impl Stop {
    /// The whole of it as one line: `12 Nov 2026: Signups 41 %`.
    pub fn words(&self) -> String {
        let lines: Vec<String> =
            self.lines.iter().map(|(name, value)| if name.is_empty() { value.clone() } else { format!("{name} {value}") }).collect();
        format!("{}: {}", self.title, lines.join(", "))
    }
}

/// How a key of the legend looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyLook {
    Line(usize),
    Fill(usize),
    Dot(usize),
    Target,
}

/// The figures of a chart as a table: the names of the columns, and the cells of each row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Which way the stops of a chart follow one another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Way {
    #[default]
    Across,
    Down,
}

/// A finished chart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawing {
    /// What it shows, in a sentence or two for those who do not see it.
    pub summary: String,
    /// The plot's height in pixels.
    pub height: i32,
    pub across: Vec<Tick>,
    /// From the bottom up; their places count from the bottom.
    pub up: Vec<Tick>,
    pub shapes: Vec<Shape>,
    pub stops: Vec<Stop>,
    pub legend: Vec<(String, KeyLook)>,
    /// What happened, told below the picture; each with its number in the picture.
    pub marks: Vec<Mark>,
    pub table: Table,
    pub way: Way,
    /// What lies along the horizontal axis, where ticks do not tell it themselves.
    pub across_name: String,
}

/// A coordinate in the square, short and the same on both sides.
pub fn place(share: f64) -> String {
    super::shapes::short(share * SIDE)
}

/// A path through these places, with a gap at each that is missing; and the places that stand alone, which no line shows.
pub fn path(places: &[Option<(f64, f64)>]) -> (String, Vec<(f64, f64)>) {
    let (mut d, mut alone) = (String::new(), Vec::new());
    for run in places.split(Option::is_none) {
        let run: Vec<(f64, f64)> = run.iter().filter_map(|place| *place).collect();
        match run.as_slice() {
            [] => {}
            [one] => alone.push(*one),
            run => d.push_str(&open(run, 'M')),
        }
    }
    (d, alone)
}

/// The places as steps of a path, the first led by this letter.
fn open(run: &[(f64, f64)], first: char) -> String {
    let step = |(at, (x, y)): (usize, &(f64, f64))| format!("{}{} {}", if at == 0 { first } else { 'L' }, place(*x), place(*y));
    run.iter().enumerate().map(step).collect()
}

/// The areas between a line with gaps and the height `floor`.
pub fn area(places: &[Option<(f64, f64)>], floor: f64) -> String {
    let mut d = String::new();
    for run in places.split(Option::is_none) {
        let run: Vec<(f64, f64)> = run.iter().filter_map(|place| *place).collect();
        if let (Some(first), Some(last), true) = (run.first(), run.last(), run.len() > 1) {
            d.push_str(&format!("{}L{} {}L{} {}Z", open(&run, 'M'), place(last.0), place(floor), place(first.0), place(floor)));
        }
    }
    d
}

/// The area between an upper and a lower line.
pub fn band(upper: &[(f64, f64)], lower: &[(f64, f64)]) -> String {
    let back: Vec<(f64, f64)> = lower.iter().rev().copied().collect();
    if upper.len() < 2 { String::new() } else { format!("{}{}Z", open(upper, 'M'), open(&back, 'L')) }
}
