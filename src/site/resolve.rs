//! Where a link or picture of a document leads.
//!
//! A destination is read in this order: an address elsewhere, a heading of the same page, a file
//! of the portal (relative to the file that names it; `/` means the start of the content), an
//! address of the portal. A wikilink names a title, or the end of an address.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::path::{SourcePath, UrlPath};

use super::{AssetId, CategoryId, LanguageId, PageId};

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// `http:`, `https:`, `mailto:`, `tel:` and what else opens no script.
    External(String),
    /// An address from the root of the web server that is none of the portal's; left as it is.
    Server(String),
    Page {
        id: PageId,
        anchor: Anchor,
    },
    /// A category without a text of its own.
    Category(CategoryId),
    Asset(AssetId),
    /// A file of `static/`, by its address.
    Static(UrlPath),
    Dead(Dead),
}

/// The heading that a link to a page names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    None,
    Heading(String),
    /// The page has no such heading; the link leads to its top.
    Dead(String),
}

/// Why a link leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dead {
    /// No file of the portal is called so. The path as it was looked for.
    NoFile(String),
    /// No article has this title or address.
    NoTitle(String),
    /// Several articles have this title.
    Ambiguous(String, Vec<PageId>),
    /// It leaves the portal by `..`.
    Outside,
    /// A scheme that could run a script, or no address at all.
    Unsafe,
    Empty,
}

/// What a picture shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageTarget {
    Asset(AssetId),
    Static(UrlPath),
    /// On another host: never loaded by itself.
    Foreign(String),
    Dead(Dead),
}

/// All that can be linked to, by its names.
#[derive(Default)]
pub struct Book {
    pub files: Files,
    pub categories: FxHashMap<SourcePath, CategoryId>,
    pub urls: FxHashMap<UrlPath, PageId>,
    /// By language and title without case.
    pub titles: FxHashMap<(LanguageId, String), Vec<PageId>>,
    /// By language and last part of the address.
    pub slugs: FxHashMap<(LanguageId, String), Vec<PageId>>,
    /// `content` or `content/fi`, by language.
    pub folders: Vec<String>,
    /// The start of all addresses, by language: empty or `en/`.
    pub prefixes: Vec<String>,
    /// A layer's folder of the language is the portal's `content/`: what its texts look for above
    /// that folder, such as `../../media`, lies in `content/` too.
    pub lifted: bool,
}

/// Titles are compared without case and with single spaces.
pub fn title_key(title: &str) -> String {
    let mut key = String::with_capacity(title.len());
    for word in title.split_whitespace() {
        if !key.is_empty() {
            key.push(' ');
        }
        key.extend(word.chars().flat_map(char::to_lowercase));
    }
    key
}

/// The scheme of an address.
fn scheme(dest: &str) -> Option<&str> {
    let (scheme, _) = dest.split_once(':')?;
    let fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b));
    // A single letter is a drive of Windows, not a scheme.
    (fits && scheme.len() > 1).then_some(scheme)
}

const SAFE_SCHEMES: [&str; 9] =
    ["http", "https", "mailto", "tel", "sms", "ftp", "ftps", "callto", "msteams"];

fn decoded(path: &str) -> Cow<'_, str> {
    match path.contains('%') {
        true => percent_encoding::percent_decode_str(path).decode_utf8_lossy(),
        false => Cow::Borrowed(path),
    }
}

/// Without control characters, which browsers leave out when they read a scheme.
fn visible(dest: &str) -> Cow<'_, str> {
    let dest = dest.trim();
    // One of these bytes is in every control character.
    let is_part = |b: u8| matches!(b, ..b' ' | b'\x7f' | b'\xc2');
    // All of them at once.
    let is_plain = !dest.bytes().fold(false, |any, b| any | is_part(b));
    match !is_plain && dest.contains(char::is_control) {
        true => dest.chars().filter(|c| !c.is_control()).collect(),
        false => Cow::Borrowed(dest),
    }
}

/// All files by their paths.
#[derive(Default)]
pub struct Files {
    by_path: FxHashMap<SourcePath, Found>,
    /// In which there are some, or below.
    folders: FxHashSet<Box<str>>,
}

