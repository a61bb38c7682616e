//! How far a wave has come, in the words of its call.

use traction_domain::offer::wave::WavePhase;
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::contend::application;
use crate::contend::application::store::Application;
use crate::contend::draw::store as draws;
use crate::contend::draw::store::{Drawn, Frozen, Promised};
use crate::grant::slot;
use crate::offer::change::store::Change;
use crate::offer::wave::store::Wave;
use crate::store::Sql;
use crate::trouble::Broken;
use crate::web::counted;

/// A wave with all that its call shows.
pub struct Called {
    /// The short name of the change whose slots it offers.
    pub change: Slug,
    /// The wave.
    pub wave: Wave,
    /// What it promised of its draw.
    pub promised: Option<Promised>,
    /// Who contends, or did until the draw, in the order of their applications.
    pub contenders: Vec<Application>,
    /// Who applied, did not withdraw, and does not contend: they have the change by now, or are not on the list.
    pub beside: Vec<Application>,
    /// The frozen list, once there is one.
    pub frozen: Option<Frozen>,
    /// The draw, once it was run.
    pub drawn: Option<Drawn>,
}

/// Reads a wave's call as it stands at `now`.
pub async fn called(sql: &Sql, change: &Change, wave: Wave, now: Moment) -> Result<Called, Broken> {
    let contending = slot::store::contending(sql, wave.id, now).await?;
    let live = application::store::live_of_wave(sql, wave.id).await?;
    let (contenders, beside) = live.into_iter().partition(|one| contending.contains(&one.unit));
    Ok(Called {
        contenders,
        beside,
        change: change.slug.clone(),
        promised: draws::promised(sql).await?.remove(&wave.id),
        frozen: draws::frozen(sql, wave.id).await?,
        drawn: draws::drawn(sql, wave.id).await?,
        wave,
    })
}

impl Called {
    /// Whether nothing comes of it any more: it is cancelled, or closed without anybody who could be drawn.
    pub fn is_over(&self, now: Moment) -> bool {
        match self.wave.phase(now) {
            WavePhase::Cancelled => true,
            WavePhase::Closed => self.drawn.is_none() && self.contenders.is_empty(),
            WavePhase::Announced | WavePhase::Open => false,
        }
    }

    /// Whether it is drawn, or over: from then on its call tells nothing new by itself.
    pub fn is_settled(&self, now: Moment) -> bool {
        self.drawn.is_some() || self.is_over(now)
    }

    /// Who contends for what at `now`: "7 units contend for 2 slots".
    pub fn contest(&self, now: Moment) -> String {
        let slots = slots(self.wave.n_slots);
        match self.contenders.len() {
            0 if !self.beside.is_empty() => format!("Nobody is left who contends for {slots}"),
            0 if self.is_over(now) => format!("Nobody contended for {slots}"),
            0 => format!("Nobody contends yet for {slots}"),
            1 => format!("1 unit contends for {slots}"),
            n => format!("{} contend for {slots}", units(n)),
        }
    }

    /// The same with how many contend for each slot: "7 units for 2 slots, 3.5 per slot".
    pub fn contest_per_slot(&self, now: Moment) -> String {
        let slots = slots(self.wave.n_slots);
        match self.contenders.len() {
            0 if !self.beside.is_empty() => format!("nobody any more, for {slots}"),
            0 if self.is_over(now) => format!("nobody, for {slots}"),
            0 => format!("nobody yet, for {slots}"),
            n => format!("{} for {slots}, {}", units(n), per_slot(n, self.wave.n_slots)),
        }
    }
}

/// Whether a wave was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    /// It was.
    Run,
    /// It was not.
    Ahead,
}

/// The state of a wave in one word; `n_contenders` are those who contend, or did until the draw.
pub fn word(wave: &Wave, draw: Draw, n_contenders: usize, now: Moment) -> &'static str {
    match (draw, wave.phase(now)) {
        (Draw::Run, _) => "drawn",
        (Draw::Ahead, WavePhase::Cancelled) => "cancelled",
        // Nobody is left who could be drawn, and nobody can come any more.
        (Draw::Ahead, WavePhase::Closed) if n_contenders == 0 => "over",
        (Draw::Ahead, WavePhase::Announced) => "announced",
        (Draw::Ahead, WavePhase::Open) => "open",
        (Draw::Ahead, WavePhase::Closed) => "closed",
    }
}

/// How many contend for each slot, as "3.5 per slot".
pub fn per_slot(n_contenders: usize, n_slots: usize) -> String {
    format!("{:.1} per slot", n_contenders as f64 / n_slots.max(1) as f64)
}

/// When a wave is drawn, which has no date of its own; `sources` are the public sources that it waits for.
pub fn drawn_when<'a>(sources: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = sources.into_iter().collect();
    match names.is_empty() {
        true => "by hand, after applications close".into(),
        false => format!("by hand, after applications close and {} is published", names.join(" and ")),
    }
}

/// "1 unit", "7 units".
pub fn units(n: usize) -> String {
    counted(n, "unit", "units")
}

/// "1 slot", "4 slots".
pub fn slots(n: usize) -> String {
    counted(n, "slot", "slots")
}
