//! `traction watch`: the verdict on any series, without a server; or on a change's units in the database.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use traction_domain::sustain::watch::{Figures, Judged, Kind, Manner, judge};
use traction_domain::sustain::{Period, PeriodRefused};
use traction_stats::control::{Improve, Rules};

use super::series::{self, Columns, Phases, Points, SeriesRefused};
use super::{json, of_change};
use crate::commands::{Common, Done, Opening, Output, Stop, print_table, print_text};
use crate::web::counted;

/// Is a gain held?
#[derive(Debug, Args)]
pub struct WatchOptions {
    /// A table with one row for each reading (CSV with a header), or - for standard input; or the word change.
    file: PathBuf,
    /// After the word change: the change's short name, to see the watches of its units in the database.
    change: Option<String>,
    /// With a change: one unit alone, by its short name.
    #[arg(long, requires = "change")]
    unit: Option<String>,
    /// The column that says when each reading is from: whole numbers, year-months or dates.
    #[arg(long, value_name = "COLUMN", required_unless_present = "change")]
    when: Option<String>,
    /// The column of readings.
    #[arg(long, value_name = "COLUMN", required_unless_present = "change")]
    value: Option<String>,
    /// The column that names the phases (before, with, since), instead of --split and --frozen-at.
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["split", "frozen_at"])]
    phase: Option<String>,
    /// How many readings come before the change.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    split: Option<String>,
    /// From when on the gain is watched; its level rests on the readings before.
    #[arg(long, value_name = "PERIOD")]
    frozen_at: Option<String>,
    /// The rule that raises the alarm.
    #[arg(long, default_value = "half-way")]
    rules: RulesWord,
    /// Which way is better.
    #[arg(long, default_value = "up")]
    improve: ImproveWord,
    /// What one reading covers (day, week, month, quarter, year); told from the periods where they are dates.
    #[arg(long, value_name = "PERIOD")]
    each: Option<String>,
    #[command(flatten)]
    later: Later,
}