impl Files {
    /// Adds a file; of two with the same path the first counts.
    pub fn add(&mut self, path: &SourcePath, found: Found) {
        self.by_path.entry(path.clone()).or_insert(found);
        self.add_folder(path.folder());
    }

    /// Adds one that there may be no file in.
    pub fn add_folder(&mut self, mut folder: &str) {
        while !self.folders.contains(folder) {
            self.folders.insert(folder.into());
            folder = folder_of(folder);
        }
    }
}

fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

/// What a path names.
#[derive(Clone, Debug)]
pub enum Found {
    Page(PageId),
    Category(CategoryId),
    Asset(AssetId),
    Static(UrlPath),
}

impl Book {
    /// Where an inline link in the file `from` leads. `has_anchor` knows the headings of each page;
    /// `own` is the page that the text stands on.
    pub fn link(
        &self,
        from: &SourcePath,
        own: PageId,
        language: LanguageId,
        dest: &str,
        has_anchor: &dyn Fn(PageId, &str) -> bool,
    ) -> LinkTarget {
        let dest = visible(dest);
        if dest.is_empty() {
            return LinkTarget::Dead(Dead::Empty);
        }
        if let Some(scheme) = scheme(&dest) {
            return match SAFE_SCHEMES.iter().any(|safe| safe.eq_ignore_ascii_case(scheme)) {
                true => LinkTarget::External(dest.into_owned()),
                false => LinkTarget::Dead(Dead::Unsafe),
            };
        }
        if dest.starts_with("//") || dest.starts_with('\\') {
            return LinkTarget::External(format!("https:{}", dest.replace('\\', "/")));
        }
        let (path, anchor) = match dest.split_once('#') {
            Some((path, anchor)) => {
                (path, Some(decoded(anchor).into_owned()).filter(|a| !a.is_empty()))
            }
            None => (&*dest, None),
        };
        let path = path.split('?').next().unwrap_or("");
        if path.is_empty() {
            return LinkTarget::Page { id: own, anchor: checked(own, anchor, has_anchor) };
        }
        let path = decoded(path);
        match self.file(from, language, &path) {
            Ok(Found::Page(id)) => LinkTarget::Page { id, anchor: checked(id, anchor, has_anchor) },
            Ok(Found::Category(id)) => LinkTarget::Category(id),
            Ok(Found::Asset(id)) => LinkTarget::Asset(id),
            Ok(Found::Static(url)) => LinkTarget::Static(url),
            Err(Dead::NoFile(_)) if path.starts_with('/') => LinkTarget::Server(dest.into_owned()),
            Err(dead) => LinkTarget::Dead(dead),
        }
    }

    fn file(&self, from: &SourcePath, language: LanguageId, path: &str) -> Result<Found, Dead> {
        if let Some(absolute) = path.strip_prefix('/') {
            let folder = self.folders[language.index()].as_str();
            let below = |folder: &str| self.named(&format!("{folder}/{absolute}"));
            return below(folder)
                .or_else(|| if folder == "content" { None } else { below("content") })
                .or_else(|| self.named(absolute))
                .or_else(|| below("static"))
                .or_else(|| self.at_url(absolute).map(Found::Page))
                .ok_or_else(|| Dead::NoFile(path.to_owned()));
        }
        let joined = from.joined(path).ok_or(Dead::Outside)?;
        let lifted = || {
            let above = self.lifted && !joined.starts_with("content/");
            above.then(|| self.named(&format!("content/{joined}")))?
        };
        self.named(&joined).or_else(lifted).ok_or(Dead::NoFile(joined))
    }

    fn named(&self, path: &str) -> Option<Found> {
        if let Some(found) = self.files.by_path.get(path) {
            return Some(found.clone());
        }
        // Most of what is not there would lie in a folder that is not there either.
        if !self.files.folders.contains(folder_of(path)) {
            return None;
        }
        let page = |end: &str| {
            let file = self.files.by_path.get([path, end].concat().as_str());
            file.filter(|found| matches!(found, Found::Page(_))).cloned()
        };
        page(".md")
            .or_else(|| page("/_index.md"))
            .or_else(|| self.categories.get(path).copied().map(Found::Category))
            // `_index.md` that is named but not there still means the category.
            .or_else(|| {
                let folder = path.strip_suffix("/_index.md")?;
                self.categories.get(folder).copied().map(Found::Category)
            })
    }

