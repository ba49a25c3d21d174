//! The rows of the contract, as `www/custom-elements.json` lists them.

use serde_json::Value;

const MANIFEST: &str = include_str!("../../../../../www/custom-elements.json");

/// The names that the manifest lists.
#[derive(Debug)]
pub struct Manifest {
    pub attributes: Vec<String>,
    /// The properties that reflect an attribute: (property, attribute).
    pub reflecting: Vec<(String, String)>,
    /// The other properties.
    pub properties: Vec<String>,
    pub read_only: Vec<String>,
    pub methods: Vec<String>,
    pub events: Vec<String>,
    pub parts: Vec<String>,
    pub states: Vec<String>,
    /// The properties that declare a default: (property, JavaScript of the default).
    pub defaults: Vec<(String, String)>,
}

/// The list under this key.
fn list(key: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(MANIFEST).unwrap_or_default();
    document["modules"][0]["declarations"][0][key].as_array().cloned().unwrap_or_default()
}

fn text(item: &Value, key: &str) -> Option<String> {
    item[key].as_str().map(str::to_owned)
}

fn names_of(items: &[Value]) -> Vec<String> {
    items.iter().filter_map(|item| text(item, "name")).collect()
}

/// The names that the manifest lists under this key.
pub fn names(key: &str) -> Vec<String> {
    names_of(&list(key))
}

pub fn manifest() -> Manifest {
    let pairs = |items: &[Value], key: &str| {
        items.iter().filter_map(|item| Some((text(item, "name")?, text(item, key)?))).collect::<Vec<_>>()
    };
    let (fields, methods): (Vec<_>, Vec<_>) =
        list("members").into_iter().partition(|member| member["kind"] == "field");
    let (reflecting, properties): (Vec<_>, Vec<_>) =
        fields.iter().cloned().partition(|field| field["reflects"] == true);
    let read_only: Vec<_> = fields.iter().filter(|field| field["readonly"] == true).cloned().collect();
    Manifest {
        attributes: names("attributes"),
        reflecting: pairs(&reflecting, "attribute"),
        properties: names_of(&properties),
        read_only: names_of(&read_only),
        methods: names_of(&methods),
        events: names("events"),
        parts: names("cssParts"),
        states: names("cssStates"),
        defaults: pairs(&fields, "default"),
    }
}
