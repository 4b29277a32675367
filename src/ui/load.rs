//! What stands on a page while its data is on the way, and when it does not come.

use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;

use crate::kernel::call::{Outcome, run};
use crate::kernel::error::AppError;
use crate::kernel::http::set_status;
use crate::kernel::text::query_value;
use crate::ui::form::{Sent, here, here_path, take};
use crate::ui::live::Live;
use crate::ui::unsaved::Unsaved;
use crate::ui::unsent::keep;

/// What a server function gives for arguments that may change.
pub struct Data<T> {
    /// One type for every page, lest each add its own copy of the machinery to what a browser loads.
    json: Resource<Result<String, AppError>>,
    output: PhantomData<fn() -> T>,
}

impl<T> Clone for Data<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Data<T> {}

/// Calls a server function now, and again whenever the arguments change.
pub fn data<S>(arguments: impl Fn() -> S + Send + Sync + 'static) -> Data<S::Output>
where
    S: ServerFn<Error = AppError> + Serialize + DeserializeOwned + Send + 'static,
    S::Output: Serialize,
{
    erased(Box::new(move || serde_json::to_string(&arguments()).unwrap_or_default()), run::<S>)
}

fn erased<T>(arguments: Box<dyn Fn() -> String + Send + Sync>, run: fn(String) -> Outcome) -> Data<T> {
    Data { json: resource(arguments, run), output: PhantomData }
}

fn resource(arguments: Box<dyn Fn() -> String + Send + Sync>, run: fn(String) -> Outcome) -> Resource<Result<String, AppError>> {
    Resource::new(arguments, run)
}

impl<T> Data<T> {
    /// Asks for the data again.
    pub fn refetch(self) {
        self.json.refetch();
    }

    /// Asks for the data again each time the form has been accepted.
    pub fn after(self, sent: Sent) -> Self {
        Effect::new(move || {
            if sent.times() > 0 {
                self.json.refetch();
            }
        });
        self
    }
}

impl<T> Data<T> {
    /// Asks for the data again when somebody has changed something of these kinds, which are the names of tables.
    pub fn live(self, kinds: &'static [&'static str]) -> Self {
        follow(self.json, kinds, None);
        self
    }

    /// As `live`, for the page of one thing: the first kind is its own, and changes of others of that kind are none of it.
    pub fn live_item(self, kinds: &'static [&'static str], item: Signal<String>) -> Self {
        follow(self.json, kinds, Some(item));
        self
    }
}

fn follow(json: Resource<Result<String, AppError>>, kinds: &'static [&'static str], item: Option<Signal<String>>) {
    let Some(live) = use_context::<Live>() else { return };
    let heard = live.heard(kinds, item, true);
    Effect::new(move || {
        if heard.get() > 0 {
            json.refetch();
        }
    });
}

impl<T: DeserializeOwned> Data<T> {
    /// The data, once it is there.
    pub async fn get(self) -> Result<T, AppError> {
        let json = self.json.await;
        keep();
        read(&json?)
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, AppError> {
    serde_json::from_str(json).map_err(|_| AppError::Conflict("This page is older than the server. Please load it again.".into()))
}

/// Shows `view` of the data, a quiet placeholder until it comes, and the failure if it fails.
#[component]
pub fn Load<T, F>(of: Data<T>, view: F) -> impl IntoView
where
    T: DeserializeOwned + 'static,
    F: Fn(T) -> AnyView + Send + Sync + 'static,
{
    shown(of.json, Arc::new(move |json| read(json).map(&view)))
}

type View = Arc<dyn Fn(&str) -> Result<AnyView, AppError> + Send + Sync>;

fn shown(json: Resource<Result<String, AppError>>, view: View) -> AnyView {
    view! {
        <Transition fallback=Placeholder>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    let json = json.await;
                    keep();
                    let shown = json.and_then(|json| view(&json));
                    shown.unwrap_or_else(|error| view! { <Failure error /> }.into_any())
                })
            }}
        </Transition>
    }
    .into_any()
}

/// Holds the page's place, so that nothing jumps when the data comes.
#[component]
pub fn Placeholder() -> impl IntoView {
    view! {
        <div class="placeholder" role="status">
            <span class="visually-hidden">"Loading"</span>
        </div>
    }
}

/// A page's failure in plain words, with the response's status to match; signed-out people are led to sign in.
#[component]
pub fn Failure(error: AppError) -> impl IntoView {
    set_status(error.status());
    if error == AppError::Unauthorized {
        return view! { <Redirect path=format!("/signin?next={}", query_value(&here())) /> }.into_any();
    }
    // Why a form was refused is told already, if it is for the same reason and nothing was typed.
    let unsaved = view! { <Unsaved /> };
    let _ = take(|returned| returned.error == error);
    // What cannot be changed can be looked at, as a rule.
    let back = here_path().strip_suffix("/edit").map(|it| view! { <a class="button" href=it.to_owned()>"Back to it"</a> });
    let heading = match error {
        AppError::NotFound => "Not found",
        AppError::Forbidden => "Not allowed",
        _ => "This did not work",
    };
    view! {
        <Title text=heading />
        <section class="empty" role="alert">
            <h1>{heading}</h1>
            <p>{error.told()}</p>
            {back}
            <a class="button" href="/">"Go to the start page"</a>
        </section>
        {unsaved}
    }
    .into_any()
}

/// The page for an address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <main class="bare" id="content">
            <Failure error=AppError::NotFound />
        </main>
    }
}
