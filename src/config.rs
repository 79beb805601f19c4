//! `opas.toml`: what a portal is called, which languages it speaks, and what becomes of admin text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::audience::{Audiences, AudiencesError};
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::edit::Edits;
use crate::modules::Modules;
use crate::path::SourcePath;
use crate::synonyms::Synonyms;
use crate::value::fields::{Fields, WRONG_VALUE};
use crate::value::node::Value;
use crate::value::text::{LocalText, Located};
use crate::value::toml::parse_toml;

pub const FILE_NAME: &str = "opas.toml";

pub const BROKEN_CONFIG: Rule =
    Rule::error("broken-config", "The portal's configuration can't be read.");

/// What becomes of text that is not for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminMode {
    /// Shown to all, marked as what it is.
    Marked,
    /// Left out of the public portal; a portal of its own for each audience.
    Separate,
}

/// What becomes of raw HTML in articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HtmlPolicy {
    Sanitize,
    Allow,
    Escape,
}

/// What a language shows in place of an article that it has no translation of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// Nothing.
    Hide,
    /// The default language's article, with a notice.
    Show,
}

/// Whether categories and the whole manual are also written as single pages, for paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    On,
    Off,
    /// On for portals of up to 2,000 articles: the pages hold every article a second and third time.
    Auto,
}

/// A link of the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FooterLink {
    pub title: LocalText,
    pub url: Located<String>,
}

/// A card with which to reach somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    pub title: LocalText,
    pub text: LocalText,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub url: Option<String>,
    pub hours: LocalText,
}

/// `[brand]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// Pictures: paths within the portal.
    pub logo: Option<Located<String>>,
    pub logo_dark: Option<Located<String>>,
    /// The logo holds the portal's name, which then does not stand beside it.
    pub logo_has_name: bool,
    pub favicon: Option<Located<String>>,
    /// `#rrggbb`, for light and for dark pages.
    pub accent: Option<Located<String>>,
    pub accent_dark: Option<Located<String>>,
}

/// Where "was this helpful?" goes; nothing asks without one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feedback {
    pub endpoint: Option<Located<String>>,
    pub email: Option<String>,
}

/// The configuration of a portal, checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub title: LocalText,
    pub description: LocalText,
    /// Not empty; the first is the default.
    pub languages: Vec<String>,
    pub theme: String,
    /// Ends in `/`.
    pub site_url: Option<url::Url>,
    pub admin: AdminMode,
    pub audiences: Audiences,
    /// Whom `> [!ADMIN]` is for.
    pub admin_audience: String,
    pub html: HtmlPolicy,
    pub fallback: Fallback,
    pub edit_url: Option<String>,
    /// Where the texts of each layer are edited.
    pub edits: Edits,
    /// The version of the product that the manual describes.
    pub product_version: LocalText,
    /// The modules that the customer has.
    pub modules: Modules,
    /// The folders that the portal is made of, relative to the portal's own; later ones win.
    pub layers: Vec<Located<String>>,
    pub numbered_figures: bool,
    pub print: Print,
    /// Pictures of more pixels are refused.
    pub max_megapixels: f64,
    pub brand: Brand,
    pub footer_text: LocalText,
    pub footer_links: Vec<FooterLink>,
    pub contacts: Vec<Contact>,
    pub feedback: Feedback,
    pub variables: BTreeMap<String, LocalText>,
    /// From the file beside `opas.toml`.
    pub synonyms: Synonyms,
    /// A layer's folder of the portal's only language is the portal's `content/`.
    pub lifted: bool,
    /// The keys that the file itself has.
    given: BTreeSet<String>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            title: LocalText::default(),
            description: LocalText::default(),
            languages: vec!["en".to_owned()],
            theme: "default".to_owned(),
            site_url: None,
            admin: AdminMode::Marked,
            audiences: Audiences::default(),
            admin_audience: "admin".to_owned(),
            html: HtmlPolicy::Sanitize,
            fallback: Fallback::Hide,
            edit_url: None,
            edits: Edits::default(),
            product_version: LocalText::default(),
            modules: Modules::default(),
            layers: Vec::new(),
            numbered_figures: false,
            print: Print::Auto,
            max_megapixels: 100.0,
            brand: Brand::default(),
            footer_text: LocalText::default(),
            footer_links: Vec::new(),
            contacts: Vec::new(),
            feedback: Feedback::default(),
            variables: BTreeMap::new(),
            synonyms: Synonyms::default(),
            lifted: false,
            given: BTreeSet::new(),
        }
    }
}

