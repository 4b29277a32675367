//! Where days lie on the chart, in its own units, which are pixels.

use serde::{Deserialize, Serialize};

use super::day::{Day, Month};

/// How much of time the chart shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zoom {
    /// Two months, day by day.
    Month,
    /// Two quarters.
    #[default]
    Quarter,
    /// A year and a half.
    Year,
}

crate::words!(Zoom {
    Month: "month", "Month";
    Quarter: "quarter", "Quarter";
    Year: "year", "Year";
});

impl Zoom {
    /// Months shown, months that a step goes, months before the present one that are shown at first, and the width of a day.
    fn measures(self) -> (i32, i32, i32, i32) {
        match self {
            Zoom::Month => (2, 1, 0, 18),
            Zoom::Quarter => (6, 3, 1, 6),
            Zoom::Year => (18, 12, 3, 2),
        }
    }
}

/// The part of time that the chart shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub zoom: Zoom,
    pub from: Month,
}

/// A line of the chart's scale, and what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    pub x: i32,
    pub label: String,
    /// In the upper of the scale's two rows.
    pub upper: bool,
}

impl Window {
    /// From this month on, or from where today can be seen.
    pub fn new(zoom: Zoom, from: Option<Month>, today: Day) -> Window {
        let (months, _, before, _) = zoom.measures();
        let last = Month::of(Day(i32::MAX)).plus(1 - months);
        Window { zoom, from: from.unwrap_or_else(|| Month::of(today).plus(-before)).min(last) }
    }

    pub fn first(self) -> Day {
        self.from.first()
    }

    /// The last day that is shown.
    pub fn last(self) -> Day {
        let month = self.from.plus(self.zoom.measures().0 - 1);
        month.first().plus(month.days() - 1)
    }

    /// The month a step before or after.
    pub fn step(self, onward: bool) -> Month {
        let step = self.zoom.measures().1;
        self.from.plus(if onward { step } else { -step })
    }

    /// The width of a day.
    pub fn day_width(self) -> i32 {
        self.zoom.measures().3
    }

    /// The width of all.
    pub fn width(self) -> i32 {
        (self.last().since(self.first()) + 1) * self.day_width()
    }

    /// Where a day begins. Far days lie just outside, so that what leads to them leads out of the picture.
    pub fn x(self, day: Day) -> i32 {
        let (before, after) = (self.first().plus(-40), self.last().plus(40));
        day.clamp(before, after).since(self.first()) * self.day_width()
    }

    /// Where a day ends.
    pub fn end_x(self, day: Day) -> i32 {
        self.x(day.plus(1))
    }

    /// How many whole days a distance is, to the nearest.
    pub fn days(self, distance: i32) -> i32 {
        let width = self.day_width();
        distance.saturating_add(width / 2).div_euclid(width)
    }

    /// The scale: months by quarters or years; Mondays by months.
    pub fn ticks(self) -> Vec<Tick> {
        let months: Vec<Month> = (0..self.zoom.measures().0).map(|n| self.from.plus(n)).collect();
        let mut ticks = Vec::new();
        for month in &months {
            let x = self.x(month.first());
            let at_start = *month == self.from;
            let upper = match self.zoom {
                Zoom::Month => Some(format!("{} {}", month.name(), month.year())),
                Zoom::Quarter if at_start || month.of_year() % 3 == 0 => Some(format!("Q{} {}", month.of_year() / 3 + 1, month.year())),
                Zoom::Year if at_start || month.of_year() == 0 => Some(month.year().to_string()),
                _ => None,
            };
            ticks.extend(upper.map(|label| Tick { x, label, upper: true }));
            if self.zoom != Zoom::Month {
                ticks.push(Tick { x, label: month.name().to_owned(), upper: false });
            }
        }
        if self.zoom == Zoom::Month {
            let days = (0..=self.last().since(self.first())).map(|n| self.first().plus(n)).filter(|day| day.is_monday());
            ticks.extend(days.map(|day| Tick { x: self.x(day), label: day.parts().2.to_string(), upper: false }));
        }
        ticks
    }
}

/// When something is: from one day to another, both included; either may be open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    pub start: Option<Day>,
    pub end: Option<Day>,
}

/// What of a bar is dragged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Start,
    Body,
    End,
}

crate::words!(Part {
    Start: "start", "Start";
    Body: "body", "All of it";
    End: "end", "End";
});

impl Span {
    /// Its first day as far as it is known.
    pub fn first(self) -> Option<Day> {
        self.start.or(self.end)
    }

    /// Its last day as far as it is known.
    pub fn last(self) -> Option<Day> {
        self.end.or(self.start)
    }

    /// Whether just one day of it is known.
    pub fn is_mark(self) -> bool {
        self.start.is_some() != self.end.is_some()
    }

    /// After a part of it was dragged by so many days. Its end never comes before its start.
    pub fn dragged(self, part: Part, days: i32) -> Span {
        let moved = |day: Option<Day>| day.map(|day| day.plus(days));
        match (part, self.start, self.end) {
            (Part::Start, Some(start), Some(end)) => Span { start: Some(start.plus(days).min(end)), ..self },
            (Part::End, Some(start), Some(end)) => Span { end: Some(end.plus(days).max(start)), ..self },
            _ => Span { start: moved(self.start), end: moved(self.end) },
        }
    }

