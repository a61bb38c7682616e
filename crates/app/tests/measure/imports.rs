//! Files: taken once, tried without trace, refused whole with file, line and column.

use traction::measure::import::report::Report;
use traction::measure::import::sheet::File;
use traction::measure::import::{applications, frictions, outcomes, people, units, usage};
use traction::measure::outcome::verbs::Mode;
use traction::offer::{change, metric, wave};
use traction::trouble::Trouble;
use traction_domain::offer::metric::{self as metric_rules, Better};
use traction_domain::offer::wave::WaveTimes;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::measure::uptake::CHANGE;
use crate::world::{TestWorld, on_both};

const UNITS: &str = "unit,name,parent,members,floor\nward-1,Ward 1,north,24,3\nnorth,North hospital,,,\nward-2,Ward 2,north,,\n";
const PEOPLE: &str = "person,name,email,unit,role\np1,Jo,jo@x.org,ward-1,lead\np2,Kim,,ward-1,\np2,Kim,,ward-2,member\np3,Lou,,,\n";

async fn import(world: &TestWorld, kind: &str, text: &str, mode: Mode) -> Result<Report, Trouble> {
    let file = File { name: format!("{kind}.csv"), bytes: text.as_bytes().to_vec() };
    let (world, who) = (&world.world, Who::operator());
    match kind {
        "units" => units::run(world, &who, &file, mode).await,
        "people" => people::run(world, &who, &file, mode).await,
        "usage" => usage::run(world, &who, &file, None, mode).await,
        "frictions" => frictions::run(world, &who, &file, mode).await,
        _ => {
            let metric = metric::verbs::find(world.store().read(), "absence").await.unwrap();
            outcomes::run(world, &who, &file, &metric, mode).await
        }
    }
}

async fn define_absence(world: &TestWorld) {
    let proposed = metric_rules::propose("Absence", "days a month", Better::Down).unwrap();
    metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap();
}

/// What the journal holds, as the measure of whether something happened.
async fn n_facts(world: &TestWorld) -> i64 {
    world.world.store().read().last_entry().await.unwrap()
}

#[test]
fn every_kind_of_file_is_tried_without_trace_taken_once_and_then_changes_nothing() {
    on_both(async |world| {
        define_absence(&world).await;
        for (kind, text, says) in [
            ("units", UNITS, "units, 3 rows: 3 added, 0 unchanged"),
            ("people", PEOPLE, "people, 4 rows: 3 people added, 3 roles given, 0 unchanged"),
            (
                "outcomes",
                "unit,period,value\nWard 1,2026,2.5\nward-2,2026,3\n",
                "outcomes, 2 rows: 2 new, 0 unchanged",
            ),
            (
                "usage",
                "person,at,event,value\np1,2026-02-03,opened,\np1,2026-02-03,opened,\np2,2026-02-03T10:00:00+01:00,opened,2\n",
                "usage, 3 rows: 3 events, 0 unchanged",
            ),
            (
                "frictions",
                "unit,title,times_per_week,minutes,people,reported_at,state\nward-1,Late results,10,30,4,2026-01-05,being-removed\nward-2,No beds,1,15,,,\n",
                "frictions, 2 rows: 2 added, 0 unchanged",
            ),
        ] {
            let before = n_facts(&world).await;
            let tried = import(&world, kind, text, Mode::Try).await.unwrap();
            assert_eq!(tried.to_string(), format!("{says} (tried only: nothing was kept)."));
            assert_eq!(n_facts(&world).await, before, "{kind} was only tried");
            let taken = import(&world, kind, text, Mode::Take).await.unwrap();
            assert_eq!(taken.to_string(), format!("{says}."));
            let after = n_facts(&world).await;
            assert!(after > before, "{kind} was taken");
            let again = import(&world, kind, text, Mode::Take).await.unwrap();
            assert!(!again.changes_something(), "{again}");
            assert_eq!((again.n_unchanged, n_facts(&world).await), (taken.n_rows, after), "{kind} twice");
        }
        let visitor = world.visitor();
        visitor.get("/units/ward-1").await.shows("2 people, led by Jo").is(200);
        visitor
            .get("/frictions")
            .await
            .shows("2 open")
            .shows("Late results Ward 1 20 7.5 to 53 being removed");
    });
}

