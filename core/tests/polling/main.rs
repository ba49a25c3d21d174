//! When a feed asks. (A module of that name, so that the list of tests has it.)

mod polling;
