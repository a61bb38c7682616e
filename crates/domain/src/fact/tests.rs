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
