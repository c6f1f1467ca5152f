//! The loop of a signal: the pictures of the seconds before, over and over, with what the engine saw.

use super::{
    context::use_ui,
    icons::{Icon, icon},
};
use crate::{
    platform::{dom, overlay},
    post::ClipFrame,
};
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use vigie_engine::BBox;
use vigie_protocol::SignalId;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct LoopPlayerProps {
    pub(crate) id: SignalId,
    pub(crate) has_clip: bool,
    /// When the signal was raised, milliseconds since the Unix epoch.
    pub(crate) raised_ms: i64,
    /// Where the rule fired.
    pub(crate) region: BBox,
}

/// A loop that is not stored so long after its signal was never taken, milliseconds.
const LATE_MS: i64 = 10_000;

/// The decoded loop.
struct Loop {
    frames: Vec<(dom::Picture, ClipFrame)>,
}

impl Loop {
    /// How long the last picture stands before the loop starts again, seconds.
    const LAST_SECS: f32 = 0.8;

    async fn decode(frames: Vec<ClipFrame>) -> Option<Self> {
        let decoding =
            frames.into_iter().map(|frame| async { Some((dom::Picture::decode(&frame.jpeg).await?, frame)) });
        let decoded = futures::future::join_all(decoding).await.into_iter().flatten().collect::<Vec<_>>();
        (!decoded.is_empty()).then_some(Self { frames: decoded })
    }

    fn secs(&self) -> f32 {
        self.frames.last().map_or(0.0, |(_, f)| f.at_secs) + Self::LAST_SECS
    }

    /// The picture that stands at a time, seconds from the start; it goes round.
    fn at(&self, secs: f32) -> usize {
        let within = secs.rem_euclid(self.secs());
        self.frames.iter().rposition(|(_, f)| f.at_secs <= within).unwrap_or(0)
    }
}

enum Load {
    Waiting,
    Missing,
    Ready(Rc<Loop>),
}

#[component]
pub(crate) fn LoopPlayer(props: &LoopPlayerProps) -> Html {
    let ui = use_ui();
    let canvas = use_node_ref();
    let load = use_state(|| Load::Waiting);
    let playing = use_state(|| true);
    let shown = use_state(|| 0_usize);

    use_effect_with((props.id, props.has_clip), {
        let (load, ui) = (load.setter(), ui.clone());
        move |(id, has_clip): &(SignalId, bool)| {
            if *has_clip {
                let clip = ui.orders.clip(*id);
                dom::spawn(async move {
                    load.set(match Loop::decode(clip.await).await {
                        Some(frames) => Load::Ready(Rc::new(frames)),
                        None => Load::Missing,
                    });
                });
            }
        }
    });
    let late = use_state(|| false);
    use_effect_with((props.raised_ms, props.has_clip), {
        let late = late.setter();
        move |(raised_ms, has_clip): &(i64, bool)| {
            let left = (raised_ms + LATE_MS - dom::now_ms()).clamp(0, LATE_MS) as u32;
            let timer = (!*has_clip).then(|| Timeout::new(left, move || late.set(true)));
            move || drop(timer)
        }
    });
    let ready = match &*load {
        Load::Ready(frames) => Some(Rc::clone(frames)),
        Load::Waiting | Load::Missing => None,
    };
    let identity = ready.as_ref().map(|l| Rc::as_ptr(l) as usize);
    // While playing, the clock chooses the picture; paused, the buttons do.
    use_effect_with((identity, *playing), {
        let (ready, shown, from) = (ready.clone(), shown.setter(), *shown);
        move |(_, playing): &(_, bool)| {
            let repaint = ready.filter(|_| *playing).map(|frames| {
                let offset = frames.frames.get(from).map_or(0.0, |(_, f)| f.at_secs);
                let start = dom::now_ms();
                let mut last = from;
                dom::Repaint::each(move || {
                    let now = frames.at(offset + (dom::now_ms() - start) as f32 / 1000.0);
                    if now != last {
                        last = now;
                        shown.set(now);
                    }
                })
            });
            move || drop(repaint)
        }
    });
    use_effect_with((identity, *shown), {
        let (canvas, ready, region) = (canvas.clone(), ready.clone(), props.region);
        move |(_, shown): &(_, usize)| {
            if let (Some(canvas), Some(frames)) = (canvas.cast::<web_sys::HtmlCanvasElement>(), ready)
                && let Some((picture, frame)) = frames.frames.get(*shown)
            {
                let aspect = f64::from(picture.image.natural_width().max(1))
                    / f64::from(picture.image.natural_height().max(1));
                dom::set_var(&canvas, "--aspect", &format!("{aspect:.5}"));
                overlay::paint_still(
                    &canvas,
                    &overlay::Palette::of(&canvas),
                    &picture.image,
                    &frame.boxes,
                    region,
                );
            }
        }
    });

    let count = ready.as_ref().map_or(0, |l| l.frames.len());
    let step = |by: isize| {
        let (playing, shown, now) = (playing.setter(), shown.setter(), *shown);
        Callback::from(move |_: MouseEvent| {
            playing.set(false);
            shown.set((now as isize + by).rem_euclid(count.max(1) as isize) as usize);
        })
    };
    let toggle = {
        let (playing, now) = (playing.setter(), *playing);
        Callback::from(move |_: MouseEvent| playing.set(!now))
    };
    let missing = match (&*load, props.has_clip) {
        (Load::Waiting, true) => "loop-loading",
        (Load::Waiting, false) if !*late => "loop-missing",
        _ => "loop-none",
    };
    let (label, symbol) = if *playing { ("loop-pause", Icon::Pause) } else { ("loop-play", Icon::Play) };
    let before = ready.as_ref().and_then(|l| {
        let end = l.frames.last()?.1.at_secs;
        Some(end - l.frames.get(*shown)?.1.at_secs)
    });
    html! {
        <figure class="loop" data-testid="signal-loop" data-frames={count.to_string()}>
            if ready.is_some() {
                <canvas class="loop__picture" ref={canvas} role="img" aria-label={ui.t("loop-label")}></canvas>
                <div class="loop__bar">
                    <button class="tool" aria-label={ui.t("loop-back")} title={ui.t("loop-back")} onclick={step(-1)}>{ icon(Icon::Backwards) }</button>
                    <button class="tool" aria-label={ui.t(label)} title={ui.t(label)} onclick={toggle}>{ icon(symbol) }</button>
                    <button class="tool" aria-label={ui.t("loop-on")} title={ui.t("loop-on")} onclick={step(1)}>{ icon(Icon::Forwards) }</button>
                    <progress class="loop__progress" value={(*shown + 1).to_string()} max={count.max(1).to_string()} aria-hidden="true"></progress>
                    <span class="loop__time">{ ui.ta("loop-before", &[("secs", ui.number(f64::from(before.unwrap_or(0.0)), 1).into())]) }</span>
                </div>
            } else {
                <div class="loop__none">
                    { icon(Icon::NoPicture) }
                    <p>{ ui.t(missing) }</p>
                </div>
            }
        </figure>
    }
}
