//! What the harness promises, tried out against a server that misbehaves on demand; and every check against
//! servers that are right.

mod catalogue;
mod checker_check;
mod checker_record;
mod checker_record_web;
mod checker_services;
mod checker_soak;
mod checker_talk;
mod checker_talk_calls;
mod checker_talk_prompts;
mod draining;
mod eras;
mod faults;
mod graded_tests;
mod import_as_task;
mod own_tracker;
mod right_servers;
mod signing_in;
mod specification;
mod support;
mod together;
mod triage_as_skill;
