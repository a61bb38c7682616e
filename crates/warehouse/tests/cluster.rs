//! A Ballista cluster of released parts: a scheduler and two executors, each a process on loopback; one executor is killed
//! under way, and the panel is the same as without a cluster.

use std::fs;
use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use jiff::tz::TimeZone;
use tempfile::TempDir;
use traction_domain::measure::source::answer::{Limits, RunRefused};
use traction_warehouse::{Asked, Engine, Place, Read, read};

/// A name that must never be seen in a refusal.
const PERSON: &str = "Jo Smith";
const LIMITS: Limits = Limits { n_rows: 10_000, n_bytes: 1 << 20, n_seconds: 180 };
const N_UNITS: usize = 40;
const N_MONTHS: usize = 24;
const N_FILES: usize = 4;
const N_ROWS_EACH: usize = 20;

/// What a process of the cluster is, and where: `scheduler 50050`, `executor 50050 50051 50052 /tmp/work`.
const PART: &str = "TRACTION_TEST_BALLISTA_PART";

/// Started again by the story below, this test is a process of the cluster; otherwise it does nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_cluster() {
    let Ok(part) = std::env::var(PART) else { return };
    let words: Vec<&str> = part.split(' ').collect();
    let port = |at: usize| words[at].parse::<u16>().unwrap();
    if words[0] == "scheduler" {
        let config = SchedulerConfig {
            bind_port: port(1),
            external_host: "127.0.0.1".into(),
            executor_timeout_seconds: 5,
            expire_dead_executor_interval_seconds: 1,
            no_executors_grace_period_seconds: 5,
            ..SchedulerConfig::default()
        };
        let cluster = BallistaCluster::new_from_config(&config).await.unwrap();
        start_server(cluster, SocketAddr::from(([127, 0, 0, 1], port(1))), Arc::new(config)).await.unwrap();
    } else {
        let config = ExecutorProcessConfig {
            scheduler_host: "127.0.0.1".into(),
            scheduler_port: port(1),
            external_host: Some("127.0.0.1".into()),
            port: port(2),
            grpc_port: port(3),
            work_dir: Some(words[4].into()),
            vcores: 1,
            scheduler_connect_timeout_seconds: 20,
            executor_heartbeat_interval_seconds: 1,
            ..ExecutorProcessConfig::default()
        };
        start_executor_process(Arc::new(config)).await.unwrap();
    }
}

/// A process of the cluster; it ends with the story.
struct Part(Child);

impl Part {
    fn start(part: &str) -> Part {
        let process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cluster::a_part_of_a_cluster"])
            .env(PART, part)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Part(process.unwrap())
    }

