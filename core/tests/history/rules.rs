//! What follows from what was seen, by name.

use crate::script::{HOUR, at, history_of, observations, outcomes, runs_of, times};
use zoho_backup_core::history::{Outcome, runs};

/// What was seen, and which runs that tells of.
macro_rules! rules {
    ($($name:ident: $seen:literal => $runs:literal;)+) => { $(
        #[test]
        fn $name() {
            assert_eq!(outcomes(&runs_of($seen)), $runs);
        }
    )+ };
}

// Before a run is due.
rules! {
    ahead_is_no_run: "SCHEDULED@1/10:00 00:00..09:59" => "";
    ahead_and_moved_is_a_reschedule: "SCHEDULED@1/10:00 00:00..09:00 | SCHEDULED@1/20:00 09:05..12:00" => "";
    ahead_and_moved_back_is_a_reschedule: "SCHEDULED@1/10:00 00:00..08:00 | SCHEDULED@1/09:00 08:05..08:59" => "";
    ahead_and_moved_into_the_past_unseen_is_a_reschedule: "SCHEDULED@1/10:00 00:00..09:58 | SCHEDULED@1/09:30 10:01" => "";
    ahead_of_another_job_is_no_run: "SCHEDULED@1/10:00 00:00..09:00 | SCHEDULED@1/20:00 #B 09:05..12:00" => "";
    ahead_and_deleted_is_no_run: "SCHEDULED@1/10:00 00:00..09:00 | NOTHING 09:05..12:00" => "";
    ahead_at_another_offset_is_the_same: "SCHEDULED@1/10:00 00:00..09:58 | SCHEDULED@1/12:00+2 09:59..10:05 | SCHEDULED@2/10:00 10:06" => "1/10:00 passed";
}

// A run that goes well.
rules! {
    passed_without_a_word: "SCHEDULED@1/10:00 00:00..10:02 | SCHEDULED@2/10:00 10:03" => "1/10:00 passed";
    passed_between_two_looks: "SCHEDULED@1/10:00 00:00..09:58 | SCHEDULED@2/10:00 10:03" => "1/10:00 passed";
    passed_after_it_ran: "SCHEDULED@1/10:00 00:00..10:00 | INPROGRESS@1/10:00 10:01..10:20 | SCHEDULED@2/10:00 10:25" => "1/10:00 passed";
    passed_with_a_date_that_had_moved_on: "SCHEDULED@1/10:00 00:00..10:00 | INPROGRESS@2/10:00 10:01..10:20 | SCHEDULED@2/10:00 10:25" => "1/10:00 passed";
    completed_with_the_same_date: "SCHEDULED@1/10:00 00:00..10:00 | COMPLETED@1/10:00 10:05" => "1/10:00 completed";
    completed_with_the_next_date: "SCHEDULED@1/10:00 00:00..10:00 | COMPLETED@2/10:00 10:05" => "1/10:00 completed";
    completed_without_a_date: "SCHEDULED@1/10:00 00:00..10:00 | COMPLETED 10:05" => "1/10:00 completed";
    completed_in_an_older_word: "SCHEDULED@1/10:00 00:00..10:00 | FINISHED@2/10:00 10:05" => "1/10:00 completed";
    completed_once_in_either_word: "SCHEDULED@1/10:00 10:00 | FINISHED@2/10:00 10:05..12:00 | COMPLETED@2/10:00 12:05" => "1/10:00 completed";
    completed_after_it_ran: "SCHEDULED@1/10:00 10:00 | INPROGRESS@1/10:00 10:01..10:20 | COMPLETED@2/10:00 10:25" => "1/10:00 completed";
    completed_and_only_later_the_next_date: "SCHEDULED@1/10:00 10:00 | INPROGRESS@1/10:00 10:01..10:20 | COMPLETED@1/10:00 10:25..12:00 | SCHEDULED@2/10:00 12:05" => "1/10:00 completed";
    completed_a_while_after_it_seemed_to_have_passed: "SCHEDULED@1/10:00 10:00 | SCHEDULED@2/10:00 10:03..10:20 | COMPLETED@2/10:00 10:25" => "1/10:00 completed";
    completed_after_the_date_moved_on_and_then_it_ran: "SCHEDULED@1/10:00 10:00 | SCHEDULED@2/10:00 10:03 | INPROGRESS@2/10:00 10:05..10:20 | COMPLETED@2/10:00 10:25" => "1/10:00 completed";
    two_runs: "SCHEDULED@1/10:00 10:00 | COMPLETED@2/10:00 10:05..23:59 | COMPLETED@2/10:00 2/00:04..10:00 | INPROGRESS@2/10:00 10:01..10:10 | COMPLETED@3/10:00 10:15" => "1/10:00 completed, 2/10:00 completed";
    under_way_is_not_told_yet: "SCHEDULED@1/10:00 10:00 | INPROGRESS@1/10:00 10:01..12:00" => "";
    under_way_while_another_date_passes: "SCHEDULED@1/10:00 10:00 | INPROGRESS@2/10:00 10:01..2/12:00 | COMPLETED@3/10:00 12:05" => "1/10:00 completed, 2/10:00 not-watched";
    under_way_first_of_all: "INPROGRESS@1/10:00 10:10..10:20 | COMPLETED@2/10:00 10:25" => "- completed";
    under_way_first_of_all_with_the_next_date: "INPROGRESS@2/10:00 10:10..10:20 | COMPLETED@2/10:00 10:25" => "- completed";
    under_way_before_it_is_due_is_another_run: "SCHEDULED@1/10:00 00:00..08:00 | INPROGRESS@1/10:00 08:05..08:20 | SCHEDULED@1/10:00 08:25..10:00 | COMPLETED@2/10:00 10:05" => "- passed, 1/10:00 completed";
    started_and_waiting_again: "SCHEDULED@1/10:00 10:00 | INPROGRESS@1/10:00 10:01..10:20 | SCHEDULED@1/10:00 10:25..14:00" => "";
    started_and_waiting_again_until_it_moves_on: "SCHEDULED@1/10:00 10:00 | INPROGRESS@1/10:00 10:01..10:20 | SCHEDULED@1/10:00 10:25..14:00 | SCHEDULED@2/10:00 14:05" => "1/10:00 passed";
}

