//! Any drawing on the page: the picture, its legend, what is read off it, and its table.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

use super::draw::{Drawing, KeyLook, SIDE, Stop, Way};
use super::model::Mark;
use super::room::{ALWAYS, Side, of_ticks, side};
use super::scale::Tick;
use super::shapes::{key, percent, placed, short, stretched};
use super::table::TableView;

/// Shows a drawing under this title. Arrow keys and the pointer go along its stops; without scripts the table tells the same.
#[component]
pub fn DrawingView(title: String, drawing: Drawing) -> impl IntoView {
    let Drawing { summary, height, across, up, shapes, stops, legend, marks, table, way, across_name } = drawing;
    let stops: Arc<[Stop]> = stops.into();
    let reading = Reading { at: RwSignal::new(None), by_key: RwSignal::new(false), plot: NodeRef::new(), way };
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let roomy = up.iter().map(|tick| tick.label.chars().count()).max().unwrap_or(0) > 4;
    let count = stops.len();
    let told = stops.clone();
    let said =
        move || if reading.by_key.get() { stop_at(&told, reading).map(|stop| stop.words()).unwrap_or_default() } else { String::new() };
    let label = if summary.is_empty() { title.clone() } else { format!("{title}. {summary}") };
    let (pointed, pressed) = (stops.clone(), stops.clone());
    view! {
        <figure class="chart">
            {legend_view(legend)}
            <div
                class="chart-plot"
                class:roomy=roomy
                class:unscaled=up.is_empty()
                role="group"
                aria-label=format!("{title}: read with the arrow keys")
                tabindex=move || (alive.get() && count > 0).then_some("0")
                node_ref=reading.plot
                on:keydown=move |event| reading.key(&event, count)
                on:pointermove=move |event| reading.point(&event, &pointed)
                on:pointerdown=move |event| reading.point(&event, &pressed)
                on:pointerleave=move |_| reading.leave()
                on:blur=move |_| reading.leave()
            >
                <svg class="chart-picture" role="img" aria-label=label width="100%" height=height>
                    {grid(&up, &across)}
                    <svg width="100%" height="100%" viewBox=format!("0 0 {SIDE} {SIDE}") preserveAspectRatio="none">
                        {shapes.iter().filter_map(stretched).collect_view()}
                    </svg>
                    {shapes.iter().filter_map(placed).collect_view()}
                    {cursor(stops.clone(), reading)}
                </svg>
                {tip(stops, reading)}
            </div>
            {(!across_name.is_empty()).then(|| view! { <p class="chart-across muted">{across_name}</p> })}
            <p class="visually-hidden" aria-live="polite">{said}</p>
            {marks_view(marks)}
            <TableView title table />
        </figure>
    }
}

/// What is being read off the picture.
#[derive(Clone, Copy)]
struct Reading {
    at: RwSignal<Option<usize>>,
    /// Whether a key has led there, which is said aloud.
    by_key: RwSignal<bool>,
    plot: NodeRef<Div>,
    way: Way,
}

fn stop_at(stops: &[Stop], reading: Reading) -> Option<Stop> {
    reading.at.get().and_then(|at| stops.get(at).cloned())
}

impl Reading {
    fn key(self, event: &KeyboardEvent, count: usize) {
        if count == 0 || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let (at, last) = (self.at.get_untracked(), count - 1);
        let to = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => Some(at.map_or(0, |at| (at + 1).min(last))),
            "ArrowLeft" | "ArrowUp" => Some(at.map_or(last, |at| at.saturating_sub(1))),
            "Home" => Some(0),
            "End" => Some(last),
            "Escape" if at.is_some() => None,
            _ => return,
        };
        event.prevent_default();
        self.by_key.set(true);
        self.at.set(to);
    }

    /// The stop that is nearest to the pointer.
    fn point(self, event: &PointerEvent, stops: &[Stop]) {
        let Some(plot) = self.plot.get_untracked() else { return };
        let picture = plot.first_element_child().map(|picture| picture.get_bounding_client_rect());
        let Some(picture) = picture.filter(|picture| picture.width() > 0.0 && picture.height() > 0.0) else { return };
        let (x, y) = (f64::from(event.client_x()) - picture.left(), f64::from(event.client_y()) - picture.top());
        let far = |stop: &Stop| {
            let across = (stop.x * picture.width() - x).abs();
            let down = stop.dots.iter().map(|dot| (dot * picture.height() - y).abs()).fold(f64::INFINITY, f64::min);
            // Where stops follow one another across, how high a value lies decides only between those of one place.
            match self.way {
                Way::Across => across + if down.is_finite() { down / 1e4 } else { 0.0 },
                Way::Down => down,
            }
        };
        let nearest = stops.iter().enumerate().min_by(|(_, a), (_, b)| far(a).total_cmp(&far(b))).map(|(at, _)| at);
        self.by_key.set(false);
        self.at.set(nearest);
    }

    fn leave(self) {
        self.at.set(None);
    }
}

