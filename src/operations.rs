//! The program as whoever runs it meets it: started as a process, told to stop, given wrong settings, backed up and restored.
//! It is the one that `script/build` made: another build of it for tests would take minutes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use url::Url;

/// The program, with nothing of the environment's own settings.
fn prodmatic(database: Option<&str>, arguments: &[&str]) -> Command {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/target/release/prodmatic");
    assert!(Path::new(program).exists(), "{program} is missing: run script/build");
    let mut command = Command::new(program);
    for (name, _) in std::env::vars() {
        if name.starts_with("PRODMATIC_") || name.starts_with("PG") || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    if let Some(url) = database {
        command.env("DATABASE_URL", url);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

fn ran(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", told(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder, and databases of this test, which go away when it succeeds.
struct Bench {
    folder: PathBuf,
    databases: Vec<String>,
}

impl Bench {
    fn new() -> Bench {
        static BENCHES: AtomicUsize = AtomicUsize::new(0);
        let name = format!("operations_{}_{}", std::process::id(), BENCHES.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Bench { folder, databases: Vec::new() }
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    /// The address of a new database.
    async fn database(&mut self, name: &str) -> String {
        let name = format!("operations_{name}_{}", std::process::id());
        let mut admin = PgConnection::connect(&base_url()).await.unwrap();
        admin.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).await.unwrap();
        admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0"))).await.unwrap();
        let url = url_of(&name);
        self.databases.push(name);
        url
    }

    async fn clear(self) {
        let mut admin = PgConnection::connect(&base_url()).await.unwrap();
        for name in self.databases {
            admin.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
        }
        std::fs::remove_dir_all(self.folder).unwrap();
    }
}

/// As libpq takes it too, which sqlx's own addresses are not.
fn url_of(database: &str) -> String {
    let mut url = Url::parse(&base_url()).unwrap();
    url.set_path(database);
    url.into()
}

fn base_url() -> String {
    std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres for tests")
}

/// A running server.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(database: &str, data: &str) -> Server {
        let mut command = prodmatic(Some(database), &["serve", "--addr", "127.0.0.1:0", "--data", data]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("not ready: {line}"));
        Server { process, port }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// The whole answer to a GET.
    fn get(&self, path: &str) -> String {
        let mut stream = self.connect();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn terminate(&self) {
        let told = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.process.id())]).status().unwrap();
        assert!(told.success());
    }

    /// How the process has ended, and how long that took.
    fn ended(mut self) -> (bool, Duration) {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(30) {
            if let Some(status) = self.process.try_wait().unwrap() {
                return (status.success(), begin.elapsed());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.process.kill().unwrap();
        panic!("it did not end");
    }
}

/// Half of a form; the answer waits for the rest.
fn half_a_form(server: &Server) -> TcpStream {
    let mut stream = server.connect();
    write!(
        stream,
        "POST /api/nothing HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nOrigin: http://127.0.0.1:{0}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 10\r\n\r\na=1",
        server.port
    )
    .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    stream
}

#[tokio::test]
async fn told_to_stop_it_finishes_what_is_under_way_and_ends_its_streams() {
    let mut bench = Bench::new();
    let url = bench.database("stop").await;
    let server = Server::start(&url, &bench.path("data"));
    let mut database = PgConnection::connect(&url).await.unwrap();
    let stored: String = Sha256::digest(b"token").iter().map(|byte| format!("{byte:02x}")).collect();
    for sql in [
        r#"INSERT INTO "Organization" (id, name, slug) VALUES ('o', 'Acme', 'acme')"#.to_owned(),
        r#"INSERT INTO "User" (id, email) VALUES ('u', 'ada@example.com')"#.to_owned(),
        r#"INSERT INTO "Membership" (id, "userId", "organizationId", role) VALUES ('m', 'u', 'o', 'ADMIN')"#.to_owned(),
        format!(
            r#"INSERT INTO "Session" (id, "sessionToken", "userId", expires) VALUES ('s', '{stored}', 'u', now() + interval '1 hour')"#
        ),
    ] {
        database.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    let mut stream = BufReader::new(server.connect());
    write!(stream.get_mut(), "GET /events?org=acme HTTP/1.1\r\nHost: x\r\nCookie: prodmatic_session=token\r\n\r\n").unwrap();
    let mut heard = String::new();
    while !heard.contains("event: hello") {
        assert!(stream.read_line(&mut heard).unwrap() > 0, "{heard}");
    }
    assert!(server.get("/metrics").contains("\nprodmatic_live_listeners 1\n"));
    let mut form = half_a_form(&server);
    server.terminate();
    std::thread::sleep(Duration::from_millis(300));
    assert!(TcpStream::connect(("127.0.0.1", server.port)).is_err(), "nothing new is taken");
    stream.read_to_string(&mut heard).unwrap();
    form.write_all(b"&b=2&c=").unwrap();
    let mut answer = String::new();
    form.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 "), "what was under way is answered: {answer}");
    let (well, time) = server.ended();
    assert!(well && time < Duration::from_secs(5), "{well} {time:?}");
    assert!(!Path::new(&bench.path("data/postgres")).exists(), "with a database elsewhere there is no private one");

    // Told once more, it waits for nobody.
    let server = Server::start(&url, &bench.path("data"));
    let _form = half_a_form(&server);
    server.terminate();
    std::thread::sleep(Duration::from_millis(300));
    server.terminate();
    let (well, time) = server.ended();
    assert!(well && time < Duration::from_secs(5), "{well} {time:?}");
    database.close().await.unwrap();
    bench.clear().await;
}

/// A server that says it is Postgres 14, and nothing else.
fn old_postgres() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut length = [0; 4];
            while stream.read_exact(&mut length).is_ok() {
                let mut asked = vec![0; (u32::from_be_bytes(length) - 4) as usize];
                stream.read_exact(&mut asked).unwrap();
                // A request for encryption is declined, the start answered.
                let encryption = asked == [0x04, 0xd2, 0x16, 0x2f];
                stream
                    .write_all(if encryption { b"N" } else { b"R\0\0\0\x08\0\0\0\0S\0\0\0\x18server_version\x0014.9\0Z\0\0\0\x05I" })
                    .unwrap();
            }
        }
    });
    port
}

#[tokio::test]
async fn what_is_wrong_is_told_in_one_line() {
    let bench = Bench::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let old = format!("postgres://postgres@127.0.0.1:{}/x", old_postgres());
    let missing = url_of("nowhere");
    let closed = "postgres://postgres:hunter2@127.0.0.1:1/x";
    for (database, variable, says) in [
        ("nonsense", None, "DATABASE_URL is not a Postgres address"),
        ("mysql://root@127.0.0.1:1/x", None, "DATABASE_URL is not a Postgres address"),
        ("http://127.0.0.1:1/x", None, "DATABASE_URL is not a Postgres address"),
        (closed, None, "Postgres cannot be reached"),
        (missing.as_str(), None, "\"nowhere\" does not exist"),
        (old.as_str(), None, "Postgres 15 or newer is needed; this is version 14"),
        (closed, Some(("PRODMATIC_ADDR", address.as_str())), "Cannot listen on"),
        (closed, Some(("PRODMATIC_ADDR", "nonsense")), "(or PRODMATIC_ADDR)"),
        (closed, Some(("PRODMATIC_RATE_PER_ADDRESS", "many")), "(or PRODMATIC_RATE_PER_ADDRESS)"),
        (closed, Some(("PRODMATIC_URL", "pm.example")), "PRODMATIC_URL"),
        (closed, Some(("PRODMATIC_SECRET_KEY", "short")), "32 bytes in base64"),
        (closed, Some(("PRODMATIC_TRUSTED_PROXIES", "nonsense")), "PRODMATIC_TRUSTED_PROXIES"),
        (closed, Some(("PRODMATIC_METRICS", "nonsense")), "PRODMATIC_METRICS"),
        (closed, Some(("PRODMATIC_WEBHOOK_NETWORKS", "nonsense")), "PRODMATIC_WEBHOOK_NETWORKS"),
        (closed, Some(("PRODMATIC_SMTP_URL", "smtp://mail.example")), "PRODMATIC_MAIL_FROM"),
        (closed, Some(("PRODMATIC_OIDC_PROVIDERS", "/nowhere.json")), "/nowhere.json"),
        (closed, Some(("PRODMATIC_LOG", "=[")), "PRODMATIC_LOG"),
    ] {
        let data = bench.path("data");
        let mut command = prodmatic(Some(database), &["serve", "--data", &data]);
        command.env("PRODMATIC_ADDR", "127.0.0.1:0").envs(variable);
        let output = command.output().unwrap();
        let error = told(&output);
        assert!(!output.status.success() && error.contains(says), "{variable:?} {database}: {error}");
        assert!(error.lines().count() == 1 && error.starts_with("prodmatic: ") && !error.contains("hunter2"), "{variable:?}: {error}");
    }
    let mut command = prodmatic(Some(closed), &["serve", "--data", &bench.path("data")]);
    let output = command.env("PRODMATIC_URL", OsStr::from_bytes(b"https://\xff")).output().unwrap();
    let error = told(&output);
    assert!(!output.status.success() && error.lines().count() == 1 && error.contains("PRODMATIC_URL holds bytes"), "{error}");
    // Without the server's settings they would make a database of their own, and say that nothing is in it.
    let token = ["token", "create", "--user", "a@b.example", "--org", "acme", "--name", "CI"];
    for arguments in [&["backup", "all.backup"][..], &token[..]] {
        let nowhere = bench.path("nowhere");
        let output = prodmatic(None, arguments).args(["--data", &nowhere]).output().unwrap();
        let error = told(&output);
        assert!(!output.status.success() && error.contains("There is no database in") && error.lines().count() == 1, "{error}");
        assert!(!Path::new(&nowhere).exists(), "{arguments:?}");
    }
    let doctor = prodmatic(Some(closed), &["doctor", "--data", &bench.path("data")]).output().unwrap();
    assert!(!doctor.status.success() && String::from_utf8_lossy(&doctor.stdout).contains("WRONG  database"), "{doctor:?}");
    bench.clear().await;
}

/// Rows by table.
async fn counts(url: &str) -> Vec<(String, i64)> {
    let mut database = PgConnection::connect(url).await.unwrap();
    let counted = sqlx::query_as(
        r#"SELECT relname::text, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM public.%I', relname), false, true, '')))[1]::text::bigint
             FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"#,
    );
    let counted = counted.fetch_all(&mut database).await.unwrap();
    database.close().await.unwrap();
    counted
}

/// The newest Postgres' programs: an older pg_dump refuses a newer server.
fn programs() -> String {
    let mut folders: Vec<PathBuf> = ["/usr/lib/postgresql", "/usr"]
        .iter()
        .flat_map(std::fs::read_dir)
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|folder| folder.join("pg_dump").exists() && folder.join("initdb").exists())
        .collect();
    folders.sort_by_key(|folder| folder.to_string_lossy().split(|c: char| !c.is_ascii_digit()).find_map(|part| part.parse::<u32>().ok()));
    let path = std::env::var("PATH").unwrap();
    folders.last().map_or(path.clone(), |newest| format!("{}:{path}", newest.display()))
}

