//! Further outcomes of a change: those that its guardrails watch. Its own metric alone is what it is judged by; what
//! these show is exploratory.

use std::collections::BTreeMap;

use traction_domain::contend::draw::Record;
use traction_domain::measure::panel::{self as panels, Observed};
use traction_domain::prove::{
    self as rules, Blocked, DrawnWave, Evidence, Look, Looked, Material, OfDraw, Question,
};
use traction_domain::time::Moment;
use traction_stats::panel::{Panel, Unbalanced};

use crate::cycle::guardrail;
use crate::measure::outcome;
use crate::measure::outcome::store::Outcome;
use crate::offer::change::store::Change;
use crate::store::Sql;
use crate::trouble::Broken;

/// A further outcome with what was seen of it.
pub struct Guarded {
    /// The metric's name.
    pub name: String,
    /// Its unit of measure, where it has one.
    pub measure: Option<String>,
    /// Its values.
    pub outcomes: Vec<Outcome>,
}

/// The further outcomes of a change, by name; those without any value yet are not among them.
pub async fn of_change(sql: &Sql, change: &Change) -> Result<Vec<Guarded>, Broken> {
    let mut all = Vec::new();
    for guardrail in guardrail::store::of_change(sql, change.id).await? {
        if guardrail.metric == change.metric {
            continue;
        }
        let outcomes = outcome::store::panel(sql, guardrail.metric, None).await?;
        if !outcomes.is_empty() {
            let measure = Some(guardrail.unit_of_measure).filter(|measure| !measure.is_empty());
            all.push(Guarded { name: guardrail.metric_name, measure, outcomes });
        }
    }
    Ok(all)
}

/// Looks at the further outcomes as the record's own was looked at, and adds what they show to it.
pub fn explore(
    evidence: &mut Evidence,
    further: &[Guarded],
    (begins, draws): (&BTreeMap<&str, Moment>, &[(Moment, &Record)]),
    question: &Question,
) {
    let ready: Vec<Ready<'_>> =
        further.iter().filter_map(|guarded| Ready::of(guarded, begins, draws)).collect();
    let looks: Vec<Look<'_>> = ready.iter().map(Ready::look).collect();
    rules::explore(evidence, &looks, question.measure.as_deref());
}

/// A further outcome as a panel.
struct Ready<'a> {
    guarded: &'a Guarded,
    blocked: Blocked,
    draws: Vec<DrawnWave<'a>>,
}

impl<'a> Ready<'a> {
    /// `None` where its values make no panel, of which its own page tells.
    fn of(
        guarded: &'a Guarded,
        begins: &BTreeMap<&str, Moment>,
        draws: &[(Moment, &'a Record)],
    ) -> Option<Self> {
        let observed: Vec<Observed<'_>> = guarded
            .outcomes
            .iter()
            .map(|outcome| Observed {
                unit: outcome.slug.as_str(),
                period: outcome.period,
                value: outcome.value,
            })
            .collect();
        let panel: Panel = panels::panel(&observed, begins, Unbalanced::Keep).ok()?;
        let periods = panel.periods().to_vec();
        let mut blocked = rules::blocked(panel).ok()?;
        blocked.panel = blocked.panel.in_order_of_content();
        let at = |starts: Moment| blocked.start(panels::start(&periods, starts));
        let draws = draws
            .iter()
            .map(|(starts, record)| DrawnWave { at: at(*starts), record })
            .filter(|draw| blocked.tells_of(draw.at) == OfDraw::Begun)
            .collect();
        Some(Ready { guarded, blocked, draws })
    }

    fn look(&self) -> Look<'_> {
        Look {
            at: Looked::Outcome { name: self.guarded.name.clone(), measure: self.guarded.measure.clone() },
            material: Material { draws: &self.draws, ..Material::of(&self.blocked.panel) },
        }
    }
}