// A completion that stands is the old one.
rules! {
    standing_while_the_date_passes: "COMPLETED@1/10:00 00:00..20:00" => "- completed";
    standing_while_the_date_passes_and_moves_on: "COMPLETED@1/10:00 00:00..10:20 | COMPLETED@2/10:00 10:25" => "- completed, 1/10:00 passed";
    standing_but_for_a_run: "COMPLETED@1/10:00 00:00..10:00 | INPROGRESS@1/10:00 10:01..10:20 | COMPLETED@2/10:00 10:25" => "- completed, 1/10:00 completed";
    standing_but_for_a_wait: "COMPLETED@1/10:00 00:00..09:00 | SCHEDULED@1/10:00 09:05..10:00 | COMPLETED@2/10:00 10:05" => "- completed, 1/10:00 completed";
    standing_over_a_gap: "COMPLETED@1/10:00 00:00..09:00 | COMPLETED@2/10:00 13:00" => "- completed, 1/10:00 not-watched";
    standing_over_a_gap_after_it_was_due: "COMPLETED@1/10:00 00:00..10:01 | COMPLETED@2/10:00 13:00" => "- completed, 1/10:00 not-watched";
    standing_over_a_gap_and_not_moved: "COMPLETED@1/10:00 00:00..09:00 | COMPLETED@1/10:00 13:00..14:00" => "- completed";
    standing_while_stopped: "COMPLETED@1/10:00 00:00..08:00 | STOPPED@1/10:00 08:05 | COMPLETED@2/10:00 08:30" => "- completed";
    standing_while_unreadable: "COMPLETED@1/10:00 00:00..08:00 | ?@1/10:00 08:05 | COMPLETED@1/10:00 08:30" => "- completed";
    standing_over_nothing: "COMPLETED@1/10:00 00:00..08:00 | NOTHING 08:05 | COMPLETED@1/10:00 08:10" => "- completed";
    standing_for_another_job: "COMPLETED@1/10:00 00:00..08:00 | COMPLETED@1/12:00 #B 08:05" => "- completed, - completed";
    first_of_all_with_a_date_that_had_passed: "COMPLETED@1/10:00 12:00..12:30 | COMPLETED@2/10:00 12:35" => "- completed";
}

// A failure.
rules! {
    failed_with_the_next_attempt_ahead: "SCHEDULED@1/10:00 10:00 | FAILED@2/10:00 10:05" => "1/10:00 failed";
    failed_with_the_same_date: "SCHEDULED@1/10:00 10:00 | FAILED@1/10:00 10:05..12:00 | FAILED@2/10:00 12:05" => "1/10:00 failed";
    failed_unpaid: "SCHEDULED@1/10:00 10:00 | PAYMENT_FAILED@2/10:00 10:05" => "1/10:00 failed";
    failed_after_it_ran: "SCHEDULED@1/10:00 10:00 | INPROGRESS@2/10:00 10:01 | FAILED@2/10:00 10:05" => "1/10:00 failed";
    failed_after_it_seemed_to_have_passed: "SCHEDULED@1/10:00 10:00 | SCHEDULED@2/10:00 10:02..10:20 | FAILED@2/10:00 10:25" => "1/10:00 failed";
    failed_first_of_all: "FAILED@1/10:00 00:00..09:00" => "- failed";
    failed_once_while_another_date_passes: "SCHEDULED@1/10:00 10:00 | FAILED@2/10:00 10:05..23:59 | FAILED@2/10:00 2/00:00..12:00" => "1/10:00 failed";
    failed_once_while_another_date_moves_on: "SCHEDULED@1/10:00 10:00 | FAILED@2/10:00 10:05..2/10:05 | FAILED@3/10:00 10:10" => "1/10:00 failed, 2/10:00 not-watched";
    failed_once_in_either_word: "SCHEDULED@1/10:00 10:00 | FAILED@2/10:00 10:05 | PAYMENT_FAILED@2/10:00 10:10" => "1/10:00 failed";
    failed_once_though_unreadable_between: "SCHEDULED@1/10:00 10:00 | FAILED@2/10:00 10:05 | ? 10:10 | FAILED@2/10:00 10:15" => "1/10:00 failed";
    failed_once_though_stopped_between: "SCHEDULED@1/10:00 10:00 | FAILED@2/10:00 10:05 | STOPPED 10:10 | FAILED@2/10:00 10:15" => "1/10:00 failed";
    failed_twice_where_the_next_attempt_ran: "SCHEDULED@1/10:00 10:00 | FAILED@2/10:00 10:05..2/10:00 | INPROGRESS@2/10:00 10:01 | FAILED@3/10:00 10:05" => "1/10:00 failed, 2/10:00 failed";
    failed_twice_where_it_was_tried_at_once: "SCHEDULED@1/10:00 10:00 | FAILED@2/10:00 10:05 | INPROGRESS@2/10:00 11:00..11:10 | FAILED@2/10:00 11:15" => "1/10:00 failed, - failed";
    failed_twice_where_it_waited_between: "SCHEDULED@1/10:00 10:00 | FAILED@2/10:00 10:05 | SCHEDULED@2/10:00 10:10..2/10:00 | FAILED@3/10:00 10:05" => "1/10:00 failed, 2/10:00 failed";
    failed_and_waiting_again: "SCHEDULED@1/10:00 10:00 | FAILED@2/10:00 10:05 | SCHEDULED@2/10:00 10:10..20:00" => "1/10:00 failed";
    failed_and_waiting_again_for_the_same_date: "SCHEDULED@1/10:00 10:00 | FAILED@1/10:00 10:05 | SCHEDULED@1/10:00 10:10..20:00" => "1/10:00 failed";
    failed_then_completed_at_once: "SCHEDULED@1/10:00 10:00 | FAILED@2/10:00 10:05 | COMPLETED@2/10:00 11:00" => "1/10:00 failed, - completed";
    failed_after_completed_without_a_date: "COMPLETED@1/10:00 00:00..08:00 | FAILED@1/10:00 08:05" => "- completed, - failed";
    failed_in_a_gap: "SCHEDULED@1/10:00 00:00..09:00 | FAILED@2/10:00 13:00" => "1/10:00 failed";
    failed_in_a_gap_of_days: "SCHEDULED@1/10:00 00:00..09:00 | FAILED@4/10:00 3/13:00" => "1/10:00 not-watched, - failed";
}

