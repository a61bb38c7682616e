//! A person at the browser: reads words, fills in labelled fields, presses named buttons. Waits until what is asked
//! for is there, for a while; then fails, and says what was there instead.

use std::path::Path;
use std::time::Duration;

use thirtyfour::prelude::*;

/// How long a person waits for a page before giving up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Somebody with a browser and an address to start from.
#[derive(Clone)]
pub struct Person {
    pub browser: WebDriver,
    address: String,
}

impl Person {
    /// Sits down at a browser. `address` is the server's, without a slash at the end.
    pub fn new(browser: WebDriver, address: &str) -> Person {
        Person { browser, address: address.to_owned() }
    }

    /// Goes to a page of the server, or to a whole address.
    pub async fn goes_to(&self, path: &str) {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.address) };
        self.browser.goto(url).await.expect("a page");
    }

    /// The page's address without the server's part.
    pub async fn place(&self) -> String {
        let url = self.browser.current_url().await.expect("an address").to_string();
        url.strip_prefix(&self.address).unwrap_or(&url).to_owned()
    }

    /// Fills in the field that has this label.
    pub async fn fills_in(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.clear().await.expect("an empty field");
        field.send_keys(text).await.expect("a filled field");
    }

    /// Fills in the field that has this label in the group of fields of this name.
    pub async fn fills_in_under(&self, group: &str, label: &str, text: &str) {
        let field = self.field_under(group, label).await;
        field.clear().await.expect("an empty field");
        field.send_keys(text).await.expect("a filled field");
    }

    /// Gives a file to the field that has this label.
    pub async fn attaches(&self, label: &str, file: &Path) {
        let path = file.to_str().expect("a path in UTF-8");
        self.field(label).await.send_keys(path).await.expect("an attached file");
    }

    /// Sets a field that is awkward to type into, as a date is, to the value it would have then.
    pub async fn sets(&self, label: &str, value: &str) {
        let field = self.field(label).await.to_json().expect("an element");
        let script = "arguments[0].value = arguments[1];
            arguments[0].dispatchEvent(new Event('input', {bubbles: true}));";
        self.browser.execute(script, vec![field, value.into()]).await.expect("a value");
    }

    /// Chooses the option with these words from the list that has this label.
    pub async fn chooses(&self, label: &str, option: &str) {
        self.chooses_from(self.field(label).await, label, option).await;
    }

    /// Chooses it from the list that has this label in the group of fields of this name.
    pub async fn chooses_under(&self, group: &str, label: &str, option: &str) {
        self.chooses_from(self.field_under(group, label).await, label, option).await;
    }

    async fn chooses_from(&self, list: WebElement, label: &str, option: &str) {
        let path = format!(".//option[contains(normalize-space(), {})]", quoted(option));
        match list.query(By::XPath(&path)).wait(PATIENCE, STEP).first().await {
            Ok(option) => option.click().await.expect("a chosen option"),
            Err(_) => self.gives_up(&format!("option \"{option}\" of \"{label}\"")).await,
        }
    }

    /// Follows a link that signs in.
    pub async fn enters(&self, link: &str) {
        self.goes_to(link).await;
        self.presses("Sign in").await;
        self.sees("Sign out").await;
    }

    /// Presses the button, or follows the link, that has these words.
    pub async fn presses(&self, words: &str) {
        let words_are = format!("normalize-space() = {0} or @aria-label = {0}", quoted(words));
        let path = format!("//button[{words_are}] | //a[{words_are}] | //summary[{words_are}]");
        self.first(&path, &format!("button or link \"{words}\"")).await.click().await.expect("a press");
    }

    /// Waits until these words are on the page.
    pub async fn sees(&self, words: &str) {
        let path = format!("//body[contains(normalize-space(), {})]", quoted(words));
        self.first(&path, &format!("words \"{words}\"")).await;
    }

    /// Waits until these words are in what the server sent, where it is no page.
    pub async fn finds_in_the_source(&self, words: &str) {
        let path = format!("//*[contains(., {})]", quoted(words));
        self.first(&path, &format!("words \"{words}\" in the source")).await;
    }

    /// The words of the page, in one line.
    pub async fn words(&self) -> String {
        let body = self.browser.find(By::Tag("body")).await.expect("a page");
        body.text().await.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What stands in the field that has this label.
    pub async fn value(&self, label: &str) -> String {
        self.field(label).await.prop("value").await.expect("a field").unwrap_or_default()
    }

    async fn field(&self, label: &str) -> WebElement {
        let label = quoted(label);
        let named = format!("//label[normalize-space() = {label} or normalize-space(text()) = {label}]");
        let path = format!(
            "//*[@id = {named}/@for] | {named}//input | {named}//textarea | {named}//select | //*[@aria-label = {label}]"
        );
        self.first(&path, &format!("field {label}")).await
    }

    async fn field_under(&self, group: &str, label: &str) -> WebElement {
        let (group, label) = (quoted(group), quoted(label));
        let label =
            format!("//fieldset[legend[normalize-space() = {group}]]//label[normalize-space() = {label}]");
        self.first(&format!("//*[@id = {label}/@for]"), &format!("field {label}")).await
    }

    async fn first(&self, path: &str, what: &str) -> WebElement {
        match self.browser.query(By::XPath(path)).wait(PATIENCE, STEP).first().await {
            Ok(element) => element,
            Err(_) => self.gives_up(what).await,
        }
    }

    async fn gives_up(&self, what: &str) -> ! {
        panic!("no {what} at {}, but: {}", self.place().await, self.words().await)
    }
}

const STEP: Duration = Duration::from_millis(50);

/// A text as XPath writes it; it has no escapes, so that a text with both kinds of quotes is put together.
fn quoted(text: &str) -> String {
    if !text.contains('"') {
        return format!("\"{text}\"");
    }
    let parts: Vec<String> = text.split('"').map(|part| format!("\"{part}\"")).collect();
    format!("concat({})", parts.join(", '\"', "))
}
