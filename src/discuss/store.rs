//! SQL for votes and comments.

use sqlx::types::Json;

use super::model::{Body, COMMENTS_SHOWN, Comment, Handle, MENTIONS_MAX, Talk, named, parts};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::time::Timestamp;
use crate::kernel::version;
use crate::server::id::new_id;
use crate::server::mail::{Message, queue_under};
use crate::server::request::Settings;
use crate::server::scope::Scope;

/// The idea that something is said of.
#[derive(sqlx::FromRow)]
struct Subject {
    id: String,
    title: String,
    key: String,
    deleted: bool,
}

impl Subject {
    /// The path of the idea's page.
    fn page(&self, scope: &Scope) -> String {
        format!("/orgs/{}/products/{}/ideas/{}", scope.organization().slug, self.key, self.id)
    }
}

/// The idea of a live product, locked against a merge or a deletion until the transaction ends.
async fn live(scope: &mut Scope, idea: &str) -> Result<Subject, AppError> {
    let org = scope.organization().id.clone();
    let subject: Subject = sqlx::query_as(
        r#"SELECT i.id, i.title, p.key, i."deletedAt" IS NOT NULL AS deleted
             FROM "Idea" i JOIN "Product" p ON p.id = i."productId" AND p."deletedAt" IS NULL
            WHERE i."organizationId" = $1 AND i.id = $2 FOR NO KEY UPDATE OF i"#,
    )
    .bind(org)
    .bind(idea)
    .fetch_one(scope.db())
    .await?;
    match subject.deleted {
        true => Err(AppError::Conflict("This idea has been deleted. Restore it to discuss it.".into())),
        false => Ok(subject),
    }
}

/// Gives the person's vote to a live idea, or takes it back; doing it twice is as good as once.
pub async fn vote(scope: &mut Scope, idea: &str, wanted: bool) -> Result<(), AppError> {
    live(scope, idea).await?;
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let statement = match wanted {
        true => {
            r#"INSERT INTO "IdeaVote" (id, "organizationId", "ideaId", "userId") VALUES ($4, $1, $2, $3)
               ON CONFLICT ("organizationId", "ideaId", "userId") DO NOTHING"#
        }
        false => r#"DELETE FROM "IdeaVote" WHERE "organizationId" = $1 AND "ideaId" = $2 AND "userId" = $3 AND id <> $4"#,
    };
    sqlx::query(statement).bind(org).bind(idea).bind(user).bind(new_id()).execute(scope.db()).await?;
    Ok(())
}

/// A comment with the ways in which those whom it names can be written.
#[derive(sqlx::FromRow)]
#[sqlx(rename_all = "camelCase")]
struct Row {
    id: String,
    author_id: Option<String>,
    author_name: Option<String>,
    body: String,
    created_at: Timestamp,
    edited_at: Option<Timestamp>,
    handles: Json<Vec<Handle>>,
}

impl From<Row> for Comment {
    fn from(row: Row) -> Comment {
        let Row { id, author_id, author_name, body, created_at, edited_at, handles } = row;
        Comment { id, author_id, author_name, parts: parts(&body, &handles), created_at, edited_at }
    }
}

