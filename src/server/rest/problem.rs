//! What went wrong, as RFC 9457 has it told.

mod code;

pub use code::Code;

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use serde::Serialize;
use utoipa::ToSchema;

use super::shape::shortened;
use crate::kernel::error::{AppError, FieldError};

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// One thing that is wrong, and where it stands: in the body, in the address or in a header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Wrong {
    /// What is wrong with it.
    pub detail: String,
    /// Where it stands in the body: a JSON Pointer (RFC 6901) as the fragment of an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The parameter of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// The field of the slice's form, until it is known what the body calls it.
    #[serde(skip)]
    pub field: Option<String>,
}

impl Wrong {
    fn new(detail: impl Into<String>) -> Wrong {
        Wrong { detail: detail.into(), pointer: None, parameter: None, header: None, field: None }
    }

    /// What is wrong with a part of the body.
    pub fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Wrong {
        Wrong { pointer: Some(pointer.into()), ..Wrong::new(detail) }
    }

    /// What is wrong with a parameter of the address, whose name may be as long as that.
    pub fn parameter(name: &str, detail: impl Into<String>) -> Wrong {
        Wrong { parameter: Some(shortened(name)), ..Wrong::new(detail) }
    }
}

/// The body of a problem.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Told {
    /// Where the code is explained.
    #[serde(rename = "type")]
    kind: String,
    /// The status in words.
    title: String,
    status: u16,
    code: Code,
    /// What went wrong, for a person.
    detail: String,
    /// The fields that are wrong, if fields are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<Wrong>,
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub code: Code,
    pub detail: String,
    pub errors: Vec<Wrong>,
    /// Seconds after which it is worth to try again.
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A problem of this kind, in a sentence.
    pub fn new(code: Code, detail: impl Into<String>) -> Problem {
        Problem { code, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    /// Nobody, or somebody whose token opens nothing.
    pub fn unauthorized(came: bool) -> Problem {
        let detail = match came {
            true => "This token is unknown, expired or revoked.",
            false => "Send a token: Authorization: Bearer pm_…",
        };
        Problem::new(Code::Unauthorized, detail)
    }

    /// Somebody whose token is for some products, at what belongs to none.
    pub fn narrow() -> Problem {
        Problem::new(Code::Forbidden, "This token is for some products alone, and this belongs to no product.")
    }

    /// Something in the body that is wrong.
    pub fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Problem {
        Problem::of(vec![Wrong::at(pointer, detail)])
    }

    /// A parameter of the address that is wrong.
    pub fn parameter(name: &str, detail: impl Into<String>) -> Problem {
        Problem::of(vec![Wrong::parameter(name, detail)])
    }

    /// A header that is wrong.
    pub fn header(name: &str, detail: impl Into<String>) -> Problem {
        Problem::of(vec![Wrong { header: Some(name.to_owned()), ..Wrong::new(detail) }])
    }

    /// Several things that are wrong at once.
    pub fn of(errors: Vec<Wrong>) -> Problem {
        let detail = errors.iter().map(|wrong| wrong.detail.as_str()).collect::<Vec<_>>().join(" ");
        Problem { errors, ..Problem::new(Code::ValidationError, detail) }
    }

    /// The same, with the fields of a form told by where they stand in a body that has these other names for some of them.
    pub fn located(mut self, names: &[(&str, &str)]) -> Problem {
        for wrong in &mut self.errors {
            let Some(field) = wrong.field.take().filter(|field| !field.is_empty()) else { continue };
            let named = names.iter().find(|(form, _)| *form == field).map(|(_, body)| (*body).to_owned());
            wrong.pointer = Some(format!("#/{}", named.unwrap_or_else(|| camel_case(&field))));
        }
        self
    }
}

/// What both give, or all that is wrong with either.
///
/// # Errors
/// Those of both, where both are told of fields; else the first.
pub fn both<A, B>(one: Result<A, impl Into<Problem>>, other: Result<B, impl Into<Problem>>) -> Result<(A, B), Problem> {
    let (one, other): (Result<A, Problem>, Result<B, Problem>) = (one.map_err(Into::into), other.map_err(Into::into));
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(one), Err(other)) if (one.code, other.code) == (Code::ValidationError, Code::ValidationError) => {
            Err(Problem::of(one.errors.into_iter().chain(other.errors).collect()))
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    }
}

