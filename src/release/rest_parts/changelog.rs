//! The REST API of changelogs.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::release;
use crate::kernel::version::Edited;
use crate::release::model::{Change, ChangeFields, ChangeForm, ChangeKind};
use crate::release::store::{changelog as store, is_public, product, set_public};
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Body, Call, Listed, Patch, Problem, Resource};

/// An entry of a changelog.
#[derive(Serialize, ToSchema)]
pub struct ChangelogEntry {
    id: String,
    kind: ChangeKind,
    title: String,
    /// Markdown.
    description: Option<String>,
    /// Whether it may be told to the world; else it is for the organisation alone.
    published: bool,
    #[serde(skip)]
    version: String,
}

impl From<Change> for ChangelogEntry {
    fn from(change: Change) -> Self {
        let version = ChangeFields::from(&change).version();
        let Change { id, kind, title, description, published, .. } = change;
        ChangelogEntry { id, kind, title, description, published, version }
    }
}

impl Resource for ChangelogEntry {
    fn key(&self) -> String {
        self.id.clone()
    }

    fn version(&self) -> Option<String> {
        Some(self.version.clone())
    }
}

/// What is said of an entry.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangelogBody {
    #[serde(default)]
    #[schema(inline)]
    kind: ChangeKind,
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Markdown.
    #[schema(max_length = 20000)]
    description: Option<String>,
    #[serde(default)]
    published: bool,
}

impl Body for ChangelogBody {
    const NAMES: &'static [(&'static str, &'static str)] = &[("entry", "title"), ("text", "description")];

    fn example() -> Value {
        json!({ "kind": "ADDED", "title": "Ideas can be read without a network", "published": true })
    }
}

impl From<&ChangelogEntry> for ChangelogBody {
    fn from(entry: &ChangelogEntry) -> Self {
        let (title, description) = (entry.title.clone(), entry.description.clone());
        ChangelogBody { kind: entry.kind, title, description, published: entry.published }
    }
}

impl From<ChangelogBody> for ChangeForm {
    fn from(body: ChangelogBody) -> Self {
        ChangeForm {
            kind: body.kind.word().into(),
            entry: body.title,
            text: body.description.unwrap_or_default(),
            published: if body.published { "on".into() } else { String::new() },
        }
    }
}

/// All entries of a changelog.
#[derive(Serialize, ToSchema)]
pub struct Entries {
    entries: Vec<ChangelogEntry>,
}

impl Resource for Entries {
    fn key(&self) -> String {
        String::new()
    }
}

/// The entry of the address.
async fn read(call: &mut Call) -> Result<ChangelogEntry, Problem> {
    let entry = call.at("entry");
    read_one(call, &entry).await
}

async fn read_one(call: &mut Call, entry: &str) -> Result<ChangelogEntry, Problem> {
    let (product, release) = release(call).await?;
    Ok(store::get(&mut call.scope, &product, &release, entry).await?.into())
}

pub async fn list(mut call: Call, _: Whole) -> Answered<Listed<ChangelogEntry>> {
    let (_, release) = release(&mut call).await?;
    let entries = store::list(&mut call.scope, &release).await?;
    call.done(Listed::all(entries).map(ChangelogEntry::from))
}

pub async fn get(mut call: Call, _: Whole) -> Answered<ChangelogEntry> {
    let entry = read(&mut call).await?;
    call.done(entry)
}

pub async fn create(mut call: Call, body: ChangelogBody) -> Answered<ChangelogEntry> {
    let fields = ChangeForm::from(body).validate()?;
    let (_, release) = release(&mut call).await?;
    let id = store::add(&mut call.scope, &release, fields).await?;
    let entry = read_one(&mut call, &id).await?;
    call.done(entry)
}

pub async fn change(mut call: Call, patch: Patch<ChangelogBody>) -> Answered<ChangelogEntry> {
    let mut seen = call.seen();
    loop {
        let entry = read(&mut call).await?;
        let version = seen.version(&entry)?;
        let fields = ChangeForm::from(patch.over(&entry)?).validate()?;
        if seen.is_settled(store::update(&mut call.scope, &entry.id, &version, fields).await)? {
            break;
        }
    }
    let entry = read(&mut call).await?;
    call.done(entry)
}

pub async fn delete(mut call: Call) -> Answered<()> {
    let entry = read(&mut call).await?;
    store::remove(&mut call.scope, &entry.id).await?;
    call.done(())
}

pub async fn draft(mut call: Call) -> Answered<Entries> {
    let (_, release) = release(&mut call).await?;
    store::draft(&mut call.scope, &release).await?;
    let entries = store::list(&mut call.scope, &release).await?.into_iter().map(ChangelogEntry::from).collect();
    call.done(Entries { entries })
}

/// Whether the world may read a product's changelog.
#[derive(Serialize, ToSchema)]
pub struct PublicChangelog {
    public: bool,
    /// The address of the page, which leads nowhere unless it is public.
    url: String,
}

impl Resource for PublicChangelog {
    fn key(&self) -> String {
        String::new()
    }
}

pub async fn is_open(mut call: Call, _: Whole) -> Answered<PublicChangelog> {
    let (org, key) = (call.at("org"), call.at("key"));
    let product = product(&mut call.scope, &key).await?;
    let public = is_public(&mut call.scope, &product.id).await?;
    let url = format!("{}/p/{org}/{key}/changelog", call.settings.url);
    call.done(PublicChangelog { public, url })
}

pub async fn open(call: Call) -> Answered<()> {
    publish(call, true).await
}

pub async fn shut(call: Call) -> Answered<()> {
    publish(call, false).await
}

async fn publish(mut call: Call, wanted: bool) -> Answered<()> {
    let key = call.at("key");
    set_public(&mut call.scope, &key, wanted).await?;
    call.done(())
}
