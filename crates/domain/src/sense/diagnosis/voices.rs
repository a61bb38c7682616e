//! Several people on the same case: where they agree, and where they do not, without telling what any one of them said.
//!
//! Those who let their answers be shown are told exactly. Where five or more do not, all are told together: at each sign
//! what most said, and whether three or more see it otherwise. Nobody who knows his own answers can work out from that
//! what another one said; docs/methods/diagnosis.md has the reason. It does not judge who is right.

use super::{Answers, Given, Model, Suspect};
use crate::sense::playbook::{AnswerNo, SignNo};
use crate::sense::readiness::FEWEST;

/// From this share of pairs on, open voices are said to agree: one of five may see it otherwise.
const AGREE: f64 = 0.6;
/// Two open voices whose probabilities of a friction lie so far apart, in the mean, are said to be divided over it.
const APART: f64 = 0.2;
/// How many must see something otherwise than most for that to be told of closed voices. With fewer, somebody could tell
/// himself from the others: two are needed to hide one, and he himself may be one of them.
const OTHERWISE: usize = 3;

/// Whether somebody's answers may be shown to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    /// He lets them.
    Open,
    /// He does not.
    Closed,
}

/// One respondent.
#[derive(Clone, Debug, PartialEq)]
pub struct Voice {
    /// What he answered.
    pub answers: Answers,
    /// Whether that may be shown.
    pub openness: Openness,
}

/// How respondents are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hearing {
    /// All who are heard let their answers be shown: exact figures.
    Open,
    /// Together only: what most said, and where three or more see it otherwise.
    Guarded,
}

/// How alike respondents see something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concord {
    /// Too few said something.
    TooFew,
    /// They agree, or nearly.
    Agree,
    /// They do not: this is what to talk about.
    Divided,
}

/// How alike a sign was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct OnSign {
    /// Which one.
    pub sign: SignNo,
    /// In a word.
    pub concord: Concord,
    /// The share of pairs of respondents who said the same, and how many gave each answer; of open voices only.
    pub exact: Option<(f64, Vec<usize>)>,
}

/// What respondents' answers say of a suspect.
#[derive(Clone, Debug, PartialEq)]
pub struct OnFriction {
    /// Which one.
    pub suspect: Suspect,
    /// How probable it is: of open voices, the mean of what each one's answers say; else after what most said.
    pub share: f64,
    /// In a word.
    pub concord: Concord,
    /// How far two respondents' probabilities lie apart, in the mean; of open voices only.
    pub apart: Option<f64>,
}

/// Several respondents, heard together.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// How they are told.
    pub hearing: Hearing,
    /// How many are heard.
    pub n_voices: usize,
    /// How many are not, because they would stand out.
    pub n_left_out: usize,
    /// Every sign, in the order of the playbook.
    pub signs: Vec<OnSign>,
    /// Every suspect, the most probable first.
    pub suspects: Vec<OnFriction>,
}

/// What respondents say together; `None` while too few have answered for anything to be told.
///
/// Closed voices are heard when there are five of them at least, so that no difference between two results stands for
/// fewer; else the open ones alone, when there are two. Who has answered nothing is not counted. It is meant to be asked
/// once, when nobody will answer any more: two results that differ by one voice would tell that voice.
pub fn heard(model: &Model, voices: &[Voice]) -> Option<Heard> {
    let answered: Vec<&Voice> = voices.iter().filter(|voice| !voice.answers.telling().is_empty()).collect();
    let n_closed = answered.iter().filter(|voice| voice.openness == Openness::Closed).count();
    let hearing = if n_closed >= FEWEST { Hearing::Guarded } else { Hearing::Open };
    let is_heard = |voice: &&Voice| hearing == Hearing::Guarded || voice.openness == Openness::Open;
    let told: Vec<&Answers> = answered.iter().copied().filter(is_heard).map(|voice| &voice.answers).collect();
    if told.len() < 2 {
        return None;
    }
    let signs = (0..model.playbook().signs.len()).map(SignNo);
    let counted: Vec<(SignNo, Vec<usize>)> = signs.map(|sign| (sign, counts(model, &told, sign))).collect();
    let n_left_out = answered.len() - told.len();
    let (signs, mut suspects): (Vec<OnSign>, Vec<OnFriction>) = match hearing {
        Hearing::Open => (counted.into_iter().map(openly).collect(), open_suspects(model, &told)),
        Hearing::Guarded => {
            let most = most(&counted);
            let signs: Vec<OnSign> = counted.into_iter().map(guarded).collect();
            let suspects = guarded_suspects(model, &most, &signs);
            (signs, suspects)
        }
    };
    suspects.sort_by(|one, other| {
        other.share.total_cmp(&one.share).then_with(|| one.suspect.cmp(&other.suspect))
    });
    Some(Heard { hearing, n_voices: told.len(), n_left_out, signs, suspects })
}

