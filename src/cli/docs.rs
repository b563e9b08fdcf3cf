//! Pages that are made from tables. Temporary.
pub fn pages() -> Vec<(&'static str, String)> {
    Vec::new()
}
