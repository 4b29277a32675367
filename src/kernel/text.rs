//! Rules for what a person types.

use std::collections::HashSet;

/// The longest title of any item, in characters.
pub const TITLE_MAX: usize = 200;
/// The longest name of an organisation, product, team or person, in characters.
pub const NAME_MAX: usize = 120;
/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 20_000;
/// The most tags that one item has.
pub const TAGS_MAX: usize = 20;
/// The longest tag, in characters.
pub const TAG_MAX: usize = 40;
/// The longest line of tags that is read at all, in bytes: room for every tag several times over.
const TAGS_READ: usize = 10_000;

/// Line breaks and tabs are text; other control characters are not, and Postgres cannot store NUL.
fn has_control(text: &str) -> bool {
    text.chars().any(|c| is_override(c) || (c.is_control() && !matches!(c, '\n' | '\r' | '\t')))
}

/// Whether a character shows anything by itself: neither space, nor of those that take no place or are drawn as nothing (Unicode's
/// `Default_Ignorable_Code_Point`, UAX #44, the Hangul fillers among them), nor the empty pattern of Braille.
fn is_visible(c: char) -> bool {
    let is_ignorable = matches!(
        c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    );
    !c.is_whitespace() && !is_ignorable && c != '\u{2800}'
}

/// What somebody is told whose address of a web service is none.
pub const NO_ADDRESS: &str = "This is no address of the web, such as https://example.com/hook.";

/// Whether nothing of a text can be seen.
pub fn is_blank(text: &str) -> bool {
    !text.chars().any(is_visible)
}

/// What ends a line: also Unicode's separators of lines and of paragraphs, which some programs paste.
fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// The directional embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX #9).
fn is_override(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A text of elsewhere as it can stand in a line: without what ends one, control characters and those that turn its direction.
pub fn in_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !is_line_end(*c) && !is_override(*c)).collect()
}

/// A required single line of at most `max` characters as typed, without the space at its ends.
pub fn line(value: &str, what: &str, max: usize) -> Result<String, String> {
    let tidy = value.trim();
    if tidy.is_empty() {
        return Err(format!("Enter {what}."));
    }
    if is_blank(tidy) {
        return Err(format!("Nothing of this can be seen. Enter {what}."));
    }
    if tidy.contains(is_line_end) || has_control(tidy) {
        return Err("Use plain text on one line, without control characters.".into());
    }
    at_most(value, max)?;
    Ok(tidy.to_owned())
}

/// An optional text of at most `max` characters as typed, a line break being one; line breaks are kept.
pub fn block(value: &str, max: usize) -> Result<String, String> {
    let value = value.replace("\r\n", "\n");
    if has_control(&value) {
        return Err("Use plain text, without control characters.".into());
    }
    at_most(&value, max)?;
    Ok(value.trim().to_owned())
}

/// As `block`, but nothing typed means nothing stored.
pub fn optional(value: &str, max: usize) -> Result<Option<String>, String> {
    block(value, max).map(|text| (!text.is_empty()).then_some(text))
}

/// What is counted is what was sent, as the browser counts in a field and as the API's specification says.
fn at_most(value: &str, max: usize) -> Result<(), String> {
    let length = value.chars().count();
    if length > max {
        return Err(format!("This is {length} characters long; the limit is {max}."));
    }
    Ok(())
}

/// A name for use in an address: lower-case letters, digits and single hyphens, 2 to `max` characters.
pub fn slug(value: &str, max: usize) -> Result<String, String> {
    let value = value.trim();
    let shaped = value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !value.starts_with('-')
        && !value.ends_with('-')
        && !value.contains("--");
    if !shaped || value.len() < 2 || value.len() > max {
        return Err(format!("Use 2 to {max} lower-case letters, digits and single hyphens, such as acme-labs."));
    }
    if value == "new" {
        return Err("This word is reserved. Please choose another.".into());
    }
    Ok(value.to_owned())
}

