//! Routes, made together with what the specification says of them.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use futures_util::FutureExt;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{Body, Patch, strict};
use super::call::{Answered, Call, ListBody, Listed, Resource, gone};
use super::perform::{Kind, Ready, Sent, Work, perform};
use super::problem::{Code, Problem};
use super::query::{self, Filter, Whole};
use super::spec::{BASE, Spec};
use super::stream::{Way, stream};
use super::told::Told;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::forms::Web;

const JSON: &[&str] = &["application/json"];
const PATCH_JSON: &[&str] = &["application/json", "application/merge-patch+json"];

/// Routes and their specification, being put together. Each method makes one route of them: the types of its handler are what
/// the specification says, so the two cannot differ.
pub struct Api {
    router: Router<Web>,
    /// Nothing where the routes alone are wanted: what the specification is made of would take its room in memory from the start.
    spec: Option<Spec>,
}

type Params = Result<RawPathParams, RawPathParamsRejection>;

impl Api {
    /// For the routes alone.
    pub fn unspecified() -> Api {
        Api { router: Router::new(), spec: None }
    }

    /// For the specification too.
    pub fn specified() -> Api {
        Api { router: Router::new(), spec: Some(Spec::default()) }
    }

    /// Begins a group of routes.
    pub fn tag(self, name: &'static str, about: &'static str) -> Api {
        self.again(name, about, "")
    }

    /// As `tag` for routes whose handlers have served another group already; the word tells their operations apart.
    pub fn again(mut self, name: &'static str, about: &'static str, word: &'static str) -> Api {
        if let Some(spec) = &mut self.spec {
            spec.tag(name, about);
            spec.word = word;
        }
        self
    }

    /// The routes.
    pub fn router(self) -> Router<Web> {
        self.router
    }

    /// The specification of what they answer, if it was asked for.
    pub fn spec(self) -> Option<Spec> {
        self.spec
    }

    /// `GET` of a list in parts, narrowed by parameters.
    pub fn list<F, T, H, Fut>(self, path: &'static str, perm: Perm, about: &'static str, handler: H) -> Api
    where
        F: Filter,
        T: Serialize + ToSchema + Send + 'static,
        H: Fn(Call, F) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<Listed<T>>> + Send + 'static,
    {
        let kind = Kind::bare(perm);
        let told =
            |spec: &mut Spec| Told::new::<H>("get", path, about, perm).filter::<F>(spec).pages().bin().list::<T>(spec).if_none_match();
        self.told(told).route(path, MethodFilter::GET, kind, move |sent: Sent| {
            let handler = handler.clone();
            async move {
                let (slice, filter) = query::read::<F>(&sent.query, Some(&sent.path))?;
                let (call, list) = handler(sent.open.call(slice), filter).await?;
                let body = ListBody::of(list, &call.slice)?;
                ready(call, StatusCode::OK, (None, None), Some(&body))
            }
        })
    }

    /// `GET` of one thing, or of something that is one answer.
    pub fn get<F, T, H, Fut>(self, path: &'static str, perm: Perm, about: &'static str, handler: H) -> Api
    where
        F: Filter,
        T: Resource + 'static,
        H: Fn(Call, F) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<T>> + Send + 'static,
    {
        let kind = Kind::bare(perm);
        let told =
            |spec: &mut Spec| Told::new::<H>("get", path, about, perm).filter::<F>(spec).bin().answer::<T>(spec, 200, None).if_none_match();
        self.told(told).route(path, MethodFilter::GET, kind, move |sent: Sent| {
            let handler = handler.clone();
            async move {
                let (slice, filter) = query::read::<F>(&sent.query, None)?;
                let deleted = filter.deleted();
                let (call, thing) = handler(sent.open.call(slice), filter).await?;
                if thing.is_deleted() && !deleted {
                    return Err(gone(&thing));
                }
                ready(call, StatusCode::OK, (None, thing.version()), Some(&thing))
            }
        })
    }

