//! The list of the rule: who may reach rows about one person, each with its reason.
//! A line is added in review, by somebody who looked at what the caller shows; a line that nobody needs is removed.

/// A function or constant that reaches rows about one person, and may.
#[derive(Debug)]
pub struct Reviewed {
    /// Its file, below `crates/app/src/`.
    pub store: &'static str,
    /// Its name.
    pub item: &'static str,
    /// The other files that may name it.
    pub callers: &'static [&'static str],
    /// Why nobody learns by it about somebody else.
    pub why: &'static str,
}

impl Reviewed {
    /// Whether it is the line of `item` in the file at `path`.
    pub fn is_of(&self, path: &str, item: &str) -> bool {
        self.item == item && path.strip_prefix("crates/app/src/") == Some(self.store)
    }

    /// The module of its file, from the crate's root.
    pub fn module(&self) -> String {
        let stem = self.store.trim_end_matches(".rs");
        stem.trim_end_matches("/mod").replace('/', "::")
    }
}

const fn line(
    store: &'static str,
    item: &'static str,
    callers: &'static [&'static str],
    why: &'static str,
) -> Reviewed {
    Reviewed { store, item, callers, why }
}

const SESSION: &str = "org/session/store.rs";
const FRICTION: &str = "sense/friction/store.rs";
const READINESS: &str = "sense/readiness/store.rs";
const CASE: &str = "sense/case/store.rs";
const REMINDER: &str = "contend/reminder/store.rs";
const COMMITMENT: &str = "cycle/commitment/store.rs";
const USAGE: &str = "measure/usage/store.rs";
const LETTERS: &str = "measure/usage/letters/store.rs";
const EXPORT: &str = "measure/usage/export/store.rs";
const SUBJECT: &str = "measure/usage/subject/store.rs";
const IDS: &str = "measure/usage/subject/store/ids.rs";
const ALIASES: &str = "measure/usage/subject/store/aliases.rs";
const RETENTION: &str = "measure/usage/retention/store.rs";
const ROLLED: &str = "measure/uptake/store/rolled.rs";
const ARRIVING: &str = "measure/usage/store/arriving.rs";
const TOLD: &str = "keeping/doctor/store/told.rs";
const EXPERT: &str = "sustain/expert/store.rs";

