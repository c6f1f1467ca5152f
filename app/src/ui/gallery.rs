//! Every component in every state, with made-up contents, for those who work on the looks. Feature `gallery`, never in a
//! shipped build: `/gallery?state=NAME`.

use super::app::{Desktop, OrdersHandle};
use super::context::Orders;
use crate::{
    platform::dom,
    post::{ClipFrame, LiveCamera, Overlay, TrackMark, ZoneMark},
    state::{
        Action, AppState, CameraStatus, CameraView, Command, Crossing, EngineStatus, EngineView, Limit, Link,
        Notice, NoticeLevel, RecordRow, RelayView, Shape, SignalState, SignalView, StorageView, ZoneView,
        situations, zones,
    },
};
use futures::{FutureExt as _, future::LocalBoxFuture};
use std::{cell::RefCell, collections::HashMap, rc::Rc};
use uuid::Uuid;
use vigie_engine::{BBox, CameraSettings, ClassGroup, Health, Point, scene::Rule};
use vigie_protocol::{
    CameraId, ChainHead, Decision, EventKind, Hash, HealthState, Measure, PostId, Reason, Record, Region,
    Signal, SignalId, Verb, ZoneId, sync::CameraInfo,
};
use vigie_worker::messages::{
    EngineKind, EngineReport, FailureCode, FlowReport, InputSize, ModelName, Stage,
};
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// The page under a fixed state, chosen by `?state=`.
#[component]
pub fn Gallery() -> Html {
    let name = dom::parameter("state").unwrap_or_else(|| "full".to_owned());
    let state = use_reducer({
        let name = name.clone();
        move || state_named(&name)
    });
    let orders = {
        let (dispatch, state) = (state.dispatcher(), (*state).clone());
        use_state(move || Rc::new(Puppet::new(dispatch, state)) as Rc<dyn Orders>)
    };
    html! { <Desktop {state} orders={OrdersHandle((*orders).clone())} /> }
}

/// A stand-in runtime: pictures from the folder `/gallery-media`, orders that change the state at once.
struct Puppet {
    dispatch: UseReducerDispatcher<AppState>,
    state: RefCell<AppState>,
    live: RefCell<HashMap<CameraId, Rc<LiveCamera>>>,
}

impl Puppet {
    fn new(dispatch: UseReducerDispatcher<AppState>, state: AppState) -> Self {
        Self { dispatch, state: RefCell::new(state), live: RefCell::default() }
    }

    fn tell(&self, action: Action) {
        crate::state::reduce(&mut self.state.borrow_mut(), action.clone());
        self.dispatch.dispatch(action);
    }

    fn change_settings(&self, id: &CameraId, change: impl FnOnce(&mut CameraSettings, &mut Vec<Rule>)) {
        self.change_camera(id, |camera| set(camera, change));
    }

    fn change_camera(&self, id: &CameraId, change: impl FnOnce(&mut CameraView)) {
        let camera = self.state.borrow().cameras.iter().find(|c| c.id == *id).map(|c| (**c).clone());
        if let Some(mut camera) = camera {
            change(&mut camera);
            self.tell(Action::CameraChanged(camera));
        }
    }
}

/// Everything that is set for a camera, and what follows from it.
fn set(camera: &mut CameraView, change: impl FnOnce(&mut CameraSettings, &mut Vec<Rule>)) {
    change(Rc::make_mut(&mut camera.settings), &mut camera.off);
    camera.zones = zones::drawn(&camera.settings);
}

