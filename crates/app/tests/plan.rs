//! Stage 7, before it begins: what a roll-out could show, on the command line, on its page and on its wave's page.

use std::fmt::Write;
use std::process::{Command, Output};

use serde_json::Value;

use traction_domain::org::role::RoleWord;

use crate::contend::ground::{CHANGE, WAVE, Ward, announce, apply, contenders, ward, wave};
use crate::world::{Browser, Response, on_both};

const EIGHT: [&str; 8] = ["ash", "birch", "cedar", "elm", "fir", "hazel", "larch", "oak"];

/// Two years of months for the eight wards: each at its own level, with a wobble that stands for chance.
fn waiting(months: usize) -> String {
    let mut table = String::from("unit,period,value\n");
    for (ward, slug) in EIGHT.iter().enumerate() {
        for month in 0..months {
            let wobble = 8.0 * ((ward * ward * 7 + month * month * 3 + month) as f64).sin();
            let (year, of_year) = (2024 + month / 12, month % 12 + 1);
            writeln!(table, "{slug},{year}-{of_year:02},{}", 90.0 + 5.0 * ward as f64 + wobble).unwrap();
        }
    }
    table
}

/// The page once its plan was played. Until then it says that it is being played, and comes again by itself.
async fn played(browser: &Browser<'_>, page: &str) -> Response {
    for _ in 0..60 {
        let seen = browser.get(page).await;
        if !seen.body.contains("being played") {
            return seen;
        }
        seen.shows("some seconds");
    }
    panic!("{page} is still being played");
}

#[test]
fn a_roll_out_is_planned_from_its_waves_its_contenders_and_their_past() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        let wards = contenders(&world, EIGHT).await;
        cleo.get(WAVE)
            .await
            .shows("What could this roll-out show?")
            .shows("8 units, 2 slots in one wave")
            .shows("standard deviations");
        cleo.submit("/outcomes/waiting-time", &[("step", "take"), ("rows", &waiting(24))]).await;
        let plan = played(&cleo, &format!("{CHANGE}/plan")).await;
        plan.shows("What could Bedside tests show?")
            .shows("minutes per test")
            .shows("An effect of 10, worth having, is found")
            .shows("No effect at all is taken for one");
        plan.shows("as 8 units did over 24 periods before the first start");
        plan.shows("Played 100 times through its contest with stretches of the contenders\u{27} own past");
        plan.shows("The order of priority costs nothing").hides("a lottery among all</td>");
        plan.shows("One more slot in every wave would find ").shows("The same with one more wave");
        // The page of the wave says what the plan's page says, not what the formula promises.
        let on_wave = played(&cleo, WAVE).await;
        on_wave.shows("minutes per test or more would be found").hides("standard deviations");
        on_wave.shows("One more slot in every wave would find ");
        let headline = |body: &str| {
            let from = body.find("8 units, 2 slots in one wave: an effect of ").unwrap();
            body[from..].split('.').next().unwrap().to_owned()
        };
        assert_eq!(headline(&on_wave.body), headline(&plan.body));
        assert!(on_wave.body.contains("<svg"), "a picture");

        let other = played(&cleo, &format!("{CHANGE}/plan?slots=3&waves=2")).await;
        other.shows("8 units, 3 slots in each of 2 waves").shows("waves start in period 13, 17");
        let each = played(&cleo, &format!("{CHANGE}/plan?slots=3,2")).await;
        each.shows("8 units, waves of 3 and 2 slots").shows("waves start in period 13, 17");
        let many = played(&cleo, &format!("{CHANGE}/plan?slots=7&waves=4")).await;
        many.shows("These are 28 slots for 8 units: 2 waves are enough for all of them");
        let nothing = cleo.get(&format!("{CHANGE}/plan?slots=8&waves=1")).await;
        nothing.is(200).shows("hold one wave back").hides("Played");
        for (wrong, says) in [
            ("slots=many", "Give a whole number up to 1000000, or one for each wave, like 5,4,6"),
            ("waves=0", "Give a whole number from 1 to 400"),
            ("slots=1,2&waves=3", "Slots are given for 2 waves, and 3 waves are said; make them agree"),
            ("slots=0", "There are no slots to contend for"),
        ] {
            cleo.get(&format!("{CHANGE}/plan?{wrong}")).await.is(422).shows(says);
        }

        cleo.get(&format!("{CHANGE}/evidence")).await.shows("What could this roll-out show?");
        wards[0].lead.get(WAVE).await.is(200).hides("What could this roll-out show?");
        wards[0].lead.get(&format!("{CHANGE}/evidence")).await.hides("What could this roll-out show?");
        wards[0].lead.get(&format!("{CHANGE}/plan")).await.is(403);
        world.visitor().get(&format!("{CHANGE}/plan")).await.is(303);
    });
}

