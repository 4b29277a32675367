//! Finds the system's Postgres.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::EmbeddedError;

/// The oldest major version the schema supports.
pub(super) const MINIMUM_MAJOR: u32 = 15;

const BIN_FOLDER: &str = "PRODMATIC_POSTGRES_BIN";

/// Where packages put each major version: parent folder, beginning of the version's folder.
const PACKAGE_FOLDERS: [(&str, &str); 4] =
    [("/usr/lib/postgresql", ""), ("/usr", "pgsql-"), ("/opt/homebrew/opt", "postgresql@"), ("/usr/local/opt", "postgresql@")];

/// A folder with `initdb` and `postgres` of one major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    folder: PathBuf,
    major: u32,
}

impl Binaries {
    /// The newest installed version, or for an existing cluster the one of its own major version.
    pub(super) async fn find(data: &Path) -> Result<Binaries, EmbeddedError> {
        match cluster_major(data)? {
            None => newest().await,
            Some(major) if major < MINIMUM_MAJOR => Err(EmbeddedError::TooOld { data: data.to_owned(), major }),
            Some(major) => of_major(major, data).await,
        }
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    async fn inspect(folder: PathBuf) -> Option<Binaries> {
        if !folder.join("initdb").is_file() {
            return None;
        }
        let output = Command::new(folder.join("postgres")).arg("--version").output().await.ok()?;
        let major = parse_version(&String::from_utf8_lossy(&output.stdout))?;
        Some(Binaries { folder, major })
    }
}

async fn newest() -> Result<Binaries, EmbeddedError> {
    let usable = installed().await.into_iter().filter(|found| found.major >= MINIMUM_MAJOR);
    usable.max_by_key(|found| found.major).ok_or_else(|| match chosen_folder() {
        Some(folder) => EmbeddedError::BadBinFolder(folder),
        None => EmbeddedError::NotInstalled,
    })
}

async fn of_major(major: u32, data: &Path) -> Result<Binaries, EmbeddedError> {
    let mut all = installed().await;
    if let Some(at) = all.iter().position(|found| found.major == major) {
        return Ok(all.swap_remove(at));
    }
    let majors: Vec<String> = all.iter().map(|found| found.major.to_string()).collect();
    let installed = majors.join(", ");
    Err(EmbeddedError::OtherMajor { data: data.to_owned(), major, installed })
}

async fn installed() -> Vec<Binaries> {
    let found = match chosen_folder() {
        Some(folder) => return inspect_all(vec![folder]).await,
        None => inspect_all(package_folders().chain(search_path()).collect()).await,
    };
    if found.is_empty() { inspect_all(configured_folder().await.into_iter().collect()).await } else { found }
}

/// Asks each version once, however many links lead to it.
async fn inspect_all(folders: Vec<PathBuf>) -> Vec<Binaries> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for folder in folders {
        let Ok(program) = folder.join("postgres").canonicalize() else {
            continue;
        };
        if seen.insert(program) {
            found.extend(Binaries::inspect(folder).await);
        }
    }
    found
}

fn chosen_folder() -> Option<PathBuf> {
    std::env::var_os(BIN_FOLDER).filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

fn package_folders() -> impl Iterator<Item = PathBuf> {
    PACKAGE_FOLDERS.into_iter().flat_map(|(parent, prefix)| {
        let entries = fs::read_dir(parent).into_iter().flatten().flatten();
        entries.filter(move |entry| entry.file_name().to_string_lossy().starts_with(prefix)).map(|entry| entry.path().join("bin"))
    })
}

fn search_path() -> impl Iterator<Item = PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).filter(|folder| folder.is_absolute()).collect::<Vec<_>>().into_iter()
}

/// Asked last: on Debian `pg_config` is a script that takes longer than the rest of the search.
async fn configured_folder() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().await.ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(folder.trim())).filter(|folder| folder.is_absolute())
}

/// The major version of the cluster in `data`, `None` where there is no cluster yet.
fn cluster_major(data: &Path) -> Result<Option<u32>, EmbeddedError> {
    let path = data.join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(text) => match leading_number(text.trim()) {
            Some(major) => Ok(Some(major)),
            None => Err(EmbeddedError::NotACluster(data.to_owned())),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => no_cluster_yet(data),
        Err(reason) => Err(EmbeddedError::Io { path, reason }),
    }
}

fn no_cluster_yet(data: &Path) -> Result<Option<u32>, EmbeddedError> {
    let occupied = fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some());
    if occupied { Err(EmbeddedError::NotACluster(data.to_owned())) } else { Ok(None) }
}

/// The major version in `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn parse_version(text: &str) -> Option<u32> {
    leading_number(text.strip_prefix("postgres (PostgreSQL) ")?)
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}
