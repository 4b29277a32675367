//! The REST API of votes and comments.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::{Body as Said, ChangeForm, Comment, CommentForm, Subject, behind};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::time::Timestamp;
use crate::kernel::version::Edited;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Body, Call, Listed, Patch, Problem, Resource};

/// The routes of the comments on one kind of thing; its handlers are told apart by their names.
macro_rules! comments {
    ($api:expr, $things:literal, $list:ident, $create:ident, $get:ident, $change:ident, $delete:ident) => {
        $api.list(concat!("/orgs/{org}/products/{key}/", $things, "/{id}/comments"), Perm::Read, "What is said of it, oldest first.", $list)
            .create(
                concat!("/orgs/{org}/products/{key}/", $things, "/{id}/comments"),
                Perm::IdeaDiscuss,
                "Says something; whoever is named behind an @ is told by mail.",
                $create,
            )
            .get(concat!("/orgs/{org}/products/{key}/", $things, "/{id}/comments/{comment}"), Perm::Read, "One comment.", $get)
            .change(
                concat!("/orgs/{org}/products/{key}/", $things, "/{id}/comments/{comment}"),
                Perm::IdeaDiscuss,
                "Changes a comment of one's own.",
                $change,
            )
            .delete(
                concat!("/orgs/{org}/products/{key}/", $things, "/{id}/comments/{comment}"),
                Perm::IdeaDiscuss,
                "Takes a comment away for good: one's own, or as a reviewer any.",
                $delete,
            )
    };
}

pub fn routes(api: Api) -> Api {
    let vote = "/orgs/{org}/products/{key}/ideas/{id}/vote";
    let api = api
        .tag("Votes and comments", "What people want, and what they say of ideas, features and tasks.")
        .put(vote, Perm::IdeaDiscuss, "Gives the vote of the token's owner to a live idea.", give_vote)
        .delete(vote, Perm::IdeaDiscuss, "Takes the vote back.", take_vote);
    let api = comments!(api, "ideas", list_of_idea, create_of_idea, get_of_idea, change_of_idea, delete_of_idea);
    let api = comments!(api, "features", list_of_feature, create_of_feature, get_of_feature, change_of_feature, delete_of_feature);
    comments!(api, "tasks", list_of_task, create_of_task, get_of_task, change_of_task, delete_of_task)
}

/// The handlers of one kind of thing.
macro_rules! handlers {
    ($subject:expr, $list:ident, $create:ident, $get:ident, $change:ident, $delete:ident) => {
        async fn $list(call: Call, _: Whole) -> Answered<Listed<CommentRow>> {
            list(call, $subject).await
        }

        async fn $create(call: Call, body: CommentBody) -> Answered<CommentRow> {
            create(call, $subject, body).await
        }

        async fn $get(call: Call, _: Whole) -> Answered<CommentRow> {
            get(call, $subject).await
        }

        async fn $change(call: Call, patch: Patch<CommentBody>) -> Answered<CommentRow> {
            change(call, $subject, patch).await
        }

        async fn $delete(call: Call) -> Answered<()> {
            delete(call, $subject).await
        }
    };
}

handlers!(Subject::Idea, list_of_idea, create_of_idea, get_of_idea, change_of_idea, delete_of_idea);
handlers!(Subject::Feature, list_of_feature, create_of_feature, get_of_feature, change_of_feature, delete_of_feature);
handlers!(Subject::Task, list_of_task, create_of_task, get_of_task, change_of_task, delete_of_task);

/// A comment.
#[derive(Serialize, ToSchema)]
#[schema(as = Comment)]
#[serde(rename_all = "camelCase")]
struct CommentRow {
    id: String,
    author_id: Option<String>,
    author_name: Option<String>,
    body: String,
    created_at: Timestamp,
    edited_at: Option<Timestamp>,
}

impl From<Comment> for CommentRow {
    fn from(comment: Comment) -> Self {
        let body = comment.text();
        let Comment { id, author_id, author_name, created_at, edited_at, .. } = comment;
        CommentRow { id, author_id, author_name, body, created_at, edited_at }
    }
}

impl Resource for CommentRow {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn version(&self) -> Option<String> {
        Some(Said(&self.body).version())
    }
}

/// What is said.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CommentBody {
    #[schema(min_length = 1, max_length = 5000)]
    body: String,
}

impl Body for CommentBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("comment", "body"), ("changed", "body")];

    fn example() -> Value {
        json!({ "body": "Customers ask for this every week." })
    }
}

impl From<&CommentRow> for CommentBody {
    fn from(comment: &CommentRow) -> Self {
        CommentBody { body: comment.body.clone() }
    }
}

/// The id of the live thing of the address, which is of its product.
async fn thing(call: &mut Call, subject: Subject) -> Result<String, Problem> {
    let (key, id) = (call.at("key"), call.at("id"));
    match store::place(&mut call.scope, subject, &id).await? {
        (known, _) if known != key => Err(AppError::NotFound.into()),
        (_, true) => Err(AppError::Gone(format!("This {} has been deleted. Restore it to discuss it.", subject.word())).into()),
        (_, false) => Ok(id),
    }
}

/// The comment of the address.
async fn read(call: &mut Call, subject: Subject) -> Result<CommentRow, Problem> {
    let (id, comment) = (thing(call, subject).await?, call.at("comment"));
    Ok(store::get(&mut call.scope, subject, &id, &comment).await?.into())
}

async fn list(mut call: Call, subject: Subject) -> Answered<Listed<CommentRow>> {
    let (id, after) = (thing(&mut call, subject).await?, call.cursor()?);
    let talk = store::talk(&mut call.scope, subject, &id, after.as_ref()).await?;
    let rows = talk.comments.into_iter().map(CommentRow::from).collect();
    let part = call.ahead(rows, talk.next, |row| behind(row.created_at, &row.id));
    call.done(part)
}

async fn get(mut call: Call, subject: Subject) -> Answered<CommentRow> {
    let comment = read(&mut call, subject).await?;
    call.done(comment)
}

async fn create(mut call: Call, subject: Subject, body: CommentBody) -> Answered<CommentRow> {
    let text = CommentForm { comment: body.body }.validate()?;
    let id = thing(&mut call, subject).await?;
    let (comment, _) = store::added(&mut call.scope, &call.settings, subject, &id, text).await?;
    let comment = store::get(&mut call.scope, subject, &id, &comment).await?;
    call.done(comment.into())
}

async fn change(mut call: Call, subject: Subject, patch: Patch<CommentBody>) -> Answered<CommentRow> {
    let mut seen = call.seen();
    loop {
        let comment = read(&mut call, subject).await?;
        let version = seen.version(&comment)?;
        let text = ChangeForm { changed: patch.over(&comment)?.body }.validate()?;
        if seen.is_settled(store::change(&mut call.scope, &call.settings, subject, &comment.id, &version, text).await)? {
            break;
        }
    }
    let comment = read(&mut call, subject).await?;
    call.done(comment)
}

async fn delete(mut call: Call, subject: Subject) -> Answered<()> {
    let comment = read(&mut call, subject).await?;
    store::delete(&mut call.scope, subject, &comment.id).await?;
    call.done(())
}

async fn give_vote(mut call: Call) -> Answered<()> {
    let id = thing(&mut call, Subject::Idea).await?;
    store::vote(&mut call.scope, &id, true).await?;
    call.done(())
}

async fn take_vote(mut call: Call) -> Answered<()> {
    let id = thing(&mut call, Subject::Idea).await?;
    store::vote(&mut call.scope, &id, false).await?;
    call.done(())
}
