//! Where the source of a page can be edited.

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in the path of an address.
const KEPT: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'_').remove(b'-');

/// By layer, its folder and its `edit_url`. A vendor's text is not edited in the company's portal:
/// each layer says for itself where its texts are, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Edits(Vec<(PathBuf, Option<String>)>);

impl Edits {
    /// Adds the next layer.
    pub fn add(&mut self, root: &Path, template: Option<&str>) {
        self.0.push((root.to_owned(), template.map(str::to_owned)));
    }

    /// The address at which a file of a layer is edited, if the layer names one. `{path}` is the
    /// file's path in the layer.
    pub fn url(&self, layer: usize, file: &Path) -> Option<String> {
        let (root, template) = self.0.get(layer)?;
        let template = template.as_deref()?;
        let parts = file.strip_prefix(root).ok()?.iter().map(|part| part.to_string_lossy());
        let path = parts.collect::<Vec<_>>().join("/");
        Some(template.replace("{path}", &utf8_percent_encode(&path, &KEPT).to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layer_says_where_its_texts_are() {
        let mut edits = Edits::default();
        edits.add(Path::new("/vendor"), None);
        edits.add(Path::new("/own"), Some("https://git.example.com/edit/{path}?x"));
        let url = |layer, file| edits.url(layer, Path::new(file));
        assert_eq!(url(0, "/vendor/content/a.md"), None);
        assert_eq!(
            url(1, "/own/content/a ö.md").as_deref(),
            Some("https://git.example.com/edit/content/a%20%C3%B6.md?x")
        );
        assert_eq!(url(1, "glossary.toml"), None);
        assert_eq!(url(2, "/own/content/a.md"), None);
    }
}
