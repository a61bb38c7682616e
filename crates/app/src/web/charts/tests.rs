//! What every picture must keep: it holds what it draws, says it in words, and survives odd numbers and odd names.

use super::*;

fn estimate(value: f64, low: f64, high: f64) -> Estimate {
    Estimate { value, interval: Some(Interval { low, high }) }
}

fn months(count: usize) -> Axis {
    Axis::periods("Month", (1..=count).map(|month| format!("2026-{month:02}")).collect())
}

fn event_study() -> EventStudy {
    EventStudy {
        x: Axis::number("Months since the start"),
        y: Axis::number("Effect on absence, days a month"),
        effects: vec![
            (-2, estimate(0.1, -0.3, 0.5)),
            (-1, estimate(-0.05, -0.4, 0.3)),
            (0, estimate(-0.6, -1.1, -0.1)),
            (1, estimate(-1.4, -2.0, -0.8)),
        ],
        worth: Some(-0.5),
        truth: None,
    }
}

fn control() -> Control {
    let values = [9.0, 8.5, 9.2, 5.0, 4.8, 5.1, 7.9, 8.1];
    Control {
        x: months(8),
        y: Axis::number("Absence, days a month"),
        readings: values
            .iter()
            .enumerate()
            .map(|(at, value)| Reading {
                value: Some(*value),
                signal: if at == 7 { Signal::Concern } else { Signal::Common },
            })
            .collect(),
        phases: vec![
            Phase { name: "before".into(), places: (0, 2), centre: 8.9, limits: Some((7.0, 11.0)) },
            Phase { name: "with support".into(), places: (3, 5), centre: 5.0, limits: None },
        ],
        half_way: Some(6.95),
        hand_over: Some(6),
        target: Some(4.0),
    }
}

fn uptake() -> Uptake {
    Uptake {
        x: months(4),
        y: Axis::share("Members active in the month"),
        series: vec![
            Series { name: "Ward 3".into(), shares: vec![None, Some(0.2), Some(0.5), Some(0.8)] },
            Series { name: "All others".into(), shares: vec![Some(0.1), Some(0.1), Some(0.15), Some(0.2)] },
        ],
        start: Some(1),
        n_counted: None,
        beside: vec![],
    }
}

fn tension() -> TensionMap {
    let pole = |name: &str, levels: [f64; 4], floor, healthy| Pole {
        name: name.into(),
        metric: Axis::number(format!("{name}, points")),
        floor,
        healthy,
        levels: levels.into_iter().map(Some).collect(),
        momentum: Some("losing".into()),
    };
    TensionMap {
        x: months(4),
        poles: [
            pole("Speed", [10.0, 12.0, 14.0, 16.0], 8.0, 16.0),
            pole("Care", [0.9, 0.8, 0.7, 0.5], 0.6, 0.9),
        ],
        rocks: vec![(2, "rock to care".into())],
    }
}

fn entry(number: u32, unit: &str, band: i64, layer: i64, place: Place, probability: f64) -> Entry {
    Entry { number, unit: unit.into(), band, layer, place, probability }
}

fn draw() -> DrawPicture {
    DrawPicture {
        slots: 3,
        entries: vec![
            entry(1, "ash", 1, 0, Place::Granted, 1.0),
            entry(4, "elm", 1, 1, Place::Granted, 0.5),
            entry(2, "birch", 1, 1, Place::Granted, 0.5),
            entry(5, "fir", 1, 1, Place::Waiting, 0.5),
            entry(3, "cedar", 1, 1, Place::Waiting, 0.5),
            entry(6, "oak", 2, 0, Place::Waiting, 0.0),
        ],
    }
}

