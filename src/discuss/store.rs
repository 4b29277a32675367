//! SQL for votes and comments.

use sqlx::types::Json;

use super::model::{Body, COMMENTS_SHOWN, Comment, Handle, MENTIONS_MAX, Subject, Talk, behind, named, parts};
use crate::kernel::error::AppError;
use crate::kernel::page::{Cursor, TIME_BOUNDS};
use crate::kernel::reference::Linked;
use crate::kernel::role::Perm;
use crate::kernel::time::Timestamp;
use crate::kernel::version;
use crate::reference::store as references;
use crate::server::id::new_id;
use crate::server::mail::{Message, queue_under};
use crate::server::request::Settings;
use crate::server::scope::Scope;

/// A word of a statement for one kind of subject: its table, the comments' table with the column that leads to it, and the
/// mentions' table. Any other text is left as it is.
macro_rules! word {
    (Idea thing) => {
        r#""Idea""#
    };
    (Idea comments) => {
        r#""IdeaComment""#
    };
    (Idea parent) => {
        r#""ideaId""#
    };
    (Idea mentions) => {
        r#""CommentMention""#
    };
    (Feature thing) => {
        r#""Feature""#
    };
    (Feature comments) => {
        r#""FeatureComment""#
    };
    (Feature parent) => {
        r#""featureId""#
    };
    (Feature mentions) => {
        r#""FeatureCommentMention""#
    };
    (Task thing) => {
        r#""Task""#
    };
    (Task comments) => {
        r#""TaskComment""#
    };
    (Task parent) => {
        r#""taskId""#
    };
    (Task mentions) => {
        r#""TaskCommentMention""#
    };
    ($subject:ident $text:literal) => {
        $text
    };
}

/// A statement for each kind of subject, made of texts and the words above.
macro_rules! sql {
    ($subject:expr, $($piece:tt)+) => {
        match $subject {
            Subject::Idea => concat!($(word!(Idea $piece)),+),
            Subject::Feature => concat!($(word!(Feature $piece)),+),
            Subject::Task => concat!($(word!(Task $piece)),+),
        }
    };
}

/// What something is said of.
#[derive(sqlx::FromRow)]
struct Thing {
    id: String,
    title: String,
    key: String,
    deleted: bool,
}

impl Thing {
    /// The path of its page.
    fn page(&self, scope: &Scope, subject: Subject) -> String {
        format!("/orgs/{}/products/{}/{}/{}", scope.organization().slug, self.key, subject.path(), self.id)
    }
}

/// The thing of a live product, locked against a merge or a deletion until the transaction ends.
async fn live(scope: &mut Scope, subject: Subject, id: &str) -> Result<Thing, AppError> {
    let org = scope.organization().id.clone();
    let statement = sql!(
        subject,
        r#"SELECT i.id, i.title, p.key, i."deletedAt" IS NOT NULL AS deleted FROM "# thing
        r#" i JOIN "Product" p ON p.id = i."productId" AND p."deletedAt" IS NULL
            WHERE i."organizationId" = $1 AND i.id = $2 FOR NO KEY UPDATE OF i"#
    );
    let thing: Thing = sqlx::query_as(statement).bind(org).bind(id).fetch_one(scope.db()).await?;
    match thing.deleted {
        true => Err(AppError::Conflict(format!("This {} has been deleted. Restore it to discuss it.", subject.word()))),
        false => Ok(thing),
    }
}

