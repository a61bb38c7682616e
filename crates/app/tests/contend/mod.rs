//! Stage 3: units contend, and anyone can check how it was decided.

mod draw_command;
