// Cubes, one instance each, with light, bevel, seam, glow, number and antialiasing all computed
// here. Instances come back to front, so that a silhouette blends over what is behind it.

struct Cube {
    @location(0) place: vec4<f32>,
    @location(1) look: vec4<u32>,
}

struct Face {
    @builtin(position) position: vec4<f32>,
    // From -1 to 1 across the face.
    @location(0) uv: vec2<f32>,
    @location(1) height: f32,
    @location(2) @interpolate(flat) normal: vec3<f32>,
    // On which side of the face, along u and v, another visible face begins.
    @location(3) @interpolate(flat) sides: vec2<f32>,
    @location(4) @interpolate(flat) color: vec4<f32>,
    // Hollow, opacity, opacity of the number, 1 if another cube covers the face.
    @location(5) @interpolate(flat) style: vec4<f32>,
    @location(6) @interpolate(flat) glyphs: u32,
}

// A face is a fan of four triangles around its corner nearest to the viewer: that corner, the end of one edge, three
// more, the end of the other edge. Where all of a face is drawn the three are one, the corner opposite.
const FAN = array<u32, 12>(0u, 1u, 2u, 0u, 2u, 3u, 0u, 3u, 4u, 0u, 4u, 5u);
const ROUND: f32 = 0.15;

// Pixels that a step along an axis takes on the screen, at a place in clip space.
fn pixels_along(axis: u32, clip: vec4<f32>) -> vec2<f32> {
    let step = view.clip_from_world[axis];
    return (step.xy * clip.w - clip.xy * step.w) / (clip.w * clip.w) * view.size.xy * 0.5;
}

// How far a pixel's smooth edge reaches along the first of two axes, on a face that they span.
fn edge_width(along: vec2<f32>, across: vec2<f32>) -> f32 {
    let area = abs(along.x * across.y - along.y * across.x);
    return (abs(across.x) + abs(across.y)) / max(area, 1e-6);
}

// The edge length that a neighbour of such a cube has at least, where it hides its face.
fn neighbour_edge(edge: f32) -> f32 {
    return select(0.915, 0.985, edge > 0.93);
}

@vertex
fn vertex(@builtin(vertex_index) vertex: u32, cube: Cube) -> Face {
    let axis = vertex / 12u;
    let mirrored = (cube.look.y >> 28u) & 1u;
    var centre = cube.place.xyz;
    if mirrored == 1u {
        centre.y = 2.0 * view.floor.x - centre.y;
    }
    let towards = view.eye.xyz - centre * view.eye.w;
    // The three faces that can be seen.
    let side = select(vec3(-1.0), vec3(1.0), towards >= vec3(0.0));
    let u_axis = (axis + 1u) % 3u;
    let v_axis = (axis + 2u) % 3u;
    let half = cube.place.w * 0.5;

    // How broad the strips are along the two edges: all of the face, or what a neighbour leaves to be seen.
    var near = vec2(2.0);
    var far = vec2(2.0);
    let stands = ((cube.look.w >> (3u + axis)) & 1u) ^ select(0u, mirrored, axis == 1u);
    let hidden = ((cube.look.w >> axis) & 1u) == 1u && stands == select(0u, 1u, side[axis] > 0.0);
    if hidden && mirrored == 1u {
        // Reflections are faint: strips would shine through what stands before them.
        near = vec2(0.0);
        far = vec2(0.0);
    } else if hidden {
        let clip = view.clip_from_world * vec4(centre, 1.0);
        let along = pixels_along(axis, clip);
        let smooth_edge = max(
            edge_width(along, pixels_along(u_axis, clip)),
            edge_width(along, pixels_along(v_axis, clip)),
        );
        // A line of sight that passes between the two cubes: so far it runs beside the face until it meets the neighbour.
        let beside = neighbour_edge(cube.place.w);
        let gap = 1.0 - half - beside * 0.5 + 1.5 * smooth_edge;
        let slant = abs(vec2(towards[u_axis], towards[v_axis])) / max(abs(towards[axis]), 1e-4);
        let rim = max(half - beside * 0.5, 0.0);
        let strip = (gap * slant + rim) / half;
        // The neighbour's round corners leave more to be seen at the far ends.
        let flared = ((gap + ROUND * 0.5) * slant + rim) / half;
        if all(flared < vec2(2.0)) {
            near = strip;
            far = flared;
        }
    }
    var steps = array<vec2<f32>, 6>(
        vec2(0.0, 0.0),
        vec2(2.0, 0.0),
        vec2(2.0, far.y),
        near,
        vec2(far.x, 2.0),
        vec2(0.0, 2.0),
    );
    var fan = FAN;
    let sides = vec2(side[u_axis], side[v_axis]);
    let uv = sides * (1.0 - steps[fan[vertex % 12u]]);
    var local = vec3(0.0);
    local[axis] = side[axis];
    local[u_axis] = uv.x;
    local[v_axis] = uv.y;
    let world = centre + local * half;
    var normal = vec3(0.0);
    normal[axis] = side[axis];

    var out: Face;
    out.position = view.clip_from_world * vec4(world, 1.0);
    out.uv = uv;
    out.height = world.y;
    out.normal = normal;
    out.sides = sides;
    let color = unpack4x8unorm(cube.look.x);
    out.color = vec4(linear(color.rgb), color.a);
    let style = unpack4x8unorm(cube.look.y);
    let covered = f32((cube.look.y >> (24u + axis)) & 1u);
    out.style = vec4(style.xyz, covered);
    out.glyphs = cube.look.z;
    return out;
}

