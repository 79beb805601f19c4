//! One Chromium for the whole suite, started and ended by it.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, LoggingPrefsLogLevel};
use tokio::runtime::Runtime;

/// A busy machine may take its time; a page that is right never waits for so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// The programs that the suite needs.
pub struct Tools {
    chromium: PathBuf,
    chromedriver: PathBuf,
}

impl Tools {
    /// `CHROME` and `CHROMEDRIVER`, else what is in the path.
    pub fn find() -> Option<Tools> {
        let chromium = ["chromium", "chromium-browser", "google-chrome", "chrome"];
        Some(Tools {
            chromium: program("CHROME", &chromium)?,
            chromedriver: program("CHROMEDRIVER", &["chromedriver"])?,
        })
    }
}

fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(path) = env::var_os(variable).filter(|path| !path.is_empty()) {
        return Some(PathBuf::from(path));
    }
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    let places = names.iter().flat_map(|name| folders.iter().map(move |f| f.join(name)));
    places.map(|place| place.with_extension(env::consts::EXE_EXTENSION)).find(|p| p.is_file())
}

/// Ends when dropped, whatever happened before.
pub struct Browser {
    /// `None` only while the browser is being ended.
    driver: Option<WebDriver>,
    runtime: Runtime,
    chromedriver: Child,
    _profile: tempfile::TempDir,
}

/// What a page asked for and complained about since the last look.
#[derive(Default)]
pub struct Traffic {
    pub requests: Vec<String>,
    pub errors: Vec<String>,
}

