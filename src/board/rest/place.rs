//! Putting a card into a column, and there beside another.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::board::model::BoardKind;
use crate::board::store;
use crate::feature::model::{Feature, FeatureStatus};
use crate::feature::rest as features;
use crate::idea::model::IdeaStatus;
use crate::server::board::Spot;
use crate::server::rest::{Answered, Body, Call, Problem, Wrong, is_word, living};
use crate::task::model::{Task, TaskStatus};
use crate::task::rest as tasks;

/// Where a card of one board is to stand.
macro_rules! place {
    ($name:ident, $status:ident, $to:literal) => {
        /// Where a card is to stand on its board: below one card or above another of the column, else at its top.
        #[derive(Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            /// The column; its own if nothing is said.
            pub status: Option<$status>,
            /// The card that it is to stand below.
            #[schema(pattern = "^[A-Za-z0-9_-]{1,100}$")]
            after_id: Option<String>,
            /// The card that it is to stand above, unless the other is there.
            #[schema(pattern = "^[A-Za-z0-9_-]{1,100}$")]
            before_id: Option<String>,
        }

        impl Body for $name {
            fn example() -> Value {
                json!({ "status": $to, "afterId": "cmig3k2p40001qw8h5x7y2z9a" })
            }
        }

        impl $name {
            /// # Errors
            /// Of what cannot be the id of a card.
            pub fn beside(&self) -> Result<Beside, Problem> {
                Beside { after: self.after_id.clone(), before: self.before_id.clone() }.checked()
            }
        }
    };
}

place!(IdeaPlace, IdeaStatus, "UNDER_REVIEW");
place!(FeaturePlace, FeatureStatus, "IN_PROGRESS");
place!(TaskPlace, TaskStatus, "IN_PROGRESS");

/// The cards that a card is to stand beside.
pub struct Beside {
    pub after: Option<String>,
    pub before: Option<String>,
}

impl Beside {
    fn checked(self) -> Result<Beside, Problem> {
        let named = [("#/afterId", &self.after), ("#/beforeId", &self.before)];
        let wrong: Vec<&str> = named.into_iter().filter(|(_, id)| id.as_ref().is_some_and(|id| !is_word(id))).map(|(at, _)| at).collect();
        if wrong.is_empty() { Ok(self) } else { Err(unseen(wrong)) }
    }

    /// Lets a move stand if one of the cards that were named was there to stand beside.
    ///
    /// # Errors
    /// Of those that were named, for the caller's board is another one by now; nothing has been moved then.
    pub fn found(&self, as_seen: bool) -> Result<(), Problem> {
        let named = [("#/afterId", &self.after), ("#/beforeId", &self.before)];
        let named: Vec<&str> = named.into_iter().filter(|(_, id)| id.is_some()).map(|(at, _)| at).collect();
        if as_seen || named.is_empty() { Ok(()) } else { Err(unseen(named)) }
    }
}

fn unseen(named: Vec<&str>) -> Problem {
    Problem::of(named.into_iter().map(|at| Wrong::at(at, "There is no such card in this column.")).collect())
}

async fn put(call: &mut Call, kind: BoardKind, to: Option<&str>, beside: Beside) -> Result<(), Problem> {
    let (key, id) = (call.at("key"), call.at("id"));
    let spot = Spot { to, lane: None, after: beside.after.as_deref(), before: beside.before.as_deref() };
    let as_seen = store::put(&mut call.scope, &key, kind, &id, spot).await?;
    beside.found(as_seen)
}

pub async fn feature(mut call: Call, body: FeaturePlace) -> Answered<Feature> {
    let (to, beside) = (body.status.map(FeatureStatus::word), body.beside()?);
    living(features::read(&mut call).await?)?;
    put(&mut call, BoardKind::Features, to, beside).await?;
    let feature = features::read(&mut call).await?;
    call.done(feature)
}

pub async fn task(mut call: Call, body: TaskPlace) -> Answered<Task> {
    let (to, beside) = (body.status.map(TaskStatus::word), body.beside()?);
    living(tasks::read(&mut call).await?)?;
    put(&mut call, BoardKind::Tasks, to, beside).await?;
    let task = tasks::read(&mut call).await?;
    call.done(task)
}
