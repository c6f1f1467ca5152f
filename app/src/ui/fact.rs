//! A named value, as the engine panel and a signal's detail list them.

use super::context::Ui;
use yew::{Html, html};

/// One line of a `<dl class="facts">`: the message that names the value, the handle for tests, the value.
pub(crate) fn fact(ui: &Ui, label: &str, handle: Option<&'static str>, value: &str) -> Html {
    html! { <div class="fact"><dt>{ ui.t(label) }</dt><dd data-testid={handle}>{ value }</dd></div> }
}
