//! Who may do what: the one table that screens, server functions and documentation share.

use serde::{Deserialize, Serialize};

/// A member's role in an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"Role\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Role {
    Admin,
    ProductManager,
    Developer,
    Designer,
    Stakeholder,
}

impl Role {
    pub const ALL: [Role; 5] = [Role::Admin, Role::ProductManager, Role::Developer, Role::Designer, Role::Stakeholder];

    /// The role's name in the database and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Role::Admin => "ADMIN",
            Role::ProductManager => "PRODUCT_MANAGER",
            Role::Developer => "DEVELOPER",
            Role::Designer => "DESIGNER",
            Role::Stakeholder => "STAKEHOLDER",
        }
    }

    /// The role's name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Role::Admin => "Administrator",
            Role::ProductManager => "Product manager",
            Role::Developer => "Developer",
            Role::Designer => "Designer",
            Role::Stakeholder => "Stakeholder",
        }
    }

    /// Whether this role has the permission.
    pub fn can(self, perm: Perm) -> bool {
        perm.roles().contains(&self)
    }
}

/// Something that a role may or may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Perm {
    /// Read every product of the organisation.
    Read,
    /// Organisation, members, invitations, teams, webhooks, tokens, audit log.
    OrgManage,
    /// Create, edit, move through the lifecycle, delete, restore and export products.
    ProductWrite,
    /// Create ideas and edit one's own.
    IdeaWrite,
    /// Vote on ideas, and comment on ideas, features and tasks.
    IdeaDiscuss,
    /// Score, review, approve, reject and convert ideas, and edit anybody's.
    IdeaReview,
    /// Define epics, releases, OKRs, KPIs and experiments.
    PlanWrite,
    /// Write features.
    FeatureWrite,
    /// Tasks, check-ins, data points, results, checklist ticks and documents.
    WorkWrite,
    /// Approve and publish documents, triage feedback.
    Publish,
    /// Submit feedback.
    FeedbackSubmit,
}

/// How much of what its owner may do a token may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "ssr", derive(sqlx::Type, utoipa::ToSchema), sqlx(type_name = "\"TokenScope\"", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum TokenScope {
    #[default]
    Read,
    /// All but running the organisation.
    Write,
    Admin,
}

crate::words!(TokenScope {
    Read: "READ", "Read";
    Write: "WRITE", "Read and write";
    Admin: "ADMIN", "Read, write and administer";
});

impl TokenScope {
    /// Whether a token of this scope may make use of a permission that its owner has.
    pub fn allows(self, perm: Perm) -> bool {
        match self {
            TokenScope::Read => perm == Perm::Read,
            TokenScope::Write => perm != Perm::OrgManage,
            TokenScope::Admin => true,
        }
    }

    /// The least scope that allows it.
    pub fn needed_for(perm: Perm) -> TokenScope {
        TokenScope::ALL.into_iter().find(|scope| scope.allows(perm)).unwrap_or(TokenScope::Admin)
    }
}

const EVERYONE: &[Role] = &[Role::Admin, Role::ProductManager, Role::Developer, Role::Designer, Role::Stakeholder];
const MAKERS: &[Role] = &[Role::Admin, Role::ProductManager, Role::Developer, Role::Designer];
const BUILDERS: &[Role] = &[Role::Admin, Role::ProductManager, Role::Developer];
const MANAGERS: &[Role] = &[Role::Admin, Role::ProductManager];
const ADMINS: &[Role] = &[Role::Admin];

impl Perm {
    pub const ALL: [Perm; 11] = [
        Perm::Read,
        Perm::OrgManage,
        Perm::ProductWrite,
        Perm::IdeaWrite,
        Perm::IdeaDiscuss,
        Perm::IdeaReview,
        Perm::PlanWrite,
        Perm::FeatureWrite,
        Perm::WorkWrite,
        Perm::Publish,
        Perm::FeedbackSubmit,
    ];

    /// What it allows, in words that go on from "may".
    pub fn label(self) -> &'static str {
        match self {
            Perm::Read => "read all products of the organisation",
            Perm::OrgManage => "manage the organisation, its members, invitations, teams, webhooks, tokens and audit log",
            Perm::ProductWrite => "create, edit, move, delete, restore and export products",
            Perm::IdeaWrite => "create ideas and edit their own",
            Perm::IdeaDiscuss => "vote and comment on ideas, comment on features and tasks",
            Perm::IdeaReview => "score, review, approve, reject and convert ideas, and edit anybody's",
            Perm::PlanWrite => "define epics, releases, OKRs, KPIs and experiments",
            Perm::FeatureWrite => "write features",
            Perm::WorkWrite => "write tasks and documents, check in key results, enter data points and results, tick checklists",
            Perm::Publish => "approve and publish documents, triage feedback",
            Perm::FeedbackSubmit => "submit feedback",
        }
    }

    /// The roles that have this permission.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Perm::Read | Perm::IdeaDiscuss | Perm::FeedbackSubmit => EVERYONE,
            Perm::IdeaWrite | Perm::WorkWrite => MAKERS,
            Perm::FeatureWrite => BUILDERS,
            Perm::ProductWrite | Perm::IdeaReview | Perm::PlanWrite | Perm::Publish => MANAGERS,
            Perm::OrgManage => ADMINS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_a_scope_may_do_so_much() {
        let of = |scope: TokenScope| Perm::ALL.into_iter().filter(|perm| scope.allows(*perm)).count();
        assert_eq!((of(TokenScope::Read), of(TokenScope::Write), of(TokenScope::Admin)), (1, Perm::ALL.len() - 1, Perm::ALL.len()));
        assert_eq!(TokenScope::needed_for(Perm::Read), TokenScope::Read);
        assert_eq!(TokenScope::needed_for(Perm::IdeaDiscuss), TokenScope::Write);
        assert_eq!(TokenScope::needed_for(Perm::OrgManage), TokenScope::Admin);
    }
}
