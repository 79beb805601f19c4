//! How a command ends.

use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::output::OutputError;

/// A command that did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Good,
    /// The content has errors, which have been printed.
    BadContent,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        match outcome {
            Outcome::Good => ExitCode::SUCCESS,
            Outcome::BadContent => ExitCode::from(1),
        }
    }
}

/// A command that could not do what it was asked, in one or more lines for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The user asked for what can't be had, or `opas.toml` is wrong.
    Usage(String),
    /// The disk or the network.
    Io(String),
}

impl Failure {
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::Usage(message.into())
    }

    pub fn io(path: &Path, error: &io::Error) -> Failure {
        Failure::Io(format!("`{}`: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(message) | Failure::Io(message) => f.write_str(message),
        }
    }
}

impl From<Failure> for ExitCode {
    fn from(failure: Failure) -> ExitCode {
        match failure {
            Failure::Usage(_) => ExitCode::from(2),
            Failure::Io(_) => ExitCode::from(1),
        }
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Failure {
        match error.is_refusal() {
            true => Failure::Usage(error.to_string()),
            false => Failure::Io(error.to_string()),
        }
    }
}
