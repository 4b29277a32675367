//! What stands behind the question mark of an address.

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::form_urlencoded;
use utoipa::ToSchema;

use super::body::plain;
use super::call::{bad_cursor, is_word};
use super::problem::{Problem, Wrong};
use super::shape::{Shape, TOLD_MAX, shortened};
use crate::kernel::page::PAGE_SIZE;
use crate::server::id::hash;

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
    /// Those that were deleted instead.
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
    /// As the list's own store wrote it.
    pub cursor: Option<String>,
    /// 1 to `ROWS_MAX`.
    pub rows: i64,
    /// Stands for the list's address and all that narrows and orders it; the cursors that it gives out begin with this.
    pub mark: String,
}

impl Slice {
    /// A cursor of the list as it is given out.
    pub fn marked(&self, cursor: &str) -> String {
        format!("{}_{cursor}", self.mark)
    }

    /// Takes a cursor that was sent.
    ///
    /// # Errors
    /// Of the parameter, for one that this very list has not given out.
    fn go_on(&mut self, sent: &str) -> Result<(), Wrong> {
        let own = sent.strip_prefix(&self.mark).and_then(|rest| rest.strip_prefix('_'));
        self.cursor = Some(own.filter(|own| is_word(own)).ok_or_else(bad_cursor)?.to_owned());
        Ok(())
    }
}

/// Reads the parameters: those of every list, if they are sent to one, whose address that is; and the rest.
///
/// # Errors
/// `VALIDATION_ERROR` with every parameter that is unknown, there twice, or of another shape, up to `TOLD_MAX`.
pub fn read<F: Filter>(query: &str, list: Option<&str>) -> Result<(Slice, F), Problem> {
    let (mut rows, mut cursor) = (PAGE_SIZE, None);
    let (mut rest, mut seen, mut wrong): (Vec<(String, String)>, HashSet<String>, Vec<Wrong>) = Default::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
        if wrong.len() >= TOLD_MAX {
            return Err(Problem::of(wrong));
        }
        if !seen.insert(name.clone()) {
            wrong.push(Wrong::parameter(&name, "This parameter can be there once."));
            continue;
        }
        if value.contains('\0') {
            wrong.push(Wrong::parameter(&name, "This holds a character that is nowhere stored: NUL."));
            continue;
        }
        match name.as_str() {
            "limit" if list.is_some() => match limit(&value) {
                Ok(limit) => rows = limit,
                Err(told) => wrong.push(told),
            },
            "cursor" if list.is_some() => cursor = Some(value),
            _ => rest.push((name, value)),
        }
    }
    let mut slice = Slice { cursor: None, rows, mark: mark(list.unwrap_or_default(), &rest) };
    if let Some(Err(told)) = cursor.map(|cursor| slice.go_on(&cursor)) {
        wrong.push(told);
    }
    let beside = if list.is_some() { beside_deleted(&rest) } else { Vec::new() };
    let pairs = form_urlencoded::Serializer::new(String::new()).extend_pairs(&rest).finish();
    let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(pairs.as_bytes()));
    match serde_path_to_error::deserialize::<_, F>(reader) {
        Ok(filter) if wrong.is_empty() && beside.is_empty() => Ok((slice, filter)),
        Ok(_) => Err(Problem::of(wrong.into_iter().chain(beside).take(TOLD_MAX).collect())),
        Err(error) => {
            let all = Shape::of::<F>().of_query(&rest);
            match all.is_empty() {
                true => wrong.push(misread(&error.path().to_string(), &error.inner().to_string())),
                false => wrong.extend(all.iter().map(|(name, told)| of_parameter(name, told))),
            }
            wrong.truncate(TOLD_MAX);
            Err(Problem::of(wrong))
        }
    }
}

/// What would be passed over: what is deleted is listed as it is, the last first.
fn beside_deleted(parameters: &[(String, String)]) -> Vec<Wrong> {
    let is_bin = |(name, value): &(String, String)| name == "deleted" && value == "true";
    let told = "What is deleted is neither narrowed nor sorted. Leave this out, or deleted=true.";
    match parameters.iter().any(is_bin) {
        true => parameters.iter().filter(|(name, _)| name != "deleted").map(|(name, _)| Wrong::parameter(name, told)).collect(),
        false => Vec::new(),
    }
}

/// A short word for a list: the same for the same address with the same other parameters, in whatever order.
fn mark(address: &str, parameters: &[(String, String)]) -> String {
    let mut sorted = parameters.to_vec();
    sorted.sort();
    let all = form_urlencoded::Serializer::new(format!("{address}?")).extend_pairs(&sorted).finish();
    hash(&all).chars().take(8).collect()
}

/// What the reader of parameters says of the first that is wrong.
fn misread(path: &str, told: &str) -> Wrong {
    let named = ["unknown field `", "missing field `"].into_iter().find_map(|words| told.strip_prefix(words)?.split('`').next());
    of_parameter(named.unwrap_or(path), &plain(told))
}

