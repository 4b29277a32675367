//! The ways into the database. Nothing else opens a transaction.

use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use super::db::internal;
use super::id::hash;
use super::live::committed;
use super::request::{Caller, caller, pool};
use crate::audit::store as audit;
use crate::kernel::error::AppError;
use crate::kernel::role::{Perm, Role};

type Tx = Transaction<'static, Postgres>;

/// A member at work in one organisation, with an open transaction that sees that organisation's rows alone.
pub struct Scope {
    tx: Tx,
    user: SignedInUser,
    organization: Tenant,
    role: Role,
    /// Whether there may be something for others to see afterwards.
    writes: bool,
    pool: PgPool,
    caller: Caller,
}

/// Somebody signed in, outside any organisation.
pub struct Person {
    tx: Tx,
    user: SignedInUser,
    pool: PgPool,
    pub caller: Caller,
}

/// A `Person` between two transactions.
pub struct PausedPerson {
    pool: PgPool,
    caller: Caller,
}

impl PausedPerson {
    /// Begins the next transaction, if the session has not ended meanwhile.
    pub async fn go_on(self) -> Result<Person, AppError> {
        Person::open(&self.pool, &self.caller).await
    }
}

/// Anybody at all.
pub struct Public {
    tx: Tx,
    pool: PgPool,
    pub caller: Caller,
}

/// A `Public` between two transactions.
pub struct Paused {
    pool: PgPool,
    caller: Caller,
}

impl Paused {
    /// Begins the next transaction.
    pub async fn go_on(self) -> Result<Public, AppError> {
        Public::open(&self.pool, self.caller).await
    }
}

/// The person behind a session.
#[derive(Debug, Clone)]
pub struct SignedInUser {
    pub id: String,
    pub email: String,
    pub name: Option<String>,
    pub image: Option<String>,
    pub session_id: String,
}

/// The organisation of a scope.
#[derive(Debug, Clone)]
pub struct Tenant {
    pub id: String,
    pub name: String,
    pub slug: String,
    pub settings: serde_json::Value,
}

/// What `app_enter` tells of a session, and of the membership if an organisation was named.
#[derive(sqlx::FromRow)]
struct Entered {
    session_id: String,
    user_id: String,
    email: String,
    name: Option<String>,
    image: Option<String>,
    organization_id: Option<String>,
    organization_name: Option<String>,
    organization_slug: Option<String>,
    organization_settings: Option<serde_json::Value>,
    role: Option<Role>,
}

impl Entered {
    fn user(&self) -> SignedInUser {
        SignedInUser {
            id: self.user_id.clone(),
            email: self.email.clone(),
            name: self.name.clone(),
            image: self.image.clone(),
            session_id: self.session_id.clone(),
        }
    }
}

/// Begins a transaction and lets the database find the session and set `app.*` in it, in one statement.
async fn enter(pool: &PgPool, caller: &Caller, org: Option<&str>) -> Result<(Tx, Entered), AppError> {
    let token = caller.token.as_deref().ok_or(AppError::Unauthorized)?;
    let mut tx = pool.begin().await?;
    let entered: Option<Entered> = sqlx::query_as("SELECT * FROM app_enter($1, $2, $3, $4)")
        .bind(hash(token))
        .bind(org)
        .bind(&caller.ip_address)
        .bind(&caller.user_agent)
        .fetch_optional(&mut *tx)
        .await?;
    Ok((tx, entered.ok_or(AppError::Unauthorized)?))
}

impl Scope {
    /// The caller's way into the organisation with this slug, if their role has the permission.
    ///
    /// # Errors
    /// `Unauthorized` without a session, `NotFound` for an organisation that is not the caller's, `Forbidden` for the role, which
    /// is told in the audit log.
    pub async fn require(org: &str, perm: Perm) -> Result<Scope, AppError> {
        Scope::open(&pool()?, &caller()?, org, perm).await
    }

    /// As `require`, for a caller who did not come by a server function.
    pub async fn open(pool: &PgPool, caller: &Caller, org: &str, perm: Perm) -> Result<Scope, AppError> {
        let (mut tx, entered) = enter(pool, caller, Some(org)).await?;
        let user = entered.user();
        let (Some(id), Some(name), Some(slug), Some(role)) =
            (entered.organization_id, entered.organization_name, entered.organization_slug, entered.role)
        else {
            return Err(AppError::NotFound);
        };
        if !role.can(perm) {
            audit::refused(&mut tx, &id, &user.id, &format!("{perm:?}")).await?;
            tx.commit().await?;
            return Err(AppError::Forbidden);
        }
        let organization = Tenant { id, name, slug, settings: entered.organization_settings.unwrap_or_default() };
        let writes = perm != Perm::Read;
        Ok(Scope { tx, user, organization, role, writes, pool: pool.clone(), caller: caller.clone() })
    }

