//! What `traction prove` takes on the command line, and what it makes of it.

use std::path::{Path, PathBuf};

use clap::Args;
use traction_domain::prove::{
    Assignment, Band, Before, Choice, Further, Good, Inference, Method, Question, Told, Wish,
};
use traction_stats::effect::{Adjust, Base, Beta, Compare, Seen};
use traction_stats::panel::{Period, Unbalanced};
use traction_stats::uncertainty::Level;

use super::choices::{AUTO, Left, baseline, choice, choice_or_auto};
use super::record::UnitOrder;
use crate::commands::{Stop, number};

/// Evidence from a table.
#[derive(Debug, Args)]
pub struct ProveOptions {
    /// The table: CSV with a header or Parquet, one row per unit and period; `-` reads standard input. Or the word
    /// `change`, or the word `again`.
    pub(super) file: PathBuf,
    /// After `change`: the short name of a change in the database; its metric and worth are the question. After
    /// `again`: a folder that --out wrote, whose record is made once more and held against what it says.
    #[arg(value_name = "SLUG|FOLDER")]
    pub(super) change: Option<String>,
    /// The column that names the unit.
    #[arg(long, value_name = "C", required_unless_present_any = ["change", "repeated_cross_sections"], conflicts_with = "change")]
    pub(super) unit: Option<String>,
    /// The column with the period: whole numbers, year-months or dates.
    #[arg(long, value_name = "C", required_unless_present = "change", conflicts_with = "change")]
    pub(super) period: Option<String>,
    /// The column with the outcome.
    #[arg(long, value_name = "C", required_unless_present = "change", conflicts_with = "change")]
    pub(super) outcome: Option<String>,
    /// The column with the unit's first period with the solution; empty, 0, inf, NA or never for none.
    #[arg(long, value_name = "C", required_unless_present_any = ["treated", "change"], conflicts_with = "change")]
    pub(super) start: Option<String>,
    /// Instead of --start: a column with 1 where the unit has the solution and 0 where it has not, on from the start.
    #[arg(long, value_name = "C", conflicts_with_all = ["change", "start"])]
    pub(super) treated: Option<String>,
    /// How the answer is found; `auto` says why it chose what it chose.
    #[arg(long, value_parser = choice_or_auto::<Method>(), default_value = AUTO, conflicts_with = "change")]
    method: Left<Method>,
    /// What is known about who started when: drawn by lot or as good as that, or chosen.
    #[arg(long, value_parser = choice::<Assignment>(), default_value = Assignment::Chosen.word(), conflicts_with = "change")]
    assignment: Assignment,
    /// The record of a draw whose slots started in that period; may be given several times.
    #[arg(long, value_name = "PERIOD=FILE", value_parser = drawn, conflicts_with = "change")]
    pub(super) draw: Vec<(Period, PathBuf)>,
    /// A column with 1 where the unit used it in the period and 0 where it did not, or the share of the period: with a
    /// recorded draw, the effect on users is found as well.
    #[arg(long, value_name = "C", conflicts_with_all = ["change", "repeated_cross_sections"])]
    pub(super) used: Option<String>,
    /// A period in which others could see what it did, say because a showcase was published; may be given several
    /// times, or `none` where that is known.
    #[arg(long, value_name = "PERIOD", value_parser = shown, conflicts_with = "change")]
    shown: Vec<Shown>,
    /// Say how far parallel trends may fail before the verdict changes; `where-possible` says nothing where that cannot
    /// be told.
    #[arg(long, value_name = "HOW", value_parser = choice::<Further>(), num_args = 0..=1, require_equals = true, default_value = Further::AsUsual.word(), default_missing_value = Further::Asked.word(), hide_default_value = true, hide_possible_values = true, conflicts_with = "change")]
    sensitivity: Further,
    /// Ask a second method as well; `auto` does so by itself.
    #[arg(long, conflicts_with = "change")]
    second: bool,
    /// A column to adjust for, whose value before the start counts; may be given several times.
    #[arg(long, value_name = "C", conflicts_with = "change")]
    pub(super) covariate: Vec<String>,
    /// A column with a further outcome to look at, as exploratory; may be given several times.
    #[arg(long, value_name = "C", conflicts_with = "change")]
    pub(super) also: Vec<String>,
    /// A column to part the units by, the same on all rows of a unit: each part is looked at, as exploratory; may be
    /// given several times.
    #[arg(long, value_name = "C", conflicts_with = "change")]
    pub(super) by: Vec<String>,
    /// How covariates are adjusted for: by regression, by weighting, or by both, of which one may be wrong.
    #[arg(long, value_parser = choice::<Adjust>(), default_value = Adjust::Dr.word(), conflicts_with = "change")]
    adjust: Adjust,
    /// A column with how many units of the population each unit stands for.
    #[arg(long, value_name = "C", conflicts_with = "change")]
    pub(super) weight: Option<String>,
    /// A column that names the cluster whose units may share their fate; default: each unit is its own.
    #[arg(long, value_name = "C", conflicts_with = "change")]
    pub(super) cluster: Option<String>,
    /// Which units to compare with; default: those that never start if there are ten, else not-yet as well.
    #[arg(long, value_parser = choice::<Compare>(), conflicts_with = "change")]
    compare: Option<Compare>,
    /// Periods before the start in which an effect is allowed for.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = number::whole::<u32, 0, 10_000>, allow_negative_numbers = true, conflicts_with = "change")]
    anticipation: u32,
    /// What periods before the start are measured from: the one before each, or the last before the start.
    #[arg(long, value_parser = choice::<Base>(), default_value = Base::Varying.word(), conflicts_with = "change")]
    base: Base,
    /// What to do with units that lack some periods.
    #[arg(long, value_parser = choice::<Unbalanced>(), default_value = Unbalanced::Keep.word(), conflicts_with = "change")]
    pub(super) unbalanced: Unbalanced,
    /// Periods before a draw's slots that winners and losers are held against; `auto` takes as many as are compared after.
    #[arg(long, value_name = "N", value_parser = baseline, default_value = AUTO, allow_negative_numbers = true, conflicts_with = "change")]
    pub(super) baseline: Before,
    /// How much of what differed before is taken off, by the efficient method and between winners and losers of a draw: the
    /// best multiple, none, or all of it.
    #[arg(long, value_parser = choice::<Beta>(), default_value = Beta::Best.word(), conflicts_with = "change")]
    efficient_beta: Beta,
    /// How errors are found: by formula, by weighing units anew, or by drawing the lots again; default: by formula.
    #[arg(long, value_parser = choice::<Inference>(), conflicts_with = "change")]
    inference: Option<Inference>,
    /// Whether intervals of parts hold one effect each, or by the bootstrap all together; default: with the bootstrap all
    /// together, else each.
    #[arg(long, value_parser = choice::<Band>(), conflicts_with = "change")]
    band: Option<Band>,
    /// How often chance is drawn again, where it is.
    #[arg(long, value_name = "N", default_value_t = 999, value_parser = number::whole::<u64, 99, 1_000_000>, allow_negative_numbers = true, conflicts_with = "change")]
    draws: u64,
    /// Rows are of different people each time: periods are compared by their means, not unit by unit. With --unit, and gaps in
    /// it, units come and go: then too, and what is of one unit is taken to vary together.
    #[arg(long, conflicts_with = "change")]
    pub(super) repeated_cross_sections: bool,
    /// Seeds whatever is drawn by chance: the same seed, the same numbers.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::seed, allow_negative_numbers = true, conflicts_with = "change")]
    seed: u64,
    /// How much of the truth intervals are to hold.
    #[arg(long, value_name = "L", default_value = "0.95", value_parser = level, allow_negative_numbers = true, conflicts_with = "change")]
    level: Level,
    /// The smallest effect worth having, in the outcome's unit.
    #[arg(long, value_name = "X", default_value = "0", value_parser = worth, allow_negative_numbers = true, conflicts_with = "change")]
    worth: f64,
    /// What the outcome is called in sentences; default: its column's name.
    #[arg(long, value_name = "NAME", value_parser = words, conflicts_with = "change")]
    name: Option<String>,
    /// What the outcome is measured in, say "days a month".
    #[arg(long, value_name = "UNIT", value_parser = words, conflicts_with = "change")]
    measure: Option<String>,
    /// Which way is good.
    #[arg(long, value_parser = choice::<Good>(), default_value = Good::Up.word(), conflicts_with = "change")]
    direction: Good,
    /// A folder for report.html, the pictures as SVG, evidence.json, panel.csv and the draws' records.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// How units stand when chance deals over them: nobody's to choose, but a record keeps it.
    #[arg(skip = UnitOrder::Content)]
    pub(super) order: UnitOrder,
}

