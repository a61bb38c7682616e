//! "Is it gone?", by mail to whoever tries a remedy, once, when it is time.

use crate::org::person;
use crate::sense::playbook;
use crate::sense::trial::pages::names;
use crate::sense::trial::store::{self, Trial};
use crate::trouble::{Broken, Trouble};
use crate::world::World;
use crate::world::mail::Letter;

/// Days after it was time, from which on nobody is written to any more.
const N_DAYS: i64 = 7;

/// Writes to those who were asked, and have said nothing yet. A letter that does not leave is tried again the next time; it
/// does not keep the others from leaving.
pub async fn send_due(world: &World) -> Result<(), Trouble> {
    if !world.settings().mail.leaves() {
        return Ok(());
    }
    let mut done = Ok(());
    for trial in store::to_mail(world.store().read(), world.now(), world.now().after_days(-N_DAYS)).await? {
        let sent = send(world, &trial).await;
        done = done.and(sent);
    }
    done
}

async fn send(world: &World, trial: &Trial) -> Result<(), Trouble> {
    let sql = world.store().read();
    let Some(id) = trial.begun_by else { return Ok(()) };
    let Some(person) = person::store::one(sql, id).await? else { return Ok(()) };
    // Who has no address finds the question on his first page.
    let Some(to) = person.email else { return Ok(()) };
    let playbook = playbook::verbs::find(sql, &trial.playbook).await?.playbook;
    let (remedy, friction) = names(&playbook, trial);
    let (url, since) = (&world.settings().public_url, trial.begun_at.date());
    let text = format!(
        "{name},\n\nsince {since} you try “{remedy}” against “{friction}”. By now it should be felt: is it gone?\n\n\
         {url}/trials/{id}\n\nOne press says so, and the next who has it knows. Who said so is not kept.\n",
        name = person.name,
        id = trial.id,
    );
    let letter = Letter { to, subject: format!("Is it gone: {friction}?"), text };
    world
        .settings()
        .mail
        .send(&letter)
        .await
        .map_err(|not_sent| Broken::accident("asking by mail what became of a remedy", not_sent))?;
    let tx = world.store().begin().await?;
    store::mailed(&tx, trial.id, world.now()).await?;
    world.commit(tx).await?;
    Ok(())
}
