// The backdrop, and the soft shadows that tensors cast on the floor below them.

struct Backdrop {
    @builtin(position) position: vec4<f32>,
    @location(0) at: vec2<f32>,
}

@vertex
fn backdrop_vertex(@builtin(vertex_index) vertex: u32) -> Backdrop {
    let corner = vec2(f32((vertex << 1u) & 2u), f32(vertex & 2u)) * 2.0 - 1.0;
    var out: Backdrop;
    out.position = vec4(corner, 0.0, 1.0);
    out.at = corner;
    return out;
}

// A little noise hides the steps of eight-bit gradients.
fn dither(pixel: vec2<f32>) -> f32 {
    return (fract(52.9829189 * fract(dot(pixel, vec2(0.06711056, 0.00583715)))) - 0.5) / 255.0;
}

@fragment
fn backdrop_fragment(in: Backdrop) -> @location(0) vec4<f32> {
    let p = in.at * vec2(0.95, 1.15) - vec2(0.0, -0.18);
    let from_middle = dot(p, p);
    let light = clamp(from_middle * 0.62, 0.0, 1.0);
    var color = mix(view.floor_color.rgb, view.backdrop.rgb, light * (2.0 - light));
    color = mix(color, view.corner.rgb, clamp(from_middle * 0.5 - 0.45, 0.0, 1.0));
    return vec4(color + dither(in.position.xy), 1.0);
}

struct Shadow {
    // Middle x and z, half width and half depth.
    @location(0) rectangle: vec4<f32>,
    // Softness, strength.
    @location(1) nature: vec4<f32>,
}

struct Patch {
    @builtin(position) position: vec4<f32>,
    @location(0) offset: vec2<f32>,
    @location(1) @interpolate(flat) half: vec2<f32>,
    @location(2) @interpolate(flat) nature: vec2<f32>,
}

@vertex
fn shadow_vertex(@builtin(vertex_index) vertex: u32, shadow: Shadow) -> Patch {
    var corners = array<u32, 6>(0u, 1u, 2u, 2u, 1u, 3u);
    let index = corners[vertex % 6u];
    let corner = vec2(f32(index & 1u), f32(index >> 1u)) * 2.0 - 1.0;
    let offset = corner * (shadow.rectangle.zw + shadow.nature.x * 1.6);
    let at = shadow.rectangle.xy + offset;
    var out: Patch;
    out.position = view.clip_from_world * vec4(at.x, view.floor.x, at.y, 1.0);
    out.offset = offset;
    out.half = shadow.rectangle.zw;
    out.nature = shadow.nature.xy;
    return out;
}

// A box of light, blurred: close to the difference of two error functions.
fn blurred(offset: f32, half: f32, softness: f32) -> f32 {
    let reach = softness * 1.6;
    return smoothstep(-reach, reach, offset + half) - smoothstep(-reach, reach, offset - half);
}

@fragment
fn shadow_fragment(in: Patch) -> @location(0) vec4<f32> {
    let x = blurred(in.offset.x, in.half.x, in.nature.x);
    let z = blurred(in.offset.y, in.half.y, in.nature.x);
    let amount = x * z * in.nature.y;
    return vec4(vec3(0.02, 0.025, 0.05), amount + dither(in.position.xy));
}
