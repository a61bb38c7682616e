//! What exactly each number of uptake counts: one text, printed beside the number on pages, by the API and in the
//! terminal.

/// A number's name and what exactly it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its word for programs.
    pub word: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What exactly it counts.
    pub says: &'static str,
}

const fn define(word: &'static str, name: &'static str, says: &'static str) -> Definition {
    Definition { word, name, says }
}

/// See [`Definition`].
pub const WEEKLY_ACTIVE: Definition = define(
    "weekly_active",
    "Weekly active share",
    "Share of the eligible people with at least one event in the week, Monday to Sunday (UTC). Eligible are the members of units that hold a slot when the week ends. Who uses it in several units is counted in one: where he began, until that unit no longer has it, or he has used it nowhere for three weeks. Who belongs to several is eligible in one: the one that had it first.",
);
/// See [`Definition`].
pub const UTILISATION: Definition = define(
    "utilisation",
    "Utilisation",
    "Share of the eligible people with at least one event in the 28 days that end with the week (in fewer, where access is younger). Told of a unit only where five or more of them were not active in the week itself.",
);
/// See [`Definition`].
pub const ACTIVATION: Definition = define(
    "activation",
    "Activation",
    "Share of the eligible people who used the solution within 14 days of access. Units without 14 full days of access are left out; counted once, then kept.",
);
/// See [`Definition`].
pub const REACH: Definition = define(
    "reach",
    "Reach",
    "Share of the people whose unit holds a slot or held one who used the solution at least once while it did. Told every fourth week, and only when five or more are new; it never falls, so read it beside the weekly active share.",
);
/// See [`Definition`].
pub const STICKINESS: Definition = define(
    "stickiness",
    "Stickiness",
    "People active in the week as a share of those active in the 28 days that end with it (WAU/MAU, MAU of 28 days). It also rises when fewer use it at all, so read it beside the weekly active share.",
);
/// See [`Definition`].
pub const LIFECYCLE: Definition = define(
    "lifecycle",
    "New, returning, resurrecting, dormant",
    "Periods of 28 days from the change's first access. New: first use ever. Returning: active in this period and the one before. Resurrecting: active in this one, not in the one before, but earlier. Dormant: active in the one before and not in this one, also because their unit no longer has it. Shown only where all four are five people or more.",
);
/// See [`Definition`].
pub const RETENTION: Definition = define(
    "retention",
    "Retention (bounded)",
    "Of the people whose first use fell in one period of 28 days, the share active exactly in a later one. Not \"in that period or later\", which is never smaller.",
);
/// See [`Definition`].
pub const FREQUENCY: Definition = define(
    "frequency",
    "Frequency",
    "Days with at least one event among the 28 that end with the week (L28), of those with any: the median person's.",
);
/// See [`Definition`].
pub const DEPTH: Definition = define(
    "depth",
    "Depth",
    "Events in the 28 days that end with the week, per active person: the median, and the 90th percentile (as few as nine in ten do not exceed) where fifty people or more are active.",
);
/// See [`Definition`].
pub const BREADTH: Definition = define(
    "breadth",
    "Breadth",
    "Different kinds of events per active person in the 28 days that end with the week, mean, of all kinds that were seen by then. Not the share of people who use it at all, which is reach.",
);
/// See [`Definition`].
pub const TIME_TO_ADOPT: Definition = define(
    "time_to_adopt",
    "Time to adopt",
    "Days from access to the first event by which 50 % and 80 % of the eligible people had begun (Kaplan–Meier; those who have not begun yet count as waiting, until their unit's access ends). The range holds 95 % (Greenwood, log–log). Told every fourth week.",
);
/// See [`Definition`].
pub const CURVE: Definition = define(
    "curve",
    "The course by Bass",
    "First uses by week since access in the units that were followed longest, with all their members as the market: innovation (p in the papers) is the weekly share that begins by itself, imitation (q) what it gains when all others have begun. Not fitted before its fastest week is over, nor on fewer than 12 weeks.",
);

/// All definitions, in the order in which the numbers stand on a page.
pub const DEFINITIONS: [Definition; 12] = [
    WEEKLY_ACTIVE,
    UTILISATION,
    ACTIVATION,
    REACH,
    STICKINESS,
    LIFECYCLE,
    RETENTION,
    FREQUENCY,
    DEPTH,
    BREADTH,
    TIME_TO_ADOPT,
    CURVE,
];
