//! What the statistics say of an experiment: finished numbers and sentences, as they go to the browser.

mod power;
mod result;
mod settings;
mod value;

pub use power::{Find, PowerAnswer, PowerQuestion};
pub use result::{Analysis, Band, Comparison, Cuped, Decision, Exposure, Look, Measured, MetricResult, Srm, SrmVariant, Standing, Verdict};
pub use settings::{Correction, MetricDirection, MetricKind, MetricRole, Prior, Settings, Sides};
pub use value::{Belief, CannotCompute, Computed, Effect, Interval, P, Test};
