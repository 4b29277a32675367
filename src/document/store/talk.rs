//! What is said of documents.

use std::ops::Range;

use super::known::{self, Seen};
use super::live;
use crate::discuss::model::{named, parts};
use crate::document::anchor::{Place, Plain};
use crate::document::model::{Document, Found, Passage, Remark};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::time::Timestamp;
use crate::server::db::internal;
use crate::server::id::new_id;
use crate::server::mail::{Message, queue_under};
use crate::server::markdown::document::plain_text;
use crate::server::request::Settings;
use crate::server::scope::Scope;

/// Comments that a page shows.
const SHOWN: i64 = 200;
/// Comments whose passages are taken along when a text changes.
const FOLLOWED: i64 = 500;
/// Mails that one person may cause in an hour by naming people in documents; beyond them the names still stand there.
const MAILS_MAX: i64 = 60;

/// A comment as it is stored.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
pub struct Row {
    id: String,
    author_id: Option<String>,
    author_name: Option<String>,
    pub body: String,
    quote: Option<String>,
    found: Option<String>,
    prefix: String,
    suffix: String,
    position: i32,
    version: i32,
    created_at: Timestamp,
    resolved_at: Option<Timestamp>,
    resolved_by: Option<String>,
}

impl Row {
    /// Its key in a list by time, in milliseconds, and its id.
    pub(super) fn place(&self) -> (f64, String) {
        (self.created_at.timestamp_millis() as f64, self.id.clone())
    }

    /// The passage as it was seen last.
    fn passage(&self) -> Option<Passage> {
        let quote = self.found.clone().or_else(|| self.quote.clone())?;
        Some(Passage { quote, prefix: self.prefix.clone(), suffix: self.suffix.clone(), position: self.position.into() })
    }
}

/// The newest comments on a document, oldest first.
pub async fn all(scope: &mut Scope, document: &str) -> Result<Vec<Row>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT c.*, u.name AS "authorName", r.name AS "resolvedBy"
           FROM (SELECT * FROM "DocumentComment" WHERE "organizationId" = $1 AND "documentId" = $2
                  ORDER BY "createdAt" DESC, id DESC LIMIT $3) c
           LEFT JOIN "User" u ON u.id = c."authorId" LEFT JOIN "User" r ON r.id = c."resolvedById"
           ORDER BY c."createdAt", c.id"#,
    )
    .bind(org)
    .bind(document)
    .bind(SHOWN)
    .fetch_all(scope.db())
    .await?)
}

/// Comments with what has become of their passages, and where the open ones are to be marked.
pub struct Placed {
    pub remarks: Vec<Remark>,
    pub marks: Vec<(Range<usize>, String)>,
}

/// Looks for the comments' passages in the text.
pub async fn places(rows: Vec<Row>, content: &str, seen: &Seen) -> Result<Placed, AppError> {
    if rows.iter().all(|row| row.quote.is_none()) {
        return Ok(Placed { remarks: rows.into_iter().map(|row| remark(row, None, seen)).collect(), marks: Vec::new() });
    }
    let (content, seen) = (content.to_owned(), seen.clone());
    let work = move || {
        let plain = Plain::new(plain_text(&content));
        let mut placed = Placed { remarks: Vec::new(), marks: Vec::new() };
        for row in rows {
            let place = row.passage().and_then(|passage| plain.find(&passage));
            if let Some(place) = place.as_ref().filter(|_| row.resolved_at.is_none()) {
                placed.marks.push((place.range(), format!("passage-{}", row.id)));
            }
            let words = place.map(|place| plain.at(place.range()).to_owned());
            placed.remarks.push(remark(row, words, &seen));
        }
        placed
    };
    tokio::task::spawn_blocking(work).await.map_err(internal)
}

fn remark(row: Row, now: Option<String>, seen: &Seen) -> Remark {
    let passage = row.quote.map(|quote| {
        let found = match now {
            Some(now) if now == quote => Found::There,
            Some(now) => Found::Changed(now),
            None => Found::Gone,
        };
        (quote, found)
    });
    Remark {
        id: row.id,
        author_id: row.author_id,
        author_name: row.author_name,
        parts: parts(&row.body, seen.handles(), seen.links()),
        passage,
        version: row.version,
        created_at: row.created_at,
        resolved_at: row.resolved_at,
        resolved_by: row.resolved_by,
    }
}

