//! The organisation of the journey: sixteen wards in two houses, a lead in each, a handful of nurses in the first.

use traction_domain::id::UnitId;
use traction_domain::org::role::RoleWord;

use crate::world::{Browser, TestWorld};

/// How many wards there are.
pub const N_WARDS: usize = 16;

/// The organisation, and who is in it.
pub struct Hospital<'a> {
    /// The world it stands in.
    pub world: &'a TestWorld,
    /// The wards, `ward-01` first.
    pub wards: Vec<Ward<'a>>,
    /// Six nurses of the first ward: more than the five below which nothing is said about people.
    pub nurses: Vec<Browser<'a>>,
    /// The one who runs changes.
    pub change_lead: Browser<'a>,
    /// Somebody from outside who reads what is public.
    pub visitor: Browser<'a>,
}

/// A ward and its lead.
pub struct Ward<'a> {
    /// Its id.
    pub id: UnitId,
    /// The lead's browser.
    pub lead: Browser<'a>,
}

impl<'a> Hospital<'a> {
    /// Founds it.
    pub async fn found(world: &'a TestWorld) -> Hospital<'a> {
        for house in ["north", "south"] {
            world.unit(house, None).await;
        }
        let mut wards = Vec::new();
        for n in 1..=N_WARDS {
            let slug = format!("ward-{n:02}");
            let id = world.unit(&slug, Some(if n % 2 == 0 { "south" } else { "north" })).await;
            let lead = world.person(&format!("lead-{n:02}"), RoleWord::Lead, Some(id)).await;
            wards.push(Ward { id, lead: world.browser_of(lead).await });
        }
        let mut nurses = Vec::new();
        for n in 1..=6 {
            let nurse = world.person(&format!("nurse-{n}"), RoleWord::Member, Some(wards[0].id)).await;
            nurses.push(world.browser_of(nurse).await);
        }
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        Hospital { world, wards, nurses, change_lead: world.browser_of(cleo).await, visitor: world.visitor() }
    }
}
