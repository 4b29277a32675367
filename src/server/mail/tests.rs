use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::PgPool;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

use super::outgoing::{Outgoing, compose};
use super::worker::{run, send_next};
use super::{Message, parts, queue_under};
use crate::server::guard::Guard;
use crate::server::markdown::corpus_tests::{elements, samples, seen, without_nul};
use crate::server::request::Settings;
use crate::testing::TestDb;

fn message() -> Message {
    Message {
        to: "ada@example.com".into(),
        subject: "Hello <Ada>".into(),
        paragraphs: vec!["Two\nlines & <b>signs</b>".into(), "\"quoted\"".into()],
        button: Some(("Open".into(), "https://pm.example/verify/abc?x=1&y=2".into())),
    }
}

fn settings(mail: Outgoing) -> Settings {
    Settings { mail, ..crate::testing::settings("https://pm.example", Guard::default()) }
}

/// Speaks just enough SMTP; refuses the first mails with a 451, then keeps what it is given.
async fn smtp(refusals: usize) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let kept = Arc::new(Mutex::new(Vec::new()));
    let box_ = kept.clone();
    tokio::spawn(async move {
        for visit in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            converse(stream, visit < refusals, &box_).await;
        }
    });
    (url, kept)
}

async fn converse(stream: TcpStream, refuse: bool, kept: &Mutex<Vec<String>>) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 test\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let answer: &[u8] = match line.split(' ').next().unwrap_or_default() {
            "MAIL" if refuse => b"451 not now\r\n",
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.unwrap();
                let mut mail = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    mail += &(line + "\n");
                }
                kept.lock().unwrap().push(mail);
                b"250 kept\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        writer.write_all(answer).await.unwrap();
    }
}

