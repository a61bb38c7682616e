//! The last day on the floor: one ward has a link on its wall and reports that wait for a look, one friction points at
//! what is measured of it and a remedy is tried on it, two are merged, one that was said to be gone is not.
//!
//! It throws no dice, so that what was played before it stays as it was.

use traction_domain::offer::metric::Better;
use traction_domain::sense::friction::intake::Audience;
use traction_domain::sense::friction::{self as rules, FrictionState, Verdict};

use crate::demo::story::Play;
use crate::offer::metric;
use crate::sense::friction::verbs::{self, care};
use crate::sense::friction::{self, store::Friction};
use crate::sense::kiosk;
use crate::sense::trial::verbs::{For, TrialWish};
use crate::trouble::Trouble;

/// What came in by the link: what gets in the way, times a week, minutes, people.
const BY_THE_LINK: [(&str, f64, f64, f64); 2] = [
    ("The label printer jams at every second sample", 20.0, 3.0, 6.0),
    ("Nobody knows which pump is free", 12.0, 8.0, 4.0),
];

impl Play {
    /// Plays it.
    pub(super) async fn floor(&self) -> Result<(), Trouble> {
        let Some(ward) = self.cast.wards.first() else { return Ok(()) };
        let lead = self.who(ward.lead).await?;
        let secret = kiosk::verbs::open(&self.world, &lead, ward.unit).await?;
        for (title, times, minutes, people) in BY_THE_LINK {
            let report = rules::report(title, rules::burden(times, minutes, people)?)?;
            kiosk::verbs::report(&self.world, &secret, &report).await?;
        }
        let Some(member) = ward.members.first() else { return Ok(()) };
        let who = self.who(member.id).await?;
        let report = |title: &str, minutes| {
            Ok::<_, Trouble>(rules::report(title, rules::burden(10.0, minutes, 3.0)?)?)
        };
        let late = verbs::report(
            &self.world,
            &who,
            ward.unit,
            report("Blood results reach the round too late", 15.0)?,
            Audience::All,
        )
        .await?;
        let again = verbs::report(
            &self.world,
            &who,
            ward.unit,
            report("Waiting for lab values", 10.0)?,
            Audience::All,
        )
        .await?;
        care::merge(&self.world, &lead, again, late).await?;
        verbs::answer(
            &self.world,
            &lead,
            late,
            FrictionState::BeingRemoved,
            "We test at the bedside where we can",
            None,
        )
        .await?;
        let metrics = metric::store::all(self.world.store().read()).await?;
        if let Some(metric) = metrics.iter().find(|metric| metric.better == Better::Down) {
            care::point(&self.world, &lead, late, Some(metric.id)).await?;
        }
        let wish = TrialWish {
            helps: For::Friction(late),
            remedy: "one-name",
            friction: "waiting",
            n_days: 21,
            answers: "",
        };
        care::try_remedy(&self.world, &lead, late, "internal-change", &wish).await?;
        self.not_gone().await?;
        self.spread_ideas().await?;
        self.learn().await
    }

    /// Whoever reported the first friction that is said to be gone says that it is not.
    async fn not_gone(&self) -> Result<(), Trouble> {
        let all = friction::store::all(self.world.store().read(), None).await?;
        let is_gone = |one: &&Friction| one.state == FrictionState::Gone && one.verdict.is_none();
        let Some(gone) = all.iter().filter(is_gone).min_by_key(|one| one.id) else { return Ok(()) };
        let Some(reporter) = gone.reported_by else { return Ok(()) };
        let words = "At night it is as it was";
        verbs::judge(&self.world, &self.who(reporter).await?, gone.id, Verdict::Stays, words).await
    }
}
