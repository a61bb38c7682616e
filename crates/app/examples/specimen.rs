//! Every part of the look on one page, for eyes: `cargo run --example specimen > specimen.html`.
//!
//! The page carries its own stylesheet and script, so the file can be opened anywhere. Its numbers are made up.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use traction::web::charts::{
    Axis, Chart, Control, Downloads, DrawPicture, Entry, Estimate, EventStudy, Forest, Interval, Phase,
    Place, Pole, Ranked, Ranking, Readiness, Reading, Series, Signal, TensionMap, Tone, UnitEffect,
    UnitReadiness, Uptake,
};
use traction::web::ring::{Flow, Station, ring};

fn main() {
    println!("{}", page().into_string());
}

fn page() -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Specimen" }
                style { (PreEscaped(include_str!("../assets/traction.css"))) }
                script type="module" { (PreEscaped(include_str!("../assets/traction.js"))) }
            }
            body data-stage="contend" {
                a class="skip" href="#main" { "Skip to the page" }
                (top())
                p class="simulated" { "This organisation is simulated; nobody here is real." }
                main id="main" {
                    nav class="crumbs" aria-label="Where you are" { a href="#" { "Changes" } " › Morning huddle" }
                    h1 { "Wave 3 of Morning huddle" }
                    p class="answer" { "Four of eleven contenders get a slot on Monday; 14 hours left to apply." }
                    div class="act" { a class="button" href="#" { "Apply for a slot" } span class="meta" { "Three fields; two minutes." } }
                    section { h2 { "Where the change stands" } (ring(&stations())) }
                    (parts())
                    (form())
                    section {
                        h2 { "Pictures" }
                        div class="pictures" {
                            @for chart in charts() { (chart.figure(&Downloads::Inside)) }
                        }
                    }
                }
                footer { p { "Traction 0.1.0 · " a href="#" { "Privacy" } " · " a href="#" { "API" } } }
            }
        }
    }
}

const STAGES: [(&str, &str, &str, Flow); 9] = [
    ("Sense", "132 h a week", "Lost to nine known frictions.", Flow::Flows),
    ("Offer", "4 slots", "Wave 3 starts on Monday.", Flow::Flows),
    ("Contend", "11 contenders", "2.8 for each slot.", Flow::Flows),
    ("Grant", "8 units", "Two paused.", Flow::Flows),
    ("Cycle", "0 finished", "No cycle finished in five weeks.", Flow::Stuck),
    ("Measure", "64 % active", "Of members, each week.", Flow::Flows),
    ("Prove", "−1.4 days", "A month; 0.8 to 2.0 fewer.", Flow::Flows),
    ("Publish", "1 showcase", "Seen by 31 units.", Flow::Waits),
    ("Sustain", "no hand-over", "Support ends on 3 March.", Flow::Quiet),
];

fn stations() -> Vec<Station> {
    let station = |(stage, figure, says, state): (&str, &str, &str, Flow)| Station {
        stage: stage.to_owned(),
        href: "#".to_owned(),
        figure: figure.to_owned(),
        says: says.to_owned(),
        state,
    };
    STAGES.into_iter().map(station).collect()
}

fn top() -> Markup {
    html! {
        header class="top" {
            a class="brand" href="#" { "Traction" }
            nav class="loop" aria-label="The loop" {
                ol {
                    @for (stage, figure, _, _) in STAGES {
                        li {
                            a href="#" aria-current=[(stage == "Contend").then_some("page")] {
                                span class="word" { (stage) }
                                span class="figure" { (figure) }
                            }
                        }
                    }
                }
            }
            div class="who" { span { "Amira Okafor, Ward 3A" } form { button { "Sign out" } } }
        }
    }
}

