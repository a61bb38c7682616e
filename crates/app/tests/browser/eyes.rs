//! Looking at a page: axe-core for what a screen reader or a weak eye would stumble over, and pictures for people.
//! Each page is looked at wide and on a phone, in light and in dark.

use std::path::{Path, PathBuf};

use base64::Engine;
use serde_json::{Value, json};

use super::person::Person;

/// One way to look at a page.
struct Sight {
    name: &'static str,
    width: u32,
    height: u32,
    scheme: &'static str,
}

const SIGHTS: [Sight; 4] = [
    Sight { name: "wide", width: 1280, height: 900, scheme: "light" },
    Sight { name: "wide-dark", width: 1280, height: 900, scheme: "dark" },
    Sight { name: "phone", width: 390, height: 844, scheme: "light" },
    Sight { name: "phone-dark", width: 390, height: 844, scheme: "dark" },
];

impl Person {
    /// Looks at the page in every sight: fails on what axe-core finds and on what is wider than the screen. Pictures
    /// are kept under `name` when they are asked for.
    pub async fn looks(&self, name: &str) {
        let troubles = self.troubles(name, &SIGHTS).await;
        assert!(troubles.is_empty(), "at {}:\n{}", self.place().await, troubles.join("\n"));
    }

    /// Looks at the page on a wide dark screen and on a light phone; what is wrong with it, one line each.
    pub async fn glances(&self, name: &str) -> Vec<String> {
        self.troubles(name, &SIGHTS[1..3]).await
    }

    async fn troubles(&self, name: &str, sights: &[Sight]) -> Vec<String> {
        let mut troubles = Vec::new();
        for sight in sights {
            self.puts_on(sight).await;
            if let Some(wider) = self.wider_than_the_screen().await {
                troubles.push(format!("{name}, {}: {wider}", sight.name));
            }
            let violations = self.violations().await;
            troubles.extend(violations.into_iter().map(|says| format!("{name}, {}: {says}", sight.name)));
            if std::env::var_os("TRACTION_SCREENSHOTS").is_some() {
                self.photographs(&format!("{name}-{}", sight.name)).await;
            }
        }
        self.puts_on(&SIGHTS[0]).await;
        troubles
    }

    async fn puts_on(&self, sight: &Sight) {
        let size =
            json!({"width": sight.width, "height": sight.height, "deviceScaleFactor": 1, "mobile": false});
        self.asks("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = json!({"name": "prefers-color-scheme", "value": sight.scheme});
        let still = json!({"name": "prefers-reduced-motion", "value": "reduce"});
        self.asks("Emulation.setEmulatedMedia", json!({"features": [scheme, still]})).await;
    }

    async fn asks(&self, command: &str, wish: Value) -> Value {
        self.browser.cdp().send_raw(command, wish).await.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// What axe-core finds against WCAG 2.2 AA, one line each.
    async fn violations(&self) -> Vec<String> {
        let Some(axe) = std::env::var_os("TRACTION_AXE") else {
            println!("SKIPPED: TRACTION_AXE names no axe.min.js; ./check brings it");
            return vec![];
        };
        let axe = std::fs::read_to_string(&axe).expect("axe.min.js, where TRACTION_AXE says");
        self.browser.execute(axe, vec![]).await.expect("axe-core in the page");
        let script = "const done = arguments[arguments.length - 1];
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
            axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(
                found => done(found.violations), broken => done([{id: 'axe broke: ' + broken, nodes: []}]));";
        let found = self.browser.execute_async(script, vec![]).await.expect("axe-core's findings");
        let found: Vec<Value> = found.convert().expect("a list of findings");
        found.iter().map(in_words).collect()
    }

    /// What sticks out to the right, if the page must be scrolled sideways.
    async fn wider_than_the_screen(&self) -> Option<String> {
        let script = "const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return null;
            const out = [...document.querySelectorAll('body *')].find(e => e.getBoundingClientRect().right > width + 1);
            return document.documentElement.scrollWidth + ' px of page on ' + width + ' px of screen: '
                + (out ? out.outerHTML.slice(0, 160) : 'nothing in particular');";
        let found = self.browser.execute(script, vec![]).await.expect("the page's width");
        found.json().as_str().map(str::to_owned)
    }

    /// Keeps a picture of the page in `target/screenshots`.
    pub async fn photographs(&self, name: &str) {
        let whole = json!({"format": "png", "captureBeyondViewport": true});
        let picture = self.asks("Page.captureScreenshot", whole).await;
        let picture = picture["data"].as_str().expect("a picture");
        let png = base64::engine::general_purpose::STANDARD.decode(picture).expect("a picture in base64");
        let folder = screenshots();
        std::fs::create_dir_all(&folder).expect("a folder for screenshots");
        std::fs::write(folder.join(format!("{name}.png")), png).expect("a kept picture");
    }
}

fn screenshots() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots")
}

fn in_words(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let places: Vec<String> = nodes
        .iter()
        .take(4)
        .map(|node| {
            let summary = node["failureSummary"].as_str().unwrap_or_default().replace('\n', " ");
            format!("\n    {} {summary}", node["html"].as_str().unwrap_or_default())
        })
        .collect();
    let help = violation["help"].as_str().unwrap_or_default();
    format!(
        "{} ({} places): {help}{}",
        violation["id"].as_str().unwrap_or_default(),
        nodes.len(),
        places.concat()
    )
}
