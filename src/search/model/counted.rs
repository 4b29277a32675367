//! How much of a search counts.

/// Words and phrases that are looked for, and words of a phrase; the database's `search_query` and `search_phrase` take no more.
const COUNTED: usize = 8;

/// Whether some of the words are not looked for, because there are too many.
pub fn is_cut(words: &str) -> bool {
    let mut parts = Vec::new();
    for (at, piece) in words.to_lowercase().split('"').enumerate() {
        let words: Vec<&str> = piece.split_whitespace().collect();
        let is_phrase = at % 2 == 1;
        if is_phrase && words.len() > COUNTED {
            return true;
        }
        let found = if is_phrase { vec![words.join(" ")] } else { words.into_iter().map(str::to_owned).collect() };
        parts.extend(found.into_iter().filter(|part| !part.is_empty()));
    }
    parts.sort();
    parts.dedup();
    parts.len() > COUNTED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_words_and_phrases_count_each_once() {
        assert!(!is_cut(""));
        assert!(!is_cut("a b c d e f g h A b c \"\""));
        assert!(is_cut("a b c d e f g h i"));
        assert!(!is_cut("a b c d e f g \"h i j\""));
        assert!(is_cut("a b c d e f g h \"h i j\""));
    }

    #[test]
    fn eight_words_of_a_phrase_count() {
        assert!(!is_cut("\"a a a a a a a a\""));
        assert!(is_cut("\"a b c d e f g h i"));
    }
}
