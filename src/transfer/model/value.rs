//! How the cells of a row become the values of a thing.

use std::collections::{BTreeMap, HashSet};

use super::field::{BLOCK_MAX, Blank, Field, Rule};
use super::{Kind, Source, bare, date, split_tags, words};
use crate::kernel::entry::Entry;
use crate::kernel::text::{self, TAG_MAX, TAGS_MAX};
use crate::kernel::time::Timestamp;

/// Characters of a cell that are shown with what is wrong with it.
const SHOWN_MAX: usize = 40;

/// The value of one field.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Nothing,
    Text(String),
    List(Vec<String>),
    At(Timestamp),
}

/// What has to be known besides the cell.
#[derive(Debug)]
pub struct Ways<'a> {
    pub kind: Kind,
    pub source: Source,
    /// Whether a status, type or priority that is not known is the default instead of wrong, and who is no member nobody.
    pub defaults: bool,
    /// The members' ids by their e-mail addresses in lower case.
    pub members: &'a BTreeMap<String, String>,
}

impl Ways<'_> {
    /// Whether the text is taken as it stands. What we wrote ourselves comes back to the byte; what comes from elsewhere is
    /// tidied up as in a form.
    fn exact(&self) -> bool {
        self.source == Source::Prodmatic
    }

    fn text(&self, cell: &str, max: usize, tidy: Result<String, String>) -> Result<Value, String> {
        let tidy = tidy?;
        if !self.exact() {
            return Ok(Value::Text(tidy));
        }
        match cell.chars().count() {
            length if length > max => Err(format!("This is {length} characters long; the limit is {max}.")),
            _ => Ok(Value::Text(cell.to_owned())),
        }
    }
}

impl Field {
    /// The value that stands in these cells; several where a file has several columns of one heading.
    ///
    /// # Errors
    /// A sentence for the person whose file it is.
    pub fn value(&self, cells: &[&str], ways: &Ways) -> Result<Value, String> {
        let cell = cells.first().copied().unwrap_or_default();
        if let Rule::Tags = self.rule {
            return tags(cells, ways);
        }
        if cell.is_empty() || (!ways.exact() && cell.trim().is_empty()) {
            return self.of_nothing(ways);
        }
        match self.rule {
            Rule::Line(what, max) => ways.text(cell, max, text::line(cell, what, max)),
            Rule::Block => ways.text(cell, BLOCK_MAX, text::block(cell, BLOCK_MAX)),
            Rule::Email => ways.text(cell, 254, text::email(cell)),
            Rule::Whole(min, max) => self.whole(cell, min, max, ways),
            Rule::Choice(choices) => self.choice(cell, &choices(), ways),
            Rule::Moment => date::moment(cell).map(Value::At),
            Rule::Member => member(cell, ways),
            Rule::Tags => Ok(Value::Nothing),
        }
    }

    fn of_nothing(&self, ways: &Ways) -> Result<Value, String> {
        match self.blank {
            Blank::Refused => Err("This must not be empty.".into()),
            Blank::Usually(_) if ways.exact() => Ok(Value::Nothing),
            Blank::Nothing => Ok(Value::Nothing),
            Blank::Is(value) | Blank::Usually(value) => Ok(Value::Text(value.to_owned())),
            Blank::Default(word) => Ok(Value::Text(word().to_owned())),
        }
    }

    fn whole(&self, cell: &str, min: i32, max: i32, ways: &Ways) -> Result<Value, String> {
        // Some programs write every number as a fraction.
        let number = cell.trim();
        let number = number.split_once('.').filter(|(_, rest)| rest.bytes().all(|b| b == b'0')).map_or(number, |(whole, _)| whole);
        let read = Entry(number.to_owned()).whole(min, max);
        let Err(wrong) = read else { return read.map(|number| Value::Text(number.to_string())) };
        match words::translated(ways.source, ways.kind, self.name, cell) {
            Some(word) => Ok(Value::Text(word)),
            None if ways.defaults && self.name == "priority" => self.of_nothing(ways),
            None => Err(wrong),
        }
    }

