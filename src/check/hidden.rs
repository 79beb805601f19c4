//! Public texts that point at what is hidden from their reader.

use crate::audience::{Reader, Visibility};
use crate::config::AdminMode;
use crate::diagnostic::{Diagnostic, Place, Rule};
use crate::markdown::mute::mute;
use crate::path::SourcePath;
use crate::site::resolve::{LinkTarget, title_key};
use crate::site::{Page, Role, Site};

pub const LINK_TO_HIDDEN: Rule = Rule::warning(
    "link-to-hidden",
    "A link from a text for some readers to an article that they may not see.",
);
pub const HIDDEN_TITLE: Rule = Rule::warning(
    "hidden-title",
    "A text for everybody that spells the title of an article which is not for everybody.",
);

/// Shorter titles are words of the language and tell nothing.
const TELLING_TITLE: usize = 12;
/// More findings of one page help nobody, and the line of each has to be looked for.
const MOST_OF_PAGE: usize = 200;

pub fn check(site: &Site, reader: Reader, findings: &mut Vec<Diagnostic>) {
    if site.config.admin != AdminMode::Separate {
        return;
    }
    links(site, findings);
    titles(site, reader, findings);
}

/// Whether some reader sees the one and not the other.
fn narrower(site: &Site, text: Visibility, target: Visibility) -> bool {
    site.config.audiences.names().any(|name| {
        site.config
            .audiences
            .id(name)
            .is_some_and(|id| text.seen_by(Reader::One(id)) && !target.seen_by(Reader::One(id)))
    })
}

fn links(site: &Site, findings: &mut Vec<Diagnostic>) {
    // A stand-in's text is the original's.
    for page in site.pages.iter().filter(|page| page.original.is_none()) {
        let links = page.article.document.links().iter().zip(page.links.iter());
        let most = findings.len() + MOST_OF_PAGE;
        for (index, (link, target)) in links.enumerate() {
            if findings.len() >= most {
                break;
            }
            let (visibility, title) = match target {
                LinkTarget::Page { id, .. } => {
                    let page = site.page(*id);
                    (page.visibility, &page.title)
                }
                LinkTarget::Category(id) => {
                    let category = site.category(*id);
                    (category.visibility, &category.title)
                }
                _ => continue,
            };
            if !narrower(site, page.visibility.and(link.visibility), visibility) {
                continue;
            }
            let message =
                format!("`{title}` is not for all readers of this text; they see no link to it");
            let whole = page.article.document.read(Reader::Auditor).link_text(index);
            let help = match link.bare || title_key(&whole) == title_key(title) {
                true => {
                    "they read \"guide for admins\" in its place; give the link a text of its own"
                }
                false => "move the sentence into a note for those who may read the article",
            };
            let place = site.place(page, link.span);
            findings.push(Diagnostic::new(LINK_TO_HIDDEN, place, message).help(help));
        }
    }
}

/// Looks for hidden titles in the texts that `reader` sees.
fn titles(site: &Site, reader: Reader, findings: &mut Vec<Diagnostic>) {
    let told = |page: &&Page| {
        !page.visibility.seen_by(reader)
            && page.role == Role::Article
            && page.title.chars().count() >= TELLING_TITLE
    };
    let hidden: Vec<(String, &Page)> =
        site.pages.iter().filter(told).map(|page| (page.title.to_lowercase(), page)).collect();
    if hidden.is_empty() {
        return;
    }
    let seen = |page: &&Page| page.visibility.seen_by(reader) && page.original.is_none();
    for page in site.pages.iter().filter(seen) {
        let text = text_of(site, page, reader).to_lowercase();
        for (title, other) in &hidden {
            if text.contains(title.as_str()) {
                let message = format!("the text spells the hidden title `{}`", other.title);
                let place = match page.role {
                    Role::Glossary => Place::file(SourcePath::new(crate::glossary::FILE_NAME)),
                    _ => Place::file(page.article.path.clone()),
                };
                let help = "say it in other words, or mark the sentence for those who may read it";
                findings.push(Diagnostic::new(HIDDEN_TITLE, place, message).help(help));
            }
        }
    }
}

/// What the reader sees of a page. A link to something hidden that reads like its title shows other
/// words, and has a finding of its own.
fn text_of(site: &Site, page: &Page, reader: Reader) -> String {
    let document = &page.article.document;
    let reading = document.read(reader);
    let names_hidden = |index: &usize| {
        let Some(LinkTarget::Page { id, .. }) = page.links.get(*index) else { return false };
        let target = site.page(*id);
        let is_title = || title_key(&reading.link_text(*index)) == title_key(&target.title);
        !target.visibility.seen_by(reader) && (document.links()[*index].bare || is_title())
    };
    let links: Vec<usize> = reading.links().map(|(index, _)| index).filter(names_hidden).collect();
    match links.is_empty() {
        true => reading.plain_text(),
        false => mute(document, &links).read(reader).plain_text(),
    }
}
