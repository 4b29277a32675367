//! Which labels there is room for.
//!
//! It is reckoned from the number of letters, for a few steps of width between which the style sheet chooses by the width of the chart.
//! So it holds without scripts, and is the same on both sides.

use super::scale::Tick;

/// The plot's width in pixels at the narrow end of each step; the style sheet has the same steps (`data-from`, `data-to`).
const PLOTS: [f64; 4] = [152.0, 216.0, 408.0, 648.0];
/// How much wider a plot is that has no upright axis.
const UNSCALED: f64 = 48.0;
/// A letter of a tick and one of a row's name, and the room between two labels, in pixels.
const LETTER: f64 = 6.6;
const ROW_LETTER: f64 = 7.4;
const GAP: f64 = 8.0;
/// How far a label may reach beyond the plot's right end.
const EDGE: f64 = 12.0;

/// The first and the last step of width at which something is shown.
pub type Steps = (usize, usize);

/// Shown however wide the chart is.
pub const ALWAYS: Steps = (0, PLOTS.len() - 1);

/// On which side of its place a label lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// At the plot's beginning: it begins at its place.
    First,
    Middle,
    /// At the plot's end: it ends at its place.
    Last,
}

/// That of a label at this share of the plot's width.
pub fn side(at: f64) -> Side {
    match at {
        ..0.04 => Side::First,
        0.96.. => Side::Last,
        _ => Side::Middle,
    }
}

/// From where to where a label goes in a plot of this width, in pixels.
fn reach(at: f64, label: &str, width: f64) -> (f64, f64) {
    let (place, long) = (at * width, label.chars().count() as f64 * LETTER);
    match side(at) {
        Side::First => (place, place + long),
        Side::Middle => (place - long / 2.0, place + long / 2.0),
        Side::Last => (place - long, place),
    }
}

/// For each tick the step from which on its label is shown, if there is room at all: at each step every tick, or every second, fourth
/// and so on from the first.
pub fn of_ticks(ticks: &[Tick]) -> Vec<Option<usize>> {
    let strides = PLOTS.map(|width| stride(ticks, width));
    let shown = |at: usize, tick: &Tick, step: usize| {
        at.is_multiple_of(strides[step]) && reach(tick.at, &tick.label, PLOTS[step]).1 <= PLOTS[step] + EDGE
    };
    ticks.iter().enumerate().map(|(at, tick)| (0..PLOTS.len()).find(|step| shown(at, tick, *step))).collect()
}

/// The least power of two such that every so manieth label is clear of the next.
fn stride(ticks: &[Tick], width: f64) -> usize {
    let clear = |stride: usize| {
        let reaches: Vec<(f64, f64)> = ticks.iter().step_by(stride).map(|tick| reach(tick.at, &tick.label, width)).collect();
        reaches.windows(2).all(|pair| matches!(pair, [before, after] if before.1 + GAP <= after.0))
    };
    let mut stride = 1;
    while stride < ticks.len() && !clear(stride) {
        stride *= 2;
    }
    stride
}

/// Numbered things at places of the plot: those from `first` to `last`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pin {
    pub at: f64,
    pub first: usize,
    pub last: usize,
}

impl Pin {
    /// Its numbers: of more than two the first and the last.
    fn text(&self) -> String {
        match self.last - self.first {
            0 => self.first.to_string(),
            1 => format!("{},{}", self.first, self.last),
            _ => format!("{}–{}", self.first, self.last),
        }
    }
}

/// The labels of pins in the order of their places: where and what, and at which steps. Those that would touch share one between them.
pub fn of_pins(pins: &[Pin]) -> Vec<(f64, String, Steps)> {
    let mut labels: Vec<(f64, String, Steps)> = Vec::new();
    for (step, width) in PLOTS.into_iter().enumerate() {
        for pin in merged(pins, width) {
            let text = pin.text();
            let same = labels.iter_mut().find(|(at, known, steps)| *at == pin.at && *known == text && steps.1 + 1 == step);
            match same {
                Some((.., steps)) => steps.1 = step,
                None => labels.push((pin.at, text, (step, step))),
            }
        }
    }
    labels
}

fn merged(pins: &[Pin], width: f64) -> Vec<Pin> {
    let touch = |a: &Pin, b: &Pin| reach(a.at, &a.text(), width).1 + GAP > reach(b.at, &b.text(), width).0;
    let mut groups: Vec<Pin> = Vec::new();
    for pin in pins {
        let mut next = *pin;
        // What has grown may touch the one before it.
        while let Some(before) = groups.pop_if(|before| touch(before, &next)) {
            next = Pin { at: (before.at + next.at) / 2.0, first: before.first, last: next.last };
        }
        groups.push(next);
    }
    groups
}

