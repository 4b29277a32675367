//! The pages that were opened last, as a browser keeps them: the person's id, then a line for each page, the newest first.

/// Pages that are kept of one organisation, and of all.
const MAX_OF_ONE: usize = 12;
const MAX: usize = 60;
/// Characters of a title that are kept.
const TITLE_MAX: usize = 120;
/// Ends of addresses at which something is filled in: nobody comes back to one of those.
const FORMS: [&str; 5] = ["new", "edit", "merge", "convert", "search"];

/// A page that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub path: String,
    pub title: String,
}

/// What `kept` wrote for this person; nothing of what it wrote for somebody else.
fn read<'a>(stored: &'a str, user: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let mut lines = stored.lines();
    let theirs = lines.next() == Some(user);
    lines.filter(move |_| theirs).filter_map(|line| line.split_once('\t'))
}

/// The organisation that a page belongs to.
fn org_of(path: &str) -> Option<&str> {
    path.strip_prefix("/orgs/")?.split('/').next()
}

/// What is kept once this person has opened this page.
pub fn kept(stored: &str, user: &str, path: &str, title: &str) -> String {
    let title: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).take(TITLE_MAX).collect();
    let is_form = path.rsplit('/').next().is_some_and(|end| FORMS.contains(&end));
    let newest = (!is_form && !title.trim().is_empty() && !path.contains(['\t', '\n', '\r'])).then_some((path, title.trim()));
    let mut of_org = 0;
    let pages = newest.into_iter().chain(read(stored, user).filter(|(before, _)| newest.is_none_or(|(path, _)| path != *before)));
    let pages = pages.filter(|(before, _)| {
        let same = org_of(before) == org_of(path);
        of_org += usize::from(same);
        !same || of_org <= MAX_OF_ONE
    });
    let lines = pages.take(MAX).map(|(path, title)| format!("{path}\t{title}\n"));
    format!("{user}\n{}", lines.collect::<String>())
}

/// The pages of this organisation that this person has opened last.
pub fn recent(stored: &str, user: &str, org: &str) -> Vec<Opened> {
    read(stored, user)
        .filter(|(path, _)| org_of(path) == Some(org))
        .map(|(path, title)| Opened { path: path.to_owned(), title: title.to_owned() })
        .collect()
}

#[cfg(test)]
mod rules {
    use super::*;
    use proptest::prelude::*;

    fn paths(stored: &str, user: &str, org: &str) -> Vec<String> {
        recent(stored, user, org).into_iter().map(|opened| opened.path).collect()
    }

    #[test]
    fn the_newest_comes_first_and_each_once() {
        let stored = ["/orgs/a/x", "/orgs/a/y", "/orgs/a/x"].iter().fold(String::new(), |stored, path| kept(&stored, "ada", path, "T"));
        assert_eq!(paths(&stored, "ada", "a"), ["/orgs/a/x", "/orgs/a/y"]);
    }

    #[test]
    fn one_organisation_knows_nothing_of_another() {
        let stored = kept(&kept("", "ada", "/orgs/a/x", "Of a"), "ada", "/orgs/ab", "Of ab");
        assert_eq!(paths(&stored, "ada", "a"), ["/orgs/a/x"]);
        assert_eq!(paths(&stored, "ada", "ab"), ["/orgs/ab"]);
    }

    #[test]
    fn nobody_sees_what_somebody_else_has_opened() {
        let stored = kept("", "ada", "/orgs/a/x", "Secret");
        assert_eq!(paths(&stored, "bob", "a"), Vec::<String>::new());
        let stored = kept(&stored, "bob", "/orgs/a/y", "Mine");
        assert!(!stored.contains("Secret"));
        assert_eq!(paths(&stored, "ada", "a"), Vec::<String>::new());
    }

    #[test]
    fn forms_are_no_places_to_come_back_to() {
        let stored = kept("", "ada", "/orgs/a/ideas/1", "Idea");
        for form in ["/orgs/a/ideas/new", "/orgs/a/ideas/1/edit"] {
            assert_eq!(kept(&stored, "ada", form, "Form"), stored);
        }
    }

    #[test]
    fn no_organisation_takes_the_room_of_another() {
        let mut stored = kept("", "ada", "/orgs/b/x", "Other");
        for page in 0..100 {
            stored = kept(&stored, "ada", &format!("/orgs/a/{page}"), "Page");
        }
        assert_eq!((paths(&stored, "ada", "a").len(), paths(&stored, "ada", "b").len()), (MAX_OF_ONE, 1));
        assert_eq!(paths(&stored, "ada", "a")[0], "/orgs/a/99");
    }

    proptest! {
        #[test]
        fn whatever_is_stored_is_read(stored in ".*", title in ".{0,20}") {
            recent(&stored, "ada", "a");
            let stored = kept(&stored, "ada", "/orgs/a/x", &title);
            let shown = recent(&stored, "ada", "a");
            prop_assert!(shown.iter().all(|opened| !opened.title.contains(char::is_control)));
            prop_assert!(shown.len() <= MAX_OF_ONE);
        }
    }
}
