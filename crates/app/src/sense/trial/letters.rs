//! "Is it gone?", by mail to whoever tries a remedy, once, when it is time.

use crate::sense::playbook;
use crate::sense::trial::pages::names;
use crate::sense::trial::store::{self, ToMail};
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
    for due in store::to_mail(world.store().read(), world.now(), world.now().after_days(-N_DAYS)).await? {
        let sent = send(world, &due).await;
        done = done.and(sent);
    }
    done
}

async fn send(world: &World, due: &ToMail) -> Result<(), Trouble> {
    let trial = &due.trial;
    let playbook = playbook::verbs::find(world.store().read(), &trial.playbook).await?.playbook;
    let (remedy, friction) = names(&playbook, trial);
    let (url, since) = (&world.settings().public_url, trial.begun_at.date());
    let text = format!(
        "{name},\n\nsince {since} you try “{remedy}” against “{friction}”. By now it should be felt: is it gone?\n\n\
         {url}/trials/{id}\n\nOne press says so, and the next who has it knows. Who said so is not kept.\n",
        name = due.name,
        id = trial.id,
    );
    let letter = Letter { to: due.email.clone(), subject: format!("Is it gone: {friction}?"), text };
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
