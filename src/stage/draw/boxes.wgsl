// Whole tensors as boxes: each cell of their six faces comes from a texture, with the light and the seams of
// cubes; from near also with their bevels, and on the front with their numbers, which come in as cells grow. Boxes
// without a texture have one colour: what leads from tensor to tensor.

@group(1) @binding(0) var atlas: texture_2d<f32>;
@group(1) @binding(1) var words: texture_2d<u32>;

struct Box {
    // Middle; opacity.
    @location(0) place: vec4<f32>,
    // Half the breadth, height and depth; how far it recedes.
    @location(1) half: vec4<f32>,
    // Where in the texture the faces are: left and right, bottom and top, back and front. Of each, x and y
    // of its first cell in one word, columns and rows in the next.
    @location(2) sides: vec4<u32>,
    @location(3) levels: vec4<u32>,
    @location(4) ends: vec4<u32>,
    // Colour where there is no texture; 1 if it is mirrored; glow in 255ths.
    @location(5) look: vec4<u32>,
    // The cells of the front, one by one: their first word; columns and rows; how many numbers a cell has, and 16
    // more where the colours of the cells come first.
    @location(6) front: vec4<u32>,
}

struct Face {
    @builtin(position) position: vec4<f32>,
    // From -1 to 1 across the face.
    @location(0) uv: vec2<f32>,
    // From 0 to 1 along the texture's columns and rows.
    @location(1) at: vec2<f32>,
    @location(2) height: f32,
    @location(3) @interpolate(flat) normal: vec3<f32>,
    // On which side of the face, along u and v, another visible face begins.
    @location(4) @interpolate(flat) sides: vec2<f32>,
    // First cell, columns and rows.
    @location(5) @interpolate(flat) cells: vec4<u32>,
    @location(6) @interpolate(flat) color: vec4<f32>,
    // Opacity, how far it recedes; -1 if it is mirrored, else 1.
    @location(7) @interpolate(flat) style: vec3<f32>,
    // As in the box; nothing where it is not the front.
    @location(8) @interpolate(flat) front: vec4<u32>,
    // Half its breadth and height, along columns and rows.
    @location(9) @interpolate(flat) extent: vec2<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) vertex: u32, box: Box) -> Face {
    let axis = vertex / 6u;
    let towards = view.eye.xyz - box.place.xyz * view.eye.w;
    var centre = box.place.xyz;
    var upright = 1.0;
    if box.look.y == 1u {
        centre.y = 2.0 * view.floor.x - centre.y;
        upright = -1.0;
    }
    // The three faces that can be seen.
    let side = select(vec3(-1.0), vec3(1.0), towards >= vec3(0.0));
    var corners = array<u32, 6>(0u, 1u, 2u, 2u, 1u, 3u);
    let index = corners[vertex % 6u];
    let uv = vec2(f32(index & 1u), f32(index >> 1u)) * 2.0 - 1.0;
    let u_axis = (axis + 1u) % 3u;
    let v_axis = (axis + 2u) % 3u;
    var local = vec3(0.0);
    local[axis] = side[axis];
    local[u_axis] = uv.x;
    local[v_axis] = uv.y;
    let world = centre + local * box.half.xyz;
    var normal = vec3(0.0);
    normal[axis] = side[axis];

    // Columns go right, rows down, channels back.
    let column = local.x * 0.5 + 0.5;
    let row = 0.5 - local.y * 0.5 * upright;
    let channel = 0.5 - local.z * 0.5;
    var at = vec2(column, row);
    var extent = box.half.xy;
    var pair = vec4(box.ends);
    var positive = side.z > 0.0;
    if axis == 0u {
        at = vec2(channel, row);
        extent = box.half.zy;
        pair = box.sides;
        positive = side.x > 0.0;
    } else if axis == 1u {
        at = vec2(column, channel);
        extent = box.half.xz;
        pair = box.levels;
        positive = side.y * upright > 0.0;
    }
    let face = select(pair.xy, pair.zw, positive);

    var out: Face;
    out.position = view.clip_from_world * vec4(world, 1.0);
    out.uv = uv;
    out.at = at;
    out.height = world.y;
    out.normal = normal;
    out.sides = vec2(side[u_axis], side[v_axis]);
    out.cells = vec4(face.x & 0xffffu, face.x >> 16u, face.y & 0xffffu, face.y >> 16u);
    let color = unpack4x8unorm(box.look.x);
    out.color = vec4(linear(color.rgb), f32(box.look.z) / 255.0);
    out.style = vec3(box.place.w, box.half.w, upright);
    out.front = select(vec4(0u), box.front, axis == 2u && positive);
    out.extent = extent;
    return out;
}

