//! Why nothing is there: what the address leads through may be in the bin, and whoever could restore it is told so.

use futures_util::future::BoxFuture;
use sqlx::PgPool;

use super::PLACES;
use super::problem::{Code, Problem};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::request::Caller;
use crate::server::scope::Scope;

/// A kind of thing that addresses lead through and that can be in the bin; its slice says what that is.
pub struct Place {
    /// The part of the path that names it, such as `key`.
    pub part: &'static str,
    /// What it is called.
    pub noun: &'static str,
    /// Whether the one of this name has been deleted, as far as the scope sees.
    pub is_deleted: for<'a> fn(&'a mut Scope, &'a str) -> BoxFuture<'a, Result<bool, AppError>>,
}

/// What an address leads through, by its name.
pub(super) struct Named {
    place: &'static Place,
    name: String,
}

impl Named {
    /// The place that these parts of an address name, if they do.
    pub fn of(params: &[(String, String)]) -> Option<Named> {
        let named = |place: &'static Place| {
            let (_, name) = params.iter().find(|(part, _)| part == place.part)?;
            Some(Named { place, name: name.clone() })
        };
        PLACES.into_iter().find_map(named)
    }

    /// Whether the caller sees that it has been deleted.
    async fn is_deleted(&self, pool: &PgPool, caller: &Caller, org: &str) -> Result<bool, AppError> {
        let mut scope = Scope::open(pool, caller, org, Perm::Read).await?;
        (self.place.is_deleted)(&mut scope, &self.name).await
    }

    fn gone(&self) -> Problem {
        let Named { place: Place { noun, .. }, name } = self;
        Problem::new(Code::Gone, format!("The {noun} “{name}” has been deleted. Restore it, or read it alone with deleted=true."))
    }
}

/// The refusal as it is; or `GONE` where nothing was found because the place has been deleted.
pub(super) async fn explained(pool: &PgPool, caller: &Caller, org: &str, place: Option<Named>, problem: Problem) -> Problem {
    let Some(place) = place.filter(|_| problem.code == Code::NotFound) else { return problem };
    match place.is_deleted(pool, caller, org).await {
        Ok(true) => place.gone(),
        Ok(false) => problem,
        Err(error) => error.into(),
    }
}
