//! The rim to the browser: the only place that touches `web-sys` and `js-sys`. One file per browser facility, each behind
//! a small facade that hides what differs between browsers. No rule of the post lives here.
