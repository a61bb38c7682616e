//! Showcases: an evidence record with its story, published. Results without effect and bad ones are as welcome as good ones.
//!
//! A showcase is frozen with its evidence record; taking it down is a fact of its own. It does not find the numbers,
//! and it does not know how it is shown.

use crate::id::{ShowcaseId, UnitId};
use crate::prove::{Doubted, Kind};
use crate::publish::consent::Consent;
use crate::refusal::{self, Refusal, TextRefused};
use crate::time::Moment;

/// Most quotes that a showcase carries.
const N_QUOTES: usize = 5;

/// What a showcase is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The change in all units that took part; no unit by itself.
    Change,
    /// One unit's own story and figures.
    Unit(UnitId),
}

/// From when a showcase is to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// At once.
    Now,
    /// When the waves that run now have ended, so that reading it changes nothing in the units still compared.
    AfterWaves,
}

/// What is written to publish a showcase.
#[derive(Clone, Copy, Debug)]
pub struct ShowcaseWish<'a> {
    /// Its title, which states the finding.
    pub title: &'a str,
    /// The story behind the numbers.
    pub story: &'a str,
    /// What people said, one quote a line; may be empty.
    pub quotes: &'a str,
    /// From when it is to be seen.
    pub release: Release,
}

/// A wave of the change whose slots have started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Which wave of its change, from 1.
    pub n: u32,
    /// When its slots end; `None` when no end is set.
    pub ends: Option<Moment>,
}

/// What a showcase would stand on.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground<'a> {
    /// The verdict's kind.
    pub kind: Kind,
    /// What it is about.
    pub subject: Subject,
    /// What the unit has said, where it is about one.
    pub consent: Option<Consent>,
    /// The showcase of the same evidence and subject that is published, if there is one.
    pub live: Option<ShowcaseId>,
    /// The waves that run now.
    pub running: &'a [Running],
}

/// A showcase as it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowcasePublished {
    /// Its title.
    pub title: String,
    /// Its story.
    pub story: String,
    /// What people said.
    pub quotes: Vec<String>,
    /// Until when it is held back; `None` when it is seen at once.
    pub held_until: Option<Moment>,
}

/// Why a showcase was not published, or not taken down.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShowcaseRefused {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// Nothing was claimed.
    #[error(
        "this record makes no claim, so it cannot be published as one; it says what is missing: get that, and prove again"
    )]
    NoClaim,
    /// The unit has not agreed.
    #[error(
        "the lead of {unit} has not agreed to have its own story or figures shown; ask, or publish the change as a whole"
    )]
    NoConsent {
        /// The unit's name.
        unit: String,
    },
    /// It is there.
    #[error("this result is published already; take that showcase down first if you want to tell it anew")]
    PublishedAlready {
        /// The showcase.
        showcase: ShowcaseId,
    },
    /// Nothing runs.
    #[error("no wave of this change runs now, so nothing could be disturbed; publish it at once")]
    NoWaveRuns,
    /// A wave without end.
    #[error(
        "wave {n} has no end yet, so nobody could say when to show this; end the wave first, or publish at once"
    )]
    NoEnd {
        /// Which wave.
        n: u32,
    },
    /// Too many voices.
    #[error("{n} quotes are more than are read; keep the best {N_QUOTES}, one a line")]
    TooManyQuotes {
        /// How many.
        n: usize,
    },
    /// It was taken down before.
    #[error("this showcase was taken down already")]
    DownAlready,
}

impl Refusal for ShowcaseRefused {
    fn field(&self) -> Option<&'static str> {
        match self {
            ShowcaseRefused::Text(text) => text.field(),
            ShowcaseRefused::NoConsent { .. } => Some("unit"),
            ShowcaseRefused::NoWaveRuns | ShowcaseRefused::NoEnd { .. } => Some("release"),
            ShowcaseRefused::TooManyQuotes { .. } => Some("quotes"),
            ShowcaseRefused::NoClaim
            | ShowcaseRefused::PublishedAlready { .. }
            | ShowcaseRefused::DownAlready => None,
        }
    }
}

/// The showcase, when it can be published; `unit` is the name of the unit it is about, if it is about one.
pub fn publish(
    ground: &Ground,
    wish: &ShowcaseWish,
    unit: &str,
) -> Result<ShowcasePublished, ShowcaseRefused> {
    if ground.kind == Kind::Refused {
        return Err(ShowcaseRefused::NoClaim);
    }
    if ground.subject != Subject::Change && ground.consent != Some(Consent::Given) {
        return Err(ShowcaseRefused::NoConsent { unit: unit.to_owned() });
    }
    if let Some(showcase) = ground.live {
        return Err(ShowcaseRefused::PublishedAlready { showcase });
    }
    Ok(ShowcasePublished {
        title: refusal::text(wish.title, "title", "the title", 140)?,
        story: refusal::text(wish.story, "story", "the story", 4_000)?,
        quotes: quotes(wish.quotes)?,
        held_until: held_until(wish.release, ground.running)?,
    })
}

fn quotes(lines: &str) -> Result<Vec<String>, ShowcaseRefused> {
    let quotes = lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| refusal::text(line, "quotes", "a quote", 300))
        .collect::<Result<Vec<String>, TextRefused>>()?;
    if quotes.len() > N_QUOTES {
        return Err(ShowcaseRefused::TooManyQuotes { n: quotes.len() });
    }
    Ok(quotes)
}

fn held_until(release: Release, running: &[Running]) -> Result<Option<Moment>, ShowcaseRefused> {
    if release == Release::Now {
        return Ok(None);
    }
    let mut last = None;
    for wave in running {
        let ends = wave.ends.ok_or(ShowcaseRefused::NoEnd { n: wave.n })?;
        last = last.max(Some(ends));
    }
    last.map(Some).ok_or(ShowcaseRefused::NoWaveRuns)
}

/// Whether a showcase can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not yet.
    Held {
        /// From then on.
        until: Moment,
    },
    /// It can.
    Shown {
        /// Since then.
        since: Moment,
    },
    /// No longer.
    Down {
        /// Since then.
        at: Moment,
    },
}

/// How a showcase stands at `now`.
pub fn standing(
    published: Moment,
    held_until: Option<Moment>,
    down: Option<Moment>,
    now: Moment,
) -> Standing {
    let since = held_until.map_or(published, |until| until.max(published));
    match down {
        Some(at) => Standing::Down { at },
        None if now < since => Standing::Held { until: since },
        None => Standing::Shown { since },
    }
}

/// A verdict in a few words, for a card on the board.
pub fn in_short(kind: Kind, doubted: Doubted) -> String {
    match kind {
        Kind::Works => doubted.words("it works", "it seems to work"),
        Kind::Harms => doubted.words("it did harm", "it seems to have done harm"),
        Kind::NoWorthwhileEffect => doubted.words("no worthwhile effect", "no worthwhile effect to be seen"),
        Kind::CannotTell => "cannot be told yet".to_owned(),
        Kind::Refused => "no claim".to_owned(),
    }
}
