//! One network at one input size, from its weights to the boxes of a frame.

use super::{
    OpenDevice,
    canvas::{Canvas, Cut},
    download,
    flow::{self, DeviceFlow},
    frame::Frame,
    port::{self, Fault},
};
use crate::messages::{
    Drill, EngineKind, EngineReport, FailureCode, FromWorker, InputSize, LumaSize, ModelName, Stage, Timing,
};
use js_sys::{Float32Array, Uint8Array};
use vigie_engine::detector::{
    BurnDetector, CLASSES_IN_USE, Detector, DetectorError, Frame as Pixels, preprocess::Letterbox,
    selftest::self_test,
};
use vigie_engine::{BBox, Luma, luma};

/// What to start, as the page's message says it.
pub(crate) struct Order {
    pub(crate) model: ModelName,
    pub(crate) url: String,
    pub(crate) sha256: String,
    pub(crate) input: InputSize,
    pub(crate) drill: Option<Drill>,
    pub(crate) flow: bool,
}

/// What the page wants of a frame.
pub(crate) struct Asked {
    /// Boxes under this score are not reported.
    pub(crate) min_score: f32,
    /// The part to look at, in shares of the frame; all of it where there is none.
    pub(crate) part: Option<BBox>,
    /// The camera's grey picture before this one, for the flow between the two.
    pub(crate) last_grey: Option<Vec<u8>>,
}

/// The answer to a frame, and what goes with it.
pub(crate) struct Analysed {
    pub(crate) message: FromWorker,
    pub(crate) grey: Uint8Array,
    pub(crate) flow: Option<Float32Array>,
}

/// A network that passed its self-test.
pub(crate) struct Session {
    detector: BurnDetector,
    canvas: Canvas,
    /// Measures motion on the device, where it is asked to and can.
    flow: Option<Box<dyn DeviceFlow>>,
    /// The grey picture under way; kept, so that it is allocated once.
    grey: Vec<u8>,
    /// Frames that may still be analysed, in a drill.
    frames_left: Option<u32>,
}

impl Session {
    /// Fetches, loads, tests; tells the page how far it is.
    pub(crate) async fn start(
        order: &Order,
        engine: EngineKind,
        on: &OpenDevice,
        flow: Option<Result<Box<dyn DeviceFlow>, String>>,
    ) -> Result<(Self, EngineReport), Fault> {
        let tell = |stage, done| port::post(&FromWorker::Progress { stage, done, total: 1.0 });

        let bytes = download::weights(&order.url, &order.sha256).await?;
        tell(Stage::Load, 0.0);
        let mut detector =
            BurnDetector::from_bpk(bytes, order.model, order.input, &CLASSES_IN_USE, &on.device)
                .map_err(fault)?;
        if order.drill == Some(Drill::WrongKernel) {
            detector = detector.with_silent_channel(0);
        }
        tell(Stage::Load, 1.0);

        tell(Stage::SelfTest, 0.0);
        let before = port::now_ms();
        let outcome = self_test(&mut detector, order.model).await.map_err(fault)?;
        let selftest_ms = port::now_ms() - before;
        if !outcome.passes() {
            return Err(Fault::new(
                FailureCode::SelfTest,
                format!(
                    "{}: the reference picture gives results that are off by {}, accepted is {}",
                    on.adapter, outcome.deviation, outcome.tolerance
                ),
            ));
        }
        let (flow, flow_report) = flow::tested(flow, port::now_ms).await;
        tell(Stage::SelfTest, 1.0);

        let frames_left = match order.drill {
            Some(Drill::FailAfter(frames)) => Some(frames),
            _ => None,
        };
        let report = EngineReport {
            engine,
            adapter: on.adapter.clone(),
            software_gpu: on.software_gpu,
            model: order.model,
            input: order.input,
            selftest_deviation: outcome.deviation,
            selftest_tolerance: outcome.tolerance,
            selftest_ms,
            flow: flow_report,
        };
        Ok((Self { detector, canvas: Canvas::new()?, flow, grey: Vec::new(), frames_left }, report))
    }

    /// Uses another input size from the next frame on.
    pub(crate) fn resize(&mut self, input: InputSize) -> Result<(), Fault> {
        self.detector.set_input(input).map_err(fault)
    }

