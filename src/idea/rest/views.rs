//! The REST API of saved views.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::form_urlencoded;
use utoipa::ToSchema;

use crate::idea::model::{IdeaQuery, IdeaSort, IdeaStatus, SavedView, ViewFields, ViewForm};
use crate::idea::store::{self, views};
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Body, Call, Listed, Patch, Problem, Resource, both};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/saved-views";
    let one = "/orgs/{org}/products/{key}/saved-views/{id}";
    let about = "Lists of ideas as somebody wants to see them again: one's own, and those that others share.";
    api.tag("Saved views", about)
        .list(all, Perm::Read, "The views of the token's owner, by name, and then those that others share.", list)
        .create(all, Perm::IdeaDiscuss, "Saves a view for the token's owner.", create)
        .get(one, Perm::Read, "One view.", get)
        .change(one, Perm::IdeaDiscuss, "Changes a view: one's own, or as a reviewer a shared one.", change)
        .delete(one, Perm::IdeaDiscuss, "Forgets a view for good: one's own, or as a reviewer a shared one.", delete)
}

/// A view, with what its list is narrowed to and ranked by.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SavedViewRow {
    id: String,
    name: String,
    /// Whether every member sees it.
    shared: bool,
    sort: IdeaSort,
    status: Option<IdeaStatus>,
    tag: Option<String>,
    /// Whether it is of those that were deleted.
    deleted: bool,
    /// Whether the token's owner made it.
    own: bool,
    author_name: Option<String>,
    #[serde(skip)]
    version: String,
}

impl From<SavedView> for SavedViewRow {
    fn from(view: SavedView) -> Self {
        let version = ViewFields::from(&view).version();
        let pairs: Vec<(String, String)> = form_urlencoded::parse(view.query.trim_start_matches('?').as_bytes()).into_owned().collect();
        let list = IdeaQuery::of_params(|name| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()));
        let IdeaQuery { sort, status, tag, deleted, .. } = list;
        let SavedView { id, name, shared, own, author_name, .. } = view;
        SavedViewRow { id, name, shared, sort, status, tag, deleted, own, author_name, version }
    }
}

impl Resource for SavedViewRow {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn version(&self) -> Option<String> {
        Some(self.version.clone())
    }
}

/// What is said of a view; its list is named by the parameters of the list of ideas.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SavedViewBody {
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Whether every member sees it.
    #[serde(default)]
    shared: bool,
    // What the ideas are ranked by. A doc comment would make an object of it in the specification.
    #[serde(default)]
    #[schema(inline)]
    sort: IdeaSort,
    status: Option<IdeaStatus>,
    /// One tag, as it is written.
    #[schema(min_length = 1, pattern = "^[^\\x00]+$")]
    tag: Option<String>,
    /// Whether it is of those that were deleted.
    #[serde(default)]
    deleted: bool,
}

impl Body for SavedViewBody {
    fn example() -> Value {
        json!({ "name": "Mobile by votes", "shared": true, "sort": "votes", "tag": "mobile" })
    }
}

impl From<&SavedViewRow> for SavedViewBody {
    fn from(row: &SavedViewRow) -> Self {
        let SavedViewRow { name, shared, sort, status, tag, deleted, .. } = row;
        SavedViewBody { name: name.clone(), shared: *shared, sort: *sort, status: *status, tag: tag.clone(), deleted: *deleted }
    }
}

impl SavedViewBody {
    fn checked(self) -> Result<ViewFields, Problem> {
        let SavedViewBody { name, shared, sort, status, tag, deleted } = self;
        let wrong = tag.as_ref().is_some_and(|tag| tag.trim().is_empty() || tag.contains('\0'));
        let right = if wrong { Err(Problem::at("#/tag", "Enter a tag, or leave it out.")) } else { Ok(()) };
        let list = IdeaQuery { sort, status, tag: tag.map(|tag| tag.trim().to_owned()), deleted, ..IdeaQuery::default() };
        let form = ViewForm { name, shared: if shared { "on".into() } else { String::new() } };
        let (fields, ()) = both(form.validate(&list), right)?;
        Ok(fields)
    }
}

/// The view of the address.
async fn read(call: &mut Call) -> Result<SavedViewRow, Problem> {
    let id = call.at("id");
    read_one(call, &id).await
}

async fn read_one(call: &mut Call, id: &str) -> Result<SavedViewRow, Problem> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    Ok(views::get(&mut call.scope, &product.id, id).await?.into())
}

async fn list(mut call: Call, _: Whole) -> Answered<Listed<SavedViewRow>> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    let views = views::list(&mut call.scope, &product.id).await?;
    call.done(Listed::all(views).map(SavedViewRow::from))
}

async fn get(mut call: Call, _: Whole) -> Answered<SavedViewRow> {
    let view = read(&mut call).await?;
    call.done(view)
}

async fn create(mut call: Call, body: SavedViewBody) -> Answered<SavedViewRow> {
    let (key, fields) = (call.at("key"), body.checked()?);
    let product = store::product(&mut call.scope, &key).await?;
    let id = views::save(&mut call.scope, &product.id, fields).await?;
    let view = read_one(&mut call, &id).await?;
    call.done(view)
}

async fn change(mut call: Call, patch: Patch<SavedViewBody>) -> Answered<SavedViewRow> {
    let mut seen = call.seen();
    loop {
        let view = read(&mut call).await?;
        let version = seen.version(&view)?;
        let fields = patch.over(&view)?.checked()?;
        if seen.is_settled(views::update(&mut call.scope, &view.id, &version, fields).await)? {
            break;
        }
    }
    let view = read(&mut call).await?;
    call.done(view)
}

async fn delete(mut call: Call) -> Answered<()> {
    let view = read(&mut call).await?;
    views::delete(&mut call.scope, &view.id).await?;
    call.done(())
}
