//! `traction friction …`

use std::path::PathBuf;

use clap::Subcommand;
use traction_domain::id::FrictionId;
use traction_domain::org::who::Who;
use traction_domain::sense::friction::intake::{Audience, Intake, Look, Shown};
use traction_domain::sense::friction::{self as rules, FrictionState};

use crate::commands::{Done, Operator, Stop, number, print_table, print_text};
use crate::offer::metric;
use crate::org::{person, unit};
use crate::sense::friction::file;
use crate::sense::friction::store::{self, Friction};
use crate::sense::friction::verbs::{self, care};
use crate::sense::kiosk;
use crate::trouble::Trouble;

/// What gets in the way.
#[derive(Debug, Subcommand)]
pub enum FrictionCommand {
    /// The backlog, dearest first: what everybody sees of it.
    #[command(after_help = "Example: traction friction list --unit ward-7 --json")]
    List {
        /// The short name of a unit.
        #[arg(long)]
        unit: Option<String>,
    },
    /// Report one.
    #[command(
        after_help = "Example: traction friction add ward-7 \"Blood results come late\" --times-per-week 10 --minutes 30 --people 4"
    )]
    Add {
        /// The short name of the unit.
        unit: String,
        /// What gets in the way, in one line.
        title: String,
        /// How often a week.
        #[arg(long, value_parser = number::above_nothing, allow_negative_numbers = true)]
        times_per_week: f64,
        /// How many minutes each time.
        #[arg(long, value_parser = number::above_nothing, allow_negative_numbers = true)]
        minutes: f64,
        /// How many people.
        #[arg(long, default_value_t = 1.0, value_parser = number::above_nothing, allow_negative_numbers = true)]
        people: f64,
        /// Who sees it: all, unit, lead.
        #[arg(long, default_value = "all")]
        audience: Audience,
    },
    /// Answer one, in words.
    #[command(
        after_help = "Example: traction friction answer 0198c0de-0000-7000-8000-000000000000 gone \"The lab sends them by wire now\""
    )]
    Answer {
        /// Its id.
        friction: FrictionId,
        /// What it is now: answered, being-removed, gone, kept.
        state: FrictionState,
        /// The words.
        words: String,
        /// The external id of whoever takes care of it.
        #[arg(long)]
        owner: Option<String>,
    },
    /// Merge one into another of its unit, or take it out again.
    #[command(
        after_help = "Example: traction friction merge 0198c0de-0000-7000-8000-000000000000 --into 0198c0de-0000-7000-8000-000000000001"
    )]
    Merge {
        /// Its id.
        friction: FrictionId,
        /// The id of the other one; left out: it counts for itself again.
        #[arg(long)]
        into: Option<FrictionId>,
    },
    /// What waits for a look.
    #[command(after_help = "Example: traction friction waiting --unit ward-7")]
    Waiting {
        /// The short name of a unit.
        #[arg(long)]
        unit: Option<String>,
    },
    /// Show a report that waits, or hold one back with a reason.
    #[command(
        after_help = "Example: traction friction look 0198c0de-0000-7000-8000-000000000000 held-back --words \"It names a colleague\""
    )]
    Look {
        /// Its id.
        friction: FrictionId,
        /// What becomes of it: shown, held-back.
        shown: Shown,
        /// Why.
        #[arg(long, default_value = "")]
        words: String,
    },
    /// Point one at the metric of its unit that shows its course, or at none.
    #[command(
        after_help = "Example: traction friction metric 0198c0de-0000-7000-8000-000000000000 --metric open-calls"
    )]
    Metric {
        /// Its id.
        friction: FrictionId,
        /// The short name of the metric; left out: none any more.
        #[arg(long)]
        metric: Option<String>,
    },
    /// How a unit takes reports in; with an audience or a look, says so from now on.
    #[command(after_help = "Example: traction friction intake ward-7 --audience lead --look first")]
    Intake {
        /// The short name of the unit.
        unit: String,
        /// Who sees them: all, unit, lead.
        #[arg(long)]
        audience: Option<Audience>,
        /// When they come to be seen: at-once, first.
        #[arg(long)]
        look: Option<Look>,
    },
    /// A unit's link for reports without an account: open, renew or close it.
    #[command(after_help = "Example: traction friction kiosk ward-7 open")]
    Kiosk {
        /// The short name of the unit.
        unit: String,
        /// What becomes of it.
        #[arg(value_parser = ["open", "renew", "close"])]
        what: String,
    },
    /// Write the backlog as CSV, as `traction import frictions` takes it in again.
    #[command(after_help = "Example: traction friction export pains.csv")]
    Export {
        /// The file; `-`: stdout.
        file: PathBuf,
        /// The short name of a unit.
        #[arg(long)]
        unit: Option<String>,
    },
}

