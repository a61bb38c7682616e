//! Layers: how near a unit is to where the change works already. A change migrates outwards: a unit hears from its
//! neighbours what no announcement tells it.
//!
//! Which of three rules count is the policy's choice; in which order they count is not. Where the change works, and
//! who shares people with whom, arrive as arguments.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::id::UnitId;
use crate::org::tree::Tree;

/// A unit where the change works already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorksIn {
    /// The unit.
    pub unit: UnitId,
    /// The unit above it.
    pub parent: Option<UnitId>,
}

/// One way of being near; they count in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LayerRule {
    /// Somebody belongs to both units.
    SharedPeople,
    /// Both belong to the same unit.
    SameParent,
    /// Fewer steps in the organisation's tree, up and down.
    Distance,
}

/// A word that is no rule of layers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is no rule of layers; it is one of people, parent, distance")]
pub struct RuleRefused {
    /// What was written.
    pub word: String,
}

impl LayerRule {
    /// All of them, in the order in which they count.
    pub const ALL: [LayerRule; 3] = [LayerRule::SharedPeople, LayerRule::SameParent, LayerRule::Distance];

    /// Its short word.
    pub fn word(self) -> &'static str {
        match self {
            LayerRule::SharedPeople => "people",
            LayerRule::SameParent => "parent",
            LayerRule::Distance => "distance",
        }
    }
}

impl FromStr for LayerRule {
    type Err = RuleRefused;

    fn from_str(word: &str) -> Result<LayerRule, RuleRefused> {
        let rule = LayerRule::ALL.into_iter().find(|rule| rule.word() == word);
        rule.ok_or_else(|| RuleRefused { word: word.to_owned() })
    }
}

/// How near a unit is, as far as the rules that count can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// It works nowhere yet, so every unit is equally near.
    NowhereYet,
    /// Somebody belongs to both units.
    SharesPeople,
    /// Under the same parent as a unit where it works.
    SameParent,
    /// As many steps away in the organisation's tree from the nearest unit where it works.
    Steps(u32),
    /// None of these.
    Apart,
}

/// The rules by which a wave tells near units from far ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layers(BTreeSet<LayerRule>);

impl Default for Layers {
    /// Those who share people first, then those under the same parent, then the others.
    fn default() -> Layers {
        Layers::of([LayerRule::SharedPeople, LayerRule::SameParent])
    }
}

impl Layers {
    /// Layers by these rules; without any, all units stand in one layer.
    pub fn of(rules: impl IntoIterator<Item = LayerRule>) -> Layers {
        Layers(rules.into_iter().collect())
    }

    /// The rules that count, in their order.
    pub fn rules(&self) -> impl Iterator<Item = LayerRule> {
        self.0.iter().copied()
    }

    /// Whether a rule counts.
    pub fn count(&self, rule: LayerRule) -> bool {
        self.0.contains(&rule)
    }

    /// How near a unit is to where the change works, by the first rule that can tell.
    pub fn nearness(
        &self,
        unit: UnitId,
        shares_people_with: &BTreeSet<UnitId>,
        works_in: &[WorksIn],
        tree: &Tree,
    ) -> Nearness {
        if works_in.is_empty() {
            return Nearness::NowhereYet;
        }
        let shares = || works_in.iter().any(|there| shares_people_with.contains(&there.unit));
        if self.count(LayerRule::SharedPeople) && shares() {
            return Nearness::SharesPeople;
        }
        let parent = tree.parent(unit);
        let is_beside = || parent.is_some() && works_in.iter().any(|there| there.parent == parent);
        if self.count(LayerRule::SameParent) && is_beside() {
            return Nearness::SameParent;
        }
        let steps = works_in.iter().map(|there| tree.steps(unit, there.unit)).min();
        match steps.filter(|_| self.count(LayerRule::Distance)) {
            Some(steps) => Nearness::Steps(steps),
            None => Nearness::Apart,
        }
    }

    /// The layer in a draw; the lower comes first. Each rule that counts has a layer of its own, distance one a step.
    pub fn layer(&self, nearness: Nearness) -> u32 {
        match nearness {
            Nearness::NowhereYet | Nearness::SharesPeople => 0,
            Nearness::SameParent => self.n_before(LayerRule::SameParent),
            Nearness::Steps(steps) => {
                self.n_before(LayerRule::Distance).saturating_add(steps.saturating_sub(1))
            }
            Nearness::Apart => self.n_before(LayerRule::Distance),
        }
    }

    /// Who stands in a layer, once the change works somewhere: "shares people with a unit that has it".
    pub fn says(&self, layer: u32) -> String {
        let n_named = self.n_before(LayerRule::Distance);
        if layer >= n_named && self.count(LayerRule::Distance) {
            return match layer - n_named + 1 {
                1 => "one step away in the organisation's tree".into(),
                steps => format!("{steps} steps away in the organisation's tree"),
            };
        }
        match self.rules().nth(layer as usize) {
            Some(LayerRule::SharedPeople) => "shares people with a unit that has it".into(),
            Some(LayerRule::SameParent) => "beside a unit that has it, under the same parent".into(),
            _ if self.0.is_empty() => "all units are equally near".into(),
            _ => "elsewhere".into(),
        }
    }

    fn n_before(&self, rule: LayerRule) -> u32 {
        self.rules().take_while(|other| *other < rule).fold(0, |n, _| n + 1)
    }
}

impl fmt::Display for Layers {
    /// The rules' words, as they are stored: `people,parent`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.rules().map(LayerRule::word).collect();
        f.write_str(&words.join(","))
    }
}

impl FromStr for Layers {
    type Err = RuleRefused;

    fn from_str(words: &str) -> Result<Layers, RuleRefused> {
        let rules = words.split(',').map(str::trim).filter(|word| !word.is_empty());
        Ok(Layers(rules.map(str::parse).collect::<Result<_, _>>()?))
    }
}
