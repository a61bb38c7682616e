//! Speed: how soon a pain led to a first result.

use crate::time::Moment;

/// Days (with fractions) from the pain to the earliest result; `None` while there is none. A result seen before the
/// pain was written down took no time.
pub fn days_to_first_result(pain: Moment, first_result: Option<Moment>) -> Option<f64> {
    first_result.map(|result| result.days_since(pain).max(0.0))
}

/// The middle value: half are at most so large. Of an even number, the mean of the two in the middle; `None` of none.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}
