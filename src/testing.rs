//! What database tests begin with.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::account::model::SignUpForm;
use crate::account::store;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};
use crate::org::model::OrgForm;
use crate::product::model::ProductForm;
use crate::server::db::as_app;
use crate::server::guard::Guard;
use crate::server::id::new_id;
use crate::server::live::Live;
use crate::server::mail::outgoing::Outgoing;
use crate::server::outbound::Outbound;
use crate::server::request::{AppState, Caller, Settings};
use crate::server::scope::{Person, Public, Scope};
use crate::server::seal::Key;

/// A migrated database of a test, as the application sees it and as its owner does.
pub struct TestDb {
    /// Connections of the role that requests run as.
    pub app: PgPool,
    /// Connections of the superuser, for what a test sets up or looks up past the application.
    pub owner: PgPool,
}

/// Settings of a server at this address, with these limits.
pub fn settings(url: &str, guard: Guard) -> Settings {
    Settings {
        url: url.into(),
        url_is_given: false,
        key: Key::parse(&"A".repeat(43)).unwrap(),
        guard,
        mail: Outgoing::Log,
        oidc: Default::default(),
        // Receivers of tests listen here.
        outbound: Outbound::new("127.0.0.1").unwrap(),
    }
}

/// Somebody signed in.
pub struct TestUser {
    pub caller: Caller,
    pub id: String,
}

impl TestDb {
    /// Opens the test's database as the application would.
    pub async fn new(owner: &PgPool) -> TestDb {
        let options = as_app(owner.connect_options().as_ref().clone());
        TestDb { app: PgPoolOptions::new().max_connections(4).connect_with(options).await.unwrap(), owner: owner.clone() }
    }

    /// What the router needs to serve this database.
    pub fn state(&self) -> AppState {
        self.guarded("http://pm.example", Guard::default())
    }

    /// The same at this address and with these limits.
    pub fn guarded(&self, url: &str, guard: Guard) -> AppState {
        AppState { pool: self.app.clone(), settings: Arc::new(settings(url, guard)), live: Live::default() }
    }

    /// A new person with a session.
    pub async fn sign_up(&self, email: &str) -> TestUser {
        let form = SignUpForm { name: "Test Person".into(), email: email.into(), password: "a long enough password".into() };
        let person = store::NewPerson::of(form.validate().unwrap()).await.unwrap();
        let public = Public::open(&self.app, Caller::default()).await.unwrap();
        let token = store::sign_up(public, &self.state().settings, person).await.unwrap();
        let caller = Caller { token: Some(token), ..Default::default() };
        let id = Person::open(&self.app, &caller).await.unwrap().user().id.clone();
        TestUser { caller, id }
    }

    /// A new organisation with this slug, whose administrator is a new person.
    pub async fn org(&self, slug: &str) -> TestUser {
        let user = self.sign_up(&format!("admin@{slug}.test")).await;
        let mut person = Person::open(&self.app, &user.caller).await.unwrap();
        let fields = OrgForm { name: slug.to_uppercase(), slug: slug.into(), ..Default::default() }.validate().unwrap();
        crate::org::store::create(&mut person, fields).await.unwrap();
        person.commit(()).await.unwrap();
        user
    }

    /// A new person with this role in the organisation.
    pub async fn member(&self, slug: &str, role: Role) -> TestUser {
        let user = self.sign_up(&format!("{}@{slug}.test", new_id())).await;
        sqlx::query(
            r#"INSERT INTO "Membership" (id, "userId", "organizationId", role) SELECT $1, $2, id, $3 FROM "Organization" WHERE slug = $4"#,
        )
        .bind(new_id())
        .bind(&user.id)
        .bind(role)
        .bind(slug)
        .execute(&self.owner)
        .await
        .unwrap();
        user
    }

    /// A new product with this key.
    pub async fn product(&self, slug: &str, admin: &TestUser, key: &str) {
        let mut scope = self.scope(slug, admin, Perm::ProductWrite).await.unwrap();
        let fields = ProductForm { name: key.to_uppercase(), key: key.into(), ..Default::default() }.validate().unwrap();
        crate::product::store::create(&mut scope, fields).await.unwrap();
        scope.commit(()).await.unwrap();
    }

    /// The person's way into the organisation.
    pub async fn scope(&self, slug: &str, user: &TestUser, perm: Perm) -> Result<Scope, AppError> {
        Scope::open(&self.app, &user.caller, slug, perm).await
    }
}

/// A further database beside that of the test, with nothing in it, which goes away when the test succeeds.
pub struct Beside {
    pub name: String,
    pub options: PgConnectOptions,
    pool: PgPool,
}

impl Beside {
    /// Makes it; of the template that has no schema whatever the tests' own databases are made of.
    pub async fn new(pool: &PgPool) -> Beside {
        let name = format!("beside_{}", new_id());
        pool.execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0"))).await.unwrap();
        let options = pool.connect_options().as_ref().clone().database(&name);
        Beside { name, options, pool: pool.clone() }
    }

    /// A connection of the superuser.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect_with(&self.options).await.unwrap()
    }

    /// Removes it, whoever is connected.
    pub async fn drop(self) {
        self.pool.execute(AssertSqlSafe(format!("DROP DATABASE {} WITH (FORCE)", self.name))).await.unwrap();
    }
}

/// What the work gives, and how many statements it sends; for tests on one thread, as those of the database are.
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, usize) {
    let statements = Arc::new(AtomicUsize::new(0));
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(Statements(statements.clone())));
    let outcome = work.await;
    drop(listening);
    (outcome, statements.load(Ordering::Relaxed))
}

/// Counts what sqlx says of each statement.
struct Statements(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// `script/test` runs this by itself and first: from a template that has the schema a test's database is made in half the time.
#[tokio::test]
#[ignore = "changes the database from which all others are made"]
async fn the_template_has_the_schema() {
    let template = std::env::var("DATABASE_URL").unwrap();
    crate::server::db::MIGRATIONS.run(&PgPool::connect(&template).await.unwrap()).await.unwrap();
}