// A date that moves on tells of a run only if nothing else can have moved it: the next date of the same rule, in time.
rules! {
    moved_when_it_was_due: "SCHEDULED@1/10:00 00:00..10:19 | SCHEDULED@1/12:00 10:20" => "1/10:00 not-watched";
    moved_when_it_was_due_then_completed: "SCHEDULED@1/10:00 00:00..10:19 | SCHEDULED@1/12:00 10:20..12:00 | COMPLETED@2/12:00 12:05" => "1/10:00 not-watched, 1/12:00 completed";
    moved_just_before_it_was_due: "SCHEDULED@1/10:00 00:00..09:59 | SCHEDULED@1/10:10 10:00" => "1/10:00 not-watched";
    moved_to_the_same_evening: "SCHEDULED@1/02:00 00:00..02:19 | SCHEDULED@1/23:00 02:20" => "1/02:00 not-watched";
    moved_to_an_hour_earlier_on_the_next_day: "SCHEDULED@1/10:00 00:00..10:02 | SCHEDULED@2/09:00 10:03" => "1/10:00 passed";
    moved_to_another_offset_on_the_next_day: "SCHEDULED@1/10:00+1 00:00..09:02 | SCHEDULED@2/10:00+2 09:03" => "1/09:00 passed";
    moved_by_a_day_where_it_is_weekly: "SCHEDULED@1/10:00 %FREQ=WEEKLY 00:00..10:02 | SCHEDULED@2/10:00 %FREQ=WEEKLY 10:03" => "1/10:00 not-watched";
    moved_by_a_week_where_it_is_weekly: "SCHEDULED@1/10:00 %FREQ=WEEKLY 00:00..10:02 | SCHEDULED@8/10:00 %FREQ=WEEKLY 10:03" => "1/10:00 passed";
    moved_by_a_day_where_the_rule_is_not_understood: "SCHEDULED@1/10:00 %FREQ=LUNAR 00:00..10:02 | SCHEDULED@2/10:00 %FREQ=LUNAR 10:03" => "1/10:00 passed";
    moved_by_hours_where_the_rule_is_not_understood: "SCHEDULED@1/10:00 %FREQ=LUNAR 00:00..10:02 | SCHEDULED@1/20:00 %FREQ=LUNAR 10:03" => "1/10:00 not-watched";
    moved_by_a_week_without_a_rule: "SCHEDULED@1/10:00 % 00:00..10:02 | SCHEDULED@8/10:00 % 10:03" => "1/10:00 not-watched";
    moved_with_a_rule_that_is_new: "SCHEDULED@1/10:00 % 00:00..10:02 | SCHEDULED@2/10:00 10:03" => "1/10:00 not-watched";
    moved_where_the_rule_is_left_out_for_once: "SCHEDULED@1/10:00 00:00..10:02 | SCHEDULED@2/10:00 % 10:03" => "1/10:00 passed";
    moved_with_its_rule: "SCHEDULED@1/10:00 00:00..10:02 | SCHEDULED@8/10:00 %FREQ=WEEKLY 10:03" => "1/10:00 not-watched";
    moved_by_a_rule_that_changed_before: "SCHEDULED@1/10:00 00:00..09:00 | SCHEDULED@1/10:00 %FREQ=WEEKLY 09:05..10:02 | SCHEDULED@8/10:00 %FREQ=WEEKLY 10:03" => "1/10:00 passed";
    moved_by_a_rule_that_changed_when_it_was_due: "SCHEDULED@1/10:00 00:00..10:01 | SCHEDULED@1/10:00 %FREQ=WEEKLY 10:02 | SCHEDULED@8/10:00 %FREQ=WEEKLY 10:03" => "1/10:00 not-watched";
    moved_between_two_looks_when_it_was_overdue: "SCHEDULED@1/10:00 00:00..11:00 | SCHEDULED@2/10:00 11:01" => "1/10:00 not-watched";
    moved_at_the_last_moment: "SCHEDULED@1/10:00 00:00..10:59 | SCHEDULED@2/10:00 11:00" => "1/10:00 passed";
    moved_though_first_read_when_it_was_due: "SCHEDULED@1/10:00 10:05 | SCHEDULED@2/10:00 10:08" => "1/10:00 not-watched";
    moved_though_unwatched_until_it_was_due: "SCHEDULED@1/10:00 00:00..09:00 | SCHEDULED@1/10:00 10:05 | SCHEDULED@2/10:00 10:08" => "1/10:00 not-watched";
    moved_though_an_unknown_word_was_read: "SCHEDULED@1/10:00 00:00..10:01 | ZIPPING@1/10:00 10:02 | SCHEDULED@1/10:00 10:05 | SCHEDULED@2/10:00 10:08" => "1/10:00 not-watched";
    moved_though_it_was_stopped_when_it_was_due: "STOPPED@1/10:00 00:00..10:05 | SCHEDULED@1/10:00 10:06 | SCHEDULED@2/10:00 10:10" => "1/10:00 stopped";
}

