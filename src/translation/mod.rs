//! Which state of the original a translation translates.
//!
//! 1. `opas translate mark` writes the original's [`state`](crate::article::state) into the
//!    translation's front matter ([`mark`]).
//! 2. [`status`] compares: missing, stale with the sections that changed, orphaned.

pub mod mark;
pub mod status;
