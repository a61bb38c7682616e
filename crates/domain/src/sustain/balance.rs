//! The balance of push and pull: how many switch-ons were asked for.
//!
//! It counts; it does not say how much push is right.

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use crate::grant::slot::Asked;
use crate::time::Moment;

/// One slot's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwitchOn {
    /// When the solution was switched on.
    pub at: Moment,
    /// Whether it was asked for.
    pub asked: Asked,
}

/// Switch-ons of a month, or of all months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// That were asked for.
    pub n_pull: usize,
    /// That were not.
    pub n_push: usize,
    /// Of which that is not known.
    pub n_unknown: usize,
}

impl Tally {
    /// The share that was asked for, 0 to 1, among those of which it is known; `None` when there are none.
    pub fn share_asked_for(self) -> Option<f64> {
        let n = self.n_pull + self.n_push;
        if n == 0 { None } else { Some(self.n_pull as f64 / n as f64) }
    }

    fn add(&mut self, asked: Asked) {
        match asked {
            Asked::Pull => self.n_pull += 1,
            Asked::Push => self.n_push += 1,
            Asked::Unknown => self.n_unknown += 1,
        }
    }
}

/// A month with its switch-ons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day, in UTC.
    pub first_day: Date,
    /// What was switched on in it.
    pub tally: Tally,
}

/// The balance over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// All of it.
    pub whole: Tally,
    /// Every month from the first switch-on to the last, those without any included.
    pub months: Vec<Month>,
}

impl Balance {
    /// One plain sentence.
    pub fn says(&self) -> String {
        let Tally { n_pull, n_push, n_unknown } = self.whole;
        let known = match (n_pull + n_push, n_pull) {
            (0, _) if n_unknown == 0 => "Nothing has been switched on yet.".to_owned(),
            (0, _) => {
                return format!("Of none of {n_unknown} switch-ons is it known whether it was asked for.");
            }
            (1, 1) => "The one switch-on was asked for.".to_owned(),
            (1, _) => "The one switch-on was not asked for.".to_owned(),
            (n, _) => format!(
                "{n_pull} of {n} switch-ons were asked for ({}).",
                super::say::per_cent(n_pull as f64 / n as f64)
            ),
        };
        match n_unknown {
            0 => known,
            n => format!("{known} Of {n} more it is not known: they were imported."),
        }
    }
}

/// The balance of these switch-ons, in any order.
pub fn balance(switch_ons: &[SwitchOn]) -> Balance {
    let mut whole = Tally::default();
    let mut months: Vec<Month> = Vec::new();
    let mut in_order = switch_ons.to_vec();
    in_order.sort_by_key(|switch_on| switch_on.at);
    for switch_on in in_order {
        let first_day = switch_on.at.date().first_of_month();
        fill_up_to(&mut months, first_day);
        whole.add(switch_on.asked);
        if let Some(month) = months.last_mut() {
            month.tally.add(switch_on.asked);
        }
    }
    Balance { whole, months }
}

/// Appends empty months until the last is the one that begins on `first_day`.
fn fill_up_to(months: &mut Vec<Month>, first_day: Date) {
    let Some(mut last) = months.last().map(|month| month.first_day) else {
        months.push(Month { first_day, tally: Tally::default() });
        return;
    };
    while last < first_day {
        last = last.last_of_month().saturating_add(jiff::Span::new().days(1));
        months.push(Month { first_day: last, tally: Tally::default() });
    }
}
