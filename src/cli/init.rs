//! `opas init`: a small portal that shows what there is, in the language asked for.
//!
//! The portals lie in `starter/`, one folder for each language, and `starter/any` for what all have
//! in common. Where they say `@DATE@`, the day of the call is filled in.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rust_embed::RustEmbed;

use super::failure::{Failure, Outcome};
use super::new::today;
use super::root;
use super::terminal::Terminal;

#[derive(RustEmbed)]
#[folder = "starter/"]
struct Starter;

const LANGUAGES: [&str; 8] = ["da", "de", "en", "et", "fi", "nb", "ru", "sv"];

#[derive(clap::Args)]
pub struct Arguments {
    /// The folder to make it in
    #[arg(default_value = ".", value_name = "DIR")]
    dir: PathBuf,
    /// The language of the portal
    #[arg(long, default_value = "en", value_parser = LANGUAGES, value_name = "LANGUAGE")]
    lang: String,
    /// The date of its announcement [default: today]
    #[arg(long)]
    date: Option<Date>,
}

pub fn run(
    arguments: &Arguments,
    given_root: Option<&Path>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    // Joining an absolute path gives that path.
    let base = root::here()?.join(given_root.unwrap_or(Path::new("")));
    let dir = base.join(&arguments.dir);
    let mut files = portal(&arguments.lang, arguments.date.unwrap_or_else(today));
    // A repository has its own before it has a portal.
    files.retain(|(path, _)| path != ".gitignore" || !dir.join(path).exists());
    refuse_existing(&dir, &files)?;
    for (path, bytes) in &files {
        let place = dir.join(path);
        write(&place, bytes).map_err(|e| Failure::io(&place, &e))?;
    }
    let shown = arguments.dir.display();
    let here = arguments.dir == Path::new(".");
    let step = if here { String::new() } else { format!("cd {shown} && ") };
    terminal.line(&format!("made a portal of {} files in {shown}", files.len()))?;
    terminal.line(&format!("look at it: {step}opas serve --open"))?;
    Ok(Outcome::Good)
}

/// The files of a portal in a language, by path.
fn portal(lang: &str, date: Date) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for path in Starter::iter() {
        let Some((folder, inner)) = path.split_once('/') else { continue };
        let Some(file) = Starter::get(&path).filter(|_| folder == lang || folder == "any") else {
            continue;
        };
        let bytes = match std::str::from_utf8(&file.data) {
            Ok(text) => text.replace("@DATE@", &date.to_string()).into_bytes(),
            Err(_) => file.data.into_owned(),
        };
        // A leading dot keeps files out of packages and globs, so they have none in `starter/`.
        let parts =
            inner.split('/').map(|p| p.replacen("dot-", ".", usize::from(p.starts_with("dot-"))));
        files.push((parts.collect::<Vec<_>>().join("/"), bytes));
    }
    files.sort();
    files
}

/// Nothing that is there is overwritten, and a portal is not laid over another.
fn refuse_existing(dir: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    let exists = |path: &Path| path.symlink_metadata().is_ok();
    if exists(dir) && !dir.is_dir() {
        return Err(Failure::usage(format!("`{}` is no folder", dir.display())));
    }
    let mut there: Vec<&str> = Vec::new();
    if exists(&dir.join("content")) {
        there.push("content");
    }
    let files = files.iter().map(|(path, _)| path.as_str()).filter(|p| !p.starts_with("content/"));
    there.extend(files.filter(|path| exists(&dir.join(path))));
    match there.is_empty() {
        true => Ok(()),
        false => Err(Failure::usage(format!(
            "in `{}` there is already: {}; nothing was written",
            dir.display(),
            there.join(", ")
        ))),
    }
}

fn write(place: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::File::create_new(place)?.write_all(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_whole_portal() {
        let date = "2026-05-04".parse().unwrap();
        let english = portal("en", date).len();
        assert!(english >= 12, "{english}");
        for lang in LANGUAGES {
            let files = portal(lang, date);
            assert_eq!(files.len(), english, "{lang}");
            let text = |name: &str| {
                let (_, bytes) = files.iter().find(|(path, _)| path == name).unwrap();
                String::from_utf8(bytes.clone()).unwrap()
            };
            assert!(text("opas.toml").contains(&format!("languages = [\"{lang}\"]")));
            assert!(text(".gitignore").contains("/public"));
            let all: String = files.iter().map(|(_, b)| String::from_utf8_lossy(b)).collect();
            assert!(all.contains("date: 2026-05-04") && !all.contains("@DATE@"), "{lang}");
            assert!(all.contains("[!ADMIN]") && all.contains(".svg"), "{lang}");
        }
    }
}
