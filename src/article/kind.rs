//! What sort of text an article is; the badge that a reader sees.

use serde::{Deserialize, Serialize};

/// The kinds of article. Their names are ids in front matter, search and the theme's strings.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Kind {
    #[default]
    Guide,
    Tip,
    Troubleshooting,
    Faq,
    Reference,
    Lesson,
    Process,
    Announcement,
}

impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::Guide,
        Kind::Tip,
        Kind::Troubleshooting,
        Kind::Faq,
        Kind::Reference,
        Kind::Lesson,
        Kind::Process,
        Kind::Announcement,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Kind::Guide => "guide",
            Kind::Tip => "tip",
            Kind::Troubleshooting => "troubleshooting",
            Kind::Faq => "faq",
            Kind::Reference => "reference",
            Kind::Lesson => "lesson",
            Kind::Process => "process",
            Kind::Announcement => "announcement",
        }
    }

    pub fn from_id(id: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.id() == id)
    }
}
