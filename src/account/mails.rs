//! What is mailed to people about their accounts.

use crate::kernel::text::NAME_MAX;
use crate::server::mail::Message;

fn message(to: &str, subject: &str, paragraphs: &[&str], button: Option<(&str, String)>) -> Message {
    Message {
        to: to.to_owned(),
        subject: subject.to_owned(),
        paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
        button: button.map(|(label, address)| (label.to_owned(), address)),
    }
}

/// Asks whoever signed up whether the address is theirs.
pub fn verify(to: &str, name: &str, server: &str, token: &str) -> Message {
    let hello = format!("Hello {},", name.chars().take(NAME_MAX).collect::<String>());
    let lines = ["please confirm that this is your e-mail address. The link works for three days.", NOT_YOU];
    message(
        to,
        "Confirm your e-mail address",
        &[hello.as_str(), lines[0], lines[1]],
        Some(("Confirm address", format!("{server}/verify/{token}"))),
    )
}

/// Asks at a new address whether it is the person's own.
pub fn change(to: &str, server: &str, token: &str) -> Message {
    let lines = [
        "You asked for this to be the e-mail address of your account. It will be, once you confirm it. The link works for a day.",
        NOT_YOU,
    ];
    message(to, "Confirm your new e-mail address", &lines, Some(("Confirm new address", format!("{server}/verify/{token}"))))
}

/// Tells the old address what is asked, while it can still be stopped.
pub fn change_notice(to: &str, new: &str, server: &str) -> Message {
    let asked = format!("Somebody who knows your password asked to change the e-mail address of your account to {new}.");
    let stop =
        "If that was you, there is nothing to do here. If it was not, set another password now: then the change cannot be confirmed.";
    message(
        to,
        "Your e-mail address is about to change",
        &[asked.as_str(), stop],
        Some(("Set another password", format!("{server}/forgot"))),
    )
}

/// Brings the link to a new password.
pub fn reset(to: &str, server: &str, token: &str) -> Message {
    let lines = ["Somebody asked to set a new password for your account. The link works once, for an hour.", NOT_YOU];
    message(to, "Set a new password", &lines, Some(("Set a new password", format!("{server}/reset/{token}"))))
}

/// Tells that the password was changed.
pub fn password_changed(to: &str, server: &str) -> Message {
    let lines =
        ["The password of your account was changed, and all other sessions were ended.", "If that was not you, set another password now."];
    message(to, "Your password was changed", &lines, Some(("Set another password", format!("{server}/forgot"))))
}

const NOT_YOU: &str = "If that was not you, you can ignore this mail: nothing happens without the link.";