/// Runs it.
pub async fn run(command: FrictionCommand, operator: &Operator) -> Result<Done, Stop> {
    let (world, who) = (&operator.world, Who::operator());
    match command {
        FrictionCommand::List { unit } => print(operator, &backlog(operator, unit.as_deref()).await?),
        FrictionCommand::Add { unit, title, times_per_week, minutes, people, audience } => {
            let unit = unit::verbs::find(world.store().read(), &unit).await?;
            let report = rules::report(&title, rules::burden(times_per_week, minutes, people)?)?;
            let id = verbs::report(world, &who, unit.id, report, audience).await?;
            print_table(operator.output, &["friction"], vec![vec![id.to_string()]]);
        }
        FrictionCommand::Answer { friction, state, words, owner } => {
            let owner = match &owner {
                Some(external_id) => {
                    let found = person::store::by_external_id(world.store().read(), external_id).await?;
                    Some(found.ok_or(Trouble::NotFound { what: "person" })?.id)
                }
                None => None,
            };
            verbs::answer(world, &who, friction, state, &words, owner).await?;
        }
        FrictionCommand::Merge { friction, into: Some(into) } => {
            care::merge(world, &who, friction, into).await?;
        }
        FrictionCommand::Merge { friction, into: None } => care::unmerge(world, &who, friction).await?,
        FrictionCommand::Waiting { unit } => {
            let unit = of(operator, unit.as_deref()).await?;
            print(operator, &care::waiting(world.store().read(), &who, unit).await?);
        }
        FrictionCommand::Look { friction, shown, words } => {
            care::look(world, &who, friction, shown, &words).await?;
        }
        FrictionCommand::Metric { friction, metric } => {
            let metric = match &metric {
                Some(slug) => Some(metric::verbs::find(world.store().read(), slug).await?.id),
                None => None,
            };
            care::point(world, &who, friction, metric).await?;
        }
        FrictionCommand::Intake { unit, audience, look } => {
            let sql = world.store().read();
            let unit = unit::verbs::find(sql, &unit).await?;
            let now = store::intake(sql, unit.id).await?;
            let wished =
                Intake { audience: audience.unwrap_or(now.audience), look: look.unwrap_or(now.look) };
            care::set_intake(world, &who, unit.id, wished).await?;
            let row = vec![unit.slug.to_string(), wished.audience.word().into(), wished.look.word().into()];
            print_table(operator.output, &["unit", "audience", "look"], vec![row]);
        }
        FrictionCommand::Kiosk { unit, what } => {
            let unit = unit::verbs::find(world.store().read(), &unit).await?;
            let secret = match what.as_str() {
                "open" => Some(kiosk::verbs::open(world, &who, unit.id).await?),
                "renew" => Some(kiosk::verbs::renew(world, &who, unit.id).await?),
                _ => {
                    kiosk::verbs::close(world, &who, unit.id).await?;
                    None
                }
            };
            let link = secret.map_or("closed".to_owned(), |secret| kiosk::pages::link(world, &secret));
            print_table(operator.output, &["unit", "link"], vec![vec![unit.slug.to_string(), link]]);
        }
        FrictionCommand::Export { file, unit } => {
            let text = file::csv(&backlog(operator, unit.as_deref()).await?);
            if file.as_os_str() == "-" {
                print_text(text.trim_end());
            } else {
                std::fs::write(&file, text).map_err(|error| {
                    Stop::Input(format!("{} cannot be written ({error}); check the path", file.display()))
                })?;
            }
        }
    }
    Ok(Done)
}

async fn of(operator: &Operator, unit: Option<&str>) -> Result<Option<traction_domain::id::UnitId>, Stop> {
    Ok(match unit {
        Some(slug) => Some(unit::verbs::find(operator.world.store().read(), slug).await?.id),
        None => None,
    })
}

async fn backlog(operator: &Operator, unit: Option<&str>) -> Result<Vec<Friction>, Stop> {
    let unit = of(operator, unit).await?;
    Ok(verbs::backlog(operator.world.store().read(), None, unit).await?)
}

fn print(operator: &Operator, frictions: &[Friction]) {
    let rows = frictions.iter().map(|one| {
        vec![
            one.id.to_string(),
            one.unit_slug.to_string(),
            one.title.clone(),
            format!("{:.1}", one.cost.hours_per_week),
            format!("{:.1}", one.cost.low),
            format!("{:.1}", one.cost.high),
            one.state.word().to_owned(),
        ]
    });
    let columns = ["friction", "unit", "title", "hours_per_week", "hours_low", "hours_high", "state"];
    print_table(operator.output, &columns, rows.collect());
}
