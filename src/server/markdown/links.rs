//! Addresses in a text.

/// Characters that end an address.
fn ends(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|' | '\\' | ']' | '[' | '{' | '}' | '^')
}

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    Address(&'a str),
}

/// What an address begins with.
const BEGINNINGS: [&str; 3] = ["https://", "http://", "/orgs/"];

/// The address that begins here, without the punctuation that ends a sentence.
fn address(rest: &str) -> Option<&str> {
    let beginning = BEGINNINGS.into_iter().find(|beginning| rest.starts_with(beginning))?;
    let end = rest.find(ends).unwrap_or(rest.len());
    let whole = rest.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']);
    // A bracket that was opened outside of it.
    let whole = if whole.ends_with(')') && !whole.contains('(') { whole.trim_end_matches(')') } else { whole };
    (whole.len() > beginning.len()).then_some(whole)
}

/// The text in pieces, addresses apart. Put together they are the text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut done, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(['h', '/']).map(|found| at + found)) {
        let before = text.get(..found).and_then(|before| before.chars().next_back());
        let free = before.is_none_or(|c| !c.is_alphanumeric() && c != '/' && c != '.');
        match text.get(found..).and_then(address).filter(|_| free) {
            Some(address) => {
                pieces.extend(text.get(done..found).filter(|text| !text.is_empty()).map(Piece::Text));
                pieces.push(Piece::Address(address));
                at = found + address.len();
                done = at;
            }
            None => at = found + 1,
        }
    }
    pieces.extend(text.get(done..).filter(|text| !text.is_empty()).map(Piece::Text));
    pieces
}

/// The path of a page of an organisation, if that is where the address leads: of the site with this address, or without one.
pub fn own_path<'a>(address: &'a str, url: &str) -> Option<&'a str> {
    let path = if address.starts_with('/') { address } else { address.strip_prefix(url.trim_end_matches('/'))? };
    let path = path.split(['?', '#']).next()?.trim_end_matches('/');
    path.starts_with("/orgs/").then_some(path)
}

/// The paths of pages of organisations that a text names, each once and so many at most.
pub fn own_paths(text: &str, url: &str, at_most: usize) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("/orgs/").map(|found| at + found)) {
        let rest = text.get(found..).unwrap_or_default();
        let end = rest.find(|c| ends(c) || matches!(c, ')' | '(' | '\'')).unwrap_or(rest.len());
        let whole = rest.get(..end).unwrap_or_default().trim_end_matches(['.', ',', ';', ':', '!', '*', '_', '~']);
        if let Some(path) = own_path(whole, url).filter(|path| !paths.iter().any(|known| known == path)) {
            paths.push(path.to_owned());
            if paths.len() >= at_most {
                break;
            }
        }
        // What is in an address is read once, however often it begins like one.
        at = found + whole.len().max("/orgs/".len());
    }
    paths
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_found_without_the_end_of_the_sentence() {
        let found = |text: &'static str| -> Vec<&str> {
            let address = |piece| if let Piece::Address(address) = piece { Some(address) } else { None };
            pieces(text).into_iter().filter_map(address).collect()
        };
        assert_eq!(
            found("See https://a.example/b_c?d=e&f#g. Or (http://x.example/y)!"),
            ["https://a.example/b_c?d=e&f#g", "http://x.example/y"]
        );
        assert_eq!(
            found("/orgs/a/products/p/ideas/1, and https://a.example/w(x)"),
            ["/orgs/a/products/p/ideas/1", "https://a.example/w(x)"]
        );
        assert_eq!(found("xhttps://no.example https:// /orgs/ a/orgs/b javascript://x h"), Vec::<&str>::new());
    }

    #[test]
    fn pages_of_ours_are_known() {
        let url = "https://pm.example";
        assert_eq!(own_path("https://pm.example/orgs/a/x?y=1#z", url), Some("/orgs/a/x"));
        assert_eq!(own_path("/orgs/a/x/", url), Some("/orgs/a/x"));
        assert_eq!((own_path("https://evil.example/orgs/a", url), own_path("/signin", url), own_path("", url)), (None, None, None));
        let text = "[a](/orgs/a/products/p/ideas/1) <https://pm.example/orgs/a/documents/2> /orgs/a/documents/2.";
        assert_eq!(own_paths(text, url, 9), ["/orgs/a/products/p/ideas/1", "/orgs/a/documents/2"]);
        assert_eq!(own_paths(text, url, 1).len(), 1);
        assert_eq!(own_paths(&"/orgs/".repeat(100_000), url, 9).len(), 1, "one long address is one");
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in "(https?://|/orgs/|[a-h./ ()é]){0,12}") {
            let joined: String = pieces(&text).into_iter().map(|piece| match piece {
                Piece::Text(text) | Piece::Address(text) => text,
            }).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
