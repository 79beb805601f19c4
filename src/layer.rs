//! Which folders a portal is made of, and what each has to say to how it is read.
//!
//! 1. `layers` of `opas.toml` names folders; a folder that has `layers` of its own stands for all of
//!    them. Later ones win; the portal's own folder comes last unless it is named elsewhere.
//! 2. How texts are to be read (languages, audiences, variables …) is inherited from earlier layers
//!    where the portal's own `opas.toml` does not say it. What the portal is called, looks like and
//!    where it is published is not.
//! 3. A layer may have one language where the portal has several, and the other way round: a
//!    [`Layout`] says which of the portal's paths its files have.

use std::path::{Path, PathBuf};

use crate::config::{Config, ConfigError, FILE_NAME};
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::edit::Edits;
use crate::path::SourcePath;
use crate::value::text::Located;

pub const MISSING_LAYER: Rule =
    Rule::error("missing-layer", "A folder of `layers` that is no portal.");
pub const CIRCULAR_LAYER: Rule =
    Rule::error("circular-layer", "A layer that contains itself, or lies within another one.");
pub const LAYER_CONFIG: Rule =
    Rule::error("layer-config", "The configuration of a layer can't be read.");
pub const LAYER_LANGUAGES: Rule =
    Rule::error("layer-languages", "A layer that has none of the portal's languages.");
pub const LANGUAGE_FOLDER: Rule = Rule::warning(
    "language-folder",
    "A folder named like the portal's only language, which makes it a category.",
);

/// A folder with `content/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub root: PathBuf,
    /// As `layers` names it; `.` is the portal's own.
    pub name: String,
    pub layout: Layout,
}

/// How the paths of a layer's `content/` become the portal's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// They are the portal's.
    #[default]
    Same,
    /// The layer has this one language, the portal several: all lies in the language's folder.
    OneOf(String),
    /// The layer has a folder for each language. Those of `left_out` are not the portal's; that of
    /// `only` is the whole `content/` of a portal with one language.
    Folders { only: Option<String>, left_out: Vec<String> },
}

impl From<PathBuf> for Layer {
    fn from(root: PathBuf) -> Layer {
        Layer { root, name: ".".to_owned(), layout: Layout::Same }
    }
}

impl Layer {
    /// The portal's path of a file of the layer; `None` where the portal does not have it.
    pub fn place(&self, path: SourcePath) -> Option<SourcePath> {
        let Some(within) = path.as_str().strip_prefix("content/") else { return Some(path) };
        match &self.layout {
            Layout::Same => Some(path),
            Layout::OneOf(language) => {
                Some(SourcePath::new(format!("content/{language}/{within}")))
            }
            Layout::Folders { only, left_out } => {
                let (first, rest) = within.split_once('/').unwrap_or((within, ""));
                if rest.is_empty() || !left_out.iter().any(|l| l == first) {
                    let own = only.as_deref() == Some(first) && !rest.is_empty();
                    let placed = || SourcePath::new(format!("content/{rest}"));
                    return Some(if own { placed() } else { path });
                }
                None
            }
        }
    }

    /// Where a file of the portal lies if it is this layer's.
    pub fn on_disk(&self, path: &SourcePath) -> PathBuf {
        let Some(within) = path.as_str().strip_prefix("content/") else {
            return path.on_disk(&self.root);
        };
        let own = match &self.layout {
            Layout::OneOf(language) => {
                within.strip_prefix(language.as_str()).and_then(|rest| rest.strip_prefix('/'))
            }
            Layout::Folders { only: Some(language), .. } => {
                let below = self.root.join("content").join(language).join(within);
                return if below.exists() { below } else { path.on_disk(&self.root) };
            }
            _ => None,
        };
        own.map_or_else(|| path.on_disk(&self.root), |own| self.root.join("content").join(own))
    }
}

/// What is left to find out about a folder of the list.
struct Found {
    root: PathBuf,
    /// As findings call it.
    name: String,
    /// `None` for the portal's own, and for a folder without an `opas.toml`.
    config: Option<Config>,
    place: Place,
}

