//! The public dates as iCalendar (RFC 5545): those of every wave and the days by which goals are due, for the calendars
//! people have already.
//!
//! A date keeps its UID as long as it exists, so that a file opened twice, or a calendar that is subscribed to, shows it
//! once. Moments are in UTC, which every calendar shows in its reader's own zone. Nothing here is about a person.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use icalendar::{Alarm, Calendar, CalendarDateTime, Component, Event, EventLike, Property, Trigger};
use traction_domain::contend::reminder::N_DAYS_BEFORE;
use traction_domain::id::WaveId;
use traction_domain::time::Moment;

use crate::contend::draw::pages::keep;
use crate::contend::draw::store::{self as draws, Due, Promised};
use crate::contend::wave::standing::drawn_when;
use crate::offer::change::store::Change;
use crate::offer::goal::store::Goal;
use crate::offer::wave::store::Wave;
use crate::offer::{change, goal, wave};
use crate::store::Sql;
use crate::trouble::Broken;
use crate::web::{Failure, Path, counted};
use crate::world::{Settings, World};

/// How often a calendar that is subscribed to should look again.
const LOOK_AGAIN: &str = "PT1H";

/// `GET /calendar.ics`: the dates of all changes.
pub async fn all(State(world): State<World>) -> Result<Response, Failure> {
    let sql = world.store().read();
    let goals = goal::store::all(sql).await?;
    let waves = wave::store::all(sql).await?;
    let published = Published::read(sql).await?;
    let mut calendar = calendar(&world.settings().organisation);
    for change in change::store::all(sql).await? {
        let own = waves.iter().filter(|wave| wave.change == change.id);
        add_dates(&mut calendar, world.settings(), &change, own, &published, &goals);
    }
    Ok(file("traction.ics", &calendar))
}

/// `GET /changes/{change}/calendar.ics`: the dates of one change.
pub async fn of_change(State(world): State<World>, Path(slug): Path<String>) -> Result<Response, Failure> {
    let sql = world.store().read();
    let change = change::verbs::find(sql, &slug).await?;
    let goals: Vec<Goal> = goal::store::one(sql, change.goal).await?.into_iter().collect();
    let waves = wave::store::of_change(sql, change.id).await?;
    let published = Published::read(sql).await?;
    let mut calendar = calendar(&change.name);
    add_dates(&mut calendar, world.settings(), &change, waves.iter(), &published, &goals);
    Ok(file(&format!("{slug}.ics"), &calendar))
}

/// `GET /changes/{change}/waves/{n}/calendar.ics`: the dates of one wave, with an alarm at its opening and before its
/// closing. Calendars that are subscribed to have none: nobody asked them to ring.
pub async fn of_wave(
    State(world): State<World>,
    Path((slug, n)): Path<(String, usize)>,
) -> Result<Response, Failure> {
    let (change, wave) = wave::verbs::find(world.store().read(), &slug, n).await?;
    let published = Published::read(world.store().read()).await?;
    let mut calendar = calendar(&format!("{} (wave {n})", change.name));
    for date in dates(&change, &wave, published.sources(&wave)) {
        let mut event = date.event(world.settings(), &change, &wave, &published);
        let rings_at = date.rings_at.filter(|_| wave.cancelled.is_none());
        if let Some(alarm) = rings_at.and_then(|at| alarm(&date, &wave, at)) {
            event.alarm(alarm);
        }
        calendar.push(event.done());
    }
    Ok(file(&format!("{slug}-wave-{n}.ics"), &calendar))
}

fn calendar(name: &str) -> Calendar {
    let mut calendar = Calendar::empty();
    let version = env!("CARGO_PKG_VERSION");
    calendar.append_property(("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", format!("-//Traction//Traction {version}//EN")));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    calendar.append_property(("METHOD", "PUBLISH"));
    // Readers differ in whether a calendar's own name is escaped, so nothing stands in it that would be.
    calendar.name(&plain(name).replace([',', ';', '\\', '\n'], " "));
    calendar.append_property(
        Property::new("REFRESH-INTERVAL", LOOK_AGAIN).add_parameter("VALUE", "DURATION").done(),
    );
    calendar.append_property(("X-PUBLISHED-TTL", LOOK_AGAIN));
    calendar
}

/// What is published of draws before they are run.
struct Published {
    promised: BTreeMap<WaveId, Promised>,
    sources: BTreeMap<WaveId, Vec<Due>>,
}

impl Published {
    async fn read(sql: &Sql) -> Result<Published, Broken> {
        Ok(Published { promised: draws::promised(sql).await?, sources: draws::due(sql).await? })
    }

    /// The public sources of a wave.
    fn sources(&self, wave: &Wave) -> &[Due] {
        self.sources.get(&wave.id).map_or(&[], Vec::as_slice)
    }
}

/// One date of a wave.
struct Date {
    /// What makes its UID, together with the wave's.
    word: String,
    at: Moment,
    /// Until when what begins then lasts, where it ends; other dates are of a moment.
    until: Option<Moment>,
    summary: String,
    rings_at: Option<Moment>,
}

