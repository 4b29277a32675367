//! Now, next and later.

use serde::{Deserialize, Serialize};

use super::{Day, Item, Kind, Stage};

/// Days within which what begins is next.
const SOON: i32 = 90;

/// The rule as it is told on the page.
pub const RULE: &str = "Now is what is being worked on or has reached its first date. Next begins within 90 days, by its own dates or, \
    where it has none, by those of its epic or release. Later is all the rest.";

/// When an item's turn comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Horizon {
    Now,
    Next,
    Later,
}

crate::words!(Horizon {
    Now: "now", "Now";
    Next: "next", "Next";
    Later: "later", "Later";
});

/// When this item's turn comes; never for a release and for what is over.
fn horizon(item: &Item, epic: Option<&Item>, release: Option<&Item>, today: Day) -> Option<Horizon> {
    if item.kind == Kind::Release {
        return None;
    }
    match item.stage() {
        Stage::Done | Stage::Dropped => return None,
        Stage::Working => return Some(Horizon::Now),
        Stage::Planned => {}
    }
    let soon = today.plus(SOON);
    if let Some(first) = item.span().first() {
        let next = if first <= soon { Horizon::Next } else { Horizon::Later };
        return Some(if first <= today { Horizon::Now } else { next });
    }
    // What an epic or release has begun without is its next step.
    let opens = |parent: Option<&Item>| {
        let parent = parent.filter(|parent| matches!(parent.stage(), Stage::Planned | Stage::Working));
        parent.is_some_and(|parent| parent.span().first().is_some_and(|first| first <= soon))
    };
    Some(if opens(epic) || opens(release) { Horizon::Next } else { Horizon::Later })
}

/// The features and epics of each horizon, those with the earliest dates first.
pub fn columns(items: &[Item], today: Day) -> [(Horizon, Vec<&Item>); 3] {
    let find = |id: &Option<String>| id.as_ref().and_then(|id| items.iter().find(|item| item.id == *id));
    Horizon::ALL.map(|column| {
        let turn = |item: &&Item| horizon(item, find(&item.epic_id), find(&item.release_id), today) == Some(column);
        let mut of_it: Vec<&Item> = items.iter().filter(turn).collect();
        of_it.sort_by_key(|item| (item.span().first().map_or(i32::MAX, |day| day.0), item.title.to_lowercase(), item.id.clone()));
        (column, of_it)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::item;
    use super::*;

    fn today() -> Day {
        Day::parse("2026-11-23").unwrap()
    }

    fn turn(status: &str, start: &str, end: &str) -> Option<Horizon> {
        horizon(&item(Kind::Feature, "f", status, start, end), None, None, today())
    }

    #[test]
    fn what_is_worked_on_is_now() {
        for status in ["IN_PROGRESS", "IN_REVIEW", "TESTING"] {
            assert_eq!(turn(status, "2030-01-01", ""), Some(Horizon::Now));
        }
        assert_eq!((turn("DONE", "2026-11-23", ""), turn("CANCELLED", "", "")), (None, None));
        assert_eq!(horizon(&item(Kind::Release, "r", "PLANNING", "", "2026-11-23"), None, None, today()), None);
    }

    #[test]
    fn its_own_dates_decide() {
        assert_eq!(turn("BACKLOG", "2026-11-01", "2026-12-01"), Some(Horizon::Now));
        assert_eq!(turn("BACKLOG", "2026-11-23", ""), Some(Horizon::Now));
        assert_eq!(turn("BACKLOG", "", "2026-11-01"), Some(Horizon::Now), "overdue");
        assert_eq!(turn("BACKLOG", "2026-11-24", ""), Some(Horizon::Next));
        assert_eq!(turn("BACKLOG", "2027-02-21", ""), Some(Horizon::Next), "in 90 days");
        assert_eq!((turn("BACKLOG", "2027-02-22", ""), turn("BACKLOG", "", "")), (Some(Horizon::Later), Some(Horizon::Later)));
    }

    #[test]
    fn without_dates_its_epic_and_release_decide() {
        let feature = item(Kind::Feature, "f", "BACKLOG", "", "");
        let epic = |status: &str, start: &str| item(Kind::Epic, "e", status, start, "");
        let release = item(Kind::Release, "r", "PLANNING", "", "2026-12-24");
        let by = |feature: &Item, epic: Option<&Item>, release: Option<&Item>| horizon(feature, epic, release, today()).unwrap();
        assert_eq!(by(&feature, Some(&epic("PLANNING", "2026-12-01")), None), Horizon::Next);
        assert_eq!(by(&feature, Some(&epic("IN_PROGRESS", "2026-10-01")), None), Horizon::Next);
        assert_eq!(by(&feature, Some(&epic("COMPLETED", "2026-10-01")), None), Horizon::Later);
        assert_eq!(by(&feature, Some(&epic("PLANNING", "2027-12-01")), None), Horizon::Later);
        assert_eq!(by(&feature, Some(&epic("PLANNING", "2027-12-01")), Some(&release)), Horizon::Next);
        let dated = Item { start: Day::parse("2027-12-01"), ..feature };
        assert_eq!(by(&dated, None, Some(&release)), Horizon::Later, "its own date counts");
    }

    #[test]
    fn columns_hold_each_item_once_in_order() {
        let epic = item(Kind::Epic, "e", "IN_PROGRESS", "2026-10-01", "2027-01-31");
        let inside = Item { epic_id: Some("e".into()), ..item(Kind::Feature, "inside", "BACKLOG", "", "") };
        let items = [
            item(Kind::Feature, "z", "BACKLOG", "2026-12-01", ""),
            item(Kind::Feature, "a", "BACKLOG", "2026-12-01", ""),
            inside,
            item(Kind::Release, "r", "PLANNING", "", "2026-12-24"),
            item(Kind::Feature, "done", "DONE", "2026-12-01", ""),
            item(Kind::Feature, "far", "BACKLOG", "", ""),
            epic,
        ];
        let ids = columns(&items, today()).map(|(_, items)| items.into_iter().map(|item| item.id.as_str()).collect::<Vec<_>>());
        assert_eq!(ids, [vec!["e"], vec!["a", "z", "inside"], vec!["far"]]);
    }
}
