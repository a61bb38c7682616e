//! Engaging an expert, ending it, reviewing it.

use jiff::civil::Date;
use traction_domain::fact::Fact;
use traction_domain::id::{EngagementId, Id, PersonId, ReviewId, UnitId};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::{Who, allow};
use traction_domain::refusal;
use traction_domain::sustain::expert::{self as rules, EngagementRefused, Expert, Reviewer, Scores};

use crate::org::{person, unit};
use crate::store::Sql;
use crate::sustain::expert::store::{self, Kept};
use crate::trouble::Trouble;
use crate::world::World;

/// Who is to help: somebody with an account, or somebody from outside by name.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The person, where he has an account.
    pub expert: Option<PersonId>,
    /// The name, where he has none.
    pub name: String,
    /// As what he comes.
    pub comes_as: String,
    /// Whom he helps.
    pub unit: UnitId,
    /// From which day on.
    pub from: Date,
}

/// Engages an expert for a unit.
pub async fn engage(world: &World, who: &Who, wish: Wish) -> Result<EngagementId, Trouble> {
    let engaged_by = who.person().ok_or(Trouble::NotSignedIn)?;
    let (id, now) = (world.id::<EngagementId>(), world.now());
    let mut tx = world.store().begin().await?;
    unit::store::one(&tx, wish.unit).await?.ok_or(Trouble::NotFound { what: "unit" })?;
    must_engage(who, wish.unit)?;
    let (expert, name) = match wish.expert {
        Some(person) => {
            let person =
                person::store::one(&tx, person).await?.ok_or(Trouble::NotFound { what: "person" })?;
            (Expert::Known(person.id), person.name)
        }
        None => (rules::named(&wish.name)?, wish.name.trim().to_owned()),
    };
    let comes_as = refusal::text(&wish.comes_as, "comes_as", "as what the expert comes", 80)
        .map_err(EngagementRefused::from)?;
    let engagement = rules::engage(expert, wish.unit, engaged_by, wish.from, None)?;
    store::add(&tx, id, &engagement, &name, &comes_as, now).await?;
    tx.journal(now, who, Fact::ExpertEngaged { engagement: id, unit: wish.unit }).await?;
    world.commit(tx).await?;
    Ok(id)
}

/// Ends an engagement.
pub async fn end(world: &World, who: &Who, id: EngagementId, last_day: Date) -> Result<(), Trouble> {
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let kept = find(&tx, id).await?;
    must_engage(who, kept.engagement.unit)?;
    rules::end(&kept.engagement, last_day)?;
    store::end(&tx, id, last_day, now).await?;
    tx.journal(now, who, Fact::EngagementEnded { engagement: id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// Reviews an engagement, without anybody's being able to see who said what.
///
/// The row of what was said has an id of the engagement's first day and of chance, so that it carries no time of its
/// own. The journal has the time, and therefore neither the writer nor that row's id: with the sign-ins beside it,
/// either would point at somebody.
pub async fn review(
    world: &World,
    who: &Who,
    id: EngagementId,
    scores: Scores,
    words: &str,
) -> Result<(), Trouble> {
    let person = who.person().ok_or(Trouble::NotSignedIn)?;
    let now = world.now();
    let mut tx = world.store().begin().await?;
    let kept = find(&tx, id).await?;
    let members = person::store::of_unit(&tx, kept.engagement.unit).await?;
    let is_member = members
        .iter()
        .any(|(member, word)| member.id == person && matches!(word, RoleWord::Member | RoleWord::Lead));
    let ground = rules::Ground {
        engagement: &kept.engagement,
        by: person,
        reviewer: if is_member { Reviewer::Served } else { Reviewer::NotServed },
        n_written: store::n_written(&tx, id, person).await?,
        today: now.date(),
    };
    let review = rules::review(ground, scores, words)?;
    let first_day = format!("{}T00:00:00Z", kept.engagement.from).parse().unwrap_or(now);
    let row = ReviewId::made(first_day, world.secret());
    store::add_reviewer(&tx, id, person).await?;
    store::add_review(&tx, id, row, review).await?;
    let fact = Fact::Reviewed { review: world.id(), engagement: id };
    tx.journal(now, &Who::the_loop(), fact).await?;
    world.commit(tx).await?;
    Ok(())
}

/// The engagement of an id as it stands in an address.
pub async fn find(sql: &Sql, id: EngagementId) -> Result<Kept, Trouble> {
    store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "engagement" })
}

fn must_engage(who: &Who, unit: UnitId) -> Result<(), Trouble> {
    let may = who.speaks_for(unit) || who.is_change_lead();
    Ok(allow(may, "the unit's lead or a change lead", "engage an expert or end his engagement")?)
}