/// The folders that the portal in `root` is made of, and its configuration with what it inherits.
/// With errors among the findings neither is to be used.
pub fn resolve(
    root: &Path,
    mut config: Config,
    findings: &mut Vec<Diagnostic>,
) -> (Config, Vec<Layer>) {
    if config.layers.is_empty() {
        note_language_folder(root, &config, findings);
        config.edits.add(root, config.edit_url.as_deref());
        return (config, vec![Layer::from(root.to_owned())]);
    }
    let own = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let mut found: Vec<Found> = Vec::new();
    let mut chain = vec![(own.clone(), ".".to_owned())];
    expand(&own, &config, None, &mut chain, &mut found, findings);
    if !found.iter().any(|layer| layer.root == own) && own.join("content").is_dir() {
        let place = Place::file(SourcePath::new(FILE_NAME));
        found.push(Found { root: own.clone(), name: ".".to_owned(), config: None, place });
    }
    within_one_another(&found, findings);
    let own_languages = config.own_languages().map(<[String]>::to_vec);
    for layer in found.iter().rev().filter_map(|layer| layer.config.as_ref()) {
        config.inherit(layer);
    }
    let own_edit_url = config.edit_url.clone();
    let mut edits = Edits::default();
    let layers = found.into_iter().filter_map(|layer| {
        let is_own = layer.root == own;
        let languages = match is_own {
            true => own_languages.clone(),
            false => layer.config.as_ref().and_then(|c| c.own_languages()).map(<[String]>::to_vec),
        };
        match layout(&layer.root, languages.as_deref(), &config.languages) {
            Some(layout) => {
                let theirs = layer.config.as_ref().and_then(|theirs| theirs.edit_url.as_deref());
                let template = if is_own { own_edit_url.as_deref() } else { theirs };
                edits.add(&layer.root, template);
                Some(Layer { root: layer.root, name: layer.name, layout })
            }
            None => {
                let (theirs, ours) = (languages.unwrap_or_default(), config.languages.join("`, `"));
                let message = format!(
                    "the layer `{}` is in `{}`; the portal is in `{ours}`",
                    layer.name,
                    theirs.join("`, `"),
                );
                let help = "give the portal at least one of its languages: `languages = [\"…\"]`";
                findings.push(Diagnostic::new(LAYER_LANGUAGES, layer.place, message).help(help));
                None
            }
        }
    });
    let layers: Vec<Layer> = layers.collect();
    config.edits = edits;
    let is_lifted = |layer: &Layer| matches!(layer.layout, Layout::Folders { only: Some(_), .. });
    config.lifted = layers.iter().any(is_lifted);
    (config, layers)
}

/// Lists the layers of the portal in `root`, those of layers before the layers themselves.
fn expand(
    root: &Path,
    config: &Config,
    named: Option<&Place>,
    chain: &mut Vec<(PathBuf, String)>,
    found: &mut Vec<Found>,
    findings: &mut Vec<Diagnostic>,
) {
    let mut seen: Vec<PathBuf> = Vec::new();
    for Located { value, place } in &config.layers {
        // What is wrong in a layer's own list is told where the portal names the layer.
        let place = named.unwrap_or(place);
        let folder = root.join(value).canonicalize();
        let Some(folder) = folder.ok().filter(|folder| folder.join("content").is_dir()) else {
            let message = format!("the layer `{value}` is no folder with a `content/` in it");
            let help = "name a folder, relative to the portal's own: `../vendor-manual`, `.`";
            findings.push(Diagnostic::new(MISSING_LAYER, place.clone(), message).help(help));
            continue;
        };
        if seen.contains(&folder) {
            let message = format!("the layer `{value}` is named twice");
            let help = "leave one of them out; a symlink to a folder is that folder";
            findings.push(Diagnostic::new(MISSING_LAYER, place.clone(), message).help(help));
            continue;
        }
        seen.push(folder.clone());
        let is_own = folder == *root;
        if let Some(at) = chain.iter().position(|(other, _)| *other == folder)
            && !is_own
        {
            let names = chain[at..].iter().map(|(_, name)| name.as_str()).chain([value.as_str()]);
            let names: Vec<&str> = names.collect();
            let message = format!("the layer `{value}` contains itself: {}", names.join(" → "));
            let help = "take it out of the `layers` of one of these";
            findings.push(Diagnostic::new(CIRCULAR_LAYER, place.clone(), message).help(help));
            continue;
        }
        if is_own || found.iter().any(|layer| layer.root == folder) {
            if is_own && named.is_none() {
                let name = value.clone();
                found.push(Found { root: folder, name, config: None, place: place.clone() });
            }
            continue;
        }
        let theirs = config_of(&folder, value, place, findings);
        if let Some(theirs) = theirs.as_ref().filter(|theirs| !theirs.layers.is_empty()) {
            chain.push((folder.clone(), value.clone()));
            expand(&folder, theirs, Some(place), chain, found, findings);
            chain.pop();
        }
        let (name, place) = (value.clone(), place.clone());
        found.push(Found { root: folder, name, config: theirs, place });
    }
}

