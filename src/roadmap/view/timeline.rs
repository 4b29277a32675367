//! The timeline: names at the left, the picture at the right.

use std::sync::Arc;

use leptos::html::Div;
use leptos::prelude::*;

use super::super::model::{Day, Kind, Month, Roadmap, RoadmapQuery, Row, View, Window, Zoom, rows};
use super::Place;
use super::chart::Chart;
use super::drag::{Bar, Hand, Told};
use crate::ui::icon::{Icon, IconView};
use crate::ui::reference::Reference;

/// What is said of moves; also where nothing is left to be moved.
#[component]
pub fn Said(told: Told) -> impl IntoView {
    view! {
        <div class="timeline-told">
            {move || told.failure.get().map(|failure| view! { <p class="alert" role="alert"><IconView icon=Icon::Alert /><span>{failure}</span></p> })}
            <p class="muted" role="status">{move || told.said.get()}</p>
        </div>
    }
}

/// The part of time that the address asks for.
#[component]
pub fn Timeline(place: Place, data: Roadmap, told: Told) -> impl IntoView {
    let window = place.query.window(data.today);
    let shown = rows(&data.items, window);
    let bar = |row: &Row| {
        let item = row.item.clone();
        Arc::new(Bar { span: RwSignal::new(item.span()), movable: item.is_movable(data.role), item })
    };
    let bars: Arc<[Arc<Bar>]> = shown.rows.iter().map(bar).collect();
    let hand = Hand::new(window, place.org.clone(), place.key.clone(), bars.clone(), told);
    let row_of = |id: &str| shown.rows.iter().position(|row| row.item.kind == Kind::Feature && row.item.id == id);
    let links: Vec<(usize, usize)> =
        data.waiting.iter().filter_map(|waiting| Some((row_of(&waiting.blocker)?, row_of(&waiting.blocked)?))).collect();
    let names = shown
        .rows
        .iter()
        .zip(bars.iter())
        .map(|(row, bar)| name(bar, row.inside, data.waits_for(&row.item.id), Some(row.item.href(&place.product)), &place.key))
        .collect_view();
    let is_empty = shown.rows.is_empty();
    let picture = NodeRef::<Div>::new();
    show_today(picture, window, data.today);
    let here = place.clone();
    let to: To = Arc::new(move |zoom, from| here.to(RoadmapQuery { zoom, from, ..here.query }));
    let body = if is_empty {
        view! { <p class="muted">"Nothing lies in this part of time. Go to an earlier or a later one, or give things dates in the table."</p> }.into_any()
    } else {
        view! {
            <div class="timeline">
                <ol class="timeline-names" aria-label="On the timeline">{names}</ol>
                <div class="timeline-chart" role="region" aria-label="Picture of the timeline" tabindex="0" node_ref=picture>
                    <Chart window today=data.today bars links hand />
                </div>
            </div>
        }
        .into_any()
    };
    Effect::new(move || {
        let keys = window_event_listener(leptos::ev::keydown, move |event| hand.key_down(event));
        on_cleanup(move || keys.remove());
    });
    view! {
        <Ways to window from=place.query.from earlier=shown.earlier later=shown.later />
        {body}
        <p class="muted timeline-foot">
            "Lines show what waits for what. "
            <a href=place.to(RoadmapQuery { view: View::Table, ..place.query })>"Change dates in the table"</a>
        </p>
    }
}

/// Brings today into view where it lies further right than the screen reaches, unless somebody has scrolled already.
pub fn show_today(picture: NodeRef<Div>, window: Window, today: Day) {
    let x = window.x(today);
    let is_shown = (0..window.width()).contains(&x);
    Effect::new(move || {
        if let Some(picture) = picture.get().filter(|picture| is_shown && picture.scroll_left() == 0)
            && x > picture.client_width() * 3 / 4
        {
            picture.set_scroll_left(x - picture.client_width() / 3);
        }
    });
}

/// A row's name, with all that the picture shows of it in words; it leads to the item's page, if there is one.
pub fn name(bar: &Arc<Bar>, inside: bool, waits_for: Vec<String>, href: Option<String>, product: &str) -> AnyView {
    let (item, span) = (bar.item.clone(), bar.span);
    let (kind, number) = (item.kind, item.number);
    let waits = (!waits_for.is_empty()).then(|| format!(". Waits for {}", waits_for.join(", ")));
    let title = match href {
        Some(href) => view! { <a class="clip" href=href dir="auto">{item.title.clone()}</a> }.into_any(),
        None => view! { <span class="clip" dir="auto">{item.title.clone()}</span> }.into_any(),
    };
    let status = item.status_label();
    view! {
        <li class="timeline-name" class:inside=inside data-kind=kind.word()>
            {title}
            <span class="visually-hidden">{format!(", {}, {status}, ", kind.label())}</span>
            <span class="clip muted">
                <Reference number product />
                <span>{move || item.when_at(span.get())}</span>
            </span>
            <span class="visually-hidden">{waits}</span>
        </li>
    }
    .into_any()
}

/// The address of the page at another scale, or from another month on.
pub type To = Arc<dyn Fn(Zoom, Option<Month>) -> String + Send + Sync>;

/// Links to other parts of time and other scales; `from` is the month that the address asks for.
#[component]
pub fn Ways(to: To, window: Window, from: Option<Month>, earlier: usize, later: usize) -> impl IntoView {
    let zoom = |zoom: Zoom| {
        view! { <li><a href=to(zoom, from) aria-current=(zoom == window.zoom).then_some("true")>{zoom.label()}</a></li> }
    };
    let step = |onward: bool, label: String| {
        view! { <a class="button small" href=to(window.zoom, Some(window.step(onward)))>{label}</a> }
    };
    let counted = |word: &str, count: usize| if count == 0 { word.to_owned() } else { format!("{word} ({count})") };
    let range = format!("{} – {}", window.first().words(), window.last().words());
    view! {
        <div class="filters">
            <nav aria-label="Zoom"><ul class="tabs">{Zoom::ALL.map(zoom).collect_view()}</ul></nav>
            <nav aria-label="Time" class="actions">
                <span class="muted">{range}</span>
                {step(false, counted("Earlier", earlier))}
                <a class="button small" href=to(window.zoom, None)>"Today"</a>
                {step(true, counted("Later", later))}
            </nav>
        </div>
    }
}
