//! The one error type, and what each kind of failure means to a person.

use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

use super::version::Stale;

/// What is wrong with one field of a form, in words to show beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the form's struct; empty when the whole form is meant.
    pub field: String,
    /// A plain sentence for the person who filled it in.
    pub message: String,
}

impl FieldError {
    /// An error of the named field.
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        FieldError { field: field.to_owned(), message: message.into() }
    }
}

/// Every way in which a request can fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", content = "detail", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AppError {
    /// No valid session came with the request.
    #[error("Please sign in to go on.")]
    Unauthorized,
    /// The person's role does not allow it; the same call by another role would succeed.
    #[error("Your role in this organisation does not allow that.")]
    Forbidden,
    /// There is no such thing, or it belongs to another organisation: the two are not told apart.
    #[error("There is nothing here, or you may not see it.")]
    NotFound,
    /// Fields that break a rule; the call succeeds once they are mended.
    #[error("Some fields need your attention.")]
    #[serde(rename = "VALIDATION_ERROR")]
    Validation(Vec<FieldError>),
    /// The thing has changed meanwhile, or is not in a state that allows it.
    #[error("{0}")]
    Conflict(String),
    /// Somebody has changed the thing since the form was filled from it; the call succeeds once it is sent with the new version.
    #[error(
        "Somebody changed this while you were editing. Your text is kept; below each field stands what is saved now. Look at: {}.",
        .0.labels()
    )]
    Stale(Stale),
    /// It was there once: a link that has expired or was used.
    #[error("{0}")]
    Gone(String),
    /// Too many tries; seconds until the next one is worth making.
    #[error("Too many tries. Please wait {} and try again.", wait(*.0))]
    RateLimited(u32),
    /// Our fault. The reason is in the server's log under this id and nowhere else.
    #[error("Something went wrong on our side. If it happens again, tell your administrator this code: {0}")]
    Internal(String),
}

fn wait(seconds: u32) -> String {
    match seconds.div_ceil(60) {
        0 | 1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

impl AppError {
    /// One field's error as a whole failure.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        AppError::Validation(vec![FieldError::new(field, message)])
    }

    /// The HTTP status that tells a client the same.
    pub fn status(&self) -> u16 {
        match self {
            AppError::Unauthorized => 401,
            AppError::Forbidden => 403,
            AppError::NotFound => 404,
            AppError::Conflict(_) | AppError::Stale(_) => 409,
            AppError::Gone(_) => 410,
            AppError::Validation(_) => 422,
            AppError::RateLimited(_) => 429,
            AppError::Internal(_) => 500,
        }
    }

    /// The whole of it in words, for where no field is at hand to show its own.
    pub fn told(&self) -> String {
        match self {
            AppError::Validation(errors) => errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" "),
            error => error.to_string(),
        }
    }

    /// What is saved now in one field, where the form was filled from something older and says something else.
    pub fn saved(&self, field: &str) -> Option<String> {
        let AppError::Stale(stale) = self else { return None };
        stale.saved(field).map(str::to_owned)
    }

    /// The version of what is saved now, where the form was filled from something older.
    pub fn version(&self) -> Option<String> {
        let AppError::Stale(stale) = self else { return None };
        Some(stale.version.clone())
    }

    /// The messages of one field, if it is among those that are wrong.
    pub fn of_field(&self, name: &str) -> Option<String> {
        let AppError::Validation(errors) = self else { return None };
        let of_it: Vec<_> = errors.iter().filter(|e| e.field == name).map(|e| e.message.as_str()).collect();
        (!of_it.is_empty()).then(|| of_it.join(" "))
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                AppError::field("", "The form did not arrive whole. Please try again.")
            }
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => {
                AppError::Conflict("The server could not be reached. What you typed is still here; please try again.".into())
            }
            _ => AppError::Internal("transport".into()),
        }
    }
}

/// Gathers field errors, so that a person is told of all of them at once.
#[derive(Default)]
pub struct Checks(Vec<FieldError>);

impl Checks {
    /// Takes the value, or notes what is wrong with the field and goes on with a default.
    pub fn take<T: Default>(&mut self, field: &str, value: Result<T, String>) -> T {
        value.unwrap_or_else(|message| {
            self.0.push(FieldError::new(field, message));
            T::default()
        })
    }

    /// `value` if every field was right, else all that was wrong.
    pub fn finish<T>(self, value: T) -> Result<T, AppError> {
        if self.0.is_empty() { Ok(value) } else { Err(AppError::Validation(self.0)) }
    }
}
