//! Chromium and its driver: started for one story, ended with it, whatever becomes of the story.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use thirtyfour::prelude::*;

use super::person::Person;

/// Plays a story for a person who sits at a browser before the server at `address`. Of a story that fails, the last
/// page is kept in `target/screenshots/failed.png`.
pub async fn at_a_browser<S: Future<Output = ()> + Send + 'static>(
    address: &str,
    story: impl FnOnce(Person) -> S,
) {
    let Some(driver) = Driver::start() else { return };
    let browser = driver.browser().await;
    let person = Person::new(browser.clone(), address);
    // A task of its own, so that the browser is closed in any case.
    let ended = tokio::spawn(story(person.clone())).await;
    if ended.is_err() {
        person.photographs("failed").await;
    }
    drop(person);
    let closed = browser.quit().await;
    if let Err(failed) = ended {
        resume_unwind(failed.into_panic());
    }
    closed.expect("the browser closes");
}

/// A chromedriver on a free port. Dropping it ends it with every browser it started.
struct Driver {
    child: Child,
    port: u16,
    profile: TempDir,
}

impl Driver {
    /// Starts it, unless the machine has no browser: then says so.
    fn start() -> Option<Driver> {
        let missing = ["chromium", "chromedriver"].into_iter().find(|program| in_path(program).is_none());
        if let Some(program) = missing {
            println!("SKIPPED: no {program} in PATH; ./check brings it");
            return None;
        }
        let mut child = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("chromedriver starts");
        let stdout = child.stdout.take().expect("chromedriver speaks");
        let port = BufReader::new(stdout).lines().map_while(Result::ok).find_map(|line| port_in(&line));
        let port = port.expect("chromedriver says on which port it listens");
        let profile = tempfile::tempdir().expect("a temporary folder");
        Some(Driver { child, port, profile })
    }

    /// Opens a new browser, with nothing in it from before.
    async fn browser(&self) -> WebDriver {
        let mut wishes = DesiredCapabilities::chrome();
        let chromium = in_path("chromium").expect("start looked for it");
        wishes.set_binary(&chromium.display().to_string()).expect("a path to Chromium");
        let profile = format!("--user-data-dir={}", self.profile.path().display());
        let always = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=en-GB",
            "--window-size=1280,900",
        ];
        for flag in always.into_iter().chain([profile.as_str()]) {
            wishes.add_arg(flag).expect("a flag of Chromium");
        }
        WebDriver::new(format!("http://127.0.0.1:{}", self.port), wishes).await.expect("Chromium starts")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The whole group: a story that failed has not closed its browser.
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}

fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// The port in "ChromeDriver was started successfully on port 40123."
fn port_in(line: &str) -> Option<u16> {
    line.split("successfully on port ").nth(1)?.trim_end_matches('.').trim().parse().ok()
}
