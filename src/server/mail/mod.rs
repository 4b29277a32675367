//! Mail: written in the transaction of what it tells of, sent afterwards.

pub mod outgoing;
mod parts;
#[cfg(test)]
mod tests;
pub mod worker;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::db::internal;
use super::id::new_id;
use super::request::settings;
use super::seal::Key;
use crate::kernel::error::AppError;

/// A message to one person. Text and HTML are made of the same parts, so that both say the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub to: String,
    pub subject: String,
    pub paragraphs: Vec<String>,
    /// The label and the address of the one thing to do.
    pub button: Option<(String, String)>,
}

/// The newest mail as it is sealed.
pub const SEALED: &str = r#"SELECT sealed FROM "Mail" ORDER BY "createdAt" DESC LIMIT 1"#;

/// Hands the message over, in a server function; it is sent once the transaction is committed.
pub async fn queue(db: &mut PgConnection, message: Message) -> Result<(), AppError> {
    queue_under(db, &settings()?.key, message).await
}

/// As `queue`, outside a server function: under the key of this installation's settings.
pub async fn queue_under(db: &mut PgConnection, key: &Key, message: Message) -> Result<(), AppError> {
    let sealed = key.seal(&serde_json::to_string(&message).map_err(internal)?)?;
    sqlx::query(r#"INSERT INTO "Mail" (id, sealed) VALUES ($1, $2)"#).bind(new_id()).bind(sealed).execute(db).await?;
    Ok(())
}
