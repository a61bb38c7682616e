//! The simulated wards contend: those with an appetite apply, the change lead draws, few get a slot.

use traction_domain::contend::application::Application;
use traction_domain::offer::wave::WavePhase;
use traction_domain::time::Moment;

use crate::contend::{application, draw};
use crate::demo::story::Play;
use crate::demo::truth::{BEDSIDE, HUDDLE, Simulated};
use crate::demo::words::APPLICATIONS;
use crate::grant::slot;
use crate::offer::wave::store::Wave;
use crate::offer::{change, wave};
use crate::trouble::Trouble;

impl Play {
    /// Stage 3: applications while a wave is open, the draw once it is closed.
    pub(super) async fn contend(&mut self) -> Result<(), Trouble> {
        for simulated in [BEDSIDE, HUDDLE] {
            let Some(change) = change::store::by_slug(self.world.store().read(), simulated.slug).await?
            else {
                continue;
            };
            for wave in wave::store::of_change(self.world.store().read(), change.id).await? {
                match wave.phase(self.world.now()) {
                    WavePhase::Announced | WavePhase::Cancelled => {}
                    WavePhase::Open => self.apply(&simulated, &wave).await?,
                    WavePhase::Closed => self.draw(&change, &wave).await?,
                }
            }
        }
        Ok(())
    }

    /// Wards apply in the weeks a wave is open: the eager ones first, more of them once results are out.
    async fn apply(&mut self, simulated: &Simulated, wave: &Wave) -> Result<(), Trouble> {
        let pull = simulated.pull_after(wave.n);
        for ward in 0..self.cast.wards.len() {
            let appetite = self.cast.wards[ward].appetite;
            if !self.chance.happens(0.16 * pull * (0.4 + appetite)).is_yes() {
                continue;
            }
            let unit = self.cast.wards[ward].unit;
            let sql = self.world.store().read();
            let now: Moment = self.world.now();
            let holds = slot::store::held(sql, wave.change, unit, now).await?.is_some();
            if holds || application::store::live(sql, wave.id, unit).await?.is_some() {
                continue;
            }
            let who = self.who(self.cast.wards[ward].lead).await?;
            let (pain, aim) = self.chance.one_of(&APPLICATIONS).copied().unwrap_or(APPLICATIONS[0]);
            let written =
                Application::written(pain, aim, &who.name, "An hour a week, and our numbers in the open")?;
            application::run::apply(&self.world, &who, wave, unit, &written).await?;
        }
        Ok(())
    }

    /// The change lead draws what is closed and not drawn.
    async fn draw(&mut self, change: &change::store::Change, wave: &Wave) -> Result<(), Trouble> {
        let sql = self.world.store().read();
        let has_contenders = !application::store::live_of_wave(sql, wave.id).await?.is_empty();
        if draw::store::drawn(sql, wave.id).await?.is_some() || !has_contenders {
            return Ok(());
        }
        let who = self.who(self.cast.change_lead).await?;
        let record = draw::run::run(&self.world, &who, change, wave).await?;
        self.remember_idle(change, wave, &record);
        crate::loops::settle(&self.world).await?;
        Ok(())
    }
}
