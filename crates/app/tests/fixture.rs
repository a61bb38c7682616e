//! The change that stories begin with where any would do.

/// What its form is filled in with; more entries may follow.
pub const BEDSIDE_TESTS: [(&str, &str); 8] = [
    ("name", "Bedside tests"),
    ("promise", "Results in ten minutes"),
    ("goal_title", "Results within the hour"),
    ("target", "60"),
    ("metric_name", "Waiting time"),
    ("unit_of_measure", "minutes per test"),
    ("better", "down"),
    ("worth", "10"),
];