/// What a field of the body or a parameter names, or that this names nothing: the address is right, so it is no 404.
///
/// # Errors
/// `wrong` where there is nothing; else what else is wrong.
pub fn named<T>(outcome: Result<T, impl Into<Problem>>, wrong: Wrong) -> Result<T, Problem> {
    outcome.map_err(|error| match error.into() {
        Problem { code: Code::NotFound, .. } => Problem::of(vec![wrong]),
        problem => problem,
    })
}

/// What a form gives in which a list of the body is one field; what is wrong with items of that list is told by their places,
/// and not once more of the field.
///
/// # Errors
/// Those of the form and of the items.
pub fn itemized<T>(form: Result<T, impl Into<Problem>>, field: &str, items: Vec<Wrong>) -> Result<T, Problem> {
    let form: Result<T, Problem> = form.map_err(Into::into);
    if items.is_empty() {
        return form;
    }
    let of_items: Result<T, Problem> = Err(Problem::of(items));
    let Err(problem) = form else { return of_items };
    let rest: Vec<Wrong> = problem.errors.iter().filter(|wrong| wrong.field.as_deref() != Some(field)).cloned().collect();
    match problem.code {
        Code::ValidationError if rest.is_empty() => of_items,
        Code::ValidationError => both(Err::<T, Problem>(Problem::of(rest)), of_items).map(|(value, _)| value),
        _ => Err(problem),
    }
}

/// `start_date` as JSON names it: `startDate`.
pub fn camel_case(field: &str) -> String {
    let mut name = String::with_capacity(field.len());
    let mut upper = false;
    for c in field.chars() {
        match c {
            '_' => upper = true,
            c if upper => {
                name.extend(c.to_uppercase());
                upper = false;
            }
            c => name.push(c),
        }
    }
    name
}

