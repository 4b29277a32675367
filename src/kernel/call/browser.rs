//! In the browser, a server function is a request.

use gloo_net::http::{Request, RequestBuilder, Response};
use send_wrapper::SendWrapper;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;
use server_fn::redirect::REDIRECT_HEADER;
use web_sys::FormData;

use super::{Answer, Outcome, TOO_LARGE};
use crate::kernel::error::AppError;

/// Runs the function with these arguments, given as JSON.
pub fn run<S>(arguments: String) -> Outcome
where
    S: ServerFn<Error = AppError> + DeserializeOwned + Send + 'static,
{
    fetch(S::PATH, arguments)
}

fn fetch(path: &'static str, arguments: String) -> Outcome {
    // The browser has one thread, so what may not be sent between threads never is.
    Box::pin(SendWrapper::new(async move { post(path, "application/json", arguments).await.map(|answer| answer.text) }))
}

/// Sends a body of this media type to a server function.
pub async fn post(path: &'static str, kind: &'static str, body: String) -> Result<Answer, AppError> {
    answer(to(path).header("content-type", kind).body(body).map_err(unreachable)?).await
}

/// Sends a form with a file in it; the browser itself says how its parts are told apart.
pub async fn upload(path: String, form: FormData) -> Result<Answer, AppError> {
    answer(to(&path).body(form).map_err(unreachable)?).await
}

fn to(path: &str) -> RequestBuilder {
    Request::post(path).header("accept", "application/json")
}

async fn answer(request: Request) -> Result<Answer, AppError> {
    let response = request.send().await.map_err(unreachable)?;
    let text = response.text().await.map_err(unreachable)?;
    if response.ok() { Ok(Answer { redirect: redirect(&response), text }) } else { Err(failure(&text, response.status())) }
}

fn redirect(response: &Response) -> Option<String> {
    response.headers().get(REDIRECT_HEADER)?;
    response.headers().get("location")
}

fn failure(text: &str, status: u16) -> AppError {
    serde_json::from_str(text).unwrap_or_else(|_| match status {
        413 => AppError::field("", TOO_LARGE),
        _ => AppError::Conflict(format!("The server did not understand ({status}). What you typed is still here; please try again.")),
    })
}

fn unreachable(_: gloo_net::Error) -> AppError {
    AppError::Conflict("The server could not be reached. What you typed is still here; please try again.".into())
}
