//! What Postgres' refusals mean to a person.

use crate::kernel::error::AppError;
use crate::team::model::SLUG_TAKEN;

/// What Postgres' refusal means to a person, by its error code and the constraint's name.
pub fn meaning(code: Option<&str>, constraint: Option<&str>) -> Option<AppError> {
    if constraint == Some("membership_last_admin") {
        return Some(AppError::Conflict("An organisation needs an administrator. Make somebody else one first.".into()));
    }
    if let Some((field, message)) = constraint.and_then(field_of) {
        return Some(AppError::field(field, message));
    }
    match code? {
        // foreign_key_violation, insufficient_privilege (row-level security), not_null_violation (no parent in this tenant)
        "23503" | "42501" | "23502" => Some(AppError::NotFound),
        // character_not_in_repertoire, untranslatable_character: a NUL byte or broken UTF-8
        "22021" | "22P05" => Some(AppError::field("", "This text holds a character that cannot be stored.")),
        // serialization_failure, deadlock_detected
        "40001" | "40P01" => Some(AppError::Conflict("Somebody else changed this at the same moment. Please try again.".into())),
        // query_canceled, by statement_timeout
        "57014" => Some(AppError::Conflict("That took too long, so it was stopped. Ask for less, or try again later.".into())),
        _ => None,
    }
}

