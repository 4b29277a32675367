//! Routes, made together with what the specification says of them.

use std::future::Future;

use axum::Router;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::routing::{MethodFilter, on};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{Body, Nothing, Patch, strict};
use super::call::{Answered, Call, ListBody, Listed, Resource, gone};
use super::perform::{Kind, Ready, Sent, perform};
use super::problem::{Code, Problem};
use super::query::{self, Filter, Whole};
use super::spec::{Spec, Told};
use crate::kernel::role::Perm;
use crate::server::forms::Web;

const JSON: &[&str] = &["application/json"];
const PATCH_JSON: &[&str] = &["application/json", "application/merge-patch+json"];

/// Routes and their specification, being put together. Each method makes one route of them: the types of its handler are what
/// the specification says, so the two cannot differ.
#[derive(Default)]
pub struct Api {
    router: Router<Web>,
    spec: Spec,
}

type Params = Result<RawPathParams, RawPathParamsRejection>;

impl Api {
    /// Begins a group of routes.
    pub fn tag(mut self, name: &'static str, about: &'static str) -> Api {
        self.spec.tag(name, about);
        self
    }

    /// As `tag` for routes whose handlers have served another group already; the word tells their operations apart.
    pub fn again(mut self, name: &'static str, about: &'static str, word: &'static str) -> Api {
        self.spec.tag(name, about);
        self.spec.word = word;
        self
    }

    /// The router, and the specification of what it answers.
    pub fn parts(self) -> (Router<Web>, Spec) {
        (self.router, self.spec)
    }

    /// `GET` of a list in parts, narrowed by parameters.
    pub fn list<F, T, H, Fut>(mut self, path: &'static str, perm: Perm, about: &'static str, handler: H) -> Api
    where
        F: Filter,
        T: Serialize + ToSchema + Send + 'static,
        H: Fn(Call, F) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<Listed<T>>> + Send + 'static,
    {
        let kind = Kind { perm, takes: &[], names: &[] };
        let told =
            Told::new::<H>("get", path, about, perm).filter::<F>(&mut self.spec).pages().bin().list::<T>(&mut self.spec).if_none_match();
        self.route(told, MethodFilter::GET, kind, move |sent: Sent| {
            let handler = handler.clone();
            async move {
                let (slice, filter) = query::read::<F>(&sent.query, Some(&sent.path))?;
                let (call, list) = handler(sent.open.call(slice), filter).await?;
                let body = ListBody::of(list, &call.slice);
                ready(call, StatusCode::OK, (None, None), Some(&body))
            }
        })
    }

    /// `GET` of one thing, or of something that is one answer.
    pub fn get<F, T, H, Fut>(mut self, path: &'static str, perm: Perm, about: &'static str, handler: H) -> Api
    where
        F: Filter,
        T: Resource + 'static,
        H: Fn(Call, F) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<T>> + Send + 'static,
    {
        let kind = Kind { perm, takes: &[], names: &[] };
        let told = Told::new::<H>("get", path, about, perm)
            .filter::<F>(&mut self.spec)
            .bin()
            .answer::<T>(&mut self.spec, 200, None)
            .if_none_match();
        self.route(told, MethodFilter::GET, kind, move |sent: Sent| {
            let handler = handler.clone();
            async move {
                let (slice, filter) = query::read::<F>(&sent.query, None)?;
                let deleted = filter.deleted();
                let (call, thing) = handler(sent.open.call(slice), filter).await?;
                if thing.is_deleted() && !deleted {
                    return Err(gone());
                }
                ready(call, StatusCode::OK, (None, thing.version()), Some(&thing))
            }
        })
    }

    /// `POST` that makes something, which is answered with its address.
    pub fn create<B, T, H, Fut>(self, path: &'static str, perm: Perm, about: &'static str, handler: H) -> Api
    where
        B: Body,
        T: Resource + 'static,
        H: Fn(Call, B) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<T>> + Send + 'static,
    {
        self.post(path, perm, about, handler, StatusCode::CREATED)
    }

    /// `POST` that does something with one thing or several.
    pub fn act<B, T, H, Fut>(self, path: &'static str, perm: Perm, about: &'static str, handler: H) -> Api
    where
        B: Body,
        T: Resource + 'static,
        H: Fn(Call, B) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<T>> + Send + 'static,
    {
        self.post(path, perm, about, handler, StatusCode::OK)
    }

    fn post<B, T, H, Fut>(mut self, path: &'static str, perm: Perm, about: &'static str, handler: H, status: StatusCode) -> Api
    where
        B: Body,
        T: Resource + 'static,
        H: Fn(Call, B) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<T>> + Send + 'static,
    {
        let kind = Kind { perm, takes: JSON, names: B::NAMES };
        let told = Told::new::<H>("post", path, about, perm).body::<B>(&mut self.spec, JSON).once();
        let told = told.answer::<T>(&mut self.spec, status.as_u16(), Some(B::example()));
        self.route(told, MethodFilter::POST, kind, move |sent: Sent| {
            let handler = handler.clone();
            async move {
                let (slice, Whole {}) = query::read(&sent.query, None)?;
                let body = strict::<B>(&sent.body)?;
                let (call, thing) = handler(sent.open.call(slice), body).await?;
                let below = (status == StatusCode::CREATED).then(|| thing.key());
                ready(call, status, (below, thing.version()), Some(&thing))
            }
        })
    }

