//! The REST API of the boards, and of changing many features or tasks at once.

mod cards;
mod limits;
mod place;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::{BoardKind, MANY_MAX, ManyForm};
use super::store;
use crate::feature::model::FeatureStatus;
use crate::kernel::priority::Priority;
use crate::kernel::role::Perm;
use crate::server::rest::{Answered, Api, Body, Call, Problem, Resource, Wrong};
use crate::task::model::TaskStatus;

pub use cards::{BoardCard, BoardColumn};
pub use place::IdeaPlace;

pub fn routes(api: Api) -> Api {
    let api = api.tag("Boards", "The boards of ideas, features and tasks: a column for each status, its cards in an order made by hand.");
    let api = boards(crate::idea::board::rest::routes(api));
    api.tag("Features and tasks at once", "A status or a priority for up to 200 at once, all or none.")
        .act("/orgs/{org}/products/{key}/features/bulk", Perm::FeatureWrite, "Moves many features, or sets their priority.", features)
        .act("/orgs/{org}/products/{key}/tasks/bulk", Perm::WorkWrite, "Moves many tasks, or sets their priority.", tasks)
}

fn boards(api: Api) -> Api {
    let feature = "/orgs/{org}/products/{key}/features/{id}/place";
    let task = "/orgs/{org}/products/{key}/tasks/{id}/place";
    let features = "/orgs/{org}/products/{key}/boards/features";
    let tasks = "/orgs/{org}/products/{key}/boards/tasks";
    let of_features = "/orgs/{org}/products/{key}/boards/features/limits";
    let of_tasks = "/orgs/{org}/products/{key}/boards/tasks/limits";
    let feature_cards = "/orgs/{org}/products/{key}/boards/features/cards";
    let task_cards = "/orgs/{org}/products/{key}/boards/tasks/cards";
    let set = "Sets how many cards the columns are to hold at most. Nobody is kept from putting more there.";
    api.act(feature, Perm::FeatureWrite, "Puts a feature into a column of its board, and there beside another.", place::feature)
        .act(task, Perm::WorkWrite, "Puts a task into a column of its board, and there beside another.", place::task)
        .list(features, Perm::Read, "The columns of the board of features, in order.", cards::columns_of_features)
        .list(tasks, Perm::Read, "The columns of the board of tasks, in order.", cards::columns_of_tasks)
        .list(feature_cards, Perm::Read, "The features of one column, in the order of the board.", cards::features)
        .list(task_cards, Perm::Read, "The tasks of one column, in the order of the board.", cards::tasks)
        .get(of_features, Perm::Read, "How many features each column is to hold at most.", limits::of_features)
        .change(of_features, Perm::ProductWrite, set, limits::limit_features)
        .get(of_tasks, Perm::Read, "How many tasks each column is to hold at most.", limits::of_tasks)
        .change(of_tasks, Perm::ProductWrite, set, limits::limit_tasks)
}

/// How many were changed.
#[derive(Serialize, ToSchema)]
struct ManyChanged {
    changed: i64,
}

impl Resource for ManyChanged {
    fn key(&self) -> String {
        String::new()
    }
}

/// What is done with features: they get a status or a priority.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FeatureBulk {
    /// The features by id, all of the product.
    #[schema(min_items = 1, max_items = 200)]
    ids: Vec<String>,
    /// One of the two, and not both.
    status: Option<FeatureStatus>,
    priority: Option<Priority>,
}

impl Body for FeatureBulk {
    fn example() -> Value {
        json!({ "ids": ["cmig3k2p40001qw8h5x7y2z9a"], "status": "IN_PROGRESS" })
    }
}

/// What is done with tasks: they get a status or a priority.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TaskBulk {
    /// The tasks by id, all of the product.
    #[schema(min_items = 1, max_items = 200)]
    ids: Vec<String>,
    /// One of the two, and not both.
    status: Option<TaskStatus>,
    priority: Option<Priority>,
}

impl Body for TaskBulk {
    fn example() -> Value {
        json!({ "ids": ["cmig3k2p40001qw8h5x7y2z9a"], "priority": "HIGH" })
    }
}

async fn features(call: Call, body: FeatureBulk) -> Answered<ManyChanged> {
    let FeatureBulk { ids, status, priority } = body;
    change(call, BoardKind::Features, ids, status.map(FeatureStatus::word), priority).await
}

async fn tasks(call: Call, body: TaskBulk) -> Answered<ManyChanged> {
    let TaskBulk { ids, status, priority } = body;
    change(call, BoardKind::Tasks, ids, status.map(TaskStatus::word), priority).await
}

async fn change(
    mut call: Call,
    kind: BoardKind,
    ids: Vec<String>,
    status: Option<&'static str>,
    priority: Option<Priority>,
) -> Answered<ManyChanged> {
    if !(1..=MANY_MAX).contains(&ids.len()) {
        return Err(Problem::at("#/ids", format!("Name from one to {MANY_MAX} of them.")));
    }
    let action = match (status, priority) {
        (Some(status), None) => format!("to:{status}"),
        (None, Some(priority)) => format!("priority:{}", priority.word()),
        _ => return Err(Problem::at("#/status", "Give a status or a priority, and not both.")),
    };
    let key = call.at("key");
    store::product(&mut call.scope, &key).await?;
    let strange = store::strange(&mut call.scope, &key, kind, &ids).await?;
    if !strange.is_empty() {
        let told =
            |at: usize| Wrong::at(format!("#/ids/{at}"), format!("Name a {} of the product that has not been deleted.", kind.noun()));
        return Err(Problem::of(strange.into_iter().map(told).collect()));
    }
    let fields = ManyForm { ids, action }.validate(kind)?;
    let changed = fields.ids.len() as i64;
    store::change_many(&mut call.scope, &key, kind, fields).await?;
    call.done(ManyChanged { changed })
}
