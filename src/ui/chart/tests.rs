use chrono::NaiveDate;
use proptest::prelude::*;

use super::draw::{Drawing, Shape, area, path};
use super::lines::Lines;
use super::model::{Across, Form, Group, Interval, Mark, Point, Series, Track};
use super::room::ALWAYS;
use super::scale::{Scale, date_of, day_number, day_ticks, nice, nice_step};
use super::{bands, bars, flow, intervals, lines, scatter, spark};

fn day(year: i32, month: u32, day: u32) -> f64 {
    day_number(NaiveDate::from_ymd_opt(year, month, day).unwrap())
}

fn line(points: Vec<Point>) -> Lines {
    Lines {
        series: vec![Series::new("Signups", points)],
        across: Across::Days,
        unit: "%".into(),
        target: None,
        marks: vec![],
        form: Form::Line,
    }
}

#[test]
fn steps_are_one_two_or_five() {
    for (least, step) in
        [(0.7, 1.0), (1.0, 1.0), (1.1, 2.0), (3.0, 5.0), (5.1, 10.0), (0.03, 0.05), (0.000_6, 0.001), (140_000.0, 200_000.0)]
    {
        assert_eq!(nice_step(least), step, "{least}");
    }
    let labels = |low, high| nice(low, high, 5).1.into_iter().map(|tick| tick.label).collect::<Vec<_>>();
    assert_eq!(labels(0.0, 1.0), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
    assert_eq!(labels(-3.0, 42.0), ["-10", "0", "10", "20", "30", "40", "50"]);
    assert_eq!(labels(9_200.0, 24_800.0), ["5k", "10k", "15k", "20k", "25k"]);
    assert_eq!(labels(0.0, 2_400_000.0), ["0", "0.5M", "1M", "1.5M", "2M", "2.5M"]);
    assert_eq!(labels(41.0, 41.0).len(), 6, "one value has room around it");
}

#[test]
fn time_is_named_at_its_boundaries() {
    let labels = |from, to| day_ticks(Scale::of(from, to), 9).into_iter().map(|tick| tick.label).collect::<Vec<_>>();
    assert_eq!(labels(day(2026, 11, 28), day(2026, 12, 3)), ["28 Nov 2026", "29 Nov", "30 Nov", "1 Dec", "2 Dec", "3 Dec"]);
    // 5 January 2026 was a Monday.
    assert_eq!(labels(day(2025, 12, 30), day(2026, 2, 10))[..2], ["5 Jan 2026", "12 Jan"]);
    assert_eq!(labels(day(2025, 11, 20), day(2026, 4, 2)), ["Dec 2025", "2026", "Feb", "Mar", "Apr"]);
    assert_eq!(labels(day(2024, 12, 1), day(2026, 2, 1)), ["2025", "Apr", "Jul", "Oct", "2026"]);
    assert_eq!(labels(day(2001, 5, 5), day(2019, 1, 1))[0], "2002");
}

#[test]
fn a_gap_parts_the_line_and_the_area() {
    let spots = [Some((0.0, 0.5)), Some((0.1, 0.4)), None, Some((0.3, 0.3)), None, Some((0.5, 0.2)), Some((0.6, 0.1))];
    let (d, alone) = path(&spots);
    assert_eq!(d, "M0 500L100 400M500 200L600 100");
    assert_eq!(alone, [(0.3, 0.3)]);
    assert_eq!(area(&spots, 1.0), "M0 500L100 400L100 1000L0 1000ZM500 200L600 100L600 1000L500 1000Z");
}

#[test]
fn a_missing_value_is_read_as_missing() {
    let drawing = lines::draw(line(vec![Point::new(10.0, Some(1.0)), Point::new(11.0, None), Point::new(12.0, Some(f64::NAN))]));
    assert_eq!(drawing.stops[1].words(), "12 Jan 1970: no value");
    assert_eq!(drawing.table.rows[2], ["13 Jan 1970", "–"]);
    assert!(drawing.summary.contains("2 values are missing"), "{}", drawing.summary);
    assert!(lines::draw(line(vec![])).summary.contains("no values"));
}

#[test]
fn bars_stand_on_zero_and_leave_gaps() {
    let points = vec![Point::new(10.0, Some(4.0)), Point::new(11.0, None), Point::new(12.0, Some(-2.0))];
    let drawing = lines::draw(Lines { form: Form::Bars, ..line(points) });
    let bars: Vec<(f64, f64, f64, f64)> = drawing
        .shapes
        .iter()
        .filter_map(|s| if let Shape::Bar { x, y, width, height, .. } = s { Some((*x, *y, *width, *height)) } else { None })
        .collect();
    let [(left, top, width, height), (right, floor, _, depth)] = bars[..] else { panic!("{bars:?}") };
    assert!((top + height - floor).abs() < 1e-9 && (height - 2.0 * depth).abs() < 1e-9, "up and down from one line");
    assert!(left > 0.0 && right + width < 1.0 && right - left > 2.0 * width, "with room around each: {bars:?}");
    is_sound(&drawing);
}

#[test]
fn a_mark_outside_of_the_days_is_not_told() {
    let mark = |x| Mark { x, when: "1 Jan".into(), label: "1.0".into(), href: String::new() };
    let points = vec![Point::new(10.0, Some(1.0)), Point::new(20.0, Some(2.0))];
    let drawing = lines::draw(Lines { marks: vec![mark(9.0), mark(15.0), mark(21.0)], target: Some(5.0), ..line(points) });
    assert_eq!(drawing.marks.len(), 1);
    let points = vec![Point::new(10.0, Some(1.0)), Point::new(20.0, Some(2.0))];
    let both = lines::draw(Lines { marks: vec![mark(12.0), mark(12.0), mark(15.0)], ..line(points) });
    let numbers: Vec<_> =
        both.shapes.iter().filter_map(|s| if let Shape::Text { text, .. } = s { Some(text.as_str()) } else { None }).collect();
    assert_eq!(numbers, ["1,2", "3"]);
    let points = vec![Point::new(10.0, Some(1.0)), Point::new(20.0, Some(2.0))];
    let many = lines::draw(Lines { marks: [15.0; 3].into_iter().chain([20.0; 16]).map(mark).collect(), ..line(points) });
    let told: Vec<_> = many
        .shapes
        .iter()
        .filter_map(|s| if let Shape::Text { text, class, steps, .. } = s { Some((text.as_str(), *class, *steps)) } else { None })
        .collect();
    assert_eq!(told, [("1–3", "chart-mark-number", ALWAYS), ("4–19", "chart-mark-number last", ALWAYS)]);
    assert_eq!(drawing.legend.last().unwrap().0, "Target 5 %");
}

#[test]
fn an_interval_that_leaves_zero_out_has_another_shape() {
    let row = |low, high| Interval { name: "Sign-ups".into(), low: Some(low), middle: Some((low + high) / 2.0), high: Some(high) };
    let drawing = intervals::draw(&[row(0.1, 0.4), row(-0.1, 0.4)], "");
    let looks: Vec<usize> =
        drawing.shapes.iter().filter_map(|s| if let Shape::Dot { look, .. } = s { Some(*look) } else { None }).collect();
    assert_eq!(looks, [3, 0]);
    let uneven = intervals::draw(&[row(0.1, 0.4538)], "%");
    assert_eq!(uneven.stops[0].words(), "Sign-ups: 0.2769 %, from 0.1000 %, to 0.4538 %");
    assert_eq!(uneven.table.rows[0][1..], ["0.1000", "0.2769", "0.4538"]);
    let none = intervals::draw(&[Interval { name: "Odd".into(), low: None, middle: None, high: None }], "%");
    assert!(none.stops[0].words().contains("cannot be computed"));
}

fn interval(low: Option<f64>, middle: Option<f64>, high: Option<f64>) -> Interval {
    Interval { name: String::new(), low, middle, high }
}

#[test]
fn a_band_is_parted_by_a_gap_and_read_with_its_bounds() {
    let of = |low: f64, high: f64| interval(Some(low), Some((low + high) / 2.0), Some(high));
    let none = interval(None, None, None);
    let points = vec![(10.0, of(-900.0, 900.0)), (11.0, none), (12.0, of(-4.0, 8.0)), (13.0, of(-1.0, 5.0)), (14.0, of(1.0, 5.0))];
    let drawing = bands::draw(&[Track { name: "Green".into(), points }], "%");
    let read: Vec<String> = drawing.stops.iter().map(|stop| stop.words()).collect();
    assert_eq!(read[1..3], ["12 Jan 1970: cannot be computed", "13 Jan 1970: 2 %, from -4 % to 8 %"]);
    assert_eq!(drawing.table.columns, ["Date", "Low (%)", "Value (%)", "High (%)"]);
    assert_eq!((drawing.table.rows[1][1..].join(" "), drawing.table.rows[4].join(" ")), ("– – –".into(), "15 Jan 1970 1 3 5".into()));
    assert!(drawing.summary.ends_with("; 3 %, from 1 % to 5 % on 15 Jan 1970."), "{}", drawing.summary);
    let ticks: Vec<&str> = drawing.up.iter().map(|tick| tick.label.as_str()).collect();
    assert_eq!((ticks.first(), ticks.last()), (Some(&"-5"), Some(&"10")), "not made for the first day: {ticks:?}");
    let rules = |class| drawing.shapes.iter().filter(|s| matches!(s, Shape::Rule { class: of, .. } if *of == class)).count();
    assert_eq!((rules("chart-zero"), rules("chart-interval")), (1, 1), "the first day stands alone");
    is_sound(&drawing);
    let open = bands::draw(&[Track { name: "Green".into(), points: vec![(10.0, interval(Some(2.0), Some(3.0), None))] }], "");
    assert_eq!(open.stops[0].words(), "11 Jan 1970: 3, 2 or more");
    assert_eq!(open.across.len(), 3, "a day and its neighbours");
    is_sound(&open);
    assert_eq!(bands::draw(&[], "").summary, "No values.");
}

/// Every place of a drawing is a number inside the plot, and no text holds what is none.
fn is_sound(drawing: &Drawing) {
    let inside = |share: f64| assert!((-1e-6..=1.0 + 1e-6).contains(&share), "{share}");
    for shape in &drawing.shapes {
        match shape {
            Shape::Line { d, .. } | Shape::Area { d, .. } => assert!(!d.contains('N') && !d.contains("inf"), "{d}"),
            Shape::Dot { x, y, .. } | Shape::Text { x, y, .. } => [*x, *y].into_iter().for_each(inside),
            Shape::Rule { from, to, .. } => [from.0, from.1, to.0, to.1].into_iter().for_each(inside),
            Shape::Bar { x, y, width, height, .. } => [*x, *y, x + width, y + height, *height].into_iter().for_each(inside),
        }
    }
    drawing.up.iter().chain(&drawing.across).for_each(|tick| inside(tick.at));
    drawing.stops.iter().for_each(|stop| stop.dots.iter().chain([&stop.x]).for_each(|share| inside(*share)));
    let texts = drawing.table.rows.iter().flatten().chain(drawing.up.iter().map(|tick| &tick.label));
    texts.for_each(|text| assert!(!text.contains("NaN") && !text.contains("inf"), "{text}"));
    assert!(drawing.up.len() < 50 && drawing.across.len() <= 60);
}

/// Numbers as they may come from anywhere.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![8 => -1e6..1e6_f64, 1 => proptest::num::f64::ANY, 1 => Just(0.0)]
}

