//! Who sends a request. Behind a proxy only its headers tell, and only a proxy that was named is believed.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use ipnet::IpNet;

use super::items;
use crate::server::request::Settings;

/// Where a request came from, as far as it can be believed; an extension of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor {
    pub address: IpAddr,
    /// Whether the browser itself speaks https, to us or to the proxy.
    pub https: bool,
}

/// Finds out who sends the request.
pub async fn find(State(settings): State<Arc<Settings>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
    let (proxies, headers) = (&settings.guard.proxies, request.headers());
    let https = proxies.https(peer, headers).unwrap_or_else(|| settings.url.starts_with("https://"));
    let visitor = Visitor { address: proxies.address(peer, headers), https };
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// The proxies in front of the server.
#[derive(Debug, Default, Clone)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Reads addresses and networks, as `127.0.0.1, 10.0.0.0/8, ::1`.
    pub fn parse(list: &str) -> Result<Proxies, String> {
        Proxies::parse_for("PRODMATIC_TRUSTED_PROXIES", list)
    }

    /// As `parse`, for another setting with such a list.
    pub fn parse_for(setting: &str, list: &str) -> Result<Proxies, String> {
        let network = |item: &str| item.parse::<IpNet>().ok().or_else(|| item.parse::<IpAddr>().ok().map(IpNet::from));
        let wrong = |item: &str| format!("{setting}: \"{item}\" is neither an address nor a network such as 10.0.0.0/8.");
        items(list).map(|item| network(item).ok_or_else(|| wrong(item))).collect::<Result<_, _>>().map(Proxies)
    }

    /// Whether this is the address of one of them.
    pub fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The address of the first sender from the right that is no proxy of ours. Each proxy adds at the right the address it was
    /// reached from, so what a sender has forged stands further to the left and is never come to.
    fn address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut sender = peer.to_canonical();
        let values: Vec<_> = headers.get_all("x-forwarded-for").iter().map(|value| value.to_str().unwrap_or_default()).collect();
        for hop in values.iter().rev().flat_map(|value| value.rsplit(',')) {
            match hop_address(hop) {
                Some(address) if self.trust(sender) => sender = address.to_canonical(),
                _ => break,
            }
        }
        sender
    }

    /// Whether the proxy that the request came through was spoken to by https, if it says.
    fn https(&self, peer: IpAddr, headers: &HeaderMap) -> Option<bool> {
        let said = headers.get_all("x-forwarded-proto").iter().next_back()?.to_str().ok()?;
        let scheme = said.rsplit(',').next()?.trim();
        self.trust(peer.to_canonical()).then(|| scheme.eq_ignore_ascii_case("https"))
    }
}

/// An entry of the list; some proxies write the port too.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    hop.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The address found for a peer and the lines of X-Forwarded-For, behind proxies in two networks.
    fn found(peer: &str, lines: &[&[u8]]) -> String {
        let proxies = Proxies::parse("10.0.0.0/8, 2001:db8:1::/48,127.0.0.1").unwrap();
        let headers = lines.iter().map(|line| ("x-forwarded-for".parse().unwrap(), http::HeaderValue::from_bytes(line).unwrap())).collect();
        proxies.address(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(found("203.0.113.9", &[b"198.51.100.1"]), "203.0.113.9");
        assert_eq!(found("2001:db8:2::1", &[b"198.51.100.1"]), "2001:db8:2::1");
    }

    #[test]
    fn a_proxy_is_believed_but_not_what_was_sent_to_it() {
        assert_eq!(found("10.1.2.3", &[b"198.51.100.1"]), "198.51.100.1");
        assert_eq!(found("10.1.2.3", &[b"1.1.1.1, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(found("10.1.2.3", &[b"127.0.0.1, 198.51.100.1 , 10.9.9.9"]), "198.51.100.1");
        assert_eq!(found("10.1.2.3", &[b"127.0.0.1", b"198.51.100.1", b"10.9.9.9"]), "198.51.100.1");
        assert_eq!(found("10.1.2.3", &[b"198.51.100.1:4711"]), "198.51.100.1");
    }

    #[test]
    fn addresses_of_six_are_read_in_each_spelling() {
        assert_eq!(found("2001:db8:1::1", &[b"2001:db8:2::7"]), "2001:db8:2::7");
        assert_eq!(found("2001:db8:1::1", &[b"[2001:db8:2::7]:443"]), "2001:db8:2::7");
        assert_eq!(found("::ffff:10.1.2.3", &[b"::ffff:198.51.100.1"]), "198.51.100.1");
        assert_eq!(found("2001:db8:1::1", &[b"::1, 2001:db8:2::7, 2001:db8:1::2"]), "2001:db8:2::7");
    }

    #[test]
    fn garbage_ends_the_search() {
        assert_eq!(found("10.1.2.3", &[]), "10.1.2.3");
        assert_eq!(found("10.1.2.3", &[b""]), "10.1.2.3");
        assert_eq!(found("10.1.2.3", &[b"198.51.100.1, unknown"]), "10.1.2.3");
        assert_eq!(found("10.1.2.3", &[b"198.51.100.1, \xff\xfe, 10.9.9.9"]), "10.1.2.3");
        assert_eq!(found("10.1.2.3", &[b"198.51.100.1,,10.9.9.9"]), "10.9.9.9");
        let many: Vec<&[u8]> = vec![b"10.0.0.1"; 5_000];
        assert_eq!(found("10.1.2.3", &many), "10.0.0.1");
    }

    #[test]
    fn only_a_proxy_says_how_it_was_spoken_to() {
        let proxies = Proxies::parse("10.0.0.1").unwrap();
        let said = |peer: &str, scheme: &'static str| {
            let headers = [("x-forwarded-proto".parse().unwrap(), http::HeaderValue::from_static(scheme))].into_iter().collect();
            proxies.https(peer.parse().unwrap(), &headers)
        };
        assert_eq!(said("10.0.0.1", "https"), Some(true));
        assert_eq!(said("10.0.0.1", "https, HTTP"), Some(false));
        assert_eq!(said("10.0.0.2", "https"), None);
        assert_eq!(proxies.https("10.0.0.1".parse().unwrap(), &HeaderMap::new()), None);
    }

    #[test]
    fn a_wrong_list_is_told() {
        assert!(Proxies::parse("").unwrap().0.is_empty());
        for wrong in ["nonsense", "10.0.0.0/33", "10.0.0.0/8;::1", "example.com"] {
            assert!(Proxies::parse(wrong).unwrap_err().contains("neither an address nor a network"), "{wrong}");
        }
    }
}