/// What the layer's `opas.toml` says; a plain folder has none.
fn config_of(
    folder: &Path,
    name: &str,
    place: &Place,
    findings: &mut Vec<Diagnostic>,
) -> Option<Config> {
    let error = match Config::load(folder) {
        Ok((config, _)) => return Some(config),
        Err(ConfigError::Missing(_)) => return None,
        Err(ConfigError::Findings(theirs)) => {
            let first = theirs.into_iter().find(Diagnostic::is_error);
            first
                .map_or(String::new(), |error| format!("{name}/{}: {}", error.place, error.message))
        }
        Err(error) => error.to_string(),
    };
    let message = format!("the layer `{name}` can't be used: {error}");
    let help = "mend its opas.toml, or ask whoever provides it to";
    findings.push(Diagnostic::new(LAYER_CONFIG, place.clone(), message).help(help));
    None
}

/// A layer below another's sources would be read twice.
fn within_one_another(found: &[Found], findings: &mut Vec<Diagnostic>) {
    for inner in found {
        let outer = found.iter().find(|outer| {
            ["content", "static"].iter().any(|top| inner.root.starts_with(outer.root.join(top)))
        });
        if let Some(outer) = outer {
            let message = format!(
                "the layer `{}` lies among the sources of the layer `{}`",
                inner.name, outer.name
            );
            let help = "move it out of `content/` and `static/`";
            findings.push(Diagnostic::new(CIRCULAR_LAYER, inner.place.clone(), message).help(help));
        }
    }
}

/// How a layer of these languages lays out what is the portal's; `None` if that is nothing.
fn layout(root: &Path, languages: Option<&[String]>, portal: &[String]) -> Option<Layout> {
    let Some(languages) = languages else {
        let has_folder = portal.iter().any(|l| root.join("content").join(l).is_dir());
        return Some(match portal {
            [first, _, ..] if !has_folder => Layout::OneOf(first.clone()),
            _ => Layout::Same,
        });
    };
    if !languages.iter().any(|language| portal.contains(language)) {
        return None;
    }
    let left_out: Vec<String> =
        languages.iter().filter(|language| !portal.contains(language)).cloned().collect();
    Some(match (languages, portal) {
        ([one], [_, _, ..]) => Layout::OneOf(one.clone()),
        ([_], _) => Layout::Same,
        (_, [only]) => Layout::Folders { only: Some(only.clone()), left_out },
        _ if left_out.is_empty() => Layout::Same,
        _ => Layout::Folders { only: None, left_out },
    })
}

/// With one language, its articles lie in `content/` itself.
fn note_language_folder(root: &Path, config: &Config, findings: &mut Vec<Diagnostic>) {
    if let [only] = config.languages.as_slice()
        && config.own_languages().is_some()
        && root.join("content").join(only).is_dir()
    {
        let message = format!("`content/{only}/` makes a category: the portal has one language");
        let help = "move what is in it up to `content/`, or name a second language";
        let place = Place::file(SourcePath::new(FILE_NAME));
        findings.push(Diagnostic::new(LANGUAGE_FOLDER, place, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(languages: &[&str]) -> Vec<String> {
        languages.iter().map(|l| (*l).to_owned()).collect()
    }

    #[test]
    fn a_layers_files_get_the_portals_paths() {
        let one = ["fi"].as_slice();
        let three = ["fi", "en", "ru"].as_slice();
        type Case<'c> = (&'c [&'c str], &'c [&'c str], &'c str, Option<&'c str>);
        let cases: [Case<'_>; 9] = [
            (three, three, "content/en/a.md", Some("content/en/a.md")),
            (three, one, "content/fi/a/b.md", Some("content/a/b.md")),
            (three, one, "content/ru/a.md", None),
            (three, one, "content/media/a.png", Some("content/media/a.png")),
            (three, one, "content/fi", Some("content/fi")),
            (three, &["en", "fi"], "content/ru/a.md", None),
            (one, three, "content/a.md", Some("content/fi/a.md")),
            (one, three, "static/a", Some("static/a")),
            (one, one, "content/fi/a.md", Some("content/fi/a.md")),
        ];
        let dir = tempfile::tempdir().unwrap();
        for (theirs, portal, path, expected) in cases {
            let layout = layout(dir.path(), Some(&list(theirs)), &list(portal)).unwrap();
            let layer = Layer { layout, ..Layer::from(dir.path().to_owned()) };
            let placed = layer.place(SourcePath::new(path));
            assert_eq!(placed.as_ref().map(SourcePath::as_str), expected, "{theirs:?} {portal:?}");
        }
        assert_eq!(layout(dir.path(), Some(&list(&["sv"])), &list(three)), None);
        assert_eq!(
            layout(dir.path(), None, &list(three)),
            Some(Layout::OneOf("fi".to_owned())),
            "a plain folder is in the portal's first language"
        );
    }
}
