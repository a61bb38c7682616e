//! Three servers on one PostgreSQL database: applications, withdrawals, draws, gifts past the draw and what follows from them,
//! all in the same minute, from all at once, with clocks that do not agree; and two waves of one change that overlap.

use std::future::Future;
use std::pin::Pin;

use jiff::SignedDuration;
use traction::contend::draw::store::{self as draws, Answer};
use traction::contend::{application, draw};
use traction::grant::slot;
use traction::grant::slot::verbs::past;
use traction::offer::change::store::Change;
use traction::offer::wave::store::Wave;
use traction::trouble::Trouble;
use traction::world::World;
use traction_domain::contend::application::Application;
use traction_domain::grant::slot::Step;
use traction_domain::id::UnitId;
use traction_domain::offer::wave::WaveTimes;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use super::ground::change_by_verbs;
use super::invariants::Seen;
use crate::world::{TestWorld, on_nodes};

const ROUNDS: usize = 6;
const N_UNITS: usize = 10;
const N_SLOTS: usize = 3;
const N_NODES: usize = 3;

type Task = Pin<Box<dyn Future<Output = Result<(), Trouble>> + Send>>;

/// Everybody who takes part, and what it is about.
#[derive(Clone)]
struct Ground {
    nodes: [World; N_NODES],
    change: Change,
    wave: Wave,
    /// Another wave of the change, which closes 45 seconds after the first.
    rival: Wave,
    units: Vec<(UnitId, Who)>,
    leads: [Who; 3],
}

/// Runs all tasks at once, in an order that differs from round to round. None may break; how many were taken.
async fn at_once(mut tasks: Vec<Task>, round: usize) -> usize {
    let n = tasks.len();
    for at in 0..n {
        tasks.swap(at, (at * 7919 + round * 104_729) % n);
    }
    let running: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let mut n_taken = 0;
    for one in running {
        match one.await.unwrap() {
            Ok(()) => n_taken += 1,
            Err(Trouble::Broken(broken)) => panic!("broken: {broken}"),
            Err(_) => {}
        }
    }
    n_taken
}

impl Ground {
    fn node(&self, n: usize) -> World {
        self.nodes[n % N_NODES].clone()
    }

    fn task<F>(&self, n: usize, does: impl FnOnce(Ground, World) -> F) -> Task
    where
        F: Future<Output = Result<(), Trouble>> + Send + 'static,
    {
        Box::pin(does(self.clone(), self.node(n)))
    }

    fn applies(&self, unit: usize, node: usize) -> Task {
        self.applies_to(self.wave.clone(), unit, node)
    }

    fn applies_to(&self, wave: Wave, unit: usize, node: usize) -> Task {
        self.task(node, move |on: Ground, world: World| async move {
            let (unit, who) = &on.units[unit];
            let written = Application::written("Late", "Early", "Jo", "An hour").unwrap();
            application::run::apply(&world, who, &wave, *unit, &written).await.map(|_| ())
        })
    }

    fn withdraws(&self, unit: usize, node: usize) -> Task {
        self.task(node, move |on: Ground, world: World| async move {
            let (unit, who) = &on.units[unit];
            let live = application::store::live(world.store().read(), on.wave.id, *unit).await?;
            let Some(live) = live else { return Ok(()) };
            application::run::withdraw(&world, who, live.id).await.map(|_| ())
        })
    }

    fn draws(&self, node: usize) -> Task {
        self.draws_in(self.wave.clone(), node)
    }

    fn draws_in(&self, wave: Wave, node: usize) -> Task {
        self.task(node, move |on: Ground, world: World| async move {
            draw::run::run(&world, &on.leads[0], &on.change, &wave).await.map(|_| ())
        })
    }

    fn settles(&self, node: usize) -> Task {
        self.task(node, move |_: Ground, world: World| async move {
            traction::jobs::freeze_closed(&world).await?;
            Ok(traction::loops::settle(&world).await?)
        })
    }

    fn gives_back(&self, unit: usize, node: usize) -> Task {
        self.task(node, move |on: Ground, world: World| async move {
            let (unit, who) = &on.units[unit];
            let slots = slot::store::of_wave(world.store().read(), on.wave.id).await?;
            let Some(slot) = slots.iter().find(|slot| slot.unit == *unit) else { return Ok(()) };
            slot::verbs::step(&world, who, slot.id, Step::GivenBack, "").await
        })
    }

