//! The top bar: where we are, what time it is, and whether everything works.

use super::{
    clock::Clock,
    context::{Ui, use_ui},
    engine_panel::EnginePanel,
    icons::{Icon, icon, mark},
};
use crate::{
    i18n::Lang,
    platform::dom,
    state::{
        CameraView, Command, DeskAction, EngineView, Link, RelayView, Sheet, Standby, StorageView, View,
    },
};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Under this name the browser keeps whether sound is on: the one place that says so.
const SOUND_KEY: &str = "vigie.sound";

#[derive(Properties, PartialEq)]
pub(crate) struct TopBarProps {
    pub(crate) post_name: String,
    pub(crate) relay: RelayView,
    pub(crate) engine: EngineView,
    pub(crate) storage: StorageView,
    pub(crate) cameras: Vec<Rc<CameraView>>,
    pub(crate) sound_unlocked: bool,
    pub(crate) view: View,
    pub(crate) engine_open: bool,
    /// Why there is no post yet; without one there is nothing to add a camera to.
    pub(crate) standby: Option<Standby>,
}

#[component]
pub(crate) fn TopBar(props: &TopBarProps) -> Html {
    let ui = use_ui();
    let nav = |view: View, test: &'static str, symbol: Icon, label: &str| {
        html! {
            <button class="nav__item" data-testid={test} aria-current={(props.view == view).then_some("page")} onclick={ui.on(DeskAction::Show(view))}>
                { icon(symbol) }<span>{ ui.t(label) }</span>
            </button>
        }
    };
    let lang = |lang: Lang, test: &'static str| {
        let set = ui.set_lang.clone();
        html! {
            <button class="lang__item" data-testid={test} lang={lang.tag()} aria-pressed={(ui.i18n.lang() == lang).to_string()}
                aria-label={ui.t(match lang { Lang::Fr => "lang-french", Lang::En => "lang-english" })} onclick={move |_| set.emit(lang)}>
                { lang.tag() }
            </button>
        }
    };
    html! {
        <header class="topbar">
            <div class="brand">{ mark() }<span class="brand__name">{ ui.t("brand") }</span></div>
            <PostName name={props.post_name.clone()} />
            <nav class="nav" aria-label={ui.t("nav-label")}>
                { nav(View::Live, "nav-live", Icon::Wall, "nav-live") }
                { nav(View::Record, "nav-record", Icon::Record, "nav-record") }
            </nav>
            <button class="button button--quiet topbar__add" data-testid="camera-add" aria-label={ui.t("camera-add")} title={ui.t("camera-add")} disabled={props.standby.is_some()}
                onclick={ui.on(DeskAction::Sheet(Some(Sheet::AddCamera)))}>
                { icon(Icon::Plus) }<span>{ ui.t("camera-add-short") }</span>
            </button>
            <span class="topbar__space"></span>
            { relay_chip(&ui, &props.relay) }
            <EnginePanel engine={props.engine.clone()} cameras={props.cameras.clone()} open={props.engine_open} />
            { storage_chip(&ui, &props.storage) }
            <div class="topbar__tools">
                <SoundButton unlocked={props.sound_unlocked} />
                <button class="tool topbar__keys" aria-label={ui.t("keys-title")} title={ui.t("keys-title")} aria-keyshortcuts="?"
                    onclick={ui.on(DeskAction::Sheet(Some(Sheet::Shortcuts)))}>{ icon(Icon::Keyboard) }</button>
                <div class="lang" role="group" aria-label={ui.t("lang-label")}>{ lang(Lang::Fr, "lang-fr") }{ lang(Lang::En, "lang-en") }</div>
            </div>
            <Clock />
        </header>
    }
}

fn relay_chip(ui: &Ui, relay: &RelayView) -> Html {
    let (state, label) = match relay.link {
        Link::Connecting => ("connecting", "relay-connecting"),
        Link::Online => ("online", "relay-online"),
        Link::Offline { .. } => ("offline", "relay-offline"),
        Link::Refused => ("refused", "relay-refused"),
    };
    let title = match relay.version.as_str() {
        "" => ui.t(label),
        version => ui.ta("relay-title", &[("state", ui.t(label).into()), ("version", version.into())]),
    };
    html! {
        <div class="chip" data-testid="relay-status" data-state={state} data-pending={relay.pending.to_string()} {title} role="status">
            { icon(Icon::Relay) }
            <span class="chip__text">{ ui.t(label) }</span>
            if relay.pending > 0 {
                <span class="chip__count" title={ui.ta("relay-pending", &[("count", relay.pending.into())])}>{ relay.pending }</span>
            }
        </div>
    }
}

