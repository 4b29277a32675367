//! The ways into the database. Nothing else opens a transaction.

use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use super::db::internal;
use super::id::hash;
use super::live::committed;
use super::request::{Caller, caller, pool};
use crate::audit::store as audit;
use crate::kernel::error::AppError;
use crate::kernel::page::PAGE_SIZE;
use crate::kernel::role::{Perm, Role, TokenScope};

type Tx = Transaction<'static, Postgres>;

/// A member at work in one organisation, with an open transaction that sees that organisation's rows alone.
pub struct Scope {
    tx: Tx,
    user: SignedInUser,
    organization: Tenant,
    role: Role,
    /// What the caller came by, if that is a token.
    grant: Option<Grant>,
    /// Rows on a page of a list.
    rows: i64,
    /// Whether there may be something for others to see afterwards.
    writes: bool,
    /// Whether the database has noted that the caller came.
    noted: bool,
    pool: PgPool,
    caller: Caller,
}

/// What a token grants of what its owner may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub token_id: String,
    pub scope: TokenScope,
    /// The ids of the products that it is for; none for all. The database shows no others.
    pub products: Vec<String>,
}

impl Grant {
    /// Whether the token may make use of a permission of its owner's. One for some products runs no organisation.
    pub fn allows(&self, perm: Perm) -> bool {
        self.scope.allows(perm) && (perm != Perm::OrgManage || self.products.is_empty())
    }
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

/// What `app_enter` tells of a session, and of the membership if an organisation was named; or `app_enter_token` of a token.
#[derive(sqlx::FromRow)]
struct Entered {
    #[sqlx(default)]
    session_id: Option<String>,
    #[sqlx(default)]
    token_id: Option<String>,
    #[sqlx(default)]
    token_scope: Option<TokenScope>,
    #[sqlx(default)]
    token_products: Option<Vec<String>>,
    user_id: String,
    email: String,
    name: Option<String>,
    image: Option<String>,
    organization_id: Option<String>,
    organization_name: Option<String>,
    organization_slug: Option<String>,
    organization_settings: Option<serde_json::Value>,
    role: Option<Role>,
    noted: bool,
}

impl Entered {
    fn user(&self) -> SignedInUser {
        SignedInUser {
            id: self.user_id.clone(),
            email: self.email.clone(),
            name: self.name.clone(),
            image: self.image.clone(),
            session_id: self.session_id.clone().unwrap_or_default(),
        }
    }

    fn grant(&self) -> Option<Grant> {
        Some(Grant {
            token_id: self.token_id.clone()?,
            scope: self.token_scope?,
            products: self.token_products.clone().unwrap_or_default(),
        })
    }
}

/// The statement by which the database finds the session or the token, sets `app.*` and now and then notes that the caller came; if
/// it has, there is a change by then.
macro_rules! entering {
    ($function:literal) => {
        concat!("SELECT *, pg_current_xact_id_if_assigned() IS NOT NULL AS noted FROM ", $function, "($1, $2, $3, $4)")
    };
}

/// Begins a transaction and lets the database find the session or the token and set `app.*` in it, in one statement.
async fn enter(pool: &PgPool, caller: &Caller, org: Option<&str>) -> Result<(Tx, Entered), AppError> {
    let (statement, secret) = match (&caller.bearer, &caller.token) {
        (Some(bearer), _) => (entering!("app_enter_token"), bearer),
        (None, Some(token)) => (entering!("app_enter"), token),
        (None, None) => return Err(AppError::Unauthorized),
    };
    let mut tx = pool.begin().await?;
    let entered: Option<Entered> = sqlx::query_as(statement)
        .bind(hash(secret))
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
        Scope::entered(pool, caller, Some(org), perm).await
    }

    /// The way into the organisation that the caller's token is for.
    pub async fn of_token(pool: &PgPool, caller: &Caller, perm: Perm) -> Result<Scope, AppError> {
        caller.bearer.as_ref().ok_or(AppError::Unauthorized)?;
        Scope::entered(pool, caller, None, perm).await
    }

    async fn entered(pool: &PgPool, caller: &Caller, org: Option<&str>, perm: Perm) -> Result<Scope, AppError> {
        let (mut tx, entered) = enter(pool, caller, org).await?;
        let (user, grant, noted) = (entered.user(), entered.grant(), entered.noted);
        let (Some(id), Some(name), Some(slug), Some(role)) =
            (entered.organization_id, entered.organization_name, entered.organization_slug, entered.role)
        else {
            return Err(AppError::NotFound);
        };
        if !role.can(perm) || grant.as_ref().is_some_and(|grant| !grant.allows(perm)) {
            audit::refused(&mut tx, &id, &user.id, &format!("{perm:?}")).await?;
            tx.commit().await?;
            return Err(AppError::Forbidden);
        }
        let organization = Tenant { id, name, slug, settings: entered.organization_settings.unwrap_or_default() };
        let writes = perm != Perm::Read;
        Ok(Scope { tx, user, organization, role, grant, rows: PAGE_SIZE, writes, noted, pool: pool.clone(), caller: caller.clone() })
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

    /// Whether the caller has a further permission: by their role, and by the token if they came by one.
    pub fn can(&self, perm: Perm) -> bool {
        self.role.can(perm) && self.grant.as_ref().is_none_or(|grant| grant.allows(perm))
    }

    /// What the caller came by, if that is a token.
    pub fn grant(&self) -> Option<&Grant> {
        self.grant.as_ref()
    }

    /// Whether the caller sees what belongs to no product: everybody but a token for some products.
    pub fn is_whole(&self) -> bool {
        self.grant.as_ref().is_none_or(|grant| grant.products.is_empty())
    }

    /// Rows on a page of a list: a screenful, unless the caller has asked for another number.
    pub fn rows(&self) -> i64 {
        self.rows
    }

    /// Sets the number of rows on a page of a list.
    pub fn show(&mut self, rows: i64) {
        self.rows = rows;
    }

    /// Makes what was done last, and hands on the result.
    pub async fn commit<T>(self, value: T) -> Result<T, AppError> {
        self.tx.commit().await?;
        if self.writes {
            committed();
        }
        Ok(value)
    }

    /// Ends what has only read, without waiting for the database: there is nothing to be made last, unless it has noted that the
    /// caller came.
    pub async fn leave(self) -> Result<(), AppError> {
        if self.noted {
            self.tx.commit().await?;
        }
        Ok(())
    }

    /// As `commit` for what may be refused only once the thing is known, such as an idea of somebody else's: nothing of it stays
    /// but the refusal in the audit log, of the permission that would have let the caller.
    pub async fn finish<T>(self, outcome: Result<T, AppError>, perm: Perm) -> Result<T, AppError> {
        match outcome {
            Ok(value) => self.commit(value).await,
            Err(AppError::Forbidden) => {
                let Scope { tx, organization, pool, caller, .. } = self;
                tx.rollback().await?;
                Scope::refuse(&pool, &caller, &organization.slug, perm).await?;
                Err(AppError::Forbidden)
            }
            Err(error) => Err(error),
        }
    }

    /// Tells in the audit log of what was refused only once the thing was known, and undone by now.
    pub async fn refuse(pool: &PgPool, caller: &Caller, org: &str, perm: Perm) -> Result<(), AppError> {
        let (mut tx, entered) = enter(pool, caller, Some(org)).await?;
        if let Some(id) = &entered.organization_id {
            audit::refused(&mut tx, id, &entered.user_id, &format!("{perm:?}")).await?;
        }
        tx.commit().await?;
        Ok(())
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
