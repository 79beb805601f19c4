use std::process::ExitCode;

fn main() -> ExitCode {
    opas::cli::main()
}
