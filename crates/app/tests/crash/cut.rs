//! A line to a server that can be cut in the midst of what is said on it, and restored.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// A line: whoever connects to its address is connected with the server, unless it is cut.
pub struct Line {
    address: String,
    is_cut: Arc<AtomicBool>,
    under_way: Arc<Mutex<Vec<TcpStream>>>,
}

impl Line {
    /// A line to a server at `host:port`.
    pub fn to(server: String) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let line = Line {
            address: listener.local_addr().unwrap().to_string(),
            is_cut: Arc::default(),
            under_way: Arc::default(),
        };
        let (is_cut, under_way) = (line.is_cut.clone(), line.under_way.clone());
        std::thread::spawn(move || {
            for near in listener.incoming() {
                let near = near.unwrap();
                // Whoever knocks while the line is cut is hung up on.
                if is_cut.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(far) = TcpStream::connect(&server) else { continue };
                under_way.lock().unwrap().extend([near.try_clone().unwrap(), far.try_clone().unwrap()]);
                for (from, to) in [(near.try_clone(), far.try_clone()), (far.try_clone(), near.try_clone())] {
                    let (from, to) = (from.unwrap(), to.unwrap());
                    std::thread::spawn(move || carry(from, to));
                }
            }
        });
        line
    }

    /// Where it begins.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Cuts it: what is under way is lost.
    pub fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
        for stream in self.under_way.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Restores it.
    pub fn restore(&self) {
        self.is_cut.store(false, Ordering::SeqCst);
    }
}

/// Carries bytes until one end is gone; then the other goes, too.
fn carry(mut from: TcpStream, mut to: TcpStream) {
    let mut part = [0; 16_384];
    while let Ok(n @ 1..) = from.read(&mut part) {
        if to.write_all(&part[..n]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
