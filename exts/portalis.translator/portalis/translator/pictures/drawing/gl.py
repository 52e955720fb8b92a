"""The drawing core: a scene through OpenGL in a context of its own, without a window."""

from __future__ import annotations

import sys
import weakref
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portalis.translator.pictures.camera import View
from portalis.translator.pictures.drawing import shaders
from portalis.translator.pictures.drawing.levels import parts
from portalis.translator.pictures.drawing.light import GLOSS, GLOSS_POWER, GROUND, PAPER, SKY, SUN, Background, as_light, sun_direction
from portalis.translator.pictures.errors import PictureError
from portalis.translator.pictures.scene import Batch, Floats, Mesh, Numbers, Scene, Spheres

Picture = NDArray[np.uint8]
# Two that cover the picture, and one around the unit circle: one is drawn faster than two.
_CORNERS = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]], np.float32)
_TRIANGLE = np.array([[-np.sqrt(3.0), -1], [np.sqrt(3.0), -1], [0, 2]], np.float32)
_PLACE = "3f 3f 3f 3f 3f 1u /i"
_PLACE_NAMES = ("in_x", "in_y", "in_z", "in_place", "in_colour", "in_prim")
_BALL, _BALL_NAMES = "3f 1f 3f 1u /i", ("in_centre", "in_radius", "in_colour", "in_prim")