/// Says something of a live document, or of a passage of it, which is given by its words and those before it; gives the
/// comment's id.
///
/// # Errors
/// A field error for words that are not in the document.
pub async fn add(
    scope: &mut Scope,
    settings: &Settings,
    id: &str,
    (body, words, before): (String, String, String),
) -> Result<String, AppError> {
    let document = live(scope, id).await?;
    let passage =
        match words.is_empty() {
            true => None,
            false => {
                let content = document.content.clone();
                let found = tokio::task::spawn_blocking(move || Plain::new(plain_text(&content)).marked(&words, &before));
                let found = found.await.map_err(internal)?;
                Some(found.ok_or_else(|| {
                    AppError::field("passage", "These words are not in the document. Mark them again, or leave this empty.")
                })?)
            }
        };
    let (org, user, comment) = (scope.organization().id.clone(), scope.user().id.clone(), new_id());
    let place = passage.clone().unwrap_or_default();
    sqlx::query(
        r#"INSERT INTO "DocumentComment" (id, "organizationId", "documentId", "authorId", body, quote, prefix, suffix, position, version)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"#,
    )
    .bind(&comment)
    .bind(org)
    .bind(id)
    .bind(user)
    .bind(&body)
    .bind(passage.map(|passage| passage.quote))
    .bind(place.prefix)
    .bind(place.suffix)
    .bind(i32::try_from(place.position).unwrap_or(i32::MAX))
    .bind(document.version)
    .execute(scope.db())
    .await?;
    mention(scope, settings, &document, Some(&comment), &body).await?;
    Ok(comment)
}

/// Takes the passages of open comments along to a new text: each is looked for from where it was seen last. One that is
/// gone stays as it is, and is found again if it comes back.
pub async fn follow(scope: &mut Scope, document: &str, content: &str) -> Result<(), AppError> {
    let org = scope.organization().id.clone();
    let rows: Vec<Row> = sqlx::query_as(
        r#"SELECT c.*, NULL AS "authorName", NULL AS "resolvedBy" FROM "DocumentComment" c
           WHERE "organizationId" = $1 AND "documentId" = $2 AND quote IS NOT NULL AND "resolvedAt" IS NULL
           ORDER BY "createdAt" DESC, id DESC LIMIT $3"#,
    )
    .bind(&org)
    .bind(document)
    .bind(FOLLOWED)
    .fetch_all(scope.db())
    .await?;
    if rows.is_empty() {
        return Ok(());
    }
    let content = content.to_owned();
    let work = move || {
        let plain = Plain::new(plain_text(&content));
        let moved = |row: Row| {
            let place = plain.find(&row.passage()?)?;
            let there = plain.passage(place.range());
            let found = match &place {
                Place::Exact(_) => row.found,
                Place::Alike(_) => Some(there.quote.clone()).filter(|quote| Some(quote) != row.quote.as_ref()),
            };
            Some((row.id, found, there.prefix, there.suffix, i32::try_from(there.position).unwrap_or(i32::MAX)))
        };
        rows.into_iter().filter_map(moved).collect::<Vec<_>>()
    };
    let moved = tokio::task::spawn_blocking(work).await.map_err(internal)?;
    let (mut ids, mut found, mut before, mut behind, mut places) = (vec![], vec![], vec![], vec![], vec![]);
    for (id, words, prefix, suffix, place) in moved {
        ids.push(id);
        found.push(words);
        before.push(prefix);
        behind.push(suffix);
        places.push(place);
    }
    sqlx::query(
        r#"UPDATE "DocumentComment" c SET found = m.found, prefix = m.prefix, suffix = m.suffix, position = m.position
           FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::integer[]) m (id, found, prefix, suffix, position)
           WHERE c."organizationId" = $1 AND c.id = m.id"#,
    )
    .bind(org)
    .bind(ids)
    .bind(found)
    .bind(before)
    .bind(behind)
    .bind(places)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// Marks a comment on a live document as dealt with, or opens it again; doing it twice is as good as once.
