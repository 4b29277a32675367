//! OpenID Connect: which providers there are, and how one is asked who somebody is.

mod provider;
mod settings;

pub use provider::{Identity, OidcError, Provider, Secrets, Tokens};
pub use settings::{Options, Providers};