    /// How long it has computed, in ticks of the system's clock: a hundredth of a second each.
    fn ticks(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap();
        // After the name, which ends with the last bracket; then utime and stime are the twelfth and thirteenth.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    /// SIGKILL.
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Cluster {
    scheduler: Part,
    executors: Vec<Part>,
    port: u16,
    _work: TempDir,
}

impl Cluster {
    fn start() -> Cluster {
        let work = tempfile::tempdir().unwrap();
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let port = free();
        let scheduler = Part::start(&format!("scheduler {port}"));
        listens(port);
        let executors = (0..2).map(|nth| {
            let folder = work.path().join(nth.to_string());
            fs::create_dir(&folder).unwrap();
            let (flight, grpc) = (free(), free());
            let part = Part::start(&format!("executor {port} {flight} {grpc} {}", folder.display()));
            listens(flight);
            part
        });
        Cluster { executors: executors.collect(), scheduler, port, _work: work }
    }

    fn engine(&self) -> Engine {
        Engine::of(Some(&format!("ballista:df://127.0.0.1:{}", self.port)), None).unwrap()
    }
}

fn listens(port: u16) {
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(60), "nobody listens on {port}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn exports() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let cells = folder.path().join("cells");
    fs::create_dir(&cells).unwrap();
    for nth in 0..N_FILES {
        let mut file = std::io::BufWriter::new(fs::File::create(cells.join(format!("{nth}.csv"))).unwrap());
        writeln!(file, "ward,month,hours,note").unwrap();
        for at in 0..N_UNITS * N_MONTHS * N_ROWS_EACH {
            let (unit, month) = (at % N_UNITS, at / N_UNITS % N_MONTHS);
            let hours = ((at * 7 + nth * 13) % 1_000) as f64 / 8.0;
            let (year, month) = (2024 + month / 12, month % 12 + 1);
            writeln!(file, "ward-{unit},{year}-{month:02}-01,{hours},{PERSON} wrote this").unwrap();
        }
    }
    folder
}

/// A sum over a folder of files, and something beside it that takes a while and changes nothing.
fn slow(n: usize) -> String {
    format!(
        "SELECT ward AS unit, date_trunc('month', month)::date AS period,
           sum(hours) + 0 * max(levenshtein(repeat(note, {n}), repeat(ward, {n}))) AS value
         FROM cells GROUP BY 1, 2"
    )
}

async fn ask_within(engine: &Engine, folder: &Path, query: &str, limits: Limits) -> Result<Read, RunRefused> {
    let (place, connection) = (Place::try_from(folder).unwrap(), "EXPORTS".parse().unwrap());
    let zone = TimeZone::get("Europe/Vienna").unwrap();
    read(engine, Asked { connection: &connection, place: &place, query, zone: &zone, limits }).await
}

#[track_caller]
fn same(one: &Read, other: &Read) {
    assert_eq!(one.answer.rows.len(), N_UNITS * N_MONTHS);
    assert_eq!(one.answer.header, other.answer.header);
    assert_eq!(one.answer.rows.len(), other.answer.rows.len());
    for ((_, one), (_, other)) in one.answer.rows.iter().zip(&other.answer.rows) {
        assert_eq!(one[..2], other[..2]);
        let (value, of) = (one[2].parse::<f64>().unwrap(), other[2].parse::<f64>().unwrap());
        // Parts are added in whichever order they come: the last digits differ.
        assert!((value - of).abs() <= 1e-9 * value.abs().max(1.0), "{one:?} and {other:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ballista_cluster_gives_the_same_panel_also_when_an_executor_is_lost() {
    if std::env::var_os("TRACTION_LONG").is_none() {
        eprintln!(
            "SKIPPED: set TRACTION_LONG=1 to start a cluster and kill an executor (./check --long does)"
        );
        return;
    }
    let folder = exports();
    let folder = folder.path().canonicalize().unwrap();
    let mut cluster = Cluster::start();
    let engine = cluster.engine();
    let alone = ask_within(&Engine::Embedded, &folder, &slow(1), LIMITS).await.unwrap();

    let before: Vec<u64> = cluster.executors.iter().map(Part::ticks).collect();
    let shared = ask_within(&engine, &folder, &slow(1), LIMITS).await.unwrap();
    same(&shared, &alone);
    assert_eq!(shared.remark, None);
    let after: Vec<u64> = cluster.executors.iter().map(Part::ticks).collect();
    assert!(before.iter().zip(&after).any(|(before, after)| after > before), "the executors had the work");

    wrong_ones_are_told(&engine, &folder).await;

    // One is killed while it computes.
    let (of, with) = (engine.clone(), folder.clone());
    let before: Vec<u64> = cluster.executors.iter().map(Part::ticks).collect();
    let under_way = tokio::spawn(async move { ask_within(&of, &with, &slow(4), LIMITS).await });
    let busy = loop {
        assert!(!under_way.is_finished(), "it is done before an executor has computed for a while");
        let of = |nth: &usize| cluster.executors[*nth].ticks() >= before[*nth] + 30;
        if let Some(nth) = (0..2).find(of) {
            break nth;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    cluster.executors[busy].kill();
    assert!(!under_way.is_finished(), "the query is under way when its executor is killed");
    same(&under_way.await.unwrap().unwrap(), &alone);

    let limits = Limits { n_seconds: 3, ..LIMITS };
    let too_slow = ask_within(&engine, &folder, &slow(30), limits).await.unwrap_err();
    assert_eq!(too_slow, RunRefused::TooSlow { n_seconds: 3 });

    cluster.executors.clear();
    cluster.scheduler.kill();
    let none = ask_within(&engine, &folder, &slow(1), LIMITS).await.unwrap_err();
    assert_eq!(none, RunRefused::NoScheduler);
}

/// As without a cluster: only what reads, only the folder's tables, and nothing that names somebody.
async fn wrong_ones_are_told(engine: &Engine, folder: &Path) {
    let good = "SELECT ward AS unit, month AS period";
    for (query, says) in [
        (format!("{good}, note AS value, note AS patient FROM cells"), "the query gives a column `patient`"),
        (format!("{good}, nothing AS value FROM cells"), "the database says: No field named nothing."),
        (format!("{good}, hours AS value FROM nothing"), "the table `nothing` cannot be read"),
        (format!("{good}, hours AS value FROM cells"), "the answer has more than 10000 rows"),
        (
            format!("{good}, 1 / (CAST(hours AS INT) - CAST(hours AS INT)) AS value FROM cells"),
            "the database stumbled over a value while it computed the answer (SQLSTATE 22012)",
        ),
        (
            format!("{good}, CAST(note AS INT) AS value FROM cells"),
            "the database stumbled over a value while it computed the answer (SQLSTATE 22000)",
        ),
        (format!("COPY cells TO '{}/new.csv'", folder.display()), "the query would change something there"),
        ("INSERT INTO cells SELECT * FROM cells".into(), "the query would change something there"),
        ("SET datafusion.catalog.information_schema = true".into(), "the query would change something there"),
        ("EXPLAIN SELECT 1".into(), "the database says: begin with SELECT or WITH"),
        (format!("{good}, hours AS value FROM '/etc/passwd'"), "the table `/etc/passwd` cannot be read"),
    ] {
        let limits = Limits { n_rows: 10_000, ..LIMITS };
        let why = ask_within(engine, folder, &query, limits).await.expect_err(&query).to_string();
        assert!(why.starts_with(says), "{query}\n{why}\nis not\n{says}");
        assert!(!why.contains(PERSON) && !why.contains(folder.to_str().unwrap()), "{why}");
    }
    assert_eq!(fs::read_dir(folder).unwrap().count(), 1, "nothing was written");
}
