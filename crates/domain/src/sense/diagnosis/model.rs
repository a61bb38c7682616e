//! The playbook as probabilities, with what was learnt here put in; and the posterior.

use std::cmp::Ordering;

use super::{Answers, Learnt, Suspect};
use crate::sense::playbook::{AnswerNo, FrictionNo, Playbook, SignNo};

/// A playbook ready to compute with.
///
/// A friction f of strength s at answer a of a sign brings that answer about in a share s of the cases it holds up; in
/// the rest the usual shares hold: P(a | f) = s + (1 - S) u(a), with S the sum of f's strengths at the sign and u(a) the
/// usual share. It is the noisy-or of one cause and a leak. Signs are independent given what holds the case up.
#[derive(Clone, Debug)]
pub struct Model<'a> {
    playbook: &'a Playbook,
    learnt: &'a Learnt,
    /// Suspects; adds up to 1. The last one is something else.
    prior: Vec<f64>,
    signs: Vec<Table>,
}

/// What one sign's answers tell.
#[derive(Clone, Debug)]
struct Table {
    /// P(answer | suspect): one row an answer, in it one column a suspect.
    shares: Vec<Vec<f64>>,
    /// Bits of the answer that remain when the suspect is known, by suspect.
    bits: Vec<f64>,
}

/// The suspects with their probabilities, the most probable first; equal ones in the order of the playbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked(Vec<(Suspect, f64)>);

impl Ranked {
    /// Of unordered probabilities.
    pub fn of(mut suspects: Vec<(Suspect, f64)>) -> Ranked {
        suspects.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        Ranked(suspects)
    }

    /// All of them.
    pub fn all(&self) -> &[(Suspect, f64)] {
        &self.0
    }

    /// The most probable one.
    pub fn first(&self) -> (Suspect, f64) {
        self.0[0]
    }

    /// The probability of one.
    pub fn share(&self, suspect: Suspect) -> f64 {
        self.0.iter().find(|(other, _)| *other == suspect).map_or(0.0, |(_, share)| *share)
    }
}

/// How common each suspect is, as the playbook says; adds up to 1. The last one is something else.
pub(super) fn written_common(playbook: &Playbook) -> Vec<f64> {
    let common: f64 = playbook.frictions.iter().map(|friction| friction.common).sum();
    let known = 1.0 - playbook.something_else;
    let frictions = playbook.frictions.iter().map(|friction| known * friction.common / common);
    frictions.chain([playbook.something_else]).collect()
}

