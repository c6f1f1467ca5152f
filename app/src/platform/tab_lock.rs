//! One tab of a browser is the post; the others wait (Web Locks API).

use super::js;
use futures::channel::oneshot;
use js_sys::{Function, Promise};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// Held until dropped, or until the tab closes.
#[derive(Debug)]
pub struct TabLock {
    release: Option<Function>,
}

impl Drop for TabLock {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            // The promise's own resolver does not throw.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Waits until this tab holds the lock. `on_wait` is called when another tab has it. Where the browser has no locks (a
/// page that came over plain HTTP from another machine), the tab goes ahead alone.
pub async fn acquire(name: &str, on_wait: impl FnOnce()) -> TabLock {
    let locks = js::get(&js::window().navigator(), "locks");
    if !locks.is_object() {
        return TabLock { release: None };
    }
    if let Some(lock) = request(&locks, name, true).await {
        return lock;
    }
    on_wait();
    match request(&locks, name, false).await {
        Some(lock) => lock,
        // The browser refuses to give locks at all; two tabs still cannot fork the chain, which the database guards.
        None => TabLock { release: None },
    }
}

async fn request(locks: &JsValue, name: &str, if_available: bool) -> Option<TabLock> {
    let (sender, receiver) = oneshot::channel::<Option<Function>>();
    let sender = Rc::new(RefCell::new(Some(sender)));
    let on_refusal = Rc::clone(&sender);
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let mut release = None;
        let held = if lock.is_object() {
            let promise = Promise::new(&mut |resolve, _reject| release = Some(resolve));
            JsValue::from(promise)
        } else {
            JsValue::UNDEFINED
        };
        if let Some(sender) = sender.borrow_mut().take() {
            let _ = sender.send(release);
        }
        held
    });
    let options = js::object(&[("ifAvailable", if_available.into())]);
    let asked = js::call(locks, "request", &[name.into(), options.into(), granted]);
    match asked {
        Ok(promise) => {
            if let Ok(promise) = promise.dyn_into::<Promise>() {
                super::task::spawn(async move {
                    // A refusal (a private mode without locks) never calls back: the receiver must not wait for ever.
                    if wasm_bindgen_futures::JsFuture::from(promise).await.is_err() {
                        on_refusal.borrow_mut().take();
                    }
                });
            }
        }
        Err(_) => return None,
    }
    let release = receiver.await.ok().flatten()?;
    Some(TabLock { release: Some(release) })
}
