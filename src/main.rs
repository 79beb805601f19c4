use std::process::ExitCode;

/// A build allocates from all threads at once, which the system's allocators are slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    opas::cli::main()
}
