//! Runs the program.

use std::process::ExitCode;

fn main() -> ExitCode {
    traction::commands::main()
}
