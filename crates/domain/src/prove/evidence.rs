//! The evidence record: one reproducible answer to "did it work?", with everything it rests on.
//!
//! It is a value; doors write it down. The same panel, wish and question always give the same record.

use std::collections::BTreeSet;

use traction_stats::effect::Compare;
use traction_stats::effect::risk_set::{RiskSetRefused, Wave, risk_sets};
use traction_stats::panel::Panel;
use traction_stats::uncertainty::Spread;

use super::answer::{Answer, Effects, Ground, Material, NoAnswer};
use super::attrition;
use super::between;
use super::chance::{lots, n_clusters};
use super::check::{Check, CheckName, Held};
use super::contamination::{contamination, shown_within};
use super::coverage;
use super::design::{Design, Drawn};
use super::draws::{self, Waves};
use super::effective::Effective;
use super::exploratory::Explored;
use super::placebo_starts::placebo_starts;
use super::second::{self, Second};
use super::sensitivity::{self, Sensitivity, sensitivity};
use super::source::Source;
use super::unused;
use super::unvaried::unvaried;
use super::users::{self, Users, users};
use super::verdict::{self, Counted, Doubts, Finding, GivenDraw, Kind, Question, Roll, Verdict};
use super::wish::{Inference, Method, Wish};
use crate::words::Noun;

/// An evidence record.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What it rests on.
    pub source: Source,
    /// How the answer was found.
    pub design: Design,
    /// The numbers; `None` where the data could not carry any.
    pub effects: Option<Effects>,
    /// With which units the starting ones were compared, where the method compares units.
    pub compare: Option<Compare>,
    /// How errors were found.
    pub inference: &'static str,
    /// What can be said of those who used it, where uses are known and a draw decided.
    pub on_users: Option<Users>,
    /// What a second method found.
    pub second: Option<Second>,
    /// How far trends may part before the claim fails, where that was asked.
    pub sensitivity: Option<Sensitivity>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// Looks at further outcomes and at parts of the units, which were not what was settled beforehand; see
    /// [`explore`](super::explore).
    pub exploratory: Vec<Explored>,
    /// The answer.
    pub verdict: Verdict,
}

/// Something that was not used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What.
    pub what: Noun,
    /// How many.
    pub count: usize,
    /// Why.
    pub why: String,
}

impl LeftOut {
    /// So many of what goes by its singular and plural.
    pub(super) fn of(what: (&'static str, &'static str), count: usize, why: impl Into<String>) -> Self {
        LeftOut { what: Noun::of(what.0, what.1), count, why: why.into() }
    }

    /// Those of which there are any.
    pub(super) fn any(all: impl IntoIterator<Item = Self>) -> impl Iterator<Item = Self> {
        all.into_iter().filter(|left_out| left_out.count > 0)
    }

    /// What, as it goes with how many.
    pub fn what(&self) -> &'static str {
        self.what.with(self.count)
    }
}

/// Makes the evidence record of some material.
///
/// - `sha256`: of the data's bytes, in hexadecimal.
/// - A refusal is a record too: its verdict says what would make a claim possible.
pub fn prove(material: &Material<'_>, sha256: &str, wish: &Wish, question: &Question) -> Evidence {
    let panel = material.panel;
    let mut source = Source::of(panel, &material.came, wish, sha256);
    let Waves { lists: waves, left_out: to_come, told } = match draws::waves(panel, material.draws) {
        Ok(waves) => waves,
        Err(why) => return refused(source, Design::choose(panel, Drawn::No, wish), &why),
    };
    let mut design = Design::choose(panel, drawn(panel, &waves), wish);
    source.effective = Effective::of(panel, design.method);
    if waves.is_empty() && to_come.is_some() {
        design.why = format!("Of no recorded draw have slots started by the last period. {}", design.why);
    }
    if let Some(why) = unvaried(panel, &question.outcome) {
        return refused(source, design, &why);
    }
    let ground = Ground { panel, waves };
    let n_to_come = to_come.as_ref().map_or(0, |left_out| left_out.count);
    // Said where nothing can be claimed, too.
    source.left_out.extend(to_come);
    let mut answer = match design.method.answer(&ground, wish) {
        Ok(answer) => answer,
        Err(NoAnswer::Synthetic(why)) if wish.method.is_none() => {
            let why = format!(
                "{why}; or wait until more units have started, or draw by lot who gets the next slots"
            );
            return refused(source, design, &why);
        }
        Err(why) => return refused(source, design, &why),
    };
    design.why.push(' ');
    design.why.push_str(&answer.why);
    source.left_out.extend(answer.left_out.iter().cloned());
    source.left_out.extend(unused::left_out(panel, &design, answer.inference, ground.waves.len()));
    source.left_out.extend(users::unused(material, &ground.waves));
    answer.checks.extend(told.filter(|_| design.method == Method::RiskSet));
    answer.checks.extend(between::check(panel));
    answer.checks.extend(attrition::check(panel, wish.seen, &answer.checks));
    answer.checks.extend(contamination(panel, material.shown));
    answer.checks.extend(other_inference(wish, design.method, &answer));
    answer.checks.extend(coverage::check(panel, (design.method, &source.effective), &answer, wish));
    let earlier = placebo_starts(design.method, &ground, (wish, &answer.effects.overall));
    let shown_earlier = earlier.as_ref().and_then(Check::shown_earlier);
    answer.checks.extend(earlier);
    let second = design.second.map(|method| second::asked(method, &ground, wish, &answer));
    let mut doubts = Doubts {
        before: answer.before,
        earlier: shown_earlier,
        secondly: second::disagreeing(second.as_ref()),
        breaks_down_at: None,
        shown: shown_within(panel, material.shown),
        draw: match (ground.waves.is_empty(), n_to_come) {
            (true, 1..) => GivenDraw::ToCome,
            _ => GivenDraw::Heeded,
        },
        told: wish.told,
    };
    let judging = Judging { panel, method: design.method, wish, question, n_periods: source.n_periods };
    let mut verdict = judging.judged(&answer, &doubts);
    let mean = answer.effects.by_exposure.as_ref().and_then(|summary| summary.overall.interval());
    let study = answer.study.take().map(|study| study.stretched(mean, wish.level));
    let sensitivity = study.map(|study| sensitivity(&study, verdict.kind, question, wish.level));
    let sensitivity = match sensitivity {
        Some(Ok(found)) => {
            doubts.breaks_down_at = found.breaks_down_at();
            verdict = judging.judged(&answer, &doubts);
            answer.checks.extend(found.check(wish.sensitivity));
            Some(found)
        }
        Some(Err(why)) => {
            let says = format!("How far trends may part was not found: {why}.");
            answer.checks.push(Check {
                name: CheckName::Sensitivity,
                held: Held::Untested,
                test: None,
                says,
            });
            None
        }
        None => {
            answer.checks.extend(sensitivity::not_found(design.method, wish.sensitivity));
            None
        }
    };
    let Answer { effects, compare, inference, checks, .. } = answer;
    let effects = Some(effects);
    let on_users = users(material, &ground.waves, wish, question);
    let exploratory = Vec::new();
    Evidence {
        source,
        design,
        effects,
        compare,
        inference,
        on_users,
        second,
        sensitivity,
        checks,
        exploratory,
        verdict,
    }
}