#[test]
fn a_slot_past_the_draw_stands_outside_the_bracket_of_the_risk_set() {
    let mut picture = draw();
    picture.entries[4].place = Place::Past;
    let chart = picture.chart("3 of 6");
    let svg = chart.svg().unwrap();
    // The text alternative comes first and says some of it too.
    let place = |words: &str| svg.rfind(words).unwrap_or_else(|| panic!("no `{words}` in {svg}"));
    assert_eq!(svg.matches("The risk set").count(), 1);
    assert!(
        place("fir: waiting") < place("The risk set")
            && place("The risk set") < place("cedar: slot past the draw")
    );
    assert!(place("The risk set") < place("of the risk set at the draw; left out of the proof"));
    let says = chart.description();
    assert!(says.contains("Band 1, layer 1: the lot decided: 2 of 4 got a slot"), "{says}");
}

#[test]
fn under_a_cap_the_bracket_holds_those_alone_for_whom_there_was_a_chance() {
    let picture = DrawPicture {
        slots: 2,
        entries: vec![
            entry(1, "ash", 1, 0, Place::Waiting, 0.0),
            entry(4, "elm", 1, 0, Place::Granted, 0.5),
            entry(2, "birch", 1, 0, Place::Waiting, 0.0),
            entry(3, "cedar", 1, 0, Place::Protected, 1.0),
            entry(5, "fir", 1, 0, Place::Waiting, 0.5),
        ],
    };
    let chart = picture.chart("2 of 5");
    let svg = chart.svg().unwrap();
    let place = |words: &str| svg.rfind(words).unwrap_or_else(|| panic!("no `{words}` in {svg}"));
    assert_eq!(svg.matches("The risk set").count(), 1);
    assert!(place("fir: waiting") < place("The risk set") && place("The risk set") < place("ash: waiting"));
    let says = chart.description();
    assert!(says.contains("Band 1, layer 0: the lot decided: 1 of 2 got a slot"), "{says}");
    assert!(
        says.contains("Band 1, layer 0, under a parent that has its most: passed over: waiting"),
        "{says}"
    );
}

fn readiness() -> Readiness {
    let unit = |unit: &str, appetite, aptitude| UnitReadiness {
        unit: unit.into(),
        appetite,
        aptitude,
        before: None,
    };
    Readiness { units: vec![unit("Ward 3", 4.2, 3.9), unit("Ward 7", 2.1, 4.4)], threshold: Some((3.5, 3.5)) }
}

fn ranking() -> Ranking {
    Ranking {
        x: Axis::number("Cost, hours a week"),
        ranked: vec![
            Ranked { name: "Forms typed twice".into(), value: 42.0, tone: Tone::Push },
            Ranked { name: "Waiting for keys".into(), value: 7.5, tone: Tone::Push },
        ],
    }
}

fn forest() -> Forest {
    Forest {
        what: ("Unit", "units"),
        x: Axis::number("Effect, days a month"),
        effects: vec![
            UnitEffect { unit: "Ward 3".into(), effect: estimate(-1.4, -2.2, -0.6) },
            UnitEffect { unit: "Ward 7".into(), effect: estimate(0.2, -0.9, 1.3) },
        ],
        overall: Some(estimate(-0.8, -1.3, -0.3)),
        worth: Some(-0.5),
    }
}

fn found(at: f64, constant: Option<f64>, growing: Option<f64>) -> Found {
    Found { at, constant, growing }
}

fn power() -> Power {
    Power {
        x: Axis::number("Effect on absence, days a month"),
        curve: vec![
            found(0.0, Some(0.05), Some(0.05)),
            found(0.4, Some(0.6), Some(0.3)),
            found(0.8, Some(0.97), Some(0.8)),
        ],
        played: vec![(0.4, 0.55, 0.04), (0.8, 0.95, 0.02)],
        played_growing: vec![(0.4, 0.3, 0.04), (0.8, 0.6, 0.05)],
        wanted: 0.8,
        worth: Some(0.5),
    }
}

