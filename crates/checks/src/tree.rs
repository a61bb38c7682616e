//! The project's files as they lie on the disk. The only place of this crate that reads it.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A file of the project.
#[derive(Debug, Clone)]
pub struct File {
    /// Path from the project's root, with `/` between the parts.
    pub path: String,
    /// Its text; files that are not UTF-8 are left out of the tree.
    pub text: String,
}

impl File {
    /// A file that exists only in a test.
    pub fn snippet(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }
}

/// The project's root folder: of the checkout that cargo runs the tests in, wherever they were built.
pub fn root() -> PathBuf {
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&manifest).join("../..").canonicalize().expect("the crate lies in the project")
}

/// Every text file of the project, sorted by path; what a build or a tool leaves behind is not part of it.
pub fn files() -> Vec<File> {
    let root = root();
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.iter().any(|file| file.path == "Cargo.toml"), "no project in {}", root.display());
    found
}

/// Every Rust file of the project, sorted by path.
pub fn rust_files() -> Vec<File> {
    files().into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

/// One text file, which must be there.
pub fn file(path: &str) -> File {
    let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    File { path: path.to_owned(), text }
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("a folder of the project can be read") {
        let path = entry.expect("an entry of the project can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_symlink() || [".git", "target", "node_modules"].contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let relative =
                path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            found.push(File { path: relative, text });
        }
    }
}
