"""The calendars, as a released reader of iCalendar takes them: every event whole, and every slot with its end."""

import urllib.request

from icalendar import Calendar

from ground import DEMO


def read(path):
    with urllib.request.urlopen(DEMO["url"] + path, timeout=20) as answer:
        text = answer.read()
    calendar = Calendar.from_ical(text)
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"] and not calendar.errors, calendar
    assert all(len(line) <= 75 for line in text.split(b"\r\n")), "a line is not folded"
    events = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    for event in calendar.walk("VEVENT"):
        assert not event.errors and event["SUMMARY"] and event.decoded("DTSTAMP").tzinfo, event
        if "DTEND" in event:
            assert event.decoded("DTSTART") < event.decoded("DTEND"), event
        for alarm in event.walk("VALARM"):
            assert alarm["ACTION"] == "DISPLAY" and alarm["DESCRIPTION"], alarm
            assert alarm.decoded("TRIGGER") <= event.decoded("DTSTART"), alarm
    assert len(events) == len(calendar.walk("VEVENT")), "two events have one UID"
    return events


events = read("/calendar.ics")
waves = {uid.removesuffix(".starts@traction") for uid in events if uid.endswith(".starts@traction")}
assert waves, "the demo has waves"
for wave in waves:
    dates = {word: events.get(f"{wave}.{word}@traction") for word in ["opens", "closes", "starts", "ends"]}
    assert dates["opens"].decoded("DTEND") == dates["closes"].decoded("DTSTART"), dates
    ends = dates["ends"]
    assert dates["starts"].get("DTEND") == (ends and ends.get("DTSTART")), dates

change = DEMO["access"]["flag"]
of_change = read(f"/changes/{change}/calendar.ics")
assert of_change.keys() <= events.keys(), "the same dates have the same names in every file"
assert read(f"/changes/{change}/waves/1/calendar.ics").keys() <= of_change.keys()
