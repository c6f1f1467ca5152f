//! Answering: two verbs, then a reason, then a note where it must be. Nothing is pre-selected, nothing goes by itself.

use super::{
    context::{Ui, use_ui},
    icons::{Icon, icon},
    keyboard::send_answer,
    words,
};
use crate::state::{DeskAction, Draft};
use vigie_protocol::{Decision, Reason, SignalId, Verb};
use wasm_bindgen::JsCast;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct AnswerProps {
    pub(crate) signal: SignalId,
    pub(crate) draft: Draft,
    pub(crate) next: Option<SignalId>,
}

#[component]
pub(crate) fn Answer(props: &AnswerProps) -> Html {
    let ui = use_ui();
    let draft = &props.draft;
    let field = use_node_ref();
    let needs_note = draft.reason == Some(Reason::Other);
    // What is typed next is the note that this reason needs, not shortcuts.
    use_effect_with((props.signal, needs_note), {
        let field = field.clone();
        move |(_, needs_note): &(SignalId, bool)| {
            if let Some(field) = field.cast::<web_sys::HtmlElement>() {
                drop(if *needs_note { field.focus() } else { field.blur() });
            }
        }
    });
    let verb = |verb: Verb, key: &'static str, symbol: Icon| {
        let chosen = draft.verb == Some(verb);
        html! {
            <button class={classes!("verb", chosen.then_some("verb--chosen"), (draft.verb.is_some() && !chosen).then_some("verb--other"))}
                data-verb={words::verb_name(verb)} data-testid={format!("verb-{}", words::verb_name(verb))} aria-keyshortcuts={key}
                aria-pressed={chosen.to_string()} onclick={ui.on(DeskAction::Verb(verb))}>
                { icon(symbol) }<span>{ ui.t(words::verb(verb)) }</span><kbd>{ key }</kbd>
            </button>
        }
    };
    html! {
        <div class="answer">
            <div class="answer__verbs" role="group" aria-label={ui.t("answer-label")}>
                { verb(Verb::Confirm, "C", Icon::Check) }
                { verb(Verb::LiftDoubt, "L", Icon::Lift) }
            </div>
            if let Some(verb) = draft.verb {
                { reasons(&ui, props, verb, field) }
            }
        </div>
    }
}

fn reasons(ui: &Ui, props: &AnswerProps, verb: Verb, field: NodeRef) -> Html {
    let draft = &props.draft;
    let choice = |(index, reason): (usize, &Reason)| {
        let chosen = draft.reason == Some(*reason);
        let key = (index + 1).to_string();
        html! {
            <button key={words::reason_name(*reason)} class={classes!("reason", chosen.then_some("reason--chosen"))}
                aria-pressed={chosen.to_string()} data-testid={format!("reason-{}", words::reason_name(*reason))}
                aria-keyshortcuts={key.clone()} onclick={ui.on(DeskAction::Reason(*reason))}>
                <kbd>{ key }</kbd><span>{ ui.t(words::reason(*reason)) }</span>
            </button>
        }
    };
    let typed = {
        let ui = ui.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                ui.act(DeskAction::Note(input.value()));
            }
        })
    };
    let send = {
        let (ui, signal, draft, next) = (ui.clone(), props.signal, draft.clone(), props.next);
        Callback::from(move |_: MouseEvent| {
            send_answer(&ui, signal, &draft, next);
        })
    };
    let needs_note = draft.reason == Some(Reason::Other);
    html! {
        <>
            <div class="answer__reasons" role="group" aria-label={ui.t("reasons-label")}>
                { for Reason::offered_for(verb).iter().enumerate().map(choice) }
            </div>
            <div class="answer__send">
                <input class="answer__note" ref={field} data-testid="decision-note" value={draft.note.clone()} maxlength={Decision::MAX_NOTE.to_string()}
                    required={needs_note} aria-label={ui.t("note-label")} autocomplete="off"
                    placeholder={if needs_note { ui.t("note-required") } else { ui.t("note-optional") }} oninput={typed} />
                <button class="button button--ghost" aria-keyshortcuts="Escape" onclick={ui.on(DeskAction::Back)}>{ ui.t("answer-back") }</button>
                <button class="button button--primary" data-testid="decide-send" aria-keyshortcuts="Enter" disabled={draft.complete().is_none()} onclick={send}>
                    { ui.t("answer-send") }
                </button>
            </div>
        </>
    }
}