// A run that was seen has passed if Zoho waits for another one: not for the same, or for a further attempt at it.
rules! {
    ran_and_waits_for_a_further_attempt: "SCHEDULED@1/10:00 10:00 | INPROGRESS@1/10:00 10:01..10:20 | SCHEDULED@1/12:00 10:25" => "1/10:00 not-watched";
    ran_and_waits_again_for_a_further_attempt: "SCHEDULED@1/10:00 10:00 | INPROGRESS@1/10:00 10:01..10:20 | SCHEDULED@1/10:00 10:25..10:50 | SCHEDULED@1/12:00 10:55" => "1/10:00 not-watched";
    ran_and_waits_without_a_date_for_a_while: "SCHEDULED@1/10:00 10:00 | INPROGRESS@1/10:00 10:01..10:20 | SCHEDULED 10:25 | SCHEDULED@2/10:00 10:30" => "1/10:00 passed";
    ran_under_the_failure_before: "FAILED@1/10:00 00:00..10:00 | INPROGRESS@1/10:00 10:01..10:20 | SCHEDULED@2/10:00 10:25" => "- failed, 1/10:00 passed";
    ran_unannounced_and_waits_for_the_next: "FAILED@1/10:00 00:00..08:00 | INPROGRESS@1/10:00 08:05..08:20 | SCHEDULED@1/10:00 08:25" => "- failed, - passed";
    ran_unannounced_and_waits_for_a_further_attempt: "FAILED@2/10:00 00:00..08:00 | INPROGRESS@2/10:00 08:05..08:20 | SCHEDULED@1/10:00 08:25" => "- failed, - not-watched";
    ran_first_of_all_and_waits_for_the_same: "INPROGRESS@1/10:00 10:05..10:20 | SCHEDULED@1/10:00 10:25" => "- not-watched";
}

// What stands while a date passes may hide that the run failed, or did not start.
rules! {
    failed_and_standing_until_the_date_moves_on: "SCHEDULED@1/10:00 10:00 | FAILED@2/10:00 10:05..2/10:00 | SCHEDULED@3/10:00 10:05" => "1/10:00 failed, 2/10:00 not-watched";
    failed_and_standing_until_just_before_the_date_moves_on: "FAILED@1/10:00 00:00..09:58 | SCHEDULED@2/10:00 10:03" => "- failed, 1/10:00 not-watched";
    failed_and_standing_until_the_date_moves_on_late: "FAILED@1/10:00 00:00..11:59 | SCHEDULED@2/10:00 12:00" => "- failed, 1/10:00 not-watched";
    failed_and_standing_until_it_was_due: "FAILED@1/10:00 00:00..10:05 | SCHEDULED@1/10:00 10:06 | SCHEDULED@2/10:00 10:10" => "- failed, 1/10:00 not-watched";
    failed_and_waiting_when_it_was_due: "FAILED@1/10:00 00:00..09:55 | SCHEDULED@1/10:00 09:59 | SCHEDULED@2/10:00 10:03" => "- failed, 1/10:00 passed";
    failed_and_good_again_with_the_run_after: "FAILED@1/10:00 00:00..10:05 | SCHEDULED@2/10:00 10:10..2/10:00 | SCHEDULED@3/10:00 10:05" => "- failed, 1/10:00 not-watched, 2/10:00 passed";
    failed_and_completed_at_once: "FAILED@1/10:00 00:00..10:00 | COMPLETED@2/10:00 10:01" => "- failed, 1/10:00 completed";
    completed_and_standing_until_the_date_moves_on: "COMPLETED@1/10:00 00:00..10:02 | SCHEDULED@2/10:00 10:03" => "- completed, 1/10:00 passed";
    completed_and_standing_until_the_date_moves_on_late: "COMPLETED@1/10:00 00:00..12:00 | COMPLETED@2/10:00 12:05" => "- completed, 1/10:00 not-watched";
    completed_and_standing_until_it_waits_late_for_the_next: "COMPLETED@1/10:00 00:00..12:00 | SCHEDULED@2/10:00 12:05" => "- completed, 1/10:00 not-watched";
}

