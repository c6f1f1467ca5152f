//! A signal in the queue.

use super::{
    context::use_ui,
    icons::{Icon, icon},
    words,
};
use crate::{
    platform::dom,
    state::{Command, DeskAction, SignalState, SignalView},
};
use std::rc::Rc;
use vigie_protocol::SignalId;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct CardProps {
    pub(crate) signal: Rc<SignalView>,
    pub(crate) selected: bool,
    /// The camera's display name.
    pub(crate) camera: String,
    /// The other post's display name, when it is not ours.
    pub(crate) post: Option<String>,
}

/// So long a card draws the eye, milliseconds.
const FRESH_MS: i64 = 4_000;

#[component]
pub(crate) fn Card(props: &CardProps) -> Html {
    let ui = use_ui();
    let node = use_node_ref();
    let view = &props.signal;
    let signal = &view.signal;
    let open = view.state == SignalState::Open;

    // It counts as shown when a person could see it: on screen, in a page that is not hidden.
    use_effect_with((signal.id, view.own && open), {
        let (node, ui) = (node.clone(), ui.clone());
        move |(id, watch): &(SignalId, bool)| {
            let id = *id;
            let watch = node
                .cast::<web_sys::Element>()
                .filter(|_| *watch)
                .and_then(|card| dom::SightWatch::new(&card, move || ui.send(Command::Shown(id))));
            move || drop(watch)
        }
    });
    use_effect_with(props.selected, {
        let node = node.clone();
        move |selected: &bool| {
            if *selected && let Some(card) = node.cast::<web_sys::Element>() {
                dom::into_view(&card);
            }
        }
    });

    let (state, verb) = match &view.state {
        SignalState::Open => ("waiting", None),
        SignalState::Decided(decision) => ("decided", Some(words::verb_name(decision.verb))),
    };
    let class = classes!(
        "card",
        open.then_some("card--open"),
        (open && view.own && dom::now_ms() - signal.raised_ms < FRESH_MS).then_some("card--fresh"),
        props.selected.then_some("card--selected"),
        (!view.own).then_some("card--elsewhere")
    );
    html! {
        <button {class} ref={node} data-testid="signal-card" data-signal={signal.id.to_string()} data-state={state} data-verb={verb}
            data-origin={if view.own { "here" } else { "elsewhere" }} data-camera={signal.camera.to_string()}
            aria-current={props.selected.then_some("true")} onclick={ui.on(DeskAction::Select(Some(signal.id)))}>
            <span class="card__thumb"><Thumb id={signal.id} has_clip={view.has_clip} /></span>
            <span class="card__text">
                <span class="card__event">{ ui.t(words::event(signal.event)) }</span>
                <span class="card__place">{ words::place(&ui.i18n, signal, &props.camera) }</span>
                if let Some(post) = &props.post {
                    <span class="card__post">{ icon(Icon::Relay) }{ post }</span>
                }
            </span>
            <span class="card__side">
                <time class="card__time">{ ui.time(signal.raised_ms) }</time>
                if let SignalState::Decided(decision) = &view.state {
                    <span class="card__answer" data-verb={verb}>
                        { icon(if decision.verb == vigie_protocol::Verb::Confirm { Icon::Check } else { Icon::Lift }) }
                        { ui.t(words::answered(decision.verb)) }
                    </span>
                }
            </span>
        </button>
    }
}

#[derive(Properties, PartialEq)]
struct ThumbProps {
    id: SignalId,
    has_clip: bool,
}

/// The moment of the signal: the last picture of its loop.
#[component]
fn Thumb(props: &ThumbProps) -> Html {
    let ui = use_ui();
    let picture = use_state(|| None::<Rc<dom::Picture>>);
    use_effect_with((props.id, props.has_clip), {
        let picture = picture.setter();
        move |(id, has_clip): &(SignalId, bool)| {
            if *has_clip {
                let clip = ui.orders.clip(*id);
                dom::spawn(async move {
                    if let Some(frame) = clip.await.last() {
                        picture.set(dom::Picture::decode(&frame.jpeg).await.map(Rc::new));
                    }
                });
            }
        }
    });
    match picture.as_ref() {
        Some(picture) => html! { <img src={picture.url().to_owned()} alt="" /> },
        None => icon(Icon::Camera),
    }
}