fn by_slots() -> BySlots {
    BySlots {
        y: Axis::number("Effect on absence, days a month"),
        slots: vec![
            found(1.0, Some(0.9), None),
            found(2.0, Some(0.6), Some(0.9)),
            found(3.0, Some(0.5), Some(0.8)),
        ],
        planned: Some(2),
        played: vec![(2, 1.1, 0.1), (3, 0.95, 0.1)],
        worth: Some(0.5),
    }
}

fn bar(from: f64, until: f64, kind: Stretch) -> SlotBar {
    SlotBar { from, until, kind, says: "ash: on, 1 Mar to 1 May".into() }
}

fn slots() -> SlotCalendar {
    let row = |name: &str, holds| SlotRow {
        name: name.into(),
        holds,
        words: ["1", "1 Mar", "–", "has it"].map(String::from),
    };
    let group = |name: &str, rows| SlotGroup { name: name.into(), rows };
    let elm = vec![
        bar(0.3, 0.5, Stretch::On),
        bar(0.5, 0.8, Stretch::Paused),
        bar(0.8, 0.8, Stretch::Over("lapsed")),
    ];
    SlotCalendar {
        ticks: vec![(0.0, "Mar 2026".into()), (0.5, "Apr 2026".into()), (0.52, "May 2026".into())],
        waves: vec![(0.1, "wave 1".into()), (0.3, "wave 2".into())],
        now: Some(0.9),
        groups: vec![
            group("Where it began", vec![row("ash", Holds::Slots(vec![bar(0.1, 0.9, Stretch::On)]))]),
            group(
                "Layer 1",
                vec![row("elm", Holds::Slots(elm)), row("north", Holds::Shares(vec![(0.2, 0.9, 0.5)]))],
            ),
        ],
    }
}

fn spread() -> SpreadTree {
    let slot = |mark: &str, place, now| Spread::Slot { mark: mark.into(), place, now };
    let leaf = |name: &str, holds| Leaf { name: name.into(), holds, says: "wave 1".into() };
    let branch = |depth, name: &str, leaves| Branch {
        depth,
        name: name.into(),
        says: "1 of 2 have it".into(),
        leaves,
    };
    SpreadTree {
        branches: vec![
            branch(0, "The group", vec![]),
            branch(1, "North", vec![leaf("ash", slot("1", 0, Standing::On)), leaf("elm", Spread::Without)]),
            branch(
                1,
                "South",
                vec![leaf("oak", slot("2", 1, Standing::Paused)), leaf("yew", slot("1", 0, Standing::Over))],
            ),
        ],
        names: Names::Shown,
    }
}

fn course() -> Course {
    Course {
        x: Axis::periods("Months", ["2026-01", "2026-02", "2026-03"].map(str::to_owned).to_vec()),
        y: Axis::number("Absence, days a month"),
        points: vec![(5.0, 5.1), (5.2, 5.2), (3.9, 5.3)],
        expected: "its twin".into(),
        start: Some(2),
    }
}

fn by_lot() -> ByLot {
    ByLot { first: -1.0, step: 0.5, counts: vec![1, 9, 8, 2], happened: 0.9 }
}

/// One of each kind, with a name.
fn all() -> Vec<(&'static str, Chart)> {
    vec![
        ("event study", event_study().chart("It works")),
        ("control", control().chart("It slips")),
        ("uptake", uptake().chart("Most use it")),
        ("tension", tension().chart("Care is losing")),
        ("draw", draw().chart("Three of six")),
        ("readiness", readiness().chart("One is ready")),
        ("ranking", ranking().chart("Forms cost most")),
        ("forest", forest().chart("Ward 3 gained")),
        ("power", power().chart("Half a day would be found")),
        ("by slots", by_slots().chart("More slots find less")),
        ("slots", slots().chart("Two have it")),
        ("spread", spread().chart("One of four has it")),
        ("course", course().chart("It fell below its twin")),
        ("by lot", by_lot().chart("Hardly any lot shows as much")),
    ]
}

