//! What the simulated people say.

/// The hospitals of the group.
pub const HOSPITALS: [&str; 6] = [
    "Harbour Hospital",
    "St. Brigid's",
    "Northgate Infirmary",
    "Castle Hill",
    "Riverside General",
    "Queen's Cross",
];

/// The wards of each hospital.
pub const WARDS: [&str; 10] = [
    "Acute Medicine",
    "Cardiology",
    "Emergency",
    "Geriatrics",
    "Maternity",
    "Neurology",
    "Oncology",
    "Orthopaedics",
    "Paediatrics",
    "Surgery",
];

/// First names.
pub const FIRST: [&str; 30] = [
    "Ada", "Amir", "Bea", "Carl", "Chloe", "Dara", "Dev", "Ella", "Emil", "Fay", "Femi", "Grace", "Hana",
    "Ivo", "Jo", "Kofi", "Lena", "Luca", "Maya", "Milo", "Nadia", "Noor", "Olga", "Omar", "Pia", "Rafi",
    "Rosa", "Sam", "Tess", "Yara",
];

/// Last names.
pub const LAST: [&str; 40] = [
    "Adler", "Baker", "Bianchi", "Brandt", "Cole", "Costa", "Dale", "Diaz", "Ekman", "Ferris", "Fischer",
    "Gale", "Grant", "Haas", "Hughes", "Ito", "Jansen", "Kaur", "Keller", "Khan", "Lang", "Lopez", "Marsh",
    "Meyer", "Novak", "Okoye", "Olsen", "Park", "Patel", "Quinn", "Reid", "Rossi", "Sato", "Singh", "Tanner",
    "Ueda", "Vogel", "Walsh", "Yilmaz", "Zeller",
];

