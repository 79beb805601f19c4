//! The browser's end as it is published: the theme's scripts without their comments, as one, and
//! the portal's languages.

/// What goes to `search/search.js`, from the files of the theme's `js/search/` in their order.
///
/// Lines that hold nothing but a comment, indentation and spaces around signs are left out: a reader
/// who fetches the script doesn't read it. No string of the scripts may run over several lines. Their names stay
/// among themselves.
pub fn script<'a>(sources: impl IntoIterator<Item = &'a str>, languages: &[String]) -> String {
    let mut out = String::from("(() => {\n'use strict';\n");
    for source in sources {
        let mut in_comment = false;
        for line in source.lines() {
            let line = line.trim();
            if in_comment || line.starts_with("/*") {
                in_comment = !line.ends_with("*/");
                continue;
            }
            if line.is_empty() || line.starts_with("//") {
                continue;
            }
            squeeze(line, &mut out);
            out.push('\n');
        }
    }
    let codes: Vec<String> = languages.iter().map(|code| format!("\"{code}\"")).collect();
    out.push_str(&format!("opas.search.languages = [{}];\n}})();\n", codes.join(", ")));
    out
}

/// Appends a line without the spaces around its signs. One with slashes, backslashes or strings other
/// than in single quotes stays as it is: it may hold an expression or a text in which spaces count.
fn squeeze(line: &str, out: &mut String) {
    const SIGNS: &str = "=,;:?&|<>*(){}";
    if line.contains(['/', '\\', '`', '"']) {
        return out.push_str(line);
    }
    let mut in_string = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        in_string ^= c == '\'';
        let sign = |c: Option<char>| c.is_some_and(|c| SIGNS.contains(c));
        if c != ' ' || in_string || !sign(out.chars().next_back()) && !sign(chars.peek().copied()) {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_go_where_they_mean_nothing() {
        let source = "if (a < 1 && b) {\nconst c = 'a = b' + d - -e;\nreturn /a = b/;\n}\n";
        let squeezed = "if(a<1&&b){\nconst c='a = b' + d - -e;\nreturn /a = b/;\n}\n";
        assert!(script([source], &[]).contains(squeezed), "{}", script([source], &[]));
    }

    #[test]
    fn comments_go_and_languages_come() {
        let source =
            "/**\n * Why.\n */\nif (b) {\n  // Here.\n  const a = '/* b */'; // kept\n\n}\n";
        assert_eq!(
            script([source, "/* More. */\nc();"], &["fi".into(), "pt-BR".into()]),
            "(() => {\n'use strict';\nif(b){\nconst a = '/* b */'; // kept\n}\nc();\n\
             opas.search.languages = [\"fi\", \"pt-BR\"];\n})();\n"
        );
    }
}
