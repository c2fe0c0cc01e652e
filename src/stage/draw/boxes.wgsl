// Whole tensors as boxes: each cell of their six faces comes from a texture, with the light and the seams of
// cubes. Boxes without a texture have one colour: what leads from tensor to tensor.

@group(1) @binding(0) var atlas: texture_2d<f32>;

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
    // Opacity, how far it recedes.
    @location(7) @interpolate(flat) style: vec2<f32>,
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
    var words = vec4(box.ends);
    var positive = side.z > 0.0;
    if axis == 0u {
        at = vec2(channel, row);
        words = box.sides;
        positive = side.x > 0.0;
    } else if axis == 1u {
        at = vec2(column, channel);
        words = box.levels;
        positive = side.y * upright > 0.0;
    }
    let face = select(words.xy, words.zw, positive);

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
    out.style = vec2(box.place.w, box.half.w);
    return out;
}

// Samples of a pixel along an axis, at most, where it holds several cells.
const SAMPLES: f32 = 4.0;

fn cell(face: vec4<u32>, at: vec2<f32>) -> vec3<f32> {
    let size = vec2<f32>(face.zw);
    let place = vec2<u32>(clamp(at * size, vec2(0.0), size - 1.0));
    return linear(textureLoad(atlas, face.xy + place, 0).rgb);
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

    let key = max(dot(in.normal, LIGHT), 0.0);
    let sky = 0.5 + 0.5 * in.normal.y;
    let shade = 0.46 + 0.20 * sky + 0.46 * key;
    var color = in.color.rgb;
    if in.cells.z > 0u {
        let size = vec2<f32>(in.cells.zw);
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
        // The seams of cells that are large enough to be told apart, as those of cubes.
        let inside = fract(in.at * size);
        let pixels = 1.0 / max(many, vec2(1e-5));
        // From the nearest seam, in pixels: half of it lies in each of two cells.
        let edge = min(inside, 1.0 - inside) * pixels;
        let width = max(vec2(0.9), pixels * 0.02);
        let clear = smoothstep(vec2(7.0), vec2(14.0), pixels);
        let seams = mix(vec2(1.0), mix(vec2(0.82), vec2(1.0), smoothstep(width * 0.5, width * 1.5, edge)), clear);
        color *= min(seams.x, seams.y);
    }
    color *= shade;
    // The edges of the box catch the light.
    let rim = (1.0 - abs(in.uv)) / pixel;
    let edge = 1.0 - smoothstep(0.5, 2.0, min(rim.x, rim.y));
    color += edge * 0.07;
    color += in.color.a * (0.30 * color + vec3(0.06));
    color = mix(color, view.floor_color.rgb, in.style.y * 0.78);
    return vec4(color, alpha);
}
