//! What there is to listen for.

use std::collections::BTreeSet;

use super::catalog::{GROUPS, things};

/// Everything that happens.
pub const ALL: &str = "*";
/// Entries of one webhook, and characters of one: the table's own limits.
const EVENTS_MAX: usize = 100;
const EVENT_MAX: usize = 100;

/// Whether a box of the form stands for it.
pub fn is_ticked(event: &str) -> bool {
    event == ALL || GROUPS.iter().any(|group| group.word == event)
}

/// What was ticked and typed, each once, in order. What was listened for before may stay, whatever it is: another program may
/// write entries of its own into the log.
///
/// # Errors
/// A sentence for the person who filled it in.
pub fn chosen(ticked: &[String], typed: &str, before: &[String]) -> Result<Vec<String>, String> {
    if typed.len() > EVENTS_MAX * (EVENT_MAX + 2) {
        return Err(format!("These are too many events; the limit is {EVENTS_MAX}."));
    }
    let typed = typed.split([',', ' ', '\n']).map(str::trim).filter(|event| !event.is_empty());
    let events: BTreeSet<&str> = ticked.iter().map(String::as_str).chain(typed).collect();
    if let Some(wrong) = events.iter().find(|event| !is_event(event) && before.iter().all(|kept| kept != **event)) {
        return Err(format!("“{}” is no event. {}", wrong.chars().take(EVENT_MAX).collect::<String>(), instead(wrong)));
    }
    match events.len() {
        0 => Err("Choose at least one group, or name an event.".into()),
        count if count > EVENTS_MAX => Err(format!("These are too many events; the limit is {EVENTS_MAX}.")),
        _ => Ok(events.into_iter().map(str::to_owned).collect()),
    }
}

/// `*`, `thing.*` or `thing.verb`, of things that there are.
pub fn is_event(event: &str) -> bool {
    let known = |(word, verb): (&str, &str)| things().any(|thing| thing.word == word && (verb == ALL || thing.has(verb)));
    event == ALL || event.split_once('.').is_some_and(known)
}

/// What there is to listen for in place of a word that is no event: those of the same thing, or all groups.
fn instead(wrong: &str) -> String {
    let of = wrong.split('.').next().unwrap_or_default();
    let events: BTreeSet<String> = things().filter(|thing| thing.word == of).flat_map(|thing| thing.events()).collect();
    match events.is_empty() {
        true => {
            let groups: Vec<&str> = GROUPS.iter().map(|group| group.word).collect();
            format!("Write them as idea.created, or {} for a group.", groups.join(", "))
        }
        false => format!("There are {of}.*, {}.", events.into_iter().collect::<Vec<_>>().join(", ")),
    }
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
        let chosen = |ticked: &[&str], typed: &str| chosen(&list(ticked), typed, &[]);
        assert_eq!(chosen(&["idea.*"], "product.lifecycle_changed, idea.*,, "), Ok(list(&["idea.*", "product.lifecycle_changed"])));
        assert_eq!(chosen(&["*"], ""), Ok(list(&["*"])));
        for wrong in ["idea", "idea.", ".created", "Idea.created", "*.created", "idea.created.x", "idea.**", "i-d.x", "<b>.x"] {
            assert!(chosen(&[], wrong).is_err(), "{wrong}");
        }
        assert!(chosen(&[], " , ").is_err());
        assert!(chosen(&[], &"vote.created,".repeat(100_000)).is_err());
        let all: BTreeSet<String> = things().flat_map(|thing| thing.events()).collect();
        assert!(all.len() > EVENTS_MAX && chosen(&[], &all.into_iter().collect::<Vec<_>>().join(", ")).unwrap_err().contains("too many"));
    }

    #[test]
    fn what_never_happens_is_not_listened_for() {
        let refused = |event: &str| chosen(&[], event, &[]).unwrap_err();
        assert!(refused("foo.*").contains("“foo.*” is no event") && refused("foo.*").contains("idea.*"), "{}", refused("foo.*"));
        assert!(refused("vote.moved").contains("There are vote.*, vote.created, vote.deleted, vote.updated."), "{}", refused("vote.moved"));
        for known in ["webhook.*", "team.restored", "mention.created", "kpi.alert", "user.signed_in", "invitation.accepted"] {
            assert!(is_event(known), "{known}");
        }
        for unknown in ["ideas.*", "idea.lifecycle_changed", "vote.restored", "user.created", "member.created", "webhook.test"] {
            assert!(!is_event(unknown), "{unknown}");
        }
    }

    #[test]
    fn what_was_listened_for_before_may_stay() {
        let before = list(&["import.noted", "idea.*"]);
        assert_eq!(chosen(&[], "import.noted, vote.*", &before), Ok(list(&["import.noted", "vote.*"])));
        assert!(chosen(&[], "import.*", &before).is_ok() && chosen(&[], "import.notes", &before).is_err());
    }

    /// What a group is called by is the first of its things, so that both ways of listening for it are one.
    #[test]
    fn a_group_is_called_by_its_first_thing() {
        for group in GROUPS {
            assert_eq!(group.word, format!("{}.*", group.things[0].word));
            assert!(is_event(group.word) && is_ticked(group.word));
        }
        assert!(!is_ticked("idea.created"));
    }

    proptest! {
        #[test]
        fn any_text_is_events_or_none(typed in ".{0,60}") {
            let _ = chosen(&[], &typed, &[]);
        }
    }
}
