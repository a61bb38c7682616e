//! What `traction prove` takes on the command line, and what it makes of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use traction_domain::prove::{Assignment, Further, Good, Inference, Question, Wish};
use traction_stats::effect::{Adjust, Base, Beta, Compare, Seen};
use traction_stats::panel::{self, Columns, Panel, PanelRefused, Period, Unbalanced};
use traction_stats::uncertainty::Level;

use super::choices::{
    AdjustOption, AssignmentOption, BandOption, BaseOption, BetaOption, CompareOption, DirectionOption,
    InferenceOption, MethodOption, UnbalancedOption,
};
use crate::commands::Stop;

/// What a Parquet file begins with.
const PARQUET: &[u8] = b"PAR1";

/// By unit, what it has in a column.
pub(super) type Labels = BTreeMap<String, String>;

/// Evidence from a table.
#[derive(Debug, Args)]
pub struct ProveOptions {
    /// The table: CSV with a header or Parquet, one row per unit and period; `-` reads standard input. Or the word
    /// `change`.
    pub(super) file: PathBuf,
    /// After `change`: the short name of a change in the database; its metric and worth are the question.
    #[arg(value_name = "SLUG")]
    pub(super) change: Option<String>,
    /// The column that names the unit.
    #[arg(long, value_name = "C", required_unless_present_any = ["change", "repeated_cross_sections"], conflicts_with = "change")]
    unit: Option<String>,
    /// The column with the period: whole numbers, year-months or dates.
    #[arg(long, value_name = "C", required_unless_present = "change", conflicts_with = "change")]
    period: Option<String>,
    /// The column with the outcome.
    #[arg(long, value_name = "C", required_unless_present = "change", conflicts_with = "change")]
    outcome: Option<String>,
    /// The column with the unit's first period with the solution; empty, 0, inf, NA or never for none.
    #[arg(long, value_name = "C", required_unless_present_any = ["treated", "change"], conflicts_with = "change")]
    start: Option<String>,
    /// Instead of --start: a column with 1 where the unit has the solution and 0 where it has not, on from the start.
    #[arg(long, value_name = "C", conflicts_with_all = ["change", "start"])]
    treated: Option<String>,
    /// How the answer is found; `auto` says why it chose what it chose.
    #[arg(long, value_enum, default_value_t = MethodOption::Auto, conflicts_with = "change")]
    method: MethodOption,
    /// What is known about who started when: drawn by lot or as good as that, or chosen.
    #[arg(long, value_enum, default_value_t = AssignmentOption::Chosen, conflicts_with = "change")]
    assignment: AssignmentOption,
    /// The record of a draw whose slots started in that period; may be given several times.
    #[arg(long, value_name = "PERIOD=FILE", value_parser = drawn, conflicts_with = "change")]
    pub(super) draw: Vec<(Period, PathBuf)>,
    /// Say how far parallel trends may fail before the verdict changes.
    #[arg(long, conflicts_with = "change")]
    sensitivity: bool,
    /// Ask a second method as well; `auto` does so by itself.
    #[arg(long, conflicts_with = "change")]
    second: bool,
    /// A column to adjust for, whose value before the start counts; may be given several times.
    #[arg(long, value_name = "C", conflicts_with = "change")]
    covariate: Vec<String>,
    /// A column with a further outcome to look at, as exploratory; may be given several times.
    #[arg(long, value_name = "C", conflicts_with = "change")]
    also: Vec<String>,
    /// A column to part the units by, the same on all rows of a unit: each part is looked at, as exploratory; may be
    /// given several times.
    #[arg(long, value_name = "C", conflicts_with = "change")]
    by: Vec<String>,
    /// How covariates are adjusted for: by regression, by weighting, or by both, of which one may be wrong.
    #[arg(long, value_enum, default_value_t = AdjustOption::Dr, conflicts_with = "change")]
    adjust: AdjustOption,
    /// A column with how many units of the population each unit stands for.
    #[arg(long, value_name = "C", conflicts_with = "change")]
    weight: Option<String>,
    /// A column that names the cluster whose units may share their fate; default: each unit is its own.
    #[arg(long, value_name = "C", conflicts_with = "change")]
    cluster: Option<String>,
    /// Which units to compare with; default: those that never start if there are ten, else not-yet as well.
    #[arg(long, value_enum, conflicts_with = "change")]
    compare: Option<CompareOption>,
    /// Periods before the start in which an effect is allowed for.
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "change")]
    anticipation: u32,
    /// What periods before the start are measured from: the one before each, or the last before the start.
    #[arg(long, value_enum, default_value_t = BaseOption::Varying, conflicts_with = "change")]
    base: BaseOption,
    /// What to do with units that lack some periods.
    #[arg(long, value_enum, default_value_t = UnbalancedOption::Keep, conflicts_with = "change")]
    unbalanced: UnbalancedOption,
    /// The efficient method's multiple of what differed before: the best, none, or all of it.
    #[arg(long, value_enum, default_value_t = BetaOption::Best, conflicts_with = "change")]
    efficient_beta: BetaOption,
    /// How errors are found: by formula, by weighing units anew, or by drawing the lots again.
    #[arg(long, value_enum, default_value_t = InferenceOption::Analytic, conflicts_with = "change")]
    inference: InferenceOption,
    /// Whether intervals hold one effect each, or with bootstrap all together.
    #[arg(long, value_enum, conflicts_with = "change")]
    band: Option<BandOption>,
    /// How often chance is drawn again, where it is.
    #[arg(long, value_name = "N", default_value_t = 999, value_parser = clap::value_parser!(u64).range(99..=1_000_000), conflicts_with = "change")]
    draws: u64,
    /// Rows are of different people each time: periods are compared by their means, not unit by unit.
    #[arg(long, conflicts_with = "change")]
    repeated_cross_sections: bool,
    /// Seeds whatever is drawn by chance: the same seed, the same numbers.
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "change")]
    seed: u64,
    /// How much of the truth intervals are to hold.
    #[arg(long, value_name = "L", default_value = "0.95", value_parser = level, conflicts_with = "change")]
    level: Level,
    /// The smallest effect worth having, in the outcome's unit.
    #[arg(long, value_name = "X", default_value = "0", value_parser = worth, allow_negative_numbers = true, conflicts_with = "change")]
    worth: f64,
    /// Which way is good.
    #[arg(long, value_enum, default_value_t = DirectionOption::Up, conflicts_with = "change")]
    direction: DirectionOption,
    /// A folder for report.html, the picture as SVG, evidence.json and panel.csv.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
}

