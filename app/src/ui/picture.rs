//! The picture of a camera: the runtime's video, what is painted over it, and the zone editor's pointer.

use super::{context::use_ui, zone_editor::EditLayer};
use crate::{
    platform::{dom, overlay},
    state::{CameraView, DeskAction, EditorInput, ZoneEditor},
};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct PictureProps {
    pub(crate) camera: Rc<CameraView>,
    pub(crate) editor: Option<ZoneEditor>,
    /// Where signals wait.
    pub(crate) alarms: Vec<overlay::Alarm>,
}

/// A finger is this wide, CSS pixels from the corner's middle.
const REACH_TOUCH_PX: f64 = 24.0;
/// A mouse or a pen is finer.
const REACH_MOUSE_PX: f64 = 11.0;

#[component]
pub(crate) fn Picture(props: &PictureProps) -> Html {
    let ui = use_ui();
    let (frame, canvas, layer) = (use_node_ref(), use_node_ref(), use_node_ref());
    let camera = &props.camera;
    let live = ui.orders.live(&camera.id);
    let identity = live.as_ref().map(|l| Rc::as_ptr(l) as usize);

    use_effect_with((identity, camera.id.clone()), {
        let (frame, live) = (frame.clone(), live.clone());
        move |(_, id): &(_, vigie_protocol::CameraId)| {
            if let (Some(frame), Some(live)) = (frame.cast::<web_sys::Element>(), live) {
                drop(live.video.set_attribute("data-testid", &format!("camera-video-{id}")));
                live.video.set_class_name("picture__video");
                dom::adopt(&frame, &live.video);
            }
        }
    });
    // Repaint only when there is something new: an analysis, a box to carry on, other zones, another size.
    let fixed = overlay::Fixed {
        zones: camera.zones.clone(),
        hide: props.editor.as_ref().and_then(|e| e.id),
        alarms: props.alarms.clone(),
    };
    use_effect_with((identity, fixed), {
        let (frame, canvas) = (frame.clone(), canvas.clone());
        move |(_, fixed): &(Option<usize>, overlay::Fixed)| {
            let fixed = fixed.clone();
            let mut painted = None;
            let mut shaped = (0, 0);
            let palette = canvas.cast::<web_sys::Element>().map(|c| overlay::Palette::of(&c));
            let repaint = live.map(|live| {
                dom::Repaint::each(move || {
                    let Some(canvas) = canvas.cast::<web_sys::HtmlCanvasElement>() else { return };
                    let now = live.overlay.borrow();
                    let shape = if now.picture.0 > 0 {
                        now.picture
                    } else {
                        (live.video.video_width(), live.video.video_height())
                    };
                    if shape != shaped && shape.0 > 0 && shape.1 > 0 {
                        shaped = shape;
                        if let Some(frame) = frame.cast::<web_sys::HtmlElement>() {
                            dom::set_var(
                                &frame,
                                "--aspect",
                                &format!("{:.5}", f64::from(shape.0) / f64::from(shape.1)),
                            );
                        }
                    }
                    let carry = overlay::carry_steps(&now);
                    let state = Some((now.generation, carry, canvas.client_width(), canvas.client_height()));
                    if painted != state
                        && let Some(palette) = &palette
                    {
                        painted = state;
                        overlay::paint(&canvas, palette, &now, carry, &fixed);
                    }
                })
            });
            move || drop(repaint)
        }
    });

    let editing = props.editor.is_some();
    let pointer = |make: fn(&web_sys::Element, &PointerEvent) -> EditorInput| {
        let (ui, layer) = (ui.clone(), layer.clone());
        editing.then(move || {
            Callback::from(move |event: PointerEvent| {
                if let Some(layer) = layer.cast::<web_sys::Element>()
                    && event.is_primary()
                {
                    event.prevent_default();
                    ui.act(DeskAction::Edit(make(&layer, &event)));
                }
            })
        })
    };
    html! {
        <div class={classes!("picture", editing.then_some("picture--editing"))} ref={frame.clone()}>
            <div class="picture__layer" ref={layer.clone()} data-testid={format!("camera-overlay-{}", camera.id)}
                onpointerdown={pointer(press)} onpointermove={pointer(drag)} onpointerup={pointer(release)}
                onpointercancel={pointer(|_, _| EditorInput::Interrupt)} onpointerleave={pointer(leave)}>
                <canvas class="picture__canvas" ref={canvas} aria-hidden="true"></canvas>
                if let Some(editor) = &props.editor {
                    <EditLayer editor={editor.clone()} aspect={camera.settings.aspect} />
                }
            </div>
        </div>
    }
}

fn reach_px(event: &PointerEvent) -> f64 {
    if event.pointer_type() == "touch" { REACH_TOUCH_PX } else { REACH_MOUSE_PX }
}

fn press(layer: &web_sys::Element, event: &PointerEvent) -> EditorInput {
    if event.button() != 0 {
        return EditorInput::Interrupt;
    }
    // A drag that leaves the picture goes on.
    drop(layer.set_pointer_capture(event.pointer_id()));
    let (at, reach) = dom::share_of(layer, event, reach_px(event));
    EditorInput::Press(at, reach)
}

fn drag(layer: &web_sys::Element, event: &PointerEvent) -> EditorInput {
    let (at, reach) = dom::share_of(layer, event, reach_px(event));
    EditorInput::Drag(at, reach)
}

fn release(layer: &web_sys::Element, event: &PointerEvent) -> EditorInput {
    EditorInput::Release(dom::share_of(layer, event, 0.0).0)
}

fn leave(layer: &web_sys::Element, event: &PointerEvent) -> EditorInput {
    // With the pointer captured, a drag that runs over the edge is no leaving.
    if layer.has_pointer_capture(event.pointer_id()) { drag(layer, event) } else { EditorInput::Interrupt }
}
