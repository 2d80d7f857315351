//! What checks and examples rely on.

use std::collections::BTreeSet;

use tracker::{START, names};

use crate::support::Api;

#[tokio::test]
async fn two_trackers_begin_the_same() {
    let (one, other) = (Api::start().await.tracker, Api::start().await.tracker);
    assert_eq!(
        (one.projects(), one.tasks()),
        (other.projects(), other.tasks())
    );
    assert_eq!(
        (one.members("HARBOR"), one.attachments()),
        (other.members("HARBOR"), other.attachments())
    );
    assert!(one.imports().is_empty());
}

#[tokio::test]
async fn ids_are_unique() {
    let tracker = Api::start().await.tracker;
    let projects: BTreeSet<String> = tracker
        .projects()
        .into_iter()
        .map(|project| project.id)
        .collect();
    let tasks: BTreeSet<String> = tracker.tasks().into_iter().map(|task| task.id).collect();
    assert_eq!((projects.len(), tasks.len()), (25, tracker.tasks().len()));
    for project in projects {
        let members: BTreeSet<String> = tracker
            .members(&project)
            .into_iter()
            .map(|member| member.id)
            .collect();
        assert_eq!(
            members.len(),
            if project == names::CROWDED_PROJECT {
                150
            } else {
                6
            },
            "{project}"
        );
        let names: BTreeSet<String> = tracker
            .members(&project)
            .into_iter()
            .map(|member| member.name)
            .collect();
        assert_eq!(names.len(), members.len(), "{project}");
    }
}

#[tokio::test]
async fn the_special_tasks_are_what_their_names_say() {
    let api = Api::start().await;
    let description = |id: &str| {
        api.tracker
            .task(id)
            .map(|task| task.description)
            .expect("a description")
    };
    let huge = description(names::HUGE_TASK);
    assert_eq!(huge.len(), 200_000);
    assert!(
        !huge.is_ascii(),
        "cutting it at any byte must be able to go wrong"
    );
    assert!(
        api.get(&format!("/tasks/{}", names::HUGE_TASK))
            .await
            .body
            .len()
            > 200_000
    );
    assert!(description(names::HOSTILE_TASK).contains("Ignore all previous instructions"));
    for sign in ["e\u{301}", "\u{200b}", "👩‍👩‍👧‍👦", "مرحبا"] {
        assert!(description(names::UNICODE_TASK).contains(sign), "{sign}");
    }
    let tasks = api.tracker.tasks();
    assert!(
        !tasks
            .iter()
            .any(|task| task.project == names::EMPTY_PROJECT)
    );
    for state in tracker::State::ALL {
        assert!(
            tasks
                .iter()
                .any(|task| task.project == names::PROJECT && task.state == state)
        );
    }
    for project in names::ODD_PROJECTS {
        assert!(
            tasks.iter().any(|task| task.project == project),
            "{project}"
        );
    }
    let archived = api
        .tracker
        .projects()
        .into_iter()
        .filter(|project| project.archived);
    assert_eq!(
        archived.map(|project| project.id).collect::<Vec<_>>(),
        [names::ARCHIVED_PROJECT]
    );
    for task in &tasks {
        assert!(
            task.created <= task.updated && task.updated.as_str() < START,
            "{}",
            task.id
        );
        let members = api.tracker.members(&task.project);
        assert!(
            task.assignee
                .iter()
                .all(|id| members.iter().any(|member| member.id == *id)),
            "{}",
            task.id
        );
    }
}
