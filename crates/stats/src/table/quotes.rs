//! Watching the quotes of a table as its bytes go by, to tell a file that was cut off inside a quoted field.
//!
//! It parses no fields: the csv reader does, and at the end takes what is there for whole. A last line that nothing ends
//! gets its end here, so that the reader counts its lines as it counts all others.

use std::io::Read;

/// The bytes of `inner`, and where in the quotes they have got to.
pub(super) struct Quotes<R> {
    inner: R,
    delimiter: u8,
    /// What ends a row where another begins: the first byte of two where lines end with two.
    end: u8,
    place: Place,
    line: u64,
    last: Option<u8>,
    has_ended: bool,
}

/// Where a byte stands, as the csv reader sees it.
#[derive(Clone, Copy)]
enum Place {
    /// At the beginning of a field, the only place where a quote opens one.
    Beginning,
    /// In a field, or after its closing quote.
    Plain,
    /// Between quotes that were opened on this line.
    Quoted { since: u64 },
    /// After a quote between quotes: it closes the field, unless another quote follows.
    Closing { since: u64 },
}

impl<R> Quotes<R> {
    pub(super) fn of(inner: R, delimiter: u8, end: u8) -> Self {
        Quotes { inner, delimiter, end, place: Place::Beginning, line: 1, last: None, has_ended: false }
    }

    /// The line of the quote that is still open after the last byte.
    pub(super) fn left_open(&self) -> Option<u64> {
        match self.place {
            Place::Quoted { since } if self.has_ended => Some(since),
            _ => None,
        }
    }

    /// Whether the bytes so far stop within a line, outside quotes.
    fn wants_end(&self) -> bool {
        let is_quoted = matches!(self.place, Place::Quoted { .. });
        !is_quoted && self.last.is_some_and(|last| !matches!(last, b'\n' | b'\r'))
    }

    fn pass_all(&mut self, bytes: &[u8]) {
        let Some((last, before)) = bytes.split_last() else { return };
        if before.contains(&b'"') {
            before.iter().for_each(|byte| self.pass(*byte));
        } else {
            // Nearly all of a large table goes by here: without quotes, the last byte alone says where it ends.
            self.line += before.iter().filter(|byte| **byte == b'\n').count() as u64;
            if let (Some(byte), false) = (before.last(), matches!(self.place, Place::Quoted { .. })) {
                self.place = Place::Plain;
                let line = self.line;
                self.pass(*byte);
                self.line = line;
            }
        }
        self.pass(*last);
    }

    fn pass(&mut self, byte: u8) {
        self.place = match (self.place, byte) {
            (Place::Beginning, b'"') => Place::Quoted { since: self.line },
            (Place::Quoted { since }, b'"') => Place::Closing { since },
            (Place::Quoted { since }, _) | (Place::Closing { since }, b'"') => Place::Quoted { since },
            (_, b'\n' | b'\r') => Place::Beginning,
            (_, byte) if byte == self.delimiter => Place::Beginning,
            _ => Place::Plain,
        };
        self.line += u64::from(byte == b'\n');
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let mut n = self.inner.read(into)?;
        if n == 0 && !into.is_empty() && self.wants_end() {
            into[0] = self.end;
            n = 1;
        }
        self.pass_all(&into[..n]);
        self.last = into[..n].last().copied().or(self.last);
        self.has_ended |= n == 0 && !into.is_empty();
        Ok(n)
    }
}