#[test]
fn two_people_who_did_the_same_at_the_same_time_are_two_events_of_a_file_without_ids() {
    on_both(async |world| {
        import(&world, "units", UNITS, Mode::Take).await.unwrap();
        import(&world, "people", PEOPLE, Mode::Take).await.unwrap();
        let text = "at,event,person\n2026-01-01,opened,p1\n2026-01-01,opened,p2\n";
        let taken = import(&world, "usage", text, Mode::Take).await.unwrap();
        assert_eq!(taken.to_string(), "usage, 2 rows: 2 events, 0 unchanged.");
        let again = import(&world, "usage", text, Mode::Take).await.unwrap();
        assert_eq!((again.changes_something(), again.n_unchanged), (false, 2), "{again}");
        let by_id = "at,event,person,id\n2026-01-01,shut,p1,i\n2026-01-01,shut,p1,i\n2026-01-01,shut,p2,\n2026-01-01,shut,p1,\n";
        let taken = import(&world, "usage", by_id, Mode::Take).await.unwrap();
        assert_eq!(taken.to_string(), "usage, 4 rows: 3 events, 1 unchanged.");
    });
}

#[test]
fn applications_come_in_by_the_rules_of_the_wave() {
    on_both(async |world| {
        import(&world, "units", UNITS, Mode::Take).await.unwrap();
        let lead = world.person("lea", RoleWord::ChangeLead, None).await;
        let lead = world.browser_of(lead).await;
        lead.submit("/changes", &CHANGE).await;
        lead.submit(
            "/changes/early-rounds/prediction",
            &[("prediction", "Half leave early"), ("effect", "5")],
        )
        .await;
        let sql = world.world.store().read();
        let change = change::verbs::find(sql, "early-rounds").await.unwrap();
        let day = |n| world.world.now().after_days(n);
        let times =
            WaveTimes { opens_at: day(1), closes_at: day(8), starts_at: day(15), ends_at: Some(day(60)) };
        wave::verbs::announce(&world.world, &Who::operator(), &change, 1, times, "Rounds at eight")
            .await
            .unwrap();
        let (_, wave) = wave::verbs::find(sql, "early-rounds", 1).await.unwrap();
        let take = async |text: &str| {
            let file = File { name: "wishes.csv".into(), bytes: text.as_bytes().to_vec() };
            let done = applications::run(&world.world, &Who::operator(), &file, &wave, Mode::Take).await;
            done.map_or_else(|refused| refused.to_string(), |report| report.to_string())
        };
        let text = "unit,pain,aim,owner,pledge\nward-1,Beds late,Home by noon,Jo,Rounds at eight\nward-2,Beds late,Home by ten,Kim,Rounds at eight\n";
        let refused = take(text).await;
        assert!(refused.starts_with("wishes.csv: line 2, column `unit`: applications open on"), "{refused}");
        world.days_go_by(2.0).await;
        let before = n_facts(&world).await;
        let refused = take(&text.replace("ward-2,Beds late", "ward-2,")).await;
        assert!(refused.starts_with("wishes.csv: line 3, column `pain`: please fill in"), "{refused}");
        assert_eq!(n_facts(&world).await, before, "nothing is half done");
        assert_eq!(take(text).await, "applications, 2 rows: 2 added, 0 unchanged.");
        assert_eq!(take(text).await, "applications, 2 rows: 2 unchanged.");
        let refused = take(&text.replace("ten", "nine")).await;
        assert!(
            refused.starts_with("wishes.csv: line 3, column `unit`: your unit has applied to this wave"),
            "{refused}"
        );
    });
}

#[test]
fn a_unit_that_changed_is_brought_up_to_date() {
    on_both(async |world| {
        import(&world, "units", UNITS, Mode::Take).await.unwrap();
        let report =
            import(&world, "units", "unit,name,members\nward-1,Ward One,30\nward-3,,9\n", Mode::Take)
                .await
                .unwrap();
        assert_eq!(report.to_string(), "units, 2 rows: 1 added, 1 brought up to date, 0 unchanged.");
        world.visitor().get("/units/ward-1").await.shows("Ward One").shows("30 people");
        let page = world.visitor().get("/units/ward-1").await;
        assert!(page.body.contains("North hospital"), "a file without parents moves no unit");
    });
}

