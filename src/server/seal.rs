//! Secrets at rest: AES-256-GCM under the installation's own key.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rand::TryRng;

use super::config::KeyOption;
use super::db::internal;
use super::id::hash_bytes;
use crate::kernel::error::AppError;

/// The file in the data folder that holds the key when no setting does.
const FILE: &str = "secret.key";
const NONCE_BYTES: usize = 12;

/// The installation's key.
#[derive(Clone)]
pub struct Key {
    cipher: Arc<Aes256Gcm>,
    fingerprint: Arc<str>,
}

impl Key {
    /// The key given as 32 bytes in base64.
    ///
    /// The error is one sentence for the person at the command line.
    pub fn parse(base64: &str) -> Result<Key, String> {
        let bytes = STANDARD_NO_PAD.decode(base64.trim().trim_end_matches('=')).unwrap_or_default();
        let cipher = Aes256Gcm::new_from_slice(&bytes).map_err(|_| "The secret key must be 32 bytes in base64.".to_owned())?;
        Ok(Key { cipher: Arc::new(cipher), fingerprint: hash_bytes(&bytes).into() })
    }

    /// The key as it is set, or is in the data folder; none where neither is, and none is made.
    ///
    /// The error is one sentence for the person at the command line.
    pub fn find(option: &KeyOption, data: &Path) -> Result<Option<Key>, String> {
        match option.given() {
            Some(key) => Key::parse(key).map(Some),
            None if file_in(data).exists() => Key::of_folder(data).map(Some),
            None => Ok(None),
        }
    }

    /// By which two keys can be told apart, and neither be found: its SHA-256.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The key in the data folder; made of chance at the first start, readable by its owner alone.
    ///
    /// The error is one sentence for the person at the command line.
    pub fn of_folder(data: &Path) -> Result<Key, String> {
        let path = file_in(data);
        let told = |error: std::io::Error| format!("The secret key {} cannot be used: {error}", path.display());
        if !path.exists() {
            std::fs::create_dir_all(data).map_err(told)?;
            write_new(&path, &random_key()?).or_else(|error| match error.kind() {
                // Another process was first.
                std::io::ErrorKind::AlreadyExists => Ok(()),
                _ => Err(told(error)),
            })?;
        }
        Key::parse(&std::fs::read_to_string(&path).map_err(told)?).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Whether the text was sealed under this key.
    pub fn opens(&self, sealed: &str) -> bool {
        self.unseal(sealed).is_ok()
    }

    /// Encrypts under a fresh nonce; gives base64 of nonce and ciphertext.
    pub fn seal(&self, plain: &str) -> Result<String, AppError> {
        let nonce = random::<NONCE_BYTES>().map_err(internal)?;
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), plain.as_bytes()).map_err(internal)?;
        Ok(STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// Decrypts what `seal` gave.
    ///
    /// # Errors
    /// `Internal` for a text that was changed or sealed under another key.
    pub fn open(&self, sealed: &str) -> Result<String, AppError> {
        self.unseal(sealed).map_err(internal)
    }

    /// As `open`, for a text that anybody may have sent: that it does not open is no failure of ours.
    pub fn try_open(&self, sealed: &str) -> Option<String> {
        self.unseal(sealed).ok()
    }

    fn unseal(&self, sealed: &str) -> Result<String, String> {
        let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|error| error.to_string())?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or("a sealed text is too short")?;
        let plain = self.cipher.decrypt(&Nonce::from(*nonce), sealed).map_err(|error| error.to_string())?;
        String::from_utf8(plain).map_err(|error| error.to_string())
    }
}

/// Where the data folder keeps its key.
pub fn file_in(data: &Path) -> PathBuf {
    data.join(FILE)
}

fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0u8; N];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn random_key() -> Result<String, String> {
    Ok(STANDARD_NO_PAD.encode(random::<32>()?))
}

/// Written whole under another name first, so that a second process never reads half a key.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_under_the_same_key_alone() {
        let key = || Key::parse(&random_key().unwrap()).unwrap();
        let (one, other) = (key(), key());
        let sealed = one.seal("a secret 🚀").unwrap();
        assert_eq!(one.open(&sealed).unwrap(), "a secret 🚀");
        assert_ne!(sealed, one.seal("a secret 🚀").unwrap());
        assert!(other.open(&sealed).is_err());
        assert!(one.open(&sealed[..sealed.len() - 2]).is_err());
        assert!(one.open("x").is_err() && Key::parse("short").is_err());
    }

    #[test]
    fn the_folder_keeps_its_key_to_its_owner() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(super::super::id::new_id());
        let sealed = Key::of_folder(&folder).unwrap().seal("kept").unwrap();
        assert_eq!(Key::of_folder(&folder).unwrap().open(&sealed).unwrap(), "kept");
        assert_eq!(std::fs::metadata(folder.join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
