//! `SiteView` and `Route` to bytes.

pub mod context;
pub mod feed;
pub mod sitemap;
