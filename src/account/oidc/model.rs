//! Who is let in by an identity provider, and what is said to those who are not.

use serde::{Deserialize, Serialize};

use crate::kernel::error::AppError;

/// A provider that people can sign in by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub issuer: String,
    pub name: String,
}

/// A provider as one person sees it among their ways to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    pub issuer: String,
    pub name: String,
    /// Whether the person can sign in by it.
    pub linked: bool,
    /// Whether the server still knows it.
    pub offered: bool,
}

/// Every way there is for a person who has linked these issuers.
pub fn ways(offers: Vec<Offer>, linked: &[String]) -> Vec<Way> {
    let gone: Vec<_> = linked.iter().filter(|issuer| offers.iter().all(|offer| offer.issuer != **issuer)).cloned().collect();
    let known = offers.into_iter().map(|Offer { issuer, name }| Way { linked: linked.contains(&issuer), offered: true, issuer, name });
    known.chain(gone.into_iter().map(|issuer| Way { name: issuer.clone(), issuer, linked: true, offered: false })).collect()
}

/// Why somebody did not get in by a provider, or could not link it. In addresses it is one word of a closed list, so that
/// nobody can put words of their own on our pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    Unreachable,
    Expired,
    Declined,
    Untrusted,
    NoEmail,
    Unverified,
    LinkFirst,
    Taken,
    OtherEmail,
    SignedOut,
    Failed,
}

impl Problem {
    const ALL: [Problem; 11] = [
        Problem::Unreachable,
        Problem::Expired,
        Problem::Declined,
        Problem::Untrusted,
        Problem::NoEmail,
        Problem::Unverified,
        Problem::LinkFirst,
        Problem::Taken,
        Problem::OtherEmail,
        Problem::SignedOut,
        Problem::Failed,
    ];

    /// The word for it in an address.
    pub fn word(self) -> &'static str {
        match self {
            Problem::Unreachable => "oidc-unreachable",
            Problem::Expired => "oidc-expired",
            Problem::Declined => "oidc-declined",
            Problem::Untrusted => "oidc-untrusted",
            Problem::NoEmail => "oidc-no-email",
            Problem::Unverified => "oidc-unverified",
            Problem::LinkFirst => "oidc-link-first",
            Problem::Taken => "oidc-taken",
            Problem::OtherEmail => "oidc-other-email",
            Problem::SignedOut => "oidc-signed-out",
            Problem::Failed => "oidc-failed",
        }
    }

    /// Reads what `word` wrote.
    pub fn parse(word: &str) -> Option<Problem> {
        Problem::ALL.into_iter().find(|problem| problem.word() == word)
    }

    /// What the person is told.
    pub fn text(self) -> &'static str {
        match self {
            Problem::Unreachable => "The identity provider cannot be reached. Please try again in a while, or sign in with your password.",
            Problem::Expired => "That took too long, or it was begun in another browser. Please try again.",
            Problem::Declined => "The identity provider did not let you through. Nothing was changed here.",
            Problem::Untrusted => {
                "The identity provider's answer could not be trusted, so nobody was let in. If it happens again, tell your administrator."
            }
            Problem::NoEmail => "The identity provider did not tell us your e-mail address. Allow it to, then try again.",
            Problem::Unverified => "The identity provider has not verified your e-mail address. Verify it there, then try again.",
            Problem::LinkFirst => {
                "There is an account with your e-mail address already. Sign in with its password, then link the identity provider in your account."
            }
            Problem::Taken => "Somebody else's account is linked to this identity already.",
            Problem::OtherEmail => {
                "The identity provider knows you by another e-mail address than this account's. Both have to be the same."
            }
            Problem::SignedOut => "Your session ended meanwhile. Sign in, then link the identity provider again.",
            Problem::Failed => "Something went wrong on our side. Please try again.",
        }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Unauthorized => Problem::SignedOut,
            _ => Problem::Failed,
        }
    }
}

/// What is known when somebody comes back from a provider. Users are named by their ids.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// Whose account the provider's subject is linked to.
    pub subject_of: Option<&'a str>,
    /// Whether the provider told an e-mail address.
    pub has_email: bool,
    /// Whether the provider has verified that address.
    pub verified: bool,
    /// Whose account has that address.
    pub email_of: Option<&'a str>,
}

/// What becomes of somebody who wants to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// This user is signed in.
    Known(String),
    /// A user is created and signed in.
    New,
}