impl Orders for Puppet {
    fn send(&self, command: Command) {
        match command {
            Command::OpenCamera { id, name, .. } => {
                self.tell(Action::CameraChanged(camera(id.as_str(), &name, CameraStatus::Connecting, 0)));
            }
            Command::CloseCamera(id) => self.tell(Action::CameraClosed(id)),
            Command::RetryCamera(id) => self.change_camera(&id, |c| c.status = CameraStatus::Connecting),
            Command::SaveDrawn { camera, id, drawn } => {
                let id = id.unwrap_or(ZoneId(Uuid::from_u128(u128::from(dom::now_ms().unsigned_abs()))));
                let view = ZoneView { id, name: drawn.name, shape: drawn.shape };
                self.change_settings(&camera, |settings, _| {
                    let _ = zones::put(settings, &view);
                });
            }
            Command::RemoveDrawn { camera, id } => {
                self.change_settings(&camera, |settings, _| drop(zones::take_out(settings, id)));
            }
            Command::SwitchSituation { camera, event, on } => {
                self.change_settings(&camera, |settings, off| situations::switch(settings, off, event, on));
            }
            Command::SetThreshold { camera, event, value } => {
                self.change_settings(&camera, |settings, off| {
                    situations::set_threshold(settings, off, event, value);
                });
            }
            Command::LoadSettings { camera, settings: loaded } => {
                self.change_settings(&camera, |settings, _| *settings = *loaded);
            }
            Command::Decide { signal, verb, reason, note } => self.tell(Action::SignalAnswered {
                id: signal,
                state: SignalState::Decided(Decision {
                    signal,
                    verb,
                    reason,
                    note,
                    decided_ms: dom::now_ms(),
                    took_ms: 4200,
                }),
            }),
            Command::Reopen(id) => self.tell(Action::SignalAnswered { id, state: SignalState::Open }),
            Command::Dismiss(id) => self.tell(Action::Dismissed(id)),
            Command::UnlockSound => self.tell(Action::SoundUnlocked(true)),
            Command::Shown(_)
            | Command::SetNetwork { .. }
            | Command::RenamePost(_)
            | Command::SetSound(_) => {}
        }
    }

    fn live(&self, camera: &CameraId) -> Option<Rc<LiveCamera>> {
        if let Some(live) = self.live.borrow().get(camera) {
            return Some(Rc::clone(live));
        }
        let document = web_sys::window()?.document()?;
        let video = document.create_element("video").ok()?.dyn_into::<web_sys::HtmlVideoElement>().ok()?;
        video.set_muted(true);
        video.set_loop(true);
        video.set_src(&format!("/gallery-media/{camera}.webm"));
        let live = Rc::new(LiveCamera { video, overlay: RefCell::new(overlay(camera)) });
        self.live.borrow_mut().insert(camera.clone(), Rc::clone(&live));
        Some(live)
    }

    fn clip(&self, _signal: SignalId) -> LocalBoxFuture<'static, Vec<ClipFrame>> {
        async {
            let mut frames = Vec::new();
            for index in 0..20_u8 {
                if let Some(jpeg) = fetch(&format!("/gallery-media/clip-{index:02}.jpg")).await {
                    let boxes = people().into_iter().map(|(b, _)| b).collect();
                    frames.push(ClipFrame { jpeg, at_secs: f32::from(index) * 0.25, boxes });
                }
            }
            frames
        }
        .boxed_local()
    }
}

async fn fetch(url: &str) -> Option<web_sys::Blob> {
    let bytes = gloo_net::http::Request::get(url).send().await.ok()?.binary().await.ok()?;
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice()));
    web_sys::Blob::new_with_u8_array_sequence(&parts).ok()
}

fn people() -> Vec<(BBox, bool)> {
    [
        (0.09, 0.62, 0.13, 0.80, true),
        (0.20, 0.50, 0.235, 0.66, false),
        (0.235, 0.52, 0.27, 0.68, false),
        (0.40, 0.20, 0.43, 0.34, false),
        (0.55, 0.44, 0.59, 0.61, false),
        (0.70, 0.66, 0.75, 0.88, true),
        (0.62, 0.30, 0.65, 0.44, false),
    ]
    .map(|(x0, y0, x1, y1, inside)| (BBox { x0, y0, x1, y1 }, inside))
    .into()
}

fn overlay(camera: &CameraId) -> Overlay {
    let tracks = people().into_iter().enumerate().map(|(id, (bbox, in_zone))| TrackMark {
        id: id as u64,
        bbox,
        velocity: Point::default(),
        group: if id == 6 { ClassGroup::Bag } else { ClassGroup::Person },
        score: 0.8,
        unseen_secs: if id == 4 { 1.2 } else { 0.0 },
        in_zone,
    });
    let plaza = camera.as_str() == "plaza";
    let zones = [
        ZoneMark { id: zone_id(1), dwell_share: 1.0, alarm: true },
        ZoneMark { id: zone_id(2), dwell_share: 0.6, alarm: false },
    ];
    Overlay {
        tracks: tracks.collect(),
        zones: if plaza { zones.into() } else { Vec::new() },
        picture: (640, 360),
        // Never too old to be shown.
        at_ms: f64::INFINITY,
        generation: 1,
    }
}