const BEVEL: f32 = 0.13;

// How much of a pixel lies on the inner side of an edge that is so many pixels away.
fn coverage(pixels: f32) -> f32 {
    if view.size.w > 0.5 {
        return step(0.5, pixels);
    }
    return clamp(pixels, 0.0, 1.0);
}

@fragment
fn fragment(in: Face) -> @location(0) vec4<f32> {
    let pixel = max(fwidth(in.uv), vec2(1e-5));
    // Silhouette: the sides where no other visible face begins, with a rounded corner.
    let outer = (1.0 + in.uv * in.sides) / pixel;
    let round = vec2(ROUND) / max(pixel.x, pixel.y);
    let inside = max(round - outer, vec2(0.0));
    var distance = min(outer.x, outer.y);
    if inside.x > 0.0 && inside.y > 0.0 {
        distance = round.x - length(inside);
    }
    var alpha = coverage(distance) * in.style.y;

    // A hollow cube is only its edges.
    let edge = 1.0 - abs(in.uv);
    if in.style.x > 0.0 {
        let hole = in.style.x;
        let to_hole = (abs(in.uv) - vec2(hole)) / pixel;
        alpha *= coverage(max(to_hole.x, to_hole.y) + 0.5);
    }

    // A mirrored cube fades with its depth below the floor.
    alpha *= reflected(in.height);
    if alpha < 0.01 {
        discard;
    }

    // The bevel bends the normal outwards near the edges.
    var bend = vec2(0.0);
    var normal = in.normal;
    if view.size.z < 0.5 {
        bend = clamp(1.0 - edge / max(vec2(BEVEL), pixel * 1.5), vec2(0.0), vec2(1.0));
        let tilt = bend * bend * sign(in.uv) * 0.75;
        if abs(in.normal.x) > 0.5 {
            normal += vec3(0.0, tilt.x, tilt.y);
        } else if abs(in.normal.y) > 0.5 {
            normal += vec3(tilt.y, 0.0, tilt.x);
        } else {
            normal += vec3(tilt.x, tilt.y, 0.0);
        }
        normal = normalize(normal);
    }
    let key = max(dot(normal, LIGHT), 0.0);
    let sky = 0.5 + 0.5 * normal.y;
    var shade = 0.46 + 0.20 * sky + 0.46 * key;
    // The seam between two cubes is dark; the face towards a neighbour hardly sees the light.
    let rim = min(edge.x, edge.y);
    shade *= mix(0.80, 1.0, smoothstep(0.0, 0.05, rim));
    shade *= 1.0 - 0.5 * in.style.w;
    var color = in.color.rgb * shade;
    let edge_light = max(bend.x, bend.y);
    color += vec3(0.10) * edge_light * key * key;
    let glow = in.color.a;
    color += glow * (0.30 * in.color.rgb + vec3(0.06) + 0.22 * edge_light);

    // The number, on the face towards +z.
    if (in.glyphs & 15u) > 0u && in.normal.z > 0.5 && in.style.z > 0.0 {
        let width = glyph_width(in.glyphs, vec2(1.0));
        color = numbered(color, in.glyphs, in.uv, width, width / pixel.x, in.style.z);
    }
    return vec4(color, alpha);
}
