//! What is changed in objectives.

use super::product;
use super::read::serves_unseen;
use crate::goal::okr::model::{Okr, OkrFields, OkrStatus};
use crate::kernel::error::AppError;
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// What a change has to know of an objective.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Locked {
    /// Its product's key.
    pub product: String,
    pub status: OkrStatus,
    deleted: bool,
}

impl Locked {
    /// Lets go on whoever measures it.
    ///
    /// # Errors
    /// `Conflict` for one that is completed or cancelled.
    pub fn is_open(&self) -> Result<(), AppError> {
        match self.status.is_over() {
            true => Err(AppError::Conflict("This objective is over. Take it up again to change its key results.".into())),
            false => Ok(()),
        }
    }
}

/// The objective of a live product, locked until the transaction ends.
async fn locked(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT p.key AS product, o.status, o."deletedAt" IS NOT NULL AS deleted
           FROM "OKR" o JOIN "Product" p ON p."organizationId" = $1 AND p.id = o."productId" AND p."deletedAt" IS NULL
           WHERE o."organizationId" = $1 AND o.id = $2 FOR UPDATE OF o"#,
    )
    .bind(org)
    .bind(id)
    .fetch_one(scope.db())
    .await?)
}

/// As `locked`, if the objective has not been deleted.
pub async fn live(scope: &mut Scope, id: &str) -> Result<Locked, AppError> {
    let okr = locked(scope, id).await?;
    if okr.deleted {
        return Err(AppError::Conflict("This objective has been deleted. Restore it to change it.".into()));
    }
    Ok(okr)
}

/// Refuses an owner who is no member.
///
/// # Errors
/// One of the field: ids from elsewhere are not told apart from those that are nothing.
pub async fn check_owner(scope: &mut Scope, owner: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let found: Option<String> = sqlx::query_scalar(r#"SELECT id FROM "Membership" WHERE "organizationId" = $1 AND "userId" = $2"#)
        .bind(org)
        .bind(owner)
        .fetch_optional(scope.db())
        .await?;
    found.map(|_| ()).ok_or_else(|| AppError::field("owner", "Choose a member of the organisation."))
}

/// What an objective serves: an OKR or an objective of the organisation.
#[derive(Default, sqlx::FromRow)]
struct Served {
    okr: Option<String>,
    objective: Option<String>,
}

/// Finds out what this is the id of.
///
/// # Errors
/// One of the field for what is neither, or is deleted, or is not to be seen by the caller.
async fn served(scope: &mut Scope, id: Option<&str>) -> Result<Served, AppError> {
    let Some(id) = id else { return Ok(Served::default()) };
    let (org, is_whole) = (scope.organization().id.clone(), scope.is_whole());
    let served: Served = sqlx::query_as(
        r#"SELECT (SELECT o.id FROM "OKR" o JOIN "Product" p ON p."organizationId" = $1 AND p.id = o."productId" AND p."deletedAt" IS NULL
                    WHERE o."organizationId" = $1 AND o.id = $2 AND o."deletedAt" IS NULL) AS okr,
                  (SELECT x.id FROM "OrganizationObjective" x
                    WHERE x."organizationId" = $1 AND x.id = $2 AND x."deletedAt" IS NULL AND $3) AS objective"#,
    )
    .bind(org)
    .bind(id)
    .bind(is_whole)
    .fetch_one(scope.db())
    .await?;
    match served.okr.is_none() && served.objective.is_none() {
        true => Err(AppError::field("serves", "Choose an objective that there is, of the organisation or of one of its products.")),
        false => Ok(served),
    }
}