// A run that does not come.
rules! {
    due_is_awaited: "SCHEDULED@1/10:00 00:00..11:00" => "";
    overdue_is_missed: "SCHEDULED@1/10:00 00:00..11:01" => "1/10:00 missed";
    overdue_first_of_all_is_missed: "SCHEDULED@1/10:00 12:00" => "1/10:00 missed";
    overdue_over_a_gap_is_missed: "SCHEDULED@1/10:00 00:00..09:00 | SCHEDULED@1/10:00 13:00" => "1/10:00 missed";
    overdue_where_nothing_waits_is_not_missed: "?@1/10:00 00:00..12:00" => "";
    missed_and_completed_after_all: "SCHEDULED@1/10:00 00:00..13:00 | INPROGRESS@2/10:00 13:01..13:10 | COMPLETED@2/10:00 13:11" => "1/10:00 completed";
    missed_and_failed_after_all: "SCHEDULED@1/10:00 00:00..13:00 | FAILED@2/10:00 13:11" => "1/10:00 failed";
    missed_and_passed_after_all: "SCHEDULED@1/10:00 00:00..13:00 | INPROGRESS@2/10:00 13:01..13:10 | SCHEDULED@2/10:00 13:11" => "1/10:00 passed";
    missed_until_the_end_is_seen: "SCHEDULED@1/10:00 00:00..13:00 | INPROGRESS@2/10:00 13:01..13:10" => "1/10:00 missed";
    missed_though_the_date_moves_on: "SCHEDULED@1/10:00 00:00..13:00 | SCHEDULED@2/10:00 13:05" => "1/10:00 missed";
    missed_though_stopped_then: "SCHEDULED@1/10:00 00:00..13:00 | STOPPED@1/10:00 13:05..14:00" => "1/10:00 missed";
    missed_though_replaced_then: "SCHEDULED@1/10:00 00:00..13:00 | SCHEDULED@2/10:00 #B 13:05" => "1/10:00 missed";
    missed_though_nobody_looks_then: "SCHEDULED@1/10:00 00:00..13:00 | SCHEDULED@3/10:00 2/13:05" => "1/10:00 missed";
    missed_though_a_result_follows_when_the_next_run_was_due_too: "SCHEDULED@1/10:00 00:00..15:00 | COMPLETED@3/10:00 2/10:25" => "1/10:00 missed, - completed";
    missed_twice: "SCHEDULED@1/10:00 00:00..13:00 | SCHEDULED@2/10:00 13:05..2/13:00" => "1/10:00 missed, 2/10:00 missed";
}

// Stopped.
rules! {
    stopped_before_it_was_due: "SCHEDULED@1/10:00 00:00..08:00 | STOPPED@1/10:00 08:05..10:00" => "1/10:00 stopped";
    stopped_without_a_date: "SCHEDULED@1/10:00 00:00..08:00 | STOPPED 08:05..10:00" => "1/10:00 stopped";
    stopped_and_still_ahead: "SCHEDULED@1/10:00 00:00..08:00 | STOPPED@1/10:00 08:05..09:59" => "";
    stopped_and_moved: "SCHEDULED@1/10:00 00:00..08:00 | STOPPED@2/10:00 08:05..12:00" => "";
    stopped_first_of_all: "STOPPED@1/10:00 00:00..12:00" => "1/10:00 stopped";
    stopped_first_of_all_with_a_date_that_had_passed: "STOPPED@1/10:00 12:00..13:00" => "";
    stopped_just_when_it_was_due: "SCHEDULED@1/10:00 00:00..10:05 | STOPPED@1/10:00 10:06" => "1/10:00 stopped";
    stopped_just_when_it_was_due_without_a_date: "SCHEDULED@1/10:00 00:00..10:05 | STOPPED 10:06" => "1/10:00 stopped";
    stopped_in_a_gap_without_a_date: "SCHEDULED@1/10:00 00:00..09:00 | STOPPED 13:00" => "1/10:00 not-watched";
    stopped_while_it_ran: "SCHEDULED@1/10:00 10:00 | INPROGRESS@1/10:00 10:01..10:10 | STOPPED@2/10:00 10:11" => "1/10:00 stopped";
    stopped_and_scheduled_again: "SCHEDULED@1/10:00 00:00..08:00 | STOPPED@1/10:00 08:05 | SCHEDULED@1/10:00 08:10..10:01 | SCHEDULED@2/10:00 10:02" => "1/10:00 passed";
    stopped_and_scheduled_for_later: "SCHEDULED@1/10:00 00:00..08:00 | STOPPED@1/10:00 08:05..11:00 | SCHEDULED@1/20:00 11:05" => "1/10:00 stopped";
    stopped_and_scheduled_again_too_late: "SCHEDULED@1/10:00 00:00..08:00 | STOPPED@1/10:00 08:05..10:10 | SCHEDULED@1/10:00 10:15..11:05" => "1/10:00 missed";
    stopped_then_nobody_looked: "SCHEDULED@1/10:00 00:00..07:00 | STOPPED@1/10:00 08:05 | SCHEDULED@2/10:00 13:00" => "1/10:00 not-watched";
}

