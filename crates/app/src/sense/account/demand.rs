//! The pipeline of demand: everything that accounts are stuck on, where it stands, what was tried and what is next, with
//! the changes that would remove it.

use std::collections::BTreeMap;

use traction_domain::id::ChangeId;
use traction_domain::org::slug::Slug;
use traction_domain::sense::account::{self as rules, Stand};
use traction_domain::sense::diagnosis::trial::usual_days;
use traction_domain::sense::diagnosis::{Learnt, Model, Works};
use traction_domain::sense::playbook::{FrictionNo, Playbook, RemedyNo};

use crate::offer::change;
use crate::sense::account::store::{self, Hold};
use crate::sense::account::verbs;
use crate::sense::trial::store::Trial;
use crate::sense::{diagnosis, playbook, trial};
use crate::store::Sql;
use crate::trouble::Broken;

/// A hold with all that is known of it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What they are stuck on.
    pub hold: Hold,
    /// The friction's name, for people.
    pub friction: String,
    /// Where it stands.
    pub stand: Stand,
    /// What was tried, the latest first.
    pub trials: Vec<Trial>,
    /// The names, for people, of the remedies tried, by their names in the playbook.
    pub names: BTreeMap<String, String>,
    /// What is being tried, or is to be tried next.
    pub next: Option<Next>,
}

impl Standing {
    /// What a trial tries, for people; its name in the playbook where a later version lost it.
    pub fn name_of<'a>(&'a self, trial: &'a Trial) -> &'a str {
        self.names.get(&trial.remedy).unwrap_or(&trial.remedy)
    }
}

/// What is next on a hold.
#[derive(Clone, Debug)]
pub struct Next {
    /// The remedy, by its name in the playbook.
    pub remedy: String,
    /// Its name, for people.
    pub name: String,
    /// What to do.
    pub action: String,
    /// How well it works against the friction.
    pub works: Option<Works>,
    /// After how many days it is asked what became of it.
    pub n_days: i64,
    /// The changes of ours that are this remedy.
    pub offers: Vec<Offered>,
}

/// A change that is a remedy.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// The change.
    pub change: ChangeId,
    /// Its short name.
    pub slug: Slug,
    /// Its name.
    pub name: String,
}

/// A playbook with what was learnt about it.
struct Known {
    playbook: Playbook,
    learnt: Learnt,
}

/// The changes that are remedies, by playbook and remedy.
pub type Offers = BTreeMap<(String, String), Vec<Offered>>;

/// The changes that are remedies.
pub async fn offers(sql: &Sql) -> Result<Offers, Broken> {
    let mut offers = Offers::new();
    let kept = store::offers(sql).await?;
    if kept.is_empty() {
        return Ok(offers);
    }
    let changes = change::store::all(sql).await?;
    for offer in kept {
        if let Some(change) = changes.iter().find(|change| change.id == offer.change) {
            let offered = Offered { change: change.id, slug: change.slug.clone(), name: change.name.clone() };
            offers.entry((offer.playbook, offer.remedy)).or_default().push(offered);
        }
    }
    Ok(offers)
}

/// Everything that accounts are or were stuck on.
pub async fn all(sql: &Sql) -> Result<Vec<Standing>, Broken> {
    let holds = store::holds(sql).await?;
    let trials = trial::store::of_holds(sql).await?;
    let offers = offers(sql).await?;
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for hold in &holds {
        if !known.contains_key(&hold.playbook)
            && let Some(kept) = playbook::store::find(sql, &hold.playbook).await?
        {
            let learnt = diagnosis::store::learnt(sql, &kept.playbook).await?;
            known.insert(hold.playbook.clone(), Known { playbook: kept.playbook, learnt });
        }
    }
    let models: BTreeMap<&str, Model> = known
        .iter()
        .map(|(name, known)| (name.as_str(), Model::new(&known.playbook, &known.learnt)))
        .collect();
    Ok(holds.into_iter().map(|hold| standing(hold, &trials, &models, &offers)).collect())
}

fn standing(hold: Hold, trials: &[Trial], models: &BTreeMap<&str, Model>, offers: &Offers) -> Standing {
    let stand = verbs::stand(hold.id, trials);
    let trials: Vec<Trial> = trials.iter().filter(|trial| trial.hold == Some(hold.id)).cloned().collect();
    let model = models.get(hold.playbook.as_str());
    let at = model.and_then(|model| model.playbook().friction_named(&hold.friction));
    let (Some(model), Some(at)) = (model, at) else {
        // A later version of the playbook no longer names it: what was said stays as it was written.
        return Standing {
            friction: hold.friction.clone(),
            hold,
            stand,
            trials,
            names: BTreeMap::new(),
            next: None,
        };
    };
    let tried = trials.iter().filter_map(|trial| model.playbook().remedy_named(&trial.remedy));
    let remedy = match stand {
        Stand::Gone => None,
        Stand::Trying { .. } => {
            let under_way = trials.iter().find(|trial| trial.ended.is_none());
            under_way.and_then(|trial| model.playbook().remedy_named(&trial.remedy))
        }
        Stand::Stuck => rules::next(model, at, &tried.collect::<Vec<_>>()).map(|advice| advice.remedy),
    };
    let next = remedy.map(|remedy| next(model, remedy, at, offers));
    let name = |trial: &Trial| {
        let at = model.playbook().remedy_named(&trial.remedy)?;
        Some((trial.remedy.clone(), model.playbook().remedy(at).name.clone()))
    };
    let names = trials.iter().filter_map(name).collect();
    Standing { friction: model.playbook().friction(at).name.clone(), hold, stand, trials, names, next }
}

fn next(model: &Model, remedy: RemedyNo, friction: FrictionNo, offers: &Offers) -> Next {
    let playbook = model.playbook();
    let named = playbook.remedy(remedy);
    Next {
        remedy: named.key.clone(),
        name: named.name.clone(),
        action: named.action.clone(),
        works: model.learnt().works(playbook, remedy, friction),
        n_days: usual_days(named),
        offers: offers.get(&(playbook.edition.id.clone(), named.key.clone())).cloned().unwrap_or_default(),
    }
}

/// How many accounts are waiting for a change, or try it: what they are stuck on leads to it next.
pub fn waiting_for(demand: &[Standing], change: ChangeId) -> usize {
    let leads = |standing: &&Standing| {
        standing.next.iter().any(|next| next.offers.iter().any(|offered| offered.change == change))
    };
    let mut accounts: Vec<_> = demand.iter().filter(leads).map(|standing| standing.hold.account).collect();
    accounts.sort();
    accounts.dedup();
    accounts.len()
}
