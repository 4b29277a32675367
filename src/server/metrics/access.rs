//! Who may read the numbers.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use http::header::{FORWARDED, VIA};
use http::request::Parts;

use crate::server::guard::address::{Proxies, Visitor};
use crate::server::request::is_loopback;

/// As the person who runs the server has settled it.
#[derive(Debug, Default)]
pub enum Readers {
    /// Programs on this machine itself.
    #[default]
    ThisMachine,
    /// Those at these addresses.
    At(Proxies),
    Everybody,
}

impl Readers {
    /// Reads the setting: nothing, `public`, or a list of addresses and networks.
    ///
    /// The error is one sentence for the person at the command line.
    pub fn parse(setting: &str) -> Result<Readers, String> {
        match setting.trim() {
            "" => Ok(Readers::ThisMachine),
            "public" => Ok(Readers::Everybody),
            list => Proxies::parse_for("PRODMATIC_METRICS", list).map(Readers::At),
        }
    }

    /// Whether the sender of this request is one of them.
    pub fn include(&self, request: &Parts) -> bool {
        let Some(visitor) = request.extensions.get::<Visitor>() else { return false };
        match self {
            Readers::Everybody => true,
            Readers::At(networks) => networks.trust(visitor.address),
            Readers::ThisMachine => {
                let peer = request.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
                // A proxy on this machine connects from here too, for people elsewhere: whether or not it is one that is
                // trusted, what it adds shows it, and so does the name that people reach it by.
                peer.is_some_and(|peer| peer.is_loopback())
                    && visitor.address.is_loopback()
                    && !is_forwarded(request)
                    && is_loopback(request)
            }
        }
    }
}

fn is_forwarded(request: &Parts) -> bool {
    let added = |name: &str| name.starts_with("x-forwarded") || name == "x-real-ip" || name == FORWARDED || name == VIA;
    request.headers.keys().any(|name| added(name.as_str()))
}
