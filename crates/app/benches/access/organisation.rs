//! The organisations of the benchmark, written straight into a database: a million people are not added one by one.

use traction::store::{Place, Store};

/// How large an organisation is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Its word.
    pub word: &'static str,
    /// What it is, for the table.
    pub title: &'static str,
    /// People.
    pub n_people: usize,
    /// Units; each person belongs to one.
    pub n_units: usize,
}

impl Size {
    /// As small as one with a hundred flags may be.
    pub const SMALL: Size =
        Size { word: "small", title: "1,000 people in 20 units", n_people: 1_000, n_units: 20 };
    /// As large as one may be.
    pub const LARGE: Size = Size {
        word: "large",
        title: "1,000,000 people in 20,000 units",
        n_people: 1_000_000,
        n_units: 20_000,
    };

    /// The size of a word.
    pub fn of(word: &str) -> Size {
        if word == Size::LARGE.word { Size::LARGE } else { Size::SMALL }
    }
}

/// How many flags there are in each.
pub const N_FLAGS: usize = 100;

/// Fills an empty database. Every second unit holds slots of three of the changes.
pub async fn fill(place: &Place, size: Size) {
    let store = Store::open(place).await.unwrap();
    let Size { n_people, n_units, .. } = size;
    let id = |table: u8| format!("printf('00000000-0000-7{table:03x}-8000-%012x', n)");
    let count = |n: usize| {
        format!(
            "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {n})"
        )
    };
    let unit_of = format!("printf('00000000-0000-7001-8000-%012x', n % {n_units})");
    let texts = [
        format!(
            "{} INSERT INTO unit (id, slug, name, added_at) SELECT {}, 'unit-' || n, 'Unit ' || n, 0 FROM numbers",
            count(n_units),
            id(1)
        ),
        format!(
            "{} INSERT INTO person (id, name, external_id, added_at) SELECT {}, 'P', 'person-' || n, 0 FROM numbers",
            count(n_people),
            id(2)
        ),
        format!(
            "{} INSERT INTO role (id, person_id, unit_id, word, given_at) SELECT {}, {}, {unit_of}, 'member', 0 FROM numbers",
            count(n_people),
            id(3),
            id(2)
        ),
        format!(
            "{} INSERT INTO metric (id, slug, name, unit_of_measure, better, defined_at)
             SELECT {}, 'metric', 'M', 'm', 'up', 0 FROM numbers",
            count(1),
            id(4)
        ),
        format!(
            "{} INSERT INTO goal (id, title, metric_id, target, set_at) SELECT {}, 'G', {}, 1, 0 FROM numbers",
            count(1),
            id(5),
            id(4)
        ),
        format!(
            "{} INSERT INTO change (id, slug, name, promise, goal_id, metric_id, worth, flag_key, opened_at)
             SELECT {}, 'change-' || n, 'C', 'P', '00000000-0000-7005-8000-000000000000',
               '00000000-0000-7004-8000-000000000000', 1, 'flag-' || printf('%03d', n), 0 FROM numbers",
            count(N_FLAGS),
            id(6)
        ),
        format!(
            "{} INSERT INTO slot (id, change_id, unit_id, asked, not_before, granted_at)
             SELECT {}, printf('00000000-0000-7006-8000-%012x', (n * 37) % {N_FLAGS}),
               printf('00000000-0000-7001-8000-%012x', (n / 3) * 2), 'pull', 0, 0 FROM numbers",
            count(n_units / 2 * 3),
            id(7)
        ),
    ];
    let tx = store.begin().await.unwrap();
    for text in texts {
        tx.run(&text, vec![]).await.unwrap();
    }
    commit(store, tx).await;
}

async fn commit(store: Store, tx: traction::store::Tx) {
    let settings = super::serve::settings("http://127.0.0.1");
    traction::world::World::real(store, settings).commit(tx).await.unwrap();
}
