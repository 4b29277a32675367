//! Goals and the figures by which they are measured.

pub mod kpi;
pub mod okr;
