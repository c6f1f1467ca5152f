# Texts of the interface. Same messages, in the same order, as the French file.

## The frame of the page
brand = Vigie
page-title = Vigie – control post
page-title-waiting =
    ({ $count }) { $count ->
        [one] signal
       *[other] signals
    } – Vigie
nav-label = Views
nav-live = Live
nav-record = Record
close = Close
undo = Undo
unknown = –
lang-label = Language
lang-french = Français
lang-english = English
post-name = Name of this post
post-rename = Rename this post
post-unnamed = Unnamed post
sound-on = Sound on
sound-off = Sound off
sound-locked = Sound waits for a first touch or key
unit-seconds = { $secs } s
unit-ms = { $value } ms
unit-percent = { $value }%

## Relay and journal
relay-connecting = Connecting to the relay
relay-online = Relay connected
relay-offline = Relay unreachable
relay-refused = Refused by the relay
relay-title = { $state } – version { $version }
relay-pending =
    { $count ->
        [one] { $count } entry waits
       *[other] { $count } entries wait
    }
storage-opening = Opening the journal
storage-ok = Journal kept durably in this browser
storage-fragile = Journal kept; the browser may evict it when it runs out of space
storage-failed = The journal can no longer be written
storage-closed = The journal does not open
storage-none = No journal
storage-other-tab = The post runs in another tab
storage-entries =
    { $count ->
        [one] { $count } entry
       *[other] { $count } entries
    }
banner-demo = Demonstration – this machine only
banner-offline = Relay unreachable since { $time }.
banner-offline-text =
    This post works alone; { $count ->
        [0] no entry waits
        [one] { $count } entry waits
       *[other] { $count } entries wait
    }. Nothing is lost: all of it goes out when the relay is back.
banner-refused = The relay refuses this post’s entries.
banner-refused-text = Its copy of the journal differs from ours. This post keeps recording here; tell the person in charge.
banner-storage = The journal cannot be written or read as it should.
banner-storage-text = Signals are shown all the same. Free some disk space, then reload the page.
banner-other-tab = This post is already open in another tab.
banner-other-tab-text = This tab is waiting: it analyses and records nothing. Close the other tab to take over here.
banner-engine = Analysis stopped: no engine works –
banner-engine-details = Details
standby-other-tab = This tab is waiting: the post runs in another tab.
standby-other-tab-text = Cameras, signals and the record are in the other tab. Close it to take over here.
standby-journal = This tab is waiting: the journal does not open.
standby-journal-text = Without its journal this post analyses and records nothing. It keeps trying; if this lasts, free some disk space and reload the page.
standby-opening = This tab is waiting: the journal is being opened…
standby-opening-text = Analysis starts after that.

## Wall and cameras
wall-label = Wall of cameras
wall-drop = Drop the video to put it on the wall
camera-add = Add a camera
camera-add-short = Camera
camera-connecting = Connecting
camera-live = Live
camera-stalled = Picture stalled
camera-reconnecting = Reconnecting
camera-ended = Stopped
tile-label = Camera { $camera }, { $state }
tile-age = analysed { $secs } s ago
tile-not-analysed = not yet analysed
tile-rate = { $rate } fps
tile-frames = Frames: { $seen } received, { $analysed } analysed, { $dropped } skipped
tile-persons =
    { $count ->
        [one] { $count } person
       *[other] { $count } persons
    }
tile-persons-unknown = Number of persons unknown
tile-expand = Show large
tile-shrink = Back to the wall
tile-close = Take off the wall
veil-connecting = Connecting to the camera…
veil-stalled = No new picture for { $secs } s
veil-lost = Picture lost
veil-attempt = Attempt { $attempt } in { $secs } s
veil-retry = Try again now
veil-ended = Pictures from this source no longer arrive
veil-again = Start again
empty-title = The wall is empty
empty-demo = Real demonstration footage is waiting: open it, draw a zone, and see a signal come in.
empty-offered = The relay offers these cameras.
empty-none-offered = The relay offers no camera yet. Add an address, a video file or the webcam.
empty-open-all = Open all
empty-other = Another source…
empty-locality = Pictures stay in this browser.

## Adding a camera
add-title = Add a camera
add-offered = Offered by the relay
add-open = Open
add-open-already = already on the wall
add-whep = Video gateway (WHEP)
add-whep-url = Address
add-server-offers = The gateway makes the offer (Janus)
add-local = On this machine
add-file = Video file
add-file-hint = or drop it on the wall
add-webcam = Webcam
add-webcam-hint = this device’s camera
add-webcam-name = Webcam

