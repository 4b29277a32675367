//! The answer in words. It rests on the sequential test alone, so that it may be read every day.

use super::input::Variant;
use super::srm::ALARM;
use super::standing::{Told, UNITS_MIN};
use crate::experiment::model::analysis::{Comparison, Computed, Decision, MetricResult, MetricRole, Settings, Srm, Standing, Verdict};
use crate::experiment::model::number::shown;
use crate::kernel::text::grouped;

/// What can be said of one variant alone.
enum Fate {
    /// Something is better, nothing worse, and every guardrail with a margin is safe.
    Ship(String),
    Stop(String),
    Run(String),
}

/// One variant in one metric.
struct Place<'a> {
    metric: &'a MetricResult,
    comparison: &'a Comparison,
}

impl Place<'_> {
    fn primary(&self) -> bool {
        self.metric.role == MetricRole::Primary
    }

    /// `“Signups”: +12.3 % (…)`.
    fn text(&self, settings: &Settings) -> String {
        match Told::of(self.comparison, self.metric.kind) {
            Ok(told) => format!("“{}” {}", self.metric.name, told.text(settings)),
            Err(_) => format!("“{}”", self.metric.name),
        }
    }

    /// The estimated effect, the larger the better.
    fn gain(&self) -> f64 {
        Told::of(self.comparison, self.metric.kind).map_or(f64::MIN, |told| self.metric.direction.sign() * told.effect.estimate)
    }
}

/// What is to be done.
pub fn verdict(variants: &[Variant], metrics: &[MetricResult], srm: &Computed<Srm>, units: i64, settings: &Settings) -> Verdict {
    let notes = notes(variants, metrics, units, settings);
    let said = |decision, sentence: String| Verdict { decision, sentence, variant: None, notes: notes.clone() };
    if let Ok(srm) = srm
        && srm.alarm
    {
        return said(Decision::DoNotTrust, mismatch(srm));
    }
    if !metrics.iter().any(|metric| metric.role == MetricRole::Primary) {
        return said(Decision::NoAnswer, "There is no primary metric that could get better.".into());
    }
    // A variant that nobody comes to any more is no choice any more.
    let running = (1..variants.len()).filter(|at| variants[*at].weight > 0.0);
    let places: Vec<(usize, Vec<Place>)> =
        running.map(|at| (at, metrics.iter().map(|metric| Place { metric, comparison: &metric.comparisons[at - 1] }).collect())).collect();
    let primary = || places.iter().flat_map(|(_, places)| places).filter(|place| place.primary());
    if primary().all(|place| Told::of(place.comparison, place.metric.kind).is_err()) {
        let why = primary().next().map_or("No variant has a weight above zero.".into(), |place| place.comparison.sentence.clone());
        return said(Decision::NoAnswer, why);
    }
    let ended = settings.planned.is_some_and(|planned| units >= planned);
    let control = &variants[0].name;
    let fates: Vec<(usize, f64, Fate)> = places
        .iter()
        .map(|(at, places)| {
            let gain = places.iter().find(|place| place.primary()).map_or(f64::MIN, Place::gain);
            (*at, gain, fate(&variants[*at].name, control, places, ended, settings))
        })
        .collect();
    let winners = fates.iter().filter(|(_, _, fate)| matches!(fate, Fate::Ship(_)));
    if let Some((at, _, Fate::Ship(sentence))) = winners.max_by(|a, b| a.1.total_cmp(&b.1)) {
        return Verdict { variant: Some(variants[*at].id.clone()), ..said(Decision::Ship, sentence.clone()) };
    }
    let still: Vec<&str> =
        fates.iter().filter_map(|(_, _, fate)| if let Fate::Run(text) = fate { Some(text.as_str()) } else { None }).collect();
    if still.is_empty() {
        let stops = fates.iter().filter_map(|(_, _, fate)| if let Fate::Stop(text) = fate { Some(text.as_str()) } else { None });
        return said(Decision::Stop, stops.collect::<Vec<_>>().join(" "));
    }
    said(Decision::KeepRunning, still.join(" "))
}

