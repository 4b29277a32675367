//! The command line and the settings, each by flag or by `PRODMATIC_*`.

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

use super::backup::How;

/// Product management, from idea to measured outcome.
#[derive(Debug, Parser)]
#[command(name = "prodmatic", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the application.
    Serve {
        /// Address to listen on.
        #[arg(long, env = "PRODMATIC_ADDR", default_value = "127.0.0.1:3000")]
        addr: SocketAddr,
        #[command(flatten)]
        options: Box<Options>,
        #[command(flatten)]
        database: Database,
    },
    /// Bring the database to the schema of this version.
    Migrate {
        #[command(flatten)]
        database: Database,
    },
    /// Load the demo organisation, for trying the program out.
    Seed {
        /// Also make a large deterministic product with this many ideas, for measuring.
        #[arg(long)]
        ideas: Option<u32>,
        #[command(flatten)]
        database: Database,
    },
    /// Manage tokens for the REST API from the command line.
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Write all that is in the database into one file.
    Backup {
        /// The file to make; it may not exist yet.
        file: PathBuf,
        #[command(flatten)]
        key: KeyOption,
        #[command(flatten)]
        database: Database,
    },
    /// Put the contents of a backup into an empty database.
    Restore {
        file: PathBuf,
        #[command(flatten)]
        how: How,
        /// Only look whether the file is whole, and say what is in it.
        #[arg(long, conflicts_with_all = ["force", "webhooks_off"])]
        check: bool,
        #[command(flatten)]
        key: KeyOption,
        #[command(flatten)]
        database: Database,
    },
    /// Check settings, database, mail and what waits to be done; says what to do where something is wrong.
    Doctor {
        #[arg(long, env = "PRODMATIC_ADDR", default_value = "127.0.0.1:3000")]
        addr: SocketAddr,
        #[command(flatten)]
        options: Box<Options>,
        #[command(flatten)]
        database: Database,
    },
    /// Manage people from the command line.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
}

/// What can be done with people.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Create a person who can sign in.
    Create {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// Read the password from standard input; there is no other way to give it.
        #[arg(long, required = true)]
        password_stdin: bool,
        /// Make the person an administrator of this existing organisation.
        #[arg(long, value_name = "SLUG")]
        admin_of: Option<String>,
        #[command(flatten)]
        database: Database,
    },
}

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token for a member, and print it. It is shown this once.
    Create {
        /// E-mail address of the member that the token acts for.
        #[arg(long, value_name = "EMAIL")]
        user: String,
        /// Slug of the organisation.
        #[arg(long, value_name = "SLUG")]
        org: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// read, write or, for an administrator, admin; never more than the member's role.
        #[arg(long, default_value = "read")]
        scope: String,
        /// Key of a product that the token is kept to; may be given several times.
        #[arg(long = "product", value_name = "KEY")]
        products: Vec<String>,
        /// Days until it ends: 30, 90, 365 or never.
        #[arg(long, default_value = "90", value_name = "DAYS")]
        expires: String,
        #[command(flatten)]
        database: Database,
    },
}

/// The key that secrets are stored under.
#[derive(Debug, Clone, Args)]
pub struct KeyOption {
    /// Key that secrets are stored under: 32 bytes in base64. By default one is made and kept in the data folder.
    #[arg(long, env = "PRODMATIC_SECRET_KEY", hide_env_values = true, value_name = "BASE64")]
    pub secret_key: Option<String>,
}

impl KeyOption {
    /// The key, if one was given.
    pub fn given(&self) -> Option<&str> {
        self.secret_key.as_deref().filter(|key| !key.is_empty())
    }
}

/// How the server meets the world.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The address by which people reach the server, for links in mails; by default the one it listens on.
    #[arg(long, env = "PRODMATIC_URL", value_name = "URL")]
    pub url: Option<String>,
    #[command(flatten)]
    pub key: KeyOption,
    /// Server that mail is sent through, such as smtps://user:password@mail.example.com, or smtp://…?tls=required for STARTTLS.
    /// Without one, what would be mailed is written to the log.
    #[arg(long, env = "PRODMATIC_SMTP_URL", hide_env_values = true, value_name = "URL")]
    pub smtp_url: Option<String>,
    /// Sender of mails, such as "ProdMatic <prodmatic@example.com>".
    #[arg(long, env = "PRODMATIC_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Networks beside the public internet that webhooks may go to, as 10.1.0.0/16; they are reached by plain http too.
    #[arg(long, env = "PRODMATIC_WEBHOOK_NETWORKS", value_name = "LIST")]
    pub webhook_networks: Option<String>,
    #[command(flatten)]
    pub protection: Protection,
    #[command(flatten)]
    pub oidc: super::oidc::Options,
}

