//! The loop as one picture: nine stations in a ring, each a link with its live figure, and where the flow is stuck.
//!
//! The ring is an ordered list that the stylesheet bends into a ring where there is room; on a phone, in print and
//! for a screen reader it stays the list. What flows and what is stuck comes from the caller.

use maud::{Markup, html};

/// One station of the loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// The stage's name: "Contend".
    pub stage: String,
    /// Where the stage's page is.
    pub href: String,
    /// Its one live figure: "11 contenders".
    pub figure: String,
    /// What that means, in one short sentence.
    pub says: String,
    /// Whether anything moves here.
    pub state: Flow,
}

/// Whether anything moves at a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Things come in and go on.
    Flows,
    /// Its time has not come: it waits for a date, or for the station before.
    Waits,
    /// Things come in and do not go on.
    Stuck,
    /// Nothing has come here yet.
    Quiet,
}

impl Flow {
    fn class(self) -> &'static str {
        match self {
            Self::Flows => "flows",
            Self::Waits => "waits",
            Self::Stuck => "stuck",
            Self::Quiet => "still",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Flows => "flows",
            Self::Waits => "waits",
            Self::Stuck => "stuck here",
            Self::Quiet => "nothing yet",
        }
    }

    /// A shape beside the word, so that the state shows without colour.
    fn sign(self) -> &'static str {
        match self {
            Self::Flows => "\u{25CF}",
            Self::Waits => "\u{25D0}",
            Self::Stuck => "\u{25A0}",
            Self::Quiet => "\u{25CB}",
        }
    }
}

/// The loop of one change, in the loop's order.
pub fn ring(stations: &[Station]) -> Markup {
    html! {
        div class="ring" {
            p class="ring-state" { (state(stations)) }
            (arcs(stations))
            ol {
                @for station in stations {
                    li class=(station.state.class()) {
                        a href=(station.href) {
                            span class="stage" { (station.stage) }
                            span class="figure" { (station.figure) }
                            span class="says" { (station.says) }
                            span class="flow" {
                                span aria-hidden="true" { (station.state.sign()) } " " (station.state.word())
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The sentence in the ring's middle.
fn state(stations: &[Station]) -> String {
    let named = |state: Flow| -> Vec<&str> {
        stations
            .iter()
            .filter(|station| station.state == state)
            .map(|station| station.stage.as_str())
            .collect()
    };
    let stuck = named(Flow::Stuck);
    let flows = named(Flow::Flows);
    match (stuck.as_slice(), flows.len()) {
        ([], 0) => "Nothing moves yet".to_owned(),
        ([], _) => "The loop flows".to_owned(),
        ([one], _) => format!("Stuck at {one}"),
        ([first @ .., last], _) => format!("Stuck at {} and {last}", first.join(", ")),
    }
}

/// The arrows from station to station; they repeat what the words say, so screen readers pass over them.
fn arcs(stations: &[Station]) -> Markup {
    let turn = std::f64::consts::TAU / stations.len().max(1) as f64;
    let place = |angle: f64| (100.0 + 82.0 * angle.sin(), 72.0 - 57.0 * angle.cos());
    html! {
        svg viewBox="0 0 200 144" aria-hidden="true" focusable="false" {
            @for (at, station) in stations.iter().enumerate() {
                @let angle = turn * at as f64;
                @let (x, y) = place(angle);
                @let (to_x, to_y) = place(angle + turn);
                path class=(station.state.class())
                    d=(format!("M{x:.1} {y:.1}A82 57 0 0 1 {to_x:.1} {to_y:.1}")) {}
                @if station.state != Flow::Quiet {
                    @let (tip_x, tip_y) = place(angle + turn * 0.5);
                    // The ellipse's tangent there, so that the arrow points along the way.
                    @let way = (57.0 * (angle + turn * 0.5).sin()).atan2(82.0 * (angle + turn * 0.5).cos());
                    path class=(format!("tip {}", station.state.class())) d="M-2.2-2.2L2.2 0L-2.2 2.2Z"
                        transform=(format!("translate({tip_x:.1} {tip_y:.1})rotate({:.0})", way.to_degrees())) {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn station(stage: &str, state: Flow) -> Station {
        Station {
            stage: stage.to_owned(),
            href: format!("/changes/huddle/{}", stage.to_lowercase()),
            figure: "4 <open>".to_owned(),
            says: "Four contend.".to_owned(),
            state,
        }
    }

    #[test]
    fn every_station_is_a_link_and_its_figure_is_escaped() {
        let page = ring(&[station("Sense", Flow::Flows), station("Offer", Flow::Quiet)]).into_string();
        assert!(page.contains(r#"<a href="/changes/huddle/sense">"#), "{page}");
        assert!(page.contains("4 &lt;open&gt;"), "{page}");
        assert!(!page.contains("4 <open>"), "{page}");
    }

    #[test]
    fn being_stuck_is_said_in_words_and_not_only_in_colour() {
        let page = ring(&[station("Sense", Flow::Flows), station("Contend", Flow::Stuck)]).into_string();
        assert!(page.contains("Stuck at Contend"), "{page}");
        assert!(page.contains("stuck here"), "{page}");
    }

    #[test]
    fn several_places_that_are_stuck_are_all_named() {
        let stations = [
            station("Sense", Flow::Stuck),
            station("Offer", Flow::Stuck),
            station("Grant", Flow::Stuck),
            station("Cycle", Flow::Flows),
        ];
        assert_eq!(state(&stations), "Stuck at Sense, Offer and Grant");
        assert_eq!(state(&stations[3..]), "The loop flows");
        assert_eq!(state(&[]), "Nothing moves yet");
    }
}
