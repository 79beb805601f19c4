//! The theme's texts in one language.
//!
//! 1. `i18n/XX.toml` holds groups of texts: `search.title = "Haku"`. What depends on a number is a
//!    table by CLDR plural category, with `{n}` for the number.
//! 2. The portal's file is laid over the embedded one text by text; English fills what is missing
//!    still, which is a finding.
//! 3. Numbers and dates follow the language's own `number` and `date` groups.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use icu_locale::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use serde::{Deserialize, Serialize};

use super::files::{Origin, ThemeFiles};
use crate::diagnostic::{Diagnostic, Place, Rule};

pub const STRING_MISSING: Rule = Rule::warning(
    "string-missing",
    "A text of the theme is not translated; readers get the English one.",
);
pub const STRINGS_UNREADABLE: Rule =
    Rule::error("strings-unreadable", "A file of the theme's texts can't be read.");

/// A text by itself, by plural category, or a list (the names of the months).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Text {
    One(String),
    List(Vec<String>),
    Counted(BTreeMap<String, String>),
}

type Groups = BTreeMap<String, BTreeMap<String, Text>>;

pub struct Strings {
    lang: String,
    groups: Groups,
    plurals: Option<PluralRules>,
}

/// Templates and scripts see the groups alone.
impl Serialize for Strings {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.groups.serialize(serializer)
    }
}

impl Strings {
    /// The texts for `lang`, a language tag such as `fi` or `en-GB`.
    pub fn load(files: &ThemeFiles, lang: &str, findings: &mut Vec<Diagnostic>) -> Strings {
        let primary = lang.split('-').next().unwrap_or(lang);
        let mut groups = read(files, "en", findings);
        let mut own = BTreeMap::new();
        for tag in if primary == lang { vec![lang] } else { vec![primary, lang] } {
            lay_over(&mut own, read(files, tag, findings));
        }
        report_missing(files, lang, &groups, &own, findings);
        lay_over(&mut groups, own);
        let plurals = Locale::try_from_str(lang)
            .ok()
            .and_then(|locale| PluralRules::try_new_cardinal((&locale).into()).ok());
        Strings { lang: lang.to_owned(), groups, plurals }
    }

    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// A group as it is, for the scripts.
    pub fn group(&self, name: &str) -> Option<&BTreeMap<String, Text>> {
        self.groups.get(name)
    }

    /// The text `group.key`; where the theme has none, `key` itself.
    pub fn get<'a>(&'a self, group: &str, key: &'a str) -> &'a str {
        match self.groups.get(group).and_then(|texts| texts.get(key)) {
            Some(Text::One(text)) => text,
            Some(Text::Counted(forms)) => forms.get("other").map_or(key, String::as_str),
            Some(Text::List(_)) | None => key,
        }
    }

    /// The text `group.key` in the plural category of `n`, with the number in its place.
    pub fn count(&self, group: &str, key: &str, n: usize) -> String {
        let form = match self.groups.get(group).and_then(|texts| texts.get(key)) {
            Some(Text::Counted(forms)) => {
                forms.get(self.category(n)).or_else(|| forms.get("other")).map_or(key, |f| f)
            }
            Some(Text::One(text)) => text,
            Some(Text::List(_)) | None => key,
        };
        form.replace("{n}", &self.number(n))
    }

    /// Whom something is for, in words: "For admins".
    pub fn audience<'a>(&'a self, name: &'a str) -> Cow<'a, str> {
        match self.groups.get("mark").and_then(|texts| texts.get(name)) {
            Some(Text::One(text)) => text.into(),
            _ => self.get("mark", "other").replace("{name}", name).into(),
        }
    }

