//! The page around the widget. Whatever the browser offers may be a page's own code: it may throw, and call back into
//! the widget. So no cell is borrowed while it is called.

pub mod clock;
pub mod console;
pub mod environment;
pub mod listener;
pub mod objects;
pub mod tasks;
pub mod timeout;
