//! What the index is made from: plain texts, already cut to what one audience may read.
//!
//! Nothing in `search` looks anywhere else, so every word, count and statistic of the shards comes
//! from here.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A whole portal as one audience may read it.
#[derive(Clone, Debug, Default)]
pub struct SearchInput {
    /// The default language first.
    pub languages: Vec<LanguageInput>,
}

/// One language: its articles are indexed, ranked and exported apart from the others'.
#[derive(Clone, Debug, Default)]
pub struct LanguageInput {
    /// A BCP 47 tag: `fi`, `pt-BR`.
    pub code: String,
    /// In the order in which facets list them.
    pub categories: Vec<TitledId>,
    /// Ids of kinds with their localized titles.
    pub kinds: Vec<TitledId>,
    pub synonyms: Vec<Synonym>,
    /// In any order; they are numbered by path.
    pub articles: Vec<ArticleInput>,
}

/// A filter's value and what readers see for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TitledId {
    /// For a category its path without slashes at the ends: `invoicing/mass`; the language's own
    /// folder belongs to it where URLs have one (`en/invoicing`).
    pub id: String,
    pub title: String,
}

/// The house's own words: who types `from` means `to` too. A two-way synonym is two of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synonym {
    pub from: String,
    pub to: String,
}

/// One article's texts; all are plain, none is HTML or markdown.
#[derive(Clone, Debug, Default)]
pub struct ArticleInput {
    /// From the site's root, with the slash at its end: `invoicing/mass-invoicing/`. What is but a
    /// place of a page has that behind it: `glossary/#iban`.
    pub path: String,
    pub title: String,
    /// The description, else the first paragraph.
    pub summary: String,
    /// An id of [`LanguageInput::categories`], or empty.
    pub category: String,
    /// An id of [`LanguageInput::kinds`].
    pub kind: String,
    pub tags: Vec<String>,
    pub module: Option<String>,
    pub find_by: Vec<String>,
    /// Texts of links from other articles, each as often as it occurs; bare addresses left out.
    pub link_texts: Vec<String>,
    pub standing: Standing,
    /// In reading order; the first usually has no heading.
    pub sections: Vec<SectionInput>,
}

impl ArticleInput {
    /// Tells articles apart by all that is in them.
    pub fn hash(&self) -> blake3::Hash {
        let ArticleInput {
            path,
            title,
            summary,
            category,
            kind,
            tags,
            module,
            find_by,
            link_texts,
            standing: Standing { inbound, pinned, passing },
            sections,
        } = self;
        let mut hasher = blake3::Hasher::new();
        let number = |hasher: &mut blake3::Hasher, number: usize| {
            hasher.update(&(number as u64).to_le_bytes());
        };
        let text = |hasher: &mut blake3::Hasher, text: &str| {
            number(hasher, text.len());
            hasher.update(text.as_bytes());
        };
        for field in [path, title, summary, category, kind] {
            text(&mut hasher, field);
        }
        for list in [tags, find_by, link_texts] {
            number(&mut hasher, list.len());
            list.iter().for_each(|item| text(&mut hasher, item));
        }
        number(&mut hasher, usize::from(module.is_some()));
        text(&mut hasher, module.as_deref().unwrap_or_default());
        for section in sections {
            let (kind, id) = match &section.anchor {
                Anchor::Top => (0, ""),
                Anchor::Id(id) => (1, id.as_str()),
                Anchor::Numbered => (2, ""),
            };
            number(&mut hasher, kind);
            text(&mut hasher, id);
        }
        number(&mut hasher, *inbound as usize);
        hasher.update(&[u8::from(*pinned), u8::from(*passing)]);
        number(&mut hasher, sections.len());
        for SectionInput { anchor: _, heading, text: body, strong, variant, variants } in sections {
            text(&mut hasher, heading);
            text(&mut hasher, body);
            number(&mut hasher, strong.len());
            for range in strong {
                number(&mut hasher, range.start);
                number(&mut hasher, range.end);
            }
            number(&mut hasher, usize::from(variant.is_some()));
            text(&mut hasher, variant.as_deref().unwrap_or_default());
            number(&mut hasher, variants.len());
            for (range, of) in variants {
                number(&mut hasher, range.start);
                number(&mut hasher, range.end);
                text(&mut hasher, of);
            }
        }
        hasher.finalize()
    }
}

/// What speaks for or against an article whatever the query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Articles that link here.
    pub inbound: u32,
    /// Hand-picked as important.
    pub pinned: bool,
    /// Announcements and texts on old versions of the product.
    pub passing: bool,
}

/// A heading and what follows it up to the next heading of any level.
#[derive(Clone, Debug, Default)]
pub struct SectionInput {
    pub anchor: Anchor,
    pub heading: String,
    /// Blocks apart by a line break each. Alternative texts of pictures and icons stand in it.
    pub text: String,
    /// Byte ranges of `text` that name parts of the product's interface (bold, `{ui:…}`).
    pub strong: Vec<Range<usize>>,
    /// The version of the product that all of the section is for.
    pub variant: Option<String>,
    /// Byte ranges of `text` for one version of the product, in order, with that version.
    pub variants: Vec<(Range<usize>, String)>,
}

/// Where a hit in a section leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// The article's top.
    #[default]
    Top,
    /// The element with the id `s.N`, N being the section's place in the article, from 0. Every hit brings
    /// its section's id, so a readable one costs a cold browser about 10 bytes per heading of the whole
    /// manual; this one costs nothing.
    Numbered,
    /// The element with this id.
    Id(String),
}
