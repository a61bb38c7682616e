//! `traction backup`, `restore` and `move`.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::commands::{Common, Done, Output, Stop};
use crate::keeping::verbs::{self, Copied, NotKept};
use crate::store::Place;
use crate::store::whole::NotCopied;
use crate::web::counted;

/// Where a backup goes.
#[derive(Debug, Args)]
pub struct BackupOptions {
    /// The file to write; it must not be there yet.
    file: PathBuf,
}

/// What is restored.
#[derive(Debug, Args)]
pub struct RestoreOptions {
    /// A file that `traction backup` wrote.
    file: PathBuf,
}

/// From where to where.
#[derive(Debug, Args)]
pub struct MoveOptions {
    /// The database that is used now: sqlite://FILE or postgres://USER@HOST/NAME.
    #[arg(long)]
    from: String,
    /// An empty one.
    #[arg(long)]
    to: String,
}

impl From<NotKept> for Stop {
    fn from(refused: NotKept) -> Stop {
        match refused {
            NotKept::Copy(NotCopied::Broken(broken)) => Stop::Broken(broken),
            other => Stop::Input(other.to_string()),
        }
    }
}

/// Runs `traction backup`.
pub async fn back_up(options: &BackupOptions, common: &Common) -> Result<Done, Stop> {
    let bar = bar();
    let copied = verbs::back_up(&common.place(), &options.file, tell(&bar)).await?;
    say(common.output(), &bar, copied, "Backed up", &format!("to {}", options.file.display()));
    Ok(Done)
}

/// Runs `traction restore`.
pub async fn restore(options: &RestoreOptions, common: &Common) -> Result<Done, Stop> {
    let bar = bar();
    let copied = verbs::restore(&options.file, &common.place(), tell(&bar)).await?;
    say(common.output(), &bar, copied, "Restored", &format!("to {}", common.place().shown()));
    Ok(Done)
}

/// Runs `traction move`.
pub async fn move_over(options: &MoveOptions, common: &Common) -> Result<Done, Stop> {
    let bar = bar();
    let to = Place::Url(options.to.clone());
    let copied = verbs::move_over(&Place::Url(options.from.clone()), &to, tell(&bar)).await?;
    say(common.output(), &bar, copied, "Moved", &format!("to {}; serve it from there", to.shown()));
    Ok(Done)
}

/// Progress for whoever waits at a terminal; how many rows there will be is not known.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {human_pos} rows in {elapsed}");
    ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

fn tell(bar: &ProgressBar) -> impl Fn(usize) {
    let bar = bar.clone();
    move |n_rows| bar.set_position(u64::try_from(n_rows).unwrap_or(u64::MAX))
}

fn say(output: Output, bar: &ProgressBar, copied: Copied, done: &str, to: &str) {
    bar.finish_and_clear();
    match output {
        Output::Json => println!("{}", json!({ "tables": copied.n_tables, "rows": copied.n_rows })),
        Output::Table => println!(
            "{done} {} of {}, each compared after it was written, {to}",
            counted(copied.n_rows, "row", "rows"),
            counted(copied.n_tables, "table", "tables")
        ),
    }
}
