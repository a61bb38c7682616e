//! What the documents and the help tell people to type is understood by the command line.

use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory, Parser};
use traction::commands::Cli;

#[test]
fn every_command_in_the_documents_is_understood() {
    let mut n_commands = 0;
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for line in lines_to_type(&text) {
            understood(&line, &document.display().to_string());
            n_commands += 1;
        }
    }
    assert!(n_commands > 0, "no document tells how to start the program");
}

/// They are what the long tests run.
#[test]
fn the_guide_has_the_examples_as_they_are_run() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/access.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    for example in traction::grant::access::pages::guide::EXAMPLES {
        assert!(guide.contains(example.text), "the guide has another example for {}", example.title);
    }
}

#[test]
fn every_command_has_a_help_whose_examples_are_understood() {
    let mut root = Cli::command();
    root.build();
    examples(&root, "traction");
}

#[test]
fn a_command_that_does_not_exist_would_be_found() {
    let text = "```sh\ntraction swerve --fast   # not a word\n```\n";
    let lines = lines_to_type(text);
    assert_eq!(lines, ["traction swerve --fast"]);
    assert!(Cli::try_parse_from(lines[0].split_whitespace()).is_err());
}

/// Walks the commands; every one that does something has a help, and its examples parse.
fn examples(command: &Command, name: &str) {
    assert!(command.get_about().is_some(), "`{name}` has no sentence in its help");
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    for line in help.lines() {
        let line = line.trim().trim_start_matches("Example:").trim();
        if line.starts_with("traction ") {
            understood(line, &format!("the help of `{name}`"));
        }
    }
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        examples(inner, &format!("{name} {}", inner.get_name()));
    }
}

#[track_caller]
fn understood(line: &str, source: &str) {
    if let Err(error) = Cli::try_parse_from(words(line)) {
        let asks_for_help = matches!(
            error.kind(),
            clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion
        );
        assert!(asks_for_help, "{source} says `{line}`, but: {error}");
    }
}

/// The lines of shell blocks that run the program, as `traction …`.
fn lines_to_type(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for block in text.split("```sh\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default().replace("\\\n", " ");
        for line in block.lines() {
            let line = line.split(" #").next().unwrap_or_default().trim();
            let line = match line.split_once(" -- ") {
                Some((cargo, rest)) if cargo.starts_with("cargo run") => format!("traction {rest}"),
                _ => line.to_owned(),
            };
            if line.starts_with("traction ") {
                lines.push(line);
            }
        }
    }
    lines
}

/// A line's words, as a shell would cut it: quotes hold words together; what is piped in or out is left away.
fn words(line: &str) -> Vec<String> {
    let line = line.split(['|', '>', '<']).next().unwrap_or_default();
    let mut words = Vec::new();
    for (n, part) in line.split(['"', '\'']).enumerate() {
        if n % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// README.md, CONTRIBUTING.md and all below docs/.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
    collect(&root.join("docs"), &mut found);
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}
