//! Pictures: what they are, in which sizes they are served, and what makes a bad one harmless.
//!
//! 1. [`probe`] looks at a file's bytes, never at its name: its [`format`](mod@format), its size as a browser
//!    shows it, whether it moves. It reads headers only ([`container`]) and says what is wrong. An
//!    SVG is read to its end, and one that could run something gets a safe copy ([`svg`]).
//!    What a file says besides the picture is left out of what is published ([`metadata`]).
//! 2. [`variants`] decides what else a picture is served as, and makes it: smaller widths for small
//!    screens, few colours where nobody sees the difference ([`palette`]), the smallest of several
//!    encodings ([`encode`]).
//! 3. [`cache`] keeps what was made on disk, by the content of the file that it was made from.
//! 4. [`store`] is what others ask: `build` has it make everything first, `serve` takes what is
//!    there and never waits.

pub mod cache;
pub mod container;
pub mod encode;
pub mod format;
pub mod metadata;
pub mod palette;
pub mod probe;
pub mod store;
pub mod svg;
pub mod variants;

#[cfg(test)]
mod tests;