fn drawn(text: &str) -> Result<(Period, PathBuf), String> {
    let pair = text.split_once('=').filter(|(_, file)| !file.is_empty());
    let (at, file) =
        pair.ok_or("give the first period with the slots and the draw's file, say 2026-03=draw.json")?;
    let at = at.parse::<Period>().map_err(|why| why.to_string())?;
    Ok((at, PathBuf::from(file)))
}

/// A period in which others could see it, or that there was none.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shown {
    None,
    In(Period),
}

fn shown(text: &str) -> Result<Shown, String> {
    if text == "none" {
        return Ok(Shown::None);
    }
    text.parse()
        .map(Shown::In)
        .map_err(|_| "give a period, written like those of the table, or `none`".to_owned())
}

/// What stands in sentences: without words there would be a hole in them.
fn words(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        Err("give one word or more, or leave the option out".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

fn level(text: &str) -> Result<Level, String> {
    let share = text.parse().ok().and_then(Level::new);
    share.ok_or_else(|| "give a share between 0 and 1, say 0.95".to_owned())
}

fn worth(text: &str) -> Result<f64, String> {
    number::at_least_nothing(text).map_err(|why| format!("{why}; --direction says which way is good"))
}

impl ProveOptions {
    /// The change whose record is asked for; `None` where it is a table's.
    pub fn change(&self) -> Result<Option<&str>, Stop> {
        match &self.change {
            Some(slug) if self.file.as_os_str() == "change" => Ok(Some(slug)),
            Some(_) if self.file.as_os_str() == "again" => Ok(None),
            Some(more) => Err(Stop::Input(format!(
                "`{more}` follows the file; write `traction prove change {more}` for a change, or one file alone"
            ))),
            None => Ok(None),
        }
    }

    /// The folder whose record is to be made again; `None` where that is not asked for.
    pub fn again(&self) -> Option<&Path> {
        self.change.as_deref().filter(|_| self.file.as_os_str() == "again").map(Path::new)
    }

    /// What is settled beforehand.
    ///
    /// Refused: settings that exclude each other.
    pub(super) fn wish(&self) -> Result<Wish, Stop> {
        let inference = match (self.inference, self.band) {
            (Some(inference @ (Inference::Analytic | Inference::Permutation)), Some(Band::Simultaneous)) => {
                return Err(Stop::Input(format!(
                    "`--band simultaneous` needs `--inference bootstrap`, and `--inference {}` was given; leave out one of them",
                    inference.word()
                )));
            }
            (Some(inference), _) => inference,
            (None, Some(Band::Simultaneous)) => Inference::Bootstrap,
            (None, _) => Inference::Analytic,
        };
        Ok(Wish {
            method: self.method.made(),
            assignment: self.assignment,
            sensitivity: self.sensitivity,
            second: if self.second { Further::Asked } else { Further::AsUsual },
            compare: self.compare,
            base: self.base,
            anticipation: self.anticipation,
            adjust: self.adjust,
            seen: if self.repeated_cross_sections { Seen::InEither } else { Seen::InBoth },
            level: self.level,
            efficient_beta: self.efficient_beta,
            baseline: self.baseline,
            inference,
            band: self.band,
            n_draws: self.draws,
            seed: self.seed,
            told: match self.order {
                UnitOrder::Content => Told::All,
                UnitOrder::AsItCame => Told::BeforeDoubts,
            },
        })
    }

    /// What is asked of the data.
    pub(super) fn question(&self) -> Question {
        let outcome = self.name.as_deref().unwrap_or(named(&self.outcome)).to_owned();
        Question { outcome, measure: self.measure.clone(), good: self.direction, worth: self.worth }
    }

    /// In which periods others could see it; `None` where nobody says.
    ///
    /// Refused: a period, and that there was none.
    pub(super) fn shown(&self) -> Result<Option<Vec<Period>>, Stop> {
        let period = |shown: &Shown| if let Shown::In(period) = shown { Some(*period) } else { None };
        let periods: Vec<Period> = self.shown.iter().filter_map(period).collect();
        if let (Some(first), true) = (periods.first(), self.shown.contains(&Shown::None)) {
            return Err(Stop::Input(format!(
                "`--shown none` and `--shown {first}` cannot both be; leave out the one that is not so"
            )));
        }
        Ok((!self.shown.is_empty()).then_some(periods))
    }
}

/// A column's name; the command line asks for those that are needed.
pub(super) fn named(option: &Option<String>) -> &str {
    option.as_deref().unwrap_or_default()
}
