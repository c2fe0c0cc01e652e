// Walls between groups of channels: thin upright panes of glass, clear within and with a line along
// their edges. They come after the cubes, which cover them where they stand before them, and leave
// no depth behind: nothing is ever hidden by a wall. Back to front among themselves.

struct Wall {
    // Middle, half the thickness.
    @location(0) place: vec4<f32>,
    // Half the width, half the height, opacity of the edges, and of what is within them.
    @location(1) nature: vec4<f32>,
}

struct Face {
    @builtin(position) position: vec4<f32>,
    // From -1 to 1 across the face.
    @location(0) uv: vec2<f32>,
    @location(1) height: f32,
    // From the middle of the face to its sides, in cubes.
    @location(2) @interpolate(flat) half: vec2<f32>,
    // On which side of the face, along u and v, another visible face begins.
    @location(3) @interpolate(flat) sides: vec2<f32>,
    // Opacity of the edges, and within; 1 for the pane, 0 for its narrow faces; 1 for the top.
    @location(4) @interpolate(flat) style: vec4<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) vertex: u32, wall: Wall) -> Face {
    let axis = vertex / 6u;
    let half = vec3(wall.nature.xy, wall.place.w);
    let towards = view.eye.xyz - wall.place.xyz * view.eye.w;
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
    let world = wall.place.xyz + local * half;

    var out: Face;
    out.position = view.clip_from_world * vec4(world, 1.0);
    out.uv = uv;
    out.height = world.y;
    out.half = vec2(half[u_axis], half[v_axis]);
    out.sides = vec2(side[u_axis], side[v_axis]);
    out.style = vec4(wall.nature.zw, f32(axis == 2u), f32(axis == 1u));
    return out;
}

const FILL: f32 = 0.13;
const LINE: f32 = 0.66;
const WIDTH: f32 = 0.05;

@fragment
fn fragment(in: Face) -> @location(0) vec4<f32> {
    let pixel = max(fwidth(in.uv), vec2(1e-5));
    // Silhouette: the sides where no other visible face begins.
    let outer = (1.0 + in.uv * in.sides) / pixel;
    var cover = clamp(min(outer.x, outer.y), 0.0, 1.0);
    if view.size.w > 0.5 {
        cover = step(0.5, min(outer.x, outer.y));
    }
    // A line along the edges, at least a pixel and a half wide.
    let to_edge = (1.0 - abs(in.uv)) * in.half;
    let world = pixel * in.half;
    let width = max(vec2(WIDTH), 1.5 * world);
    let lines = clamp((width - to_edge) / world + 0.5, vec2(0.0), vec2(1.0));
    let line = max(max(lines.x, lines.y), 1.0 - in.style.z);
    // Where that is wider than the line is in the room, it is fainter instead.
    let faint = clamp(1.4 * WIDTH / max(width.x, width.y), 0.35, 1.0);
    // The pane is a little clearer towards its foot.
    let fill = FILL * (0.85 + 0.3 * smoothstep(-1.0, 1.0, in.uv.y));
    var alpha = mix(fill * in.style.y, LINE * faint * in.style.x, line) * cover;
    alpha *= reflected(in.height);
    if alpha < 0.004 {
        discard;
    }
    // The narrow face on top catches the light.
    let color = mix(view.wall.rgb, vec3(1.0), 0.25 * in.style.w);
    return vec4(color, alpha);
}
