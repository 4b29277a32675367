//! Why nothing is there: what the address leads through may be in the bin, and whoever could restore it is told so.

use sqlx::PgPool;

use super::problem::{Code, Problem};
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::product::store as products;
use crate::server::request::Caller;
use crate::server::scope::Scope;
use crate::team::store as teams;

/// What an address leads through.
pub enum Place {
    /// A product, by its key.
    Product(String),
    /// A team, by its slug.
    Team(String),
}

impl Place {
    /// The place that these parts of an address name, if they do.
    pub fn of(params: &[(String, String)]) -> Option<Place> {
        params.iter().find_map(|(name, value)| match name.as_str() {
            "key" => Some(Place::Product(value.clone())),
            "team" => Some(Place::Team(value.clone())),
            _ => None,
        })
    }

    /// Whether the caller sees that it has been deleted.
    async fn is_deleted(&self, pool: &PgPool, caller: &Caller, org: &str) -> Result<bool, AppError> {
        let mut scope = Scope::open(pool, caller, org, Perm::Read).await?;
        match self {
            Place::Product(key) => products::is_deleted(&mut scope, key).await,
            Place::Team(slug) => teams::is_deleted(&mut scope, slug).await,
        }
    }

    fn gone(&self) -> Problem {
        let (noun, name) = match self {
            Place::Product(key) => ("product", key),
            Place::Team(slug) => ("team", slug),
        };
        Problem::new(Code::Gone, format!("The {noun} “{name}” has been deleted. Restore it, or read it alone with deleted=true."))
    }
}

/// The refusal as it is; or `GONE` where nothing was found because the place has been deleted.
pub async fn explained(pool: &PgPool, caller: &Caller, org: &str, place: Option<Place>, problem: Problem) -> Problem {
    let Some(place) = place.filter(|_| problem.code == Code::NotFound) else { return problem };
    match place.is_deleted(pool, caller, org).await {
        Ok(true) => place.gone(),
        Ok(false) => problem,
        Err(error) => error.into(),
    }
}