fn parts() -> Markup {
    html! {
        section {
            h2 { "Parts" }
            p class="notice" { "Your application is in. The draw is on Monday at 08:00 (Europe/London)." }
            p class="notice refused" { "Applications are closed since Friday; the next wave opens on 4 March. Keep your text: it is saved as a draft." }
            p class="verdict works" {
                strong { "It works" }
                "Sickness absence fell by 1.4 days a month in units that got a slot (95 % interval 0.8 to 2.0); at least 0.5 was hoped for."
            }
            p class="verdict harms" { strong { "It harms" } "Falls rose by 0.9 a month in units that got a slot." }
            p class="verdict cannot_tell" { strong { "Cannot tell yet" } "The interval runs from −0.4 to 1.1; six more units or four more months would settle it." }
            p {
                span class="pill" { "waiting" } " " span class="pill pull" { "asked for" } " "
                span class="pill push" { "mandated" } " " span class="pill harm" { "slipping" }
            }
            ul class="cards" {
                @for (title, state) in [("Forms typed twice", "pull"), ("Waiting for keys", "push"), ("Night hand-over", "")] {
                    li class="card" {
                        h2 { (title) }
                        p { "Each admission is typed into two systems, about 40 times a day." }
                        p class="meta" { span class=(format!("pill {state}")) { "answered in 2 days" } " · 42 hours a week" }
                        div class="act" { button class="quiet" { "Me too" } }
                    }
                }
            }
            dl class="facts" {
                div { dt { "Goal" } dd { "Sickness absence under 4 days" } }
                div { dt { "Metric" } dd { "Days a month, lower is better" } }
                div { dt { "Smallest effect worth it" } dd { "0.5 days" } }
                div { dt { "Prediction locked" } dd { time datetime="2026-01-05T08:00:00Z" { "5 January 2026" } } }
            }
            dl class="facts" { dt { "List hash" } dd { code { "9f2c…41ab" } } dt { "Drawn" } dd { "Monday, 08:00" } }
            table class="list" {
                thead { tr { th { "Unit" } th { "Pain" } th { "State" } th class="number" { "Chance" } } }
                tbody {
                    tr { th { "Ward 3A" } td { "Bed meetings run over" } td { span class="pill pull" { "slot" } } td class="number" { "100 %" } }
                    tr { th { "Ward 7" } td { "Late discharges" } td { span class="pill" { "waiting" } } td class="number" { "50 %" } }
                }
            }
            div class="empty" {
                h2 { "No ideas yet" }
                p { "An idea is something you could test yourself next week. It needs no committee." }
                a class="button" href="#" { "Write the first one" }
            }
            details { summary { "How the choice is made" } p { "Readiness makes a unit eligible; inside the last band the lot decides." } }
        }
    }
}

fn form() -> Markup {
    html! {
        section {
            h2 { "What got in the way?" }
            form class="stack" {
                div class="field" {
                    label for="what" { "What gets in the way?" }
                    input id="what" value="Typing admissions twice";
                    p class="help" { "One sentence, as you would say it to a colleague." }
                }
                div class="field" {
                    label for="often" { "How often, in times a week?" }
                    input id="often" type="number" value="-3" aria-invalid="true" aria-describedby="often-error";
                    p class="error" id="often-error" { "Times a week must be 1 or more; write how often it happens in an ordinary week." }
                }
                div class="field" {
                    label for="pain" { "Your pain" }
                    textarea id="pain" { "Two systems, one pair of hands." }
                }
                fieldset class="field" {
                    legend { "We want this change" }
                    div class="scale" {
                        @for value in 1..=5 { label { input type="radio" name="want" value=(value) checked[value == 4]; (value) } }
                    }
                    p class="help" { "1 not at all, 5 very much" }
                }
                div class="act" { button { "Report it" } button class="quiet" { "Keep as draft" } }
            }
        }
    }
}

fn estimate(value: f64, half: f64) -> Estimate {
    Estimate { value, interval: Some(Interval { low: value - half, high: value + half }) }
}

fn charts() -> Vec<Chart> {
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
            .map(|(unit, appetite, aptitude)| UnitReadiness { unit: unit.to_owned(), appetite, aptitude })
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
