//! The REST API of key results and of what is said of them from week to week.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::read as objective;
use crate::goal::okr::model::{CheckIn, CheckInForm, Direction, KeyResult, Measure, ResultFields, ResultForm, typed};
use crate::goal::okr::store::result as store;
use crate::kernel::entry::Entry;
use crate::kernel::role::Perm;
use crate::kernel::version::Edited;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Body, Call, Listed, Patch, Problem, Resource, Wrong, both, living};

pub fn routes(api: Api) -> Api {
    let all = "/orgs/{org}/products/{key}/okrs/{id}/key-results";
    let one = "/orgs/{org}/products/{key}/okrs/{id}/key-results/{result}";
    let check_ins = "/orgs/{org}/products/{key}/okrs/{id}/key-results/{result}/check-ins";
    api.tag("Key results", "What an objective is measured by, and where that stands.")
        .list(all, Perm::Read, "The objective's key results, in the order in which they were added.", list)
        .create(all, Perm::PlanWrite, "Adds a key result; it begins at its start.", create)
        .get(one, Perm::Read, "One key result.", get)
        .change(one, Perm::PlanWrite, "Changes a key result.", change)
        .delete(one, Perm::PlanWrite, "Takes a key result away for good, with its check-ins.", delete)
        .list(check_ins, Perm::Read, "What was said of the key result, the newest first.", check_ins_of)
        .act(check_ins, Perm::WorkWrite, "Says where the key result stands now; it is answered as it is with that.", check_in)
}

/// A key result with how far it is.
#[derive(Serialize, ToSchema)]
struct KeyResultRow {
    #[serde(flatten)]
    result: KeyResult,
    /// From 0 to 100.
    progress: f64,
}

impl From<KeyResult> for KeyResultRow {
    fn from(result: KeyResult) -> Self {
        KeyResultRow { progress: result.progress(), result }
    }
}

impl Resource for KeyResultRow {
    fn key(&self) -> String {
        self.result.id.clone()
    }

    fn version(&self) -> Option<String> {
        Some(ResultFields::from(&self.result).version())
    }
}

/// What is said of a key result. One that goes up or down has a target; one that is to be maintained a lowest and a highest value.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KeyResultBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// Markdown.
    #[schema(max_length = 20000)]
    description: Option<String>,
    #[serde(default)]
    #[schema(inline)]
    direction: Direction,
    /// What its values are counted in, such as `%`.
    #[serde(default)]
    #[schema(max_length = 40)]
    unit: String,
    /// Where it begins.
    #[serde(default)]
    start_value: f64,
    /// Of one that is to go up or down.
    target_value: Option<f64>,
    /// Of one that is to be maintained, as the next.
    lower_bound: Option<f64>,
    upper_bound: Option<f64>,
}

impl Body for KeyResultBody {
    const NAMES: &'static [(&'static str, &'static str)] =
        &[("start", "startValue"), ("target", "targetValue"), ("lower", "lowerBound"), ("upper", "upperBound")];

    fn example() -> Value {
        json!({ "title": "Teams that plan every week", "direction": "INCREASE", "unit": "%", "startValue": 20, "targetValue": 60 })
    }
}

impl KeyResultBody {
    /// Bounds belong to what is to be maintained, and a target to what is not; those that are stored may be sent again.
    ///
    /// # Errors
    /// Of what would be passed over.
    fn has_its_own(&self, stored: Option<&KeyResult>) -> Result<(), Problem> {
        if self.direction == Direction::Maintain {
            return match self.target_value.is_none() || self.target_value == stored.map(|result| result.target_value) {
                true => Ok(()),
                false => Err(Problem::at("#/targetValue", "A key result that is to be maintained has bounds in place of a target.")),
            };
        }
        let (lower, upper) = match stored {
            Some(result) if result.direction == Direction::Maintain => {
                let band = result.measure().band;
                (Some(band.0), Some(band.1))
            }
            Some(result) => (result.lower_bound, result.upper_bound),
            None => (None, None),
        };
        let bounds = [("lowerBound", self.lower_bound, lower), ("upperBound", self.upper_bound, upper)];
        let told = "Only a key result that is to be maintained has bounds.";
        let passed_over = bounds.into_iter().filter(|(_, given, stored)| given.is_some() && given != stored);
        let wrong: Vec<Wrong> = passed_over.map(|(name, _, _)| Wrong::at(format!("#/{name}"), told)).collect();
        if wrong.is_empty() { Ok(()) } else { Err(Problem::of(wrong)) }
    }
}

