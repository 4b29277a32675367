//! Keys that are pressed one after the other.

/// Milliseconds within which the second key follows the first.
const PAUSE: f64 = 1_500.0;

/// What a key means, given those before it.
#[derive(Debug, PartialEq, Eq)]
pub enum Pressed<'a> {
    /// The first of two: `g`, for "go to".
    First,
    /// The second of two.
    Go(&'a str),
    /// One by itself.
    Key(&'a str),
}

/// When a `g` was pressed that waits for its second key.
#[derive(Debug, Default)]
pub struct Sequence(Option<f64>);

impl Sequence {
    /// Takes a key that was pressed at this time, in milliseconds.
    pub fn press<'a>(&mut self, key: &'a str, now: f64) -> Pressed<'a> {
        let follows = self.0.take().is_some_and(|since| now - since <= PAUSE);
        if key == "g" {
            self.0 = Some(now);
            return Pressed::First;
        }
        if follows { Pressed::Go(key) } else { Pressed::Key(key) }
    }

    /// Forgets the first key, as when something else was done meanwhile.
    pub fn forget(&mut self) {
        self.0 = None;
    }
}

#[cfg(test)]
mod rules {
    use super::*;

    #[test]
    fn a_key_after_g_is_a_place() {
        let mut keys = Sequence::default();
        assert_eq!(keys.press("p", 0.0), Pressed::Key("p"));
        assert_eq!(keys.press("g", 10.0), Pressed::First);
        assert_eq!(keys.press("p", 500.0), Pressed::Go("p"));
        assert_eq!(keys.press("p", 510.0), Pressed::Key("p"));
    }

    #[test]
    fn a_g_is_forgotten_after_a_while_or_when_told() {
        let mut keys = Sequence::default();
        keys.press("g", 0.0);
        assert_eq!(keys.press("p", PAUSE + 1.0), Pressed::Key("p"));
        keys.press("g", 0.0);
        keys.forget();
        assert_eq!(keys.press("p", 1.0), Pressed::Key("p"));
        keys.press("g", 0.0);
        assert_eq!(keys.press("g", 1_000.0), Pressed::First);
        assert_eq!(keys.press("p", 2_000.0), Pressed::Go("p"));
    }
}