impl Browser {
    pub fn start(tools: &Tools) -> Browser {
        let mut chromedriver = Command::new(&tools.chromedriver)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("{}: {e}", tools.chromedriver.display()));
        let port = announced_port(&mut chromedriver);
        let profile = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let mut browser = Browser { driver: None, runtime, chromedriver, _profile: profile };
        let capabilities = capabilities(tools, browser._profile.path()).unwrap();
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities);
        browser.driver = Some(browser.runtime.block_on(driver).expect("no session"));
        browser
    }

    fn driver(&self) -> &WebDriver {
        self.driver.as_ref().expect("the browser runs")
    }

    /// A new reader: nothing remembered, a wide light screen, scripts on, no page.
    pub fn fresh(&self, origins: &[&str]) {
        for origin in origins {
            let wipe = json!({ "origin": origin, "storageTypes": "all" });
            self.cdp("Storage.clearDataForOrigin", wipe);
        }
        self.scripts(true);
        self.scheme("light");
        self.screen(1280, 900);
        self.open("about:blank");
        self.traffic();
    }

    pub fn open(&self, url: &str) {
        self.runtime.block_on(self.driver().goto(url)).unwrap_or_else(|e| panic!("{url}: {e}"));
    }

    pub fn url(&self) -> String {
        self.runtime.block_on(self.driver().current_url()).unwrap().to_string()
    }

    pub fn back(&self) {
        self.runtime.block_on(self.driver().back()).unwrap();
    }

    /// The value of an expression in the page.
    #[track_caller]
    pub fn js(&self, expression: &str) -> Value {
        let script = format!("return ({expression});");
        match self.runtime.block_on(self.driver().execute(script, Vec::new())) {
            Ok(value) => value.json().clone(),
            Err(error) => panic!("{expression}: {error}"),
        }
    }

    #[track_caller]
    pub fn text(&self, expression: &str) -> String {
        match self.js(expression) {
            Value::String(text) => text,
            other => panic!("{expression} is no text but {other} on {}", self.url()),
        }
    }

    /// The visible text of the first element that matches.
    #[track_caller]
    pub fn read(&self, selector: &str) -> String {
        self.text(&format!("document.querySelector({selector:?})?.innerText"))
    }

    #[track_caller]
    pub fn count(&self, selector: &str) -> u64 {
        let count = self.js(&format!("document.querySelectorAll({selector:?}).length"));
        count.as_u64().unwrap()
    }

    /// Waits until an expression holds. While a page is being left, none does.
    #[track_caller]
    pub fn until(&self, expression: &str) {
        let start = Instant::now();
        let script = format!("return !!({expression});");
        loop {
            let answer = self.runtime.block_on(self.driver().execute(&script, Vec::new()));
            if answer.as_ref().is_ok_and(|value| value.json() == &Value::Bool(true)) {
                return;
            }
            if start.elapsed() > PATIENCE {
                let answer = answer.map(|value| value.json().clone());
                let page = self.js("document.body.innerText.slice(0, 1500)");
                let active = self.js("document.activeElement.outerHTML.slice(0, 200)");
                let url = self.url();
                panic!("never came true on {url}: {expression} ({answer:?})\n{active}\n{page}");
            }
            std::thread::sleep(Duration::from_millis(40));
        }
    }

    /// Clicks the first element that matches, as a mouse does: it must be visible.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let click = async { self.driver().find(By::Css(selector)).await?.click().await };
        if let Err(error) = self.runtime.block_on(click) {
            panic!("click on {selector}: {error}");
        }
    }

    #[track_caller]
    pub fn focus(&self, selector: &str) {
        let focused = format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.focus(); \
             return document.activeElement === e; }})()"
        );
        assert_eq!(self.js(&focused), true, "{selector} takes no focus");
    }

    /// Types into whatever has the focus.
    pub fn press(&self, keys: impl Into<TypingData>) {
        let typing = self.driver().action_chain().send_keys(keys);
        self.runtime.block_on(typing.perform()).unwrap();
    }

    pub fn press_with_control(&self, key: char) {
        let chord = self.driver().action_chain().key_down(Key::Control).key_down(key);
        let chord = chord.key_up(key).key_up(Key::Control);
        self.runtime.block_on(chord.perform()).unwrap();
    }

    pub fn cdp(&self, method: &str, parameters: Value) -> Value {
        let sent = self.driver().cdp();
        let answer = self.runtime.block_on(sent.send_raw(method, parameters));
        answer.unwrap_or_else(|e| panic!("{method}: {e}"))
    }

    /// A screen narrower than 600 is a phone's.
    pub fn screen(&self, width: u32, height: u32) {
        let mobile = width < 600;
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile,
        });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics);
        self.cdp("Emulation.setTouchEmulationEnabled", json!({ "enabled": mobile }));
    }

    /// What the system prefers: `light` or `dark`.
    pub fn scheme(&self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        let still = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": [feature, still] }));
    }

    pub fn scripts(&self, on: bool) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": !on }));
    }

    /// What the pages did since the last call.
    pub fn traffic(&self) -> Traffic {
        let mut traffic = Traffic::default();
        let log = |kind| self.runtime.block_on(self.driver().get_log(kind)).unwrap();
        for entry in log("performance") {
            let event: Value = serde_json::from_str(&entry.message).unwrap();
            let (method, event) = (&event["message"]["method"], &event["message"]["params"]);
            let url = match method.as_str().unwrap_or_default() {
                "Network.requestWillBeSent" => &event["request"]["url"],
                "Network.webSocketCreated" => &event["url"],
                _ => continue,
            };
            traffic.requests.push(url.as_str().unwrap_or_default().to_owned());
        }
        let complaints = log("browser").into_iter().filter(|entry| entry.level != "INFO");
        traffic.errors = complaints.map(|entry| entry.message).collect();
        traffic
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Chromium ends with its session; without one chromedriver takes it along.
        if let Some(driver) = self.driver.take()
            && let Err(error) = self.runtime.block_on(driver.quit())
        {
            eprintln!("the browser did not end by itself: {error}");
        }
        if let Err(error) = self.chromedriver.kill().and_then(|()| self.chromedriver.wait()) {
            eprintln!("chromedriver did not end: {error}");
        }
    }
}

fn capabilities(tools: &Tools, profile: &Path) -> WebDriverResult<thirtyfour::ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    capabilities.set_binary(&tools.chromium.to_string_lossy())?;
    for argument in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--window-size=1280,900",
        &format!("--user-data-dir={}", profile.display()),
    ] {
        capabilities.add_arg(argument)?;
    }
    capabilities.set_logging_prefs("browser", LoggingPrefsLogLevel::All)?;
    capabilities.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
    Ok(capabilities)
}

/// The port that chromedriver took; what it prints later is read and forgotten.
fn announced_port(chromedriver: &mut Child) -> u16 {
    let mut output = BufReader::new(chromedriver.stdout.take().unwrap());
    let mut line = String::new();
    while output.read_line(&mut line).unwrap() > 0 {
        let port = line.split("successfully on port ").nth(1);
        if let Some(port) = port.and_then(|p| p.trim().trim_end_matches('.').parse().ok()) {
            std::thread::spawn(move || output.read_to_end(&mut Vec::new()));
            return port;
        }
        line.clear();
    }
    panic!("chromedriver names no port");
}
