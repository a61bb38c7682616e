//! Wishing for letters, and sending those that are to leave.
//!
//! A wish is recorded with what it comes from, in one transaction, and is taken up by a job of its own: a mail server that
//! is slow, or not there, keeps nobody waiting, and a server that stops loses no letter. Each try is begun in the database
//! before the letter leaves, so that of several servers one sends it. Where one stops after the letter left and before that
//! is written down, it leaves a second time: rather twice than never.

use traction_domain::id::LetterId;
use traction_domain::sense::outbox::{Became, Hope, failed};

use crate::sense::outbox::store::{self, About, Wished};
use crate::sense::{readiness, trial};
use crate::store::Tx;
use crate::trouble::{Broken, Trouble};
use crate::world::World;
use crate::world::mail::Letter;

/// What is said of somebody who cannot be written to.
const NO_ADDRESS: &str = "no address is known";

/// A letter, when it is to leave.
pub enum Written {
    /// It is.
    Letter(Letter),
    /// Whom it goes to has no address.
    NoAddress,
    /// What it was to say is over.
    Over,
}

/// What a try led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Led {
    /// On to the next letter.
    On,
    /// To a mail server that takes nothing now.
    Nowhere,
}

/// Gives a letter up whose reader has no address, in the transaction in which it was wished for: whoever wishes learns it
/// at once.
pub async fn give_up(tx: &Tx, letter: &Wished) -> Result<(), Broken> {
    store::begin_try(tx, letter.id, 1, letter.wished_at).await?;
    store::end_try(tx, letter.id, 1, Became::Unsent, Some(NO_ADDRESS), letter.wished_at).await
}

/// Sends the letters that are due. One that is refused does not keep the others from leaving; where a mail server takes
/// nothing, the others wait until the next time.
pub async fn send_due(world: &World) -> Result<(), Trouble> {
    if !world.settings().mail.leaves() {
        return Ok(());
    }
    let now = world.now();
    let mut done = Ok(());
    for letter in store::waiting(world.store().read(), now).await? {
        if !letter.is_due(now) {
            continue;
        }
        match send(world, letter.wished.id).await {
            Ok(Led::On) => {}
            Ok(Led::Nowhere) => break,
            Err(trouble) => done = done.and(Err(trouble)),
        }
    }
    done
}

async fn send(world: &World, id: LetterId) -> Result<Led, Trouble> {
    let tx = world.store().begin().await?;
    // Looked at once more in the one writer's place: another server may have begun meanwhile.
    let posted = store::one(&tx, id).await?.filter(|letter| letter.is_due(world.now()));
    let Some(posted) = posted else { return Ok(Led::On) };
    let n = posted.last.map_or(1, |last| last.n + 1);
    store::begin_try(&tx, id, n, world.now()).await?;
    let written = match posted.wished.about {
        About::Pulse(pulse) => readiness::letters::write(world, &tx, pulse, &posted.wished).await?,
        About::Trial(id) => trial::letters::write(world, &tx, id, posted.wished.to).await?,
    };
    let letter = match written {
        Written::Letter(letter) => letter,
        Written::NoAddress => {
            store::end_try(&tx, id, n, Became::Unsent, Some(NO_ADDRESS), world.now()).await?;
            world.commit(tx).await?;
            return Ok(Led::On);
        }
        Written::Over => {
            store::end_try(&tx, id, n, Became::Over, None, world.now()).await?;
            world.commit(tx).await?;
            return Ok(Led::On);
        }
    };
    world.commit(tx).await?;
    let (became, reason) = match world.settings().mail.send(&letter).await {
        Ok(()) => (Became::Left, None),
        Err(not_sent) => {
            let hope = if not_sent.is_final() { Hope::None } else { Hope::Some };
            (failed(n, hope), Some(not_sent.to_string()))
        }
    };
    let tx = world.store().begin().await?;
    store::end_try(&tx, id, n, became, reason.as_deref(), world.now()).await?;
    world.commit(tx).await?;
    Ok(if became == Became::Again { Led::Nowhere } else { Led::On })
}
