//! Those who listen, by organisation, and what is handed to them. In this process alone.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::change;
use crate::kernel::error::AppError;

/// Streams that one person may hold open: one for each tab that they look at.
pub const PER_PERSON: usize = 16;
/// Streams of this process; each is a connection, and others need some too.
const PER_PROCESS: usize = 3_000;
/// What may wait for a listener, in pieces that were handed out at once. Whoever is slower is cut off, and catches up when they
/// come back.
const WAITING: usize = 64;
/// With more people than these at one place, nobody is told who they are.
const CROWD: usize = 30;
/// The seconds after which somebody may try again who was not let in.
const LATER: u32 = 10;

/// Whom a stream belongs to, and by what right.
#[derive(Debug, Clone)]
pub struct Who {
    pub organization: String,
    pub session: String,
    pub user: String,
    /// As others are to see it.
    pub name: String,
    /// The hash of the session's token.
    pub token: String,
}

struct Listener {
    who: Who,
    /// The page that they look at, if others who do are to be told.
    at: String,
    to: Sender<Bytes>,
}

#[derive(Default)]
struct Hub {
    organizations: HashMap<String, HashMap<u64, Listener>>,
    count: usize,
    last_key: u64,
    closed: bool,
}

/// Everybody who listens to this process.
#[derive(Clone, Default)]
pub struct Live(Arc<Mutex<Hub>>);

/// A listener's place, for as long as it is kept.
pub struct Seat {
    live: Live,
    organization: String,
    pub key: u64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.live.hub().remove(&self.organization, &[self.key]);
    }
}

impl Live {
    fn hub(&self) -> MutexGuard<'_, Hub> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for this listener, and what will be said there. What comes is ended by the place's end.
    ///
    /// # Errors
    /// `RateLimited` when they, or all together, have too many; or while the process stops.
    pub fn join(&self, who: Who, at: String) -> Result<(Seat, Receiver<Bytes>), AppError> {
        let mut hub = self.hub();
        let own = hub.organizations.values().flat_map(HashMap::values).filter(|listener| listener.who.user == who.user).count();
        if hub.closed || own >= PER_PERSON || hub.count >= PER_PROCESS {
            return Err(AppError::RateLimited(LATER));
        }
        let (to, from) = channel(WAITING);
        hub.last_key += 1;
        let (key, organization) = (hub.last_key, who.organization.clone());
        hub.count += 1;
        hub.organizations.entry(organization.clone()).or_default().insert(key, Listener { who, at: at.clone(), to });
        hub.tell_who_is_at(&organization, &at);
        Ok((Seat { live: self.clone(), organization, key }, from))
    }

    /// Notes that the listener looks at another page now; says whether there is such a listener of this session.
    pub fn moved(&self, key: u64, token: &str, at: String) -> bool {
        let mut hub = self.hub();
        let found = hub.organizations.values_mut().find_map(|listeners| listeners.get_mut(&key)).filter(|found| found.who.token == token);
        let Some(listener) = found else { return false };
        let (organization, before) = (listener.who.organization.clone(), std::mem::replace(&mut listener.at, at.clone()));
        if before != at {
            hub.tell_who_is_at(&organization, &before);
            hub.tell_who_is_at(&organization, &at);
        }
        true
    }

    /// Hands something to everybody who listens in the organisation.
    pub fn tell(&self, organization: &str, said: &Bytes) {
        self.hub().tell(organization, |_| true, said);
    }

    /// Hands something to everybody.
    pub fn tell_all(&self, said: &Bytes) {
        let mut hub = self.hub();
        let organizations: Vec<String> = hub.organizations.keys().cloned().collect();
        for organization in organizations {
            hub.tell(&organization, |_| true, said);
        }
    }

    /// The sessions that listen, each with the organisation that it does so in.
    pub fn sessions(&self) -> HashSet<(String, String)> {
        let hub = self.hub();
        hub.organizations.values().flat_map(HashMap::values).map(|l| (l.who.session.clone(), l.who.organization.clone())).collect()
    }

    /// Ends the streams of sessions that may hear no more of the organisation.
    pub fn end(&self, session: &str, organization: &str) {
        self.hub().end(organization, |listener| listener.who.session == session);
    }

    /// Ends every stream and lets nobody in any more.
    pub fn close(&self) {
        let mut hub = self.hub();
        hub.closed = true;
        hub.count = 0;
        hub.organizations.clear();
    }

    /// How many listen.
    pub fn count(&self) -> usize {
        self.hub().count
    }
}

impl Hub {
    /// Cuts off whoever cannot take it.
    fn tell(&mut self, organization: &str, whom: impl Fn(&Listener) -> bool, said: &Bytes) {
        let Some(listeners) = self.organizations.get(organization) else { return };
        let missed = |(key, listener): (&u64, &Listener)| listener.to.try_send(said.clone()).is_err().then_some(*key);
        let slow: Vec<u64> = listeners.iter().filter(|(_, listener)| whom(listener)).filter_map(missed).collect();
        self.remove(organization, &slow);
    }

    fn end(&mut self, organization: &str, whom: impl Fn(&Listener) -> bool) {
        let Some(listeners) = self.organizations.get(organization) else { return };
        let ended: Vec<u64> = listeners.iter().filter(|(_, listener)| whom(listener)).map(|(key, _)| *key).collect();
        for listener in ended.iter().filter_map(|key| listeners.get(key)) {
            let _ = listener.to.try_send(change::end());
        }
        self.remove(organization, &ended);
    }

    fn remove(&mut self, organization: &str, keys: &[u64]) {
        let Some(listeners) = self.organizations.get_mut(organization) else { return };
        let gone: Vec<Listener> = keys.iter().filter_map(|key| listeners.remove(key)).collect();
        self.count = self.count.saturating_sub(gone.len());
        if listeners.is_empty() {
            self.organizations.remove(organization);
        }
        for at in gone.into_iter().map(|listener| listener.at).collect::<HashSet<_>>() {
            self.tell_who_is_at(organization, &at);
        }
    }

    /// Tells those who look at a page who else does.
    fn tell_who_is_at(&mut self, organization: &str, at: &str) {
        let Some(listeners) = self.organizations.get(organization).filter(|_| !at.is_empty()) else { return };
        let here = || listeners.values().filter(|listener| listener.at == at);
        if here().count() > CROWD {
            return;
        }
        let people: BTreeMap<String, String> = here().map(|listener| (listener.who.user.clone(), listener.who.name.clone())).collect();
        for user in people.keys() {
            let others: Vec<&String> = people.iter().filter(|(id, _)| *id != user).map(|(_, name)| name).collect();
            let said = change::event("here", &others);
            for listener in here().filter(|listener| listener.who.user == *user) {
                // Whoever has no room for it is cut off by the next change, and told anew when they come back.
                let _ = listener.to.try_send(said.clone());
            }
        }
    }
}
