//! What is looked at again and again, where no change tells of it.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;

use crate::kernel::call::{Outcome, run};
use crate::kernel::error::AppError;

/// From one look to the next.
const PAUSE: Duration = Duration::from_secs(3);

/// Keeps what is shown as a server function tells it, for as long as the page is there and somebody sees it. Only what is
/// different is shown anew. A look that fails is passed over: the next one may not.
pub fn again<S>(arguments: &S, shown: RwSignal<S::Output>)
where
    S: ServerFn<Error = AppError> + Serialize + DeserializeOwned + Send + 'static,
    S::Output: Serialize + DeserializeOwned + PartialEq + Send + Sync + 'static,
{
    again_until(arguments, shown, || ());
}

/// The same; `gone` is called when what is looked at is there no more.
pub fn again_until<S>(arguments: &S, shown: RwSignal<S::Output>, gone: impl Fn() + Copy + 'static)
where
    S: ServerFn<Error = AppError> + Serialize + DeserializeOwned + Send + 'static,
    S::Output: Serialize + DeserializeOwned + PartialEq + Send + Sync + 'static,
{
    let arguments = serde_json::to_string(arguments).unwrap_or_default();
    let take = move |answer: Result<String, AppError>| {
        let json = match answer {
            Ok(json) => json,
            Err(AppError::NotFound) => return gone(),
            Err(_) => return,
        };
        if let Ok(new) = serde_json::from_str::<S::Output>(&json)
            && shown.try_with_untracked(|old| *old != new) == Some(true)
        {
            shown.set(new);
        }
    };
    looking(move || run::<S>(arguments.clone()), take);
}

fn looking(ask: impl Fn() -> Outcome + Send + Sync + 'static, take: impl Fn(Result<String, AppError>) + Copy + 'static) {
    let ask = StoredValue::new(ask);
    Effect::new(move || {
        let look = move || {
            if document().hidden() {
                return;
            }
            let Some(answer) = ask.try_with_value(|ask| ask()) else { return };
            spawn_local(async move { take(answer.await) });
        };
        if let Ok(timer) = set_interval_with_handle(look, PAUSE) {
            on_cleanup(move || timer.clear());
        }
    });
}