    /// A whole number with the language's separator of thousands.
    pub fn number(&self, n: usize) -> String {
        let digits = n.to_string();
        let separator = self.get("number", "group");
        if digits.len() < 5 {
            return digits;
        }
        let mut out = String::with_capacity(digits.len() + 6);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push_str(separator);
            }
            out.push(digit);
        }
        out
    }

    /// A file's size: "2,3 Mt".
    pub fn file_size(&self, bytes: u64) -> String {
        const KILO: u64 = 1000;
        let (unit, tenths) = match bytes {
            0..1_000_000 => ("kilobytes", bytes.div_ceil(KILO) * 10),
            _ => ("megabytes", bytes / (KILO * KILO / 10)),
        };
        let whole = tenths / 10;
        let number = match tenths % 10 {
            tenth if tenth > 0 && whole < 10 => {
                format!("{whole}{}{tenth}", self.get("number", "decimal"))
            }
            _ => whole.to_string(),
        };
        self.get("number", unit).replace("{n}", &number)
    }

    /// A day as the language writes it: "4. toukokuuta 2026".
    pub fn date(&self, day: jiff::civil::Date) -> String {
        let month = match self.groups.get("date").and_then(|texts| texts.get("months")) {
            Some(Text::List(names)) => names.get(usize::from(day.month().unsigned_abs()) - 1),
            _ => None,
        };
        let mut out = String::new();
        let mut rest = self.get("date", "pattern");
        while let Some((before, after)) = rest.split_once('{') {
            let Some((field, after)) = after.split_once('}') else { break };
            out.push_str(before);
            let written = match field {
                "day" => write!(out, "{}", day.day()),
                "month" => write!(out, "{}", month.map_or("", String::as_str)),
                "number" => write!(out, "{}", day.month()),
                "year" => write!(out, "{}", day.year()),
                other => write!(out, "{{{other}}}"),
            };
            debug_assert!(written.is_ok(), "a string can always grow");
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn category(&self, n: usize) -> &'static str {
        match self.plurals.as_ref().map(|rules| rules.category_for(n)) {
            Some(PluralCategory::Zero) => "zero",
            Some(PluralCategory::One) => "one",
            Some(PluralCategory::Two) => "two",
            Some(PluralCategory::Few) => "few",
            Some(PluralCategory::Many) => "many",
            Some(PluralCategory::Other) | None => "other",
        }
    }
}

/// The embedded texts with the portal's laid over.
fn read(files: &ThemeFiles, tag: &str, findings: &mut Vec<Diagnostic>) -> Groups {
    let path = format!("i18n/{tag}.toml");
    let mut groups =
        ThemeFiles::embedded_bytes(&path).and_then(|bytes| parse(&bytes).ok()).unwrap_or_default();
    if files.origin(&path) == Some(Origin::Portal) {
        match parse(files.bytes(&path).unwrap_or_default()) {
            Ok(own) => lay_over(&mut groups, own),
            Err((line, message)) => {
                let place = Place::line(files.source(&path), line);
                findings.push(Diagnostic::new(STRINGS_UNREADABLE, place, message));
            }
        }
    }
    groups
}

fn parse(bytes: &[u8]) -> Result<Groups, (u32, String)> {
    let text = std::str::from_utf8(bytes).map_err(|error| (0, error.to_string()))?;
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start).min(text.len());
        let line = text.as_bytes()[..start].iter().filter(|&&b| b == b'\n').count();
        (line as u32 + 1, error.message().to_owned())
    })
}

fn lay_over(groups: &mut Groups, over: Groups) {
    for (group, texts) in over {
        groups.entry(group).or_default().extend(texts);
    }
}

