//! `traction demo`: plays the organisation, then serves it.

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use traction_domain::id::PersonId;
use traction_domain::org::who::Who;

use crate::commands::{Common, Done, Output, Stop, number};
use crate::demo::cast::Ward;
use crate::demo::story::{N_WEEKS, Play};
use crate::demo::truth::BEDSIDE;
use crate::grant::slot;
use crate::offer::change;
use crate::org::session::store::Uses;
use crate::org::session::verbs::make_link;
use crate::org::token::store::Scope;
use crate::serve;
use crate::store::{Place, Store};
use crate::trouble::{Broken, Trouble};
use crate::world::{Settings, Simulation, World};

/// A seed whose story is a plain one: the intervals hold the truth, and only the ward that lets go raises an alarm. With
/// others chance misleads now and then, as it does: an interval misses in 1 of 20, and about one play in three has a ward
/// that is called slipping and is not.
const PLAIN_SEED: u64 = 7;

/// How to play.
#[derive(Debug, Args)]
pub struct DemoOptions {
    /// The address to listen on.
    #[arg(long, default_value = serve::DEFAULT_ADDRESS)]
    addr: String,
    /// Keep the database in this (empty) folder; without it, the demo is forgotten at the end.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// What fixes all chance in the simulation.
    #[arg(long, default_value_t = PLAIN_SEED, value_parser = number::seed, allow_negative_numbers = true)]
    seed: u64,
}

/// Who can be signed in as: role and link.
struct Door {
    role: &'static str,
    link: String,
}

/// Runs it.
pub async fn run(options: DemoOptions, common: &Common) -> Result<Done, Stop> {
    let listener = serve::listen(&options.addr, "--addr").await?;
    let address = listener.local_addr().map_err(|error| Broken::accident("reading the address", error))?;
    let forgotten = tempfile::tempdir()
        .map_err(|error| Stop::Input(format!("no temporary folder can be made ({error}); say --keep DIR")))?;
    let folder = options.keep.clone().unwrap_or_else(|| forgotten.path().to_owned());
    if folder.join("traction.db").exists() {
        return Err(Stop::Input(format!(
            "{} holds a database already; choose an empty folder for --keep, or serve it with `traction serve --data {}`",
            folder.display(),
            folder.display()
        )));
    }
    let settings = Settings {
        organisation: "Seven Hills Hospital Group (simulated)".into(),
        public_url: format!("http://{address}"),
        zone: jiff::tz::TimeZone::UTC,
        simulation: Simulation::Simulated,
        connections: crate::measure::source::connections::Connections::default(),
        // Nobody of the simulated has an address that leads anywhere.
        mail: crate::world::mail::Mail::default(),
    };
    let store = Store::open(&Place::Throwaway(folder)).await?;
    let world = World::played(store, options.seed, settings);
    let play = play(&world, options.seed).await?;
    world.let_run();
    let doors = doors(&play).await?;
    let token =
        crate::org::token::verbs::add(&world, &Who::operator(), "demo: access", vec![Scope::Access]).await?;
    let write_key =
        crate::org::token::verbs::add(&world, &Who::operator(), "demo: usage", vec![Scope::Usage]).await?;
    let (with_slot, without_slot) = people_of_the_switch(&play).await?;
    match common.output() {
        Output::Json => {
            let people: Vec<_> =
                doors.iter().map(|door| json!({"role": door.role, "link": door.link})).collect();
            let access = json!({
                "token": token, "flag": BEDSIDE.slug, "with_slot": with_slot, "without_slot": without_slot,
            });
            let url = &world.settings().public_url;
            println!(
                "{}",
                json!({"url": url, "people": people, "access": access, "usage": {"write_key": write_key}})
            );
        }
        Output::Table => {
            println!("A simulated hospital group is at {}", world.settings().public_url);
            println!("Sign in as");
            for door in &doors {
                println!("  {:<14} {}", door.role, door.link);
            }
            println!("Ctrl-C ends it.");
        }
    }
    serve::until_told_to_stop(listener, world).await
}

/// Plays eighteen months that end on the last Monday before now.
async fn play(world: &World, seed: u64) -> Result<Play, Stop> {
    let bar = ProgressBar::new(N_WEEKS as u64);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} week {pos} of {len}") {
        bar.set_style(style);
    }
    bar.set_message("Playing eighteen months");
    let start = crate::demo::story::first_monday(world.machine_now());
    let mut play = Play::begin(world.clone(), start, seed).await?;
    for week in 0..N_WEEKS {
        play.week(week).await?;
        bar.inc(1);
    }
    play.end().await?;
    bar.finish_and_clear();
    Ok(play)
}

async fn doors(play: &Play) -> Result<Vec<Door>, Trouble> {
    let cast = &play.cast;
    let lead = cast.wards[0].lead;
    let member = cast.wards[0].members[0].id;
    let people: [(&'static str, PersonId); 5] = [
        ("change lead", cast.change_lead),
        ("ward lead", lead),
        ("front line", member),
        ("coach", cast.coach),
        ("administrator", cast.administrator),
    ];
    let mut doors = Vec::new();
    for (role, person) in people {
        let secret = make_link(&play.world, &Who::operator(), person, Uses::Many).await?;
        doors.push(Door { role, link: format!("{}/enter/{secret}", play.world.settings().public_url) });
    }
    Ok(doors)
}

/// Names, in the real system, of somebody with the bedside tests and of somebody without.
async fn people_of_the_switch(play: &Play) -> Result<(String, String), Trouble> {
    let sql = play.world.store().read();
    let change = change::verbs::find(sql, BEDSIDE.slug).await?;
    let slots = slot::store::of_change(sql, change.id).await?;
    let now = play.world.now();
    let has_it = |ward: &&Ward| {
        slots.iter().any(|slot| slot.unit == ward.unit && slot.access().iter().any(|span| span.holds(now)))
    };
    let of = |ward: Option<&Ward>| {
        ward.and_then(|ward| ward.members.first()).map(|member| member.external_id.clone())
    };
    let with = of(play.cast.wards.iter().find(has_it)).unwrap_or_default();
    let without = of(play.cast.wards.iter().find(|ward| !has_it(ward))).unwrap_or_default();
    Ok((with, without))
}
