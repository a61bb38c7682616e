//! The call of a wave sells the slot: what others got, one's own gap, a draft, a reminder, and the dates as a calendar.

use traction_domain::org::role::RoleWord;

use super::ground::{CHANGE, WAVE, application, contenders, ward, wave};
use crate::journey;
use crate::world::on_both;

#[test]
fn a_call_tells_when_it_closes_and_what_is_asked_and_what_others_got() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-02T08:00").await;
        let call = world.visitor().get(WAVE).await;
        call.shows("4 days, 1 hour left")
            .shows("Fri 6 Mar 2026, 09:00 UTC")
            .shows("Time zone UTC")
            .shows("An hour a week")
            .shows("No result of this change is published yet")
            .hides("Your unit");
        assert!(call.body.contains("<time class=\"left\" datetime=\"2026-03-06T09:00:00Z\""));
    });
}

#[test]
fn published_effects_stand_on_the_call_with_their_intervals_beside_the_own_gap() {
    on_both(async |world| {
        let hospital = journey::told(&world).await;
        let call = "/changes/bedside-tests/waves/1";
        let visitor = world.visitor().get(call).await;
        visitor
            .shows("What others got")
            .shows("The newest published effect, with its interval")
            .shows("Low end")
            .hides("from the goal of");
        let lead = hospital.at(hospital.wards[0].lead).await;
        let own = lead.get(call).await;
        own.shows("Your unit").shows("from the goal of").shows("See the whole way");
        let other = &hospital.wards[1];
        own.hides(&format!("{} is ", other.slug));
    });
}

#[test]
fn three_fields_apply_and_the_pledge_is_what_the_wave_asks() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-02T08:00").await;
        let ash = ward(&world, "ash").await;
        let unit = ash.id.to_string();
        ash.lead.get(WAVE).await.shows("For ash").shows("By applying, the unit pledges: An hour a week");
        let three = [("unit", &*unit), ("pain", "Late"), ("aim", "Early"), ("owner", "Jo")];
        ash.lead.submit(&format!("{WAVE}/applications"), &three).await;
        ash.lead.get(WAVE).await.shows("ash has applied").shows("Pledge An hour a week");
    });
}

#[test]
fn a_draft_waits_until_it_is_sent_and_only_the_units_leads_read_it() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-03T08:00").await;
        let ash = ward(&world, "ash").await;
        let elm = ward(&world, "elm").await;
        let unit = ash.id.to_string();
        let applications = format!("{WAVE}/applications");
        let begun = [("unit", &*unit), ("pain", "Half a thought"), ("then", "keep")];
        elm.lead.post(&applications, &begun).await.is(403);
        world.visitor().post(&applications, &begun).await.is(303);
        let empty = [("unit", &*unit), ("pain", " "), ("then", "keep")];
        ash.lead.post(&applications, &empty).await.is(422).shows("something, then it can be kept");
        let kept = ash.lead.submit(&applications, &begun).await;
        assert_eq!(kept, format!("{WAVE}?unit={unit}#apply"));
        ash.lead.get(WAVE).await.shows("Half a thought").shows("contends for nothing until it is sent");
        for other in [&elm.lead, &cleo, &world.visitor()] {
            other.get(WAVE).await.hides("Half a thought");
        }
        // Early to send, not early to write on.
        ash.lead.post(&applications, &application(&unit)).await.is(422).shows("Applications open on 3 March");
        let more =
            [("unit", &*unit), ("pain", "A whole one"), ("aim", "Aim"), ("owner", "Jo"), ("then", "keep")];
        ash.lead.submit(&applications, &more).await;
        ash.lead.get(WAVE).await.shows("A whole one").hides("Half a thought");
        ash.lead.submit(&applications, &[("unit", &unit), ("then", "drop")]).await;
        ash.lead.get(WAVE).await.hides("A whole one");
        ash.lead.submit(&applications, &more).await;

        world.days_go_by(1.0).await;
        world.visitor().get(WAVE).await.shows("Nobody contends yet for 2 slots");
        let send =
            [("unit", &*unit), ("pain", "A whole one"), ("aim", "Aim"), ("owner", "Jo"), ("then", "send")];
        ash.lead.submit(&applications, &send).await;
        ash.lead.get(WAVE).await.shows("ash has applied").hides("contends for nothing");
        ash.lead.post(&applications, &more).await.is(422).shows("Your unit has applied to this wave");
        world.days_go_by(3.2).await;
        elm.lead
            .post(&applications, &[("unit", &elm.id.to_string()), ("pain", "x"), ("then", "keep")])
            .await
            .is(422)
            .shows("Applications closed on 6 March 2026");
    });
}

