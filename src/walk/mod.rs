//! Every server function and every page, called by everybody: with what they may do, and with what is another organisation's.
//! A function or a page that is not listed here fails the test, so nobody forgets to say who may call it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod attack;
mod calls;
mod documents;
mod experiments;
mod furnish;
mod kpis;
mod matrix;
mod okrs;
mod overview;
mod pages;
mod releases;
mod rest;
mod stale;
mod statements;
mod tasks;
mod told;
mod webhooks;
mod world;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use http::{Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use crate::kernel::role::{Perm, Role};
use crate::testing::TestUser;

/// Whom a call is meant for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Who {
    /// Anybody at all.
    Anybody,
    /// Whoever is signed in.
    SignedIn,
    /// Members whose role has the permission.
    Member(Perm),
}

impl Who {
    fn includes(self, role: Role) -> bool {
        match self {
            Who::Member(perm) => role.can(perm),
            _ => true,
        }
    }
}

/// One call of a server function. Words such as `$idea` in its arguments stand for what a world has there.
struct Call {
    path: &'static str,
    who: Who,
    json: bool,
    arguments: Value,
    /// What those get who may call it.
    done: StatusCode,
}

impl Call {
    /// Reads are asked for in JSON, what writes is sent as forms are.
    fn is_read(&self) -> bool {
        self.json
    }

    /// The call is let in, and gets this.
    fn gives(self, done: StatusCode) -> Call {
        Call { done, ..self }
    }

    /// The call is let in, and then lacks something that it needs.
    fn told_more(self) -> Call {
        Call { done: StatusCode::UNPROCESSABLE_ENTITY, ..self }
    }
}

/// A call as it goes over the wire.
fn body(json: bool, arguments: &Value) -> (&'static str, String) {
    if json {
        return ("application/json", arguments.to_string());
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in arguments.as_object().unwrap() {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(field, value)| match value {
                Value::Array(items) => items.iter().for_each(|item| {
                    form.append_pair(&format!("{name}[{field}][]"), &word(item));
                }),
                value => {
                    form.append_pair(&format!("{name}[{field}]"), &word(value));
                }
            }),
            value => {
                form.append_pair(name, &word(value));
            }
        }
    }
    ("application/x-www-form-urlencoded", form.finish())
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Sends the call as the page's script would.
async fn send(app: &Router, user: Option<&TestUser>, call: &Call, arguments: &Value) -> (StatusCode, String) {
    let (kind, body) = body(call.json, arguments);
    let request = Request::post(call.path).header(ACCEPT, "application/json").header(CONTENT_TYPE, kind);
    answer(app, user, request, body).await
}

async fn get(app: &Router, user: Option<&TestUser>, path: &str) -> StatusCode {
    answer(app, user, Request::get(path).header(ACCEPT, "text/html"), String::new()).await.0
}

async fn answer(app: &Router, user: Option<&TestUser>, request: http::request::Builder, body: String) -> (StatusCode, String) {
    let token = user.and_then(|user| user.caller.token.as_deref()).unwrap_or_default();
    let cookie = format!("{}={token}", crate::server::session::COOKIE);
    let request =
        request.header(HOST, "pm.example").header(ORIGIN, "http://pm.example").header(COOKIE, cookie).body(Body::from(body)).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}
