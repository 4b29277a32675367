//! The REST API of the end of a quarter.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{Known, OkrRow, known};
use crate::goal::okr::model::{CloseFields, Closing, OkrStatus, Outcome, Quarter};
use crate::goal::okr::store;
use crate::kernel::error::AppError;
use crate::kernel::role::Perm;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Body, Call, Listed, Problem, Resource, Wrong};

/// Objectives that are closed at once at most.
const OUTCOMES_MAX: usize = 200;

pub fn routes(api: Api) -> Api {
    let open = "/orgs/{org}/products/{key}/quarters/{quarter}/open-okrs";
    let closed = "/orgs/{org}/products/{key}/quarters/{quarter}/close";
    api.tag("Quarters", "The end of a quarter: what becomes of the objectives that are still worked on.")
        .list(open, Perm::PlanWrite, "The OKRs of the quarter that are `ACTIVE` still, with what is proposed for each.", list)
        .act(
            closed,
            Perm::PlanWrite,
            "Completes or cancels OKRs of the quarter, all or none, and carries over what is unfinished; those that are `ACTIVE` in it \
             afterwards are answered, each with what is proposed for it. One that is not `ACTIVE` in the quarter any more is `409`.",
            close,
        )
}

/// An OKR that is worked on still.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OpenOkr {
    #[serde(flatten)]
    okr: OkrRow,
    /// How many of its key results are not reached.
    unfinished: i64,
    /// What the page that closes a quarter begins with: `COMPLETE` at a progress of 100, else `COMPLETE_CARRY`.
    proposed: Outcome,
}

impl OpenOkr {
    fn of(closing: Closing, known: &Known) -> OpenOkr {
        let Closing { okr, unfinished } = closing;
        OpenOkr { proposed: Outcome::proposed(okr.progress), okr: OkrRow::of(okr, known), unfinished }
    }
}

/// The status in which what is carried over begins.
#[derive(Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum OkrBegin {
    #[default]
    Draft,
    Active,
}

/// What becomes of one objective.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OkrClosing {
    /// An OKR of the product that is `ACTIVE` in the quarter.
    okr_id: String,
    outcome: Outcome,
}

/// What becomes of a quarter's objectives; those that are not named stay as they are.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuarterClose {
    /// Each OKR once.
    #[schema(min_items = 1, max_items = 200)]
    outcomes: Vec<OkrClosing>,
    // The status in which what is carried over begins. A doc comment would make an object of it in the specification.
    #[serde(default)]
    #[schema(inline)]
    begin: OkrBegin,
}

impl Body for QuarterClose {
    fn example() -> Value {
        json!({ "outcomes": [{ "okrId": "cmig3k2p40001qw8h5x7y2z9a", "outcome": "COMPLETE_CARRY" }], "begin": "DRAFT" })
    }
}

impl QuarterClose {
    fn fields(self, quarter: Quarter) -> Result<CloseFields, Problem> {
        let wrong = |count: usize| !(1..=OUTCOMES_MAX).contains(&count);
        if wrong(self.outcomes.len()) {
            return Err(Problem::at("#/outcomes", format!("Name from one to {OUTCOMES_MAX} objectives.")));
        }
        let again = |at: usize| self.outcomes.iter().take(at).any(|other| other.okr_id == self.outcomes[at].okr_id);
        let twice: Vec<Wrong> = (0..self.outcomes.len())
            .filter(|at| again(*at))
            .map(|at| Wrong::at(format!("#/outcomes/{at}/okrId"), "This objective is named already."))
            .collect();
        if !twice.is_empty() {
            return Err(Problem::of(twice));
        }
        let begin = match self.begin {
            OkrBegin::Draft => OkrStatus::Draft,
            OkrBegin::Active => OkrStatus::Active,
        };
        Ok(CloseFields { quarter, begin, outcomes: self.outcomes.into_iter().map(|one| (one.okr_id, one.outcome)).collect() })
    }
}

/// What is worked on in a quarter still, once it was closed.
#[derive(Serialize, ToSchema)]
struct OpenOkrs {
    /// Those that are `ACTIVE` in the quarter, at most 200: what was left so, and what was not named. What was carried over is not among
    /// them, for it is in the next quarter.
    okrs: Vec<OpenOkr>,
}

impl Resource for OpenOkrs {
    fn key(&self) -> String {
        String::new()
    }
}

/// The quarter of the address.
fn quarter(call: &Call) -> Result<Quarter, Problem> {
    Ok(Quarter::parse(&call.at("quarter")).ok_or(AppError::NotFound)?)
}

async fn open(call: &mut Call, quarter: Quarter) -> Result<Vec<OpenOkr>, Problem> {
    let key = call.at("key");
    let product = store::product(&mut call.scope, &key).await?;
    let open = store::close::list(&mut call.scope, &product.id, quarter).await?;
    let known = known(call, &open.iter().map(|closing| &closing.okr).collect::<Vec<_>>()).await?;
    Ok(open.into_iter().map(|closing| OpenOkr::of(closing, &known)).collect())
}

async fn list(mut call: Call, _: Whole) -> Answered<Listed<OpenOkr>> {
    let quarter = quarter(&call)?;
    let okrs = open(&mut call, quarter).await?;
    call.done(Listed::all(okrs))
}

async fn close(mut call: Call, body: QuarterClose) -> Answered<OpenOkrs> {
    let quarter = quarter(&call)?;
    let (key, fields) = (call.at("key"), body.fields(quarter)?);
    let product = store::product(&mut call.scope, &key).await?;
    let ids: Vec<String> = fields.outcomes.iter().map(|(id, _)| id.clone()).collect();
    let strange = store::close::strange(&mut call.scope, &product.id, &ids).await?;
    if !strange.is_empty() {
        let told = |at: usize| Wrong::at(format!("#/outcomes/{at}/okrId"), "Name an objective of the product that has not been deleted.");
        return Err(Problem::of(strange.into_iter().map(told).collect()));
    }
    store::close::close(&mut call.scope, &key, &fields).await?;
    let okrs = open(&mut call, quarter).await?;
    call.done(OpenOkrs { okrs })
}
