//! A chime of two tones, made by the browser: no file to load, nothing to fail.

use gloo_events::EventListener;
use std::cell::{Cell, RefCell};
use web_sys::{AudioContext, AudioContextState, OscillatorType};

/// The loudspeaker. Silent until the operator has touched the page, as browsers demand.
#[derive(Debug, Default)]
pub struct Sound {
    context: RefCell<Option<(AudioContext, EventListener)>>,
    muted: Cell<bool>,
}

impl Sound {
    /// To be called from a touch or key of the operator. `tell` is called whenever the browser starts to play or no longer
    /// does: asking it is no promise.
    pub fn unlock(&self, tell: impl Fn(bool) + 'static) {
        let mut context = self.context.borrow_mut();
        if context.is_none() {
            *context = AudioContext::new().ok().map(|context| {
                let watched = context.clone();
                let listener =
                    EventListener::new(&context, "statechange", move |_| tell(is_running(&watched)));
                (context, listener)
            });
        }
        if let Some((context, _)) = context.as_ref()
            && !is_running(context)
        {
            // The listener hears of success; without it, the next touch tries again.
            let _ = context.resume();
        }
    }

    /// On or off.
    pub fn set_muted(&self, muted: bool) {
        self.muted.set(muted);
    }

    /// Plays the chime for a new signal: a rising fifth, half a second.
    pub fn chime(&self) {
        if self.muted.get() {
            return;
        }
        // Tones given to a context that stands still would all sound when it starts.
        if let Some((context, _)) = self.context.borrow().as_ref()
            && is_running(context)
        {
            for (hertz, from_secs) in [(660.0, 0.0), (990.0, 0.18)] {
                // A tone that cannot be played must not stop a signal; the picture and the card still call.
                let _ = tone(context, hertz, from_secs);
            }
        }
    }
}

fn is_running(context: &AudioContext) -> bool {
    context.state() == AudioContextState::Running
}

fn tone(context: &AudioContext, hertz: f32, from_secs: f64) -> Result<(), wasm_bindgen::JsValue> {
    let start = context.current_time() + from_secs;
    let (oscillator, gain) = (context.create_oscillator()?, context.create_gain()?);
    oscillator.set_type(OscillatorType::Sine);
    oscillator.frequency().set_value_at_time(hertz, start)?;
    // A soft attack and decay: a hard edge would click.
    gain.gain().set_value_at_time(0.0001, start)?;
    gain.gain().exponential_ramp_to_value_at_time(0.25, start + 0.02)?;
    gain.gain().exponential_ramp_to_value_at_time(0.0001, start + 0.35)?;
    oscillator.connect_with_audio_node(&gain)?;
    gain.connect_with_audio_node(&context.destination())?;
    oscillator.start_with_when(start)?;
    oscillator.stop_with_when(start + 0.4)
}

impl Drop for Sound {
    fn drop(&mut self) {
        if let Some((context, _)) = self.context.borrow().as_ref() {
            let _ = context.close();
        }
    }
}