/// What stands where this post's number of entries would.
pub(super) fn no_head(storage: &StorageView) -> &'static str {
    if storage.other_tab || storage.error.is_some() { "storage-none" } else { "storage-opening" }
}

fn storage_chip(ui: &Ui, storage: &StorageView) -> Html {
    let (state, label) = match storage {
        StorageView { other_tab: true, .. } => ("watching", "storage-other-tab"),
        StorageView { error: Some(_), head: None, .. } => ("failed", "storage-closed"),
        StorageView { error: Some(_), .. } => ("failed", "storage-failed"),
        StorageView { head: None, .. } => ("connecting", "storage-opening"),
        StorageView { persistent: false, .. } => ("fragile", "storage-fragile"),
        StorageView { .. } => ("online", "storage-ok"),
    };
    let count = storage.head.map(|head| head.seq);
    html! {
        <div class="chip" data-testid="storage-status" data-state={state} title={ui.t(label)}>
            { icon(Icon::Store) }
            <span class="chip__text">{ count.map_or_else(|| ui.t(no_head(storage)), |seq| ui.ta("storage-entries", &[("count", seq.into())])) }</span>
            <span class="visually-hidden">{ ui.t(label) }</span>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PostNameProps {
    name: String,
}

/// The post's name; a click changes it.
#[component]
fn PostName(props: &PostNameProps) -> Html {
    let ui = use_ui();
    let editing = use_state(|| false);
    let input = use_node_ref();
    use_effect_with(*editing, {
        let input = input.clone();
        move |editing: &bool| {
            if *editing && let Some(input) = input.cast::<web_sys::HtmlInputElement>() {
                drop(input.focus());
                input.select();
            }
        }
    });
    let start = {
        let editing = editing.setter();
        Callback::from(move |_: MouseEvent| editing.set(true))
    };
    let finish = {
        let (ui, editing, old) = (ui.clone(), editing.setter(), props.name.clone());
        Callback::from(move |input: Option<String>| {
            if let Some(name) = input.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty() && *n != old) {
                ui.send(Command::RenamePost(name));
            }
            editing.set(false);
        })
    };
    let typed = |event: &Event| {
        event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()).map(|i| i.value())
    };
    let on_key = {
        let finish = finish.clone();
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            match event.key().as_str() {
                "Enter" => finish.emit(typed(&event)),
                "Escape" => finish.emit(None),
                _ => {}
            }
        })
    };
    let on_blur = Callback::from(move |event: FocusEvent| finish.emit(typed(&event)));
    if *editing {
        html! { <input class="post__input" ref={input} value={props.name.clone()} maxlength="40" aria-label={ui.t("post-name")} onkeydown={on_key} onblur={on_blur} /> }
    } else {
        html! {
            <button class="post" data-testid="post-name" title={ui.t("post-rename")} onclick={start}>
                <span>{ if props.name.is_empty() { ui.t("post-unnamed") } else { props.name.clone() } }</span>
            </button>
        }
    }
}

#[derive(Properties, PartialEq)]
struct SoundProps {
    unlocked: bool,
}

/// Sound on or off; says so while the browser still waits for a first touch.
#[component]
fn SoundButton(props: &SoundProps) -> Html {
    let ui = use_ui();
    let on = use_state(|| dom::stored(SOUND_KEY).is_none_or(|kept| kept != "off"));
    use_effect_with(*on, {
        let ui = ui.clone();
        move |on: &bool| {
            dom::store(SOUND_KEY, if *on { "on" } else { "off" });
            ui.send(Command::SetSound(*on));
        }
    });
    let toggle = {
        let (setter, now) = (on.setter(), *on);
        Callback::from(move |_: MouseEvent| setter.set(!now))
    };
    let label = match (*on, props.unlocked) {
        (false, _) => "sound-off",
        (true, true) => "sound-on",
        (true, false) => "sound-locked",
    };
    html! {
        <button class={classes!("tool", (*on && !props.unlocked).then_some("is-warn"))} data-testid="sound-toggle" aria-pressed={on.to_string()}
            aria-label={ui.t(label)} title={ui.t(label)} onclick={toggle}>
            { icon(if *on { Icon::Sound } else { Icon::Mute }) }
        </button>
    }
}
