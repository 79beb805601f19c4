//! A small portal in a folder of its own, and the server over it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;

use crate::client::{Answer, Page, request};

pub struct Portal(tempfile::TempDir);

impl Portal {
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

pub const INVOICE: &str = "---\ntitle: Invoices\n---\n\nHow to write an invoice.\n\n## Steps\n\nSee [orders](orders.md).\n";

pub fn portal() -> Portal {
    let portal = Portal(tempfile::tempdir().unwrap());
    portal.write("opas.toml", "title = \"Handbook\"\nlanguages = [\"en\"]\n");
    portal.write("content/sales/_index.md", "---\ntitle: Sales\n---\n");
    portal.write("content/sales/invoice.md", INVOICE);
    portal.write("content/sales/orders.md", "---\ntitle: Orders\n---\n\nHow to order.\n");
    portal.write("content/draft.md", "---\ntitle: Draft\ndraft: true\n---\n\nNot yet.\n");
    portal.write("static/a b.txt", "0123456789");
    portal
}

pub struct Served {
    pub portal: Portal,
    pub port: u16,
    pub told_at_start: String,
    process: Child,
}

impl Served {
    pub fn start(portal: Portal) -> Served {
        Served::start_with(portal, &["--port", "0"])
    }

    pub fn start_with(portal: Portal, arguments: &[&str]) -> Served {
        let mut process = Command::new(env!("CARGO_BIN_EXE_opas"))
            .arg("serve")
            .args(arguments)
            .arg("--root")
            .arg(portal.0.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut told_at_start = String::new();
        let port = loop {
            let start = told_at_start.len();
            assert!(out.read_line(&mut told_at_start).unwrap() > 0, "it did not start");
            let line = &told_at_start[start..];
            if let Some((_, rest)) = line.split_once("serving http://127.0.0.1:") {
                break rest.split('/').next().unwrap().parse().unwrap();
            }
        };
        // Nobody reads on, and the server must not care; but a full pipe would stop it.
        thread::spawn(move || out.lines().map_while(Result::ok).for_each(drop));
        Served { portal, port, told_at_start, process }
    }

    pub fn get(&self, target: &str) -> Answer {
        self.get_with(target, &[])
    }

    pub fn get_with(&self, target: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", target, headers)
    }

    pub fn send(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("Host", "localhost")];
        all.extend_from_slice(headers);
        request(self.port, method, target, &all)
    }

    pub fn listen(&self) -> Page {
        Page::open(self.port)
    }

    #[cfg(unix)]
    pub fn interrupt(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }

    pub fn wait(&mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        if self.process.kill().is_ok() {
            self.process.wait().unwrap();
        }
    }
}
