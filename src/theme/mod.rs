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
pub mod icon;
pub mod strings;
pub mod templates;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
pub use brand::Brand;
pub use bundle::{Asset, Bundles};
pub use files::ThemeFiles;
pub use strings::Strings;
pub use templates::{Template, Templates};

/// A theme, ready to render from any thread.
pub struct Theme {
    files: ThemeFiles,
    templates: Templates,
    strings: BTreeMap<String, Strings>,
    bundles: Bundles,
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
        brand: &Brand,
        findings: &mut Vec<Diagnostic>,
    ) -> Theme {
        let files = ThemeFiles::load(root, name, findings);
        let templates = Templates::compile(&files, findings);
        let strings: BTreeMap<String, Strings> = languages
            .iter()
            .map(|lang| (lang.clone(), Strings::load(&files, lang, findings)))
            .collect();
        let bundles = Bundles::new(&files, &strings, brand);
        Theme { files, templates, strings, bundles }
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
        self.templates.render(&self.files, template, context)
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
        &self.bundles
    }

    pub fn files(&self) -> &ThemeFiles {
        &self.files
    }
}
