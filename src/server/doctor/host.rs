//! The machine: the address to listen on, room on the disk, open files.

use std::path::Path;

use rustix::process::{Resource, getrlimit};
use tokio::net::TcpListener;

use super::Finding;
use crate::server::config::Database;

/// Bytes on the disk below which it is time to do something.
const LITTLE: u64 = 1 << 30;
/// Connections and files of a busy server, from `peers::PLACES` and what stands beside them.
const FILES: u64 = 4_608;

pub async fn look(addr: std::net::SocketAddr, database: &Database) -> Vec<Finding> {
    let listen = match TcpListener::bind(addr).await {
        Ok(_) => Finding::good("listen", format!("{addr} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            Finding::note("listen", format!("something listens on {addr} already: ProdMatic itself, or choose another with PRODMATIC_ADDR"))
        }
        Err(error) => Finding::wrong("listen", format!("{addr} cannot be listened on ({error}): choose another with PRODMATIC_ADDR")),
    };
    let files = match getrlimit(Resource::Nofile).current {
        Some(limit) if limit < FILES => {
            Finding::note("open files", format!("at most {limit}: with LimitNOFILE=65536 more people can be connected at a time"))
        }
        _ => Finding::good("open files", "enough for every connection"),
    };
    vec![listen, disk(&database.data, database.url().is_some()), files]
}

fn disk(data: &Path, foreign: bool) -> Finding {
    let what = "disk";
    // The folder may not be there yet.
    let Some(folder) = std::path::absolute(data).ok().and_then(|data| data.ancestors().find(|folder| folder.exists()).map(Path::to_owned))
    else {
        return Finding::wrong(what, format!("{} cannot be looked at", data.display()));
    };
    let place = folder.display();
    match rustix::fs::statvfs(&folder) {
        Err(error) => Finding::wrong(what, format!("{place} cannot be looked at: {error}")),
        Ok(found) => match found.f_bavail.saturating_mul(found.f_frsize) {
            free if free < LITTLE => Finding::wrong(what, format!("only {} MB are free at {place}: make room", free >> 20)),
            free if foreign => Finding::good(
                what,
                format!("{} GB are free at {place}; what the database's own disk has is not seen from here", free >> 30),
            ),
            free => Finding::good(what, format!("{} GB are free at {place}", free >> 30)),
        },
    }
}
