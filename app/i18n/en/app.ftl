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
health-label = State of the picture
health-blind = Camera blind
health-blind-about = The picture is black, white or covered: nothing is watched.
health-blurred = Picture blurred
health-blurred-about = The analysis may miss people.
health-frozen = Picture frozen
health-frozen-about = The same picture again and again: nothing is watched.
health-moved = View moved
health-moved-about = Zones are no longer where they were drawn; watching them is suspended.
health-low-light = Too dark
health-low-light-about = The analysis may miss people.
health-in-motion = Camera in motion
health-in-motion-about = Watching zones is suspended.
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
zones-label = Zones and lines of this camera
zones-first = Draw a zone or a line
zones-more = Add
zone-draw = Draw a forbidden zone
line-draw = Draw a line
direction-draw = Draw a direction zone
density-draw = Draw a density zone
zone-kinds = What do you want to draw?
kind-forbidden = Forbidden zone
kind-line = Line
kind-direction = Direction of travel
kind-density = Density
zone-default-name = Zone { $number }
line-default-name = Line { $number }
direction-default-name = Direction { $number }
density-default-name = Density { $number }
zone-editor-label = Drawing on the picture
zone-name = Name
zone-dwell = Presence (s)
zone-limit = Limit
zone-limit-unit = Counted in
zone-limit-per-m2 = persons/m²
zone-limit-persons = persons
zone-per-m2 = { $limit }/m²
zone-persons = { $count } pers.
line-switch = Switch the forbidden side
crossing-both = Forbidden either way
crossing-to-right = Forbidden left to right
crossing-to-left = Forbidden right to left
direction-turn = Turn the arrow
direction-left = Turn the arrow to the left
direction-right = Turn the arrow to the right
zone-secs = { $secs } s
zone-save = Save
zone-cancel = Cancel
zone-undo = Take back the last step
zone-change = Change { $name }
zone-remove = Remove { $name }
zone-hint-start = Tap the picture to set corners, or drag a rectangle.
zone-hint-close = Tap the first corner to close, or save.
zone-hint-ready = Corners can still be moved. A signal is raised when a person stays for the time given.
line-hint-start = Tap the picture at both ends of the line, or drag it in one go.
line-hint-end = Tap the picture at the other end.
line-hint-ready = The arrows show the forbidden crossing; tap the middle of the line to change it.
direction-hint-arrow = Drag an arrow inside the zone: the common direction of travel.
direction-hint-ready = A signal is raised when a person or vehicle goes against the arrow.
density-hint-ready = A signal is raised when the zone holds more people than the limit.
zone-problem-name = Give it a name.
zone-problem-dwell = The presence time goes from 0 to 3600 seconds.
zone-problem-limit = The limit goes from 0 to 10 persons per m².
zone-problem-persons = The limit is a whole number, from 1 to 10,000 persons.
line-problem-short = The line is too short.
zone-problem-few =
    { $left ->
        [one] { $left } more corner
       *[other] { $left } more corners
    } at least.
zone-problem-many = Too many corners: 64 at most.
zone-problem-crossing = The sides cross: move a corner or take back the last one.
zone-problem-small = The zone is too small.
zone-problem-outside = A corner lies outside the picture.
## Situations
situations-open = Situations watched for, and settings
situations-title = Situations watched for – { $camera }
situation-on = Watched
situation-off = Not watched
situation-unseen = The network of this version does not recognise it yet: no signal will come.
situation-drawn =
    { $count ->
        [0] Nothing drawn
        [one] { $count } drawn
       *[other] { $count } drawn
    }