/// A pain: the line, as one says it in this ward and in that, times a week, minutes each time, people.
pub type Pain = ([&'static str; 3], f64, f64, f64);

/// What gets in the way on wards.
pub const PAINS: [Pain; 16] = [
    (
        [
            "Blood results come back after the round",
            "We decide without the lab values of the day",
            "The round is over when the lab answers",
        ],
        14.0,
        25.0,
        4.0,
    ),
    (
        [
            "The same admission form is filled in twice",
            "Admission is typed from paper into the system",
            "Patients tell the same thing to three of us",
        ],
        20.0,
        12.0,
        6.0,
    ),
    (
        [
            "Nobody knows who has the bladder scanner",
            "We look for the bladder scanner on two floors",
            "The bladder scanner is lent out and does not come back",
        ],
        9.0,
        15.0,
        3.0,
    ),
    (
        [
            "Discharge letters wait for one signature",
            "Nobody may sign the discharge letter before noon",
            "Patients sit packed and wait for their letter",
        ],
        12.0,
        20.0,
        2.0,
    ),
    (
        [
            "Phones ring out at the pharmacy",
            "The pharmacy does not pick up",
            "No answer from the pharmacy after four",
        ],
        15.0,
        8.0,
        5.0,
    ),
    (
        [
            "Porters are booked by fax",
            "The porters' fax is always busy",
            "Whoever wants a porter writes a fax",
        ],
        10.0,
        10.0,
        3.0,
    ),
    (
        [
            "Log-in takes four minutes on the shared computers",
            "The computers on the trolleys take ages to start",
            "Signing in again for each patient",
        ],
        40.0,
        4.0,
        9.0,
    ),
    (
        [
            "Hand-over runs late since lists are on paper",
            "Two lists at hand-over, and they differ",
            "Hand-over takes half an hour longer than planned",
        ],
        14.0,
        15.0,
        8.0,
    ),
    (
        [
            "Blood tubes are sent back unlabelled",
            "The lab refuses tubes for want of a label",
            "Blood is drawn again since the label was missing",
        ],
        6.0,
        20.0,
        2.0,
    ),
    (
        [
            "Wheelchairs are never where they belong",
            "No wheelchair when a patient goes to X-ray",
            "We fetch wheelchairs from the entrance",
        ],
        18.0,
        7.0,
        4.0,
    ),
    (
        [
            "Bed status is wrong until noon",
            "Admissions come for beds that are not free",
            "The bed board is filled in once a day",
        ],
        7.0,
        30.0,
        3.0,
    ),
    (
        [
            "Consent forms are missing on the day of surgery",
            "Theatre calls and the consent is not signed",
            "Consent is in another folder each time",
        ],
        4.0,
        45.0,
        3.0,
    ),
    (
        [
            "Printers jam when labels are needed",
            "The label printer eats every fifth label",
            "One printer for two corridors",
        ],
        11.0,
        9.0,
        5.0,
    ),
    (
        [
            "Relatives call for the same information all day",
            "The phone rings through the drug round",
            "Families call the ward since nobody calls them",
        ],
        25.0,
        6.0,
        4.0,
    ),
    (
        [
            "Night shift cannot order supplies",
            "What runs out at night stays out until morning",
            "The store is locked after eight",
        ],
        5.0,
        20.0,
        2.0,
    ),
    (
        [
            "Results of other hospitals come by post",
            "We ask patients for their old results",
            "Findings from elsewhere arrive after discharge",
        ],
        3.0,
        30.0,
        2.0,
    ),
];

/// What answers say.
pub const ANSWERS: [&str; 6] = [
    "We timed it for a week; you are right. We try a remedy in a small test.",
    "Thank you. The supplier comes on Thursday.",
    "We have moved it to the top of our list.",
    "This needs the lab; we have asked them and tell you on Friday.",
    "Two others said the same. We look at it at the next huddle.",
    "We found the cause: a setting that nobody had changed for years.",
];

/// Why a unit applies: pain and aim.
pub const APPLICATIONS: [(&str, &str); 6] = [
    ("Results come after the round, so decisions wait a day", "Decide on the round itself"),
    ("We chase the lab on the phone ten times a shift", "No call to the lab for a week"),
    ("Patients wait for one blood value to go home", "Discharge before lunch"),
    ("Tubes get lost between ward and lab", "No tube lost in a month"),
    ("Night shift waits until the morning for results", "The same service at night"),
    ("We draw blood twice since the first is late", "Draw once"),
];

/// Ideas from the front line: what one would try, and what would get better.
pub const IDEAS: [(&str, &str); 8] = [
    ("A hook with a photo for each scanner", "Nobody searches for it any more"),
    ("One shared line for relatives, answered by turns", "The round is not interrupted"),
    ("Labels printed at the bedside", "No tube comes back unlabelled"),
    ("The discharge letter begun on the day of admission", "Patients go home before noon"),
    ("A red card on wheelchairs that must come back", "There is one when it is needed"),
    ("A two-minute stand-up at noon for beds", "Bed status is right after it"),
    ("Supplies ordered by scanning the empty box", "Night shift never runs out"),
    ("A list of who is on for what, on the door", "Fewer calls to find out"),
];

/// What is said of an idea that is tried.
pub const TRIED: [&str; 4] = [
    "Two weeks, on the early shift",
    "In two bays, until the end of the month",
    "One week by day, one by night",
    "With the three of us who thought of it first",
];

/// What is said of an idea that stays.
pub const ADOPTED: [&str; 4] = [
    "It stays: it takes nobody a minute",
    "The late shift asked for it as well",
    "Nobody wants to go back",
    "It stays, with a bigger sheet of paper",
];

/// Why an idea is dropped.
pub const DROPPED: [&str; 4] = [
    "At night nobody is there to do it",
    "It made two more calls of one",
    "The pharmacy cannot, until its new rota in autumn",
    "After a week it was back where it was",
];

/// Cycles: aim, prediction, plan.
pub const CYCLES: [(&str, &str, &str); 4] = [
    (
        "Results on the round itself",
        "Eight of ten rounds decide at once",
        "Two bays, one week, one nurse carries the kit",
    ),
    ("No second blood draw", "Half as many as last week", "Draw at the bedside for a week on one bay"),
    (
        "The board is read by everybody",
        "All of the early shift can say the first discharge",
        "Five minutes standing, for a week",
    ),
    ("Fewer calls to the lab", "Fewer than three a shift", "Write down each call for a week on one bay"),
];
