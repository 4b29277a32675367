//! The connection to Postgres, the schema's versions, and what its refusals mean.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};

use super::config::Database;
use super::embedded::Embedded;
use super::id::new_id;
use crate::kernel::error::AppError;

/// The embedded migrations, in order.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The role that requests run as: it cannot bypass row-level security.
const APP_ROLE: &str = "prodmatic_app";

/// The oldest Postgres that will do, as it tells its version.
const OLDEST: u32 = 150_000;

/// What connections of this program are called in `pg_stat_activity`.
pub const APPLICATION: &str = "prodmatic";

/// A connection that was in use as recently is taken to be alive; of one that has rested longer it is asked first. To ask before each
/// use would cost every request one more way to the database and back.
pub const RECENT: Duration = Duration::from_secs(1);

/// How long a database may take to answer at all.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a single statement of a request may take: many times what the largest import needs for one.
const LONGEST: &str = "120s";
/// How long requests that were given up may hold on to their connections.
const LINGER: Duration = Duration::from_secs(2);

/// The way to a database as its owner, and the private Postgres behind it if there is one. What is in it is as it was found.
pub struct Reached {
    owner: PgConnectOptions,
    embedded: Option<Embedded>,
}

impl Reached {
    /// Starts the private Postgres, if it is that.
    ///
    /// The error is one sentence for the person at the command line, here and below.
    pub async fn reach(database: &Database) -> Result<Reached, String> {
        match database.url() {
            Some(url) => Ok(Reached { owner: parse_url(url)?, embedded: None }),
            None => {
                let embedded = Embedded::start(&database.data).await.map_err(|error| error.to_string())?;
                Ok(Reached { owner: socket_options(embedded.socket_dir()), embedded: Some(embedded) })
            }
        }
    }

    /// As `reach`, for a command that has nothing to do where there is no database yet. Run without the server's settings, it would
    /// make one and say that nothing is in it.
    pub async fn reach_what_is_there(database: &Database) -> Result<Reached, String> {
        is_there(database)?;
        Reached::reach(database).await
    }

    /// A connection of the owner, to a Postgres that is new enough.
    pub async fn connect(&self) -> Result<PgConnection, String> {
        connect_owner(&self.owner).await.map_err(|error| match self.embedded {
            Some(_) => error,
            None => format!("{error} Check DATABASE_URL."),
        })
    }

    /// Stops the private Postgres if this process is the last to use it.
    pub async fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

/// An open database at this version's schema.
pub struct Opened {
    pub pool: PgPool,
    reached: Reached,
}

impl Opened {
    /// Starts or reaches the database and brings it to this version's schema.
    ///
    /// The error is one sentence for the person at the command line.
    pub async fn open(database: &Database) -> Result<Opened, String> {
        let reached = Reached::reach(database).await?;
        match connect(&reached).await {
            Ok(pool) => Ok(Opened { pool, reached }),
            Err(error) => {
                reached.close().await;
                Err(error)
            }
        }
    }

    /// As `open`, where there is a database already.
    pub async fn open_what_is_there(database: &Database) -> Result<Opened, String> {
        is_there(database)?;
        Opened::open(database).await
    }

    /// Closes the connections and, if this process is the last to use it, stops the private Postgres.
    pub async fn close(self) {
        // A request that was given up may still hold one, and the database ends it by itself.
        let _ = tokio::time::timeout(LINGER, self.pool.close()).await;
        self.reached.close().await;
    }
}

fn is_there(database: &Database) -> Result<(), String> {
    if database.url().is_some() || Embedded::exists(&database.data) {
        return Ok(());
    }
    let folder = database.data.display();
    Err(format!("There is no database in {folder}: give this command the server's own DATABASE_URL, or its data folder as PRODMATIC_DATA."))
}

async fn connect_owner(options: &PgConnectOptions) -> Result<PgConnection, String> {
    // What the owner does is slow by its nature, and no news for the log.
    let options = options.clone().disable_statement_logging();
    let connected = tokio::time::timeout(PATIENCE, PgConnection::connect_with(&options)).await;
    let connected = connected.map_err(|_| format!("Postgres does not answer within {} seconds.", PATIENCE.as_secs()))?;
    let connection = connected.map_err(|error| format!("Postgres cannot be reached: {error}."))?;
    let version = connection.server_version_num().unwrap_or_default();
    if version < OLDEST {
        return Err(format!("Postgres 15 or newer is needed; this is version {}.", version / 10_000));
    }
    Ok(connection)
}

/// sqlx itself takes any address for one of a Postgres, and would say of another database that it cannot be reached.
fn parse_url(url: &str) -> Result<PgConnectOptions, String> {
    let (url, known) = (url.trim(), ["postgres", "postgresql"]);
    let is_postgres = url.split_once("://").is_some_and(|(scheme, _)| known.iter().any(|known| scheme.eq_ignore_ascii_case(known)));
    let options = PgConnectOptions::from_str(url).ok().filter(|_| is_postgres);
    options.ok_or_else(|| "DATABASE_URL is not a Postgres address, such as postgres://user:password@host/database.".to_owned())
}

fn socket_options(socket: &Path) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass().socket(socket).username("postgres").database("prodmatic")
}