/// The rule's cost, by hand: of eight wards two are protected, which leaves 6 x 1/6 x 5/6 for one slot in one wave.
#[test]
fn waves_are_planned_in_the_order_in_which_they_start() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        contenders(&world, EIGHT).await;
        announce(&cleo, "3", "2026-03-02T20:00", "2026-03-06T09:00", "2026-12-08T06:00").await;
        announce(&cleo, "1", "2026-03-02T20:00", "2026-03-06T09:00", "2026-07-08T06:00").await;
        cleo.submit("/outcomes/waiting-time", &[("step", "take"), ("rows", &waiting(24))]).await;
        let plan = played(&cleo, &format!("{CHANGE}/plan")).await;
        // 24 periods of the past leave five before the first wave, so that one more wave can be played with them.
        plan.shows("waves start in period 6, 10, 15")
            .hides("No plan yet")
            .shows("The same with one more wave");
    });
}

#[test]
fn a_protected_place_is_no_part_of_the_plan() {
    on_both(async |world| {
        let cleo = wave(&world, "3", "2026-03-02T20:00").await;
        let mut wards = Vec::new();
        for slug in EIGHT {
            wards.push(ward(&world, slug).await);
        }
        for ward in &wards[..2] {
            let unit = ward.id.to_string();
            cleo.submit(&format!("{WAVE}/protected"), &[("unit", &unit), ("why", "It pilots")]).await;
        }
        world.days_go_by(0.5).await;
        for ward in &wards {
            apply(ward).await;
        }
        cleo.get(&format!("{CHANGE}/plan")).await.shows("6 units, 1 slot in one wave");
    });
}

/// Runs the program; its exit code, standard output and messages.
#[track_caller]
/// Four wards under one house and four under none: of two slots, no two may go to the house.
#[test]
fn the_cap_of_a_waves_policy_is_part_of_the_plan() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T20:00").await;
        let policy =
            [("threshold", ""), ("cuts", ""), ("unshown", "1"), ("cap", "1"), ("contenders", "counted")];
        cleo.submit(&format!("{WAVE}/policy"), &policy).await;
        let not_yet = cleo.get(&format!("{CHANGE}/plan?slots=2&waves=1")).await;
        not_yet.hides("costs nothing of what the draws tell: ");
        world.unit("house", None).await;
        let mut wards = Vec::new();
        for (n, slug) in EIGHT.into_iter().enumerate() {
            let id = world.unit(slug, (n < 4).then_some("house")).await;
            let lead = world.person(&format!("lead-{slug}"), RoleWord::Lead, Some(id)).await;
            wards.push(Ward { id, lead: world.browser_of(lead).await });
        }
        world.days_go_by(0.5).await;
        for ward in &wards {
            apply(ward).await;
        }
        let plan = played(&cleo, &format!("{CHANGE}/plan")).await;
        plan.shows("8 units, 2 slots in one wave")
            .shows("The most slots under one parent ")
            .shows(" without it");
        played(&cleo, WAVE).await.shows("8 units, 2 slots in one wave");
    });
}

fn traction(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_traction")).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// Reference: swCRTdesign 4.0, 12 clusters in 4 steps, 20 people, sigma 1, tau 0.25, effect 0.3: power 0.8447237 for one
/// effect and 0.5278759 for the mean over the time since the start; the smallest effect at 80 %, 0.2826054.
#[test]
fn the_classic_stepped_wedge_on_the_command_line_is_the_published_one() {
    let (code, said, _) = traction(&[
        "plan",
        "--units",
        "12",
        "--slots",
        "3",
        "--waves",
        "4",
        "--sd-between",
        "0.25",
        "--sd-within",
        "1",
        "--members",
        "20",
        "--effect",
        "0.3",
        "--law",
        "normal",
        "--plays",
        "0",
        "--json",
    ]);
    assert_eq!(code, 0);
    let plan: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&plan["schema"], &plan["design"]["periods"]), (&"traction.plan/1".into(), &5.into()));
    let close = |found: &Value, expect: f64| {
        let found = found.as_f64().unwrap();
        assert!((found / expect - 1.0).abs() < 1e-8, "{found} is not {expect}");
    };
    close(&plan["formula"]["constant"]["power_for_worth"], 0.844723699246909);
    close(&plan["formula"]["growing"]["power_for_worth"], 0.527875904703805);
    close(&plan["formula"]["constant"]["smallest_effect"], 0.282605367585461);
    assert!(
        plan.get("played").is_none() && plan.get("one_more_wave").is_none(),
        "absent means not applicable"
    );
}

