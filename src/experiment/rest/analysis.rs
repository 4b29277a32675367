//! The REST API of what the data say of an experiment.

use serde::Serialize;
use utoipa::ToSchema;

use crate::experiment::model::analysis::{
    Analysis, Belief, Comparison, Computed, Decision, Effect, Measured, MetricDirection, MetricKind, MetricResult, MetricRole, Srm,
    SrmVariant, Standing, Test,
};
use crate::experiment::store;
use crate::kernel::role::Perm;
use crate::server::rest::query::Whole;
use crate::server::rest::{Answered, Api, Call, Resource};

pub fn routes(api: Api) -> Api {
    let one = "/orgs/{org}/products/{key}/experiments/{id}/analysis";
    api.tag(
        "Analyses of experiments",
        "What the data say, in numbers and in words. It rests on a sequential test, so it may be read every day.",
    )
    .get(one, Perm::Read, "What the data say of the experiment; of a completed one as it was when that was decided.", get)
}

/// What the data say. A number that cannot be computed is `null`, and a sentence says why.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ExperimentAnalysis {
    /// What is to be done; nothing for a draft, and where nothing can be computed.
    advice: Option<Decision>,
    /// The reason in a sentence with its numbers, or why there is no answer.
    sentence: String,
    /// The id of the variant to ship.
    variant_id: Option<String>,
    /// What else is to be known, a sentence each.
    notes: Vec<String>,
    /// Units in all variants, by the first primary metric.
    units: Option<i64>,
    sample_ratio: Option<SampleRatio>,
    metrics: Vec<MetricAnalysis>,
}

/// Whether the units were shared out among the variants as they should have been.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SampleRatio {
    chi2: f64,
    df: i64,
    p: f64,
    /// What the experiment says is not to be trusted.
    alarm: bool,
    variants: Vec<SampleShare>,
}

/// Units of a variant as they came and as they should have come.
#[derive(Serialize, ToSchema)]
struct SampleShare {
    name: String,
    observed: i64,
    expected: f64,
}

impl From<Srm> for SampleRatio {
    fn from(srm: Srm) -> Self {
        let share = |one: SrmVariant| SampleShare { name: one.name, observed: one.observed, expected: one.expected };
        SampleRatio {
            chi2: srm.chi2,
            df: srm.df,
            p: srm.p.value(),
            alarm: srm.alarm,
            variants: srm.variants.into_iter().map(share).collect(),
        }
    }
}

/// All of one metric.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MetricAnalysis {
    metric_id: String,
    name: String,
    kind: MetricKind,
    direction: MetricDirection,
    role: MetricRole,
    margin: Option<f64>,
    control: VariantMeasure,
    /// The other variants, each against the control.
    comparisons: Vec<VariantComparison>,
}

/// One variant of one metric as it was measured.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct VariantMeasure {
    variant_id: String,
    name: String,
    /// Units.
    n: i64,
    /// The share, mean or ratio.
    mean: Option<f64>,
    /// Standard deviation of one unit.
    sd: Option<f64>,
}

impl From<Measured> for VariantMeasure {
    fn from(measured: Measured) -> Self {
        let Measured { variant, name, n, mean, sd } = measured;
        VariantMeasure { variant_id: variant, name, n, mean: mean.ok(), sd: sd.ok() }
    }
}

/// One variant against the control in one metric.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct VariantComparison {
    #[serde(flatten)]
    measured: VariantMeasure,
    standing: Standing,
    /// The standing in a sentence with its numbers, or why there is none.
    sentence: String,
    /// In the metric's unit.
    absolute: Option<VariantEffect>,
    /// As of 0.05 for five per cent.
    relative: Option<VariantEffect>,
    /// The share of the variance that knowing the units from before has taken away, 0 to 1.
    cuped_reduction: Option<f64>,
}

impl From<Comparison> for VariantComparison {
    fn from(comparison: Comparison) -> Self {
        let Comparison { measured, absolute, relative, cuped, standing, sentence, .. } = comparison;
        VariantComparison {
            measured: measured.into(),
            standing,
            sentence,
            absolute: absolute.ok().map(VariantEffect::from),
            relative: relative.ok().map(VariantEffect::from),
            cuped_reduction: cuped.and_then(Computed::ok).map(|cuped| cuped.reduction),
        }
    }
}

/// The difference of a variant from the control.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct VariantEffect {
    estimate: f64,
    /// Its standard error.
    se: f64,
    /// Welch's degrees of freedom.
    df: f64,
    /// Valid at every look.
    sequential: EffectTest,
    /// Valid only if it is looked at once, at the end.
    fixed: EffectTest,
    belief: Option<Belief>,
}

impl From<Effect> for VariantEffect {
    fn from(effect: Effect) -> Self {
        let Effect { estimate, se, df, fixed, sequential, belief } = effect;
        VariantEffect { estimate, se, df, sequential: sequential.into(), fixed: fixed.into(), belief: belief.ok() }
    }
}

/// A test of there being no effect, and the interval of the effects that it does not refuse; an end that is missing is none.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EffectTest {
    low: Option<f64>,
    high: Option<f64>,
    p: f64,
    /// Corrected for the number of metrics and variants.
    adjusted_p: f64,
}

impl From<Test> for EffectTest {
    fn from(test: Test) -> Self {
        EffectTest { low: test.interval.low, high: test.interval.high, p: test.p.value(), adjusted_p: test.adjusted.value() }
    }
}

impl From<MetricResult> for MetricAnalysis {
    fn from(result: MetricResult) -> Self {
        let MetricResult { metric, name, kind, direction, role, margin, control, comparisons } = result;
        let comparisons = comparisons.into_iter().map(VariantComparison::from).collect();
        MetricAnalysis { metric_id: metric, name, kind, direction, role, margin, control: control.into(), comparisons }
    }
}

impl From<Analysis> for ExperimentAnalysis {
    fn from(analysis: Analysis) -> Self {
        let Analysis { verdict, srm, units, metrics, .. } = analysis;
        ExperimentAnalysis {
            advice: Some(verdict.decision),
            sentence: verdict.sentence,
            variant_id: verdict.variant,
            notes: verdict.notes,
            units: Some(units),
            sample_ratio: srm.ok().map(SampleRatio::from),
            metrics: metrics.into_iter().map(MetricAnalysis::from).collect(),
        }
    }
}

impl ExperimentAnalysis {
    /// Where there is nothing to be said, for this reason.
    fn none(why: String) -> ExperimentAnalysis {
        let (notes, metrics) = (Vec::new(), Vec::new());
        ExperimentAnalysis { advice: None, sentence: why, variant_id: None, notes, units: None, sample_ratio: None, metrics }
    }
}

impl Resource for ExperimentAnalysis {
    fn key(&self) -> String {
        String::new()
    }
}

async fn get(mut call: Call, _: Whole) -> Answered<ExperimentAnalysis> {
    let (key, (experiment, _, _)) = (call.at("key"), super::live(&mut call).await?);
    let page = store::page(&mut call.scope, &key, &experiment.id).await?;
    let nothing = || "There are no results yet.".to_owned();
    let analysis = page.analysis.map(ExperimentAnalysis::from);
    call.done(analysis.unwrap_or_else(|| ExperimentAnalysis::none(page.cannot.unwrap_or_else(nothing))))
}
