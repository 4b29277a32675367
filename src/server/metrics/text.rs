//! Prometheus' text format, version 0.0.4.

use std::fmt::{Display, Write};

/// What such a text is called.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A text that grows line by line.
#[derive(Default)]
pub struct Text(String);

impl Text {
    /// Begins a family; its lines follow.
    pub fn family(&mut self, name: &str, kind: &str, help: &str) {
        self.push(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    /// A number with its labels.
    pub fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.push(format_args!("{name}"));
        for (place, (label, text)) in labels.iter().enumerate() {
            let text = text.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n");
            self.push(format_args!("{}{label}=\"{text}\"", if place == 0 { '{' } else { ',' }));
        }
        self.push(format_args!("{} {value}\n", if labels.is_empty() { "" } else { "}" }));
    }

    /// A family of one number that may fall.
    pub fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.family(name, "gauge", help);
        self.line(name, &[], value);
    }

    pub fn finish(self) -> String {
        self.0
    }

    fn push(&mut self, written: std::fmt::Arguments<'_>) {
        // A string takes whatever is written to it.
        let _ = self.0.write_fmt(written);
    }
}
