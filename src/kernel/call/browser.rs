//! In the browser, a server function is a request.

use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use send_wrapper::SendWrapper;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;
use server_fn::redirect::REDIRECT_HEADER;
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{Promise, Reflect};
use web_sys::{FormData, Headers, RequestInit, Response};

use super::{Answer, Outcome, TOO_LARGE};
use crate::kernel::error::AppError;

/// The largest body that a browser is asked to send on although its page is left, in bytes. It does so for 64 KiB at a time, and
/// refuses what is more.
const KEPT_ALIVE: usize = 4_096;
const JSON: &str = "application/json";

/// Runs the function with these arguments, given as JSON.
pub fn run<S>(arguments: String) -> Outcome
where
    S: ServerFn<Error = AppError> + DeserializeOwned + Send + 'static,
{
    fetch(S::PATH, arguments)
}

fn fetch(path: &'static str, arguments: String) -> Outcome {
    // The browser has one thread, so what may not be sent between threads never is.
    Box::pin(SendWrapper::new(async move { answer(path, JSON, &arguments.into(), false).await.map(|answer| answer.text) }))
}

/// Sends a body of this media type to a server function. A short one arrives although its page is left meanwhile.
pub async fn post(path: &'static str, kind: &'static str, body: String) -> Result<Answer, AppError> {
    let outlives = body.len() <= KEPT_ALIVE;
    answer(path, kind, &body.into(), outlives).await
}

/// Sends a form with a file in it; the browser itself says how its parts are told apart.
pub async fn upload(path: String, form: FormData) -> Result<Answer, AppError> {
    answer(&path, "", &form, false).await
}

async fn answer(path: &str, kind: &str, body: &JsValue, outlives: bool) -> Result<Answer, AppError> {
    let asked = request(kind, body, outlives).map_err(unreachable)?;
    let response: Response = settled(window().fetch_with_str_and_init(path, &asked)).await?.unchecked_into();
    let text = settled(response.text().map_err(unreachable)?).await?.as_string().unwrap_or_default();
    if response.ok() { Ok(Answer { redirect: redirect(&response), text }) } else { Err(failure(&text, response.status())) }
}

fn request(kind: &str, body: &JsValue, outlives: bool) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", JSON)?;
    if !kind.is_empty() {
        headers.set("content-type", kind)?;
    }
    let asked = RequestInit::new();
    asked.set_method("POST");
    asked.set_headers(&headers);
    asked.set_body(body);
    Reflect::set(&asked, &"keepalive".into(), &outlives.into())?;
    Ok(asked)
}

async fn settled(promise: Promise) -> Result<JsValue, AppError> {
    JsFuture::from(promise).await.map_err(unreachable)
}

fn redirect(response: &Response) -> Option<String> {
    let header = |name| response.headers().get(name).ok().flatten();
    header(REDIRECT_HEADER)?;
    header("location")
}

fn failure(text: &str, status: u16) -> AppError {
    serde_json::from_str(text).unwrap_or_else(|_| match status {
        413 => AppError::field("", TOO_LARGE),
        _ => AppError::Conflict(format!("The server did not understand ({status}). What you typed is still here; please try again.")),
    })
}

fn unreachable(_: JsValue) -> AppError {
    AppError::Conflict("The server could not be reached. What you typed is still here; please try again.".into())
}
