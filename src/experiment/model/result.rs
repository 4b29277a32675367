//! What came in: sums over the users of a variant in a metric, by the day on which they came.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::UNITS_MAX;
use super::analysis::MetricKind;
use super::number::{number, whole};
use crate::kernel::day;
use crate::kernel::error::{AppError, FieldError};
use crate::kernel::page::Cursor;
use crate::kernel::version::{Edited, Shown, shown};

/// The largest sum, either way, and the largest sum of squares or products: so that what is made of them is a number too.
const SUM_MAX: f64 = 1e50;
const SQUARES_MAX: f64 = 1e100;
/// Lines of a refused file that are told.
const TOLD: usize = 20;

/// Sums over units, each counted once: on the day it first came, with all that it did since.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = ExperimentSums))]
#[serde(rename_all = "camelCase")]
pub struct Sums {
    /// Units.
    pub n: i64,
    /// Σy.
    pub sum: f64,
    /// Σy²; of a proportion the sum itself.
    pub sum_squares: f64,
    /// Σd of a ratio's denominators; with the next two there for a ratio alone.
    pub denominator_sum: Option<f64>,
    /// Σd².
    pub denominator_squares: Option<f64>,
    /// Σyd.
    pub denominator_cross: Option<f64>,
    /// Σx of what was known of the same units before; with the next two there or not.
    pub covariate_sum: Option<f64>,
    /// Σx².
    pub covariate_squares: Option<f64>,
    /// Σxy.
    pub covariate_cross: Option<f64>,
}

/// A result as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow, utoipa::ToSchema), sqlx(rename_all = "camelCase"), schema(as = ExperimentResult))]
#[serde(rename_all = "camelCase")]
pub struct MeasuredRow {
    pub id: String,
    pub experiment_id: String,
    pub variant_id: String,
    pub metric_id: String,
    pub day: NaiveDate,
    #[cfg_attr(feature = "ssr", sqlx(flatten))]
    #[serde(flatten)]
    pub sums: Sums,
}

/// The columns of a file of results, which are also the fields of the form. The last six may be missing.
pub const COLUMNS: [&str; 12] = [
    "day",
    "variant",
    "metric",
    "n",
    "sum",
    "sum_squares",
    "denominator_sum",
    "denominator_squares",
    "denominator_cross",
    "covariate_sum",
    "covariate_squares",
    "covariate_cross",
];

/// What is filled in of a result, or stands in a line of a file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ResultForm {
    pub day: String,
    /// A variant's id; in a file its name does as well.
    pub variant: String,
    /// As the last, of a metric.
    pub metric: String,
    pub n: String,
    pub sum: String,
    pub sum_squares: String,
    pub denominator_sum: String,
    pub denominator_squares: String,
    pub denominator_cross: String,
    pub covariate_sum: String,
    pub covariate_squares: String,
    pub covariate_cross: String,
}

/// A result, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultFields {
    pub day: NaiveDate,
    pub variant: String,
    pub metric: String,
    pub sums: Sums,
}

/// What is wrong with one of many results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// Which of them, from 0.
    pub row: i64,
    /// One of `COLUMNS`.
    pub field: String,
    pub message: String,
}

/// What became of many results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = ExperimentRecorded))]
pub struct Recorded {
    pub added: i64,
    /// Of a variant, metric and day that had another one.
    pub changed: i64,
    /// That were there already as they are.
    pub same: i64,
}

impl Recorded {
    /// The same in words.
    pub fn words(self) -> String {
        format!("{} added, {} changed, {} already there.", self.added, self.changed, self.same)
    }
}

/// A file's errors as those of its field, by the lines of the file.
pub fn refused(field: &str, errors: &[RowError], line: impl Fn(i64) -> i64) -> AppError {
    let mut lines: Vec<String> =
        errors.iter().take(TOLD).map(|error| format!("Line {}, {}: {}", line(error.row), error.field, error.message)).collect();
    if errors.len() > TOLD {
        lines.push(format!("And {} more.", errors.len() - TOLD));
    }
    lines.insert(0, "Nothing of this file was taken in.".into());
    AppError::field(field, lines.join("\n"))
}

fn bounded(typed: &str, low: f64, high: f64) -> Result<f64, String> {
    number(typed).and_then(|number| {
        let within = (low..=high).contains(&number);
        let told = if low == 0.0 && number < 0.0 { "A sum of squares is not below zero." } else { "This number is too large." };
        if within { Ok(number) } else { Err(told.into()) }
    })
}