fn empty() -> Vec<(&'static str, Chart)> {
    let no_poles =
        TensionMap { poles: tension().poles.map(|pole| Pole { levels: vec![None], ..pole }), ..tension() };
    vec![
        ("event study", EventStudy { effects: vec![], ..event_study() }.chart("Nothing yet")),
        ("control", Control { readings: vec![], ..control() }.chart("Nothing yet")),
        ("uptake", Uptake { series: vec![], ..uptake() }.chart("Nothing yet")),
        ("tension", no_poles.chart("Nothing yet")),
        ("draw", DrawPicture { entries: vec![], slots: 3 }.chart("Nothing yet")),
        ("readiness", Readiness { units: vec![], threshold: None }.chart("Nothing yet")),
        ("ranking", Ranking { ranked: vec![], ..ranking() }.chart("Nothing yet")),
        ("forest", Forest { effects: vec![], overall: None, ..forest() }.chart("Nothing yet")),
        (
            "power",
            Power { curve: vec![], played: vec![], played_growing: vec![], ..power() }.chart("Nothing yet"),
        ),
        (
            "by slots",
            BySlots { slots: vec![found(1.0, None, None)], played: vec![], ..by_slots() }
                .chart("Nothing yet"),
        ),
        ("slots", SlotCalendar { groups: vec![], ..slots() }.chart("Nothing yet")),
        ("spread", SpreadTree { branches: vec![], names: Names::Shown }.chart("Nothing yet")),
        ("course", Course { points: vec![], ..course() }.chart("Nothing yet")),
        ("by lot", ByLot { counts: vec![], ..by_lot() }.chart("Nothing yet")),
    ]
}

/// Every coordinate in a drawing, from attributes and paths alike.
fn coordinates(svg: &str) -> Vec<f64> {
    let body = svg.split_once("</style>").map_or(svg, |parts| parts.1);
    let mut found = Vec::new();
    for name in [" x=\"", " y=\"", " cx=\"", " cy=\"", " r=\"", " width=\"", " height=\"", " d=\""] {
        for piece in body.split(name).skip(1) {
            let value = piece.split('"').next().unwrap();
            for number in value.split(|letter: char| "ML Z".contains(letter)).filter(|part| !part.is_empty())
            {
                if !number.ends_with('%') {
                    found
                        .push(number.parse().unwrap_or_else(|_| panic!("not a number: {number} in {value}")));
                }
            }
        }
    }
    found
}

/// The third unit stands where the first does: its name would cover the other's. Its point says it all the same.
#[test]
fn of_names_that_would_cover_one_another_the_first_is_written() {
    let crowded =
        UnitReadiness { unit: "Ward 9".into(), appetite: 4.3, aptitude: 3.8, before: Some((3.1, 3.0)) };
    let mut readiness = readiness();
    readiness.units.push(crowded);
    let svg = readiness.chart("Two are ready").svg().unwrap();
    assert!(svg.contains(">Ward 3</tspan>") && svg.contains(">Ward 7</tspan>"), "{svg}");
    assert!(svg.contains("Ward 9: appetite 4.3") && !svg.contains(">Ward 9</tspan>"), "{svg}");
}

#[test]
fn every_picture_has_its_words_its_two_sizes_its_table_and_its_files() {
    for (kind, chart) in all() {
        let page = chart.figure(&Downloads::Inside).into_string();
        assert!(page.starts_with("<figure class=\"chart\"><figcaption>"), "{kind}");
        assert_eq!(page.matches("role=\"img\"").count(), 2, "{kind}");
        assert_eq!(page.matches("<desc>").count(), 2, "{kind}");
        assert!(page.contains("viewBox=\"0 0 720 ") && page.contains("viewBox=\"0 0 340 "), "{kind}");
        assert!(page.contains("<details>") && page.contains("<table class=\"list\">"), "{kind}");
        assert!(page.contains("data:image/svg+xml;base64,") && page.contains("data:text/csv"), "{kind}");
        assert!(chart.description().len() > 20, "{kind}: {}", chart.description());
    }
}