#[test]
fn a_reminder_speaks_on_the_first_page_when_it_is_due_and_to_nobody_else() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T20:00").await;
        let unit = world.unit("ash", None).await;
        let kim = world.person("kim", RoleWord::Member, Some(unit)).await;
        let kim = world.browser_of(kim).await;
        let reminder = format!("{WAVE}/reminder");
        world.visitor().post(&reminder, &[("state", "asked")]).await.is(303);
        kim.get(WAVE).await.shows("Remind me");
        kim.submit(&reminder, &[("state", "asked")]).await;
        kim.submit(&reminder, &[("state", "asked")]).await;
        kim.get(WAVE).await.shows("Do not remind me").shows("from 2 days before it closes");
        kim.get("/").await.hides("You asked to be reminded");
        world.days_go_by(0.6).await;
        kim.get("/").await.shows("You asked to be reminded: wave 1 of Bedside tests is open");
        cleo.get("/").await.hides("You asked to be reminded");
        world.days_go_by(2.0).await;
        kim.get("/").await.shows("wave 1 of Bedside tests closes soon");
        kim.submit(&reminder, &[("state", "ended")]).await;
        kim.get("/").await.hides("You asked to be reminded");
        kim.submit(&reminder, &[("state", "asked")]).await;
        world.days_go_by(2.0).await;
        kim.get("/").await.hides("You asked to be reminded");
        kim.post(&reminder, &[("state", "asked")]).await.is(422).shows("Applications closed on 6 March 2026");
    });
}

/// The lines of a calendar without their folds.
fn lines(calendar: &str) -> Vec<String> {
    assert!(calendar.ends_with("END:VCALENDAR\r\n"), "lines end as RFC 5545 asks: {calendar:?}");
    assert!(
        calendar.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')),
        "lines are folded at 75 bytes"
    );
    calendar.replace("\r\n ", "").lines().map(str::to_owned).collect()
}

fn values<'a>(lines: &'a [String], name: &str) -> Vec<&'a str> {
    lines.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':')).collect()
}

#[test]
fn dates_come_as_a_calendar_with_lasting_ids_in_utc() {
    on_both(async |world| {
        wave(&world, "2", "2026-03-02T08:00").await;
        let visitor = world.visitor();
        let answer = visitor.get("/calendar.ics").await;
        answer.is(200);
        assert_eq!(answer.headers["content-type"], "text/calendar; charset=utf-8");
        let all = lines(&answer.body);
        assert_eq!(values(&all, "DTSTART"), ["20260302T080000Z", "20260306T090000Z", "20260308T060000Z"]);
        assert_eq!(values(&all, "DTEND"), ["20260306T090000Z"], "applications; these slots have no end");
        assert_eq!(values(&all, "SUMMARY")[1], "Applications close: Bedside tests\\, wave 1");
        assert_eq!(values(&all, "BEGIN").iter().filter(|part| **part == "VALARM").count(), 0);
        let uids = values(&all, "UID");
        assert!(uids.iter().all(|uid| uid.ends_with("@traction")), "{uids:?}");

        let of_wave = visitor.get(&format!("{WAVE}/calendar.ics")).await.body;
        let one = lines(&of_wave);
        let events: Vec<&str> =
            values(&one, "UID").into_iter().filter(|uid| !uid.starts_with("alarm.")).collect();
        assert_eq!(events, uids, "the same dates have the same ids in every file");
        let rings: Vec<&String> = one.iter().filter(|line| line.starts_with("TRIGGER")).collect();
        assert_eq!(
            rings,
            ["TRIGGER;VALUE=DATE-TIME:20260302T080000Z", "TRIGGER;VALUE=DATE-TIME:20260304T090000Z"]
        );
        world.days_go_by(1.0).await;
        assert_eq!(visitor.get(&format!("{WAVE}/calendar.ics")).await.body, of_wave, "the same to the byte");
        let of_change = lines(&visitor.get(&format!("{CHANGE}/calendar.ics")).await.body);
        assert_eq!(values(&of_change, "UID"), uids);
        visitor.get("/changes/nothing/calendar.ics").await.is(404);
        contenders(&world, ["ash"]).await;
        let after = visitor.get("/calendar.ics").await.body;
        assert!(!after.contains("ash"), "a calendar tells dates, not who contends");
    });
}

