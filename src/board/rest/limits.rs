//! How many cards the columns of a board are to hold at most.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::board::model::{BoardKind, LimitsFields, LimitsForm};
use crate::board::store;
use crate::kernel::version::Edited;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Body, Call, Patch, Problem, Resource};

/// The limits of one board, each by the status that the cards of its column have.
trait Limits: Body + Resource + Sized {
    const KIND: BoardKind;

    fn of(stored: &[(String, i32)]) -> Self;

    fn columns(&self) -> Vec<(&'static str, Option<i32>)>;
}

macro_rules! limits {
    ($name:ident, $kind:expr, { $($field:ident: $word:literal,)+ }) => {
        /// How many cards each column is to hold at most; null where nobody has said.
        #[derive(Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
        pub struct $name {
            $(
                #[schema(minimum = 1, maximum = 999)]
                $field: Option<i32>,
            )+
        }

        impl Body for $name {
            const NAMES: &'static [(&'static str, &'static str)] = &[$(($word, $word)),+];

            fn example() -> Value {
                json!({ "IN_PROGRESS": 5 })
            }
        }

        impl Resource for $name {
            fn key(&self) -> String {
                String::new()
            }

            fn version(&self) -> Option<String> {
                let said = self.columns().into_iter().filter_map(|(column, limit)| Some((column.to_owned(), limit?)));
                Some(LimitsFields::stored($kind, &said.collect::<Vec<_>>()).version())
            }
        }

        impl Limits for $name {
            const KIND: BoardKind = $kind;

            fn of(stored: &[(String, i32)]) -> Self {
                let limit = |column: &str| stored.iter().find(|(name, _)| name == column).map(|(_, limit)| *limit);
                $name { $($field: limit($word)),+ }
            }

            fn columns(&self) -> Vec<(&'static str, Option<i32>)> {
                vec![$(($word, self.$field)),+]
            }
        }
    };
}

limits!(FeatureLimits, BoardKind::Features, {
    backlog: "BACKLOG",
    in_progress: "IN_PROGRESS",
    in_review: "IN_REVIEW",
    testing: "TESTING",
    done: "DONE",
    cancelled: "CANCELLED",
});

limits!(TaskLimits, BoardKind::Tasks, {
    todo: "TODO",
    in_progress: "IN_PROGRESS",
    in_review: "IN_REVIEW",
    done: "DONE",
    cancelled: "CANCELLED",
});

async fn read<L: Limits>(call: &mut Call) -> Result<L, Problem> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    let stored = store::limits(&mut call.scope, &product.id, L::KIND).await?;
    Ok(L::of(&stored))
}

async fn set<L: Limits>(mut call: Call, patch: Patch<L>) -> Answered<L> {
    let key = call.at("key");
    let mut seen = call.seen();
    loop {
        let stored = read::<L>(&mut call).await?;
        let version = seen.version(&stored)?;
        let limits = LimitsForm::of(patch.over(stored)?.columns()).validate(L::KIND)?;
        if seen.is_settled(store::set_limits(&mut call.scope, &key, L::KIND, &version, &limits).await)? {
            break;
        }
    }
    let limits = read::<L>(&mut call).await?;
    call.done(limits)
}

pub async fn of_features(mut call: Call, _: Whole) -> Answered<FeatureLimits> {
    let limits = read(&mut call).await?;
    call.done(limits)
}

pub async fn limit_features(call: Call, patch: Patch<FeatureLimits>) -> Answered<FeatureLimits> {
    set(call, patch).await
}

pub async fn of_tasks(mut call: Call, _: Whole) -> Answered<TaskLimits> {
    let limits = read(&mut call).await?;
    call.done(limits)
}

pub async fn limit_tasks(call: Call, patch: Patch<TaskLimits>) -> Answered<TaskLimits> {
    set(call, patch).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_limit() {
        fn words<L: Limits>() -> Vec<&'static str> {
            L::of(&[]).columns().into_iter().map(|(word, _)| word).collect()
        }
        let columns = |kind: BoardKind| kind.columns().into_iter().map(|(word, _)| word).collect::<Vec<_>>();
        assert_eq!(words::<FeatureLimits>(), columns(BoardKind::Features));
        assert_eq!(words::<TaskLimits>(), columns(BoardKind::Tasks));
        let sent = serde_json::to_value(TaskLimits::of(&[("IN_REVIEW".into(), 2)])).unwrap();
        assert_eq!(sent, json!({ "TODO": null, "IN_PROGRESS": null, "IN_REVIEW": 2, "DONE": null, "CANCELLED": null }));
    }
}
