//! What the database holds sealed, and whether this installation's key opens it. A restored database is of no use without its key,
//! and nothing else would say so before mails are given up and webhooks are refused.

use sqlx::{PgConnection, PgPool};

use super::scope::System;
use super::seal::Key;

/// Statements, each of whoever stores it, for what is sealed and has to be opened again. A further one is a line here.
const SEALED: [&str; 3] = [super::mail::SEALED, crate::member::store::SEALED, crate::webhook::store::SEALED];

/// What was looked at, and how much of it the key does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    pub all: usize,
    pub closed: usize,
}

impl Sealed {
    /// Looks with this key, or without any; the connection's role sees every tenant.
    pub async fn look(connection: &mut PgConnection, key: Option<&Key>) -> Result<Sealed, sqlx::Error> {
        let mut found = Vec::new();
        for statement in SEALED {
            found.extend(sqlx::query_scalar::<_, String>(statement).fetch_all(&mut *connection).await?);
        }
        let closed = found.iter().filter(|sealed| key.is_none_or(|key| !key.opens(sealed))).count();
        Ok(Sealed { all: found.len(), closed })
    }
}

/// Tells the log of a server that begins with another key than its database's.
pub async fn warn(pool: &PgPool, key: &Key) {
    let looked = async {
        let mut system = System::open(pool).await?;
        let sealed = Sealed::look(system.db(), Some(key)).await?;
        system.commit(sealed).await
    };
    match looked.await {
        Ok(Sealed { closed: 0, .. }) => {}
        Ok(Sealed { all, closed }) => tracing::error!(
            "the secret key is not the one that {closed} of {all} secrets in the database are sealed under: webhooks cannot sign, and mails \
             that wait are given up. Bring that key along, as secret.key in the data folder or in PRODMATIC_SECRET_KEY"
        ),
        Err(error) => tracing::warn!(%error, "whether the secret key fits the database cannot be looked up"),
    }
}
