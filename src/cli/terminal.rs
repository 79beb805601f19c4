//! How the user is talked to. What a command was asked for goes to the standard output; what is said
//! on the way, and what went wrong, to the standard error.

use std::io::{self, IsTerminal, Write};

use super::failure::Failure;
use super::progress::{Progress, Times};
use crate::serve::terminal::{Lines, Terminal as Log};

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verbosity {
    Quiet,
    Normal,
    Verbose,
}

pub struct Terminal {
    verbosity: Verbosity,
    color: anstream::ColorChoice,
}

impl Terminal {
    pub fn new(quiet: bool, verbose: bool, color: Color) -> Terminal {
        let verbosity = match (quiet, verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        let color = match color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        Terminal { verbosity, color }
    }

    /// Prints what the command was asked for. Whoever closes the other end of a pipe has seen enough.
    ///
    /// # Errors
    ///
    /// The standard output can't be written to (it is a file on a full disk).
    pub fn print(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let out = anstream::AutoStream::new(io::stdout().lock(), self.color);
        let mut out = io::BufWriter::new(out);
        match write(&mut out).and_then(|()| out.flush()) {
            Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::Io(format!("the standard output can't be written to: {e}")))
            }
            _ => Ok(()),
        }
    }

    /// A line of the result that nobody needs who asked for quiet.
    ///
    /// # Errors
    ///
    /// As [`Terminal::print`].
    pub fn line(&self, text: &str) -> Result<(), Failure> {
        match self.verbosity {
            Verbosity::Quiet => Ok(()),
            _ => self.print(|out| writeln!(out, "{text}")),
        }
    }

    /// Something for those who want to know more.
    pub fn detail(&self, text: &str) {
        if self.verbosity == Verbosity::Verbose {
            self.say(|out| writeln!(out, "{text}"));
        }
    }

    pub fn failure(&self, failure: &Failure) {
        let (error, plain) = (anstyle::AnsiColor::Red.on_default().bold(), anstyle::Reset);
        self.say(|out| writeln!(out, "{error}error{plain}: {failure}"));
    }

    /// Writes to the standard error. If even that can't be written to, there is nobody to tell.
    pub fn say(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let mut out = io::stderr().lock();
        let said = match self.choice(&out) {
            // What takes the colours out writes word by word.
            anstream::ColorChoice::Never => {
                let mut plain = anstream::StripStream::new(Vec::new());
                write(&mut plain).and_then(|()| out.write_all(&plain.into_inner()))
            }
            colors => write(&mut anstream::AutoStream::new(out, colors)),
        };
        said.unwrap_or_default();
    }

    /// The same for a text in which nothing but our own styles acts on a terminal. Of a long one, those
    /// who look at each byte take longer than all else that a build with no changes does.
    pub fn say_styled(&self, text: &str) {
        match self.choice(&io::stderr()) {
            anstream::ColorChoice::Never => {
                let plain = without_styles(text);
                io::stderr().lock().write_all(plain.as_bytes()).unwrap_or_default();
            }
            _ => self.say(|out| out.write_all(text.as_bytes())),
        }
    }

    fn choice(&self, out: &impl anstream::stream::RawStream) -> anstream::ColorChoice {
        match self.color {
            anstream::ColorChoice::Auto => anstream::AutoStream::choice(out),
            given => given,
        }
    }

    /// For a command that goes on talking, from several threads. `prefix` leads from the user's
    /// folder to the portal.
    pub fn log(&self, prefix: String) -> Log {
        let out = anstream::AutoStream::new(io::stdout(), self.color);
        let lines = match self.verbosity {
            Verbosity::Quiet => Lines::Kept,
            _ => Lines::Said,
        };
        Log::new(Box::new(out), prefix, lines)
    }

    /// How far a command that takes time has come.
    pub fn progress(&self) -> Progress {
        match self.verbosity {
            Verbosity::Quiet => Progress::silent(),
            _ if io::stderr().is_terminal() => Progress::bars(),
            Verbosity::Verbose => Progress::lines(Times::Shown),
            Verbosity::Normal => Progress::lines(Times::Hidden),
        }
    }
}

fn without_styles(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split('\u{1b}');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, text)| text));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_taken_out_as_any_terminal_would() {
        let styles = anstyle::AnsiColor::Red.on_default().bold();
        for text in ["", "plain", &format!("a {styles}märk{styles:#}m{styles}{styles:#} z\n")] {
            assert_eq!(without_styles(text), anstream::adapter::strip_str(text).to_string());
        }
    }
}
