//! Adding a camera: one that the relay offers, a WHEP address, a video file, a webcam.

use super::{
    context::{Ui, use_ui},
    icons::{Icon, icon},
    wall::open_offered,
};
use crate::state::{CameraSource, CameraView, Command, DeskAction, free_id, name_from_url};
use std::rc::Rc;
use vigie_protocol::sync::CameraInfo;
use wasm_bindgen::JsCast;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct AddCameraProps {
    pub(crate) offered: Vec<CameraInfo>,
    pub(crate) cameras: Vec<Rc<CameraView>>,
}

#[component]
pub(crate) fn AddCamera(props: &AddCameraProps) -> Html {
    let ui = use_ui();
    let url = use_state(String::new);
    let server_offers = use_state(|| false);
    let file_input = use_node_ref();
    let on_wall = |camera: &CameraInfo| props.cameras.iter().any(|c| c.id == camera.id);
    let offered = |camera: &CameraInfo| {
        let order = open_offered(camera);
        let open = {
            let ui = ui.clone();
            Callback::from(move |_: MouseEvent| {
                ui.send(order.clone());
                ui.act(DeskAction::Sheet(None));
            })
        };
        html! {
            <li key={camera.id.as_str()}>
                <button class="source" data-testid={format!("camera-open-{}", camera.id)} disabled={on_wall(camera)} onclick={open}>
                    { icon(Icon::Camera) }<b>{ &camera.name }</b>
                    <small>{ if on_wall(camera) { ui.t("add-open-already") } else { camera.whep.clone() } }</small>
                </button>
            </li>
        }
    };
    let typed = {
        let url = url.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                url.set(input.value());
            }
        })
    };
    let toggle = {
        let (setter, now) = (server_offers.setter(), *server_offers);
        Callback::from(move |_: Event| setter.set(!now))
    };
    let submit = {
        let (ui, cameras, url, server_offers) =
            (ui.clone(), props.cameras.clone(), (*url).trim().to_owned(), *server_offers);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !url.is_empty() {
                let name = name_from_url(&url);
                open(&ui, &cameras, &name, CameraSource::Whep { url: url.clone(), server_offers });
            }
        })
    };
    let picked = {
        let (ui, cameras) = (ui.clone(), props.cameras.clone());
        Callback::from(move |event: Event| {
            let input = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
            if let Some(file) = input.and_then(|i| i.files()).and_then(|files| files.get(0)) {
                open_file(&ui, &cameras, file);
            }
        })
    };
    let webcam = {
        let (ui, cameras) = (ui.clone(), props.cameras.clone());
        Callback::from(move |_: MouseEvent| {
            open(&ui, &cameras, &ui.t("add-webcam-name"), CameraSource::Webcam { device_id: String::new() });
        })
    };
    html! {
        <div class="add">
            if !props.offered.is_empty() {
                <section><h3>{ ui.t("add-offered") }</h3><ul class="add__list">{ for props.offered.iter().map(offered) }</ul></section>
            }
            <section>
                <h3>{ ui.t("add-whep") }</h3>
                <form class="add__form" onsubmit={submit}>
                    <label class="field field--grow"><span>{ ui.t("add-whep-url") }</span>
                        <input data-testid="add-whep-url" value={(*url).clone()} inputmode="url" autocomplete="off" spellcheck="false" placeholder="https://" oninput={typed} />
                    </label>
                    <button class="button button--primary" type="submit" data-testid="add-whep" disabled={url.trim().is_empty()}>{ icon(Icon::Link) }{ ui.t("add-open") }</button>
                    <label class="check"><input type="checkbox" data-testid="add-whep-server-offers" checked={*server_offers} onchange={toggle} /><span>{ ui.t("add-server-offers") }</span></label>
                </form>
            </section>
            <section class="add__local">
                <h3>{ ui.t("add-local") }</h3>
                <label class="source source--file">
                    { icon(Icon::File) }<b>{ ui.t("add-file") }</b><small>{ ui.t("add-file-hint") }</small>
                    <input class="visually-hidden" ref={file_input} type="file" accept="video/*" data-testid="add-file" onchange={picked} />
                </label>
                <button class="source" data-testid="add-webcam" onclick={webcam}>
                    { icon(Icon::Webcam) }<b>{ ui.t("add-webcam") }</b><small>{ ui.t("add-webcam-hint") }</small>
                </button>
            </section>
        </div>
    }
}

/// Opens a video file as a camera that repeats it.
pub(crate) fn open_file(ui: &Ui, cameras: &[Rc<CameraView>], file: web_sys::File) {
    let name = file.name();
    open(ui, cameras, &name, CameraSource::File(file));
}

fn open(ui: &Ui, cameras: &[Rc<CameraView>], name: &str, source: CameraSource) {
    let id = free_id(name, |id| cameras.iter().any(|c| c.id == *id));
    ui.send(Command::OpenCamera { id, name: name.to_owned(), source });
    ui.act(DeskAction::Sheet(None));
}