fn zone_id(n: u128) -> ZoneId {
    ZoneId(Uuid::from_u128(n))
}

fn camera(id: &str, name: &str, status: CameraStatus, persons: usize) -> CameraView {
    let live = status == CameraStatus::Live;
    CameraView {
        id: CameraId::new(id).expect("a fixture's name is valid"),
        name: name.to_owned(),
        source: "whep".to_owned(),
        status,
        zones: Vec::new(),
        settings: Rc::default(),
        off: Vec::new(),
        health: Health::default(),
        seen: 18_204,
        analysed: 2_911,
        dropped: 15_293,
        persons,
        analysis_age_secs: live.then_some(0.3),
    }
}

fn corners(corners: &[(f32, f32)]) -> Vec<Point> {
    corners.iter().map(|(x, y)| Point { x: *x, y: *y }).collect()
}

/// One of each kind that can be drawn.
fn drawings() -> [ZoneView; 5] {
    let forbidden =
        |points: &[(f32, f32)], dwell_secs| Shape::Forbidden { polygon: corners(points), dwell_secs };
    let shapes = [
        ("Parvis sud", forbidden(&[(0.02, 0.55), (0.16, 0.55), (0.18, 0.92), (0.02, 0.95)], 2.0)),
        ("Accès véhicules", forbidden(&[(0.62, 0.55), (0.85, 0.58), (0.85, 0.95), (0.60, 0.92)], 5.0)),
        (
            "Quai",
            Shape::Line {
                from: Point { x: 0.22, y: 0.88 },
                to: Point { x: 0.56, y: 0.80 },
                crossing: Crossing::ToLeft,
            },
        ),
        (
            "Sortie",
            Shape::Direction {
                polygon: corners(&[(0.26, 0.12), (0.48, 0.12), (0.48, 0.42), (0.26, 0.42)]),
                direction: Some(Point { x: 0.1, y: -0.2 }),
            },
        ),
        (
            "Fosse",
            Shape::Density {
                polygon: corners(&[(0.54, 0.14), (0.88, 0.14), (0.88, 0.44), (0.54, 0.44)]),
                limit: Limit::PerM2(4.0),
            },
        ),
    ];
    let mut n = 0;
    shapes.map(|(name, shape)| {
        n += 1;
        ZoneView { id: zone_id(n), name: name.to_owned(), shape }
    })
}

fn post_id(n: u128) -> PostId {
    PostId(Uuid::from_u128(n))
}

fn signal(n: u128, secs_ago: i64, zone: &str, camera: &str) -> Signal {
    let now = dom::now_ms();
    Signal {
        id: SignalId(Uuid::from_u128(n)),
        event: EventKind::ZoneIntrusion,
        camera: CameraId::new(camera).expect("a fixture's name is valid"),
        zone: Some(zone_id(1)),
        zone_name: Some(zone.to_owned()),
        since_ms: now - secs_ago * 1000 - 2300,
        raised_ms: now - secs_ago * 1000,
        score: 0.74,
        region: Region { x0: 0.09, y0: 0.62, x1: 0.13, y1: 0.80 },
        dwell_secs: 2.3,
        why: [("dwell_secs", 2.3), ("needed_secs", 2.0)]
            .map(|(name, value)| Measure { name: name.to_owned(), value })
            .into(),
        model: "efficientdet-lite0".to_owned(),
        engine: "cpu".to_owned(),
        software: "0.1.0".to_owned(),
    }
}

fn view(signal: Signal, own: bool, state: SignalState) -> Rc<SignalView> {
    Rc::new(SignalView {
        signal,
        post: post_id(if own { 1 } else { 2 }),
        own,
        state,
        has_clip: own,
        synced: true,
    })
}

fn decided(signal: &Signal, verb: Verb, reason: Reason, note: &str) -> SignalState {
    SignalState::Decided(Decision {
        signal: signal.id,
        verb,
        reason,
        note: note.to_owned(),
        decided_ms: signal.raised_ms + 6100,
        took_ms: 5400,
    })
}

