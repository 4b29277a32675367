//! Charts as SVG, made on the server and alive in the browser; they know no entity.
//!
//! Each chart turns what it is given into a `Drawing`, which is plain data, and one component shows any drawing: the picture,
//! its legend, what a pointer or a key reads off it, and the same figures as a table. docs/CHARTS.md says why they are our own.

mod bands;
mod bars;
mod draw;
mod flow;
mod intervals;
mod lines;
mod model;
mod room;
mod scale;
mod scatter;
mod shapes;
mod spark;
mod table;
#[cfg(test)]
mod tests;
mod view;
mod words;

pub use bands::BandChart;
pub use bars::BarChart;
pub use flow::StackedFlow;
pub use intervals::IntervalPlot;
pub use lines::LineChart;
pub use model::{Across, Form, Group, Interval, Mark, Point, Series, Track};
pub use scale::{date_of, day_number};
pub use scatter::Scatter;
pub use spark::Sparkline;
pub use words::day_words;

pub use crate::kernel::number::{amount, with_unit};
