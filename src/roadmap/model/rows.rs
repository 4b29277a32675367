//! The rows of the timeline and of its table.

use super::{Item, Kind, Window};

/// A row of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    pub item: &'a Item,
    /// It stands below its epic.
    pub inside: bool,
}

/// What the timeline shows, and how many dated items lie before and after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows<'a> {
    pub rows: Vec<Row<'a>>,
    pub earlier: usize,
    pub later: usize,
}

/// The order of time: by the first date, then the title.
fn by_time(item: &Item) -> (i32, String, &str) {
    (item.span().first().map_or(i32::MAX, |day| day.0), item.title.to_lowercase(), &item.id)
}

/// The rows of the timeline: each epic with its features below, features without one, releases. An epic whose own time lies
/// elsewhere is there for the sake of its features.
pub fn rows(items: &[Item], window: Window) -> Rows<'_> {
    let of = |kind: Kind| {
        let mut of_it: Vec<&Item> = items.iter().filter(|item| item.kind == kind).collect();
        of_it.sort_by(|one, two| by_time(one).cmp(&by_time(two)));
        of_it
    };
    let (epics, features, releases) = (of(Kind::Epic), of(Kind::Feature), of(Kind::Release));
    let shown = |item: &&Item| item.span().touches(window);
    let mut rows = Vec::new();
    for epic in epics.iter().copied() {
        let is_inside = |feature: &&Item| feature.epic_id.as_ref() == Some(&epic.id);
        let inside: Vec<_> = features.iter().copied().filter(is_inside).filter(shown).collect();
        if !inside.is_empty() || epic.span().touches(window) {
            rows.push(Row { item: epic, inside: false });
            rows.extend(inside.into_iter().map(|item| Row { item, inside: true }));
        }
    }
    let is_loose = |feature: &&Item| !epics.iter().any(|epic| feature.epic_id.as_ref() == Some(&epic.id));
    rows.extend(features.iter().copied().filter(is_loose).filter(shown).map(|item| Row { item, inside: false }));
    rows.extend(releases.iter().copied().filter(shown).map(|item| Row { item, inside: false }));
    let earlier = items.iter().filter(|item| item.span().last().is_some_and(|last| last < window.first())).count();
    let later = items.iter().filter(|item| item.span().first().is_some_and(|first| first > window.last())).count();
    Rows { rows, earlier, later }
}

/// The rows of the table, in an order that new dates do not change: what is being filled in stays where it is.
pub fn in_table(items: &[Item]) -> Vec<Row<'_>> {
    let title = |item: &Item| (item.title.to_lowercase(), item.id.clone());
    let epic = |item: &Item| match item.kind {
        Kind::Feature => items.iter().find(|epic| item.epic_id.as_ref() == Some(&epic.id)).map(title),
        Kind::Epic => Some(title(item)),
        Kind::Release => None,
    };
    let mut rows: Vec<_> = items.iter().map(|item| (item, epic(item))).collect();
    rows.sort_by_key(|(item, epic)| (item.kind == Kind::Release, epic.is_none(), epic.clone(), item.kind != Kind::Epic, title(item)));
    rows.into_iter().map(|(item, epic)| Row { item, inside: item.kind == Kind::Feature && epic.is_some() }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::item;
    use super::super::{Day, Month, Zoom};
    use super::*;

    fn ids(rows: &[Row]) -> Vec<String> {
        rows.iter().map(|row| format!("{}{}", if row.inside { ">" } else { "" }, row.item.id)).collect()
    }

    fn of_epic(epic: &str, id: &str, start: &str, end: &str) -> Item {
        Item { epic_id: Some(epic.into()), ..item(Kind::Feature, id, "BACKLOG", start, end) }
    }

    fn items() -> Vec<Item> {
        vec![
            item(Kind::Release, "r", "PLANNING", "", "2026-12-24"),
            item(Kind::Feature, "loose", "BACKLOG", "", "2026-12-01"),
            item(Kind::Feature, "undated", "BACKLOG", "", ""),
            of_epic("b", "second", "2026-12-10", "2026-12-12"),
            of_epic("b", "first", "2026-12-01", "2026-12-20"),
            of_epic("a", "long-ago", "2025-01-01", "2025-02-01"),
            item(Kind::Epic, "b", "PLANNING", "", ""),
            item(Kind::Epic, "a", "PLANNING", "2026-10-01", "2027-06-30"),
            item(Kind::Epic, "far", "PLANNING", "2028-10-01", "2029-06-30"),
            of_epic("gone", "of-another", "2026-12-02", ""),
        ]
    }

    #[test]
    fn features_stand_below_their_epics_and_releases_last() {
        let items = items();
        let window = Window::new(Zoom::Month, Month::parse("2026-12"), Day(0));
        let shown = rows(&items, window);
        assert_eq!(ids(&shown.rows), ["a", "b", ">first", ">second", "loose", "of-another", "r"]);
        assert_eq!((shown.earlier, shown.later), (1, 1));
    }

    #[test]
    fn the_table_has_all_of_them_and_dates_move_none() {
        let mut items = items();
        let before = ids(&in_table(&items));
        assert_eq!(before, ["a", ">long-ago", "b", ">first", ">second", "far", "loose", "of-another", "undated", "r"]);
        for item in &mut items {
            (item.start, item.end) = (None, Some(Day(item.id.len() as i32 * 1000)));
        }
        assert_eq!(ids(&in_table(&items)), before);
    }
}
