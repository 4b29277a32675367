//! What stands behind the question mark of an address.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::form_urlencoded;
use utoipa::ToSchema;

use super::call::{bad_cursor, is_word};
use super::problem::Problem;
use crate::kernel::page::PAGE_SIZE;

/// The most rows that a page of a list has.
pub const ROWS_MAX: i64 = 100;

/// What a list is narrowed to: a struct of optional fields that refuses unknown ones.
pub trait Filter: DeserializeOwned + ToSchema + Send + 'static {
    /// Whether what is deleted is asked for too.
    fn deleted(&self) -> bool {
        false
    }
}

/// For what takes no parameters but those of its kind.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Whole {}

impl Filter for Whole {}

/// For lists of what can be in the bin.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Bin {
    /// Those that were deleted instead, the last ones first.
    pub deleted: bool,
}

impl Filter for Bin {}

/// For what can be in the bin itself.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Even {
    /// Also if it has been deleted.
    pub deleted: bool,
}

impl Filter for Even {
    fn deleted(&self) -> bool {
        self.deleted
    }
}

/// Which part of a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// As it was sent.
    pub cursor: Option<String>,
    /// 1 to `ROWS_MAX`.
    pub rows: i64,
}

/// Reads the parameters: those of every list, if it is one, and the rest.
///
/// # Errors
/// `VALIDATION_ERROR` for a parameter that is unknown, there twice, or of another shape.
pub fn read<F: Filter>(query: &str, is_list: bool) -> Result<(Slice, F), Problem> {
    let mut slice = Slice { cursor: None, rows: PAGE_SIZE };
    let (mut rest, mut seen) = (form_urlencoded::Serializer::new(String::new()), Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if seen.contains(&name) {
            return Err(Problem::parameter(&name, "This parameter can be there once."));
        }
        match name.as_ref() {
            "limit" if is_list => slice.rows = limit(&value)?,
            "cursor" if is_list && !is_word(&value) => return Err(bad_cursor()),
            "cursor" if is_list => slice.cursor = Some(value.into_owned()),
            _ => {
                rest.append_pair(&name, &value);
            }
        }
        seen.push(name);
    }
    let rest = rest.finish();
    let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(rest.as_bytes()));
    let filter = serde_path_to_error::deserialize(reader).map_err(|error| {
        let told = error.inner().to_string();
        let unknown = told.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()).map(str::to_owned);
        let missing = told.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()).map(str::to_owned);
        let name = unknown.or(missing).unwrap_or_else(|| error.path().to_string());
        Problem::parameter(&name, format!("{}{}.", told.get(0..1).unwrap_or_default().to_uppercase(), told.get(1..).unwrap_or_default()))
    })?;
    Ok((slice, filter))
}

fn limit(value: &str) -> Result<i64, Problem> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let rows = value.parse().ok().filter(|rows| digits && (1..=ROWS_MAX).contains(rows));
    rows.ok_or_else(|| Problem::parameter("limit", format!("Enter a whole number from 1 to {ROWS_MAX}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_asked_for_in_parts() {
        let (slice, bin) = read::<Bin>("limit=100&cursor=f_0_1_c&deleted=true", true).unwrap();
        assert_eq!((slice.rows, slice.cursor.as_deref(), bin.deleted), (100, Some("f_0_1_c"), true));
        assert_eq!(read::<Bin>("", true).unwrap().0, Slice { cursor: None, rows: 20 });
        for (query, parameter) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=%2B5", "limit"),
            ("limit=", "limit"),
            ("limit=5&limit=5", "limit"),
            ("cursor=", "cursor"),
            ("cursor=a%2Fb", "cursor"),
            ("deleted=maybe", "deleted"),
            ("nonsense=1", "nonsense"),
        ] {
            let problem = read::<Bin>(query, true).map(|_| ()).unwrap_err();
            assert_eq!(problem.errors[0].parameter.as_deref(), Some(parameter), "{query}");
        }
        assert!(read::<Whole>("limit=5", false).is_err(), "what is no list has no pages");
    }
}
