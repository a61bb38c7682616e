//! Sending a unit's members their links to a pulse, by mail.

use jiff::SignedDuration;
use traction_domain::id::PulseId;
use traction_domain::org::who::{Who, allow};
use traction_domain::sense::readiness::PulseRefused;
use traction_domain::time::Moment;

use crate::sense::readiness::store::{self, Pulse};
use crate::sense::readiness::verbs::{Link, find, make_links, may_open};
use crate::trouble::Trouble;
use crate::world::World;
use crate::world::mail::Letter;

/// How long after one mailing of a pulse there is no other.
const APART: SignedDuration = SignedDuration::from_hours(24);

/// What became of a unit's links.
#[derive(Clone, Debug)]
pub struct Sent {
    /// How many letters the mail server took.
    pub n_sent: usize,
    /// The links that did not leave, each with the reason: to be handed out.
    pub by_hand: Vec<(Link, String)>,
}

/// Makes each member a link and sends it to him. Members without an address, and those to whom the letter did not leave,
/// come back with their links: nobody is left out. To all or to none: who has answered already is not looked up, so that
/// whoever sends learns nothing of it.
pub async fn send_links(world: &World, who: &Who, id: PulseId) -> Result<Sent, Trouble> {
    let pulse = find(world.store().read(), id).await?;
    allow(may_open(who, pulse.unit), "the unit's lead or a change lead", "send a unit its links")?;
    if !world.settings().mail.leaves() {
        return Err(PulseRefused::NoMail.into());
    }
    let now = world.now();
    let mut tx = world.store().begin().await?;
    if let Some(at) = store::last_mailed(&tx, id).await?.filter(|at| now.since(*at) < APART) {
        return Err(PulseRefused::SentLately { at }.into());
    }
    let links = make_links(world, &mut tx, who, &pulse).await?;
    store::add_mailing(&tx, id, now).await?;
    // Before they leave: whoever presses twice does not send twice.
    world.commit(tx).await?;
    let mut sent = Sent { n_sent: 0, by_hand: vec![] };
    for link in links {
        let Some(to) = link.email.clone() else {
            sent.by_hand.push((link, "no address is known".to_owned()));
            continue;
        };
        match world.settings().mail.send(&letter(world, &pulse, &link, to)).await {
            Ok(()) => sent.n_sent += 1,
            Err(not_sent) => sent.by_hand.push((link, not_sent.to_string())),
        }
    }
    Ok(sent)
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
