//! What a request to one of the doors held, whichever language it was written in: events to be counted, showings to be
//! kept apart, and what cannot be counted, with its reason.
//!
//! Reads values, not requests; knows neither clock nor database.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde_json::Value;
use traction_domain::measure::usage::EventRefused;
use traction_domain::time::Moment;

use crate::measure::usage::made_id::IdOf;
use crate::measure::usage::parts::shape;
use crate::measure::usage::{cloud_event, otlp, segment};

/// So many different shapes are noted of one letter.
const N_SHAPES: usize = 20;

/// Of so many things that are kept nowhere it is known why.
const N_REFUSED: usize = 20;

/// The language that an event is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Segment's Track call, as RudderStack's clients send it too.
    #[default]
    Segment,
    /// CloudEvents.
    CloudEvent,
    /// A log record of OpenTelemetry.
    LogRecord,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Segment => "segment",
            Form::CloudEvent => "cloudevent",
            Form::LogRecord => "otlp",
        })
    }
}

impl FromStr for Form {
    type Err = ();

    fn from_str(word: &str) -> Result<Form, ()> {
        match word {
            "segment" => Ok(Form::Segment),
            "cloudevent" => Ok(Form::CloudEvent),
            "otlp" => Ok(Form::LogRecord),
            _ => Err(()),
        }
    }
}

impl Form {
    /// Why an event is set aside, with how its language writes what it lacks.
    pub fn says(self, why: &EventRefused) -> String {
        match self.writes(why) {
            Some(how) => format!("{why}: {how}"),
            None => why.to_string(),
        }
    }

    fn writes(self, lacks: &EventRefused) -> Option<&'static str> {
        Some(match (self, lacks) {
            (Form::Segment, EventRefused::NoId) => "`messageId`",
            (Form::Segment, EventRefused::NoName) => "`event`",
            (Form::Segment, EventRefused::Nobody) => "`userId` or `anonymousId`, or `properties.unit`",
            (Form::CloudEvent, EventRefused::NoId) => "`id`",
            (Form::CloudEvent, EventRefused::NoName) => "`type`",
            (Form::CloudEvent, EventRefused::Nobody) => {
                "`userId` or `targetingKey` in the data, or the attribute `userid`; or `unit`"
            }
            (Form::LogRecord, EventRefused::NoId) => "the attribute `log.record.uid`",
            (Form::LogRecord, EventRefused::NoName) => "the record's event name",
            (Form::LogRecord, EventRefused::Nobody) => {
                "the attribute `user.id` (of an evaluation, `feature_flag.context.id`), or `traction.unit`"
            }
            _ => return None,
        })
    }
}

/// An event as a client sent it, read.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageWish {
    /// Its id, under which it counts once.
    pub id: String,
    /// From where it has its id.
    pub id_of: IdOf,
    /// What was done; of a showing, the variant.
    pub event: String,
    /// Who did it, as the real system knows him.
    pub person: Option<String>,
    /// The subject under which he is kept, where that is known already.
    pub subject: Option<String>,
    /// The short name of the unit, where the event says so.
    pub unit: Option<String>,
    /// The change's short name or flag, where the event says so.
    pub change: Option<String>,
    /// A number that goes with it.
    pub value: Option<f64>,
    /// When it happened.
    pub occurred: Moment,
    /// When, by the clock of whoever sent it; `None` where he gives no time.
    pub stamped: Option<Moment>,
}

/// What an event turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Meant {
    /// Use: it counts.
    Used(UsageWish),
    /// A showing: kept, apart from use.
    Shown(UsageWish),
    /// Nothing that is kept here.
    Nothing,
}

impl Meant {
    /// What is to be kept, where anything is.
    pub fn wish(&self) -> Option<&UsageWish> {
        match self {
            Meant::Used(wish) | Meant::Shown(wish) => Some(wish),
            Meant::Nothing => None,
        }
    }
}

/// An event that was read, and what it was read from.
#[derive(Clone, Debug)]
pub struct ReadEvent {
    /// The event.
    pub wish: UsageWish,
    /// As it came.
    pub body: Value,
    /// Its place in the request, from 1.
    pub place: usize,
}