fn of_parameter(name: &str, told: &str) -> Wrong {
    Wrong::parameter(name, format!("`{}` {told}", shortened(name)))
}

fn limit(value: &str) -> Result<i64, Wrong> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let rows = value.parse().ok().filter(|rows| digits && (1..=ROWS_MAX).contains(rows));
    rows.ok_or_else(|| Wrong::parameter("limit", format!("Enter a whole number from 1 to {ROWS_MAX}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: Option<&str> = Some("/ideas");

    #[derive(Default, Deserialize, ToSchema)]
    #[serde(default, deny_unknown_fields)]
    struct Narrowed {
        #[serde(rename = "metric")]
        _metric: Option<String>,
        #[serde(rename = "deleted")]
        _deleted: bool,
    }

    impl Filter for Narrowed {}

    #[test]
    fn a_list_is_asked_for_in_parts() {
        let first = read::<Bin>("deleted=true", LIST).unwrap().0;
        let (slice, bin) = read::<Bin>(&format!("limit=100&cursor={}&deleted=true", first.marked("f_0_1_c")), LIST).unwrap();
        assert_eq!((slice.rows, slice.cursor.as_deref(), bin.deleted), (100, Some("f_0_1_c"), true));
        let (slice, _) = read::<Bin>("", LIST).unwrap();
        assert_eq!((slice.rows, slice.cursor), (20, None));
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
            ("deleted=%00", "deleted"),
        ] {
            let problem = read::<Bin>(query, LIST).map(|_| ()).unwrap_err();
            assert_eq!(problem.errors[0].parameter.as_deref(), Some(parameter), "{query}");
        }
        assert!(read::<Whole>("limit=5", None).is_err(), "what is no list has no pages");
    }

    #[test]
    fn a_cursor_goes_with_its_own_list() {
        let of = |query: &str, list: &str| read::<Bin>(query, Some(list)).unwrap().0.marked("c1");
        let cursor = of("deleted=true", "/ideas");
        let taken = |query: &str, list: &str| read::<Bin>(&format!("{query}&cursor={cursor}"), Some(list)).map(|_| ());
        assert_eq!(taken("deleted=true&limit=5", "/ideas"), Ok(()));
        for (query, list) in [("deleted=true", "/epics"), ("deleted=false", "/ideas"), ("", "/ideas")] {
            let problem = taken(query, list).unwrap_err();
            assert_eq!(problem.errors[0].parameter.as_deref(), Some("cursor"), "{query} {list}");
        }
        let pairs = |names: [&str; 2]| names.map(|name| (name.to_owned(), String::new()));
        assert_eq!(mark("/ideas", &pairs(["a", "b"])), mark("/ideas", &pairs(["b", "a"])));
    }

    #[test]
    fn nothing_narrows_what_is_deleted() {
        for (query, list, beside) in [
            ("deleted=true&limit=5", LIST, None),
            ("deleted=false&metric=a", LIST, None),
            ("deleted=true&metric=a", LIST, Some("metric")),
            ("deleted=true&metric=a", None, None),
        ] {
            let told = read::<Narrowed>(query, list).err().and_then(|problem| problem.errors[0].parameter.clone());
            assert_eq!(told.as_deref(), beside, "{query}");
        }
    }

    #[test]
    fn a_long_address_gets_a_short_answer() {
        let unknown: String = (0..5_000).map(|n| format!("a{n}&")).collect();
        let long: String = (0..30).map(|n| format!("{n}{}=%00&", "a".repeat(2_000))).collect();
        for query in ["a&".repeat(32_000), unknown.clone(), long, "a&".repeat(15) + &unknown] {
            let problem = read::<Bin>(&query, LIST).map(|_| ()).unwrap_err();
            assert_eq!(problem.errors.len(), TOLD_MAX, "{}", &query[..20]);
            let told = problem.detail.len() + serde_json::to_string(&problem.errors).unwrap().len();
            assert!(told < 10_000, "{} is told in {told} bytes", &query[..20]);
        }
        let once = read::<Bin>(&"a".repeat(60_000), LIST).map(|_| ()).unwrap_err();
        assert_eq!(once.errors[0].parameter.as_deref(), Some("a".repeat(100).as_str()));
    }

    #[test]
    fn every_parameter_that_is_wrong_is_told() {
        let problem = read::<Bin>("limit=0&cursor=x&deleted=maybe&nonsense=1&nonsense=2", LIST).map(|_| ()).unwrap_err();
        let mut names: Vec<_> = problem.errors.iter().filter_map(|wrong| wrong.parameter.as_deref()).collect();
        names.sort_unstable();
        assert_eq!(names, ["cursor", "deleted", "limit", "nonsense", "nonsense"]);
        assert!(problem.detail.contains("`deleted` has to be true or false."), "{}", problem.detail);
    }
}
