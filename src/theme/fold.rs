//! Writes into templates what is the same for many pages, so that none of them has to look it up.
//!
//! Only what stands alone between braces is written in, `{{ t.page.menu }}`, and only a text that a
//! page shows just as it is. All else stays for the page, and so do all errors.

/// The template with the texts in the place of the expressions for which `known` has one.
pub fn fold(template: &str, known: &dyn Fn(&str) -> Option<String>) -> String {
    const OPEN: &str = "{{ ";
    const CLOSE: &str = " }}";
    let mut out = String::with_capacity(template.len() * 3 / 2);
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once(OPEN) {
        let Some((expression, end)) = behind.split_once(CLOSE) else { break };
        // Braces in a text that is quoted in an expression or tag, or shown as it is typed: let them be.
        let in_tag = before.rfind("{%") > before.rfind("%}");
        if in_tag || expression.contains("{{") || template.contains("endraw") {
            break;
        }
        out.push_str(before);
        match known(expression) {
            Some(text) => out.push_str(&text),
            None => [OPEN, expression, CLOSE].iter().for_each(|part| out.push_str(part)),
        }
        rest = end;
    }
    out.push_str(rest);
    out
}

/// Whether the template gives one of these names another meaning.
pub fn reassigns(template: &str, is_name: &dyn Fn(&str) -> bool) -> bool {
    template.split("{%").skip(1).any(|tag| {
        let head = tag.split("%}").next().unwrap_or_default().split('=').next().unwrap_or_default();
        let mut words = head.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let sets = words.find(|word| !word.is_empty());
        matches!(sets, Some("set" | "set_global" | "for"))
            && words.take_while(|word| *word != "in").any(is_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_expressions_become_their_texts() {
        let known = |expression: &str| (expression == "t.a").then(|| "A".to_owned());
        let cases = [
            ("<p>{{ t.a }}, {{ t.b }} {{ t.a }}</p>", "<p>A, {{ t.b }} A</p>"),
            ("{{ t.a | upper }}{{ t.a }}", "{{ t.a | upper }}A"),
            ("{{- t.a }}{{t.a}}{{ t.a", "{{- t.a }}{{t.a}}{{ t.a"),
            ("{% raw %}{{ t.a }}{% endraw %}", "{% raw %}{{ t.a }}{% endraw %}"),
            ("{{ \"{{ t.a }}\" }}", "{{ \"{{ t.a }}\" }}"),
            ("{% if x == \"{{ t.a }}\" %}", "{% if x == \"{{ t.a }}\" %}"),
            (
                "<a href=\"{{ t.a }}b\">{% if x %}{{ t.a }}{% endif %}",
                "<a href=\"Ab\">{% if x %}A{% endif %}",
            ),
        ];
        for (template, folded) in cases {
            assert_eq!(fold(template, &known), folded);
        }
    }

    #[test]
    fn a_name_that_is_set_is_no_longer_known() {
        let is_t = |name: &str| name == "t";
        for template in
            ["{% set t = x %}", "a{%- for k, t in x -%}", "{% for t in x %}", "{% set t %}"]
        {
            assert!(reassigns(template, &is_t), "{template}");
        }
        for template in ["{% set x = t.a %}", "{% for x in t.a %}", "{% if t %}", "set t"] {
            assert!(!reassigns(template, &is_t), "{template}");
        }
    }
}
