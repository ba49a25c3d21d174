//! The signals of one widget.

use crate::scene::Scene;
use leptos::prelude::*;
use std::rc::Rc;
use zoho_backup_core::instant::Timestamp;

/// What the view reads.
#[derive(Clone, Copy)]
pub struct Signals {
    /// All that is shown, apart from texts that tick.
    pub scene: RwSignal<Rc<Scene>, LocalStorage>,
    /// By the server's clock, like all instants in a scene.
    pub now: RwSignal<Timestamp>,
}
