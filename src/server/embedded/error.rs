use std::io;
use std::path::{Path, PathBuf};

use super::binaries::MINIMUM_MAJOR;

/// Why the private Postgres cannot be used, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// The operating system limits the path of a Unix socket to about a hundred bytes.
    #[error("The path {} is too long for a Unix socket: choose a shorter data folder with --data.", .0.display())]
    PathTooLong(PathBuf),

    /// Nothing usable in the known places.
    #[error(
        "No PostgreSQL {MINIMUM_MAJOR} or newer was found: install it, name its bin folder in \
         PRODMATIC_POSTGRES_BIN, or set DATABASE_URL to use a server elsewhere."
    )]
    NotInstalled,

    /// `PRODMATIC_POSTGRES_BIN` is set, so nowhere else is searched.
    #[error(
        "PRODMATIC_POSTGRES_BIN names {}, where no initdb and postgres of version {MINIMUM_MAJOR} or newer \
         were found: correct it, or unset it to search the usual places.", .0.display()
    )]
    BadBinFolder(PathBuf),

    /// The cluster needs binaries of its own major version.
    #[error(
        "The database in {} was made by PostgreSQL {major}, which is not installed here (found: [{installed}]): \
         install postgresql-{major}, or dump the database with PostgreSQL {major} and restore it into a new data \
         folder, or set DATABASE_URL to use a server elsewhere; nothing was changed.", data.display()
    )]
    OtherMajor { data: PathBuf, major: u32, installed: String },

    /// Older than anything the schema is tested with.
    #[error(
        "The database in {} was made by PostgreSQL {major}, and {MINIMUM_MAJOR} is the oldest supported: dump it with \
         PostgreSQL {major} and restore it into a new data folder, or set DATABASE_URL to use a server elsewhere; \
         nothing was changed.", data.display()
    )]
    TooOld { data: PathBuf, major: u32 },

    /// Something else occupies the cluster's folder.
    #[error("{} holds files but no PostgreSQL database: move them away, or choose another data folder with --data.", .0.display())]
    NotACluster(PathBuf),

    /// Postgres refuses to run as root, and there is no account to drop to.
    #[error(
        "PostgreSQL refuses to run as root, and this system has neither an account `postgres` nor `nobody`: \
         start prodmatic as another user."
    )]
    NoAccount,

    /// The account that runs Postgres cannot reach the data folder.
    #[error(
        "PostgreSQL runs as user id {uid}, which may not enter {}: choose another data folder with --data, allow it \
         with `chmod o+x`, or install setpriv from util-linux and allow CAP_DAC_READ_SEARCH.", folder.display()
    )]
    ClosedFolder { folder: PathBuf, uid: u32 },

    /// `initdb` failed.
    #[error("The database in {} could not be made ({reason}): see {} for the whole story.", data.display(), log.display())]
    NotInitialised { data: PathBuf, log: PathBuf, reason: String },

    /// Postgres ended before it answered.
    #[error("PostgreSQL did not start ({reason}): see {} for the whole story.", log.display())]
    NotStarted { log: PathBuf, reason: String },

    /// A process runs on the cluster without answering at our socket.
    #[error(
        "PostgreSQL runs on {} but does not answer at {}: stop it (pg_ctl stop) and start again.",
        data.display(), socket.display()
    )]
    NotAnswering { data: PathBuf, socket: PathBuf },

    /// Postgres answered with an error of its own.
    #[error("PostgreSQL refused ({0}): undo what was changed in its configuration, or choose another data folder with --data.")]
    Refused(String),

    /// A file or folder cannot be used.
    #[error("{} cannot be used ({reason}): check its owner, its permissions and the free space.", path.display())]
    Io { path: PathBuf, reason: io::Error },
}

impl EmbeddedError {
    /// For `map_err`: names the file in the error.
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> EmbeddedError {
        move |reason| EmbeddedError::Io { path: path.to_owned(), reason }
    }
}
