//! What stands on a page while its data is on the way, and when it does not come.

use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_location;

use crate::kernel::error::AppError;
use crate::kernel::http::set_status;
use crate::kernel::text::query_value;

/// Shows `view` of what the resource gives, a quiet placeholder until then, and the failure if it fails.
#[component]
pub fn Load<T, F>(of: Resource<Result<T, AppError>>, view: F) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    view! {
        <Transition fallback=Placeholder>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    match of.await {
                        Ok(data) => view(data),
                        Err(error) => view! { <Failure error /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
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
        let location = use_location();
        let here = move || format!("{}{}", location.pathname.get_untracked(), query_part(&location.search.get_untracked()));
        return view! { <Redirect path=format!("/signin?next={}", query_value(&here())) /> }.into_any();
    }
    let heading = if error == AppError::NotFound { "Not found" } else { "This did not work" };
    view! {
        <section class="empty" role="alert">
            <h1>{heading}</h1>
            <p>{error.to_string()}</p>
            <a class="button" href="/">"Go to the start page"</a>
        </section>
    }
    .into_any()
}

fn query_part(search: &str) -> String {
    if search.is_empty() { String::new() } else { format!("?{}", search.trim_start_matches('?')) }
}

/// The page for an address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <main class="bare">
            <Failure error=AppError::NotFound />
        </main>
    }
}