/// Gives the person's vote to a live idea, or takes it back; doing it twice is as good as once.
pub async fn vote(scope: &mut Scope, idea: &str, wanted: bool) -> Result<(), AppError> {
    live(scope, Subject::Idea, idea).await?;
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

impl Row {
    /// As it is shown, with what its references lead to.
    fn comment(self, links: &[Linked]) -> Comment {
        let Row { id, author_id, author_name, body, created_at, edited_at, handles } = self;
        Comment { id, author_id, author_name, parts: parts(&body, &handles, links), created_at, edited_at }
    }
}

/// What is said of something of a live product, oldest first, from behind the comment `after` on, whether that is still there or not.
pub async fn talk(scope: &mut Scope, subject: Subject, id: &str, after: Option<&Cursor>) -> Result<Talk, AppError> {
    let org = scope.organization().id.clone();
    let open = sql!(
        subject,
        r#"SELECT i."deletedAt" IS NULL FROM "# thing
        r#" i JOIN "Product" p ON p.id = i."productId" AND p."deletedAt" IS NULL WHERE i."organizationId" = $1 AND i.id = $2"#
    );
    let open: bool = sqlx::query_scalar(open).bind(&org).bind(id).fetch_one(scope.db()).await?;
    let rows = sql!(
        subject,
        r#"SELECT c.*, u.name AS "authorName",
                  coalesce((SELECT jsonb_agg(jsonb_build_object('userId', m."userId", 'handle', way.handle))
                              FROM "# mentions r#" m JOIN "User" named ON named.id = m."userId"
                                   CROSS JOIN LATERAL (VALUES (named.name), (named.email)) way (handle)
                             WHERE m."organizationId" = $1 AND m."commentId" = c.id AND way.handle IS NOT NULL), '[]') AS handles
             FROM (SELECT * FROM "# comments r#" WHERE "organizationId" = $1 AND "# parent r#" = $2
                      AND ($3::text IS NULL OR ("createdAt", id) > (to_timestamp($5::float8 / 1000)::timestamptz(3), $3))
                    ORDER BY "createdAt", id LIMIT $4) c
             LEFT JOIN "User" u ON u.id = c."authorId" ORDER BY c."createdAt", c.id"#
    );
    let rows: Vec<Row> = sqlx::query_as(rows)
        .bind(&org)
        .bind(id)
        .bind(after.map(|cursor| &cursor.id))
        .bind(COMMENTS_SHOWN + 1)
        .bind(after.map_or(0.0, |cursor| cursor.key.clamp(TIME_BOUNDS.0, TIME_BOUNDS.1)))
        .fetch_all(scope.db())
        .await?;
    let more = rows.len() as i64 > COMMENTS_SHOWN;
    let links = references::links(scope, rows.iter().map(|row| row.body.as_str())).await?;
    let comments: Vec<Comment> = rows.into_iter().take(COMMENTS_SHOWN as usize).map(|row| row.comment(&links)).collect();
    let next = comments.last().filter(|_| more).map(|comment| behind(comment.created_at, &comment.id));
    Ok(Talk { role: scope.role(), user_id: scope.user().id.clone(), open, comments, next })
}

/// The key of the live product that a thing belongs to, and whether it is in the bin.
pub async fn place(scope: &mut Scope, subject: Subject, id: &str) -> Result<(String, bool), AppError> {
    let org = scope.organization().id.clone();
    let statement = sql!(
        subject,
        r#"SELECT p.key, i."deletedAt" IS NOT NULL FROM "# thing
        r#" i JOIN "Product" p ON p.id = i."productId" AND p."deletedAt" IS NULL WHERE i."organizationId" = $1 AND i.id = $2"#
    );
    Ok(sqlx::query_as(statement).bind(org).bind(id).fetch_one(scope.db()).await?)
}

/// One comment on a thing, in one piece.
pub async fn get(scope: &mut Scope, subject: Subject, id: &str, comment: &str) -> Result<Comment, AppError> {
    let org = scope.organization().id.clone();
    let statement = sql!(
        subject,
        r#"SELECT c.*, u.name AS "authorName", '[]'::jsonb AS handles FROM "# comments
        r#" c LEFT JOIN "User" u ON u.id = c."authorId" WHERE c."organizationId" = $1 AND c."# parent " = $2 AND c.id = $3"
    );
    let row: Row = sqlx::query_as(statement).bind(org).bind(id).bind(comment).fetch_one(scope.db()).await?;
    Ok(row.comment(&[]))
}

/// Says something of what is live. Gives the addresses that a mail goes to, each named person's once.
pub async fn add(scope: &mut Scope, settings: &Settings, subject: Subject, id: &str, body: String) -> Result<Vec<String>, AppError> {
    Ok(added(scope, settings, subject, id, body).await?.1)
}

/// The same, with the comment's id.
pub async fn added(
    scope: &mut Scope,
    settings: &Settings,
    subject: Subject,
    id: &str,
    body: String,
) -> Result<(String, Vec<String>), AppError> {
    let thing = live(scope, subject, id).await?;
    let (org, user, comment) = (scope.organization().id.clone(), scope.user().id.clone(), new_id());
    let statement =
        sql!(subject, "INSERT INTO " comments r#" (id, "organizationId", "# parent r#", "authorId", body) VALUES ($1, $2, $3, $4, $5)"#);
    sqlx::query(statement).bind(&comment).bind(org).bind(id).bind(user).bind(&body).execute(scope.db()).await?;
    let told = mention(scope, settings, (subject, &thing), &comment, &body).await?;
    Ok((comment, told))
}

/// What a comment is about, if the person may do this to the comment.
async fn own(scope: &mut Scope, subject: Subject, id: &str, or_reviewer: bool) -> Result<String, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let statement = sql!(subject, "SELECT " parent r#", "authorId" FROM "# comments r#" WHERE "organizationId" = $1 AND id = $2"#);
    let (about, author): (String, Option<String>) = sqlx::query_as(statement).bind(org).bind(id).fetch_one(scope.db()).await?;
    let allowed = author.as_deref() == Some(&user) || (or_reviewer && scope.can(Perm::IdeaReview));
    if allowed { Ok(about) } else { Err(AppError::Forbidden) }
}

/// Changes a comment of the person's, which they saw in this version, on what is live; those who were named already are not
/// told again. Gives its place.
///
/// # Errors
/// `Stale` when they have changed it meanwhile, in another window.
pub async fn change(
    scope: &mut Scope,
    settings: &Settings,
    subject: Subject,
    id: &str,
    version: &str,
    body: String,
) -> Result<String, AppError> {
    let about = own(scope, subject, id, false).await?;
    let thing = live(scope, subject, &about).await?;
    let org = scope.organization().id.clone();
    // A merge that came between has moved it, and somebody else's deletion has taken it away.
    let stored = sql!(
        subject,
        "SELECT body FROM " comments r#" WHERE "organizationId" = $1 AND id = $2 AND "# parent " = $3 FOR NO KEY UPDATE"
    );
    let stored: String = sqlx::query_scalar(stored).bind(&org).bind(id).bind(&about).fetch_one(scope.db()).await?;
    version::check(version, &Body(&stored), &Body(&body))?;
    let statement = sql!(
        subject,
        "UPDATE " comments r#" SET "editedAt" = CASE WHEN body = $4 THEN "editedAt" ELSE now() END, body = $4
           WHERE "organizationId" = $1 AND id = $2 AND "# parent " = $3 RETURNING id"
    );
    sqlx::query_scalar::<_, String>(statement).bind(org).bind(id).bind(&about).bind(&body).fetch_one(scope.db()).await?;
    mention(scope, settings, (subject, &thing), id, &body).await?;
    Ok(format!("{}#comment-{id}", thing.page(scope, subject)))
}

/// Takes a comment away: one's own, or as a reviewer anybody's.
pub async fn delete(scope: &mut Scope, subject: Subject, id: &str) -> Result<(), AppError> {
    own(scope, subject, id, true).await?;
    let org = scope.organization().id.clone();
    let statement = sql!(subject, "DELETE FROM " comments r#" WHERE "organizationId" = $1 AND id = $2"#);
    sqlx::query(statement).bind(org).bind(id).execute(scope.db()).await?;
    Ok(())
}

/// Mails that one person may cause in an hour by naming people; beyond them the names still stand in the comments.
const MENTION_MAILS_MAX: i64 = 60;

/// The people whom somebody has named in an hour, of comments in one table. Parameters: tenant, author.
macro_rules! named_in {
    ($comments:literal, $mentions:literal) => {
        concat!(
            "(SELECT count(*) FROM ",
            $comments,
            " c JOIN ",
            $mentions,
            r#" m ON m."organizationId" = $1 AND m."commentId" = c.id
              WHERE c."organizationId" = $1 AND c."authorId" = $2 AND m."createdAt" > now() - interval '1 hour' AND m."userId" <> $2)"#
        )
    };
}

/// How many of a comment's `new` mentions, which are kept already, may cause a mail.
async fn mails_left(scope: &mut Scope, new: usize) -> Result<usize, AppError> {
    let (org, user) = (scope.organization().id.clone(), scope.user().id.clone());
    let named: i64 = sqlx::query_scalar(concat!(
        "SELECT ",
        named_in!(r#""IdeaComment""#, r#""CommentMention""#),
        " + ",
        named_in!(r#""FeatureComment""#, r#""FeatureCommentMention""#),
        " + ",
        named_in!(r#""TaskComment""#, r#""TaskCommentMention""#)
    ))
    .bind(org)
    .bind(user)
    .fetch_one(scope.db())
    .await?;
    Ok(usize::try_from(MENTION_MAILS_MAX - named + new as i64).unwrap_or(0))
}

/// Keeps whom a comment on this names, and queues a mail for each who was not named in it before, but for its author. Gives
/// the addresses.
async fn mention(
    scope: &mut Scope,
    settings: &Settings,
    about: (Subject, &Thing),
    comment: &str,
    body: &str,
) -> Result<Vec<String>, AppError> {
    if !body.contains('@') {
        return Ok(Vec::new());
    }
    let (org, author, (subject, thing)) = (scope.organization().id.clone(), scope.user().clone(), about);
    let people = named(body, &handles(scope, body).await?);
    let ids: Vec<String> = people.iter().map(|_| new_id()).collect();
    let statement = sql!(
        subject,
        "WITH added AS (INSERT INTO " mentions r#" (id, "organizationId", "commentId", "userId")
             SELECT pair.id, $1, $2, pair.person FROM unnest($3::text[], $4::text[]) pair (id, person)
             ON CONFLICT ("organizationId", "commentId", "userId") DO NOTHING RETURNING "userId")
           SELECT u.email FROM added JOIN "User" u ON u.id = added."userId" WHERE u.id <> $5 ORDER BY u.email"#
    );
    let told = sqlx::query_scalar(statement).bind(&org).bind(comment).bind(ids).bind(people).bind(&author.id);
    let mut told: Vec<String> = told.fetch_all(scope.db()).await?;
    told.truncate(mails_left(scope, told.len()).await?);
    let (writer, kind) = (author.name.unwrap_or(author.email), subject.word());
    let page = format!("{}{}#comment-{comment}", settings.url, thing.page(scope, subject));
    for to in &told {
        let message = Message {
            to: to.clone(),
            subject: format!("{writer} mentioned you on “{}”", thing.title),
            paragraphs: vec![format!("{writer} wrote about the {kind} “{}”:", thing.title), body.to_owned()],
            button: Some((format!("Open the {kind}"), page.clone())),
        };
        queue_under(scope.db(), &settings.key, message).await?;
    }
    Ok(told)
}

/// The members' names and addresses that a text may hold.
async fn handles(scope: &mut Scope, body: &str) -> Result<Vec<Handle>, AppError> {
    let org = scope.organization().id.clone();
    Ok(sqlx::query_as(
        r#"SELECT u.id AS "userId", way.handle
             FROM "Membership" m JOIN "User" u ON u.id = m."userId" CROSS JOIN LATERAL (VALUES (u.name), (u.email)) way (handle)
            WHERE m."organizationId" = $1 AND position('@' || lower(way.handle) IN lower($2)) > 0
            ORDER BY u.id, way.handle LIMIT $3"#,
    )
    .bind(org)
    .bind(body)
    .bind(MENTIONS_MAX)
    .fetch_all(scope.db())
    .await?)
}
