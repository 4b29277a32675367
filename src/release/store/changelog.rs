//! SQL for changelogs.

use super::{live, release_of};
use crate::kernel::error::AppError;
use crate::kernel::time::Timestamp;
use crate::kernel::version;
use crate::release::model::{Change, ChangeFields, ChangeKind, PublicChange, PublicChangelog, PublicRelease};
use crate::server::id::new_id;
use crate::server::markdown::render;
use crate::server::scope::{Public, Scope};

/// Entries of a release that its page shows at most.
const SHOWN: i64 = 500;

/// The entries of a release by kind, each with its text as HTML.
pub async fn list(scope: &mut Scope, release: &str) -> Result<Vec<Change>, AppError> {
    let org = scope.organization().id.clone();
    let mut changes: Vec<Change> = sqlx::query_as(
        r#"SELECT id, kind, title, description, published FROM "Changelog"
           WHERE "organizationId" = $1 AND "releaseId" = $2 ORDER BY "createdAt", id LIMIT $3"#,
    )
    .bind(org)
    .bind(release)
    .bind(SHOWN)
    .fetch_all(scope.db())
    .await?;
    for change in &mut changes {
        change.html = change.description.as_deref().map(render).unwrap_or_default();
    }
    changes.sort_by_key(|change| change.kind);
    Ok(changes)
}

/// One entry of a release of the product.
pub async fn get(scope: &mut Scope, product_id: &str, release: &str, id: &str) -> Result<Change, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT c.id, c.kind, c.title, c.description, c.published
           FROM "Changelog" c JOIN "Release" r ON r.id = c."releaseId" AND r."productId" = $4
           WHERE c."organizationId" = $1 AND c.id = $2 AND c."releaseId" = $3"#,
    )
    .bind(org)
    .bind(id)
    .bind(release)
    .bind(product_id)
    .fetch_one(scope.db())
    .await?)
}

/// Adds an entry to a live release's changelog; gives its id.
pub async fn add(scope: &mut Scope, release: &str, fields: ChangeFields) -> Result<String, AppError> {
    live(scope, release).await?;
    let (org, id) = (scope.organization().id.clone(), new_id());
    sqlx::query(
        r#"INSERT INTO "Changelog" (id, "organizationId", "releaseId", kind, title, description, published)
           VALUES ($1, $2, $3, $4, $5, $6, $7)"#,
    )
    .bind(&id)
    .bind(org)
    .bind(release)
    .bind(fields.kind)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.published)
    .execute(scope.db())
    .await?;
    Ok(id)
}

const RELEASE_OF: &str = r#"SELECT "releaseId" FROM "Changelog" WHERE "organizationId" = $1 AND id = $2"#;

/// The live release that an entry is of, locked; gives its product's key and its id.
async fn of_entry(scope: &mut Scope, id: &str) -> Result<(String, String), AppError> {
    let release = release_of(scope, RELEASE_OF, id).await?;
    Ok((live(scope, &release).await?.product, release))
}