/// Whom the server believes, and how much it takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Protection {
    /// Addresses or networks of the proxies in front of the server; X-Forwarded-For and -Proto are believed from them alone.
    #[arg(long, env = "PRODMATIC_TRUSTED_PROXIES", value_name = "LIST")]
    pub trusted_proxies: Option<String>,
    /// Who may read /metrics: this machine alone when nothing is said, a list of addresses and networks, or `public`.
    #[arg(long, env = "PRODMATIC_METRICS", value_name = "LIST")]
    pub metrics: Option<String>,
    /// Other sites that a form may lead to, such as https://login.example.com.
    #[arg(long, env = "PRODMATIC_FORM_ORIGINS", value_name = "LIST")]
    pub form_origins: Option<String>,
    /// Requests a minute from one address; 0 for any number, here and in the other rates.
    #[arg(long, env = "PRODMATIC_RATE_PER_ADDRESS", default_value_t = 3_000, value_name = "NUMBER")]
    pub rate_per_address: u32,
    /// Requests a minute by one session, or by one token.
    #[arg(long, env = "PRODMATIC_RATE_PER_ACCOUNT", default_value_t = 600, value_name = "NUMBER")]
    pub rate_per_account: u32,
    /// New accounts an hour from one address.
    #[arg(long, env = "PRODMATIC_RATE_SIGN_UPS", default_value_t = 20, value_name = "NUMBER")]
    pub rate_sign_ups: u32,
    /// Passwords a minute from one address, to be checked or set.
    #[arg(long, env = "PRODMATIC_RATE_PASSWORDS", default_value_t = 120, value_name = "NUMBER")]
    pub rate_passwords: u32,
    /// Mails an hour that one address makes the server send.
    #[arg(long, env = "PRODMATIC_RATE_MAILS", default_value_t = 60, value_name = "NUMBER")]
    pub rate_mails: u32,
    /// Pictures an hour that one person uploads.
    #[arg(long, env = "PRODMATIC_RATE_PICTURES", default_value_t = 30, value_name = "NUMBER")]
    pub rate_pictures: u32,
    /// Connections at a time from one address that is no trusted proxy; 0 for any number.
    #[arg(long, env = "PRODMATIC_CONNECTIONS_PER_ADDRESS", default_value_t = 128, value_name = "NUMBER")]
    pub connections_per_address: u32,
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct Database {
    /// Folder of the private Postgres that runs when DATABASE_URL is not set.
    #[arg(long, env = "PRODMATIC_DATA", default_value = "./data")]
    pub data: PathBuf,
    /// A Postgres 15 or newer to use instead of a private one.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

impl Database {
    /// The address of the Postgres, if one was given.
    pub fn url(&self) -> Option<&str> {
        self.database_url.as_deref().filter(|url| !url.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    const README: &str = include_str!("../../README.md");
    const OPERATING: &str = include_str!("../../docs/OPERATING.md");
    const WEBHOOKS: &str = include_str!("../../docs/WEBHOOKS.md");

    #[test]
    fn the_command_line_holds_together() {
        super::Cli::command().debug_assert();
    }

    /// Each variable and flag of `serve`, with its default where that is a number; and no other.
    #[test]
    fn the_readme_lists_every_setting() {
        let cell = |text: &str| text.trim().trim_matches('`').to_owned();
        let number = |text: String| text.parse::<u32>().map_or_else(|_| String::new(), |number| number.to_string());
        let listed: BTreeSet<(String, String, String)> = README
            .lines()
            .filter(|line| line.starts_with("| `PRODMATIC_") || line.starts_with("| `DATABASE_URL"))
            .map(|line| line.split('|').map(cell).collect::<Vec<_>>())
            .map(|cells| (cells[1].clone(), cells[2].clone(), number(cells[3].clone())))
            .filter(|(.., flag, _)| !flag.is_empty())
            .collect();
        let cli = super::Cli::command();
        let known: BTreeSet<(String, String, String)> = cli
            .find_subcommand("serve")
            .into_iter()
            .flat_map(|serve| serve.get_arguments())
            .filter_map(|argument| Some((argument.get_env()?, argument.get_long()?, argument.get_default_values().first())))
            .map(|(variable, flag, default)| {
                let default = default.map(|default| default.to_string_lossy().into_owned());
                (variable.to_string_lossy().into_owned(), format!("--{flag}"), number(default.unwrap_or_default()))
            })
            .collect();
        assert_eq!(listed, known);
    }

    /// Whatever command the documentation shows is there, and has the flags that it is shown with.
    #[test]
    fn the_documentation_shows_no_flag_that_is_not_there() {
        let mut cli = super::Cli::command();
        cli.build();
        let mut flags = 0;
        for text in [README, OPERATING, WEBHOOKS] {
            for (at, name) in text.match_indices("prodmatic ") {
                let said = text[at + name.len()..].split(['`', '\n', '#', ')', ';', '&']).next().unwrap_or_default();
                let mut command = &cli;
                for word in said.split_whitespace().map(|word| word.trim_matches(['[', ']', '"'])) {
                    match (word.strip_prefix("--"), command.find_subcommand(word)) {
                        (Some(flag), _) if command.get_name() != "prodmatic" => {
                            let flag = flag.split('=').next();
                            assert!(command.get_arguments().any(|argument| argument.get_long() == flag), "{said}: {word}");
                            flags += 1;
                        }
                        (None, Some(next)) => command = next,
                        _ => {}
                    }
                }
            }
        }
        assert!(flags > 10, "{flags}");
    }
}
