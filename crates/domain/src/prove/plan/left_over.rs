//! More slots than units: which waves would find nobody left.

use traction_stats::power::stepped_wedge::Waves;

use crate::words::counted;

/// What more slots than units leave over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOver {
    /// Slots of all waves that were asked for.
    pub n_slots: usize,
    /// Units there are.
    pub n_units: usize,
    /// Waves that were asked for.
    pub n_asked: usize,
    /// Waves that find somebody.
    pub n_waves: usize,
}

/// The waves that find somebody, and what is left over, if anything is.
pub(super) fn without_empty(all: Waves) -> (Waves, Option<LeftOver>) {
    let n_slots: usize = all.slots.iter().sum();
    if n_slots <= all.n_units || all.slots.len() != all.timing.n_waves() {
        return (all, None);
    }
    let mut given = 0;
    let is_short = |slots: &&usize| {
        let short = given < all.n_units;
        given += **slots;
        short
    };
    let n_waves = all.slots.iter().take_while(is_short).count();
    let left_over = LeftOver { n_slots, n_units: all.n_units, n_asked: all.slots.len(), n_waves };
    let slots = all.slots[..n_waves].to_vec();
    (Waves { n_units: all.n_units, slots, timing: all.timing.first(n_waves) }, Some(left_over))
}

impl LeftOver {
    /// In a sentence.
    pub fn says(&self) -> String {
        let many = format!(
            "These are {} for {}",
            counted(self.n_slots, "slot", "slots"),
            counted(self.n_units, "unit", "units")
        );
        match self.n_asked - self.n_waves {
            0 => format!("{many}: the last wave has more slots than units left."),
            n => format!(
                "{many}: {} for all of them, the other {n} would find nobody left, and only the first {} planned.",
                counted(self.n_waves, "wave is enough", "waves are enough"),
                counted(self.n_waves, "is", "are"),
            ),
        }
    }
}