/// Something that cannot be counted.
#[derive(Clone, Debug)]
pub struct Dead {
    /// Why it cannot be counted.
    pub why: EventRefused,
    /// What was sent.
    pub body: Value,
    /// Its place in the request, from 1.
    pub place: usize,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Counted as use.
    Counted,
    /// Kept as a showing.
    Shown,
    /// Says nothing about use.
    PassedOver,
    /// A dead letter.
    SetAside,
}

impl Fate {
    /// All of them.
    const ALL: [Fate; 4] = [Fate::Counted, Fate::Shown, Fate::PassedOver, Fate::SetAside];

    /// The fate of this word.
    pub fn of_word(word: &str) -> Option<Fate> {
        Fate::ALL.into_iter().find(|fate| fate.word() == word)
    }

    /// Its word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Fate::Counted => "counted",
            Fate::Shown => "shown",
            Fate::PassedOver => "passed-over",
            Fate::SetAside => "set-aside",
        }
    }
}

/// What events of a kind look like: names, never values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    /// The event's name, or the kind of call.
    pub event: String,
    /// What became of it.
    pub fate: Fate,
    /// The names of its parts, with commas between.
    pub parts: String,
}

/// What a request held.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// Its language.
    pub form: Form,
    /// Events to be counted.
    pub events: Vec<ReadEvent>,
    /// Showings to be kept apart.
    pub showings: Vec<ReadEvent>,
    /// What cannot be counted, and why.
    pub dead: Vec<Dead>,
    /// So much besides was refused and is kept nowhere, since nothing of it could be mended into use.
    pub n_refused: usize,
    /// Why; of the first few.
    pub refused: Vec<Dead>,
    /// How much of the request was looked at.
    pub n_items: usize,
    /// What all of it looks like.
    pub shapes: BTreeSet<Shape>,
}

impl Letter {
    /// An empty one.
    pub fn new(form: Form) -> Letter {
        Letter { form, ..Letter::default() }
    }

    /// Events that were read elsewhere and are known to be right.
    pub fn of(wishes: Vec<UsageWish>) -> Letter {
        let events = wishes.into_iter().map(|wish| ReadEvent { wish, body: Value::Null, place: 0 }).collect();
        Letter { events, ..Letter::default() }
    }

    /// Puts an event where it belongs.
    pub fn add(&mut self, read: Result<Meant, EventRefused>, body: Value) {
        self.n_items += 1;
        let place = self.n_items;
        match read {
            Ok(Meant::Used(wish)) => self.events.push(ReadEvent { wish, body, place }),
            Ok(Meant::Shown(wish)) => self.showings.push(ReadEvent { wish, body, place }),
            Ok(Meant::Nothing) => self.note(&body, Fate::PassedOver),
            Err(why) => self.dead.push(Dead { why, body, place }),
        }
    }

    /// Goes past something that says nothing.
    pub fn skip(&mut self) {
        self.n_items += 1;
    }

    /// Refuses something that is kept nowhere.
    pub fn refuse(&mut self, why: EventRefused) {
        self.n_items += 1;
        self.n_refused += 1;
        if self.refused.len() < N_REFUSED {
            self.refused.push(Dead { why, body: Value::Null, place: self.n_items });
        }
    }

    /// Notes what an event looks like, and what became of it.
    pub fn note(&mut self, body: &Value, fate: Fate) {
        if self.shapes.len() < N_SHAPES {
            self.shapes.insert(shape(self.form, body, fate));
        }
    }

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        let n = self.events.len() + self.showings.len() + self.dead.len() + self.n_refused;
        n == 0 && self.shapes.is_empty()
    }
}

/// Reads one event of any form.
pub fn read(form: Form, body: &Value, received: Moment) -> Result<Meant, EventRefused> {
    match form {
        Form::Segment => segment::read(body, None, received),
        Form::CloudEvent => cloud_event::read(body, received),
        Form::LogRecord => otlp::read(body, received),
    }
}