## Zones
zones-label = Zones of this camera
zones-first = Draw a zone
zones-more = Zone
zone-draw = Draw a zone
zone-default-name = Zone { $number }
zone-editor-label = Drawing a zone
zone-name = Name
zone-dwell = Presence (s)
zone-secs = { $secs } s
zone-save = Save
zone-cancel = Cancel
zone-undo = Take back the last corner
zone-change = Change zone { $name }
zone-remove = Remove zone { $name }
zone-hint-start = Tap the picture to set corners, or drag a rectangle.
zone-hint-close = Tap the first corner to close, or save.
zone-hint-ready = Corners can still be moved. A signal is raised when a person stays for the time given.
zone-problem-name = Give the zone a name.
zone-problem-dwell = The presence time goes from 0 to 3600 seconds.
zone-problem-few =
    { $left ->
        [one] { $left } more corner
       *[other] { $left } more corners
    } at least.
zone-problem-many = Too many corners: 64 at most.
zone-problem-crossing = The sides cross: move a corner or take back the last one.
zone-problem-small = The zone is too small.
zone-problem-outside = A corner lies outside the picture.

## Queue, signal, answer
queue-label = Queue of signals
queue-title = Signals
queue-waiting = { $count } waiting
queue-elsewhere = { $count } elsewhere
queue-calm = All calm
queue-calm-hint = A signal appears here as soon as a person stays in a zone longer than allowed.
queue-no-zone = No zone is watched – draw a zone
queue-no-zone-hint = No signal can come in while no live camera has a zone.
queue-blind = Nothing is being analysed
queue-blind-hint = No signal can come in until the engine and a camera work.
queue-answered = Answered
place-zone = { $zone } · { $camera }
event-abandoned-object = Abandoned object
event-weapon = Weapon
event-wrong-way = Wrong way
event-zone-intrusion = Zone intrusion
event-person-down = Person down
event-crowd-movement = Crowd movement
event-crowd-density = Excessive density
event-fire = Outbreak of fire
detail-label = Selected signal
detail-close = Close the signal
detail-elsewhere = Raised by post “{ $post }”. Read-only: that post alone answers it, and its pictures stay there.
detail-decided = at { $time }, in { $took } s
detail-reopen = Reopen
fact-since = Since
fact-raised = Raised at
fact-dwell = Presence
fact-score = Confidence
fact-engine = Analysis
fact-record = Record
fact-synced = received by the relay
fact-unsynced = written here
fact-received = received from another post
loop-label = Loop of the seconds before
loop-loading = Reading the loop…
loop-missing = No loop for this signal yet
loop-none = No loop was kept for this signal
loop-play = Play
loop-pause = Pause
loop-back = Picture before
loop-on = Next picture
loop-before = −{ $secs } s
answer-label = Answer the signal
verb-confirm = Confirm
verb-lift-doubt = Lift the doubt
answered-confirm = Confirmed
answered-lift-doubt = Doubt lifted
reasons-label = Reason
reason-team-sent = Team sent
reason-under-watch = Under watch
reason-already-handled = Already being handled
reason-authorised = Allowed to be there
reason-ended = Situation over
reason-false-detection = False detection
reason-not-relevant = Not relevant to safety
reason-other = Other – say what
note-label = Note
note-optional = Note (optional)
note-required = Say what the reason is
answer-back = Back
answer-send = Send
undo-answer = { $answer }.
undo-zone = Zone { $name } removed.
undo-drawing = Drawing dropped.

## Notices of the runtime
notice-camera-impossible = The camera cannot be opened: { $reason }
notice-webcam-refused = Access to the webcam was refused. Allow it in the browser, then try again.
notice-zone-invalid = The zone is not valid: { $reason }
notice-zones-full = This camera already has { $most } zones, the most that there can be.
notice-chain-broken = This browser’s journal is altered at entry { $entry }: { $reason }
notice-engine-fallback = An engine was given up; { $engine } takes over: { $reason }
notice-engine-failed = No engine works: { $reason }
notice-storage-failed = The journal can no longer be written. Signals are shown all the same.
notice-relay-refused = The relay refuses this post’s entries: { $reason }
notice-peer-altered = The relay passed on an altered entry of another post; it is not shown.