    /// `GET` of a table as CSV, sent part by part, which begins like this.
    pub fn table<H, Fut>(self, path: &'static str, perm: Perm, about: &'static str, beginning: &str, handler: H) -> Api
    where
        H: Fn(Way) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<Response, AppError>> + Send + 'static,
    {
        let mut api = self.told(|_: &mut Spec| Told::new::<H>("get", path, about, perm).table(beginning));
        let answer = move |State(web): State<Web>, params: Params, request: Request| stream(web, perm, params, request, handler.clone());
        api.router = api.router.route(&format!("{BASE}{path}"), on(MethodFilter::GET, answer));
        api
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

    fn post<B, T, H, Fut>(self, path: &'static str, perm: Perm, about: &'static str, handler: H, status: StatusCode) -> Api
    where
        B: Body,
        T: Resource + 'static,
        H: Fn(Call, B) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<T>> + Send + 'static,
    {
        let kind = Kind::of::<B>(perm, JSON);
        let told = |spec: &mut Spec| {
            let told = Told::new::<H>("post", path, about, perm).body::<B>(spec, JSON).once();
            told.answer::<T>(spec, status.as_u16(), Some(B::example()))
        };
        self.told(told).route(path, MethodFilter::POST, kind, move |sent: Sent| {
            let handler = handler.clone();
            async move {
                let (slice, Whole {}) = query::read(&sent.query, None)?;
                let Sent { body, open, .. } = sent;
                let said = strict::<B>(&body)?;
                drop(body);
                let (call, thing) = handler(open.call(slice), said).await?;
                let below = (status == StatusCode::CREATED).then(|| thing.key());
                ready(call, status, (below, thing.version()), Some(&thing))
            }
        })
    }

    /// `POST` that does something for which nothing further has to be said.
    pub fn verb<T, H, Fut>(self, path: &'static str, perm: Perm, about: &'static str, handler: H) -> Api
    where
        T: Resource + 'static,
        H: Fn(Call) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<T>> + Send + 'static,
    {
        let kind = Kind::bare(perm);
        let told = |spec: &mut Spec| Told::new::<H>("post", path, about, perm).once().answer::<T>(spec, 200, None);
        self.told(told).route(path, MethodFilter::POST, kind, move |sent: Sent| {
            let handler = handler.clone();
            async move {
                let (slice, Whole {}) = query::read(&sent.query, None)?;
                let (call, thing) = handler(sent.open.call(slice)).await?;
                ready(call, StatusCode::OK, (None, thing.version()), Some(&thing))
            }
        })
    }

    /// `PATCH` of one thing: what is left out stays.
    pub fn change<B, T, H, Fut>(self, path: &'static str, perm: Perm, about: &'static str, handler: H) -> Api
    where
        B: Body,
        T: Resource + 'static,
        H: Fn(Call, Patch<B>) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answered<T>> + Send + 'static,
    {
        let kind = Kind::of::<B>(perm, PATCH_JSON);
        let told = |spec: &mut Spec| {
            let told = Told::new::<H>("patch", path, about, perm).patch::<B>(spec, PATCH_JSON).if_match();
            told.answer::<T>(spec, 200, Some(B::example()))
        };
        self.told(told).route(path, MethodFilter::PATCH, kind, move |sent: Sent| {
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
        let kind = Kind::bare(perm);
        let told = |_: &mut Spec| Told::new::<H>(method, path, about, perm).nothing();
        self.told(told).route(path, filter, kind, move |sent: Sent| {
            let handler = handler.clone();
            async move {
                let (slice, Whole {}) = query::read(&sent.query, None)?;
                let (call, ()) = handler(sent.open.call(slice)).await?;
                ready(call, StatusCode::NO_CONTENT, (None, None), None::<&()>)
            }
        })
    }

    /// Takes what is told of a route into the specification, if there is to be one.
    fn told(mut self, told: impl FnOnce(&mut Spec) -> Told) -> Api {
        if let Some(spec) = &mut self.spec {
            let told = told(spec);
            spec.add(told);
        }
        self
    }

    fn route<Fut>(self, path: &str, method: MethodFilter, kind: Kind, work: impl Fn(Sent) -> Fut + Send + Sync + 'static) -> Api
    where
        Fut: Future<Output = Result<Ready, Problem>> + Send + 'static,
    {
        self.routed(path, method, kind, Arc::new(move |sent| work(sent).boxed()))
    }

    fn routed(mut self, path: &str, method: MethodFilter, kind: Kind, work: Work) -> Api {
        let answer =
            move |State(web): State<Web>, params: Params, request: Request| perform(web, kind.clone(), params, request, work.clone());
        self.router = self.router.route(&format!("{BASE}{path}"), on(method, answer));
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
    let body = body.map(serde_json::to_string).transpose().map_err(unwritten)?;
    Ok(Ready { scope: call.scope, status, below, version, body })
}

fn unwritten(error: serde_json::Error) -> Problem {
    tracing::error!(%error, "an answer of the API could not be written");
    Problem::new(Code::InternalError, "The answer could not be written.")
}