    /// `POST` that does something for which nothing further has to be said.
    pub fn verb<T, H, Fut>(mut self, path: &'static str, perm: Perm, about: &'static str, handler: H) -> Api
    where
        T: Resource + 'static,
        H: Fn(Call) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<T>> + Send + 'static,
    {
        let kind = Kind { perm, takes: &[], names: &[] };
        let told = Told::new::<H>("post", path, about, perm).once().answer::<T>(&mut self.spec, 200, None);
        self.route(told, MethodFilter::POST, kind, move |sent: Sent| {
            let handler = handler.clone();
            async move {
                let (slice, Whole {}) = query::read(&sent.query, None)?;
                let (call, thing) = handler(sent.open.call(slice)).await?;
                ready(call, StatusCode::OK, (None, thing.version()), Some(&thing))
            }
        })
    }

    /// `PATCH` of one thing: what is left out stays.
    pub fn change<B, T, H, Fut>(mut self, path: &'static str, perm: Perm, about: &'static str, handler: H) -> Api
    where
        B: Body,
        T: Resource + 'static,
        H: Fn(Call, Patch<B>) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<T>> + Send + 'static,
    {
        let kind = Kind { perm, takes: PATCH_JSON, names: B::NAMES };
        let told = Told::new::<H>("patch", path, about, perm).patch::<B>(&mut self.spec, PATCH_JSON).if_match();
        let told = told.answer::<T>(&mut self.spec, 200, Some(B::example()));
        self.route(told, MethodFilter::PATCH, kind, move |sent: Sent| {
            let handler = handler.clone();
            async move {
                let (slice, Whole {}) = query::read(&sent.query, None)?;
                let patch = Patch::<B>::read(&sent.body)?;
                let (call, thing) = handler(sent.open.call(slice), patch).await?;
                ready(call, StatusCode::OK, (None, thing.version()), Some(&thing))
            }
        })
    }

    /// `PUT` of something that is there or not, such as a vote; doing it twice is as good as once.
    pub fn put<H, Fut>(self, path: &'static str, perm: Perm, about: &'static str, handler: H) -> Api
    where
        H: Fn(Call) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<()>> + Send + 'static,
    {
        self.empty("put", MethodFilter::PUT, path, perm, about, handler)
    }

    /// `DELETE` of one thing; doing it twice is as good as once.
    pub fn delete<H, Fut>(self, path: &'static str, perm: Perm, about: &'static str, handler: H) -> Api
    where
        H: Fn(Call) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<()>> + Send + 'static,
    {
        self.empty("delete", MethodFilter::DELETE, path, perm, about, handler)
    }

    fn empty<H, Fut>(
        self,
        method: &'static str,
        filter: MethodFilter,
        path: &'static str,
        perm: Perm,
        about: &'static str,
        handler: H,
    ) -> Api
    where
        H: Fn(Call) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<()>> + Send + 'static,
    {
        let kind = Kind { perm, takes: &[], names: Nothing::NAMES };
        let told = Told::new::<H>(method, path, about, perm).nothing();
        self.route(told, filter, kind, move |sent: Sent| {
            let handler = handler.clone();
            async move {
                let (slice, Whole {}) = query::read(&sent.query, None)?;
                let (call, ()) = handler(sent.open.call(slice)).await?;
                ready(call, StatusCode::NO_CONTENT, (None, None), None::<&()>)
            }
        })
    }

    fn route<W, Fut>(mut self, told: Told, method: MethodFilter, kind: Kind, work: W) -> Api
    where
        W: Fn(Sent) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<Ready, Problem>> + Send + 'static,
    {
        let path = told.address();
        self.spec.add(told);
        let answer =
            move |State(web): State<Web>, params: Params, request: Request| perform(web, kind.clone(), params, request, work.clone());
        self.router = self.router.route(&path, on(method, answer));
        self
    }
}

/// The answer, and what is left to be done for it.
fn ready<T: Serialize>(
    call: Call,
    status: StatusCode,
    (below, version): (Option<String>, Option<String>),
    body: Option<&T>,
) -> Result<Ready, Problem> {
    let body = body.map(serde_json::to_string).transpose();
    let body = body.map_err(|error| {
        tracing::error!(%error, "an answer of the API could not be written");
        Problem::new(Code::InternalError, "The answer could not be written.")
    })?;
    Ok(Ready { scope: call.scope, status, below, version, body })
}