fn any_value() -> impl Strategy<Value = Option<f64>> {
    prop::option::weighted(0.9, any_number())
}

proptest! {
    #[test]
    fn ticks_hold_the_values(low in any_number(), high in any_number()) {
        prop_assume!(low.is_finite() && high.is_finite() && low.abs() < 1e300 && high.abs() < 1e300);
        let (low, high) = (low.min(high), low.max(high));
        let (scale, ticks) = nice(low, high, 5);
        prop_assert!(scale.low <= low && high <= scale.high, "{scale:?}");
        prop_assert!((2..=41).contains(&ticks.len()) && ticks.is_sorted_by(|a, b| a.at < b.at));
    }

    #[test]
    fn a_day_reads_back(number in -700_000i64..2_900_000) {
        prop_assert_eq!(day_number(date_of(number as f64)), number as f64);
    }

    #[test]
    fn days_are_ticked_in_order(from in -800_000.0..3_000_000.0_f64, days in 0.0..2_000_000.0_f64) {
        let ticks = day_ticks(Scale::of(from, from + days), 9);
        prop_assert!(ticks.len() <= 20 && ticks.is_sorted_by(|a, b| a.at < b.at), "{ticks:?}");
    }

    #[test]
    fn any_values_make_a_sound_chart(
        values in prop::collection::vec((any_number(), any_value()), 0..30), target in any_value(), form in prop::sample::select(Form::ALL.to_vec()),
    ) {
        let points: Vec<Point> = values.iter().map(|(x, y)| Point::new(*x, *y)).collect();
        let series = vec![Series::new("One", points.clone()), Series::new("Two", points.into_iter().rev().collect())];
        for across in [Across::Days, Across::Number("Effort".into())] {
            is_sound(&lines::draw(Lines { series: series.clone(), across, unit: "%".into(), target, marks: vec![], form }));
        }
        is_sound(&flow::draw(&series, ""));
        is_sound(&scatter::draw(&series, "Effort", "Impact"));
        let groups: Vec<Group> = values.iter().map(|(x, y)| Group { name: "G".into(), values: vec![Some(*x), *y] }).collect();
        is_sound(&bars::draw(&["A".into(), "B".into()], &groups, "$"));
        let rows: Vec<Interval> =
            values.iter().map(|(x, y)| Interval { name: "I".into(), low: *y, middle: Some(*x), high: y.map(|y| y + 1.0) }).collect();
        is_sound(&intervals::draw(&rows, "%"));
        let one: Vec<(f64, Interval)> =
            values.iter().map(|(x, y)| (*x, interval(y.map(|y| y - 1.0), Some(*x), *y))).collect();
        let other: Vec<(f64, Interval)> = values.iter().rev().map(|(x, y)| (*x, interval(None, *y, Some(*x)))).collect();
        is_sound(&bands::draw(&[Track { name: "One".into(), points: one }, Track { name: "Two".into(), points: other }], "%"));
        let (spots, _) = spark::spots(&values.iter().map(|(_, y)| *y).collect::<Vec<_>>());
        prop_assert!(spots.iter().flatten().all(|(x, y)| (0.0..=1.0).contains(x) && (0.0..=1.0).contains(y)));
    }
}
