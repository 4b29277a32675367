//! What each command does.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};
use tracing_subscriber::EnvFilter;

use crate::account::model::SignUpForm;
use crate::account::store;
use crate::kernel::error::AppError;
use crate::org;
use crate::seed;
use crate::server::assets::{self, Asset};
use crate::server::backup::{self, How};
use crate::server::config::{Cli, Command, Database, KeyOption, TokenCommand, UserCommand};
use crate::server::db::{Opened, Reached};
use crate::server::doctor::{self, Verdict};
use crate::server::request::Settings;
use crate::server::scope::System;
use crate::server::seal::Key;
use crate::server::serve::{listen, serve, told_to_stop};
use crate::token::model::TokenForm;
use crate::token::store as tokens;

/// Runs the command, with these files as the site; a failure is one line and an exit status of 1.
pub fn main(site: &'static [Asset]) -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| wrong_settings(error));
    let filter = match std::env::var("PRODMATIC_LOG").ok().filter(|filter| !filter.is_empty()) {
        Some(filter) => match EnvFilter::try_new(&filter) {
            Ok(filter) => filter,
            Err(error) => return failed(&format!("PRODMATIC_LOG is \"{filter}\", which is no list of what to log: {error}.")),
        },
        None => EnvFilter::new("warn,prodmatic=info,sqlx::postgres::notice=off"),
    };
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    // Fewer than four worker threads can stall server functions that wait for one another.
    let threads = std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4));
    let outcome = match tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build() {
        Ok(runtime) => runtime.block_on(run(cli.command, site)),
        Err(error) => Err(format!("The program could not start: {error}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => failed(&message),
    }
}

fn failed(message: &str) -> ExitCode {
    eprintln!("prodmatic: {message}");
    ExitCode::FAILURE
}

/// Tells what is wrong with the command line or with a variable, and ends the program. A wrong value is told in one line that
/// also names the variable that it may have come from.
fn wrong_settings(error: clap::Error) -> ! {
    if error.kind() == ErrorKind::InvalidUtf8
        && let Some(name) = variable_without_text()
    {
        eprintln!("prodmatic: {name} holds bytes that are no text in UTF-8.");
        std::process::exit(2);
    }
    if !matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue) {
        error.exit();
    }
    let rendered = error.render().to_string();
    let line = rendered.lines().next().unwrap_or_default();
    let argument = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => argument.as_str(),
        _ => "",
    };
    let long = argument.split([' ', '=']).next().and_then(|flag| flag.strip_prefix("--")).unwrap_or_default();
    let variable = Cli::command().get_subcommands().flat_map(|command| command.get_arguments()).find_map(|known| {
        let variable = known.get_env().filter(|_| known.get_long() == Some(long))?;
        variable.to_str().map(|name| format!(" (or {name})"))
    });
    eprintln!("prodmatic: {}{}", line.strip_prefix("error: ").unwrap_or(line), variable.unwrap_or_default());
    std::process::exit(2);
}

/// Of such a variable clap tells neither the name nor in one line.
fn variable_without_text() -> Option<String> {
    let cli = Cli::command();
    let mut names = cli.get_subcommands().flat_map(|command| command.get_arguments()).filter_map(|known| known.get_env());
    let name = names.find(|name| std::env::var_os(name).is_some_and(|value| value.to_str().is_none()))?;
    name.to_str().map(str::to_owned)
}

async fn run(command: Command, site: &'static [Asset]) -> Result<(), String> {
    match command {
        Command::Serve { addr, options, database } => {
            // The address first: a database is not made for a server that cannot listen.
            let listener = listen(addr).await?;
            let settings = Settings::new(&options, addr, &database.data)?;
            assets::put_in(site);
            serve(listener, Opened::open(&database).await?, settings).await
        }
        Command::Migrate { database } => {
            Opened::open(&database).await?.close().await;
            println!("The database is at this version's schema.");
            Ok(())
        }
        Command::Seed { ideas, database } => {
            let opened = Opened::open(&database).await?;
            let outcome = seed::run(&opened.pool, ideas).await;
            opened.close().await;
            outcome.map(|told| println!("{told}")).map_err(in_words)
        }
        Command::Token { command: TokenCommand::Create { user, org, name, scope, mut products, expires, database } } => {
            products.sort();
            products.dedup();
            // The form's own rule of products is by their ids; here they have keys.
            let form = TokenForm { name, scope: scope.to_uppercase(), products: products.clone(), expires };
            create_token(form, (user, org), products, &database).await
        }
        Command::Backup { file, key, database } => back_up(&file, &key, &database).await,
        Command::Restore { file, check: true, .. } => {
            let (head, tail) = backup::check(&file)?;
            println!("{} is whole: {}.", file.display(), backup::summary(&head, &tail));
            Ok(())
        }
        Command::Restore { file, how, key, database, .. } => put_back(&file, how, &key, &database).await,
        Command::Doctor { addr, options, database } => {
            let findings = doctor::examine(addr, &options, &database).await;
            findings.iter().for_each(|finding| println!("{finding}"));
            match findings.iter().filter(|finding| finding.verdict == Verdict::Wrong).count() {
                0 => Ok(()),
                1 => Err("One thing is wrong.".into()),
                number => Err(format!("{number} things are wrong.")),
            }
        }
        Command::User { command: UserCommand::Create { email, name, password_stdin: _, admin_of, database } } => {
            let mut password = String::new();
            std::io::stdin().read_to_string(&mut password).map_err(|error| format!("The password could not be read: {error}"))?;
            let form = SignUpForm { name, email, password: password.trim_end_matches(['\r', '\n']).to_owned() };
            create_user(form, admin_of, &database).await
        }
    }
}

