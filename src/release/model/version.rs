//! Versions as semver.org 2.0.0 has them.

use std::cmp::Ordering;
use std::fmt;

use super::ReleaseType;

/// A version. Build metadata is kept, and does not count when versions are compared (semver.org, 10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    /// The dot-separated identifiers behind the hyphen.
    pre: Vec<String>,
    build: Option<String>,
}

impl Version {
    /// Reads a version; anything that semver.org does not allow is none.
    pub fn parse(text: &str) -> Option<Version> {
        let (rest, build) = match text.split_once('+') {
            Some((rest, build)) => (rest, Some(build)),
            None => (text, None),
        };
        if build.is_some_and(|build| !build.split('.').all(is_identifier)) {
            return None;
        }
        let (core, pre): (&str, Vec<String>) = match rest.split_once('-') {
            Some((core, pre)) => (core, pre.split('.').map(str::to_owned).collect()),
            None => (rest, Vec::new()),
        };
        if !pre.iter().all(|one| is_identifier(one) && (!is_numeric(one) || is_number(one))) {
            return None;
        }
        let mut numbers = core.split('.').map(number);
        let version =
            Version { major: numbers.next()??, minor: numbers.next()??, patch: numbers.next()??, pre, build: build.map(str::to_owned) };
        numbers.next().is_none().then_some(version)
    }

    /// The version that a release of this type has after the highest one there is. After a pre-release it is the release
    /// itself, if that is large enough a step.
    pub fn next(after: Option<&Version>, kind: ReleaseType) -> Version {
        let plain = |major, minor, patch| Version { major, minor, patch, pre: Vec::new(), build: None };
        let Some(last) = after else {
            return match kind {
                ReleaseType::Major => plain(1, 0, 0),
                ReleaseType::Minor => plain(0, 1, 0),
                ReleaseType::Patch | ReleaseType::Hotfix => plain(0, 0, 1),
            };
        };
        let (major, minor, patch, whole) = (last.major, last.minor, last.patch, last.pre.is_empty());
        match kind {
            ReleaseType::Major if whole || minor > 0 || patch > 0 => plain(major.saturating_add(1), 0, 0),
            ReleaseType::Minor if whole || patch > 0 => plain(major, minor.saturating_add(1), 0),
            ReleaseType::Patch | ReleaseType::Hotfix if whole => plain(major, minor, patch.saturating_add(1)),
            _ => plain(major, minor, patch),
        }
    }

    /// The highest of these, leaving out what is no version.
    pub fn highest<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Version> {
        texts.into_iter().filter_map(Version::parse).max()
    }
}

/// Letters, digits and hyphens, at least one (semver.org, 9 and 10).
fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_numeric(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits without a zero in front.
fn is_number(text: &str) -> bool {
    is_numeric(text) && (text == "0" || !text.starts_with('0'))
}

fn number(text: &str) -> Option<u64> {
    if is_number(text) { text.parse().ok() } else { None }
}

/// Numbers by their value, and before words; words by their letters (semver.org, 11.4).
fn compare(one: &str, other: &str) -> Ordering {
    match (is_numeric(one), is_numeric(other)) {
        (true, true) => one.len().cmp(&other.len()).then_with(|| one.cmp(other)),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => one.cmp(other),
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let core = (self.major, self.minor, self.patch).cmp(&(other.major, other.minor, other.patch));
        let pre = || match (self.pre.is_empty(), other.pre.is_empty()) {
            // A pre-release comes before its release.
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => {
                let parts = self.pre.iter().zip(&other.pre).map(|(one, other)| compare(one, other));
                parts.fold(Ordering::Equal, Ordering::then).then(self.pre.len().cmp(&other.pre.len()))
            }
        };
        // Last by the metadata, so that the order agrees with equality.
        core.then_with(pre).then_with(|| self.build.cmp(&other.build))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(out, "-{}", self.pre.join("."))?;
        }
        match &self.build {
            Some(build) => write!(out, "+{build}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    /// From the list that semver.org's own regular expression is tried with.
    #[test]
    fn what_the_grammar_has_is_taken_and_nothing_else() {
        for right in [
            "0.0.4",
            "1.2.3",
            "10.20.30",
            "1.1.2-prerelease+meta",
            "1.1.2+meta",
            "1.1.2+meta-valid",
            "1.0.0-alpha",
            "1.0.0-alpha.beta.1",
            "1.0.0-alpha0.valid",
            "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay",
            "1.0.0-rc.1+build.123",
            "2.0.1-alpha.1227",
            "1.2.3----RC-SNAPSHOT.12.9.1--.12+788",
            "1.0.0+0.build.1-rc.10000aaa-kk-0.1",
            "1.0.0-0A.is.legal",
        ] {
            assert_eq!(version(right).to_string(), right);
        }
        for wrong in [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "v1.2.3",
            "1.2.3-0123",
            "1.2.3-0123.0123",
            "1.1.2+.123",
            "+invalid",
            "-invalid",
            "1.0.0-alpha_beta",
            "1.0.0-alpha..",
            "1.0.0-alpha..1",
            "01.1.1",
            "1.01.1",
            "1.1.01",
            "1.2.3.DEV",
            "1.2-SNAPSHOT",
            "1.2.3-",
            "1.2.3+",
            "1.2.3+a+b",
            "1.2.3-é",
            " 1.2.3",
            "-1.0.3-gamma+b7718",
            "99999999999999999999999.0.0",
        ] {
            assert_eq!(Version::parse(wrong), None, "{wrong}");
        }
    }

    /// The example of semver.org, 11.
    #[test]
    fn a_pre_release_comes_before_its_release() {
        let order = [
            "0.9.9",
            "1.0.0-1",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-beta.99999999999999999999999",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
            "1.10.0",
            "2.0.0",
        ];
        assert!(order.map(version).is_sorted());
        assert_eq!(Version::highest(["1.9.0", "1.10.0-rc.1", "soon", "1.2.0"]), Some(version("1.10.0-rc.1")));
    }

    #[test]
    fn the_next_version_follows_the_type() {
        let next = |after: &str, kind| Version::next(Version::parse(after).as_ref(), kind).to_string();
        use ReleaseType::{Hotfix, Major, Minor, Patch};
        for (after, expected) in [
            ("1.4.2", ["2.0.0", "1.5.0", "1.4.3", "1.4.3"]),
            ("2.0.0-rc.1", ["2.0.0", "2.0.0", "2.0.0", "2.0.0"]),
            ("1.5.0-beta", ["2.0.0", "1.5.0", "1.5.0", "1.5.0"]),
            ("1.5.1-beta+7", ["2.0.0", "1.6.0", "1.5.1", "1.5.1"]),
            ("none", ["1.0.0", "0.1.0", "0.0.1", "0.0.1"]),
        ] {
            assert_eq!([Major, Minor, Patch, Hotfix].map(|kind| next(after, kind)), expected, "{after}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_version_or_none(text in "[0-9a-z.+-]{0,20}") {
            if let Some(version) = Version::parse(&text) {
                prop_assert_eq!(version.to_string(), text);
            }
        }

        #[test]
        fn the_next_is_higher(major in 0u64..50, minor in 0u64..50, patch in 0u64..50, rc: bool, which in 0usize..4) {
            let last = version(&format!("{major}.{minor}.{patch}{}", if rc { "-rc.1" } else { "" }));
            prop_assert!(Version::next(Some(&last), ReleaseType::ALL[which]) > last);
        }
    }
}
