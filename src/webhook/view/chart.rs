//! How an endpoint does, in pictures and in numbers.

use leptos::prelude::*;

use crate::kernel::time::day;
use crate::webhook::model::{Day, Health, duration};

/// Units of the drawings.
const STEP: f64 = 24.0;
const BAR: f64 = 16.0;
const HEIGHT: f64 = 72.0;

/// Success rate, latency, and both day by day.
#[component]
pub fn HealthCard(health: Health) -> impl IntoView {
    let tally = health.tally();
    let rate = tally.rate().unwrap_or_else(|| "–".to_owned());
    let (median, p95) =
        health.latency().map_or_else(|| ("–".to_owned(), "–".to_owned()), |(median, p95)| (duration(median), duration(p95)));
    let any = tally.succeeded + tally.failed > 0;
    let figure = |name: &'static str, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let drawn = any.then(|| {
        view! {
            <div class="health-charts">
                <Counts days=health.days.clone() />
                <Latency days=health.days.clone() />
            </div>
            <Numbers days=health.days.clone() />
        }
    });
    view! {
        <section class="card stack" aria-labelledby="health">
            <h2 id="health">"Last two weeks"</h2>
            <dl class="health-figures">
                {figure("Delivered", rate)}
                {figure("Succeeded", tally.succeeded.to_string())}
                {figure("Failed", tally.failed.to_string())}
                {figure("Median latency", median)}
                {figure("95th percentile", p95)}
            </dl>
            {drawn}
        </section>
    }
}

fn view_box(days: &[Day]) -> String {
    format!("0 0 {} {HEIGHT}", STEP * days.len() as f64)
}

/// The middle of a day's column.
fn middle(at: usize) -> f64 {
    (at as f64 + 0.5) * STEP
}

/// Deliveries a day: those that failed stand on those that succeeded.
#[component]
fn Counts(days: Vec<Day>) -> impl IntoView {
    let most = days.iter().map(|day| day.tally.succeeded + day.tally.failed).max().unwrap_or_default().max(1) as f64;
    let bar = |at: usize, class: &'static str, below: i64, count: i64| {
        let (height, bottom) = (count as f64 / most * (HEIGHT - 2.0), HEIGHT - below as f64 / most * (HEIGHT - 2.0));
        (count > 0).then(|| {
            view! { <rect class=class x=format!("{:.1}", middle(at) - BAR / 2.0) y=format!("{:.1}", bottom - height) width=BAR height=format!("{height:.1}")></rect> }
        })
    };
    let bars = days
        .iter()
        .enumerate()
        .map(|(at, day)| (bar(at, "succeeded", 0, day.tally.succeeded), bar(at, "failed", day.tally.succeeded, day.tally.failed)))
        .collect_view();
    view! {
        <figure>
            <figcaption>"Deliveries a day"</figcaption>
            <svg viewBox=view_box(&days) role="img" aria-label="Deliveries a day, succeeded and failed">{bars}</svg>
        </figure>
    }
}

/// Median and 95th percentile; days without an answer are left out of the lines.
#[component]
fn Latency(days: Vec<Day>) -> impl IntoView {
    let most = days.iter().filter_map(|day| day.p95).fold(1.0, f64::max);
    let line = |of: fn(&Day) -> Option<f64>| -> String {
        let point = |(at, day): (usize, &Day)| {
            of(day).map(|value| format!("{:.1},{:.1}", middle(at), HEIGHT - 2.0 - value / most * (HEIGHT - 6.0)))
        };
        days.iter().enumerate().filter_map(point).collect::<Vec<_>>().join(" ")
    };
    let dots = days
        .iter()
        .enumerate()
        .filter_map(|(at, day)| day.p95.map(|value| (middle(at), HEIGHT - 2.0 - value / most * (HEIGHT - 6.0))))
        .map(|(x, y)| view! { <circle class="p95" cx=format!("{x:.1}") cy=format!("{y:.1}") r="2"></circle> })
        .collect_view();
    view! {
        <figure>
            <figcaption>{format!("Latency: median and 95th percentile, up to {}", duration(most))}</figcaption>
            <svg viewBox=view_box(&days) role="img" aria-label="Latency a day, median and 95th percentile">
                <polyline class="p95" points=line(|day| day.p95)></polyline>
                <polyline class="median" points=line(|day| day.median)></polyline>
                {dots}
            </svg>
        </figure>
    }
}

/// The same in numbers, folded up.
#[component]
fn Numbers(days: Vec<Day>) -> impl IntoView {
    let row = |one: Day| {
        let took = |value: Option<f64>| value.map(duration);
        view! {
            <tr>
                <th scope="row">{day(one.day)}</th>
                <td class="number">{one.tally.succeeded}</td>
                <td class="number">{one.tally.failed}</td>
                <td class="number">{took(one.median)}</td>
                <td class="number">{took(one.p95)}</td>
            </tr>
        }
    };
    view! {
        <details class="adding">
            <summary>"In numbers"</summary>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Deliveries day by day">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"Day"</th>
                            <th scope="col" class="number">"Succeeded"</th>
                            <th scope="col" class="number">"Failed"</th>
                            <th scope="col" class="number">"Median"</th>
                            <th scope="col" class="number">"95th percentile"</th>
                        </tr>
                    </thead>
                    <tbody>{days.into_iter().rev().map(row).collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}