// Nobody looked, or what was read does not tell.
rules! {
    unwatched_and_moved_on: "SCHEDULED@1/10:00 00:00..09:00 | SCHEDULED@2/10:00 13:00" => "1/10:00 not-watched";
    unwatched_before_it_was_due: "SCHEDULED@1/10:00 00:00..09:00 | SCHEDULED@2/10:00 10:01" => "1/10:00 not-watched";
    unwatched_after_it_was_due: "SCHEDULED@1/10:00 00:00..10:01 | SCHEDULED@2/10:00 10:30" => "1/10:00 not-watched";
    unwatched_for_less_than_a_gap: "SCHEDULED@1/10:00 00:00..09:53 | SCHEDULED@2/10:00 10:08" => "1/10:00 passed";
    unwatched_for_half_a_gap_on_either_side: "SCHEDULED@1/10:00 00:00..09:50 | SCHEDULED@2/10:00 10:15" => "1/10:00 not-watched";
    unwatched_but_completed: "SCHEDULED@1/10:00 00:00..09:00 | COMPLETED@2/10:00 13:00" => "1/10:00 completed";
    unwatched_but_completed_by_another_rule: "SCHEDULED@1/10:00 00:00..09:00 | COMPLETED@2/10:00 %WEEKLY 13:00" => "1/10:00 not-watched, - completed";
    unwatched_for_days_and_completed: "SCHEDULED@1/10:00 00:00..09:00 | COMPLETED@4/10:00 3/13:00" => "1/10:00 not-watched, - completed";
    unwatched_but_completed_when_it_had_been_stopped: "STOPPED@1/10:00 00:00..09:00 | COMPLETED@2/10:00 13:00" => "1/10:00 not-watched, - completed";
    unwatched_but_completed_with_its_date_after_a_failure: "FAILED@1/10:00 00:00..09:00 | COMPLETED@1/10:00 13:00" => "- failed, 1/10:00 not-watched, - completed";
    unwatched_while_it_was_stopped_and_then_completed: "SCHEDULED@1/10:00 10:00 | INPROGRESS@2/10:00 10:01 | STOPPED 2/11:00 | COMPLETED@3/11:00 11:05" => "1/10:00 not-watched, 2/10:00 not-watched, - completed";
    unknown_word_and_then_completed: "QUEUED@1/10:00 00:00..10:01 | COMPLETED@1/10:00 10:05" => "1/10:00 completed";
    unwatched_but_under_way_after_an_unknown_word: "PAUSED@1/10:00 00:00..09:00 | INPROGRESS@2/10:00 13:00 | FAILED@2/10:00 13:05" => "1/10:00 not-watched, - failed";
    unwatched_but_completed_after_a_failure: "FAILED@1/10:00 00:00..09:00 | COMPLETED@2/10:00 13:00" => "- failed, 1/10:00 not-watched, - completed";
    unwatched_after_it_was_due_but_completed_after_a_failure: "FAILED@1/10:00 00:00..10:00 | COMPLETED@2/10:00 13:00" => "- failed, 1/10:00 completed";
    unwatched_but_under_way: "SCHEDULED@1/10:00 00:00..09:00 | INPROGRESS@2/10:00 10:30 | SCHEDULED@2/10:00 10:35" => "1/10:00 passed";
    unwatched_for_days_and_under_way: "SCHEDULED@1/10:00 00:00..09:00 | INPROGRESS@3/10:00 3/10:10 | COMPLETED@4/10:00 3/10:20" => "1/10:00 not-watched, - completed";
    unwatched_for_longer_than_a_run_is_late_and_under_way: "SCHEDULED@1/10:00 00:00..09:00 | INPROGRESS@2/10:00 13:00 | COMPLETED@2/10:00 13:05" => "1/10:00 not-watched, - completed";
    unwatched_for_long_but_under_way_with_its_date: "SCHEDULED@1/10:00 00:00..09:00 | INPROGRESS@1/10:00 13:00 | COMPLETED@2/10:00 13:05" => "1/10:00 completed";
    unwatched_while_the_schedule_was_moved: "SCHEDULED@1/10:00 00:00..09:00 | COMPLETED@2/08:00 13:00" => "1/10:00 not-watched, - completed";
    unwatched_while_the_clocks_changed: "SCHEDULED@1/10:00 00:00..09:00 | FAILED@2/09:00 13:00" => "1/10:00 failed";
    unwatched_when_it_ended: "SCHEDULED@1/10:00 10:00 | INPROGRESS@2/10:00 10:01 | SCHEDULED@2/10:00 10:30" => "1/10:00 not-watched";
    unwatched_while_it_ran: "SCHEDULED@1/10:00 10:00 | INPROGRESS@2/10:00 10:01 | INPROGRESS@2/10:00 10:30 | SCHEDULED@2/10:00 10:35" => "1/10:00 not-watched";
    unwatched_before_an_unknown_word: "SCHEDULED@1/10:00 10:00 | INPROGRESS@2/10:00 10:01 | PAUSED@2/10:00 12:30 | SCHEDULED@2/10:00 12:35" => "1/10:00 not-watched";
    unwatched_while_it_ran_and_its_date_changed: "SCHEDULED@1/10:00 10:00 | INPROGRESS@1/10:00 10:01 | INPROGRESS@2/10:00 12:30 | COMPLETED@2/10:00 12:35" => "1/10:00 not-watched, - completed";
    unwatched_while_the_schedule_was_moved_back: "SCHEDULED@1/10:00 00:00..09:00 | INPROGRESS@1/09:30 10:30 | COMPLETED@2/09:30 10:35" => "1/10:00 not-watched, - completed";
    unwatched_while_it_ran_but_completed: "SCHEDULED@1/10:00 10:00 | INPROGRESS@2/10:00 10:01 | INPROGRESS@2/10:00 10:30 | COMPLETED@2/10:00 10:35" => "1/10:00 completed";
    unwatched_when_it_completed: "SCHEDULED@1/10:00 10:00 | INPROGRESS@2/10:00 10:01 | COMPLETED@2/10:00 13:00" => "1/10:00 completed";
    unwatched_while_two_ran: "SCHEDULED@1/10:00 10:00 | INPROGRESS@2/10:00 10:01..2/09:00 | INPROGRESS@3/10:00 2/10:30 | COMPLETED@3/10:00 10:35" => "1/10:00 not-watched, 2/10:00 not-watched, - completed";
    unwatched_while_two_ended: "SCHEDULED@1/10:00 10:00 | INPROGRESS@2/10:00 10:01..2/09:00 | COMPLETED@3/10:00 2/11:00" => "1/10:00 not-watched, 2/10:00 not-watched, - completed";
    unwatched_and_replaced: "SCHEDULED@1/10:00 00:00..09:58 | SCHEDULED@1/20:00 #B 10:03" => "1/10:00 not-watched";
    unwatched_and_deleted: "SCHEDULED@1/10:00 00:00..09:58 | NOTHING 10:03" => "1/10:00 not-watched";
    under_way_and_replaced: "SCHEDULED@1/10:00 10:00 | INPROGRESS@2/10:00 10:01 | SCHEDULED@1/20:00 #B 10:03" => "1/10:00 not-watched";
    under_way_and_deleted: "SCHEDULED@1/10:00 10:00 | INPROGRESS@2/10:00 10:01 | NOTHING 10:03" => "1/10:00 not-watched";
    unknown_word_when_it_was_due: "PAUSED@1/10:00 00:00..10:01 | SCHEDULED@2/10:00 10:03" => "1/10:00 not-watched";
    unknown_word_afterwards: "SCHEDULED@1/10:00 00:00..10:01 | PAUSED@2/10:00 10:03" => "1/10:00 not-watched";
    unknown_word_while_it_runs: "SCHEDULED@1/10:00 10:00 | INPROGRESS@1/10:00 10:01 | ZIPPING@2/10:00 10:05 | COMPLETED@2/10:00 10:10" => "1/10:00 completed";
    unreadable_while_it_runs: "SCHEDULED@1/10:00 10:00 | INPROGRESS@1/10:00 10:01 | ? 10:05 | SCHEDULED@2/10:00 10:10" => "1/10:00 passed";
    date_gone_and_back: "SCHEDULED@1/10:00 00:00..10:01 | SCHEDULED 10:05 | SCHEDULED@2/10:00 10:10" => "1/10:00 passed";
    date_gone_for_long: "SCHEDULED@1/10:00 00:00..10:01 | SCHEDULED 10:05..12:00" => "1/10:00 not-watched";
    date_gone_before_it_was_due: "SCHEDULED@1/10:00 00:00..08:00 | SCHEDULED 08:05..12:00 | SCHEDULED@2/10:00 12:05" => "1/10:00 not-watched";
    date_moved_back_when_it_was_due: "SCHEDULED@1/10:00 00:00..10:05 | SCHEDULED@1/09:30 10:06" => "1/10:00 not-watched";
    date_moved_on_and_back: "SCHEDULED@1/10:00 00:00..10:05 | SCHEDULED@2/10:00 10:06 | SCHEDULED@1/10:00 10:07..12:00" => "1/10:00 passed";
}