/// What is said of an idea of a live product, oldest first, from behind the comment `after` on.
pub async fn talk(scope: &mut Scope, idea: &str, after: Option<&str>) -> Result<Talk, AppError> {
    let org = scope.organization().id.clone();
    let open: bool = sqlx::query_scalar(
        r#"SELECT i."deletedAt" IS NULL FROM "Idea" i JOIN "Product" p ON p.id = i."productId" AND p."deletedAt" IS NULL
           WHERE i."organizationId" = $1 AND i.id = $2"#,
    )
    .bind(&org)
    .bind(idea)
    .fetch_one(scope.db())
    .await?;
    let rows: Vec<Row> = sqlx::query_as(
        r#"SELECT c.*, u.name AS "authorName",
                  coalesce((SELECT jsonb_agg(jsonb_build_object('userId', m."userId", 'handle', way.handle))
                              FROM "CommentMention" m JOIN "User" named ON named.id = m."userId"
                                   CROSS JOIN LATERAL (VALUES (named.name), (named.email)) way (handle)
                             WHERE m."organizationId" = $1 AND m."commentId" = c.id AND way.handle IS NOT NULL), '[]') AS handles
             FROM (SELECT * FROM "IdeaComment"
                    WHERE "organizationId" = $1 AND "ideaId" = $2
                      AND ($3::text IS NULL OR ("createdAt", id) > (
                            SELECT "createdAt", id FROM "IdeaComment" WHERE "organizationId" = $1 AND id = $3))
                    ORDER BY "createdAt", id LIMIT $4) c
             LEFT JOIN "User" u ON u.id = c."authorId" ORDER BY c."createdAt", c.id"#,
    )
    .bind(&org)
    .bind(idea)
    .bind(after)
    .bind(COMMENTS_SHOWN + 1)
    .fetch_all(scope.db())
    .await?;
    let more = rows.len() as i64 > COMMENTS_SHOWN;
    let comments: Vec<Comment> = rows.into_iter().take(COMMENTS_SHOWN as usize).map(Comment::from).collect();
    let next = comments.last().filter(|_| more).map(|comment| comment.id.clone());
    Ok(Talk { role: scope.role(), user_id: scope.user().id.clone(), open, comments, next })
}

