"""The schema files: that they are what the generator gives, and what OpenUSD's registry says of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMAS = REPOSITORY / "schemas"
SHARED = {
    "module": ("rel", None),
    "function": ("string", ""),
    "enabled": ("bool", True),
    "phase": ("token", "update"),
    "order": ("int", 0),
    "rate": ("double", 0.0),
    "previous": ("token[]", []),
}
BINDINGS = {"PortalisBehaviorAPI": "behavior", "PortalisCrowdAPI": "crowd", "PortalisArrayAPI": "array"}
MODULE = {
    "portalis:source": ("string", ""),
    "portalis:sourceAsset": ("asset", None),
    "portalis:sourceSha256": ("string", ""),
    "portalis:moduleSha256": ("string", ""),
    "portalis:abiVersion": ("int", 0),
    "portalis:report": ("string", ""),
}
SCENE = {
    "portalis:scene:seed": ("int64", 0),
    "portalis:scene:fixedStep": ("double", 0.0),
    "portalis:scene:fuelPerFrame": ("int64", 0),
    "portalis:scene:memoryBytes": ("int64", 0),
    "portalis:scene:secondsPerFrame": ("double", 0.0),
}
# Runs where no stage was ever opened: schemas can only be registered before OpenUSD builds its registry.
PROBE = """
import json, sys
from pxr import Plug, Sdf, Tf, Usd
Plug.Registry().RegisterPlugins(sys.argv[1])
registry = Usd.SchemaRegistry()

def describe(definition):
    rows = {}
    for name in definition.GetPropertyNames():
        documentation = definition.GetPropertyDocumentation(name)
        if definition.GetRelationshipDefinition(name):
            rows[name] = ["rel", None, [], True, bool(documentation)]
            continue
        attribute = definition.GetAttributeDefinition(name)
        fallback = attribute.GetFallbackValue()
        plain = list(fallback) if attribute.GetTypeName().isArray else fallback
        uniform = attribute.GetVariability() == Sdf.VariabilityUniform
        tokens = list(attribute.GetMetadata("allowedTokens") or [])
        rows[name] = [str(attribute.GetTypeName()), plain, tokens, uniform, bool(documentation)]
    return rows

def attempt(call):
    try:
        return bool(call())
    except Tf.ErrorException:
        return False