/// Three sums that are there together or not at all.
fn three(fields: [(&'static str, &str); 3], needed: bool, errors: &mut Vec<FieldError>) -> [Option<f64>; 3] {
    if !needed && fields.iter().all(|(_, typed)| typed.trim().is_empty()) {
        return [None; 3];
    }
    let bounds = [(-SUM_MAX, SUM_MAX), (0.0, SQUARES_MAX), (-SQUARES_MAX, SQUARES_MAX)];
    std::array::from_fn(|at| {
        let ((field, typed), (low, high)) = (fields[at], bounds[at]);
        bounded(typed, low, high).map_err(|message| errors.push(FieldError::new(field, message))).ok()
    })
}

impl ResultForm {
    /// The field of this name among `COLUMNS`.
    pub fn set(&mut self, column: &str, value: String) {
        let field = match column {
            "day" => &mut self.day,
            "variant" => &mut self.variant,
            "metric" => &mut self.metric,
            "n" => &mut self.n,
            "sum" => &mut self.sum,
            "sum_squares" => &mut self.sum_squares,
            "denominator_sum" => &mut self.denominator_sum,
            "denominator_squares" => &mut self.denominator_squares,
            "denominator_cross" => &mut self.denominator_cross,
            "covariate_sum" => &mut self.covariate_sum,
            "covariate_squares" => &mut self.covariate_squares,
            "covariate_cross" => &mut self.covariate_cross,
            _ => return,
        };
        *field = value;
    }

    /// The day that is meant, within the experiment's own.
    pub fn day(&self, first: Option<NaiveDate>, last: NaiveDate) -> Result<NaiveDate, String> {
        let day = day::parse(&self.day)?.ok_or("Enter a day, such as 2026-11-23.")?.date_naive();
        match first {
            Some(first) if day < first => {
                Err(format!("The experiment began on {first}. If it began earlier, change its start date first."))
            }
            _ if day > last => Err(format!("This is after {last}, the last day that there can be results of.")),
            _ => Ok(day),
        }
    }

    /// The sums of a metric of this kind, or all that is wrong with them one by one. Whether they can be true together is for the
    /// statistics to say.
    pub fn sums(&self, kind: MetricKind) -> Result<Sums, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut note = |field: &str, message: String| errors.push(FieldError::new(field, message));
        let n = whole(&self.n, 1, UNITS_MAX).map_err(|message| note("n", message)).unwrap_or_default();
        let sum = bounded(&self.sum, -SUM_MAX, SUM_MAX).map_err(|message| note("sum", message)).unwrap_or_default();
        let squares = match kind {
            // Each unit counts one or nothing, and the square of either is itself.
            MetricKind::Proportion if self.sum_squares.trim().is_empty() => Ok(sum),
            MetricKind::Proportion => number(&self.sum_squares)
                .ok()
                .filter(|squares| *squares == sum)
                .ok_or_else(|| "Of a proportion this is the sum once more; leave it empty.".into()),
            _ => bounded(&self.sum_squares, 0.0, SQUARES_MAX),
        };
        let sum_squares = squares.map_err(|message| note("sum_squares", message)).unwrap_or_default();
        let denominator = [
            ("denominator_sum", self.denominator_sum.as_str()),
            ("denominator_squares", self.denominator_squares.as_str()),
            ("denominator_cross", self.denominator_cross.as_str()),
        ];
        let has_denominator = denominator.iter().find(|(_, typed)| !typed.trim().is_empty());
        if let Some((field, _)) = has_denominator.filter(|_| kind != MetricKind::Ratio) {
            errors.push(FieldError::new(field, "Only a ratio has a denominator."));
        }
        let denominator = if kind == MetricKind::Ratio { three(denominator, true, &mut errors) } else { [None; 3] };
        let covariate = [
            ("covariate_sum", self.covariate_sum.as_str()),
            ("covariate_squares", self.covariate_squares.as_str()),
            ("covariate_cross", self.covariate_cross.as_str()),
        ];
        let covariate = three(covariate, false, &mut errors);
        let sums = Sums {
            n,
            sum,
            sum_squares,
            denominator_sum: denominator[0],
            denominator_squares: denominator[1],
            denominator_cross: denominator[2],
            covariate_sum: covariate[0],
            covariate_squares: covariate[1],
            covariate_cross: covariate[2],
        };
        if errors.is_empty() { Ok(sums) } else { Err(errors) }
    }
}

impl From<&Sums> for ResultForm {
    fn from(sums: &Sums) -> Self {
        // Written so that it reads back to the bit.
        let typed = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        ResultForm {
            n: sums.n.to_string(),
            sum: sums.sum.to_string(),
            sum_squares: sums.sum_squares.to_string(),
            denominator_sum: typed(sums.denominator_sum),
            denominator_squares: typed(sums.denominator_squares),
            denominator_cross: typed(sums.denominator_cross),
            covariate_sum: typed(sums.covariate_sum),
            covariate_squares: typed(sums.covariate_squares),
            covariate_cross: typed(sums.covariate_cross),
            ..ResultForm::default()
        }
    }
}

impl Edited for Sums {
    fn shown(&self) -> Vec<Shown> {
        let form = ResultForm::from(self);
        vec![
            shown("n", "Units", form.n),
            shown("sum", "Sum", form.sum),
            shown("sum_squares", "Sum of squares", form.sum_squares),
            shown("denominator_sum", "Denominator: sum", form.denominator_sum),
            shown("denominator_squares", "Denominator: sum of squares", form.denominator_squares),
            shown("denominator_cross", "Denominator: sum of products", form.denominator_cross),
            shown("covariate_sum", "Before: sum", form.covariate_sum),
            shown("covariate_squares", "Before: sum of squares", form.covariate_squares),
            shown("covariate_cross", "Before: sum of products", form.covariate_cross),
        ]
    }
}

/// Which results are asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResultQuery {
    /// Of this metric alone, by its id.
    pub metric: Option<String>,
    pub cursor: Option<Cursor>,
}

