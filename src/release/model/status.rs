//! How far a release is.

use serde::{Deserialize, Serialize};

use crate::kernel::error::AppError;

/// A step on the way out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(
    feature = "ssr",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "\"ReleaseStatus\"", rename_all = "SCREAMING_SNAKE_CASE")
)]
pub enum ReleaseStatus {
    #[default]
    Planning,
    InProgress,
    Testing,
    Ready,
    Released,
    Cancelled,
}

crate::words!(ReleaseStatus {
    Planning: "PLANNING", "Planning";
    InProgress: "IN_PROGRESS", "In progress";
    Testing: "TESTING", "Testing";
    Ready: "READY", "Ready";
    Released: "RELEASED", "Released";
    Cancelled: "CANCELLED", "Cancelled";
});

impl ReleaseStatus {
    /// What may follow: the next step, one step back, or the end. What is out stays out.
    pub fn moves(self) -> &'static [ReleaseStatus] {
        use ReleaseStatus::{Cancelled, InProgress, Planning, Ready, Released, Testing};
        match self {
            Planning => &[InProgress, Cancelled],
            InProgress => &[Testing, Planning, Cancelled],
            Testing => &[Ready, InProgress, Cancelled],
            Ready => &[Released, Testing, Cancelled],
            Released => &[],
            Cancelled => &[Planning],
        }
    }

    /// Whether a release may go from here to there, or stay; as a `Conflict` if not.
    pub fn may_become(self, to: ReleaseStatus) -> Result<(), AppError> {
        if self == to || self.moves().contains(&to) {
            return Ok(());
        }
        Err(AppError::Conflict(format!("A release that is “{}” cannot become “{}”.", self.label(), to.label())))
    }

    /// Whether the work on it goes on.
    pub fn is_open(self) -> bool {
        !matches!(self, ReleaseStatus::Released | ReleaseStatus::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_leads_on_or_one_back() {
        let way = &ReleaseStatus::ALL[..5];
        for (at, status) in way.iter().enumerate() {
            let out = *status == ReleaseStatus::Released;
            for (to_at, to) in way.iter().enumerate() {
                assert_eq!(status.moves().contains(to), !out && (to_at == at + 1 || to_at + 1 == at), "{status:?} {to:?}");
            }
            assert_eq!(status.moves().contains(&ReleaseStatus::Cancelled), !out);
        }
        assert_eq!(ReleaseStatus::Cancelled.moves(), [ReleaseStatus::Planning]);
    }
}