names = ["PortalisModule", "PortalisSceneAPI", "PortalisBehaviorAPI", "PortalisCrowdAPI", "PortalisArrayAPI"]
stage = Usd.Stage.CreateInMemory()
prims = {kind: stage.DefinePrim("/" + kind, kind) for kind in ["Xform", "Scope", "Points", "Mesh", "PointInstancer", "Material"]}
prims["Untyped"] = stage.DefinePrim("/Untyped")
box = prims["Xform"]
result = {
    "kinds": {name: str(registry.FindSchemaInfo(name).kind).split(".")[-1] for name in names},
    "properties": {
        name: describe(registry.FindConcretePrimDefinition(name) or registry.FindAppliedAPIPrimDefinition(name)) for name in names
    },
    "applies": {name: {kind: bool(prim.CanApplyAPI(name, "spin")) for kind, prim in prims.items()} for name in names[2:]},
    "instances": {
        text: attempt(lambda: box.CanApplyAPI("PortalisBehaviorAPI", text))
        for text in ["spin", "spin2", "enabled", "module", "previous", "1a", "a-b", ""]
    },
}
bound = stage.DefinePrim("/Bound", "Xform")
bound.ApplyAPI("PortalisBehaviorAPI", "spin")
attribute = bound.GetAttribute("portalis:behavior:spin:phase")
result["bound"] = [list(bound.GetAppliedSchemas()), attribute.Get(), attribute.IsCustom(), attribute.IsAuthored()]
print(json.dumps(result))
"""


@pytest.fixture(scope="module")
def registry() -> dict:
    result = subprocess.run([sys.executable, "-c", PROBE, str(SCHEMAS)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def test_generated_files_are_what_the_source_gives():
    result = subprocess.run([sys.executable, str(SCHEMAS / "generate.py"), "--check"], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_check_notices_a_source_that_changed(tmp_path):
    for name in ("generate.py", "schema.usda", "generatedSchema.usda", "plugInfo.json"):
        (tmp_path / name).write_text((SCHEMAS / name).read_text())
    source = tmp_path / "schema.usda"
    source.write_text(source.read_text().replace("uniform int order = 0", "uniform int order = 7"))
    result = subprocess.run([sys.executable, str(tmp_path / "generate.py"), "--check"], capture_output=True, text=True)
    assert (result.returncode, result.stdout.strip()) == (1, "stale: generatedSchema.usda")


def test_generator_reports_what_is_wrong_with_the_source(tmp_path):
    for name in ("generate.py", "schema.usda"):
        (tmp_path / name).write_text((SCHEMAS / name).read_text())
    source = tmp_path / "schema.usda"
    source.write_text(source.read_text().replace('"multipleApply"', '"manyApply"', 1))
    result = subprocess.run([sys.executable, str(tmp_path / "generate.py")], capture_output=True, text=True)
    assert result.returncode == 1
    assert "Invalid schema definition at </PortalisBehaviorAPI>" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "generatedSchema.usda").exists()


def test_kinds(registry):
    assert registry["kinds"] == {
        "PortalisModule": "ConcreteTyped",
        "PortalisSceneAPI": "SingleApplyAPI",
        "PortalisBehaviorAPI": "MultipleApplyAPI",
        "PortalisCrowdAPI": "MultipleApplyAPI",
        "PortalisArrayAPI": "MultipleApplyAPI",
    }


def _types_and_fallbacks(rows: dict) -> dict:
    return {name: (type_name, fallback) for name, (type_name, fallback, *_) in rows.items()}


@pytest.mark.parametrize(("name", "expected"), [("PortalisModule", MODULE), ("PortalisSceneAPI", SCENE)])
def test_properties_of_module_and_scene(registry, name, expected):
    assert _types_and_fallbacks(registry["properties"][name]) == expected


@pytest.mark.parametrize("name", BINDINGS)
def test_bindings_share_their_properties(registry, name):
    prefix = f"portalis:{BINDINGS[name]}:__INSTANCE_NAME__:"
    expected = {prefix + base: value for base, value in SHARED.items()}
    if name == "PortalisCrowdAPI":
        expected[prefix + "extentMode"] = ("token", "computed")
    assert _types_and_fallbacks(registry["properties"][name]) == expected


def test_allowed_tokens(registry):
    allowed = {name: tokens for schema in BINDINGS for name, (_, _, tokens, _, _) in registry["properties"][schema].items() if tokens}
    phases = ["prePhysics", "update", "lateUpdate"]
    assert allowed == {
        "portalis:behavior:__INSTANCE_NAME__:phase": phases,
        "portalis:crowd:__INSTANCE_NAME__:phase": phases,
        "portalis:crowd:__INSTANCE_NAME__:extentMode": ["computed", "authored"],
        "portalis:array:__INSTANCE_NAME__:phase": phases,
    }


def test_every_property_is_uniform_and_documented(registry):
    for schema, rows in registry["properties"].items():
        for name, (_, _, _, uniform, documented) in rows.items():
            assert uniform, (schema, name)
            assert documented, (schema, name)


def test_where_bindings_apply(registry):
    every = {"Xform", "Scope", "Points", "Mesh", "PointInstancer", "Material", "Untyped"}
    applies = {name: {kind for kind, holds in rows.items() if holds} for name, rows in registry["applies"].items()}
    assert applies == {
        "PortalisBehaviorAPI": every,
        "PortalisArrayAPI": every,
        "PortalisCrowdAPI": {"Points", "Mesh", "PointInstancer"},
    }


def test_instance_names(registry):
    refused = {"enabled", "module", "previous", "1a", "a-b", ""}
    assert {text for text, applied in registry["instances"].items() if not applied} == refused


def test_an_applied_binding_has_its_fallbacks(registry):
    assert registry["bound"] == [["PortalisBehaviorAPI:spin"], "update", False, False]
