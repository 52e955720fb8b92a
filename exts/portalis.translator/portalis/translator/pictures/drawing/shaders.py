"""The shaders of the drawing core, GLSL 3.30. `#define IDS` makes them write whose each pixel is instead of its colour."""

from __future__ import annotations

_OUT = """
#ifdef IDS
layout(location = 0) out uint out_prim;
#else
layout(location = 0) out vec4 out_colour;
#endif
"""

# Colours are kept as square roots: eight bits are enough then, and what is averaged is the light itself.
_SHADE = """
uniform vec3 sun_direction, sky_direction, sun, sky, ground;
uniform vec2 gloss;
vec4 shade(vec3 base, vec3 normal, vec3 to_eye) {
    float facing = max(dot(normal, sun_direction), 0.0);
    vec3 around = mix(ground, sky, 0.5 + 0.5 * dot(normal, sky_direction));
    float shine = facing > 0.0 ? gloss.x * pow(max(dot(normal, normalize(sun_direction + to_eye)), 0.0), gloss.y) : 0.0;
    return vec4(sqrt(clamp(base * (around + sun * facing) + shine * sun, 0.0, 1.0)), 1.0);
}
"""

MESH_VERTEX = """
uniform mat4 projection;
in vec3 in_position, in_normal;
#ifdef COLOURED
in vec3 in_own;
#endif
in vec3 in_x, in_y, in_z, in_place, in_colour;
in uint in_prim;
out vec3 seen, normal, colour;
flat out uint prim;
void main() {
    seen = in_position.x * in_x + in_position.y * in_y + in_position.z * in_z + in_place;
    // By the cofactors, which stay where the inverse would not: what is scaled to a plane keeps its normal.
    vec3 a = cross(in_y, in_z), b = cross(in_z, in_x), c = cross(in_x, in_y);
    normal = (in_normal.x * a + in_normal.y * b + in_normal.z * c) * (dot(in_x, a) < 0.0 ? -1.0 : 1.0);
    float size = length(normal);
    normal = size > 0.0 ? normal / size : normal;
#ifdef COLOURED
    colour = in_own;
#else
    colour = in_colour;
#endif
    prim = in_prim;
    gl_Position = projection * vec4(seen, 1.0);
}
"""

MESH_FRAGMENT = (
    """
uniform bool orthographic;
in vec3 seen, normal, colour;
flat in uint prim;
"""
    + _OUT
    + _SHADE
    + """
void main() {
#ifdef IDS
    out_prim = prim;
#else
    vec3 to_eye = orthographic ? vec3(0.0, 0.0, 1.0) : normalize(-seen);
    vec3 face = cross(dFdx(seen), dFdy(seen));
    vec3 n = length(normal) > 0.0 ? normalize(normal) : normalize(face);
    // Both sides of a face are drawn, each lit from where it is seen.
    if (dot(face, to_eye) < 0.0) face = -face;
    if (dot(n, face) < 0.0) n = -n;
    out_colour = shade(colour, n, to_eye);
#endif
}
"""
)

SPHERE_VERTEX = """
uniform mat4 projection;
uniform bool orthographic;
in vec2 in_corner;
in vec3 in_centre, in_colour;
in float in_radius;
in uint in_prim;
out vec3 seen;
flat out vec3 centre, colour;
flat out float radius;
flat out uint prim;
void main() {
    centre = in_centre; radius = in_radius; colour = in_colour; prim = in_prim;
    float away = length(centre);
    vec3 back = orthographic || away == 0.0 ? vec3(0.0, 0.0, 1.0) : -centre / away;
    vec3 right = normalize(cross(abs(back.y) < 0.9 ? vec3(0.0, 1.0, 0.0) : vec3(1.0, 0.0, 0.0), back));
    // As large as the cone around the sphere is where its centre is.
    float around = orthographic ? radius : radius * away / sqrt(max(away * away - radius * radius, 1e-12 * away * away));
    seen = centre + around * (in_corner.x * right + in_corner.y * cross(back, right));
    gl_Position = !orthographic && away <= radius ? vec4(2.0, 2.0, 2.0, 1.0) : projection * vec4(seen, 1.0);
}
"""

SPHERE_FRAGMENT = (
    """
uniform mat4 projection;
uniform bool orthographic;
in vec3 seen;
flat in vec3 centre, colour;
flat in float radius;
flat in uint prim;
"""
    + _OUT
    + _SHADE
    + """
void main() {
    vec3 along = orthographic ? vec3(0.0, 0.0, -1.0) : normalize(seen);
    vec3 start = orthographic ? vec3(seen.xy, centre.z + 2.0 * radius) : vec3(0.0);
    vec3 from = start - centre;
    float middle = -dot(from, along);
    vec3 nearest = from + middle * along;
    float inside = radius * radius - dot(nearest, nearest);
    if (inside < 0.0) discard;
    vec3 hit = start + (middle - sqrt(inside)) * along;
    vec4 clip = projection * vec4(hit, 1.0);
    float depth = clip.z / clip.w;
    if (depth < -1.0 || depth > 1.0) discard;
    gl_FragDepth = 0.5 * depth + 0.5;
#ifdef IDS
    out_prim = prim;
#else
    out_colour = shade(colour, (hit - centre) / radius, -along);
#endif
}
"""
)

SCREEN_VERTEX = """
in vec2 in_corner;
void main() { gl_Position = vec4(in_corner, 0.0, 1.0); }
"""

# Averages the light of the samples of a pixel over the background, and writes it as screens show it (sRGB).
SCREEN_FRAGMENT = """
uniform sampler2D samples;
uniform int each;
uniform vec2 size;
uniform vec3 above, below;
layout(location = 0) out vec4 out_colour;
void main() {
    // Row 0 is below in OpenGL, and above in a picture.
    ivec2 start = ivec2(int(gl_FragCoord.x), int(size.y) - 1 - int(gl_FragCoord.y)) * each;
    vec3 light = vec3(0.0);
    float covered = 0.0;
    for (int y = 0; y < each; ++y)
        for (int x = 0; x < each; ++x) {
            vec4 got = texelFetch(samples, start + ivec2(x, y), 0);
            light += got.rgb * got.rgb;
            covered += got.a;
        }
    float count = float(each * each);
    light /= count; covered /= count;
    vec3 back = mix(above, below, gl_FragCoord.y / size.y);
    if (covered == 0.0) { out_colour = vec4(back, 1.0); return; }
    vec3 linear = light + (1.0 - covered) * pow(back, vec3(2.2));
    vec3 low = linear * 12.92, high = 1.055 * pow(linear, vec3(1.0 / 2.4)) - 0.055;
    out_colour = vec4(mix(high, low, vec3(lessThanEqual(linear, vec3(0.0031308)))), 1.0);
}
"""


def source(text: str, *, ids: bool = False, coloured: bool = False) -> str:
    """Return a shader with its version and what is defined for it."""
    return "#version 330\n" + "#define IDS\n" * ids + "#define COLOURED\n" * coloured + text
