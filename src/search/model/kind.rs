//! The kinds of things that can be found.

use serde::{Deserialize, Serialize};

use crate::kernel::role::Perm;

// A further one is a line in each of these, and one in the migration of the search.
/// A kind of thing that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Kind {
    Product,
    Idea,
    Epic,
    Feature,
    Task,
    Release,
    Document,
    /// An objective of the whole organisation.
    Objective,
    /// An objective of a product.
    Okr,
    KeyResult,
    Kpi,
    Experiment,
    Feedback,
    /// On an idea, a feature, a task or a document.
    Comment,
    /// A member.
    Person,
    Team,
    Webhook,
}

impl Kind {
    pub const ALL: [Kind; 17] = [
        Kind::Product,
        Kind::Idea,
        Kind::Epic,
        Kind::Feature,
        Kind::Task,
        Kind::Release,
        Kind::Document,
        Kind::Objective,
        Kind::Okr,
        Kind::KeyResult,
        Kind::Kpi,
        Kind::Experiment,
        Kind::Feedback,
        Kind::Comment,
        Kind::Person,
        Kind::Team,
        Kind::Webhook,
    ];

    /// Its name in the database and in addresses, its names on the screen for one and for several, and where its pages are
    /// below a product's or the organisation's.
    fn texts(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Kind::Product => ("Product", "Product", "Products", "products"),
            Kind::Idea => ("Idea", "Idea", "Ideas", "ideas"),
            Kind::Epic => ("Epic", "Epic", "Epics", "epics"),
            Kind::Feature => ("Feature", "Feature", "Features", "features"),
            Kind::Task => ("Task", "Task", "Tasks", "tasks"),
            Kind::Release => ("Release", "Release", "Releases", "releases"),
            Kind::Document => ("Document", "Document", "Documents", "documents"),
            Kind::Objective => ("Objective", "Objective", "Objectives", "okrs"),
            Kind::Okr => ("OKR", "OKR", "OKRs", "okrs"),
            Kind::KeyResult => ("KeyResult", "Key result", "Key results", "okrs"),
            Kind::Kpi => ("KPI", "KPI", "KPIs", "kpis"),
            Kind::Experiment => ("Experiment", "Experiment", "Experiments", "experiments"),
            Kind::Feedback => ("Feedback", "Feedback", "Feedback", "feedback"),
            Kind::Comment => ("Comment", "Comment", "Comments", "comments"),
            Kind::Person => ("Person", "Person", "People", "members"),
            Kind::Team => ("Team", "Team", "Teams", "teams"),
            Kind::Webhook => ("Webhook", "Webhook", "Webhooks", "webhooks"),
        }
    }

    /// Its name in the database and in addresses.
    pub fn word(self) -> &'static str {
        self.texts().0
    }

    /// Its name on the screen, for one of them.
    pub fn singular(self) -> &'static str {
        self.texts().1
    }

    /// Its name on the screen, for several of them.
    pub fn label(self) -> &'static str {
        self.texts().2
    }

    /// Where its pages are below a product's, or the organisation's.
    pub fn path(self) -> &'static str {
        self.texts().3
    }

    /// Reads what `word` wrote.
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether its items have numbers in their product, of which references such as `DEMO-123` are made.
    pub fn has_numbers(self) -> bool {
        use Kind::{Document, Epic, Experiment, Feature, Feedback, Idea, Kpi, Okr, Release, Task};
        matches!(self, Idea | Epic | Feature | Task | Release | Document | Okr | Kpi | Experiment | Feedback)
    }

    /// What one has to be allowed to do to find it, which is what its pages ask for.
    pub fn perm(self) -> Perm {
        match self {
            Kind::Webhook => Perm::OrgManage,
            _ => Perm::Read,
        }
    }
}