    fn at_url(&self, url: &str) -> Option<PageId> {
        let slashed = if url.ends_with('/') { url.to_owned() } else { format!("{url}/") };
        self.urls.get(&UrlPath::new(slashed)).copied()
    }

    /// Where `[[dest]]` leads: a title, or the end of an address, with a heading behind `#`.
    pub fn wikilink(
        &self,
        from: &SourcePath,
        own: PageId,
        language: LanguageId,
        dest: &str,
        has_anchor: &dyn Fn(PageId, &str) -> bool,
    ) -> LinkTarget {
        let (name, anchor) = match dest.split_once('#') {
            Some((name, anchor)) => (name.trim(), Some(anchor.trim().to_owned())),
            None => (dest.trim(), None),
        };
        let anchor = anchor.filter(|a| !a.is_empty());
        if name.is_empty() {
            return match anchor {
                Some(_) => LinkTarget::Page { id: own, anchor: checked(own, anchor, has_anchor) },
                None => LinkTarget::Dead(Dead::Empty),
            };
        }
        let page = |id| LinkTarget::Page { id, anchor: checked(id, anchor.clone(), has_anchor) };
        let titled = self.titles.get(&(language, title_key(name))).map_or(&[][..], Vec::as_slice);
        match titled {
            [id] => return page(*id),
            [_, ..] => return LinkTarget::Dead(Dead::Ambiguous(name.to_owned(), titled.to_vec())),
            [] => {}
        }
        let path = name.trim_matches('/').to_lowercase();
        let prefixed = format!("{}{path}", self.prefixes[language.index()]);
        if let Some(id) = self.at_url(&prefixed).or_else(|| self.at_url(&path)) {
            return page(id);
        }
        let last = path.rsplit('/').next().unwrap_or("").to_owned();
        let ends: Vec<PageId> =
            self.slugs.get(&(language, last)).map_or(Vec::new(), |ids| ids.clone());
        match ends.as_slice() {
            [id] if !path.contains('/') => return page(*id),
            [_, _, ..] if !path.contains('/') => {
                return LinkTarget::Dead(Dead::Ambiguous(name.to_owned(), ends));
            }
            _ => {}
        }
        match self.file(from, language, name) {
            Ok(Found::Page(id)) => page(id),
            Ok(Found::Category(id)) => LinkTarget::Category(id),
            _ => LinkTarget::Dead(Dead::NoTitle(name.to_owned())),
        }
    }

    /// What a picture in the file `from` shows.
    pub fn image(&self, from: &SourcePath, language: LanguageId, dest: &str) -> ImageTarget {
        let dest = visible(dest);
        if dest.is_empty() {
            return ImageTarget::Dead(Dead::Empty);
        }
        let is_web =
            |scheme: &str| ["http", "https"].iter().any(|web| web.eq_ignore_ascii_case(scheme));
        match scheme(&dest) {
            Some(scheme) if is_web(scheme) => return ImageTarget::Foreign(dest.into_owned()),
            Some(_) => return ImageTarget::Dead(Dead::Unsafe),
            None if dest.starts_with("//") => return ImageTarget::Foreign(format!("https:{dest}")),
            None => {}
        }
        let path = decoded(dest.split(['#', '?']).next().unwrap_or(""));
        match self.file(from, language, &path) {
            Ok(Found::Asset(id)) => ImageTarget::Asset(id),
            Ok(Found::Static(url)) => ImageTarget::Static(url),
            Ok(Found::Page(_) | Found::Category(_)) => {
                ImageTarget::Dead(Dead::NoFile(path.into_owned()))
            }
            Err(dead) => ImageTarget::Dead(dead),
        }
    }

    /// The page that front matter names by file, title or address.
    pub fn reference(&self, from: &SourcePath, language: LanguageId, name: &str) -> Option<PageId> {
        let any = |_: PageId, _: &str| true;
        let own = PageId(u32::MAX);
        if let LinkTarget::Page { id, .. } = self.link(from, own, language, name, &any)
            && id != own
        {
            return Some(id);
        }
        match self.wikilink(from, own, language, name, &any) {
            LinkTarget::Page { id, .. } if id != own => Some(id),
            _ => None,
        }
    }
}

