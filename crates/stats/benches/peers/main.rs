//! One task of the table in docs/methods/speed.md, done by Traction: `run` beside this file calls it, a process a task.
//!
//! `write UNITS FILE` writes a roll-out as CSV; `TASK FILE` reads it back, and `TASK UNITS` makes the same panel without a file.
//! It prints one line of JSON: the task's own CPU seconds, and the answers that others are held to.

mod rollout;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

use rollout::Covariates;
use traction_stats::effect::{
    Asked, Bar, Base, Draws, EfficientSettings, Estimand, EventStudy, GroupTime, ImputationSettings,
    InteractionSettings, Parting, SensitivitySettings, Settings, bands, break_down, by_exposure,
    by_exposure_covariance, by_period, by_start, group_time, imputation, interaction, permute_starts,
    pre_trends, robust, simple,
};
use traction_stats::panel::{self, Columns, Panel, Unbalanced};
use traction_stats::uncertainty::Estimate;
use traction_stats::uncertainty::permutation::Redraws;

/// What is timed, and what it works on; the rest is made before the clock starts.
enum Task {
    OnPanel(fn(&Panel) -> Result<Answers, Box<dyn Error>>),
    OnStudy(fn(&EventStudy) -> Result<Answers, Box<dyn Error>>),
}

/// Numbers with their standard errors, by name.
type Answers = Vec<(&'static str, f64, Option<f64>)>;

/// How often lots are drawn again.
const REDRAWS: Redraws = Redraws { n: 20_000, seed: 1 };

/// By how much trends may part, in times of what they did before, and in steps of the outcome's unit.
const PARTINGS: [f64; 4] = [0.5, 1.0, 1.5, 2.0];
const BEND: f64 = 0.05;

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo bench` adds a word of its own.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["write", n_units, file] => {
            let mut file = BufWriter::new(File::create(file)?);
            rollout::write(n_units.parse()?, &mut file)?;
            Ok(file.flush()?)
        }
        [task, from] => done(task, from),
        _ => {
            eprintln!("use: crates/stats/benches/peers/run, which says the rest");
            Ok(())
        }
    }
}

/// Does a task on the panel of a file, or of so many units, and prints what it took and found.
fn done(name: &str, from: &str) -> Result<(), Box<dyn Error>> {
    let task = task(name).ok_or_else(|| format!("there is no task `{name}`"))?;
    let covariates = if name == "adjusted" { Covariates::Both } else { Covariates::None };
    let panel = match from.parse() {
        Ok(n_units) => rollout::panel(n_units, covariates)?,
        Err(_) => read(from, name, covariates)?,
    };
    let (cpu, answers) = match task {
        Task::OnPanel(task) => timed(|| task(&panel))?,
        Task::OnStudy(task) => {
            let study = study(&panel)?;
            timed(|| task(&study))?
        }
    };
    let answers: Vec<String> = answers
        .into_iter()
        .map(|(name, value, se)| match se {
            Some(se) => format!("\"{name}\": [{value}, {se}]"),
            None => format!("\"{name}\": [{value}]"),
        })
        .collect();
    println!("{{\"cpu\": {cpu}, \"answers\": {{{}}}}}", answers.join(", "));
    Ok(())
}

fn read(file: &str, task: &str, covariates: Covariates) -> Result<Panel, Box<dyn Error>> {
    let columns = Columns {
        unit: "unit",
        period: "period",
        outcome: if task == "permutations" { "sustained" } else { "y" },
        start: "start",
        covariates: if covariates == Covariates::Both { &["x", "z"] } else { &[] },
        ..Columns::default()
    };
    Ok(panel::read(File::open(file)?, &columns, Unbalanced::Keep)?)
}

fn timed(task: impl FnOnce() -> Result<Answers, Box<dyn Error>>) -> Result<(f64, Answers), Box<dyn Error>> {
    let before = cpu_seconds();
    let answers = std::hint::black_box(task()?);
    Ok((cpu_seconds() - before, answers))
}

fn task(name: &str) -> Option<Task> {
    Some(match name {
        "effects" | "adjusted" => Task::OnPanel(|panel| Ok(effects(panel)?.1)),
        "draws" => Task::OnPanel(|panel| {
            let (found, answers) = effects(panel)?;
            std::hint::black_box(bands(panel, &found, &Draws::default()));
            Ok(answers)
        }),
        "imputation" => Task::OnPanel(|panel| {
            let found = imputation(panel, &ImputationSettings::default())?;
            Ok(vec![answer("overall", &found.overall)])
        }),
        "interaction" => Task::OnPanel(|panel| {
            let found = interaction(panel, &InteractionSettings::default())?;
            let first = found.by_exposure.each.iter().find(|part| part.at == 0).ok_or("nobody starts")?;
            Ok(vec![answer("overall", &found.overall), answer("at_start", &first.effect)])
        }),
        "permutations" => Task::OnPanel(|panel| {
            let found = permute_starts(panel, &EfficientSettings::default(), Estimand::Simple, REDRAWS)?;
            Ok(vec![("p", found.p, None)])
        }),
        "magnitudes" => Task::OnStudy(|study| sensitivity(study, Parting::RelativeMagnitudes)),
        "smoothness" => Task::OnStudy(|study| sensitivity(study, |times| Parting::Smoothness(BEND * times))),
        _ => return None,
    })
}

/// Effects, all summaries, the event study's covariance and the joint test, as a record asks for them.
fn effects(panel: &Panel) -> Result<(GroupTime, Answers), Box<dyn Error>> {
    let found = group_time(panel, &Settings::default())?;
    // Some panels have no joint test.
    let _ = std::hint::black_box((by_exposure_covariance(&found), pre_trends(&found)));
    let answers = vec![
        answer("overall", &simple(&found)),
        answer("by_start", &by_start(&found).overall),
        answer("by_period", &by_period(&found).overall),
        answer("by_exposure", &by_exposure(&found).overall),
    ];
    Ok((found, answers))
}

/// The event study from the universal base.
fn study(panel: &Panel) -> Result<EventStudy, Box<dyn Error>> {
    let found = group_time(panel, &Settings { base: Base::Universal, ..Settings::default() })?;
    let (exposures, covariance) = by_exposure_covariance(&found).ok_or("the covariance is not known")?;
    let each = by_exposure(&found).each;
    let values: Vec<f64> =
        each.iter().filter(|part| exposures.contains(&part.at)).map(|part| part.effect.value).collect();
    let row = |i: usize| (0..values.len()).map(|j| covariance[(i, j)]).collect();
    let covariance: Vec<Vec<f64>> = (0..values.len()).map(row).collect();
    Ok(EventStudy::at_exposures(&exposures, &values, &covariance, Asked::Mean)?)
}

/// Intervals for four limits of one kind, and the break-down value.
fn sensitivity(study: &EventStudy, parting: impl Fn(f64) -> Parting) -> Result<Answers, Box<dyn Error>> {
    let settings = SensitivitySettings::default();
    for times in PARTINGS {
        std::hint::black_box(robust(study, parting(times), &settings)?);
    }
    std::hint::black_box(break_down(study, parting(0.0), Bar::Above(0.0), &settings)?);
    Ok(vec![("mean", study.estimate(), None)])
}

fn answer(name: &'static str, estimate: &Estimate) -> (&'static str, f64, Option<f64>) {
    (name, estimate.value, estimate.interval().map(|interval| interval.se))
}

/// The process's CPU seconds so far, all its threads together; NaN where the system does not tell.
fn cpu_seconds() -> f64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return f64::NAN };
    let nanoseconds = |thread: std::fs::DirEntry| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    threads.flatten().map(|thread| nanoseconds(thread).unwrap_or(f64::NAN)).sum::<f64>() / 1e9
}
