//! The balance of push and pull: how many switch-ons were asked for.
//!
//! It counts; it does not say how much push is right.

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use crate::time::Moment;

/// How a slot came to be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The unit applied.
    Application,
    /// It was given past the draw.
    Override,
    /// It was taken in with a file of what had happened before.
    Import,
    /// Somebody above decided it.
    Mandate,
}

/// Which way a unit came to the solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It asked.
    Pull,
    /// It was told.
    Push,
}

impl Origin {
    /// Only an application is pull; what was taken in from elsewhere is not known to have been asked for.
    pub fn way(self) -> Way {
        match self {
            Origin::Application => Way::Pull,
            Origin::Override | Origin::Import | Origin::Mandate => Way::Push,
        }
    }

    /// The word it is kept under.
    pub fn word(self) -> &'static str {
        match self {
            Origin::Application => "application",
            Origin::Override => "override",
            Origin::Import => "import",
            Origin::Mandate => "mandate",
        }
    }

    /// The origin kept under `word`.
    pub fn of(word: &str) -> Option<Origin> {
        [Origin::Application, Origin::Override, Origin::Import, Origin::Mandate]
            .into_iter()
            .find(|origin| origin.word() == word)
    }
}

/// One slot's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwitchOn {
    /// When the solution was switched on.
    pub at: Moment,
    /// How that came about.
    pub origin: Origin,
}

/// Switch-ons of a month, or of all months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// That were asked for.
    pub n_pull: usize,
    /// That were not.
    pub n_push: usize,
}

impl Tally {
    /// The share that was asked for, 0 to 1; `None` when there was none at all.
    pub fn share_asked_for(self) -> Option<f64> {
        let n = self.n_pull + self.n_push;
        if n == 0 { None } else { Some(self.n_pull as f64 / n as f64) }
    }

    fn add(&mut self, way: Way) {
        match way {
            Way::Pull => self.n_pull += 1,
            Way::Push => self.n_push += 1,
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
        let n = self.whole.n_pull + self.whole.n_push;
        match n {
            0 => "Nothing has been switched on yet.".to_owned(),
            1 if self.whole.n_pull == 1 => "The one switch-on was asked for.".to_owned(),
            1 => "The one switch-on was not asked for.".to_owned(),
            _ => format!(
                "{} of {n} switch-ons were asked for ({}).",
                self.whole.n_pull,
                super::say::per_cent(self.whole.n_pull as f64 / n as f64)
            ),
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
        let way = switch_on.origin.way();
        let first_day = switch_on.at.date().first_of_month();
        fill_up_to(&mut months, first_day);
        whole.add(way);
        if let Some(month) = months.last_mut() {
            month.tally.add(way);
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
