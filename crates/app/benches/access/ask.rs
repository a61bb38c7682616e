//! Asking: as many connections as a busy server has, each with one request under way.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::Server;
use super::organisation::Size;

/// Connections that ask at once.
const N_CONNECTIONS: usize = 32;

/// Requests in one round: few, so that what else the machine does in a tenth of a second meets every load.
const N_REQUESTS: usize = 1_024;

/// For how long tags are sent back before they are asked for again: addresses of streams change, and tags with them.
const TAGS_LAST: Duration = Duration::from_secs(20);

/// Different people who are asked about.
const N_ASKED_ABOUT: usize = 4_096;

/// What is asked of the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// One flag.
    One,
    /// All flags.
    All,
    /// All flags, packed.
    AllPacked,
    /// All flags, of which nothing changed.
    AllUnchanged,
}

/// Requests to one server, and what they cost.
pub struct Load<'a> {
    /// What it is, for the table.
    pub title: String,
    server: &'a Server,
    status: &'static str,
    of_door: Option<(Size, Asked)>,
    requests: Vec<Vec<u8>>,
    made_at: Option<Instant>,
    connections: Vec<Connection>,
    /// Nanoseconds of CPU per request, by round.
    costs: Vec<f64>,
}

/// A connection, and what was read of it beyond the last answer.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl<'a> Load<'a> {
    /// Asks a bare server what the door is asked.
    pub fn plain(title: &str, server: &'a Server, path: &str) -> Load<'a> {
        let requests = (0..N_ASKED_ABOUT).map(|n| request(path, "none", "", &person(n)));
        let requests = requests.collect();
        Load { requests, ..Load::of(title.into(), server, "200") }
    }

    /// Asks the door.
    pub fn of_door(server: &'a Server, size: Size, asked: Asked) -> Load<'a> {
        let (what, status) = match asked {
            Asked::One => ("one flag", "200"),
            Asked::All => ("all of 100 flags", "200"),
            Asked::AllPacked => ("all of 100 flags, packed by gzip", "200"),
            Asked::AllUnchanged => ("all of 100 flags, unchanged (304)", "304"),
        };
        let load = Load::of(format!("{what}; {}", size.title), server, status);
        Load { of_door: Some((size, asked)), ..load }
    }

    fn of(title: String, server: &'a Server, status: &'static str) -> Load<'a> {
        let connections = (0..N_CONNECTIONS).map(|_| Connection::to(server)).collect();
        let (requests, costs) = (Vec::new(), Vec::new());
        Load { title, server, status, of_door: None, requests, made_at: None, connections, costs }
    }

    /// Asks one round.
    pub fn round(&mut self) {
        if let Some((size, asked)) = self.of_door
            && self.made_at.is_none_or(|at| at.elapsed() > TAGS_LAST)
        {
            self.requests = to_door(self.server, size, asked);
            self.made_at = Some(Instant::now());
        }
        let mut n_others = 0;
        let before = self.server.cpu();
        // Each round asks about other people than the last.
        let mut requests = self.requests.iter().cycle().skip(self.costs.len() * N_REQUESTS % N_ASKED_ABOUT);
        for _ in 0..N_REQUESTS / N_CONNECTIONS {
            for connection in &mut self.connections {
                connection.stream.write_all(requests.next().unwrap()).unwrap();
            }
            for connection in &mut self.connections {
                let answer = connection.answer();
                n_others += usize::from(!answer[9..].starts_with(self.status.as_bytes()));
            }
        }
        assert!(n_others < N_REQUESTS / 20, "{}: {n_others} answers of another kind", self.title);
        self.costs.push((self.server.cpu() - before) as f64 / N_REQUESTS as f64);
    }

    /// Nanoseconds of CPU per request.
    pub fn median(&self) -> f64 {
        median(self.costs.clone())
    }

    /// As a multiple of what another costs: the median over rounds, each compared with the same round of the other.
    pub fn beside(&self, other: &Load<'_>) -> f64 {
        median(self.costs.iter().zip(&other.costs).map(|(own, other)| own / other).collect())
    }
}

impl Connection {
    /// A new one.
    pub fn to(server: &Server) -> Connection {
        let stream = TcpStream::connect(server.address()).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_nonblocking(true).unwrap();
        Connection { stream, read: Vec::new() }
    }

    /// Asks, and waits for the answer, which is text.
    pub fn asks(&mut self, request: &[u8]) -> String {
        self.stream.write_all(request).unwrap();
        String::from_utf8(self.answer()).unwrap()
    }

    /// The next answer, head and body. It is looked for until it is there: whoever slept meanwhile would be woken by the
    /// server's own thread, which pays for that on one machine and never does across a network.
    fn answer(&mut self) -> Vec<u8> {
        let mut part = [0; 32_768];
        loop {
            if let Some(end) = end_of_answer(&self.read) {
                let rest = self.read.split_off(end);
                return std::mem::replace(&mut self.read, rest);
            }
            let n = match self.stream.read(&mut part) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    std::hint::spin_loop();
                    continue;
                }
                read => read.unwrap(),
            };
            assert!(n > 0, "the server hung up");
            self.read.extend_from_slice(&part[..n]);
        }
    }

    /// Sends a request and does not wait; whatever comes is read from the stream itself.
    pub fn opens(mut self, request: &[u8]) -> TcpStream {
        self.stream.write_all(request).unwrap();
        self.stream.set_nonblocking(false).unwrap();
        self.stream
    }
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

/// What is sent to the door.
fn to_door(server: &Server, size: Size, asked: Asked) -> Vec<Vec<u8>> {
    let token = server.said["access"].as_str().unwrap();
    let about = |n: usize| person(n * (size.n_people / N_ASKED_ABOUT).max(1) % size.n_people);
    let all = "/ofrep/v1/evaluate/flags";
    let mut connection = Connection::to(server);
    let requests = (0..N_ASKED_ABOUT).map(|n| match asked {
        Asked::One => request(&format!("{all}/flag-{:03}", n % 100), token, "", &about(n)),
        Asked::All => request(all, token, "", &about(n)),
        Asked::AllPacked => request(all, token, "Accept-Encoding: gzip, deflate\r\n", &about(n)),
        Asked::AllUnchanged => {
            let answer = connection.asks(&request(all, token, "", &about(n)));
            let tag = header(&answer, "etag").unwrap().to_owned();
            request(all, token, &format!("If-None-Match: {tag}\r\n"), &about(n))
        }
    });
    requests.collect()
}

fn end_of_answer(read: &[u8]) -> Option<usize> {
    let end_of_head = read.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&read[..end_of_head]).unwrap();
    let n_bytes = header(head, "content-length").map_or(0, |n| n.parse::<usize>().unwrap());
    (read.len() >= end_of_head + n_bytes).then_some(end_of_head + n_bytes)
}

/// A header of an answer.
pub fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    answer.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// A request about somebody.
pub fn request(path: &str, token: &str, headers: &str, who: &str) -> Vec<u8> {
    let body = format!(r#"{{"context":{{"targetingKey":"{who}"}}}}"#);
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn person(n: usize) -> String {
    format!("person-{n}")
}
