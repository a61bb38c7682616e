//! Whether a file is a whole library for this machine, by its head: the loader maps what a head says, and a file that is
//! cut off ends the process with it. Only of the format that this program itself has, where that is ELF; otherwise the
//! loader's word stands.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

const MAGIC: &[u8] = b"\x7fELF";
/// The head of a file of 64 bits, in bytes, and where things stand in it.
const N_BYTES_OF_HEAD: usize = 64;
const WIDTH_AND_ORDER: std::ops::Range<usize> = 4..6;
const MACHINE: std::ops::Range<usize> = 18..20;
const PARTS_BEGIN: usize = 32;
const N_BYTES_OF_PART: usize = 54;
const N_PARTS: usize = 56;
/// A part that is mapped, its beginning and its length in the file.
const LOADED: u32 = 1;
const PART_BEGINS: usize = 8;
const PART_S_LENGTH: usize = 32;
const PART_S_END: usize = 40;

/// Why a file cannot be loaded, before it is tried.
pub fn fit(file: &Path) -> Result<(), String> {
    let Some(own) = std::env::current_exe().ok().and_then(|own| head(&own).ok()) else { return Ok(()) };
    if !own.starts_with(MAGIC) {
        return Ok(());
    }
    let its = head(file).map_err(|_| "is no library".to_owned())?;
    if !its.starts_with(MAGIC) {
        return Err("is no library".into());
    }
    if own[WIDTH_AND_ORDER] != its[WIDTH_AND_ORDER] || own[MACHINE] != its[MACHINE] {
        return Err("is made for another kind of machine than this one".into());
    }
    let is_of_64_bits = its[WIDTH_AND_ORDER.start] == 2;
    if is_of_64_bits && !is_whole(file, &its).unwrap_or(false) {
        return Err("cannot be loaded: it is broken, cut off most likely".into());
    }
    Ok(())
}

fn head(file: &Path) -> io::Result<[u8; N_BYTES_OF_HEAD]> {
    let mut head = [0; N_BYTES_OF_HEAD];
    File::open(file)?.read_exact(&mut head)?;
    Ok(head)
}

/// Whether all that is to be mapped is in the file.
fn is_whole(file: &Path, head: &[u8]) -> io::Result<bool> {
    let mut file = File::open(file)?;
    let length = file.metadata()?.len();
    let n_bytes_of_part = usize::from(u16::from_ne_bytes(bytes(head, N_BYTES_OF_PART)));
    let n_parts = usize::from(u16::from_ne_bytes(bytes(head, N_PARTS)));
    if n_bytes_of_part < PART_S_END || n_parts == 0 {
        return Ok(false);
    }
    let mut parts = vec![0; n_bytes_of_part * n_parts];
    file.seek(SeekFrom::Start(u64::from_ne_bytes(bytes(head, PARTS_BEGIN))))?;
    file.read_exact(&mut parts)?;
    Ok(parts.chunks_exact(n_bytes_of_part).all(|part| {
        let begins = u64::from_ne_bytes(bytes(part, PART_BEGINS));
        let of_length = u64::from_ne_bytes(bytes(part, PART_S_LENGTH));
        let is_loaded = u32::from_ne_bytes(bytes(part, 0)) == LOADED;
        !is_loaded || begins.checked_add(of_length).is_some_and(|end| end <= length)
    }))
}

fn bytes<const N: usize>(of: &[u8], at: usize) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&of[at..at + N]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test's own program stands for a library: what counts here they have in common.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_cut_off_or_foreign_is_not_tried() {
        let whole = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let check = |bytes: &[u8], says: Result<(), &str>| {
            let file = folder.path().join("driver.so");
            std::fs::write(&file, bytes).unwrap();
            match (fit(&file), says) {
                (Ok(()), Ok(())) => {}
                (Err(why), Err(wanted)) => assert!(why.contains(wanted), "{why}"),
                (found, _) => panic!("{found:?} is not {says:?}"),
            }
        };
        check(&whole, Ok(()));
        for n in [64, 100, 1_000, whole.len() / 3] {
            check(&whole[..n], Err("cut off"));
        }
        check(&whole[..40], Err("is no library"));
        check(&[b'x'; 100], Err("is no library"));
        let mut foreign = whole;
        foreign[MACHINE].copy_from_slice(&[0xfe, 0xfe]);
        check(&foreign, Err("another kind of machine"));
    }
}