fn drawn(text: &str) -> Result<(Period, PathBuf), String> {
    let pair = text.split_once('=').filter(|(_, file)| !file.is_empty());
    let (at, file) =
        pair.ok_or("give the first period with the slots and the draw's file, say 2026-03=draw.json")?;
    let at = at.parse::<Period>().map_err(|why| why.to_string())?;
    Ok((at, PathBuf::from(file)))
}

fn level(text: &str) -> Result<Level, String> {
    let share = text.parse().ok().and_then(Level::new);
    share.ok_or_else(|| "give a share between 0 and 1, say 0.95".to_owned())
}

fn worth(text: &str) -> Result<f64, String> {
    let worth = text.parse::<f64>().ok().filter(|worth| worth.is_finite() && *worth >= 0.0);
    worth.ok_or_else(|| "give a number of at least 0; --direction says which way is good".to_owned())
}

impl ProveOptions {
    /// The change whose record is asked for; `None` where it is a table's.
    pub fn change(&self) -> Result<Option<&str>, Stop> {
        match &self.change {
            Some(slug) if self.file.as_os_str() == "change" => Ok(Some(slug)),
            Some(more) => Err(Stop::Input(format!(
                "`{more}` follows the file; write `traction prove change {more}` for a change, or one file alone"
            ))),
            None => Ok(None),
        }
    }