/// Makes a token; nothing but the token itself is printed, so that a script can take it.
async fn create_token(form: TokenForm, (user, org): (String, String), products: Vec<String>, database: &Database) -> Result<(), String> {
    let fields = form.validate().map_err(in_words)?;
    let opened = Opened::open_what_is_there(database).await?;
    let created = async {
        let mut system = System::open(&opened.pool).await?;
        let secret = tokens::create_for(&mut system, &user, &org, &products, fields).await?;
        system.commit(secret).await
    };
    let outcome = created.await;
    opened.close().await;
    match outcome {
        Ok(secret) => {
            println!("{secret}");
            Ok(())
        }
        Err(AppError::NotFound) => Err("There is no such member in such an organisation.".into()),
        Err(error) => Err(in_words(error)),
    }
}

/// So that a file half written goes away, and a private Postgres stops.
async fn unless_stopped<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    tokio::select! {
        outcome = work => outcome,
        () = told_to_stop() => Err("It was told to stop.".into()),
    }
}

async fn back_up(file: &Path, key: &KeyOption, database: &Database) -> Result<(), String> {
    let key = Key::find(key, &database.data)?;
    let reached = Reached::reach_what_is_there(database).await?;
    let saved = unless_stopped(async {
        let mut connection = reached.connect().await?;
        backup::save(&mut connection, file, key.as_ref().map(|key| key.fingerprint().to_owned())).await
    });
    let saved = saved.await;
    reached.close().await;
    let (head, tail) = saved?;
    println!("{} holds {}. Keep the secret key too, in another place.", file.display(), backup::summary(&head, &tail));
    Ok(())
}

async fn put_back(file: &Path, how: How, key: &KeyOption, database: &Database) -> Result<(), String> {
    let key = Key::find(key, &database.data)?;
    let reached = Reached::reach(database).await?;
    let restored = unless_stopped(async {
        let mut connection = reached.connect().await?;
        backup::restore(&mut connection, file, how).await
    });
    let restored = restored.await;
    reached.close().await;
    let (head, tail) = restored?;
    println!("Restored: {}.", backup::summary(&head, &tail));
    if head.key.as_deref().is_some_and(|theirs| key.is_none_or(|key| key.fingerprint() != theirs)) {
        println!(
            "Its secrets are sealed under another key than this installation's: bring that key along, as secret.key in the data folder or \
             in PRODMATIC_SECRET_KEY."
        );
    }
    Ok(())
}

async fn create_user(form: SignUpForm, admin_of: Option<String>, database: &Database) -> Result<(), String> {
    let form = form.validate().map_err(in_words)?;
    let email = form.email.clone();
    let person = store::NewPerson::of(form).await.map_err(in_words)?;
    let opened = Opened::open(database).await?;
    let created = async {
        let mut system = System::open(&opened.pool).await?;
        let user = store::create(system.db(), person).await?;
        if let Some(slug) = admin_of {
            org::store::add_admin(&mut system, &slug, &user).await?;
        }
        system.commit(()).await
    };
    let outcome = created.await;
    opened.close().await;
    outcome.map(|()| println!("{email} can sign in.")).map_err(in_words)
}

/// Every message of an error on one line.
fn in_words(error: AppError) -> String {
    match error {
        AppError::Validation(errors) => errors.into_iter().map(|e| format!("{}: {}", e.field, e.message)).collect::<Vec<_>>().join(" "),
        AppError::NotFound => "There is no such organisation.".into(),
        error => error.to_string(),
    }
}
