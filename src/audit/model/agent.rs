//! A browser in short words.

/// Names of programs by what stands in their user agent. The first that fits is it: most claim to be those that follow.
const PROGRAMS: [(&str, &str); 12] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("HeadlessChrome", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python", "Python"),
    ("node", "Node"),
];

const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

/// The browser and the system of a user agent, such as `Firefox on Linux`; its first word if neither is known.
pub fn browser(agent: &str) -> Option<String> {
    let of = |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (of(&PROGRAMS), of(&SYSTEMS)) {
        (Some(program), Some(system)) => Some(format!("{program} on {system}")),
        (Some(name), None) | (None, Some(name)) => Some(name.to_owned()),
        (None, None) => agent.split(['/', ' ']).next().filter(|word| !word.is_empty()).map(|word| word.chars().take(40).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_told_apart() {
        let said = |agent: &str| browser(agent).unwrap_or_default();
        assert_eq!(said("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"), "Firefox on Linux");
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
        assert_eq!(said(chrome), "Chrome on Windows");
        assert_eq!(said(&format!("{chrome} Edg/142.0")), "Edge on Windows");
        let iphone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/604.1";
        assert_eq!(said(iphone), "Safari on iPhone");
        assert_eq!(said("curl/8.5.0"), "curl");
        assert_eq!(said("SomethingElse/1.0 (x)"), "SomethingElse");
        assert_eq!(browser(""), None);
    }
}
