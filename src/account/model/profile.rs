//! What a person tells of themselves.

use serde::{Deserialize, Serialize};

use super::User;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::text::{self, NAME_MAX};
use crate::kernel::version::{Edited, Shown, shown};

/// Characters that the lines about oneself have at most.
pub const BIO_MAX: usize = 2000;
/// The languages that there are: code and name.
pub const LOCALES: [(&str, &str); 1] = [("en", "English")];

/// What stands on `/account`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub user: User,
    /// Whether the person has shown that the e-mail address is theirs.
    pub verified: bool,
    pub title: String,
    pub bio: String,
    /// Name of a time zone in the IANA database; empty for none.
    pub timezone: String,
    pub locale: String,
    /// The time zones to choose from.
    pub zones: Vec<String>,
    /// Whether single keys are shortcuts.
    pub shortcuts: bool,
}

/// What is filled in on `/account`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileForm {
    pub name: String,
    pub title: String,
    pub bio: String,
    pub timezone: String,
    pub locale: String,
}

/// A profile's fields, checked but for the time zone, which only the database knows.
#[derive(Debug, Clone, Default)]
pub struct ProfileFields {
    pub name: String,
    pub title: Option<String>,
    pub bio: Option<String>,
    pub timezone: Option<String>,
    pub locale: String,
}

impl From<&Profile> for ProfileFields {
    fn from(profile: &Profile) -> Self {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        ProfileFields {
            name: profile.user.name.clone().unwrap_or_default(),
            title: given(&profile.title),
            bio: given(&profile.bio),
            timezone: given(&profile.timezone),
            locale: profile.locale.clone(),
        }
    }
}

impl Edited for ProfileFields {
    fn shown(&self) -> Vec<Shown> {
        let optional = |field, label, value: &Option<String>| shown(field, label, value.as_deref().unwrap_or_default());
        vec![
            shown("name", "Your name", self.name.as_str()),
            optional("title", "Title", &self.title),
            optional("bio", "About you", &self.bio),
            optional("timezone", "Time zone", &self.timezone),
            shown("locale", "Language", self.locale.as_str()),
        ]
    }
}

impl ProfileForm {
    /// The fields in stored shape, or what is wrong with the form.
    pub fn validate(self) -> Result<ProfileFields, AppError> {
        let mut checks = Checks::default();
        let locale = LOCALES.iter().find(|(code, _)| *code == self.locale).map(|(code, _)| (*code).to_owned());
        let fields = ProfileFields {
            name: checks.take("name", text::line(&self.name, "your name", NAME_MAX)),
            title: checks.take("title", title(&self.title)),
            bio: checks.take("bio", text::optional(&self.bio, BIO_MAX)),
            timezone: checks.take("timezone", text::optional(&self.timezone, 64)),
            locale: checks.take("locale", locale.ok_or_else(|| "Choose one of the languages.".to_owned())),
        };
        checks.finish(fields)
    }
}

fn title(title: &str) -> Result<Option<String>, String> {
    if title.trim().is_empty() { Ok(None) } else { text::line(title, "a title", NAME_MAX).map(Some) }
}

#[cfg(test)]
mod rules {
    use super::*;

    #[test]
    fn a_profile_needs_a_name_and_a_known_language_alone() {
        let form = ProfileForm { name: " Ada ".into(), locale: "en".into(), ..Default::default() };
        let fields = form.clone().validate().unwrap();
        assert_eq!((fields.name.as_str(), fields.title, fields.bio, fields.timezone), ("Ada", None, None, None));
        let wrong = ProfileForm { name: "".into(), title: "a\nb".into(), bio: "x".repeat(BIO_MAX + 1), locale: "tlh".into(), ..form };
        let error = wrong.validate().unwrap_err();
        for field in ["name", "title", "bio", "locale"] {
            assert!(error.of_field(field).is_some(), "{field}");
        }
    }
}