// Samples of a pixel along an axis, at most, where it holds several cells.
const SAMPLES: f32 = 4.0;

fn cell(face: vec4<u32>, at: vec2<f32>) -> vec3<f32> {
    let size = vec2<f32>(face.zw);
    let place = vec2<u32>(clamp(at * size, vec2(0.0), size - 1.0));
    return linear(textureLoad(atlas, face.xy + place, 0).rgb);
}

// Pixels that a cell spans where its bevels begin to be seen, and where they are those of a cube.
const NEAR: vec2<f32> = vec2(16.0, 30.0);
const BEVEL: f32 = 0.13;

// Column and row of a cell of the front.
fn front_place(at: vec2<f32>, front: vec4<u32>) -> vec2<u32> {
    let size = vec2<f32>(front.yz);
    return vec2<u32>(clamp(at * size, vec2(0.0), size - 1.0));
}

// What a cell of the front holds.
fn word(front: vec4<u32>, plane: u32, place: vec2<u32>) -> u32 {
    let at = front.x + (plane * front.z + place.y) * front.y + place.x;
    let columns = textureDimensions(words).x;
    return textureLoad(words, vec2(at % columns, at / columns), 0).r;
}

@fragment
fn fragment(in: Face) -> @location(0) vec4<f32> {
    let pixel = max(fwidth(in.uv), vec2(1e-5));
    let step = fwidth(in.at);
    // Silhouette: the sides where no other visible face begins.
    let outer = (1.0 + in.uv * in.sides) / pixel;
    let distance = min(outer.x, outer.y);
    var alpha = clamp(distance, 0.0, 1.0);
    if view.size.w > 0.5 {
        alpha = select(0.0, 1.0, distance >= 0.5);
    }
    alpha *= in.style.x;
    // What is mirrored fades with its depth below the floor.
    alpha *= reflected(in.height);
    if alpha < 0.01 {
        discard;
    }

    var color = in.color.rgb;
    var normal = in.normal;
    var edge_light = 0.0;
    // Of the cell: columns and rows of its face, where in it the pixel is, and how many pixels it spans.
    var size = vec2<f32>(in.cells.zw);
    var inside = vec2(0.0);
    var pixels = vec2(0.0);
    if in.cells.z > 0u {
        // Cells along a pixel.
        let many = step * size;
        let count = clamp(ceil(many), vec2(1.0), vec2(SAMPLES));
        var sum = vec3(0.0);
        for (var v = 0.0; v < count.y; v += 1.0) {
            for (var u = 0.0; u < count.x; u += 1.0) {
                let within = (vec2(u, v) + 0.5) / count - 0.5;
                // One sample stays in its cell: the middle of the pixel.
                sum += cell(in.cells, in.at + within * step * select(vec2(0.0), vec2(1.0), count > vec2(1.0)));
            }
        }
        color = sum / (count.x * count.y);
        if in.front.y > 0u {
            size = vec2<f32>(in.front.yz);
        }
        inside = fract(in.at * size);
        pixels = 1.0 / max(step * size, vec2(1e-5));
        // Where several cells of the front are one of the face, each has its own colour as soon as it has pixels.
        let own = smoothstep(1.0, 2.0, min(pixels.x, pixels.y));
        if (in.front.w & 16u) > 0u && own > 0.0 {
            let exact = unpack4x8unorm(word(in.front, 0u, front_place(in.at, in.front)));
            color = mix(color, linear(exact.rgb), own);
        }
        // The seams of cells that are large enough to be told apart, as those of cubes.
        // From the nearest seam, in pixels: half of it lies in each of two cells.
        let edge = min(inside, 1.0 - inside) * pixels;
        let width = max(vec2(0.9), pixels * 0.02);
        let clear = smoothstep(vec2(7.0), vec2(14.0), pixels);
        let seams = mix(vec2(1.0), mix(vec2(0.82), vec2(1.0), smoothstep(width * 0.5, width * 1.5, edge)), clear);
        color *= min(seams.x, seams.y);
    }
    let half_cell = in.extent / max(size, vec2(1.0));
    // From the middle of the cell, in halves of it: along columns, and down.
    let from_middle = inside * 2.0 - 1.0;
    let near = smoothstep(NEAR.x, NEAR.y, min(pixels.x, pixels.y));
    if near > 0.0 && view.size.z < 0.5 {
        // The bevel bends the normal outwards near the edges; it is as broad on each of them.
        let edge = (1.0 - abs(from_middle)) * half_cell;
        let least = 1.5 * 2.0 * half_cell / pixels;
        let bevel = max(vec2(BEVEL * min(half_cell.x, half_cell.y)), least);
        // Next to the seam it is flat again, so that light and shade do not meet in steps.
        let seam = smoothstep(vec2(0.0), vec2(1.2), min(inside, 1.0 - inside) * pixels);
        let bend = clamp(1.0 - edge / bevel, vec2(0.0), vec2(1.0)) * seam * near;
        let tilt = bend * bend * sign(from_middle) * 0.75;
        let down = -in.style.z * tilt.y;
        if abs(in.normal.x) > 0.5 {
            normal += vec3(0.0, down, -tilt.x);
        } else if abs(in.normal.y) > 0.5 {
            normal += vec3(tilt.x, 0.0, -tilt.y);
        } else {
            normal += vec3(tilt.x, down, 0.0);
        }
        normal = normalize(normal);
        edge_light = max(bend.x, bend.y);
    }
    let key = max(dot(normal, LIGHT), 0.0);
    let sky = 0.5 + 0.5 * normal.y;
    let shade = 0.46 + 0.20 * sky + 0.46 * key;
    color *= shade;
    color += vec3(0.10) * edge_light * key * key;
    // The edges of the box catch the light.
    let rim = (1.0 - abs(in.uv)) / pixel;
    let edge = 1.0 - smoothstep(0.5, 2.0, min(rim.x, rim.y));
    color += edge * 0.07;
    color += in.color.a * (0.30 * color + vec3(0.06) + 0.22 * edge_light);

    // The numbers of the cell, one below the other.
    let lines = in.front.w & 15u;
    if lines > 0u {
        let half_line = vec2(half_cell.x, half_cell.y / f32(lines));
        let pixels_each = pixels.x / (2.0 * half_cell.x);
        // Where not even the shortest number could be read there is nothing to look up.
        if 0.60 * half_line.y * pixels_each > 6.0 {
            let down = inside.y * f32(lines);
            let line = min(u32(down), lines - 1u);
            let glyphs = word(in.front, (in.front.w >> 4u) + line, front_place(in.at, in.front));
            let place = vec2(from_middle.x * half_line.x, (1.0 - 2.0 * fract(down)) * half_line.y);
            let width = glyph_width(glyphs, half_line);
            color = numbered(color, glyphs, place, width, width * pixels_each, 1.0);
        }
    }
    color = mix(color, view.floor_color.rgb, in.style.y * 0.78);
    return vec4(color, alpha);
}