#[test]
fn a_plan_is_told_in_a_sentence_and_the_same_seed_tells_the_same() {
    let options = ["plan", "--units", "20", "--slots", "5,4,6", "--bands", "3,10,7", "--plays", "60"];
    let (code, said, messages) = traction(&options);
    assert_eq!((code, messages.as_str()), (0, ""));
    assert!(said.starts_with("20 units, waves of 5, 4 and 6 slots: an effect of "), "{said}");
    assert!(
        said.contains("The order of priority costs 47 % of what the draws could tell: 5.03 of the 9.41"),
        "{said}"
    );
    assert_eq!(traction(&options).1, said);
    assert_ne!(traction(&[&options[..], &["--seed", "2"]].concat()).1, said);
}

/// Twelve units, three waves: with a slot more the last wave draws nothing, so that more finds less.
#[test]
fn what_one_more_slot_buys_is_told_with_its_error_and_may_be_less() {
    let schedule = ["plan", "--units", "12", "--slots", "3", "--waves", "3", "--periods-before", "6"];
    let options = [&schedule[..], &["--periods-between", "3", "--plays", "200", "--worth", "1"]].concat();
    let (code, said, _) = traction(&options);
    assert_eq!(code, 0);
    let line = |name: &str| said.lines().find(|line| line.trim_start().starts_with(name)).unwrap().to_owned();
    assert!(line("Which differs by").ends_with("more "), "{said}");
    assert_eq!(line("An effect of 1, worth having").matches(" ± ").count(), 3, "{said}");
    assert_eq!(line("No effect at all is taken for one").matches(" ± ").count(), 3, "{said}");
    let plan: Value = serde_json::from_str(&traction(&[&options[..], &["--json"]].concat()).1).unwrap();
    let (planned, more) = (&plan["played"]["constant"], &plan["played"]["one_more_slot"]["constant"]);
    let number = |value: &Value| value.as_f64().unwrap();
    let gain = number(&planned["smallest_effect"]) - number(&more["smallest_effect"]);
    assert!((number(&more["less"]) - gain).abs() < 1e-12 && gain < 0.0);
    assert!(number(&more["less_error"]) > 0.0);
    assert!(
        plan["played"]["fading"]["smallest_effect"].is_number() && plan["played"].get("lottery").is_none()
    );
}

#[test]
fn what_can_show_nothing_is_a_no_and_what_is_no_schedule_says_what_would_be() {
    let (code, said, _) = traction(&["plan", "--units", "8", "--slots", "8"]);
    assert_eq!(code, 1);
    assert!(said.contains("hold one wave back"), "{said}");
    let (code, said, _) = traction(&["plan", "--units", "8", "--slots", "8", "--json"]);
    assert_eq!((code, serde_json::from_str::<Value>(&said).unwrap()["refused"].clone()), (1, true.into()));
    for (options, says) in [
        (&["--units", "8", "--slots", "0"][..], "no slots to contend for"),
        (&["--units", "1", "--slots", "1"], "are too few"),
        (
            &["--units", "9", "--slots", "1,2", "--waves", "3"],
            "Slots are given for 2 waves, and 3 waves are said; make them agree",
        ),
        (
            &["--units", "9", "--slots", "many"],
            "'--slots <K>': give a whole number up to 1000000, or one for each wave, like 5,4,6",
        ),
        (
            &["--units", "9", "--slots", "2", "--waves", "0"],
            "'--waves <W>': give a whole number from 1 to 400",
        ),
        (&["--units", "9", "--slots", "2", "--plays", "1"], "1 play is too few to tell"),
        (&["--units", "9", "--slots", "2", "--bands", "3,4"], "--bands hold 7 units, and --units says 9"),
        (
            &["--units", "9", "--slots", "2", "--icc", "1.5"],
            "'--icc <R>': give a number from 0 to 1, say 0.05",
        ),
        (&["--units", "9", "--slots", "2", "--cap", "1"], "--parents <N>"),
        (&["--units", "20000", "--slots", "2", "--cap", "1", "--parents", "3"], "--units takes up to 10000"),
        (&["--units", "9", "--slots", "2", "--members", "0"], "'--members <M>': give a number above 0"),
        (
            &["--units", "9", "--slots", "2", "--periods-between", "0"],
            "'--periods-between <B>': give a whole number from 1 to 400",
        ),
    ] {
        let (code, _, messages) = traction(&[&["plan"], options].concat());
        let expect = if says == "are too few" { 1 } else { 2 };
        assert_eq!(code, expect, "{options:?}: {messages}");
        assert!(expect == 1 || messages.contains(says), "{options:?}: {messages}");
    }
}

