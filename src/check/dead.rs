//! Links and pictures that lead nowhere, each with the nearest right answer.

use std::cell::{OnceCell, RefCell};

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Place, Rule, nearest};
use crate::markdown::document::Link;
use crate::site::nearest::Nearest;
use crate::site::resolve::{Anchor, Dead, ImageTarget, LinkTarget};
use crate::site::{Page, PageId, Role, Site};
use crate::source::OUTSIDE;

pub const DEAD_LINK: Rule = Rule::warning("dead-link", "A link to something that does not exist.");
pub const DEAD_ANCHOR: Rule =
    Rule::warning("dead-anchor", "A link to a heading that the page does not have.");
pub const DEAD_IMAGE: Rule = Rule::warning("dead-image", "A picture that does not exist.");
pub const AMBIGUOUS_LINK: Rule =
    Rule::warning("ambiguous-link", "A link to a title that several articles have.");
pub const UNSAFE_LINK: Rule =
    Rule::warning("unsafe-link", "A link that could run a script; it is shown as text.");
pub const SERVER_LINK: Rule = Rule::warning(
    "server-link",
    "Links that start with a slash and lead out of the portal, where nothing can check them.",
);

/// A page's dead links and pictures beyond these say nothing new, and each takes a look through the
/// whole text.
const MOST_OF_PAGE: usize = 200;

/// Names to be near to, made only once something is dead.
struct Candidates<'a> {
    site: &'a Site,
    files: OnceCell<Files<'a>>,
    pictures: OnceCell<Files<'a>>,
    titles: OnceCell<Nearest<'a>>,
}

pub fn check(site: &Site, findings: &mut Vec<Diagnostic>) {
    let candidates = Candidates {
        site,
        files: OnceCell::new(),
        pictures: OnceCell::new(),
        titles: OnceCell::new(),
    };
    let mut server_links = 0;
    let mut first_server_link: Option<Place> = None;
    for page in &site.pages {
        let document = &page.article.document;
        let most = findings.len() + MOST_OF_PAGE;
        let text = OnceCell::new();
        for (link, target) in document.links().iter().zip(page.links.iter()) {
            let place = || site.place_in(page, link.span, &text);
            match target {
                LinkTarget::Dead(_) | LinkTarget::Page { anchor: Anchor::Dead(_), .. }
                    if findings.len() >= most => {}
                LinkTarget::Dead(dead) => {
                    findings.push(candidates.dead_link(page, link, dead, place()));
                }
                LinkTarget::Page { id, anchor: Anchor::Dead(anchor) } => {
                    findings.push(dead_anchor(site, *id, anchor, place()));
                }
                LinkTarget::Server(_) => {
                    server_links += 1;
                    first_server_link.get_or_insert_with(place);
                }
                _ => {}
            }
        }
        for (image, target) in document.images().iter().zip(page.images.iter()) {
            if let ImageTarget::Dead(dead) = target
                && findings.len() < most
            {
                let place = site.place_in(page, image.span, &text);
                findings.push(candidates.dead_image(page, &image.dest, dead, place));
            }
        }
    }
    if let Some(place) = first_server_link {
        let message = match server_links {
            1 => "1 link starts with `/` and leads out of the portal; nothing checks it".to_owned(),
            n => format!(
                "{n} links start with `/` and lead out of the portal; this is the first, and \
                 nothing checks them"
            ),
        };
        let help = "if they lead to another server, write their addresses whole: https://…";
        findings.push(Diagnostic::new(SERVER_LINK, place, message).help(help));
    }
}

