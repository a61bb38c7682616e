//! "Is it gone?", by mail to whoever tries a remedy, once, when it is time.

use traction_domain::id::{PersonId, TrialId};
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::org::person;
use crate::sense::outbox;
use crate::sense::outbox::store::{About, Stands, Wished};
use crate::sense::outbox::verbs::Written;
use crate::sense::playbook;
use crate::sense::trial::pages::names;
use crate::sense::trial::store::{self, Trial};
use crate::store::{Sql, Tx};
use crate::trouble::{Broken, Trouble};
use crate::world::World;
use crate::world::mail::Letter;

/// Days after it was time, from which on nobody is written to any more.
const N_DAYS: i64 = 7;

/// Puts the question to whoever began a trial into the outbox, in the transaction in which it is noticed as due. Who has no
/// address finds it on his first page.
pub async fn ask(world: &World, tx: &Tx, id: TrialId, now: Moment) -> Result<(), Broken> {
    let trial = store::one(tx, id).await?;
    let Some((trial, to)) = trial.and_then(|trial| trial.begun_by.map(|to| (trial, to))) else {
        return Ok(());
    };
    let not_after = trial.due_at.after_days(N_DAYS);
    if world.settings().mail.leaves() && now < not_after {
        let letter = Wished { id: world.id(), to, about: About::Trial(id), wished_at: now, not_after };
        outbox::store::add(tx, &[letter]).await?;
    }
    Ok(())
}

/// Why the letter that was to ask `who` did not leave, if he is the one it was to ask and it was given up. To others it is
/// not told; administrators find it among the letters.
pub async fn given_up(sql: &Sql, who: &Who, trial: &Trial) -> Result<Option<String>, Broken> {
    let is_own = who.person().is_some() && trial.begun_by == who.person();
    if !is_own || trial.ended.is_some() {
        return Ok(None);
    }
    let letter =
        outbox::store::of_trial(sql, trial.id).await?.filter(|letter| letter.stands() == Stands::Unsent);
    Ok(letter.and_then(|letter| letter.reason))
}

/// Writes it as it leaves. Over, when it is known meanwhile what became of the friction.
pub async fn write(world: &World, sql: &Sql, id: TrialId, to: PersonId) -> Result<Written, Trouble> {
    let trial = store::one(sql, id).await?.filter(|trial| trial.ended.is_none());
    let (Some(trial), Some(person)) = (trial, person::store::one(sql, to).await?) else {
        return Ok(Written::Over);
    };
    let Some(to) = person.email else { return Ok(Written::NoAddress) };
    let playbook = playbook::verbs::find(sql, &trial.playbook).await?.playbook;
    let (remedy, friction) = names(&playbook, &trial);
    let (url, since) = (&world.settings().public_url, trial.begun_at.date());
    let text = format!(
        "{name},\n\nsince {since} you try “{remedy}” against “{friction}”. By now it should be felt: is it gone?\n\n\
         {url}/trials/{id}\n\nOne press says so, and the next who has it knows. Who said so is not kept.\n",
        name = person.name,
    );
    Ok(Written::Letter(Letter { to, subject: format!("Is it gone: {friction}?"), text }))
}
