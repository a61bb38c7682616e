//! The organisation of the journey: sixteen wards in two houses, each with a lead and six nurses, and a change lead.

use traction_domain::id::{PersonId, UnitId};
use traction_domain::org::role::RoleWord;
use traction_domain::time::Moment;

use crate::world::{Browser, TestWorld};

/// How many wards there are.
pub const N_WARDS: usize = 16;

/// How many nurses a ward has: more than the five below which nothing is said about people.
pub const N_NURSES: usize = 6;

/// The organisation, and who is in it.
pub struct Hospital<'a> {
    /// The world it stands in.
    pub world: &'a TestWorld,
    /// The wards, `ward-01` first.
    pub wards: Vec<Ward>,
    /// The one who runs changes.
    pub cleo: PersonId,
}

/// A ward and its people.
pub struct Ward {
    /// Its id.
    pub id: UnitId,
    /// Its short name.
    pub slug: String,
    /// Who leads it.
    pub lead: PersonId,
    /// Its nurses; the external id of each is `nurse-1-of-ward-01` and so on.
    pub nurses: Vec<PersonId>,
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
            let lead = world.person(&format!("lead-of-{slug}"), RoleWord::Lead, Some(id)).await;
            let mut nurses = Vec::new();
            for n in 1..=N_NURSES {
                nurses.push(world.person(&format!("nurse-{n}-of-{slug}"), RoleWord::Member, Some(id)).await);
            }
            wards.push(Ward { id, slug, lead, nurses });
        }
        let cleo = world.person("cleo", RoleWord::ChangeLead, None).await;
        Hospital { world, wards, cleo }
    }

    /// Somebody at a browser, signed in anew: sessions end when weeks go by.
    pub async fn at(&self, person: PersonId) -> Browser<'a> {
        self.world.browser_of(person).await
    }

    /// The ward of this short name.
    pub fn ward(&self, slug: &str) -> &Ward {
        self.wards.iter().find(|ward| ward.slug == slug).unwrap()
    }

    /// Lets the time go by until `moment`.
    pub async fn until(&self, moment: &str) {
        let moment: Moment = moment.parse().unwrap();
        let n_days = (moment.milliseconds() - self.world.world.now().milliseconds()) as f64 / 86_400_000.0;
        assert!(n_days > 0.0, "time goes forward");
        self.world.days_go_by(n_days).await;
    }
}
