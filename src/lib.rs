//! Opas turns a folder of markdown into a complete help portal.
//!
//! The stages follow one another along one line, and each imports only from those above it.

// The documentation is for those who work on Opas: it names private items too.
#![allow(rustdoc::private_intra_doc_links)]

pub mod article;
pub mod audience;
pub mod audience_report;
pub mod build;
pub mod cache;
pub mod check;
pub mod cli;
pub mod clock;
pub mod config;
pub mod diagnostic;
pub mod edit;
pub mod glossary;
pub mod icon;
pub mod image;
pub mod layer;
pub mod leak;
pub mod markdown;
pub mod modules;
pub mod output;
pub mod path;
pub mod portal;
pub mod render;
pub mod report;
pub mod route;
pub mod seal;
pub mod search;
pub mod serve;
pub mod site;
pub mod slug;
pub mod source;
pub mod stat_cache;
pub mod synonyms;
pub mod theme;
pub mod translation;
pub mod tree;
pub mod value;
pub mod view;
