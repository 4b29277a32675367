//! OKRs: objectives of a quarter with their key results.
