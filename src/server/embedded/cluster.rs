//! The cluster: where its files are, how they are made, and how Postgres is run on them.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::fs::OFlags;
use rustix::process::Pid;
use tokio::process::{Child, Command};

use super::account::Account;
use super::binaries::Binaries;
use super::lock::{Lock, open_private};
use super::wire::{Refusal, Session};
use super::{EmbeddedError, absolute, postmaster};

/// The port is part of the socket's name even where nothing listens on TCP.
const PORT: &str = "5432";
/// Not every system has the first.
const LOCALES: [&str; 2] = ["--locale=C.UTF-8", "--no-locale"];
/// The buffers let an import write its log in large pieces; Postgres' own defaults are meant for the smallest of machines.
const SETTINGS: [&str; 6] = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "logging_collector=off",
    "log_destination=stderr",
    "shared_buffers=256MB",
    "wal_buffers=16MB",
];
const LARGEST_LOG: u64 = 16 << 20;
const GRAVE: [&str; 3] = ["FATAL:", "PANIC:", "error:"];

const FIND_DATABASE: &str = "SELECT 1 FROM pg_database WHERE datname = 'prodmatic'";
const CREATE_DATABASE: &str = "CREATE DATABASE prodmatic";

#[derive(Debug)]
pub(super) struct Cluster {
    root: PathBuf,
    socket_dir: PathBuf,
    data: PathBuf,
    binaries: Binaries,
    account: Account,
}

impl Cluster {
    /// Decides everything about the cluster in the data folder `folder`, and changes nothing there.
    pub(super) async fn locate(folder: &Path) -> Result<Cluster, EmbeddedError> {
        let root = absolute(folder)?.join("postgres");
        let (socket_dir, data) = (root.join("socket"), root.join("data"));
        let socket = socket_in(&socket_dir);
        if SocketAddr::from_pathname(&socket).is_err() {
            return Err(EmbeddedError::PathTooLong(socket));
        }
        let binaries = Binaries::find(&data).await?;
        let account = Account::choose(&root, &data).await?;
        Ok(Cluster { root, socket_dir, data, binaries, account })
    }

    pub(super) fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    pub(super) fn socket(&self) -> PathBuf {
        socket_in(&self.socket_dir)
    }

    pub(super) fn data(&self) -> &Path {
        &self.data
    }

    pub(super) fn log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    pub(super) fn exists(&self) -> bool {
        self.data.join("PG_VERSION").exists()
    }

    /// Makes the folders, closed to everybody else: that is what makes `trust` safe.
    pub(super) fn prepare_folders(&self) -> Result<(), EmbeddedError> {
        if let Some(folder) = self.root.parent() {
            fs::create_dir_all(folder).map_err(EmbeddedError::io(folder))?;
        }
        for folder in [&self.root, &self.socket_dir] {
            make_private(folder)?;
            self.account.own(folder)?;
        }
        Ok(())
    }

    /// Gives an existing cluster, restored by root perhaps, to the account that runs it.
    pub(super) fn own_data(&self) -> Result<(), EmbeddedError> {
        self.account.own_tree(&self.data)
    }

    pub(super) async fn lock_start(&self) -> Result<Lock, EmbeddedError> {
        self.own(Lock::exclusive(self.root.join("start.lock")).await?)
    }

    pub(super) async fn lock_in_use(&self) -> Result<Lock, EmbeddedError> {
        self.own(Lock::shared(self.root.join("in-use.lock")).await?)
    }

    fn own(&self, lock: Lock) -> Result<Lock, EmbeddedError> {
        self.account.own(lock.path())?;
        Ok(lock)
    }

    /// Makes the cluster beside its place and moves it there whole, so that a half-made one is never used.
    pub(super) async fn initialise(&self, starting: &Lock) -> Result<(), EmbeddedError> {
        tracing::info!(data = %self.data.display(), "making the database");
        let draft = self.root.join("data.new");
        let mut reason = String::new();
        for locale in LOCALES {
            let log_start = self.log_len();
            if self.run_initdb(&draft, locale, starting).await? {
                return self.put_in_place(&draft);
            }
            reason = self.log_reason(log_start);
        }
        Err(EmbeddedError::NotInitialised { data: draft, log: self.log(), reason })
    }

    fn put_in_place(&self, draft: &Path) -> Result<(), EmbeddedError> {
        fs::rename(draft, &self.data).map_err(EmbeddedError::io(draft))?;
        File::open(&self.root).and_then(|root| root.sync_all()).map_err(EmbeddedError::io(&self.root))
    }

