//! Each test runs a Postgres of its own in a folder of its own.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::wire::{Refusal, Session};
use super::{Embedded, EmbeddedError, postmaster};

struct Folder(PathBuf);

impl Folder {
    /// Short, because of the limit on a socket's path.
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("pm-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn data(&self) -> PathBuf {
        self.0.join("postgres/data")
    }

    fn postgres(&self) -> Option<Pid> {
        postmaster::live(&self.data())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(pid) = self.postgres() {
            let _ = kill_process(pid, Signal::QUIT);
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn connect(postgres: &Embedded) -> Result<Session, Refusal> {
    Session::open(&postgres.socket_dir().join(".s.PGSQL.5432")).await
}

async fn databases(postgres: &Embedded) -> usize {
    let mut session = connect(postgres).await.unwrap();
    session.count_rows("SELECT FROM pg_database WHERE datname = 'prodmatic'").await.unwrap()
}

#[tokio::test]
async fn two_share_one_postgres_and_the_last_out_stops_it() {
    let folder = Folder::new("twice");
    let (first, second) = tokio::join!(Embedded::start(&folder.0), Embedded::start(&folder.0));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(databases(&first).await, 1);

    first.stop().await;
    assert_eq!(databases(&second).await, 1);

    second.stop().await;
    assert_eq!(folder.postgres(), None);
}

#[tokio::test]
async fn a_dropped_postgres_runs_on_and_is_adopted() {
    let folder = Folder::new("adopt");
    drop(Embedded::start(&folder.0).await.unwrap());
    let orphan = folder.postgres();
    assert!(orphan.is_some());

    let adopted = Embedded::start(&folder.0).await.unwrap();
    assert_eq!(folder.postgres(), orphan);
    adopted.stop().await;
    assert_eq!(folder.postgres(), None);
}

#[tokio::test]
async fn a_killed_postgres_is_restarted() {
    let folder = Folder::new("kill");
    let postgres = Embedded::start(&folder.0).await.unwrap();
    let killed = folder.postgres().unwrap();
    kill_process(killed, Signal::KILL).unwrap();

    let limit = Instant::now() + Duration::from_secs(60);
    while folder.postgres().is_none_or(|pid| pid == killed) || connect(&postgres).await.is_err() {
        assert!(Instant::now() < limit, "Postgres was not restarted");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(databases(&postgres).await, 1);
    postgres.stop().await;
}

#[tokio::test]
async fn half_a_cluster_is_made_anew() {
    let folder = Folder::new("half");
    let draft = folder.0.join("postgres/data.new");
    fs::create_dir_all(&draft).unwrap();
    fs::write(draft.join("PG_VERSION"), "15\n").unwrap();

    let postgres = Embedded::start(&folder.0).await.unwrap();
    assert_eq!(databases(&postgres).await, 1);
    assert!(!draft.exists());
    postgres.stop().await;
}

#[tokio::test]
async fn a_cluster_of_another_major_version_is_left_alone() {
    for (major, what_to_do) in [(14, "dump it with PostgreSQL 14"), (99, "install postgresql-99")] {
        let folder = Folder::new("other");
        fs::create_dir_all(folder.data()).unwrap();
        fs::write(folder.data().join("PG_VERSION"), format!("{major}\n")).unwrap();

        let error = Embedded::start(&folder.0).await.unwrap_err();
        let found = match &error {
            EmbeddedError::TooOld { major, .. } | EmbeddedError::OtherMajor { major, .. } => *major,
            other => panic!("{other}"),
        };
        assert_eq!(found, major);
        assert!(error.to_string().contains(what_to_do), "{error}");
        assert_eq!(fs::read_dir(folder.0.join("postgres")).unwrap().count(), 1);
        assert_eq!(fs::read_dir(folder.data()).unwrap().count(), 1);
    }
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_is_refused() {
    let folder = std::env::temp_dir().join("x".repeat(100));
    let error = Embedded::start(&folder).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::PathTooLong(_)), "{error}");
    assert!(!folder.exists());
}
