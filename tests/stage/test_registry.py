"""The schemas' registration: before the first stage, or a clear error; and bindings are read even without it."""

from __future__ import annotations

import subprocess
import sys

from pxr import Usd

from portalis.translator.stage.registry import register_schemas, schema_path

BOUND = """\
from pxr import Usd
stage = Usd.Stage.CreateInMemory()
stage.GetRootLayer().ImportFromString('''#usda 1.0
def Xform "A" (
    prepend apiSchemas = ["PortalisBehaviorAPI:spin"]
)
{
    rel portalis:behavior:spin:module = </M>
    custom uniform bool portalis:behavior:spin:enabled = 0
    double portalis:behavior:spin:inputs:speed = 2
}
''')
"""


def _python(code: str) -> str:
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_schemas_are_found_and_known() -> None:
    folder = schema_path()
    assert folder is not None and (folder / "generatedSchema.usda").is_file()
    assert register_schemas()
    definition = Usd.SchemaRegistry().FindAppliedAPIPrimDefinition("PortalisBehaviorAPI")
    assert "portalis:behavior:__INSTANCE_NAME__:module" in definition.GetPropertyNames()


def test_registering_too_late_is_an_error_that_says_so() -> None:
    code = BOUND + "from portalis.translator.stage.registry import *\nfrom portalis.translator.stage.problems import StageError\n"
    code += "list(stage.Traverse()); Usd.SchemaRegistry().FindConcretePrimDefinition('x')\n"
    code += "try:\n    require_schemas()\nexcept StageError as error:\n    print(error)\n"
    assert "PS100" in _python(code) and "before the first stage" in _python(code)


def test_bindings_are_read_where_the_schemas_are_not_registered() -> None:
    code = (
        BOUND
        + """
from portalis.translator.stage.plan.discovery import discover
(binding,) = discover(stage).bindings
print(binding.key, binding.modules, binding.enabled, binding.phase, binding.inputs[0].name)
print(stage.GetPrimAtPath('/A').GetAppliedSchemas())
"""
    )
    assert _python(code).splitlines() == ["/A (spin) ('/M',) False update speed", "[]"]


def test_an_instance_name_that_is_a_property_is_a_problem() -> None:
    code = BOUND.replace("PortalisBehaviorAPI:spin", "PortalisBehaviorAPI:inputs")
    code += "from portalis.translator.stage.plan.discovery import discover\nprint([problem.code for problem in discover(stage).problems])\n"
    assert _python(code).strip() == "['PS104']"
