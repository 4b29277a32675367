//! What each command does.

use std::io::Read;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use prodmatic::account::model::SignUpForm;
use prodmatic::account::store;
use prodmatic::kernel::error::AppError;
use prodmatic::seed;
use prodmatic::server::config::{Cli, Command, Database, TokenCommand, UserCommand};
use prodmatic::server::db::Opened;
use prodmatic::server::request::Settings;
use prodmatic::server::scope::System;
use prodmatic::server::serve::{listen, serve};
use prodmatic::token::model::TokenForm;
use prodmatic::token::store as tokens;

/// Runs the command; a failure is one line and an exit status of 1.
pub fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("PRODMATIC_LOG").unwrap_or_else(|_| EnvFilter::new("warn,prodmatic=info,sqlx::postgres::notice=off")),
        )
        .with_writer(std::io::stderr)
        .init();
    let cli = Cli::parse();
    // Fewer than four worker threads can stall server functions that wait for one another.
    let threads = std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4));
    let outcome = match tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build() {
        Ok(runtime) => runtime.block_on(run(cli.command)),
        Err(error) => Err(format!("The program could not start: {error}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("prodmatic: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Serve { addr, options, database } => {
            // The address first: a database is not made for a server that cannot listen.
            let listener = listen(addr).await?;
            let settings = Settings::new(&options, addr, &database.data)?;
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
    let opened = Opened::open(database).await?;
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

async fn create_user(form: SignUpForm, admin_of: Option<String>, database: &Database) -> Result<(), String> {
    let form = form.validate().map_err(in_words)?;
    let email = form.email.clone();
    let person = store::NewPerson::of(form).await.map_err(in_words)?;
    let opened = Opened::open(database).await?;
    let created = async {
        let mut system = System::open(&opened.pool).await?;
        let user = store::create(system.db(), person).await?;
        if let Some(slug) = admin_of {
            prodmatic::org::store::add_admin(&mut system, &slug, &user).await?;
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