async fn connect(reached: &Reached) -> Result<PgPool, String> {
    migrate(reached.connect().await?).await?;
    pool()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(as_app(reached.owner.clone()).application_name(APPLICATION))
        .await
        .map_err(|error| format!("Postgres cannot be used as role {APP_ROLE}: {error}"))
}

/// A pool that hands out no connection which has died at rest.
pub fn pool() -> PgPoolOptions {
    PgPoolOptions::new()
        .test_before_acquire(false)
        .before_acquire(|connection, known| Box::pin(async move { Ok(known.idle_for < RECENT || connection.ping().await.is_ok()) }))
}

/// The same connection as the role that requests run as. What nobody waits for any longer goes on in Postgres, so it ends by itself there.
pub fn as_app(options: PgConnectOptions) -> PgConnectOptions {
    options.options([("role", APP_ROLE), ("statement_timeout", LONGEST)])
}

/// sqlx takes an advisory lock, so two processes may start together.
async fn migrate(mut connection: PgConnection) -> Result<(), String> {
    let told = |error: &dyn std::fmt::Display| format!("The database could not be brought to this version: {error}");
    MIGRATIONS.run(&mut connection).await.map_err(|error| told(&error))?;
    for sql in [KEEP_UTC, FORGET_OTHERS] {
        sqlx::raw_sql(sql).execute(&mut connection).await.map_err(|error| told(&error))?;
    }
    connection.close().await.map_err(|error| error.to_string())
}

/// Prisma's client takes the times that Postgres says in the session's zone for UTC, so they are said in UTC here, unless somebody
/// has settled on another zone for this very database. Who may not settle that leaves it.
const KEEP_UTC: &str = r#"
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
                  WHERE d.datname = current_database() AND s.setrole = 0 AND s.setconfig::text ILIKE '%timezone=%') THEN
    EXECUTE format('ALTER DATABASE %I SET timezone TO %L', current_database(), 'UTC');
  END IF;
EXCEPTION WHEN insufficient_privilege OR internal_error THEN
  -- Or another process is just doing it.
  NULL;
END
$$"#;

/// `psql` restores rows with the numbers of transactions of the server that they were dumped from, which would pass for new
/// changes until this one has come as far. No row that is visible is of a transaction yet to come.
const FORGET_OTHERS: &str = r#"
SET ROLE prodmatic_system;
SET enable_seqscan = off;
UPDATE "AuditLog" SET xid = '0' WHERE xid >= pg_snapshot_xmax(pg_current_snapshot());
DELETE FROM "Reordered" WHERE xid >= pg_snapshot_xmax(pg_current_snapshot());"#;

/// Logs what happened under a new id, and gives the person that id alone.
pub fn internal(error: impl std::fmt::Display) -> AppError {
    let id = new_id();
    tracing::error!(request = %id, %error, "request failed");
    AppError::Internal(id)
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => AppError::NotFound,
            sqlx::Error::Database(refusal) => refused(refusal.code().as_deref(), refusal.constraint()).unwrap_or_else(|| internal(&error)),
            _ => internal(&error),
        }
    }
}

/// What Postgres' refusal means to a person, by its error code and the constraint's name.
fn refused(code: Option<&str>, constraint: Option<&str>) -> Option<AppError> {
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
fn field_of(constraint: &str) -> Option<(&'static str, &'static str)> {
    Some(match constraint {
        "Organization_slug_key" => ("slug", "This address is taken. Please choose another."),
        "organization_slug_shape" => ("slug", "Use 2 to 48 lower-case letters, digits and single hyphens."),
        "organization_name_length" | "product_name_length" | "team_name_length" | "user_name_length" => {
            ("name", "Enter a name of at most 120 characters.")
        }
        "product_sunset_plan_length" => ("sunset_plan", "Use at most 20000 characters."),
        "lifecycle_criteria_limit" => ("criteria", "Use 1 to 20 criteria."),
        "Product_key_key" => ("key", "This key is taken. Please choose another."),
        "product_key_shape" => ("key", "Use 2 to 64 lower-case letters, digits and single hyphens."),
        "Team_organizationId_slug_key" => {
            ("slug", "This address is taken, if not by a team that you see then by a deleted one. Choose another, or restore that team.")
        }
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
        "webhook_name_length" => ("name", "Enter a name of at most 200 characters."),
        "webhook_url_shape" => ("url", "Enter an address of at most 2048 characters, such as https://example.com/hook."),
        "webhook_events_limit" => ("events", "Use at most 100 events of at most 100 characters."),
        _ => return None,
    })
}
