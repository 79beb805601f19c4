//! `SiteView` and `Route` to bytes.

pub mod context;
