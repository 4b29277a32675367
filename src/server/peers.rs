//! How many of the server's connections one peer has, lest it take them all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::guard::Guard;
use super::guard::address::Proxies;
use super::guard::rate::neighbourhood;

/// Connections at one time; further ones wait in the operating system's queue.
pub const PLACES: usize = 4_096;
/// The last of them are for peers that have few.
const KEPT_FREE: usize = 512;
/// What is few.
const FEW: usize = 8;

/// How many connections each peer has.
type Seated = Arc<Mutex<HashMap<String, usize>>>;

/// The connections of each peer: of an IPv4 address, or a /64 network of IPv6.
pub struct Peers {
    /// 0 for any number.
    limit: usize,
    proxies: Proxies,
    seated: Seated,
}

/// One connection of a peer, for as long as it is kept.
pub struct Seat {
    /// Nothing for a peer that is not counted.
    of: Option<(Seated, String)>,
}

impl Peers {
    /// Nobody connected, and as many to come as the guard allows.
    pub fn new(guard: &Guard) -> Peers {
        Peers { limit: guard.connections, proxies: guard.proxies.clone(), seated: Arc::default() }
    }

    /// A seat for this peer while so many places are free, unless it has its share. Behind a proxy everybody has one address,
    /// so proxies that are known are not counted.
    pub fn seat(&self, peer: IpAddr, free: usize) -> Option<Seat> {
        let peer = peer.to_canonical();
        if self.limit == 0 || self.proxies.trust(peer) {
            return Some(Seat { of: None });
        }
        let share = if free < KEPT_FREE { self.limit.min(FEW) } else { self.limit };
        let peer = neighbourhood(peer);
        let mut seated = self.seated.lock().unwrap_or_else(PoisonError::into_inner);
        let count = seated.get(&peer).copied().unwrap_or_default();
        if count >= share {
            return None;
        }
        seated.insert(peer.clone(), count + 1);
        Some(Seat { of: Some((self.seated.clone(), peer)) })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some((seated, peer)) = &self.of else { return };
        let mut seated = seated.lock().unwrap_or_else(PoisonError::into_inner);
        match seated.get_mut(peer) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(seated.remove(peer)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers(connections: usize) -> Peers {
        Peers::new(&Guard { connections, proxies: Proxies::parse("10.0.0.0/8").unwrap(), ..Guard::default() })
    }

    /// How many seats this peer gets beside those that it has.
    fn seats(peers: &Peers, address: &str, free: usize) -> Vec<Seat> {
        std::iter::from_fn(|| peers.seat(address.parse().unwrap(), free)).take(1_000).collect()
    }

    #[test]
    fn a_peer_has_its_share_and_others_theirs() {
        let peers = peers(128);
        let mut taken = seats(&peers, "203.0.113.9", PLACES);
        assert_eq!(taken.len(), 128);
        assert!(peers.seat("::ffff:203.0.113.9".parse().unwrap(), PLACES).is_none(), "in another spelling too");
        assert_eq!(seats(&peers, "203.0.113.10", PLACES).len(), 128);
        taken.truncate(100);
        assert_eq!(seats(&peers, "203.0.113.9", PLACES).len(), 28, "what is given back is there again");
        drop(taken);
        assert!(peers.seated.lock().unwrap().is_empty(), "who is gone is forgotten");
    }

    #[test]
    fn a_network_of_six_is_one_peer() {
        let peers = peers(4);
        let _taken = seats(&peers, "2001:db8:1:2::1", PLACES);
        assert!(peers.seat("2001:db8:1:2:ffff::2".parse().unwrap(), PLACES).is_none());
        assert!(peers.seat("2001:db8:1:3::1".parse().unwrap(), PLACES).is_some());
    }

    #[test]
    fn the_last_places_are_for_those_who_have_few() {
        let peers = peers(128);
        let taken = seats(&peers, "203.0.113.9", PLACES);
        assert!(peers.seat("203.0.113.9".parse().unwrap(), KEPT_FREE - 1).is_none());
        assert_eq!(seats(&peers, "203.0.113.10", KEPT_FREE - 1).len(), FEW);
        drop(taken);
    }

    #[test]
    fn proxies_and_a_limit_of_none_are_not_counted() {
        assert_eq!(seats(&peers(1), "10.1.2.3", PLACES).len(), 1_000);
        assert_eq!(seats(&peers(0), "203.0.113.9", PLACES).len(), 1_000);
    }
}
