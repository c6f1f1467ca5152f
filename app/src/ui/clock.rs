//! The clock in the top bar.

use super::context::use_ui;
use crate::platform::dom;
use yew::prelude::*;

#[component]
pub(crate) fn Clock() -> Html {
    let ui = use_ui();
    let now = use_state(dom::now_ms);
    use_effect_with((), {
        let now = now.setter();
        move |()| {
            let ticking = gloo_timers::callback::Interval::new(1000, move || now.set(dom::now_ms()));
            move || drop(ticking)
        }
    });
    let locale = ui.i18n.lang().locale();
    html! {
        <div class="clock">
            <time class="clock__time">{ ui.time(*now) }</time>
            <span class="clock__day">{ dom::day_in_words(*now, locale) }</span>
        </div>
    }
}
