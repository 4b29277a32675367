//! File locks: the kernel releases them when a process dies, however it dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::EmbeddedError;

const POLL: Duration = Duration::from_millis(20);
const WORTH_A_WORD: Duration = Duration::from_secs(2);

/// A lock on a file, held until dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Waits until no other process holds the lock.
    pub(super) async fn exclusive(path: PathBuf) -> Result<Lock, EmbeddedError> {
        Lock::wait(path, File::try_lock).await
    }

    /// Waits until no other process holds the lock exclusively.
    pub(super) async fn shared(path: PathBuf) -> Result<Lock, EmbeddedError> {
        Lock::wait(path, File::try_lock_shared).await
    }

    /// Polls, because a blocking wait could not be cancelled and would hold up the program's exit.
    async fn wait(path: PathBuf, attempt: fn(&File) -> Result<(), TryLockError>) -> Result<Lock, EmbeddedError> {
        let file = open_private(&path)?;
        let mut say_so = Some(Instant::now() + WORTH_A_WORD);
        loop {
            match attempt(&file) {
                Ok(()) => return Ok(Lock { file, path }),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(POLL).await,
                Err(TryLockError::Error(reason)) => return Err(EmbeddedError::Io { path, reason }),
            }
            if say_so.is_some_and(|at| at < Instant::now()) {
                say_so = None;
                tracing::info!(lock = %path.display(), "waiting for another process on the same data folder");
            }
        }
    }

    /// Turns a shared lock into one that keeps newcomers out; `None` if another process shares it.
    ///
    /// Releasing first means that of several processes leaving together, one succeeds.
    pub(super) fn into_exclusive(self) -> Option<Lock> {
        self.file.unlock().ok()?;
        self.file.try_lock().ok()?;
        Some(self)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The lock as a child's standard input: it then outlives this process until the child ends too.
    pub(super) fn lend(&self) -> Result<Stdio, EmbeddedError> {
        self.file.try_clone().map(Stdio::from).map_err(EmbeddedError::io(&self.path))
    }
}

/// Opens for appending a file in the folder of the account that runs Postgres.
///
/// Never through a link: root must not write where that account points it.
pub(super) fn open_private(path: &Path) -> Result<File, EmbeddedError> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32)
        .open(path)
        .map_err(EmbeddedError::io(path))
}
