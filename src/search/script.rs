//! The browser's end as it is published: the theme's scripts without their comments, as one, and
//! the portal's languages.

/// What goes to `search/search.js`, from the files of the theme's `js/search/` in their order.
///
/// Lines that hold nothing but a comment, and indentation, are left out: a reader who fetches the
/// script doesn't read it. No string of the scripts may run over several lines. Their names stay
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
            out.push_str(line);
            out.push('\n');
        }
    }
    let codes: Vec<String> = languages.iter().map(|code| format!("\"{code}\"")).collect();
    out.push_str(&format!("opas.search.languages = [{}];\n}})();\n", codes.join(", ")));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_languages_come() {
        let source =
            "/**\n * Why.\n */\nif (b) {\n  // Here.\n  const a = '/* b */'; // kept\n\n}\n";
        assert_eq!(
            script([source, "/* More. */\nc();"], &["fi".into(), "pt-BR".into()]),
            "(() => {\n'use strict';\nif (b) {\nconst a = '/* b */'; // kept\n}\nc();\n\
             opas.search.languages = [\"fi\", \"pt-BR\"];\n})();\n"
        );
    }
}