#[test]
fn a_person_whose_row_differs_is_brought_up_to_date_and_never_called_unchanged() {
    on_both(async |world| {
        import(&world, "units", UNITS, Mode::Take).await.unwrap();
        import(&world, "people", PEOPLE, Mode::Take).await.unwrap();
        let take = async |text: &str| match import(&world, "people", text, Mode::Take).await {
            Ok(report) => report.to_string(),
            Err(refused) => refused.to_string(),
        };
        let corrected = "person,name,email,unit\np1,Jo Baker,jo2@x.org,ward-1\np2,,,ward-1\n";
        assert_eq!(take(corrected).await, "people, 2 rows: 1 brought up to date, 1 role given, 1 unchanged.");
        assert_eq!(take(corrected).await, "people, 2 rows: 2 unchanged.");
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        world.browser_of(ada).await.get("/people").await.shows("Jo Baker jo2@x.org").shows("Kim");
        // The former address is free again, and nobody takes another's.
        assert_eq!(
            take("person,email\np2,jo@x.org\n").await,
            "people, 1 row: 1 brought up to date, 0 unchanged."
        );
        let refused = take("person,name,email\np1,Jo,jo@x.org\n").await;
        assert!(
            refused.starts_with("people.csv: line 2, column `email`: somebody has the e-mail address"),
            "{refused}"
        );
        let refused = take("person,name,unit\np2,Kim,ward-1\np2,Kit,ward-2\n").await;
        assert_eq!(
            refused,
            "people.csv: line 3, column `name`: `p2` is Kim by line 2; write the same on every row of one person"
        );
    });
}

