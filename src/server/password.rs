//! Password hashing with Argon2id, at the OWASP parameters of 19 MiB, two passes, one lane (the crate's defaults).

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::LazyLock;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::db::internal;
use crate::kernel::error::AppError;

/// Hashes at work at one time: each takes 19 MiB and a core.
static PLACES: Semaphore = Semaphore::const_new(2);

/// A hash that no password has, so that an unknown address takes as long to refuse as a known one.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody has this password").ok());

fn hash_now(password: &str) -> Result<String, AppError> {
    Ok(Argon2::default().hash_password(password.as_bytes()).map_err(internal)?.to_string())
}

fn verify_now(password: &str, stored: Option<&str>) -> bool {
    let Some(hash) = stored.or(NOBODY.as_deref()) else { return false };
    let matches = PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    matches && stored.is_some()
}

/// The hash to store of a password, with a salt of its own.
pub async fn hash(password: String) -> Result<String, AppError> {
    let _place = PLACES.acquire().await.map_err(internal)?;
    spawn_blocking(move || hash_now(&password)).await.map_err(internal)?
}

/// Whether the password is the one that was stored; takes the same time when nothing was.
pub async fn verify(password: String, stored: Option<String>) -> Result<bool, AppError> {
    let _place = PLACES.acquire().await.map_err(internal)?;
    spawn_blocking(move || verify_now(&password, stored.as_deref())).await.map_err(internal)
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn only_the_right_password_opens() {
        let stored = super::hash("correct horse".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(super::verify("correct horse".into(), Some(stored.clone())).await.unwrap());
        assert!(!super::verify("wrong horse".into(), Some(stored)).await.unwrap());
        assert!(!super::verify("nobody has this password".into(), None).await.unwrap());
    }
}