/// The field and the message for each constraint that a person can run into.
///
/// The forms say all this before; here it is said where two are quicker than their rules, or where a form has forgotten one.
fn field_of(constraint: &str) -> Option<(&'static str, &'static str)> {
    Some(match constraint {
        "Organization_slug_key" => ("slug", "This address is taken. Please choose another."),
        "organization_slug_shape" => ("slug", "Use 2 to 48 lower-case letters, digits and single hyphens."),
        "organization_name_length" | "product_name_length" | "team_name_length" | "user_name_length" => {
            ("name", "Enter a name of at most 120 characters.")
        }
        "organization_description_length" | "product_description_length" | "launch_checklist_item_description_length" => {
            ("description", "Use at most 20000 characters.")
        }
        "product_vision_length" => ("vision", "Use at most 20000 characters."),
        "user_email_shape" => ("email", "Enter an e-mail address, such as name@example.com."),
        "product_sunset_plan_length" => ("sunset_plan", "Use at most 20000 characters."),
        "lifecycle_criteria_limit" => ("criteria", "Use 1 to 20 criteria."),
        "lifecycle_check_criterion_length" => ("criteria", "Use at most 200 characters for each criterion."),
        "early_move_reason_length" => ("reason", "Say why, in at most 2000 characters."),
        "board_limit_range" => ("", "A limit is a whole number from 1 to 999, or nothing."),
        "Product_key_key" => ("key", "This key is taken. Please choose another."),
        "product_key_shape" => ("key", "Use 2 to 64 lower-case letters, digits and single hyphens."),
        "Team_organizationId_slug_key" => ("slug", SLUG_TAKEN),
        "team_slug_shape" => ("slug", "Use 2 to 48 lower-case letters, digits and single hyphens."),
        "team_description_length" => ("description", "Use at most 20000 characters."),
        "invitation_pending_email_key" => ("email", "This address has a pending invitation. Resend or revoke that one."),
        "invitation_email_shape" => ("email", "Enter an e-mail address, such as name@example.com."),
        "invitation_message_length" => ("message", "Use at most 20000 characters."),
        "User_email_key" | "User_email_lower_key" => ("email", "There is an account with this e-mail address already. Sign in instead."),
        "idea_title_length" => ("title", "Enter a title of at most 200 characters."),
        "idea_description_length" => ("description", "Use at most 20000 characters."),
        "idea_tags_limit" => ("tags", "Use at most 20 tags of at most 40 characters."),
        "idea_comment_body_length" | "feature_comment_body_length" | "task_comment_body_length" => {
            ("comment", "Write something, of at most 5000 characters.")
        }
        "SavedView_name_key" => ("name", "You have a view of this name already."),
        "api_token_name_length" => ("name", "Enter a name of at most 60 characters."),
        "api_token_products_limit" => ("products", "Choose at most 50 products, or none for all of them."),
        "saved_view_name_length" => ("name", "Enter a name of at most 60 characters."),
        "idea_priority_range" => ("priority", "Enter a whole number from 0 to 100."),
        "idea_reach_range" => ("reach", "Enter a whole number from 0 to 1000000000."),
        "idea_impact_range" => ("impact", "Enter a whole number from 0 to 10."),
        "idea_confidence_range" => ("confidence", "Enter a whole number from 0 to 10."),
        "idea_effort_range" => ("effort", "Enter a whole number from 1 to 10."),
        "idea_business_value_range" => ("business_value", "Enter a whole number from 0 to 100."),
        "idea_time_criticality_range" => ("time_criticality", "Enter a whole number from 0 to 100."),
        "idea_risk_reduction_range" => ("risk_reduction", "Enter a whole number from 0 to 100."),
        "idea_job_size_range" => ("job_size", "Enter a whole number from 0 to 100."),
        "epic_title_length" | "feature_title_length" | "feedback_title_length" | "task_title_length" => {
            ("title", "Enter a title of at most 200 characters.")
        }
        "epic_description_length" | "feature_description_length" | "feedback_description_length" | "task_description_length" => {
            ("description", "Use at most 20000 characters.")
        }
        "feature_acceptance_criteria_length" => ("acceptance_criteria", "Use at most 20000 characters."),
        "feature_story_points_range" => ("story_points", "Enter a whole number from 0 to 1000, or nothing."),
        "feature_dates_order" => ("due_date", "The due date is before the start date."),
        "epic_dates_order" => ("end_date", "The end is before the start."),
        "FeatureDependency_pkey" => ("feature", "This dependency is there already."),
        "feature_dependency_other" => ("feature", "A feature cannot wait for itself."),
        // The store says more: the way round.
        "feature_dependency_cycle" => ("feature", "This would go round in a circle."),
        "feedback_source_length" => ("source", "Use at most 120 characters."),
        "feedback_user_email_length" => ("user_email", "Use at most 254 characters."),
        "release_name_length" => ("name", "Enter a name of at most 200 characters."),
        "release_version_length" => ("version", "Enter a version of at most 64 characters."),
        "release_description_length" => ("description", "Use at most 20000 characters."),
        "Release_version_key" => ("version", "Another release of this product has this version."),
        "release_ready_checklist" => ("", "This release is not ready: a required item of its checklist is open."),
        "launch_checklist_item_title_length" => ("item", "Say in at most 200 characters what is to be done."),
        "checklist_template_item_title_length" => ("item", "Say in at most 200 characters what is to be done."),
        "checklist_template_item_days_range" => ("days_before", "Enter a whole number from 0 to 365."),
        "checklist_template_name_length" => ("name", "Enter a name of at most 120 characters."),
        "ChecklistTemplate_organizationId_name_key" => ("name", "There is a template of this name already."),
        "kpi_name_length" => ("name", "Enter a name of at most 200 characters."),
        "kpi_description_length" => ("description", "Use at most 20000 characters."),
        "kpi_unit_length" => ("unit", "Use at most 40 characters."),
        "kpi_values_finite" => ("target", "Enter a number, such as 1204.5."),
        "kpi_data_point_value_finite" => ("value", "Enter a number, such as 1204.5."),
        "KPIAlert_rule_key" => ("threshold", "This KPI has this rule already."),
        "kpi_alert_threshold_finite" => ("threshold", "Enter a number, such as 1204.5."),
        "kpi_alert_change_range" => ("threshold", "Enter a number of percent above 0 and up to 1000000."),
        "document_title_length" => ("title", "Enter a title of at most 200 characters."),
        "document_content_length" | "document_draft_content_length" => ("content", "Use at most 5 MB."),
        "document_version_note_length" => ("note", "Use at most 200 characters."),
        "document_review_reason_length" => ("reason", "Use at most 5000 characters."),
        "document_comment_body_length" => ("comment", "Write something, of at most 5000 characters."),
        "document_comment_quote_length" => ("passage", "Use at most 1000 characters."),
        "changelog_title_length" => ("entry", "Say in at most 200 characters what has changed."),
        "okr_title_length" | "organization_objective_title_length" => ("title", "Enter an objective of at most 200 characters."),
        "okr_description_length" | "organization_objective_description_length" | "key_result_description_length" => {
            ("description", "Use at most 20000 characters.")
        }
        "okr_quarter_shape" | "organization_objective_quarter_shape" => ("quarter", "Choose a quarter, such as 2026-Q4."),
        "okr_parent_other" => ("serves", "An objective cannot be aligned with itself."),
        "okr_alignment_cycle" => ("serves", "That one is aligned with this one, directly or by way of others."),
        "key_result_title_length" => ("title", "Enter a key result of at most 200 characters."),
        "key_result_unit_length" => ("unit", "Use at most 40 characters."),
        "key_result_values_finite" => ("target", "Enter a number, such as 42 or 3.5."),
        "key_result_start_finite" => ("start", "Enter a number, such as 42 or 3.5."),
        "key_result_band_finite" | "key_result_band_present" => ("lower", "Enter the lowest and the highest value."),
        "key_result_band_order" => ("upper", "The highest value is below the lowest."),
        "key_result_check_in_value_finite" => ("value", "Enter a number, such as 42 or 3.5."),
        "key_result_check_in_note_length" => ("note", "Use at most 5000 characters."),
        "key_result_check_in_confidence_range" => ("confidence", "Enter a whole number from 0 to 10."),
        "changelog_description_length" => ("text", "Use at most 20000 characters."),
        "experiment_name_length" => ("name", "Enter a name of at most 200 characters."),
        "experiment_variant_name_length" | "experiment_metric_name_length" => ("name", "Enter a name of at most 120 characters."),
        "experiment_description_length" => ("description", "Use at most 20000 characters."),
        "experiment_hypothesis_length" => ("hypothesis", "Use at most 20000 characters."),
        "experiment_dates_order" => ("end_date", "The end is before the start."),
        "experiment_variant_weights" => ("", "The shares of the variants have to sum to 100 %."),
        "experiment_variant_control" => ("control", "One variant has to be the control."),
        "ExperimentVariant_name_key" => ("", "No two variants may have one name."),
        "ExperimentMetric_name_key" => ("name", "Another metric of this experiment has this name."),
        "ExperimentResult_day_key" => ("day", "There is a result of this variant and metric for this day already. Change that one."),
        "experiment_alpha_range" => ("alpha", "Enter a number from 0.0001 to 0.5."),
        "experiment_tuned_for_range" => ("tuned_for", "Enter a whole number from 1 to 1000000000000."),
        "experiment_planned_size_range" => ("planned_size", "Enter a whole number from 1 to 1000000000000, or nothing."),
        "experiment_prior_whole" => ("prior_sd", "Enter both, or neither for a flat prior."),
        "experiment_variant_description_length" => ("", "Say in at most 2000 characters what a variant is."),
        "experiment_variant_weight_range" => ("", "A variant's share is from 0 to 100 %."),
        "experiment_metric_margin_range" => ("margin", "Enter a number of percent from 0 to 100."),
        "experiment_result_day_range" => ("day", "Enter a day from 1970 on, such as 2026-03-31."),
        "experiment_result_n_range" => ("n", "Enter a whole number from 1 to 1000000000000."),
        "experiment_result_sum_range" => ("sum", "Enter a number, such as 1204.5."),
        "experiment_result_squares_range" => ("sum_squares", "Enter a number of at least 0, such as 1204.5."),
        "experiment_result_covariate_range" | "experiment_result_covariate_whole" => {
            ("covariate_sum", "Enter all three numbers of what was known before, or none of them.")
        }
        "experiment_result_denominator_range" | "experiment_result_denominator_whole" => {
            ("denominator_sum", "Enter all three numbers of the denominator, or none of them.")
        }
        "webhook_name_length" => ("name", "Enter a name of at most 200 characters."),
        "webhook_url_shape" => ("url", "Enter an address of at most 2048 characters, such as https://example.com/hook."),
        "webhook_events_limit" => ("events", "Use at most 100 events of at most 100 characters."),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Rules about what no form and no program gives: each breach is a fault of ours, and is told as one.
    const OURS: [&str; 33] = [
        "organization_id_present",
        "user_id_present",
        "invitation_sealed_token_pending",
        "idea_scores_finite",
        "idea_rank_length",
        "feature_rank_length",
        "task_rank_length",
        "idea_votes_counted",
        "idea_merged_elsewhere",
        "document_version_positive",
        "document_version_number_positive",
        "okr_progress_range",
        "organization_objective_progress_range",
        "okr_alignment_single",
        "experiment_metrics_limit",
        "experiment_correction_word",
        "experiment_sides_word",
        "experiment_metric_kind_word",
        "experiment_metric_direction_word",
        "experiment_metric_role_word",
        "webhook_disabled_reason_word",
        "webhook_delivery_attempts_range",
        "mail_attempts_range",
        "account_token_purpose",
        "image_id_shape",
        "image_size_limit",
        "image_content_type",
        "bulk_edit_rows_limit",
        "saved_view_query_shape",
        "import_delimiter",
        "import_part_size",
        "board_limit_column",
        "idempotency_key_length",
    ];

    /// The list of rules is held to the database by a test of the schema.
    #[test]
    fn every_rule_about_what_people_give_is_told_beside_a_field() {
        let lines = include_str!("../schema/refused.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let rules: BTreeSet<&str> = lines.filter_map(|line| line.split(" | ").next()).collect();
        let ours = BTreeSet::from(OURS);
        let silent: Vec<_> = rules.difference(&ours).filter(|rule| field_of(rule).is_none()).collect();
        assert_eq!(silent, Vec::<&&str>::new(), "say what is wrong, and where");
        assert_eq!(ours.difference(&rules).collect::<Vec<_>>(), Vec::<&&str>::new(), "there is no such rule");
        assert!(ours.iter().all(|rule| field_of(rule).is_none()), "it is told, so it is not ours alone");
        assert_eq!(meaning(Some("23514"), Some("idea_rank_length")), None);
    }
}
