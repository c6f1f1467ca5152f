//! The record: who did and saw what, when, in an order that cannot be changed unseen.

use super::{
    context::{Ui, use_ui},
    icons::{Icon, icon},
    shell::Names,
    topbar::no_head,
    wall::waiting,
    words,
};
use crate::{
    platform::dom,
    state::{AppState, Link, RecordRow, RelayView, SignalView, Standby, StorageView},
};
use std::{
    collections::{BTreeSet, HashMap},
    rc::Rc,
};
use vigie_protocol::{PostId, Record, Signal, SignalId};
use wasm_bindgen::JsCast;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct RecordProps {
    pub(crate) rows: Vec<Rc<RecordRow>>,
    pub(crate) signals: Vec<Rc<SignalView>>,
    pub(crate) post: Option<PostId>,
    pub(crate) storage: StorageView,
    pub(crate) relay: RelayView,
    pub(crate) names: Rc<Names>,
    /// Why there is no post yet; without one, an empty list means nothing.
    pub(crate) standby: Option<Standby>,
}

#[component]
pub(crate) fn RecordView(props: &RecordProps) -> Html {
    let ui = use_ui();
    let filter = use_state(|| None::<&'static str>);
    let present = props.rows.iter().map(|r| words::record_name(&r.record)).collect::<BTreeSet<_>>();
    let kinds = words::RECORD_TYPES.iter().filter(|(name, _)| present.contains(name)).collect::<Vec<_>>();
    let choose = {
        let (filter, kinds) = (filter.setter(), kinds.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        Callback::from(move |event: Event| {
            if let Some(select) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlSelectElement>().ok())
            {
                let index = usize::try_from(select.selected_index()).unwrap_or_default();
                filter.set(index.checked_sub(1).and_then(|i| kinds.get(i).copied()));
            }
        })
    };
    let about = places(&ui, props);
    let shown = props.rows.iter().filter(|r| filter.is_none_or(|name| name == words::record_name(&r.record)));
    html! {
        <section class="record" aria-label={ui.t("record-label")}>
            <header class="record__header">
                <h2>{ ui.t("record-label") }</h2>
                <Chain storage={props.storage.clone()} relay={props.relay.clone()} />
                <label class="field field--inline"><span>{ ui.t("record-filter") }</span>
                    <select data-testid="record-filter" onchange={choose}>
                        <option selected={filter.is_none()}>{ ui.t("record-all") }</option>
                        { for kinds.iter().map(|(name, label)| html! { <option selected={*filter == Some(*name)}>{ ui.t(label) }</option> }) }
                    </select>
                </label>
            </header>
            if let Some(standby) = props.standby {
                { waiting(&ui, standby) }
            } else if props.rows.is_empty() {
                <div class="empty"><h2>{ ui.t("record-empty") }</h2><p>{ ui.t("record-empty-text") }</p></div>
            } else {
                <div class="record__scroll" tabindex="0" role="region" aria-label={ui.t("record-label")}>
                    <table class="record__table" data-testid="record-table">
                        <thead><tr>
                            <th scope="col">{ ui.t("record-time") }</th><th scope="col">{ ui.t("record-post") }</th>
                            <th scope="col" class="is-number">{ ui.t("record-number") }</th><th scope="col">{ ui.t("record-what") }</th>
                            <th scope="col">{ ui.t("record-sync") }</th><th scope="col">{ ui.t("record-hash") }</th>
                        </tr></thead>
                        <tbody>
                            { for shown.map(|row| html! {
                                <Row key={format!("{}-{}", row.post, row.seq)} row={row.clone()} about={answered_signal(&row.record).and_then(|id| about.get(&id).cloned())} own={props.post == Some(row.post)} names={props.names.clone()} />
                            }) }
                        </tbody>
                        if props.rows.len() >= AppState::MAX_ROWS {
                            <tfoot><tr><td colspan="6">{ ui.ta("record-more", &[("count", AppState::MAX_ROWS.into())]) }</td></tr></tfoot>
                        }
                    </table>
                </div>
            }
        </section>
    }
}

/// Place and time of every signal that is known here: the answers in the record name only its identity.
fn places(ui: &Ui, props: &RecordProps) -> HashMap<SignalId, String> {
    let raised = props.rows.iter().filter_map(|row| match &row.record {
        Record::SignalRaised(signal) => Some(signal),
        _ => None,
    });
    let listed = props.signals.iter().map(|view| &view.signal);
    let said = |signal: &Signal| {
        let place = words::place(&ui.i18n, signal, &props.names.camera(&signal.camera));
        ui.ta("record-about", &[("place", place.into()), ("time", ui.time(signal.raised_ms).into())])
    };
    raised.chain(listed).map(|signal| (signal.id, said(signal))).collect()
}

/// The signal that a record is about and does not describe.
fn answered_signal(record: &Record) -> Option<SignalId> {
    match record {
        Record::SignalDecided(decision) => Some(decision.signal),
        Record::SignalShown { signal } | Record::SignalReopened { signal } => Some(*signal),
        _ => None,
    }
}

#[derive(Properties, PartialEq)]
struct ChainProps {
    storage: StorageView,
    relay: RelayView,
}

/// Where this post's chain stands.
#[component]
fn Chain(props: &ChainProps) -> Html {
    let ui = use_ui();
    let Some(head) = props.storage.head else {
        return html! { <p class="chain">{ ui.t(no_head(&props.storage)) }</p> };
    };
    let pending = props.relay.pending;
    let (class, sync) = match (props.relay.link, pending) {
        (Link::Refused, _) => ("chain--error", ui.t("relay-refused")),
        (_, 0) => ("chain--ok", ui.t("chain-acknowledged")),
        (_, count) => ("chain--wait", ui.ta("relay-pending", &[("count", count.into())])),
    };
    html! {
        <p class={classes!("chain", class)}>
            <span>{ ui.ta("chain-head", &[("seq", head.seq.into())]) }</span>
            <code>{ head.hash.to_string().chars().take(12).collect::<String>() }</code>
            <span class="chain__sync">{ sync }</span>
        </p>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    row: Rc<RecordRow>,
    /// Place and time of the signal that it is about, where the record does not say.
    about: Option<String>,
    own: bool,
    names: Rc<Names>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let ui = use_ui();
    let row = &props.row;
    let name = words::record_name(&row.record);
    let signal = match &row.record {
        Record::SignalRaised(signal) => Some(signal.id),
        other => answered_signal(other),
    };
    let verb = match &row.record {
        Record::SignalDecided(decision) => Some(words::verb_name(decision.verb)),
        _ => None,
    };
    let sentence =
        words::sentence(&ui.i18n, &row.record, &|id| props.names.camera(id), &|value, decimals| {
            ui.number(value, decimals)
        });
    let hash = row.hash.to_string();
    let short = hash.chars().take(8).collect::<String>();
    let copy = Callback::from(move |_: MouseEvent| dom::copy(&hash));
    let label = words::RECORD_TYPES
        .iter()
        .find(|(n, _)| *n == name)
        .map_or("record-type-unknown", |(_, label)| label);
    html! {
        <tr data-testid="record-row" data-type={name} data-signal={signal.map(|s| s.to_string())} data-post={row.post.to_string()}
            data-seq={row.seq.to_string()} data-acked={row.synced.to_string()} data-verb={verb}>
            <td class="record__time"><span>{ ui.day(row.at_ms) }</span>{ " " }<b>{ ui.time(row.at_ms) }</b></td>
            <td class={classes!("record__post", props.own.then_some("is-own"))}>{ props.names.post(row.post) }</td>
            <td class="is-number">{ row.seq }</td>
            <td class="record__what"><div><span class="record__kind">{ ui.t(label) }</span><span>if let Some(about) = &props.about { <b>{ about }</b>{ " – " } }{ sentence }</span></div></td>
            <td>
                <span class={classes!("sync", row.synced.then_some("sync--done"))}>
                    { icon(if row.synced { Icon::Check } else { Icon::Clock }) }{ ui.t(if row.synced { "sync-done" } else { "sync-waits" }) }
                </span>
            </td>
            <td class="record__hash">
                <button class="hash" title={ui.t("hash-copy")} aria-label={ui.ta("hash-copy-label", &[("hash", short.as_str().into())])} onclick={copy}>
                    <code>{ short }</code>{ icon(Icon::Copy) }
                </button>
            </td>
        </tr>
    }
}
