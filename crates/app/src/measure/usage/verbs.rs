//! Taking usage in: tied, put under subjects, and kept once, before anybody is told that it was.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::id::{ChangeId, UnitId};
use traction_domain::measure::usage::EventRefused;
use traction_domain::time::Moment;

use crate::measure::usage::letter::{Dead, Fate, Form, Letter, Meant, ReadEvent, Shape, UsageWish};
use crate::measure::usage::letters::store::DeadLetter;
use crate::measure::usage::made_id::{IdOf, fingerprint, kept_id};
use crate::measure::usage::store::{Showing, UsageEvent};
use crate::measure::usage::subject::verbs as subjects;
use crate::measure::usage::ties::Ties;
use crate::measure::usage::{letters, parts, retention, store, told};
use crate::store::Sql;
use crate::trouble::Broken;
use crate::world::World;

/// The largest body that a dead letter keeps.
const N_BYTES_DEAD: usize = 32 * 1024;

/// What became of what was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Events that were not known before.
    pub n_new: u64,
    /// Showings that were not known before.
    pub n_shown: u64,
    /// Things set aside that were not known before.
    pub n_dead: u64,
    /// How much of this letter is set aside, known or not.
    pub n_set_aside: usize,
    /// How much of it is refused and kept nowhere.
    pub n_refused: usize,
    /// Why; the first few reasons.
    pub reasons: Vec<told::Reason>,
}

/// Takes in what `source` sent. When it returns, all of it is on the disk.
pub async fn take_in(
    world: &World,
    source: &str,
    letter: Letter,
    received: Moment,
) -> Result<TakenIn, Broken> {
    if letter.is_empty() {
        return Ok(TakenIn::default());
    }
    let read = world.store().read();
    let gone = retention::store::gone_of(read, source).await?;
    let asked = letter.showings.iter().filter_map(|event| event.wish.person.as_deref());
    let wishes = letter.events.iter().chain(&letter.showings).map(|event| &event.wish);
    let ties = Ties::of(read, wishes, asked).await?;
    let Sorted { used, shown, dead, shapes } = sorted(&ties, &letter, gone);
    let people: BTreeSet<&str> = used
        .iter()
        .chain(&shown)
        .filter_map(|tied| tied.person)
        .chain(dead.iter().filter_map(|dead| dead.person.as_deref()))
        .collect();
    let told = dead.iter().map(|dead| (dead.place, &dead.why, &dead.body));
    let mut taken = TakenIn {
        n_set_aside: dead.len(),
        n_refused: letter.n_refused,
        reasons: told::reasons(&letter, told),
        ..TakenIn::default()
    };

    // Whoever is new is linked in a verb's order, so that nobody is linked twice, nor again after he was let go.
    let (tx, subjects) = match subjects::if_linked(read, &people).await? {
        Some(subjects) => (world.store().begin_ingest().await?, subjects),
        None => {
            let tx = world.store().begin().await?;
            let subjects = subjects::link(world, &tx, &people).await?;
            (tx, subjects)
        }
    };
    let events = used.iter().map(|tied| tied.event(source, received, &subjects)).collect();
    taken.n_new = store::add(&tx, events).await?;
    let showings = shown.iter().filter_map(|tied| tied.showing(source, received, &subjects)).collect();
    taken.n_shown = store::add_showings(&tx, showings).await?;
    let dead = dead.into_iter().map(|dead| dead.letter(source, received, letter.form, &subjects)).collect();
    taken.n_dead = letters::store::add(&tx, dead).await?;
    store::add_shapes(&tx, source, letter.form, &shapes, received).await?;
    world.commit(tx).await?;
    Ok(taken)
}

