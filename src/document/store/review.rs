//! How a document gets from a draft to what everybody goes by.

use super::live;
use crate::document::model::{Document, DocumentStatus, ReviewRow};
use crate::kernel::error::AppError;
use crate::kernel::named::Named;
use crate::kernel::role::{Perm, Role};
use crate::server::id::new_id;
use crate::server::mail::{Message, queue_under};
use crate::server::request::Settings;
use crate::server::scope::Scope;

/// Steps of a review that a page shows.
const SHOWN: i64 = 50;
/// People whom a form offers.
const CHOICES_MAX: i64 = 500;
/// Mails that one person may cause in an hour by asking for reviews.
const MAILS_MAX: i64 = 30;
/// Steps that one person may take in an hour and others are still told of by mail.
const ANSWERS_MAX: i64 = 60;

/// The steps of a document's reviews, the newest first. What was published was reviewed if the step before has approved the same
/// version.
pub async fn all(scope: &mut Scope, document: &str) -> Result<Vec<ReviewRow>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT s.id, s.status, s.version, s.reason, s."createdAt", b.name AS "byName", r.name AS "reviewerName",
                  s.status = 'PUBLISHED' AND (lag(s.status) OVER steps, lag(s.version) OVER steps) IS DISTINCT FROM ('APPROVED', s.version)
                    AS unreviewed
           FROM "DocumentReview" s LEFT JOIN "User" b ON b.id = s."byId" LEFT JOIN "User" r ON r.id = s."reviewerId"
           WHERE s."organizationId" = $1 AND s."documentId" = $2
           WINDOW steps AS (ORDER BY s."createdAt", s.id)
           ORDER BY s."createdAt" DESC, s.id DESC LIMIT $3"#,
    )
    .bind(org)
    .bind(document)
    .bind(SHOWN)
    .fetch_all(scope.db())
    .await?)
}

/// The members who may approve the document, by name: those of the right role who have written nothing of what waits for it.
pub async fn reviewers(scope: &mut Scope, document: &Document) -> Result<Vec<Named>, AppError> {
    let org = scope.organization().id.clone();
    let roles: Vec<Role> = Perm::Publish.roles().to_vec();
    Ok(sqlx::query_as(
        r#"SELECT u.id, coalesce(u.name, 'Somebody without a name') AS name FROM "Membership" m JOIN "User" u ON u.id = m."userId"
           WHERE m."organizationId" = $1 AND m.role = ANY ($2) AND NOT EXISTS (
             SELECT FROM "DocumentVersion" v WHERE v."organizationId" = $1 AND v."documentId" = $4 AND v.number > $5
                AND v."authorId" = m."userId")
           ORDER BY lower(u.name), u.id LIMIT $3"#,
    )
    .bind(org)
    .bind(roles)
    .bind(CHOICES_MAX)
    .bind(&document.id)
    .bind(document.approved_version.unwrap_or_default())
    .fetch_all(scope.db())
    .await?)
}

/// Whether the caller has written any of the versions since the one that was approved last: nobody approves their own text.
pub async fn wrote(scope: &mut Scope, document: &Document) -> Result<bool, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    Ok(sqlx::query_scalar(
        r#"SELECT EXISTS (SELECT FROM "DocumentVersion" WHERE "organizationId" = $1 AND "documentId" = $2 AND number > $3 AND "authorId" = $4)"#,
    )
    .bind(org)
    .bind(&document.id)
    .bind(document.approved_version.unwrap_or_default())
    .bind(user)
    .fetch_one(scope.db())
    .await?)
}

/// Asks for a review; whoever is asked by name is told by mail.
///
/// # Errors
/// A field error for somebody who may not approve; `Forbidden` for a published text, of those who may not publish: it would be
/// published no more.
pub async fn request(scope: &mut Scope, settings: &Settings, id: &str, reviewer: Option<String>) -> Result<(), AppError> {
    let document = live(scope, id).await?;
    if !document.status.changeable_by(scope.role()) {
        return Err(AppError::Forbidden);
    }
    document.may_become(DocumentStatus::Review, None)?;
    if let Some(reviewer) = &reviewer
        && !reviewers(scope, &document).await?.iter().any(|person| person.id == *reviewer)
    {
        return Err(AppError::field("reviewer", "Choose somebody who may approve documents and has not written this one."));
    }
    to(scope, &document, DocumentStatus::Review, "", reviewer.as_deref()).await?;
    if let Some(reviewer) = reviewer.filter(|reviewer| *reviewer != scope.user().id) {
        tell(scope, settings, &document, &reviewer).await?;
    }
    Ok(())
}

