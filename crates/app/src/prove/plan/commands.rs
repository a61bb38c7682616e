//! `traction plan`: what a schedule of slots could show; for any units without a database, for a change with it.

use std::num::NonZeroU32;

use clap::{Args, ValueEnum};
use traction_domain::org::who::Who;
use traction_domain::prove::plan::{
    Asked, LawOf, Measure, PlanRefused, Playing, ReadWith, each_wave, n_waves_written, slots_written,
};
use traction_domain::words::counted;
use traction_stats::power::{Share, Timing, Variance};
use traction_stats::uncertainty::Level;

use super::cap::spread_over;
use super::verbs::{self, ASSUMED_ICC, Planned, Prepared, VarianceOf, Wish};
use super::{json, show};
use crate::commands::{Common, Done, Opening, Output, Stop, number, print_text};
use crate::offer::change;
use crate::trouble::{Broken, Trouble};

/// A schedule to plan.
#[derive(Debug, Args)]
pub struct PlanOptions {
    /// How many units contend.
    #[arg(long, value_name = "N", value_parser = number::whole::<usize, 0, 1_000_000>, allow_negative_numbers = true, required_unless_present = "change", conflicts_with = "change")]
    units: Option<usize>,
    /// Slots in each wave: one number for all, or one for each, like 5,4,6.
    #[arg(long, value_name = "K", value_parser = slots, allow_negative_numbers = true, required_unless_present = "change")]
    slots: Option<Slots>,
    /// How many waves; with one number of slots for each it need not be said.
    #[arg(long, value_name = "W", value_parser = n_waves_written, allow_negative_numbers = true)]
    waves: Option<usize>,
    /// Periods observed before the first wave; without --change 1.
    #[arg(long, value_name = "P", value_parser = number::whole::<usize, 0, 400>, allow_negative_numbers = true)]
    periods_before: Option<usize>,
    /// Periods from one wave to the next, and after the last; without --change 1.
    #[arg(long, value_name = "B", value_parser = number::whole::<usize, 1, 400>, allow_negative_numbers = true)]
    periods_between: Option<usize>,
    /// Units in each band of the order of priority, best first, like 3,10,7; default: all in one.
    #[arg(long, value_name = "N,…", value_parser = number::whole::<usize, 0, 1_000_000>, allow_negative_numbers = true, value_delimiter = ',', conflicts_with = "change")]
    bands: Vec<usize>,
    /// The most slots of a wave that units under one parent get; with --parents. A change has it from its waves' policy.
    #[arg(long, value_name = "N", value_parser = number::some, allow_negative_numbers = true, requires = "parents", conflicts_with = "change")]
    cap: Option<NonZeroU32>,
    /// How many parents the units are under, spread evenly over them in every band; with --cap.
    #[arg(long, value_name = "N", value_parser = number::some, allow_negative_numbers = true, requires = "cap", conflicts_with = "change")]
    parents: Option<NonZeroU32>,
    /// Correlation of two people of a unit in one period; where the outcome is the unit's own, the share of the spread
    /// between units that lasts.
    #[arg(long, value_name = "R", value_parser = number::part, allow_negative_numbers = true, conflicts_with_all = ["change", "sd_between", "sd_within"])]
    icc: Option<f64>,
    /// Standard deviation of one person's outcome (of a unit's own where there is one number a unit); default: effects are
    /// in such standard deviations.
    #[arg(long, value_name = "S", value_parser = number::above_nothing, allow_negative_numbers = true, conflicts_with_all = ["change", "sd_between", "sd_within"])]
    sd: Option<f64>,
    /// Standard deviation between units.
    #[arg(long, value_name = "S", value_parser = number::at_least_nothing, allow_negative_numbers = true, requires = "sd_within", conflicts_with = "change")]
    sd_between: Option<f64>,
    /// Standard deviation within a unit: of one person, or of the unit's own outcome between periods.
    #[arg(long, value_name = "S", value_parser = number::above_nothing, allow_negative_numbers = true, requires = "sd_between", conflicts_with = "change")]
    sd_within: Option<f64>,
    /// People measured in each unit and period.
    #[arg(long, value_name = "M", default_value_t = 1.0, value_parser = number::above_nothing, allow_negative_numbers = true, conflicts_with = "change")]
    members: f64,
    /// How much of the correlation within units lasts between periods (cluster autocorrelation).
    #[arg(long, value_name = "C", value_parser = number::part, allow_negative_numbers = true, conflicts_with_all = ["change", "decay"])]
    cac: Option<f64>,
    /// Correlation of a person's own outcomes between periods, where the same people are measured again.
    #[arg(long, value_name = "C", value_parser = number::part, allow_negative_numbers = true, conflicts_with_all = ["change", "decay"])]
    iac: Option<f64>,
    /// The correlation within units fades to this share of itself with every period.
    #[arg(long, value_name = "R", value_parser = number::part, allow_negative_numbers = true, conflicts_with = "change")]
    decay: Option<f64>,
    /// The smallest effect worth having, in the outcome's unit: how often would it be found?
    #[arg(long, value_name = "E", visible_alias = "effect", value_parser = worth, allow_negative_numbers = true)]
    worth: Option<f64>,
    /// How often an effect is to be found.
    #[arg(long, value_name = "P", default_value = "0.8", value_parser = share, allow_negative_numbers = true)]
    power: Share,
    /// How much of the truth intervals are to hold.
    #[arg(long, value_name = "L", default_value = "0.95", value_parser = share, allow_negative_numbers = true)]
    level: Level,
    /// By which law a result counts: `units` is Student's below 40 units; published tables often have `normal`.
    #[arg(long, value_enum, default_value_t = LawOption::Units)]
    law: LawOption,
    /// How often to play the roll-out, 20 times or more; 0 for the formula alone.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = number::whole::<usize, 0, 100_000>, allow_negative_numbers = true)]
    plays: usize,
    /// What each play is read with; `auto` is the draws' own comparison where chance decides anything.
    #[arg(long, value_enum, default_value_t = EstimatorOption::Auto)]
    estimator: EstimatorOption,
    /// What the chance of playing comes from.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::seed, allow_negative_numbers = true)]
    seed: u64,
    /// The short name of a change in the database: its waves, contenders, worth and past outcomes are the plan, where the
    /// options above do not say otherwise.
    #[arg(long, value_name = "SLUG")]
    change: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LawOption {
    Units,
    Normal,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum EstimatorOption {
    Auto,
    RiskSet,
    GroupTime,
}

impl From<EstimatorOption> for ReadWith {
    fn from(option: EstimatorOption) -> Self {
        match option {
            EstimatorOption::Auto => ReadWith::Auto,
            EstimatorOption::RiskSet => ReadWith::RiskSet,
            EstimatorOption::GroupTime => ReadWith::GroupTime,
        }
    }
}

impl From<LawOption> for LawOf {
    fn from(option: LawOption) -> Self {
        match option {
            LawOption::Units => LawOf::Units,
            LawOption::Normal => LawOf::Normal,
        }
    }
}

/// Slots as they are written.
#[derive(Clone, Debug)]
struct Slots(Vec<usize>);

fn slots(text: &str) -> Result<Slots, PlanRefused> {
    slots_written(text).map(Slots)
}

fn share(text: &str) -> Result<Level, String> {
    let share = text.parse().ok().and_then(Level::new);
    share.ok_or_else(|| "give a share between 0 and 1, say 0.9".to_owned())
}

fn worth(text: &str) -> Result<f64, String> {
    number::above_nothing(text).map_err(|why| format!("{why}; which way is good does not matter here"))
}

/// Runs it. A schedule that can show nothing is told so, and the answer is "no".
pub async fn run(options: &PlanOptions, common: &Common) -> Result<Done, Stop> {
    let planned = match &options.change {
        Some(slug) => options.of_change(slug, common).await,
        None => options.of_units(),
    };
    match planned {
        Err(NoPlan::Refused(refused)) if refused.is_no() => {
            print_text(&match common.output() {
                Output::Json => pretty(&json::no(&refused))?,
                Output::Table => crate::web::layout::sentence(&refused.to_string()),
            });
            Err(Stop::No)
        }
        Err(NoPlan::Refused(refused)) => Err(refused.into()),
        Err(NoPlan::Stop(stop)) => Err(stop),
        Ok(planned) => {
            print_text(&match common.output() {
                Output::Json => pretty(&json::of(&planned))?,
                Output::Table => show::text(&planned),
            });
            Ok(Done)
        }
    }
}

fn pretty(value: &serde_json::Value) -> Result<String, Broken> {
    serde_json::to_string_pretty(value).map_err(|why| Broken::accident("writing a plan as JSON", why))
}

/// Why nothing was planned.
enum NoPlan {
    Refused(PlanRefused),
    Stop(Stop),
}

impl From<PlanRefused> for NoPlan {
    fn from(refused: PlanRefused) -> Self {
        NoPlan::Refused(refused)
    }
}

impl PlanOptions {
    async fn of_change(&self, slug: &str, common: &Common) -> Result<Planned, NoPlan> {
        let stop = |trouble: Trouble| NoPlan::Stop(trouble.into());
        let operator = common.operator(Opening::There).await.map_err(NoPlan::Stop)?;
        let change = match change::verbs::find(operator.world.store().read(), slug).await {
            Err(Trouble::NotFound { .. }) => {
                return Err(input(&format!(
                    "there is no change `{slug}`; `traction change list` shows those there are"
                )));
            }
            found => found.map_err(stop)?,
        };
        let wish = Wish {
            slots: self.slots(),
            n_waves: self.waves,
            n_before: self.periods_before,
            n_between: self.periods_between,
            worth: self.worth,
            level: self.level,
            law: self.law.into(),
            power: self.power,
            playing: self.playing(),
            read_with: self.estimator.into(),
        };
        let prepared =
            verbs::of_change(&operator.world, &Who::operator(), &change, &wish).await.map_err(stop)?;
        Ok(prepared?.plan()?)
    }

    fn slots(&self) -> Vec<usize> {
        self.slots.as_ref().map_or_else(Vec::new, |slots| slots.0.clone())
    }

    fn of_units(&self) -> Result<Planned, NoPlan> {
        let n_units = self.units.unwrap_or_default();
        let slots = self.slots();
        let slots = each_wave(&slots, self.waves.unwrap_or(slots.len()))?;
        let timing =
            Timing::even(self.periods_before.unwrap_or(1), self.periods_between.unwrap_or(1), slots.len())
                .map_err(PlanRefused::from)?;
        let (variance, variance_of) = self.variance()?;
        let measure = if self.sd.is_some() || self.sd_within.is_some() {
            Measure::Unnamed
        } else {
            Measure::Deviations
        };
        let asked = Asked {
            order: self.order(n_units)?,
            cap: spread_over(n_units, self.cap.zip(self.parents)).map_err(|why| input(&why))?,
            slots,
            timing,
            variance,
            n_people: self.members,
            past: None,
            worth: self.worth,
            level: self.level,
            law: self.law.into(),
            power: self.power,
            playing: self.playing(),
            read_with: self.estimator.into(),
        };
        Ok(Prepared::of_units(asked, variance_of, measure).plan()?)
    }

    fn playing(&self) -> Playing {
        if self.plays == 0 { Playing::Not } else { Playing::Times { n: self.plays, seed: self.seed } }
    }

    /// Each unit's band, and no layers.
    fn order(&self, n_units: usize) -> Result<Vec<(u32, u32)>, NoPlan> {
        if self.bands.is_empty() {
            return Ok(vec![(1, 0); n_units]);
        }
        let n_in_bands: usize = self.bands.iter().sum();
        if n_in_bands != n_units {
            return Err(input(&format!(
                "--bands hold {}, and --units says {n_units}; make them agree",
                counted(n_in_bands as u64, "unit", "units")
            )));
        }
        Ok((1..).zip(&self.bands).flat_map(|(band, n)| std::iter::repeat_n((band, 0), *n)).collect())
    }

    fn variance(&self) -> Result<(Variance, VarianceOf), NoPlan> {
        let (total, icc) = match (self.sd_between, self.sd_within) {
            (Some(between), Some(within)) => {
                let total = between * between + within * within;
                (total, between * between / total)
            }
            // The command line insists on both or neither.
            _ => (self.sd.unwrap_or(1.0).powi(2), self.icc.unwrap_or(ASSUMED_ICC)),
        };
        let found = match self.decay {
            Some(kept) => Variance::of_decay(total, icc, kept),
            None => Variance::of_shares(total, icc, self.cac.unwrap_or(1.0), self.iac.unwrap_or(0.0)),
        };
        let is_given = self.icc.is_some() || self.sd_within.is_some();
        let variance_of = if is_given { VarianceOf::Given } else { VarianceOf::Assumed };
        found.map(|variance| (variance, variance_of)).map_err(|why| input(&why.to_string()))
    }
}

fn input(sentence: &str) -> NoPlan {
    NoPlan::Stop(Stop::Input(sentence.to_owned()))
}
