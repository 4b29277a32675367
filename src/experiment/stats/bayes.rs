//! What a Bayesian believes: a normal prior, a normal likelihood and so a normal posterior.

use super::Rule;
use super::difference::Difference;
use super::sample::because;
use super::tails::{excess, normal_cdf};
use crate::experiment::model::analysis::{Belief, Computed, Prior};

/// The belief in an effect after the data. `unit` is what an effect of one is in the prior's scale: 1 for a relative effect,
/// the absolute value of the control's mean for an absolute one.
pub fn belief(difference: &Difference, unit: f64, rule: &Rule) -> Computed<Belief> {
    let Difference { estimate, se, .. } = *difference;
    let (mean, sd) = match rule.prior {
        None => (estimate, se),
        Some(_) if unit == 0.0 => return because("the prior is of relative effects, and the control's mean is zero"),
        Some(Prior { mean, variance }) => {
            // The weight of the data against the prior's, from the ratio of their standard errors.
            let ratio = se / (variance.sqrt() * unit);
            let (data, prior) = (1.0 / (1.0 + ratio * ratio), 1.0 / (1.0 + (1.0 / ratio).powi(2)));
            (estimate * data + mean * unit * prior, se * data.sqrt())
        }
    };
    let gain = rule.direction.sign() * mean;
    let belief = Belief {
        mean,
        sd,
        chance_to_win: normal_cdf(gain / sd),
        loss_of_shipping: sd * excess(gain / sd),
        loss_of_staying: sd * excess(-gain / sd),
    };
    let numbers = [belief.mean, belief.sd, belief.chance_to_win, belief.loss_of_shipping, belief.loss_of_staying];
    if numbers.iter().all(|number| number.is_finite()) && sd > 0.0 {
        Ok(belief)
    } else {
        because("the prior and the data are too far apart to be weighed")
    }
}