impl Candidates<'_> {
    fn dead_link(&self, page: &Page, link: &Link, dead: &Dead, place: Place) -> Diagnostic {
        let typed = &link.dest;
        match dead {
            Dead::NoFile(path) => {
                let near = self.near_page_or_file(page, path);
                Diagnostic::new(DEAD_LINK, place, format!("the link to `{typed}` leads nowhere"))
                    .maybe_help(near)
            }
            Dead::NoTitle(name) => {
                let names = || Nearest::new(self.site.pages.iter().map(|page| page.title.as_str()));
                let near = self.titles.get_or_init(names).find(name);
                Diagnostic::new(DEAD_LINK, place, format!("no article is called `{name}`"))
                    .maybe_help(near.map(|title| format!("did you mean `[[{title}]]`?")))
            }
            Dead::Ambiguous(name, ids) => {
                let urls: Vec<String> = ids
                    .iter()
                    .map(|id| {
                        format!("`[[{}]]`", self.site.page(*id).url.as_str().trim_end_matches('/'))
                    })
                    .collect();
                Diagnostic::new(
                    AMBIGUOUS_LINK,
                    place,
                    format!("several articles are called `{name}`"),
                )
                .help(format!("write one of {}", urls.join(", ")))
            }
            Dead::Outside => outside(typed, place),
            Dead::Unsafe => {
                let message = format!("`{typed}` is no address that a link may have");
                Diagnostic::new(UNSAFE_LINK, place, message)
                    .help("links may start with https:, http:, mailto:, tel: or name a file")
            }
            Dead::Empty => Diagnostic::new(DEAD_LINK, place, "the link has no destination")
                .help("write the file that it leads to, or take the brackets away"),
        }
    }

    fn dead_image(&self, page: &Page, typed: &str, dead: &Dead, place: Place) -> Diagnostic {
        match dead {
            Dead::Outside => outside(typed, place),
            Dead::Unsafe => Diagnostic::new(
                UNSAFE_LINK,
                place,
                format!("`{typed}` is no address that a picture may have"),
            ),
            Dead::Empty => Diagnostic::new(DEAD_IMAGE, place, "the picture has no file"),
            Dead::NoFile(path) | Dead::NoTitle(path) | Dead::Ambiguous(path, _) => {
                let pictures = || self.site.assets.iter().map(|asset| asset.file.path.as_str());
                let near = self.pictures.get_or_init(|| Files::new(pictures())).near(path);
                Diagnostic::new(DEAD_IMAGE, place, format!("there is no picture `{typed}`"))
                    .maybe_help(near.map(|near| did_you_mean(page, near)))
            }
        }
    }

    fn near_page_or_file(&self, page: &Page, path: &str) -> Option<String> {
        let files = || {
            let pages = self.site.pages.iter().map(|page| page.article.path.as_str());
            pages.chain(self.site.assets.iter().map(|asset| asset.file.path.as_str()))
        };
        let near = self.files.get_or_init(|| Files::new(files())).near(path)?;
        Some(did_you_mean(page, near))
    }
}

/// Files by their names without folder and ending.
struct Files<'a> {
    /// By name in lower case: the first file of that name.
    named: FxHashMap<String, &'a str>,
    nearest: Nearest<'a>,
    /// What was asked for before: a file that went away is missed in many texts.
    found: RefCell<FxHashMap<String, Option<&'a str>>>,
}

impl<'a> Files<'a> {
    fn new(paths: impl Iterator<Item = &'a str> + Clone) -> Files<'a> {
        let mut named = FxHashMap::default();
        for path in paths.clone() {
            named.entry(bare_name(path).to_ascii_lowercase()).or_insert(path);
        }
        let nearest = Nearest::new(paths.map(bare_name));
        Files { named, nearest, found: RefCell::default() }
    }

    /// A file of the same name elsewhere, else one of a like name.
    fn near(&self, path: &str) -> Option<&'a str> {
        let wanted = bare_name(path);
        if wanted.is_empty() || wanted == "_index" {
            return None;
        }
        let known = |name: &str| self.named.get(&name.to_ascii_lowercase()).copied();
        let mut found = self.found.borrow_mut();
        *found
            .entry(wanted.to_owned())
            .or_insert_with(|| known(wanted).or_else(|| known(self.nearest.find(wanted)?)))
    }
}

/// A file's name without what every article's name ends in.
fn bare_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path).trim_end_matches(".md")
}

fn did_you_mean(page: &Page, near: &str) -> String {
    format!("did you mean `{}`?", relative(page.article.path.folder(), near))
}

fn outside(typed: &str, place: Place) -> Diagnostic {
    Diagnostic::new(OUTSIDE, place, format!("`{typed}` leads out of the portal"))
        .help("put the file into `content/`, or link to a web address")
}

fn dead_anchor(site: &Site, id: PageId, anchor: &str, place: Place) -> Diagnostic {
    let page = site.page(id);
    let near = nearest(anchor, page.article.document.anchors());
    let what = match page.role {
        Role::Article => format!("`{}`", page.article.path),
        Role::Index => format!("the category `{}`", page.title),
        Role::Glossary => format!("`{}`", crate::glossary::FILE_NAME),
    };
    Diagnostic::new(DEAD_ANCHOR, place, format!("{what} has no heading `#{anchor}`"))
        .maybe_help(near.map(|near| format!("did you mean `#{near}`?")))
}

/// `path` as a link in a file of `folder`.
fn relative(folder: &str, path: &str) -> String {
    let from: Vec<&str> = folder.split('/').collect();
    let to: Vec<&str> = path.split('/').collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let ups = std::iter::repeat_n("..", from.len() - common);
    ups.chain(to[common..].iter().copied()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_links_that_can_be_copied() {
        assert_eq!(relative("content/sales", "content/sales/a.md"), "a.md");
        assert_eq!(relative("content/sales", "content/stock/a.md"), "../stock/a.md");
        assert_eq!(relative("content", "content/media/a.png"), "media/a.png");
    }
}
