//! What the server needs and no entity knows.

pub mod assets;
pub mod backup;
pub mod board;
pub mod config;
mod connections;
pub mod csv;
pub mod db;
pub mod doctor;
pub mod embedded;
pub mod forms;
pub mod guard;
pub mod http_client;
pub mod id;
pub mod images;
pub mod live;
pub mod mail;
pub mod markdown;
pub mod metrics;
pub mod multipart;
pub mod oidc;
pub mod outbound;
pub mod password;
mod peers;
mod ready;
mod refused;
pub mod request;
pub mod rest;
pub mod scope;
pub mod seal;
pub mod sealed;
pub mod serve;
pub mod session;
#[cfg(test)]
pub mod tests;
pub mod zone;