impl<'a> Model<'a> {
    /// From a playbook and what cases here have shown; with none, the playbook's own numbers.
    pub fn new(playbook: &'a Playbook, learnt: &'a Learnt) -> Model<'a> {
        let written = written_common(playbook);
        let n_suspects = written.len();
        let found: Vec<f64> = (0..n_suspects).map(|at| learnt.n_found(suspect(at, n_suspects))).collect();
        let all = playbook.n_cases + found.iter().sum::<f64>();
        let prior =
            written.iter().zip(&found).map(|(share, n)| (playbook.n_cases * share + n) / all).collect();
        let signs =
            (0..playbook.signs.len()).map(|sign| Table::new(playbook, learnt, SignNo(sign))).collect();
        Model { playbook, learnt, prior, signs }
    }

    /// The playbook it speaks of.
    pub fn playbook(&self) -> &'a Playbook {
        self.playbook
    }

    /// What has been learnt.
    pub fn learnt(&self) -> &'a Learnt {
        self.learnt
    }

    /// How probable each suspect is, after the answers.
    pub fn posterior(&self, answers: &Answers) -> Ranked {
        let shares = self.shares(answers).into_iter().enumerate();
        Ranked::of(shares.map(|(at, share)| (self.suspect(at), share)).collect())
    }

    /// The share of cases held up by a suspect in which a sign is answered so.
    pub fn share(&self, suspect: Suspect, sign: SignNo, answer: AnswerNo) -> f64 {
        self.signs[sign.0].shares[answer.0][self.at(suspect)]
    }

    /// How probable each answer to a sign is, after the answers so far.
    pub fn expected(&self, posterior: &Ranked, sign: SignNo) -> Vec<f64> {
        self.expected_of(&self.unranked(posterior), sign)
    }

    /// Bits that the answer to a sign is expected to tell about what holds the case up: H(answer) - H(answer | suspect).
    pub fn gain_bits(&self, posterior: &Ranked, sign: SignNo) -> f64 {
        self.gains(posterior, &[sign])[0]
    }

    /// The same for several signs.
    pub fn gains(&self, posterior: &Ranked, signs: &[SignNo]) -> Vec<f64> {
        let shares = self.unranked(posterior);
        let gain = |sign: &SignNo| {
            let answered: f64 = self.expected_of(&shares, *sign).into_iter().map(bits).sum();
            let remains = dot(&shares, &self.signs[sign.0].bits);
            // What is lost in the last digit is no negative gain.
            (answered - remains).max(0.0)
        };
        signs.iter().map(gain).collect()
    }

    /// The suspects' probabilities in the order of the playbook.
    fn shares(&self, answers: &Answers) -> Vec<f64> {
        let mut logs: Vec<f64> = self.prior.iter().map(|share| share.ln()).collect();
        for (sign, answer) in answers.telling() {
            let row = &self.signs[sign.0].shares[answer.0];
            logs.iter_mut().zip(row).for_each(|(log, share)| *log += share.ln());
        }
        let most = logs.iter().copied().max_by(f64::total_cmp).unwrap_or_default();
        let weights: Vec<f64> = logs.iter().map(|log| (log - most).exp()).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / sum).collect()
    }

    fn unranked(&self, posterior: &Ranked) -> Vec<f64> {
        let mut shares = vec![0.0; self.prior.len()];
        posterior.all().iter().for_each(|(suspect, share)| shares[self.at(*suspect)] = *share);
        shares
    }

    fn expected_of(&self, shares: &[f64], sign: SignNo) -> Vec<f64> {
        self.signs[sign.0].shares.iter().map(|row| dot(shares, row)).collect()
    }

    fn suspect(&self, at: usize) -> Suspect {
        suspect(at, self.prior.len())
    }

    fn at(&self, suspect: Suspect) -> usize {
        match suspect {
            Suspect::Friction(friction) => friction.0,
            Suspect::SomethingElse => self.prior.len() - 1,
        }
    }
}

impl Table {
    fn new(playbook: &Playbook, learnt: &Learnt, at: SignNo) -> Table {
        let sign = playbook.sign(at);
        let n_suspects = playbook.frictions.len() + 1;
        let mut bound = vec![0.0; n_suspects];
        sign.speaks.iter().for_each(|link| bound[link.friction.0] += link.strength);
        let usual = |usual: f64| bound.iter().map(|bound| (1.0 - bound) * usual).collect::<Vec<f64>>();
        let mut shares: Vec<Vec<f64>> = sign.answers.iter().map(|answer| usual(answer.usual)).collect();
        sign.speaks.iter().for_each(|link| shares[link.answer.0][link.friction.0] += link.strength);
        for place in 0..n_suspects {
            let counts = learnt.n_answered(suspect(place, n_suspects), at, sign.answers.len());
            let all = playbook.n_cases + counts.iter().sum::<f64>();
            for (row, n) in shares.iter_mut().zip(&counts) {
                row[place] = (playbook.n_cases * row[place] + n) / all;
            }
        }
        let left = |place: usize| shares.iter().map(|row| bits(row[place])).sum();
        Table { bits: (0..n_suspects).map(left).collect(), shares }
    }
}

/// The share of cases held up by a suspect in which a sign is answered so, as the playbook alone says.
pub(super) fn written(playbook: &Playbook, suspect: Suspect, sign: SignNo, answer: AnswerNo) -> f64 {
    let asked = playbook.sign(sign);
    let of = asked.speaks.iter().filter(|link| Suspect::Friction(link.friction) == suspect);
    let (bound, own) = of.fold((0.0, 0.0), |(bound, own), link| {
        (bound + link.strength, own + if link.answer == answer { link.strength } else { 0.0 })
    });
    own + (1.0 - bound) * asked.answer(answer).usual
}

fn suspect(at: usize, n_suspects: usize) -> Suspect {
    match at.cmp(&(n_suspects - 1)) {
        Ordering::Less => Suspect::Friction(FrictionNo(at)),
        _ => Suspect::SomethingElse,
    }
}

/// What an outcome of that probability adds to an entropy.
fn bits(share: f64) -> f64 {
    if share > 0.0 { -share * share.log2() } else { 0.0 }
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}