/// Lines across at the values of the upright axis, and the names of both axes' ticks.
fn grid(up: &[Tick], across: &[Tick]) -> AnyView {
    let level = |tick: &Tick| {
        let y = percent(1.0 - tick.at);
        view! {
            <g>
                <line class="chart-grid" x1="0" x2="100%" y1=y.clone() y2=y.clone() />
                <text class="chart-up" x="0" y=y dx="-8" dy="4">{tick.label.clone()}</text>
            </g>
        }
    };
    let place = |(tick, from): (&Tick, Option<usize>)| {
        let x = percent(tick.at);
        let class = match side(tick.at) {
            Side::First => "chart-across-tick first",
            Side::Last => "chart-across-tick last",
            Side::Middle => "chart-across-tick",
        };
        let label = from.map(|from| {
            let from = (from > ALWAYS.0).then_some(from);
            view! { <text class=class data-from=from x=x.clone() y="100%" dy="19">{tick.label.clone()}</text> }
        });
        view! {
            <g>
                <svg class="chart-spot" x=x y="100%"><path class="chart-notch" d="M0 0V4" /></svg>
                {label}
            </g>
        }
    };
    view! {
        <g aria-hidden="true">
            {up.iter().map(level).collect_view()}
            {across.iter().zip(of_ticks(across)).map(place).collect_view()}
        </g>
    }
    .into_any()
}

/// The line and the rings at what is being read.
fn cursor(stops: Arc<[Stop]>, reading: Reading) -> AnyView {
    let shown = move || {
        stop_at(&stops, reading).map(|stop| {
            let x = percent(stop.x);
            let line =
                (reading.way == Way::Across).then(|| view! { <line class="chart-cursor" x1=x.clone() x2=x.clone() y1="0" y2="100%" /> });
            let rings = stop.dots.iter().map(|y| view! { <circle class="chart-ring" cx=x.clone() cy=percent(*y) r="6" /> }).collect_view();
            view! { <g>{line}{rings}</g> }
        })
    };
    view! { <g>{shown}</g> }.into_any()
}

/// What is being read, in words beside it. It is made in the browser alone, where a place may be set by its style.
fn tip(stops: Arc<[Stop]>, reading: Reading) -> AnyView {
    let shown = move || {
        stop_at(&stops, reading).map(|stop| {
            let line = |(name, value): (String, String)| view! { <p><span class="muted">{name}</span>" "<b>{value}</b></p> };
            let top = stop.dots.iter().copied().fold(1.0, f64::min).max(0.0);
            let (left, top) = (format!("{}%", short(stop.x * 100.0)), format!("{}%", short(top * 100.0)));
            view! {
                <div class="chart-tip" class:flip={stop.x > 0.5} aria-hidden="true" style:--tip-x=left style:--tip-y=top>
                    <p class="strong">{stop.title}</p>
                    {stop.lines.into_iter().map(line).collect_view()}
                </div>
            }
        })
    };
    view! { <div class="chart-over">{shown}</div> }.into_any()
}

/// Which look is which series; nothing where there is but one.
fn legend_view(legend: Vec<(String, KeyLook)>) -> Option<AnyView> {
    let item = |(name, look): (String, KeyLook)| view! { <li>{key(look)}<span dir="auto">{name}</span></li> };
    (legend.len() > 1).then(|| view! { <ul class="chart-legend">{legend.into_iter().map(item).collect_view()}</ul> }.into_any())
}

/// What happened, by the numbers that stand in the picture.
fn marks_view(marks: Vec<Mark>) -> Option<AnyView> {
    let item = |(at, mark): (usize, Mark)| {
        let label = if mark.href.is_empty() {
            view! { <span dir="auto">{mark.label}</span> }.into_any()
        } else {
            view! { <a href=mark.href dir="auto">{mark.label}</a> }.into_any()
        };
        view! { <li><span class="chart-number" aria-hidden="true">{at + 1}</span><span class="muted">{mark.when}</span>{label}</li> }
    };
    (!marks.is_empty()).then(|| {
        view! { <ol class="chart-marks" aria-label="What happened meanwhile">{marks.into_iter().enumerate().map(item).collect_view()}</ol> }
            .into_any()
    })
}
