//! What is said of results.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::experiment::model::analysis::MetricKind;
use crate::experiment::model::{ResultForm, Sums};
use crate::server::rest::Body;
use crate::server::rest::value::Day;

/// The result of a variant, metric and day. A proportion needs its sum alone; a ratio needs what is said of its denominator.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResultBody {
    /// Not before the experiment's start.
    day: Day,
    /// A variant, by its id or its name.
    variant: String,
    /// A metric, by its id or its name.
    metric: String,
    /// Units: each is counted once, on the day on which it first came.
    #[schema(minimum = 1, maximum = 1000000000000_i64)]
    pub n: i64,
    /// Σy, of all that these units did since.
    sum: f64,
    /// Σy².
    sum_squares: Option<f64>,
    /// Σd of a ratio's denominators.
    denominator_sum: Option<f64>,
    /// Σd².
    denominator_squares: Option<f64>,
    /// Σyd.
    denominator_cross: Option<f64>,
    /// Σx of what was known of the same units before; with the next two or not at all.
    covariate_sum: Option<f64>,
    /// Σx².
    covariate_squares: Option<f64>,
    /// Σxy.
    covariate_cross: Option<f64>,
}

impl Body for ResultBody {
    fn example() -> Value {
        json!({ "day": "2026-11-23", "variant": "Three fields", "metric": "Signed up", "n": 1250, "sum": 168 })
    }
}

/// The sums of a result, as in `ResultBody`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SumsBody {
    #[schema(minimum = 1, maximum = 1000000000000_i64)]
    n: i64,
    sum: f64,
    sum_squares: Option<f64>,
    denominator_sum: Option<f64>,
    denominator_squares: Option<f64>,
    denominator_cross: Option<f64>,
    covariate_sum: Option<f64>,
    covariate_squares: Option<f64>,
    covariate_cross: Option<f64>,
}

impl Body for SumsBody {
    fn example() -> Value {
        json!({ "n": 1250, "sum": 171 })
    }
}

/// Results of many variants, metrics and days.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultsBody {
    #[schema(min_items = 1, max_items = 5000)]
    pub results: Vec<ResultBody>,
}

impl Body for ResultsBody {
    fn example() -> Value {
        let control = json!({ "day": "2026-11-23", "variant": "Control", "metric": "Signed up", "n": 1244, "sum": 149 });
        json!({ "results": [control, ResultBody::example()] })
    }
}

/// What a form holds for a number; it reads back to the bit.
fn typed(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

impl From<SumsBody> for ResultForm {
    fn from(body: SumsBody) -> Self {
        ResultForm {
            n: body.n.to_string(),
            sum: body.sum.to_string(),
            sum_squares: typed(body.sum_squares),
            denominator_sum: typed(body.denominator_sum),
            denominator_squares: typed(body.denominator_squares),
            denominator_cross: typed(body.denominator_cross),
            covariate_sum: typed(body.covariate_sum),
            covariate_squares: typed(body.covariate_squares),
            covariate_cross: typed(body.covariate_cross),
            ..ResultForm::default()
        }
    }
}

impl From<ResultBody> for ResultForm {
    fn from(body: ResultBody) -> Self {
        let ResultBody { day, variant, metric, n, sum, sum_squares, .. } = body;
        let sums = SumsBody {
            n,
            sum,
            sum_squares,
            denominator_sum: body.denominator_sum,
            denominator_squares: body.denominator_squares,
            denominator_cross: body.denominator_cross,
            covariate_sum: body.covariate_sum,
            covariate_squares: body.covariate_squares,
            covariate_cross: body.covariate_cross,
        };
        ResultForm { day: Day::typed(Some(day)), variant, metric, ..ResultForm::from(sums) }
    }
}

/// The sums that are stored, and of what kind of metric.
impl From<(Sums, MetricKind)> for SumsBody {
    fn from((sums, kind): (Sums, MetricKind)) -> Self {
        SumsBody {
            n: sums.n,
            sum: sums.sum,
            // Of a proportion it follows from the sum, whatever becomes of that.
            sum_squares: (kind != MetricKind::Proportion).then_some(sums.sum_squares),
            denominator_sum: sums.denominator_sum,
            denominator_squares: sums.denominator_squares,
            denominator_cross: sums.denominator_cross,
            covariate_sum: sums.covariate_sum,
            covariate_squares: sums.covariate_squares,
            covariate_cross: sums.covariate_cross,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::rest::Patch;

    #[test]
    fn a_change_of_a_proportion_takes_its_squares_along() {
        let stored = Sums { n: 100, sum: 10.0, sum_squares: 10.0, ..Sums::default() };
        let changed = |kind| {
            let patch = Patch::<SumsBody>::read(br#"{"sum":11}"#).unwrap();
            ResultForm::from(patch.over((stored, kind)).unwrap()).sums(kind).unwrap()
        };
        assert_eq!((changed(MetricKind::Proportion).sum_squares, changed(MetricKind::Mean).sum_squares), (11.0, 10.0));
    }
}
