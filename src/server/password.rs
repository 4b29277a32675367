//! Password hashing with Argon2id, at the OWASP parameters of 19 MiB, two passes, one lane (the crate's defaults).

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::db::internal;
use crate::kernel::error::AppError;

/// Hashes at work at one time: each takes 19 MiB and a core.
static PLACES: Semaphore = Semaphore::const_new(2);

/// As the hashes that are stored, but of no password: to compare with it takes as long, so that an unknown address is refused no
/// sooner than a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn hash_now(password: &str) -> Result<String, AppError> {
    Ok(Argon2::default().hash_password(password.as_bytes()).map_err(internal)?.to_string())
}

fn verify_now(password: &str, stored: Option<&str>) -> bool {
    let matches =
        PasswordHash::new(stored.unwrap_or(NOBODY)).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
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
    #[test]
    fn nobodys_hash_is_as_those_of_people() {
        let told = |part: &str| if part.len() < 20 { part.to_owned() } else { part.len().to_string() };
        let shape = |hash: &str| hash.split('$').map(told).collect::<Vec<_>>();
        assert_eq!(shape(super::NOBODY), shape(&super::hash_now("a long enough password").unwrap()));
        assert!(argon2::password_hash::phc::PasswordHash::new(super::NOBODY).is_ok(), "it is read, so it is compared");
    }

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let stored = super::hash("correct horse".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(super::verify("correct horse".into(), Some(stored.clone())).await.unwrap());
        assert!(!super::verify("wrong horse".into(), Some(stored)).await.unwrap());
        assert!(!super::verify("nobody has this password".into(), None).await.unwrap());
    }
}
