// Dense flow between two grey pictures: the same method as ../flow.rs, ../patch.rs and ../pyramid.rs, where the reasons and the sources are.
//
// One thread finds one window. So a window knows nothing of those beside it, and none of them has to wait; for that, every window that fits
// nowhere near a guess is looked for all around, where the CPU looks for a few dozen. There is no state from frame to frame: the flow is a
// function of the two pictures.
//
// Entry points, in their order: smooth · halve for each smaller size · align · find for each size, the smallest first.
// All of them see the same buffers. Pictures have no border here: places beyond an edge are read on it, which is the same.

struct Size {
    // Pixels across and down.
    width: u32,
    height: u32,
    // Where the picture of this size begins in `levels`: this frame's and the last one's.
    now: u32,
    last: u32,
    // Windows across and down, and where the first one is in `found`.
    columns: u32,
    rows: u32,
    found: u32,
    unused: u32,
}

struct Setup {
    // Sizes in use; the full one is the first.
    count: u32,
    unused_a: u32,
    unused_b: u32,
    unused_c: u32,
    sizes: array<Size, 4>,
}

struct Whole {
    // The shift from this picture to the last one as a whole, pixels of the smallest size.
    x: f32,
    y: f32,
    // What puts the last picture's exposure on this one's.
    gain: f32,
    offset: f32,
}

struct Match {
    x: f32,
    y: f32,
    error: f32,
    unused: f32,
}

@group(0) @binding(0) var<uniform> setup: Setup;
// Four grey levels a word, the lowest byte first: the last picture, then this one.
@group(0) @binding(1) var<storage, read> grey: array<u32>;
@group(0) @binding(2) var<storage, read_write> levels: array<f32>;
@group(0) @binding(3) var<storage, read_write> found: array<Match>;
@group(0) @binding(4) var<storage, read_write> whole: Whole;
// Five numbers a cell: x, y, confidence, texture, error at rest, as in `CellFlow`.
@group(0) @binding(5) var<storage, read_write> cells: array<f32>;

// The size that `halve` makes and `find` looks at.
override LEVEL: u32 = 0u;

const SIDE: i32 = 8;
const COUNT: f32 = 64.0;
const BORDER: f32 = 12.0;
const CELL: i32 = 8;
const PITCH: i32 = 4;
const DAMPING: f32 = 1.0;
const SETTLED: f32 = 0.05;
const LAST_STEP: f32 = 0.25;
const NOISE: f32 = 4.0;
const QUIET: f32 = 2.0;
const HALF_TRUSTED_TEXTURE: f32 = 3.0;
const SEARCH_LEVEL: u32 = 2u;
const SEARCH_REACH: i32 = 7;
const SHIFT_REACH: i32 = 6;
const MOST: f32 = 3.0e38;

// The pictures at all sizes.

fn grey_at(picture: u32, x: i32, y: i32) -> u32 {
    let size = setup.sizes[0];
    let column = u32(clamp(x, 0, i32(size.width) - 1));
    let row = u32(clamp(y, 0, i32(size.height) - 1));
    let index = (picture * size.height + row) * size.width + column;
    return (grey[index / 4u] >> (8u * (index % 4u))) & 255u;
}

// The full size, smoothed with (1 2 1)/4 both ways. x, y: pixel; z: 0 the last picture, 1 this one.
@compute @workgroup_size(8, 8, 1)
fn smooth_pictures(@builtin(global_invocation_id) id: vec3u) {
    let size = setup.sizes[0];
    if id.x >= size.width || id.y >= size.height {
        return;
    }
    let x = i32(id.x);
    let y = i32(id.y);
    var sum = 0u;
    for (var down = -1; down <= 1; down++) {
        let row = grey_at(id.z, x - 1, y + down) + 2u * grey_at(id.z, x, y + down) + grey_at(id.z, x + 1, y + down);
        sum += row * u32(2 - abs(down));
    }
    let start = select(size.last, size.now, id.z == 1u);
    levels[start + id.y * size.width + id.x] = f32(sum) / 16.0;
}

