//! The handler: what the server says about itself, and how a request finds its way.

use std::borrow::Cow;
use std::sync::Arc;

use rmcp::model::{
    Implementation, ListResourceTemplatesResult, ListResourcesResult, PaginatedRequestParams,
    ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities,
    ServerConfig, SubscribeRequestParams, SubscriptionFilter, UnsubscribeRequestParams,
};
use rmcp::service::{NotificationContext, RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};

use crate::feed::Feed;
use crate::handbook::Handbook;
use crate::settings::Settings;
use crate::subscribing::Subscriptions;
use crate::tracker::Tracker;
use crate::{listening, listing, resources};

/// What a model should know of this server.
const INSTRUCTIONS: &str = "What the project tracker of a company holds, and the handbook of the team. \
    Projects and the handbook are listed; tasks, boards and reports have templates.";

/// The server: a client of the tracker that gives out what is there. Clones share everything.
#[derive(Clone)]
pub struct TrackerServer {
    shared: Arc<Shared>,
}

struct Shared {
    tracker: Tracker,
    pinned_task: String,
    handbook: Handbook,
    feed: Feed,
    subscriptions: Subscriptions,
}

impl TrackerServer {
    /// A server. Nothing is sent to the tracker yet.
    ///
    /// # Errors
    /// The HTTP client cannot be built.
    pub fn new(settings: Settings) -> anyhow::Result<Self> {
        let (url, token) = (settings.tracker_url, settings.tracker_token);
        let tracker = Tracker::new(url, token, settings.attempt_timeout)?;
        let shared = Shared {
            feed: Feed::new(tracker.clone()),
            tracker,
            pinned_task: settings.pinned_task,
            handbook: Handbook::new(settings.handbook_folder),
            subscriptions: Subscriptions::default(),
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// The tracker.
    pub fn tracker(&self) -> &Tracker {
        &self.shared.tracker
    }

    /// The task whose files are listed.
    pub fn pinned_task(&self) -> &str {
        &self.shared.pinned_task
    }

    /// The handbook of the team.
    pub fn handbook(&self) -> &Handbook {
        &self.shared.handbook
    }
}

// There is no macro for resources: each request has a method here.
impl ServerHandler for TrackerServer {
    /// Who this server is, what it can do, and how a model should use it.
    ///
    /// <https://modelcontextprotocol.io/specification/2026-07-28/server/discover>
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_resources()
            .enable_resources_list_changed()
            .enable_resources_subscribe()
            .build();
        let identity = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
            .with_title("Project tracker");
        ServerConfig::new(capabilities)
            .with_server_info(identity)
            .with_instructions(INSTRUCTIONS)
    }

    /// The revisions of the protocol that this server speaks: one legacy, one modern.
    ///
    /// <https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning>
    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        const SUPPORTED: &[ProtocolVersion] =
            &[ProtocolVersion::V_2025_11_25, ProtocolVersion::V_2026_07_28];
        Cow::Borrowed(SUPPORTED)
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let cursor = request.and_then(|request| request.cursor);
        listing::list(self, cursor.as_deref()).await
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let templates = listing::templates();
        Ok(ListResourceTemplatesResult::with_all_items(templates))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let read = resources::read(self, &request.uri).await?;
        Ok(read.into())
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        listening::accepted(requested)
    }

    async fn listen(&self, subscription: SubscriptionContext) -> Result<(), ErrorData> {
        listening::listen(&self.shared.feed, subscription).await
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        let shared = &self.shared;
        shared.subscriptions.begin(&shared.feed, context.peer).await;
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.shared.subscriptions.subscribe(request.uri)
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.shared.subscriptions.unsubscribe(&request.uri)
    }
}
