//! What the parser finds wrong.

use crate::diagnostic::Rule;

pub const UNKNOWN_CALLOUT: Rule =
    Rule::warning("unknown-callout", "A callout's word is not one of those that Opas knows.");
pub const CALLOUT_PLACE: Rule = Rule::warning(
    "callout-place",
    "A callout's mark stands where it marks nothing: it opens a block quote.",
);
pub const UNKNOWN_AUDIENCE: Rule =
    Rule::error("unknown-audience", "A mark names an audience that the portal does not have.");
pub const UNKNOWN_CONTAINER: Rule =
    Rule::warning("unknown-container", "A container's name is not one of those that Opas knows.");
pub const UNCLOSED_CONTAINER: Rule = Rule::warning(
    "unclosed-container",
    "A container is not closed; if it is for some readers only, all that follows is too.",
);
pub const STRAY_FENCE: Rule =
    Rule::warning("stray-fence", "A fence closes no container that was opened at its depth.");
pub const BROKEN_INCLUDE: Rule =
    Rule::warning("broken-include", "An include names no snippet, or stands inside a sentence.");
pub const CIRCULAR_INCLUDE: Rule =
    Rule::warning("circular-include", "A snippet includes itself, or far too much.");
pub const UNKNOWN_VARIABLE: Rule =
    Rule::warning("unknown-variable", "A text names a variable that opas.toml does not have.");
pub const UNKNOWN_ICON: Rule = Rule::warning("unknown-icon", "No Lucide icon has this name.");
pub const BROKEN_SPOTS: Rule = Rule::warning(
    "broken-spots",
    "A line of an annotated picture can't be read, or its spot lies outside of the picture.",
);
pub const TOO_DEEP: Rule =
    Rule::warning("too-deep", "Quotes or lists are nested deeper than can be shown.");
pub const REMOVED_HTML: Rule =
    Rule::warning("removed-html", "An HTML element is left out because it could do harm.");
pub const DUPLICATE_ID: Rule =
    Rule::warning("duplicate-id", "Two headings or figures of a text have the same typed id.");

/// All of them, for SARIF and the manual.
pub const ALL: &[Rule] = &[
    UNKNOWN_CALLOUT,
    CALLOUT_PLACE,
    UNKNOWN_AUDIENCE,
    UNKNOWN_CONTAINER,
    UNCLOSED_CONTAINER,
    STRAY_FENCE,
    BROKEN_INCLUDE,
    CIRCULAR_INCLUDE,
    UNKNOWN_VARIABLE,
    UNKNOWN_ICON,
    BROKEN_SPOTS,
    TOO_DEEP,
    REMOVED_HTML,
    DUPLICATE_ID,
];
