//! What is like the line that somebody types: in his own units first, each trouble once.

use traction_domain::org::who::Who;
use traction_domain::sense::friction::{self as rules, Typed};

use super::backlog;
use crate::sense::friction::store::Friction;
use crate::trouble::Broken;
use crate::world::World;

/// How many are shown.
const MOST: usize = 5;

/// Something like what is being typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Similar {
    /// The friction: one's own unit's, or the dearest.
    pub friction: Friction,
    /// Whether it is of a unit to which whoever types belongs.
    pub of: Of,
    /// In how many other units the same stands, under the same title.
    pub n_elsewhere: usize,
}

/// Whose a friction is to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// Of one of his own units: "me too" counts there.
    OwnUnit,
    /// Of another one.
    Another,
}

/// A line as somebody types it, with what merges that can be seen say of it: which other words are the same here.
pub fn typed(line: &str, backlog: &[Friction]) -> Typed {
    let merged = backlog
        .iter()
        .flat_map(|one| one.merged.iter().map(|(_, title)| (one.title.as_str(), title.as_str())));
    Typed::of(line, merged)
}

/// Open frictions that `who` sees, like `title` by their own titles or by those of what was merged into them, in its words or
/// in those that other merges took for the same: those of his own units first, then the likest; at most five, each title once.
pub async fn similar(world: &World, who: Option<&Who>, title: &str) -> Result<Vec<Similar>, Broken> {
    let backlog = backlog(world.store().read(), who, None).await?;
    let typed = typed(title, &backlog);
    let mut alike: Vec<(f64, Similar)> = Vec::new();
    for friction in backlog.into_iter().filter(|friction| friction.state.is_open()) {
        let titles = std::iter::once(&friction.title).chain(friction.merged.iter().map(|(_, title)| title));
        let likeness = titles.map(|other| typed.likeness(other)).fold(0.0, f64::max);
        if likeness >= rules::ALIKE {
            let is_own = who.is_some_and(|who| who.belongs_to(friction.unit));
            let of = if is_own { Of::OwnUnit } else { Of::Another };
            alike.push((likeness, Similar { friction, of, n_elsewhere: 0 }));
        }
    }
    // The backlog is dearest first, and stays so among equals.
    alike.sort_by(|one, other| one.1.of.cmp(&other.1.of).then(other.0.total_cmp(&one.0)));
    let mut shown: Vec<Similar> = Vec::new();
    for (_, one) in alike {
        match shown.iter_mut().find(|before| is_same_line(&before.friction.title, &one.friction.title)) {
            Some(before) if before.friction.unit != one.friction.unit => before.n_elsewhere += 1,
            Some(_) => {}
            None => shown.push(one),
        }
    }
    shown.truncate(MOST);
    Ok(shown)
}

fn is_same_line(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