/// How many gave each answer to a sign.
fn counts(model: &Model, told: &[&Answers], sign: SignNo) -> Vec<usize> {
    let mut counts = vec![0; model.playbook().sign(sign).answers.len()];
    for answers in told {
        if let Some(Given::Answer(AnswerNo(answer))) = answers.to(sign) {
            counts[answer] += 1;
        }
    }
    counts
}

fn openly((sign, counts): (SignNo, Vec<usize>)) -> OnSign {
    let n: usize = counts.iter().sum();
    if n < 2 {
        return OnSign { sign, concord: Concord::TooFew, exact: None };
    }
    let agreement = same(&counts);
    // 6 of 10 pairs is six tenths, whatever its last digit.
    let concord = if agreement >= AGREE - 1e-9 { Concord::Agree } else { Concord::Divided };
    OnSign { sign, concord, exact: Some((agreement, counts)) }
}

fn guarded((sign, counts): (SignNo, Vec<usize>)) -> OnSign {
    let n: usize = counts.iter().sum();
    let n_otherwise = n - counts.iter().max().copied().unwrap_or_default();
    let concord = match n {
        n if n < FEWEST => Concord::TooFew,
        _ if n_otherwise >= OTHERWISE => Concord::Divided,
        _ => Concord::Agree,
    };
    OnSign { sign, concord, exact: None }
}

/// What most said to each sign that five or more answered; nothing where as many said something else.
fn most(counted: &[(SignNo, Vec<usize>)]) -> Answers {
    let mut most = Vec::new();
    for (sign, counts) in counted.iter().filter(|(_, counts)| counts.iter().sum::<usize>() >= FEWEST) {
        let largest = counts.iter().max().copied().unwrap_or_default();
        let mut at_top = counts.iter().enumerate().filter(|(_, count)| **count == largest);
        if let (Some((answer, _)), None) = (at_top.next(), at_top.next()) {
            most.push((*sign, AnswerNo(answer)));
        }
    }
    Answers::default().with(&most)
}

fn open_suspects(model: &Model, told: &[&Answers]) -> Vec<OnFriction> {
    let posteriors: Vec<_> = told.iter().map(|answers| model.posterior(answers)).collect();
    let on = |suspect: Suspect| {
        let shares: Vec<f64> = posteriors.iter().map(|posterior| posterior.share(suspect)).collect();
        let apart = apart(&shares);
        let concord = if apart < APART { Concord::Agree } else { Concord::Divided };
        OnFriction {
            suspect,
            share: shares.iter().sum::<f64>() / shares.len() as f64,
            concord,
            apart: Some(apart),
        }
    };
    posteriors[0].all().iter().map(|(suspect, _)| on(*suspect)).collect()
}

/// A friction is divided when a sign that speaks for it is; this tells no more than the signs do.
fn guarded_suspects(model: &Model, most: &Answers, signs: &[OnSign]) -> Vec<OnFriction> {
    let on = |(suspect, share): (Suspect, f64)| {
        let speaks = |sign: &SignNo| {
            let links = &model.playbook().sign(*sign).speaks;
            links.iter().any(|link| Suspect::Friction(link.friction) == suspect)
        };
        let of_it = || signs.iter().filter(|on| speaks(&on.sign));
        let concord = if of_it().any(|on| on.concord == Concord::Divided) {
            Concord::Divided
        } else if of_it().any(|on| on.concord == Concord::Agree) {
            Concord::Agree
        } else {
            Concord::TooFew
        };
        OnFriction { suspect, share, concord, apart: None }
    };
    model.posterior(most).all().iter().copied().map(on).collect()
}

/// The share of pairs that are alike: the observed agreement of one item.
/// Source: Fleiss (1971), Psychological Bulletin 76(5), 378-382, equation 2.
fn same(counts: &[usize]) -> f64 {
    let n: usize = counts.iter().sum();
    let alike: usize = counts.iter().map(|count| count * count.saturating_sub(1)).sum();
    alike as f64 / (n * (n - 1)) as f64
}

/// How far two of these numbers lie apart, in the mean over all pairs (Gini's mean difference).
fn apart(numbers: &[f64]) -> f64 {
    let n = numbers.len();
    let pairs = (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
    let all: f64 = pairs.map(|(i, j)| (numbers[i] - numbers[j]).abs()).sum();
    all / (n * (n - 1) / 2) as f64
}
