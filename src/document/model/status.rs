//! Where a document stands, and the ways between.

use serde::{Deserialize, Serialize};

use crate::kernel::error::{AppError, Checks};
use crate::kernel::named::chosen;
use crate::kernel::role::{Perm, Role};
use crate::kernel::text;

/// The longest reason, in characters.
pub const REASON_MAX: usize = 5_000;

/// Where a document stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "\"DocumentStatus\"", rename_all = "SCREAMING_SNAKE_CASE")
)]
pub enum DocumentStatus {
    #[default]
    Draft,
    Review,
    Approved,
    Published,
    Archived,
}

crate::words!(DocumentStatus {
    Draft: "DRAFT", "Draft";
    Review: "REVIEW", "In review";
    Approved: "APPROVED", "Approved";
    Published: "PUBLISHED", "Published";
    Archived: "ARCHIVED", "Archived";
});

impl DocumentStatus {
    /// The statuses that may follow; for what is published it matters whether the text is newer than what was. A text that nobody
    /// has approved may be published too, and says so.
    pub fn next(self, newer: bool) -> &'static [DocumentStatus] {
        use DocumentStatus::{Approved, Archived, Draft, Published, Review};
        match self {
            Draft => &[Review, Published],
            Review => &[Approved, Published, Draft],
            Approved => &[Published, Draft],
            Published if newer => &[Review, Published, Archived, Draft],
            Published => &[Archived, Draft],
            Archived => &[Draft],
        }
    }

    /// Whether a document may go from here to there; as a `Conflict` if not, since somebody else has moved it meanwhile.
    pub fn may_become(self, newer: bool, to: DocumentStatus) -> Result<(), AppError> {
        if self.next(newer).contains(&to) {
            return Ok(());
        }
        Err(AppError::Conflict(format!("This document is “{}” now, and cannot become “{}” from there.", self.label(), to.label())))
    }

    /// Where a document stands once its text has changed. What was approved is not what it says now; what was published stays so,
    /// in the version that it was.
    pub fn once_edited(self) -> DocumentStatus {
        match self {
            DocumentStatus::Approved => DocumentStatus::Draft,
            other => other,
        }
    }

    /// Whether somebody of this role may change the text, or delete the document: what is approved is changed by those alone
    /// who may approve, and what is archived by nobody.
    pub fn changeable_by(self, role: Role) -> bool {
        match self {
            DocumentStatus::Draft | DocumentStatus::Review => role.can(Perm::WorkWrite),
            DocumentStatus::Approved | DocumentStatus::Published => role.can(Perm::Publish),
            DocumentStatus::Archived => false,
        }
    }

    /// Whether somebody of this role may delete it.
    pub fn deletable_by(self, role: Role) -> bool {
        self.changeable_by(role) || (self == DocumentStatus::Archived && role.can(Perm::Publish))
    }

    /// Why somebody may not change it, in words.
    pub fn why_not(self) -> &'static str {
        match self {
            DocumentStatus::Archived => "This document is archived. Bring it back as a draft to change it.",
            _ => "This document is approved. Those who may publish change it, or bring it back as a draft.",
        }
    }
}

/// What is filled in to ask for a review.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewForm {
    /// A person's id; nothing for whoever comes first.
    pub reviewer: String,
}

impl ReviewForm {
    /// Who is asked.
    pub fn chosen(&self) -> Option<String> {
        chosen(&self.reviewer)
    }
}

/// What is filled in to ask for changes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MoveForm {
    pub reason: String,
}

impl MoveForm {
    /// The reason, which has to be given.
    pub fn validate(self) -> Result<String, AppError> {
        let reason = text::block(&self.reason, REASON_MAX).and_then(|reason| match reason.is_empty() {
            true => Err("Say what has to change.".to_owned()),
            false => Ok(reason),
        });
        let mut checks = Checks::default();
        let reason = checks.take("reason", reason);
        checks.finish(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_reviewed_before_it_is_approved_and_published() {
        use DocumentStatus::{Approved, Archived, Draft, Published, Review};
        for [from, to] in [[Draft, Review], [Review, Approved], [Approved, Published], [Published, Archived], [Archived, Draft]] {
            assert!(from.may_become(false, to).is_ok(), "{from:?} {to:?}");
        }
        for [from, to] in [[Draft, Approved], [Archived, Published], [Archived, Review], [Draft, Draft]] {
            assert!(from.may_become(true, to).is_err(), "{from:?} {to:?}");
        }
        for status in DocumentStatus::ALL {
            assert_eq!(DocumentStatus::parse(status.word()), Some(status));
            assert!(!status.changeable_by(Role::Stakeholder) && !status.deletable_by(Role::Stakeholder));
        }
        assert!(Review.changeable_by(Role::Developer) && !Published.changeable_by(Role::Developer));
        assert!(
            Published.changeable_by(Role::ProductManager) && !Archived.changeable_by(Role::Admin) && Archived.deletable_by(Role::Admin)
        );
    }

    #[test]
    fn a_newer_text_is_reviewed_and_published_again() {
        use DocumentStatus::{Approved, Draft, Published, Review};
        for to in [Review, Published] {
            assert!(Published.may_become(true, to).is_ok() && Published.may_become(false, to).is_err(), "{to:?}");
        }
        assert_eq!((Approved.once_edited(), Published.once_edited(), Review.once_edited()), (Draft, Published, Review));
        assert!([Draft, Review].iter().all(|status| status.may_become(false, Published).is_ok()), "without a review");
    }

    #[test]
    fn changes_are_asked_for_with_a_reason() {
        assert!(MoveForm::default().validate().unwrap_err().of_field("reason").is_some());
        assert_eq!(MoveForm { reason: " More numbers ".into() }.validate(), Ok("More numbers".into()));
        assert_eq!((ReviewForm::default().chosen(), ReviewForm { reviewer: "u1".into() }.chosen()), (None, Some("u1".into())));
    }
}
