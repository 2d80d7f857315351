//! What a server tells without being asked again: notifications of changes, and subscriptions to them.
//!
//! Specification 2026-07-28, basic/patterns/subscriptions; in the legacy era 2025-11-25, server/resources.

use std::time::Duration;

use serde_json::{Value, json};

use super::finding::{Verdict, wrong};
use super::log::Known;
use super::protocol;
use super::recorder::lock;
use super::server::{Pending, Server};
use super::short;

/// Begins a subscription.
const LISTEN: &str = "subscriptions/listen";
/// Says what of it was granted.
const ACKNOWLEDGED: &str = "notifications/subscriptions/acknowledged";
/// A resource is different now.
const UPDATED: &str = "notifications/resources/updated";
/// The list of resources is different now.
const LIST_CHANGED: &str = "notifications/resources/list_changed";

/// One notification of a server.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Its place among the requests and notifications of the server, from 0.
    place: usize,
    message: Value,
}

impl Notice {
    /// The id of the subscription that it says it belongs to; `null` if it says none.
    pub fn subscription(&self) -> &Value {
        &self.message["params"]["_meta"][protocol::META_SUBSCRIPTION]
    }

    /// Whether it says that this resource is different.
    pub fn updates(&self, uri: &str) -> bool {
        self.message["method"] == UPDATED && self.message["params"]["uri"] == uri
    }

    /// Whether it says that the list of resources is different.
    pub fn is_of_list(&self) -> bool {
        self.message["method"] == LIST_CHANGED
    }

    /// Whether it tells of a change of resources.
    pub fn is_of_resources(&self) -> bool {
        self.message["method"] == UPDATED || self.is_of_list()
    }

    /// What was granted, if it is an acknowledgement.
    pub fn granted(&self) -> Option<&Value> {
        let params = &self.message["params"];
        (self.message["method"] == ACKNOWLEDGED).then_some(&params["notifications"])
    }

    /// Whether it came after this moment, which [`Server::told_so_far`] gave.
    pub fn is_since(&self, told: usize) -> bool {
        self.place >= told
    }

    /// As a person says it: the method, the address if there is one, and the subscription if it names one.
    pub fn spoken(&self) -> String {
        let mut spoken = self.message["method"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if let Some(uri) = self.message["params"]["uri"].as_str() {
            spoken += &format!(" {uri}");
        }
        match self.subscription() {
            Value::Null => spoken + " without a subscriptionId",
            id => format!("{spoken} with subscriptionId {id}"),
        }
    }
}

/// All notifications that are kept, oldest first.
fn notices(known: &Known) -> impl Iterator<Item = Notice> {
    let before = known.incoming_count - known.incoming.len();
    let all = known.incoming.iter().enumerate();
    all.filter(|(_, message)| message.get("id").is_none())
        .map(move |(index, message)| Notice {
            place: before + index,
            message: message.clone(),
        })
}

/// A subscription of the modern era. It goes on until [`Server::unlisten`].
#[derive(Debug)]
pub struct Subscription {
    pending: Pending,
    granted: Value,
}

impl Subscription {
    /// The id under which it is told.
    pub fn id(&self) -> &Value {
        self.pending.id()
    }

    /// What was granted of what it asked for.
    pub fn granted(&self) -> &Value {
        &self.granted
    }

    /// Whether a notification belongs to it.
    pub fn owns(&self, notice: &Notice) -> bool {
        notice.subscription() == self.id()
    }
}

impl Server {
    /// Every notification so far, oldest first.
    pub fn notices(&self) -> Vec<Notice> {
        notices(&lock(&self.log().inner)).collect()
    }

    /// Waits for a notification that came after `told`; none if there is none within `limit`.
    pub async fn notice(
        &self,
        told: usize,
        limit: Duration,
        wanted: impl Fn(&Notice) -> bool,
    ) -> Option<Notice> {
        let heard = self.log().heard_in(|known| {
            notices(known).find(|notice| notice.is_since(told) && wanted(notice))
        });
        tokio::time::timeout(limit, heard).await.ok()
    }

    /// Asks to be told of what `filter` names, under an id of the caller's choice, and waits for the acknowledgement.
    ///
    /// # Errors
    /// The server refuses, or does not acknowledge within the request limit.
    pub async fn listen(&self, id: impl Into<Value>, filter: &Value) -> Verdict<Subscription> {
        let params = self.params(json!({"notifications": filter}));
        let request = protocol::request(id, LISTEN, params);
        let told = self.told_so_far();
        let pending = self.begin_message(request.clone()).await?;
        let limit = self.limits().request();
        // A reply may come at any time, or never: what decides is the acknowledgement.
        let mut pending = pending.within(2 * limit);
        let own =
            |notice: &Notice| notice.granted().is_some() && notice.subscription() == &request["id"];
        let sent = || format!("{LISTEN} {}", short::json(filter));
        tokio::select! {
            biased;
            acknowledged = self.notice(told, limit, own) => match acknowledged {
                Some(notice) => {
                    let granted = notice.granted().cloned().unwrap_or_default();
                    Ok(Subscription { pending, granted })
                }
                None => Err(wrong("The server does not acknowledge a subscription.")
                    .sent(sent())
                    .expected(format!("{ACKNOWLEDGED} with subscriptionId {}", request["id"]))
                    .got("no acknowledgement with that id")
                    .into()),
            },
            reply = pending.wait() => {
                let reply = reply?;
                reply.result()?;
                Err(reply
                    .wrong("The server ends a subscription before it has acknowledged it.")
                    .sent(sent())
                    .expected(format!("{ACKNOWLEDGED}, and no reply while the client listens"))
                    .into())
            }
        }
    }

    /// Ends a subscription, as a client does over stdio.
    ///
    /// # Errors
    /// The server does not read its input.
    pub async fn unlisten(&self, subscription: &Subscription) -> Verdict {
        self.cancel(&subscription.pending).await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    fn notice(method: &str, params: Value) -> Notice {
        Notice {
            place: 3,
            message: protocol::notification(method, params),
        }
    }

    #[test]
    fn a_notice_is_told_with_its_subscription() {
        let meta = json!({protocol::META_SUBSCRIPTION: "a"});
        let tagged = notice(UPDATED, json!({"uri": "x://y", "_meta": meta}));
        assert!(tagged.updates("x://y") && tagged.is_of_resources());
        assert_eq!(
            tagged.spoken(),
            r#"notifications/resources/updated x://y with subscriptionId "a""#
        );
        let bare = notice(LIST_CHANGED, Value::Null);
        assert!(bare.is_of_list() && bare.subscription().is_null());
        assert_eq!(
            bare.spoken(),
            "notifications/resources/list_changed without a subscriptionId"
        );
    }

    #[test]
    fn requests_of_the_server_are_no_notices() {
        let incoming = VecDeque::from([
            json!({"jsonrpc": "2.0", "id": 1, "method": "elicitation/create"}),
            json!({"jsonrpc": "2.0", "method": ACKNOWLEDGED, "params": {"notifications": {}}}),
        ]);
        let known = Known {
            incoming,
            incoming_count: 7,
            ..Known::default()
        };
        let all: Vec<Notice> = notices(&known).collect();
        assert_eq!(all.len(), 1);
        assert!(all[0].is_since(6) && !all[0].is_since(7));
        assert_eq!(all[0].granted(), Some(&json!({})));
    }
}