    /// A choice is known by its word or its name on the screen, however it is written.
    fn choice(&self, cell: &str, choices: &[(&'static str, &'static str)], ways: &Ways) -> Result<Value, String> {
        let name = bare(cell);
        let known = choices.iter().find(|(word, label)| bare(word) == name || bare(label) == name).map(|(word, _)| (*word).to_owned());
        match known.or_else(|| words::translated(ways.source, ways.kind, self.name, cell)) {
            Some(word) => Ok(Value::Text(word)),
            None if ways.defaults => self.of_nothing(ways),
            None => {
                let labels: Vec<_> = choices.iter().map(|(_, label)| *label).collect();
                Err(format!("“{}” is none of these: {}.", shown(cell), labels.join(", ")))
            }
        }
    }
}

fn member(cell: &str, ways: &Ways) -> Result<Value, String> {
    match ways.members.get(&cell.trim().to_lowercase()) {
        Some(id) => Ok(Value::Text(id.clone())),
        None if ways.defaults => Ok(Value::Nothing),
        None => Err(format!("No member of this organisation has the e-mail address “{}”.", shown(cell))),
    }
}

fn tags(cells: &[&str], ways: &Ways) -> Result<Value, String> {
    let (mut tags, mut known) = (Vec::new(), HashSet::new());
    for tag in cells.iter().flat_map(|cell| split_tags(cell)) {
        let tag = if ways.source == Source::Trello { without_colour(&tag).to_owned() } else { tag };
        let tidy = text::line(&tag, "a tag", TAG_MAX).map_err(|wrong| format!("“{}”: {wrong}", shown(&tag)))?;
        if ways.exact() {
            if tag.chars().count() > TAG_MAX {
                return Err(format!("“{}” is longer than {TAG_MAX} characters.", shown(&tag)));
            }
            tags.push(tag);
        } else if known.insert(tidy.to_lowercase()) {
            tags.push(tidy);
        }
        // A cell may hold megabytes of tags: what lies behind the limit is not worth reading.
        if tags.len() > TAGS_MAX {
            return Err(format!("These are too many tags; the limit is {TAGS_MAX}."));
        }
    }
    Ok(Value::List(tags))
}

/// Trello writes a label with its colour: `Urgent (red)`.
fn without_colour(label: &str) -> &str {
    label.strip_suffix(')').and_then(|label| label.rsplit_once(" (")).map_or(label, |(name, _)| name)
}

