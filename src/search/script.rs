//! The browser's end as it is published: the theme's script without its comments, and the portal's
//! languages.

/// What goes to `search/search.js`, from the theme's `search.js`.
///
/// Lines that hold nothing but a comment, and indentation, are left out: a reader who fetches the
/// script doesn't read it. No string of the script may run over several lines.
pub fn script(source: &str, languages: &[String]) -> String {
    let mut out = String::with_capacity(source.len());
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
    let codes: Vec<String> = languages.iter().map(|code| format!("\"{code}\"")).collect();
    out.push_str(&format!("opas.search.languages = [{}];\n", codes.join(", ")));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_languages_come() {
        let source =
            "/**\n * Why.\n */\n(() => {\n  // Here.\n  const a = '/* b */'; // kept\n\n})();\n";
        assert_eq!(
            script(source, &["fi".into(), "pt-BR".into()]),
            "(() => {\nconst a = '/* b */'; // kept\n})();\nopas.search.languages = [\"fi\", \"pt-BR\"];\n"
        );
    }
}
