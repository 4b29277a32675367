//! The REST API of the audit log.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{AuditEntry, AuditQuery, AuditRow, history_perm};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::page::Page;
use crate::kernel::role::Perm;
use crate::server::rest::value::Day;
use crate::server::rest::{Answered, Api, Call, Filter, Listed, Problem, Wrong, is_word, named};

pub fn routes(api: Api) -> Api {
    api.tag("Audit log", "Who did what and when. Nobody can change it.")
        .list("/orgs/{org}/audit-log", Perm::OrgManage, "The organisation's log, the newest first, with the fields before and after.", list)
        .list(
            "/orgs/{org}/history",
            Perm::Read,
            "The newest changes of one thing in words, for whoever may see the thing; not for tokens for some products.",
            history,
        )
}

/// Whose history is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HistoryFilter {
    /// The type of thing: `Product`, `Idea`, `Feature`, `Epic`, `Release`, `Changelog`, `LaunchChecklistItem`, `Task`, `Document`, `OKR`,
    /// `KeyResult`, `KPI`, `KPIDataPoint` or `Experiment`; `Feedback` for those who sort it, and any other of the audit log for those
    /// who read that.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,100}$")]
    entity_type: String,
    /// Its id.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,100}$")]
    entity_id: String,
}

impl Filter for HistoryFilter {}

/// A change of one thing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HistoryEntry {
    id: String,
    /// When, as RFC 3339.
    at: String,
    /// Who did it, by name.
    who: String,
    /// The id of the person, if the account still exists.
    user_id: Option<String>,
    /// What was done.
    what: String,
    changes: Vec<HistoryChange>,
}

/// A field before and after.
#[derive(Serialize, ToSchema)]
struct HistoryChange {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

impl From<AuditEntry> for HistoryEntry {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { id, at, who, user_id, what, changes, .. } = entry;
        let change = |change: super::model::Change| HistoryChange { field: change.field, before: change.before, after: change.after };
        HistoryEntry { id, at, who, user_id, what, changes: changes.into_iter().map(change).collect() }
    }
}

/// Which part of the log is asked for.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct AuditFilter {
    /// Who did it: the id of a person.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,100}$")]
    user_id: Option<String>,
    /// The type of thing that it was done to: `ApiToken`, `AuditLog`, `BoardLimit`, `BulkEdit`, `Changelog`, `ChecklistTemplate`,
    /// `ChecklistTemplateItem`, `CommentMention`, `Document`, `DocumentComment`, `DocumentReview`, `Epic`, `Experiment`,
    /// `ExperimentMetric`, `ExperimentResult`, `ExperimentVariant`, `Feature`, `FeatureComment`, `FeatureCommentMention`, `Feedback`,
    /// `Idea`, `IdeaComment`, `IdeaVote`, `Import`, `Invitation`, `KPI`, `KPIDataPoint`, `KeyResult`, `KeyResultCheckIn`,
    /// `LaunchChecklistItem`, `LifecycleCriteria`, `Membership`, `OKR`, `Organization`, `OrganizationObjective`, `Product`, `Release`,
    /// `SavedView`, `Task`, `TaskComment`, `TaskCommentMention`, `Team`, `User` or `Webhook`; or any other that a client of the database
    /// has written.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,100}$")]
    entity_type: Option<String>,
    /// The id of one thing.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,100}$")]
    entity_id: Option<String>,
    /// What was done, such as `idea.created`.
    #[schema(pattern = "^[a-z_.]{1,100}$")]
    action: Option<String>,
    /// The first day, in the owner's time zone.
    from: Option<Day>,
    /// The last day.
    to: Option<Day>,
}

impl Filter for AuditFilter {}

impl AuditFilter {
    /// # Errors
    /// Of a parameter that could be the name of nothing.
    fn checked(&self) -> Result<(), Problem> {
        for (name, value) in [("userId", &self.user_id), ("entityType", &self.entity_type), ("entityId", &self.entity_id)] {
            if value.as_ref().is_some_and(|value| !is_word(value)) {
                return Err(Problem::parameter(name, "Enter an id or a name."));
            }
        }
        let action =
            |value: &String| (1..=100).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'_');
        match self.action.as_ref().is_some_and(|value| !action(value)) {
            true => Err(Problem::parameter("action", "Enter an action, such as idea.created.")),
            false => Ok(()),
        }
    }
}

async fn history(mut call: Call, filter: HistoryFilter) -> Answered<Listed<HistoryEntry>> {
    let HistoryFilter { entity_type, entity_id } = filter;
    for (name, value) in [("entityType", &entity_type), ("entityId", &entity_id)] {
        if !is_word(value) {
            return Err(Problem::parameter(name, "Enter an id or a name."));
        }
    }
    // The log does not say to which product a thing belongs.
    call.whole()?;
    if !call.scope.can(history_perm(&entity_type)) {
        return Err(AppError::Forbidden.into());
    }
    let wrong = Wrong::parameter("entityId", "Name a thing of this type, by its id.");
    let log = named(store::item_history(&mut call.scope, &entity_type, &entity_id).await, wrong)?;
    call.done(Listed::all(log.entries.into_iter().map(HistoryEntry::from).collect()))
}

async fn list(mut call: Call, filter: AuditFilter) -> Answered<Listed<AuditRow>> {
    filter.checked()?;
    let day = |day: Option<Day>| day.map(|day| Day::typed(Some(day)));
    let query = AuditQuery {
        person: filter.user_id,
        entity: filter.entity_type,
        item: filter.entity_id,
        action: filter.action,
        from: day(filter.from),
        to: day(filter.to),
        cursor: call.cursor()?,
    };
    let size = call.scope.rows();
    let rows = store::rows(&mut call.scope, &query, size + 1).await?;
    call.done(Page::sized(rows, size, query.cursor.as_ref(), AuditRow::key).into())
}
