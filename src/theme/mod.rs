//! How the portal looks: templates, styles, scripts and texts.
//!
//! The default theme lies in the binary. A portal overrides it file by file in its `themes/NAME/`.
//!
//! 1. [`files`]: which file counts, the portal's or the embedded one; `opas theme list` and `eject`.
//! 2. [`strings`]: the texts by language, with plural rules, numbers and dates.
//! 3. [`bundle`]: the styles become one file, the scripts one for each language; their names carry
//!    their hash, so that a browser may keep them for good.
//! 4. [`templates`]: compiled once; a template that fails is a finding with its file and line.

pub mod brand;
pub mod bundle;
pub mod files;
mod fold;
pub mod icon;
pub mod strings;
pub mod templates;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
pub use brand::Brand;
pub use bundle::{Asset, Bundles};
use files::Origin;
pub use files::ThemeFiles;
pub use strings::Strings;
pub use templates::{Template, Templates};

/// A theme, ready to render from any thread. What no finding can come from is made when it is first
/// needed: a command that renders nothing does not wait for it.
pub struct Theme {
    files: ThemeFiles,
    templates: OnceLock<Templates>,
    strings: BTreeMap<String, Strings>,
    brand: Brand,
    bundles: OnceLock<Bundles>,
}

impl Theme {
    /// The theme `name` of the portal at `root`, with texts in `languages`.
    ///
    /// Whatever is wrong with it becomes a finding, and the embedded default steps in, so that
    /// there always is a theme.
    pub fn load(
        root: &Path,
        name: &str,
        languages: &[String],
        brand: Brand,
        findings: &mut Vec<Diagnostic>,
    ) -> Theme {
        let files = ThemeFiles::load(root, name, findings);
        let templates = OnceLock::new();
        if files.below("templates/").any(|path| files.origin(path) == Some(Origin::Portal)) {
            templates.get_or_init(|| Templates::compile(&files, findings));
        }
        let strings: BTreeMap<String, Strings> = languages
            .iter()
            .map(|lang| (lang.clone(), Strings::load(&files, lang, findings)))
            .collect();
        Theme { files, templates, strings, brand, bundles: OnceLock::new() }
    }

    /// The page that `template` makes of `context`.
    ///
    /// # Errors
    ///
    /// What the template does wrong, with its file and line.
    pub fn render(
        &self,
        template: Template,
        context: &impl Serialize,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let compile = || Templates::compile(&self.files, &mut Vec::new());
        self.templates.get_or_init(compile).render(&self.files, template, context)
    }

    /// The templates for pages that all have these parts in their contexts, by name. They make the
    /// same pages with less work. `None` where the theme's own ones can't be used.
    pub fn templates_with(&self, parts: &[(&str, &tera::Value)]) -> Option<Templates> {
        Templates::with(&self.files, parts)
    }

    /// The texts in `lang`, one of the languages that the theme was loaded for.
    ///
    /// # Panics
    ///
    /// For any other language.
    pub fn strings(&self, lang: &str) -> &Strings {
        &self.strings[lang]
    }

    pub fn bundles(&self) -> &Bundles {
        self.bundles.get_or_init(|| Bundles::new(&self.files, &self.strings, &self.brand))
    }

    pub fn files(&self) -> &ThemeFiles {
        &self.files
    }
}
