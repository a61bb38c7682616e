//! Sending a unit's members their links to a pulse, by mail.

use jiff::SignedDuration;
use traction_domain::fact::Fact;
use traction_domain::id::{PersonId, PulseId};
use traction_domain::org::who::{Who, allow};
use traction_domain::sense::readiness::PulseRefused;
use traction_domain::time::Moment;

use crate::sense::outbox;
use crate::sense::outbox::store::{About, Posted, Stands, Wished};
use crate::sense::outbox::verbs::{Written, give_up};
use crate::sense::readiness::store::{self, Pulse};
use crate::sense::readiness::verbs::{Link, find, make_links, may_open, members, must_be_open};
use crate::store::{Sql, Tx};
use crate::trouble::{Broken, Trouble};
use crate::world::World;
use crate::world::mail::Letter;

/// How long after one mailing of a pulse there is no other.
const APART: SignedDuration = SignedDuration::from_hours(24);

/// Puts a letter with a link of his own into the outbox for each member. To all or to none: who has answered already is not
/// looked up, so that whoever sends learns nothing of it. Whom no letter reaches is told on the pulse's page, so that nobody
/// is left out.
pub async fn send_links(world: &World, who: &Who, id: PulseId) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let pulse = find(&tx, id).await?;
    allow(may_open(who, pulse.unit), "the unit's lead or a change lead", "send a unit its links")?;
    if !world.settings().mail.leaves() {
        return Err(PulseRefused::NoMail.into());
    }
    must_be_open(&pulse, world)?;
    if let Some(at) = store::last_mailed(&tx, id).await?.filter(|at| now.since(*at) < APART) {
        return Err(PulseRefused::SentLately { at }.into());
    }
    store::add_mailing(&tx, id, now).await?;
    let members = members(&tx, pulse.unit).await?;
    let wish = |to| {
        let about = About::Pulse(id);
        Wished { id: world.id(), to, about, wished_at: now, not_after: pulse.closes_at }
    };
    let letters: Vec<Wished> = members.iter().map(|member| wish(member.id)).collect();
    outbox::store::add(&tx, &letters).await?;
    for (letter, _) in letters.iter().zip(&members).filter(|(_, member)| member.email.is_none()) {
        give_up(&tx, letter).await?;
    }
    tx.journal(now, who, Fact::PulseLinked { pulse: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Makes links for those whom the last mailing did not reach, to be handed out.
pub async fn hand_out_rest(world: &World, who: &Who, id: PulseId) -> Result<Vec<Link>, Trouble> {
    let mut tx = world.store().begin().await?;
    let pulse = find(&tx, id).await?;
    allow(may_open(who, pulse.unit), "the unit's lead or a change lead", "send a unit its links")?;
    must_be_open(&pulse, world)?;
    let mailed = last(&tx, id).await?.map(|(_, letters)| letters).unwrap_or_default();
    let is_left_out = |person: PersonId| {
        mailed.iter().any(|letter| letter.wished.to == person && letter.stands() == Stands::Unsent)
    };
    let mut rest = members(&tx, pulse.unit).await?;
    rest.retain(|member| is_left_out(member.id));
    let links = make_links(world, &tx, id, rest).await?;
    tx.journal(world.now(), who, Fact::PulseLinked { pulse: id }).await?;
    world.commit(tx).await?;
    Ok(links)
}

/// The last mailing of a pulse: when, and its letters.
pub async fn last(sql: &Sql, id: PulseId) -> Result<Option<(Moment, Vec<Posted>)>, Broken> {
    let Some(at) = store::last_mailed(sql, id).await? else { return Ok(None) };
    Ok(Some((at, outbox::store::of_pulse(sql, id, at).await?)))
}

/// Writes the letter of one member as it leaves, with a link made for it: no other place has it. Over, when the pulse is
/// closed, was mailed anew, or the member has left the unit.
pub async fn write(world: &World, tx: &Tx, id: PulseId, wished: &Wished) -> Result<Written, Trouble> {
    let pulse = find(tx, id).await?;
    let is_last = store::last_mailed(tx, id).await? == Some(wished.wished_at);
    let member = members(tx, pulse.unit).await?.into_iter().find(|member| member.id == wished.to);
    let Some(member) = member.filter(|_| is_last && must_be_open(&pulse, world).is_ok()) else {
        return Ok(Written::Over);
    };
    let Some(to) = member.email.clone() else { return Ok(Written::NoAddress) };
    let links = make_links(world, tx, id, vec![member]).await?;
    let letter = links.first().map(|link| letter(world, &pulse, link, to));
    Ok(letter.map_or(Written::Over, Written::Letter))
}

/// Where a link leads.
pub fn address(world: &World, link: &Link) -> String {
    format!("{}/asked/{}", world.settings().public_url, link.secret)
}

fn letter(world: &World, pulse: &Pulse, link: &Link, to: String) -> Letter {
    let (unit, organisation) = (&pulse.unit_name, &world.settings().organisation);
    let (address, until) = (address(world, link), closes(world, pulse.closes_at));
    let subject = format!("How ready is {unit}?");
    let text = format!(
        "{name},\n\n{unit} ({organisation}) asks its people how ready they are. It takes a minute, without signing in:\n\n\
         {address}\n\nThe link is yours alone and is worth one answer, until {until}. What you choose adds one to a count for \
         each question; no record says who chose what. Means are shown of five or more who agree.\n",
        name = link.name,
    );
    Letter { to, subject, text }
}

fn closes(world: &World, at: Moment) -> String {
    at.timestamp().to_zoned(world.settings().zone.clone()).strftime("%-d %B %Y, %H:%M (%Z)").to_string()
}
