//! The program, serving, and whoever asks it for pages one after the other.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::traction;

/// A server, and somebody who is signed in.
pub struct Served {
    child: Child,
    address: String,
    cookie: String,
    line: Mutex<TcpStream>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    /// Starts it, and signs in by a link.
    pub fn start(folder: &Path, link: &str) -> Served {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut command = traction(folder, &["serve", "--addr", &address]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        said.find(|line| line.as_ref().unwrap().contains("listens on")).unwrap().unwrap();
        std::thread::spawn(move || said.for_each(|line| eprintln!("{}", line.unwrap_or_default())));
        let line = TcpStream::connect(&address).unwrap();
        line.set_nodelay(true).unwrap();
        let mut served = Served { child, address, cookie: String::new(), line: Mutex::new(line) };
        let (_, path) = link.split_once("/enter/").unwrap();
        let secret: String =
            path.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
        let (head, _) = served.answer("POST", &format!("/enter/{secret}"));
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        served.cookie = cookie.split(';').next().unwrap().to_owned();
        served
    }

    /// Asks for a page that must be there; how long the answer took.
    pub fn asked(&self, path: &str) -> Duration {
        let began = Instant::now();
        let (head, body) = self.answer("GET", path);
        let took = began.elapsed();
        assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}{}", String::from_utf8_lossy(&body));
        took
    }

    /// Waits until the server has had nothing to do for some seconds.
    pub fn is_calm(&self) {
        let mut n_calm = 0;
        while n_calm < 3 {
            let before = self.ticks();
            std::thread::sleep(Duration::from_secs(1));
            n_calm = if self.ticks() - before < 10 { n_calm + 1 } else { 0 };
        }
    }

    /// Hundredths of a second that its threads have run.
    fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let (_, after) = stat.rsplit_once(')').unwrap();
        after.split_whitespace().skip(11).take(2).map(|n| n.parse::<u64>().unwrap()).sum()
    }

    /// Memory that it holds, in megabytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_024
    }

    fn answer(&self, method: &str, path: &str) -> (String, Vec<u8>) {
        let mut line = self.line.lock().unwrap();
        let (address, cookie) = (&self.address, &self.cookie);
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nContent-Length: 0\r\n\r\n"
        );
        line.write_all(request.as_bytes()).unwrap();
        let (mut read, mut part) = (Vec::new(), vec![0; 65_536]);
        loop {
            let n = line.read(&mut part).unwrap();
            assert!(n > 0, "{path}: hung up");
            read.extend_from_slice(&part[..n]);
            let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&read[..end + 2]).into_owned();
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if read.len() >= end + 4 + length.unwrap_or(0) {
                return (head, read.split_off(end + 4));
            }
        }
    }
}