/// Says something of a live idea. Gives the addresses that a mail goes to, each named person's once.
pub async fn add(scope: &mut Scope, settings: &Settings, idea: &str, body: String) -> Result<Vec<String>, AppError> {
    let subject = live(scope, idea).await?;
    let (org, user, id) = (scope.organization().id.clone(), scope.user().id.clone(), new_id());
    sqlx::query(r#"INSERT INTO "IdeaComment" (id, "organizationId", "ideaId", "authorId", body) VALUES ($1, $2, $3, $4, $5)"#)
        .bind(&id)
        .bind(org)
        .bind(idea)
        .bind(user)
        .bind(&body)
        .execute(scope.db())
        .await?;
    mention(scope, settings, &subject, &id, &body).await
}

/// The idea that a comment belongs to, if the person may do this to the comment.
async fn own(scope: &mut Scope, id: &str, or_reviewer: bool) -> Result<String, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let (idea, author): (String, Option<String>) =
        sqlx::query_as(r#"SELECT "ideaId", "authorId" FROM "IdeaComment" WHERE "organizationId" = $1 AND id = $2"#)
            .bind(org)
            .bind(id)
            .fetch_one(scope.db())
            .await?;
    let allowed = author.as_deref() == Some(&user) || (or_reviewer && scope.can(Perm::IdeaReview));
    if allowed { Ok(idea) } else { Err(AppError::Forbidden) }
}

/// Changes a comment of the person's, which they saw in this version, on a live idea; those who were named already are not
/// told again. Gives its place.
///
/// # Errors
/// `Stale` when they have changed it meanwhile, in another window.
pub async fn change(scope: &mut Scope, settings: &Settings, id: &str, version: &str, body: String) -> Result<String, AppError> {
    let idea = own(scope, id, false).await?;
    let subject = live(scope, &idea).await?;
    let org = scope.organization().id.clone();
    // A merge that came between has moved it, and somebody else's deletion has taken it away.
    let stored: String =
        sqlx::query_scalar(r#"SELECT body FROM "IdeaComment" WHERE "organizationId" = $1 AND id = $2 AND "ideaId" = $3 FOR NO KEY UPDATE"#)
            .bind(&org)
            .bind(id)
            .bind(&idea)
            .fetch_one(scope.db())
            .await?;
    version::check(version, &Body(&stored), &Body(&body))?;
    sqlx::query_scalar::<_, String>(
        r#"UPDATE "IdeaComment" SET "editedAt" = CASE WHEN body = $4 THEN "editedAt" ELSE now() END, body = $4
           WHERE "organizationId" = $1 AND id = $2 AND "ideaId" = $3 RETURNING id"#,
    )
    .bind(org)
    .bind(id)
    .bind(&idea)
    .bind(&body)
    .fetch_one(scope.db())
    .await?;
    mention(scope, settings, &subject, id, &body).await?;
    Ok(format!("{}#comment-{id}", subject.page(scope)))
}

/// Takes a comment away: one's own, or as a reviewer anybody's.
pub async fn delete(scope: &mut Scope, id: &str) -> Result<(), AppError> {
    own(scope, id, true).await?;
    let org = scope.organization().id.clone();
    sqlx::query(r#"DELETE FROM "IdeaComment" WHERE "organizationId" = $1 AND id = $2"#).bind(org).bind(id).execute(scope.db()).await?;
    Ok(())
}

/// Mails that one person may cause in an hour by naming people; beyond them the names still stand in the comments.
const MENTION_MAILS_MAX: i64 = 60;

/// How many of a comment's `new` mentions, which are kept already, may cause a mail.
async fn mails_left(scope: &mut Scope, new: usize) -> Result<usize, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let named: i64 = sqlx::query_scalar(
        r#"SELECT count(*) FROM "IdeaComment" c JOIN "CommentMention" m ON m."organizationId" = $1 AND m."commentId" = c.id
            WHERE c."organizationId" = $1 AND c."authorId" = $2 AND m."createdAt" > now() - interval '1 hour' AND m."userId" <> $2"#,
    )
    .bind(org)
    .bind(user)
    .fetch_one(scope.db())
    .await?;
    Ok(usize::try_from(MENTION_MAILS_MAX - named + new as i64).unwrap_or(0))
}

/// Keeps whom a comment names, and queues a mail for each who was not named in it before, but for its author. Gives the addresses.
async fn mention(scope: &mut Scope, settings: &Settings, subject: &Subject, comment: &str, body: &str) -> Result<Vec<String>, AppError> {
    if !body.contains('@') {
        return Ok(Vec::new());
    }
    let (org, author) = (scope.organization().id.clone(), scope.user().clone());
    let handles: Vec<Handle> = sqlx::query_as(
        r#"SELECT u.id AS "userId", way.handle
             FROM "Membership" m JOIN "User" u ON u.id = m."userId" CROSS JOIN LATERAL (VALUES (u.name), (u.email)) way (handle)
            WHERE m."organizationId" = $1 AND position('@' || lower(way.handle) IN lower($2)) > 0
            ORDER BY u.id, way.handle LIMIT $3"#,
    )
    .bind(&org)
    .bind(body)
    .bind(MENTIONS_MAX)
    .fetch_all(scope.db())
    .await?;
    let people = named(body, &handles);
    let ids: Vec<String> = people.iter().map(|_| new_id()).collect();
    let mut told: Vec<String> = sqlx::query_scalar(
        r#"WITH added AS (
             INSERT INTO "CommentMention" (id, "organizationId", "commentId", "userId")
             SELECT pair.id, $1, $2, pair.person FROM unnest($3::text[], $4::text[]) pair (id, person)
             ON CONFLICT ("organizationId", "commentId", "userId") DO NOTHING RETURNING "userId")
           SELECT u.email FROM added JOIN "User" u ON u.id = added."userId" WHERE u.id <> $5 ORDER BY u.email"#,
    )
    .bind(&org)
    .bind(comment)
    .bind(ids)
    .bind(people)
    .bind(&author.id)
    .fetch_all(scope.db())
    .await?;
    told.truncate(mails_left(scope, told.len()).await?);
    let writer = author.name.unwrap_or(author.email);
    let page = format!("{}{}#comment-{comment}", settings.url, subject.page(scope));
    for to in &told {
        let message = Message {
            to: to.clone(),
            subject: format!("{writer} mentioned you on “{}”", subject.title),
            paragraphs: vec![format!("{writer} wrote about the idea “{}”:", subject.title), body.to_owned()],
            button: Some(("Open the idea".into(), page.clone())),
        };
        queue_under(scope.db(), &settings.key, message).await?;
    }
    Ok(told)
}