async fn count(pool: &PgPool) -> i64 {
    sqlx::query_scalar(r#"SELECT count(*) FROM "Mail""#).fetch_one(pool).await.unwrap()
}

#[test]
fn html_says_what_the_text_says_and_nothing_else() {
    let (text, html) = (parts::text(&message(), "https://pm.example"), parts::html(&message(), "https://pm.example"));
    assert!(text.contains("Two\nlines & <b>signs</b>\n\n\"quoted\"\n\nOpen:\nhttps://pm.example/verify/abc?x=1&y=2\n"), "{text}");
    assert!(html.contains("Two<br>lines &amp; &lt;b&gt;signs&lt;/b&gt;") && html.contains("&quot;quoted&quot;"), "{html}");
    assert!(html.contains("href=\"https://pm.example/verify/abc?x=1&amp;y=2\""));
    assert!(!html.contains("<img") && !html.contains("<script") && !html.contains("url("));
}

#[test]
fn no_sample_is_more_than_text_in_a_mail() {
    let mail = |written: &str| {
        let button = Some((written.to_owned(), "https://pm.example/verify/abc".to_owned()));
        parts::html(&Message { subject: written.into(), paragraphs: vec![written.into()], button, ..message() }, "https://pm.example")
    };
    for sample in samples() {
        let html = mail(&sample);
        let mut found = elements(&html);
        found.retain(|(name, _)| name != "br");
        assert_eq!(found, elements(&mail("x")), "{html}");
        let (text, written) = (seen(&html), without_nul(&sample).replace('\n', ""));
        assert_eq!(text.replace('\n', "").matches(&written).count(), 3, "{html}");
    }
}

#[test]
fn nobody_writes_a_line_of_the_log() {
    let forged = "Welcome\r\n2026-01-01T00:00:00Z  WARN prodmatic: forged\u{1b}[2J\rforged\u{2028}forged\u{85}forged";
    let logged = parts::log_lines(&Message { paragraphs: vec![forged.into()], ..message() }, "https://pm.example");
    assert!(logged.contains("    | 2026-01-01") && logged.matches("forged").count() == 4, "{logged}");
    assert!(logged.lines().all(|line| line.starts_with("    | ")), "{logged}");
    assert!(!logged.contains(['\r', '\u{1b}', '\u{2028}', '\u{85}']), "{logged}");
}

#[test]
fn nobody_adds_a_header() {
    let from = || "ProdMatic <pm@pm.example>".parse().unwrap();
    let sly = "Hi\r\nBcc: evil@example.com\r\n\r\n<script>\u{85}\u{0}";
    let mail = compose(&Message { subject: sly.into(), ..message() }, from(), "https://pm.example").unwrap();
    let raw = String::from_utf8(mail.formatted()).unwrap();
    let (head, _) = raw.split_once("\r\n\r\n").unwrap();
    assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{head}");
    assert!(head.contains("Subject: ") && head.contains("Auto-Submitted: auto-generated"), "{head}");
    for to in ["ada@example.com\r\nBcc: evil@example.com", "ada@example.com, evil@example.com", "Ada <ada@example.com>", ""] {
        assert!(compose(&Message { to: to.into(), ..message() }, from(), "https://pm.example").is_err(), "{to}");
    }
}

#[test]
fn a_wrong_setting_is_told_without_the_password() {
    assert!(matches!(Outgoing::new(None, None), Ok(Outgoing::Log)));
    assert!(matches!(Outgoing::new(Some(""), None), Ok(Outgoing::Log)));
    for (url, from) in [("smtp://u:secret@h", None), ("http://u:secret@h", Some("a@b.c")), ("secret", Some("a@b.c"))] {
        let error = Outgoing::new(Some(url), from).err().unwrap();
        assert!(!error.contains("secret") && error.contains("PRODMATIC_"), "{error}");
    }
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn what_is_committed_is_sent_once(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (url, kept) = smtp(0).await;
    let settings = settings(Outgoing::new(Some(&url), Some("ProdMatic <pm@pm.example>")).unwrap());
    let mut undone = db.app.begin().await.unwrap();
    queue_under(&mut undone, &settings.key, Message { subject: "Undone".into(), ..message() }).await.unwrap();
    undone.rollback().await.unwrap();
    let mut tx = db.app.begin().await.unwrap();
    queue_under(&mut tx, &settings.key, message()).await.unwrap();
    assert!(!send_next(&db.app, &settings).await.unwrap(), "not before it is committed");
    tx.commit().await.unwrap();
    let (one, other) = tokio::join!(send_next(&db.app, &settings), send_next(&db.app, &settings));
    assert_eq!([one.unwrap(), other.unwrap()].iter().filter(|sent| **sent).count(), 1, "two processes send it once");
    let mails = kept.lock().unwrap().clone();
    assert_eq!((mails.len(), count(&pool).await), (1, 0));
    assert!(mails[0].contains("From: ProdMatic <pm@pm.example>") && mails[0].contains("To: ada@example.com"), "{}", mails[0]);
    assert!(mails[0].contains("multipart/alternative") && mails[0].contains("text/plain") && mails[0].contains("text/html"));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_refused_mail_is_tried_again_and_given_up_at_last(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let (url, kept) = smtp(8).await;
    let settings = settings(Outgoing::new(Some(&url), Some("pm@pm.example")).unwrap());
    let mut connection = db.app.acquire().await.unwrap();
    queue_under(&mut connection, &settings.key, message()).await.unwrap();
    for attempt in 1..=8 {
        // A little in the past, since the column rounds to milliseconds.
        sqlx::query(r#"UPDATE "Mail" SET "nextTryAt" = now() - interval '1 second'"#).execute(&pool).await.unwrap();
        assert!(send_next(&db.app, &settings).await.unwrap());
        assert!(!send_next(&db.app, &settings).await.unwrap(), "it waits");
        let wait: Option<i64> = sqlx::query_scalar(r#"SELECT round(extract(epoch FROM "nextTryAt" - now()) / 60)::bigint FROM "Mail""#)
            .fetch_optional(&pool)
            .await
            .unwrap();
        assert_eq!(wait, (attempt < 8).then(|| 1 << (attempt - 1)));
    }
    assert!(kept.lock().unwrap().is_empty());
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_mail_that_is_on_its_way_when_the_server_stops_does_not_go_out_again(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let (kept, come) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
    let (box_, knock) = (kept.clone(), come.clone());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        knock.notify_one();
        tokio::time::sleep(Duration::from_millis(300)).await;
        converse(stream, false, &box_).await;
    });
    let settings = Arc::new(settings(Outgoing::new(Some(&url), Some("pm@pm.example")).unwrap()));
    let mut connection = db.app.acquire().await.unwrap();
    queue_under(&mut connection, &settings.key, message()).await.unwrap();
    let (stopped, stop) = watch::channel(false);
    let sending = tokio::spawn(run(db.app.clone(), settings, stop));
    come.notified().await;
    stopped.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(10), sending).await.unwrap().unwrap();
    let gone_out = kept.lock().unwrap().len();
    assert_eq!((gone_out, count(&pool).await), (1, 0));
}

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn a_queued_mail_is_sealed_and_out_of_a_requests_reach(pool: PgPool) {
    let db = TestDb::new(&pool).await;
    let settings = settings(Outgoing::Log);
    let mut connection = db.app.acquire().await.unwrap();
    queue_under(&mut connection, &settings.key, message()).await.unwrap();
    let sealed: String = sqlx::query_scalar(r#"SELECT "Mail"::text FROM "Mail""#).fetch_one(&pool).await.unwrap();
    assert!(!sealed.contains("verify") && !sealed.contains("ada@"), "{sealed}");
    assert!(sqlx::query(r#"SELECT sealed FROM "Mail""#).execute(&mut *connection).await.is_err());
    assert!(send_next(&db.app, &settings).await.unwrap());
    assert_eq!(count(&pool).await, 0, "without SMTP it is in the log, and done");
}