/// The name of a row that begins at the plot's left end, as much of it as each step has room for.
pub fn of_name(name: &str) -> Vec<(String, Steps)> {
    let long = name.chars().count();
    let mut labels: Vec<(String, Steps)> = Vec::new();
    for (step, width) in PLOTS.into_iter().enumerate() {
        let most = ((width + UNSCALED) / ROW_LETTER) as usize;
        let text =
            if long > most { format!("{}…", name.chars().take(most.saturating_sub(1)).collect::<String>()) } else { name.to_owned() };
        match labels.last_mut().filter(|(known, _)| *known == text) {
            Some((_, steps)) => steps.1 = step,
            None => labels.push((text, (step, step))),
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ticks(labels: &[&str]) -> Vec<Tick> {
        let last = (labels.len() - 1).max(1) as f64;
        labels.iter().enumerate().map(|(at, label)| Tick { at: at as f64 / last, label: (*label).to_owned() }).collect()
    }

    #[test]
    fn labels_give_way_where_there_is_little_room() {
        let days = ticks(&["28 Nov 2026", "29 Nov", "30 Nov", "1 Dec", "2 Dec", "3 Dec", "4 Dec", "5 Dec", "6 Dec"]);
        let from = of_ticks(&days);
        assert_eq!(from, [Some(0), None, Some(2), None, Some(1), None, Some(2), None, Some(0)]);
        assert_eq!(of_ticks(&ticks(&["0", "1", "2"])), [Some(0), Some(0), Some(0)]);
        let wide = "x".repeat(200);
        assert_eq!(of_ticks(&ticks(&["0", &wide]))[0], Some(0), "the first stands, whatever the others are");
        assert!(of_ticks(&[]).is_empty());
    }

    #[test]
    fn numbers_that_would_touch_share_a_label() {
        let pin = |at, number| Pin { at, first: number, last: number };
        let labels = of_pins(&[pin(0.5, 1), pin(0.53, 2), pin(0.9, 3)]);
        let told: Vec<(&str, Steps)> = labels.iter().map(|(_, text, steps)| (text.as_str(), *steps)).collect();
        assert_eq!(told, [("1,2", (0, 2)), ("3", ALWAYS), ("1", (3, 3)), ("2", (3, 3))]);
        assert!((0.5..0.53).contains(&labels[0].0), "it stands between them");
    }

    #[test]
    fn a_long_name_is_cut_where_it_does_not_fit() {
        assert_eq!(of_name("Sign-ups: Green"), [("Sign-ups: Green".to_owned(), ALWAYS)]);
        let cut = of_name(&"é".repeat(50));
        assert_eq!((cut.len(), cut[0].1, cut[2].1), (3, (0, 0), (2, 3)));
        assert!(cut[0].0.ends_with('…') && cut[0].0.chars().count() == 27 && cut[2].0.chars().count() == 50, "{cut:?}");
    }

    proptest! {
        #[test]
        fn no_two_labels_touch(places in prop::collection::btree_set(0u32..1000, 1..40), long in 1usize..14) {
            let places: Vec<f64> = places.into_iter().map(|place| f64::from(place) / 1000.0).collect();
            let ticks: Vec<Tick> = places.iter().map(|at| Tick { at: *at, label: "x".repeat(long) }).collect();
            let from = of_ticks(&ticks);
            let pins: Vec<Pin> = places.iter().enumerate().map(|(at, place)| Pin { at: *place, first: at + 1, last: at + 1 }).collect();
            let labels = of_pins(&pins);
            for (step, width) in PLOTS.into_iter().enumerate() {
                let seen = ticks.iter().zip(&from).filter(|(_, from)| from.is_some_and(|from| from <= step));
                let seen: Vec<_> = seen.map(|(tick, _)| reach(tick.at, &tick.label, width)).collect();
                prop_assert!(seen.windows(2).all(|pair| pair[0].1 + GAP <= pair[1].0), "{step} {seen:?}");
                let mut pins: Vec<_> = labels.iter().filter(|(.., steps)| (steps.0..=steps.1).contains(&step)).collect();
                pins.sort_by(|a, b| a.0.total_cmp(&b.0));
                let pins: Vec<_> = pins.into_iter().map(|(at, text, _)| reach(*at, text, width)).collect();
                prop_assert!(!pins.is_empty() && pins.windows(2).all(|pair| pair[0].1 + GAP <= pair[1].0), "{step} {pins:?}");
            }
        }
    }
}
