//! Passwords, links in mails and sessions.

use serde::{Deserialize, Serialize};

use super::password;
use crate::kernel::error::{AppError, Checks};
use crate::kernel::text;

/// What stands on `/account/security`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Security {
    pub email: String,
    /// The address that takes its place once the link that was sent there is followed.
    pub pending_email: Option<String>,
    /// Whether the person has a password at all; who signs in by an identity provider need not have one.
    pub has_password: bool,
    /// The time zone that the times are in.
    pub zone: String,
    pub sessions: Vec<SessionEntry>,
}

/// A place where the person is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename_all = "camelCase"))]
pub struct SessionEntry {
    pub id: String,
    /// Browser and system in words.
    #[cfg_attr(feature = "ssr", sqlx(rename = "userAgent"))]
    pub device: String,
    pub ip_address: String,
    /// As written on the page.
    pub last_used: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// What stands on `/account/delete`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    pub has_password: bool,
    /// Names of the organisations that have members and no other administrator.
    pub needed_by: Vec<String>,
}

/// What a link in a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkKind {
    /// Shows that an e-mail address is the person's own.
    Confirm,
    /// Sets a new password.
    Reset,
}

/// What has become of a link in a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkState {
    Valid {
        /// The address that it was sent to.
        email: String,
    },
    /// It was used, or made void by what happened since.
    Used,
    Expired,
    /// There never was such a link, or it is long ago.
    Unknown,
}

/// What is filled in to have a password reset.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ForgotForm {
    pub email: String,
}

impl ForgotForm {
    /// The address in stored shape, or what is wrong with it.
    pub fn validate(self) -> Result<String, AppError> {
        text::email(&self.email).map_err(|message| AppError::field("email", message))
    }
}

/// What is filled in to set another password. Every field's name holds the word, so that none is ever given back.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    /// Not asked for by a link in a mail, which proves as much.
    pub current_password: String,
    pub new_password: String,
}

impl PasswordForm {
    /// The new password of the person with this address, or what is wrong with it.
    pub fn validate(&self, email: &str) -> Result<String, AppError> {
        password(&self.new_password, email).map_err(|message| AppError::field("new_password", message))
    }

    /// The current password, to be checked, and the new one that takes its place; or what is wrong with either.
    pub fn validate_change(self, email: &str) -> Result<(String, String), AppError> {
        let mut checks = Checks::default();
        let new = password(&self.new_password, email).and_then(|new| match new == self.current_password {
            true => Err("This is your current password. Choose another one.".to_owned()),
            false => Ok(new),
        });
        let passwords = (checks.take("current_password", entered(self.current_password)), checks.take("new_password", new));
        checks.finish(passwords)
    }
}

/// The password that somebody has, if it was filled in at all.
fn entered(password: String) -> Result<String, String> {
    if password.is_empty() { Err("Enter your current password.".to_owned()) } else { Ok(password) }
}

/// What is filled in to change the e-mail address.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EmailForm {
    pub email: String,
    pub email_password: String,
}

impl EmailForm {
    /// The form with the address in stored shape, or what is wrong with it.
    pub fn validate(self, current: &str) -> Result<EmailForm, AppError> {
        let mut checks = Checks::default();
        let email = text::email(&self.email).and_then(|email| match email == current {
            true => Err("This is your address already.".to_owned()),
            false => Ok(email),
        });
        let form =
            EmailForm { email: checks.take("email", email), email_password: checks.take("email_password", entered(self.email_password)) };
        checks.finish(form)
    }
}

/// What is filled in to delete the account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DeleteForm {
    pub current_password: String,
}

impl DeleteForm {
    /// The current password, to be checked, or what is wrong with it.
    pub fn validate(self) -> Result<String, AppError> {
        entered(self.current_password).map_err(|message| AppError::field("current_password", message))
    }
}

#[cfg(test)]
mod rules {
    use super::*;

    const EMAIL: &str = "ada@example.com";

    #[test]
    fn both_passwords_are_told_of_at_once() {
        let form = |current: &str, new: &str| PasswordForm { current_password: current.into(), new_password: new.into() };
        let error = form("", "short").validate_change(EMAIL).unwrap_err();
        assert!(error.of_field("current_password").is_some() && error.of_field("new_password").is_some(), "{error:?}");
        let same = form("a long enough password", "a long enough password").validate_change(EMAIL).unwrap_err();
        assert!(same.of_field("new_password").unwrap().contains("another one") && same.of_field("current_password").is_none());
        let passwords = form("my password", "a long enough password").validate_change(EMAIL).unwrap();
        assert_eq!(passwords, ("my password".into(), "a long enough password".into()));
    }

    #[test]
    fn what_takes_the_password_says_so_at_once() {
        let error = EmailForm { email: "x".into(), ..Default::default() }.validate(EMAIL).unwrap_err();
        assert!(error.of_field("email").is_some() && error.of_field("email_password").is_some(), "{error:?}");
        assert!(DeleteForm::default().validate().unwrap_err().of_field("current_password").is_some());
    }
}
