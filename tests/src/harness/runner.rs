//! Running checks side by side, and turning what comes out into events.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::vec::IntoIter;

use tokio::task::JoinSet;
use verdict::{CheckInfo, CheckResult, Era, Event, Failure, LEFT_FOR_LATER, Needs, Outcome};

use super::check::Check;
use super::context::{Context, Subject};
use super::finding::{Stop, Verdict, wrong};
use super::limits::spoken;
use super::recorder::Recorder;
use super::together::{self, Group};

/// Groups of checks that run at the same time. More would share two cores so thinly that limits lose their meaning.
const SIDE_BY_SIDE: usize = 4;
/// Checks whose server takes its time that run beside those: they mostly wait.
const WAITING_SIDE_BY_SIDE: usize = 8;
/// Slow checks that run at the same time: they mostly wait.
const SLOW_SIDE_BY_SIDE: usize = 8;

/// Whoever has started the checker hears from it at least so often.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// So long the checks of the exercise that somebody waits for have the processor to themselves. Most end within it.
const HEAD_START: Duration = Duration::from_millis(300);

/// Which checks are asked for.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The chapter, such as `ch02`; all if there is none.
    pub chapter: Option<String>,
    /// The exercises; all if there are none.
    pub exercises: Vec<String>,
    /// The checks by name; all if there are none.
    pub checks: Vec<String>,
    /// Only this era.
    pub era: Option<Era>,
    /// The exercise whose verdict somebody waits for: its checks begin before the others.
    pub first: Option<String>,
    /// Leave the slow ones out.
    pub skip_slow: bool,
    /// Hand out the record of checks that pass, too.
    pub wire: bool,
}

impl Selection {
    /// Whether the check is asked for. Slow checks are: leaving them out is an outcome.
    pub fn wants(&self, check: &CheckInfo) -> bool {
        let of_chapter = self.chapter.as_deref().is_none_or(|chapter| {
            let (number, _) = check.exercise.split_once('.').unwrap_or_default();
            chapter.trim_start_matches("ch").trim_start_matches('0') == number
        });
        let named = |list: &[String], name: &String| list.is_empty() || list.contains(name);
        of_chapter && named(&self.exercises, &check.exercise) && named(&self.checks, &check.check)
    }
}

/// Runs the checks that are asked for, and hands out the events: the plan, one result for each check
/// as it ends, and the end. Dropping the future kills all servers.
pub async fn run(
    checks: Vec<Check>,
    selection: &Selection,
    subject: Arc<Subject>,
    mut emit: impl FnMut(Event),
) {
    let checks: Vec<Check> = checks
        .into_iter()
        .filter(|check| selection.wants(check.info()))
        .collect();
    emit(Event::Plan {
        checks: checks.iter().map(|check| check.info().clone()).collect(),
    });
    let mut to_run = Vec::new();
    for check in checks {
        match left_out(&check, selection, &subject) {
            Some(reason) => emit(finished(
                check.info(),
                0,
                Outcome::LeftOut { reason },
                Vec::new(),
            )),
            None => to_run.push(check),
        }
    }
    let is_first = |check: &Check| selection.first.as_ref() == Some(&check.info().exercise);
    to_run.sort_by_key(|check| !is_first(check));
    let (slow, fast): (Vec<_>, Vec<_>) = to_run.into_iter().partition(|check| check.info().slow);
    let (first, others) = fast.into_iter().partition(is_first);
    // What a check says on a server that others use too is not recorded.
    let lane = |checks, places| Lane {
        groups: together::groups(checks, selection.wire).into_iter(),
        places,
    };
    let fast = |checks: Vec<Check>| {
        let (waiting, busy) = checks.into_iter().partition(Check::waits_mostly);
        vec![
            lane(waiting, WAITING_SIDE_BY_SIDE),
            lane(busy, SIDE_BY_SIDE),
        ]
    };
    run_all(fast(first), fast(others), selection, &subject, &mut emit).await;
    let slow = vec![lane(slow, SLOW_SIDE_BY_SIDE)];
    run_all(slow, Vec::new(), selection, &subject, &mut emit).await;
    emit(Event::Done);
}

/// Groups that run in this order, and how many more of them may begin now.
struct Lane {
    groups: IntoIter<Group>,
    places: usize,
}

