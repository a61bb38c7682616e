//! Every part of the look on one page, for eyes: `cargo run --example specimen > specimen.html`.
//!
//! The page carries its own stylesheet and script, so the file can be opened anywhere. Its numbers are made up.

mod pictures;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use traction::web::charts::Downloads;
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
                style { (PreEscaped(include_str!("../../assets/traction.css"))) }
                script type="module" { (PreEscaped(include_str!("../../assets/traction.js"))) }
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
                            @for chart in pictures::all() { (chart.figure(&Downloads::Inside)) }
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
