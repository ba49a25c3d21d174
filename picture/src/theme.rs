//! The picture's own parameter: `?theme=light` or `?theme=dark`.

use zoho_backup_core::options::Theme;

/// The theme that the query of a picture's URL asks for: without a query, as the reader prefers. `None` for any other
/// query than `theme=light` and `theme=dark`, to the byte.
///
/// ```
/// use zoho_backup_core::options::Theme;
/// use zoho_backup_picture::theme::of_query;
///
/// assert_eq!(of_query(None), Some(Theme::Auto));
/// assert_eq!(of_query(Some("theme=dark")), Some(Theme::Dark));
/// assert_eq!(of_query(Some("theme=Dark")), None);
/// ```
pub fn of_query(query: Option<&str>) -> Option<Theme> {
    match query {
        None => Some(Theme::Auto),
        Some("theme=light") => Some(Theme::Light),
        Some("theme=dark") => Some(Theme::Dark),
        Some(_) => None,
    }
}