fn checked(
    page: PageId,
    anchor: Option<String>,
    has_anchor: &dyn Fn(PageId, &str) -> bool,
) -> Anchor {
    match anchor {
        None => Anchor::None,
        Some(anchor) if has_anchor(page, &anchor) => Anchor::Heading(anchor),
        Some(anchor) => Anchor::Dead(anchor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> Book {
        let mut book = Book {
            folders: vec!["content".into()],
            prefixes: vec![String::new()],
            ..Book::default()
        };
        for (i, path) in ["content/sales/invoice.md", "content/sales/_index.md", "content/a.md"]
            .into_iter()
            .enumerate()
        {
            book.files.add(&SourcePath::new(path), Found::Page(PageId(i as u32)));
        }
        book.categories.insert(SourcePath::new("content/stock"), CategoryId(7));
        book.files.add_folder("content/stock");
        let picture = Found::Asset(AssetId(3));
        book.files.add(&SourcePath::new("content/media/a b.png"), picture);
        book.urls.insert(UrlPath::new("sales/invoice/"), PageId(0));
        book.titles.insert((LanguageId(0), title_key("Uusi lasku")), vec![PageId(0)]);
        book.titles.insert((LanguageId(0), "same".into()), vec![PageId(0), PageId(2)]);
        book.slugs.insert((LanguageId(0), "invoice".into()), vec![PageId(0)]);
        book
    }

    #[test]
    fn an_inline_link_is_read_as_its_writer_meant_it() {
        let book = book();
        let from = SourcePath::new("content/sales/new.md");
        let headings = |page: PageId, anchor: &str| page == PageId(0) && anchor == "total";
        let link = |dest: &str| book.link(&from, PageId(9), LanguageId(0), dest, &headings);
        let page = |id, anchor| LinkTarget::Page { id: PageId(id), anchor };
        let cases = [
            ("invoice.md", page(0, Anchor::None)),
            ("invoice.md#total", page(0, Anchor::Heading("total".into()))),
            ("invoice#nix", page(0, Anchor::Dead("nix".into()))),
            ("./../sales/", page(1, Anchor::None)),
            ("/a.md?x=1", page(2, Anchor::None)),
            ("/sales/invoice", page(0, Anchor::None)),
            ("#here", page(9, Anchor::Dead("here".into()))),
            ("../stock/", LinkTarget::Category(CategoryId(7))),
            ("../stock/_index.md", LinkTarget::Category(CategoryId(7))),
            ("../media/a%20b.png", LinkTarget::Asset(AssetId(3))),
            ("/training/x", LinkTarget::Server("/training/x".into())),
            ("https://x.fi/a", LinkTarget::External("https://x.fi/a".into())),
            ("nix.md", LinkTarget::Dead(Dead::NoFile("content/sales/nix.md".into()))),
            ("../../../x.md", LinkTarget::Dead(Dead::Outside)),
            ("../../opas.toml", LinkTarget::Dead(Dead::NoFile("opas.toml".into()))),
            ("java\u{1}script:alert(1)", LinkTarget::Dead(Dead::Unsafe)),
            ("data:text/html,x", LinkTarget::Dead(Dead::Unsafe)),
            (" ", LinkTarget::Dead(Dead::Empty)),
        ];
        for (dest, target) in cases {
            assert_eq!(link(dest), target, "{dest}");
        }
    }

    #[test]
    fn a_wikilink_names_a_title_or_an_address() {
        let book = book();
        let from = SourcePath::new("content/a.md");
        let link = |dest: &str| book.wikilink(&from, PageId(2), LanguageId(0), dest, &|_, _| true);
        let invoice = LinkTarget::Page { id: PageId(0), anchor: Anchor::None };
        for dest in ["uusi  LASKU", "sales/invoice", "invoice", "sales/invoice.md"] {
            assert_eq!(link(dest), invoice, "{dest}");
        }
        let anchor = Anchor::Heading("total".into());
        assert_eq!(link("Uusi lasku#total"), LinkTarget::Page { id: PageId(0), anchor });
        assert_eq!(link("nix"), LinkTarget::Dead(Dead::NoTitle("nix".into())));
        assert!(
            matches!(link("Same"), LinkTarget::Dead(Dead::Ambiguous(_, ids)) if ids.len() == 2)
        );
    }
}
