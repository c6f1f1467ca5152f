//! The Vigie web app: a command post in a browser.

mod post;
mod state;

fn main() {}
