//! The signal in hand: its loop, its facts, its answer.

use super::{
    answer::Answer,
    context::{Ui, use_ui},
    fact::fact,
    icons::{Icon, icon},
    loop_player::LoopPlayer,
    words,
};
use crate::state::{Command, DeskAction, Draft, SignalState, SignalView};
use std::rc::Rc;
use vigie_protocol::{EventKind, SignalId};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct DetailProps {
    pub(crate) signal: Rc<SignalView>,
    /// The camera's display name.
    pub(crate) camera: String,
    /// The other post's display name, when it is not ours.
    pub(crate) post: Option<String>,
    pub(crate) draft: Draft,
    /// The signal to take in hand after this one.
    pub(crate) next: Option<SignalId>,
}

#[component]
pub(crate) fn Detail(props: &DetailProps) -> Html {
    let ui = use_ui();
    let view = &props.signal;
    let signal = &view.signal;
    let open = view.state == SignalState::Open;
    let region = vigie_engine::BBox {
        x0: signal.region.x0,
        y0: signal.region.y0,
        x1: signal.region.x1,
        y1: signal.region.y1,
    };
    let choosing = props.draft.verb.is_some();
    html! {
        <section class={classes!("detail", open.then_some("detail--open"), choosing.then_some("detail--choosing"))}
            data-testid="signal-detail" data-signal={signal.id.to_string()} aria-label={ui.t("detail-label")}>
            <header class="detail__header">
                <div class="detail__what">
                    <h3>{ ui.t(words::event(signal.event)) }</h3>
                    <p>{ words::place(&ui.i18n, signal, &props.camera) }</p>
                </div>
                <time>{ ui.time(signal.raised_ms) }</time>
                <button class="tool" aria-label={ui.t("detail-close")} title={ui.t("detail-close")} onclick={ui.on(DeskAction::Select(None))}>{ icon(Icon::Close) }</button>
            </header>
            if view.own {
                <LoopPlayer key={signal.id.to_string()} id={signal.id} has_clip={view.has_clip} raised_ms={signal.raised_ms} {region} />
            } else {
                <p class="detail__note">{ icon(Icon::Relay) }{ ui.ta("detail-elsewhere", &[("post", props.post.clone().unwrap_or_default().into())]) }</p>
            }
            if let Some(why) = words::why(&ui.i18n, signal) {
                <p class="detail__why" data-testid="signal-why"><b>{ ui.t("detail-why") }</b>{ " " }{ why }</p>
            }
            if !choosing {
                { facts(&ui, view) }
            }
            if open && view.own {
                <Answer signal={signal.id} draft={props.draft.clone()} next={props.next} />
            } else if let SignalState::Decided(decision) = &view.state {
                <div class="verdict" data-verb={words::verb_name(decision.verb)}>
                    { icon(if decision.verb == vigie_protocol::Verb::Confirm { Icon::Check } else { Icon::Lift }) }
                    <p>
                        <b>{ ui.t(words::answered(decision.verb)) }</b>{ " · " }{ ui.t(words::reason(decision.reason)) }
                        if !decision.note.is_empty() {
                            <q>{ &decision.note }</q>
                        }
                        <small>{ ui.ta("detail-decided", &[("time", ui.time(decision.decided_ms).into()), ("took", ui.seconds(decision.took_ms as f32 / 1000.0).into())]) }</small>
                    </p>
                    if view.own {
                        <button class="button" onclick={ui.order(Command::Reopen(signal.id))}>{ icon(Icon::Undo) }{ ui.t("detail-reopen") }</button>
                    }
                </div>
            }
        </section>
    }
}

fn facts(ui: &Ui, view: &SignalView) -> Html {
    let signal = &view.signal;
    let sync = match (view.own, view.synced) {
        (true, true) => "fact-synced",
        (true, false) => "fact-unsynced",
        (false, _) => "fact-received",
    };
    let lasted = if signal.event == EventKind::ZoneIntrusion { "fact-dwell" } else { "fact-lasted" };
    html! {
        <dl class="facts">
            { fact(ui, "fact-since", None, &ui.time(signal.since_ms)) }
            { fact(ui, "fact-raised", None, &ui.time(signal.raised_ms)) }
            { fact(ui, lasted, None, &ui.ta("unit-seconds", &[("secs", ui.seconds(signal.dwell_secs).into())])) }
            { fact(ui, "fact-score", None, &ui.ta("unit-percent", &[("value", ui.number(f64::from(signal.score) * 100.0, 0).into())])) }
            { fact(ui, "fact-engine", None, &format!("{} · {}", signal.model, signal.engine)) }
            { fact(ui, "fact-record", None, &ui.t(sync)) }
        </dl>
    }
}