fn report_missing(
    files: &ThemeFiles,
    lang: &str,
    english: &Groups,
    own: &Groups,
    findings: &mut Vec<Diagnostic>,
) {
    let path = files.source(&format!("i18n/{lang}.toml"));
    let place = Place::file(path.clone());
    if own.is_empty() {
        let message = format!("the theme has no texts in `{lang}`; readers get the English ones");
        let help =
            format!("translate them in `{path}`; `opas theme eject i18n/en.toml` shows them");
        findings.push(Diagnostic::new(STRING_MISSING, place, message).help(help));
        return;
    }
    let missing: Vec<String> = english
        .iter()
        .flat_map(|(group, texts)| texts.keys().map(move |key| (group, key)))
        .filter(|(group, key)| !own.get(*group).is_some_and(|texts| texts.contains_key(*key)))
        .map(|(group, key)| format!("`{group}.{key}`"))
        .collect();
    if !missing.is_empty() {
        let message = format!("texts are missing in `{lang}`: {}", missing.join(", "));
        findings.push(Diagnostic::new(STRING_MISSING, place, message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [&str; 8] = ["da", "de", "en", "et", "fi", "nb", "ru", "sv"];

    fn load(lang: &str) -> Strings {
        let mut findings = Vec::new();
        let strings = Strings::load(&ThemeFiles::embedded("default"), lang, &mut findings);
        assert_eq!(findings, [], "{lang}");
        strings
    }

    #[test]
    fn every_language_is_complete_and_has_the_plurals_that_it_needs() {
        let english = load("en");
        for lang in LANGUAGES {
            let strings = load(lang);
            for (group, texts) in &english.groups {
                for (key, text) in texts {
                    let own = &strings.groups[group][key];
                    let place = format!("{lang}: {group}.{key}");
                    match (text, own) {
                        (Text::One(a), Text::One(b)) => {
                            assert!(!b.is_empty(), "{place}");
                            let slots = |t: &str| {
                                let mut s: Vec<_> =
                                    t.split('{').skip(1).map(str::to_owned).collect();
                                s.iter_mut().for_each(|s| s.truncate(s.find('}').unwrap_or(0)));
                                s.sort();
                                s
                            };
                            if group != "date" {
                                assert_eq!(slots(a), slots(b), "{place}");
                            }
                        }
                        (Text::Counted(_), Text::Counted(forms)) => {
                            for n in 0..200 {
                                let form = strings.category(n);
                                assert!(forms.contains_key(form), "{place} lacks `{form}`");
                            }
                        }
                        (Text::List(a), Text::List(b)) => assert_eq!(a.len(), b.len(), "{place}"),
                        _ => panic!("{place} is of another form than the English"),
                    }
                }
            }
            let extra = strings.groups.iter().flat_map(|(g, t)| t.keys().map(move |k| (g, k)));
            for (group, key) in extra {
                assert!(english.groups[group].contains_key(key), "{lang}: {group}.{key} is unused");
            }
        }
    }

    #[test]
    fn counts_follow_the_plural_rules() {
        let cases = [
            ("fi", 1, "Löysimme 1 tuloksen"),
            ("fi", 32, "Löysimme 32 tulosta"),
            ("sv", 2, "Vi hittade 2 resultat"),
            ("ru", 1, "Найден 1 результат"),
            ("ru", 3, "Найдено 3 результата"),
            ("ru", 11, "Найдено 11 результатов"),
            ("en", 12_345, "We found 12,345 results"),
        ];
        for (lang, n, text) in cases {
            assert_eq!(load(lang).count("search", "found", n), text);
        }
    }

    #[test]
    fn dates_are_written_as_in_the_language() {
        let day = jiff::civil::date(2026, 5, 4);
        let cases = [
            ("fi", "4. toukokuuta 2026"),
            ("sv", "4 maj 2026"),
            ("en", "4 May 2026"),
            ("ru", "4 мая 2026 г."),
            ("de", "4. Mai 2026"),
        ];
        for (lang, text) in cases {
            assert_eq!(load(lang).date(day), text);
        }
    }

    #[test]
    fn sizes_are_written_as_in_the_language() {
        let cases = [
            ("fi", 2_345_678, "2,3\u{a0}Mt"),
            ("en", 2_345_678, "2.3 MB"),
            ("fi", 12, "1\u{a0}kt"),
            ("ru", 14_900_000, "14\u{a0}МБ"),
        ];
        for (lang, bytes, text) in cases {
            assert_eq!(load(lang).file_size(bytes), text);
        }
    }

    #[test]
    fn a_portal_changes_one_text_and_what_is_missing_falls_back_to_english() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("themes/default/i18n");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("fi.toml"), "[page]\ncontents = 'Opas'\n").unwrap();
        std::fs::write(folder.join("fr.toml"), "[page]\ncontents = 'Sommaire'\n").unwrap();
        let mut findings = Vec::new();
        let files = ThemeFiles::load(root.path(), "default", &mut findings);
        let finnish = Strings::load(&files, "fi", &mut findings);
        assert_eq!(finnish.get("page", "contents"), "Opas");
        assert_eq!(finnish.get("page", "related"), "Liittyvät ohjeet");
        assert_eq!(findings, []);
        let french = Strings::load(&files, "fr", &mut findings);
        assert_eq!(french.get("page", "contents"), "Sommaire");
        assert_eq!(french.get("page", "related"), "Related articles");
        assert_eq!(findings.len(), 1);
        assert!(findings[0].message.contains("`page.related`"));
    }
}
