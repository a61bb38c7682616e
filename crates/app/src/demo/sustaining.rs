//! The simulated experts leave: a coach is engaged and reviewed, and a tension between two goods is named and rocked.

use traction_domain::sustain::expert::scores;
use traction_domain::sustain::tension::{PoleProposed, Side};
use traction_stats::control::Improve;

use crate::demo::story::Play;
use crate::demo::truth::{BEDSIDE, HUDDLE};
use crate::offer::metric;
use crate::sustain::expert::verbs::Wish;
use crate::sustain::{expert, tension};
use crate::trouble::Trouble;

/// What reviewers say.
const SAID: [&str; 6] = [
    "Listened first, then let us do it",
    "We could go on alone after three weeks",
    "Came when she said she would",
    "The slides were not needed; the hour at the bedside was",
    "Asked good questions",
    "",
];

impl Play {
    /// Stage 9: experts come and go.
    pub(super) async fn experts(&mut self, week: usize) -> Result<(), Trouble> {
        if week == 20 || week == 36 {
            let ward = if week == 20 { 0 } else { 7 };
            let lead = self.who(self.cast.wards[ward].lead).await?;
            let wish = Wish {
                expert: Some(self.cast.coach),
                name: String::new(),
                comes_as: "internal improvement coach".into(),
                unit: self.cast.wards[ward].unit,
                from: self.world.now().date(),
            };
            let id = expert::verbs::engage(&self.world, &lead, wish).await?;
            self.engagements.push((id, ward, week));
        }
        for (id, ward, since) in self.engagements.clone() {
            if week == since + 8 {
                let lead = self.who(self.cast.wards[ward].lead).await?;
                let last_day = self.world.now().after_days(-3).date();
                expert::verbs::end(&self.world, &lead, id, last_day).await?;
                let people: Vec<_> =
                    self.cast.wards[ward].members.iter().take(9).map(|member| member.id).collect();
                for person in people {
                    let mut given = [0_i64; 4];
                    for score in &mut given {
                        *score = (4.2 + 0.7 * self.chance.normal()).round().clamp(1.0, 5.0) as i64;
                    }
                    let words = self.chance.one_of(&SAID).copied().unwrap_or_default();
                    let who = self.who(person).await?;
                    expert::verbs::review(&self.world, &who, id, scores(given)?, words).await?;
                }
            }
        }
        Ok(())
    }

    /// Stage 9: a tension is named, and rocked once.
    pub(super) async fn tensions(&mut self, week: usize) -> Result<(), Trouble> {
        if week != 24 {
            return Ok(());
        }
        let who = self.who(self.cast.change_lead).await?;
        let sql = self.world.store().read();
        let flow = metric::verbs::find(sql, HUDDLE.metric_slug).await?;
        let certainty = metric::verbs::find(sql, BEDSIDE.metric_slug).await?;
        let poles = [
            PoleProposed {
                name: "Flow".into(),
                upside: "Patients go home as soon as they can".into(),
                early_warning: "Beds are full at noon".into(),
                metric: flow.id,
                improve: Improve::Up,
                healthy: 34.0,
                floor: 27.0,
            },
            PoleProposed {
                name: "Certainty".into(),
                upside: "Decisions rest on results".into(),
                early_warning: "People go home and come back".into(),
                metric: certainty.id,
                improve: Improve::Down,
                healthy: 85.0,
                floor: 100.0,
            },
        ];
        tension::verbs::name(&self.world, &who, None, Side::Left, poles).await?;
        Ok(())
    }
}