// The mean of each two by two pixels of the next larger size.
@compute @workgroup_size(8, 8, 1)
fn halve(@builtin(global_invocation_id) id: vec3u) {
    let size = setup.sizes[LEVEL];
    let larger = setup.sizes[LEVEL - 1u];
    if id.x >= size.width || id.y >= size.height {
        return;
    }
    let first = select(larger.last, larger.now, id.z == 1u) + 2u * id.y * larger.width + 2u * id.x;
    let start = select(size.last, size.now, id.z == 1u);
    let sum = levels[first] + levels[first + 1u] + levels[first + larger.width] + levels[first + larger.width + 1u];
    levels[start + id.y * size.width + id.x] = 0.25 * sum;
}

// The picture as a whole: one workgroup.

const LANES: u32 = 256u;
var<workgroup> differences: array<f32, 256>;
var<workgroup> sums: array<vec4f, 256>;

// The sum over all lanes. Every lane has to call it.
fn total(lane: u32, value: vec4f) -> vec4f {
    workgroupBarrier();
    sums[lane] = value;
    workgroupBarrier();
    for (var half = LANES / 2u; half > 0u; half /= 2u) {
        if lane < half {
            sums[lane] += sums[lane + half];
        }
        workgroupBarrier();
    }
    return sums[0];
}

// Variance of the difference where the two pictures overlap, one of them shifted.
fn difference(size: Size, x: i32, y: i32) -> f32 {
    let left = max(0, -x);
    let length = (min(i32(size.width), i32(size.width) - x) - left) / 8 * 8;
    var sum = 0.0;
    var squares = 0.0;
    var count = 0.0;
    for (var row = max(0, -y); row < min(i32(size.height), i32(size.height) - y); row++) {
        let own = i32(size.now) + row * i32(size.width) + left;
        let other = i32(size.last) + (row + y) * i32(size.width) + left + x;
        for (var i = 0; i < length; i++) {
            let apart = levels[own + i] - levels[other + i];
            sum += apart;
            squares += apart * apart;
            count += 1.0;
        }
    }
    if count == 0.0 {
        return MOST;
    }
    let mean = sum / count;
    return squares / count - mean * mean;
}

// One pair of pixels for the exposure: the last picture's level, this one's, and 1 where both can be measured.
fn pair_at(size: Size, shift: vec2i, index: u32) -> vec3f {
    let x = i32(index % size.width);
    let y = i32(index / size.width);
    let other = vec2i(x, y) + shift;
    if other.x < 0 || other.y < 0 || other.x >= i32(size.width) || other.y >= i32(size.height) {
        return vec3f(0.0);
    }
    let before = levels[size.last + u32(other.y) * size.width + u32(other.x)];
    let now = floor(levels[size.now + index] + 0.5);
    return vec3f(before, now, select(0.0, 1.0, now >= 3.0 && now <= 250.0));
}

