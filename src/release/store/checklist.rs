//! SQL for launch checklists. That a release which was READY goes back to TESTING with an open required item is the
//! database's own work.

use super::{Locked, live, release_of};
use crate::kernel::error::AppError;
use crate::kernel::named::Named;
use crate::kernel::version;
use crate::release::model::{ChecklistItem, ItemFields, ReleaseStatus};
use crate::server::id::new_id;
use crate::server::scope::Scope;

/// Members that can be chosen from.
const PEOPLE_MAX: i64 = 500;
/// Items of a release that its page shows at most.
const ITEMS_MAX: i64 = 500;

macro_rules! items {
    ($rest:literal) => {
        concat!(
            r#"SELECT i.id, i.title, i.required, i.completed, i."completedAt", ticker.name AS "completedBy", i."assigneeId",
                   coalesce(owner.name, CASE WHEN owner.id IS NOT NULL THEN 'Unnamed member' END) AS assignee, i."dueDate"
               FROM "LaunchChecklistItem" i
               LEFT JOIN "User" owner ON owner.id = i."assigneeId"
               LEFT JOIN "User" ticker ON ticker.id = i."completedById"
               WHERE i."organizationId" = $1 AND "#,
            $rest
        )
    };
}

/// The items of a release in their order.
pub async fn list(scope: &mut Scope, release: &str) -> Result<Vec<ChecklistItem>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(items!(r#"i."releaseId" = $2 ORDER BY i.position, i.id LIMIT $3"#))
        .bind(org)
        .bind(release)
        .bind(ITEMS_MAX)
        .fetch_all(scope.db())
        .await?)
}

/// One item of a release of the product.
pub async fn get(scope: &mut Scope, product_id: &str, release: &str, id: &str) -> Result<ChecklistItem, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(items!(
        r#"i.id = $2 AND i."releaseId" = $3
           AND EXISTS (SELECT FROM "Release" r WHERE r."organizationId" = $1 AND r.id = $3 AND r."productId" = $4)"#
    ))
    .bind(org)
    .bind(id)
    .bind(release)
    .bind(product_id)
    .fetch_one(scope.db())
    .await?)
}

/// The members by name.
pub async fn people(scope: &mut Scope) -> Result<Vec<Named>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT u.id, coalesce(nullif(trim(u.name), ''), 'Unnamed member') AS name
           FROM "Membership" m JOIN "User" u ON u.id = m."userId"
           WHERE m."organizationId" = $1 ORDER BY lower(coalesce(u.name, '')), u.id LIMIT $2"#,
    )
    .bind(org)
    .bind(PEOPLE_MAX)
    .fetch_all(scope.db())
    .await?)
}

/// Refuses an owner who is no member.
async fn check_owner(scope: &mut Scope, owner: Option<&str>) -> Result<(), AppError> {
    let Some(owner) = owner else { return Ok(()) };
    let org = scope.organization().id.clone();
    let found: Option<String> = sqlx::query_scalar(r#"SELECT id FROM "Membership" WHERE "organizationId" = $1 AND "userId" = $2"#)
        .bind(org)
        .bind(owner)
        .fetch_optional(scope.db())
        .await?;
    found.map(|_| ()).ok_or_else(|| AppError::field("owner", "Choose a member of the organisation."))
}

/// The live release, locked, if it is not out: from then on its checklist is the record of what was done before.
///
/// # Errors
/// `Conflict` for a release that is out.
pub(super) async fn before_launch(scope: &mut Scope, release: &str) -> Result<Locked, AppError> {
    let release = live(scope, release).await?;
    match release.status {
        ReleaseStatus::Released => Err(AppError::Conflict("This release is out. Its checklist stays as it was when it went out.".into())),
        _ => Ok(release),
    }
}

/// Whether the release is out, so that its checklist is changed no more.
pub async fn frozen(scope: &mut Scope, release: &str) -> Result<bool, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_scalar(r#"SELECT status = 'RELEASED' FROM "Release" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(release)
        .fetch_one(scope.db())
        .await?)
}

/// The release that an item is of, as `before_launch`; gives its product's key and its id.
async fn of_item(scope: &mut Scope, id: &str) -> Result<(String, String), AppError> {
    let release = release_of(scope, RELEASE_OF, id).await?;
    Ok((before_launch(scope, &release).await?.product, release))
}

/// Adds an item at the end of a release's checklist; gives its id.
///
/// # Errors
/// One of the field for an owner who is no member, `Conflict` for a release that is out.
pub async fn add(scope: &mut Scope, release: &str, fields: ItemFields) -> Result<String, AppError> {
    before_launch(scope, release).await?;
    check_owner(scope, fields.owner.as_deref()).await?;
    let (org, id) = (scope.organization().id.clone(), new_id());
    sqlx::query(
        r#"INSERT INTO "LaunchChecklistItem" (id, "organizationId", "releaseId", title, required, "assigneeId", "dueDate", position)
           SELECT $1, $2, $3, $4, $5, $6, $7, coalesce(max(position), 0) + 1
             FROM "LaunchChecklistItem" WHERE "organizationId" = $2 AND "releaseId" = $3"#,
    )
    .bind(&id)
    .bind(org)
    .bind(release)
    .bind(fields.title)
    .bind(fields.required)
    .bind(fields.owner)
    .bind(fields.due)
    .execute(scope.db())
    .await?;
    Ok(id)
}

const RELEASE_OF: &str = r#"SELECT "releaseId" FROM "LaunchChecklistItem" WHERE "organizationId" = $1 AND id = $2"#;

/// Changes an item that the person saw in this version; gives the product's key and the release's id.
///
/// # Errors
/// One of the field for another owner who is no member; `NotFound` for an item that is gone by now; `Stale` when somebody has
/// changed it meanwhile; `Conflict` for a release that is out.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: ItemFields) -> Result<(String, String), AppError> {
    let of = of_item(scope, id).await?;
    let org = scope.organization().id.clone();
    let stored: ChecklistItem = sqlx::query_as(items!("i.id = $2")).bind(org).bind(id).fetch_one(scope.db()).await?;
    version::check(version, &ItemFields::from(&stored), &fields)?;
    // Whoever was chosen before may have left meanwhile; nobody has to be told of it who changes something else.
    if fields.owner != stored.assignee_id {
        check_owner(scope, fields.owner.as_deref()).await?;
    }
    sqlx::query_scalar::<_, String>(
        r#"UPDATE "LaunchChecklistItem" SET title = $2, required = $3, "assigneeId" = $4, "dueDate" = $5 WHERE id = $1 RETURNING id"#,
    )
    .bind(id)
    .bind(fields.title)
    .bind(fields.required)
    .bind(fields.owner)
    .bind(fields.due)
    .fetch_one(scope.db())
    .await?;
    Ok(of)
}

/// Ticks an item, or takes the tick away; doing it twice is as good as once.
///
/// # Errors
/// `Conflict` for a release that is out.
pub async fn tick(scope: &mut Scope, id: &str, done: bool) -> Result<(), AppError> {
    of_item(scope, id).await?;
    sqlx::query_scalar::<_, String>(r#"UPDATE "LaunchChecklistItem" SET completed = $2 WHERE id = $1 RETURNING id"#)
        .bind(id)
        .bind(done)
        .fetch_one(scope.db())
        .await?;
    Ok(())
}

/// Takes an item off its checklist.
///
/// # Errors
/// `Conflict` for a release that is out.
pub async fn remove(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    of_item(scope, id).await?;
    sqlx::query(r#"DELETE FROM "LaunchChecklistItem" WHERE id = $1"#).bind(id).execute(scope.db()).await?;
    Ok(())
}