    fn asks(&self, unit: usize, who: usize, node: usize) -> Task {
        self.task(node, move |on: Ground, world: World| async move {
            past::ask(&world, &on.leads[who], &on.change, &on.wave, on.units[unit].0, "the roof").await
        })
    }

    fn confirms(&self, unit: usize, who: usize, node: usize) -> Task {
        self.task(node, move |on: Ground, world: World| async move {
            let (lead, unit) = (&on.leads[who], on.units[unit].0);
            past::answer(&world, lead, &on.change, &on.wave, unit, Answer::Confirmed).await
        })
    }

    fn turn(&self, seconds: [i64; N_NODES]) {
        for (node, seconds) in self.nodes.iter().zip(seconds) {
            node.turn_clock(self.wave.closes_at.after(SignedDuration::from_secs(seconds)));
        }
    }

    async fn check(&self, seen: &mut Seen) {
        for node in &self.nodes {
            seen.check(node, self.change.id).await.unwrap();
            assert!(node.store().read().trials().await.unwrap().is_empty(), "nothing is set aside");
        }
    }

    /// All tasks of a crowd, then what follows from them, from both nodes at once.
    async fn crowd(&self, tasks: Vec<Task>, round: usize, seen: &mut Seen) -> usize {
        let n_taken = at_once(tasks, round).await;
        at_once((0..6).map(|node| self.settles(node)).collect(), round).await;
        // What one clock has seen another has not: looked at when all have.
        let clocks = self.nodes.iter().map(World::now);
        let latest = clocks.fold(self.wave.opens_at, traction_domain::time::Moment::max);
        self.nodes.iter().for_each(|node| node.turn_clock(latest));
        self.check(seen).await;
        n_taken
    }
}

async fn ground(nodes: &[TestWorld; N_NODES], round: usize) -> Ground {
    let left = &nodes[0];
    let mut units = Vec::new();
    let who = async |person| traction::org::person::verbs::who(&left.world, person).await.unwrap().unwrap();
    for n in 0..N_UNITS {
        let slug = format!("unit-{round}-{n}");
        let unit = left.unit(&slug, None).await;
        let lead = left.person(&slug, RoleWord::Lead, Some(unit)).await;
        units.push((unit, who(lead).await));
    }
    let mut leads = Vec::new();
    for name in ["cleo", "dana", "eve"] {
        let person = left.person(&format!("{name}-{round}"), RoleWord::ChangeLead, None).await;
        leads.push(who(person).await);
    }
    let change = change_by_verbs(&left.world, &format!("Round {round}")).await;
    let now = left.world.now();
    let hours = |hours| now.after(SignedDuration::from_hours(hours));
    let n_slots = u32::try_from(N_SLOTS).unwrap();
    let mut waves = Vec::new();
    for (n, later) in [(1, 0), (2, 45)] {
        let closes_at = hours(10).after(SignedDuration::from_secs(later));
        let times = WaveTimes { opens_at: now, closes_at, starts_at: hours(20), ends_at: Some(hours(90)) };
        let who = Who::operator();
        traction::offer::wave::verbs::announce(&left.world, &who, &change, n_slots, times, "An hour")
            .await
            .unwrap();
        let sql = left.world.store().read();
        waves.push(traction::offer::wave::store::by_number(sql, change.id, n).await.unwrap().unwrap());
    }
    traction::loops::settle(&left.world).await.unwrap();
    let [wave, rival] = waves.try_into().unwrap();
    Ground {
        nodes: nodes.each_ref().map(|node| node.world.clone()),
        change,
        wave,
        rival,
        units,
        leads: leads.try_into().unwrap(),
    }
}