/// Records events, each with its source, in a transaction that another verb began; all belong to `change` where one is
/// given. The number of those that were not known before.
pub async fn record(
    world: &World,
    sql: &Sql,
    received: Moment,
    wishes: &[(String, UsageWish)],
    change: Option<ChangeId>,
) -> Result<u64, Broken> {
    let ties = Ties::of(sql, wishes.iter().map(|(_, wish)| wish), []).await?;
    let people: BTreeSet<&str> = wishes.iter().filter_map(|(_, wish)| wish.person.as_deref()).collect();
    let subjects = subjects::link(world, sql, &people).await?;
    let events = wishes.iter().map(|(source, wish)| {
        // What names a unit or a change that is not there was refused before.
        let (unit, tied) = ties.tie(wish).unwrap_or_default();
        let tied = Tied { wish, person: wish.person.as_deref(), unit, change: change.or(tied) };
        tied.event(source, received, &subjects)
    });
    store::add(sql, events.collect()).await
}

/// Records events and showings, each with its source, in a transaction that another verb began, except those that
/// cannot be tied: why not, by place.
pub async fn again(
    world: &World,
    sql: &Sql,
    received: Moment,
    meant: &[(&str, &Meant)],
) -> Result<Vec<Result<(), EventRefused>>, Broken> {
    let wishes = meant.iter().filter_map(|(_, meant)| meant.wish());
    let ties = Ties::of(sql, wishes.clone(), []).await?;
    let gone = retention::store::gone(sql).await?;
    let people: BTreeSet<&str> =
        wishes.filter(|wish| wish.subject.is_none()).filter_map(|wish| wish.person.as_deref()).collect();
    let subjects = subjects::link(world, sql, &people).await?;
    let (mut events, mut showings, mut done) = (Vec::new(), Vec::new(), Vec::new());
    for (source, meant) in meant {
        let Some(wish) = meant.wish() else {
            done.push(Ok(()));
            continue;
        };
        let tied = still_counts(wish, gone.get(*source).copied())
            .and_then(|()| ties.tie(wish))
            .map(|(unit, change)| Tied { wish, person: wish.person.as_deref(), unit, change });
        done.push(match (&tied, meant) {
            (Ok(tied), Meant::Shown(_)) => {
                showings.extend(tied.showing(source, received, &subjects));
                Ok(())
            }
            (Ok(tied), _) => {
                events.push(tied.event(source, received, &subjects));
                Ok(())
            }
            (Err(why), _) => Err(why.clone()),
        });
    }
    store::add(sql, events).await?;
    store::add_showings(sql, showings).await?;
    Ok(done)
}

/// An event with what it belongs to.
struct Tied<'a> {
    wish: &'a UsageWish,
    /// Who did it, where a person did.
    person: Option<&'a str>,
    unit: Option<UnitId>,
    change: Option<ChangeId>,
}

/// A letter, sorted.
struct Sorted<'a> {
    used: Vec<Tied<'a>>,
    shown: Vec<Tied<'a>>,
    dead: Vec<SetAside>,
    /// What all of it looks like, with what became of it.
    shapes: BTreeSet<Shape>,
}

/// Something that is set aside, and whom it is about.
struct SetAside {
    why: EventRefused,
    person: Option<String>,
    body: serde_json::Value,
    place: usize,
}

/// Refuses what may have been counted and dropped since: by its sender's clock it happened before `gone`. What he sends a
/// second time with a new time of sending seems to happen now, so that its own time must be looked at.
fn still_counts(wish: &UsageWish, gone: Option<Moment>) -> Result<(), EventRefused> {
    match gone.filter(|before| wish.stamped.is_some_and(|stamped| stamped < *before)) {
        Some(before) => Err(EventRefused::Dropped { before }),
        None => Ok(()),
    }
}

