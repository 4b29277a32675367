//! What charts are given.

use serde::{Deserialize, Serialize};

use crate::kernel::number::alike;

/// What lies along the horizontal axis.
#[derive(Debug, Clone, PartialEq)]
pub enum Across {
    /// Days, counted from 1 January 1970.
    Days,
    /// A number with this name, such as `Effort`.
    Number(String),
}

/// How values over an axis are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    #[default]
    Line,
    /// A line with what lies below the first of several filled, down to zero.
    Area,
    /// Upright bars from zero, side by side where there are several series.
    Bars,
}

crate::words!(Form {
    Line: "line", "Line";
    Area: "area", "Area";
    Bars: "bars", "Bars";
});

/// A place on the horizontal axis and what was measured there; `None` for a value that is missing, which is a gap and never zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub x: f64,
    pub y: Option<f64>,
    /// What the place is called instead of its date or number, such as `Q3 2026`; empty for those.
    pub name: String,
}

impl Point {
    /// A value, or its absence, at a place.
    pub fn new(x: f64, y: Option<f64>) -> Point {
        Point { x, y, name: String::new() }
    }

    /// The same with a name for the place.
    pub fn named(x: f64, y: Option<f64>, name: impl Into<String>) -> Point {
        Point { x, y, name: name.into() }
    }
}

/// Points that belong together, in the order of the axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub name: String,
    pub points: Vec<Point>,
}

impl Series {
    /// Points under a name.
    pub fn new(name: impl Into<String>, points: Vec<Point>) -> Series {
        Series { name: name.into(), points }
    }
}

/// Something that happened, as an upright line at its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    pub x: f64,
    /// Its date in words; the place may be that of a whole period.
    pub when: String,
    pub label: String,
    /// Where it is told of; empty for nowhere.
    pub href: String,
}

/// The bars that stand side by side over one name, one for each series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub name: String,
    pub values: Vec<Option<f64>>,
}

/// A value that is known within bounds; a row of an interval plot. A bound that is missing is open: the line goes on for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    pub name: String,
    pub low: Option<f64>,
    pub middle: Option<f64>,
    pub high: Option<f64>,
}

impl Interval {
    /// How its three numbers are written: to the same place behind the point.
    pub(super) fn writer(&self) -> impl Fn(f64) -> String + use<> {
        let numbers: Vec<f64> = [self.low, self.middle, self.high].into_iter().filter_map(known).collect();
        alike(&numbers)
    }

    /// The three as cells of a table.
    pub(super) fn cells(&self) -> [String; 3] {
        let write = self.writer();
        [self.low, self.middle, self.high].map(|value| known(value).map_or_else(|| "–".to_owned(), &write))
    }
}

/// A value that is known within bounds, as it was after each of several days in their order. The name of an interval stands in place of
/// its date, if it has one; where nothing is known it has no middle, which is a gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Track {
    pub name: String,
    pub points: Vec<(f64, Interval)>,
}

/// A number that can be drawn: no NaN, no infinity, and small enough for the difference of two to be finite.
pub(super) fn drawable(value: f64) -> Option<f64> {
    value.is_finite().then(|| value.clamp(-1e300, 1e300))
}

/// As `drawable`, for a value that may be missing already.
pub(super) fn known(value: Option<f64>) -> Option<f64> {
    value.and_then(drawable)
}