fn fate(name: &str, control: &str, places: &[Place], ended: bool, settings: &Settings) -> Fate {
    let those = |standing: Standing, primary: bool| {
        let texts = places.iter().filter(|place| place.comparison.standing == standing && place.primary() == primary);
        let texts: Vec<String> = texts.map(|place| place.text(settings)).collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    };
    let better = those(Standing::Better, true);
    let worse: Vec<String> = [those(Standing::Worse, true), those(Standing::Worse, false)].into_iter().flatten().collect();
    if !worse.is_empty() {
        let gains = better.map(|better| format!(", though it is better in {better}")).unwrap_or_default();
        return Fate::Stop(format!("“{name}” is worse than “{control}” in {}{gains}.", worse.join(", ")));
    }
    let open =
        places.iter().filter(|place| !place.primary() && place.metric.margin.is_some() && place.comparison.standing == Standing::Undecided);
    let open: Vec<String> = open.map(|place| place.text(settings)).collect();
    match (better, open.is_empty()) {
        (Some(better), true) if places.iter().all(Place::primary) => {
            Fate::Ship(format!("“{name}” is better than “{control}” in {better}."))
        }
        (Some(better), true) => Fate::Ship(format!("“{name}” is better than “{control}” in {better}, and no guardrail is worse.")),
        (Some(better), false) => {
            let text =
                format!("“{name}” is better than “{control}” in {better}, but is not shown to be within the margin of {}", open.join(", "));
            if ended { Fate::Stop(format!("{text}, and all planned units have come.")) } else { Fate::Run(format!("{text}.")) }
        }
        (None, _) => {
            let seen: Vec<String> = places.iter().filter(|place| place.primary()).map(|place| place.text(settings)).collect();
            let text = format!("No difference between “{name}” and “{control}” is shown in {}", seen.join(", "));
            if ended { Fate::Stop(format!("{text}, and all planned units have come.")) } else { Fate::Run(format!("{text}.")) }
        }
    }
}

/// Where the units went and where they should have gone.
fn mismatch(srm: &Srm) -> String {
    let each = srm
        .variants
        .iter()
        .map(|one| format!("“{}” has {} units where {} were to be expected", one.name, grouped(one.observed), shown(one.expected)));
    format!(
        "Sample ratio mismatch: {} (χ² = {}, {}, below {ALARM}). Something other than chance decided who came to which variant, or who was \
         counted; find it before believing any other number here.",
        each.collect::<Vec<_>>().join(", "),
        shown(srm.chi2),
        srm.p,
    )
}

/// What else is to be known.
fn notes(variants: &[Variant], metrics: &[MetricResult], units: i64, settings: &Settings) -> Vec<String> {
    let mut notes = Vec::new();
    let ended = settings.planned.is_some_and(|planned| units >= planned);
    if let Some(planned) = settings.planned {
        notes.push(format!("{} of {} planned units have come.", grouped(units), grouped(planned)));
    }
    for variant in variants.iter().filter(|variant| variant.weight == 0.0) {
        notes.push(format!("“{}” has a weight of zero and is left out of the answer.", variant.name));
    }
    let places = || metrics.iter().flat_map(|metric| metric.comparisons.iter().map(move |comparison| Place { metric, comparison }));
    if places().any(|place| {
        Told::of(place.comparison, place.metric.kind).is_ok() && place.metric.control.n.min(place.comparison.measured.n) < UNITS_MIN
    }) {
        notes.push(format!("Nothing is settled before each variant has {UNITS_MIN} units."));
    }
    for Place { metric, comparison } in places() {
        let name = &comparison.measured.name;
        match Told::of(comparison, metric.kind) {
            Err(reason) => notes.push(format!("“{}” of “{name}”: {reason}", metric.name)),
            Ok(told) if ended && metric.role == MetricRole::Primary => notes.push(format!(
                "“{}” of “{name}” by the fixed-horizon test, which is valid only if this is the first look: {}.",
                metric.name,
                told.fixed_text(settings)
            )),
            Ok(_) => {}
        }
        if let Some(Err(reason)) = &comparison.cuped {
            notes.push(format!("“{}” of “{name}” is not adjusted by CUPED. {reason}", metric.name));
        }
    }
    notes
}
