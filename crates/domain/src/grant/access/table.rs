//! A table of places of 32 bytes, in large pages of memory where the system has them. Among a million people everybody
//! is somewhere else, and with pages of 4 KB it takes longer to look up where a page lies than to look at the place.
//!
//! It knows bytes only; what they mean, `people` says. Nothing of it is a file.

use memmap2::MmapMut;

/// Half a line of a processor's cache; all zeros at first.
pub(super) type Place = [u8; 32];

/// Places, side by side.
#[derive(Debug)]
pub(super) struct Table {
    /// Begins where a page does, so that no place lies across two lines.
    bytes: MmapMut,
}

impl Table {
    /// So many places of zeros.
    pub(super) fn of(n_places: usize) -> Table {
        let bytes = MmapMut::map_anon(n_places * size_of::<Place>()).expect("memory for who belongs where");
        // A system without large pages refuses; then it is slower, and nothing else.
        #[cfg(target_os = "linux")]
        let _ = bytes.advise(memmap2::Advice::HugePage);
        Table { bytes }
    }

    pub(super) fn places(&self) -> &[Place] {
        self.bytes.as_chunks().0
    }

    pub(super) fn places_mut(&mut self) -> &mut [Place] {
        self.bytes.as_chunks_mut().0
    }
}

impl Clone for Table {
    fn clone(&self) -> Table {
        let mut copy = Table::of(self.places().len());
        copy.bytes.copy_from_slice(&self.bytes);
        copy
    }
}
