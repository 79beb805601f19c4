//! Whole small sites: `tests/sites/NAME/input`, the lines of `commands`, and what comes of them.
//!
//! `printed.txt` has what the commands print with their status; `output.txt` the files of `public/`:
//! all their names, of pages what is in `<main>`, of other texts everything. Hashes in names are
//! replaced, and frames left out, so that a change of the theme's styles changes no golden file.
//! `SNAPSHOTS=overwrite cargo test --test sites` writes them anew.

mod desk;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use desk::Desk;
use snapbox::{Assert, Data};

#[test]
fn every_site_gives_what_it_gave() {
    let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(&sites).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 3);
    for folder in folders {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let desk = Desk::copy_of(&format!("sites/{name}/input"));
        let mut printed = String::new();
        let commands = std::fs::read_to_string(folder.join("commands")).unwrap();
        for command in commands.lines() {
            let run = desk.opas(command);
            writeln!(printed, "$ opas {command}\n{}{}= {}\n", run.stderr, run.stdout, run.status)
                .unwrap();
        }
        let printed = printed.replace(desk.path("").to_str().unwrap(), "DESK/");
        assert_golden(&without_counts(&printed), &folder.join("printed.txt"));
        assert_golden(&shown(&desk), &folder.join("output.txt"));
    }
}

fn assert_golden(actual: &str, path: &Path) {
    let expected = Data::read_from(path, None).raw();
    Assert::new().action_env("SNAPSHOTS").eq(Data::text(actual), expected);
}

/// The files of `public/`, of texts with what they say.
fn shown(desk: &Desk) -> String {
    let mut text = String::new();
    for (path, bytes) in desk.tree("public") {
        writeln!(text, "== {}", without_hashes(&path)).unwrap();
        let ours = !path.starts_with("assets/") && !path.starts_with("search/");
        match std::str::from_utf8(&bytes) {
            Ok(file) if path.ends_with(".html") => {
                let from = file.find("<main").unwrap_or(0);
                let to = file.find("</main>").unwrap_or(file.len());
                writeln!(text, "{}\n", without_hashes(&file[from..to])).unwrap();
            }
            Ok(file) if ours && !path.starts_with('.') => {
                writeln!(text, "{}\n", without_hashes(file)).unwrap();
            }
            _ => {}
        }
    }
    text
}

/// Each hash in a name, `-` and ten digits before a dot, as `-HASH`.
fn without_hashes(text: &str) -> String {
    let mut parts = text.split('-');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push('-');
        let digits = part.bytes().take_while(|b| b.is_ascii_hexdigit()).count();
        let is_hash = digits == 10 && part[digits..].starts_with('.');
        shown.push_str(if is_hash { "HASH" } else { &part[..digits] });
        shown.push_str(&part[digits..]);
    }
    shown
}

/// What is printed without sizes, which change with the theme.
fn without_counts(printed: &str) -> String {
    let shown = |line: &str| match line.starts_with("built ") {
        true => "built …".to_owned(),
        false => line.to_owned(),
    };
    printed.lines().map(shown).collect::<Vec<_>>().join("\n") + "\n"
}