/// Who gets in. An account is never opened to whoever has its e-mail address at a provider: its owner links the provider first.
pub fn decide(facts: Facts<'_>) -> Result<Entry, Problem> {
    match facts {
        Facts { subject_of: Some(user), .. } => Ok(Entry::Known(user.to_owned())),
        Facts { has_email: false, .. } => Err(Problem::NoEmail),
        Facts { verified: false, .. } => Err(Problem::Unverified),
        Facts { email_of: Some(_), .. } => Err(Problem::LinkFirst),
        _ => Ok(Entry::New),
    }
}

/// Whether a signed-in person may link the subject.
pub fn decide_link(facts: Facts<'_>, signed_in_as: &str) -> Result<(), Problem> {
    match facts {
        Facts { subject_of: Some(user), .. } => {
            if user == signed_in_as {
                Ok(())
            } else {
                Err(Problem::Taken)
            }
        }
        Facts { has_email: false, .. } => Err(Problem::NoEmail),
        Facts { verified: false, .. } => Err(Problem::Unverified),
        Facts { email_of, .. } => {
            if email_of == Some(signed_in_as) {
                Ok(())
            } else {
                Err(Problem::OtherEmail)
            }
        }
    }
}

/// Whether a person still gets in after one link is gone. `others` counts their links to providers that the server still knows.
pub fn may_unlink(has_password: bool, others: usize) -> bool {
    has_password || others > 0
}

#[cfg(test)]
mod rules {
    use super::*;

    const NEW: Facts<'static> = Facts { subject_of: None, has_email: true, verified: true, email_of: None };

    #[test]
    fn a_known_subject_is_let_in_whatever_its_address() {
        for facts in [NEW, Facts { verified: false, ..NEW }, Facts { has_email: false, ..NEW }, Facts { email_of: Some("bob"), ..NEW }] {
            assert_eq!(decide(Facts { subject_of: Some("ada"), ..facts }), Ok(Entry::Known("ada".into())));
        }
    }

    #[test]
    fn an_unknown_subject_becomes_somebody_new_or_nobody() {
        assert_eq!(decide(NEW), Ok(Entry::New));
        assert_eq!(decide(Facts { email_of: Some("ada"), ..NEW }), Err(Problem::LinkFirst));
        assert_eq!(decide(Facts { verified: false, ..NEW }), Err(Problem::Unverified));
        assert_eq!(decide(Facts { verified: false, email_of: Some("ada"), ..NEW }), Err(Problem::Unverified));
        assert_eq!(decide(Facts { has_email: false, verified: false, ..NEW }), Err(Problem::NoEmail));
    }

    #[test]
    fn only_ones_own_verified_address_is_linked() {
        let own = Facts { email_of: Some("ada"), ..NEW };
        assert_eq!(decide_link(own, "ada"), Ok(()));
        assert_eq!(decide_link(own, "bob"), Err(Problem::OtherEmail));
        assert_eq!(decide_link(NEW, "ada"), Err(Problem::OtherEmail));
        assert_eq!(decide_link(Facts { verified: false, ..own }, "ada"), Err(Problem::Unverified));
        assert_eq!(decide_link(Facts { has_email: false, email_of: None, ..NEW }, "ada"), Err(Problem::NoEmail));
        assert_eq!(decide_link(Facts { subject_of: Some("bob"), ..own }, "ada"), Err(Problem::Taken));
        assert_eq!(decide_link(Facts { subject_of: Some("ada"), verified: false, ..NEW }, "ada"), Ok(()), "once more is no harm");
    }

    #[test]
    fn nobody_locks_themselves_out() {
        assert!(may_unlink(true, 0) && may_unlink(false, 1) && !may_unlink(false, 0));
    }

    #[test]
    fn problems_are_a_closed_list() {
        for problem in Problem::ALL {
            assert_eq!(Problem::parse(problem.word()), Some(problem));
        }
        assert_eq!(Problem::parse("<script>"), None);
    }

    #[test]
    fn a_provider_that_is_gone_can_still_be_unlinked() {
        let offer = |issuer: &str| Offer { issuer: issuer.into(), name: issuer.to_uppercase() };
        let ways = ways(vec![offer("a"), offer("b")], &["b".into(), "gone".into()]);
        let told: Vec<_> = ways.iter().map(|way| (way.name.as_str(), way.linked, way.offered)).collect();
        assert_eq!(told, [("A", false, true), ("B", true, true), ("gone", true, false)]);
    }
}