// The shift as a whole, and the change of exposure: ../light.rs.
@compute @workgroup_size(256, 1, 1)
fn align(@builtin(local_invocation_index) lane: u32) {
    let size = setup.sizes[setup.count - 1u];
    let pixels = size.width * size.height;
    let reach = min(SHIFT_REACH, min(i32(size.width) / 3, i32(size.height) / 3));
    let side = u32(2 * reach + 1);
    var own = MOST;
    if lane < side * side {
        own = difference(size, i32(lane % side) - reach, i32(lane / side) - reach);
    }
    differences[lane] = own;
    workgroupBarrier();
    let middle = u32(reach) * side + u32(reach);
    let at_rest = differences[middle];
    var shift = vec2i(0, 0);
    // No shift wins a tie.
    var least = 0.9 * at_rest;
    for (var n = 0u; n < side * side; n++) {
        if at_rest > NOISE && differences[n] < least {
            least = differences[n];
            shift = vec2i(i32(n % side) - reach, i32(n / side) - reach);
        }
    }
    // How many pairs, their difference, how many hardly differ; of the dark and the bright of these, how many and by how much.
    var all = vec4f(0.0);
    var halves = vec4f(0.0);
    for (var index = lane; index < pixels; index += LANES) {
        let pair = pair_at(size, shift, index);
        let apart = pair.z * clamp(pair.y - pair.x, -40.0, 40.0);
        let near = pair.z * select(0.0, 1.0, abs(apart) < 6.0);
        all += vec4f(pair.z, apart, near, 0.0);
        halves += near * select(vec4f(1.0, apart, 0.0, 0.0), vec4f(0.0, 0.0, 1.0, apart), pair.x >= 128.0);
    }
    all = total(lane, all);
    halves = total(lane, halves);
    let count = max(all.x, 1.0);
    let unchanged = all.z > 0.8 * count && abs(halves.y) <= max(halves.x, 1.0) && abs(halves.w) <= max(halves.z, 1.0);
    // A line through the pairs by reweighted least squares.
    var line = vec2f(1.0, all.y / count);
    var scales = array<f32, 4>(24.0, 12.0, 8.0, 6.0);
    for (var turn = 0u; turn < 4u; turn++) {
        let scale = scales[turn];
        var first = vec4f(0.0);
        var second = vec4f(0.0);
        for (var index = lane; index < pixels; index += LANES) {
            let pair = pair_at(size, shift, index);
            let apart = (pair.y - line.x * pair.x - line.y) / scale;
            let weight = pair.z / ((1.0 + apart * apart) * (1.0 + apart * apart));
            first += weight * vec4f(1.0, pair.x, pair.y, 0.0);
            second += weight * vec4f(pair.x * pair.x, pair.x * pair.y, 0.0, 0.0);
        }
        first = total(lane, first);
        second = total(lane, second);
        let weights = max(first.x, 1e-6);
        let contrast = second.x - first.y * first.y / weights;
        let gain = clamp((second.y - first.y * first.z / weights) / max(contrast, 1e-6), 0.4, 2.5);
        // Too little contrast tells no gain.
        let slope = select(gain, 1.0, contrast < 25.0 * weights);
        line = vec2f(slope, (first.z - slope * first.y) / weights);
    }
    var judged = vec4f(0.0);
    for (var index = lane; index < pixels; index += LANES) {
        let pair = pair_at(size, shift, index);
        let predicted = line.x * pair.x + line.y;
        judged += pair.z * vec4f(
            abs(predicted - pair.x),
            select(0.0, 1.0, abs(pair.y - predicted) < 6.0),
            select(0.0, 1.0, abs(pair.y - pair.x) < 6.0),
            0.0,
        );
    }
    judged = total(lane, judged);
    let changed = all.x >= 50.0 && !unchanged
        && judged.x > 1.5 * count && judged.y > 0.5 * count && judged.y > judged.z;
    if lane == 0u {
        let exposure = select(vec2f(1.0, 0.0), line, changed);
        whole = Whole(f32(shift.x), f32(shift.y), exposure.x, exposure.y);
    }
}

// One window.

struct Window {
    size: Size,
    // Where its upper left pixel is.
    left: i32,
    top: i32,
    gain: f32,
    offset: f32,
}

struct Slopes {
    mean: vec2f,
    // Inverse of the matrix of squared gradients: xx, xy, yy.
    inverse: vec3f,
    texture: f32,
}

fn now_at(window: Window, x: i32, y: i32) -> f32 {
    let column = u32(clamp(x, 0, i32(window.size.width) - 1));
    let row = u32(clamp(y, 0, i32(window.size.height) - 1));
    return levels[window.size.now + row * window.size.width + column];
}

fn last_at(window: Window, x: i32, y: i32) -> f32 {
    let column = u32(clamp(x, 0, i32(window.size.width) - 1));
    let row = u32(clamp(y, 0, i32(window.size.height) - 1));
    return levels[window.size.last + row * window.size.width + column] * window.gain + window.offset;
}

// Keeps a window at this shift near the last picture.
fn within(window: Window, shift: vec2f) -> vec2f {
    let place = vec2f(f32(window.left), f32(window.top));
    let size = vec2f(f32(window.size.width), f32(window.size.height));
    return clamp(shift, 1.0 - BORDER - place, size + BORDER - f32(SIDE) - 2.0 - place);
}

fn spread(sum: f32, squares: f32, count: f32) -> f32 {
    let mean = sum / count;
    return max(squares / count - mean * mean, 0.0);
}

fn variance(window: Window) -> f32 {
    var sum = 0.0;
    var squares = 0.0;
    for (var row = 0; row < SIDE; row++) {
        for (var column = 0; column < SIDE; column++) {
            let own = now_at(window, window.left + column, window.top + row);
            sum += own;
            squares += own * own;
        }
    }
    return spread(sum, squares, COUNT);
}