// Without dates.
rules! {
    nothing_is_no_run: "NOTHING 00:00..12:00" => "";
    one_off_is_awaited: "SCHEDULED 00:00..12:00" => "";
    one_off_completed: "SCHEDULED 00:00..12:00 | COMPLETED 12:05" => "- completed";
    one_off_ran_and_completed: "SCHEDULED 12:00 | INPROGRESS 12:05 | COMPLETED 12:10" => "- completed";
    one_off_ran_and_waits_again: "SCHEDULED 12:00 | INPROGRESS 12:05 | SCHEDULED 12:10" => "- not-watched";
    one_off_failed: "SCHEDULED 12:00 | INPROGRESS 12:05 | FAILED 12:10" => "- failed";
    one_off_after_another: "COMPLETED 00:00..12:00 | COMPLETED #B 12:05" => "- completed, - completed";
}

// Clocks and doubles.
rules! {
    doubled: "SCHEDULED@1/10:00 00:00..10:00 | SCHEDULED@1/10:00 00:00..10:00 | FAILED@2/10:00 10:05 | FAILED@2/10:00 10:05" => "1/10:00 failed";
    a_clock_that_goes_back: "SCHEDULED@1/10:00 00:00..10:05 | FAILED@2/10:00 09:00 | SCHEDULED@2/10:00 08:00" => "1/10:00 failed";
}