/// Latin letters that ASCII does not have, by what is written in their stead.
const FOLDED: [(&str, &str); 24] = [
    ("a", "àáâãåāăąǎǟǡǻȁȃạảấầẩẫậắằẳẵặ"),
    ("ae", "äæ"),
    ("c", "çćĉċč"),
    ("d", "ðďđ"),
    ("e", "èéêëēĕėęěȅȇẹẻẽếềểễệ"),
    ("g", "ĝğġģǧǵ"),
    ("h", "ĥħȟ"),
    ("i", "ìíîïĩīĭįıǐȉȋỉị"),
    ("j", "ĵǰ"),
    ("k", "ķǩ"),
    ("l", "ĺļľł"),
    ("n", "ñńņňŋǹ"),
    ("o", "òóôõøōŏőơǒǫǭȍȏọỏốồổỗộớờởỡợ"),
    ("oe", "öœ"),
    ("r", "ŕŗřȑȓ"),
    ("s", "śŝşšș"),
    ("ss", "ß"),
    ("t", "ţťŧț"),
    ("th", "þ"),
    ("u", "ùúûũūŭůűųưǔǖǘǚǜȕȗụủứừửữự"),
    ("ue", "ü"),
    ("w", "ŵ"),
    ("y", "ýÿŷỳỵỷỹ"),
    ("z", "źżž"),
];

/// What ASCII has for a letter in lower case: itself, or what is written in its stead; nothing for other scripts and signs.
fn folded(c: char) -> Option<String> {
    match c.is_ascii_alphanumeric() {
        true => Some(c.to_string()),
        false => FOLDED.iter().find(|(_, letters)| letters.contains(c)).map(|(ascii, _)| (*ascii).to_owned()),
    }
}

/// Marks that follow the letter that they belong to, as in names that were typed on some systems.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}')
}

/// The address form of a name, as a suggestion: `Acme Labs!` gives `acme-labs`, `Nörd & Söhne` gives `noerd-soehne`.
pub fn slugify(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars().filter(|c| !is_mark(*c)) {
        match folded(c) {
            Some(ascii) => slug.push_str(&ascii),
            None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
    }
    slug.truncate(48);
    slug.trim_end_matches('-').to_owned()
}

/// The same, or this word for a name of which nothing remains; to be counted on until it is free.
pub fn suggested(name: &str, otherwise: &str) -> String {
    let slug = slugify(name);
    if slug.len() < 2 { otherwise.to_owned() } else { slug }
}

/// Numbers that are tried behind an address that was made from a name.
pub const FREE_TRIES: usize = 100;

/// An address for the first try, and with a number behind it for the further ones, of at most `max` characters.
pub fn numbered(slug: &str, number: usize, max: usize) -> String {
    if number == 1 {
        return slug.to_owned();
    }
    let ending = format!("-{number}");
    let room: String = slug.chars().take(max - ending.len()).collect();
    format!("{}{ending}", room.trim_end_matches('-'))
}

/// The text with each byte that is not `kept` written as `%XX` (RFC 3986, section 2).
pub fn percent_encoded(text: &str, kept: impl Fn(u8) -> bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if kept(byte) { encoded.push(char::from(byte)) } else { encoded.push_str(&format!("%{byte:02X}")) }
    }
    encoded
}

/// The text as the value of a parameter in an address.
pub fn query_value(text: &str) -> String {
    percent_encoded(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~'))
}

/// A whole number with its digits in threes: `1,204`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "-".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An e-mail address in the form it is stored and compared in: trimmed and lower-case.
pub fn email(value: &str) -> Result<String, String> {
    let length = value.chars().count();
    let value = value.trim().to_lowercase();
    let shaped = value.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !domain.starts_with('.') && !domain.ends_with('.')
    });
    // No mail ever reaches this domain (RFC 2606); deleted accounts have their address there.
    let nowhere = value.ends_with(".invalid");
    if !shaped || nowhere || value.chars().any(|c| c.is_whitespace() || c.is_control()) || length.max(value.len()) > 254 {
        return Err("Enter an e-mail address, such as name@example.com.".into());
    }
    Ok(value)
}

