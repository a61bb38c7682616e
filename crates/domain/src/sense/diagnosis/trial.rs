//! A remedy that is being tried: when whoever tries it is asked what became of the friction. It does not ask.

use crate::refusal::Refusal;
use crate::sense::playbook::Remedy;
use crate::time::Moment;

/// Days after which nobody remembers what a remedy did.
const MOST_DAYS: i64 = 366;

/// Why a remedy's trial was not begun or not ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrialRefused {
    /// Asked too soon or too late.
    #[error("what became of it is asked after 1 to {MOST_DAYS} days, not {n_days}")]
    Length {
        /// What was wished.
        n_days: i64,
    },
    /// It is being tried already.
    #[error("this remedy is being tried already; say first what became of it")]
    UnderWay,
    /// It was said already.
    #[error("it was said on {} what became of it; begin another trial if it came back", .at.told())]
    Ended {
        /// When.
        at: Moment,
    },
}

impl Refusal for TrialRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            TrialRefused::Length { .. } => Some("days"),
            TrialRefused::UnderWay => Some("remedy"),
            TrialRefused::Ended { .. } => None,
        }
    }
}

/// When it is asked what became of the friction, `n_days` after `now`.
pub fn due(now: Moment, n_days: i64) -> Result<Moment, TrialRefused> {
    if !(1..=MOST_DAYS).contains(&n_days) {
        return Err(TrialRefused::Length { n_days });
    }
    Ok(now.after_days(n_days))
}

/// Days after which it is asked unless somebody says otherwise: as long as the small test takes, and then until those
/// concerned feel it.
pub fn usual_days(remedy: &Remedy) -> i64 {
    ((remedy.test.days + remedy.relief_days).ceil() as i64).clamp(1, MOST_DAYS)
}

/// How it is known what became of the friction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Somebody said so.
    Said,
    /// The friction's own metric did; whoever tried it may say otherwise.
    Read,
}

/// Whether somebody may say what became of the friction; `ended` is how and since when it is known, if it is.
pub fn end(ended: Option<(Known, Moment)>) -> Result<(), TrialRefused> {
    match ended {
        Some((Known::Said, at)) => Err(TrialRefused::Ended { at }),
        Some((Known::Read, _)) | None => Ok(()),
    }
}

/// From when on a trial's remedy should be felt, and its metric is read: after the days that the relief takes, and not
/// later than it is asked.
pub fn felt_from(remedy: &Remedy, begun_at: Moment, due_at: Moment) -> Moment {
    begun_at.after_days(remedy.relief_days.ceil() as i64).min(due_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sense::playbook::built_in;

    #[test]
    fn what_became_of_it_is_asked_once_the_relief_must_have_come() {
        let now = Moment::from_milliseconds(0).unwrap();
        assert_eq!(due(now, 14), Ok(now.after_days(14)));
        assert_eq!(due(now, 0), Err(TrialRefused::Length { n_days: 0 }));
        assert_eq!(due(now, 367), Err(TrialRefused::Length { n_days: 367 }));
        assert_eq!(end(None), Ok(()));
        assert_eq!(end(Some((Known::Said, now))), Err(TrialRefused::Ended { at: now }));
        assert_eq!(end(Some((Known::Read, now))), Ok(()), "what a metric says, somebody may say otherwise");
        for name in ["internal-change", "buying"] {
            let (playbook, _) = built_in(name).unwrap();
            for remedy in &playbook.remedies {
                let days = usual_days(remedy) as f64;
                assert!(days >= remedy.relief_days && due(now, usual_days(remedy)).is_ok());
                let felt = felt_from(remedy, now, now.after_days(400));
                assert!(felt.days_since(now) >= remedy.relief_days && felt_from(remedy, now, now) == now);
            }
        }
    }
}