/// What of a letter counts, what is kept apart, and what is set aside, now that it is known what there is here.
///
/// - `gone`: before that moment events of its source may have been dropped.
fn sorted<'a>(ties: &Ties, letter: &'a Letter, gone: Option<Moment>) -> Sorted<'a> {
    let set_aside = |why: EventRefused, body: &serde_json::Value, place: usize| SetAside {
        why,
        person: parts::person(letter.form, body),
        body: body.clone(),
        place,
    };
    let mut noted = Letter { shapes: letter.shapes.clone(), ..Letter::new(letter.form) };
    let mut dead: Vec<SetAside> = Vec::with_capacity(letter.dead.len());
    for Dead { why, body, place } in &letter.dead {
        noted.note(body, Fate::SetAside);
        dead.push(set_aside(why.clone(), body, *place));
    }
    let mut used = Vec::with_capacity(letter.events.len());
    for ReadEvent { wish, body, place } in &letter.events {
        match still_counts(wish, gone).and_then(|()| ties.tie(wish)) {
            Ok((unit, change)) => {
                noted.note(body, Fate::Counted);
                used.push(Tied { wish, person: wish.person.as_deref(), unit, change });
            }
            Err(why) => {
                noted.note(body, Fate::SetAside);
                dead.push(set_aside(why, body, *place));
            }
        }
    }
    // An application evaluates many flags; those that are not ours are passed over.
    let mut shown = Vec::with_capacity(letter.showings.len());
    for ReadEvent { wish, body, .. } in &letter.showings {
        let is_unit = wish.unit.is_none() && wish.person.as_deref().is_some_and(|name| ties.is_unit(name));
        let tied = still_counts(wish, gone).and_then(|()| {
            if is_unit {
                ties.tie(&UsageWish { unit: wish.person.clone(), person: None, ..wish.clone() })
            } else {
                ties.tie(wish)
            }
        });
        noted.note(body, if tied.is_ok() { Fate::Shown } else { Fate::PassedOver });
        if let Ok((unit, change)) = tied {
            let person = if is_unit { None } else { wish.person.as_deref() };
            shown.push(Tied { wish, person, unit, change });
        }
    }
    Sorted { used, shown, dead, shapes: noted.shapes }
}

impl Tied<'_> {
    fn subject(&self, subjects: &BTreeMap<String, String>) -> Option<String> {
        self.wish.subject.clone().or_else(|| subjects.get(self.person?).cloned())
    }

    /// As it is kept.
    fn event(&self, source: &str, received: Moment, subjects: &BTreeMap<String, String>) -> UsageEvent {
        let subject = self.subject(subjects);
        UsageEvent {
            source: source.to_owned(),
            id: kept_id(&self.wish.id, self.wish.id_of, subject.as_deref()),
            received_at: received,
            occurred_at: self.wish.occurred,
            subject,
            unit: self.unit,
            change: self.change,
            event: self.wish.event.clone(),
            value: self.wish.value,
        }
    }

    /// As it is kept, where it is of a change.
    fn showing(
        &self,
        source: &str,
        received: Moment,
        subjects: &BTreeMap<String, String>,
    ) -> Option<Showing> {
        let subject = self.subject(subjects);
        Some(Showing {
            source: source.to_owned(),
            id: kept_id(&self.wish.id, self.wish.id_of, subject.as_deref()),
            received_at: received,
            occurred_at: self.wish.occurred,
            subject,
            unit: self.unit,
            change: self.change?,
            variant: self.wish.event.clone(),
        })
    }
}

impl SetAside {
    /// A dead letter says what was wrong and in what, and nobody's name.
    fn letter(
        mut self,
        source: &str,
        received: Moment,
        form: Form,
        subjects: &BTreeMap<String, String>,
    ) -> DeadLetter {
        let subject = self.person.and_then(|person| subjects.get(&person).cloned());
        let id = kept_id(&fingerprint(form, &self.body), IdOf::Content, subject.as_deref());
        parts::strip(form, &mut self.body, N_BYTES_DEAD);
        DeadLetter {
            source: source.to_owned(),
            id,
            received_at: received,
            kind: self.why.kind(),
            why: form.says(&self.why).replace('\0', " "),
            form,
            subject,
            body: self.body.to_string(),
        }
    }
}
