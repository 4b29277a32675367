//! What a person is, and the rules for becoming one.

pub mod profile;
pub mod security;

use serde::{Deserialize, Serialize};

use crate::kernel::error::{AppError, Checks};
use crate::kernel::text::{self, NAME_MAX};

/// Characters that a password has at least.
pub const PASSWORD_MIN: usize = 10;
/// Characters that a password has at most, so that nobody makes the server hash megabytes.
pub const PASSWORD_MAX: usize = 200;
/// How a person is shown who has deleted their account.
pub const FORMER_MEMBER: &str = "Former member";
/// The domain of the addresses that stand for a deleted one; no mail ever goes to it (RFC 2606).
pub const GONE_DOMAIN: &str = "@deleted.invalid";

/// A person as others may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct User {
    pub id: String,
    pub name: Option<String>,
    pub email: String,
    /// Path of the picture on this server.
    #[serde(default)]
    #[cfg_attr(feature = "ssr", sqlx(default))]
    pub image: Option<String>,
}

impl User {
    /// The name to show: the e-mail address stands in for a name that was not given.
    pub fn shown(&self) -> &str {
        let nameless = if self.email.ends_with(GONE_DOMAIN) { FORMER_MEMBER } else { &self.email };
        self.name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(nameless)
    }

    /// The picture to show: one of this server's own, whatever another client may have written there.
    pub fn picture(&self) -> Option<String> {
        own_picture(self.image.as_deref())
    }
}

/// The path of a picture, if it is one of this server's own.
pub fn own_picture(image: Option<&str>) -> Option<String> {
    image.filter(|image| image.starts_with("/images/")).map(str::to_owned)
}

/// Up to two letters that stand for a name where there is no room for it.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    words.next().into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// What a new person fills in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SignUpForm {
    pub name: String,
    pub email: String,
    pub password: String,
}

impl SignUpForm {
    /// The form with its texts in stored shape, or what is wrong with it.
    pub fn validate(self) -> Result<SignUpForm, AppError> {
        let mut checks = Checks::default();
        let email = checks.take("email", text::email(&self.email));
        let form = SignUpForm {
            name: checks.take("name", text::line(&self.name, "your name", NAME_MAX)),
            password: checks.take("password", password(&self.password, &email)),
            email,
        };
        checks.finish(form)
    }
}

/// The password if it follows the rules that need no list; the server also refuses common ones.
fn password(password: &str, email: &str) -> Result<String, String> {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Err(format!("Use at least {PASSWORD_MIN} characters; a few unrelated words make a good password."));
    }
    if length > PASSWORD_MAX {
        return Err(format!("Use at most {PASSWORD_MAX} characters."));
    }
    if !email.is_empty() && password.to_lowercase() == email {
        return Err("Use a password that is not your e-mail address.".into());
    }
    Ok(password.to_owned())
}

/// What a known person fills in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInForm {
    pub email: String,
    pub password: String,
    /// Where to go afterwards: a path of this site.
    pub next: String,
}

impl SignInForm {
    /// The form with its address in stored shape, or what is missing from it.
    pub fn validate(self) -> Result<SignInForm, AppError> {
        let mut checks = Checks::default();
        let form = SignInForm {
            email: checks.take("email", text::email(&self.email)),
            password: checks
                .take("password", if self.password.is_empty() { Err("Enter your password.".into()) } else { Ok(self.password) }),
            next: own_path(&self.next),
        };
        checks.finish(form)
    }
}

/// The path if it leads to a page of this site, else the start page: nobody is sent to another site after signing in.
/// What cannot stand in a header is percent-encoded.
pub fn own_path(next: &str) -> String {
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let plain = path.starts_with('/') && !path.contains("//") && !path.split('/').any(is_dots);
    let own = plain && !next.contains(['\\', '\n', '\r', '\t']);
    if own { text::percent_encoded(next, |byte| byte.is_ascii_graphic()) } else { "/".to_owned() }
}

/// Whether a browser takes the segment of a path out, and so may bring two slashes together that stood apart.
fn is_dots(segment: &str) -> bool {
    matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

/// How the pages look in this browser.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the operating system says.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// The word for it in the cookie and in the page's `data-theme`.
    pub fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Theme::System => "System",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        }
    }

    /// Reads what `word` wrote.
    pub fn parse(word: &str) -> Theme {
        Theme::ALL.into_iter().find(|theme| theme.word() == word).unwrap_or_default()
    }
}

#[cfg(test)]
mod rules {
    use super::*;

    #[test]
    fn a_new_person_is_told_everything_at_once() {
        let error = SignUpForm { name: " ".into(), email: "x".into(), password: "short".into() }.validate().unwrap_err();
        for field in ["name", "email", "password"] {
            assert!(error.of_field(field).is_some(), "{field}");
        }
    }

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(own_path("/orgs/demo?x=1"), "/orgs/demo?x=1");
        assert_eq!(own_path("/orgs/é"), "/orgs/%C3%A9");
        assert_eq!(own_path("/search?q=a//b/../c"), "/search?q=a//b/../c");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:alert(1)"] {
            assert_eq!(own_path(elsewhere), "/");
        }
        for roundabout in ["/.//evil.example", "/..//evil.example", "/a/../..//evil.example", "/%2E/evil.example", "/a/.%2e/b", "/a//b"] {
            assert_eq!(own_path(roundabout), "/", "{roundabout}");
        }
    }

    #[test]
    fn whoever_has_left_is_a_former_member() {
        let user = |name: Option<&str>, email: &str| User { id: "u".into(), name: name.map(Into::into), email: email.into(), image: None };
        assert_eq!(user(None, "x1@deleted.invalid").shown(), FORMER_MEMBER);
        assert_eq!(user(Some(" "), "ada@example.com").shown(), "ada@example.com");
        assert_eq!(user(Some("Ada"), "ada@example.com").shown(), "Ada");
        let elsewhere = User { image: Some("https://tracker.example/a.png".into()), ..user(None, "a@b") };
        assert_eq!(elsewhere.picture(), None);
    }

    #[test]
    fn initials_are_first_and_last() {
        assert_eq!(initials("Ada King Lovelace"), "AL");
        assert_eq!(initials("ada"), "A");
        assert_eq!(initials(" "), "");
    }
}