fn shell(folder: &Path, url: &str, line: &str) {
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(folder).env("DATABASE_URL", url).env("PATH", programs());
    let output = command.output().unwrap();
    assert!(output.status.success() && !told(&output).contains("ERROR"), "{line}: {}", told(&output));
}

#[tokio::test]
async fn backups_are_restored_by_our_own_commands_and_by_those_of_postgres() {
    let mut bench = Bench::new();
    let (source, ours, theirs) = (bench.database("source").await, bench.database("ours").await, bench.database("theirs").await);
    let data = bench.path("data");
    ran(&mut prodmatic(Some(&source), &["seed", "--data", &data]));
    let before = counts(&source).await;
    assert!(before.iter().any(|(table, rows)| table == "Idea" && *rows > 10), "{before:?}");

    let file = bench.path("all.backup");
    assert!(ran(&mut prodmatic(Some(&source), &["backup", &file, "--data", &data])).contains(" rows of "));
    assert!(ran(&mut prodmatic(None, &["restore", &file, "--check"])).contains("is whole"));
    ran(&mut prodmatic(Some(&ours), &["restore", &file, "--data", &data]));
    assert_eq!(counts(&ours).await, before);
    let again = prodmatic(Some(&ours), &["restore", &file, "--data", &data]).output().unwrap();
    assert!(!again.status.success() && told(&again).contains("--force"), "{again:?}");

    // As the published page has them.
    shell(&bench.folder, &source, "pg_dump $DATABASE_URL > backup_$(date +%Y%m%d_%H%M%S).sql");
    shell(&bench.folder, &theirs, "mv backup_*.sql backup_20240125_120000.sql");
    shell(&bench.folder, &theirs, "psql $DATABASE_URL < backup_20240125_120000.sql");
    assert_eq!(counts(&theirs).await, before);
    // As though it came from a server that was far ahead.
    let mut database = PgConnection::connect(&theirs).await.unwrap();
    database.execute(r#"UPDATE "AuditLog" SET xid = '99999999999'"#).await.unwrap();

    for url in [&ours, &theirs] {
        let server = Server::start(url, &data);
        assert!(server.get("/readyz").ends_with("ready"));
        assert!(server.get("/signin").starts_with("HTTP/1.1 200 OK"));
        let during = ran(&mut prodmatic(Some(url), &["doctor", "--data", &data]));
        assert!(during.contains("ok     row security") && !during.contains("WRONG"), "{during}");
        let online = bench.path(&format!("{}.backup", server.port));
        ran(&mut prodmatic(Some(url), &["backup", &online, "--data", &data]));
        let busy = prodmatic(Some(url), &["restore", &online, "--force", "--data", &data]).output().unwrap();
        assert!(!busy.status.success() && told(&busy).contains("stop it first"), "{busy:?}");
        server.terminate();
        assert!(server.ended().0);
        assert_eq!(counts(url).await, before);
    }
    let to_come = r#"SELECT count(*) FROM "AuditLog" WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())"#;
    assert_eq!(sqlx::query_scalar::<_, i64>(to_come).fetch_one(&mut database).await.unwrap(), 0);
    let zone = "SELECT setconfig::text FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())";
    assert!(sqlx::query_scalar::<_, String>(zone).fetch_one(&mut database).await.unwrap().contains("TimeZone=UTC"));
    database.close().await.unwrap();
    bench.clear().await;
}
