//! `opas new`: an article to fill in.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use jiff::civil::Date;

use super::failure::{Failure, Outcome};
use super::portal;
use super::terminal::Terminal;
use crate::article::kind::Kind;
use crate::diagnostic::nearest;
use crate::path::SourcePath;

#[derive(clap::Args)]
pub struct Arguments {
    /// Where the article is to be, from the portal's root or from content/: invoicing/credit-notes.md
    path: String,
    /// What sort of text it is [default: guide; announcement in a folder of that name]
    #[arg(long, value_parser = parse_kind)]
    kind: Option<Kind>,
    /// The date of an announcement [default: today]
    #[arg(long)]
    date: Option<Date>,
}

fn parse_kind(id: &str) -> Result<Kind, String> {
    let ids = Kind::ALL.map(Kind::id);
    Kind::from_id(id).ok_or_else(|| match nearest(id, ids) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known are {}", ids.join(", ")),
    })
}

pub fn run(
    arguments: &Arguments,
    root: Option<&Path>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let (root, _) = portal::configured(root, terminal)?;
    let path = source_path(&arguments.path)?;
    let kind = arguments.kind.unwrap_or_else(|| kind_of_place(&path));
    let date = arguments.date.unwrap_or_else(today);
    let on_disk = path.on_disk(&root);
    leaves_portal(&root, &on_disk)?;
    let text = article(&path, kind, date);
    let write = || {
        if let Some(folder) = on_disk.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::File::create_new(&on_disk)?.write_all(text.as_bytes())
    };
    match write() {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            return Err(Failure::usage(format!("`{path}` exists already; it is left as it is")));
        }
        Err(e) => return Err(Failure::io(&on_disk, &e)),
    }
    terminal.line(&format!("made {path}"))?;
    Ok(Outcome::Good)
}

/// Today, where the writer is.
pub fn today() -> Date {
    jiff::Zoned::now().date()
}

/// The article's file: below `content/`, ending in `.md`.
fn source_path(typed: &str) -> Result<SourcePath, Failure> {
    let unusable = |why: &str| Err(Failure::usage(format!("`{typed}` can't be an article: {why}")));
    let tidy = typed.replace(std::path::MAIN_SEPARATOR, "/");
    if Path::new(&tidy).is_absolute() {
        return unusable("give the path from the portal's root");
    }
    if tidy.ends_with('/') {
        return unusable("it is a folder");
    }
    let inside = tidy.strip_prefix("./").unwrap_or(&tidy);
    let inside = inside.strip_prefix("content/").unwrap_or(inside);
    let Some(path) = SourcePath::new("content/x").join(inside) else {
        return unusable("it leaves the portal");
    };
    if !path.as_str().starts_with("content/") {
        return unusable("it leaves content/");
    }
    if tidy.chars().any(char::is_control) {
        return unusable("its name has control characters");
    }
    Ok(match path.extension().as_str() {
        "md" => path,
        _ => SourcePath::new(format!("{path}.md")),
    })
}

/// Fails if a symbolic link on the way to `file` leads out of the portal.
fn leaves_portal(root: &Path, file: &Path) -> Result<(), Failure> {
    let real = |path: &Path| path.canonicalize().map_err(|e| Failure::io(path, &e));
    let Some(existing) = file.ancestors().skip(1).find(|folder| folder.exists()) else {
        return Ok(());
    };
    match real(existing)?.starts_with(real(root)?) {
        true => Ok(()),
        false => Err(Failure::usage(format!("`{}` leads out of the portal", existing.display()))),
    }
}

/// A folder can tell the kind by its name.
fn kind_of_place(path: &SourcePath) -> Kind {
    let folder = path.folder();
    let named =
        |folder: &str| Kind::ALL.into_iter().find(|k| folder.strip_suffix('s') == Some(k.id()));
    folder.rsplit('/').find_map(named).unwrap_or_default()
}

