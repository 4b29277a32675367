//! A small picture of how a number went.

use leptos::prelude::*;

/// The picture's size, and the room that is kept free around the line, in its own units.
const WIDTH: f64 = 96.0;
const HEIGHT: f64 = 24.0;
const ROOM: f64 = 2.0;

/// A line through these values from left to right, oldest first; nothing for less than two. `label` says the same in words.
#[component]
pub fn Spark(values: Vec<f64>, #[prop(into)] label: String) -> impl IntoView {
    let points = points(&values);
    let end = points.last().copied();
    (points.len() > 1).then(|| {
        let line = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
        let end = end.map(|(x, y)| view! { <circle cx=format!("{x:.1}") cy=format!("{y:.1}") r="2"></circle> });
        view! {
            <svg class="spark" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=label>
                <polyline points=line></polyline>
                {end}
            </svg>
        }
    })
}

/// Where the values lie in the picture: the lowest at its foot, the highest at its top, and a number that never changed halfway.
fn points(values: &[f64]) -> Vec<(f64, f64)> {
    let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Halves, since the whole distance may be more than a number holds.
    let span = highest / 2.0 - lowest / 2.0;
    let step = (WIDTH - 2.0 * ROOM) / values.len().saturating_sub(1).max(1) as f64;
    let height = |value: f64| if span > 0.0 { (value / 2.0 - lowest / 2.0) / span } else { 0.5 };
    let place = |(at, value): (usize, &f64)| (ROOM + step * at as f64, HEIGHT - ROOM - height(*value) * (HEIGHT - 2.0 * ROOM));
    values.iter().enumerate().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_lowest_is_at_the_foot_and_the_highest_at_the_top() {
        assert_eq!(points(&[1.0, 3.0, 2.0]), [(2.0, 22.0), (48.0, 2.0), (94.0, 12.0)]);
        assert_eq!(points(&[5.0, 5.0]), [(2.0, 12.0), (94.0, 12.0)]);
        assert_eq!((points(&[]).len(), points(&[1.0]).len()), (0, 1));
    }

    proptest! {
        #[test]
        fn no_line_leaves_the_picture(values in proptest::collection::vec(proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL, 1..30)) {
            for (x, y) in points(&values) {
                prop_assert!((0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y), "{x} {y}");
            }
        }
    }
}
