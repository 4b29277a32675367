//! Every event that there is: what can happen, as the audit log calls it. A test holds this, the database and `docs/WEBHOOKS.md`
//! to one another.

/// Things of one kind, whose events begin with this word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thing {
    pub word: &'static str,
    /// Whether these come and go as rows, which is told of each.
    rows: bool,
    /// What happens to them beside that.
    verbs: &'static [&'static str],
}

/// What happens to every row.
const ROW: &[&str] = &["created", "updated", "deleted"];

impl Thing {
    /// What happens to these things.
    fn verbs(self) -> impl Iterator<Item = &'static str> {
        let of_rows: &[&str] = if self.rows { ROW } else { &[] };
        of_rows.iter().chain(self.verbs).copied()
    }

    /// Whether there is such an event of these things.
    pub fn has(self, verb: &str) -> bool {
        self.verbs().any(|known| known == verb)
    }

    /// The events of these things.
    pub fn events(self) -> impl Iterator<Item = String> {
        self.verbs().map(move |verb| format!("{}.{verb}", self.word))
    }
}

const fn row(word: &'static str) -> Thing {
    Thing { word, rows: true, verbs: &[] }
}

const fn rows(word: &'static str, verbs: &'static [&'static str]) -> Thing {
    Thing { word, rows: true, verbs }
}

const fn other(word: &'static str, verbs: &'static [&'static str]) -> Thing {
    Thing { word, rows: false, verbs }
}

/// Events that are listened to together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    pub word: &'static str,
    pub label: &'static str,
    /// What it holds beside what its name says.
    pub about: &'static str,
    pub things: &'static [Thing],
}

const fn group(word: &'static str, label: &'static str, about: &'static str, things: &'static [Thing]) -> Group {
    Group { word, label, about, things }
}

/// What happens to most items.
const ITEM: &[&str] = &["restored", "status_changed"];

/// The groups that a form offers, as the database sorts events into them (`webhook_group`).
pub const GROUPS: [Group; 12] = [
    group(
        "idea.*",
        "Ideas",
        "with votes, comments and links to features",
        &[
            rows(
                "idea",
                &[
                    "restored",
                    "status_changed",
                    "feature_added",
                    "feature_changed",
                    "feature_removed",
                    "feedback_added",
                    "feedback_changed",
                    "feedback_removed",
                ],
            ),
            row("vote"),
            row("comment"),
            row("mention"),
        ],
    ),
    group(
        "feature.*",
        "Features",
        "with comments and dependencies",
        &[
            rows("feature", &["restored", "status_changed", "blocker_added", "blocker_changed", "blocker_removed"]),
            row("feature_comment"),
            row("mention"),
        ],
    ),
    group("epic.*", "Epics", "", &[rows("epic", ITEM)]),
    group(
        "release.*",
        "Releases",
        "with launch checklists and changelogs",
        &[
            rows("release", &["restored", "status_changed", "feature_added", "feature_changed", "feature_removed"]),
            row("launch_checklist_item"),
            row("changelog"),
        ],
    ),
    group(
        "okr.*",
        "OKRs",
        "with key results",
        &[rows("okr", ITEM), row("key_result"), row("check_in"), rows("organization_objective", ITEM)],
    ),
    group(
        "kpi.*",
        "KPIs",
        "with data points",
        &[rows("kpi", &["restored", "alert", "alert_withdrawn"]), row("kpi_data_point"), row("kpi_alert")],
    ),
    group(
        "experiment.*",
        "Experiments",
        "with results",
        &[rows("experiment", ITEM), row("experiment_variant"), rows("experiment_metric", &["role_changed"]), row("experiment_result")],
    ),
    group("feedback.*", "Feedback", "", &[rows("feedback", ITEM)]),
    group(
        "document.*",
        "Documents",
        "with reviews and comments",
        &[rows("document", ITEM), rows("document_review", &["status_changed"]), row("document_comment")],
    ),
    group("task.*", "Tasks", "with comments", &[rows("task", ITEM), row("task_comment"), row("mention")]),
    group(
        "member.*",
        "Members",
        "with invitations",
        &[
            other("member", &["joined", "added", "left", "removed", "role_changed", "team_changed", "updated"]),
            rows("invitation", &["accepted", "revoked", "resent", "role_changed", "team_changed"]),
        ],
    ),
    group(
        "product.*",
        "Products",
        "with lifecycle and teams",
        &[
            rows("product", &["restored", "lifecycle_changed", "team_added", "team_changed", "team_removed", "exported", "imported"]),
            row("exit_criterion"),
            row("early_move"),
        ],
    ),
];

/// What belongs to none of these groups; the events of each are a group of their own, such as `team.*`.
pub const OTHERS: [Thing; 14] = [
    rows("organization", &["restored"]),
    rows("team", &["restored"]),
    other(
        "user",
        &[
            "signed_in",
            "signed_out",
            "sign_in_failed",
            "sessions_revoked",
            "password_changed",
            "password_reset",
            "email_changed",
            "provider_linked",
            "provider_unlinked",
            "deleted",
        ],
    ),
    other("access", &["refused"]),
    other("audit", &["exported"]),
    rows("api_token", &["revoked"]),
    row("webhook"),
    rows("import", &["status_changed"]),
    row("bulk_edit"),
    row("saved_view"),
    row("board_limit"),
    row("exit_criteria"),
    row("checklist_template"),
    row("checklist_template_item"),
];

/// All things, each as often as it is in a group.
pub fn things() -> impl Iterator<Item = Thing> {
    GROUPS.iter().flat_map(|group| group.things).chain(&OTHERS).copied()
}