/// Changes an entry of a live release that the person saw in this version; gives the product's key and the release's id.
///
/// # Errors
/// `Stale` when somebody has changed it meanwhile.
pub async fn update(scope: &mut Scope, id: &str, version: &str, fields: ChangeFields) -> Result<(String, String), AppError> {
    let of = of_entry(scope, id).await?;
    let org = scope.organization().id.clone();
    let stored: Change = sqlx::query_as(r#"SELECT * FROM "Changelog" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?;
    version::check(version, &ChangeFields::from(&stored), &fields)?;
    sqlx::query_scalar::<_, String>(
        r#"UPDATE "Changelog" SET kind = $2, title = $3, description = $4, published = $5 WHERE id = $1 RETURNING id"#,
    )
    .bind(id)
    .bind(fields.kind)
    .bind(fields.title)
    .bind(fields.description)
    .bind(fields.published)
    .fetch_one(scope.db())
    .await?;
    Ok(of)
}

/// Publishes an entry of a live release, or takes it back; doing it twice is as good as once.
pub async fn set_published(scope: &mut Scope, id: &str, published: bool) -> Result<(), AppError> {
    of_entry(scope, id).await?;
    sqlx::query_scalar::<_, String>(r#"UPDATE "Changelog" SET published = $2 WHERE id = $1 RETURNING id"#)
        .bind(id)
        .bind(published)
        .fetch_one(scope.db())
        .await?;
    Ok(())
}

/// Removes an entry of a live release.
pub async fn remove(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    of_entry(scope, id).await?;
    sqlx::query(r#"DELETE FROM "Changelog" WHERE id = $1"#).bind(id).execute(scope.db()).await?;
    Ok(())
}

/// Makes an entry of each feature of a live release that is done and has none yet, for somebody to look over before it is
/// published; gives how many.
pub async fn draft(scope: &mut Scope, release: &str) -> Result<u64, AppError> {
    live(scope, release).await?;
    let org = scope.organization().id.clone();
    let features: Vec<(String, String, Option<String>)> = sqlx::query_as(
        r#"SELECT f.id, f.title, nullif(f.description, '') FROM "_FeatureToRelease" l
           JOIN "Feature" f ON f.id = l."A" AND f."deletedAt" IS NULL AND f.status = 'DONE'
           WHERE l."organizationId" = $1 AND l."B" = $2
             AND NOT EXISTS (SELECT FROM "Changelog" c WHERE c."organizationId" = $1 AND c."releaseId" = $2 AND c."featureId" = f.id)
           ORDER BY f."createdAt", f.id"#,
    )
    .bind(&org)
    .bind(release)
    .fetch_all(scope.db())
    .await?;
    let ids: Vec<String> = features.iter().map(|_| new_id()).collect();
    let (of, texts): (Vec<String>, Vec<(String, Option<String>)>) =
        features.into_iter().map(|(id, title, description)| (id, (title, description))).unzip();
    let (titles, descriptions): (Vec<String>, Vec<Option<String>>) = texts.into_iter().unzip();
    let made = sqlx::query(
        r#"INSERT INTO "Changelog" (id, "organizationId", "releaseId", kind, title, description, "featureId")
           SELECT made.id, $1, $2, $3, made.title, made.description, made.feature
             FROM unnest($4::text[], $5::text[], $6::text[], $7::text[]) AS made (id, feature, title, description)
           ON CONFLICT DO NOTHING"#,
    )
    .bind(org)
    .bind(release)
    .bind(ChangeKind::Added)
    .bind(ids)
    .bind(of)
    .bind(titles)
    .bind(descriptions)
    .execute(scope.db())
    .await?;
    Ok(made.rows_affected())
}

/// A row of `public_changelog`; without a release for a product that has published nothing.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    organization: String,
    product: String,
    since: Timestamp,
    release_id: Option<String>,
    version: Option<String>,
    release_date: Option<Timestamp>,
    kind: Option<ChangeKind>,
    title: Option<String>,
    description: Option<String>,
    updated_at: Option<Timestamp>,
}

/// The published changelog of a product, if it is public.
pub async fn published(public: &mut Public, org: &str, product: &str) -> Result<PublicChangelog, AppError> {
    let rows: Vec<Row> = sqlx::query_as("SELECT * FROM public_changelog($1, $2)").bind(org).bind(product).fetch_all(public.db()).await?;
    let first = rows.first().ok_or(AppError::NotFound)?;
    let mut log = PublicChangelog {
        organization: first.organization.clone(),
        product: first.product.clone(),
        updated: first.since,
        releases: Vec::new(),
    };
    for row in rows {
        add_row(&mut log, row);
    }
    for release in &mut log.releases {
        release.changes.sort_by_key(|change| change.kind);
        log.updated = log.updated.max(release.updated);
    }
    Ok(log)
}

/// Adds what a row tells to its release, which is the last one or a new one.
fn add_row(log: &mut PublicChangelog, row: Row) -> Option<()> {
    let (id, released, updated) = (row.release_id?, row.release_date?, row.updated_at?);
    let change = PublicChange { kind: row.kind?, title: row.title?, html: row.description.as_deref().map(render).unwrap_or_default() };
    match log.releases.last_mut().filter(|last| last.id == id) {
        Some(last) => {
            last.updated = last.updated.max(updated);
            last.changes.push(change);
        }
        None => {
            let release = PublicRelease { id, version: row.version?, released, updated: updated.max(released), changes: vec![change] };
            log.releases.push(release);
        }
    }
    Some(())
}
