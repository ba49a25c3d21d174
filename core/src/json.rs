//! A JSON value as it was sent, read leniently: any shape is accepted, none is lost, nothing recurses without end.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::fmt;

/// How many levels of a value are kept; what lies deeper is [`Json::TooDeep`].
///
/// Zoho's documents have three. The bound keeps a hostile reply from exhausting the stack.
pub const MAX_DEPTH: u8 = 8;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number. Zoho's ids are texts, as they exceed what a number can hold.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object's members in the order sent.
    Object(Vec<(String, Json)>),
    /// An array or object below [`MAX_DEPTH`].
    TooDeep,
}

impl Json {
    /// The member of that name; of several, the last, as in JavaScript. `None` if there is none or this is no object.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let Json::Object(members) = self else { return None };
        members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// An object of these members, in this order.
    pub(crate) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
        Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// A value that may not be known.
    pub(crate) fn or_null(value: Option<Json>) -> Json {
        value.unwrap_or(Json::Null)
    }

    /// How many of something there are; none, if this is no number. It saturates.
    pub(crate) fn count(value: Option<&Json>) -> u32 {
        match value {
            Some(Json::Number(number)) => *number as u32,
            _ => 0,
        }
    }

    /// The text, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// As `JSON.stringify` writes it. What lies too deep is an empty object.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(value) => write!(f, "{value}"),
            Json::Number(value) => write!(f, "{value}"),
            Json::Text(text) => quote(text, f),
            Json::List(list) => {
                f.write_str("[")?;
                for (number, item) in list.iter().enumerate() {
                    write!(f, "{}{item}", if number > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Json::Object(members) => {
                f.write_str("{")?;
                for (number, (name, value)) in members.iter().enumerate() {
                    f.write_str(if number > 0 { "," } else { "" })?;
                    quote(name, f)?;
                    write!(f, ":{value}")?;
                }
                f.write_str("}")
            }
            Json::TooDeep => f.write_str("{}"),
        }
    }
}

fn quote(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(f, "\\{character}")?,
            control if control < ' ' => write!(f, "\\u{:04x}", u32::from(control))?,
            other => write!(f, "{other}")?,
        }
    }
    f.write_str("\"")
}

impl<'de> serde::Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Levels(MAX_DEPTH).deserialize(deserializer)
    }
}

/// Reads a value of at most so many levels.
#[derive(Clone, Copy)]
struct Levels(u8);

impl Levels {
    fn below(self) -> Option<Levels> {
        self.0.checked_sub(1).map(Levels)
    }
}

impl<'de> DeserializeSeed<'de> for Levels {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Levels {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let Some(below) = self.below() else {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Json::TooDeep);
        };
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(below)? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let Some(below) = self.below() else {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Json::TooDeep);
        };
        let mut object = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            object.push((name, members.next_value_seed(below)?));
        }
        Ok(Json::Object(object))
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Number(value) => serializer.serialize_f64(*value),
            Json::Text(text) => serializer.serialize_str(text),
            Json::List(list) => {
                let mut items = serializer.serialize_seq(Some(list.len()))?;
                for item in list {
                    items.serialize_element(item)?;
                }
                items.end()
            }
            Json::Object(object) => {
                let mut members = serializer.serialize_map(Some(object.len()))?;
                for (name, value) in object {
                    members.serialize_entry(name, value)?;
                }
                members.end()
            }
            // Still neither absent nor a value that anyone expects.
            Json::TooDeep => serializer.serialize_map(Some(0))?.end(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_value_is_written_as_it_was_sent() {
        for text in [
            "null",
            "true",
            "7",
            "-0.5",
            r#""""#,
            r#"[1,"a",[],{}]"#,
            r#"{"a":{"b":[null,false]},"\"\\":"\u0007é"}"#,
        ] {
            assert_eq!(serde_json::from_str::<Json>(text).unwrap().to_string(), text);
        }
        let deep: Json = serde_json::from_str("[[[[[[[[[[1]]]]]]]]]]").unwrap();
        assert_eq!(deep.to_string(), "[[[[[[[[{}]]]]]]]]");
    }

    #[test]
    fn every_shape_is_kept_as_sent() {
        let text = r#"{"a":[null,true,1.5,"x",{"b":{}}],"c":"4876876000001593003"}"#;
        assert_eq!(serde_json::to_string(&parse(text)).unwrap(), text);
    }

    #[test]
    fn what_no_json_has_is_refused_with_what_was_expected() {
        let bytes = serde::de::value::BytesDeserializer::<serde::de::value::Error>::new(b"x");
        let error = <Json as serde::Deserialize>::deserialize(bytes).unwrap_err();
        assert_eq!(error.to_string(), "invalid type: byte array, expected a JSON value");
    }

    #[test]
    fn of_two_members_of_one_name_the_last_counts_as_in_javascript() {
        assert_eq!(parse(r#"{"a":1,"a":2}"#).get("a"), Some(&Json::Number(2.0)));
    }

    #[test]
    fn nothing_has_members_but_an_object() {
        for text in ["null", "1", "\"a\"", "[{\"a\":1}]", "{}"] {
            assert_eq!(parse(text).get("a"), None, "{text}");
        }
    }

    #[test]
    fn what_lies_too_deep_is_cut_off() {
        let nested = |levels: usize| parse(&format!("{}{}", "[".repeat(levels), "]".repeat(levels)));
        let depth = usize::from(MAX_DEPTH);
        assert!(!format!("{:?}", nested(depth)).contains("TooDeep"));
        assert!(format!("{:?}", nested(depth + 1)).contains("TooDeep"));
        assert!(format!("{:?}", nested(100)).len() < 200);
    }
}