/// Tags from a comma-separated line: trimmed, without repetition, at most `TAGS_MAX` of `TAG_MAX` characters each.
pub fn tags(value: &str) -> Result<Vec<String>, String> {
    let too_many = || format!("These are too many tags; the limit is {TAGS_MAX}.");
    if value.len() > TAGS_READ {
        return Err(too_many());
    }
    let (mut tags, mut known) = (Vec::new(), HashSet::new());
    for tag in value.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        let tag = line(tag, "a tag", TAG_MAX).map_err(|message| if is_blank(tag) { message } else { format!("{tag}: {message}") })?;
        if known.insert(tag.to_lowercase()) {
            tags.push(tag);
        }
        if tags.len() > TAGS_MAX {
            return Err(too_many());
        }
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_trimmed_and_bounded() {
        assert_eq!(line("  Mobile App ", "a title", 20), Ok("Mobile App".into()));
        assert!(line("   ", "a title", 20).is_err());
        assert!(line("a\0b", "a title", 20).is_err());
        assert!(line("\u{200B}\u{2060}", "a title", 20).is_err());
        assert!(line("abc\u{202E}def", "a title", 20).is_err());
        for long in ["x".repeat(21), format!("\t{}", "x".repeat(20)), format!("{} ", "x".repeat(20))] {
            assert!(line(&long, "a title", 20).is_err() && block(&long, 20).is_err(), "{long:?}");
        }
        assert_eq!(block(&format!("{}\r\n", "x".repeat(19)), 20), Ok("x".repeat(19)));
        assert_eq!(line("🚀 שלום", "a title", 20), Ok("🚀 שלום".into()));
    }

    #[test]
    fn what_shows_nothing_is_no_title() {
        for blank in
            ["\u{3164}", "\u{115F}\u{1160}", "\u{FFA0}", "\u{2800}\u{2800}", "\u{200B}\u{200D}\u{FEFF}", "\u{180E} \u{FE0F}", "\u{E0020}"]
        {
            assert_eq!(line(blank, "a title", 20), Err("Nothing of this can be seen. Enter a title.".into()), "{blank:?}");
        }
        // Among what shows they have their uses: a filler in Korean, a joiner and a selector in emoji.
        for kept in ["\u{1100}\u{1160}", "👩\u{200D}💻", "❤\u{FE0F}", "می\u{200C}خواهم"] {
            assert_eq!(line(kept, "a title", 20), Ok(kept.into()));
        }
        for broken in ["a\u{2028}b", "a\u{2029}b", "a\nb", "a\rb", "a\u{85}b"] {
            assert!(line(broken, "a title", 20).is_err(), "{broken:?}");
        }
        assert_eq!(line("Mobile App\u{2028}", "a title", 20), Ok("Mobile App".into()), "as a line break at the end is left out");
        assert_eq!(in_line("my\u{2028}\r\nfile\u{202E}.csv"), "myfile.csv");
    }

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!([0, 999, 1_204, 100_000, -1_234_567].map(grouped), ["0", "999", "1,204", "100,000", "-1,234,567"]);
    }

    #[test]
    fn emails_are_compared_without_case() {
        assert_eq!(email(" Ada@Example.COM "), Ok("ada@example.com".into()));
        for wrong in ["", "ada", "@x", "ada@", "a b@x.y", "a@b@c", "a@.x", "a@deleted.invalid"] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn letters_with_marks_become_their_nearest() {
        for (name, slug) in [
            ("Nörd & Söhne", "noerd-soehne"),
            ("Straße", "strasse"),
            ("Café Médiéval", "cafe-medieval"),
            ("e\u{301}te\u{301}", "ete"),
            ("Łódź Smørrebrød", "lodz-smorrebrod"),
            ("Çağrı İstanbul", "cagri-istanbul"),
            ("Đặng Việt", "dang-viet"),
            ("Acme 日本 Labs", "acme-labs"),
            ("日本", ""),
        ] {
            assert_eq!(slugify(name), slug);
        }
        assert_eq!((suggested("日本", "team"), suggested("Mobile", "team")), ("team".into(), "mobile".into()));
        assert_eq!((numbered("team", 1, 48), numbered(&"x".repeat(48), 12, 48).len()), ("team".into(), 48));
    }

    #[test]
    fn tags_are_unique_without_case() {
        assert_eq!(tags("mobile, Mobile, , ios"), Ok(vec!["mobile".into(), "ios".into()]));
        assert!(tags(&"t,".repeat(3)).is_ok());
        assert!(tags(&(0..21).map(|i| format!("t{i},")).collect::<String>()).is_err());
    }

    /// As many as fit into a form: compared each with each, they would keep a core busy for minutes.
    #[test]
    fn a_form_full_of_tags_is_refused_at_once() {
        let full = |separator: &str| (0..60_000).map(|i| format!("İtag-{i}{separator}")).collect::<String>();
        let start = std::time::Instant::now();
        assert!(tags(&full(",")).is_err() && tags(&full(" ")).is_err());
        assert!(tags(&"t,".repeat(5_000)).is_ok_and(|tags| tags.len() == 1));
        assert!(start.elapsed().as_secs() < 2);
    }

    proptest! {
        #[test]
        fn every_suggested_slug_is_valid_or_too_short(name in ".{0,80}") {
            let suggestion = suggested(&name, "organisation");
            prop_assert!(suggestion == "new" || slug(&suggestion, 48).is_ok(), "{suggestion}");
        }
    }
}
