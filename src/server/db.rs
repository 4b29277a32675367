//! The connection to Postgres, and the schema's versions.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};

use super::config::Database;
use super::embedded::Embedded;
use super::id::new_id;
use super::refused::meaning;
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
            sqlx::Error::Database(refusal) => meaning(refusal.code().as_deref(), refusal.constraint()).unwrap_or_else(|| internal(&error)),
            _ => internal(&error),
        }
    }
}