/// The dates of a wave, in their order, and those of its public sources.
fn dates(change: &Change, wave: &Wave, sources: &[Due]) -> Vec<Date> {
    let of = format!("{}, wave {}", change.name, wave.n);
    let date = |word: &str, at, until, what: &str, rings_at| {
        let summary = match wave.cancelled {
            Some(_) => format!("Cancelled: {what}: {of}"),
            None => format!("{what}: {of}"),
        };
        Date { word: word.to_owned(), at, until, summary, rings_at }
    };
    let before = wave.closes_at.after_days(-N_DAYS_BEFORE).max(wave.opens_at);
    let mut dates = vec![
        date("opens", wave.opens_at, Some(wave.closes_at), "Applications open", Some(wave.opens_at)),
        date("closes", wave.closes_at, None, "Applications close", Some(before)),
        date("starts", wave.starts_at, wave.ends_at, "Slots start", None),
    ];
    dates.extend(wave.ends_at.map(|at| date("ends", at, None, "Slots end", None)));
    dates.extend(sources.iter().filter_map(|source| {
        let what = format!("{} is published, for the draw", source.name);
        Some(date(&format!("source-{}", source.n), source.at?, None, &what, None))
    }));
    dates
}

impl Date {
    /// A calendar is kept by many, outside this server: what the draw promises stands in each of its entries.
    fn event(&self, settings: &Settings, change: &Change, wave: &Wave, published: &Published) -> Event {
        let promised = published.promised.get(&wave.id);
        let url = format!("{}/changes/{}/waves/{}", settings.public_url, change.slug, wave.n);
        let slots = counted(wave.n_slots, "slot", "slots");
        let promise = promised.map(|promised| {
            let list_hash = promised.list_hash.map(|(hash, _)| hash);
            format!("\n{}", keep::line(change.slug.as_str(), wave.n, promised.commitment, list_hash))
        });
        let promise = promise.unwrap_or_default();
        let says = match &wave.cancelled {
            Some(cancelled) => format!("Cancelled: {}\n{url}", cancelled.why),
            None => {
                let draw = drawn_when(published.sources(wave).iter().map(|source| source.name.as_str()));
                let (words, pledge) = (&change.promise, &wave.pledge);
                format!("{slots}. {words}\nWhat a unit pledges: {pledge}\nThe draw: {draw}{promise}\n{url}")
            }
        };
        // A calendar takes a date anew that has a higher number than the one it knows.
        let (status, sequence, stamp) = match &wave.cancelled {
            Some(cancelled) => ("CANCELLED", "1", cancelled.at),
            // What it says is newer once the list's hash stands in it.
            None => {
                let frozen = promised.and_then(|promised| promised.list_hash).map(|(_, at)| at);
                ("CONFIRMED", "0", frozen.unwrap_or(wave.announced_at))
            }
        };
        let mut event = Event::new();
        if let Some(until) = self.until {
            event.add_property("DTEND", utc(until));
        }
        event
            .add_property("UID", self.uid(wave))
            .add_property("DTSTAMP", utc(stamp))
            .add_property("SEQUENCE", sequence)
            .add_property("STATUS", status)
            .add_property("DTSTART", utc(self.at))
            .summary(&plain(&self.summary))
            .description(&plain(&says))
            .url(&url)
            .add_property("TRANSP", "TRANSPARENT")
            .done()
    }

    fn uid(&self, wave: &Wave) -> String {
        format!("{}.{}@traction", wave.id, self.word)
    }
}

/// The alarm of a date. Its UID and stamp are fixed, so that the same dates are the same bytes.
fn alarm(date: &Date, wave: &Wave, rings_at: Moment) -> Option<Alarm> {
    let trigger = Trigger::from(utc(rings_at).parse::<CalendarDateTime>().ok()?);
    let alarm = Alarm::display(&plain(&date.summary), trigger)
        .add_property("UID", format!("alarm.{}", date.uid(wave)))
        .add_property("DTSTAMP", utc(wave.announced_at))
        .done();
    Some(alarm)
}

fn add_dates<'a>(
    calendar: &mut Calendar,
    settings: &Settings,
    change: &Change,
    waves: impl Iterator<Item = &'a Wave>,
    published: &Published,
    goals: &[Goal],
) {
    for wave in waves {
        let dates = dates(change, wave, published.sources(wave));
        calendar.extend(dates.iter().map(|date| date.event(settings, change, wave, published)));
    }
    let goal = goals.iter().find(|goal| goal.id == change.goal);
    if let Some((goal, due)) = goal.and_then(|goal| Some((goal, goal.due_at?))) {
        let day = due.timestamp().to_zoned(settings.zone.clone()).strftime("%Y%m%d").to_string();
        let url = format!("{}/changes/{}/gap", settings.public_url, change.slug);
        let event = Event::new()
            .add_property("UID", format!("{}.due.{}@traction", goal.id, change.id))
            .add_property("DTSTAMP", utc(change.opened_at))
            .append_property(Property::new("DTSTART", day).add_parameter("VALUE", "DATE").done())
            .summary(&plain(&format!("Goal due: {}, by {}", goal.title, change.name)))
            .url(&url)
            .add_property("TRANSP", "TRANSPARENT")
            .done();
        calendar.push(event);
    }
}

/// A moment as iCalendar writes it in UTC.
fn utc(at: Moment) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as a calendar can hold it: lines end in one way, and nothing else in it is a control character. Commas,
/// semicolons and backslashes are escaped by the writer.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|letter| if letter.is_control() && letter != '\n' { ' ' } else { letter })
        .collect()
}

fn file(name: &str, calendar: &Calendar) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
        (CACHE_CONTROL, "public, max-age=300".to_owned()),
    ];
    (headers, calendar.to_string()).into_response()
}
