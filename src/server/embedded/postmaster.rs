//! Whether a Postgres runs on a data folder, whoever started it: `postmaster.pid` says which process.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, test_kill_process};

use super::EmbeddedError;
use super::cluster::ignore_missing;

/// The process that runs on `data`.
pub(super) fn live(data: &Path) -> Option<Pid> {
    recorded(data).filter(|pid| is_postmaster(*pid, data))
}

/// Removes what would keep Postgres from starting although no process runs on `data`.
///
/// Postgres clears up after a dead process by itself, but takes an empty file, a zombie or any
/// process of the same user with the old number (common in containers) for a running server.
pub(super) fn remove_misleading_pid(data: &Path, socket: &Path) -> Result<(), EmbeddedError> {
    if recorded(data).is_some_and(|pid| !exists(pid) || is_postmaster(pid, data)) {
        return Ok(());
    }
    for path in [socket.with_added_extension("lock"), pid_file(data)] {
        ignore_missing(fs::remove_file(&path)).map_err(EmbeddedError::io(&path))?;
    }
    Ok(())
}

fn recorded(data: &Path) -> Option<Pid> {
    let text = fs::read_to_string(pid_file(data)).ok()?;
    text.lines().next()?.trim().parse().ok().and_then(Pid::from_raw)
}

fn pid_file(data: &Path) -> PathBuf {
    data.join("postmaster.pid")
}

fn exists(pid: Pid) -> bool {
    test_kill_process(pid) != Err(rustix::io::Errno::SRCH)
}

/// Postgres works in its data folder, which tells it from a process that has inherited its number.
fn is_postmaster(pid: Pid, data: &Path) -> bool {
    if !exists(pid) {
        return false;
    }
    if !Path::new("/proc/self/stat").exists() {
        return true;
    }
    let process = PathBuf::from(format!("/proc/{}", pid.as_raw_nonzero()));
    match (process.join("cwd").metadata(), data.metadata()) {
        (Ok(cwd), Ok(data)) => (cwd.dev(), cwd.ino()) == (data.dev(), data.ino()),
        (Err(error), _) if error.kind() == ErrorKind::PermissionDenied => runs_postgres(&process),
        _ => false,
    }
}

/// For root in a container, who may not see where another account's process works.
fn runs_postgres(process: &Path) -> bool {
    let stat = fs::read_to_string(process.join("stat"));
    stat.is_ok_and(|stat| stat.contains("(postgres)") && !stat.contains(") Z "))
}
