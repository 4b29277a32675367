//! The log's names and values in words.

use chrono::DateTime;
use serde_json::Value;

use super::labels::choice_label;
use crate::account::model::GONE_DOMAIN;
use crate::kernel::time::{day, moment};

/// Words that are written in capitals.
const ACRONYMS: [&str; 11] = ["api", "csv", "ice", "id", "ip", "kpi", "okr", "rice", "sql", "url", "wsjf"];

/// Fields whose values are one of a few fixed words; those that no form has a name for are told in small letters.
const CHOICES: [&str; 13] = [
    "stage",
    "fromStage",
    "toStage",
    "status",
    "lifecycle",
    "role",
    "priority",
    "type",
    "kind",
    "frequency",
    "direction",
    "aggregation",
    "permission",
];

/// Somebody whose account is gone.
pub const FORMER: &str = "A former member";
/// Where `settings` hold which features are in use; they are until it says otherwise.
const SWITCHES: &str = "settings.switches.";

/// A person's name or address, unless it is the address that stands for a deleted one.
pub fn person_words(name: &str) -> &str {
    if name.ends_with(GONE_DOMAIN) { FORMER } else { name }
}

/// Somebody who has left, by name as far as it is known.
pub fn former(name: &str) -> String {
    match person_words(name) {
        "" | FORMER => FORMER.to_owned(),
        name => format!("{name} (former member)"),
    }
}

