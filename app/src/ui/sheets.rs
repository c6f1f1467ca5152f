//! Sheets over the page.

use super::{
    context::use_ui,
    icons::{Icon, icon},
    situations::Situations,
    sources::AddCamera,
};
use crate::{
    platform::dom,
    state::{CameraView, DeskAction, SHEET, Sheet},
};
use std::rc::Rc;
use vigie_protocol::sync::CameraInfo;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct SheetsProps {
    pub(crate) open: Option<Sheet>,
    pub(crate) offered: Vec<CameraInfo>,
    pub(crate) cameras: Vec<Rc<CameraView>>,
}

#[component]
pub(crate) fn Sheets(props: &SheetsProps) -> Html {
    let ui = use_ui();
    match &props.open {
        None => Html::default(),
        Some(Sheet::AddCamera) => html! {
            <Frame title={ui.t("add-title")}><AddCamera offered={props.offered.clone()} cameras={props.cameras.clone()} /></Frame>
        },
        Some(Sheet::Situations(id)) => match props.cameras.iter().find(|camera| camera.id == *id) {
            Some(camera) => html! {
                <Frame title={ui.ta("situations-title", &[("camera", camera.name.as_str().into())])}><Situations camera={camera.clone()} /></Frame>
            },
            None => Html::default(),
        },
        Some(Sheet::Shortcuts) => html! {
            <Frame title={ui.t("keys-title")}>
                <dl class="keys">
                    { for SHEET.iter().map(|(keys, text)| html! {
                        <div class="keys__line">
                            <dt>{ for keys.iter().enumerate().map(|(i, key)| html! { <>{ if i > 0 { if *text == "keys-reason" { "–" } else { " " } } else { "" } }<kbd>{ if key.starts_with("key-") { ui.t(key) } else { (*key).to_owned() } }</kbd></> }) }</dt>
                            <dd>{ ui.t(text) }</dd>
                        </div>
                    }) }
                </dl>
            </Frame>
        },
    }
}

#[derive(Properties, PartialEq)]
struct FrameProps {
    title: String,
    children: Html,
}

/// A dialog: the browser keeps the focus inside and closes it on Escape.
#[component]
fn Frame(props: &FrameProps) -> Html {
    let ui = use_ui();
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            let dialog = node.cast::<web_sys::Element>();
            if let Some(dialog) = &dialog {
                dom::open_dialog(dialog);
            }
            // However it goes: closed before it leaves the page, it gives the focus back.
            move || {
                if let Some(dialog) = &dialog {
                    dom::close_dialog(dialog);
                }
            }
        }
    });
    let close = {
        let node = node.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = node.cast::<web_sys::Element>() {
                dom::close_dialog(&dialog);
            }
        })
    };
    html! {
        <dialog class="sheet" ref={node} aria-label={props.title.clone()} onclose={ui.on::<Event>(DeskAction::Sheet(None))}>
            <header class="sheet__header">
                <h2>{ &props.title }</h2>
                <button class="tool" aria-label={ui.t("close")} title={ui.t("close")} onclick={close}>{ icon(Icon::Close) }</button>
            </header>
            <div class="sheet__body">{ props.children.clone() }</div>
        </dialog>
    }
}
