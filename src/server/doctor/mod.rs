//! `prodmatic doctor`: looks at all that a server needs, and says of each thing whether it is as it should be, or what to do.
//! It changes nothing, and makes neither a database nor a key.

mod database;
mod host;
mod settings;
#[cfg(test)]
mod tests;
mod work;

use std::fmt;
use std::net::SocketAddr;

use super::config::{Database, Options};

/// What is thought of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// Nothing is wrong, but somebody may want to know.
    Note,
    Wrong,
}

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub verdict: Verdict,
    pub what: &'static str,
    /// What it is, and what to do about it.
    pub told: String,
}

impl Finding {
    fn good(what: &'static str, told: impl Into<String>) -> Finding {
        Finding { verdict: Verdict::Good, what, told: told.into() }
    }

    fn note(what: &'static str, told: impl Into<String>) -> Finding {
        Finding { verdict: Verdict::Note, what, told: told.into() }
    }

    fn wrong(what: &'static str, told: impl Into<String>) -> Finding {
        Finding { verdict: Verdict::Wrong, what, told: told.into() }
    }

    /// Wrong if there is a reason.
    fn of(what: &'static str, outcome: Result<String, String>) -> Finding {
        outcome.map_or_else(|reason| Finding::wrong(what, reason), |told| Finding::good(what, told))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Good => "ok",
            Verdict::Note => "note",
            Verdict::Wrong => "WRONG",
        };
        write!(f, "{verdict:<6} {:<12} {}", self.what, self.told)
    }
}

/// Looks at everything.
pub async fn examine(addr: SocketAddr, options: &Options, database: &Database) -> Vec<Finding> {
    let mut findings = settings::look(options, addr, &database.data);
    findings.extend(settings::mail(options).await);
    findings.extend(host::look(addr, database).await);
    findings.extend(database::look(options, database).await);
    findings
}
