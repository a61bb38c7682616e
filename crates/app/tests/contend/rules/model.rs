//! The rules of a wave once more, in the plainest words: sets of numbers, and no code of the program's.

use std::collections::BTreeSet;

use traction_domain::grant::slot::Step;

use super::{N_UNITS, Role};

/// Slots in each wave.
pub const N_SLOTS: usize = 2;
/// Hours from the beginning at which each wave opens, closes, its source's value comes to be, and its slots start and end.
pub const TIMES: [[i64; 5]; 2] = [[6, 30, 34, 90, 200], [20, 44, 48, 120, 220]];

/// A wave as the model knows it.
#[derive(Clone, Default)]
pub struct Wave {
    pub applied: BTreeSet<usize>,
    /// Whether anybody ever applied.
    pub was_applied_to: bool,
    pub protected: BTreeSet<usize>,
    pub is_capped: bool,
    /// For each public source, whether its value was entered.
    pub sources: Vec<bool>,
    pub list: Option<BTreeSet<usize>>,
    /// Closed, and nobody who applied was left to be listed.
    pub is_void: bool,
    /// The draw's order of grants and of waiting, as published.
    pub drawn: Option<(Vec<usize>, Vec<usize>)>,
    /// By unit: who asked for a place past the draw, while it waits.
    pub asked: [Option<Role>; N_UNITS],
}

/// A slot as the model knows it.
#[derive(Clone, Debug)]
pub struct Slot {
    pub unit: usize,
    pub wave: usize,
    pub is_push: bool,
    pub from: i64,
    pub is_paused: bool,
    pub is_over: bool,
    pub freed: Option<i64>,
}

/// The whole.
#[derive(Clone, Default)]
pub struct Model {
    pub hour: i64,
    pub waves: [Wave; 2],
    pub slots: Vec<Slot>,
    /// Who applied and was not listed, since he had it.
    pub n_left_out: usize,
}

impl Role {
    pub fn runs(self) -> bool {
        matches!(self, Role::ChangeLead | Role::Administrator | Role::Operator | Role::Program)
    }

    pub fn speaks_for(self, unit: usize) -> bool {
        matches!(self, Role::Administrator | Role::Operator | Role::Program) || self == Role::Lead(unit)
    }

    pub fn is_person(self) -> bool {
        !matches!(self, Role::Operator | Role::Program)
    }
}

/// Two parents: the first two units, and the others.
fn parent(unit: usize) -> bool {
    unit < 2
}

impl Model {
    fn is_live(&self, slot: &Slot) -> bool {
        !slot.is_over && self.hour < TIMES[slot.wave][4]
    }

