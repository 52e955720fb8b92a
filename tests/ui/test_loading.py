"""What the window imports, and in which thread."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# In a Python of its own: in this one, other tests have imported everything.
_SESSION = """
import sys, threading, time
from pathlib import Path
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.outline import starter_stage
from portalis.translator.ui.desktop import DesktopHost
from portalis.translator.ui.models.translators import embedded
from portalis.translator.ui.models.window import PanelModel

found = []

class Watch:
    def find_spec(self, name, path=None, target=None):
        if threading.current_thread() is threading.main_thread():
            found.append(name)

def until(condition):
    while not condition():
        host.timeline.advance(1.0 / 60.0)
        model.tick(host.timeline.seconds)
        time.sleep(0.01)

starter = starter_stage()
starter.GetRootLayer().Export("stage.usda")
host = DesktopHost(open_stage(Path("stage.usda")))
model = host.timeline.model = PanelModel(host, [embedded(lambda: None)], lambda: None)
model.load_ahead()
until(lambda: not model.jobs.busy)
sys.meta_path.insert(0, Watch())
host.selected = ("/World/Ball_00",)
model.selection_changed()
model.edit("from pxr import Gf\\n\\ndef rise(position: Gf.Vec3d):\\n    position[2] += 1.0\\n    return position\\n")
model.translate()
until(lambda: not model.translating)
model.bindings.bind()
model.play_or_pause()
until(lambda: model.run.frame > 1 or model.run.failed)
host.timeline.stop()
model.tick()
assert any(row.value for row in model.ports.rows), model.ports.rows
model.bake()
until(lambda: model.run.state == "stopped")
assert model.message.startswith("baked"), model.message
model.close()
# Of a package that is looked for and not imported nothing is waited for.
print(" ".join(name for name in found if name in sys.modules))
"""


def test_nothing_is_imported_in_the_frames_of_somebody_who_binds_plays_and_bakes(tmp_path: Path) -> None:
    environment = os.environ | {"PORTALIS_CONFIG": str(tmp_path / "settings")}
    done = subprocess.run([sys.executable, "-c", _SESSION], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.split() == [], f"{done.stdout}\n{done.stderr}"