/// Moves a live document to a status that may follow its own, for a reason where there is one; by somebody who has seen it in this
/// version, if it is known. Whoever asked for a review is told by mail what came of it.
///
/// # Errors
/// `Conflict` when the status may not follow, when there is a newer version to be approved or published, or when the caller
/// approves their own text.
pub async fn set_status(
    scope: &mut Scope,
    settings: &Settings,
    id: &str,
    status: DocumentStatus,
    reason: &str,
    seen: Option<i32>,
) -> Result<(), AppError> {
    let document = live(scope, id).await?;
    document.may_become(status, seen)?;
    if status == DocumentStatus::Approved && wrote(scope, &document).await? {
        let told = "You have written some of this text, so somebody else has to approve it. It may also be published without a review.";
        return Err(AppError::Conflict(told.into()));
    }
    to(scope, &document, status, reason, None).await?;
    match (document.status, status) {
        (DocumentStatus::Review, DocumentStatus::Approved | DocumentStatus::Draft) => {
            answer(scope, settings, &document, status == DocumentStatus::Approved, reason).await
        }
        _ => Ok(()),
    }
}

/// Takes a document back that waits for a review.
pub async fn withdraw(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    let document = live(scope, id).await?;
    if document.status != DocumentStatus::Review {
        return Err(AppError::Conflict("This document does not wait for a review any more.".into()));
    }
    to(scope, &document, DocumentStatus::Draft, "", None).await
}

/// Moves a locked document, and notes it.
async fn to(scope: &mut Scope, document: &Document, status: DocumentStatus, reason: &str, reviewer: Option<&str>) -> Result<(), AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    sqlx::query(
        r#"UPDATE "Document" SET status = $3, "reviewerId" = CASE WHEN $3 = 'REVIEW' THEN $4 ELSE "reviewerId" END
           WHERE "organizationId" = $1 AND id = $2"#,
    )
    .bind(&org)
    .bind(&document.id)
    .bind(status)
    .bind(reviewer)
    .execute(scope.db())
    .await?;
    sqlx::query(
        r#"INSERT INTO "DocumentReview" (id, "organizationId", "documentId", status, version, reason, "byId", "reviewerId")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"#,
    )
    .bind(new_id())
    .bind(org)
    .bind(&document.id)
    .bind(status)
    .bind(document.version)
    .bind(reason)
    .bind(user)
    .bind(reviewer)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Mails whoever was asked, unless the caller has asked very often.
async fn tell(scope: &mut Scope, settings: &Settings, document: &Document, reviewer: &str) -> Result<(), AppError> {
    let (org, author) = (scope.organization().id.clone(), scope.user().clone());
    let address: Option<String> = sqlx::query_scalar(
        r#"SELECT u.email FROM "Membership" m JOIN "User" u ON u.id = m."userId"
           WHERE m."organizationId" = $1 AND m."userId" = $2 AND $4 >= (
             SELECT count(*) FROM "DocumentReview" WHERE "organizationId" = $1 AND "byId" = $3 AND "reviewerId" IS NOT NULL
                AND "createdAt" > now() - interval '1 hour')"#,
    )
    .bind(org)
    .bind(reviewer)
    .bind(&author.id)
    .bind(MAILS_MAX)
    .fetch_optional(scope.db())
    .await?;
    let Some(to) = address else { return Ok(()) };
    let who = author.name.unwrap_or(author.email);
    let page = format!("{}{}", settings.url, document.href(&scope.organization().slug));
    let message = Message {
        to,
        subject: format!("{who} asks you to review “{}”", document.title),
        paragraphs: vec![format!("{who} asks you to review version {} of the document “{}”.", document.version, document.title)],
        button: Some(("Open the document".into(), page)),
    };
    queue_under(scope.db(), &settings.key, message).await
}

/// Mails whoever asked for the review what came of it, unless the caller did, or has taken very many steps.
async fn answer(scope: &mut Scope, settings: &Settings, document: &Document, approved: bool, reason: &str) -> Result<(), AppError> {
    let (org, caller) = (scope.organization().id.clone(), scope.user().clone());
    let address: Option<String> = sqlx::query_scalar(
        r#"SELECT u.email
             FROM (SELECT "byId" FROM "DocumentReview" WHERE "organizationId" = $1 AND "documentId" = $2 AND status = 'REVIEW'
                    ORDER BY "createdAt" DESC, id DESC LIMIT 1) asked
             JOIN "Membership" m ON m."organizationId" = $1 AND m."userId" = asked."byId" JOIN "User" u ON u.id = m."userId"
            WHERE u.id <> $3 AND $4 >= (SELECT count(*) FROM "DocumentReview" WHERE "organizationId" = $1 AND "byId" = $3
                                           AND "createdAt" > now() - interval '1 hour')"#,
    )
    .bind(org)
    .bind(&document.id)
    .bind(&caller.id)
    .bind(ANSWERS_MAX)
    .fetch_optional(scope.db())
    .await?;
    let Some(to) = address else { return Ok(()) };
    let who = caller.name.unwrap_or(caller.email);
    let did = if approved { "approved" } else { "asks for changes to" };
    let mut paragraphs = vec![format!("{who} {did} version {} of the document “{}”.", document.version, document.title)];
    paragraphs.extend((!reason.is_empty()).then(|| reason.to_owned()));
    let page = format!("{}{}", settings.url, document.href(&scope.organization().slug));
    let message =
        Message {
            to, subject: format!("{who} {did} “{}”", document.title), paragraphs, button: Some(("Open the document".into(), page))
        };
    queue_under(scope.db(), &settings.key, message).await
}