fn report(software_gpu: bool) -> EngineReport {
    EngineReport {
        engine: if software_gpu { EngineKind::WebGpu } else { EngineKind::Cpu },
        adapter: if software_gpu { "Google SwiftShader" } else { "wasm relaxed-simd" }.to_owned(),
        software_gpu,
        model: ModelName::Lite0,
        input: InputSize { width: 640, height: 384 },
        selftest_deviation: 0.0012,
        selftest_tolerance: 0.02,
        selftest_ms: 184.0,
        flow: FlowReport::Page,
    }
}

fn rows() -> Vec<Rc<RecordRow>> {
    let now = dom::now_ms();
    let plaza = CameraId::new("plaza").expect("a fixture's name is valid");
    let raised = signal(900, 60, "Parvis sud", "plaza");
    let SignalState::Decided(decision) =
        decided(&raised, Verb::LiftDoubt, Reason::Other, "agent de nettoyage")
    else {
        return Vec::new();
    };
    let records = [
        Record::SignalDecided(decision),
        Record::SignalShown { signal: raised.id },
        Record::SignalRaised(raised.clone()),
        Record::CameraRestored { camera: plaza.clone(), blind_secs: 7.4 },
        Record::CameraLost { camera: plaza.clone(), cause: "stalled".to_owned() },
        Record::ZoneSaved {
            zone: zone_id(1),
            camera: plaza.clone(),
            name: "Parvis sud".to_owned(),
            polygon: Vec::new(),
            dwell_secs: 2.0,
        },
        Record::RuleSaved {
            camera: plaza.clone(),
            event: EventKind::ZoneIntrusion,
            zone: Some(zone_id(3)),
            name: "Quai".to_owned(),
            settings: String::new(),
        },
        Record::RuleRemoved {
            camera: plaza.clone(),
            event: EventKind::Weapon,
            zone: None,
            name: String::new(),
        },
        Record::SettingsLoaded { camera: plaza.clone(), zones: 2, rules: 7, calibrated: false },
        Record::SignalVetoed {
            camera: plaza.clone(),
            event: EventKind::AbandonedObject,
            zone: None,
            zone_name: None,
            veto: "reflection".to_owned(),
            score: 0.4,
            region: raised.region,
            unwritten: 12,
        },
        Record::HealthBegan { camera: plaza.clone(), state: HealthState::Moved },
        Record::HealthEnded { camera: plaza.clone(), state: HealthState::LowLight, secs: 412.0 },
        Record::CameraOpened { camera: plaza, source: "whep".to_owned() },
        Record::EngineReady {
            engine: "cpu".to_owned(),
            adapter: "wasm relaxed-simd".to_owned(),
            model: "efficientdet-lite0".to_owned(),
            selftest_deviation: 0.0012,
            flow: String::new(),
            fallback_reason: "no adapter".to_owned(),
        },
        Record::PostStarted { software: "0.1.0".to_owned(), name: "Salle 2 – pupitre A".to_owned() },
        Record::PostStarted { software: "0.1.0".to_owned(), name: "PC sécurité stade".to_owned() },
    ];
    let count = records.len() as u64;
    let row = |(index, record): (usize, Record)| {
        let seq = count - index as u64;
        let post = post_id(if index == 15 { 2 } else { 1 });
        Rc::new(RecordRow {
            post,
            seq,
            at_ms: now - index as i64 * 13_000,
            record,
            hash: Hash([(seq * 37) as u8; 32]),
            synced: index > 1,
        })
    };
    records.into_iter().enumerate().map(row).collect()
}