    /// Whether any of it lies in the window.
    pub fn touches(self, window: Window) -> bool {
        let (first, last) = (self.first(), self.last());
        first.is_some_and(|first| first <= window.last()) && last.is_some_and(|last| last >= window.first())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn window(zoom: Zoom, from: &str) -> Window {
        Window::new(zoom, Month::parse(from), day("2026-11-23"))
    }

    #[test]
    fn a_window_begins_where_today_is_seen() {
        for zoom in Zoom::ALL {
            let window = Window::new(zoom, None, day("2026-11-23"));
            assert!(window.first() <= day("2026-11-23") && day("2026-11-23") <= window.last(), "{zoom:?}");
            assert!((1000..1200).contains(&window.width()), "{zoom:?}");
        }
        let quarter = window(Zoom::Quarter, "2026-10");
        assert_eq!((quarter.first(), quarter.last()), (day("2026-10-01"), day("2027-03-31")));
        assert_eq!((quarter.step(true).text(), quarter.step(false).text()), ("2027-01".into(), "2026-07".into()));
        assert_eq!(window(Zoom::Year, "9999-12").last(), day("9999-12-31"));
    }

    #[test]
    fn the_scale_says_where_one_is() {
        let labels = |window: Window, upper: bool| {
            window.ticks().into_iter().filter(|tick| tick.upper == upper).map(|tick| tick.label).collect::<Vec<_>>()
        };
        let quarter = window(Zoom::Quarter, "2026-11");
        assert_eq!(labels(quarter, true), ["Q4 2026", "Q1 2027", "Q2 2027"]);
        assert_eq!(labels(quarter, false), ["Nov", "Dec", "Jan", "Feb", "Mar", "Apr"]);
        let month = window(Zoom::Month, "2026-11");
        assert_eq!(labels(month, true), ["Nov 2026", "Dec 2026"]);
        assert_eq!(labels(month, false), ["2", "9", "16", "23", "30", "7", "14", "21", "28"]);
        assert_eq!(labels(window(Zoom::Year, "2026-08"), true), ["2026", "2027", "2028"]);
    }

    #[test]
    fn a_leap_day_has_its_place() {
        let leap = window(Zoom::Month, "2028-02");
        assert_eq!(leap.x(day("2028-03-01")) - leap.x(day("2028-02-28")), 2 * leap.day_width());
        let plain = window(Zoom::Month, "2027-02");
        assert_eq!(plain.x(day("2027-03-01")) - plain.x(day("2027-02-28")), plain.day_width());
    }

    #[test]
    fn one_date_moves_alone() {
        let due = Span { start: None, end: Some(day("2026-11-23")) };
        for part in Part::ALL {
            assert_eq!(due.dragged(part, 3), Span { start: None, end: Some(day("2026-11-26")) });
        }
        assert!(due.is_mark() && !Span::default().is_mark());
        assert_eq!(Span::default().dragged(Part::Body, 3), Span::default());
        assert!(!Span::default().touches(window(Zoom::Month, "2026-11")));
    }

    fn zooms() -> impl Strategy<Value = Zoom> {
        (0..3_usize).prop_map(|n| Zoom::ALL[n])
    }

    proptest! {
        #[test]
        fn each_day_lies_where_it_is_found(zoom in zooms(), today in 0..2_900_000_i32, n in 0..60_i32) {
            let window = Window::new(zoom, None, Day(today));
            let day = window.first().plus(n);
            prop_assume!(day <= window.last());
            prop_assert_eq!(window.x(day), n * window.day_width());
            prop_assert_eq!(window.days(window.x(day)), n);
            prop_assert_eq!(window.end_x(day), window.x(day) + window.day_width());
            prop_assert!(window.x(day) >= 0 && window.end_x(day) <= window.width());
        }

        #[test]
        fn later_days_lie_further_right(zoom in zooms(), one in any::<i32>(), two in any::<i32>()) {
            let window = Window::new(zoom, None, Day(20_000));
            let (one, two) = (Day(one.min(two)), Day(one.max(two)));
            prop_assert!(window.x(one) <= window.x(two));
            prop_assert!(window.end_x(one) >= window.x(one));
        }

        #[test]
        fn a_distance_snaps_to_the_nearest_day(zoom in zooms(), days in -1_000..1_000_i32, off in -8..9_i32) {
            let window = Window::new(zoom, None, Day(20_000));
            let width = window.day_width();
            prop_assert_eq!(window.days(days * width), days);
            if off.abs() * 2 < width {
                prop_assert_eq!(window.days(days * width + off), days);
            }
            let _ = (window.days(i32::MAX), window.days(i32::MIN));
        }

        #[test]
        fn a_drag_keeps_order_and_length(start in -40_000..40_000_i32, length in 0..4_000_i32, days in any::<i32>()) {
            let span = Span { start: Some(Day(start)), end: Some(Day(start + length)) };
            for part in Part::ALL {
                let moved = span.dragged(part, days);
                prop_assert!(moved.start <= moved.end);
                prop_assert!(part == Part::End || part == Part::Body || moved.end == span.end);
                prop_assert!(part == Part::Start || part == Part::Body || moved.start == span.start);
            }
            let small = days % 100_000;
            let moved = span.dragged(Part::Body, small);
            prop_assert_eq!((moved.start, moved.end), (Some(Day(start + small)), Some(Day(start + length + small))));
            prop_assert_eq!(moved.dragged(Part::Body, -small), span);
        }

        #[test]
        fn what_touches_the_window_has_a_day_in_it(zoom in zooms(), start in 19_000..21_500_i32, length in 0..1_000_i32) {
            let window = Window::new(zoom, None, Day(20_000));
            let span = Span { start: Some(Day(start)), end: Some(Day(start + length)) };
            let inside = (start..=start + length).any(|n| (window.first()..=window.last()).contains(&Day(n)));
            prop_assert_eq!(span.touches(window), inside);
        }
    }
}