pub async fn resolve(scope: &mut Scope, id: &str, wanted: bool) -> Result<(), AppError> {
    let document: String = of_comment(scope, id).await?.0;
    live(scope, &document).await?;
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    sqlx::query(
        r#"UPDATE "DocumentComment" SET "resolvedAt" = CASE WHEN $3 THEN coalesce("resolvedAt", now()) END,
                  "resolvedById" = CASE WHEN $3 THEN coalesce("resolvedById", $4) END
           WHERE "organizationId" = $1 AND id = $2"#,
    )
    .bind(org)
    .bind(id)
    .bind(wanted)
    .bind(user)
    .execute(scope.db())
    .await?;
    Ok(())
}

/// The document of a comment, and who said it.
async fn of_comment(scope: &mut Scope, id: &str) -> Result<(String, Option<String>), AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(r#"SELECT "documentId", "authorId" FROM "DocumentComment" WHERE "organizationId" = $1 AND id = $2"#)
        .bind(org)
        .bind(id)
        .fetch_one(scope.db())
        .await?)
}

/// Takes a comment away: one's own, or as somebody who may publish anybody's.
pub async fn delete(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    let (document, author) = of_comment(scope, id).await?;
    live(scope, &document).await?;
    if author.as_deref() != Some(&scope.user().id) && !scope.can(Perm::Publish) {
        return Err(AppError::Forbidden);
    }
    let org = scope.organization().id.clone();
    sqlx::query(r#"DELETE FROM "DocumentComment" WHERE "organizationId" = $1 AND id = $2"#).bind(org).bind(id).execute(scope.db()).await?;
    Ok(())
}

/// Keeps whom a document or a comment on it names, and queues a mail for each who was not named there before, but for the
/// caller. Gives the addresses.
pub async fn mention(
    scope: &mut Scope,
    settings: &Settings,
    document: &Document,
    comment: Option<&str>,
    body: &str,
) -> Result<Vec<String>, AppError> {
    let around = known::places(body);
    let people = named(&around, &known::handles(scope, &around).await?);
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let (org, author) = (scope.organization().id.clone(), scope.user().clone());
    let ids: Vec<String> = people.iter().map(|_| new_id()).collect();
    // What the statement adds is not counted by it.
    let told: Vec<(String, i64)> = sqlx::query_as(
        r#"WITH added AS (INSERT INTO "DocumentMention" (id, "organizationId", "documentId", "commentId", "userId", "byId")
             SELECT pair.id, $1, $2, $3, pair.person, $6 FROM unnest($4::text[], $5::text[]) pair (id, person)
             ON CONFLICT ("organizationId", "documentId", coalesce("commentId", ''), "userId") DO NOTHING RETURNING "userId")
           SELECT u.email, (SELECT count(*) FROM "DocumentMention" m WHERE m."organizationId" = $1 AND m."byId" = $6
                               AND m."userId" <> $6 AND m."createdAt" > now() - interval '1 hour')
             FROM added JOIN "User" u ON u.id = added."userId" WHERE u.id <> $6 ORDER BY u.email"#,
    )
    .bind(org)
    .bind(&document.id)
    .bind(comment)
    .bind(ids)
    .bind(people)
    .bind(&author.id)
    .fetch_all(scope.db())
    .await?;
    let left = told.first().map_or(0, |(_, before)| usize::try_from(MAILS_MAX - before).unwrap_or(0));
    let told: Vec<String> = told.into_iter().map(|(address, _)| address).take(left).collect();
    let writer = author.name.unwrap_or(author.email);
    let place = comment.map(|comment| format!("#comment-{comment}")).unwrap_or_default();
    let page = format!("{}{}{place}", settings.url, document.href(&scope.organization().slug));
    for to in &told {
        let paragraphs = match comment {
            Some(_) => vec![format!("{writer} wrote about the document “{}”:", document.title), body.to_owned()],
            None => vec![format!("{writer} mentioned you in the document “{}”.", document.title)],
        };
        let subject = format!("{writer} mentioned you on “{}”", document.title);
        let message = Message { to: to.clone(), subject, paragraphs, button: Some(("Open the document".into(), page.clone())) };
        queue_under(scope.db(), &settings.key, message).await?;
    }
    Ok(told)
}
