//! What was kept of the opening and of the closing, beside the record: a draw with another secret, another list or other
//! terms is found by whoever kept it, also where the record itself verifies.

use super::*;

fn at(text: &str) -> Option<Moment> {
    Some(text.parse().unwrap())
}

fn heading() -> Heading {
    let (change, wave) = (Some("shade".into()), Some("1".into()));
    let (opened, closed) = (at("2026-11-01T08:00:00Z"), at("2026-11-30T17:00:00Z"));
    Heading { change, wave, opened, closed, drawn: None }
}

fn lottery(value: Option<&str>) -> PublicSource {
    let when = Some("2026-12-01T19:00:00Z".to_owned());
    PublicSource::new("national lottery".into(), when, value.map(String::from)).unwrap()
}

/// The draw of the six with a secret, and a lottery whose value came to be.
fn drawn(byte: u8, terms: Terms) -> Record {
    let entrants = Entrants::new(six()).unwrap();
    let heading = Heading { drawn: at("2026-12-02T09:00:00Z"), ..heading() };
    let public = vec![lottery(Some("3 9 14"))];
    Record::new(heading, secret(byte), public, &entrants, &BTreeSet::new(), terms).unwrap()
}

/// What was published of that draw before it.
fn prior(closing: Option<Closing>) -> PriorRecord {
    let source = lottery(None);
    let link = Some("https://lottery.example/results".to_owned());
    PriorRecord {
        heading: heading(),
        commitment: secret(1).commitment(),
        public: vec![NamedSource { name: source.name, when: source.when, link }],
        terms: slots(3),
        closing,
    }
}

fn closing(is_shown: bool) -> Option<Closing> {
    let record = drawn(1, slots(3));
    Some(Closing { list_hash: record.list_hash, list: is_shown.then_some(record.list) })
}

#[track_caller]
fn check(kept: &PriorRecord, record: &Record, differs: Option<&'static str>) {
    let published = Published::parse(&kept.to_json()).unwrap();
    assert_eq!(published, Published::Prior(Box::new(kept.clone())));
    let expect = differs.map_or(Ok(()), |key| Err(Flaw::NotAsPublished { key }));
    assert_eq!(published.agrees_with(record), expect);
}

#[test]
fn a_draw_with_what_was_published_agrees() {
    for kept in [prior(None), prior(closing(false)), prior(closing(true))] {
        check(&kept, &drawn(1, slots(3)), None);
    }
}

#[test]
fn a_secret_put_in_the_place_of_the_one_committed_to_is_found_though_the_record_verifies() {
    let swapped = drawn(2, slots(3));
    assert!(verify(&swapped).is_ok());
    for kept in [prior(None), prior(closing(false))] {
        check(&kept, &swapped, Some("commitment"));
    }
}

#[test]
fn another_list_other_terms_and_other_sources_are_found() {
    let record = drawn(1, slots(3));
    let other = Closing { list_hash: secret(9).commitment(), list: None };
    check(&prior(Some(other)), &record, Some("list_hash"));
    let mut shown = closing(true).unwrap();
    shown.list.as_mut().unwrap()[0].entry.band = 2;
    check(&prior(Some(shown)), &record, Some("list"));
    check(&prior(None), &drawn(1, slots(4)), Some("slots"));
    check(&prior(None), &drawn(1, capped(3, 1)), Some("cap"));
    let mut later = record.clone();
    later.heading.closed = at("2026-11-30T18:00:00Z");
    check(&prior(None), &later, Some("closed"));
    let mut renamed = record.clone();
    renamed.public[0].name = "a number Chris thinks of".into();
    check(&prior(None), &renamed, Some("public"));
}

#[test]
fn a_source_may_be_named_after_opening_and_none_after_closing() {
    let (mut opening, mut closed) = (prior(None), prior(closing(false)));
    opening.public.clear();
    closed.public.clear();
    check(&opening, &drawn(1, slots(3)), None);
    check(&closed, &drawn(1, slots(3)), Some("public"));
    let mut without = drawn(1, slots(3));
    without.public.clear();
    check(&prior(None), &without, Some("public"));
}

#[test]
fn what_was_kept_is_read_strictly() {
    let json = prior(closing(false)).to_json();
    for (from, to) in [("\"list_hash\"", "\"hash\""), ("closing/1", "opening/1"), ("\"slots\"", "\"slot\"")] {
        let wrong = json.replace(from, to);
        assert_ne!(wrong, json);
        assert!(Published::parse(&wrong).is_err(), "{from}");
    }
    let says = Published::parse("{\n  \"schema\": \"traction.draw.opening/1\", \"wave\": 1}").unwrap_err();
    assert_eq!(says.line, 2);
}
