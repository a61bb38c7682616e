//! The program as it is run, on a database of its own, and what is sent to it.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use sea_orm::ConnectionTrait;
use serde_json::Value;

use super::{N_EVENTS, N_SENDERS, person};

/// Where a database is.
#[derive(Clone)]
pub enum Where {
    /// In a folder.
    Folder(PathBuf),
    /// On a PostgreSQL server.
    Url(String),
}

impl Where {
    /// A new database on a server.
    pub fn database(server: &str, word: &str) -> Where {
        let name = format!("bench_ingest_{}_{word}", std::process::id());
        let (base, _) = server.rsplit_once('/').unwrap();
        let made = async {
            let control = sea_orm::Database::connect(server).await.unwrap();
            control.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        };
        runtime().block_on(made);
        Where::Url(format!("{base}/{name}"))
    }

    /// The program, there.
    pub fn traction(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_traction"));
        command.args(arguments).env_remove("TRACTION_DATABASE").env("TRACTION_LOG", "warn");
        match self {
            Where::Folder(folder) => command.arg("--data").arg(folder),
            Where::Url(url) => command.args(["--database", url]),
        };
        command
    }

    /// What a command says that must succeed.
    pub fn says(&self, arguments: &[&str]) -> String {
        let output = self.traction(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Makes two units and a change that one of them has; a key for everything.
    pub fn prepared(&self) -> String {
        let folder = tempfile::tempdir().unwrap();
        let table = folder.path().join("rounds.csv");
        let rows =
            "unit,year,hours,start\nward-1,2024,1,2025\nward-1,2025,2,2025\nward-2,2024,1,\nward-2,2025,1,\n";
        std::fs::write(&table, rows).unwrap();
        let table = table.to_str().unwrap();
        let named = ["--unit", "unit", "--period", "year", "--outcome", "hours", "--start", "start"];
        self.says(&[&["import", "rollout", table, "--change", "rounds"][..], &named].concat());
        let add = ["token", "add", "bench", "--scope", "usage", "--scope", "access", "--json"];
        let made: Value = serde_json::from_str(&self.says(&add)).unwrap();
        made[0]["secret"].as_str().unwrap().to_owned()
    }
}

/// A runtime for what is asked of a database.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// The program, serving.
pub struct Served {
    child: Child,
    place: Where,
    address: String,
    key: String,
    lines: Mutex<Vec<Line>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    /// Starts it on a new database.
    pub fn start(place: &Where) -> Served {
        let key = place.prepared();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut child =
            place.traction(&["serve", "--addr", &address]).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        said.find(|line| line.as_ref().unwrap().contains("listens on")).unwrap().unwrap();
        std::thread::spawn(move || said.for_each(drop));
        let served = Served { child, place: place.clone(), address, key, lines: Mutex::default() };
        let lines = (0..N_SENDERS).map(|_| served.line()).collect();
        *served.lines.lock().unwrap() = lines;
        served
    }

    /// Sends all of it, several at once; each batch is answered before the next of its sender.
    pub fn takes(&self, bodies: Vec<String>) {
        let bodies = Mutex::new(bodies);
        let mut lines = self.lines.lock().unwrap();
        std::thread::scope(|scope| {
            for line in lines.iter_mut() {
                let bodies = &bodies;
                scope.spawn(move || {
                    while let Some(body) = { bodies.lock().unwrap().pop() } {
                        assert_eq!(line.sends(&self.request("/v1/batch", &body)), 200);
                    }
                });
            }
        });
    }

    /// A request with the key.
    pub fn request(&self, path: &str, body: &str) -> Vec<u8> {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.key,
            body.len()
        )
        .into_bytes()
    }

    /// A connection to it.
    pub fn line(&self) -> Line {
        Line::to(&self.address)
    }

    /// How many events it keeps.
    pub fn n_events(&self) -> usize {
        n_events(&self.place)
    }

    /// Memory that it holds, in megabytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_024
    }
}

/// How many events there are.
pub fn n_events(place: &Where) -> usize {
    let counted: Value = serde_json::from_str(&place.says(&["usage", "count", "--json"])).unwrap();
    counted["events"].as_u64().unwrap().try_into().unwrap()
}

/// A connection on which one thing is asked after the other.
pub struct Line {
    address: String,
    stream: Option<TcpStream>,
}

impl Line {
    fn to(address: &str) -> Line {
        Line { address: address.to_owned(), stream: None }
    }

    /// Sends a request; the status of the answer. Panics where none comes within ten seconds.
    pub fn sends(&mut self, request: &[u8]) -> u16 {
        let mut stream = self.stream.take().unwrap_or_else(|| {
            let stream = TcpStream::connect(&self.address).unwrap();
            stream.set_nodelay(true).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            stream
        });
        // Whoever is turned away hears it before all is sent, and the server hangs up.
        let is_sent = stream.write_all(request).is_ok();
        let (mut read, mut part) = (Vec::new(), [0; 4_096]);
        let end = loop {
            if let Some(end) = end_of(&read) {
                break end;
            }
            match stream.read(&mut part) {
                Ok(0) => return 0,
                Ok(n) => read.extend_from_slice(&part[..n]),
                Err(error) => {
                    assert!(
                        !is_sent || error.kind() == std::io::ErrorKind::ConnectionReset,
                        "no answer: {error}"
                    );
                    return 0;
                }
            }
        };
        let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
        if is_sent && !head.contains("connection: close") {
            self.stream = Some(stream);
        }
        head[9..12].parse().unwrap()
    }
}

fn end_of(read: &[u8]) -> Option<usize> {
    let head = read.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
    let length =
        text.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    (read.len() >= head + length).then_some(head + length)
}

/// A batch as Segment's clients write it.
pub fn body(round: usize, batch: usize) -> String {
    let mut body = String::from("{\"batch\":[");
    for n in 0..N_EVENTS {
        let comma = if n == 0 { "" } else { "," };
        write!(
            body,
            r#"{comma}{{"type":"track","messageId":"m-{round:04}-{batch:06}-{n:04}","userId":"{}","event":"result opened","properties":{{"change":"rounds","unit":"ward-1","value":1}}}}"#,
            person(batch * N_EVENTS + n)
        )
        .unwrap();
    }
    body.push_str("]}");
    body
}
