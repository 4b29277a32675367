//! The REST API of launch checklists and their templates.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::release;
use crate::kernel::entry::Entry;
use crate::kernel::error::AppError;
use crate::kernel::version::Edited;
use crate::release::model::{
    ChecklistItem, ItemFields, ItemForm, Template, TemplateForm, TemplateItem, TemplateItemFields, TemplateItemForm, TemplatePage,
};
use crate::release::store::{checklist as store, template};
use crate::server::rest::problem::camel_case;
use crate::server::rest::query::Whole;
use crate::server::rest::value::Day;
use crate::server::rest::{Answered, Body, Call, Listed, Patch, Problem, Resource, Wrong, both, named};

impl Resource for ChecklistItem {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn version(&self) -> Option<String> {
        Some(ItemFields::from(self).version())
    }
}

/// What is said of an item.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChecklistBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Whether the release waits for it.
    #[serde(default)]
    required: bool,
    /// Its owner: a member, by the id of the person.
    assignee_id: Option<String>,
    due_date: Option<Day>,
}

impl Body for ChecklistBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("item", "title"), ("owner", "assigneeId"), ("due", "dueDate")];

    fn example() -> Value {
        json!({ "title": "Tell support", "required": true, "dueDate": "2026-11-20" })
    }
}

impl From<&ChecklistItem> for ChecklistBody {
    fn from(item: &ChecklistItem) -> Self {
        let ItemFields { title, required, owner, due } = ItemFields::from(item);
        ChecklistBody { title, required, assignee_id: owner, due_date: Day::of(due) }
    }
}

impl From<ChecklistBody> for ItemForm {
    fn from(body: ChecklistBody) -> Self {
        ItemForm {
            item: body.title,
            required: ticked(body.required),
            owner: body.assignee_id.unwrap_or_default(),
            due: Day::typed(body.due_date),
        }
    }
}

/// What a form has for a box.
fn ticked(on: bool) -> String {
    if on { "on".into() } else { String::new() }
}

/// The template whose items are to be added.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplyBody {
    template_id: String,
}

impl Body for ApplyBody {
    fn example() -> Value {
        json!({ "templateId": "cmig3k2p40001qw8h5x7y2z9a" })
    }
}

/// All items of a checklist.
#[derive(Serialize, ToSchema)]
pub struct Checklist {
    items: Vec<ChecklistItem>,
}

impl Resource for Checklist {
    fn key(&self) -> String {
        String::new()
    }
}

/// The item of the address.
async fn read(call: &mut Call) -> Result<ChecklistItem, Problem> {
    let item = call.at("item");
    read_one(call, &item).await
}

async fn read_one(call: &mut Call, item: &str) -> Result<ChecklistItem, Problem> {
    let (product, release) = release(call).await?;
    Ok(store::get(&mut call.scope, &product, &release, item).await?)
}

pub async fn list(mut call: Call, _: Whole) -> Answered<Listed<ChecklistItem>> {
    let (_, release) = release(&mut call).await?;
    let items = store::list(&mut call.scope, &release).await?;
    call.done(Listed::all(items))
}

pub async fn get(mut call: Call, _: Whole) -> Answered<ChecklistItem> {
    let item = read(&mut call).await?;
    call.done(item)
}

pub async fn create(mut call: Call, body: ChecklistBody) -> Answered<ChecklistItem> {
    let fields = ItemForm::from(body).validate()?;
    let (_, release) = release(&mut call).await?;
    let id = store::add(&mut call.scope, &release, fields).await?;
    let item = read_one(&mut call, &id).await?;
    call.done(item)
}

pub async fn change(mut call: Call, patch: Patch<ChecklistBody>) -> Answered<ChecklistItem> {
    let mut seen = call.seen();
    loop {
        let item = read(&mut call).await?;
        let version = seen.version(&item)?;
        let fields = ItemForm::from(patch.over(&item)?).validate()?;
        if seen.is_settled(store::update(&mut call.scope, &item.id, &version, fields).await)? {
            break;
        }
    }
    let item = read(&mut call).await?;
    call.done(item)
}

pub async fn delete(mut call: Call) -> Answered<()> {
    let item = read(&mut call).await?;
    store::remove(&mut call.scope, &item.id).await?;
    call.done(())
}

pub async fn tick(mut call: Call) -> Answered<()> {
    let item = read(&mut call).await?;
    store::tick(&mut call.scope, &item.id, true).await?;
    call.done(())
}

pub async fn untick(mut call: Call) -> Answered<()> {
    let item = read(&mut call).await?;
    store::tick(&mut call.scope, &item.id, false).await?;
    call.done(())
}

