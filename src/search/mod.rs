//! Full-text search that needs no server: an index built here, read by a script in the browser.

pub mod input;
