//! Which tables hold rows about one person, and what somebody could learn from one.

/// Tables whose rows are each about one person, and what somebody could learn from one.
pub const PERSONAL: &[(&str, &str)] = &[
    ("session", "when somebody came and went"),
    ("friction_share", "who has a friction too, and what it costs him"),
    ("pulse_answered", "who has answered a pulse"),
    ("pulse_tally", "what a few people answered"),
    ("voice", "what one person answered on a case"),
    ("reminder", "who thinks of contending"),
    ("commitment", "what somebody wants to reach, and how"),
    ("check_in", "how sure somebody is, and what he learnt"),
    ("commitment_end", "whether somebody met what he set himself"),
    ("usage_event", "who used what and when, under a subject"),
    ("showing", "for whom a solution was switched on and when, under a subject"),
    ("subject_link", "which subject somebody is"),
    ("subject_alias", "which subjects are one person's"),
    ("use_day", "who used what on which day, under a subject"),
    ("use_day_anew", "as use_day, whose name it takes in the same step"),
    ("dead_letter", "what was sent about somebody and could not be counted"),
    ("has_reviewed", "who has reviewed an expert"),
    ("review", "what one person said of an expert"),
];

/// Tables that name a person and are not about what he does, and why everybody may know.
pub const NOT_ABOUT_A_PERSON: &[(&str, &str)] = &[
    ("role", "who leads and belongs where is the organisation's chart"),
    ("role_of_several", "as role, of whose rows it has copies"),
    ("password", "a hash that only signing in reads"),
    ("sign_in_link", "a hash that only signing in reads"),
    (
        "outbox",
        "that a member gets a letter, as every member does, or whoever tries a remedy; not what it says",
    ),
    ("pulse_link", "that a member was sent his link, as every member was; the rest is a hash"),
];
