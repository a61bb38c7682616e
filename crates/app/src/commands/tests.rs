//! What options are told that is not what they take: plain words, whichever the command.

use clap::{Arg, Command, CommandFactory};

use super::{Cli, number};

/// What libraries say of a number that is none; nobody who does not program knows what it means.
const MACHINE_WORDS: [&str; 9] = [
    "..",
    "digit found",
    "float literal",
    "too large",
    "too small",
    "empty string",
    "zero for non-zero",
    "unexpected argument",
    "integer",
];

fn commands(command: &Command) -> Vec<&Command> {
    [command].into_iter().chain(command.get_subcommands().flat_map(commands)).collect()
}

/// What the option says of a value, by itself; `None` where it takes it.
fn refusal(arg: &Arg, value: &str) -> Option<String> {
    let alone = Arg::new("alone")
        .long("alone")
        .value_parser(arg.get_value_parser().clone())
        .allow_negative_numbers(arg.is_allow_negative_numbers_set());
    let told = Command::new("told").no_binary_name(true).arg(alone).try_get_matches_from(["--alone", value]);
    told.err().map(|why| why.to_string())
}

#[test]
fn what_no_option_takes_is_refused_in_plain_words() {
    let mut cli = Cli::command();
    cli.build();
    let (mut n_options, mut n_numbers) = (0, 0);
    for command in commands(&cli) {
        for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values()) {
            n_options += 1;
            // An option that takes numbers alone is asked for those that are below 0 as well.
            // Names and periods may be all digits, and take other words as well.
            let takes_words = ["seven", "2026-01-05"].into_iter().any(|word| refusal(arg, word).is_none());
            let is_number = !takes_words && refusal(arg, "100").is_none();
            n_numbers += usize::from(is_number);
            let below = ["-1", "-0.5"].into_iter().filter(|_| is_number);
            let others = ["", "ward 7", "0", "1,5", "0.5x", "1e999", "99999999999999999999999", "nan", "inf"];
            for value in others.into_iter().chain(below) {
                let Some(says) = refusal(arg, value) else { continue };
                let machine = MACHINE_WORDS.iter().find(|words| says.contains(**words));
                assert_eq!(machine, None, "{} --{} {value}: {says}", command.get_name(), arg.get_id());
            }
        }
    }
    assert!(n_options > 80 && n_numbers > 15, "{n_options} {n_numbers}");
}

#[test]
fn numbers_are_told_what_would_be_right() {
    #[track_caller]
    fn check<N: PartialEq + std::fmt::Debug>(
        read: fn(&str) -> Result<N, String>,
        told: &[(&str, Result<N, &str>)],
    ) {
        for (text, expect) in told {
            let found = read(text);
            assert_eq!(found.as_ref().map_err(String::as_str), expect.as_ref().map_err(|why| *why), "{text}");
        }
    }
    let whole = "give a whole number from 99 to 1000";
    check(
        number::whole::<u64, 99, 1_000>,
        &[
            ("99", Ok(99)),
            ("1000", Ok(1_000)),
            (" 500 ", Ok(500)),
            ("98", Err(whole)),
            ("1001", Err(whole)),
            ("x", Err(whole)),
            ("1.5", Err(whole)),
        ],
    );
    check(
        number::whole::<u8, 0, 1_000>,
        &[("255", Ok(255)), ("256", Err("give a whole number from 0 to 1000"))],
    );
    check(
        number::above_nothing,
        &[("0.1", Ok(0.1)), ("0", Err("give a number above 0")), ("nan", Err("give a number above 0"))],
    );
    check(
        number::at_least_nothing,
        &[
            ("0", Ok(0.0)),
            ("-0.1", Err("give a number of at least 0")),
            ("inf", Err("give a number of at least 0")),
        ],
    );
    check(
        number::part,
        &[("0", Ok(0.0)), ("1", Ok(1.0)), ("1.1", Err("give a number from 0 to 1, say 0.05"))],
    );
    check(
        number::real,
        &[("-2.5", Ok(-2.5)), ("2,5", Err("it has a decimal comma; write 2.5")), ("", Err("give a number"))],
    );
}
