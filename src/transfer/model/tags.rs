//! Several tags in one cell.

/// The tags as one cell that reads back: separated by commas; one that could be misread stands in quotation marks.
pub fn join_tags(tags: &[String]) -> String {
    let written: Vec<String> = tags
        .iter()
        .map(|tag| match tag.contains([',', '"']) || tag.trim() != tag || tag.is_empty() {
            true => format!("\"{}\"", tag.replace('"', "\"\"")),
            false => tag.clone(),
        })
        .collect();
    written.join(", ")
}

/// The tags in a cell: what `join_tags` was given, and else whatever stands between commas.
pub fn split_tags(cell: &str) -> impl Iterator<Item = String> {
    let mut rest = Some(cell);
    // One at a time, so that whoever has enough need not wait for the others.
    let next = move || {
        let begin = rest?.trim_start();
        let (tag, after) = match begin.strip_prefix('"').and_then(quoted) {
            Some((tag, after)) => (Some(tag), after),
            None => {
                let (tag, _) = begin.split_once(',').unwrap_or((begin, ""));
                (Some(tag.trim().to_owned()).filter(|tag| !tag.is_empty()), &begin[tag.len()..])
            }
        };
        rest = after.split_once(',').map(|(_, next)| next);
        Some(tag)
    };
    std::iter::from_fn(next).flatten()
}

/// A tag in quotation marks, behind the first of them, and what comes after; `None` if it does not end as one.
fn quoted(text: &str) -> Option<(String, &str)> {
    let (mut tag, mut rest) = (String::new(), text);
    loop {
        let (part, after) = rest.split_once('"')?;
        tag.push_str(part);
        match after.strip_prefix('"') {
            Some(next) => {
                tag.push('"');
                rest = next;
            }
            None => return (after.trim_start().is_empty() || after.trim_start().starts_with(',')).then_some((tag, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(cell: &str) -> Vec<String> {
        split_tags(cell).collect()
    }

    #[test]
    fn tags_are_what_stands_between_commas() {
        assert_eq!(split("mobile,  ios ,,\"a, b\" ,\"say \"\"hi\"\"\""), ["mobile", "ios", "a, b", "say \"hi\""]);
        assert_eq!(split("\"open, shut"), ["\"open", "shut"]);
        assert_eq!(split("\"a\"b, c"), ["\"a\"b", "c"]);
        assert_eq!(split(" , "), Vec::<String>::new());
        assert_eq!(join_tags(&["a".into(), "b, c".into()]), "a, \"b, c\"");
    }

    proptest! {
        #[test]
        fn any_tags_read_back(tags in prop::collection::vec("(.|,|\"| |'){1,8}", 0..5)) {
            prop_assert_eq!(split(&join_tags(&tags)), tags);
        }
    }
}