impl From<&KeyResultRow> for KeyResultBody {
    fn from(row: &KeyResultRow) -> Self {
        let ResultFields { title, description, unit, measure } = ResultFields::from(&row.result);
        let Measure { direction, start, target, band } = measure;
        let band = (direction == Direction::Maintain).then_some(band);
        KeyResultBody {
            title,
            description,
            direction,
            unit,
            start_value: start,
            // Of one that is to be maintained it is made of the bounds.
            target_value: band.is_none().then_some(target),
            lower_bound: band.map(|band| band.0),
            upper_bound: band.map(|band| band.1),
        }
    }
}

impl From<KeyResultBody> for ResultForm {
    fn from(body: KeyResultBody) -> Self {
        let number = |value: Option<f64>| value.map(typed).unwrap_or_default();
        ResultForm {
            title: body.title,
            description: body.description.unwrap_or_default(),
            direction: body.direction.word().into(),
            unit: body.unit,
            start: typed(body.start_value),
            target: number(body.target_value),
            lower: number(body.lower_bound),
            upper: number(body.upper_bound),
        }
    }
}

/// Where a key result stands.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckInBody {
    /// Where it stands now, in its unit.
    value: f64,
    #[schema(max_length = 5000)]
    note: Option<String>,
    /// That the target will be reached, from 0 to 10.
    #[schema(minimum = 0, maximum = 10)]
    confidence: Option<i32>,
}

impl Body for CheckInBody {
    fn example() -> Value {
        json!({ "value": 35, "note": "The import has brought two teams.", "confidence": 7 })
    }
}

impl From<CheckInBody> for CheckInForm {
    fn from(body: CheckInBody) -> Self {
        CheckInForm { value: typed(body.value), note: body.note.unwrap_or_default(), confidence: Entry::from(body.confidence) }
    }
}

/// The id of the live objective of the address.
async fn okr(call: &mut Call) -> Result<String, Problem> {
    Ok(living(objective(call).await?)?.id)
}

/// The key result of the address.
async fn read(call: &mut Call) -> Result<KeyResultRow, Problem> {
    let result = call.at("result");
    let okr = okr(call).await?;
    Ok(store::get(&mut call.scope, &okr, &result).await?.into())
}

async fn list(mut call: Call, _: Whole) -> Answered<Listed<KeyResultRow>> {
    let okr = okr(&mut call).await?;
    let results = store::list(&mut call.scope, &okr).await?;
    call.done(Listed::all(results).map(KeyResultRow::from))
}

async fn get(mut call: Call, _: Whole) -> Answered<KeyResultRow> {
    let result = read(&mut call).await?;
    call.done(result)
}

async fn create(mut call: Call, body: KeyResultBody) -> Answered<KeyResultRow> {
    let own = body.has_its_own(None);
    let (fields, ()) = both(ResultForm::from(body).validate(), own)?;
    let okr = okr(&mut call).await?;
    let id = store::add(&mut call.scope, &okr, fields).await?;
    let result = store::get(&mut call.scope, &okr, &id).await?;
    call.done(result.into())
}

async fn change(mut call: Call, patch: Patch<KeyResultBody>) -> Answered<KeyResultRow> {
    let mut seen = call.seen();
    loop {
        let row = read(&mut call).await?;
        let version = seen.version(&row)?;
        let body = patch.over(&row)?;
        let own = body.has_its_own(Some(&row.result));
        let (fields, ()) = both(ResultForm::from(body).validate(), own)?;
        if seen.is_settled(store::update(&mut call.scope, &row.result.id, &version, fields).await)? {
            break;
        }
    }
    let row = read(&mut call).await?;
    call.done(row)
}

async fn delete(mut call: Call) -> Answered<()> {
    let row = read(&mut call).await?;
    store::remove(&mut call.scope, &row.result.id, true).await?;
    call.done(())
}

async fn check_ins_of(mut call: Call, _: Whole) -> Answered<Listed<CheckIn>> {
    let (row, cursor) = (read(&mut call).await?, call.cursor()?);
    let page = store::check_ins(&mut call.scope, &row.result.id, cursor.as_ref()).await?;
    call.done(page.into())
}

async fn check_in(mut call: Call, body: CheckInBody) -> Answered<KeyResultRow> {
    let fields = CheckInForm::from(body).validate()?;
    let row = read(&mut call).await?;
    store::check_in(&mut call.scope, &row.result.id, fields).await?;
    let row = read(&mut call).await?;
    call.done(row)
}
