//! Released clients, unchanged, against the demo as anybody starts it, from their registries: Node's, Python's, Rust's, and
//! a reader of its calendars; and the examples of the guide, as they stand there.
//!
//! `./check --long` runs them; otherwise, and where npm or pip is absent, they say SKIPPED. Which versions: see
//! `package.json`, `requirements.txt` and `cargo.toml` beside this file. What each client must see is asserted in its
//! script.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use traction::grant::access::pages::guide::EXAMPLES;

use crate::demo::{Demo, PROGRAM};

impl Demo {
    /// How many events and how many dead letters the demo's write key has brought in.
    fn counted(&self) -> (u64, u64) {
        let output = Command::new(PROGRAM)
            .args(["usage", "count", "--source", "demo: usage", "--json", "--data"])
            .arg(self.folder.path())
            .output()
            .unwrap();
        let counts: Value = serde_json::from_slice(&output.stdout).unwrap();
        (counts["events"].as_u64().unwrap(), counts["dead_letters"].as_u64().unwrap())
    }

    /// Runs a script, which must end well; what it said.
    fn run(&self, clients: &Clients, script: &str) -> String {
        let mut command = Command::new(clients.program);
        command.arg(script).current_dir(&clients.folder).env("TRACTION_DEMO", &self.line);
        if let Some((name, value)) = &clients.environment {
            command.env(name, value);
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{script}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    /// Opens so many changes that all flags together are packed for who takes them so.
    fn opens_many_changes(&self) {
        let traction = |arguments: &[&str]| {
            let output =
                Command::new(PROGRAM).args(arguments).arg("--data").arg(self.folder.path()).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        let metrics: Value = serde_json::from_str(&traction(&["metric", "list", "--json"])).unwrap();
        let metric = metrics[0]["metric"].as_str().unwrap();
        for n in 0..14 {
            let (name, aim) = (format!("Further change {n}"), format!("Further goal {n}"));
            traction(&[
                "change",
                "add",
                &name,
                "--promise",
                "Sooner",
                "--metric",
                metric,
                "--goal",
                &aim,
                "--target",
                "1",
            ]);
        }
    }

    /// Runs a script that sends events, twice: the first time each counts, the second time none does.
    fn run_sender(&self, clients: &Clients, script: &str) {
        let (before, _) = self.counted();
        let said = self.run(clients, script);
        let sent: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
        let expected = (before + sent["sent"].as_u64().unwrap(), 0);
        assert_eq!(self.counted(), expected, "{script}: each event counts");
        self.run(clients, script);
        assert_eq!(self.counted(), expected, "{script}: sent again, none counts");
    }

    /// Runs an example of the guide by the command: for somebody with the solution, for somebody without, and where no
    /// server can be reached. `file` is what it is written to, `then` what a test needs after it to come to an end.
    fn run_example(&self, title: &str, file: &Path, then: &str, mut command: impl FnMut() -> Command) {
        let example = EXAMPLES.iter().find(|example| example.title == title).unwrap();
        let facts: Value = serde_json::from_str(&self.line).unwrap();
        let of = |name: &str| facts["access"][name].as_str().unwrap();
        let url = facts["url"].as_str().unwrap();
        let nobody_there = "http://127.0.0.1:9";
        for (who, address, expected) in [
            (of("with_slot"), url, "on"),
            (of("without_slot"), url, "off"),
            (of("with_slot"), nobody_there, "off"),
        ] {
            let text = example.filled_in(address, of("flag")).replace("\"jo\"", &format!("\"{who}\""));
            std::fs::write(file, text + then).unwrap();
            let output = command().env("TRACTION_TOKEN", of("token")).output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            let complained = String::from_utf8_lossy(&output.stderr);
            assert_eq!(said.trim(), expected, "{title}, {who} at {address}: {complained}");
        }
    }
}

/// Installed clients of one language, and the scripts beside them.
struct Clients {
    folder: PathBuf,
    program: &'static str,
    environment: Option<(&'static str, PathBuf)>,
}

/// Whether these tests are wanted and can run: `installer` answers. Says so otherwise.
fn can_run(installer: &[&str]) -> bool {
    if std::env::var_os("TRACTION_LONG").is_none() {
        println!("SKIPPED: released clients run in `./check --long`");
        return false;
    }
    let (program, arguments) = installer.split_first().unwrap();
    let answers = Command::new(program).args(arguments).arg("--version").output();
    let is_there = answers.is_ok_and(|output| output.status.success());
    if !is_there {
        println!("SKIPPED: `{}` is not installed", installer.join(" "));
    }
    is_there
}

/// The scripts in a folder of the target directory, where the clients are installed once.
fn folder(language: &str, endings: [&str; 2]) -> PathBuf {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients").join(language);
    std::fs::create_dir_all(&folder).unwrap();
    for entry in std::fs::read_dir(scripts).unwrap() {
        let path = entry.unwrap().path();
        if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    folder
}

#[track_caller]
fn install(command: &mut Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the clients cannot be installed: {said}");
}

#[test]
fn node_clients_work_unchanged() {
    if !can_run(&["npm"]) {
        return;
    }
    let folder = folder("node", [".mjs", "package.json"]);
    install(
        Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"])
            .current_dir(&folder),
    );
    let node = Clients { folder, program: "node", environment: None };
    let demo = Demo::start();
    for script in ["openfeature.mjs", "web.mjs", "browser.mjs", "stream.mjs"] {
        print!("{}", demo.run(&node, script));
    }
    for (title, then) in [("Node", ""), ("A web page or app", "await OpenFeature.close();\n")] {
        let file = node.folder.join("example.mjs");
        demo.run_example(title, &file, then, || {
            let mut command = Command::new("node");
            command.arg(&file);
            command
        });
    }
    demo.opens_many_changes();
    for script in ["many.mjs", "browser.mjs", "stream.mjs"] {
        print!("{}", demo.run(&node, script));
    }
    for script in ["segment.mjs", "rudderstack.mjs", "cloudevents.mjs", "otlp.mjs"] {
        demo.run_sender(&node, script);
    }
}

#[test]
fn python_clients_work_unchanged() {
    if !can_run(&["python3", "-m", "pip"]) {
        return;
    }
    let folder = folder("python", [".py", "requirements.txt"]);
    let packages = folder.join("packages");
    install(
        Command::new("python3")
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--upgrade",
                "--requirement",
                "requirements.txt",
                "--target",
            ])
            .arg(&packages)
            .current_dir(&folder),
    );
    let python = Clients { folder, program: "python3", environment: Some(("PYTHONPATH", packages)) };
    let demo = Demo::start();
    demo.run(&python, "openfeature_client.py");
    let file = python.folder.join("example.py");
    demo.run_example("Python", &file, "", || {
        let mut command = Command::new("python3");
        let (name, packages) = python.environment.as_ref().unwrap();
        command.arg(&file).env(name, packages);
        command
    });
    demo.run(&python, "dates.py");
    for script in ["segment_client.py", "cloudevents_client.py", "otlp_client.py"] {
        demo.run_sender(&python, script);
    }
}

#[test]
fn rusts_client_works_unchanged() {
    if !can_run(&["cargo"]) {
        return;
    }
    let folder = folder("rust", ["cargo.toml", "cargo.toml"]);
    std::fs::rename(folder.join("cargo.toml"), folder.join("Cargo.toml")).unwrap();
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let demo = Demo::start();
    demo.run_example("Rust", &folder.join("src/main.rs"), "", || {
        let mut command = Command::new("cargo");
        command.args(["run", "--quiet"]).current_dir(&folder).env_remove("CARGO_TARGET_DIR");
        command
    });
}

#[test]
fn the_examples_that_need_no_package_work() {
    if !can_run(&["java"]) || !can_run(&["curl"]) {
        return;
    }
    let demo = Demo::start();
    let file = demo.folder.path().join("Ask.java");
    demo.run_example("Java, without a package", &file, "", || {
        let mut command = Command::new("java");
        command.arg(&file);
        command
    });
    // What comes back is the answer itself, so it is read from it.
    let file = demo.folder.path().join("ask.sh");
    demo.run_example("From a shell", &file, "", || {
        let mut command = Command::new("sh");
        command.args(["-c", "sh \"$0\" | grep -q '\"value\":true' && echo on || echo off"]).arg(&file);
        command
    });
}
