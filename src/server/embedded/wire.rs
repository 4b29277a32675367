//! Just enough of the Postgres protocol to ask whether it answers and to run a statement: far
//! quicker than a client process, and there before any connection pool is.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;

/// Length, protocol 3.0, user and database `postgres`.
const STARTUP: &[u8] = b"\0\0\0\x29\0\x03\0\0user\0postgres\0database\0postgres\0\0";
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(5);
/// No message that we ask for comes near it.
const LONGEST_MESSAGE: usize = 1 << 20;

/// `cannot_connect_now` and `too_many_connections`.
const PASSING: [&str; 2] = ["57P03", "53300"];

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No process listens at the socket.
    NobodyListens,
    /// The connection came to nothing.
    Silent,
    /// It starts, recovers, stops or is full: worth asking again.
    NotNow(String),
    /// Asking again is of no use.
    Error(String),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Refusal {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::ConnectionRefused => Refusal::NobodyListens,
            _ => Refusal::Silent,
        }
    }
}

/// A superuser's connection to the database `postgres`.
pub(super) struct Session(UnixStream);

impl Session {
    pub(super) async fn open(socket: &Path) -> Result<Session, Refusal> {
        let handshake = async {
            let mut session = Session(UnixStream::connect(socket).await?);
            session.0.write_all(STARTUP).await?;
            session.until_ready().await?;
            Ok(session)
        };
        timeout(HANDSHAKE_LIMIT, handshake).await.unwrap_or(Err(Refusal::Silent))
    }

    /// Runs a statement and counts the rows that it returns.
    pub(super) async fn count_rows(&mut self, statement: &str) -> Result<usize, Refusal> {
        let length = u32::try_from(statement.len() + 5).map_err(|_| Refusal::Silent)?;
        let mut message = vec![b'Q'];
        message.extend(length.to_be_bytes());
        message.extend(statement.as_bytes());
        message.push(0);
        self.0.write_all(&message).await?;
        self.until_ready().await
    }

    async fn until_ready(&mut self) -> Result<usize, Refusal> {
        let mut rows = 0;
        loop {
            match self.message().await? {
                (b'Z', _) => return Ok(rows),
                (b'D', _) => rows += 1,
                (b'E', body) => return Err(refusal(&body)),
                (b'R', body) if body != [0; 4] => {
                    return Err(Refusal::Error("it asks for a password".to_owned()));
                }
                _ => {}
            }
        }
    }

    async fn message(&mut self) -> Result<(u8, Vec<u8>), Refusal> {
        let kind = self.0.read_u8().await?;
        let length = self.0.read_u32().await? as usize;
        let length = length.checked_sub(4).filter(|length| *length < LONGEST_MESSAGE).ok_or(Refusal::Silent)?;
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        Ok((kind, body))
    }
}

fn refusal(body: &[u8]) -> Refusal {
    let message = error_field(body, b'M');
    if PASSING.contains(&error_field(body, b'C').as_str()) { Refusal::NotNow(message) } else { Refusal::Error(message) }
}

fn error_field(body: &[u8], code: u8) -> String {
    let field = body.split(|byte| *byte == 0).find(|field| field.first() == Some(&code));
    field.map(|field| String::from_utf8_lossy(&field[1..]).into_owned()).unwrap_or_default()
}
