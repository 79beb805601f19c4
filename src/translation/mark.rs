//! Writes into a translation which state of the original it translates, and nothing else.

/// The text of a file with `source_hash` set in its front matter; all other bytes stay. `None`
/// where there is no front matter that could hold it.
pub fn marked(text: &str, state: &str) -> Option<String> {
    let first = text.lines().next()?.trim_end();
    let (fence, line) = match first.trim_start_matches('\u{feff}') {
        "---" => ("---", format!("source_hash: \"{state}\"")),
        "+++" => ("+++", format!("source_hash = \"{state}\"")),
        _ => return None,
    };
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(text.len() + line.len() + 2);
    let mut lines = text.split_inclusive('\n');
    out.push_str(lines.next()?);
    let mut open = true;
    let mut in_table = false;
    for each in lines {
        let bare = each.trim_end();
        let key = bare.split([':', '=']).next().unwrap_or("").trim_end();
        if open && bare == fence {
            out.push_str(&line);
            out.push_str(newline);
            open = false;
        } else if open && fence == "+++" && bare.starts_with('[') && !in_table {
            // A TOML key behind a table's header would belong to the table.
            out.push_str(&line);
            out.push_str(newline);
            in_table = true;
            open = false;
        } else if open && key == "source_hash" {
            continue;
        }
        out.push_str(each);
    }
    (!open).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_mark_changes() {
        let cases = [
            ("---\ntitle: A\n---\nx\n", "---\ntitle: A\nsource_hash: \"1 2\"\n---\nx\n"),
            (
                "---\nsource_hash: \"0\"\ntitle: A\n---\n",
                "---\ntitle: A\nsource_hash: \"1 2\"\n---\n",
            ),
            (
                "+++\ntitle = \"A\"\n[extra]\na = 1\n+++\n",
                "+++\ntitle = \"A\"\nsource_hash = \"1 2\"\n[extra]\na = 1\n+++\n",
            ),
            ("---\r\ntitle: A\r\n---\r\n", "---\r\ntitle: A\r\nsource_hash: \"1 2\"\r\n---\r\n"),
        ];
        for (text, expected) in cases {
            assert_eq!(marked(text, "1 2").as_deref(), Some(expected));
            let again = marked(expected, "1 2").unwrap();
            assert_eq!(again, expected);
        }
        assert_eq!(marked("no front matter", "1"), None);
        assert_eq!(marked("---\nnever closed", "1"), None);
    }
}
