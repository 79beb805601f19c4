//! What nobody sees or uses, and what is missing for a portal on the web.

use std::collections::BTreeSet;

use crate::audience::Visibility;
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::path::SourcePath;
use crate::site::companion::Companions;
use crate::site::resolve::{ImageTarget, LinkTarget};
use crate::site::{AssetId, Role, Site};

pub const UNREACHABLE: Rule = Rule::warning("unreachable", "An article that no reader can see.");
pub const UNUSED_FILE: Rule =
    Rule::warning("unused-file", "A picture or other file that no text refers to.");
pub const UNUSED_SNIPPET: Rule =
    Rule::warning("unused-snippet", "A snippet that no article includes.");
pub const NO_SITE_URL: Rule = Rule::warning(
    "no-site-url",
    "Without the portal's address there are no sitemap, feeds and canonical links.",
);

pub const NO_TITLE: Rule =
    Rule::warning("no-title", "A portal without a title: no page can say where its reader is.");

pub fn check(site: &Site, findings: &mut Vec<Diagnostic>) {
    for page in site.pages.iter().filter(|page| page.role == Role::Article) {
        // Hidden by itself, or with its category, it is on purpose: a module that the portal does not
        // have, or a mark that is an error already.
        let category = site.category(page.category).visibility;
        let alone = page.article.front.visibility;
        let is_lost = page.visibility == Visibility::NOBODY;
        if is_lost && category != Visibility::NOBODY && alone != Visibility::NOBODY {
            let place = Place::file(page.article.path.clone());
            let message = "no reader may see both this article and its category";
            let help = "widen `audience` here or in the category's `_index.md`";
            findings.push(Diagnostic::new(UNREACHABLE, place, message).help(help));
        }
    }
    unused_files(site, findings);
    for snippet in &site.snippets {
        if !snippet.used {
            let message = "no article includes this snippet";
            let place = Place::file(snippet.path.clone());
            let help = "include it, or remove the file";
            findings.push(Diagnostic::new(UNUSED_SNIPPET, place, message).help(help));
        }
    }
    let configuration = || Place::file(SourcePath::new(crate::config::FILE_NAME));
    if site.config.title.is_empty() {
        let help = "add the portal's name: title = \"Help Center\"";
        let finding = Diagnostic::new(NO_TITLE, configuration(), "`title` is not set");
        findings.push(finding.help(help));
    }
    if site.config.site_url.is_none() {
        let message = "`site_url` is not set: no sitemap, feed and canonical links are written";
        let help = "add the portal's address: site_url = \"https://help.example.com/\"";
        findings.push(Diagnostic::new(NO_SITE_URL, configuration(), message).help(help));
    }
}

fn unused_files(site: &Site, findings: &mut Vec<Diagnostic>) {
    let mut used: BTreeSet<AssetId> = site.brand.values().copied().collect();
    for page in &site.pages {
        used.extend(page.links.iter().filter_map(|target| match target {
            LinkTarget::Asset(id) => Some(*id),
            _ => None,
        }));
        used.extend(page.images.iter().filter_map(|target| match target {
            ImageTarget::Asset(id) => Some(*id),
            _ => None,
        }));
    }
    let companions = used.iter().filter_map(|id| site.companions.get(id));
    let companions: Vec<AssetId> = companions.flat_map(Companions::ids).collect();
    used.extend(companions);
    for (i, asset) in site.assets.iter().enumerate() {
        if !used.contains(&AssetId(i as u32)) {
            let place = Place::file(asset.file.path.clone());
            let help = "refer to it, or remove the file; it is not published";
            findings.push(
                Diagnostic::new(UNUSED_FILE, place, "no text refers to this file").help(help),
            );
        }
    }
}
