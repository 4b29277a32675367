//! The database: its version, the roles, the schema, the walls between tenants, the clock.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::{Connection, PgConnection};

use super::{Finding, work};
use crate::server::backup::catalog;
use crate::server::config::{Database, Options};
use crate::server::db::{MIGRATIONS, Reached};
use crate::server::embedded::Embedded;

/// Seconds by which two clocks may differ.
const SKEW: f64 = 2.0;

/// What cannot be looked at is wrong, and said so.
pub type Looked = Result<Finding, (&'static str, sqlx::Error)>;

pub async fn look(options: &Options, database: &Database) -> Vec<Finding> {
    let what = "database";
    if database.url().is_none() && !Embedded::exists(&database.data) {
        return vec![Finding::note(what, format!("there is none yet; the first start makes one in {}", database.data.display()))];
    }
    let reached = match Reached::reach(database).await {
        Ok(reached) => reached,
        Err(error) => return vec![Finding::wrong(what, error)],
    };
    let findings = match reached.connect().await {
        Ok(mut connection) => {
            let findings = examine(&mut connection, options, database).await;
            // It was only looked at.
            let _ = connection.close().await;
            findings
        }
        Err(error) => vec![Finding::wrong(what, error)],
    };
    reached.close().await;
    findings
}

pub async fn examine(connection: &mut PgConnection, options: &Options, database: &Database) -> Vec<Finding> {
    let mut findings = vec![said(version(connection).await), said(clock(connection).await), said(roles(connection).await)];
    let (schema, is_current) = match schema(connection).await {
        Ok(found) => found,
        Err(error) => (said(Err(("schema", error))), false),
    };
    findings.push(schema);
    if is_current {
        findings.push(said(walls(connection).await));
        findings.push(said(search(connection).await));
        findings.push(said(zone(connection).await));
        findings.extend(work::look(connection, &options.key, &database.data).await);
    }
    findings
}

/// A look as a finding.
pub fn said(looked: Looked) -> Finding {
    looked.unwrap_or_else(|(what, error)| Finding::wrong(what, format!("this cannot be looked at: {error}")))
}

async fn version(connection: &mut PgConnection) -> Looked {
    let what = "database";
    let asked = "SELECT current_setting('server_version'), current_setting('server_encoding'), current_database()::text,
                        pg_size_pretty(pg_database_size(current_database()))";
    let found: (String, String, String, String) = sqlx::query_as(asked).fetch_one(connection).await.map_err(|error| (what, error))?;
    let (version, encoding, name, size) = found;
    Ok(match encoding.as_str() {
        "UTF8" => Finding::good(what, format!("Postgres {version}, {name}, {size}")),
        _ => Finding::wrong(what, format!("{name} has the encoding {encoding}: make a database with ENCODING 'UTF8'")),
    })
}

/// The clocks are compared in the middle of the question.
async fn clock(connection: &mut PgConnection) -> Looked {
    let what = "clock";
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let before = now();
    let theirs: f64 = sqlx::query_scalar("SELECT extract(epoch FROM clock_timestamp())::double precision")
        .fetch_one(connection)
        .await
        .map_err(|error| (what, error))?;
    let skew = theirs - (before + now()) / 2.0;
    Ok(match skew.abs() <= SKEW {
        true => Finding::good(what, "this machine and the database agree"),
        false => Finding::wrong(
            what,
            format!("the database's clock is {skew:+.0} s from this machine's: set both by NTP, or sign-ins expire wrongly"),
        ),
    })
}

async fn roles(connection: &mut PgConnection) -> Looked {
    let what = "roles";
    let asked = "SELECT name, r.oid IS NOT NULL, coalesce(r.rolsuper OR r.rolbypassrls, false),
                        coalesce(pg_has_role(current_user, r.oid, CASE WHEN current_setting('server_version_num')::int >= 160000
                                                                       THEN 'SET' ELSE 'MEMBER' END), false)
                   FROM unnest(ARRAY['prodmatic_app', 'prodmatic_system']) AS name LEFT JOIN pg_roles r ON r.rolname = name";
    let found: Vec<(String, bool, bool, bool)> = sqlx::query_as(asked).fetch_all(&mut *connection).await.map_err(|error| (what, error))?;
    let started: bool = sqlx::query_scalar(catalog::IS_MIGRATED).fetch_one(connection).await.map_err(|error| (what, error))?;
    for (name, exists, passes, ours) in found {
        let told = match (exists, passes, ours) {
            (false, ..) if !started => {
                return Ok(Finding::note(what, "the first start makes them; the role of DATABASE_URL has to be allowed to"));
            }
            (false, ..) => {
                format!("{name} is missing: CREATE ROLE {name} NOLOGIN, then restore the database once more, since what it may do is lost")
            }
            (_, true, _) => format!("row security does not bind {name}: ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS"),
            (.., false) => format!("the role of DATABASE_URL cannot become {name}: GRANT {name} TO it"),
            _ => continue,
        };
        return Ok(Finding::wrong(what, told));
    }
    Ok(Finding::good(what, "requests run as one that row security binds"))
}

/// Also whether the schema is that of this program.
async fn schema(connection: &mut PgConnection) -> Result<(Finding, bool), sqlx::Error> {
    let what = "schema";
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    let is_migrated: bool = sqlx::query_scalar(catalog::IS_MIGRATED).fetch_one(&mut *connection).await?;
    if !is_migrated {
        return Ok((Finding::note(what, "there is none yet; the first start makes it"), false));
    }
    let applied: Vec<(i64, String, bool)> = sqlx::query_as(catalog::APPLIED).fetch_all(connection).await?;
    let ours: BTreeMap<i64, String> =
        MIGRATIONS.iter().map(|migration| (migration.version, crate::server::backup::hex(&migration.checksum))).collect();
    if let Some((version, ..)) = applied.iter().find(|(.., success)| !success) {
        return Ok((Finding::wrong(what, format!("migration {version} was not finished: restore a backup")), false));
    }
    if let Some((version, ..)) = applied.iter().find(|(version, checksum, _)| ours.get(version) != Some(checksum)) {
        let told =
            format!("migration {version} is not known to ProdMatic {}: run the newer version that has made it", env!("CARGO_PKG_VERSION"));
        return Ok((Finding::wrong(what, told), false));
    }
    Ok(match ours.len() - applied.len() {
        0 => (Finding::good(what, format!("version {newest}")), true),
        number => (Finding::note(what, format!("{number} migrations are to come at the next start: make a backup before")), false),
    })
}

/// Every table with a tenant, less those that the application's role may not even read.
async fn walls(connection: &mut PgConnection) -> Looked {
    let what = "row security";
    let asked = r#"
        SELECT count(*), coalesce(string_agg(c.relname, ', ' ORDER BY c.relname) FILTER (WHERE NOT (
                 c.relrowsecurity AND c.relforcerowsecurity
                 AND ARRAY['system', 'tenant']::name[] <@ (SELECT array_agg(p.polname) FROM pg_policy p WHERE p.polrelid = c.oid))), '')
          FROM pg_class c
         WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND has_table_privilege('prodmatic_app', c.oid, 'SELECT')
           AND (c.relname = 'Organization'
                OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organizationId' AND NOT a.attisdropped))"#;
    let (number, open): (i64, String) = sqlx::query_as(asked).fetch_one(connection).await.map_err(|error| (what, error))?;
    Ok(match (number, open.as_str()) {
        // As after a dump that was restored where the roles were not.
        (0, _) => Finding::wrong(what, "prodmatic_app may not read a single table: its rights are lost; restore the database once more"),
        (_, "") => Finding::good(what, format!("forced on {number} tables")),
        (_, open) => {
            Finding::wrong(what, format!("not forced on {open}: somebody has changed the schema; restore a backup into a fresh database"))
        }
    })
}

async fn zone(connection: &mut PgConnection) -> Looked {
    let what = "time zone";
    // Our own connections ask for UTC, so it is looked up what others get.
    let asked = "SELECT EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
                  WHERE d.datname = current_database() AND s.setrole = 0 AND s.setconfig::text ~* '[{,]timezone=utc[,}]')";
    let is_utc: bool = sqlx::query_scalar(asked).fetch_one(connection).await.map_err(|error| (what, error))?;
    Ok(match is_utc {
        true => Finding::good(what, "other programs get times in UTC too"),
        false => Finding::note(what, "Prisma's client may take times for others than they are: ALTER DATABASE … SET timezone = 'UTC'"),
    })
}

async fn search(connection: &mut PgConnection) -> Looked {
    let what = "search";
    let asked = "SELECT EXISTS (SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                  WHERE c.relname = 'SearchEntry_search_idx' AND i.indisvalid AND i.indnatts = 2),
                        EXISTS (SELECT FROM pg_class WHERE relname = 'SearchWord_alike_idx')";
    let (is_led, has_trigrams): (bool, bool) = sqlx::query_as(asked).fetch_one(connection).await.map_err(|error| (what, error))?;
    Ok(match (is_led, has_trigrams) {
        (true, true) => Finding::good(what, "its index begins with the organisation, and words typed wrong are found by trigrams"),
        (false, _) => Finding::note(what, "its index is not as it could be: the extension btree_gin was not there at the first start"),
        (true, false) => Finding::note(
            what,
            "of words typed wrong only those with one wrong letter are found: CREATE EXTENSION pg_trgm, then SELECT search_use_trigrams()",
        ),
    })
}
