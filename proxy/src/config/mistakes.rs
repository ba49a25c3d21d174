//! The mistakes in a configuration. They are collected, so that all of them are reported at once.

/// The mistakes found so far, each a sentence. A message names the setting, the value unless it is secret, and the
/// remedy.
#[derive(Debug, Default)]
pub struct Mistakes(Vec<String>);

impl Mistakes {
    /// Adds a mistake. Returns `None`, in place of the value that could not be read.
    pub fn add<T>(&mut self, mistake: String) -> Option<T> {
        self.0.push(mistake);
        None
    }

    /// Keeps the value of a result, or adds its error.
    pub fn check<T>(&mut self, result: Result<T, String>) -> Option<T> {
        result.map_err(|mistake| self.0.push(mistake)).ok()
    }

    /// The value, if there is one and no mistake was found.
    ///
    /// # Errors
    /// All mistakes.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<String>> {
        value.filter(|_| self.0.is_empty()).ok_or(self.0)
    }
}
