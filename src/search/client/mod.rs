//! Asks the exported shards, as the browser does: the same files, steps and integers as `search.js`.
//!
//! 1. [`query`]: what was typed becomes words, phrases and exclusions.
//! 2. [`shards`]: shards are decoded as they are needed.
//! 3. [`lookup`]: each word becomes candidates, forms of the manual with a quality.
//! 4. [`rank`]: the candidates' postings add up to the order of the articles.
//! 5. [`ask`]: filters, phrases, and what is shown of each hit.
//!
//! [`explain`] says why a hit was found; [`eval`] asks many queries and counts.

pub mod ask;
pub mod eval;
pub mod explain;
pub mod lookup;
pub mod query;
pub mod rank;
pub mod shards;
pub mod typo;