#[expect(clippy::too_many_lines, reason = "a list of fixtures, one after the other")]
fn state_named(name: &str) -> AppState {
    let mut state = AppState {
        post: Some(post_id(1)),
        post_name: "Salle 2 – pupitre A".to_owned(),
        offered: ["plaza", "crowd"]
            .map(|id| CameraInfo {
                id: CameraId::new(id).expect("a fixture's name is valid"),
                name: if id == "plaza" { "Place centrale" } else { "Fan-zone, entrée" }.to_owned(),
                whep: format!("/whep/{id}"),
                loop_ms: Some(13_640),
            })
            .into(),
        engine: EngineView {
            status: EngineStatus::Ready(report(false)),
            p50_ms: Some(61.4),
            p95_ms: Some(83.0),
            rate: 11.2,
            ..EngineView::default()
        },
        relay: RelayView {
            link: Link::Online,
            demo: true,
            version: "0.1.0".to_owned(),
            ..RelayView::default()
        },
        storage: StorageView {
            head: Some(ChainHead { seq: 128, hash: Hash([0xa7; 32]) }),
            persistent: true,
            ..StorageView::default()
        },
        record: rows(),
        ..AppState::default()
    };
    let mut plaza = camera("plaza", "Place centrale", CameraStatus::Live, 14);
    set(&mut plaza, |settings, off| {
        for drawing in drawings() {
            // A fixture fits.
            let _ = zones::put(settings, &drawing);
        }
        situations::switch(settings, off, EventKind::Weapon, false);
    });
    let mut crowd = camera("crowd", "Fan-zone, entrée", CameraStatus::Live, 31);
    let open = |n: u128, ago: i64| view(signal(n, ago, "Parvis sud", "plaza"), true, SignalState::Open);
    let old = signal(4, 340, "Accès véhicules", "plaza");
    let signals = vec![
        open(1, 8),
        open(2, 41),
        view(signal(3, 95, "Tribune nord", "stade-3"), false, SignalState::Open),
        view(old.clone(), true, decided(&old, Verb::Confirm, Reason::TeamSent, "")),
        {
            let s = signal(5, 500, "Parvis sud", "plaza");
            let answer = decided(&s, Verb::LiftDoubt, Reason::Other, "agent de nettoyage");
            view(s, true, answer)
        },
    ];
    match name {
        "empty" => {
            state.engine.status =
                EngineStatus::Starting { stage: Some(Stage::Download), progress: Some(0.62) }
        }
        "one" => {
            state.cameras = vec![Rc::new(plaza)];
        }
        "two" => {
            state.cameras = vec![Rc::new(plaza), Rc::new(crowd)];
            state.signals = signals;
        }
        "trouble" => {
            let lost = CameraStatus::Reconnecting {
                attempt: 4,
                next_in_secs: 7.6,
                cause: "POST /whep/crowd: 503 Service Unavailable".to_owned(),
            };
            state.cameras = vec![
                Rc::new(camera("plaza", "Place centrale", CameraStatus::Stalled { secs: 12.4 }, 0)),
                Rc::new(camera("crowd", "Fan-zone, entrée", lost, 0)),
                Rc::new(camera("gate", "Porte nord", CameraStatus::Connecting, 0)),
                Rc::new(camera("file-webm", "film.webm", CameraStatus::Ended { cause: None }, 0)),
            ];
            state.signals = signals;
            state.relay = RelayView {
                link: Link::Offline { since_ms: dom::now_ms() - 754_000 },
                pending: 17,
                demo: true,
                ..RelayView::default()
            };
            state.engine.status = EngineStatus::Ready(report(true));
            state.engine.fallback =
                Some((FailureCode::SelfTest, "largest deviation 0.31 at conv 14".to_owned()));
            state.notices = vec![Notice {
                id: 1,
                level: NoticeLevel::Warning,
                message: "notice-webcam-refused",
                args: Vec::new(),
            }];
        }
        "health" => {
            crowd.health = Health { blind: true, ..Health::default() };
            plaza.health = Health { low_light: true, blurred: true, ..Health::default() };
            let mut moved = camera("gate", "Porte nord", CameraStatus::Live, 3);
            moved.health.moved = true;
            let mut frozen = camera("yard", "Cour logistique", CameraStatus::Live, 0);
            frozen.health = Health { frozen: true, in_motion: true, ..Health::default() };
            state.cameras = [plaza, crowd, moved, frozen].map(Rc::new).into();
        }
        "failed" => {
            state.cameras = vec![Rc::new(plaza)];
            state.engine.status = EngineStatus::Failed {
                code: FailureCode::ModelMissing,
                message: "GET /models/manifest.json: 404".to_owned(),
            };
            state.relay = RelayView {
                link: Link::Refused,
                pending: 3,
                refusal: Some("entry 12 differs".to_owned()),
                ..RelayView::default()
            };
            state.storage.error = Some("QuotaExceededError".to_owned());
            state.storage.other_tab = true;
        }
        _ => {
            state.cameras = vec![
                Rc::new(plaza),
                Rc::new(crowd),
                Rc::new(camera("gate", "Porte nord", CameraStatus::Live, 3)),
                Rc::new(camera("yard", "Cour logistique", CameraStatus::Live, 0)),
            ];
            state.signals = signals;
        }
    }
    state
}