/// Creates an objective of the live product with this key; gives its id.
///
/// # Errors
/// Those of the fields for an owner who is no member, and for something to serve that is not there.
pub async fn create(scope: &mut Scope, product_key: &str, fields: OkrFields) -> Result<String, AppError> {
    let (org, id) = (scope.organization().id.clone(), new_id());
    let product = product(scope, product_key).await?;
    check_owner(scope, &fields.owner).await?;
    let served = served(scope, fields.serves.as_deref()).await?;
    sqlx::query(
        r#"INSERT INTO "OKR" (id, "organizationId", "productId", title, description, quarter, "ownerId", "parentId", "objectiveId")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(product.id)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.quarter.word())
    .bind(fields.owner)
    .bind(served.okr)
    .bind(served.objective)
    .execute(scope.db())
    .await?;
    Ok(id)
}

/// Refuses to have something else served instead of what the caller does not see. That something is served is told by this to whoever
/// names what may be served otherwise, but never what it is.
///
/// # Errors
/// One of the field; what is not to be seen is told as what there is not.
async fn refuse_instead(scope: &mut Scope, named: &str) -> Result<(), AppError> {
    served(scope, Some(named)).await?;
    Err(AppError::field("serves", "What this objective serves cannot be chosen here. Ask somebody who sees all products to change it."))
}

/// A conflict without what is served now.
fn untold(error: AppError) -> AppError {
    match error {
        AppError::Stale(mut stale) => {
            stale.differences.retain(|difference| difference.field != "serves");
            AppError::Stale(stale)
        }
        error => error,
    }
}

/// Changes a live objective that the person saw in this version; gives its product's key. The owner, and what it serves, may stay
/// what they are even if they are gone.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile; a field error when it would serve itself by way of others, or something else than
/// what the caller does not see.
pub async fn update(scope: &mut Scope, id: &str, version: &str, mut fields: OkrFields) -> Result<String, AppError> {
    let locked = live(scope, id).await?;
    let org = scope.organization().id.clone();
    let stored: Okr =
        sqlx::query_as(r#"SELECT * FROM "OKR" WHERE "organizationId" = $1 AND id = $2"#).bind(&org).bind(id).fetch_one(scope.db()).await?;
    // To whoever does not see what it serves it serves nothing; left so, it serves that further.
    let unseen = serves_unseen(scope, &stored).await?;
    let instead = fields.serves.clone().filter(|_| unseen);
    if unseen && instead.is_none() {
        fields.serves = stored.served().cloned();
    }
    // A conflict first: what was read may have served what is seen, and nobody has named anything.
    let checked = version::check(version, &OkrFields::from(&stored), &fields);
    checked.map_err(|error| if unseen { untold(error) } else { error })?;
    if let Some(named) = instead {
        refuse_instead(scope, &named).await?;
    }
    if fields.owner != stored.owner_id {
        check_owner(scope, &fields.owner).await?;
    }
    let served = match fields.serves.as_ref() == stored.served() {
        true => Served { okr: stored.parent_id, objective: stored.objective_id },
        false => served(scope, fields.serves.as_deref()).await?,
    };
    sqlx::query(
        r#"UPDATE "OKR" SET title = $3, description = $4, quarter = $5, "ownerId" = $6, "parentId" = $7, "objectiveId" = $8
           WHERE "organizationId" = $1 AND id = $2"#,
    )
    .bind(org)
    .bind(id)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.quarter.word())
    .bind(fields.owner)
    .bind(served.okr)
    .bind(served.objective)
    .execute(scope.db())
    .await?;
    Ok(locked.product)
}

/// Moves a live objective on; a move to where it stands already is no change.
///
/// # Errors
/// `Conflict` when the status may not follow the objective's present one.
pub async fn set_status(scope: &mut Scope, id: &str, status: OkrStatus) -> Result<(), AppError> {
    let okr = live(scope, id).await?;
    okr.status.may_become(status)?;
    let org = scope.organization().id.clone();
    sqlx::query(r#"UPDATE "OKR" SET status = $3 WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .bind(status)
        .execute(scope.db())
        .await?;
    Ok(())
}

/// Deletes or restores an objective; doing it twice is as good as once. Gives its product's key.
pub async fn set_deleted(scope: &mut Scope, id: &str, deleted: bool) -> Result<String, AppError> {
    let okr = locked(scope, id).await?;
    let org = scope.organization().id.clone();
    sqlx::query(
        r#"UPDATE "OKR" SET "deletedAt" = CASE WHEN $3 THEN coalesce("deletedAt", now()) END WHERE "organizationId" = $1 AND id = $2"#,
    )
    .bind(org)
    .bind(id)
    .bind(deleted)
    .execute(scope.db())
    .await?;
    Ok(okr.product)
}
