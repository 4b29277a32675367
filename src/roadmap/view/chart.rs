//! The picture of the timeline. What it shows is in words in the list beside it.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::svg::Svg;

use super::super::model::{Day, Kind, Part, Span, Tick, Window};
use super::drag::{Bar, Hand};

/// Heights of the scale, of a row, which is that of a name in the style sheet too, and of a bar.
const HEAD: i32 = 44;
const ROW: i32 = 40;
const BAR: i32 = 18;

/// How wide what takes hold of a bar's end is, and how much of it lies outside the bar.
const HANDLE: i32 = 14;
const OUTSIDE: i32 = 9;

/// The height above the middle of a row.
fn middle(row: usize) -> i32 {
    HEAD + row as i32 * ROW + ROW / 2
}

/// Where the bar of these dates begins, and how wide it is.
fn extent(window: Window, span: Span) -> (i32, i32) {
    let (start, end) = (span.first().map_or(0, |day| window.x(day)), span.last().map_or(0, |day| window.end_x(day)));
    (start, (end - start).max(1))
}

/// The picture: scale, today, bars, and lines between features of which one waits for the other, given by their rows.
#[component]
pub fn Chart(window: Window, today: Day, bars: Arc<[Arc<Bar>]>, links: Vec<(usize, usize)>, hand: Hand) -> impl IntoView {
    let picture = NodeRef::<Svg>::new();
    Effect::new(move || {
        if let Some(picture) = picture.get() {
            hand.hold_on(&picture);
        }
    });
    let (width, height) = (window.width(), HEAD + bars.len() as i32 * ROW);
    let lines = links
        .into_iter()
        .filter_map(|(from, to)| Some(link(window, (from, bars.get(from)?.span), (to, bars.get(to)?.span))))
        .collect_view();
    let drawn = bars.iter().enumerate().map(|(row, bar)| bar_view(window, row, bar)).collect_view();
    view! {
        <svg
            class="timeline-picture"
            node_ref=picture
            aria-hidden="true"
            width=width
            height=height
            viewBox=format!("0 0 {width} {height}")
            on:pointerdown=move |event| hand.pointer_down(event)
            on:pointermove=move |event| hand.pointer_move(event)
            on:pointerup=move |event| hand.pointer_up(event)
            on:pointercancel=move |event| hand.pointer_cancel(event)
        >
            {scale(window, height)}
            {today_line(window, today, height)}
            {lines}
            {drawn}
        </svg>
    }
}

/// Lines and names of months, and of days or quarters.
fn scale(window: Window, height: i32) -> AnyView {
    let tick = |tick: Tick| {
        let (class, top, baseline) = if tick.upper { ("tl-line", 0, 16) } else { ("tl-line fine", 22, 36) };
        let label_x = tick.x + 4;
        view! {
            <g>
                <line class=class x1=tick.x x2=tick.x y1=top y2=height />
                <text class="tl-label" x=label_x y=baseline>{tick.label}</text>
            </g>
        }
    };
    window.ticks().into_iter().map(tick).collect_view().into_any()
}

/// Where today is.
fn today_line(window: Window, today: Day, height: i32) -> Option<AnyView> {
    let is_shown = today >= window.first() && today <= window.last();
    let x = window.x(today) + window.day_width() / 2;
    is_shown.then(|| {
        view! {
            <g>
                <line class="tl-today" x1=x x2=x y1=20 y2=height />
                <circle class="tl-today" cx=x cy=20 r=3 />
            </g>
        }
        .into_any()
    })
}

/// A bar with what it is held by, or the mark of a single date.
fn bar_view(window: Window, row: usize, bar: &Arc<Bar>) -> AnyView {
    let span = bar.span;
    if span.with_untracked(|span| span.first().is_none()) {
        return ().into_any();
    }
    let (y, is_mark) = (middle(row), span.with_untracked(|span| span.is_mark()));
    let (title, item) = (bar.item.title.clone(), bar.item.clone());
    let label = move || format!("{title}: {}", item.when_at(span.get()));
    let class = if bar.movable { "tl-item movable" } else { "tl-item" };
    let body = if is_mark {
        let half = if bar.item.kind == Kind::Release { 10 } else { 7 };
        let at = move || span.with(|span| extent(window, *span));
        let d = move || {
            let (x, width) = at();
            format!("M{} {}l{half} {half}l-{half} {half}l-{half} -{half}z", x + width / 2, y - half)
        };
        view! { <path class="tl-bar" d=d data-row=row data-part=Part::Body.word() /> }.into_any()
    } else {
        let (x, width) = (move || span.with(|span| extent(window, *span).0), move || span.with(|span| extent(window, *span).1));
        let top = y - BAR / 2;
        view! { <rect class="tl-bar" x=x width=width y=top height=BAR rx=4 data-row=row data-part=Part::Body.word() /> }.into_any()
    };
    let handles = (bar.movable && !is_mark).then(|| [Part::Start, Part::End].map(|part| handle(window, row, part, span)).collect_view());
    view! {
        <g role="img" class=class aria-label=label data-kind=bar.item.kind.word() data-stage=bar.item.stage().word()>
            {body}
            {handles}
        </g>
    }
    .into_any()
}

/// What one end of a bar is held by. It lies mostly outside, so that of a short bar there is a middle left.
fn handle(window: Window, row: usize, part: Part, span: RwSignal<Span>) -> AnyView {
    let x = move || {
        let (x, width) = span.with(|span| extent(window, *span));
        if part == Part::Start { x - OUTSIDE } else { x + width + OUTSIDE - HANDLE }
    };
    let (y, height) = (middle(row) - ROW / 2 + 4, ROW - 8);
    view! { <rect class="tl-handle" x=x width=HANDLE y=y height=height data-row=row data-part=part.word() /> }.into_any()
}

/// A line from the end of one bar to the beginning of another that waits for it; marked where that begins too early.
fn link(window: Window, from: (usize, RwSignal<Span>), to: (usize, RwSignal<Span>)) -> AnyView {
    let early = move || {
        let (end, start) = (from.1.with(|span| span.last()), to.1.with(|span| span.first()));
        end.zip(start).is_some_and(|(end, start)| start <= end)
    };
    let d = move || {
        let (x, width) = from.1.with(|span| extent(window, *span));
        line_path((x + width, middle(from.0)), (to.1.with(|span| extent(window, *span)).0, middle(to.0)))
    };
    view! { <path class="tl-link" class:early=early d=d /> }.into_any()
}

/// A line of right angles that leaves to the right and comes in from the left, with an arrow's head.
fn line_path((x, y): (i32, i32), (to_x, to_y): (i32, i32)) -> String {
    let way = if to_x >= x + 16 {
        format!("V{to_y}")
    } else {
        // Back between the rows.
        let between = if to_y > y { to_y - ROW / 2 } else { to_y + ROW / 2 };
        format!("V{between}H{}V{to_y}", to_x - 8)
    };
    format!("M{x} {y}h8{way}H{to_x}m-5 -4l5 4l-5 4")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_round_what_is_in_its_way() {
        assert_eq!(line_path((10, 20), (60, 60)), "M10 20h8V60H60m-5 -4l5 4l-5 4");
        assert_eq!(line_path((60, 20), (10, 60)), "M60 20h8V40H2V60H10m-5 -4l5 4l-5 4");
        assert_eq!(line_path((60, 60), (10, 20)), "M60 60h8V40H2V20H10m-5 -4l5 4l-5 4");
    }
}
