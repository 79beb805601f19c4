//! The pictures that the configuration names.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule};
use crate::path::SourcePath;
use crate::value::text::Located;

use super::resolve::{Book, ImageTarget};
use super::{AssetId, LanguageId};

pub const DEAD_BRAND: Rule =
    Rule::warning("dead-brand", "A picture of `[brand]` that does not exist.");

/// `logo`, `logo_dark` and `favicon`, as far as they exist.
pub fn pictures(
    config: &Config,
    book: &Book,
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<&'static str, AssetId> {
    let brand = &config.brand;
    let named =
        [("logo", &brand.logo), ("logo_dark", &brand.logo_dark), ("favicon", &brand.favicon)];
    let mut found = BTreeMap::new();
    for (name, path) in named {
        let Some(Located { value, place }) = path else { continue };
        let from = SourcePath::new("content/_index.md");
        let beside = [value.clone(), format!("/{value}"), format!("../{value}")];
        let asset =
            beside.iter().find_map(|path| match book.image(&from, LanguageId::DEFAULT, path) {
                ImageTarget::Asset(id) => Some(id),
                _ => None,
            });
        match asset {
            Some(id) => {
                found.insert(name, id);
            }
            None => findings.push(
                Diagnostic::new(
                    DEAD_BRAND,
                    place.clone(),
                    format!("there is no picture `{value}`"),
                )
                .help("name a picture of content/, such as content/media/logo.svg"),
            ),
        }
    }
    found
}