/// Options of rules and charts that this version does not have; refused, never ignored.
#[derive(Debug, Args)]
struct Later {
    #[arg(long, hide = true)]
    chart: Option<String>,
    #[arg(long, hide = true)]
    size: Option<String>,
    #[arg(long, hide = true)]
    target: Option<String>,
    #[arg(long, hide = true)]
    baseline: Option<String>,
    #[arg(long, hide = true)]
    no_screening: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RulesWord {
    /// All but one of the last few readings are closer to the old level than to the new one.
    HalfWay,
    /// A cumulative sum towards the old level: sooner, at the same rate of false alarms, harder to tell.
    Cusum,
    #[value(hide = true)]
    NhsMdc,
    #[value(hide = true)]
    Anhoej,
    #[value(hide = true)]
    Ihi,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ImproveWord {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    #[value(hide = true)]
    Neutral,
}

/// Runs it.
pub async fn run(options: &WatchOptions, common: &Common) -> Result<Done, Stop> {
    match &options.change {
        Some(change) if options.file == Path::new("change") => {
            of_change::run(change, options.unit.as_deref(), &common.operator(Opening::There).await?).await
        }
        Some(more) => Err(Stop::Input(format!(
            "`{more}` is one word too many: write traction watch FILE, or traction watch change {more}"
        ))),
        None => of_file(options, common.output()),
    }
}

fn of_file(options: &WatchOptions, output: Output) -> Result<Done, Stop> {
    options.later.refuse()?;
    let rules = options.rules.known()?;
    let improve = options.improve.known()?;
    let columns = options.columns();
    let named = |refused: SeriesRefused| Stop::Input(format!("{}: {refused}", options.file.display()));
    let points = series::read(open(&options.file)?, columns).map_err(named)?;
    let phases = options.phases(&points).map_err(named)?;
    if points.n_empty > 0 {
        let rows = counted(points.n_empty, "row without a reading is", "rows without a reading are");
        eprintln!("{rows} left out.");
    }
    let period = match &options.each {
        Some(word) => {
            word.parse().map_err(|refused: PeriodRefused| Stop::Input(format!("--each: {refused}")))?
        }
        None => points.period(),
    };
    let judged = judge(&points.series(&phases), Manner { period, improve, rules, figures: Figures::Plain });
    match output {
        Output::Json => {
            let answer = serde_json::to_string(&json::answer(&points, &phases, &judged, rules))
                .map_err(|error| crate::trouble::Broken::accident("writing the answer", error))?;
            print_text(&answer);
        }
        Output::Table => print(&points, &phases, &judged, period),
    }
    if judged.kind == Kind::Nothing { Err(Stop::No) } else { Ok(Done) }
}

fn open(file: &Path) -> Result<Box<dyn Read>, Stop> {
    if file == Path::new("-") {
        return Ok(Box::new(std::io::stdin()));
    }
    match File::open(file) {
        Ok(open) => Ok(Box::new(open)),
        Err(error) => {
            Err(Stop::Input(format!("{} cannot be read ({error}); check its name and place", file.display())))
        }
    }
}

fn print(points: &Points, phases: &Phases, judged: &Judged, period: Period) {
    print_text(&judged.says);
    judged.cautions.iter().chain(&judged.promises).for_each(|sentence| print_text(sentence));
    print_text("");
    let rows =
        [("before", &phases.before), ("with the change", &phases.gained), ("watched", &phases.watched)]
            .into_iter()
            .filter(|(_, range)| !range.is_empty())
            .map(|(name, range)| {
                let values = &points.points[range.clone()];
                let mean = values.iter().map(|point| point.value).sum::<f64>() / values.len() as f64;
                let (first, last) = (&points.points[range.start], &points.points[range.end - 1]);
                vec![
                    name.to_owned(),
                    first.written.clone(),
                    last.written.clone(),
                    values.len().to_string(),
                    format!("{mean:.4}"),
                ]
            })
            .collect();
    let counted = format!("{period}s");
    print_table(Output::Table, &["phase", "from", "to", &counted, "mean"], rows);
}

impl WatchOptions {
    fn columns(&self) -> Columns<'_> {
        // The command line insists on both columns wherever there is a file.
        let (when, value) = (self.when.as_deref(), self.value.as_deref());
        Columns {
            when: when.unwrap_or_default(),
            value: value.unwrap_or_default(),
            phase: self.phase.as_deref(),
        }
    }

    fn phases(&self, points: &Points) -> Result<Phases, SeriesRefused> {
        if let Some(column) = &self.phase {
            return points.phases_named(column);
        }
        let split = self.split.as_deref().ok_or(SeriesRefused::NoSplit)?;
        let split =
            split.trim().parse().map_err(|_| SeriesRefused::SplitNotOne { split: split.to_owned() })?;
        let frozen_at = match &self.frozen_at {
            Some(written) => Some(
                written
                    .parse()
                    .map_err(|_| SeriesRefused::FrozenNotAPeriod { frozen_at: written.clone() })?,
            ),
            None => None,
        };
        points.phases_at(split, frozen_at, self.columns().when)
    }
}

impl Later {
    fn refuse(&self) -> Result<(), Stop> {
        let given = [
            ("--chart", self.chart.is_some()),
            ("--size", self.size.is_some()),
            ("--target", self.target.is_some()),
            ("--baseline", self.baseline.is_some()),
            ("--no-screening", self.no_screening),
        ];
        match given.iter().find(|(_, is_given)| *is_given) {
            Some((option, _)) => Err(Stop::Input(format!(
                "{option} belongs to control charts, which this version does not draw; leave it out and use --rules \
                 half-way or --rules cusum"
            ))),
            None => Ok(()),
        }
    }
}

impl RulesWord {
    fn known(self) -> Result<Rules, Stop> {
        match self {
            RulesWord::HalfWay => Ok(Rules::HalfWay),
            RulesWord::Cusum => Ok(Rules::Cusum),
            RulesWord::NhsMdc | RulesWord::Anhoej | RulesWord::Ihi => Err(Stop::Input(
                "chart rules (nhs-mdc, anhoej, ihi) are not in this version; use --rules half-way or --rules cusum, \
                 which ask whether a gain is held"
                    .to_owned(),
            )),
        }
    }
}

impl ImproveWord {
    fn known(self) -> Result<Improve, Stop> {
        match self {
            ImproveWord::Up => Ok(Improve::Up),
            ImproveWord::Down => Ok(Improve::Down),
            ImproveWord::Neutral => {
                Err(Stop::Input("a gain needs a direction; say --improve up or --improve down".to_owned()))
            }
        }
    }
}
