//! All tests, in the order in which they run.

mod axe;
mod badge;
mod bundlers;
mod contract;
mod contrast;
mod embed;
mod feed;
mod frameworks;
mod gallery;
mod gateway;
mod hostile;
mod isolated;
mod languages;
mod layout;
mod leptos;
mod lifecycle;
mod loading;
mod mount;
mod next_run;
mod out_of_view;
mod panic;
mod past_runs;
mod picture;
mod pictures;
mod policy;
mod proxy_url;
mod quiet;
mod recipes;
mod reentrancy;
mod replaced_fetch;
mod replaced_functions;
mod replaced_timers;
mod roles;
mod sizes;
mod time;
mod translated;

use crate::test_case::Test;
pub use pictures::SHEETS;

pub fn all() -> Vec<Test> {
    [
        quiet::TESTS,
        embed::TESTS,
        &contract::all(),
        &axe::all(),
        roles::TESTS,
        contrast::TESTS,
        hostile::TESTS,
        &policy::all(),
        &loading::all(),
        proxy_url::TESTS,
        &lifecycle::all(),
        &feed::all(),
        &time::all(),
        past_runs::TESTS,
        &languages::all(),
        layout::TESTS,
        sizes::TESTS,
        badge::TESTS,
        isolated::TESTS,
        translated::TESTS,
        &reentrancy::all(),
        mount::TESTS,
        leptos::TESTS,
        bundlers::TESTS,
        frameworks::TESTS,
        gateway::TESTS,
        &recipes::all(),
        &picture::all(),
        out_of_view::TESTS,
        replaced_fetch::TESTS,
        replaced_timers::TESTS,
        replaced_functions::TESTS,
        panic::TESTS,
    ]
    .concat()
}