fn slopes_of(window: Window) -> Slopes {
    var sum = vec2f(0.0);
    var squares = vec3f(0.0);
    for (var row = 0; row < SIDE; row++) {
        for (var column = 0; column < SIDE; column++) {
            let slope = slope_at(window, column, row);
            sum += slope;
            squares += vec3f(slope.x * slope.x, slope.x * slope.y, slope.y * slope.y);
        }
    }
    let mean = sum / COUNT;
    let square = squares / COUNT - vec3f(mean.x * mean.x, mean.x * mean.y, mean.y * mean.y);
    let half = 0.5 * (square.x - square.z);
    let texture = max(0.5 * (square.x + square.z) - sqrt(half * half + square.y * square.y), 0.0);
    let xx = square.x + DAMPING;
    let yy = square.z + DAMPING;
    let scale = 1.0 / (COUNT * (xx * yy - square.y * square.y));
    return Slopes(mean, scale * vec3f(yy, -square.y, xx), texture);
}

fn slope_at(window: Window, column: i32, row: i32) -> vec2f {
    let x = window.left + column;
    let y = window.top + row;
    return 0.5 * vec2f(
        now_at(window, x + 1, y) - now_at(window, x - 1, y),
        now_at(window, x, y + 1) - now_at(window, x, y - 1),
    );
}

// How well the window fits the last picture at this shift, rounded to whole pixels, by every `every`-th row.
fn error_at(window: Window, shift: vec2f, every: i32) -> f32 {
    let rounded = vec2i(floor(within(window, shift) + 0.5));
    var sum = 0.0;
    var squares = 0.0;
    for (var row = 0; row < SIDE; row += every) {
        let y = window.top + row;
        for (var column = 0; column < SIDE; column++) {
            let x = window.left + column;
            let apart = last_at(window, x + rounded.x, y + rounded.y) - now_at(window, x, y);
            sum += apart;
            squares += apart * apart;
        }
    }
    return spread(sum, squares, COUNT / f32(every));
}

// Error, and gradient of the error, at this shift between pixels.
fn compare(window: Window, slopes: Slopes, shift: vec2f) -> vec3f {
    let whole_part = vec2i(floor(shift));
    let share = shift - floor(shift);
    var sum = 0.0;
    var squares = 0.0;
    var along = vec2f(0.0);
    for (var row = 0; row < SIDE; row++) {
        let y = window.top + row;
        for (var column = 0; column < SIDE; column++) {
            let x = window.left + column;
            let other = vec2i(x, y) + whole_part;
            let upper = mix(last_at(window, other.x, other.y), last_at(window, other.x + 1, other.y), share.x);
            let lower = mix(last_at(window, other.x, other.y + 1), last_at(window, other.x + 1, other.y + 1), share.x);
            let apart = mix(upper, lower, share.y) - now_at(window, x, y);
            sum += apart;
            squares += apart * apart;
            along += apart * slope_at(window, column, row);
        }
    }
    return vec3f(spread(sum, squares, COUNT), along - slopes.mean * sum);
}

// Finds the window, starting from this shift, in at most `steps` steps, never further than `reach` pixels from the start.
fn find_from(window: Window, slopes: Slopes, start: vec2f, steps: i32, reach: f32) -> vec3f {
    let begin = within(window, start);
    var shift = begin;
    var best = vec3f(shift, MOST);
    for (var turn = 0; turn <= steps; turn++) {
        let seen = compare(window, slopes, shift);
        if seen.x < best.z {
            best = vec3f(shift, seen.x);
        } else if turn > 0 {
            break;
        }
        let b = seen.yz;
        let move_by = -vec2f(
            slopes.inverse.x * b.x + slopes.inverse.y * b.y,
            slopes.inverse.y * b.x + slopes.inverse.z * b.y,
        );
        let far = dot(move_by, move_by);
        if far < SETTLED * SETTLED {
            break;
        }
        shift = within(window, shift + move_by);
        if far < LAST_STEP * LAST_STEP {
            // So near, the surface is a bowl, and where its bottom is need not be looked at again.
            let gain = max(-dot(move_by, b) / COUNT, 0.0);
            return vec3f(shift, max(seen.x - gain, 0.0));
        }
        let apart = abs(shift - begin);
        if max(apart.x, apart.y) > reach {
            break;
        }
    }
    return best;
}

