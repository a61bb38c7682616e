//! Moments as people read them: relative in the text, exact with zone on hover and in print.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use traction_domain::time::Moment;

use crate::web::View;

/// A moment in words relative to the look, with the exact one behind it.
pub fn relative(view: &View, at: Moment) -> Markup {
    html! { time.relative datetime=(at) title=(exact(at, view.zone())) { (in_words(at, view.now)) } }
}

/// A date as in "22 Nov 2026", with the exact moment behind it.
pub fn date(view: &View, at: Moment) -> Markup {
    html! { time datetime=(at) title=(exact(at, view.zone())) { (day(at, view.zone())) } }
}

/// The day of a moment, as in "22 Nov 2026".
pub fn day(at: Moment, zone: &TimeZone) -> String {
    of_day(at.timestamp().to_zoned(zone.clone()).date())
}

/// The name of a period as it is read: a date as in "22 Nov 2026"; whatever is no date stays as it is.
pub fn period(written: &str) -> String {
    let is_date = written.len() == 10 && written.as_bytes()[4] == b'-';
    let date = is_date.then(|| written.parse::<Date>().ok()).flatten();
    date.map_or_else(|| written.to_owned(), of_day)
}

/// A date, as in "22 Nov 2026".
pub fn of_day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// A moment with zone, as in "Sun 22 Nov 2026, 09:30 UTC".
pub fn exact(at: Moment, zone: &TimeZone) -> String {
    at.timestamp().to_zoned(zone.clone()).strftime("%a %-d %b %Y, %H:%M %Z").to_string()
}

/// A countdown to `at` in words, as it stands when the page is made: "4 days, 1 hour". The page's module counts on,
/// where there is one.
pub fn left(view: &View, at: Moment) -> Markup {
    let n_minutes = n_minutes_until(at, view.now);
    html! { time.left datetime=(at) title=(exact(at, view.zone())) data-m=(n_minutes) { (left_in_words(n_minutes)) } }
}

/// The name of the zone in which a page's times are.
pub fn zone_name(view: &View) -> String {
    match view.zone().iana_name() {
        Some("UTC") | None => "UTC, universal time".into(),
        Some(name) => name.replace('_', " "),
    }
}

/// A sentence of the core, with each moment that it tells in UTC said in `zone`, as pages say them.
pub fn retold(sentence: &str, zone: &TimeZone) -> String {
    if zone.iana_name() == Some("UTC") {
        return sentence.to_owned();
    }
    let mut told = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once(UTC) {
        match moment_at_the_end(before) {
            Some((start, at)) => {
                told.push_str(&before[..start]);
                told.push_str(&at.to_zoned(zone.clone()).strftime("%-d %B %Y, %H:%M %Z").to_string());
            }
            None => told.extend([before, UTC]),
        }
        rest = after;
    }
    told + rest
}

const UTC: &str = " UTC";

/// The moment that a text ends with, as in "30 November 2026, 17:00", and where it begins.
fn moment_at_the_end(text: &str) -> Option<(usize, jiff::Timestamp)> {
    let (start, _) = text.rmatch_indices(' ').nth(3).map_or((0, ""), |(at, blank)| (at + blank.len(), blank));
    let told = DateTime::strptime("%d %B %Y, %H:%M", text.get(start..)?).ok()?;
    Some((start, told.to_zoned(TimeZone::UTC).ok()?.timestamp()))
}

/// As `<input type="datetime-local">` takes it.
pub fn typed(at: Moment, zone: &TimeZone) -> String {
    at.timestamp().to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// "in 14 hours", "3 days ago", "just now".
pub fn in_words(at: Moment, now: Moment) -> String {
    let seconds = at.since(now).as_secs();
    let span = span_in_words(seconds.unsigned_abs());
    match seconds {
        -59..=0 => "just now".into(),
        1..=59 => "in less than a minute".into(),
        60.. => format!("in {span}"),
        _ => format!("{span} ago"),
    }
}

fn n_minutes_until(at: Moment, now: Moment) -> u64 {
    u64::try_from(at.since(now).as_secs()).unwrap_or(0) / 60
}

/// So many minutes in their two largest units: "4 days, 1 hour", "14 hours, 5 minutes", "1 minute".
fn left_in_words(minutes: u64) -> String {
    let parts = [(minutes / 1_440, "day"), (minutes / 60 % 24, "hour"), (minutes % 60, "minute")];
    let told = |(n, word): &(u64, &str)| format!("{n} {word}{}", if *n == 1 { "" } else { "s" });
    let first = parts.iter().position(|(n, _)| *n > 0).unwrap_or(2);
    let told: Vec<String> = parts[first..]
        .iter()
        .take(2)
        .filter(|(n, word)| *n > 0 || (*word == "minute" && first == 2))
        .map(told)
        .collect();
    told.join(", ")
}

/// A span in the largest unit of which there are two or more: "90 minutes", "36 hours", "3 weeks".
fn span_in_words(seconds: u64) -> String {
    const UNITS: [(u64, &str); 6] = [
        (31_557_600, "year"),
        (2_629_800, "month"),
        (604_800, "week"),
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
    ];
    for (length, word) in UNITS {
        let n = seconds / length;
        if n >= 2 || (n == 1 && length == 60) {
            return if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") };
        }
    }
    "1 minute".into()
}

#[cfg(test)]
mod tests;