/// The record of data that cannot carry a claim.
fn refused(source: Source, design: Design, why: &dyn std::fmt::Display) -> Evidence {
    Evidence {
        source,
        design,
        effects: None,
        compare: None,
        inference: "none",
        on_users: None,
        second: None,
        sensitivity: None,
        checks: Vec::new(),
        exploratory: Vec::new(),
        verdict: verdict::refused(why),
    }
}

/// Says when errors are not found in the way that was asked for, because the method knows no such way.
fn other_inference(wish: &Wish, method: Method, answer: &Answer) -> Option<Check> {
    let asked = wish.inference.word();
    let is_said = answer.checks.iter().any(|check| check.name == CheckName::Inference);
    (wish.inference != Inference::Analytic && asked != answer.inference && !is_said).then(|| {
        let says = format!("Errors are {}: the method {} knows no {asked}.", answer.inference, method.word());
        Check { name: CheckName::Inference, held: Held::Untested, test: None, says }
    })
}

/// In how many draws chance decided.
fn drawn(panel: &Panel, waves: &[Wave]) -> Drawn {
    match risk_sets(panel, waves) {
        _ if waves.is_empty() => Drawn::No,
        // With a cap, chance may decide in several tiers of one draw.
        Ok((sets, _)) => Drawn::InDraws(sets.iter().map(|set| set.wave).collect::<BTreeSet<_>>().len()),
        Err(RiskSetRefused::ChanceDecidedNothing) => Drawn::InDraws(0),
        // What is wrong with the lists, the method says itself.
        Err(_) => Drawn::InDraws(waves.len()),
    }
}

/// What an answer is judged by, beside what weakens it.
struct Judging<'a> {
    panel: &'a Panel,
    method: Method,
    wish: &'a Wish,
    question: &'a Question,
    n_periods: usize,
}

impl Judging<'_> {
    fn judged(&self, answer: &Answer, doubts: &Doubts) -> Verdict {
        if let Some(warning) = &answer.warning {
            return Verdict { kind: Kind::CannotTell, says: warning.clone(), doubts: Vec::new() };
        }
        let overall = &answer.effects.overall;
        let interval = match overall.spread {
            Spread::Unknown(why) => return verdict::refused(&why),
            Spread::Known(interval) => interval,
        };
        let finding = Finding {
            value: overall.value,
            interval,
            level: self.wish.level,
            comparison: answer.comparison,
            n_units: answer.effects.n_units,
            counted: Counted::of(self.panel, self.wish),
            n_clusters: n_clusters(self.panel, self.method),
            n_periods: self.n_periods,
            doubts: doubts.clone(),
            roll: None,
            lots: lots(self.panel, self.method, answer),
        };
        let verdict = verdict::verdict(&finding, self.question);
        if verdict.kind != Kind::CannotTell {
            return verdict;
        }
        // Further waves are reckoned from all of the past, which only this kind of verdict speaks of.
        verdict::verdict(&Finding { roll: Roll::of(self.panel), ..finding }, self.question)
    }
}
