//! Lists the schema's steps for `store/open.rs`, and builds anew when one is added.
//!
//! It stands for a macro of sqlx, which would have every build compile both databases' drivers twice.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=migrations");
    let mut files =
        fs::read_dir("migrations")?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    files.sort();
    let steps = files.iter().filter_map(|file| step(file)).fold(String::new(), |mut all, step| {
        // Writing to a string does not fail.
        let _ = writeln!(all, "    {step},");
        all
    });
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("steps.rs"), format!("[\n{steps}]\n"))
}

/// `0001_org.sql` as its number, its name and its text; `None` for other files.
fn step(file: &Path) -> Option<String> {
    let (number, name) = file.file_name()?.to_str()?.strip_suffix(".sql")?.split_once('_')?;
    let number: i64 = number.parse().ok()?;
    let within = format!("/migrations/{}", file.file_name()?.to_str()?);
    // The folder is asked for where the text is read: a build kept for one checkout serves another.
    Some(format!(
        "({number}, {:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {within:?})))",
        name.replace('_', " ")
    ))
}
