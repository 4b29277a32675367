//! The settings, read as the server reads them.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use url::Url;

use super::Finding;
use crate::server::config::Options;
use crate::server::guard::Guard;
use crate::server::mail::outgoing::Outgoing;
use crate::server::oidc::Providers;
use crate::server::outbound::Outbound;
use crate::server::seal::{self, Key};

pub fn look(options: &Options, addr: SocketAddr, data: &Path) -> Vec<Finding> {
    let url = options.url.as_deref().filter(|url| !url.is_empty());
    let providers = Providers::of(&options.oidc, url.unwrap_or_default());
    let providers = providers.map(|providers| match providers.iter().count() {
        0 => "people sign in by their password".to_owned(),
        number => format!("{number} identity providers beside passwords"),
    });
    let networks = options.webhook_networks.as_deref().unwrap_or_default();
    let receivers = if networks.is_empty() {
        "webhooks lead to the public internet alone".to_owned()
    } else {
        format!("webhooks lead to {networks} too")
    };
    vec![
        address(url, addr),
        key(options, data),
        Finding::of("protection", Guard::new(&options.protection).map(|_| "proxies, rates and who reads /metrics are understood".into())),
        Finding::of("sign-in", providers),
        Finding::of("receivers", Outbound::new(networks).map(|_| receivers)),
    ]
}

fn address(url: Option<&str>, addr: SocketAddr) -> Finding {
    let what = "address";
    let Some(url) = url else {
        let told = format!("links in mails begin with http://{addr}: set PRODMATIC_URL if people come by another address");
        return if addr.ip().is_loopback() { Finding::note(what, told) } else { Finding::wrong(what, told) };
    };
    match Url::parse(url) {
        Ok(parsed) if parsed.scheme() == "https" => Finding::good(what, url),
        Ok(parsed) if parsed.scheme() == "http" => Finding::note(what, format!("{url} is not encrypted: let a proxy in front do that")),
        _ => Finding::wrong(what, format!("PRODMATIC_URL is \"{url}\", and should be like https://pm.example.com")),
    }
}

fn key(options: &Options, data: &Path) -> Finding {
    let (what, file) = ("secret key", seal::file_in(data));
    match Key::find(&options.key, data) {
        Err(error) => Finding::wrong(what, error),
        Ok(None) => Finding::note(what, format!("there is none yet; the first start makes one in {}", file.display())),
        Ok(Some(_)) if options.key.given().is_some() => Finding::good(what, "by PRODMATIC_SECRET_KEY; keep a copy, backups do not hold it"),
        Ok(Some(_)) => match file.metadata() {
            Ok(found) if found.permissions().mode() & 0o077 != 0 => {
                Finding::wrong(what, format!("others may read {0}: chmod 600 {0}", file.display()))
            }
            _ => Finding::good(what, format!("in {}; keep a copy, backups do not hold it", file.display())),
        },
    }
}

/// Whether the mail server lets this program in.
pub async fn mail(options: &Options) -> Option<Finding> {
    let what = "mail";
    Some(match Outgoing::new(options.smtp_url.as_deref(), options.mail_from.as_deref()) {
        Err(error) => Finding::wrong(what, error),
        Ok(outgoing) if !outgoing.is_smtp() => {
            Finding::note(what, "no mail is sent, it is written to the log: set PRODMATIC_SMTP_URL and PRODMATIC_MAIL_FROM")
        }
        Ok(outgoing) => match outgoing.greet().await {
            Ok(()) => Finding::good(what, "the SMTP server lets us in"),
            Err(error) => Finding::wrong(what, format!("the SMTP server does not let us in: {error}; check PRODMATIC_SMTP_URL")),
        },
    })
}
