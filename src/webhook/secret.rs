//! What deliveries are signed with, and how (Standard Webhooks 1.0.0).

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chrono::Utc;
use hmac::{Hmac, KeyInit, Mac};
use rand::TryRng;
use sha2::Sha256;

use crate::kernel::error::AppError;
use crate::server::db::internal;
use crate::server::seal::Key;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// Random bytes of a new secret; the specification asks for 24 to 64.
const BYTES: usize = 32;
/// What a stored secret begins with that is sealed. Any other is as a client of the published schema has put it there.
const SEALED: &str = "sealed:";

/// Secrets that sign at once at most: the one in use, and those before it that have their day.
pub const SIGNING_MAX: usize = 5;

/// How long whoever has made a secret may look at it, in seconds.
const SEEN: i64 = 600;

/// With padding or without.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&ALPHABET, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// A new secret, `whsec_…`.
pub fn generate() -> Result<String, AppError> {
    let mut bytes = [0u8; BYTES];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes).map_err(internal)?;
    Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
}

/// The secrets as they are stored: the one in use, and behind it those before, the newest first.
pub fn seal(key: &Key, secrets: &[&str]) -> Result<String, AppError> {
    // No secret of ours holds a space; one that came from elsewhere may.
    let line = serde_json::to_string(secrets).map_err(internal)?;
    Ok(format!("{SEALED}{}", key.seal(&line)?))
}

/// Reads what `seal` gave, or the one secret that somebody else has stored as it is.
///
/// # Errors
/// `Internal` for secrets that were sealed under another key.
pub fn open(key: &Key, stored: &str) -> Result<Vec<String>, AppError> {
    match stored.strip_prefix(SEALED) {
        Some(sealed) => serde_json::from_str(&key.open(sealed)?).map_err(internal),
        None => Ok(vec![stored.to_owned()]),
    }
}

/// The value of `webhook-signature` for this secret: `v1,` and HMAC-SHA256 of id, time (seconds since 1970) and body.
pub fn sign(secret: &str, id: &str, time: i64, body: &str) -> Result<String, AppError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key_of(secret)).map_err(internal)?;
    mac.update(format!("{id}.{time}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// A word that lets this session see the secret of this webhook, for ten minutes. It leads to the page after the secret was
/// made, and does not hold the secret, so an address in a history or a log gives nothing away.
pub fn may_be_seen_by(key: &Key, webhook: &str, session: &str) -> Result<String, AppError> {
    key.seal(&ticket(webhook, session, Utc::now().timestamp() + SEEN))
}

/// Whether this is such a word.
pub fn may_see(key: &Key, word: &str, webhook: &str, session: &str) -> bool {
    let opened = key.try_open(word).unwrap_or_default();
    let until = opened.rsplit(' ').next().and_then(|until| until.parse().ok()).unwrap_or_default();
    until > Utc::now().timestamp() && opened == ticket(webhook, session, until)
}

fn ticket(webhook: &str, session: &str, until: i64) -> String {
    format!("webhook secret {webhook} {session} {until}")
}

/// What the secret stands for; one that is not written as the specification has it stands for itself.
fn key_of(secret: &str) -> Vec<u8> {
    let decoded = secret.strip_prefix(PREFIX).and_then(|text| LENIENT.decode(text).ok());
    decoded.unwrap_or_else(|| secret.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::parse(&"A".repeat(43)).unwrap()
    }

    /// The example of the specification.
    #[test]
    fn the_signature_is_that_of_the_specification() {
        let (secret, id) = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek");
        let signature = sign(secret, id, 1_614_265_330, r#"{"test": 2432232314}"#).unwrap();
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_new_secret_is_long_enough_and_another_each_time() {
        let (one, other) = (generate().unwrap(), generate().unwrap());
        assert_ne!(one, other);
        assert!((24..=64).contains(&key_of(&one).len()) && key_of(&one) != one.as_bytes());
        assert_eq!(key_of(one.trim_end_matches('=')), key_of(&one), "padding or not");
        assert_eq!((key_of("plain"), key_of("whsec_!")), (b"plain".to_vec(), b"whsec_!".to_vec()));
    }

    #[test]
    fn only_the_session_that_made_a_secret_sees_it_and_not_for_long() {
        let word = may_be_seen_by(&key(), "w1", "s1").unwrap();
        assert!(may_see(&key(), &word, "w1", "s1"));
        assert!(!may_see(&key(), &word, "w2", "s1") && !may_see(&key(), &word, "w1", "s2") && !may_see(&key(), "x", "w1", "s1"));
        let over = key().seal(&ticket("w1", "s1", Utc::now().timestamp() - 1)).unwrap();
        assert!(!may_see(&key(), &over, "w1", "s1"));
    }

    #[test]
    fn what_is_stored_does_not_tell_the_secret_and_a_plain_one_is_read_too() {
        let sealed = seal(&key(), &["whsec_new", "a plain one"]).unwrap();
        assert!(!sealed.contains("whsec") && sealed.starts_with(SEALED));
        assert_eq!(open(&key(), &sealed).unwrap(), ["whsec_new", "a plain one"]);
        assert_eq!(open(&key(), "whsec_foreign").unwrap(), ["whsec_foreign"]);
        assert!(open(&Key::parse(&"E".repeat(43)).unwrap(), &sealed).is_err());
    }
}
