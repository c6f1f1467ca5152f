//! The line under a picture: what is drawn on it, to change or remove.

use super::{
    context::use_ui,
    icons::{Icon, icon},
    keyboard::start_drawing,
    words,
};
use crate::state::{CameraView, Command, DeskAction, Kind, ZoneEditor, ZoneView};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct ZoneLineProps {
    pub(crate) camera: Rc<CameraView>,
}

#[component]
pub(crate) fn ZoneLine(props: &ZoneLineProps) -> Html {
    let ui = use_ui();
    let camera = &props.camera;
    let item = |zone: &ZoneView| {
        let change = ui.on(DeskAction::Draw(
            camera.id.clone(),
            Box::new(ZoneEditor::of(zone, |value| ui.i18n.exact(value))),
        ));
        let remove = {
            let (ui, camera, zone) = (ui.clone(), camera.id.clone(), zone.clone());
            Callback::from(move |_: MouseEvent| {
                ui.send(Command::RemoveDrawn { camera: camera.clone(), id: zone.id });
                ui.act(DeskAction::ZoneRemoved(camera.clone(), zone.clone()));
            })
        };
        let named = |id: &str| ui.ta(id, &[("name", zone.name.as_str().into())]);
        html! {
            <li key={zone.id.to_string()} class="zone" data-testid="zone-item" data-zone={zone.id.to_string()} data-camera={camera.id.to_string()}
                data-kind={words::kind_name(zone.shape.kind())}>
                <button class="zone__name" aria-label={named("zone-change")} title={named("zone-change")} onclick={change}>
                    { icon(words::kind_icon(zone.shape.kind())) }<span>{ &zone.name }</span>
                    <small>{ words::figure(&ui.i18n, &zone.shape) }</small>
                </button>
                <button class="zone__remove" data-testid="zone-delete" aria-label={named("zone-remove")} title={named("zone-remove")} onclick={remove}>
                    { icon(Icon::Close) }
                </button>
            </li>
        }
    };
    let draw = {
        let (ui, camera) = (ui.clone(), Rc::clone(camera));
        Callback::from(move |_: MouseEvent| start_drawing(&ui, &camera, Kind::default()))
    };
    html! {
        <footer class="zones">
            <ul class="zones__list" aria-label={ui.t("zones-label")}>{ for camera.zones.iter().map(item) }</ul>
            <button class="zones__add" onclick={draw}>
                { icon(Icon::Plus) }
                { if camera.zones.is_empty() { ui.t("zones-first") } else { ui.t("zones-more") } }
            </button>
        </footer>
    }
}
