//! Demand: did publishing make others want it? Counted before and after, in windows of the same length.
//!
//! It counts; it claims no cause: much else may have happened in the same weeks.

use crate::time::Moment;

/// Days counted on either side, at most.
const MOST_DAYS: i64 = 28;

/// Counts on both sides of a publication.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// Whole days counted on either side.
    pub days: i64,
    /// Before.
    pub before: Side,
    /// After.
    pub after: Side,
}

/// What was counted on one side.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Side {
    /// Applications for slots of the change.
    pub n_applications: usize,
    /// Frictions reported, of any kind.
    pub n_frictions: usize,
    /// Days on which a unit could apply.
    pub days_open: f64,
}

/// What happened around a publication, in any order.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// When units applied.
    pub applied: &'a [Moment],
    /// When frictions were reported.
    pub reported: &'a [Moment],
    /// When applications were open: from, to. No two overlap.
    pub open: &'a [(Moment, Moment)],
}

/// The demand around a showcase that is seen since `shown`; `None` in the first whole day, when there is nothing to
/// compare yet.
pub fn demand(around: &Around, shown: Moment, now: Moment) -> Option<Demand> {
    let days = (now.days_since(shown).floor() as i64).min(MOST_DAYS);
    if days < 1 {
        return None;
    }
    let side = |from: Moment, to: Moment| Side {
        n_applications: within(around.applied, from, to),
        n_frictions: within(around.reported, from, to),
        days_open: around.open.iter().map(|(opens, closes)| overlap(*opens, *closes, from, to)).sum(),
    };
    let (first, last) = (shown.after_days(-days), shown.after_days(days));
    Some(Demand { days, before: side(first, shown), after: side(shown, last) })
}

fn within(moments: &[Moment], from: Moment, to: Moment) -> usize {
    moments.iter().filter(|at| (from..to).contains(*at)).count()
}

fn overlap(opens: Moment, closes: Moment, from: Moment, to: Moment) -> f64 {
    closes.min(to).days_since(opens.max(from)).max(0.0)
}

impl Demand {
    /// "In the 28 days after, 9 units applied (4 in the 28 days before)."
    pub fn in_words(&self) -> String {
        let days = if self.days == 1 { "day".to_owned() } else { format!("{} days", self.days) };
        let applied = match self.after.n_applications {
            0 => "no unit applied".to_owned(),
            1 => "1 unit applied".to_owned(),
            n => format!("{n} units applied"),
        };
        format!("In the {days} after, {applied} ({} in the {days} before).", self.before.n_applications)
    }
}