#[test]
fn an_empty_picture_is_words_that_say_what_would_bring_it() {
    for (kind, chart) in empty() {
        let page = chart.figure(&Downloads::Inside).into_string();
        assert!(page.contains("<p class=\"empty\">"), "{kind}: {page}");
        assert!(!page.contains("<svg"), "{kind}");
        assert_eq!(chart.svg(), None, "{kind}");
    }
}

#[test]
fn every_coordinate_is_a_finite_number_within_the_picture() {
    for (kind, chart) in all() {
        let svg = chart.svg().unwrap();
        for number in coordinates(&svg) {
            assert!((-1.0..=2000.0).contains(&number), "{kind}: {number}");
        }
    }
}

#[test]
fn numbers_that_are_not_finite_leave_no_trace_in_the_drawing() {
    let mut study = event_study();
    study.effects.push((2, estimate(f64::NAN, f64::NAN, f64::NAN)));
    study.effects.push((3, estimate(-1.0, f64::NEG_INFINITY, f64::INFINITY)));
    let mut watch = control();
    watch.readings[1].value = Some(f64::NAN);
    watch.half_way = Some(f64::NAN);
    let mut map = tension();
    map.poles[0].healthy = map.poles[0].floor;
    let mut effects = forest();
    effects.effects[0].effect = estimate(1.0, f64::NEG_INFINITY, f64::NAN);
    for chart in [study.chart("a"), watch.chart("b"), map.chart("c"), effects.chart("d")] {
        let svg = chart.svg().unwrap();
        coordinates(&svg);
        assert!(!chart.csv().contains("NaN") && !chart.csv().contains("inf"), "{}", chart.csv());
    }
}

#[test]
fn the_range_holds_reference_lines_and_intervals_far_from_the_points() {
    let mut study = event_study();
    study.worth = Some(-9.0);
    study.effects[3].1 = estimate(-1.4, -2.0, 12.0);
    let svg = study.chart("wide").svg().unwrap();
    // Ticks are the range's witnesses: -8 stands above -9, 12 above the points' 0.1.
    assert!(svg.contains(">\u{2212}8</text>") || svg.contains(">\u{2212}5</text>"), "{svg}");
    assert!(svg.contains(">10</text>"), "{svg}");
}

#[test]
fn names_from_people_are_escaped_in_the_page_and_in_the_file() {
    let hostile = "<script>alert(1)</script> & \"co\"";
    let mut ranked = ranking();
    ranked.ranked[0].name = hostile.to_owned();
    let mut drawn = draw();
    drawn.entries[0].unit = hostile.to_owned();
    for chart in [ranked.chart(hostile), drawn.chart(hostile)] {
        let page = chart.figure(&Downloads::None).into_string();
        let svg = chart.svg().unwrap();
        assert!(!page.contains("<script>") && !svg.contains("<script>"), "{svg}");
        assert!(svg.contains("&lt;script&gt;"), "{svg}");
    }
}

#[test]
fn a_name_that_begins_like_a_formula_stays_words_in_a_spreadsheet() {
    let mut ranked = ranking();
    ranked.ranked[0].name = "=HYPERLINK(\"x\"), or so".to_owned();
    let csv = ranked.chart("x").csv();
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\"), or so\",42\r\n"), "{csv}");
}

#[test]
fn the_table_rounds_for_readers_and_the_file_keeps_full_precision() {
    let mut study = event_study();
    study.effects[0].1 = Estimate { value: -0.019_372_364, interval: None };
    let chart = study.chart("x");
    let page = chart.figure(&Downloads::None).into_string();
    assert!(page.contains("\u{2212}0.0194"), "{page}");
    assert!(chart.csv().contains("-2,-0.019372364,,\r\n"), "{}", chart.csv());
}

