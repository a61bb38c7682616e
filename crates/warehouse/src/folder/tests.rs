use super::*;

/// A folder in which files and folders are made, by their paths.
fn folder(of: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for path in of {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "a\n1\n").unwrap();
    }
    folder
}

fn look(folder: &tempfile::TempDir) -> Folder {
    Folder::look(&Place::try_from(folder.path()).unwrap()).unwrap()
}

#[track_caller]
fn check(folder: &Folder, name: &str, found: Result<(Kind, &[&str]), &str>) {
    match (folder.table(name), found) {
        (Ok(table), Ok((kind, files))) => {
            let paths: Vec<PathBuf> = files.iter().map(|file| folder.root.join(file)).collect();
            assert_eq!((table.kind, &table.files), (kind, &paths), "{name}");
        }
        (Err(why), Err(says)) => assert!(why.contains(says), "{name}: {why}"),
        (table, _) => panic!("{name}: {table:?}"),
    }
}

#[test]
fn each_file_and_each_folder_of_equal_files_is_a_table_by_its_name() {
    let holds = folder(&[
        "falls.csv",
        "Bed Days.PARQUET",
        "wards/2026-02.csv",
        "wards/2026-01.csv",
        "wards/readme.txt",
        "wards/_SUCCESS",
        "mixed/a.csv",
        "mixed/b.parquet",
        "deep/deeper/a.csv",
        "empty/readme.txt",
        "twice.csv",
        "twice.parquet",
        "notes.txt",
        ".hidden.csv",
    ]);
    let look = look(&holds);
    check(&look, "falls", Ok((Kind::Csv, &["falls.csv"])));
    check(&look, "FALLS", Ok((Kind::Csv, &["falls.csv"])));
    check(&look, "bed days", Ok((Kind::Parquet, &["Bed Days.PARQUET"])));
    check(&look, "wards", Ok((Kind::Csv, &["wards/2026-01.csv", "wards/2026-02.csv"])));
    check(&look, "mixed", Err("holds CSV and Parquet"));
    check(&look, "deep", Err("holds another folder"));
    check(&look, "empty", Err("holds no CSV or Parquet file"));
    check(&look, "twice", Err("several files or folders are called so"));
    for name in ["notes", "hidden", ".hidden", "falls.csv", "../falls", "/etc/passwd", ""] {
        check(&look, name, Err("there is `bed days`, `deep`, `empty`, `falls`, `mixed`, `twice`, `wards`"));
    }
}

#[test]
fn a_single_file_is_a_folder_of_one_table() {
    let holds = folder(&["falls.csv", "wages.csv", "notes.txt"]);
    let one = |name: &str| Place::try_from(holds.path().join(name).as_path()).unwrap();
    let look = Folder::look(&one("falls.csv")).unwrap();
    assert_eq!(look.table("falls").unwrap().files.first(), Some(&look.root));
    assert!(look.table("wages").is_err());
    assert!(Folder::look(&one("notes.txt")).unwrap_err().to_string().contains("neither a folder"));
    assert_eq!(Folder::look(&one("none.csv")).unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[cfg(unix)]
#[test]
fn links_are_named_and_not_followed_and_what_is_no_file_is_left() {
    use std::os::unix::fs::symlink;
    let (holds, elsewhere) = (folder(&["falls.csv", "wards/a.csv"]), folder(&["secret.csv"]));
    symlink(elsewhere.path().join("secret.csv"), holds.path().join("secret.csv")).unwrap();
    symlink(elsewhere.path(), holds.path().join("all")).unwrap();
    symlink(elsewhere.path().join("secret.csv"), holds.path().join("wards/b.csv")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(holds.path().join("socket.csv")).unwrap();
    let look = look(&holds);
    check(&look, "falls", Ok((Kind::Csv, &["falls.csv"])));
    check(&look, "secret", Err("it is a link"));
    check(&look, "all", Err("it is a link"));
    check(&look, "wards", Err("its folder holds a link"));
    check(&look, "socket", Err("no CSV or Parquet file and no folder is called so"));
}
