//! Drawing a zone: what is painted while drawing, and the bar with its fields.

use super::{
    context::use_ui,
    icons::{Icon, icon},
    keyboard::save_drawing,
    words,
};
use crate::state::{DeskAction, EditorInput, ZoneEditor};
use vigie_engine::Point;
use vigie_protocol::CameraId;
use wasm_bindgen::JsCast;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct EditLayerProps {
    pub(crate) editor: ZoneEditor,
}

/// Outline, rubber band and corners.
#[component]
pub(crate) fn EditLayer(props: &EditLayerProps) -> Html {
    let editor = &props.editor;
    let corners = &editor.corners;
    let path = |points: &[Point]| {
        points
            .iter()
            .map(|p| format!("{:.4},{:.4}", p.x * 1000.0, p.y * 1000.0))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let band =
        (!editor.closed).then(|| [corners.last(), editor.hover.as_ref()]).and_then(|[a, b]| Some([*a?, *b?]));
    let percent = |share: f32| format!("{:.3}%", share * 100.0);
    html! {
        <>
            <svg class="edit" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
                if editor.closed || corners.len() > 2 {
                    <polygon class={classes!("edit__area", editor.closed.then_some("edit__area--closed"))} points={path(corners)} />
                }
                <polyline class="edit__line" points={path(corners)} />
                if editor.closed && let (Some(first), Some(last)) = (corners.first(), corners.last()) {
                    <polyline class="edit__line" points={path(&[*last, *first])} />
                }
                if let Some(band) = band {
                    <polyline class="edit__band" points={path(&band)} />
                }
            </svg>
            <svg class="edit" aria-hidden="true">
                { for corners.iter().enumerate().map(|(index, p)| {
                    let class = classes!("edit__corner", editor.closes_at(index).then_some("edit__corner--close"));
                    html! {
                        <>
                            <circle class="edit__halo" cx={percent(p.x)} cy={percent(p.y)} r="12" />
                            <circle {class} cx={percent(p.x)} cy={percent(p.y)} r={if editor.closes_at(index) { "9" } else { "6" }} />
                        </>
                    }
                }) }
            </svg>
        </>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct EditBarProps {
    pub(crate) camera: CameraId,
    pub(crate) editor: ZoneEditor,
}

/// Name, dwell time, what is wrong, and what can be done.
#[component]
pub(crate) fn EditBar(props: &EditBarProps) -> Html {
    let ui = use_ui();
    let editor = &props.editor;
    let checked = editor.check();
    let message = match &checked {
        _ if editor.corners.is_empty() => ui.t("zone-hint-start"),
        Ok(_) if editor.closed => ui.t("zone-hint-ready"),
        Ok(_) => ui.t("zone-hint-close"),
        Err(problem) => words::problem(&ui.i18n, *problem),
    };
    let wrong = checked.is_err() && editor.corners.len() >= 3;
    let field = |make: fn(String) -> EditorInput| {
        let ui = ui.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                ui.act(DeskAction::Edit(make(input.value())));
            }
        })
    };
    let save = {
        let (ui, camera, editor) = (ui.clone(), props.camera.clone(), editor.clone());
        Callback::from(move |_: MouseEvent| save_drawing(&ui, &camera, &editor))
    };
    html! {
        <div class="editbar" role="group" aria-label={ui.t("zone-editor-label")}>
            <p class={classes!("editbar__hint", wrong.then_some("is-warn"))} role="status">{ message }</p>
            <div class="editbar__row">
                <label class="field field--grow">
                    <span>{ ui.t("zone-name") }</span>
                    <input data-testid="zone-name" value={editor.name.clone()} maxlength={ZoneEditor::MAX_NAME.to_string()} autocomplete="off"
                        oninput={field(EditorInput::Name)} />
                </label>
                <label class="field field--short">
                    <span>{ ui.t("zone-dwell") }</span>
                    <input data-testid="zone-dwell" value={editor.dwell.clone()} inputmode="decimal" autocomplete="off"
                        oninput={field(EditorInput::Dwell)} />
                </label>
                <button class="button button--icon" disabled={!editor.can_undo()} title={ui.t("zone-undo")} aria-label={ui.t("zone-undo")}
                    aria-keyshortcuts="Backspace" onclick={ui.on(DeskAction::Edit(EditorInput::Undo))}>{ icon(Icon::Undo) }</button>
                <button class="button" data-testid="zone-cancel" aria-keyshortcuts="Escape" onclick={ui.on(DeskAction::DropDrawing)}>{ ui.t("zone-cancel") }</button>
                <button class="button button--primary" data-testid="zone-save" disabled={checked.is_err()} aria-keyshortcuts="Enter" onclick={save}>
                    { icon(Icon::Check) }{ ui.t("zone-save") }
                </button>
            </div>
        </div>
    }
}
