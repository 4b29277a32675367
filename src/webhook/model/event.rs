//! What there is to listen for.

use std::collections::BTreeSet;

/// Everything that happens.
pub const ALL: &str = "*";
/// Entries of one webhook, and characters of one: the table's own limits.
const EVENTS_MAX: usize = 100;
const EVENT_MAX: usize = 100;

/// Events that are listened to together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    pub word: &'static str,
    pub label: &'static str,
    /// What it holds beside what its name says.
    pub about: &'static str,
}

const fn group(word: &'static str, label: &'static str, about: &'static str) -> Group {
    Group { word, label, about }
}

/// The groups that a form offers, as the database sorts events into them (`webhook_group`).
pub const GROUPS: [Group; 11] = [
    group("idea.*", "Ideas", "with votes, comments and links to features"),
    group("feature.*", "Features", "with comments and dependencies"),
    group("release.*", "Releases", "with launch checklists and changelogs"),
    group("okr.*", "OKRs", "with key results"),
    group("kpi.*", "KPIs", "with data points"),
    group("experiment.*", "Experiments", "with results"),
    group("feedback.*", "Feedback", ""),
    group("document.*", "Documents", "with versions"),
    group("task.*", "Tasks", "with comments"),
    group("member.*", "Members", "with invitations"),
    group("product.*", "Products", "with lifecycle and teams"),
];

/// Whether a box of the form stands for it.
pub fn is_ticked(event: &str) -> bool {
    event == ALL || GROUPS.iter().any(|group| group.word == event)
}

/// What was ticked and typed, each once, in order.
///
/// # Errors
/// A sentence for the person who filled it in.
pub fn chosen(ticked: &[String], typed: &str) -> Result<Vec<String>, String> {
    if typed.len() > EVENTS_MAX * (EVENT_MAX + 2) {
        return Err(format!("These are too many events; the limit is {EVENTS_MAX}."));
    }
    let typed = typed.split([',', ' ', '\n']).map(str::trim).filter(|event| !event.is_empty());
    let events: BTreeSet<&str> = ticked.iter().map(String::as_str).chain(typed).collect();
    if let Some(wrong) = events.iter().find(|event| !is_event(event)) {
        return Err(format!(
            "“{}” is no event. Write them as idea.created, or idea.* for a group.",
            wrong.chars().take(EVENT_MAX).collect::<String>()
        ));
    }
    match events.len() {
        0 => Err("Choose at least one group, or name an event.".into()),
        count if count > EVENTS_MAX => Err(format!("These are too many events; the limit is {EVENTS_MAX}.")),
        _ => Ok(events.into_iter().map(str::to_owned).collect()),
    }
}

/// `*`, `thing.*` or `thing.verb`.
fn is_event(event: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let pair = |(thing, verb): (&str, &str)| word(thing) && (verb == ALL || word(verb));
    event == ALL || (event.len() <= EVENT_MAX && event.split_once('.').is_some_and(pair))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(events: &[&str]) -> Vec<String> {
        events.iter().map(|event| (*event).to_owned()).collect()
    }

    #[test]
    fn what_is_ticked_and_typed_is_listened_to_once() {
        let chosen = |ticked: &[&str], typed: &str| chosen(&list(ticked), typed);
        assert_eq!(chosen(&["idea.*"], "product.lifecycle_changed, idea.*,, "), Ok(list(&["idea.*", "product.lifecycle_changed"])));
        assert_eq!(chosen(&["*"], ""), Ok(list(&["*"])));
        for wrong in ["idea", "idea.", ".created", "Idea.created", "*.created", "idea.created.x", "idea.**", "i-d.x", "<b>.x"] {
            assert!(chosen(&[], wrong).is_err(), "{wrong}");
        }
        assert!(chosen(&[], " , ").is_err());
        assert!(chosen(&[], &"x.y,".repeat(100_000)).is_err());
        assert!(chosen(&[], &(0..101).map(|n| format!("x.y{n},")).collect::<String>()).is_err());
        assert!(GROUPS.iter().all(|group| is_event(group.word) && is_ticked(group.word)) && !is_ticked("idea.created"));
    }

    proptest! {
        #[test]
        fn any_text_is_events_or_none(typed in ".{0,60}") {
            let _ = chosen(&[], &typed);
        }
    }
}