pub async fn apply(mut call: Call, body: ApplyBody) -> Answered<Checklist> {
    let (_, release) = release(&mut call).await?;
    let wrong = Wrong::at("#/templateId", "Choose one of the organisation's templates.");
    named(template::apply(&mut call.scope, &release, &body.template_id).await, wrong)?;
    let items = store::list(&mut call.scope, &release).await?;
    call.done(Checklist { items })
}

/// An item of a template.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateItemBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    #[serde(default)]
    required: bool,
    /// How many days before the target date it is due.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 365)]
    days_before: i32,
}

/// What is said of a template.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateBody {
    /// One of a kind in the organisation.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    #[serde(default)]
    #[schema(max_items = 100)]
    items: Vec<TemplateItemBody>,
}

impl Body for TemplateItemBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("item", "title")];

    fn example() -> Value {
        json!({ "title": "Tell support", "required": true, "daysBefore": 3 })
    }
}

impl From<TemplateItemBody> for TemplateItemForm {
    fn from(body: TemplateItemBody) -> Self {
        let TemplateItemBody { title, required, days_before } = body;
        TemplateItemForm { item: title, required: ticked(required), days_before: Entry(days_before.to_string()) }
    }
}

impl Body for TemplateBody {
    fn example() -> Value {
        json!({ "name": "Public launch", "items": [{ "title": "Tell support", "required": true, "daysBefore": 3 }] })
    }
}

/// A template with its items.
#[derive(Serialize, ToSchema)]
pub struct WholeTemplate {
    id: String,
    name: String,
    items: Vec<TemplateItem>,
}

impl From<TemplatePage> for WholeTemplate {
    fn from(page: TemplatePage) -> Self {
        WholeTemplate { id: page.template.id, name: page.template.name, items: page.items }
    }
}

impl Resource for WholeTemplate {
    fn key(&self) -> String {
        self.id.clone()
    }
}

/// The items in stored shape, or what is wrong with each.
fn checked(items: Vec<TemplateItemBody>) -> Result<Vec<TemplateItemFields>, Problem> {
    if items.len() > 100 {
        return Err(Problem::at("#/items", "Send at most 100 items."));
    }
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for (at, item) in items.into_iter().enumerate() {
        match TemplateItemForm::from(item).validate() {
            Ok(fields) => good.push(fields),
            Err(AppError::Validation(errors)) => wrong.extend(errors.into_iter().map(|error| {
                let name = if error.field == "item" { "title".to_owned() } else { camel_case(&error.field) };
                Wrong::at(format!("#/items/{at}/{name}"), error.message)
            })),
            Err(error) => return Err(error.into()),
        }
    }
    if wrong.is_empty() { Ok(good) } else { Err(Problem::of(wrong)) }
}

pub async fn templates(mut call: Call, _: Whole) -> Answered<Listed<Template>> {
    let templates = template::list(&mut call.scope).await?;
    call.done(Listed::all(templates))
}

pub async fn template(mut call: Call, _: Whole) -> Answered<WholeTemplate> {
    let id = call.at("id");
    let page = template::page(&mut call.scope, &id).await?;
    call.done(page.into())
}

pub async fn create_template(mut call: Call, body: TemplateBody) -> Answered<WholeTemplate> {
    call.whole()?;
    let (name, items) = both(TemplateForm { name: body.name }.validate(), checked(body.items))?;
    let id = template::create(&mut call.scope, &name).await?;
    for item in items {
        template::add_item(&mut call.scope, &id, item).await?;
    }
    let page = template::page(&mut call.scope, &id).await?;
    call.done(page.into())
}

pub async fn add_to_template(mut call: Call, body: TemplateItemBody) -> Answered<WholeTemplate> {
    call.whole()?;
    let (id, item) = (call.at("id"), TemplateItemForm::from(body).validate()?);
    template::add_item(&mut call.scope, &id, item).await?;
    let page = template::page(&mut call.scope, &id).await?;
    call.done(page.into())
}

pub async fn take_from_template(mut call: Call) -> Answered<()> {
    call.whole()?;
    let (id, item) = (call.at("id"), call.at("item"));
    let page = template::page(&mut call.scope, &id).await?;
    if !page.items.iter().any(|one| one.id == item) {
        return Err(AppError::NotFound.into());
    }
    template::remove_item(&mut call.scope, &item).await?;
    call.done(())
}

pub async fn delete_template(mut call: Call) -> Answered<()> {
    call.whole()?;
    let id = call.at("id");
    template::delete(&mut call.scope, &id).await?;
    call.done(())
}