/// The units of the wave that have a live slot, and those that could have one: on the list, not withdrawn, not given back.
async fn live_and_able(on: &Ground) -> (usize, usize) {
    let sql = on.nodes[0].store().read();
    let now = on.nodes[0].now();
    let slots = slot::store::of_wave(sql, on.wave.id).await.unwrap();
    let record = draws::drawn(sql, on.wave.id).await.unwrap().unwrap().record;
    let mut gone = draws::withdrawn_units(sql, on.wave.id).await.unwrap();
    gone.extend(slot::store::held_elsewhere(sql, on.wave.id, now).await.unwrap());
    let can = |unit: &str| match slots.iter().find(|slot| slot.unit_slug.as_str() == unit) {
        Some(slot) => slot.state(now).is_live(),
        None => !gone.contains(unit),
    };
    let able = record.list.iter().filter(|line| can(&line.entry.unit));
    (slots.iter().filter(|slot| slot.state(now).is_live()).count(), able.count())
}

#[test]
fn last_minute_applications_withdrawals_and_draws_from_three_nodes_hold_the_same() {
    on_nodes(async |nodes: [TestWorld; N_NODES]| {
        for round in 0..ROUNDS {
            let on = ground(&nodes, round).await;
            let mut seen = Seen::default();
            at_once((0..N_UNITS / 2).map(|unit| on.applies(unit, unit)).collect(), round).await;

            // The last second: one node's clock says open, the other's says closed, and freezes.
            on.turn([-1, 1, 0]);
            let mut tasks: Vec<Task> = Vec::new();
            for unit in 0..N_UNITS {
                tasks.extend([on.applies(unit, 0), on.applies(unit, 1), on.applies(unit, 0)]);
            }
            tasks.extend((0..3).flat_map(|unit| [on.withdraws(unit, unit), on.withdraws(unit, unit + 1)]));
            tasks.extend((0..4).map(|node| on.settles(node)));
            tasks.extend((0..4).map(|node| on.draws(node)));
            on.crowd(tasks, round, &mut seen).await;

            // The other wave closes: for one clock it is open, for the others not, and both are drawn at once.
            at_once(
                (0..N_UNITS).step_by(2).map(|unit| on.applies_to(on.rival.clone(), unit, 2)).collect(),
                round,
            )
            .await;
            on.turn([60, 40, 46]);
            let mut tasks: Vec<Task> = (0..6).map(|node| on.draws(node)).collect();
            tasks.extend((4..6).map(|unit| on.withdraws(unit, unit)));
            tasks.extend((0..N_UNITS).map(|unit| on.applies_to(on.rival.clone(), unit, unit)));
            tasks.extend((0..6).map(|node| on.draws_in(on.rival.clone(), node)));
            tasks.extend((0..6).map(|node| on.settles(node)));
            on.crowd(tasks, round, &mut seen).await;
            let (live, able) = live_and_able(&on).await;
            assert_eq!(live, able.min(N_SLOTS), "every place is taken while anybody can take it");

            // Winners give back, others wait or leave, and two people want to give a place away.
            let mut tasks: Vec<Task> = (0..N_UNITS).map(|unit| on.gives_back(unit, unit)).collect();
            tasks.extend((0..N_UNITS).map(|unit| on.gives_back(unit, unit + 1)));
            tasks.extend((0..N_UNITS).step_by(3).map(|unit| on.withdraws(unit, unit)));
            tasks.extend((0..N_UNITS).map(|unit| on.asks(unit, unit % 3, unit)));
            tasks.extend((0..N_UNITS).map(|unit| on.confirms(unit, (unit + 1) % 3, unit + 1)));
            tasks.extend((0..4).map(|node| on.settles(node)));
            on.crowd(tasks, round, &mut seen).await;
            let (live, able) = live_and_able(&on).await;
            assert_eq!(live, able.min(N_SLOTS), "what is given back before the start goes to who waits");

            // After the start a place is free, and several want to give it to different units at once.
            on.turn([50_000, 50_000, 50_000]);
            at_once((0..N_UNITS).map(|unit| on.gives_back(unit, unit)).collect(), round).await;
            let mut tasks: Vec<Task> = Vec::new();
            for unit in 0..N_UNITS {
                tasks.extend([on.asks(unit, 0, unit), on.asks(unit, 1, unit + 1)]);
            }
            on.crowd(tasks, round, &mut seen).await;
            let mut tasks: Vec<Task> = Vec::new();
            for unit in 0..N_UNITS {
                tasks.extend((0..3).map(|who| on.confirms(unit, who, unit + who)));
            }
            on.crowd(tasks, round, &mut seen).await;
        }
    });
}
