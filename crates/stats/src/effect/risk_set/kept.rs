//! Chances where one lottery number is kept over waves: who lost before has shown that its number is high.
//!
//! Draws here use a fresh number for each wave; this is for records of draws elsewhere that kept theirs.

/// A wave drawn by kept numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptNumber {
    /// The lottery number, from 0 to 1, up to which units are served.
    pub cutoff: f64,
    /// By unit, its chance of a slot.
    pub chances: Vec<f64>,
}

/// The chances of units whose lottery numbers are kept, in one tier of one wave.
///
/// A unit that lost at cut-off c has a number spread evenly over c to 1; the new cut-off is where the chances add up to
/// the slots.
///
/// - `lost_at`: by unit, the largest cut-off at which it already lost, 0 if it is new; below 1.
/// - `n_slots`: slots for them.
/// - Returns chances that are right for many units; for few the exact ones follow from drawing again.
///
/// Source: Abdulkadiroglu, Angrist, Narita and Pathak (2017), Econometrica 85(5), 1373-1432, theorem 1 for waves that
/// everybody prefers in their order.
pub fn kept_number(lost_at: &[f64], n_slots: usize) -> KeptNumber {
    if n_slots >= lost_at.len() {
        return KeptNumber { cutoff: 1.0, chances: vec![1.0; lost_at.len()] };
    }
    let mut ascending = lost_at.to_vec();
    ascending.sort_by(f64::total_cmp);
    // Between two neighbours the sum of chances is a line in the cut-off: take the first that reaches the slots.
    let (mut intercept, mut slope, mut cutoff) = (0.0, 0.0, 0.0);
    for (k, &lost_at) in ascending.iter().enumerate() {
        intercept += lost_at / (1.0 - lost_at);
        slope += 1.0 / (1.0 - lost_at);
        cutoff = (n_slots as f64 + intercept) / slope;
        if ascending.get(k + 1).is_none_or(|next| cutoff <= *next) {
            break;
        }
    }
    let chance = |lost_at: &f64| ((cutoff - lost_at) / (1.0 - lost_at)).clamp(0.0, 1.0);
    KeptNumber { cutoff, chances: lost_at.iter().map(chance).collect() }
}