about-abandoned-object = A bag or parcel stays put after its carrier has left.
about-weapon = A firearm or blade is carried or aimed.
about-wrong-way = A person or vehicle goes against the common direction of a zone.
about-zone-intrusion = A person enters or stays in a forbidden zone, or crosses a line.
about-person-down = Somebody upright falls and stays on the ground.
about-crowd-movement = A crowd suddenly runs, scatters, converges, clashes or is squeezed.
about-crowd-density = A zone holds more people than allowed.
about-fire = Flames or smoke, from the first seconds on.
threshold-abandoned-object = left for
threshold-person-down = on the ground for
threshold-crowd-movement = for
threshold-score = confidence of at least
threshold-seconds = s
threshold-percent = %
threshold-range = { $least } to { $most } { $unit }
rule-in-zone = { $event } “{ $name }”
rule-whole = { $event }, whole picture
rule-threshold = { $threshold } { $value } { $unit }
rule-settings = {" "}({ $settings })
fault-in = “{ $name }”: { $fault }
fault-calibration = The calibration cannot be used, nothing is measured in metres: { $why }
fault-too-many = only the first { $most } are looked at.
fault-horizon = part of it lies at the horizon or in the sky: draw it on the ground.
fault-few-pixels = at its far edge a person is { $found } pixels high; { $needed } are needed. Move that edge nearer or zoom in.
fault-vague = distances there are only known to { $error }%: add calibration points around it.
fault-line-short = the line is too short: people pass beside it.
fault-line-outside = an end of the line lies outside the picture.
fault-no-direction = it has no direction: draw an arrow.
fault-arrow = an arrow has no length: draw it again.
fault-every-way = its directions allow every way: nobody can go against them.
fault-nobody = neither persons nor vehicles are chosen: no signal is possible.
file-title = Settings file
file-about = Everything set for this camera: zones, lines, situations and thresholds. The same file serves to replay a video outside of this post.
file-save = Save
file-load = Load…
file-not-loaded = The file was not loaded.
file-nothing-changed = The settings in place have not changed.
file-too-large = It is larger than 1 MB.
file-not-json = It is not JSON: line { $line }, column { $column }.
file-not-settings = These are no settings of a camera: { $why }
file-shape = Zone “{ $name }” is not valid. { $reason }
file-zones-full = It holds more than { $most } zones.
file-rules-full = It holds more than { $most } rules.

## Queue, signal, answer
queue-label = Queue of signals
queue-title = Signals
queue-waiting = { $count } waiting
queue-elsewhere = { $count } elsewhere
queue-calm = All calm
queue-calm-hint = A signal appears here as soon as a situation that is watched for happens: in a zone that was drawn, or anywhere on the picture.
queue-no-zone = Nothing is watched for – draw a zone
queue-no-zone-hint = No signal can come in while no live camera has a zone or watches for a situation.
queue-blind = Nothing is being analysed
queue-blind-hint = No signal can come in until the engine and a camera work.
queue-answered = Answered
place-zone = { $zone } · { $camera }
place-whole = { $camera } · whole picture
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
detail-why = Why:
detail-elsewhere = Raised by post “{ $post }”. Read-only: that post alone answers it, and its pictures stay there.
detail-decided = at { $time }, in { $took } s
detail-reopen = Reopen
fact-since = Since
fact-raised = Raised at
fact-dwell = Presence
fact-lasted = Lasted
fact-score = Confidence
fact-engine = Analysis
fact-record = Record
fact-synced = received by the relay
fact-unsynced = written here
fact-received = received from another post
why-and = {", "}
why-error = {" "}(± { $value })
why-needed = { $value } s needed
why-person = a person
why-vehicle = a vehicle
why-bag = a bag
why-moving-object = a moving object
why-run = running
why-dispersal = dispersal
why-convergence = convergence
why-counter-flow = counter-flow
why-bottleneck = squeeze
why-handgun = handgun
why-long-gun = long gun
why-knife = blade
why-flame = flames
why-smoke = smoke
why-flame-secs = flames for { $value } s
why-smoke-secs = smoke for { $value } s
why-growth = area times { $value }
why-left-to-right = crossing left to right
why-right-to-left = crossing right to left
why-speed = { $value } m/s
why-dwell = present for { $value } s
why-seen-entering = seen entering
why-lengths = { $value } times its length against the direction
why-metres = { $value } m against the direction
why-learnt = direction learnt
why-unattended = unattended for { $value } s
why-seen-leaving = carrier seen leaving
why-left-metres = carrier { $value } m away
why-width = { $value } m wide
why-lain = on the ground for { $value } s
why-still = still for { $value } s
why-people = { $value } persons
why-people-in-area = out of { $value } in sight
why-held = for { $value } s
why-persons = { $value } persons counted
why-per-m2 = { $value } per m²
why-limit-per-m2 = limit { $value } per m²
why-limit-persons = limit { $value } persons
why-above = exceeded for { $value } s
why-area = zone of { $value } m²
why-at-least = at least (counting saturates)
why-too-small = { $value }% of the zone too far away to count
why-unseen-motion = { $value }% of the motion not counted
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
undo-zone = { $name } removed.
undo-settings = Settings replaced by those of the file.
undo-drawing = Drawing dropped.

