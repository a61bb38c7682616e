//! What came, before anything was left out of the panel.
//!
//! The panel counts it while it is made. Whoever makes a record again from the panel alone must say it.

use traction_stats::effect::Seen;
use traction_stats::panel::Panel;

use super::evidence::LeftOut;

/// What came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// Rows.
    pub n_rows: usize,
    /// Rows without an outcome.
    pub n_absent: usize,
    /// Units without any outcome.
    pub n_unseen: usize,
    /// Units that were left out because they lack a period.
    pub n_dropped: usize,
    /// Units that start after the last period.
    pub n_late: usize,
    /// Units whose start was written 0, where that may have been meant for a period.
    pub n_start_0: usize,
}

impl Came {
    /// What came into a panel.
    pub fn of(panel: &Panel) -> Self {
        Came {
            n_rows: panel.n_rows(),
            n_absent: panel.n_absent(),
            n_unseen: panel.n_unseen(),
            n_dropped: panel.n_dropped(),
            n_late: panel.n_start_after_end(),
            n_start_0: panel.n_start_0(),
        }
    }

    /// Units that came and are not in the panel.
    pub(super) fn n_units_left_out(&self) -> usize {
        self.n_dropped + self.n_unseen
    }

    /// What of it was left out.
    pub(super) fn left_out(&self, seen: Seen) -> impl Iterator<Item = LeftOut> {
        // Where rows belong to no unit, each row would be told twice.
        let n_unseen = if seen == Seen::InBoth { self.n_unseen } else { 0 };
        LeftOut::any([
            LeftOut::of(
                ("row without an outcome", "rows without an outcome"),
                self.n_absent,
                "where nothing was observed, nothing is assumed",
            ),
            LeftOut::of(
                ("unit without any outcome", "units without any outcome"),
                n_unseen,
                "nothing was observed there in any period",
            ),
            LeftOut::of(
                ("unit with gaps", "units with gaps"),
                self.n_dropped,
                "some period is lacking, and units with gaps were to be dropped",
            ),
            LeftOut::of(
                ("start after the last period", "starts after the last period"),
                self.n_late,
                "nothing was seen of it yet: the unit counts among those that never start",
            ),
            LeftOut::of(
                ("start written 0", "starts written 0"),
                self.n_start_0,
                "0 says never, so the unit counts among those that never start, although the periods of this table run \
                 through 0; if a start in period 0 is meant, count periods and starts from 1 on, and if never is meant, \
                 write never",
            ),
        ])
    }
}
