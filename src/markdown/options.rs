//! How to read a text: what the portal's configuration says about it.

use std::collections::BTreeMap;

use crate::audience::{Audiences, Visibility};
use crate::config::{AdminMode, Config, HtmlPolicy};
use crate::modules::Modules;

#[derive(Clone, Debug)]
pub struct Options<'a> {
    pub audiences: &'a Audiences,
    /// Who reads `> [!ADMIN]`.
    pub admin: Visibility,
    /// What is about others is for nobody.
    pub modules: &'a Modules,
    /// Where audiences are kept apart, a mistyped mark is an error and hides what it marks.
    pub mode: AdminMode,
    pub html: HtmlPolicy,
    /// A language tag; its quotes are used.
    pub language: &'a str,
    pub variables: BTreeMap<&'a str, &'a str>,
}

impl<'a> Options<'a> {
    /// What `config` says about texts of the language at `language` of its list.
    pub fn new(config: &'a Config, language: usize) -> Options<'a> {
        let language = config.languages.get(language).map_or("", String::as_str);
        let variables = config
            .variables
            .iter()
            .filter_map(|(name, text)| Some((name.as_str(), config.text(text, language)?)))
            .collect();
        let admin = config.audiences.visibility([config.admin_audience.as_str()]);
        Options {
            audiences: &config.audiences,
            admin: admin.unwrap_or(Visibility::NOBODY),
            modules: &config.modules,
            mode: config.admin,
            html: config.html,
            language,
            variables,
        }
    }
}
