//! The REST API of exit criteria, which an organisation sets for each stage of its products' lives.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::{CRITERION_MAX, CriteriaFields, CriteriaForm, StageCriteria};
use super::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::kernel::text;
use crate::kernel::version::Edited;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Body, Call, Listed, Patch, Problem, Resource, Wrong, itemized};

pub fn routes(api: Api) -> Api {
    let one = "/orgs/{org}/lifecycle-criteria/{stage}";
    api.tag(
        "Exit criteria",
        "What has to hold before a product leaves a stage, for all products of the organisation; not changed by tokens for some products.",
    )
    .list("/orgs/{org}/lifecycle-criteria", Perm::Read, "The stages with their criteria, in order.", list)
    .get(one, Perm::Read, "One stage with its criteria.", get)
    .change(one, Perm::ProductWrite, "Gives a stage other criteria; none brings those back that come with the program.", change)
}

impl Resource for StageCriteria {
    fn key(&self) -> String {
        self.stage.word().to_owned()
    }

    fn version(&self) -> Option<String> {
        Some(CriteriaFields { criteria: self.criteria.clone() }.version())
    }
}

/// The criteria of a stage.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CriteriaBody {
    /// Each on one line, of at most 200 characters.
    #[schema(max_items = 20)]
    criteria: Vec<String>,
}

impl Body for CriteriaBody {
    fn example() -> Value {
        json!({ "criteria": ["Ten customers have been asked.", "The problem is written down."] })
    }
}

impl From<&StageCriteria> for CriteriaBody {
    fn from(stage: &StageCriteria) -> Self {
        CriteriaBody { criteria: stage.criteria.clone() }
    }
}

impl CriteriaBody {
    fn checked(self) -> Result<CriteriaFields, Problem> {
        let checked = |line: &str| match line.trim().is_empty() || line.contains(['\n', '\r']) {
            true => Err("Enter a criterion on one line.".to_owned()),
            false => text::line(line, "a criterion", CRITERION_MAX),
        };
        let told = |(at, line): (usize, &String)| Some(Wrong::at(format!("#/criteria/{at}"), checked(line).err()?));
        let wrong: Vec<Wrong> = self.criteria.iter().enumerate().filter_map(told).collect();
        itemized(CriteriaForm { criteria: self.criteria.join("\n") }.validate(), "criteria", wrong)
    }
}

/// The stage of the address.
async fn read(call: &mut Call) -> Result<StageCriteria, Problem> {
    let word = call.at("stage");
    let stages = store::stages(&mut call.scope).await?;
    Ok(stages.into_iter().find(|one| one.stage.word() == word).ok_or(AppError::NotFound)?)
}

async fn list(mut call: Call, _: Whole) -> Answered<Listed<StageCriteria>> {
    let stages = store::stages(&mut call.scope).await?;
    call.done(Listed::all(stages))
}

async fn get(mut call: Call, _: Whole) -> Answered<StageCriteria> {
    let stage = read(&mut call).await?;
    call.done(stage)
}

async fn change(mut call: Call, patch: Patch<CriteriaBody>) -> Answered<StageCriteria> {
    call.whole()?;
    let mut seen = call.seen();
    loop {
        let stage = read(&mut call).await?;
        let version = seen.version(&stage)?;
        let fields = patch.over(&stage)?.checked()?;
        if seen.is_settled(store::set_criteria(&mut call.scope, stage.stage, &version, fields).await)? {
            break;
        }
    }
    let stage = read(&mut call).await?;
    call.done(stage)
}
