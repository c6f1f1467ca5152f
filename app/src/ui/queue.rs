//! The queue of signals, and the one in hand below it.

use super::{
    card::Card,
    context::{Ui, use_ui},
    detail::Detail,
    icons::{Icon, icon},
    keyboard::start_drawing,
    shell::Names,
    words,
};
use crate::state::{CameraView, Draft, Kind, Queue, Watch};
use std::rc::Rc;
use vigie_protocol::SignalId;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct QueueProps {
    pub(crate) queue: Rc<Queue>,
    pub(crate) names: Rc<Names>,
    pub(crate) selected: Option<SignalId>,
    pub(crate) draft: Draft,
    /// What it means that the queue is empty.
    pub(crate) watch: Watch,
    /// Where a first zone can be drawn, when there is none.
    pub(crate) draw_on: Option<Rc<CameraView>>,
}

/// Answered signals listed under the open ones; the record has all.
const ANSWERED_SHOWN: usize = 30;

#[component]
pub(crate) fn QueuePanel(props: &QueueProps) -> Html {
    let ui = use_ui();
    let (queue, names) = (&props.queue, &props.names);
    let waiting = queue.waiting_here();
    let elsewhere = queue.open.len() - waiting;
    let card = |signal: &Rc<crate::state::SignalView>| {
        html! {
            <Card key={signal.id().to_string()} signal={signal.clone()} selected={props.selected == Some(signal.id())}
                camera={names.camera(&signal.signal.camera)} post={(!signal.own).then(|| names.post(signal.post))} />
        }
    };
    let in_hand =
        props.selected.and_then(|id| queue.open.iter().chain(&queue.answered).find(|s| s.id() == id));
    html! {
        <aside class="queue" aria-label={ui.t("queue-label")}>
            <header class="queue__header">
                <h2>{ ui.t("queue-title") }</h2>
                <span class={classes!("badge", (waiting > 0).then_some("badge--alarm"))} role="status" aria-live="polite">
                    { ui.ta("queue-waiting", &[("count", waiting.into())]) }
                </span>
                if elsewhere > 0 {
                    <span class="badge">{ ui.ta("queue-elsewhere", &[("count", elsewhere.into())]) }</span>
                }
            </header>
            <div class="queue__list">
                { silence(&ui, props) }
                { for queue.open.iter().map(card) }
                if !queue.answered.is_empty() {
                    <h3 class="queue__divider">{ ui.t("queue-answered") }</h3>
                    { for queue.answered.iter().take(ANSWERED_SHOWN).map(card) }
                }
            </div>
            if let Some(signal) = in_hand {
                <Detail signal={signal.clone()} camera={names.camera(&signal.signal.camera)}
                    post={(!signal.own).then(|| names.post(signal.post))} draft={props.draft.clone()}
                    next={queue.next_to_answer(Some(signal.id()))} />
            }
        </aside>
    }
}

/// What it means that nothing comes in: that all is calm is said only where something is watched.
fn silence(ui: &Ui, props: &QueueProps) -> Html {
    let blind = |title: String, hint: String, more: Html| {
        html! {
            <div class="queue__calm queue__calm--blind" data-testid="queue-blind">
                { icon(Icon::Warning) }<p class="queue__calm-title">{ title }</p><p>{ hint }</p>{ more }
            </div>
        }
    };
    match props.watch {
        Watch::Standby(standby) => {
            let (title, text) = words::standby(standby);
            blind(ui.t(title), ui.t(text), Html::default())
        }
        Watch::Blind => blind(ui.t("queue-blind"), ui.t("queue-blind-hint"), Html::default()),
        Watch::NoZone => {
            let draw = props.draw_on.clone().map(|camera| {
                let ui = ui.clone();
                Callback::from(move |_: MouseEvent| start_drawing(&ui, &camera, Kind::default()))
            });
            let button = html! {
                <button class="button" onclick={draw}>{ icon(Icon::Zone) }{ ui.t("zone-draw") }</button>
            };
            blind(ui.t("queue-no-zone"), ui.t("queue-no-zone-hint"), button)
        }
        Watch::Watching if props.queue.open.is_empty() => html! {
            <div class="queue__calm">
                <p class="queue__calm-title">{ ui.t("queue-calm") }</p>
                if props.queue.answered.is_empty() {
                    <p>{ ui.t("queue-calm-hint") }</p>
                }
            </div>
        },
        Watch::Watching => Html::default(),
    }
}