impl ResultQuery {
    /// Reads the parameters of an address; what it does not know it leaves out.
    pub fn of_params(get: impl Fn(&str) -> Option<String>) -> ResultQuery {
        let word = |id: &String| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric());
        ResultQuery { metric: get("metric").filter(word), cursor: get("at").and_then(|word| Cursor::decode(&word)) }
    }

    /// The same as parameters of an address, led by `?`; nothing for the plain list.
    pub fn params(&self) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.metric.as_ref().map(|metric| format!("metric={metric}")));
        pairs.extend(self.cursor.as_ref().map(|cursor| format!("at={}", cursor.encode())));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(n: &str, sum: &str, squares: &str) -> ResultForm {
        ResultForm { n: n.into(), sum: sum.into(), sum_squares: squares.into(), ..Default::default() }
    }

    #[test]
    fn what_is_no_number_is_told_by_its_field() {
        for wrong in ["", "NaN", "inf", "-inf", "1e51", "x"] {
            let errors = form("10", wrong, "100").sums(MetricKind::Mean).unwrap_err();
            assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["sum"], "{wrong}");
        }
        for n in ["0", "-1", "1.5", "", "NaN", "1000000000001"] {
            assert_eq!(form(n, "1", "1").sums(MetricKind::Mean).unwrap_err()[0].field, "n", "{n}");
        }
        assert!(form("1", "1", "1").sums(MetricKind::Mean).is_ok(), "one unit a day is a day's result");
        assert_eq!(form("9", "1", "-1").sums(MetricKind::Mean).unwrap_err()[0].field, "sum_squares");
    }

    #[test]
    fn each_kind_has_the_sums_that_it_needs() {
        assert_eq!(form("10", "4", "").sums(MetricKind::Proportion).unwrap().sum_squares, 4.0);
        assert!(form("10", "4", "4").sums(MetricKind::Proportion).is_ok());
        assert_eq!(form("10", "4", "5").sums(MetricKind::Proportion).unwrap_err()[0].field, "sum_squares");
        let ratio = ResultForm { denominator_sum: "20".into(), denominator_squares: "50".into(), ..form("10", "4", "9") };
        assert_eq!(ratio.sums(MetricKind::Ratio).unwrap_err()[0].field, "denominator_cross");
        assert_eq!(ratio.sums(MetricKind::Mean).unwrap_err()[0].field, "denominator_sum");
        let whole = ResultForm { denominator_cross: "9".into(), ..ratio };
        assert_eq!(whole.sums(MetricKind::Ratio).unwrap().denominator_cross, Some(9.0));
        let half = ResultForm { covariate_sum: "1".into(), ..form("10", "4", "9") };
        assert_eq!(half.sums(MetricKind::Mean).unwrap_err().len(), 2);
    }

    #[test]
    fn days_lie_within_the_experiment() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let day = |text: &str| ResultForm { day: text.into(), ..Default::default() }.day(Some(date("2026-11-02")), date("2026-11-16"));
        assert_eq!(day("2026-11-02"), Ok(date("2026-11-02")));
        for wrong in ["", "x", "2026-11-01", "2026-11-17", "2026-02-30"] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_stored_reads_back(sum in -1e50..1e50, squares in 0.0..1e100) {
            let sums = Sums { n: 3, sum, sum_squares: squares, covariate_sum: Some(sum), covariate_squares: Some(squares), covariate_cross: Some(-squares), ..Default::default() };
            prop_assert_eq!(ResultForm::from(&sums).sums(MetricKind::Mean), Ok(sums));
        }
    }
}
