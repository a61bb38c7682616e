//! The simulated organisation asks its data, shows what they say, and hands over what works.

use traction_domain::grant::slot::State;
use traction_domain::prove::Kind;
use traction_domain::publish::showcase::{Release, ShowcaseWish, Subject};

use crate::demo::story::Play;
use crate::demo::truth::{BEDSIDE, HUDDLE, Simulated};
use crate::grant::slot;
use crate::offer::change;
use crate::prove::evidence;
use crate::publish::showcase;
use crate::sustain::{hand_over, watch};
use crate::trouble::Trouble;

/// Weeks in which the data are asked.
const ASKED: [usize; 4] = [34, 46, 62, 77];
/// Weeks in which gains of more than twenty weeks are handed over.
pub(super) const HANDED_OVER: [usize; 3] = [40, 48, 56];

impl Play {
    /// Stages 7 and 8: the data are asked, and what they say is shown, also where it is nothing.
    pub(super) async fn prove(&mut self, week: usize) -> Result<(), Trouble> {
        if !ASKED.contains(&week) {
            return Ok(());
        }
        for (nth, simulated) in [BEDSIDE, HUDDLE].into_iter().enumerate() {
            if week == ASKED[3] {
                self.keep_truth(&simulated, nth).await?;
            }
            let change = change::verbs::find(self.world.store().read(), simulated.slug).await?;
            let who = self.who(self.cast.change_lead).await?;
            let id = evidence::verbs::prove(&self.world, &who, &change).await?;
            if week != ASKED[1] && week != ASKED[3] {
                continue;
            }
            let story = if simulated.effect == 0.0 {
                "We hoped for more, and show it all the same: the board is read, and the day goes on as before."
            } else {
                "Nurses carry the kit on the round. The result is there before the round leaves the bay, and so is the decision."
            };
            let quotes = if simulated.effect == 0.0 {
                ""
            } else {
                "I have not called the lab in weeks\nWe decide while the patient listens"
            };
            let title = format!("{}: what {} weeks showed", simulated.name, week - 18);
            let wish = ShowcaseWish { title: &title, story, quotes, release: Release::Now };
            if evidence::store::one(self.world.store().read(), id)
                .await?
                .is_some_and(|one| one.verdict_kind != Kind::Refused)
            {
                showcase::verbs::publish(&self.world, &who, id, Subject::Change, &wish).await?;
            }
        }
        Ok(())
    }

    /// The true mean effect over all ward-weeks, for the page that shows the estimate.
    async fn keep_truth(&self, simulated: &Simulated, nth: usize) -> Result<(), Trouble> {
        let (sum, n) = self.true_effects[nth];
        let tx = self.world.store().begin().await?;
        let truth = if n == 0 { 0.0 } else { sum / f64::from(n) };
        evidence::store::settle_truth(&tx, simulated.slug, truth).await?;
        Ok(self.world.commit(tx).await?)
    }

    /// Stage 9: the coach hands over to the ward's lead what a ward has had for twenty weeks; one ward lets go later.
    pub(super) async fn hand_over(&mut self, week: usize) -> Result<(), Trouble> {
        if !HANDED_OVER.contains(&week) {
            return Ok(());
        }
        let now = self.world.now();
        let change = change::verbs::find(self.world.store().read(), BEDSIDE.slug).await?;
        for held in slot::store::of_change(self.world.store().read(), change.id).await? {
            if held.state(now) != State::Started || now.days_since(held.not_before) < 140.0 {
                continue;
            }
            let Some(ward) = self.cast.wards.iter().position(|ward| ward.unit == held.unit) else { continue };
            let coach = self.who(self.cast.coach).await?;
            let wish = hand_over::verbs::Wish {
                slot: held.id,
                owner: self.cast.wards[ward].lead,
                transferred: "How to run the kit and whom to call\nThe weekly look at the chart\nTwo people who can teach it".into(),
                support_ends: now.after_days(28).date(),
            };
            let id = hand_over::verbs::propose(&self.world, &coach, wish).await?;
            let lead = self.who(self.cast.wards[ward].lead).await?;
            hand_over::verbs::accept(&self.world, &lead, id).await?;
            if self.slipping.is_none() {
                self.slipping = Some((ward, week + 9));
                let tx = self.world.store().begin().await?;
                let unit = &self.cast.wards[ward].slug;
                watch::store::settle_let_go(&tx, unit, &change.slug, self.monday(week + 9)).await?;
                self.world.commit(tx).await?;
            }
        }
        Ok(())
    }
}
