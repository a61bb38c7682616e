//! What to do first. A remedy is as good as the chance that it removes what holds the case up; among those that are about
//! as good, the one that relieves soonest and takes least comes first.

use super::{Learnt, Model, Ranked, Suspect, Works};
use crate::sense::playbook::{FrictionNo, Playbook, RemedyNo};

/// Remedies with this share of the best chance are about as good: nobody can tell them apart in a year of cases.
const ABOUT_AS_GOOD: f64 = 0.9;

/// A remedy, as good as it is for this case.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// Which one.
    pub remedy: RemedyNo,
    /// The chance that it removes what holds the case up.
    pub share: f64,
    /// The frictions that it removes, what adds most to its chance first.
    pub helps: Vec<Helps>,
}

/// What a remedy does to one of the suspects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Helps {
    /// The friction.
    pub friction: FrictionNo,
    /// How probable it is that this friction holds the case up.
    pub friction_share: f64,
    /// How well the remedy works against it.
    pub works: Works,
}

/// All remedies that have not been tried in this case, the one to begin with first.
pub fn ranked(model: &Model, posterior: &Ranked, tried: &[RemedyNo]) -> Vec<Advice> {
    let (playbook, learnt) = (model.playbook(), model.learnt());
    let all = (0..playbook.remedies.len()).map(RemedyNo).filter(|remedy| !tried.contains(remedy));
    let mut advice: Vec<Advice> = all.map(|remedy| judged(playbook, learnt, posterior, remedy)).collect();
    advice
        .sort_by(|one, other| other.share.total_cmp(&one.share).then_with(|| one.remedy.cmp(&other.remedy)));
    let mut ordered: Vec<Advice> = Vec::with_capacity(advice.len());
    while let Some(best) = advice.first().map(|best| best.share) {
        let n_as_good = advice.iter().take_while(|next| next.share >= best * ABOUT_AS_GOOD).count();
        let mut as_good: Vec<Advice> = advice.drain(..n_as_good).collect();
        as_good.sort_by(|one, other| ease(playbook, one).total_cmp(&ease(playbook, other)));
        ordered.append(&mut as_good);
    }
    ordered
}

fn judged(playbook: &Playbook, learnt: &Learnt, posterior: &Ranked, remedy: RemedyNo) -> Advice {
    let helps = playbook.remedy(remedy).removes.iter().filter_map(|removes| {
        let works = learnt.works(playbook, remedy, removes.friction)?;
        let friction_share = posterior.share(Suspect::Friction(removes.friction));
        Some(Helps { friction: removes.friction, friction_share, works })
    });
    let mut helps: Vec<Helps> = helps.collect();
    let chance = |helps: &Helps| helps.friction_share * helps.works.mean();
    helps.sort_by(|one, other| chance(other).total_cmp(&chance(one)));
    Advice { remedy, share: helps.iter().map(chance).sum(), helps }
}

/// Less is easier: days until it is felt times hours it takes times people who must change what they do, so that twice
/// as quick makes good for twice as much work.
fn ease(playbook: &Playbook, advice: &Advice) -> f64 {
    let remedy = playbook.remedy(advice.remedy);
    remedy.relief_days * remedy.footprint.hours * remedy.footprint.n_people
}
