//! Public sources of randomness: named before anybody applies, their values entered and put right before the draw, or given
//! up by two people where none comes.
//!
//! Nothing is looked up here: whether a value is the one that was published, people compare.

use traction_domain::contend::draw::{
    DrawRefused, PublicSource, link, may_correct, may_enter, may_give_up, may_name,
};
use traction_domain::fact::Fact;
use traction_domain::org::who::Who;
use traction_domain::refusal;
use traction_domain::time::Moment;

use crate::contend::application;
use crate::contend::draw::store::{self, Answer, Named};
use crate::contend::draw::verbs;
use crate::offer::change;
use crate::offer::change::store::Change;
use crate::offer::wave::store::Wave;
use crate::store::Sql;
use crate::trouble::Trouble;
use crate::world::World;

/// A public source as it is wished for.
#[derive(Clone, Copy, Debug)]
pub struct SourceWish<'a> {
    /// What it is.
    pub name: &'a str,
    /// Where its value is published.
    pub link: &'a str,
    /// When its value comes to be, after applications close.
    pub due: Moment,
}

/// Names a public source of randomness before anybody applies.
pub async fn name(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    wish: SourceWish<'_>,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "name a public source")?;
    let name = refusal::text(wish.name, "name", "the source's name", 120)?;
    let link = link(wish.link)?;
    let source = PublicSource::new(name, Some(wish.due.to_string()), None).map_err(DrawRefused::from)?;
    let mut tx = world.store().begin().await?;
    let now = application::verbs::asked_at(&tx, wave, world.now()).await?;
    may_name(verbs::applied(&tx, wave.id).await?, wave.closes_at, wish.due, now)?;
    store::name_source(&tx, wave.id, &source, &link, now).await?;
    tx.journal(now, who, Fact::SourceNamed { wave: wave.id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Enters the value of the `n`-th public source, from 1, once the list is frozen and the value can exist.
pub async fn enter(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    n: usize,
    value: &str,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "enter a public value")?;
    let value = refusal::text(value, "value", "the value", 400)?;
    let mut tx = world.store().begin().await?;
    if store::frozen(&tx, wave.id).await?.is_none() {
        return Err(DrawRefused::NotFrozen { closes: wave.closes_at }.into());
    }
    let source = nth(&tx, wave, n).await?.source;
    let now = world.now();
    may_enter(&source, now)?;
    let source = PublicSource::new(source.name, source.when, Some(value)).map_err(DrawRefused::from)?;
    store::enter_value(&tx, wave.id, n, source.value.as_deref().unwrap_or_default(), who.person(), now)
        .await?;
    tx.journal(now, who, Fact::SourceValueEntered { wave: wave.id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Puts a value right before the draw. The one before stays to be seen, with the reason.
pub async fn correct(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    n: usize,
    value: &str,
    why: &str,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "put a public value right")?;
    let value = refusal::text(value, "value", "the value", 400)?;
    let why = refusal::maybe_text(why, "why", "the reason", 400)?.ok_or(DrawRefused::NoReason)?;
    let mut tx = world.store().begin().await?;
    let source = nth(&tx, wave, n).await?.source;
    let drawn = store::drawn(&tx, wave.id).await?.map(|drawn| drawn.drawn_at);
    may_correct(&source, &value, drawn)?;
    let source = PublicSource::new(source.name, source.when, Some(value)).map_err(DrawRefused::from)?;
    let (value, now) = (source.value.as_deref().unwrap_or_default(), world.now());
    store::correct_value(&tx, wave.id, n, value, &why, who.person(), now).await?;
    tx.journal(now, who, Fact::SourceValueCorrected { wave: wave.id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Says that a source failed to publish its value. Nothing follows before a second person confirms it.
pub async fn fail(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    n: usize,
    why: &str,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "draw without a public source")?;
    let person = who.must_be_a_person("draw without a public source")?;
    let why = refusal::maybe_text(why, "why", "the reason", 400)?.ok_or(DrawRefused::NoReason)?;
    let mut tx = world.store().begin().await?;
    if store::frozen(&tx, wave.id).await?.is_none() {
        return Err(DrawRefused::NotFrozen { closes: wave.closes_at }.into());
    }
    let (named, now) = (nth(&tx, wave, n).await?, world.now());
    may_give_up(&named.source, now)?;
    if named.waiting().is_some() {
        return Err(DrawRefused::GivenUpAlready.into());
    }
    store::fail(&tx, wave.id, n, &why, person, now).await?;
    tx.journal(now, who, Fact::SourceFailed { wave: wave.id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Answers it: a second person confirms that the wave is drawn without this source, or somebody, also who said so, says no.
pub async fn answer(
    world: &World,
    who: &Who,
    change: &Change,
    wave: &Wave,
    n: usize,
    answer: Answer,
) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "draw without a public source")?;
    let person = who.must_be_a_person("draw without a public source")?;
    let mut tx = world.store().begin().await?;
    let (named, now) = (nth(&tx, wave, n).await?, world.now());
    let failure = named.waiting().ok_or(Trouble::NotFound { what: "source that is said to have failed" })?;
    let fact = match answer {
        Answer::Confirmed if failure.asked_by == person => return Err(DrawRefused::SamePerson.into()),
        Answer::Confirmed => {
            // Its value may have been entered meanwhile.
            may_give_up(&named.source, now)?;
            Fact::SourceGivenUp { wave: wave.id }
        }
        Answer::Declined => Fact::SourceFailureDeclined { wave: wave.id },
    };
    store::answer_failure(&tx, wave.id, n, failure, answer, person, now).await?;
    tx.journal(now, who, fact).await?;
    world.commit(tx).await?;
    Ok(())
}

async fn nth(sql: &Sql, wave: &Wave, n: usize) -> Result<Named, Trouble> {
    let sources = store::named(sql, wave.id).await?;
    let source = n.checked_sub(1).and_then(|index| sources.into_iter().nth(index));
    source.ok_or(Trouble::NotFound { what: "public source" })
}