// The better one of a guess and the best so far. A window that fits as well as noise allows needs no other guess.
fn better(window: Window, best: vec3f, guess: vec2f) -> vec3f {
    let apart = abs(guess - best.xy);
    if best.z <= QUIET || max(apart.x, apart.y) < 0.5 {
        return best;
    }
    let error = error_at(window, guess, 1);
    return select(best, vec3f(guess, error), error < 0.95 * best.z - 0.5);
}

fn parent_at(size: Size, column: u32, row: u32) -> vec2f {
    let parent = found[size.found + min(row, size.rows - 1u) * size.columns + min(column, size.columns - 1u)];
    return 2.0 * vec2f(parent.x, parent.y);
}

// One window each of this size, from what was found at the next smaller one.
@compute @workgroup_size(64, 1, 1)
fn find(@builtin(global_invocation_id) id: vec3u) {
    let size = setup.sizes[LEVEL];
    if id.x >= size.columns * size.rows {
        return;
    }
    let column = id.x % size.columns;
    let row = id.x / size.columns;
    var window = Window(size, i32(column) * CELL, i32(row) * CELL, whole.gain, whole.offset);
    if LEVEL > 0u {
        window.left = i32(column) * PITCH - (SIDE - PITCH) / 2;
        window.top = i32(row) * PITCH - (SIDE - PITCH) / 2;
    }
    let at_rest = error_at(window, vec2f(0.0), 1);
    var best = vec3f(0.0, 0.0, at_rest);
    if LEVEL + 1u < setup.count {
        // The smallest size knows that there is none, and is not to be compiled as if there were.
        let smaller = setup.sizes[min(LEVEL + 1u, 3u)];
        // At half the full size there is one window a cell, too; from there on, half as many each way.
        let across = select(column / 2u, column, LEVEL == 0u);
        let down = select(row / 2u, row, LEVEL == 0u);
        let beside = select(max(across, 1u) - 1u, across + 1u, column % 2u == 1u);
        let above = select(max(down, 1u) - 1u, down + 1u, row % 2u == 1u);
        best = better(window, best, parent_at(smaller, across, down));
        best = better(window, best, parent_at(smaller, beside, down));
        best = better(window, best, parent_at(smaller, across, above));
        best = better(window, best, parent_at(smaller, beside, above));
        if LEVEL == 0u {
            best = better(window, best, parent_at(smaller, across + 1u, down));
            best = better(window, best, parent_at(smaller, max(across, 1u) - 1u, down));
        }
    } else {
        best = better(window, best, vec2f(whole.x, whole.y));
    }
    if LEVEL > 0u && best.z <= QUIET {
        // Whole pixels are near enough to go on from at the next size.
        found[size.found + id.x] = Match(best.x, best.y, best.z, 0.0);
        return;
    }
    let slopes = slopes_of(window);
    var at = find_from(window, slopes, best.xy, select(4, 3, LEVEL == 0u), 3.0);
    if LEVEL == SEARCH_LEVEL {
        let unexplained = min(max(0.15 * variance(window), 4.0 * NOISE), at_rest);
        if at.z > unexplained {
            var near = vec3f(0.0, 0.0, MOST);
            for (var y = -SEARCH_REACH; y <= SEARCH_REACH; y++) {
                for (var x = -SEARCH_REACH; x <= SEARCH_REACH; x++) {
                    let error = error_at(window, vec2f(f32(x), f32(y)), 2);
                    if error < near.z {
                        near = vec3f(f32(x), f32(y), error);
                    }
                }
            }
            if error_at(window, near.xy, 1) < 0.7 * at.z {
                at = find_from(window, slopes, near.xy, 3, 2.0);
            }
        }
    }
    found[size.found + id.x] = Match(at.x, at.y, at.z, 0.0);
    if LEVEL == 0u {
        let textured = slopes.texture / (slopes.texture + HALF_TRUSTED_TEXTURE);
        let misfit = at.z / (NOISE + 0.15 * variance(window));
        let cell = 5u * id.x;
        cells[cell] = -at.x;
        cells[cell + 1u] = -at.y;
        cells[cell + 2u] = textured / (1.0 + misfit * misfit);
        cells[cell + 3u] = slopes.texture;
        cells[cell + 4u] = at_rest;
    }
}