impl From<FieldError> for Wrong {
    fn from(error: FieldError) -> Wrong {
        Wrong { field: Some(error.field), ..Wrong::new(error.message) }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Problem {
        let code = match &error {
            AppError::Unauthorized => return Problem::unauthorized(true),
            AppError::Forbidden => Code::Forbidden,
            AppError::NotFound => Code::NotFound,
            AppError::Validation(_) => Code::ValidationError,
            AppError::Conflict(_) => Code::Conflict,
            AppError::Stale(_) => Code::PreconditionFailed,
            AppError::Gone(_) => Code::Gone,
            AppError::RateLimited(_) => Code::RateLimited,
            AppError::Internal(_) => Code::InternalError,
        };
        let told = match &error {
            AppError::Forbidden => "The token's scope, or its owner's role in this organisation, does not allow that.".to_owned(),
            // A minute is said to people; a program is told the seconds by a header.
            AppError::RateLimited(_) => code.texts().2.to_owned(),
            error => error.told(),
        };
        let problem = Problem::new(code, told);
        match error {
            AppError::Validation(errors) => Problem { errors: errors.into_iter().map(Wrong::from).collect(), ..problem },
            AppError::RateLimited(seconds) => Problem { retry_after: Some(seconds), ..problem },
            AppError::Stale(stale) => {
                let now =
                    |value: String| if value.is_empty() { "It is empty now.".to_owned() } else { format!("It is “{value}” now.") };
                let wrong = |d: crate::kernel::version::Difference| Wrong { field: Some(d.field), ..Wrong::new(now(d.value)) };
                let detail = "Somebody has changed this since. Read it again, and send the change with its new ETag.".into();
                Problem { detail, errors: stale.differences.into_iter().map(wrong).collect(), ..problem }
            }
            _ => problem,
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Problem {
        AppError::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Problem { code, detail, errors, retry_after } = self.located(&[]);
        let (status, (word, number, _)) = (code.status(), code.texts());
        let title = status.canonical_reason().unwrap_or("Problem").to_owned();
        let told = Told { kind: format!("/api/docs#{word}"), title, status: number, code, detail, errors };
        let body = serde_json::to_vec(&told).unwrap_or_default();
        let mut response = (status, [(CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if code == Code::Unauthorized {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"ProdMatic\""));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_told_by_where_they_stand_in_the_body() {
        let error = AppError::Validation(vec![
            FieldError::new("start_date", "Wrong."),
            FieldError::new("epic", "Gone."),
            FieldError::new("", "All."),
        ]);
        let problem = Problem::from(error).located(&[("epic", "epicId")]);
        let pointers: Vec<Option<&str>> = problem.errors.iter().map(|wrong| wrong.pointer.as_deref()).collect();
        assert_eq!(pointers, [Some("#/startDate"), Some("#/epicId"), None]);
        assert_eq!(problem.detail, "Wrong. Gone. All.");
    }

    #[test]
    fn what_is_wrong_here_and_there_is_told_together() {
        let wrong = |field: &str| AppError::field(field, "Wrong.");
        let fields = |problem: Problem| problem.errors.into_iter().filter_map(|wrong| wrong.field).collect::<Vec<_>>();
        let of = |one: Result<i32, AppError>, other: Result<i32, AppError>| both(one, other);
        assert_eq!(fields(of(Err(wrong("title")), Err(wrong("effort"))).unwrap_err()), ["title", "effort"]);
        assert_eq!(fields(of(Ok(1), Err(wrong("effort"))).unwrap_err()), ["effort"]);
        assert_eq!(of(Err(AppError::Forbidden), Err(wrong("effort"))).unwrap_err().code, Code::Forbidden);
        assert_eq!(of(Ok(1), Ok(2)), Ok((1, 2)));
    }

    #[test]
    fn what_is_named_in_a_body_is_told_by_its_field() {
        let wrong = || Wrong::at("#/intoId", "Choose another.");
        let of = |outcome: Result<i32, AppError>| named(outcome, wrong());
        assert_eq!(of(Ok(1)), Ok(1));
        assert_eq!(of(Err(AppError::NotFound)), Err(Problem::of(vec![wrong()])));
        assert_eq!(of(Err(AppError::Forbidden)).unwrap_err().code, Code::Forbidden);
    }

    #[test]
    fn items_of_a_list_are_told_by_their_places_alone() {
        let item = || vec![Wrong::at("#/tags/1", "Wrong.")];
        let of = |form: Result<i32, AppError>, items| itemized(form, "tags", items).map_err(|problem| problem.located(&[]));
        let pointers = |outcome: Result<i32, Problem>| -> Vec<String> {
            outcome.unwrap_err().errors.into_iter().filter_map(|wrong| wrong.pointer).collect()
        };
        assert_eq!(of(Ok(1), Vec::new()), Ok(1));
        assert_eq!(pointers(of(Ok(1), item())), ["#/tags/1"]);
        assert_eq!(pointers(of(Err(AppError::field("tags", "Wrong.")), item())), ["#/tags/1"]);
        assert_eq!(pointers(of(Err(AppError::field("title", "Wrong.")), item())), ["#/title", "#/tags/1"]);
        assert_eq!(pointers(of(Err(AppError::field("tags", "Too many.")), Vec::new())), ["#/tags"]);
        assert_eq!(of(Err(AppError::Forbidden), item()).unwrap_err().code, Code::Forbidden);
    }

    #[test]
    fn a_program_that_asks_too_often_is_told_the_seconds_alone() {
        let problem = Problem::from(AppError::RateLimited(1));
        assert_eq!((problem.code, problem.retry_after), (Code::RateLimited, Some(1)));
        assert!(problem.detail.contains("Retry-After") && !problem.detail.contains("minute"), "{}", problem.detail);
    }
}