/// Runs the groups of `lanes`, and those of `others` as soon as all of these have ended or have had their start.
async fn run_all(
    mut lanes: Vec<Lane>,
    mut others: Vec<Lane>,
    selection: &Selection,
    subject: &Arc<Subject>,
    emit: &mut impl FnMut(Event),
) {
    let (era, wire) = (selection.era, selection.wire);
    let mut running = JoinSet::new();
    let mut begun = HashMap::new();
    let mut start = pin!(tokio::time::sleep(HEAD_START));
    loop {
        for (number, lane) in lanes.iter_mut().enumerate() {
            while lane.places > 0
                && let Some(group) = lane.groups.next()
            {
                lane.places -= 1;
                let infos: Vec<CheckInfo> =
                    group.iter().map(|check| check.info().clone()).collect();
                let subject = Arc::clone(subject);
                let work = async move { run_group(&group, era, wire, &subject).await };
                begun.insert(running.spawn(work).id(), (number, infos));
            }
        }
        let ended = tokio::select! {
            ended = running.join_next_with_id() => ended,
            () = tokio::time::sleep(SIGN_OF_LIFE), if !running.is_empty() => {
                emit(Event::Working);
                continue;
            }
            () = &mut start, if !others.is_empty() => {
                lanes.append(&mut others);
                continue;
            }
        };
        let Some(ended) = ended else {
            if others.is_empty() {
                return;
            }
            lanes.append(&mut others);
            continue;
        };
        let id = match &ended {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        let Some((number, infos)) = begun.remove(&id) else {
            continue;
        };
        lanes[number].places += 1;
        match ended {
            Ok((_, events)) => events.into_iter().for_each(&mut *emit),
            Err(error) => {
                for info in infos {
                    let message = format!("the check itself failed: {error}");
                    emit(finished(&info, 0, Outcome::Fault { message }, Vec::new()));
                }
            }
        }
    }
}

/// Runs checks that may share a server. What does not pass on a common one runs on its own.
async fn run_group(
    group: &[Check],
    era: Option<Era>,
    wire: bool,
    subject: &Arc<Subject>,
) -> Vec<Event> {
    let mut events = together::pass(group, era, subject).await;
    for check in &group[events.len()..] {
        events.push(run_one(check, era, wire, subject).await);
    }
    events
}

/// Runs one check in each of its eras, until the first in which the server is wrong.
async fn run_one(check: &Check, only: Option<Era>, wire: bool, subject: &Arc<Subject>) -> Event {
    let began = Instant::now();
    let recorder = Arc::new(Recorder::new());
    let eras: Vec<Era> = check
        .eras()
        .iter()
        .copied()
        .filter(|era| only.is_none_or(|only| only == *era))
        .collect();
    let run = |era| {
        let (subject, recorder) = (Arc::clone(subject), Arc::clone(&recorder));
        run_in(
            check,
            Context::new(subject, era, check.surroundings(), recorder),
        )
    };
    let verdict = match eras[..] {
        // Such a check needs time, not the processor: its eras do not wait for each other.
        [first, second] if check.waits_mostly() => {
            let (first, second) = tokio::join!(run(first), run(second));
            first.and(second)
        }
        _ => {
            let mut verdict = Ok(());
            for era in eras {
                if verdict.is_ok() {
                    verdict = run(era).await;
                }
            }
            verdict
        }
    };
    let outcome = verdict.err().unwrap_or(Outcome::Pass);
    // Of a check that passes nobody reads the record, unless it was asked for.
    let lines = match outcome {
        Outcome::Pass if !wire => Vec::new(),
        _ => recorder.lines(),
    };
    finished(check.info(), millis_since(began), outcome, lines)
}

/// In whole milliseconds.
pub(super) fn millis_since(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}

async fn run_in(check: &Check, context: Context) -> Result<(), Outcome> {
    let limit = context.limits().scaled(check.limit());
    let verdict: Verdict = match tokio::time::timeout(limit, check.start(context.clone())).await {
        Ok(verdict) => verdict,
        Err(_) => Err(wrong(format!(
            "The check did not come to an end within {}.",
            spoken(limit)
        ))
        .expected("answers in time")
        .got("the messages so far are in `--wire`")
        .into()),
    };
    // The check's handles are gone now. Whatever it started dies before anything is said about it.
    context.finish().await;
    match verdict {
        Ok(()) => Ok(()),
        Err(Stop::Fault(message)) => Err(Outcome::Fault { message }),
        Err(Stop::Wrong(wrong)) => {
            let mut failure = wrong.into_failure();
            explain(&mut failure, check, &context);
            failure.era = (check.eras().len() > 1).then_some(context.era());
            Err(Outcome::Fail { failure })
        }
    }
}

fn explain(failure: &mut Failure, check: &Check, context: &Context) {
    let (why, source) = check.reason();
    if failure.why.is_empty() {
        failure.why = why.into();
    }
    if failure.source.is_none() && !source.is_empty() {
        failure.source = Some(source.into());
    }
    for note in context.notes() {
        if !failure.notes.contains(&note) {
            failure.notes.push(note);
        }
    }
}

fn left_out(check: &Check, selection: &Selection, subject: &Subject) -> Option<String> {
    if let Some(reason) = check.unfit_system() {
        return Some(reason.into());
    }
    if let Some(era) = selection.era.filter(|era| !check.eras().contains(era)) {
        return Some(format!("it is not about the {} era", era.name()));
    }
    let foreign = subject.crate_folder.is_none();
    match check.info().needs {
        Needs::Crate if foreign => {
            Some("it looks at a crate of this workbook, and the server is another program".into())
        }
        Needs::Journal if foreign => {
            Some("it reads the journal of chapter 1, and the server is another program".into())
        }
        _ if check.info().slow && selection.skip_slow => Some(LEFT_FOR_LATER.into()),
        _ => None,
    }
}

/// The event of a check that has ended.
pub(super) fn finished(
    info: &CheckInfo,
    millis: u64,
    outcome: Outcome,
    wire: Vec<verdict::WireLine>,
) -> Event {
    Event::Finished(CheckResult {
        check: info.check.clone(),
        exercise: info.exercise.clone(),
        millis,
        outcome,
        wire,
    })
}
