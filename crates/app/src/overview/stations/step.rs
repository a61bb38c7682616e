//! Where the stations lead: what to do next, and the address of each.

use super::{Counts, Standing};
use crate::overview::figures::Stage;
use crate::web::ring::{Flow, Station};

/// What to do next about `change`: at the first station that is stuck and can be helped, else at the first that waits;
/// an address and the words of a button.
pub fn next_step(stations: &[Standing], counts: &Counts, change: &str) -> Option<(String, &'static str)> {
    let first = |flow| stations.iter().find(|station| station.flow == flow).map(|station| station.stage);
    unstuck(stations, counts, change).or_else(|| step(first(Flow::Waits)?, counts, change))
}

/// What to do at the first station that is stuck and can be helped.
pub fn unstuck(stations: &[Standing], counts: &Counts, change: &str) -> Option<(String, &'static str)> {
    let stuck = stations.iter().filter(|station| station.flow == Flow::Stuck);
    stuck.map(|station| station.stage).find_map(|stage| step(stage, counts, change))
}

fn step(stage: Stage, counts: &Counts, change: &str) -> Option<(String, &'static str)> {
    let wave = counts.wave.as_ref().map_or(1, |wave| wave.n);
    let below = |path: &str| format!("/changes/{change}{path}");
    match stage {
        Stage::Offer if counts.predicted_at.is_none() => Some((below("/prediction"), "Lock the prediction")),
        Stage::Offer => Some((below("/waves/new"), "Announce a wave")),
        Stage::Contend => Some((below(&format!("/waves/{wave}")), "See the wave")),
        Stage::Grant => Some((below(&format!("/waves/{wave}")), "See who gets it")),
        Stage::Prove => Some((below("/evidence"), "Ask the data")),
        Stage::Sustain => Some((format!("/cycles/{}", counts.winning_back?), "Win back what slips")),
        _ => None,
    }
}

/// The stations as the ring shows them: each a link to where its stage stands for this change.
pub fn placed(standings: &[Standing], counts: &Counts, change: &str) -> Vec<Station> {
    let wave = counts.wave.as_ref().map(|wave| wave.n);
    standings
        .iter()
        .map(|standing| Station {
            stage: standing.stage.title().to_owned(),
            href: match (standing.stage, wave) {
                (Stage::Sustain, _) => match counts.winning_back {
                    Some(cycle) => format!("/cycles/{cycle}"),
                    None => Stage::Sustain.href().to_owned(),
                },
                (Stage::Offer, _) => format!("/changes/{change}"),
                (Stage::Contend, Some(n)) => format!("/changes/{change}/waves/{n}"),
                (Stage::Measure, _) => format!("/changes/{change}/uptake"),
                (Stage::Prove, _) => format!("/changes/{change}/evidence"),
                (stage, _) => stage.href().to_owned(),
            },
            figure: standing.figure.clone(),
            says: standing.says.clone(),
            state: standing.flow,
        })
        .collect()
}
