mod metadata;
mod probe;
mod samples;
mod store;
mod variants;
