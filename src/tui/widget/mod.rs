//! Pure drawing, and the state of an editor: no widget asks for anything.