    /// What is settled beforehand.
    pub(super) fn wish(&self) -> Wish {
        Wish {
            method: self.method.method(),
            assignment: match self.assignment {
                AssignmentOption::Random => Assignment::Random,
                AssignmentOption::Chosen => Assignment::Chosen,
            },
            sensitivity: if self.sensitivity { Further::Asked } else { Further::AsUsual },
            second: if self.second { Further::Asked } else { Further::AsUsual },
            compare: self.compare.map(|compare| match compare {
                CompareOption::Never => Compare::Never,
                CompareOption::NotYet => Compare::NotYet,
            }),
            base: match self.base {
                BaseOption::Varying => Base::Varying,
                BaseOption::Universal => Base::Universal,
            },
            anticipation: self.anticipation,
            adjust: match self.adjust {
                AdjustOption::Dr => Adjust::Dr,
                AdjustOption::Ipw => Adjust::Ipw,
                AdjustOption::Reg => Adjust::Reg,
            },
            seen: if self.repeated_cross_sections { Seen::InEither } else { Seen::InBoth },
            level: self.level,
            efficient_beta: match self.efficient_beta {
                BetaOption::Best => Beta::Best,
                BetaOption::Zero => Beta::Zero,
                BetaOption::One => Beta::One,
            },
            inference: match (self.inference, self.band) {
                (InferenceOption::Permutation, _) => Inference::Permutation,
                // Draws serve bands alone: errors are by formula either way.
                (_, Some(BandOption::Pointwise)) | (InferenceOption::Analytic, None) => Inference::Analytic,
                _ => Inference::Bootstrap,
            },
            n_draws: self.draws,
            seed: self.seed,
        }
    }

    /// What is asked of the data.
    pub(super) fn question(&self) -> Question {
        let good = match self.direction {
            DirectionOption::Up => Good::Up,
            DirectionOption::Down => Good::Down,
        };
        Question { outcome: named(&self.outcome).to_owned(), measure: None, good, worth: self.worth }
    }

    /// The panel that `bytes` hold, and those of the further outcomes that were asked for.
    pub(super) fn panels(&self, bytes: &[u8]) -> Result<(Panel, Vec<(String, Panel)>), PanelRefused> {
        // Further outcomes may be absent where the main one is not: they are read as covariates are.
        let covariates: Vec<&str> = self.covariate.iter().chain(&self.also).map(String::as_str).collect();
        let columns = Columns {
            unit: self.unit(),
            period: named(&self.period),
            outcome: named(&self.outcome),
            start: named(&self.start),
            treated: self.treated.as_deref(),
            weight: self.weight.as_deref(),
            cluster: self.cluster.as_deref(),
            covariates: &covariates,
        };
        let mut panel = match bytes.starts_with(PARQUET) {
            true => panel::read_parquet(bytes.to_vec(), &columns, self.unbalanced())?,
            false => panel::read(bytes, &columns, self.unbalanced())?,
        };
        let mut also = Vec::new();
        for _ in &self.also {
            let (rest, further) = panel.split_outcome();
            panel = rest;
            also.extend(further);
        }
        also.reverse();
        // Each was split off with the ones before it among its covariates.
        let n_covariates = self.covariate.len();
        let bare = |(name, mut further): (String, Panel)| {
            while further.covariates().len() > n_covariates {
                further = further.split_outcome().0;
            }
            (name, further)
        };
        Ok((panel, also.into_iter().map(bare).collect()))
    }

    /// For each column that units are to be parted by, what each unit has there.
    pub(super) fn labels(&self, bytes: &[u8]) -> Result<Vec<(String, Labels)>, PanelRefused> {
        let labels = |column: &String| {
            let labels = match bytes.starts_with(PARQUET) {
                true => panel::read_labels_parquet(bytes.to_vec(), self.unit(), column)?,
                false => panel::read_labels(bytes, self.unit(), column)?,
            };
            Ok((column.clone(), labels))
        };
        self.by.iter().map(labels).collect()
    }

    /// The column that names the unit; without units each row stands for itself.
    fn unit(&self) -> &str {
        if self.repeated_cross_sections { "" } else { named(&self.unit) }
    }

    fn unbalanced(&self) -> Unbalanced {
        match self.unbalanced {
            UnbalancedOption::Keep => Unbalanced::Keep,
            UnbalancedOption::Drop => Unbalanced::Drop,
        }
    }
}

/// A column's name; the command line asks for those that are needed.
fn named(option: &Option<String>) -> &str {
    option.as_deref().unwrap_or_default()
}
