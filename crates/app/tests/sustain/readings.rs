//! Readings for stories of this stage, put where the imports put them.

use traction::bind;
use traction::store::Sql;
use traction_domain::id::{ChangeId, ImportId, MetricId, UnitId};
use traction_domain::time::Moment;

use crate::world::TestWorld;

/// Records one reading a week from `first` on, as an import would.
pub async fn weekly(world: &TestWorld, metric: MetricId, unit: UnitId, first: Moment, values: &[f64]) {
    let tx = world.world.store().begin().await.unwrap();
    let import: ImportId = world.world.id();
    let now = world.world.now();
    let sql: &Sql = &tx;
    sql.run(
        "INSERT INTO taken_in (id, kind, sha256, n_rows, at) VALUES ($1, 'outcomes', 'test', $2, $3)",
        bind![import, values.len(), now],
    )
    .await
    .unwrap();
    for (week, value) in values.iter().enumerate() {
        let period = first.after_days(7 * week as i64).date().to_string();
        sql.run(
            "INSERT INTO outcome (metric_id, unit_id, period, n, value, import_id, recorded_at)
             VALUES ($1, $2, $3, 1, $4, $5, $6)",
            bind![metric, unit, period, *value, import, now],
        )
        .await
        .unwrap();
    }
    world.world.commit(tx).await.unwrap();
}

/// `n` readings around `level`, one above and one below in turn.
pub fn around(level: f64, n: usize) -> Vec<f64> {
    (0..n).map(|at| if at % 2 == 0 { level + 1.0 } else { level - 1.0 }).collect()
}

/// Records that `n` different people of the unit used the change in each week from `first` on.
pub async fn used(world: &TestWorld, change: ChangeId, unit: UnitId, first: Moment, n: &[usize]) {
    let tx = world.world.store().begin().await.unwrap();
    let sql: &Sql = &tx;
    for (week, n) in n.iter().enumerate() {
        for person in 0..*n {
            let at = first.after_days(7 * week as i64 + 2);
            sql.run(
                "INSERT INTO usage_event (source, id, received_at, occurred_at, subject, unit_id, change_id, event)
                 VALUES ('test', $1, $2, $2, $3, $4, $5, 'used')",
                bind![format!("{at}-{person}"), at, format!("subject-{person}"), unit, change],
            )
            .await
            .unwrap();
        }
    }
    world.world.commit(tx).await.unwrap();
}
