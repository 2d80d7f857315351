use super::*;

fn reply(id: u64, result: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "result": result})
}

fn told(next: &Next) -> Value {
    json!(next.tell)
}

/// A client that has called `delete`, and the id of that request.
fn calling(era: Era) -> (Client, u64) {
    let mut client = Client::new(era, true);
    let next = client.call(7, "tools/call".into(), json!({"name": "delete"}));
    let id = next.send[0]["id"].as_u64().expect("a number");
    (client, id)
}

#[test]
fn every_modern_request_introduces_itself() {
    let (mut client, id) = calling(Era::Modern);
    let open = client.open().send.remove(0);
    assert_eq!(open["method"], "server/discover");
    let meta = &open["params"]["_meta"];
    assert_eq!(meta[protocol::META_VERSION], protocol::MODERN);
    assert_eq!(
        meta[protocol::META_CAPABILITIES],
        json!({"elicitation": {"form": {}}})
    );
    assert!(client.awaits(&reply(id, &json!({}))));
    assert!(!client.awaits(&reply(99, &json!({}))));
}

#[test]
fn a_legacy_connection_opens_with_a_handshake() {
    let mut client = Client::new(Era::Legacy, false);
    let open = client.open().send.remove(0);
    assert_eq!(open["method"], "initialize");
    assert_eq!(open["params"]["protocolVersion"], LEGACY);
    assert_eq!(open["params"]["capabilities"], json!({}));
    let next = client.hear(&reply(1, &json!({"serverInfo": {"name": "s"}})));
    assert_eq!(
        json!(next.send),
        json!([{"jsonrpc": "2.0", "method": "notifications/initialized"}])
    );
    assert_eq!(
        told(&next),
        json!([{"event": "opened", "result": {"serverInfo": {"name": "s"}}}])
    );
    assert!(!client.is_opening());
}

#[test]
fn a_modern_question_makes_the_call_again_with_the_answer_and_the_state() {
    let (mut client, id) = calling(Era::Modern);
    let asked = json!({
        "resultType": "input_required",
        "inputRequests": {"confirm": {"method": ASK, "params": {"message": "Delete?"}}},
        "requestState": "rs1",
    });
    let next = client.hear(&reply(id, &asked));
    assert_eq!(
        told(&next),
        json!([{"event": "question", "question": 1, "params": {"message": "Delete?"}}])
    );
    assert!(next.send.is_empty() && !client.waits_for_server(7));

    let answer = json!({"action": "accept", "content": {"sure": true}});
    let next = client.answer(1, answer.clone()).expect("it is open");
    let again = &next.send[0];
    assert_eq!(again["id"], id + 1);
    assert_eq!(again["params"]["name"], "delete");
    assert_eq!(again["params"]["requestState"], "rs1");
    assert_eq!(
        again["params"]["inputResponses"],
        json!({"confirm": answer})
    );
    assert!(client.waits_for_server(7));
    assert!(
        client.answer(1, json!({})).is_none(),
        "an answer is given once"
    );

    let next = client.hear(&reply(id + 1, &json!({"resultType": "complete"})));
    assert_eq!(
        told(&next),
        json!([{"event": "reply", "call": 7, "outcome": "result", "result": {"resultType": "complete"}}])
    );
}

#[test]
fn a_state_without_questions_makes_the_call_again_but_not_for_ever() {
    let (mut client, mut id) = calling(Era::Modern);
    let state = json!({"resultType": "input_required", "requestState": "s"});
    for _ in 0..MOST_ROUNDS {
        let next = client.hear(&reply(id, &state));
        assert_eq!(next.send[0]["params"]["requestState"], "s");
        assert_eq!(next.send[0]["params"].get("inputResponses"), None);
        id += 1;
    }
    let next = client.hear(&reply(id, &state));
    assert_eq!(told(&next)[0]["outcome"], "result");
}

#[test]
fn what_no_form_can_answer_is_shown_as_it_is() {
    let (mut client, id) = calling(Era::Modern);
    let asked = json!({
        "resultType": "input_required",
        "inputRequests": {"roots": {"method": "roots/list", "params": {}}},
    });
    let next = client.hear(&reply(id, &asked));
    assert_eq!(told(&next)[0]["outcome"], "result");
}

#[test]
fn a_legacy_question_is_answered_by_its_id() {
    let (mut client, id) = calling(Era::Legacy);
    let ask = json!({"jsonrpc": "2.0", "id": "q", "method": ASK, "params": {"message": "Sure?"}});
    let next = client.hear(&ask);
    assert_eq!(told(&next)[0]["event"], "question");
    let next = client
        .answer(1, json!({"action": "decline"}))
        .expect("it is open");
    assert_eq!(
        json!(next.send),
        json!([{"jsonrpc": "2.0", "id": "q", "result": {"action": "decline"}}])
    );
    assert!(client.awaits(&reply(id, &json!({}))));
}

#[test]
fn a_server_can_take_its_question_back() {
    let (mut client, _) = calling(Era::Legacy);
    client.hear(&json!({"jsonrpc": "2.0", "id": 3, "method": ASK}));
    let back =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 3}});
    assert_eq!(
        told(&client.hear(&back)),
        json!([{"event": "closed", "question": 1}])
    );
}

#[test]
fn other_requests_of_a_server_are_answered_at_once() {
    let (mut client, _) = calling(Era::Legacy);
    let next = client.hear(&json!({"jsonrpc": "2.0", "id": 4, "method": "ping"}));
    assert_eq!(next.send[0]["result"], json!({}));
    let next = client.hear(&json!({"jsonrpc": "2.0", "id": 5, "method": "roots/list"}));
    assert_eq!(next.send[0]["error"]["code"], METHOD_NOT_FOUND);
    // A modern server must not ask at all.
    let (mut client, _) = calling(Era::Modern);
    let next = client.hear(&json!({"jsonrpc": "2.0", "id": 6, "method": ASK}));
    assert_eq!(next.send[0]["error"]["code"], METHOD_NOT_FOUND);
}

#[test]
fn a_call_that_is_taken_back_takes_its_questions_along() {
    let (mut client, id) = calling(Era::Legacy);
    client.hear(&json!({"jsonrpc": "2.0", "id": 0, "method": ASK}));
    let next = client
        .cancel(7, "enough", "Taken back.")
        .expect("it is open");
    assert_eq!(next.send[0]["params"]["requestId"], id);
    assert_eq!(next.send[1]["result"]["action"], "cancel");
    assert_eq!(
        told(&next),
        json!([
            {"event": "closed", "question": 1},
            {"event": "reply", "call": 7, "outcome": "nothing", "why": "Taken back."},
        ])
    );
    assert!(client.cancel(7, "enough", "").is_none());
}

#[test]
fn progress_belongs_to_the_call_with_that_token() {
    let (mut client, id) = calling(Era::Modern);
    let progress = |token: u64| {
        let params = json!({"progressToken": token, "progress": 1});
        notification("notifications/progress", params)
    };
    assert_eq!(told(&client.hear(&progress(id)))[0]["call"], 7);
    assert_eq!(told(&client.hear(&progress(id + 1))), json!([]));
}

#[test]
fn the_end_of_the_process_ends_every_call() {
    let (mut client, _) = calling(Era::Legacy);
    client.hear(&json!({"jsonrpc": "2.0", "id": 0, "method": ASK}));
    let next = client.forget("The server ended.");
    assert_eq!(told(&next)[0]["event"], "closed");
    assert_eq!(told(&next)[1]["why"], "The server ended.");
    assert!(
        told(&client.forget(""))
            .as_array()
            .is_some_and(Vec::is_empty)
    );
}
