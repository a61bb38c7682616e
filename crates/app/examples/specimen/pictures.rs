//! A picture of each kind, of made-up numbers.

use traction::web::charts::{
    Axis, Chart, Control, DrawPicture, Entry, Estimate, EventStudy, Forest, Interval, Phase, Place, Pole,
    Ranked, Ranking, Readiness, Reading, Series, Signal, TensionMap, Tone, UnitEffect, UnitReadiness, Uptake,
};

fn estimate(value: f64, half: f64) -> Estimate {
    Estimate { value, interval: Some(Interval { low: value - half, high: value + half }) }
}

/// One of each kind.
pub fn all() -> Vec<Chart> {
    vec![event_study(), control(), uptake(), tension(), draw(), readiness(), ranking(), forest()]
}

fn event_study() -> Chart {
    let values = [0.2, -0.1, 0.15, -0.05, 0.0, -0.7, -1.1, -1.5, -1.4, -1.6, -1.3];
    EventStudy {
        x: Axis::number("Months since the start"),
        y: Axis::number("Effect on sickness absence, days a month"),
        effects: values
            .iter()
            .enumerate()
            .map(|(at, value)| (at as i32 - 5, estimate(*value, 0.4 + 0.05 * at as f64)))
            .collect(),
        worth: Some(-0.5),
        truth: Some(-1.4),
    }
    .chart("Absence fell by 1.4 days a month within three months of the start")
}

fn control() -> Chart {
    let values = [
        9.1, 8.4, 9.6, 8.8, 9.3, 8.7, 9.0, 9.4, 7.9, 6.4, 5.2, 5.6, 4.9, 5.3, 5.0, 5.5, 5.1, 4.8, 5.2, 5.7,
        6.3, 7.4, 7.9, 7.6, 8.2,
    ];
    Control {
        x: Axis::periods(
            "Month",
            (0..values.len())
                .map(|at| {
                    format!(
                        "{} {}",
                        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
                            [at % 12],
                        24 + at / 12
                    )
                })
                .collect(),
        ),
        y: Axis::number("Sickness absence, days a month"),
        readings: values
            .iter()
            .enumerate()
            .map(|(at, value)| Reading {
                value: Some(*value),
                signal: if at >= 21 { Signal::Concern } else { Signal::Common },
            })
            .collect(),
        phases: vec![
            Phase { name: "before".into(), places: (0, 7), centre: 9.04, limits: Some((7.4, 10.6)) },
            Phase { name: "with support".into(), places: (10, 17), centre: 5.18, limits: Some((4.2, 6.1)) },
        ],
        half_way: Some(7.11),
        hand_over: Some(18),
        target: Some(4.0),
    }
    .chart("Ward 3A is slipping back: four of the last four months past half-way")
}

fn uptake() -> Chart {
    let curve = |top: f64, from: usize| -> Vec<Option<f64>> {
        (0..26)
            .map(|week| {
                (week >= from).then(|| top / (1.0 + (-(week as f64 - from as f64 - 6.0) / 2.5).exp()))
            })
            .collect()
    };
    Uptake {
        x: Axis::periods("Week", (1..=26).map(|week| format!("W{week}")).collect()),
        y: Axis::share("Members active in the week"),
        series: vec![
            Series { name: "Ward 3A".into(), shares: curve(0.82, 3) },
            Series { name: "units with a slot".into(), shares: curve(0.61, 3) },
        ],
        start: Some(3),
        n_counted: None,
        beside: vec![],
    }
    .chart("Eight in ten of Ward 3A use the huddle each week")
}

fn tension() -> Chart {
    let left: Vec<Option<f64>> =
        (0..20).map(|at| Some(14.0 + 0.3 * f64::from(at) + 0.4 * f64::from(at % 3))).collect();
    let right: Vec<Option<f64>> = (0..20)
        .map(|at| Some(0.9 - 0.02 * f64::from(at) + if at > 14 { 0.035 * f64::from(at - 14) } else { 0.0 }))
        .collect();
    TensionMap {
        x: Axis::periods("Week", (1..=20).map(|week| format!("W{week}")).collect()),
        poles: [
            Pole {
                name: "Throughput".into(),
                metric: Axis::number("discharges before noon, a week"),
                floor: 12.0,
                healthy: 20.0,
                levels: left,
                momentum: Some("gaining".into()),
            },
            Pole {
                name: "Time with patients".into(),
                metric: Axis::share("share of the shift"),
                floor: 0.6,
                healthy: 0.85,
                levels: right,
                momentum: Some("losing".into()),
            },
        ],
        rocks: vec![(14, "rocked to time with patients".into())],
    }
    .chart("Throughput gains while time with patients nears its early warning")
}

