//! One ward never begins with what it got: its slot lapses, as was said before, and two people give the place to a ward
//! that waited.

use traction_domain::contend::draw::Record;
use traction_domain::grant::slot::{LapseRule, State};
use traction_domain::org::who::Who;

use crate::contend::draw;
use crate::contend::draw::store::Answer;
use crate::demo::story::Play;
use crate::demo::truth::{HUDDLE, Simulated};
use crate::grant::slot::verbs::past;
use crate::grant::{lapse, slot};
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::offer::wave::store::Wave;
use crate::trouble::Trouble;

/// After how many days without use a slot lapses.
const DAYS: u32 = 28;
/// The wave of the huddle board in which a ward never begins.
const IDLE_WAVE: usize = 5;
/// Why the free place is given past the draw; published.
const WHY: &str = "It hung up a board of its own while it waited, and has a clerk to keep it";

impl Play {
    /// When a change is opened it is said when its slots lapse.
    pub(super) async fn say_when_slots_lapse(&self, who: &Who, change: &Change) -> Result<(), Trouble> {
        lapse::verbs::set(&self.world, who, change, Some(LapseRule::after_days(DAYS)?)).await
    }

    /// Of the winners of one wave the last never begins.
    pub(super) fn remember_idle(&mut self, change: &Change, wave: &Wave, record: &Record) {
        if change.slug.as_str() == HUDDLE.slug && wave.n == IDLE_WAVE {
            let last = record.granted.last();
            self.idle =
                self.cast.wards.iter().position(|ward| Some(ward.slug.as_str()) == last.map(String::as_str));
        }
    }

    /// Whether a ward has a change and does not use it.
    pub(super) fn is_idle(&self, simulated: &Simulated, ward: usize) -> bool {
        simulated.slug == HUDDLE.slug && self.idle == Some(ward)
    }

    /// Stage 4: what nobody uses lapses; the place that is free by it goes to the first ward that waited, since the change
    /// lead asks for it and the administrator confirms.
    pub(super) async fn lapse(&mut self) -> Result<(), Trouble> {
        if self.idle.is_none() {
            return Ok(());
        }
        let (sql, now) = (self.world.store().read(), self.world.now());
        let (change, wave) = wave::verbs::find(sql, HUDDLE.slug, IDLE_WAVE).await?;
        let Some(drawn) = draw::store::drawn(sql, wave.id).await? else { return Ok(()) };
        // Looking through all use takes a while, and after the gift nothing is left to tell.
        if !drawn.record.overrides.is_empty() {
            return Ok(());
        }
        crate::jobs::lapse_unused(&self.world).await?;
        let slots = slot::store::of_wave(sql, wave.id).await?;
        if !slots.iter().any(|slot| slot.state(now) == State::Lapsed) {
            return Ok(());
        }
        let have_it = slot::store::have_it(sql, change.id, now).await?;
        let mut waiting = drawn.record.waiting.iter().filter_map(|slug| {
            self.cast.wards.iter().find(|ward| ward.slug.as_str() == slug && !have_it.contains(&ward.unit))
        });
        let Some(unit) = waiting.next().map(|ward| ward.unit) else { return Ok(()) };
        let asks = self.who(self.cast.change_lead).await?;
        past::ask(&self.world, &asks, &change, &wave, unit, WHY).await?;
        let confirms = self.who(self.cast.administrator).await?;
        past::answer(&self.world, &confirms, &change, &wave, unit, Answer::Confirmed).await
    }
}
