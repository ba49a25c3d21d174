//! stub
pub mod icons;
