//! The command line.

#[cfg(feature = "ssr")]
mod site;

#[cfg(feature = "ssr")]
fn main() -> std::process::ExitCode {
    prodmatic::command::main(site::FILES)
}

/// The browser's side has no program of its own.
#[cfg(not(feature = "ssr"))]
fn main() {}