/// May is written where it meets no other word only.
#[test]
fn what_interrupts_and_what_ends_a_slot_is_said_in_words_beside_its_bar() {
    let svg = slots().chart("x").svg().unwrap();
    assert!(
        svg.contains(">paused</text>") && svg.contains(">lapsed</text>") && svg.contains(">now</text>"),
        "{svg}"
    );
    assert!(
        svg.contains(">Mar 2026</text>") && svg.contains(">Apr 2026</text>") && !svg.contains(">May 2026<"),
        "{svg}"
    );
    let csv = slots().chart("x").csv();
    assert!(
        csv.starts_with("Unit,Layer,Wave,From,Until,State\r\nash,Where it began,1,1 Mar,–,has it\r\n"),
        "{csv}"
    );
}

/// A wave is told by its number, a pause by a square, an end by a struck number: never by the colour alone.
#[test]
fn the_spread_says_by_number_and_shape_what_it_says_by_shade() {
    let svg = spread().chart("x").svg().unwrap();
    assert!(
        svg.contains("class=\"mid on\"")
            && svg.contains("rect class=\"open push\"")
            && svg.contains("mid quiet gone"),
        "{svg}"
    );
    assert!(svg.contains("<title>ash: wave 1</title>"), "{svg}");
    let crowded = SpreadTree { names: Names::OnDemand, ..spread() }.chart("x");
    let svg = crowded.svg().unwrap();
    assert!(svg.contains("<title>ash: wave 1</title>") && !svg.contains(">ash</text>"), "{svg}");
    assert!(crowded.csv().contains("ash,North,wave 1"), "{}", crowded.csv());
}

#[test]
fn a_reading_of_concern_has_another_shape_and_a_word() {
    let page = control().chart("x").svg().unwrap();
    assert_eq!(page.matches("class=\"fill harm\"").count(), 1, "{page}");
    assert!(page.contains("past the line"), "{page}");
    assert!(page.contains("half-way, 6.95"), "{page}");
    assert!(page.contains("hand-over"), "{page}");
}

#[test]
fn a_withheld_share_breaks_the_line_and_is_said_in_the_table() {
    let mut curve = uptake();
    curve.series[0].shares = vec![Some(0.2), Some(0.3), None, Some(0.5), Some(0.6)];
    let chart = curve.chart("x");
    let svg = chart.svg().unwrap();
    assert_eq!(svg.matches("<path class=\"line pull\"").count(), 2, "{svg}");
    assert!(chart.csv().contains("not shown"), "{}", chart.csv());
}

#[test]
fn the_draw_marks_the_cut_and_the_risk_set_once() {
    let svg = draw().chart("x").svg().unwrap();
    assert_eq!(svg.matches("the cut: 3 slots").count(), 1, "{svg}");
    assert_eq!(svg.matches("The risk set").count(), 1, "{svg}");
    assert!(svg.contains("the lot decided: 2 of 4 got a slot"), "{svg}");
    assert!(svg.contains("behind the cut: waiting"), "{svg}");
}

#[test]
fn a_draw_that_reaches_everybody_has_no_cut() {
    let mut everybody = draw();
    for entry in &mut everybody.entries {
        entry.place = Place::Granted;
        entry.probability = 1.0;
    }
    assert!(!everybody.chart("x").svg().unwrap().contains("the cut"));
}

#[track_caller]
fn ticks(low: f64, high: f64, expect: &str) {
    let (ticks, step) = scale::Span { low, high }.ticks(5.0);
    let words: Vec<String> = ticks.iter().map(|value| scale::tick(*value, step, Shows::Number)).collect();
    assert_eq!(words.join(" "), expect);
}

#[test]
fn ticks_are_round_and_lie_within_the_range() {
    ticks(0.0, 10.0, "0 2 4 6 8 10");
    ticks(-0.031, 0.012, "\u{2212}0.03 \u{2212}0.02 \u{2212}0.01 0.00 0.01");
    ticks(980.0, 10_400.0, "2,000 4,000 6,000 8,000 10,000");
}