#[test]
fn a_bad_file_is_refused_whole_with_its_line_and_column_and_what_would_be_right() {
    on_both(async |world| {
        define_absence(&world).await;
        import(&world, "units", UNITS, Mode::Take).await.unwrap();
        import(&world, "people", PEOPLE, Mode::Take).await.unwrap();
        let before = n_facts(&world).await;
        for (kind, text, says) in [
            ("units", "", "units.csv: the table is empty"),
            ("units", "unit\n", "units.csv: there are no rows below the header"),
            (
                "units",
                "ward\nx\n",
                "units.csv: there is no column `unit`; there is one column only, `ward`; columns are told by comma, semicolon or tab",
            ),
            (
                "units",
                "unit,name\nok,Ok\nWard 9,x\n",
                "units.csv: line 3, column `unit`: `Ward 9` cannot be a short name",
            ),
            ("units", "unit\na\nb\na\n", "units.csv: line 4, column `unit`: `a` stands on line 2 already"),
            (
                "units",
                "unit,parent\na,nowhere\n",
                "units.csv: line 2, column `parent`: there is no unit `nowhere`",
            ),
            (
                "units",
                "unit,parent\na,b\nb,a\n",
                "units.csv: line 2, column `parent`: `a` would belong to itself",
            ),
            (
                "units",
                "unit,parent\nnorth,ward-1\n",
                "units.csv: line 2, column `parent`: `north` would belong to itself",
            ),
            ("units", "unit,members\na,many\n", "units.csv: line 2, column `members`: `many` is not a count"),
            (
                "units",
                "unit,name\nz,\"Zed",
                "units.csv: a quote opened on line 2 is not closed before the end",
            ),
            (
                "units",
                "unit,name\na,A\nb,B\0b\n",
                "units.csv: line 3, column `name`: the unit's name contains a character that cannot be read (U+0000)",
            ),
            (
                "people",
                "person,name\nx\0y,Jo\n",
                "people.csv: line 2, column `person`: the external id contains a character that cannot be read",
            ),
            ("units", "unit,name\na,A\nb,B,C\n", "units.csv: line 3 has 3 fields where the header has 2"),
            (
                "people",
                "person,unit\nx,ward-1\ny,ward-9\n",
                "people.csv: line 3, column `unit`: there is no unit `ward-9`",
            ),
            (
                "people",
                "person,unit,role\nx,ward-1,boss\n",
                "people.csv: line 2, column `role`: `boss` is not a role in a unit",
            ),
            ("people", "person,role\nx,lead\n", "people.csv: line 2, column `unit`: nothing is there"),
            (
                "people",
                "person,email\nx,nowhere\n",
                "people.csv: line 2, column `email`: `nowhere` is not an e-mail address",
            ),
            (
                "people",
                "person,email\nx,jo@x.org\n",
                "people.csv: line 2, column `email`: somebody has the e-mail address",
            ),
            ("people", "name,person\nx,\n", "people.csv: line 2, column `person`: nothing is there"),
            ("outcomes", "unit,period\nward-1,2026\n", "outcomes.csv: there is no column `value`"),
            (
                "outcomes",
                "unit,period,value\nward-1,2026,1\nward-1,spring,1\n",
                "outcomes.csv: line 3, column `period`: `spring` cannot be read; give a whole number",
            ),
            (
                "outcomes",
                "unit,period,value\nward-1,2026,1\nward-2,2026-01,1\n",
                "outcomes.csv: line 3, column `period`: `2026-01` is not of one kind with line 2",
            ),
            (
                "outcomes",
                "unit,period,value\nward-1,2026,1\nward-1,2026,2\n",
                "outcomes.csv: line 3, column `period`: `ward-1` has a row for 2026 already on line 2",
            ),
            (
                "outcomes",
                "unit;period;value\nward-1;2026;1,5\n",
                "outcomes.csv: line 2, column `value`: `1,5` has a decimal comma; write 1.5",
            ),
            (
                "outcomes",
                "unit,period,numerator,denominator\nward-1,2026,1,0\n",
                "outcomes.csv: line 2, column `denominator`: 1 of 0 cannot be",
            ),
            (
                "outcomes",
                "unit,period,value\nward-1,2026,\n",
                "outcomes.csv: no row gives a value, so there is nothing to take",
            ),
            ("usage", "at,event\n2026-01-01,x\n", "usage.csv: there is no column `person`, nor `unit`"),
            (
                "usage",
                "at,event,person\n1/2/2026,x,p1\n",
                "usage.csv: line 2, column `at`: `1/2/2026` is not a time",
            ),
            (
                "usage",
                "at,event,person\n2026-01-01 23:59,x,p1\n",
                "usage.csv: line 2, column `at`: `2026-01-01 23:59` is not a time; write it like",
            ),
            (
                "usage",
                "at,event,person,id\n2026-01-01,x,p1,i\n2026-01-01,x,p1,i\n2026-01-02,x,p2,i\n",
                "usage.csv: line 4, column `id`: line 2 has `i` already for something else",
            ),
            (
                "usage",
                "at,event,person\n2031-01-01,x,p1\n",
                "usage.csv: line 2, column `at`: `2031-01-01` is still to come",
            ),
            (
                "usage",
                "at,event,person\n2026-01-01,x,\n",
                "usage.csv: line 2, column `person`: the event names nobody",
            ),
            (
                "usage",
                "at,event,unit\n2026-01-01,x,ward-9\n",
                "usage.csv: line 2, column `unit`: there is no unit `ward-9`",
            ),
            (
                "frictions",
                "unit,title,times_per_week,minutes\nward-1,Late,often,3\n",
                "frictions.csv: line 2, column `times_per_week`: `often` is not a number",
            ),
            (
                "frictions",
                "unit,title,times_per_week,minutes\nward-1,Late,3,99999\n",
                "frictions.csv: line 2, column `minutes`: how many minutes each time is 99999",
            ),
            (
                "frictions",
                "unit,title,times_per_week,minutes\nward-1,,3,3\n",
                "frictions.csv: line 2, column `title`: please fill in",
            ),
            (
                "frictions",
                "unit,title,times_per_week,minutes,state\nward-1,Late,3,3,lost\n",
                "frictions.csv: line 2, column `state`: `lost` is not a state",
            ),
        ] {
            let refused = import(&world, kind, text, Mode::Take).await.unwrap_err();
            let refused = refused.to_string();
            assert!(refused.starts_with(says), "{text}\n{refused}\nis not\n{says}");
            assert_eq!(n_facts(&world).await, before, "nothing is half done: {refused}");
        }
    });
}
