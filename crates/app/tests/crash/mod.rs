//! The program killed in the middle of things: nothing half done, nothing lost, nothing twice.

mod at;
mod cut;
mod draw;
mod import;
mod rolling;
mod usage;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use traction::store::{Place, Store};

pub use at::At;

const PROGRAM: &str = env!("CARGO_BIN_EXE_traction");

/// How often a story kills the program: `few` times, or twenty times as often where `./check --long` has the evening for
/// it. Of usage that comes in at the doors that is some 10 times, and 200.
pub fn n_rounds(few: usize) -> usize {
    if std::env::var_os("TRACTION_LONG").is_some() { few * 20 } else { few }
}

fn traction(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).arg("--data").arg(folder);
    command
}

/// Runs a command that must succeed; what it says.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = traction(folder, arguments).output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// A server that is ready: it has said where it listens.
fn serve(folder: &Path, address: &str) -> Child {
    At::folder(folder).serve(address)
}

/// A program that is ready: it has said where it listens.
fn ready(mut command: Command) -> Child {
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    said.find(|line| line.as_ref().unwrap().contains("listens on"))
        .expect("the server says where it listens")
        .unwrap();
    std::thread::spawn(move || said.for_each(drop));
    child
}

pub fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

pub fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

async fn opened(folder: &Path) -> Store {
    Store::open(&Place::Folder(folder.to_owned())).await.unwrap()
}

async fn count(store: &Store, table: &str) -> usize {
    let row = store.read().one(&format!("SELECT COUNT(*) AS n FROM {table}"), vec![]).await.unwrap();
    row.unwrap().count("n").unwrap()
}
