//! A chime of two tones, made by the browser: no file to load, nothing to fail.

use std::cell::{Cell, RefCell};
use web_sys::{AudioContext, OscillatorType};

/// The loudspeaker. Silent until the operator has touched the page, as browsers demand.
#[derive(Debug, Default)]
pub struct Sound {
    context: RefCell<Option<AudioContext>>,
    muted: Cell<bool>,
}

impl Sound {
    /// To be called from a touch or key of the operator. True when sound can be played.
    pub fn unlock(&self) -> bool {
        let mut context = self.context.borrow_mut();
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        // The promise is fulfilled when playing starts; there is nothing to do then.
        context.as_ref().is_some_and(|context| context.resume().is_ok())
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
        if let Some(context) = self.context.borrow().as_ref() {
            for (hertz, from_secs) in [(660.0, 0.0), (990.0, 0.18)] {
                // A tone that cannot be played must not stop a signal; the picture and the card still call.
                let _ = tone(context, hertz, from_secs);
            }
        }
    }
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
        if let Some(context) = self.context.borrow().as_ref() {
            let _ = context.close();
        }
    }
}