    async fn run_initdb(&self, draft: &Path, locale: &str, starting: &Lock) -> Result<bool, EmbeddedError> {
        remove_tree(draft)?;
        let initdb = self.binaries.initdb();
        let mut command = self.command(&initdb)?;
        command
            .arg("--pgdata")
            .arg(draft)
            // The order of C.UTF-8 is that of the bytes; called C, it is compared without asking the system.
            .args(["--encoding=UTF8", locale, "--lc-collate=C", "--username=postgres", "--data-checksums", "--no-instructions"])
            .args(["--auth-local=trust", "--auth-host=reject"])
            // If we are killed, nobody else may start before the orphaned `initdb` has ended.
            .stdin(starting.lend()?)
            .kill_on_drop(true);
        Ok(command.status().await.map_err(EmbeddedError::io(&initdb))?.success())
    }

    /// Starts Postgres, without waiting.
    ///
    /// Only what we rely on is fixed here, so that `ALTER SYSTEM` can tune all the rest.
    pub(super) fn launch(&self) -> Result<Child, EmbeddedError> {
        postmaster::remove_misleading_pid(&self.data, &self.socket())?;
        let postgres = self.binaries.postgres();
        let mut command = self.command(&postgres)?;
        command.arg("-D").arg(&self.data).args(["-p", PORT]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.arg("-c").arg(socket_setting(&self.socket_dir));
        command.stdin(Stdio::null()).spawn().map_err(EmbeddedError::io(&postgres))
    }

    fn command(&self, program: &Path) -> Result<Command, EmbeddedError> {
        let path = self.log();
        let log = open_private(&path)?;
        self.account.own(&path)?;
        let mut command = self.account.command(program);
        command.stderr(log.try_clone().map_err(EmbeddedError::io(&path))?).stdout(log);
        Ok(command)
    }

    /// Makes the database `prodmatic` unless it is there: a first start may have been interrupted before.
    pub(super) async fn ensure_database(&self) -> Result<(), EmbeddedError> {
        let made = async {
            let mut session = Session::open(&self.socket()).await?;
            if session.count_rows(FIND_DATABASE).await? == 0 {
                session.count_rows(CREATE_DATABASE).await?;
            }
            Ok(())
        };
        made.await.map_err(|refusal| match refusal {
            Refusal::NotNow(reason) | Refusal::Error(reason) => EmbeddedError::Refused(reason),
            Refusal::NobodyListens | Refusal::Silent => self.not_answering(),
        })
    }

    pub(super) fn not_answering(&self) -> EmbeddedError {
        EmbeddedError::NotAnswering { data: self.data.clone(), socket: self.socket() }
    }

    /// The process that runs on this cluster, whoever started it.
    pub(super) fn live_pid(&self) -> Option<Pid> {
        postmaster::live(&self.data)
    }

    pub(super) fn log_len(&self) -> u64 {
        self.log().metadata().map_or(0, |metadata| metadata.len())
    }

    /// Why a program failed: the first grave line it logged after `start`, else its last.
    pub(super) fn log_reason(&self, start: u64) -> String {
        let mut text = Vec::new();
        let read = File::open(self.log()).and_then(|mut log| {
            log.seek(SeekFrom::Start(start))?;
            log.take(LARGEST_LOG).read_to_end(&mut text)
        });
        let text = String::from_utf8_lossy(&text);
        let grave = |line| GRAVE.iter().find_map(|word| str::find(line, word).map(|at| &line[at + word.len()..]));
        let line = text.lines().find_map(grave).or_else(|| text.lines().last());
        line.filter(|_| read.is_ok()).unwrap_or("it said nothing").trim().to_owned()
    }

    /// Postgres appends to one file for ever: keeps it and its predecessor small.
    pub(super) fn rotate_log(&self) -> Result<(), EmbeddedError> {
        if self.log_len() < LARGEST_LOG {
            return Ok(());
        }
        fs::rename(self.log(), self.root.join("postgres.log.old")).map_err(EmbeddedError::io(&self.log()))
    }
}

fn socket_in(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}"))
}

/// The setting is a list: quotes keep a comma in the path from dividing it.
fn socket_setting(folder: &Path) -> OsString {
    let mut setting = b"unix_socket_directories=\"".to_vec();
    for byte in OsStr::as_bytes(folder.as_os_str()) {
        setting.extend(if *byte == b'"' { &b"\"\""[..] } else { std::slice::from_ref(byte) });
    }
    setting.push(b'"');
    OsString::from_vec(setting)
}

/// Not through a link: root must not change what the account that owns the parent points it at.
fn make_private(folder: &Path) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        made => made.map_err(EmbeddedError::io(folder))?,
    }
    let flags = OFlags::NOFOLLOW | OFlags::DIRECTORY;
    let opened = OpenOptions::new().read(true).custom_flags(flags.bits() as i32).open(folder);
    opened.and_then(|opened| opened.set_permissions(Permissions::from_mode(0o700))).map_err(EmbeddedError::io(folder))
}

fn remove_tree(folder: &Path) -> Result<(), EmbeddedError> {
    ignore_missing(fs::remove_dir_all(folder)).map_err(EmbeddedError::io(folder))
}

pub(super) fn ignore_missing(result: std::io::Result<()>) -> std::io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
