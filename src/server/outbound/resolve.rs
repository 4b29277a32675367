//! Names become addresses inside the client, and only those that may be reached are handed on to be connected to.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use openidconnect::reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::networks::{Networks, is_public};

type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Who knows the addresses of a name.
pub type Lookup = Arc<dyn Fn(String) -> Found + Send + Sync>;

/// The operating system.
pub fn system() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|socket| socket.ip()).collect())
        })
    })
}

/// A name leads nowhere that may be reached. Neither where else it leads is told nor whether it is known: whoever asks could map the
/// network by it.
#[derive(Debug, thiserror::Error)]
#[error("{0} does not lead to a public address, if it is known at all, nor to a network that this server's administrator allows.")]
pub struct NotAllowed(String);

/// Lets through what may be reached.
pub struct Resolver {
    pub networks: Arc<Networks>,
    /// Whether that is everything public, too.
    pub open: bool,
    pub lookup: Lookup,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let (asked, networks, open) = ((self.lookup)(name.clone()), self.networks.clone(), self.open);
        Box::pin(async move {
            let may = |address: &IpAddr| networks.allow(*address) || (open && is_public(*address));
            let found = asked.await.unwrap_or_else(|error| {
                tracing::debug!(host = %name, %error, "a name cannot be looked up");
                Vec::new()
            });
            // The port is the client's own affair.
            let allowed: Vec<SocketAddr> = found.into_iter().filter(may).map(|address| SocketAddr::new(address, 0)).collect();
            if allowed.is_empty() {
                return Err(NotAllowed(name).into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}