#[test]
fn the_cap_under_one_parent_is_played_and_what_it_costs_is_said() {
    let plan = ["plan", "--units", "18", "--slots", "4", "--waves", "2", "--plays", "40", "--icc", "0.3"];
    let (code, free, messages) = traction(&plan);
    assert_eq!(code, 0, "{messages}");
    assert!(!free.contains("under one parent"), "{free}");
    let (code, said, messages) = traction(&[&plan[..], &["--cap", "1", "--parents", "3"]].concat());
    assert_eq!(code, 0, "{messages}");
    assert!(said.contains("The most slots under one parent costs "), "{said}");
    let asked = [&plan[..], &["--cap", "1", "--parents", "3", "--json"]].concat();
    let (_, first, _) = traction(&asked);
    let (_, again, _) = traction(&asked);
    assert_eq!(first, again, "the same seed, the same plan");
    let json: serde_json::Value = serde_json::from_str(&first).unwrap();
    let priority = &json["priority"];
    // Three of the four slots are given in each wave: 3 x 15 / 18 and 3 x 12 / 15 beside 4 x 14 / 18 and 4 x 10 / 14.
    let (with, without) =
        (priority["information"].as_f64().unwrap(), priority["without_cap"].as_f64().unwrap());
    assert!((with - (2.5 + 2.4)).abs() < 0.05, "{with}");
    assert!((without - (28.0 / 9.0 + 20.0 / 7.0)).abs() < 1e-9, "{without}");
    assert!((priority["cost_of_cap"].as_f64().unwrap() - (1.0 - with / without)).abs() < 1e-12);
}

#[test]
fn a_change_is_planned_by_its_short_name() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let table = folder.path().join("wards.csv");
    let mut rows = String::from("ward,year,hours,since\n");
    for ward in 0..12 {
        for year in 1995..=2005_i64 {
            let wobble = ((ward * ward * 7) as f64 + (year * year * 3) as f64).sin();
            writeln!(rows, "ward-{ward},{year},{},{}", 10.0 + wobble, if ward < 2 { "2004" } else { "" })
                .unwrap();
        }
    }
    std::fs::write(&table, rows).unwrap();
    let import = ["import", "rollout", table.to_str().unwrap(), "--change", "early-rounds", "--unit", "ward"];
    let columns = ["--period", "year", "--outcome", "hours", "--start", "since", "--data", data];
    let (code, _, messages) = traction(&[&import[..], &columns[..]].concat());
    assert_eq!(code, 0, "{messages}");
    let plan = ["plan", "--change", "early-rounds", "--data", data];
    let (code, _, messages) = traction(&plan);
    assert_eq!(code, 2);
    assert!(messages.contains("wave is announced yet"), "{messages}");
    let thought_of = ["--slots", "3", "--waves", "2", "--plays", "40"];
    let (code, said, messages) = traction(&[&plan[..], &thought_of[..]].concat());
    assert_eq!(code, 0, "{messages}");
    assert!(said.starts_with("12 units, 3 slots in each of 2 waves"), "{said}");
    assert!(said.contains("Nobody contends yet, so all 12 units with outcomes are taken to"), "{said}");
    assert!(said.contains("as 12 units did over 9 periods before the first start"), "{said}");
    let (code, _, messages) = traction(&["plan", "--change", "late-rounds", "--data", data]);
    assert_eq!(code, 2);
    assert!(messages.contains("no change `late-rounds`"), "{messages}");
}