/// Everything that reaches rows about one person.
pub const REVIEWED: &[Reviewed] = &[
    // --- org ---
    line(SESSION, "begin", &["web/session.rs"], "writes"),
    line(SESSION, "alive", &["web/session.rs"], "found only by whoever holds the cookie's secret"),
    line(SESSION, "seen", &["web/session.rs"], "writes"),
    line(SESSION, "end", &["web/session.rs"], "writes"),
    // --- sense ---
    line(
        FRICTION,
        "SHARES",
        &[],
        "who shared is compared, to count nobody twice, and does not leave the file",
    ),
    line(
        FRICTION,
        "all",
        &["sense/friction/verbs.rs", "sense/friction/verbs/care.rs", "demo/floor.rs", "demo/trying.rs"],
        "sums and counts of those who share; the verbs tell counts of five or more",
    ),
    line(FRICTION, "has_shared", &["sense/friction/verbs.rs"], "whether the asker himself shares it"),
    line("sense/friction/store/written.rs", "share", &["sense/friction/store.rs"], "writes"),
    line(FRICTION, "of_person", &["sense/friction/pages.rs"], "the asker's own, for his own page"),
    line(READINESS, "SELECT", &[], "those who answered are counted, which the page of a pulse may say"),
    line(READINESS, "one", &["sense/readiness/verbs.rs"], "as SELECT"),
    line(READINESS, "open", &["sense/readiness/pages/mod.rs"], "as SELECT"),
    line(
        READINESS,
        "waiting_for",
        &["sense/readiness/pages/mod.rs"],
        "whether the asker himself has answered",
    ),
    line(
        READINESS,
        "has_answered",
        &["sense/readiness/pages/pulse.rs"],
        "whether the asker himself has answered",
    ),
    line(READINESS, "add", &["sense/readiness/verbs.rs"], "writes tallies of nothing"),
    line(READINESS, "mark_answered", &["sense/readiness/verbs.rs"], "writes"),
    line(READINESS, "count", &["sense/readiness/verbs.rs"], "writes"),
    line(
        READINESS,
        "readings",
        &["sense/readiness/pages/mod.rs", "sense/readiness/pages/pulse.rs", "contend/policy/ground.rs"],
        "tallies become what may be shown of five people or more before they leave the file",
    ),
    line(CASE, "VOICES", &[], "names nobody: which link was used is in another table that nothing joins"),
    line(
        CASE,
        "add_voice",
        &["sense/case/verbs.rs"],
        "reads them to write them anew in an order that says nothing",
    ),
    line(
        CASE,
        "voices",
        &["sense/case/verbs.rs"],
        "of a closed case, for its opener; the rules tell five together, or those who let their answers be shown",
    ),
    // --- contend ---
    line(
        REMINDER,
        "of_person",
        &["contend/reminder/pages.rs", "contend/reminder/verbs.rs", "overview/attention/mod.rs"],
        "the asker's own",
    ),
    line(REMINDER, "write", &["contend/reminder/verbs.rs"], "writes"),
    // --- cycle ---
    line(COMMITMENT, "SELECT", &[], "scoped to the asker and the units he belongs to"),
    line(COMMITMENT, "seen_by", &["cycle/commitment/pages.rs"], "as SELECT"),
    line(COMMITMENT, "one_seen_by", &["cycle/commitment/verbs.rs"], "as SELECT"),
    line(
        COMMITMENT,
        "check_ins_seen_by",
        &["cycle/commitment/pages.rs"],
        "asks one_seen_by first, and says of a unit's commitment nothing of who checked in",
    ),
    line(COMMITMENT, "add", &["cycle/commitment/verbs.rs"], "writes"),
    line(COMMITMENT, "add_check_in", &["cycle/commitment/verbs.rs"], "writes"),
    line(COMMITMENT, "end", &["cycle/commitment/verbs.rs"], "writes"),
    // --- measure ---
    line(USAGE, "add", &["measure/usage/verbs.rs"], "writes"),
    line(USAGE, "add_showings", &["measure/usage/verbs.rs"], "writes"),
    line(
        USAGE,
        "shown",
        &["measure/usage/pages.rs"],
        "by change and answer; the page holds back fewer than five people",
    ),
    line(
        USAGE,
        "showings_of",
        &["measure/usage/export/mod.rs"],
        "the asker's own, or one person's for the operator, who holds the database itself",
    ),
    line(LETTERS, "about", &["measure/usage/export/mod.rs"], "as showings_of"),
    line(LETTERS, "add", &["measure/usage/verbs.rs"], "writes"),
    line(
        LETTERS,
        "OPEN",
        &[],
        "without whatever is not read of such an event; the subject beside it is shown nowhere",
    ),
    line(
        LETTERS,
        "open",
        &["measure/usage/letters/verbs.rs", "measure/usage/commands.rs"],
        "for administrators and for the system that sent them, who must see what was sent; without names",
    ),
    line(LETTERS, "open_after", &["measure/usage/letters/verbs.rs"], "as open; tries them again"),
    line(LETTERS, "one", &["measure/usage/letters/verbs.rs"], "as open"),
    line(LETTERS, "open_subjects", &["measure/usage/letters/verbs.rs"], "as links_to"),
    line(LETTERS, "of_id", &["measure/usage/commands.rs"], "as open"),
    line(LETTERS, "destroy_of", &["measure/usage/subject/verbs.rs"], "destroys"),
    line(LETTERS, "destroy_of_anybody", &["measure/usage/subject/keys.rs"], "destroys"),
    line(
        SUBJECT,
        "subjects",
        &["measure/usage/subject/verbs.rs"],
        "finds the subject of whom events name, to keep them under it; of himself, for his own page",
    ),
    line(
        SUBJECT,
        "links_to",
        &["measure/usage/subject/verbs.rs"],
        "whose dead letters these are, so that each is counted as his; it is shown nowhere",
    ),
    line(SUBJECT, "LINKS", &[], "as subjects and links_to"),
    line(
        ALIASES,
        "all",
        &["measure/usage/subject/joined.rs", "measure/uptake/store/uses.rs"],
        "has whoever is counted be one; subjects name nobody, and none of them is shown",
    ),
    line(ALIASES, "own", &[], "as join"),
    line(ALIASES, "join", &["measure/usage/subject/joined.rs", "measure/usage/subject/verbs.rs"], "writes"),
    line(IDS, "take_out_of", &["measure/usage/subject/verbs.rs"], "takes away"),
    line(IDS, "next", &["measure/usage/subject/keys.rs"], "when the next few arrived, of all"),
    line(IDS, "take_out", &["measure/usage/subject/keys.rs"], "takes away"),
    line(LETTERS, "is_source", &["measure/usage/commands.rs"], "whether a system ever sent anything"),
    line(
        SUBJECT,
        "add_links",
        &["measure/usage/subject/keys.rs", "measure/usage/subject/verbs.rs"],
        "writes",
    ),
    line(SUBJECT, "destroy_links", &["measure/usage/subject/verbs.rs"], "destroys"),
    line(SUBJECT, "destroy_named", &["measure/usage/subject/verbs.rs"], "destroys"),
    line(SUBJECT, "destroy_below", &["measure/usage/subject/keys.rs"], "destroys"),
    line(SUBJECT, "destroy_all", &["measure/usage/subject/keys.rs"], "destroys"),
    line(EXPORT, "EXPORTED", &[], "as after and of"),
    line(
        EXPORT,
        "after",
        &["measure/usage/export/mod.rs"],
        "all of it under subjects, for the operator, who holds the database itself",
    ),
    line(
        EXPORT,
        "of",
        &["measure/usage/export/mod.rs"],
        "the asker's own, or one person's for the operator, who holds the database itself",
    ),
    line(EXPORT, "kinds", &["measure/usage/subject/pages.rs"], "the asker's own, for himself"),
    line(
        EXPORT,
        "days",
        &["measure/usage/export/mod.rs", "measure/usage/subject/pages.rs"],
        "as of, and on his own page",
    ),
    line(USAGE, "counts", &["measure/usage/commands.rs"], "one figure over everybody"),
    line(
        ARRIVING,
        "arriving",
        &["measure/usage/pages.rs"],
        "by event; the page holds back fewer than five people",
    ),
    line(
        ARRIVING,
        "by_minute",
        &["measure/usage/pages.rs"],
        "over everybody; the page holds back fewer than five",
    ),
    line(
        ARRIVING,
        "looked_at_since",
        &["measure/usage/pages.rs"],
        "a moment, of so many arrivals that it is nobody's",
    ),
    line(USAGE, "LAST_USES", &[], "the statement of the next"),
    line(
        USAGE,
        "last_uses",
        &["jobs.rs"],
        "by unit, and shown nowhere; a slot lapses by it in units of five people or more",
    ),
    line(
        USAGE,
        "is_known",
        &["measure/usage/letters/verbs.rs"],
        "whether an id is there, for whoever sent it",
    ),
    line(LETTERS, "end", &["measure/usage/letters/verbs.rs"], "empties"),
    line(USAGE, "some", &["measure/usage/pages.rs"], "how many there are of all, up to a bound"),
    line(LETTERS, "n_open", &["measure/usage/pages.rs"], "how many there are of all"),
    line(LETTERS, "reasons", &["measure/usage/pages.rs"], "what is wrong with a client, not who sent it"),
    line(
        RETENTION,
        "is_source",
        &["measure/usage/retention/verbs.rs"],
        "whether a source ever sent anything",
    ),
    line(RETENTION, "may_lack_events", &["measure/uptake/verbs.rs"], "whether anybody's old events are gone"),
    line(
        RETENTION,
        "next_arrival",
        &["measure/usage/retention/verbs.rs"],
        "when anything arrived, of anybody",
    ),
    line(RETENTION, "drop_arrived", &["measure/usage/retention/verbs.rs"], "removes"),
    line(ROLLED, "first_use", &["measure/uptake/verbs.rs"], "the week of the first event of all"),
    line(ROLLED, "roll_up", &["measure/uptake/verbs.rs"], "writes"),
    line(ROLLED, "roll_up_late", &["measure/uptake/verbs.rs"], "writes"),
    line(ROLLED, "is_late", &["measure/uptake/verbs.rs"], "whether anything came late, of anybody"),
    line(ROLLED, "forget_late", &["measure/uptake/verbs.rs"], "removes"),
    line(ROLLED, "ROLL_UP_LATE", &[], "writes"),
    line(
        "measure/uptake/store/uses.rs",
        "uses",
        &["measure/uptake/verbs.rs"],
        "people as numbers without meaning; counted, and what of the counts is told has passed suppression",
    ),
    // --- prove ---
    line("prove/evidence/store.rs", "USED", &[], "the statement of the next"),
    line(
        "prove/evidence/store.rs",
        "used",
        &["prove/evidence/used.rs"],
        "units in which five people or more used it, or nobody by name; of smaller units nothing is said",
    ),
    // --- sustain ---
    line(EXPERT, "n_written", &["sustain/expert/verbs.rs", "sustain/expert/pages.rs"], "the asker's own"),
    line(EXPERT, "add_reviewer", &["sustain/expert/verbs.rs"], "writes"),
    line(
        EXPERT,
        "add_review",
        &["sustain/expert/verbs.rs"],
        "reads them to write them anew in an order that says nothing",
    ),
    line(EXPERT, "REVIEWS", &[], "names nobody: who has reviewed is in another table that nothing joins"),
    line(EXPERT, "reviews", &["sustain/expert/pages.rs"], "as REVIEWS; the rules show five together or none"),
    // --- keeping ---
    line(
        "keeping/doctor/store/usage.rs",
        "events",
        &[],
        "how many there are of each change, for the operator, who holds the database itself",
    ),
    line(
        TOLD,
        "weeks",
        &["keeping/doctor/store/usage.rs"],
        "in which week sums of everybody do not agree, as events",
    ),
    line(TOLD, "COUNTED", &[], "a statement of the last"),
    line(TOLD, "rolled_up", &["keeping/doctor/store/usage.rs"], "as events"),
    // --- overview ---
    line(
        "overview/attention/store.rs",
        "pulses",
        &["overview/attention/mod.rs"],
        "what waits for the asker himself",
    ),
    line("overview/store.rs", "counts", &["overview/change.rs"], "when the newest event came, of everybody"),
];
