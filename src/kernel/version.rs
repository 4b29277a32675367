//! What two people changed at once: which version of a thing a form was filled from, and what has changed since.
//!
//! A form carries the version of what it shows, a hash of its own fields. Whoever stores it compares that with the version of
//! what is stored by then. So a change elsewhere on the thing, such as a vote or a status, is no conflict.

use serde::{Deserialize, Serialize};

use super::error::AppError;

/// The version that is right whatever is stored, like `*` in HTTP's `If-Match` (RFC 9110, section 13.1.1): for whoever means
/// to write over it. No form of ours sends it.
pub const ANY: &str = "*";

/// One field of a form, as the form shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its name in the form's struct.
    pub field: &'static str,
    /// Its name on the screen.
    pub label: &'static str,
    /// What stands in it; for a choice the value and not its name, for a box that is ticked `on`.
    pub value: String,
}

/// A field of this name, with this label and this in it.
pub fn shown(field: &'static str, label: &'static str, value: impl Into<String>) -> Shown {
    Shown { field, label, value: value.into() }
}

/// What a form for changing something holds.
pub trait Edited {
    /// Its fields, in the form's order.
    fn shown(&self) -> Vec<Shown>;

    /// A short name for exactly these contents.
    fn version(&self) -> String {
        version_of(&self.shown())
    }
}

/// A field in which what is stored is not what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The field's name in the form's struct.
    pub field: String,
    /// The field's name on the screen.
    pub label: String,
    /// What is stored now, as the form would show it.
    pub value: String,
}

/// How a form differs from what somebody else has stored meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stale {
    /// The version of what is stored now: a form that is sent with it has taken that into account.
    pub version: String,
    /// At least one.
    pub differences: Vec<Difference>,
}

impl Stale {
    /// What is stored now in this field, if something else was typed.
    pub fn saved(&self, field: &str) -> Option<&str> {
        self.differences.iter().find(|difference| difference.field == field).map(|difference| difference.value.as_str())
    }

    /// The labels of the fields that differ.
    pub fn labels(&self) -> String {
        self.differences.iter().map(|difference| difference.label.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// Lets a form pass that was filled from what is stored now, or that wants nothing else than that. `stored` is to be read under
/// a lock that lasts until `typed` is written. A form without a version does not say what it was filled from, so it passes only
/// if it changes nothing.
///
/// # Errors
/// `Stale` with what is stored now, field by field, if somebody has changed it since.
pub fn check(version: &str, stored: &impl Edited, typed: &impl Edited) -> Result<(), AppError> {
    compared(version, &stored.shown(), &typed.shown())
}

fn compared(version: &str, stored: &[Shown], typed: &[Shown]) -> Result<(), AppError> {
    let now = version_of(stored);
    if version == ANY || version == now {
        return Ok(());
    }
    let typed_in = |field: &str| typed.iter().find(|shown| shown.field == field).map(|shown| shown.value.as_str());
    let differences: Vec<Difference> = stored
        .iter()
        .filter(|stored| typed_in(stored.field) != Some(stored.value.as_str()))
        .map(|stored| Difference { field: stored.field.to_owned(), label: stored.label.to_owned(), value: stored.value.clone() })
        .collect();
    if differences.is_empty() { Ok(()) } else { Err(AppError::Stale(Stale { version: now, differences })) }
}

/// FNV-1a, 64 bits, in hexadecimal. It tells versions apart and keeps no secret: whoever may send a form may send `ANY`.
fn version_of(fields: &[Shown]) -> String {
    // No name and no stored text holds a NUL, so no two lists of fields run together to the same bytes.
    let bytes = fields.iter().flat_map(|shown| [shown.field, "\0", shown.value.as_str(), "\0"]).flat_map(str::bytes);
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone)]
    struct Note {
        title: String,
        body: String,
    }

    impl Edited for Note {
        fn shown(&self) -> Vec<Shown> {
            vec![shown("title", "Title", self.title.as_str()), shown("body", "Body", self.body.as_str())]
        }
    }

    fn note(title: &str, body: &str) -> Note {
        Note { title: title.into(), body: body.into() }
    }

    fn stale(outcome: Result<(), AppError>) -> Stale {
        match outcome {
            Err(AppError::Stale(stale)) => stale,
            outcome => panic!("{outcome:?}"),
        }
    }

    /// The value of the algorithm's authors for `foobar`, so that a version means the same in every build.
    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!(version_of(&[]), "cbf29ce484222325");
        let known = |text: &str| text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        assert_eq!(known("foobar"), 0x8594_4171_f739_67e8);
        assert_eq!(note("a", "b").version(), format!("{:016x}", known("title\0a\0body\0b\0")));
    }

    #[test]
    fn who_saw_what_is_stored_may_change_it() {
        let stored = note("One", "Text");
        assert_eq!(check(&stored.version(), &stored, &note("Two", "Other")), Ok(()));
        assert_eq!(check(ANY, &stored, &note("Two", "Other")), Ok(()));
    }

    #[test]
    fn who_did_not_is_told_field_by_field_what_is_stored() {
        let (seen, stored) = (note("One", "Text"), note("One, by Ada", "Text"));
        let told = stale(check(&seen.version(), &stored, &note("One, by Bob", "Text")));
        assert_eq!((told.saved("title"), told.saved("body"), told.labels()), (Some("One, by Ada"), None, "Title".into()));
        assert_eq!(check(&told.version, &stored, &note("One, by both", "Text")), Ok(()), "merged, it passes");
        let further = note("One, by Cleo", "Text");
        assert!(check(&told.version, &further, &note("One, by both", "Text")).is_err(), "changed yet again, it does not");
    }

    #[test]
    fn who_wants_what_is_stored_already_is_let_pass() {
        let stored = note("Two", "Text");
        for version in ["", "nonsense", "cbf29ce484222325"] {
            assert_eq!(check(version, &stored, &note("Two", "Text")), Ok(()));
            assert_eq!(stale(check(version, &stored, &note("Two", ""))).saved("body"), Some("Text"), "{version:?}");
        }
    }

    proptest! {
        #[test]
        fn what_differs_has_another_version(a in "[^\\x00]{0,12}", b in "[^\\x00]{0,12}", c in "[^\\x00]{0,12}", d in "[^\\x00]{0,12}") {
            prop_assert_eq!(note(&a, &b).version() == note(&c, &d).version(), (a, b) == (c, d));
        }
    }
}
