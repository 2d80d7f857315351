//! Telling one item of a long list, such as one tool, and that there are more.

use anyhow::Context as _;
use serde_json::Value;

/// The reply with only one item in its list: the one of this name. Text in place of the others says how many they are.
///
/// # Errors
/// The reply has no list with such an item.
pub(super) fn one(reply: &Value, name: &str) -> anyhow::Result<Value> {
    let mut told = reply.clone();
    let list = told["result"]
        .as_object_mut()
        .into_iter()
        .flat_map(|result| result.values_mut())
        .filter_map(Value::as_array_mut)
        .find(|list| list.iter().any(|item| item["name"] == name))
        .with_context(|| format!("the reply lists nothing with the name {name:?}"))?;
    let place = list.iter().position(|item| item["name"] == name);
    let place = place.unwrap_or_default();
    let (before, after) = (place, list.len() - place - 1);
    let more = |count: usize| (count > 0).then(|| format!("… {count} more").into());
    let item = list[place].take();
    *list = [more(before), Some(item), more(after)]
        .into_iter()
        .flatten()
        .collect();
    Ok(told)
}