fn draw() -> Chart {
    let entry = |number: u32, unit: &str, band: i64, layer: i64, place: Place, probability: f64| Entry {
        number,
        unit: unit.to_owned(),
        band,
        layer,
        place,
        probability,
    };
    DrawPicture {
        slots: 5,
        entries: vec![
            entry(9, "St Anne, Maternity", 2, 0, Place::Protected, 1.0),
            entry(4, "Northgate, Ward 3A", 1, 0, Place::Granted, 1.0),
            entry(7, "Northgate, Ward 7", 1, 0, Place::Granted, 1.0),
            entry(1, "Eastfield, Ward 2", 1, 1, Place::Granted, 1.0 / 3.0),
            entry(11, "Southbank, Theatre 4", 1, 1, Place::Granted, 1.0 / 3.0),
            entry(2, "Eastfield, Ward 5", 1, 1, Place::Waiting, 1.0 / 3.0),
            entry(10, "St Anne, Ward 12", 1, 1, Place::Waiting, 1.0 / 3.0),
            entry(3, "Eastfield, Ward 9", 1, 1, Place::Withdrawn, 0.0),
            entry(6, "Northgate, Ward 5", 1, 1, Place::Waiting, 1.0 / 3.0),
            entry(8, "Southbank, Ward 1", 1, 1, Place::Waiting, 1.0 / 3.0),
            entry(5, "Northgate, Ward 4", 2, 0, Place::Waiting, 0.0),
        ],
    }
    .chart("Five of eleven got a slot; the lot chose two of six in band 1, layer 1")
}

fn readiness() -> Chart {
    let units = [
        ("Ward 3A", 4.3, 4.1),
        ("Ward 7", 4.0, 3.7),
        ("Ward 2", 3.8, 2.6),
        ("Theatre 4", 2.4, 4.2),
        ("Maternity", 3.6, 3.9),
        ("Ward 5", 3.1, 3.2),
        ("Ward 9", 2.2, 2.5),
        ("Ward 12", 4.6, 3.4),
        ("Ward 1", 3.9, 3.8),
    ];
    Readiness {
        units: units
            .into_iter()
            .map(|(unit, appetite, aptitude)| UnitReadiness {
                unit: unit.to_owned(),
                appetite,
                aptitude,
                before: None,
            })
            .collect(),
        threshold: Some((3.5, 3.5)),
    }
    .chart("Four wards are ready; three more want it but doubt that they can")
}

fn ranking() -> Chart {
    let costs = [
        ("Admissions typed into two systems", 42.0),
        ("Waiting for keys to the drug cupboard", 17.5),
        ("Bed meeting runs over", 12.0),
        ("Printer on the other floor", 6.4),
        ("Shift plan comes late", 3.2),
    ];
    Ranking {
        x: Axis::number("Cost, hours a week"),
        ranked: costs
            .into_iter()
            .map(|(name, value)| Ranked { name: name.to_owned(), value, tone: Tone::Pull })
            .collect(),
    }
    .chart("Typing admissions twice costs more than all else together")
}

fn forest() -> Chart {
    let effects = [
        ("Northgate, Ward 3A", -1.9, 0.7),
        ("Northgate, Ward 7", -1.2, 0.9),
        ("Eastfield, Ward 2", -0.4, 1.0),
        ("Southbank, Theatre 4", 0.3, 1.3),
    ];
    Forest {
        what: ("Unit", "units"),
        x: Axis::number("Effect on sickness absence, days a month"),
        effects: effects
            .into_iter()
            .map(|(unit, value, half)| UnitEffect { unit: unit.to_owned(), effect: estimate(value, half) })
            .collect(),
        overall: Some(estimate(-1.1, 0.5)),
        worth: Some(-0.5),
    }
    .chart("Two of four wards gained beyond doubt; together they did")
}