/// The text of a configuration that could not be used, with the reasons.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("there is no {FILE_NAME} in {0} or in a folder above it")]
    Missing(String),
    #[error("{path} can't be read: {error}")]
    Unreadable { path: String, error: std::io::Error },
    #[error("{FILE_NAME} has errors")]
    Findings(Vec<Diagnostic>),
}

impl Config {
    /// Reads `opas.toml` in `root`. Findings that are no errors (unknown keys) come with the result.
    ///
    /// # Errors
    ///
    /// The file is missing, unreadable or wrong.
    pub fn load(root: &Path) -> Result<(Config, Vec<Diagnostic>), ConfigError> {
        let file = root.join(FILE_NAME);
        let bytes = std::fs::read(&file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ConfigError::Missing(root.display().to_string()),
            _ => ConfigError::Unreadable { path: file.display().to_string(), error },
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let place = Place::of_range(SourcePath::new(FILE_NAME), &text, valid..valid + 1);
            let finding = Diagnostic::new(BROKEN_CONFIG, place, "the file is not UTF-8");
            ConfigError::Findings(vec![finding.help("save it with the encoding UTF-8")])
        })?;
        let (mut config, mut findings) = Config::parse(text.trim_start_matches('\u{feff}'));
        config.synonyms = Synonyms::load(root, &config.languages, &mut findings);
        if findings.iter().any(Diagnostic::is_error) {
            return Err(ConfigError::Findings(findings));
        }
        Ok((config, findings))
    }

    /// Reads the text of an `opas.toml`. With errors among the findings the configuration is not
    /// to be used.
    pub fn parse(text: &str) -> (Config, Vec<Diagnostic>) {
        let path = SourcePath::new(FILE_NAME);
        let mut findings = Vec::new();
        let mut config = Config::default();
        match parse_toml(text, 1) {
            Ok(node) => {
                if let Value::Table(entries) = &node.value {
                    config.given = entries.iter().filter_map(|(key, _)| key.text()).collect();
                }
                let fields = Fields::new(node, &path, FILE_NAME, &mut findings);
                config.read(fields);
            }
            Err(error) => {
                findings.push(Diagnostic::new(BROKEN_CONFIG, error.place(&path), error.message));
            }
        }
        (config, findings)
    }

    fn read(&mut self, mut fields: Fields<'_>) {
        self.title = fields.local_text("title");
        self.description = fields.local_text("description");
        self.read_languages(&mut fields);
        self.theme = fields.text("theme").unwrap_or_else(|| "default".to_owned());
        self.read_site_url(&mut fields);
        let modes = [("marked", AdminMode::Marked), ("separate", AdminMode::Separate)];
        self.admin = fields.choice("admin", &modes).unwrap_or(AdminMode::Marked);
        let policies = [
            ("sanitize", HtmlPolicy::Sanitize),
            ("allow", HtmlPolicy::Allow),
            ("escape", HtmlPolicy::Escape),
        ];
        self.html = fields.choice("html", &policies).unwrap_or(HtmlPolicy::Sanitize);
        let fallbacks = [("hide", Fallback::Hide), ("show", Fallback::Show)];
        self.fallback = fields.choice("fallback", &fallbacks).unwrap_or(Fallback::Hide);
        self.edit_url = fields.text("edit_url");
        self.product_version = fields.local_text("product_version");
        self.modules = Modules::new(fields.texts("modules"));
        self.layers = fields.located_texts("layers");
        self.numbered_figures = fields.flag("numbered_figures").unwrap_or(false);
        let prints = [("on", Print::On), ("off", Print::Off), ("auto", Print::Auto)];
        self.print = fields.choice("print", &prints).unwrap_or(Print::Auto);
        self.max_megapixels = fields.number("max_megapixels").unwrap_or(self.max_megapixels);
        self.read_audiences(&mut fields);
        self.read_tables(&mut fields);
        fields.finish();
    }

    fn read_languages(&mut self, fields: &mut Fields<'_>) {
        let mut languages: Vec<String> = Vec::new();
        for Located { value, place } in fields.located_texts("languages") {
            let fits = (2..=3).contains(&value.split('-').next().unwrap_or("").len())
                && value.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            if !fits || languages.contains(&value) {
                let message = match fits {
                    true => format!("the language `{value}` is named twice"),
                    false => format!("`{value}` is no language code"),
                };
                let finding = Diagnostic::new(WRONG_VALUE, place, message);
                fields.findings.push(finding.help("a code is like `fi`, `sv` or `en`"));
            } else {
                languages.push(value);
            }
        }
        if !languages.is_empty() {
            self.languages = languages;
        }
    }

    fn read_site_url(&mut self, fields: &mut Fields<'_>) {
        let Some(Located { value, place }) = fields.located_text("site_url") else { return };
        let slashed = if value.ends_with('/') { value.clone() } else { format!("{value}/") };
        match url::Url::parse(&slashed) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                self.site_url = Some(url);
            }
            _ => {
                let message = format!("`site_url` is no web address: `{value}`");
                let finding = Diagnostic::new(WRONG_VALUE, place, message);
                fields.findings.push(finding.help("write it whole: https://help.example.com/"));
            }
        }
    }

    fn read_audiences(&mut self, fields: &mut Fields<'_>) {
        let place = Place::file(SourcePath::new(FILE_NAME));
        let mut table = BTreeMap::new();
        let mut first = None;
        for (name, node) in fields.entries("audiences") {
            first.get_or_insert(name.place);
            let included = match &node.value {
                Value::List(items) => items.iter().filter_map(|i| i.text()).collect(),
                _ => node.text().into_iter().collect(),
            };
            table.insert(name.value, included);
        }
        let place = first.unwrap_or(place);
        match Audiences::new(&table) {
            Ok(audiences) => self.audiences = audiences,
            Err(error) => {
                let help = match error {
                    AudiencesError::Circular(..) => "take one of the two out of the other's list",
                    AudiencesError::Unknown(..) => "each name in a list needs a line of its own",
                    AudiencesError::TooMany(_) => "merge some of them",
                };
                let finding = Diagnostic::new(WRONG_VALUE, place.clone(), error.to_string());
                fields.findings.push(finding.help(help));
            }
        }
        let most = || {
            let named_admin = self.audiences.id("admin").map(|_| "admin");
            named_admin.or_else(|| self.audiences.names().last()).unwrap_or("admin").to_owned()
        };
        let chosen = fields.located_text("admin_audience");
        self.admin_audience = chosen.as_ref().map_or_else(most, |c| c.value.clone());
        if let Some(Located { value, place }) = chosen
            && self.audiences.id(&value).is_none()
        {
            let message = format!("`admin_audience` is `{value}`, which is not an audience");
            fields.findings.push(Diagnostic::new(WRONG_VALUE, place, message));
        }
    }

    fn read_tables(&mut self, fields: &mut Fields<'_>) {
        let path = SourcePath::new(FILE_NAME);
        if let Some(node) = fields.take("brand") {
            let mut brand = Fields::new(node, &path, "[brand]", fields.findings);
            self.brand = Brand {
                logo: brand.located_text("logo"),
                logo_dark: brand.located_text("logo_dark"),
                logo_has_name: brand.flag("logo_has_name").unwrap_or_default(),
                favicon: brand.located_text("favicon"),
                accent: brand.located_text("accent"),
                accent_dark: brand.located_text("accent_dark"),
            };
            brand.finish();
        }
        if let Some(node) = fields.take("footer") {
            let mut footer = Fields::new(node, &path, "[footer]", fields.findings);
            self.footer_text = footer.local_text("text");
            for node in footer.tables("links") {
                let mut link = Fields::new(node, &path, "a link of [footer]", footer.findings);
                let (title, url) = (link.local_text("title"), link.located_text("url"));
                link.finish();
                if let Some(url) = url {
                    self.footer_links.push(FooterLink { title, url });
                }
            }
            footer.finish();
        }
        for node in fields.tables("contact") {
            let mut card = Fields::new(node, &path, "[contact]", fields.findings);
            self.contacts.push(Contact {
                title: card.local_text("title"),
                text: card.local_text("text"),
                email: card.text("email"),
                phone: card.text("phone"),
                url: card.text("url"),
                hours: card.local_text("hours"),
            });
            card.finish();
        }
        if let Some(node) = fields.take("feedback") {
            let mut feedback = Fields::new(node, &path, "[feedback]", fields.findings);
            self.feedback = Feedback {
                endpoint: feedback.located_text("endpoint"),
                email: feedback.text("email"),
            };
            feedback.finish();
        }
        for (name, node) in fields.entries("variables") {
            let text = fields.to_local_text("variables", node);
            self.variables.insert(name.value, text);
        }
    }

    /// The languages, if the portal's own file names them.
    pub fn own_languages(&self) -> Option<&[String]> {
        self.given.contains("languages").then_some(self.languages.as_slice())
    }

    /// Takes over from an earlier layer how texts are to be read, as far as this portal's own file,
    /// or a layer between, does not say it.
    pub fn inherit(&mut self, layer: &Config) {
        let inherited = [
            "languages",
            "admin",
            "audiences",
            "admin_audience",
            "fallback",
            "product_version",
            "numbered_figures",
        ];
        for key in inherited.into_iter().filter(|key| layer.given.contains(*key)) {
            if !self.given.insert(key.to_owned()) {
                continue;
            }
            match key {
                "languages" => self.languages.clone_from(&layer.languages),
                "admin" => self.admin = layer.admin,
                "audiences" => {
                    self.audiences.clone_from(&layer.audiences);
                    // Who reads admin notes without a word about it follows from the audiences.
                    if !self.given.contains("admin_audience") {
                        self.admin_audience.clone_from(&layer.admin_audience);
                    }
                }
                "admin_audience" => {
                    if self.audiences.id(&layer.admin_audience).is_some() {
                        self.admin_audience.clone_from(&layer.admin_audience);
                    }
                }
                "fallback" => self.fallback = layer.fallback,
                "product_version" => self.product_version.clone_from(&layer.product_version),
                _ => self.numbered_figures = layer.numbered_figures,
            }
        }
        for (name, text) in &layer.variables {
            self.variables.entry(name.clone()).or_insert_with(|| text.clone());
        }
        self.synonyms.add(&layer.synonyms);
    }

    pub fn default_language(&self) -> &str {
        self.languages.first().map_or("en", String::as_str)
    }

    /// A text of the portal in a language, as the portal's fallback has it.
    pub fn text<'a>(&'a self, text: &'a LocalText, language: &str) -> Option<&'a str> {
        text.get(language, &self.languages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lines_are_enough() {
        let (config, findings) = Config::parse("title = \"Ohjeet\"\nlanguages = [\"fi\"]\n");
        assert_eq!(findings, []);
        assert_eq!(config.text(&config.title, "fi"), Some("Ohjeet"));
        assert_eq!(config.default_language(), "fi");
    }

    #[test]
    fn texts_fall_back_to_the_default_language() {
        let text = "languages = [\"fi\", \"en\", \"ru\"]\n[title]\nfi = \"Ohje\"\nen = \"Guide\"\n";
        let (config, findings) = Config::parse(text);
        assert_eq!(findings, []);
        assert_eq!(config.text(&config.title, "en"), Some("Guide"));
        assert_eq!(config.text(&config.title, "ru"), Some("Ohje"));
    }

    #[test]
    fn findings_name_the_place_and_the_mend() {
        let cases = [
            ("titel = \"x\"", "opas.toml:1:1", "did you mean `title`?"),
            ("admin = \"separated\"", "opas.toml:1:9", "did you mean `separate`?"),
            ("\nlanguages = [\"suomi\"]", "opas.toml:2:14", "a code is like"),
            ("site_url = \"help.example.com\"", "opas.toml:1:12", "https://"),
            ("[audiences]\na = [\"b\"]", "opas.toml:2:1", "a line of its own"),
            ("[brand]\nlogos = \"x\"", "opas.toml:2:1", "did you mean `logo`?"),
        ];
        for (text, place, help) in cases {
            let (_, findings) = Config::parse(text);
            assert_eq!(findings.len(), 1, "{text}: {findings:?}");
            assert_eq!(findings[0].place.to_string(), place, "{text}");
            assert!(findings[0].help.as_deref().unwrap_or("").contains(help), "{findings:?}");
        }
        let (_, findings) = Config::parse("title = ");
        assert_eq!((findings[0].rule, findings[0].place.line), (BROKEN_CONFIG, 1));
    }
}
