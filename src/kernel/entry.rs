//! A number as a person typed it.

use serde::{Deserialize, Deserializer, Serialize};

/// What stands in a number field: kept as typed, so that a wrong entry can be shown again beside its error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Entry(pub String);

impl Entry {
    /// The whole number between `min` and `max`, or what is wrong with it.
    pub fn whole(&self, min: i32, max: i32) -> Result<i32, String> {
        match self.0.trim().parse::<i64>() {
            Ok(number) if (i64::from(min)..=i64::from(max)).contains(&number) => Ok(number as i32),
            _ => Err(format!("Enter a whole number from {min} to {max}.")),
        }
    }

    /// As `whole`, but an empty field is no number and no error.
    pub fn optional(&self, min: i32, max: i32) -> Result<Option<i32>, String> {
        if self.0.trim().is_empty() { Ok(None) } else { self.whole(min, max).map(Some) }
    }
}

impl<T: ToString> From<Option<T>> for Entry {
    fn from(value: Option<T>) -> Self {
        Entry(value.map(|v| v.to_string()).unwrap_or_default())
    }
}

/// JSON clients send a number, forms send text: both are an entry.
impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            Number(i64),
            Text(String),
            Nothing(()),
        }
        Ok(Entry(match Raw::deserialize(deserializer)? {
            Raw::Number(number) => number.to_string(),
            Raw::Text(text) => text,
            Raw::Nothing(()) => String::new(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_keep_their_bounds() {
        assert_eq!(Entry("8".into()).whole(1, 10), Ok(8));
        for wrong in ["", "0", "11", "2.5", "x", "99999999999999999999"] {
            assert!(Entry(wrong.into()).whole(1, 10).is_err(), "{wrong}");
        }
        assert_eq!(Entry(" ".into()).optional(1, 10), Ok(None));
    }
}
