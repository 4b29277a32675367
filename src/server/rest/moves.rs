//! What may follow a status, in the API's own words.

use super::problem::{Code, Problem};
use crate::kernel::error::AppError;

/// Whether a status may follow, as the model says; where it may not, those that may are named.
pub fn may_follow<S: Copy>(asked: Result<(), AppError>, next: &[S], word: fn(S) -> &'static str) -> Result<(), Problem> {
    match asked {
        Err(AppError::Conflict(told)) => {
            let words: Vec<String> = next.iter().map(|to| format!("`{}`", word(*to))).collect();
            let words = if words.is_empty() { "nothing".to_owned() } else { words.join(", ") };
            Err(Problem::new(Code::Conflict, format!("{told} What may follow: {words}.")))
        }
        other => other.map_err(Problem::from),
    }
}