class GlRenderer:
    """Draws scenes. Meshes stay in OpenGL's memory as long as somebody has them; places are written anew for every picture.

    `PictureError` where there is no OpenGL 3.3.
    """

    def __init__(self) -> None:
        self._gl = _context()
        # What is dropped is given back before the next picture, when the context is the current one.
        self._gl.gc_mode = "context_gc"
        self.name = f"OpenGL, {self._gl.info['GL_RENDERER']}"
        self._programs: dict[tuple[str, bool, bool], Any] = {}
        self._kept: weakref.WeakKeyDictionary[Mesh, _KeptMesh] = weakref.WeakKeyDictionary()
        self._targets: dict[tuple[str, int, int], _Target] = {}
        self._square = self._gl.buffer(_CORNERS.tobytes())
        self._triangle = self._gl.buffer(_TRIANGLE.tobytes())
        self._balls = _Stream(self._gl)
        self._gl.enable(self._gl.DEPTH_TEST)

    def picture(
        self,
        scene: Scene,
        view: View,
        width: int,
        height: int,
        *,
        z_up: bool,
        samples: int = 2,
        divisor: int = 1,
        background: Background = PAPER,
        channels: int = 3,
    ) -> Picture:
        """Return a picture (height, width, channels), row 0 above: each pixel the mean of `samples` × `samples`; the fourth channel 255.

        With a `divisor`, a picture that much smaller is drawn, of one sample a pixel, and enlarged.
        """
        with self._gl:
            self._gl.gc()
            return self._picture(scene, view, (width, height), z_up, samples if divisor == 1 else 0, divisor, background, channels)

    def _picture(
        self,
        scene: Scene,
        view: View,
        size: tuple[int, int],
        z_up: bool,
        each: int,
        divisor: int,
        background: Background,
        channels: int,
    ) -> Picture:
        width, height = size
        lines = max(height // divisor, 1) * max(each, 1)
        target = self._target("samples", max(width // divisor, 1) * max(each, 1), lines)
        target.frame.use()
        target.frame.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        self._draw(scene, view, lines, z_up=z_up, ids=False)
        resolved = self._target("pixels", width, height)
        resolved.frame.use()
        self._gl.disable(self._gl.DEPTH_TEST)
        program = self._program("screen", ids=False, coloured=False)
        target.texture.use(0)
        _set(program, each=each, size=(width, height), above=tuple(as_light(background.above)), below=tuple(as_light(background.below)))
        self._gl.vertex_array(program, [(self._square, "2f", "in_corner")]).render(self._gl.TRIANGLE_STRIP)
        self._gl.enable(self._gl.DEPTH_TEST)
        data = resolved.frame.read(components=channels, alignment=1)
        return np.frombuffer(data, np.uint8).reshape(height, width, channels)

    def prepare(self) -> bool:
        """Compile one of the programs that pictures need, all of which the first would wait for; False where there is none left."""
        missing = next((item for item in _PROGRAMS if (item[0], False, item[1]) not in self._programs), None)
        if missing is not None:
            with self._gl:
                self._program(missing[0], ids=False, coloured=missing[1])
        return missing is not None

    def identify(self, scene: Scene, view: View, width: int, height: int, *, z_up: bool) -> Numbers:
        """Return whose each pixel's middle is (height, width): 1 + the index in the scene's paths, or 0."""
        with self._gl:
            self._gl.gc()
            target = self._target("ids", width, height)
            target.frame.use()
            target.frame.clear(depth=1.0)
            self._draw(scene, view, height, z_up=z_up, ids=True)
            data = target.frame.read(components=1, dtype="u4", alignment=1)
        return np.frombuffer(data, np.uint32).reshape(height, width)[::-1]

    def close(self) -> None:
        """Give OpenGL's memory back."""
        self._gl.release()

    # ------------------------------------------------------------------------------------------------------------- drawing
    def _draw(self, scene: Scene, view: View, height: int, *, z_up: bool, ids: bool) -> None:
        tight = view.tightened(scene)
        sun, sky = sun_direction(view.matrix, z_up=z_up)
        for name in ("mesh", "own", "sphere"):
            program = self._program(name.replace("own", "mesh"), ids=ids, coloured=name == "own")
            _set(
                program,
                projection=tuple(tight.projection().astype(np.float32).ravel()),
                orthographic=view.orthographic,
                sun_direction=tuple(sun),
                sky_direction=tuple(sky),
                sun=tuple(SUN),
                sky=tuple(SKY),
                ground=tuple(GROUND),
                gloss=(GLOSS, GLOSS_POWER),
            )
        for batch in scene.batches:
            self._draw_batch(batch, tight, height, ids)
        if len(scene.spheres.radii):
            self._draw_spheres(scene.spheres, view, ids)

    def _draw_batch(self, batch: Batch, view: View, height: int, ids: bool) -> None:
        if not len(batch.mesh.triangles):
            return
        # To the camera in double precision: what is far from the origin would tremble otherwise.
        seen = batch.matrices @ view.matrix
        rows = np.empty((len(seen), 16), np.float32)
        rows[:, :12] = seen[:, :, :3].reshape(-1, 12)
        rows[:, 12:15] = batch.colours
        rows[:, 15] = batch.prims.view(np.float32)
        program = self._program("mesh", ids=ids, coloured=batch.mesh.colours is not None)
        for part in parts(batch, seen, view, height):
            kept = self._kept.get(part.mesh)
            if kept is None:
                kept = self._kept[part.mesh] = _KeptMesh(self._gl, part.mesh)
            if part.from_outside:
                self._gl.enable(self._gl.CULL_FACE)
            kept.draw(program, rows if len(part.which) == len(rows) else rows[part.which])
            if part.from_outside:
                self._gl.disable(self._gl.CULL_FACE)

    def _draw_spheres(self, spheres: Spheres, view: View, ids: bool) -> None:
        rows = np.empty((len(spheres.radii), 8), np.float32)
        rows[:, :3] = spheres.centres @ view.matrix[:3, :3] + view.matrix[3, :3]
        rows[:, 3] = spheres.radii
        rows[:, 4:7] = spheres.colours
        rows[:, 7] = spheres.prims.view(np.float32)
        program = self._program("sphere", ids=ids, coloured=False)
        self._balls.write(rows)
        content = [(self._triangle, "2f", "in_corner"), self._balls.content(program, _BALL, _BALL_NAMES)]
        self._gl.vertex_array(program, content).render(self._gl.TRIANGLES, instances=len(rows))

    def _program(self, name: str, *, ids: bool, coloured: bool) -> Any:
        key = (name, ids, coloured)
        if key not in self._programs:
            vertex, fragment = _SOURCES[name]
            self._programs[key] = self._gl.program(
                vertex_shader=shaders.source(vertex, ids=ids, coloured=coloured),
                fragment_shader=shaders.source(fragment, ids=ids, coloured=coloured),
            )
        return self._programs[key]

    def _target(self, use: str, width: int, height: int) -> _Target:
        key = (use, width, height)
        if key not in self._targets:
            # A window that is dragged asks for many sizes: keep few.
            while len(self._targets) > 5:
                del self._targets[next(iter(self._targets))]
            self._targets[key] = _Target(self._gl, width, height, ids=use == "ids")
        return self._targets[key]


# What pictures are drawn with: a program by name, and whether its meshes have colours of their own.
_PROGRAMS = (("mesh", False), ("mesh", True), ("sphere", False), ("screen", False))
_SOURCES = {
    "mesh": (shaders.MESH_VERTEX, shaders.MESH_FRAGMENT),
    "sphere": (shaders.SPHERE_VERTEX, shaders.SPHERE_FRAGMENT),
    "screen": (shaders.SCREEN_VERTEX, shaders.SCREEN_FRAGMENT),
}


class _Target:
    """Where something is drawn: a texture and a depth buffer."""

    def __init__(self, gl: Any, width: int, height: int, *, ids: bool) -> None:
        self.texture = gl.texture((width, height), 1, dtype="u4") if ids else gl.texture((width, height), 4)
        self.texture.filter = (gl.NEAREST, gl.NEAREST) if ids else (gl.LINEAR, gl.LINEAR)
        self.frame = gl.framebuffer([self.texture], gl.depth_renderbuffer((width, height)))


class _Stream:
    """A buffer that is written anew for every picture."""

    def __init__(self, gl: Any) -> None:
        self._gl = gl
        self._buffer = gl.buffer(reserve=4096, dynamic=True)
        self.changed = True

    def write(self, rows: Floats) -> None:
        size = rows.nbytes
        if size > self._buffer.size:
            self._buffer = self._gl.buffer(reserve=size + size // 4, dynamic=True)
            self.changed = True
        else:
            self._buffer.orphan()
        self._buffer.write(rows.tobytes())

    def content(self, program: Any, layout: str, names: tuple[str, ...]) -> tuple[Any, ...]:
        """Return the buffer as a vertex array takes it; what a program does not use is passed over."""
        return _content(program, self._buffer, layout, names)


class _KeptMesh:
    """A mesh in OpenGL's memory."""

    def __init__(self, gl: Any, mesh: Mesh) -> None:
        self._gl = gl
        columns = [mesh.positions, mesh.normals, *([mesh.colours] if mesh.colours is not None else [])]
        self._layout = "3f 3f 3f"[: 3 * len(columns) - 1]
        self._names = ("in_position", "in_normal", "in_own")[: len(columns)]
        self._vertices = gl.buffer(np.ascontiguousarray(np.concatenate(columns, axis=1), np.float32).tobytes())
        self._triangles = gl.buffer(np.ascontiguousarray(mesh.triangles, np.uint32).tobytes())
        self._places = _Stream(gl)
        self._arrays: dict[int, Any] = {}

    def draw(self, program: Any, rows: Floats) -> None:
        self._places.write(rows)
        if self._places.changed:
            self._arrays.clear()
            self._places.changed = False
        if program.glo not in self._arrays:
            content = [
                _content(program, self._vertices, self._layout, self._names),
                self._places.content(program, _PLACE, _PLACE_NAMES),
            ]
            self._arrays[program.glo] = self._gl.vertex_array(program, content, index_buffer=self._triangles)
        self._arrays[program.glo].render(self._gl.TRIANGLES, instances=len(rows))


def _content(program: Any, buffer: Any, layout: str, names: tuple[str, ...]) -> tuple[Any, ...]:
    """Return a buffer as a vertex array takes it: what the program does not use becomes padding."""
    parts, _, rate = layout.partition(" /")
    sizes = {"1f": "4x", "2f": "8x", "3f": "12x", "1u": "4x"}
    used = [name in program for name in names]
    format_ = " ".join(part if use else sizes[part] for part, use in zip(parts.split(), used, strict=True))
    return (buffer, f"{format_} /{rate}" if rate else format_, *(name for name, use in zip(names, used, strict=True) if use))


def _set(program: Any, **values: Any) -> None:
    """Set what a program uses of some values."""
    for name, value in values.items():
        if name in program:
            program[name].value = value


def _context() -> Any:
    try:
        import moderngl
    except ImportError as error:
        raise PictureError("moderngl is not installed", "pip install 'portalis-translator[pictures]'") from error
    try:
        options: dict[str, Any] = {"backend": "egl"} if sys.platform == "linux" else {}
        return moderngl.create_context(standalone=True, require=330, **options)
    except Exception as error:
        # The binding and its loader raise whatever they like: what matters is what to install.
        reason = str(error).strip().partition("\n")[0]
        remedy = "on Debian: apt-get install libegl1 libgl1-mesa-dri" if sys.platform == "linux" else "a driver with OpenGL 3.3 is needed"
        raise PictureError(f"there is no OpenGL here ({reason})", remedy) from error
