//! The handle on a tracker of this process: what only checks may see and do.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::faults::{Fault, WrongFault};
use crate::journal::Entry;
use crate::model::{Attachment, Import, Member, Project, Task};
use crate::options::Options;
use crate::routes;
use crate::shared::Shared;

/// A running tracker. It ends with [`Tracker::stop`], or at once when it is dropped.
#[derive(Debug)]
pub struct Tracker {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<io::Result<()>>,
}

impl Tracker {
    /// Starts a tracker on a free port of the loopback interface.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn start(options: Options) -> io::Result<Self> {
        Self::on(TcpListener::bind(("127.0.0.1", 0)).await?, options)
    }

    /// Starts a tracker on a listener of the caller's. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// If the listener has no address.
    pub fn on(listener: TcpListener, options: Options) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(&options));
        let (stop, stopped) = oneshot::channel();
        let state = Arc::clone(&shared);
        let server = tokio::spawn(async move {
            // A dropped handle stops the tracker too.
            let until = async move { drop(stopped.await) };
            let router = routes::router(Arc::clone(&state), options.admin);
            service::run(listener, router, &state.end, until).await
        });
        Ok(Self {
            shared,
            address,
            stop: Some(stop),
            server,
        })
    }

    /// Where it listens: the value for `TRACKER_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it: waits end, replies under way are finished, for 1 s at most.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself.
            let _ = stop.send(());
        }
        if let Err(error) = (&mut self.server).await
            && error.is_panic()
        {
            std::panic::resume_unwind(error.into_panic());
        }
    }

    /// Asks for a fault. See [`crate::Effect`].
    ///
    /// # Errors
    /// If the fault could never happen.
    pub fn fault(&self, fault: Fault) -> Result<(), WrongFault> {
        self.shared.faults().add(fault)
    }

    /// The faults that have not happened yet, with what is left of them.
    pub fn pending_faults(&self) -> Vec<Fault> {
        self.shared.faults().pending().to_vec()
    }

    /// Takes back every fault that has not happened yet.
    pub fn clear_faults(&self) {
        self.shared.faults().clear();
    }

    /// Accepts one more token.
    pub fn accept_token(&self, token: &str) {
        self.shared.access().accept(token);
    }

    /// From now on this token is too old, until it is accepted again.
    pub fn expire_token(&self, token: &str) {
        self.shared.access().expire(token);
    }

    /// Every request so far, in the order of arrival. `/health` and `/admin` are not written down.
    pub fn journal(&self) -> Vec<Entry> {
        self.shared.journal().entries().cloned().collect()
    }

    /// The requests of one route, for instance `POST /tasks`.
    pub fn requests(&self, route: &str) -> Vec<Entry> {
        self.shared
            .journal()
            .entries()
            .filter(|entry| entry.route.as_deref() == Some(route))
            .cloned()
            .collect()
    }

    /// Forgets the requests so far; the numbers go on.
    pub fn clear_journal(&self) {
        self.shared.journal().clear();
    }

    /// Waits until `condition` holds. False if it does not within `limit`.
    pub async fn wait_until(&self, limit: Duration, condition: impl Fn(&Self) -> bool) -> bool {
        service::wait_until(limit, || condition(self)).await
    }

    /// All projects, in the order of the list.
    pub fn projects(&self) -> Vec<Project> {
        self.shared.read(|store| store.projects.clone())
    }

    /// All tasks with their descriptions, in the order of the list.
    pub fn tasks(&self) -> Vec<Task> {
        self.shared.read(|store| store.tasks.clone())
    }

    /// One task.
    pub fn task(&self, id: &str) -> Option<Task> {
        self.shared.read(|store| store.task(id).ok().cloned())
    }

    /// The members of a project; none if there is no such project.
    pub fn members(&self, project: &str) -> Vec<Member> {
        self.shared
            .read(|store| store.members.get(project).cloned().unwrap_or_default())
    }

    /// All attachments with their bytes.
    pub fn attachments(&self) -> Vec<Attachment> {
        self.shared.read(|store| store.attachments.clone())
    }

    /// All imports, as they stand.
    pub fn imports(&self) -> Vec<Import> {
        self.shared.read(|store| store.imports.clone())
    }

    /// Changes a task as a colleague would, past every rule of the API: ETag, time and feed follow. False if there is no such
    /// task. Id and project stay what they are.
    pub fn edit_task(&self, id: &str, edit: impl FnOnce(&mut Task)) -> bool {
        self.shared.write(|store| store.edit_task(id, edit))
    }

    /// Deletes a task as a colleague would. False if there is no such task.
    pub fn delete_task(&self, id: &str) -> bool {
        self.shared.write(|store| store.delete_task(id).is_ok())
    }

    /// Adds a task to a project and gives its id; none if there is no such project.
    pub fn add_task(&self, project: &str, title: &str, description: &str) -> Option<String> {
        self.shared
            .write(|store| store.plant_task(project, title, description))
    }

    /// Adds a project. False if the id is taken.
    pub fn add_project(&self, id: &str, name: &str) -> bool {
        self.shared.write(|store| store.add_project(id, name))
    }

    /// Adds a member to a project. False if there is no such project, or it has a member with this id.
    pub fn add_member(&self, project: &str, member: &str, name: &str) -> bool {
        self.shared
            .write(|store| store.welcome_member(project, member, name))
    }

    /// Gives a member another name. False if there is no such member.
    pub fn rename_member(&self, project: &str, member: &str, name: &str) -> bool {
        self.shared
            .write(|store| store.rename_member(project, member, name))
    }

    /// Lets time pass on the tracker's clock.
    pub fn advance_clock(&self, seconds: u64) {
        self.shared.write(|store| store.clock.advance(seconds));
    }

    /// How fast imports go from now on. 0 stops them where they are.
    pub fn set_rows_per_second(&self, rows: u64) {
        self.shared.set_rows_per_second(rows);
    }

    /// Does up to so many rows of each running import at once.
    pub fn advance_imports(&self, rows: u64) {
        self.shared.write(|store| store.advance_all_imports(rows));
    }
}

impl Drop for Tracker {
    fn drop(&mut self) {
        // Whoever did not ask for a graceful end gets a prompt one.
        self.shared.end.begin();
        self.server.abort();
    }
}