## Engine
engine-label = Analysis engine
engine-idle = Engine waiting
engine-starting = Starting
engine-starting-share = Starting { $value }%
engine-failed = Engine failed
engine-cpu = CPU
engine-webgpu = WebGPU
engine-software = software GPU
engine-fallback = The fastest engine is not in use: { $why }
engine-adapter = Adapter
engine-kind = Engine
engine-model = Model
engine-input = Input size
engine-p50 = Per frame, median
engine-p95 = Per frame, 95%
engine-rate = Rate
engine-self-test = Self-test
engine-self-test-value = deviation { $deviation } (allowed { $tolerance }), { $ms } ms
engine-auto = Automatic
engine-auto-now = Automatic ({ $now })
stage-starting = Starting the engine…
stage-device = Preparing the device…
stage-download = Fetching the model…
stage-load = Setting up the model…
stage-self-test = Self-test on the reference picture…
chain-sequence = an entry is missing, doubled or out of order.
chain-predecessor = it does not follow from the entry before it.
chain-altered = its content was changed.
chain-unreadable = it cannot be read.
failure-no-device = this browser offers no usable GPU.
failure-device-lost = the GPU was lost.
failure-model-missing = the model could not be fetched.
failure-model-corrupt = the model’s file is not the expected one.
failure-self-test = the self-test found wrong results.
failure-bad-frame = a frame could not be read.
failure-internal = an internal error occurred.
frames-label = Frames
frames-camera = Camera
frames-seen = Received
frames-analysed = Analysed
frames-dropped = Skipped
frames-age = Last
frames-all = All

## Record
record-label = Record
record-filter = Type
record-all = All
record-time = Time
record-post = Post
record-number = No.
record-what = Fact
record-sync = Relay
record-hash = Hash
record-empty = The record is empty
record-empty-text = Every signal, answer, setting and fault will be written here, in a chain that shows any tampering.
chain-head = Chain of this post: entry { $seq }
chain-acknowledged = all received by the relay
sync-done = received
sync-waits = waiting
hash-copy = Copy the whole hash
hash-copy-label = Copy the hash that starts with { $hash }
record-type-signal-raised = Signal
record-type-signal-shown = Seen
record-type-signal-decided = Answer
record-type-signal-reopened = Reopened
record-type-camera-opened = Camera opened
record-type-camera-closed = Camera removed
record-type-camera-lost = Picture lost
record-type-camera-restored = Picture restored
record-type-zone-saved = Zone
record-type-zone-removed = Zone removed
record-type-engine-ready = Engine
record-type-engine-fault = Engine fault
record-type-post-started = Post
record-type-unknown = Unknown
record-post-started = Post “{ $name }” started (version { $software }).
record-signal-raised = { $event }: { $place }, presence of { $dwell } s.
record-signal-shown = The signal was shown to the operator.
record-signal-decided = { $answer }: { $reason }, in { $took } s.
record-about = { $place }, { $time }
record-more = Only the newest { $count } entries, of all posts together, are listed here.
record-note = {" "}“{ $note }”
record-signal-reopened = The answer was taken back; the signal waits again.
record-camera-opened = Analysis of “{ $camera }” began ({ $source }).
record-camera-closed = Analysis of “{ $camera }” ended.
record-camera-lost = The picture of “{ $camera }” no longer arrives: { $cause }.
record-camera-restored = The picture of “{ $camera }” was restored after { $secs } s.
record-zone-saved = Zone “{ $name }” saved on “{ $camera }”, presence of { $dwell } s.
record-zone-removed = A zone of “{ $camera }” was removed.
record-engine-ready = Engine { $engine } ready: { $adapter }, { $model }.
record-engine-fallback = {" "}A faster engine is left out: { $why }.
record-engine-fault = The engine failed: { $message }
record-unknown = An entry of a later version of Vigie.
loss-stalled = picture stalled
loss-disconnected = connection lost
loss-refused = access refused
source-whep = network stream
source-file = file
source-webcam = webcam

## Keyboard
keys-title = Keyboard shortcuts
keys-next = Next signal
keys-previous = Previous signal
keys-confirm = Confirm
keys-lift = Lift the doubt
keys-reason = Choose the reason
keys-send = Send the answer; close or save the zone
keys-back = One step back; drop the drawing
keys-draw = Draw a zone
keys-undo-corner = Take back the last corner
keys-sheet = This help
key-enter = Enter
key-escape = Esc
key-backspace = Backspace
