//! What kinds of things go wrong.

use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// What kind of thing went wrong, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    RequestTimeout,
    Conflict,
    Gone,
    PreconditionFailed,
    PayloadTooLarge,
    UnsupportedMediaType,
    ValidationError,
    RateLimited,
    InternalError,
    Unavailable,
}

impl Code {
    pub const ALL: [Code; 15] = [
        Code::BadRequest,
        Code::Unauthorized,
        Code::Forbidden,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::RequestTimeout,
        Code::Conflict,
        Code::Gone,
        Code::PreconditionFailed,
        Code::PayloadTooLarge,
        Code::UnsupportedMediaType,
        Code::ValidationError,
        Code::RateLimited,
        Code::InternalError,
        Code::Unavailable,
    ];

    /// Its word, its status, and what it means.
    pub fn texts(self) -> (&'static str, u16, &'static str) {
        match self {
            Code::BadRequest => ("BAD_REQUEST", 400, "The body is not JSON, or nested too deeply; `errors` says where that begins."),
            Code::Unauthorized => ("UNAUTHORIZED", 401, "No token came with the request, or one that is unknown, expired or revoked."),
            Code::Forbidden => ("FORBIDDEN", 403, "The token's scope or its owner's role does not allow it."),
            Code::NotFound => ("NOT_FOUND", 404, "There is no such thing, or the token does not reach it: the two are not told apart."),
            Code::MethodNotAllowed => ("METHOD_NOT_ALLOWED", 405, "The address has no such method."),
            Code::RequestTimeout => ("REQUEST_TIMEOUT", 408, "The body did not arrive in time."),
            Code::Conflict => ("CONFLICT", 409, "The thing is not in a state that allows it."),
            Code::Gone => ("GONE", 410, "It has been deleted, or what it is below: once that is restored it is there again."),
            Code::PreconditionFailed => {
                ("PRECONDITION_FAILED", 412, "Somebody has changed the thing since: its ETag is not the one in If-Match.")
            }
            Code::PayloadTooLarge => ("PAYLOAD_TOO_LARGE", 413, "The body is larger than 1 MB, or than the route says that it takes."),
            Code::UnsupportedMediaType => ("UNSUPPORTED_MEDIA_TYPE", 415, "The body is not sent as application/json."),
            Code::ValidationError => ("VALIDATION_ERROR", 422, "Fields break a rule; `errors` says which, and where they stand."),
            Code::RateLimited => ("RATE_LIMITED", 429, "Too many requests. Retry-After says when to go on."),
            Code::InternalError => ("INTERNAL_ERROR", 500, "Our fault. The server's log has the reason under the code that is told."),
            Code::Unavailable => (
                "UNAVAILABLE",
                503,
                "The server could not answer in time, or has no room for a large body now; then Retry-After says when it may.",
            ),
        }
    }

    pub(super) fn status(self) -> StatusCode {
        StatusCode::from_u16(self.texts().1).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_status_of_its_own() {
        let statuses: std::collections::BTreeSet<u16> = Code::ALL.iter().map(|code| code.texts().1).collect();
        assert_eq!(statuses.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.texts().0);
        }
    }
}