#[test]
fn numbers_are_written_with_the_digits_they_can_bear() {
    for (value, words) in [
        (0.0, "0"),
        (0.031_24, "0.0312"),
        (1.4, "1.4"),
        (-37.26, "\u{2212}37.3"),
        (1250.4, "1,250"),
        (-1_234_567.0, "\u{2212}1,234,567"),
    ] {
        assert_eq!(scale::sensible(value), words);
    }
}

/// One value, or many equal ones, must still have a place to stand.
#[test]
fn a_single_value_has_room_on_both_sides() {
    for value in [0.0, 5.0, -3.0, 1e12] {
        let span = scale::Span::over([value, value]).unwrap();
        assert!(span.low < value && value < span.high, "{value}: {span:?}");
        assert_eq!(span.place(value, 0.0, 100.0), 50.0);
    }
}

#[test]
fn labels_do_not_cover_one_another() {
    let within = labels::Area { left: 0.0, top: 0.0, right: 400.0, bottom: 200.0 };
    let mut placer = labels::Placer::new(within, 13.0);
    let spots = |y: f64| {
        [y, y + 20.0, y + 40.0].map(|top| labels::Spot {
            x: 390.0,
            top,
            side: labels::Side::Ends,
            room: 250.0,
        })
    };
    let first = placer.put("smallest effect worth it", Tone::Push, &spots(50.0)).into_string();
    let second = placer.put("no effect", Tone::Ink, &spots(52.0)).into_string();
    let y = |text: &str| -> f64 {
        text.split(" y=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    assert!(y(&second) - y(&first) >= 13.0, "{first} {second}");
}

#[test]
fn reference_lines_are_named_beside_the_wide_picture_where_no_interval_can_hide() {
    let svg = event_study().chart("x").svg().unwrap();
    let start = |mark: &str| -> f64 {
        let words = svg.split(mark).nth(1).unwrap_or_else(|| panic!("{mark} is not in {svg}"));
        words.split(" x=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    let points =
        svg.split(" cx=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse::<f64>().unwrap());
    let last = points.fold(0.0, f64::max);
    assert!(start("class=\"label push\"") > last + 10.0, "{svg}");
    assert!(start("class=\"label ink\"") > last + 10.0, "{svg}");
}

/// Two years of readings around two levels leave no gap; the levels' names stand clear of them all the same.
#[test]
fn the_name_of_a_level_lies_over_no_reading() {
    let values: Vec<f64> =
        (0..104).map(|at| if at < 52 { 90.0 } else { 72.5 } + f64::from(at * 37 % 19) - 9.0).collect();
    let reading = |value: &f64| Reading { value: Some(*value), signal: Signal::Common };
    let level = |name: &str, places, centre| Phase { name: name.into(), places, centre, limits: None };
    let crowded = Control {
        x: months(104),
        y: Axis::number("Waiting time, minutes"),
        readings: values.iter().map(reading).collect(),
        phases: vec![level("before", (0, 51), 90.0), level("with support", (52, 103), 72.5)],
        half_way: Some(81.0),
        hand_over: None,
        target: None,
    };
    let svg = crowded.chart("x").svg().unwrap();
    let number = |text: &str, name: &str| -> Option<f64> {
        text.split_once(&format!(" {name}=\""))?.1.split('"').next()?.parse().ok()
    };
    let points: Vec<(f64, f64)> = svg
        .split("<circle")
        .skip(1)
        .filter_map(|circle| Some((number(circle, "cx")?, number(circle, "cy")?)))
        .collect();
    assert!(points.len() >= 104, "{svg}");
    let names: Vec<&str> = svg.split("<text class=\"label pull").skip(1).collect();
    assert_eq!(names.len(), 2, "{svg}");
    for name in names {
        let place = name.split("<tspan").nth(1).unwrap();
        let (x, y) = (number(place, "x").unwrap(), number(place, "y").unwrap());
        let words = place.split_once('>').unwrap().1.split('<').next().unwrap();
        let wide = labels::width(words, 13.0);
        let left = if name.starts_with(" end") {
            x - wide
        } else if name.starts_with(" mid") {
            x - wide / 2.0
        } else {
            x
        };
        let covered = points
            .iter()
            .filter(|(px, py)| (left..left + wide).contains(px) && (y - 11.0..y + 3.0).contains(py));
        assert_eq!(covered.count(), 0, "{words} at {left} {y}: {svg}");
    }
}

/// The page's stylesheet and a downloaded picture must draw the same shapes.
#[test]
fn the_stylesheet_holds_every_rule_of_a_picture_that_stands_alone() {
    let sheet = include_str!("../../../assets/traction.css");
    let held: Vec<&str> = sheet.lines().map(str::trim).collect();
    for rule in ink::RULES.lines() {
        assert!(held.contains(&rule), "traction.css lacks {rule}");
    }
}

/// A downloaded picture carries its own colours; they are the stylesheet's, in light and in dark.
#[test]
fn a_downloaded_picture_has_the_pages_colours() {
    let sheet = include_str!("../../../assets/traction.css");
    let of_sheet = |name: &str| {
        let (_, rest) =
            sheet.split_once(&format!("--{name}: light-dark(")).expect("the sheet has the colour");
        let both = rest.split_once(')').expect("it ends").0;
        both.split_once(", ").expect("one for light, one for dark")
    };
    let classes = [
        ("ink", "ink"),
        ("quiet", "quiet"),
        ("grid", "rule"),
        ("pull", "pull"),
        ("push", "push"),
        ("harm", "harm"),
    ];
    for (class, name) in classes {
        let (light, dark) = of_sheet(name);
        assert!(
            super::ink::LIGHT.contains(&format!(".{class}{{color:{light}}}")),
            "{class} is {light} in light"
        );
        assert!(super::ink::DARK.contains(&format!(".{class}{{color:{dark}}}")), "{class} is {dark} in dark");
    }
    let (light, dark) = of_sheet("paper");
    for rule in [".paper{fill:", ".plot .on{fill:", ".open{fill:", ".label{stroke:"] {
        assert!(super::ink::LIGHT.contains(&format!("{rule}{light}}}")), "{rule} is {light} in light");
        assert!(super::ink::DARK.contains(&format!("{rule}{dark}}}")), "{rule} is {dark} in dark");
    }
}

#[test]
fn what_is_there_missing_and_corrected_is_told_by_shape_and_in_the_table() {
    let row = |name: &str, cells: &[Known]| CoverageRow { name: name.into(), cells: cells.to_vec() };
    let periods = ["2026-01", "2026-02", "2026-03"].map(str::to_owned).to_vec();
    let rows = vec![
        row("Ward <1>", &[Known::There, Known::There, Known::Corrected]),
        row("Ward 2", &[Known::There, Known::Missing, Known::Missing]),
    ];
    let chart = Coverage { periods: periods.clone(), rows }.chart("2 values are missing, 1 corrected");
    let svg = chart.svg().unwrap();
    assert!(svg.contains("Ward &lt;1&gt;") && !svg.contains("NaN") && !svg.contains("inf"));
    // One of each in the key, then two stretches that are there, one that is not, one mark.
    assert_eq!((svg.matches("open quiet dots").count(), svg.matches("fill push").count()), (2, 2));
    let csv = chart.csv();
    assert!(
        csv.contains("Ward <1>,3,,2026-03\r\n") && csv.contains("Ward 2,1,\"2026-02, 2026-03\",\r\n"),
        "{csv}"
    );
    let nothing = Coverage { periods, rows: vec![] }.chart("Nothing yet");
    assert_eq!(nothing.svg(), None);
}
