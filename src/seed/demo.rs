//! What is in the demo.

use serde::Deserialize;

use crate::feedback::model::{FeedbackStatus, FeedbackType};
use crate::idea::model::IdeaStatus;
use crate::kernel::priority::Priority;
use crate::kernel::role::Role;
use crate::product::model::Lifecycle;

/// E-mail address, name and role of the demo's people.
pub const PEOPLE: [(&str, &str, Role); 5] = [
    ("admin@demo.test", "Alex Romero", Role::Admin),
    ("pm@demo.test", "Priya Nair", Role::ProductManager),
    ("dev@demo.test", "Deniz Kaya", Role::Developer),
    ("designer@demo.test", "Dana Fischer", Role::Designer),
    ("stakeholder@demo.test", "Sam Okafor", Role::Stakeholder),
];

/// What is said of the demo's "Mobile App": by whom, how many days ago, and what.
pub const COMMENTS: [(&str, i32, &str); 4] = [
    (
        "stakeholder@demo.test",
        12,
        "Three of our largest customers asked for this last week.\nThey work on the road, mostly without a laptop.",
    ),
    ("designer@demo.test", 9, "The list and one idea's page fit a phone already. What needs thought is scoring with a thumb."),
    ("pm@demo.test", 8, "@Deniz Kaya, would a web app that can be installed be enough for a first version?"),
    ("dev@demo.test", 7, "Yes, and much less work than two native apps. Push messages would have to wait."),
];

/// Forty words for the texts of a large data set.
pub const WORDS: &str = "mobile native offline export import dashboard report search filter sync calendar invite billing audit webhook \
    keyboard theme portal roadmap release board comment vote score budget partner locale plugin backup archive merge label \
    reminder digest session printer chart token survey tag";

/// A team of the demo.
pub struct DemoTeam {
    pub name: &'static str,
    pub slug: &'static str,
    pub description: &'static str,
    /// Its members by e-mail address.
    pub people: &'static [&'static str],
    /// Its products by key.
    pub products: &'static [&'static str],
}

pub const TEAMS: [DemoTeam; 2] = [
    DemoTeam {
        name: "Mobile",
        slug: "mobile",
        description: "Builds the demo product and keeps the desktop program alive until its last customer has moved.",
        people: &["dev@demo.test", "designer@demo.test"],
        products: &["demo-product", "classic-desktop"],
    },
    DemoTeam {
        name: "Growth",
        slug: "growth",
        description: "Finds out what customers need next, and shows afterwards what came of it.",
        people: &["pm@demo.test"],
        products: &["customer-portal", "insights", "demo-product"],
    },
];

/// Who has been invited to the demo's second team and has not come yet.
pub const INVITED: &str = "robin@demo.test";

/// A product of the demo.
pub struct DemoProduct {
    pub name: &'static str,
    pub key: &'static str,
    pub description: &'static str,
    pub vision: Option<&'static str>,
    pub lifecycle: Lifecycle,
    /// Title and status.
    pub features: &'static [(&'static str, &'static str)],
    /// Version and status.
    pub releases: &'static [(&'static str, &'static str)],
}

pub const PRODUCTS: &[DemoProduct] = &[
    DemoProduct {
        name: "Demo Product",
        key: "demo-product",
        description: "A sample product for demonstration",
        vision: Some("Every product team knows what to build next and why, and can show afterwards what came of it."),
        lifecycle: Lifecycle::Delivery,
        features: &[
            ("Saved views", "IN_PROGRESS"),
            ("SAML sign-in", "IN_PROGRESS"),
            ("Webhook deliveries with retries", "IN_REVIEW"),
            ("Search index per organisation", "TESTING"),
            ("Dark theme", "DONE"),
            ("CSV import", "DONE"),
            ("Inline images", "DONE"),
            ("Keyboard shortcuts", "DONE"),
            ("Public roadmap page", "BACKLOG"),
            ("Two-factor sign-in", "BACKLOG"),
            ("Gantt export", "CANCELLED"),
        ],
        releases: &[("1.0.0", "RELEASED"), ("1.1.0", "RELEASED"), ("1.2.0", "TESTING"), ("2.0.0", "PLANNING")],
    },
    DemoProduct {
        name: "Customer Portal",
        key: "customer-portal",
        description: "Where customers see what is planned, vote, and read what is new.",
        vision: Some("No customer ever has to ask whether somebody is listening."),
        lifecycle: Lifecycle::Growth,
        features: &[("Voting", "DONE"), ("Changelog", "DONE"), ("Own domain", "BACKLOG")],
        releases: &[("3.4.0", "RELEASED"), ("3.5.0", "IN_PROGRESS")],
    },
    DemoProduct {
        name: "Insights",
        key: "insights",
        description: "Numbers that answer a question: adoption, retention, and what an experiment showed.",
        vision: None,
        lifecycle: Lifecycle::Discovery,
        features: &[("Funnel prototype", "BACKLOG")],
        releases: &[],
    },
    DemoProduct {
        name: "Classic Desktop",
        key: "classic-desktop",
        description: "The original desktop program, kept alive until the last customers have moved.",
        vision: None,
        lifecycle: Lifecycle::Sunset,
        features: &[("Export of everything", "DONE")],
        releases: &[("9.2.0", "RELEASED")],
    },
];

/// An idea of the demo.
#[derive(Deserialize)]
pub struct DemoIdea {
    pub title: String,
    pub description: String,
    pub status: IdeaStatus,
    pub priority: i32,
    pub tags: Vec<String>,
    /// Reach, impact, confidence, effort.
    pub rice: [i32; 4],
    /// Business value, time criticality, risk reduction, job size.
    pub wsjf: Option<[i32; 4]>,
}

/// The ideas of the demo product.
pub fn ideas() -> Result<Vec<DemoIdea>, serde_json::Error> {
    serde_json::from_str(include_str!("ideas.json"))
}

/// What there is to say about a feature of the demo product.
#[derive(Deserialize)]
pub struct DemoFeature {
    pub title: String,
    pub description: String,
    pub priority: Priority,
    pub points: Option<i32>,
    pub criteria: Option<String>,
    /// The title of the idea that it came from.
    pub idea: Option<String>,
}

/// The features of the demo product.
pub fn features() -> Result<Vec<DemoFeature>, serde_json::Error> {
    serde_json::from_str(include_str!("features.json"))
}

/// An item of feedback of the demo.
#[derive(Deserialize)]
pub struct DemoFeedback {
    pub title: String,
    pub description: String,
    #[serde(rename = "type")]
    pub kind: FeedbackType,
    pub status: FeedbackStatus,
    pub priority: Priority,
    pub source: String,
    pub email: Option<String>,
    /// How long ago it came.
    pub days: i32,
    /// The title of the idea that it is linked to.
    pub idea: Option<String>,
}

/// The feedback on the demo product.
pub fn feedback() -> Result<Vec<DemoFeedback>, serde_json::Error> {
    serde_json::from_str(include_str!("feedback.json"))
}