#[test]
fn a_calendar_has_the_moments_of_public_sources_and_says_when_it_is_drawn() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        let unfolded = async |path: &str| world.visitor().get(path).await.body.replace("\r\n ", "");
        let of_wave = format!("{WAVE}/calendar.ics");
        let by_hand = "The draw: by hand\\, after applications close";
        assert!(unfolded(&of_wave).await.contains(&format!("{by_hand}\\n")));
        world.visitor().get(WAVE).await.shows("by hand, after applications close");
        let source = [
            ("name", "national lottery"),
            ("link", "https://lottery.example/6of45"),
            ("due", "2026-03-06T19:00"),
        ];
        cleo.submit(&format!("{WAVE}/sources"), &source).await;
        for path in ["/calendar.ics", &format!("{CHANGE}/calendar.ics"), &of_wave] {
            let dates = unfolded(path).await;
            assert!(dates.contains("DTSTART:20260306T190000Z"), "{path}: {dates}");
            assert!(
                dates.contains("SUMMARY:national lottery is published\\, for the draw"),
                "{path}: {dates}"
            );
            assert!(dates.contains(&format!("{by_hand} and national lottery is published")), "{dates}");
        }
    });
}

#[test]
fn a_calendar_survives_whatever_a_pledge_says() {
    on_both(async |world| {
        let cleo = wave(&world, "2", "2026-03-02T08:00").await;
        let pledge = "An hour; a week, and C:\\\r\nBEGIN:VEVENT\r\nthe second line – with “quotes” and a very long tail of ünïcödé that must be folded between its characters and not within them, äöüß";
        let wish = [
            ("n_slots", "1"),
            ("opens_at", "2026-03-03T08:00"),
            ("closes_at", "2026-03-10T08:00"),
            ("starts_at", "2026-03-12T08:00"),
            ("ends_at", "2026-06-12T08:00"),
            ("pledge", pledge),
        ];
        let wave = cleo.submit(&format!("{CHANGE}/waves"), &wish).await;
        let body = world.visitor().get(&format!("{wave}/calendar.ics")).await.body;
        let lines = lines(&body);
        assert_eq!(values(&lines, "BEGIN").iter().filter(|part| **part == "VEVENT").count(), 4);
        assert_eq!(
            values(&lines, "DTSTART"),
            ["20260303T080000Z", "20260310T080000Z", "20260312T080000Z", "20260612T080000Z"]
        );
        let ends = values(&lines, "DTEND");
        assert_eq!(ends, ["20260310T080000Z", "20260612T080000Z"], "of the applications, and of the slots");
        let says = values(&lines, "DESCRIPTION")[0];
        assert!(
            says.contains("An hour\\; a week\\, and C:\\\\\\nBEGIN:VEVENT\\nthe second line – with “quotes”"),
            "{says}"
        );
        assert!(says.contains("äöüß"), "{says}");
        assert_eq!(values(&lines, "SUMMARY")[3], "Slots end: Bedside tests\\, wave 2");
    });
}
