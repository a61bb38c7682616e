//! How cases of one's own answered, and how often each friction was what held them up, beside what the playbook says of it.
//!
//! What is told to everybody counts cases in fives: a count that grows by one would say what the one answered who ended it.

use std::collections::BTreeMap;

use traction_stats::uncertainty::{Level, Share};

use super::model::{written, written_common};
use super::{Closed, Learnt, Suspect};
use crate::sense::playbook::{AnswerNo, FrictionNo, Playbook, SignNo};

/// Cases that are told together; of fewer nothing is told.
pub const TOLD_TOGETHER: usize = 5;

/// A share: as the playbook says, and with what was seen here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// The playbook's own share.
    pub promised: f64,
    /// The cases here in which it was so.
    pub n_so: u32,
    /// The cases here in which it could have been.
    pub n_all: u32,
    /// Both taken together.
    law: Share,
}

impl Seen {
    fn of(playbook: &Playbook, promised: f64, n_so: u32, n_all: u32) -> Seen {
        let before = Share { yes: promised * playbook.n_cases, no: (1.0 - promised) * playbook.n_cases };
        Seen { promised, n_so, n_all, law: before.after(f64::from(n_so), f64::from(n_all - n_so)) }
    }

    /// The share expected of the next case.
    pub fn mean(&self) -> f64 {
        self.law.mean()
    }

    /// Where the share lies with a probability of 95 %.
    pub fn interval(&self) -> (f64, f64) {
        self.law.interval(Level::NINETY_FIVE)
    }
}

impl Learnt {
    /// What may be told to everybody of cases that ended, in the order in which they did: of each suspect's cases, full
    /// fives alone. A case more or less moves nothing by itself.
    pub fn told(playbook: &Playbook, closed: &[Closed]) -> Learnt {
        let mut by_suspect: BTreeMap<Suspect, Vec<&Closed>> = BTreeMap::new();
        for one in closed {
            if let Some(found) = one.found {
                by_suspect.entry(found).or_default().push(one);
            }
        }
        let mut learnt = Learnt::default();
        for cases in by_suspect.values() {
            cases.chunks_exact(TOLD_TOGETHER).flatten().for_each(|one| learnt.take(playbook, one));
        }
        learnt
    }

    /// How often a friction is what holds a case up.
    ///
    /// As of [`answers`](Self::answers), with cases of which it was found out in the place of answers.
    pub fn common(&self, playbook: &Playbook, friction: FrictionNo) -> Seen {
        let n_so = self.found.get(&Suspect::Friction(friction)).copied().unwrap_or_default();
        Seen::of(playbook, written_common(playbook)[friction.0], n_so, self.found.values().sum())
    }

    /// How often cases held up by `suspect` answer a sign so.
    ///
    /// The playbook's share counts as that of so many cases; those seen here are added (Dirichlet law over the sign's
    /// answers, of which this is the Beta law of one). Its mean is the share that a diagnosis reckons with.
    pub fn answers(&self, playbook: &Playbook, suspect: Suspect, sign: SignNo, answer: AnswerNo) -> Seen {
        let counts = self.answered.get(&(suspect, sign)).map(Vec::as_slice).unwrap_or_default();
        let n_so = counts.get(answer.0).copied().unwrap_or_default();
        Seen::of(playbook, written(playbook, suspect, sign, answer), n_so, counts.iter().sum())
    }
}
