//! What several suites of tests need.

pub mod random;
