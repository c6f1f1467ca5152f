//! What silence means: whether this post is at work at all, and whether a signal could come in.

use super::{
    situations::any_on,
    view::{AppState, CameraStatus, CameraView, EngineStatus},
};

use vigie_engine::Health;
use vigie_protocol::HealthState;

/// Why this tab is no post yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standby {
    /// Another tab of this browser is the post.
    OtherTab,
    /// The journal does not open; nothing starts without it.
    JournalClosed,
    /// The journal is being opened.
    Opening,
}

/// What it means that no signal comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// This tab is no post yet.
    Standby(Standby),
    /// Nothing is being analysed.
    Blind,
    /// Pictures are analysed, but on no camera that is live is anything watched for.
    NoZone,
    /// Something is watched for: silence is calm.
    Watching,
}

impl AppState {
    /// Why there is no post yet; `None` once there is.
    #[must_use]
    pub fn standby(&self) -> Option<Standby> {
        match (self.post, self.storage.other_tab, &self.storage.error) {
            (Some(_), ..) => None,
            (None, true, _) => Some(Standby::OtherTab),
            (None, false, Some(_)) => Some(Standby::JournalClosed),
            (None, false, None) => Some(Standby::Opening),
        }
    }

    /// What silence means now.
    #[must_use]
    pub fn watch(&self) -> Watch {
        if let Some(standby) = self.standby() {
            return Watch::Standby(standby);
        }
        let mut fresh = self.cameras.iter().filter(|camera| camera.is_fresh()).peekable();
        if !matches!(self.engine.status, EngineStatus::Ready(_)) || fresh.peek().is_none() {
            Watch::Blind
        } else if fresh.any(|camera| any_on(&camera.settings)) {
            Watch::Watching
        } else if self.cameras.iter().any(|c| c.status == CameraStatus::Live && any_on(&c.settings)) {
            // Something is to be watched for, on a live picture that is not analysed.
            Watch::Blind
        } else {
            Watch::NoZone
        }
    }
}

impl CameraView {
    /// An analysis older than this says nothing of the picture any more, seconds: nobody is followed over such a gap.
    pub const FRESH_SECS: f32 = vigie_engine::analysis::TRACK_GAP_SECS;

    /// What is the matter with its picture, the gravest first.
    #[must_use]
    pub fn health_states(&self) -> Vec<HealthState> {
        HealthState::ALL.into_iter().filter(|state| holds(self.health, *state)).collect()
    }

    /// Pictures arrive and are analysed: what was found belongs to what is seen.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.status == CameraStatus::Live && self.analysis_age_secs.is_some_and(|age| age <= Self::FRESH_SECS)
    }
}

/// Whether a state of health holds.
#[must_use]
pub fn holds(health: Health, state: HealthState) -> bool {
    match state {
        HealthState::Blind => health.blind,
        HealthState::Blurred => health.blurred,
        HealthState::Frozen => health.frozen,
        HealthState::Moved => health.moved,
        HealthState::LowLight => health.low_light,
        HealthState::InMotion => health.in_motion,
    }
}

#[cfg(test)]
mod tests {
    use super::{AppState, CameraStatus, CameraView, EngineStatus, Standby, Watch};
    use crate::state::{StorageView, zones::drawn};
    use std::rc::Rc;
    use vigie_engine::{
        CameraSettings, Health, Point, Polygon, Zone,
        network::{InputSize, ModelName},
        scene::Rule,
    };
    use vigie_protocol::{CameraId, PostId, ZoneId};
    use vigie_worker::messages::{EngineKind, EngineReport, FlowReport};

    fn camera(status: CameraStatus, age: Option<f32>, zones: usize) -> Rc<CameraView> {
        let corners = [(0.1, 0.1), (0.9, 0.1), (0.5, 0.9)].map(|(x, y)| Point { x, y });
        let zone = Zone::new(ZoneId(uuid::Uuid::nil()), "Gate", Polygon::new(corners).unwrap());
        let settings =
            CameraSettings { zones: vec![zone; zones], rules: Vec::new(), ..CameraSettings::default() };
        Rc::new(CameraView {
            id: CameraId::new("plaza").unwrap(),
            name: "Plaza".into(),
            source: "whep".into(),
            status,
            zones: drawn(&settings),
            settings: Rc::new(settings),
            off: Vec::new(),
            health: Health::default(),
            seen: 0,
            analysed: 0,
            dropped: 0,
            persons: 0,
            analysis_age_secs: age,
        })
    }

    fn post_with(cameras: Vec<Rc<CameraView>>) -> AppState {
        let mut state = AppState { post: Some(PostId(uuid::Uuid::nil())), cameras, ..AppState::default() };
        state.engine.status = EngineStatus::Ready(EngineReport {
            engine: EngineKind::Cpu,
            adapter: String::new(),
            software_gpu: false,
            model: ModelName::Lite0,
            input: InputSize { width: 640, height: 384 },
            selftest_deviation: 0.0,
            selftest_tolerance: 0.02,
            selftest_ms: 100.0,
            flow: FlowReport::Page,
        });
        state
    }

    #[test]
    fn a_tab_without_a_post_says_why() {
        let mut state = AppState::default();
        assert_eq!(state.standby(), Some(Standby::Opening));
        state.storage.error = Some("QuotaExceededError".into());
        assert_eq!(state.watch(), Watch::Standby(Standby::JournalClosed));
        state.storage = StorageView { other_tab: true, ..StorageView::default() };
        assert_eq!(state.standby(), Some(Standby::OtherTab));
        state.post = Some(PostId(uuid::Uuid::nil()));
        state.storage.error = Some("QuotaExceededError".into());
        assert_eq!(state.standby(), None, "a post whose journal fails is still at work");
    }

    #[test]
    fn silence_is_calm_only_where_a_zone_is_watched() {
        let live = || CameraStatus::Live;
        let watch = |cameras| post_with(cameras).watch();
        assert_eq!(watch(Vec::new()), Watch::Blind);
        assert_eq!(watch(vec![camera(CameraStatus::Connecting, None, 1)]), Watch::Blind);
        assert_eq!(watch(vec![camera(live(), None, 1)]), Watch::Blind, "not analysed yet");
        assert_eq!(watch(vec![camera(live(), Some(3.1), 1)]), Watch::Blind, "the engine hangs");
        assert_eq!(watch(vec![camera(live(), Some(0.2), 0)]), Watch::NoZone);
        let stalled = camera(CameraStatus::Stalled { secs: 9.0 }, Some(0.2), 1);
        assert_eq!(watch(vec![camera(live(), Some(0.2), 0), stalled]), Watch::NoZone);
        let late = camera(live(), Some(9.0), 1);
        assert_eq!(watch(vec![camera(live(), Some(0.2), 0), late]), Watch::Blind);
        assert_eq!(watch(vec![camera(live(), Some(0.2), 1)]), Watch::Watching);
        let mut switched = CameraView::clone(&camera(live(), Some(0.2), 0));
        switched.settings =
            Rc::new(CameraSettings { rules: Rule::without_drawing(), ..CameraSettings::default() });
        assert_eq!(watch(vec![Rc::new(switched)]), Watch::Watching, "not every situation needs a zone");
        let mut idle = post_with(vec![camera(live(), Some(0.2), 1)]);
        idle.engine.status = EngineStatus::Idle;
        assert_eq!(idle.watch(), Watch::Blind);
    }
}