/// The words in a name: `launch_checklist_item`, `LaunchChecklistItem`, `KPIDataPoint` and `businessValue` alike.
fn parts(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut parts: Vec<String> = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| before.is_lowercase() || letters.get(at + 1).is_some_and(|after| after.is_lowercase()));
        if starts || *letter == '_' || *letter == '.' {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| letter.is_alphanumeric()) {
            part.extend(letter.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn sentence(parts: &[String]) -> String {
    let words: Vec<String> =
        parts.iter().map(|part| if ACRONYMS.contains(&part.as_str()) { part.to_uppercase() } else { part.clone() }).collect();
    let text = words.join(" ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A field's name: `businessValue` is `Business value`, `teamId` is `Team`.
pub fn field_label(name: &str) -> String {
    match name {
        "deletedAt" => return "Deleted".into(),
        "tokenHash" => return "Link".into(),
        _ => {}
    }
    if let Some(switch) = name.strip_prefix(SWITCHES) {
        return format!("Feature {}", sentence(&parts(switch)));
    }
    let mut parts = parts(name);
    if parts.len() > 1 && parts.last().is_some_and(|last| last == "id") {
        parts.pop();
    }
    sentence(&parts)
}

/// The kind of a thing: `LaunchChecklistItem` is `Launch checklist item`.
pub fn entity_label(entity: &str) -> String {
    match entity {
        "Membership" => "Member".into(),
        "User" => "Account".into(),
        "AuditLog" => "Audit log".into(),
        "Organization" => "Organisation".into(),
        "LifecycleCriteria" => "Exit criteria".into(),
        "OrganizationObjective" => "Objective of the organisation".into(),
        "KeyResultCheckIn" => "Check-in".into(),
        "ApiToken" => "API token".into(),
        _ => sentence(&parts(entity)),
    }
}

/// What was done, beside the kind of thing: `idea.status_changed` is `Status changed`.
pub fn verb_label(action: &str) -> String {
    match action {
        "access.refused" => "Access refused".into(),
        "user.sign_in_failed" => "Sign-in failed".into(),
        "exit_criterion.created" => "Exit criterion met".into(),
        "exit_criterion.deleted" => "Exit criterion open again".into(),
        "early_move.created" => "Moved on with open criteria".into(),
        _ => sentence(&parts(action.split_once('.').map_or(action, |(_, verb)| verb))),
    }
}

/// What was done, with the kind of thing: `idea.status_changed` is `Idea: status changed`.
pub fn action_label(action: &str) -> String {
    let Some((thing, _)) = action.split_once('.') else { return verb_label(action) };
    let verb = verb_label(action);
    match thing {
        "access" | "exit_criterion" | "early_move" => verb,
        // Signing in and out says what it is about.
        "user" if verb.starts_with("Sign") => verb,
        "user" => format!("Account: {}", verb.to_lowercase()),
        "organization" => format!("Organisation: {}", verb.to_lowercase()),
        "organization_objective" => format!("Objective of the organisation: {}", verb.to_lowercase()),
        "check_in" => format!("Check-in: {}", verb.to_lowercase()),
        "api_token" => format!("API token: {}", verb.to_lowercase()),
        _ => format!("{}: {}", sentence(&parts(thing)), verb.to_lowercase()),
    }
}

/// A value of a field of a thing, which is named as actions begin; nothing for nothing.
pub fn value_words(thing: &str, field: &str, value: &Value) -> Option<String> {
    match value {
        _ if field.starts_with(SWITCHES) => Some(if value == &Value::Bool(false) { "Off" } else { "On" }.into()),
        Value::Null => None,
        Value::Bool(yes) => Some(if *yes { "Yes" } else { "No" }.into()),
        // A mean, of which nobody needs sixteen digits.
        Value::Number(number) if field == "progress" => Some(format!("{:.1}", number.as_f64().unwrap_or_default())),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text_words(thing, field, text)),
        Value::Array(list) => {
            let items: Vec<String> = list.iter().filter_map(|item| value_words(thing, "", item)).collect();
            (!items.is_empty()).then(|| items.join(", "))
        }
        Value::Object(map) => (!map.is_empty()).then(|| value.to_string()),
    }
}

fn text_words(thing: &str, field: &str, text: &str) -> String {
    let field = field.rsplit('.').next().unwrap_or(field);
    if let Some(label) = choice_label(thing, field, text) {
        return label.to_owned();
    }
    if CHOICES.contains(&field) {
        return sentence(&parts(&if text.contains(char::is_lowercase) { text.to_owned() } else { text.to_lowercase() }));
    }
    let dated = field.ends_with("At") || field.ends_with("Date") || matches!(field, "date" | "expires");
    if dated && let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return if field.ends_with("At") { moment(at.to_utc()) } else { day(at.to_utc()) };
    }
    person_words(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_become_words() {
        let fields = ["businessValue", "riceScore", "teamId", "acceptanceCriteria", "userEmail", "url", "settings.branding.primaryColor"];
        assert_eq!(
            fields.map(field_label),
            ["Business value", "RICE score", "Team", "Acceptance criteria", "User email", "URL", "Settings branding primary color"]
        );
        let entities = ["Idea", "OKR", "KPIDataPoint", "KeyResult", "LaunchChecklistItem", "Membership"];
        assert_eq!(entities.map(entity_label), ["Idea", "OKR", "KPI data point", "Key result", "Launch checklist item", "Member"]);
        let actions = ["idea.status_changed", "kpi_data_point.created", "user.signed_in", "access.refused", "product.team_added"];
        assert_eq!(
            actions.map(action_label),
            ["Idea: status changed", "KPI data point: created", "Signed in", "Access refused", "Product: team added"]
        );
        assert_eq!(["user.deleted", "user.email_changed"].map(action_label), ["Account: deleted", "Account: email changed"]);
        assert_eq!(["", ".", "x", "a.b.c", "ÄÖ.ß"].map(|odd| action_label(odd).len()).len(), 5, "no name is too odd");
    }

    #[test]
    fn values_become_words() {
        let said = |field, value| value_words("member", field, &value).unwrap_or_default();
        assert_eq!(said("status", json!("UNDER_REVIEW")), "Under review");
        assert_eq!(said("role", json!("ADMIN")), "Administrator");
        assert_eq!(said("permission", json!("OrgManage")), "Org manage");
        assert_eq!(value_words("experiment", "settings.sides", &json!("TWO")), Some("Two-sided".into()));
        assert_eq!(value_words("import", "kind", &json!("SOME_THINGS")), Some("Some things".into()), "no form has a name for it");
        assert_eq!(said("title", json!("UNDER_REVIEW")), "UNDER_REVIEW");
        assert_eq!(said("deletedAt", json!("2026-11-23T03:56:47.242+01:00")), "23 Nov 2026, 02:56 UTC");
        assert_eq!(said("targetDate", json!("2026-11-23T00:00:00+00:00")), "23 Nov 2026");
        assert_eq!(said("tags", json!(["a", "b"])), "a, b");
        assert_eq!(said("required", json!(true)), "Yes");
        assert_eq!((value_words("", "x", &json!(null)), value_words("", "x", &json!([]))), (None, None));
    }
}
