use super::*;

#[test]
fn the_words_of_the_switches_are_those_that_facts_are_stored_by() {
    for word in Fact::OF_SWITCHES {
        let id = "0198c0de-0000-7000-8000-000000000000";
        let stored = serde_json::json!({"fact": word, "change": id, "slot": id, "unit": id, "hand_over": id});
        let fact: Fact = serde_json::from_value(stored).unwrap();
        assert!(fact.moves_switches(), "{word}");
    }
}

#[test]
fn a_fact_written_before_it_held_a_hash_still_reads_and_one_that_holds_it_reads_back() {
    let wave = "0198c0de-0000-7000-8000-000000000000";
    for (word, key) in [("draw_committed", "secret_hash"), ("list_frozen", "list_hash")] {
        let before = serde_json::json!({"fact": word, "wave": wave});
        let fact: Fact = serde_json::from_value(before.clone()).unwrap();
        assert_eq!(serde_json::to_value(&fact).unwrap(), before);
        let with = serde_json::json!({"fact": word, "wave": wave, key: "ab".repeat(32)});
        let fact: Fact = serde_json::from_value(with.clone()).unwrap();
        assert_eq!(serde_json::to_value(&fact).unwrap(), with);
        let other = serde_json::json!({"fact": word, "wave": wave, key: "secret"});
        assert!(serde_json::from_value::<Fact>(other).is_err(), "only a hash is held");
    }
}