/// What was seen, and when its last run was seen to start and to end.
macro_rules! times {
    ($($name:ident: $seen:literal => $times:literal;)+) => { $(
        #[test]
        fn $name() {
            assert_eq!(times(runs_of($seen).last().unwrap()), $times);
        }
    )+ };
}

times! {
    times_of_a_run: "SCHEDULED@1/10:00 00:00..09:58 | INPROGRESS@1/10:00 10:01..10:20 | COMPLETED@2/10:00 10:25..12:00" => "1/09:58-1/10:01 1/10:20-1/10:25";
    times_of_a_run_with_two_readings: "SCHEDULED@1/10:00 09:58 | INPROGRESS@1/10:00 10:01 | INPROGRESS@2/10:00 10:05..10:10 | COMPLETED@2/10:00 10:25" => "1/09:58-1/10:01 1/10:10-1/10:25";
    times_over_a_gap: "SCHEDULED@1/10:00 00:00..08:00 | FAILED@2/10:00 13:00" => "? 1/08:00-1/13:00";
    times_first_of_all: "FAILED@1/10:00 00:00..08:00" => "? -1/00:00";
    times_for_another_job: "FAILED@1/10:00 00:00..08:00 | FAILED@1/10:00 #B 08:05" => "? -1/08:05";
    times_of_a_missed_run: "SCHEDULED@1/10:00 00:00..13:00" => "? 1/11:00-1/11:00";
    times_of_a_missed_run_over_a_gap: "SCHEDULED@1/10:00 00:00..09:00 | SCHEDULED@1/10:00 13:00" => "? 1/09:00-1/13:00";
    times_of_a_missed_run_that_starts: "SCHEDULED@1/10:00 00:00..13:00 | INPROGRESS@2/10:00 13:05" => "1/13:00-1/13:05 1/11:00-1/11:00";
    times_of_a_stopped_run: "SCHEDULED@1/10:00 00:00..08:00 | STOPPED@1/10:00 08:05..12:00" => "? 1/08:00-1/08:05";
}

/// Time alone tells that nobody looks.
#[test]
fn a_run_that_nobody_watches_is_known_a_gap_after_it_was_due() {
    let found = |seen, now| outcomes(&runs(&observations(seen), at(now), HOUR));
    let ahead = "SCHEDULED@1/10:00 00:00..09:58";
    assert_eq!(found(ahead, "1/10:15"), "");
    assert_eq!(found(ahead, "1/10:16"), "1/10:00 not-watched");
    let due = "SCHEDULED@1/10:00 00:00..10:10";
    assert_eq!(found(due, "1/10:25"), "");
    assert_eq!(found(due, "1/10:26"), "1/10:00 not-watched");
    assert_eq!(found("SCHEDULED@1/10:00 00:00..11:10", "3/00:00"), "1/10:00 missed");
    assert_eq!(found("COMPLETED@1/10:00 09:00", "3/00:00"), "- completed, 1/10:00 not-watched");
}

#[test]
fn a_history_counts_failures_since_the_last_good_run() {
    let told = history_of(
        "SCHEDULED@1/10:00 00:00..10:00 | COMPLETED@2/10:00 10:05..2/10:00 | INPROGRESS@2/10:00 2/10:01 \
         | FAILED@3/10:00 10:05..20:00 | SCHEDULED@3/10:00 20:05..3/12:00 | STOPPED@4/10:00 12:05..4/11:00",
    );
    assert_eq!(outcomes(&told.runs), "4/10:00 stopped, 3/10:00 missed, 2/10:00 failed, 1/10:00 completed");
    assert_eq!(told.last_good.as_ref(), told.runs.last());
    assert_eq!((told.failures_since, told.watched_since), (2, Some(at("1/00:00"))));
}

/// Ten runs that nobody watched must not make a badge good.
#[test]
fn a_failure_stands_however_many_runs_follow_of_which_nothing_is_known() {
    for (result, standing) in [("FAILED", "- failed"), ("COMPLETED", "")] {
        let days = (2..=16).map(|day| format!("| SCHEDULED@{day}/10:00 {day}/09:00"));
        let told = history_of(&format!("{result}@2/10:00 1/00:00 {}", days.collect::<String>()));
        assert_eq!(outcomes(&told.standing_failure().cloned().into_iter().collect::<Vec<_>>()), standing);
        assert_eq!((told.runs.len(), told.failures_since), (10, u32::from(result == "FAILED")));
        assert_eq!(outcomes(&told.runs[8..9]), "7/10:00 not-watched");
    }
}

#[test]
fn a_history_tells_of_ten_runs_and_counts_all() {
    let days = (2..=16).map(|day| {
        let next = day + 1;
        format!("| SCHEDULED@{day}/10:00 {day}/09:00..09:59 | FAILED@{next}/10:00 10:05 | SCHEDULED@{next}/10:00 10:10")
    });
    let told = history_of(&format!("COMPLETED@2/10:00 1/00:00 {}", days.collect::<String>()));
    assert_eq!((told.runs.len(), told.failures_since), (10, 15));
    assert_eq!(outcomes(&told.runs[..1]), "16/10:00 failed");
    assert_eq!(told.last_good.map(|run| run.outcome), Some(Outcome::Completed));
}