    /// Finds things in a frame or a part of it, which is closed as soon as its pixels are out of it.
    pub(crate) async fn analyse(&mut self, job: u32, asked: Asked, frame: Frame) -> Result<Analysed, Fault> {
        let Asked { min_score, part, last_grey } = asked;
        if let Some(left) = &mut self.frames_left {
            *left = left
                .checked_sub(1)
                .ok_or_else(|| Fault::new(FailureCode::Internal, "drill: told to fail at this frame"))?;
        }

        let started = port::now_ms();
        let [frame_width, frame_height] = frame.size()?;
        let cut = Cut::of(part, [frame_width, frame_height]);
        let [width, height] = drawn_size(cut.width, cut.height, self.detector.input());
        let rgba = self.canvas.pixels(&frame, cut, width, height)?;
        drop(frame);
        let ingested = port::now_ms();

        let (luma, grey) = match part {
            None => self.grey_picture(&rgba, [frame_width, frame_height], [width, height])?,
            Some(_) => (LumaSize::default(), Uint8Array::new_with_length(0)),
        };
        let shrunk = port::now_ms();
        let moves = self.start_flow(luma, last_grey.as_deref())?;
        let handed = port::now_ms();
        self.detector.preprocess(&Pixels::new(&rgba, width, height).map_err(fault)?).map_err(fault)?;
        let preprocessed = port::now_ms();
        self.detector.infer().await.map_err(fault)?;
        let inferred = port::now_ms();
        let detections = self.detector.decode(min_score).map_err(fault)?;
        let decoded = port::now_ms();
        let flow = match self.flow.as_mut().filter(|_| moves) {
            Some(flow) => {
                Some(Float32Array::from(flow.finish().await.map_err(|why| flow::fault(&why))?.as_slice()))
            }
            None => None,
        };

        let timing = Timing {
            ingest: ingested - started,
            luma: shrunk - ingested,
            preprocess: preprocessed - handed,
            network: inferred - preprocessed,
            decode: decoded - inferred,
            flow: handed - shrunk + port::now_ms() - decoded,
        };
        Ok(Analysed { message: FromWorker::Analysed { job, detections, luma, timing }, grey, flow })
    }

    /// Hands the last grey picture and this one to the device. Whether there is something to fetch.
    fn start_flow(&mut self, size: LumaSize, last: Option<&[u8]>) -> Result<bool, Fault> {
        let (width, height) = (size.width as usize, size.height as usize);
        let (Some(flow), Some(last), Some(now)) = (
            self.flow.as_mut(),
            // One of another size is of another picture.
            last.and_then(|last| Luma::new(last, width, height)),
            Luma::new(&self.grey, width, height),
        ) else {
            return Ok(false);
        };
        flow.start(last, now).map_err(|why| flow::fault(&why))?;
        Ok(true)
    }

    /// The small grey picture of a frame that was drawn at the size `drawn`, as a copy that the page may have. The frame's own
    /// size decides its shape: another input size must not change it under the engine's hands.
    fn grey_picture(
        &mut self,
        rgba: &[u8],
        frame: [u32; 2],
        drawn: [u32; 2],
    ) -> Result<(LumaSize, Uint8Array), Fault> {
        let [frame_width, frame_height] = frame.map(|side| side as usize);
        let [width, height] = drawn.map(|side| side as usize);
        let size = luma::size_for(frame_width, frame_height);
        let (width, height) = luma::shrink_to(size, rgba, width, height, &mut self.grey)
            .ok_or_else(|| Fault::new(FailureCode::BadFrame, "the frame's pixels do not fit its size"))?;
        let size = LumaSize { width: width as u32, height: height as u32 };
        Ok((size, Uint8Array::from(self.grey.as_slice())))
    }
}

/// The size at which a frame is drawn: its own up to twice the size that it has in the network's input, so that the same
/// arithmetic scales it in every browser; from there on that size, since the browser does away with pixels faster and better
/// than a bilinear filter would.
fn drawn_size(width: u32, height: u32, input: InputSize) -> [u32; 2] {
    let fit = Letterbox::fit(width, height, input);
    let [fit_width, fit_height] = [fit.width as u32, fit.height as u32];
    if width <= 2 * fit_width && height <= 2 * fit_height { [width, height] } else { [fit_width, fit_height] }
}

/// What an error of the detector means to the page.
#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn fault(error: DetectorError) -> Fault {
    let code = match error {
        DetectorError::Weights(_) => FailureCode::ModelCorrupt,
        DetectorError::BadFrame { .. } => FailureCode::BadFrame,
        DetectorError::Device(_) => FailureCode::DeviceLost,
        DetectorError::BadInput(_) | DetectorError::OutOfOrder(_) => FailureCode::Internal,
    };
    Fault::new(code, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUT: InputSize = InputSize { width: 640, height: 384 };

    #[test]
    fn only_large_frames_are_scaled_by_the_browser() {
        assert_eq!(drawn_size(640, 360, INPUT), [640, 360]);
        assert_eq!(drawn_size(1280, 720, INPUT), [1280, 720]);
        assert_eq!(drawn_size(1920, 1080, INPUT), [640, 360]);
        assert_eq!(drawn_size(100, 4000, INPUT), [10, 384]);
    }
}
