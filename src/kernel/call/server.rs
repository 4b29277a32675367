//! While a page is rendered, a server function is simply run.

use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;
use web_sys::FormData;

use super::{Answer, Outcome};
use crate::kernel::error::AppError;
use crate::server::db::internal;

/// Runs the function with these arguments, given as JSON.
pub fn run<S>(arguments: String) -> Outcome
where
    S: ServerFn<Error = AppError> + DeserializeOwned + Send + 'static,
    S::Output: Serialize,
{
    Box::pin(async move {
        let call: S = serde_json::from_str(&arguments).map_err(internal)?;
        let output = call.run_body().await?;
        serde_json::to_string(&output).map_err(internal)
    })
}

/// Only a browser sends files.
pub async fn upload(_path: String, _form: FormData) -> Result<Answer, AppError> {
    Err(AppError::NotFound)
}

/// Only a browser sends forms.
pub async fn post(_path: &'static str, _kind: &'static str, _body: String) -> Result<Answer, AppError> {
    Err(AppError::NotFound)
}
