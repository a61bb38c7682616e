//! What the front line makes of its ideas, week by week, and of the remedies that the playbook advised.
//!
//! It throws no dice: an idea's place in the row decides. So what was played before it stays as it was.

use traction_domain::sense::diagnosis::Outcome;
use traction_domain::sense::friction::FrictionState;
use traction_domain::sense::idea::{self as rules, IdeaState};

use crate::demo::cast::Ward;
use crate::demo::story::Play;
use crate::demo::words::{ADOPTED, DROPPED, TRIED};
use crate::sense::friction::verbs::care;
use crate::sense::friction::{self, store::Friction};
use crate::sense::idea::store::Idea;
use crate::sense::trial::verbs::{For, TrialWish};
use crate::sense::{idea, trial};
use crate::trouble::Trouble;

/// What becomes of an idea, by its place in the row: after how many weeks, and what. The sixth is as the first.
const COURSES: [&[(i64, IdeaState)]; 5] = [
    &[(1, IdeaState::BeingTried), (4, IdeaState::Adopted)],
    &[(2, IdeaState::BeingTried), (5, IdeaState::Dropped)],
    &[(1, IdeaState::BeingTried), (6, IdeaState::Adopted)],
    &[(3, IdeaState::Dropped)],
    &[(2, IdeaState::BeingTried), (7, IdeaState::Adopted)],
];

/// How many ideas other wards copy.
const N_COPIED: usize = 3;

/// A remedy, the friction of the playbook that it is tried against, what was answered before, and what became of it.
type Lesson = (&'static str, &'static str, &'static str, Outcome);

/// What wards learnt of the playbook on internal change.
const LESSONS: [Lesson; 8] = [
    ("one-name", "no-owner", "owner.nobody~when-owner-away.stops", Outcome::Gone),
    ("one-name", "no-owner", "owner.nobody~when-owner-away.less", Outcome::Gone),
    ("one-name", "no-owner", "owner.different~when-owner-away.stops", Outcome::Gone),
    ("one-name", "no-owner", "owner.nobody~when-owner-away.stops", Outcome::Stayed),
    ("one-name", "no-owner", "owner.nobody~when-owner-away.stops", Outcome::Gone),
    ("one-name", "no-owner", "owner.different~when-owner-away.less", Outcome::Gone),
    ("one-name", "no-owner", "owner.nobody~when-owner-away.stops", Outcome::Gone),
    ("one-name", "no-owner", "owner.same~when-owner-away.less", Outcome::Stayed),
];

impl Play {
    /// A week in the life of the ideas: each goes its course.
    pub(super) async fn ideas_live(&self) -> Result<(), Trouble> {
        for (place, one) in self.own_ideas().await?.iter().enumerate() {
            let n_weeks = (self.world.now().days_since(one.submitted_at) / 7.0).round() as i64;
            let step = COURSES[place % COURSES.len()].iter().find(|(weeks, _)| *weeks == n_weeks);
            let (Some((_, next)), Some(ward)) = (step, self.ward_of(one)) else { continue };
            let said = match next {
                IdeaState::Adopted => ADOPTED,
                IdeaState::Dropped => DROPPED,
                _ => TRIED,
            };
            let lead = self.who(ward.lead).await?;
            idea::verbs::move_on(&self.world, &lead, one.id, *next, said[place % said.len()]).await?;
        }
        Ok(())
    }

    /// The last day: other wards copy what works, and somebody has one more idea.
    pub(super) async fn spread_ideas(&self) -> Result<(), Trouble> {
        let ideas = self.own_ideas().await?;
        let works: Vec<&Idea> = ideas.iter().filter(|idea| idea.state == IdeaState::Adopted).collect();
        for one in works.into_iter().rev().take(N_COPIED) {
            let Some(other) = self.cast.wards.iter().rev().find(|ward| ward.unit != one.unit) else {
                continue;
            };
            let who = self.who(other.lead).await?;
            idea::verbs::copy(&self.world, &who, one.id, other.unit, "We saw it on their wall").await?;
        }
        let Some(ward) = self.cast.wards.first() else { return Ok(()) };
        let Some(member) = ward.members.last() else { return Ok(()) };
        let against = friction::store::all(self.world.store().read(), Some(ward.unit)).await?;
        let against = against.iter().find(|one| one.state == FrictionState::BeingRemoved).map(|one| one.id);
        let proposed =
            rules::propose("A tube station on the ward itself", "The lab has the blood before we are back")?;
        idea::verbs::submit(&self.world, &self.who(member.id).await?, ward.unit, against, proposed).await?;
        Ok(())
    }

    /// Wards asked the playbook what keeps a friction there, tried what it advised, and say what became of it.
    pub(super) async fn learn(&self) -> Result<(), Trouble> {
        let all = friction::store::all(self.world.store().read(), None).await?;
        let is_open = |one: &&Friction| one.state == FrictionState::Answered && one.merged_into.is_none();
        for (one, (remedy, friction, answers, outcome)) in all.iter().filter(is_open).zip(LESSONS) {
            let Some(ward) = self.cast.wards.iter().find(|ward| ward.unit == one.unit) else { continue };
            let lead = self.who(ward.lead).await?;
            let wish = TrialWish { helps: For::Friction(one.id), remedy, friction, n_days: 21, answers };
            let begun = care::try_remedy(&self.world, &lead, one.id, "internal-change", &wish).await?;
            trial::verbs::end(&self.world, &lead, begun, outcome).await?;
        }
        Ok(())
    }

    /// The ideas that were not copied from others, in the order in which they were handed in.
    async fn own_ideas(&self) -> Result<Vec<Idea>, Trouble> {
        let mut ideas = idea::store::all(self.world.store().read()).await?;
        ideas.retain(|idea| idea.copied_from.is_none());
        ideas.reverse();
        Ok(ideas)
    }

    fn ward_of(&self, idea: &Idea) -> Option<&Ward> {
        self.cast.wards.iter().find(|ward| ward.unit == idea.unit)
    }
}
