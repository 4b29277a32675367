//! How much of a search counts.

/// Words and phrases that are looked for, each once, and words of each; the database's `search_query` takes no more.
const COUNTED: usize = 8;

/// Whether some of the words are not looked for, because there are too many.
pub fn is_cut(words: &str) -> bool {
    let (words, mut parts) = (words.to_lowercase(), Vec::new());
    for (at, piece) in words.split('"').enumerate() {
        let is_phrase = at % 2 == 1;
        let written: Vec<&str> = if is_phrase { vec![piece] } else { piece.split_whitespace().collect() };
        parts.extend(written.into_iter().map(|part| (is_phrase, lexemes(part))).filter(|(_, lexemes)| !lexemes.is_empty()));
    }
    parts.sort();
    parts.dedup();
    parts.len() > COUNTED || parts.iter().any(|(_, lexemes)| lexemes.len() > COUNTED)
}

/// `end-to-end` is three words, and a dash is none.
fn lexemes(part: &str) -> Vec<&str> {
    part.split(|c: char| !c.is_alphanumeric()).filter(|lexeme| !lexeme.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_words_and_phrases_count_each_once() {
        assert!(!is_cut(""));
        assert!(!is_cut("a b c d e f g h A b c, \"\" - & –"));
        assert!(is_cut("a b c d e f g h i"));
        assert!(!is_cut("a b c d e f g \"h i j\""));
        assert!(is_cut("a b c d e f g h \"h\""));
    }

    #[test]
    fn eight_words_of_a_phrase_count() {
        assert!(!is_cut("\"a a a a a a a a\" a/b/c"));
        assert!(is_cut("\"a b c d e f g h i"));
        assert!(is_cut("\"state-of-the-art single-sign-on for end-to-end tests\""));
        assert!(is_cut("a/b/c/d/e/f/g/h/i"));
    }
}
