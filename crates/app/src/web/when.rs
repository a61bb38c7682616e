//! Moments as people read them: relative in the text, exact with zone on hover and in print.

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
    let local = at.timestamp().to_zoned(view.zone().clone());
    html! { time datetime=(at) title=(exact(at, view.zone())) { (local.strftime("%-d %b %Y")) } }
}

/// A moment with zone, as in "Sun 22 Nov 2026, 09:30 UTC".
pub fn exact(at: Moment, zone: &TimeZone) -> String {
    at.timestamp().to_zoned(zone.clone()).strftime("%a %-d %b %Y, %H:%M %Z").to_string()
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
        -59..=59 => "just now".into(),
        60.. => format!("in {span}"),
        _ => format!("{span} ago"),
    }
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
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_the_largest_unit_of_which_there_are_two() {
        #[track_caller]
        fn check(seconds: i64, words: &str) {
            let now: Moment = "2026-11-22T09:30:00Z".parse().unwrap();
            let at = now.after(jiff::SignedDuration::from_secs(seconds));
            assert_eq!(in_words(at, now), words);
        }
        check(0, "just now");
        check(90, "in 1 minute");
        check(-3_600, "60 minutes ago");
        check(14 * 3_600, "in 14 hours");
        check(47 * 3_600, "in 47 hours");
        check(-10 * 86_400, "10 days ago");
        check(-80 * 86_400, "2 months ago");
    }
}
