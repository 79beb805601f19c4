//! What a writer typed into a YAML or TOML table, with the place of each value.
//!
//! 1. [`yaml`] and [`toml`] read both formats into one tree of [`node::Node`]s; [`plain`] reads the
//!    YAML that needs no parser.
//! 2. [`fields::Fields`] hands the values of a table out by key and type; a wrong type is a finding
//!    at the value's place, and what nobody asked for is one too.

pub mod fields;
pub mod node;
pub mod plain;
pub mod text;
pub mod toml;
pub mod yaml;
