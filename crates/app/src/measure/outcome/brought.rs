//! A table as a form brings it: chosen as a file, pasted, or carried along from the step before, so that nobody has to
//! choose his file again. Nothing of it is kept on the server until it is taken.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use traction_domain::refusal::Refusal;

use crate::measure::import::sheet::{File, N_BYTES_SENT};
use crate::web::Filled;

/// The largest table that is unpacked.
const N_BYTES_MOST: u64 = N_BYTES_SENT as u64;

/// Why there is no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BroughtRefused {
    /// Neither a file nor rows.
    #[error("choose a file, or paste a table")]
    Nothing,
    /// What was carried along is not what this page wrote.
    #[error("the file did not come back whole; choose it once more")]
    Mangled,
}

impl Refusal for BroughtRefused {
    fn field(&self) -> Option<&'static str> {
        Some("rows")
    }
}

/// The table that a form brings: the file chosen now, else what was pasted, else the file from the step before.
pub fn table(filled: &Filled) -> Result<File, BroughtRefused> {
    if let Some(sent) = filled.file("file") {
        return Ok(File { name: sent.name.clone(), bytes: sent.bytes.clone() });
    }
    let pasted = filled.text("rows");
    if !pasted.trim().is_empty() {
        return Ok(File { name: "the table".into(), bytes: pasted.as_bytes().to_vec() });
    }
    match filled.text("kept") {
        "" => Err(BroughtRefused::Nothing),
        kept => {
            let bytes = unpacked(kept).ok_or(BroughtRefused::Mangled)?;
            Ok(File { name: filled.text("kept_name").to_owned(), bytes })
        }
    }
}

/// Whether a table was pasted, and so can be corrected in its field.
pub fn is_pasted(filled: &Filled) -> bool {
    filled.file("file").is_none() && !filled.text("rows").trim().is_empty()
}

/// A file as a hidden entry carries it.
pub fn packed(file: &File) -> String {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    let packed = packer.write_all(&file.bytes).and_then(|()| packer.finish()).unwrap_or_default();
    BASE64_STANDARD.encode(packed)
}

fn unpacked(kept: &str) -> Option<Vec<u8>> {
    let packed = BASE64_STANDARD.decode(kept.trim()).ok()?;
    let mut bytes = Vec::new();
    let mut unpacker = GzDecoder::new(&*packed).take(N_BYTES_MOST + 1);
    unpacker.read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= N_BYTES_MOST).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_back_as_it_went_and_a_mangled_one_is_refused() {
        let file = File { name: "a.parquet".into(), bytes: (0..=255).cycle().take(10_000).collect() };
        let kept = packed(&file);
        let filled = |kept: String| Filled::with([("kept", kept), ("kept_name", "a.parquet".into())]);
        let back = table(&filled(kept.clone())).unwrap();
        assert_eq!((back.name, back.bytes), (file.name, file.bytes));
        for mangled in [&kept[..kept.len() / 2], "%%%", "aGVsbG8="] {
            assert_eq!(table(&filled(mangled.into())).unwrap_err(), BroughtRefused::Mangled, "{mangled}");
        }
        assert_eq!(table(&Filled::default()).unwrap_err(), BroughtRefused::Nothing);
    }

    #[test]
    fn what_unpacks_to_more_than_is_taken_is_refused() {
        let bomb = File { name: String::new(), bytes: vec![b' '; N_BYTES_MOST as usize + 1] };
        let filled = Filled::with([("kept", packed(&bomb))]);
        assert_eq!(table(&filled).unwrap_err(), BroughtRefused::Mangled);
    }
}