## Notices of the runtime
notice-camera-impossible = The camera cannot be opened: { $reason }
notice-webcam-refused = Access to the webcam was refused. Allow it in the browser, then try again.
notice-zone-invalid = The zone is not valid: { $reason }
notice-zones-full = This camera already has { $most } zones, the most that there can be.
notice-rules-full = This camera already has { $most } rules, the most that there can be.
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
engine-motion = Motion
engine-motion-device = WebGPU, { $apart }% differ (allowed { $tolerance }%)
engine-motion-refused = CPU: { $why }
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
record-type-camera-restored = Picture back
record-type-zone-saved = Zone
record-type-zone-removed = Zone removed
record-type-rule-saved = Rule
record-type-rule-removed = Rule removed
record-type-settings-loaded = Settings loaded
record-type-signal-vetoed = Signal held back
record-type-health-began = Picture degraded
record-type-health-ended = Picture recovered
record-type-engine-ready = Engine
record-type-engine-fault = Engine fault
record-type-post-started = Post
record-type-unknown = Unknown
record-post-started = Post “{ $name }” started (version { $software }).
record-signal-raised = { $event }: { $place }, presence of { $dwell } s.
record-signal-why = { $event }: { $place } – { $why }.
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
record-rule-saved = { $rule }: setting saved on “{ $camera }”{ $settings }.
record-rule-removed = { $rule }: no longer watched for on “{ $camera }”.
record-settings-loaded =
    Settings of “{ $camera }” loaded from a file: { $zones ->
        [one] { $zones } zone
       *[other] { $zones } zones
    }, { $rules ->
        [one] { $rules } rule
       *[other] { $rules } rules
    }.
record-signal-vetoed = { $event } held back: { $place } – { $veto }.
record-unwritten =
    {" "}{ $count ->
        [one] { $count } more for the same reason is not listed.
       *[other] { $count } more for the same reason are not listed.
    }
record-health-began = “{ $camera }”: { $state }.
record-health-ended = “{ $camera }”: { $state }, over after { $secs } s.
veto-camera-motion = the camera moves
veto-flow-disagrees = the picture’s motion does not go that way
veto-furniture = the object was there before
veto-no-carrier = nobody brought it
veto-light = shadow or light
veto-reflection = reflection
veto-uncovered = something was taken away, not put down
veto-person = it is a person who keeps still
veto-vehicle = it is a vehicle, or somebody on it
veto-size = size out of bounds
veto-raised = the person lies higher than the ground
veto-leaving-below = the person leaves by the lower edge of the picture
veto-there-before = what lies there was there before
veto-steady = a light that does not flicker
veto-beacon = beacon or indicator
veto-moving = a light that moves as a whole
veto-nobody-near = nobody near
veto-fixed = a thing that never moves
record-engine-ready = Engine { $engine } ready: { $adapter }, { $model }.
record-engine-flow = {" "}It measures motion, too.
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
keys-send = Send the answer; close or save the drawing
keys-back = One step back; drop the drawing
keys-draw = Draw a zone
keys-undo-corner = Take back the last step of the drawing
keys-turn = Switch the forbidden side of a line, turn an arrow
keys-sheet = This help
key-enter = Enter
key-escape = Esc
key-backspace = Backspace
