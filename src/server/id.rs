//! Identifiers and secrets.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRng;
use sha2::{Digest, Sha256};

use crate::kernel::error::AppError;

/// A new row's id: a cuid, so that ids made later sort later and indexes grow at one end.
pub fn new_id() -> String {
    cuid::cuid1()
}

/// A secret of 256 bits from the operating system, as a word for a cookie or an address.
pub fn new_token() -> Result<String, AppError> {
    let mut bytes = [0u8; 32];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes).map_err(super::db::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored of a secret, so that a leaked table opens nothing.
pub fn hash(secret: &str) -> String {
    hash_bytes(secret.as_bytes())
}

/// SHA-256 in hexadecimal.
pub fn hash_bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Nothing can go wrong in writing to a string.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
