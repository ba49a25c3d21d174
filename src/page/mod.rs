//! The page around the widget. Whatever the browser offers may be a page's own code, which may call back into the widget:
//! no cell is borrowed while it is called. Timers and listeners may also throw.

pub mod attribute_watch;
pub mod clock;
pub mod console;
pub mod environment;
pub mod listener;
pub mod objects;
pub mod observer;
pub mod tasks;
pub mod timeout;
pub mod view_watch;
