//! The way out: an SMTP server, or the log of this one.

use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::{Message, parts};
use crate::server::id::new_id;

/// A whole delivery takes at most this long, lest one slow server hold up all mail.
const PATIENCE: Duration = Duration::from_secs(40);

/// Where mail goes.
pub enum Outgoing {
    /// Into the server's log: no SMTP server is known.
    Log,
    Smtp {
        transport: Box<AsyncSmtpTransport<Tokio1Executor>>,
        from: Mailbox,
    },
}

impl Outgoing {
    /// The way out over this SMTP server, such as `smtps://user:password@mail.example.com`; without one, the log.
    ///
    /// The error is one sentence for the person at the command line; it never holds the address, which holds the password.
    pub fn new(url: Option<&str>, from: Option<&str>) -> Result<Outgoing, String> {
        let Some(url) = url.filter(|url| !url.is_empty()) else { return Ok(Outgoing::Log) };
        let from: Mailbox = from
            .unwrap_or_default()
            .parse()
            .map_err(|_| "Mail needs a sender: set PRODMATIC_MAIL_FROM, such as ProdMatic <prodmatic@example.com>.".to_owned())?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| "PRODMATIC_SMTP_URL is not an SMTP address, such as smtps://user:password@mail.example.com.".to_owned())?;
        Ok(Outgoing::Smtp { transport: Box::new(transport.timeout(Some(PATIENCE / 2)).build()), from })
    }

    /// Whether mail leaves this machine; where it does not, a link has to be handed over in another way.
    pub fn is_smtp(&self) -> bool {
        matches!(self, Outgoing::Smtp { .. })
    }

    /// Asks the SMTP server whether it would take mail.
    ///
    /// The error says what it objected to; it never holds the password.
    pub async fn greet(&self) -> Result<(), String> {
        let Outgoing::Smtp { transport, .. } = self else { return Ok(()) };
        match tokio::time::timeout(PATIENCE, transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err("it does not answer as one".to_owned()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("it took too long".to_owned()),
        }
    }

    /// Sends the message; `server` is the public address of this installation.
    ///
    /// The error says what the SMTP server objected to, for the log.
    pub async fn send(&self, message: &Message, server: &str) -> Result<(), String> {
        let Outgoing::Smtp { transport, from } = self else {
            let (to, subject, text) = (parts::one_line(&message.to), parts::one_line(&message.subject), parts::log_lines(message, server));
            tracing::info!(%to, %subject, "no SMTP server is set; this mail was not sent:\n{text}");
            return Ok(());
        };
        let mail = compose(message, from.clone(), server)?;
        match tokio::time::timeout(PATIENCE, transport.send(mail)).await {
            Ok(sent) => sent.map(|_| ()).map_err(|error| error.to_string()),
            Err(_) => Err("the SMTP server took too long".to_owned()),
        }
    }
}

/// The message as it goes over the wire.
pub fn compose(message: &Message, from: Mailbox, server: &str) -> Result<lettre::Message, String> {
    let to: Address = message.to.parse().map_err(|error| format!("the recipient's address: {error}"))?;
    let id = format!("<{}@{}>", new_id(), from.email.domain());
    // Says to other programs that nobody sits here who could read their automatic answer (RFC 3834).
    let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    lettre::Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(parts::one_line(&message.subject))
        .message_id(Some(id))
        .raw_header(automatic)
        .multipart(MultiPart::alternative_plain_html(parts::text(message, server), parts::html(message, server)))
        .map_err(|error| error.to_string())
}
