//! Who runs Postgres: it refuses root, so root hands its processes and files to an ordinary account.

use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, lchown};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use super::EmbeddedError;

/// In order of preference.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];

/// The account that runs Postgres and owns its files.
#[derive(Debug)]
pub(super) enum Account {
    /// Our own.
    Own,
    /// Another one: we are root.
    Other(Ids),
    /// Another one, which may not enter a parent of the data folder (such as `/root`) without a capability.
    ///
    /// With it a superuser of the database can read any file of the system, so it is a last resort.
    OtherWithCapability(Ids),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ids {
    uid: u32,
    gid: u32,
}

impl Account {
    /// Chooses the account for the folder `root`, whose cluster is in `data`.
    pub(super) async fn choose(root: &Path, data: &Path) -> Result<Account, EmbeddedError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Account::Own);
        }
        let ids = owner(data).or_else(service_ids).ok_or(EmbeddedError::NoAccount)?;
        let Some(folder) = closed_parent(root, ids) else {
            return Ok(Account::Other(ids));
        };
        let account = Account::OtherWithCapability(ids);
        let tried = account.command(Path::new("true")).stderr(Stdio::null()).status().await;
        if tried.is_ok_and(|status| status.success()) {
            tracing::warn!(folder = %folder.display(), "Postgres may not enter this folder: it is given CAP_DAC_READ_SEARCH");
            return Ok(account);
        }
        Err(EmbeddedError::ClosedFolder { folder, uid: ids.uid })
    }

    /// A command run by this account, out of reach of a Ctrl-C at our terminal.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = match self {
            Account::Own => Command::new(program),
            Account::Other(ids) => {
                let mut command = Command::new(program);
                command.uid(ids.uid).gid(ids.gid);
                command
            }
            Account::OtherWithCapability(ids) => with_capability(*ids, program),
        };
        // The account may not be able to stay in our working folder, and `initdb` insists on returning to it.
        command.process_group(0).current_dir("/");
        without_client_settings(&mut command);
        command
    }

    /// Gives one file or folder to this account.
    pub(super) fn own(&self, path: &Path) -> Result<(), EmbeddedError> {
        let Some(ids) = self.other() else {
            return Ok(());
        };
        let metadata = path.symlink_metadata().map_err(EmbeddedError::io(path))?;
        ids.take(path, &metadata)
    }

    /// Gives a folder with all it holds to this account, if the folder is not yet its own.
    pub(super) fn own_tree(&self, path: &Path) -> Result<(), EmbeddedError> {
        match (self.other(), path.symlink_metadata()) {
            (Some(ids), Ok(metadata)) if metadata.uid() != ids.uid => ids.take_tree(path, &metadata),
            _ => Ok(()),
        }
    }

    fn other(&self) -> Option<Ids> {
        match self {
            Account::Own => None,
            Account::Other(ids) | Account::OtherWithCapability(ids) => Some(*ids),
        }
    }
}

impl Ids {
    /// The folder itself comes last: while it is not ours, an interrupted run is known to be unfinished.
    fn take_tree(self, path: &Path, metadata: &Metadata) -> Result<(), EmbeddedError> {
        if metadata.is_dir() {
            for entry in fs::read_dir(path).map_err(EmbeddedError::io(path))? {
                let entry = entry.map_err(EmbeddedError::io(path))?;
                let metadata = entry.metadata().map_err(EmbeddedError::io(path))?;
                self.take_tree(&entry.path(), &metadata)?;
            }
        }
        self.take(path, metadata)
    }

    fn take(self, path: &Path, metadata: &Metadata) -> Result<(), EmbeddedError> {
        if (metadata.uid(), metadata.gid()) == (self.uid, self.gid) {
            return Ok(());
        }
        lchown(path, Some(self.uid), Some(self.gid)).map_err(EmbeddedError::io(path))
    }

    fn may_enter(self, folder: &Metadata) -> bool {
        let bit = match folder {
            _ if folder.uid() == self.uid => 0o100,
            _ if folder.gid() == self.gid => 0o010,
            _ => 0o001,
        };
        folder.mode() & bit != 0
    }
}

/// An existing cluster keeps its owner, so that a user's own cluster survives one start as root.
fn owner(data: &Path) -> Option<Ids> {
    let metadata = data.metadata().ok().filter(|metadata| metadata.uid() != 0)?;
    Some(Ids { uid: metadata.uid(), gid: metadata.gid() })
}

fn service_ids() -> Option<Ids> {
    let passwd = fs::read_to_string("/etc/passwd").ok()?;
    ACCOUNTS.iter().find_map(|name| passwd.lines().find_map(|line| parse_passwd(line, name)))
}

fn parse_passwd(line: &str, name: &str) -> Option<Ids> {
    let mut fields = line.split(':');
    if fields.next()? != name {
        return None;
    }
    Some(Ids { uid: fields.nth(1)?.parse().ok()?, gid: fields.next()?.parse().ok()? })
}

/// The outermost parent of `root` that the account may not enter, along the path as given and as resolved.
fn closed_parent(root: &Path, ids: Ids) -> Option<PathBuf> {
    let resolved = root.parent().and_then(|parent| parent.canonicalize().ok());
    let resolved = resolved.iter().flat_map(|parent| parent.ancestors());
    let closed = |folder: &&Path| folder.metadata().is_ok_and(|metadata| !ids.may_enter(&metadata));
    root.ancestors().skip(1).chain(resolved).filter(closed).min_by_key(|folder| folder.as_os_str().len()).map(Path::to_owned)
}

fn with_capability(ids: Ids, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args([format!("--reuid={}", ids.uid), format!("--regid={}", ids.gid)])
        .args(["--clear-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--"])
        .arg(program);
    command
}

/// `PGPORT`, `PGDATA` and their like are meant for the user's other servers.
fn without_client_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if OsStr::as_bytes(&name).starts_with(b"PG") {
            command.env_remove(name);
        }
    }
}
