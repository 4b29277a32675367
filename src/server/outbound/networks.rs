//! Which addresses are public, and which others the administrator has allowed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What is not public of IPv4 (IANA's registry of special-purpose addresses, RFC 6890 and later): this network, private, shared,
/// loopback, link-local, protocol assignments, documentation, the relays of 6to4, benchmarks, multicast and reserved.
const CLOSED_4: [&str; 15] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
];

/// All that is handed out for the internet of IPv6; loopback, private, link-local and multicast addresses lie elsewhere.
const GLOBAL_6: &str = "2000::/3";

/// What is not public within that: protocol assignments with Teredo and ORCHID, documentation, 6to4, documentation again.
const CLOSED_6: [&str; 4] = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

/// Addresses of IPv4 as an IPv6 network without any IPv4 reaches them (NAT64, RFC 6052).
const NAT64: &str = "64:ff9b::/96";

static CLOSED: LazyLock<(Vec<Ipv4Net>, Vec<Ipv6Net>)> = LazyLock::new(|| (read(&CLOSED_4), read(&CLOSED_6)));
static OPEN_6: LazyLock<Vec<Ipv6Net>> = LazyLock::new(|| read(&[GLOBAL_6]));
static TRANSLATED: LazyLock<Vec<Ipv6Net>> = LazyLock::new(|| read(&[NAT64]));

fn read<T: std::str::FromStr>(list: &[&str]) -> Vec<T> {
    list.iter().filter_map(|network| network.parse().ok()).collect()
}

/// Whether the address is one of the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_4(address),
        IpAddr::V6(address) if TRANSLATED.iter().any(|network| network.contains(&address)) => is_public_4(embedded(address)),
        IpAddr::V6(address) => {
            OPEN_6.iter().any(|network| network.contains(&address)) && !CLOSED.1.iter().any(|network| network.contains(&address))
        }
    }
}

fn is_public_4(address: Ipv4Addr) -> bool {
    !CLOSED.0.iter().any(|network| network.contains(&address))
}

/// The address of IPv4 in the last four bytes.
fn embedded(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

/// Networks that the administrator allows although they are not public.
#[derive(Debug, Clone, Default)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Reads addresses and networks, as `127.0.0.1, 10.1.0.0/16, fd00::/8`.
    pub fn parse(list: &str) -> Result<Networks, String> {
        let network = |item: &str| item.parse::<IpNet>().ok().or_else(|| item.parse::<IpAddr>().ok().map(IpNet::from));
        let wrong = |item: &str| format!("PRODMATIC_WEBHOOK_NETWORKS: \"{item}\" is neither an address nor a network such as 10.1.0.0/16.");
        let items = list.split([',', ' ']).filter(|item| !item.is_empty());
        items.map(|item| network(item).ok_or_else(|| wrong(item))).collect::<Result<_, _>>().map(Networks)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the address is in one of them.
    pub fn allow(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_is_read() {
        assert_eq!((CLOSED.0.len(), CLOSED.1.len(), OPEN_6.len(), TRANSLATED.len()), (CLOSED_4.len(), CLOSED_6.len(), 1, 1));
    }

    #[test]
    fn what_is_not_public_is_known_in_every_form() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "::a00:1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1",
            "64:ff9b:1:0:0:0:808:808",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2002:808:808::1",
            "3fff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2606:4700::1111",
            "2a00:1450:4001::1",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn the_administrator_allows_networks_in_every_form_of_their_addresses() {
        let networks = Networks::parse("127.0.0.1, 10.1.0.0/16 fd00::/8").unwrap();
        for address in ["127.0.0.1", "::ffff:127.0.0.1", "10.1.255.3", "fd00::7"] {
            assert!(networks.allow(address.parse().unwrap()), "{address}");
        }
        for address in ["127.0.0.2", "10.2.0.1", "::1", "64:ff9b::127.0.0.1", "fc00::1"] {
            assert!(!networks.allow(address.parse().unwrap()), "{address}");
        }
        assert!(
            Networks::parse("").unwrap().is_empty() && Networks::parse("10.0.0.0/33").is_err() && Networks::parse("localhost").is_err()
        );
    }
}