    pub fn live(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| self.is_live(slot))
    }

    pub fn holds(&self, unit: usize) -> bool {
        self.live().any(|slot| slot.unit == unit)
    }

    fn had_slot(&self, unit: usize, wave: usize) -> bool {
        self.slots.iter().any(|slot| (slot.unit, slot.wave) == (unit, wave))
    }

    fn n_live(&self, wave: usize) -> usize {
        self.live().filter(|slot| slot.wave == wave).count()
    }

    /// Closing freezes the list, where anybody applied who has it not by then.
    pub fn freeze(&mut self) {
        let n_waves = self.waves.len();
        for (wave, times) in TIMES.iter().enumerate().take(n_waves) {
            let contends = self.contends(wave);
            let of = &mut self.waves[wave];
            let is_settled = of.list.is_some() || of.is_void || of.applied.is_empty();
            if self.hour >= times[1] && !is_settled {
                self.n_left_out += of.applied.len() - contends.len();
                of.is_void = contends.is_empty();
                of.list = Some(contends).filter(|list| !list.is_empty());
            }
        }
    }

    /// Who contends: who applied and has it not; from the freezing on of those on the list; from the draw on whoever of
    /// the list has not withdrawn.
    pub fn contends(&self, wave: usize) -> BTreeSet<usize> {
        let of = &self.waves[wave];
        let is_listed = |unit: &usize| of.list.as_ref().map_or(!of.is_void, |list| list.contains(unit));
        let counts = |unit: &usize| is_listed(unit) && (of.drawn.is_some() || !self.holds(*unit));
        of.applied.iter().copied().filter(counts).collect()
    }

    pub fn can_apply(&self, role: Role, unit: usize, wave: usize) -> bool {
        let open = (TIMES[wave][0]..TIMES[wave][1]).contains(&self.hour);
        role.speaks_for(unit) && open && !self.waves[wave].applied.contains(&unit) && !self.holds(unit)
    }

    pub fn can_rewrite(&self, role: Role, unit: usize, wave: usize) -> bool {
        let open = (TIMES[wave][0]..TIMES[wave][1]).contains(&self.hour);
        role.speaks_for(unit) && open && self.waves[wave].applied.contains(&unit)
    }

    pub fn can_withdraw(&self, role: Role, unit: usize, wave: usize) -> bool {
        let of = &self.waves[wave];
        // Once the list is frozen, nobody but its own lead takes a unit off it.
        let may = if of.list.is_some() { role == Role::Lead(unit) } else { role.speaks_for(unit) };
        may && of.applied.contains(&unit) && !self.had_slot(unit, wave)
    }

    pub fn can_protect(&self, role: Role, unit: usize, wave: usize) -> bool {
        let protected = &self.waves[wave].protected;
        let has_room = protected.contains(&unit) || protected.len() < N_SLOTS;
        role.runs() && self.hour < TIMES[wave][0] && has_room
    }

    pub fn can_cap(&self, role: Role, wave: usize) -> bool {
        role.runs() && self.hour < TIMES[wave][0]
    }

    pub fn can_name(&self, role: Role, wave: usize) -> bool {
        role.runs() && self.hour < TIMES[wave][1] && !self.waves[wave].was_applied_to
    }

    pub fn can_enter(&self, role: Role, wave: usize) -> bool {
        let has_empty = self.waves[wave].sources.contains(&false);
        role.runs() && self.waves[wave].list.is_some() && has_empty && self.hour >= TIMES[wave][2]
    }

    /// Those on the list who contend no longer: they withdrew, or have it by another slot.
    pub fn out(&self, wave: usize) -> BTreeSet<usize> {
        let list = self.waves[wave].list.clone().unwrap_or_default();
        let is_out = |unit: &usize| !self.waves[wave].applied.contains(unit) || self.holds(*unit);
        list.into_iter().filter(is_out).collect()
    }

    pub fn can_draw(&self, role: Role, wave: usize) -> bool {
        let of = &self.waves[wave];
        let Some(list) = &of.list else { return false };
        let out = self.out(wave);
        let n_protected =
            list.iter().filter(|unit| of.protected.contains(unit) && !out.contains(unit)).count();
        role.runs()
            && (TIMES[wave][1]..TIMES[wave][4]).contains(&self.hour)
            && of.drawn.is_none()
            && of.sources.iter().all(|has_value| *has_value)
            && n_protected <= N_SLOTS
    }

    pub fn grant(&mut self, unit: usize, wave: usize, is_push: bool) {
        let from = self.hour.max(TIMES[wave][3]);
        self.slots.push(Slot { unit, wave, is_push, from, is_paused: false, is_over: false, freed: None });
    }

    pub fn can_take(&self, role: Role, slot: &Slot, step: Step) -> bool {
        if !self.is_live(slot) {
            return false;
        }
        let has_begun = self.hour >= slot.from;
        match step {
            Step::GivenBack => role.speaks_for(slot.unit),
            Step::Ended => role.runs(),
            Step::Lapsed => role.runs() && has_begun,
            Step::Paused => (role.runs() || role.speaks_for(slot.unit)) && has_begun && !slot.is_paused,
            Step::Resumed => (role.runs() || role.speaks_for(slot.unit)) && slot.is_paused,
            Step::HandedOver => false,
        }
    }

    pub fn take(&mut self, role: Role, at: usize, step: Step) {
        let hour = self.hour;
        let slot = &mut self.slots[at];
        let is_own = role == Role::Lead(slot.unit);
        match step {
            Step::Paused => slot.is_paused = true,
            Step::Resumed => slot.is_paused = false,
            _ => slot.is_over = true,
        }
        if matches!(step, Step::GivenBack | Step::Ended) {
            // What anybody but its own unit takes away moves nobody up.
            slot.freed = Some(hour).filter(|_| is_own);
            // Who has it no longer may be the first who waits in the other wave.
            let n_waves = self.waves.len();
            for (wave, times) in TIMES.iter().enumerate().take(n_waves) {
                if hour < times[3] {
                    self.move_up(wave);
                }
            }
        }
    }

    /// For each slot that became free before the start and that nobody took over: the first who waits and may.
    pub fn move_up(&mut self, wave: usize) {
        let Some((granted, waiting)) = self.waves[wave].drawn.clone() else { return };
        let of_wave = || self.slots.iter().filter(|slot| slot.wave == wave);
        let in_time = |slot: &&Slot| slot.freed.is_some_and(|hour| hour < TIMES[wave][3]);
        let n_freed = of_wave().filter(in_time).count();
        let moved = of_wave().filter(|slot| !slot.is_push && !granted.contains(&slot.unit)).count();
        for _ in moved..n_freed {
            if self.n_live(wave) >= N_SLOTS {
                return;
            }
            let has_room = |unit: usize| {
                let under = self.live().filter(|slot| slot.wave == wave && parent(slot.unit) == parent(unit));
                !self.waves[wave].is_capped || under.count() < 1
            };
            let may = |unit: &&usize| {
                let gone = !self.waves[wave].applied.contains(unit);
                !gone && !self.had_slot(**unit, wave) && !self.holds(**unit) && has_room(**unit)
            };
            let Some(next) = waiting.iter().find(may).copied() else { return };
            self.grant(next, wave, false);
        }
    }

    /// Whether a place past the draw is free for a unit, once those who wait for one have theirs.
    pub fn can_get_past(&self, unit: usize, wave: usize) -> bool {
        let mut settled = self.clone();
        settled.settle_line(wave);
        settled.is_free_for(unit, wave)
    }

    fn is_free_for(&self, unit: usize, wave: usize) -> bool {
        let of = &self.waves[wave];
        self.hour < TIMES[wave][4]
            && of.drawn.is_some()
            && of.list.as_ref().is_some_and(|list| list.contains(&unit))
            && !self.had_slot(unit, wave)
            && !self.holds(unit)
            && self.n_live(wave) < N_SLOTS
    }

    /// Before it is told whether a place is free, who waits for one gets it.
    pub fn settle_line(&mut self, wave: usize) {
        if self.hour < TIMES[wave][3] {
            self.move_up(wave);
        }
    }
}