/// A cell as it can be shown in a sentence.
fn shown(cell: &str) -> String {
    let cell = cell.trim();
    let begin: String = cell.chars().take(SHOWN_MAX).collect();
    if begin.len() < cell.len() { format!("{begin}…") } else { begin }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: Kind, source: Source, name: &str, cells: &[&str]) -> Result<Value, String> {
        let members = BTreeMap::from([("ada@example.test".to_owned(), "u1".to_owned())]);
        let field = kind.fields().iter().find(|field| field.name == name).unwrap();
        field.value(cells, &Ways { kind, source, defaults: false, members: &members })
    }

    fn text(value: &str) -> Result<Value, String> {
        Ok(Value::Text(value.into()))
    }

    #[test]
    fn what_we_wrote_is_taken_as_it_stands() {
        assert_eq!(of(Kind::Ideas, Source::Other, "title", &[" Mobile App "]), text("Mobile App"));
        assert_eq!(of(Kind::Ideas, Source::Prodmatic, "title", &[" Mobile App "]), text(" Mobile App "));
        assert_eq!(of(Kind::Ideas, Source::Other, "description", &["a\r\nb "]), text("a\nb"));
        assert_eq!(of(Kind::Ideas, Source::Prodmatic, "description", &["a\r\nb "]), text("a\r\nb "));
        assert_eq!(of(Kind::Ideas, Source::Other, "effort", &[""]), text("1"));
        assert_eq!(of(Kind::Ideas, Source::Prodmatic, "effort", &[""]), Ok(Value::Nothing));
        assert_eq!(of(Kind::Tasks, Source::Other, "description", &[""]), Ok(Value::Nothing));
        assert!(of(Kind::Ideas, Source::Prodmatic, "title", &[&format!("{} ", "x".repeat(200))]).is_err());
    }

    #[test]
    fn the_models_rules_hold() {
        for (kind, name, cell) in [
            (Kind::Ideas, "title", ""),
            (Kind::Ideas, "title", "a\0b"),
            (Kind::Ideas, "title", "two\nlines"),
            (Kind::Ideas, "effort", "11"),
            (Kind::Ideas, "effort", "2.5"),
            (Kind::Ideas, "createdAt", "soon"),
            (Kind::Feedback, "userEmail", "ada"),
            (Kind::Feedback, "type", "Rant"),
            (Kind::Features, "storyPoints", "1001"),
            (Kind::Tasks, "assignee", "bob@example.test"),
        ] {
            for source in [Source::Other, Source::Prodmatic] {
                assert!(of(kind, source, name, &[cell]).is_err(), "{name} {cell}");
            }
        }
        let long = of(Kind::Ideas, Source::Other, "title", &[&"x".repeat(10_000)]);
        assert_eq!(long, Err("This is 10000 characters long; the limit is 200.".into()));
        assert_eq!(of(Kind::Tasks, Source::Linear, "assignee", &[" Ada@Example.test"]), text("u1"));
        assert_eq!(of(Kind::Features, Source::Jira, "storyPoints", &["5.0"]), text("5"));
    }

    #[test]
    fn a_choice_is_known_however_it_is_written() {
        for cell in ["UNDER_REVIEW", "under review", "Under Review", "under-review"] {
            assert_eq!(of(Kind::Ideas, Source::Other, "status", &[cell]), text("UNDER_REVIEW"), "{cell}");
        }
        assert_eq!(of(Kind::Ideas, Source::Other, "status", &[""]), text("SUBMITTED"));
        let wrong = of(Kind::Tasks, Source::Other, "priority", &["Whenever"]);
        assert_eq!(wrong, Err("“Whenever” is none of these: Critical, High, Medium, Low.".into()));
        let (field, members) = (&Kind::Tasks.fields()[3], BTreeMap::new());
        let lenient = Ways { kind: Kind::Tasks, source: Source::Other, defaults: true, members: &members };
        assert_eq!(field.value(&["Whenever"], &lenient), text("MEDIUM"));
        let assignee = Kind::Tasks.fields().iter().find(|field| field.name == "assignee").unwrap();
        assert_eq!(assignee.value(&["stranger@example.test"], &lenient), Ok(Value::Nothing));
    }

    #[test]
    fn tags_come_from_one_cell_or_several() {
        let list = |tags: &[&str]| Ok(Value::List(tags.iter().map(|tag| (*tag).to_owned()).collect()));
        assert_eq!(of(Kind::Ideas, Source::Jira, "tags", &["ios", "", "IOS", "web"]), list(&["ios", "web"]));
        assert_eq!(of(Kind::Ideas, Source::Trello, "tags", &["Buy (green), Urgent (red)"]), list(&["Buy", "Urgent"]));
        assert_eq!(of(Kind::Ideas, Source::Prodmatic, "tags", &["\"a, b\", c"]), list(&["a, b", "c"]));
        assert_eq!(of(Kind::Ideas, Source::Other, "tags", &[""]), list(&[]));
        assert!(of(Kind::Ideas, Source::Other, "tags", &[&"x".repeat(41)]).is_err());
        assert!(of(Kind::Ideas, Source::Other, "tags", &[&(0..21).map(|n| format!("t{n},")).collect::<String>()]).is_err());
    }

    #[test]
    fn no_tag_is_read_beyond_the_limit() {
        let many = |count: usize| (0..count).map(|n| format!("t{n}")).collect::<Vec<_>>();
        for source in [Source::Other, Source::Prodmatic] {
            // The last would be told of if it were read.
            let mut tags = many(2_000);
            tags.push("\0".into());
            let cells: Vec<&str> = tags.iter().map(String::as_str).collect();
            let too_many = Err("These are too many tags; the limit is 20.".to_owned());
            assert_eq!(of(Kind::Ideas, source, "tags", &[&tags.join(",")]), too_many, "in one cell");
            assert_eq!(of(Kind::Ideas, source, "tags", &cells), too_many, "in columns of one heading");
            assert!(of(Kind::Ideas, source, "tags", &[&many(20).join(",")]).is_ok());

            let (cell, begun) = (many(200_000).join(","), std::time::Instant::now());
            assert_eq!(of(Kind::Ideas, source, "tags", &[&cell]), too_many);
            assert!(begun.elapsed().as_secs() < 1, "{:?}", begun.elapsed());
        }
        assert_eq!(of(Kind::Ideas, Source::Other, "tags", &[&"a,A,".repeat(10_000)]), Ok(Value::List(vec!["a".into()])));
    }
}
