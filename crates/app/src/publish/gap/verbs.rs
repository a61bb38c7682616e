//! Who may see a unit's own gap. Nothing is changed here.

use traction_domain::id::UnitId;
use traction_domain::org::who::{Who, allow};

use crate::trouble::Trouble;

/// Whether he may see the unit's own figures: its people, coaches, change leads, administrators.
pub fn may_see(who: &Who, unit: UnitId) -> bool {
    who.belongs_to(unit) || who.is_coach() || who.is_change_lead() || who.is_administrator()
}

/// Refuses unless he may see the unit's own figures.
pub fn must_see(who: &Who, unit: UnitId) -> Result<(), Trouble> {
    let may = may_see(who, unit);
    Ok(allow(may, "the unit's own people, a coach or a change lead", "see a unit's own figures")?)
}