/// A title from the file's name: `2026-05-04-new-calendar.md` is "New calendar".
fn title(path: &SourcePath) -> String {
    let name = path.file_name().trim_end_matches(".md");
    let name = match name.get(..11) {
        Some(date) if date[..10].parse::<Date>().is_ok() && name.len() > 11 => &name[11..],
        _ if path.file_name() == "_index.md" && path.folder() != "content" => {
            path.folder().rsplit('/').next().unwrap_or(name)
        }
        _ => name,
    };
    let words = name.replace(['-', '_'], " ");
    let mut chars = words.trim().chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => "…".to_owned(),
    }
}

/// The text, with the front matter that fits the kind.
fn article(path: &SourcePath, kind: Kind, date: Date) -> String {
    // A YAML string in double quotes is a JSON string.
    let title = serde_json::Value::from(title(path)).to_string();
    if path.file_name() == "_index.md" {
        return format!("---\ntitle: {title}\ndescription:\nicon: book-open\norder: 10\n---\n\n");
    }
    let fields = match kind {
        Kind::Guide => String::new(),
        Kind::Announcement => format!("kind: announcement\ndate: {date}\n"),
        Kind::Process => format!("kind: process\nreview_by: {}\n", in_a_year(date)),
        Kind::Troubleshooting => "kind: troubleshooting\nfind_by: []\n".to_owned(),
        kind => format!("kind: {}\n", kind.id()),
    };
    let rest = match kind {
        Kind::Announcement => "",
        Kind::Lesson => "order: 10\n",
        _ => "tags: []\n",
    };
    let body = match kind {
        Kind::Guide | Kind::Process | Kind::Lesson => ":::steps\n1. \n2. \n3. \n:::\n",
        Kind::Troubleshooting => "## What you see\n\n## Why\n\n## What to do\n",
        Kind::Faq => "## \n",
        Kind::Tip | Kind::Reference | Kind::Announcement => "",
    };
    format!("---\ntitle: {title}\ndescription:\n{fields}{rest}---\n\n{body}")
}

fn in_a_year(date: Date) -> Date {
    date.saturating_add(jiff::Span::new().years(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::front_matter::FrontMatter;
    use crate::config::Config;
    use crate::markdown::options::Options;

    #[test]
    fn a_path_is_made_an_article_below_content() {
        let cases = [
            ("invoicing/credit-notes", "content/invoicing/credit-notes.md"),
            ("content/a.md", "content/a.md"),
            ("./content/a b.md", "content/a b.md"),
            ("x/../laskut/ä.md", "content/laskut/ä.md"),
        ];
        for (typed, path) in cases {
            assert_eq!(source_path(typed).unwrap().as_str(), path);
        }
        for bad in ["/etc/x.md", "../x.md", "../../x", "a/", "a\nb.md", "../static/x.md"] {
            assert!(source_path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_name_and_the_folder_tell_title_and_kind() {
        let cases = [
            (
                "content/announcements/2026-05-04-new-calendar.md",
                "New calendar",
                Kind::Announcement,
            ),
            ("content/laskut/öljy_laskut.md", "Öljy laskut", Kind::Guide),
            ("content/tips/-.md", "…", Kind::Tip),
            ("content/tips/_index.md", "Tips", Kind::Tip),
            ("content/2026-05-04-.md", "2026 05 04 ", Kind::Guide),
        ];
        for (path, expected, kind) in cases {
            let path = SourcePath::new(path);
            assert_eq!((title(&path).as_str(), kind_of_place(&path)), (expected.trim_end(), kind));
        }
    }

    #[test]
    fn what_is_made_can_be_read_back() {
        let date: Date = "2026-05-04".parse().unwrap();
        let config = Config::default();
        for kind in Kind::ALL {
            let path = SourcePath::new("content/a/quote \" and : colon.md");
            let text = article(&path, kind, date);
            let mut findings = Vec::new();
            let (front, _) =
                FrontMatter::parse(&path, &text, &Options::new(&config, 0), &mut findings).unwrap();
            assert!(findings.is_empty(), "{kind:?}: {findings:?}");
            assert_eq!(front.kind.unwrap_or_default(), kind);
            assert_eq!(front.title.unwrap().value, "Quote \" and : colon");
            assert_eq!(front.date, (kind == Kind::Announcement).then_some(date));
        }
    }
}
