//! The parts of a drawing as SVG.

use leptos::prelude::*;

use super::draw::{KeyLook, Shape};
use super::room::ALWAYS;

/// A number with at most one digit behind the point.
pub fn short(value: f64) -> String {
    let written = format!("{value:.1}");
    let written = written.strip_suffix(".0").unwrap_or(&written);
    if written == "-0" { "0".to_owned() } else { written.to_owned() }
}

/// A share of the plot as SVG writes it: `37.25%`.
pub fn percent(share: f64) -> String {
    let written = format!("{:.2}", share * 100.0);
    format!("{}%", written.trim_end_matches('0').trim_end_matches('.'))
}

/// A marker's outline around 0, by the look of its series; each is told by its shape alone.
pub fn marker(look: usize) -> &'static str {
    match look {
        0 => "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z",
        1 => "M-3.2 -3.2H3.2V3.2H-3.2Z",
        2 => "M0 -4.2L4.2 3.4H-4.2Z",
        3 => "M0 -4.6L4.6 0L0 4.6L-4.6 0Z",
        4 => "M0 4.2L4.2 -3.4H-4.2Z",
        _ => "M-4 -1.3H-1.3V-4H1.3V-1.3H4V1.3H1.3V4H-1.3V1.3H-4Z",
    }
}

/// What is stretched with the plot: lines and areas.
pub fn stretched(shape: &Shape) -> Option<AnyView> {
    match shape {
        Shape::Line { d, look } => Some(view! { <path class="chart-line" data-look=*look d=d.clone() /> }.into_any()),
        Shape::Area { d, look } => Some(view! { <path class="chart-area" data-look=*look d=d.clone() /> }.into_any()),
        _ => None,
    }
}

/// What keeps its size wherever it lies.
pub fn placed(shape: &Shape) -> Option<AnyView> {
    let shown = match shape {
        Shape::Line { .. } | Shape::Area { .. } => return None,
        Shape::Dot { x, y, look } => dot(*x, *y, *look, "chart-dot"),
        Shape::Rule { from, to, class } => {
            view! { <line class=*class x1=percent(from.0) y1=percent(from.1) x2=percent(to.0) y2=percent(to.1) /> }.into_any()
        }
        Shape::Bar { x, y, width, height, look } => {
            view! { <rect class="chart-bar" data-look=*look x=percent(*x) y=percent(*y) width=percent(*width) height=percent(*height) /> }
                .into_any()
        }
        Shape::Text { x, y, text, class, steps } => {
            let (from, to) = ((steps.0 > ALWAYS.0).then_some(steps.0), (steps.1 < ALWAYS.1).then_some(steps.1));
            view! { <text class=*class data-from=from data-to=to x=percent(*x) y=percent(*y)>{text.clone()}</text> }.into_any()
        }
    };
    Some(shown)
}

/// A marker at a place.
pub fn dot(x: f64, y: f64, look: usize, class: &'static str) -> AnyView {
    view! {
        <svg class="chart-spot" x=percent(x) y=percent(y)>
            <path class=class data-look=look d=marker(look) />
        </svg>
    }
    .into_any()
}

/// A little picture of how a series looks, beside its name.
pub fn key(look: KeyLook) -> AnyView {
    let shape = match look {
        KeyLook::Line(look) => view! {
            <g>
                <path class="chart-line" data-look=look d="M0 6H24" />
                <g transform="translate(12 6)"><path class="chart-dot" data-look=look d=marker(look) /></g>
            </g>
        }
        .into_any(),
        KeyLook::Fill(look) => view! { <rect class="chart-bar" data-look=look x=4 y=1 width=16 height=10 /> }.into_any(),
        KeyLook::Dot(look) => {
            view! { <g transform="translate(12 6)"><path class="chart-dot" data-look=look d=marker(look) /></g> }.into_any()
        }
        KeyLook::Target => view! { <line class="chart-target" x1=0 y1=6 x2=24 y2=6 /> }.into_any(),
    };
    view! { <svg class="chart-key" width="24" height="12" viewBox="0 0 24 12" aria-hidden="true">{shape}</svg> }.into_any()
}
