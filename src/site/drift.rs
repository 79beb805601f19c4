//! What changed in an article since somebody extended it.
//!
//! `opas layers mark` puts the article as it is at that time into `extended/`, beside the layer's
//! `content/`. Without that copy the sections' hashes tell where something changed, not what.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::article::Article;
use crate::article::state::changes;
use crate::diagnostic::{Diagnostic, Rule};
use crate::value::text::Located;

pub const EXTENDED_CHANGED: Rule = Rule::warning(
    "extended-changed",
    "An extension whose article has changed since somebody last looked at both.",
);

/// More changes than this are better looked at side by side.
const SHOWN: usize = 3;
/// Of a line, in characters.
const LONGEST: usize = 70;
/// Larger texts, in lines times lines, are not compared.
const MOST: usize = 4_000_000;

/// Where the copy of the article lies that an extension was written to. `file` is the extension,
/// `root` the folder of its layer.
pub fn copy_for(root: &Path, file: &Path) -> Option<PathBuf> {
    Some(root.join("extended").join(file.strip_prefix(root.join("content")).ok()?))
}

/// The finding on an extension whose article has another state than the one it has `seen`.
/// `before` is the article's body as it was then.
pub fn changed(base: &Article, seen: &Located<String>, before: Option<&str>) -> Diagnostic {
    let (sections, gone) = changes(&seen.value, base);
    let mut what: Vec<String> = sections
        .into_iter()
        .map(|heading| match heading.is_empty() {
            true => "the text at its start".to_owned(),
            false => format!("\"{heading}\""),
        })
        .collect();
    if gone > 0 {
        what.push(format!("{gone} of its sections gone"));
    }
    if what.is_empty() {
        what.push("the order of its sections".to_owned());
    }
    let whole = base.text.read();
    let now = whole.get(base.body_start..).unwrap_or("");
    let lines = before.map(|before| told(before, now)).filter(|told| !told.is_empty());
    let lines = lines.map_or(String::new(), |told| format!("; {told}"));
    let message = format!("`{}` has changed since: {}{lines}", base.path, what.join(", "));
    Diagnostic::new(EXTENDED_CHANGED, seen.place.clone(), message)
        .help("read both, then run `opas layers mark` on this file")
}

/// The changed lines, as far as a message holds them.
fn told(before: &str, now: &str) -> String {
    let [old, new] = [before, now].map(|text| {
        let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
        lines.collect::<Vec<&str>>()
    });
    let changes = differences(&old, &new);
    let text = |lines: &[&str]| {
        let whole = lines.join(" ");
        match whole.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("\"{}…\"", whole[..end].trim_end()),
            None => format!("\"{whole}\""),
        }
    };
    let first = changes.iter().take(SHOWN).map(|(gone, come)| {
        match (&old[gone.clone()], &new[come.clone()]) {
            (gone, []) => format!("{} is gone", text(gone)),
            ([], come) => format!("{} is new", text(come)),
            (gone, come) => format!("{} is now {}", text(gone), text(come)),
        }
    });
    let mut told = first.collect::<Vec<_>>().join("; ");
    if changes.len() > SHOWN {
        told.push_str(&format!("; and {} more changes", changes.len() - SHOWN));
    }
    told
}

/// The ranges of lines that differ, by the longest common subsequence of all.
fn differences(old: &[&str], new: &[&str]) -> Vec<(Range<usize>, Range<usize>)> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = rest.take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let width = b.len() + 1;
    let mut longest = vec![0u32; (a.len() + 1) * width];
    if a.len() * b.len() <= MOST {
        for i in (0..a.len()).rev() {
            for j in (0..b.len()).rev() {
                let (below, beside) = (longest[(i + 1) * width + j], longest[i * width + j + 1]);
                longest[i * width + j] = match a[i] == b[j] {
                    true => longest[(i + 1) * width + j + 1] + 1,
                    false => below.max(beside),
                };
            }
        }
    }
    let mut found = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let (from_i, from_j) = (i, j);
        while i < a.len() || j < b.len() {
            let common = longest[i * width + j];
            if i < a.len() && longest[(i + 1) * width + j] == common {
                i += 1;
            } else if j < b.len() && longest[i * width + j + 1] == common {
                j += 1;
            } else {
                break;
            }
        }
        if (from_i, from_j) != (i, j) {
            found.push((start + from_i..start + i, start + from_j..start + j));
        }
        // What both have.
        while i < a.len() && j < b.len() && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_told() {
        let cases = [
            ("a\n\nb\nc\n", "a\nb\nc", ""),
            ("Check it.\n", "Check it twice.\n", "\"Check it.\" is now \"Check it twice.\""),
            ("a\nb\nc\n", "a\nc\nd\n", "\"b\" is gone; \"d\" is new"),
            ("a\nb", "", "\"a b\" is gone"),
            ("", "a\nb", "\"a b\" is new"),
            ("a\na\nb\n", "a\nb\nb\n", "\"a\" is now \"b\""),
            (
                "a\nx\nb\nx\nc\nx\nd\nx",
                "1\nx\n2\nx\n3\nx\n4\nx",
                "\"a\" is now \"1\"; \"b\" is now \"2\"; \"c\" is now \"3\"; and 1 more changes",
            ),
        ];
        for (before, now, expected) in cases {
            assert_eq!(told(before, now), expected, "{before:?} {now:?}");
        }
        let long = "ö".repeat(200);
        assert_eq!(told("", &long), format!("\"{}…\" is new", "ö".repeat(LONGEST)));
    }

    #[test]
    fn a_copy_lies_beside_the_content() {
        let copy = copy_for(Path::new("/own"), Path::new("/own/content/en/a/b.md"));
        assert_eq!(copy.as_deref(), Some(Path::new("/own/extended/en/a/b.md")));
        assert_eq!(copy_for(Path::new("/own"), Path::new("/vendor/content/a.md")), None);
    }
}