    /// The caller's way in outside any organisation.
    pub async fn signed_in() -> Result<Person, AppError> {
        Person::open(&pool()?, &caller()?).await
    }

    /// The open transaction.
    pub fn db(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    pub fn user(&self) -> &SignedInUser {
        &self.user
    }

    pub fn organization(&self) -> &Tenant {
        &self.organization
    }

    pub fn role(&self) -> Role {
        self.role
    }

    /// Whether the caller's role has a further permission.
    pub fn can(&self, perm: Perm) -> bool {
        self.role.can(perm)
    }

    /// Makes what was done last, and hands on the result.
    pub async fn commit<T>(self, value: T) -> Result<T, AppError> {
        self.tx.commit().await?;
        if self.writes {
            committed();
        }
        Ok(value)
    }

    /// As `commit` for what may be refused only once the thing is known, such as an idea of somebody else's: nothing of it stays
    /// but the refusal in the audit log, of the permission that would have let the caller.
    pub async fn finish<T>(self, outcome: Result<T, AppError>, perm: Perm) -> Result<T, AppError> {
        match outcome {
            Ok(value) => self.commit(value).await,
            Err(AppError::Forbidden) => {
                let Scope { tx, user, organization, pool, caller, .. } = self;
                tx.rollback().await?;
                let (mut tx, _) = enter(&pool, &caller, Some(&organization.slug)).await?;
                audit::refused(&mut tx, &organization.id, &user.id, &format!("{perm:?}")).await?;
                tx.commit().await?;
                Err(AppError::Forbidden)
            }
            Err(error) => Err(error),
        }
    }
}

impl Person {
    /// As `Scope::signed_in`, for a caller who did not come by a server function.
    pub async fn open(pool: &PgPool, caller: &Caller) -> Result<Person, AppError> {
        let (tx, entered) = enter(pool, caller, None).await?;
        Ok(Person { tx, user: entered.user(), pool: pool.clone(), caller: caller.clone() })
    }

    /// Makes what was done last and gives the connection back, for slow work that needs none.
    pub async fn pause(self) -> Result<PausedPerson, AppError> {
        self.tx.commit().await?;
        Ok(PausedPerson { pool: self.pool, caller: self.caller })
    }

    /// The open transaction.
    pub fn db(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    pub fn user(&self) -> &SignedInUser {
        &self.user
    }

    /// Makes what was done last, and hands on the result.
    pub async fn commit<T>(self, value: T) -> Result<T, AppError> {
        self.tx.commit().await?;
        // A session may have ended, or an organisation begun.
        committed();
        Ok(value)
    }
}

impl Public {
    /// A transaction that sees no organisation's rows.
    pub async fn enter() -> Result<Public, AppError> {
        Public::open(&pool()?, caller()?).await
    }

    /// As `enter`, for a caller who did not come by a server function.
    pub async fn open(pool: &PgPool, caller: Caller) -> Result<Public, AppError> {
        let mut tx = pool.begin().await.map_err(internal)?;
        // What the audit log notes of a request.
        sqlx::query("SELECT set_config('app.ip_address', $1, true), set_config('app.user_agent', $2, true)")
            .bind(&caller.ip_address)
            .bind(&caller.user_agent)
            .execute(&mut *tx)
            .await?;
        Ok(Public { tx, pool: pool.clone(), caller })
    }

    /// Makes what was done last and gives the connection back, for slow work that needs none.
    pub async fn pause(self) -> Result<Paused, AppError> {
        self.tx.commit().await?;
        Ok(Paused { pool: self.pool, caller: self.caller })
    }

    /// The open transaction.
    pub fn db(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Makes what was done last, and hands on the result.
    pub async fn commit<T>(self, value: T) -> Result<T, AppError> {
        self.tx.commit().await?;
        Ok(value)
    }
}

/// The process at work for itself or for the command line, across tenants; never for a request.
pub struct System {
    tx: Tx,
}

impl System {
    /// A transaction of the role that may see every tenant.
    pub async fn open(pool: &PgPool) -> Result<System, AppError> {
        let mut tx = pool.begin().await?;
        sqlx::query("SET LOCAL ROLE prodmatic_system").execute(&mut *tx).await?;
        Ok(System { tx })
    }

    /// The open transaction.
    pub fn db(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Makes what was done last, and hands on the result.
    pub async fn commit<T>(self, value: T) -> Result<T, AppError> {
        self.tx.commit().await?;
        Ok(value)
    }
}
